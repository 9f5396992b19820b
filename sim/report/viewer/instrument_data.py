"""What the instruments of the viewer read from the records: a few columns of each leg, at a few hundred of its times.

Between two rows a column is linear. What follows from position and velocity alone, the page computes itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.ascent_record import AscentRecord
from sim.core.docking_record import ClosedLoopRecord, DockingRecord
from sim.core.return_record import DescentRecord, EntryRecord
from sim.export.stored import PlotData

MOST_ROWS = 500


@dataclass(frozen=True)
class Columns:
    """Of the leg from `start` to `end` s: `t` (n,) s and columns (n,) by name, each with its unit in the name."""

    phase: str
    start: float
    end: float
    t: np.ndarray
    columns: Mapping[str, np.ndarray]


def instruments(data: PlotData) -> list[Columns]:
    """Of every leg whose record says more than where the craft was, in the order of time."""
    found = []
    for leg, entry in zip(data.legs, data.record["legs"], strict=True):
        t, columns = _read(leg.record)
        if len(t) > 1:
            kept = _few(len(t))
            few = {name: np.asarray(column, dtype=np.float32)[kept] for name, column in columns.items()}
            start, end = data.seconds(entry["start_utc"]), data.seconds(entry["end_utc"])
            found.append(Columns(leg.phase, start, end, np.asarray(t, dtype=float)[kept], few))
    return found


def _few(rows: int) -> np.ndarray:
    return np.unique(np.linspace(0, rows - 1, min(rows, MOST_ROWS)).round().astype(int))


def _read(record: object) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    if isinstance(record, ClosedLoopRecord):
        return _near(record)
    if isinstance(record, AscentRecord):
        names: tuple[str, ...] = ("downrange_km", "speed_air_m_s", "dynamic_pressure_pa", "axial_load_g")
        return record.ascent.t_s, {name: getattr(record.ascent, name) for name in names}
    if isinstance(record, EntryRecord):
        names = ("speed_air_m_s", "load_g", "heat_flux_kw_m2", "bank_deg")
        columns = {name: getattr(record.entry, name) for name in names}
        if record.guidance is not None and len(record.guidance.t_s):
            columns["mach"] = np.interp(record.entry.t_s, record.guidance.t_s, record.guidance.mach)
        return record.entry.t_s, columns
    if isinstance(record, DescentRecord):
        names = ("speed_air_m_s", "load_g")
        return record.entry.t_s, {name: getattr(record.entry, name) for name in names}
    return np.empty(0), {}


def _near(record: ClosedLoopRecord) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Ring to port: distance, its rate, the parts along the port's axis and across it, and propellant.

    The attitude is recorded against that of the mated ship. Only the docking has that as its command from start to end:
    at undocking and fly-around the ship turns to where it is sent, and such an angle of 180 deg is no error.
    """
    relative, attitude = record.relative, record.attitude
    axis = np.asarray(record.port.axis, dtype=float)
    along = relative.position_m @ axis
    across = np.linalg.norm(relative.position_m - along[:, None] * axis, axis=1)
    columns = {
        "range_m": relative.range_m,
        "range_rate_m_s": relative.range_rate_m_s,
        "along_m": along,
        "lateral_m": across,
        "propellant_kg": np.interp(relative.t_s, record.propellant.t_s, record.propellant.propellant_kg),
    }
    if isinstance(record, DockingRecord):
        error = np.linalg.norm(attitude.turn_deg, axis=1)
        columns["attitude_error_deg"] = np.interp(relative.t_s, attitude.t_s, error)
    return relative.t_s, columns
