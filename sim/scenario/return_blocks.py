"""What a ship's file says of its return: how it turns, burns and comes apart, its capsule, its parachutes."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Pair, Table, Words, length, within


class TrimTable(Table):
    """Trimmed coefficients below `hypersonic_mach`, one of each a Mach number; above, those of [capsule] hold."""

    hypersonic_mach: Annotated[float, within(1, 30)]
    mach: Annotated[tuple[Annotated[float, within(0, 30)], ...], length(1, 20)]
    drag_coefficient: Annotated[tuple[Annotated[float, within(0.3, 2.5)], ...], length(1, 20)]
    lift_to_drag: Annotated[tuple[Annotated[float, within(0, 1)], ...], length(1, 20)]


class EntryNavigation(Table):
    """One sigma of every axis: of an inertial platform through the entry, and of fixes by satellite navigation, which
    come once a second outside the blackout and count by `fix_gain`."""

    accelerometer_bias_ug: Annotated[float, within(0, 1e5)]
    accelerometer_scale_ppm: Annotated[float, within(0, 1e5)]
    accelerometer_noise_ug_sqrt_hz: Annotated[float, within(0, 1e5)]
    gyro_drift_deg_h: Annotated[float, within(0, 1e3)]
    misalignment_arcsec: Annotated[float, within(0, 1e5)]
    fix_position_m: Annotated[float, within(0, 1e5)]
    fix_velocity_m_s: Annotated[float, within(0, 1e3)]
    fix_gain: Annotated[float, within(0, 1)]


class CapsuleBlock(Table):
    """Coefficients at hypersonic trim; `blackout_km`: from which height to which there is no satellite navigation."""

    area_m2: Annotated[float, within(0.5, 100)]
    drag_coefficient: Annotated[float, within(0.3, 2.5)]
    lift_to_drag: Annotated[float, within(0, 1)]
    nose_radius_m: Annotated[float, within(0.1, 20)]
    bank_rate_deg_s: Annotated[float, within(0.1, 90)]
    bank_acceleration_deg_s2: Annotated[float, within(0.1, 180)] = 7.0
    ballistic_roll_deg_s: Annotated[float, within(1, 90)] = 13.0
    blackout_km: Pair[Annotated[float, within(10, 120)]] | None = None
    heat_flux_limit_kw_m2: Annotated[float, within(1, 1e5)] | None = None
    heat_load_limit_mj_m2: Annotated[float, within(0.1, 1e4)] | None = None
    dynamic_pressure_limit_kpa: Annotated[float, within(0.1, 1e3)] | None = None
    trim: TrimTable | None = None
    navigation: EntryNavigation | None = None


class Parachutes(Table):
    """Canopies, what leaves on the way down, and the rockets of the landing; back-up and what a canopy bears where
    they are known.

    `*_filling_s`: from stretched lines to a full canopy. `backup_*`: the main parachute's back-up, called for at
    `backup_altitude_km`. `*_load_max_kn`: the force that a canopy bears as it opens. `barometer_m`, `altimeter_m`: one
    sigma of the height that opens the parachutes, and of the height over ground that fires the rockets.
    """

    opening_altitude_km: Annotated[float, within(2, 20)]
    drogue_area_m2: Annotated[float, within(1, 500)]
    drogue_drag_coefficient: Annotated[float, within(0.1, 3)]
    drogue_filling_s: Annotated[float, within(0.05, 10)] = 0.5
    drogue_s: Annotated[float, within(1, 120)]
    main_area_m2: Annotated[float, within(50, 1e4)]
    main_drag_coefficient: Annotated[float, within(0.1, 3)]
    reefed_fraction: Annotated[float, within(0.001, 1)]
    reefed_filling_s: Annotated[float, within(0.05, 10)] = 1.0
    reefed_s: Annotated[float, within(0, 60)]
    filling_s: Annotated[float, within(0.1, 60)]
    backup_area_m2: Annotated[float, within(50, 1e4)] | None = None
    backup_altitude_km: Annotated[float, within(0.5, 15)] = 5.5
    backup_drogue_s: Annotated[float, within(0, 60)] = 8.0
    drogue_load_max_kn: Annotated[float, within(1, 1e4)] | None = None
    main_load_max_kn: Annotated[float, within(1, 1e4)] | None = None
    heat_shield_mass_kg: Annotated[float, within(0, 2e3)]
    heat_shield_altitude_km: Annotated[float, within(0.5, 15)]
    seats_lifted_s: Annotated[float, within(0, 600)] = 10.0
    retro_height_m: Annotated[float, within(0.1, 20)]
    retro_thrust_kn: Annotated[float, within(0, 1e3)]
    retro_s: Annotated[float, within(0.01, 10)]
    barometer_m: Annotated[float, within(0, 1e3)] = 0.0
    altimeter_m: Annotated[float, within(0, 10)] = 0.0


class TouchdownBlock(Table):
    """The capsule as it meets the ground, for whether it tips over and what the crew feels: radius of its base, height
    of its centre of mass, radius of gyration about an edge-on axis through that, and the stroke of the seats."""

    base_radius_m: Annotated[float, within(0.2, 10)]
    centre_of_mass_m: Annotated[float, within(0.1, 10)]
    gyration_m: Annotated[float, within(0.05, 10)]
    seat_stroke_m: Annotated[float, within(0.01, 2)]


class FragmentsBlock(Table):
    """`count` alike; `drag_area_m2`: drag coefficient times area; `spread` of mass over drag area, and `kick_m_s` in
    each direction: one sigma."""

    name: Words
    count: Annotated[int, within(1, 10000)]
    mass_kg: Annotated[float, within(0.01, 1e4)]
    drag_area_m2: Annotated[float, within(1e-4, 1e3)]
    spread: Annotated[float, within(0, 0.9)]
    kick_m_s: Annotated[float, within(0, 1e3)]


class DiscardedBlock(Table):
    """A part dropped as the parachutes open, or with the heat shield; `drag_area_m2`: drag coefficient times area;
    `spread` of mass over drag area: one sigma."""

    name: Words
    event: Literal["opening", "heat_shield_jettison"]
    mass_kg: Annotated[float, within(0.1, 5e3)]
    drag_area_m2: Annotated[float, within(0.01, 1e3)]
    spread: Annotated[float, within(0, 0.9)]


class DeorbitBlock(Table):
    """How the ship turns, burns and comes apart on its way home.

    A turn of 90 deg at `turn_rate_deg_s`, and `turn_settling_s` after it. `thrust_spread`: of each main engine, one
    sigma. The accelerometer ends the burn, in pulses of `cutoff_resolution_m_s`. Further off than `attitude_limit_deg`
    nothing ignites; an engine that stops shows after `engine_out_sensed_s`. `corridor_deg`: steepest and shallowest
    angle at the entry interface of a burn that is sized aboard. The modules leave with a push across the track; their
    drag areas are coefficient times area; they stay `clearance_m` away. A service module that does not separate breaks
    away at `breakaway_altitude_km`; it breaks up at `breakup_altitude_km` into `fragments`. `discarded`: what the
    capsule drops under its parachutes.
    """

    turn_rate_deg_s: Annotated[float, within(0.1, 20)]
    turn_settling_s: Annotated[float, within(0, 600)]
    thrust_spread: Annotated[float, within(0, 0.3)]
    cutoff_resolution_m_s: Annotated[float, within(0, 1)]
    attitude_limit_deg: Annotated[float, within(0.1, 180)]
    engine_out_sensed_s: Annotated[float, within(0, 60)]
    corridor_deg: Pair[Annotated[float, within(-5, -0.5)]]
    orbital_module_push_m_s: Annotated[float, within(0, 5)]
    service_module_push_m_s: Annotated[float, within(0, 5)]
    orbital_module_drag_area_m2: Annotated[float, within(0.1, 1e3)]
    service_module_drag_area_m2: Annotated[float, within(0.1, 1e3)]
    clearance_m: Annotated[float, within(0, 1e4)]
    breakaway_altitude_km: Annotated[float, within(50, 99)]
    breakup_altitude_km: Annotated[float, within(40, 120)]
    fragments: Annotated[tuple[FragmentsBlock, ...], length(0, 12)] = ()
    discarded: Annotated[tuple[DiscardedBlock, ...], length(0, 12)] = ()
