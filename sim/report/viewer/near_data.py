"""What the viewer shows near the station: zones and holds of a leg, LVLH about the station's centre of mass, m."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.docking_record import ClosedLoopRecord, DepartureRecord, DockingRecord, FlyAroundRecord, TargetPort
from sim.core.phasing_record import SafetyZones, TransferRecord
from sim.core.undocking_record import UndockingRecord
from sim.export.stored import PlotData

ZONED = (TransferRecord, ClosedLoopRecord, DepartureRecord)


def zone_specs(data: PlotData) -> list[dict[str, Any]]:
    """One entry for each leg that is judged by zones; `port` is None where the leg goes to none."""
    found = []
    for leg, entry in zip(data.legs, data.record["legs"], strict=True):
        record = leg.record
        if not isinstance(record, ZONED):
            continue
        found.append(
            {
                "phase": leg.phase,
                "from": data.seconds(entry["start_utc"]),
                "to": data.seconds(entry["end_utc"]),
                **_zones(record.zones),
                "port": _port(record.port) if isinstance(record, ClosedLoopRecord) else None,
                "holds": _holds(record),
            }
        )
    return found


def _zones(zones: SafetyZones) -> dict[str, Any]:
    return {
        "ellipsoid": [float(x) for x in zones.ellipsoid_m],
        "keep_out": float(zones.keep_out_m),
        "half_angle_deg": float(zones.corridor_half_angle_deg),
    }


def _port(port: TargetPort) -> dict[str, Any]:
    return {"name": port.name, "ship": port.ship, "position": port.position_m.tolist(), "axis": port.axis.tolist()}


def _holds(record: object) -> list[dict[str, Any]]:
    """Where the ship waits: places of its docking ring on the way to a port, else of its centre of mass."""
    if isinstance(record, DockingRecord):
        port, axis = record.port.position_m, record.port.axis
        rows = zip(record.holds.range_m, record.holds.hold_s, strict=True)
        return [_hold(port + range_ * axis, range_, wait) for range_, wait in rows if wait > 0.0]
    if isinstance(record, FlyAroundRecord | UndockingRecord):
        rows = zip(record.arcs.points_m[1:], record.arcs.waits_s, strict=True)
        port = record.port.position_m
        return [_hold(place, float(np.linalg.norm(place - port)), wait) for place, wait in rows if wait > 0.0]
    return []


def _hold(place: np.ndarray, range_: float, wait: float) -> dict[str, Any]:
    return {"position": [round(float(x), 3) for x in place], "range": round(float(range_), 1), "seconds": float(wait)}
