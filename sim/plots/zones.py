"""The approach in the station's LVLH frame: where the ship was, zones, holds and drifts, as the pictures share them.

Of a phase that was flown several times the pictures show the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.core.docking_record import CaptureBox, ClosedLoopRecord, DockingRecord, FlyAroundRecord, TargetPort
from sim.core.histories import History, RelativeHistory, joined
from sim.core.phasing_record import PhasingRecord, SafetyZones, TransferRecord
from sim.export.stored import PlotData

APPROACH = ("phasing", "homing", "transfer", "fly_around", "docking")
IN_SIX = ("fly_around", "docking")  # flown in six degrees of freedom: their `relative` is of the ring from the port
SAME_PLACE = 0.1  # of the range: a ship that holds does not move as far
ApproachRecord = PhasingRecord | TransferRecord | FlyAroundRecord | DockingRecord


@dataclass(frozen=True, eq=False)
class CentrePath(History):
    """The ship's centre of mass from the station's, LVLH m."""

    t_s: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    z_m: np.ndarray


@dataclass(frozen=True)
class Hold:
    """Where the ship waits: place m and range m as its phase records them, `start` and `end` in mission seconds; `end`
    is None where no departure was recorded."""

    x_m: float
    z_m: float
    range_m: float
    start: float
    end: float | None
    phase: str


def legs_of(data: PlotData, phases: Iterable[str] = APPROACH) -> list[tuple[str, ApproachRecord]]:
    """Those of the phases that left a record, with their names, in the order asked for."""
    found = []
    for phase in phases:
        record = next((leg.record for leg in data.legs if leg.phase == phase and leg.record is not None), None)
        if isinstance(record, PhasingRecord | TransferRecord | FlyAroundRecord | DockingRecord):
            found.append((phase, record))
    return found


def closed_loop_legs(data: PlotData) -> list[tuple[str, ClosedLoopRecord]]:
    """The legs in six degrees of freedom that left a record, with their names."""
    return [(phase, record) for phase, record in legs_of(data, IN_SIX) if isinstance(record, ClosedLoopRecord)]


def approach(data: PlotData, *phases: str) -> RelativeHistory | None:
    """The relative history of the phases, one after the other; None where none was flown."""
    parts = [record.relative for _, record in legs_of(data, phases or APPROACH)]
    return joined(parts) if parts else None


def centres(data: PlotData, *phases: str) -> CentrePath | None:
    """The path of the ship's centre of mass in the phases, one after the other; None where none was flown."""
    parts = []
    for _, record in legs_of(data, phases or APPROACH):
        if isinstance(record, ClosedLoopRecord):
            place = record.guidance
            parts.append(CentrePath(place.t_s, place.place_x_m, place.place_y_m, place.place_z_m))
        else:
            history = record.relative
            parts.append(CentrePath(history.t_s, history.x_m, history.y_m, history.z_m))
    return joined(parts) if parts else None


def docked_place(docking: DockingRecord) -> np.ndarray:
    """Centre of mass of a ship whose ring meets the port that it comes to, from the station's, LVLH (3,) m."""
    where, axis = docking.port.position_m, docking.port.axis
    apart = docking.guidance.place_m - docking.relative.position_m - where
    return where + float(np.median(apart @ axis)) * axis


def target_port(data: PlotData) -> TargetPort | None:
    """The port that the ship goes to, by the last leg that knew it."""
    legs = closed_loop_legs(data)
    return legs[-1][1].port if legs else None


def capture_box(data: PlotData) -> CaptureBox | None:
    """The capture box of the docking mechanism, by the last leg that knew it."""
    legs = closed_loop_legs(data)
    return legs[-1][1].box if legs else None


def zones_of(data: PlotData) -> SafetyZones | None:
    """The zones that the approach was judged by."""
    legs = [record for _, record in legs_of(data) if not isinstance(record, PhasingRecord)]
    return legs[-1].zones if legs else None


def in_plane(vector: np.ndarray) -> np.ndarray:
    """A vector (3,) of LVLH in the plane of the pictures, as (forward, nadir)."""
    return vector[[0, 2]]


def holds(data: PlotData) -> list[Hold]:
    """Every hold in the order of time.

    The range is of the ring from the port in the last legs. A hold ends with the last departure from its place before
    the next arrival: one leg may end and the next begin within it.
    """
    arrivals, departures = (
        sorted((data.seconds(e["utc"]), e["values"]["range_m"]) for e in data.events(name))
        for name in ("hold_arrival", "hold_departure")
    )
    found = []
    for (start, place), following in zip(arrivals, [*(t for t, _ in arrivals[1:]), np.inf], strict=True):
        here = [t for t, distance in departures if abs(distance - place) < SAME_PLACE * place]
        end = max((t for t in here if start <= t < following - 0.5), default=None)
        for phase, record in reversed(legs_of(data, APPROACH[1:])):
            history = record.relative
            if history.t_s[0] - 1 <= start <= history.t_s[-1] + 1:
                x, z, distance = (
                    float(np.interp(start, history.t_s, column))
                    for column in (history.x_m, history.z_m, history.range_m)
                )
                found.append(Hold(x_m=x, z_m=z, range_m=distance, start=start, end=end, phase=phase))
                break
    return found


def drifts(data: PlotData, phase: str) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """The drift arcs that a phase left: x, z m of the centre of mass, and which part of the burn was flown."""
    found = []
    for _, record in legs_of(data, (phase,)):
        if isinstance(record, TransferRecord | DockingRecord) and (drift := record.drift) is not None:
            arcs = [drift.arc == number for number in np.unique(drift.arc)]
            found += [(drift.x_m[arc], drift.z_m[arc], float(drift.missed[arc][0])) for arc in arcs]
    return found


def distance(metres: float) -> str:
    """A distance in words: `30 m`, `200 m`, `5.0 km`."""
    return f"{metres:.0f} m" if metres < 1000.0 else f"{metres / 1e3:.1f} km"
