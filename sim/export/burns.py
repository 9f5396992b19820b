"""The burns of a craft, found again in its stored trajectories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.export.pointing import specific_force
from sim.export.trajectories import FlownPath
from sim.interchange.opm import Maneuver

IN_ORBIT = ("await_launch", "phasing", "homing", "transfer", "docked", "departure", "deorbit")
WEAKEST = 4e-3  # m/s2: a third of what the station's engine gives; thin air at 150 km gives a tenth of it
EVEN = 1.5  # an engine's thrust on a mass that falls; air gets thicker much faster


def maneuvers(paths: Sequence[FlownPath], zero: Epoch) -> tuple[Maneuver, ...]:
    """Burns of engines in orbit, between their edges; not the pulses of the closed loop, ascent and return.

    The velocity is what the craft feels, summed over the nodes: to 1e-4 m/s2 of the duration.
    """
    found = []
    for path in paths:
        if path.phase in IN_ORBIT:
            t = path.trajectory.t
            edges = np.flatnonzero(np.diff(t) == 0.0) + 1
            for i in np.split(np.arange(len(t)), edges):
                if (burn := _burn(path.trajectory, i, zero)) is not None:
                    found.append(burn)
    return tuple(found)


def _burn(path: Trajectory, nodes: np.ndarray, zero: Epoch) -> Maneuver | None:
    if len(nodes) < 2:
        return None
    force, t, mass = specific_force(path)[nodes], path.t[nodes], path.mass[nodes]
    size = np.linalg.norm(force, axis=1)
    if size.min() < WEAKEST or size.max() > EVEN * size.min() or not mass[-1] < mass[0]:
        return None
    delta_v = np.sum(0.5 * (force[1:] + force[:-1]) * np.diff(t)[:, None], axis=0)
    return Maneuver(zero.plus(float(t[0])), float(t[-1] - t[0]), float(mass[-1] - mass[0]), delta_v)
