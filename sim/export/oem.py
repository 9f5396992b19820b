"""CCSDS Orbit Ephemeris Messages (502.0-B, KVN, version 2.0): one file a vehicle.

A segment is an arc without a jump in acceleration, so that a reader may interpolate inside it. Frame: the flight is
integrated in GCRS axes, which the standard calls GCRF.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.core.epoch import NS, Epoch
from sim.core.flight import Flight
from sim.core.trajectory import Trajectory

FINE_S, ORBIT_S, LONG_S = 10.0, 60.0, 240.0
LONG_LEG_S = 6 * 3600.0
FINE_PHASES = ("ascent", "fly_around", "docking", "entry", "descent")
SHORTEST_ARC_S = 1.0
DEGREE = 7  # Hermite on four points: 4 mm at 240 s spacing on this orbit, at worst at the ends
STAMP_NS = 1000  # epochs are written to the microsecond


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
    edges = t[1:][np.diff(t) == 0.0].tolist()
    cuts = [trajectory.start]
    for edge in edges:
        if min(edge - cuts[-1], trajectory.end - edge) >= SHORTEST_ARC_S:
            cuts.append(edge)
    return list(zip(cuts, [*cuts[1:], trajectory.end], strict=True))


def rows(zero: Epoch, trajectory: Trajectory, start: float, end: float, step: float) -> tuple[list[str], list[str]]:
    """Stamps and lines of one arc; the state is asked for at the very microsecond that is written."""
    step = min(step, max(1.0, (end - start) / 4.0))  # a short arc still holds enough rows to interpolate in
    count = max(1, int(np.ceil((end - start) / step - 1e-6)))
    t = np.append(start + step * np.arange(count), end)
    stamp_ns = zero.tai_ns + np.rint(t * NS).astype(np.int64)
    stamp_ns = (stamp_ns + STAMP_NS // 2) // STAMP_NS * STAMP_NS
    exact = (stamp_ns - zero.tai_ns) / NS
    r, v, _ = trajectory.at(exact)
    stamps = [Epoch(int(ns)).utc(6).rstrip("Z") for ns in stamp_ns]
    table = np.hstack([r, v]) / 1e3
    # Micrometres: an arc's last step may be short, and Hermite's formula then amplifies the rounding thirtyfold.
    form = "%s" + " %.9f" * 3 + " %.12f" * 3
    return stamps, [form % (stamp, *row) for stamp, row in zip(stamps, table.tolist(), strict=True)]


def segment(name: str, phase: str, stamps: list[str], lines: list[str]) -> list[str]:
    """The lines of one arc: metadata, and what `rows` gave."""
    degree = min(DEGREE, 2 * len(lines) - 1)
    return [
        "",
        "META_START",
        f"OBJECT_NAME = {name.upper()}",
        "OBJECT_ID = UNKNOWN",
        "CENTER_NAME = EARTH",
        "REF_FRAME = GCRF",
        "TIME_SYSTEM = UTC",
        f"START_TIME = {stamps[0]}",
        f"STOP_TIME = {stamps[-1]}",
        "INTERPOLATION = HERMITE",
        f"INTERPOLATION_DEGREE = {degree}",
        "META_STOP",
        f"COMMENT phase {phase}; simulated; km and km/s",
        *lines,
    ]


def header(created: str) -> list[str]:
    return ["CCSDS_OEM_VERS = 2.0", f"CREATION_DATE = {created}", "ORIGINATOR = TIANGONG-SIM"]


def write_oem(path: Path, flight: Flight, vehicle: str, created: str) -> None:
    """The ephemeris of one vehicle; `created` is the writing time, ISO 8601 UTC without a zone letter.

    A ship that is docked has no rows of its own: the station's file holds the stack.
    """
    lines = header(created)
    for phase, trajectory in flight.parts(vehicle):
        step = spacing_s(phase, trajectory)
        for start, end in arcs(trajectory):
            lines += segment(vehicle, phase, *rows(flight.zero, trajectory, start, end, step))
    save(path, lines)


def save(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
