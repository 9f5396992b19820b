"""A flight's ephemerides: one file a vehicle, cut into arcs without a jump in acceleration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.core.flight import Flight
from sim.core.trajectory import Trajectory
from sim.interchange.oem_writing import Arc
from sim.interchange.oem_writing import write_oem as write_arcs

FINE_S, ORBIT_S, LONG_S = 2.0, 60.0, 240.0  # fine: bank, steering and canopies change within seconds
LONG_LEG_S = 6 * 3600.0
FINE_PHASES = ("ascent", "fly_around", "docking", "entry", "descent")
SHORTEST_ARC_S = 1e-3  # less could not hold rows to the microsecond


def spacing_s(phase: str, trajectory: Trajectory) -> float:
    """Seconds between two rows."""
    if phase in FINE_PHASES:
        return FINE_S
    return LONG_S if trajectory.end - trajectory.start > LONG_LEG_S else ORBIT_S


def arcs(phase: str, trajectory: Trajectory, step: float) -> Iterator[Arc]:
    """The trajectory cut at its doubled nodes: edges of burns, stagings and canopies, impulses, and contact.

    At a jump of the state one arc ends with the state before it, and the next begins with the state after it. After a
    jump at the end, or less than SHORTEST_ARC_S before it, the last state is an arc by itself; so the file ends with
    the state in which the trajectory ends. A first part as short is an arc by its first state; between two jumps as
    close together there is none. The pulses of the final approach come more often than rows are written, and are
    smoothed over.
    """
    for piece in trajectory.pieces():
        if piece.end - piece.start >= SHORTEST_ARC_S:
            edges = piece.t[1:][np.diff(piece.t) == 0.0].tolist()
            for start, end in cut(piece.start, piece.end, edges):
                yield Arc(phase, piece, start, end, step)
        elif piece.start == trajectory.start:
            yield _instant(phase, trajectory, 0, step)
    jumps = trajectory.jumps()
    if jumps.size and trajectory.end - trajectory.t[jumps[-1]] < SHORTEST_ARC_S:
        yield _instant(phase, trajectory, -1, step)


def _instant(phase: str, trajectory: Trajectory, node: int, step: float) -> Arc:
    """One node of a trajectory as an arc."""
    path = Trajectory(*(getattr(trajectory, name)[[node]] for name in ("t", "r", "v", "a", "mass")))
    return Arc(phase, path, path.start, path.end, step)


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
    write_arcs(path, vehicle, flight.zero, _of(flight, vehicle), created)


def _of(flight: Flight, vehicle: str) -> Iterator[Arc]:
    for phase, trajectory in flight.parts(vehicle):
        yield from arcs(phase, trajectory, spacing_s(phase, trajectory))
