"""How a ship comes nearer to the station, as pictures, plots and reports show it."""

from __future__ import annotations

import numpy as np

from sim.core.docking_record import ClosedLoopRecord, DockingRecord
from sim.core.phasing_record import PhasingRecord, TransferRecord


def closing_speed(record: PhasingRecord | TransferRecord | ClosedLoopRecord) -> np.ndarray:
    """How fast the ship comes nearer, m/s: the range by time; in the final approach along the axis of the port.

    In the last metre the range turns from the axis to the lateral offset, and its rate with it.
    """
    history = record.relative
    if not isinstance(record, DockingRecord):
        return -history.range_rate_m_s
    parts = zip(record.port.axis, (history.vx_m_s, history.vy_m_s, history.vz_m_s), strict=True)
    return -sum((part * column for part, column in parts), np.zeros(len(history.t_s)))


def axial_and_lateral(record: ClosedLoopRecord) -> tuple[np.ndarray, np.ndarray]:
    """Ring from port, m: along the port's axis (outward), and across it."""
    axis, ring = record.port.axis, record.relative.position_m
    out = ring @ axis
    return out, np.linalg.norm(ring - out[:, None] * axis, axis=1)
