"""What the legs near the station record: fly-around, docking, the docked stay and the departure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.figures import Inline
from sim.core.histories import (
    ContactHistory,
    DepartureDriftHistory,
    DriftHistory,
    History,
    PropellantHistory,
    RelativeHistory,
)
from sim.core.phasing_record import SafetyZones


@dataclass(frozen=True, eq=False)
class AttitudeHistory(History):
    """The ship's docking frame against the port's as a rotation vector, its rate in body axes against the orbital
    frame, and the station's own attitude about LVLH."""

    t_s: np.ndarray
    roll_deg: np.ndarray
    pitch_deg: np.ndarray
    yaw_deg: np.ndarray
    rate_x_deg_s: np.ndarray
    rate_y_deg_s: np.ndarray
    rate_z_deg_s: np.ndarray
    station_roll_deg: np.ndarray
    station_pitch_deg: np.ndarray
    station_yaw_deg: np.ndarray

    @property
    def turn_deg(self) -> np.ndarray:
        """Roll, pitch, yaw (n, 3) of the ship against the port."""
        return np.column_stack([self.roll_deg, self.pitch_deg, self.yaw_deg])

    @property
    def rate_deg_s(self) -> np.ndarray:
        """Body rates x, y, z (n, 3)."""
        return np.column_stack([self.rate_x_deg_s, self.rate_y_deg_s, self.rate_z_deg_s])

    @property
    def station_deg(self) -> np.ndarray:
        """Roll, pitch, yaw (n, 3) of the station about LVLH."""
        return np.column_stack([self.station_roll_deg, self.station_pitch_deg, self.station_yaw_deg])


@dataclass(frozen=True, eq=False)
class NavigationHistory(History):
    """Navigated less true, and one sigma as the filter has it: position and velocity along LVLH, attitude."""

    t_s: np.ndarray
    error_x_m: np.ndarray
    error_y_m: np.ndarray
    error_z_m: np.ndarray
    sigma_x_m: np.ndarray
    sigma_y_m: np.ndarray
    sigma_z_m: np.ndarray
    error_vx_m_s: np.ndarray
    error_vy_m_s: np.ndarray
    error_vz_m_s: np.ndarray
    sigma_vx_m_s: np.ndarray
    sigma_vy_m_s: np.ndarray
    sigma_vz_m_s: np.ndarray
    error_roll_deg: np.ndarray
    error_pitch_deg: np.ndarray
    error_yaw_deg: np.ndarray
    sigma_roll_deg: np.ndarray
    sigma_pitch_deg: np.ndarray
    sigma_yaw_deg: np.ndarray

    @property
    def position_error_m(self) -> np.ndarray:
        return np.column_stack([self.error_x_m, self.error_y_m, self.error_z_m])

    @property
    def position_sigma_m(self) -> np.ndarray:
        return np.column_stack([self.sigma_x_m, self.sigma_y_m, self.sigma_z_m])

    @property
    def velocity_error_m_s(self) -> np.ndarray:
        return np.column_stack([self.error_vx_m_s, self.error_vy_m_s, self.error_vz_m_s])

    @property
    def velocity_sigma_m_s(self) -> np.ndarray:
        return np.column_stack([self.sigma_vx_m_s, self.sigma_vy_m_s, self.sigma_vz_m_s])

    @property
    def attitude_error_deg(self) -> np.ndarray:
        return np.column_stack([self.error_roll_deg, self.error_pitch_deg, self.error_yaw_deg])

    @property
    def attitude_sigma_deg(self) -> np.ndarray:
        return np.column_stack([self.sigma_roll_deg, self.sigma_pitch_deg, self.sigma_yaw_deg])


@dataclass(frozen=True, eq=False)
class ThrusterHistory(History):
    """How long each thruster, by name, was on from this row to the next, s."""

    t_s: np.ndarray
    on_s: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class GuidanceHistory(History):
    """Commands, LVLH: the position, m from the station's centre of mass, on an arc of the fly-around, and the
    velocity, m/s, on the approach to the port; the mode of kernels/docking/plan.py; and where the ship's centre of mass
    truly is, m from the station's."""

    t_s: np.ndarray
    command_x: np.ndarray
    command_y: np.ndarray
    command_z: np.ndarray
    mode: np.ndarray
    place_x_m: np.ndarray
    place_y_m: np.ndarray
    place_z_m: np.ndarray

    @property
    def command(self) -> np.ndarray:
        return np.column_stack([self.command_x, self.command_y, self.command_z])

    @property
    def place_m(self) -> np.ndarray:
        """The ship's centre of mass (n, 3), LVLH m from the station's."""
        return np.column_stack([self.place_x_m, self.place_y_m, self.place_z_m])


@dataclass(frozen=True, eq=False)
class TargetPort:
    """The port that `ship` goes to, by name: its ring (3,) m from the station's centre of mass and its outward axis
    (3,), both in the station's axes."""

    name: str
    ship: str
    position_m: np.ndarray
    axis: np.ndarray


@dataclass(frozen=True)
class CaptureBox:
    """The capture box of the docking mechanism at contact: maxima, and the minimum of the closing speed."""

    closing_min_m_s: float
    closing_max_m_s: float
    lateral_offset_m: float
    lateral_speed_m_s: float
    pitch_yaw_deg: float
    roll_deg: float
    turning_rate_deg_s: float


@dataclass(frozen=True)
class ControlLimits:
    """Dead-band of the attitude, and half-angle of the docking camera's field of view."""

    attitude_deadband_deg: float
    camera_half_cone_deg: float


@dataclass(frozen=True)
class ClosedLoopRecord:
    """A leg in closed loop and six degrees of freedom: `relative` is of the docking ring from the port."""

    relative: RelativeHistory
    attitude: AttitudeHistory
    navigation: NavigationHistory
    thrusters: ThrusterHistory
    guidance: GuidanceHistory
    propellant: PropellantHistory
    port: TargetPort
    zones: SafetyZones
    box: CaptureBox
    control: ControlLimits


@dataclass(frozen=True)
class FlyAroundFigures:
    propellant_kg: float
    duration_s: float
    nearest_m: float
    most_off_the_arc_m: float
    off_at_end_m: float


@dataclass(frozen=True, eq=False)
class FlyAroundArcs:
    """The commanded path: ends (k + 1, 3) m of its arcs for the ship's centre of mass, LVLH, and the time s of each
    with the wait after it (k,)."""

    points_m: np.ndarray
    times_s: np.ndarray
    waits_s: np.ndarray


@dataclass(frozen=True)
class FlyAroundRecord(ClosedLoopRecord):
    figures: FlyAroundFigures | None
    arcs: FlyAroundArcs


@dataclass(frozen=True)
class CaptureFigures(Inline):
    """From contact until the ring is at rest: times, and the greatest loads of the mechanism."""

    damped_after_s: float
    most_force_n: float
    most_pull_n: float
    most_side_force_n: float
    most_torque_n_m: float
    most_stroke_m: float


@dataclass(frozen=True)
class HardMateFigures(Inline):
    """From there to the hard mate: energies, and changes of the station's motion."""

    heat_of_dampers_j: float
    energy_of_hooks_j: float
    stack_rate_change_deg_s: float
    stack_angular_momentum_change_n_m_s: float
    station_speed_change_m_s: float


@dataclass(frozen=True)
class DockingFigures:
    """`hard_mate` is None where the retraction was not flown."""

    propellant_kg: float
    approach_s: float
    stack_mass_kg: float
    step_of_station_at_contact_m: float
    relative_kinetic_energy_j: float
    most_plume_pressure_pa: float
    capture: CaptureFigures
    hard_mate: HardMateFigures | None = None


@dataclass(frozen=True, eq=False)
class HoldPoints:
    """Along the port's axis: distance from ring to port (k,) m, the first where the leg begins, and the time s of
    the hold at each."""

    range_m: np.ndarray
    hold_s: np.ndarray


@dataclass(frozen=True)
class DockingRecord(ClosedLoopRecord):
    """`contact` from contact on, where captured; `drift` without thrust from the approach, where it was flown."""

    figures: DockingFigures | None
    holds: HoldPoints
    contact: ContactHistory | None = None
    drift: DriftHistory | None = None


@dataclass(frozen=True)
class DockedFigures:
    docked_days: float
    people_aboard: int
    stack_mass_kg: float
    landing_opportunity_utc: str
    landing_cross_track_km: float
    landing_open: int
    landing_refused: str
    ports: str


@dataclass(frozen=True)
class DockedRecord:
    figures: DockedFigures | None


@dataclass(frozen=True)
class DepartureFigures:
    """Both burns as they were made; 0 of one that was not needed."""

    aboard: str
    propellant_kg: float
    leaving_burn_m_s: float
    lowering_burn_m_s: float
    range_at_start_m: float
    nearest_after_a_failed_burn_m: float
    range_at_end_km: float
    fixes: int


@dataclass(frozen=True)
class DepartureRecord:
    """`relative` is of the centres of mass; `drift` where a burn, and all after it, is missed or ends half-way."""

    figures: DepartureFigures | None
    relative: RelativeHistory
    propellant: PropellantHistory
    drift: DepartureDriftHistory
    zones: SafetyZones
