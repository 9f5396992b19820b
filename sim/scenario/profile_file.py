"""The file of a rendezvous profile: how a ship is flown from orbit to the port, and the rules on the way."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import File, Pair, Reference, Table, Triple, Words, length, within


class PhasingBlock(Table):
    """Times after insertion; each burn may move by `slack_min`. `budget_m_s`: what all burns may cost together.
    `fallback`: the profile to go over to at `fallback_decision_min` where the plan would cost more."""

    burns_min: Annotated[tuple[Annotated[float, within(1, 6000)], ...], length(2, 12)]
    slack_min: Annotated[float, within(1, 600)]
    homing_point_min: Annotated[float, within(10, 6000)]
    homing_point_km: Triple[Annotated[float, within(-200, 200)]]
    homing_point_off_km: Annotated[float, within(0.01, 50)]
    coast_min: Annotated[float, within(8, 240)]
    budget_m_s: Annotated[float, within(1, 1000)]
    fallback: Reference | None = None
    fallback_decision_min: Annotated[float, within(10, 6000)] | None = None


class Homing(Table):
    """`corrections`: burns on the way, at these shares of it; `hold_off_m`: how far from the hold it may arrive;
    `lead_s`: from the start to the middle of the first burn, and from the last to the end, longer than half a burn;
    `slack_s`: so much it may last less or more, and the hold more or less, where a failed burn's drift asks for it."""

    duration_s: Annotated[float, within(300, 20000)]
    hold_m: Triple[Annotated[float, within(-50000, 50000)]]
    hold_s: Annotated[float, within(0, 86400)]
    corrections: Annotated[tuple[Annotated[float, within(0.1, 0.9)], ...], length(0, 3)]
    hold_off_m: Annotated[float, within(1, 5000)]
    lead_s: Annotated[float, within(10, 300)] = 30.0
    slack_s: Annotated[float, within(0, 2000)] = 0.0


class BelowBlock(Table):
    """The same of a transfer to the axis of a port that looks to the nadir: another path, with other drifts."""

    duration_s: Annotated[float, within(100, 20000)]
    arrival_range_m: Annotated[float, within(50, 2000)]


class TransferBlock(Table):
    """`arrival`: on the port's axis, or behind the station, from where it goes round to the port. `below`: what is
    other toward a port that looks to the nadir."""

    duration_s: Annotated[float, within(100, 20000)]
    arrival_range_m: Annotated[float, within(50, 2000)]
    arrival: Literal["port-axis", "behind"] = "port-axis"
    corrections: Annotated[tuple[Annotated[float, within(0.1, 0.9)], ...], length(0, 3)]
    arrival_off_m: Annotated[float, within(1, 1000)]
    lead_s: Annotated[float, within(10, 300)] = 30.0
    below: BelowBlock | None = None

    def toward(self, down: bool) -> TransferBlock:
        """The one that is flown to a port which looks to the nadir (`down`), or elsewhere."""
        return self.model_copy(update=self.below.model_dump()) if down and self.below else self


class FlyAroundBlock(Table):
    """To a stop behind, as far off as the far hold is; a wait there; then round, a quarter of the circle at a time."""

    approach_s: Annotated[float, within(60, 7200)]
    wait_s: Annotated[float, within(0, 86400)]
    quarter_s: Annotated[float, within(200, 7200)]


class Final(Table):
    far_hold_range_m: Annotated[float, within(20, 1000)]
    far_hold_s: Annotated[float, within(0, 86400)]
    speed_far_m_s: Annotated[float, within(0.05, 2)]
    slope_per_s: Annotated[float, within(0.0005, 0.02)]
    near_hold_range_m: Annotated[float, within(1, 500)]
    near_hold_s: Annotated[float, within(0, 86400)]
    closing_speed_m_s: Annotated[float, within(0.05, 0.3)]
    control_period_s: Annotated[float, within(0.1, 2)]
    velocity_deadband_m_s: Annotated[float, within(0.0001, 0.1)]
    deadband_per_distance_s: Annotated[float, within(0, 0.01)]
    lateral_gain_per_s: Annotated[float, within(0.001, 1)]
    attitude_deadband_deg: Annotated[float, within(0.01, 10)]
    attitude_gain_per_s: Annotated[float, within(0.001, 1)]
    turn_rate_deg_s: Annotated[float, within(0.05, 5)]
    tries: Annotated[int, within(1, 10)]
    patience_s: Annotated[float, within(0, 7200)]
    back_off_m_s: Annotated[float, within(0.02, 1)]
    off_arc_m: Annotated[float, within(1, 500)]
    station_angle_deg: Annotated[float, within(0.1, 45)]
    station_rate_deg_s: Annotated[float, within(0.001, 2)]
    camera_needed_m: Annotated[float, within(1, 200)]
    thruster_check_s: Annotated[float, within(0.1, 60)]
    time_limit_s: Annotated[float, within(600, 36000)]


class Plume(Table):
    range_m: Annotated[float, within(0, 1000)]
    half_angle_deg: Annotated[float, within(1, 90)]
    pressure_at_10_m_pa: Annotated[float, within(0, 1e3)]
    of_thrust_n: Annotated[float, within(1, 1e5)]
    cosine_power: Annotated[float, within(1, 100)]


class Drift(Table):
    revolutions_outside: Annotated[float, within(0.5, 40)]
    revolutions_inside: Annotated[float, within(0.5, 40)]
    stuck_burn_share: Annotated[float, within(1, 5)]


class Safety(Table):
    keep_out_radius_m: Annotated[float, within(10, 5000)]
    ellipsoid_km: Triple[Annotated[float, within(0.1, 50)]]
    corridor_half_angle_deg: Annotated[float, within(1, 45)]
    speed_limit_per_range_s: Annotated[float, within(10, 2000)]
    speed_limit_least_m_s: Annotated[float, within(0.01, 1)]
    plume: Plume
    drift: Drift


class ProfileFile(File):
    """`carries`: the kind of ship that it is for; `station`: the station, by the name of its vehicle file;
    `phase_window_deg`: between which angles the profile can be flown; `beta_limit_deg`: the Sun over the plane;
    `fitted_to`, `phase_fitted_to`: facts of the flights that its times and its phase were chosen after."""

    kind: Literal["profile"]
    note: Words = ""
    carries: Literal["people", "freight"] = "people"
    station: Words = "tiangong"
    phase_deg: Annotated[float, within(0, 360)]
    phase_window_deg: Pair[Annotated[float, within(0, 360)]] | None = None
    beta_limit_deg: Annotated[float, within(1, 90)] = 90.0
    fitted_to: Annotated[tuple[Words, ...], length(0, 20)] = ()
    phase_fitted_to: Annotated[tuple[Words, ...], length(0, 20)] = ()
    phasing: PhasingBlock
    homing: Homing
    transfer: TransferBlock
    fly_around: FlyAroundBlock | None = None
    final: Final
    safety: Safety
