"""Four independent programs read our OEM and interpolate it to the orbit: Orekit, oem, ccsds-ndm, beyond.

They are heavy (Java, astropy, lxml), so they belong to an extra of their own, `.[readers]`: where one is missing its
test is skipped, and says so, in CI too. What they ask for is tested without them below.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from sim.core.epoch import LEAP_SECONDS, Epoch
from sim.core.trajectory import Trajectory
from sim.export.oem import arcs
from sim.interchange.oem import read_oem
from sim.interchange.oem_writing import ROWS, row_times
from sim.interchange.oem_writing import write_oem as write_arcs
from sim.output.orbit import write_oem
from sim.propagation.force_model import BurnChoice, GravityChoice, ImpulseChoice, Orbit, OrientationChoice
from sim.propagation.propagate import FlownOrbit, propagate
from tests.tolerance import OEM_READ_BACK_M, OEM_READ_BACK_M_S

SCRIPT = Path(__file__).with_name("oem_readers.py")
CREATED = "2026-01-01T00:00:00"
SPEED = (MU_EARTH / 6.778e6) ** 0.5
UP = np.array([0.0, 0.0, 1.0])
ROUND = Orbit(
    name="round",
    epoch=Epoch.from_utc("2026-10-24T00:00:00Z"),
    r=np.array([6.778e6, 0.0, 0.0]),
    v=np.array([0.0, 0.6 * SPEED, 0.8 * SPEED]),
    duration=2000.0,
    step=60.0,
    gravity=GravityChoice("point"),
    orientation=OrientationChoice("uniform"),
)
# A long arc, a burn of a fifth of a second, three minutes, a burn of 20 s, an impulse, and another at the very end.
BUSY = replace(
    ROUND,
    burns=(
        BurnChoice(900.0, 0.2, 500.0, UP, "lvlh"),
        BurnChoice(1080.0, 20.0, 500.0, UP, "lvlh"),
    ),
    impulses=(ImpulseChoice(1500.0, 3.0 * UP, "lvlh"), ImpulseChoice(2000.0, 30.0 * UP, "lvlh")),
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory) -> tuple[FlownOrbit, Path]:
    path = tmp_path_factory.mktemp("oem") / "busy.oem"
    flown = propagate(BUSY)
    write_oem(path, flown, CREATED)
    return flown, path


def read_by(reader: str, package: str, *arguments: str) -> dict:
    """What a reader makes of a file, in a process of its own; skipped where the package is missing."""
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: pip install -e '.[readers]'")
    command = [sys.executable, str(SCRIPT), reader, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def leap_seconds(folder: Path) -> str:
    """The file of leap seconds that Orekit needs, from the program's own table."""
    lines = []
    for day, offset in LEAP_SECONDS:
        at = date.fromisoformat(day)
        julian = at.toordinal() + 1721424.5
        stamp = f"{at.year} {at.strftime('%b').upper()} {at.day:2d}"
        lines.append(f" {stamp} =JD {julian:.1f}  TAI-UTC= {offset:4.1f}       S + (MJD - 41317.) X 0.0      S")
    (folder / "tai-utc.dat").write_text("\n".join(lines) + "\n", encoding="ascii")
    return str(folder)


def middles(flown: FlownOrbit) -> np.ndarray:
    """States (n, 6), km and km/s, in the middle of each segment."""
    rows = []
    for arc in arcs("x", flown.trajectory, 60.0):
        r, v, _ = arc.trajectory.at(0.5 * (arc.start + arc.end))
        rows.append(np.concatenate([r[0], v[0]]) / 1e3)
    return np.array(rows)


def agrees(found: dict, flown: FlownOrbit, count: int, within: float = OEM_READ_BACK_M) -> None:
    assert len(found["segments"]) == len(middles(flown))
    got = np.array([segment["middle"] for segment in found["segments"]])[:count]
    away = 1e3 * np.abs(got - middles(flown)[:count]).max(axis=0)
    assert away[:3].max() < within and away[3:].max() < OEM_READ_BACK_M_S, away


def ends(found: dict, flown: FlownOrbit) -> None:
    """The last state is the one after the impulse at the very end, as in the CSV."""
    r, v, _ = flown.trajectory.at(flown.orbit.duration)
    away = 1e3 * np.abs(np.array(found["end"]) - np.concatenate([r[0], v[0]]) / 1e3)
    assert away.max() < 1e-6  # the rounding of the rows


def test_orekit_reads_each_segment_and_the_whole(busy, tmp_path):
    if shutil.which("java") is None:
        pytest.skip("there is no Java, which Orekit needs")
    flown, path = busy
    found = read_by("orekit", "orekit_jpype", str(path), leap_seconds(tmp_path))
    agrees(found, flown, len(found["segments"]))
    ends(found, flown)


def test_oem_reads_and_interpolates_each_segment(busy):
    flown, path = busy
    found = read_by("oem", "oem", str(path))
    agrees(found, flown, len(found["segments"]))
    ends(found, flown)


def test_ccsds_ndm_reads_by_the_standards_schema(busy):
    flown, path = busy
    found = read_by("ccsds_ndm", "ccsds_ndm", str(path))
    for segment, arc in zip(found["segments"], arcs("x", flown.trajectory, 60.0), strict=True):
        t = Epoch.from_utc(segment["epoch"]).since(BUSY.epoch)
        if t <= BUSY.duration:  # not beside the last state
            r, v, _ = arc.trajectory.at(t)
            assert np.abs(1e3 * np.array(segment["state"]) - np.concatenate([r[0], v[0]])).max() < 1e-6
    ends(found, flown)


def test_beyond_reads_each_segment(busy):
    """It passes the useable times over, so the middle of the last segment says nothing. Its dates round to 0.4 us."""
    flown, path = busy
    found = read_by("beyond", "beyond", str(path))
    agrees(found, flown, len(found["segments"]) - 1, within=1e-2)


# ---- without them


def test_every_segment_has_a_degree_and_one_rows(busy):
    _, path = busy
    segments = read_oem(path).segments
    assert len(segments) == 7
    for segment in segments:
        assert segment.degree == 7 and len(segment.tai_ns) >= ROWS == segment.degree + 1
        assert (np.diff(segment.tai_ns) > 0).all()


def hermite(segment, at_ns: float, count: int) -> np.ndarray:
    """Position (3,) m by Hermite's formula on the `count` rows about a time, in ns of `Epoch`."""
    x = (segment.tai_ns - segment.tai_ns[0]) / 1e9
    t = (at_ns - segment.tai_ns[0]) / 1e9
    first = int(np.clip(np.searchsorted(x, t) - count // 2, 0, len(x) - count))
    x, r, v = (a[first : first + count] for a in (x, segment.r, segment.v))
    total = np.zeros(3)
    for i in range(count):
        others = np.delete(x, i)
        basis, slope = np.prod((t - others) / (x[i] - others)), np.sum(1.0 / (x[i] - others))
        total += basis**2 * ((1.0 - 2.0 * slope * (t - x[i])) * r[i] + (t - x[i]) * v[i])
    return total


@pytest.mark.parametrize("count", [4, 8], ids=["as the degree says", "as Orekit counts"])
def test_between_any_two_rows_the_file_is_the_trajectory(busy, count):
    flown, path = busy
    for segment, arc in zip(read_oem(path).segments[:-1], arcs("x", flown.trajectory, 60.0), strict=False):
        for left, right in zip(segment.tai_ns[:-1], segment.tai_ns[1:], strict=True):
            middle = int(left + right) // 2
            r = arc.trajectory.at((middle - BUSY.epoch.tai_ns) / 1e9)[0][0]
            assert np.linalg.norm(hermite(segment, middle, count) - r) < OEM_READ_BACK_M


@pytest.mark.parametrize("length", [1e-3, 0.2, 59.0, 419.0, 420.0, 420.001, 480.5, 7200.0, 7200.0 + 1e-5])
def test_rows_are_enough_and_no_last_step_is_short(length):
    t = row_times(100.0, 100.0 + length, 60.0)
    step = np.diff(t)
    assert len(t) >= ROWS and t[0] == 100.0 and t[-1] == 100.0 + length
    assert step.min() > 0.0 and step.max() <= 60.0 * (1.0 + 1e-6)
    assert step[-1] >= 0.5 * step[:-1].max() * (1.0 - 1e-6)


def test_at_a_jump_of_the_place_each_side_keeps_its_own_state(tmp_path):
    """Contact: the station's path goes on as that of both craft's centre, 0.8 m away, for a tenth of a second."""
    t = np.array([0.0, 60.0, 120.0, 120.0, 120.1])
    r = np.array([7e6, 0.0, 0.0]) + np.outer(t, [0.0, 7500.0, 0.0]) + np.outer([0, 0, 0, 1, 1], [0.8, 0.0, 0.0])
    v = np.broadcast_to([0.0, 7500.0, 0.0], r.shape)
    path = Trajectory(t, r, v, np.zeros_like(r), np.ones(5))
    write_arcs(tmp_path / "x.oem", "x", ROUND.epoch, arcs("docking", path, 2.0), CREATED)
    before, after = read_oem(tmp_path / "x.oem").segments
    assert before.r[:, 0] == pytest.approx([7e6] * len(before.r), abs=1e-6)
    assert after.r[:, 0] == pytest.approx([7e6 + 0.8] * ROWS, abs=1e-6)


def test_the_rows_beside_a_last_state_are_on_its_orbit_and_not_useable(busy):
    flown, path = busy
    last = read_oem(path).segments[-1]
    assert last.first == last.last == BUSY.epoch.plus(BUSY.duration) == last.start
    r, v, _ = flown.trajectory.last()
    assert np.abs(last.r[0] - r).max() < 1e-6 and np.abs(last.v[0] - v).max() < 1e-6
    after = propagate(replace(ROUND, r=r, v=v, duration=1.0)).trajectory.at(np.arange(8) * 1e-3)
    assert np.abs(last.r - after[0]).max() < 2e-6 and np.abs(last.v - after[1]).max() < 1e-6
