"""Paths to be screened: of an ephemeris in a file, and of the vehicles of a flight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from kernels.constants import J2, MU_EARTH, R_GRAVITY
from sim.conjunctions.screened_craft import PathCraft
from sim.core.epoch import NS, Epoch
from sim.core.trajectory import Trajectory, joined
from sim.interchange.hermite import between
from sim.interchange.oem import Ephemeris, Segment
from sim.interchange.state import OrbitState, to_gcrf

NODES_S = 30.0  # between nodes made of the rows of an ephemeris
ROWS = 4  # that a polynomial goes through: degree 7, what most ephemerides are written for
TOGETHER = 1e-6  # s between two parts that are one


class FlownPart(Protocol):
    @property
    def phase(self) -> str: ...

    @property
    def trajectory(self) -> Trajectory: ...


def of_vehicles(
    zero: Epoch, vehicles: Mapping[str, Sequence[FlownPart]], station: str, station_number: int
) -> list[PathCraft]:
    """Each vehicle of a flight while it flies by itself, each stretch without a gap; the station is the catalogue's
    object `station_number`."""
    made = []
    for name, legs in vehicles.items():
        number = station_number if name == station else None
        flown = [(leg.phase, leg.trajectory.start, leg.trajectory.end) for leg in legs]
        for run in _runs([leg.trajectory for leg in legs]):
            phases = tuple(p for p in flown if p[2] > run.start + TOGETHER and p[1] < run.end - TOGETHER)
            made.append(PathCraft(name, run, zero, number, phases=phases))
    return made


def _runs(parts: Sequence[Trajectory]) -> list[Trajectory]:
    """Parts in order of time, joined where one ends as the next begins; one without a duration is left out."""
    runs: list[list[Trajectory]] = []
    for part in parts:
        if not part.end > part.start:
            continue
        if runs and abs(runs[-1][-1].end - part.start) < TOGETHER:
            runs[-1].append(part)
        else:
            runs.append([part])
    return [joined(run) for run in runs]


def of_ephemeris(ephemeris: Ephemeris) -> tuple[Epoch, list[Trajectory]]:
    """The first time of an OEM, and its segments as paths in GCRS; those that touch are one. Between rows a Hermite
    polynomial of degree 7 is taken (3 or 1 where there are fewer rows)."""
    zero = ephemeris.segments[0].start
    return zero, _runs([_path(segment, zero) for segment in ephemeris.segments])


def _path(segment: Segment, zero: Epoch) -> Trajectory:
    x = (segment.tai_ns - zero.tai_ns) / NS
    states = [
        to_gcrf(OrbitState("row", Epoch(int(ns)), segment.frame, r, v))
        for ns, r, v in zip(segment.tai_ns, segment.r, segment.v, strict=True)
    ]
    r, v = np.array([s.r for s in states]), np.array([s.v for s in states])
    first, last = segment.first.since(zero), segment.last.since(zero)
    inside = x[(x > first) & (x < last)]
    count = max(2, int(np.ceil((last - first) / NODES_S)) + 1)
    t = np.unique(np.concatenate([np.linspace(first, last, count), inside]))
    if len(x) == 1:
        return Trajectory(x, r, v, pull(r), np.ones(1))
    rows = ROWS if len(x) >= ROWS else 2
    place, speed = between(x, r, v, t, rows)
    return Trajectory(t, place, speed, pull(place), np.ones(t.size))


def pull(r: np.ndarray) -> np.ndarray:
    """Gravity (n, 3) m/s2 with oblateness, the pole taken as the axis of GCRS: 1e-4 m/s2 from the full field, which
    moves the quintic between two nodes by 2 mm."""
    far = np.linalg.norm(r, axis=1)[:, None]
    up = (r[:, 2:] / far) ** 2
    weight = 1.5 * J2 * (R_GRAVITY / far) ** 2
    shape = 1.0 + weight * np.concatenate([1.0 - 5.0 * up, 1.0 - 5.0 * up, 3.0 - 5.0 * up], axis=1)
    return -MU_EARTH * r / far**3 * shape
