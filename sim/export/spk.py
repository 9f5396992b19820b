"""SPK of SPICE, type 13 (Hermite, uneven steps), by spiceypy: the rows of the OEM in binary, a segment an arc.

Frame: SPICE's J2000, whose axes are those of the ICRF. Centre 399. Bodies are negative, as those of craft are: the
station's is -100000 less its catalogue number, as SPICE does for the ISS; ships have FIRST_SHIP, the one below it, and
so on, and the comments of the file name them. Times are TDB by the formula of SPICE's own leap-second kernel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.core.epoch import NS, TT_MINUS_TAI_NS, Epoch
from sim.export.oem import of_parts
from sim.export.trajectories import Trajectories
from sim.files.errors import DataError
from sim.interchange.oem_writing import row_times

NEEDED = "SPK needs the package spiceypy, which is not installed; install it with: pip install 'tiangong-sim[export]'"
BODIES = {"2021-035A": -148274, "1998-067A": -125544}
FIRST_SHIP = -999001
EARTH = 399
J2000_TAI_NS = 43_200 * NS - TT_MINUS_TAI_NS  # 2000-01-01T12:00:00 TT
K, EB, M0, M1 = 1.657e-3, 1.671e-2, 6.239996, 1.99096871e-7  # DELTET of naif0012.tls
SHORTEST_S = 1e-3


def et(epoch: Epoch) -> float:
    """TDB seconds past J2000, as SPICE makes them of UTC."""
    tt = (epoch.tai_ns - J2000_TAI_NS) / NS
    m = M0 + M1 * tt
    return tt + K * math.sin(m + EB * math.sin(m))


def bodies(crafts: Sequence[str], ids: Sequence[str]) -> dict[str, int]:
    """The number of each craft; `ids`: their OBJECT_ID."""
    ships = [craft for craft, known in zip(crafts, ids, strict=True) if known not in BODIES]
    return {
        craft: BODIES.get(known, FIRST_SHIP - (ships.index(craft) if craft in ships else 0))
        for craft, known in zip(crafts, ids, strict=True)
    }


def write_spk(path: Path, flown: Trajectories, numbers: dict[str, int], created: str) -> None:
    """The file, which must not exist; DataError where spiceypy is not installed. `created`: UTC."""
    try:
        import spiceypy as spice
    except ImportError:
        raise DataError(NEEDED) from None
    comments = [f"tiangong-sim, {created}Z; simulated"]
    comments += [f"{number} {craft.upper()}" for craft, number in numbers.items()]
    handle = spice.spkopn(str(path), "tiangong-sim", 4096)
    try:
        spice.dafac(handle, comments)
        for craft, number in numbers.items():
            for arc in of_parts((leg.phase, leg.trajectory) for leg in flown.vehicles[craft]):
                if arc.end - arc.start < SHORTEST_S:
                    continue
                t = arc.times if arc.times is not None else row_times(arc.start, arc.end, arc.step)
                r, v, _ = arc.trajectory.at(t)
                states = np.hstack([r, v]) / 1e3
                times = [et(flown.zero.plus(float(x))) for x in t]
                name = f"{craft} {arc.phase}"[:40].encode("ascii", "replace").decode()
                spice.spkw13(
                    handle, number, EARTH, "J2000", times[0], times[-1], name, arc.degree, len(t), states, times
                )
    finally:
        spice.spkcls(handle)
