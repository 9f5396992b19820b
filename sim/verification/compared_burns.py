"""The burns of a finished flight as vectors, from the nodes of its trajectories.

A burn has a node pair at both ends: the acceleration jumps there by thrust over mass, whatever else pulls. Thrust and
flow are constant, so the first jump and the masses give the velocity change by the rocket equation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.core.trajectory import Trajectory
from sim.export.trajectories import FlownPath
from sim.verification.compared_files import FinishedFlight

AT_MID_BURN = ("station_trim", "phasing_burn", "homing_burn", "transfer_burn", "separation_burn")
AT_IGNITION = ("deorbit_burn_start",)
NAMES = {"deorbit_burn_start": "deorbit_burn"}
SLACK_S = 1.5e-3  # the times of events are written to the millisecond


@dataclass(frozen=True)
class FlownBurn:
    """`number`: among the burns of that name in its leg, from 1. `start`, `end`: s since the flight's zero. `rtn` (3,):
    its velocity change in m/s, radial, along track, cross track, in the frame that turns with the orbit meanwhile."""

    name: str
    vehicle: str
    leg: str
    number: int
    start: float
    end: float
    rtn: np.ndarray

    @property
    def key(self) -> tuple[str, str, str, int]:
        return self.vehicle, self.leg, self.name, self.number

    @property
    def size(self) -> float:
        """m/s."""
        return float(np.linalg.norm(self.rtn))

    @property
    def middle(self) -> float:
        """s since the flight's zero."""
        return 0.5 * (self.start + self.end)


def rtn_axes(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Unit vectors (n, 3, 3) radial, along track, cross track as rows, of states (n, 3)."""
    radial = r / np.linalg.norm(r, axis=1, keepdims=True)
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return np.stack([radial, np.cross(normal, radial), normal], axis=1)


def burns(flight: FinishedFlight) -> list[FlownBurn]:
    """Every burn that the flight's events name and its trajectories show, in the order of time."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for event in flight.record["events"]:
        if event["name"] not in AT_MID_BURN + AT_IGNITION:
            continue
        t, vehicle = flight.seconds(event["utc"]), event["vehicle"]
        for flown in flight.vehicles.get(vehicle, ()):
            edges = _edges(flown.trajectory, t, event["name"] in AT_IGNITION)
            if edges is not None:
                name = NAMES.get(event["name"], event["name"])
                seen[vehicle, flown.leg, name] += 1
                found.append(_burn(name, vehicle, flown, seen[vehicle, flown.leg, name], *edges))
                break
    return sorted(found, key=lambda burn: burn.start)


def _edges(path: Trajectory, t: float, at_ignition: bool) -> tuple[int, int] | None:
    """Indices of the first and the last node of the burn about, or from, `t`; None where no mass is lost there."""
    burning = (np.diff(path.mass) < 0.0) & (np.diff(path.t) > 0.0)
    if at_ignition:
        after = np.flatnonzero(burning & (np.abs(path.t[:-1] - t) <= SLACK_S))
    else:
        after = np.flatnonzero(burning & (path.t[:-1] - SLACK_S <= t) & (t <= path.t[1:] + SLACK_S))
    if not len(after):
        return None
    first = last = int(after[0])
    while first > 0 and burning[first - 1]:
        first -= 1
    while last + 1 < len(burning) and burning[last + 1]:
        last += 1
    return first, last + 1


def _burn(name: str, vehicle: str, flown: FlownPath, number: int, first: int, last: int) -> FlownBurn:
    path = flown.trajectory
    jumps = list(_jumps(path, first, last))
    m0, m1 = float(path.mass[first]), float(path.mass[last])
    t0, t1 = float(path.t[first]), float(path.t[last])
    force = m0 * float(np.linalg.norm(jumps[0])) if jumps else 0.0
    exhaust = force * (t1 - t0) / (m0 - m1)
    direction = sum(jump / np.linalg.norm(jump) for jump in jumps)
    length = float(np.linalg.norm(direction))
    rtn = exhaust * math.log(m0 / m1) * direction / length if length > 0.0 else np.zeros(3)
    return FlownBurn(name, vehicle, flown.leg, number, t0, t1, np.asarray(rtn, dtype=float))


def _jumps(path: Trajectory, first: int, last: int) -> Iterator[np.ndarray]:
    """By how much the acceleration rises at ignition and falls at cut-off, m/s2, radial, along track, cross track."""
    axes = rtn_axes(path.r[[first, last]], path.v[[first, last]])
    if first > 0 and path.t[first - 1] == path.t[first]:
        yield axes[0] @ (path.a[first] - path.a[first - 1])
    if last + 1 < len(path.t) and path.t[last + 1] == path.t[last] and path.mass[last + 1] == path.mass[last]:
        yield axes[1] @ (path.a[last] - path.a[last + 1])
