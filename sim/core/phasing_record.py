"""What phasing, homing and the transfer record: their burns' cost, the path beside the station, and drifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.histories import DriftHistory, PropellantHistory, RelativeHistory


@dataclass(frozen=True, eq=False)
class SafetyZones:
    """The zones that a leg is judged by: semi-axes (3,) m along LVLH of the approach ellipsoid and radius m of the
    keep-out sphere, both about the station's centre of mass; half-angle of the corridor, a cone with its apex at the
    port; the speed limit is range over `speed_range_s` plus `speed_least_m_s`."""

    ellipsoid_m: np.ndarray
    keep_out_m: float
    corridor_half_angle_deg: float
    speed_range_s: float
    speed_least_m_s: float


@dataclass(frozen=True)
class PhasingFigures:
    """`starts_m_s`: cost of the plan from each start, m/s, or "no plan"."""

    profile: str
    delta_v_m_s: float
    planned_m_s: float
    floor_m_s: float
    delta_v_over_floor: float
    propellant_kg: float
    starts_m_s: tuple[float | str, ...]
    best_start_m_s: float
    worst_start_m_s: float
    starts_without_plan: int
    burns: int
    fixes: int
    homing_point_off_m: float


@dataclass(frozen=True)
class PhasingRecord:
    figures: PhasingFigures | None
    relative: RelativeHistory
    propellant: PropellantHistory


@dataclass(frozen=True)
class TransferFigures:
    delta_v_m_s: float
    planned_m_s: float
    propellant_kg: float
    nearest_m: float
    aim_off_m: float
    aim_drift_m_s: float
    fixes: int


@dataclass(frozen=True)
class TransferRecord:
    """Of homing, and of the transfer to where the final approach begins."""

    figures: TransferFigures | None
    relative: RelativeHistory
    propellant: PropellantHistory
    drift: DriftHistory
    zones: SafetyZones
