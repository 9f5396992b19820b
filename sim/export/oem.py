"""A flight's ephemerides: one file a vehicle, cut into arcs without a jump in acceleration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from sim.catalogue import element_sets
from sim.core.flight import Flight
from sim.core.trajectory import Trajectory
from sim.export.oem_rows import rows_for
from sim.interchange.oem_writing import Arc, object_id_of, simulated_id
from sim.interchange.oem_writing import write_oem as write_arcs
from sim.interchange.tle import long_designator

ORBIT_S, LONG_S = 60.0, 240.0
LONG_LEG_S = 6 * 3600.0
STATIONS = {"tiangong": "2021-035A", "iss": "1998-067A"}  # by the vehicle's file: the first module of each
SHORTEST_ARC_S = 1e-3  # less could not hold rows to the microsecond


def spacing_s(trajectory: Trajectory) -> float:
    """Seconds between two rows at most."""
    return LONG_S if trajectory.end - trajectory.start > LONG_LEG_S else ORBIT_S


def arcs(phase: str, trajectory: Trajectory, step: float) -> Iterator[Arc]:
    """The trajectory cut at its doubled nodes: edges of burns, stagings and canopies, impulses, and contact.

    At a jump of the state one arc ends with the state before it, and the next begins with the state after it. After a
    jump at the end, or less than SHORTEST_ARC_S before it, the last state is an arc by itself; so the file ends with
    the state in which the trajectory ends. A first part as short is an arc by its first state; between two jumps as
    close together there is none. Rows are as `rows_for` sets them, at most `step` s apart.
    """
    for piece in trajectory.pieces():
        if piece.end - piece.start >= SHORTEST_ARC_S:
            edges = piece.t[1:][np.diff(piece.t) == 0.0].tolist()
            for start, end in cut(piece.start, piece.end, edges):
                yield Arc(phase, piece, start, end, step, *rows_for(piece, start, end, step))
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


def object_id(vehicle: str, scenario: Mapping) -> str:
    """The international designator of a shipped station, or of the element set that a station starts from; of what is
    simulated, an identifier that says so."""
    station = scenario.get("station")
    if not isinstance(station, Mapping) or station.get("name") != vehicle:
        return simulated_id(vehicle)
    if station.get("vehicle") in STATIONS:
        return STATIONS[str(station["vehicle"])]
    return object_id_of(_designator(station), vehicle)


def _designator(station: Mapping) -> str:
    """Of the element set in a mission as resolved; empty where it names none."""
    lines, name = station.get("elements_lines"), station.get("elements")
    if lines is None and name in element_sets.names():
        lines = (element_sets.element_set(str(name)).line1,)
    return long_designator(str(lines[0])[9:17].strip()) if lines else ""


def write_oem(path: Path, flight: Flight, vehicle: str, created: str, scenario: Mapping | None = None) -> None:
    """The ephemeris of one vehicle; `created` is the writing time, ISO 8601 UTC without a zone letter.

    A ship that is docked has no rows of its own: the station's file holds the stack.
    """
    write_arcs(path, vehicle, flight.zero, of_parts(flight.parts(vehicle)), created, object_id(vehicle, scenario or {}))


def of_parts(parts: Iterable[tuple[str, Trajectory]]) -> Iterator[Arc]:
    """The arcs of a vehicle whose legs are given, each by its phase and trajectory."""
    for phase, trajectory in parts:
        yield from arcs(phase, trajectory, spacing_s(trajectory))
