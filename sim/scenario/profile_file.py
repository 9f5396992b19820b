"""The file of a rendezvous profile: how a ship is flown from orbit to the port, and the rules on the way."""

from __future__ import annotations

from typing import Literal

from sim.scenario.kinds import File, Reference, Table, Words, count, number, series, triple


class PhasingBlock(Table):
    """Times after insertion; each burn may move by `slack_min`. `budget_m_s`: what all burns may cost together.
    `fallback`: the profile to go over to at `fallback_decision_min` where the plan would cost more."""

    burns_min: series(number(1, 6000), 2, 12)
    slack_min: number(1, 600)
    homing_point_min: number(10, 6000)
    homing_point_km: triple(number(-200, 200))
    homing_point_off_km: number(0.01, 50)
    coast_min: number(8, 240)
    budget_m_s: number(1, 1000)
    fallback: Reference | None = None
    fallback_decision_min: number(10, 6000) | None = None


class Homing(Table):
    """`corrections`: burns on the way, at these shares of it; `hold_off_m`: how far from the hold it may arrive."""

    duration_s: number(300, 20000)
    hold_m: triple(number(-50000, 50000))
    hold_s: number(0, 86400)
    corrections: series(number(0.1, 0.9), 0, 3)
    hold_off_m: number(1, 5000)


class TransferBlock(Table):
    """`arrival`: on the port's axis, or behind the station, from where it goes round to the port."""

    duration_s: number(100, 20000)
    arrival_range_m: number(50, 2000)
    arrival: Literal["port-axis", "behind"] = "port-axis"
    corrections: series(number(0.1, 0.9), 0, 3)
    arrival_off_m: number(1, 1000)


class FlyAroundBlock(Table):
    """To a stop behind, as far off as the far hold is; a wait there; then round, a quarter of the circle at a time."""

    approach_s: number(60, 7200)
    wait_s: number(0, 86400)
    quarter_s: number(200, 7200)


class Final(Table):
    far_hold_range_m: number(20, 1000)
    far_hold_s: number(0, 86400)
    speed_far_m_s: number(0.05, 2)
    slope_per_s: number(0.0005, 0.02)
    near_hold_range_m: number(1, 500)
    near_hold_s: number(0, 86400)
    closing_speed_m_s: number(0.05, 0.3)
    control_period_s: number(0.1, 2)
    velocity_deadband_m_s: number(0.0001, 0.1)
    deadband_per_distance_s: number(0, 0.01)
    lateral_gain_per_s: number(0.001, 1)
    attitude_deadband_deg: number(0.01, 10)
    attitude_gain_per_s: number(0.001, 1)
    turn_rate_deg_s: number(0.05, 5)
    tries: count(1, 10)
    patience_s: number(0, 7200)
    back_off_m_s: number(0.02, 1)
    off_arc_m: number(1, 500)
    station_angle_deg: number(0.1, 45)
    station_rate_deg_s: number(0.001, 2)
    camera_needed_m: number(1, 200)
    thruster_check_s: number(0.1, 60)
    time_limit_s: number(600, 36000)


class Plume(Table):
    range_m: number(0, 1000)
    half_angle_deg: number(1, 90)
    pressure_at_10_m_pa: number(0, 1e3)
    of_thrust_n: number(1, 1e5)
    cosine_power: number(1, 100)


class Drift(Table):
    revolutions_outside: number(0.5, 40)
    revolutions_inside: number(0.5, 40)
    stuck_burn_share: number(1, 5)


class Safety(Table):
    keep_out_radius_m: number(10, 5000)
    ellipsoid_km: triple(number(0.1, 50))
    corridor_half_angle_deg: number(1, 45)
    speed_limit_per_range_s: number(10, 2000)
    speed_limit_least_m_s: number(0.01, 1)
    plume: Plume
    drift: Drift


class ProfileFile(File):
    """`phase_window_deg`: between which angles the profile can be flown; `beta_limit_deg`: the Sun over the plane."""

    kind: Literal["profile"]
    note: Words = ""
    phase_deg: number(0, 360)
    phase_window_deg: series(number(0, 360), 2, 2) | None = None
    beta_limit_deg: number(1, 90) = 90.0
    phasing: PhasingBlock
    homing: Homing
    transfer: TransferBlock
    fly_around: FlyAroundBlock | None = None
    final: Final
    safety: Safety
