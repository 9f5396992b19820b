"""How far a reader of the OEM and AEM files of finished flights is from what was flown: `python -m benches.oem_error
DIR...`, the directories of runs. Prints a line a flight: the worst error anywhere, sizes, processor time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from sim.core.trajectory import Trajectory
from sim.export import aem, oem, trajectories
from sim.export.attitudes import AttitudeSegment
from sim.interchange.aem import parse_aem
from sim.interchange.aem_writing import aem_text
from sim.interchange.hermite import between
from sim.interchange.oem import Segment, parse_oem
from sim.interchange.oem_writing import oem_text, segments
from sim.output.export import load

PLACES = 20_000  # of each segment; what lies between two of them is no rougher
SHARES = np.array([0.02, 0.2, 0.5, 0.8, 0.98])  # of each interval between two rows, however short
CREATED = "2026-01-01T00:00:00"


def position_errors(segment: Segment, path: Trajectory, zero_ns: int, count: int) -> tuple[float, float]:
    """The worst of a segment, m and m/s, for a reader who takes `count` rows."""
    t = (segment.tai_ns - zero_ns) / 1e9
    anywhere = np.random.default_rng(1).uniform(t[0], t[-1], min(PLACES, 40 * len(t)))
    within = (t[:-1, None] + np.diff(t)[:, None] * SHARES).ravel()  # rows around a pulse lie milliseconds apart
    asked = np.concatenate((anywhere, within))
    r, v, _ = path.at(asked)
    p, q = between(t, segment.r - segment.r[0], segment.v, asked, count)
    return (
        float(np.linalg.norm(p + segment.r[0] - r, axis=1).max()),
        float(np.linalg.norm(q - v, axis=1).max()),
    )


def worst_position(flown: trajectories.Trajectories, craft: str) -> tuple[np.ndarray, int, float]:
    """m and m/s for a reader who takes half as many rows as the degree and one, and for one who takes all; bytes of the
    file, and processor time to make it, s."""
    began = time.process_time()
    arcs = list(oem.of_parts((path.phase, path.trajectory) for path in flown.vehicles[craft]))
    text = oem_text(craft, segments(flown.zero, arcs), CREATED)
    used_s, worst = time.process_time() - began, np.zeros(4)
    for arc, segment in zip(arcs, parse_oem_of_any_size(text), strict=True):
        if segment.first == segment.last:
            continue
        assert segment.degree is not None
        for k, count in enumerate(((segment.degree + 1) // 2, segment.degree + 1)):
            worst[2 * k : 2 * k + 2] = np.maximum(
                worst[2 * k : 2 * k + 2], position_errors(segment, arc.trajectory, flown.zero.tai_ns, count)
            )
    return worst, len(text), used_s


def parse_oem_of_any_size(text: str) -> tuple[Segment, ...]:
    return parse_oem(text, "written").segments


def worst_attitude(zero_ns: int, rows: tuple[AttitudeSegment, ...], text: str) -> float:
    """deg, of a linear interpolation brought to length one from an even turn between the rows that there were."""
    from scipy.spatial.transform import Rotation, Slerp

    worst, known = 0.0, [segment for segment in rows if len(segment.t) > 1]
    for segment, read in zip(known, parse_aem(text, "written").segments, strict=True):
        t = (read.tai_ns - zero_ns) / 1e9
        asked = np.random.default_rng(1).uniform(segment.t[0], segment.t[-1], PLACES)
        true = Slerp(segment.t, Rotation.from_quat(segment.q))(asked).as_quat()
        worst = max(worst, float(aem.angle_deg(aem.linear(t, read.q, asked), true).max()))
    return worst


def main(directories: list[str]) -> None:
    print("| flight | OEM, rows by the degree | OEM, degree and one rows | AEM | OEM kB | AEM kB | OEM s |")
    print("|---|---|---|---|---|---|---|")
    for name in directories:
        flight = load(Path(name), ())
        worst, size, used_s, turn, turn_size = np.zeros(4), 0, 0.0, 0.0, 0
        for craft in flight.crafts:
            found, some, used = worst_position(flight.flown, craft)
            worst, size, used_s = np.maximum(worst, found), size + some, used_s + used
            written = aem.segments(flight.flown.zero, flight.attitudes[craft])
            text = aem_text(craft, written, CREATED)
            turn = max(turn, worst_attitude(flight.flown.zero.tai_ns, flight.attitudes[craft], text))
            turn_size += len(text)
        first, second = (f"{1e3 * worst[k]:.1f} mm, {1e3 * worst[k + 1]:.2f} mm/s" for k in (0, 2))
        cells = [Path(name).name, first, second, f"{turn:.4f} deg", size // 1000, turn_size // 1000, f"{used_s:.2f}"]
        print("|", " | ".join(str(cell) for cell in cells), "|")


if __name__ == "__main__":
    main(sys.argv[1:])
