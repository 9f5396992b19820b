"""A flight's ephemerides: one file a vehicle, cut into arcs without a jump in acceleration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.core.flight import Flight
from sim.core.trajectory import Trajectory
from sim.interchange import oem

FINE_S, ORBIT_S, LONG_S = 10.0, 60.0, 240.0
LONG_LEG_S = 6 * 3600.0
FINE_PHASES = ("ascent", "fly_around", "docking", "entry", "descent")
SHORTEST_ARC_S = 1.0


def spacing_s(phase: str, trajectory: Trajectory) -> float:
    """Seconds between two rows."""
    if phase in FINE_PHASES:
        return FINE_S
    return LONG_S if trajectory.end - trajectory.start > LONG_LEG_S else ORBIT_S


def arcs(trajectory: Trajectory) -> list[tuple[float, float]]:
    """The trajectory's start and end, cut at its doubled nodes: edges of burns, stagings and canopies, and contact.

    The pulses of the fly-around and of the final approach come more often than rows are written, and are smoothed over.
    """
    t = trajectory.t
    return cut(trajectory.start, trajectory.end, t[1:][np.diff(t) == 0.0].tolist())


def cut(start: float, end: float, edges: list[float]) -> list[tuple[float, float]]:
    """`start` to `end` s in parts that meet at the edges, but for edges that would leave too short a part for rows."""
    cuts = [start]
    for edge in edges:
        if min(edge - cuts[-1], end - edge) >= SHORTEST_ARC_S:
            cuts.append(edge)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def write_oem(path: Path, flight: Flight, vehicle: str, created: str) -> None:
    """The ephemeris of one vehicle; `created` is the writing time, ISO 8601 UTC without a zone letter.

    A ship that is docked has no rows of its own: the station's file holds the stack.
    """
    oem.write_oem(path, vehicle, flight.zero, _of(flight, vehicle), created)


def _of(flight: Flight, vehicle: str) -> Iterator[oem.Arc]:
    for phase, trajectory in flight.parts(vehicle):
        step = spacing_s(phase, trajectory)
        for start, end in arcs(trajectory):
            yield oem.Arc(phase, trajectory, start, end, step)
