"""When the main engine of a ship burns, found from its mass."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.export.pointing import BRIEF_S
from sim.export.trajectories import FlownPath

G0 = 9.80665
SHARE = 0.6  # of the main engine's flow, from which on it is not the small thrusters


def main_flow(thrust_n: float, impulse_s: float) -> float:
    """Mass flow of an engine, kg/s."""
    return thrust_n / (impulse_s * G0)


def burns(paths: Iterable[FlownPath], flow: float) -> list[list[float]]:
    """Start and end, s, of every burn at `flow` kg/s for which a ship turns its nose along the thrust.

    In the ascent the mass is the launcher's as well; brief burns, and those of a transfer, are made without a turn.
    """
    found: list[list[float]] = []
    for path in paths:
        if path.phase in ("ascent", "transfer"):
            continue
        t, mass = path.trajectory.t, path.trajectory.mass
        step = np.diff(t)
        for i in np.flatnonzero((step > 0.0) & (-np.diff(mass) > SHARE * flow * step)):
            if found and t[i] - found[-1][1] < 1e-6:
                found[-1][1] = float(t[i + 1])
            else:
                found.append([float(t[i]), float(t[i + 1])])
    return [[start, end] for start, end in found if end - start >= BRIEF_S]
