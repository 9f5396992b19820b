"""The files that a mission names: launchers, ships, stations, sites, worlds and rendezvous profiles."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.kinds import Craft, File, Reference, Table, Words, count, number, series, triple
from sim.scenario.safety import AscentEvent, Debris, Escape, RecoveryArea, Sequence, Several, Viewer
from sim.scenario.sensing import Navigation, Sensors

# ---- launcher


class LauncherEngine(Table):
    """Of one engine; thrust in between is thrust in vacuum less air pressure times exit area."""

    name: Craft = "main"
    count: Several = 1
    thrust_vacuum_kn: number(0.1, 2e4)
    thrust_sea_level_kn: number(0, 2e4) | None = None
    isp_vacuum_s: number(150, 500)


class LauncherStage(Table):
    """One tank with its engines, or several alike (`count`); masses are of one."""

    name: Craft
    count: Several = 1
    propellant_kg: number(1, 2e6)
    residual_kg: number(0, 5e4) = 0.0
    dry_mass_kg: number(0, 2e5)
    engines: series(LauncherEngine, 1, 5)


class LauncherPhase(Table):
    """A stretch of the ascent: what burns ("stage" or "stage.engine"), what ends it, what falls off then.

    `ends`: the stage that runs dry, or "guidance"; without it the phase lasts `duration_s`. A last phase of guidance
    has the length that is planned for it in `duration_s`.
    """

    burning: series(Words, 0, 10) = ()
    ends: Craft | None = None
    duration_s: number(0.1, 5e3) | None = None
    drops: series(Craft, 0, 10) = ()
    drag_area_m2: number(0.01, 500)
    event: AscentEvent


class Jettison(Table):
    event: AscentEvent
    mass_kg: number(0, 2e4)
    at_s: number(1, 1500)


class Aerodynamics(Table):
    mach: series(number(0, 50), 2, 100)
    drag_coefficient: series(number(0.01, 5), 2, 100)


class Guidance(Table):
    vertical_s: number(1, 60)
    kick_end_s: number(2, 120)
    cycle_s: number(0.05, 10)
    release_s: number(1, 60)
    reserve_kg: number(0, 5e4) = 0.0
    plan_insertion_s: number(100, 1500)
    plan_downrange_deg: number(1, 120)


class Launcher(File):
    kind: Literal["launcher"]
    note: Words = ""
    stages: series(LauncherStage, 1, 8)
    phases: series(LauncherPhase, 1, 12)
    jettisons: series(Jettison, 0, 8) = ()
    debris: series(Debris, 0, 20) = ()
    sequences: series(Sequence, 0, 6) = ()
    aerodynamics: Aerodynamics
    guidance: Guidance


# ---- ship and station


class Drag(Table):
    area_m2: number(0.1, 5e3)
    coefficient: number(0.5, 5)


class Inertia(Table):
    """About the centre of mass; the products are the integrals of xy, xz and yz over the mass."""

    moments_kg_m2: triple(number(1, 1e9))
    products_kg_m2: triple(number(-1e9, 1e9)) = (0.0, 0.0, 0.0)


class ShipMass(Table):
    orbital_module_kg: number(100, 2e4)
    return_module_kg: number(500, 2e4)
    service_module_dry_kg: number(100, 2e4)
    propellant_kg: number(1, 2e4)


class ShipEngines(Table):
    main_thrust_n: number(100, 1e5)
    main_isp_s: number(150, 470)
    translation_thrust_n: number(1, 1e4)
    translation_isp_s: number(150, 470)


class ReactionControl(Table):
    min_on_s: number(0, 0.2)
    thrust_spread: number(0, 0.3)
    direction_spread_deg: number(0, 10)


class Thruster(Table):
    """`direction` is that of the push, against the exhaust; body axes, x out of the docking ring."""

    name: Craft
    position_m: triple(number(-30, 30))
    direction: triple(number(-1, 1))
    thrust_n: number(0.1, 5e3)
    isp_s: number(50, 470)


class DockingSprings(Table):
    """Stiffness and damping along the docking axis, across it, and about the axes across it and along it."""

    axial_kn_m: number(0.1, 1e3)
    axial_kn_s_m: number(0, 1e3)
    lateral_kn_m: number(0.1, 1e3)
    lateral_kn_s_m: number(0, 1e3)
    pitch_yaw_kn_m_rad: number(0.1, 1e4)
    pitch_yaw_kn_m_s_rad: number(0, 1e4)
    roll_kn_m_rad: number(0.1, 1e4)
    roll_kn_m_s_rad: number(0, 1e4)


class FarNavigation(Table):
    """One sigma of every axis: of either craft's orbit by itself, and of the relative state within the link's range,
    where the errors fall in proportion to the range down to the `near` ones."""

    orbit_position_m: number(0, 1e4)
    orbit_velocity_m_s: number(0, 10)
    link_range_km: number(0, 1000)
    relative_position_m: number(0, 1e3)
    relative_velocity_m_s: number(0, 1)
    near_position_m: number(0, 100)
    near_velocity_m_s: number(0, 1)


class BurnErrors(Table):
    """One sigma: of the size, and of the direction about either axis across it."""

    size_percent: number(0, 20)
    direction_deg: number(0, 20)


class Docking(Table):
    ring_from_centre_of_mass_m: number(0.1, 30)
    push_off_m_s: number(0.01, 1)
    closing_min_m_s: number(0, 1)
    closing_max_m_s: number(0.01, 2)
    lateral_offset_max_m: number(0.001, 2)
    lateral_speed_max_m_s: number(0.001, 2)
    pitch_yaw_max_deg: number(0.1, 30)
    roll_max_deg: number(0.1, 30)
    rate_max_deg_s: number(0.01, 5)
    force_max_kn: number(0.1, 200)
    restitution: number(0, 1)
    stroke_m: number(0.01, 2)
    retraction_m: number(0, 2)
    retraction_s: number(0, 7200)
    contact_to_hard_mate_s: number(0, 7200)
    push_off_max_m_s: number(0.01, 1)
    push_off_stroke_m: number(0.005, 0.5)
    push_off_aside_m: series(number(-1, 1), 2, 2) = (0.0, 0.0)
    springs: DockingSprings


class Capsule(Table):
    area_m2: number(0.5, 100)
    drag_coefficient: number(0.3, 2.5)
    lift_to_drag: number(0, 1)
    nose_radius_m: number(0.1, 20)
    bank_rate_deg_s: number(0.1, 90)


class Parachutes(Table):
    opening_altitude_km: number(2, 20)
    drogue_area_m2: number(1, 500)
    drogue_drag_coefficient: number(0.1, 3)
    drogue_s: number(1, 120)
    main_area_m2: number(50, 1e4)
    main_drag_coefficient: number(0.1, 3)
    reefed_fraction: number(0.001, 1)
    reefed_s: number(0, 60)
    filling_s: number(0.1, 60)
    heat_shield_mass_kg: number(0, 2e3)
    heat_shield_altitude_km: number(0.5, 15)
    retro_height_m: number(0.1, 20)
    retro_thrust_kn: number(0, 1e3)
    retro_s: number(0.01, 10)


class Ship(File):
    kind: Literal["ship"]
    note: Words = ""
    crew_seats: count(0, 10)
    mass: ShipMass
    engines: ShipEngines
    inertia: Inertia
    reaction_control: ReactionControl
    thrusters: series(Thruster, 7, 48)
    drag: Drag
    far_navigation: FarNavigation | None = None
    burn_errors: BurnErrors | None = None
    docking: Docking
    capsule: Capsule
    parachutes: Parachutes
    sensors: Sensors
    navigation: Navigation
    escape: Escape | None = None


class StationMass(Table):
    modules_kg: number(5e3, 1e6)


class StationEngines(Table):
    thrust_n: number(1, 1e5)
    isp_s: number(150, 4000)


class StationAttitude(Table):
    """A swing about LVLH, about each axis by itself."""

    amplitude_deg: triple(number(0, 5))
    period_s: triple(number(10, 1e4))


class Port(Table):
    position_m: triple(number(-100, 100))
    axis: triple(number(-1, 1))


class Station(File):
    kind: Literal["station"]
    note: Words = ""
    mass: StationMass
    drag: Drag
    engines: StationEngines
    inertia: Inertia
    attitude: StationAttitude
    ports: Annotated[dict[str, Port], Field(min_length=1)]


# ---- site and world


class Site(File):
    kind: Literal["site"]
    note: Words = ""
    latitude_deg: number(-90, 90)
    longitude_deg: number(-180, 180)
    height_m: number(-430, 6000)
    viewers: series(Viewer, 0, 20) = ()
    recovery_areas: series(RecoveryArea, 0, 20) = ()


class Gravity(Table):
    degree: count(2, 36)
    sun: bool
    moon: bool


class Atmosphere(Table):
    f107: number(60, 400)
    f107a: number(60, 300)
    ap: number(0, 400)


class Integration(Table):
    orbit_step_s: number(1, 120)


class World(File):
    kind: Literal["world"]
    note: Words = ""
    gravity: Gravity
    atmosphere: Atmosphere
    integration: Integration


# ---- rendezvous profile


class Phasing(Table):
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


class Transfer(Table):
    """`arrival`: on the port's axis, or behind the station, from where it goes round to the port."""

    duration_s: number(100, 20000)
    arrival_range_m: number(50, 2000)
    arrival: Literal["port-axis", "behind"] = "port-axis"
    corrections: series(number(0.1, 0.9), 0, 3)
    arrival_off_m: number(1, 1000)


class FlyAround(Table):
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


class Profile(File):
    """`phase_window_deg`: between which angles the profile can be flown; `beta_limit_deg`: the Sun over the plane."""

    kind: Literal["profile"]
    note: Words = ""
    phase_deg: number(0, 360)
    phase_window_deg: series(number(0, 360), 2, 2) | None = None
    beta_limit_deg: number(1, 90) = 90.0
    phasing: Phasing
    homing: Homing
    transfer: Transfer
    fly_around: FlyAround | None = None
    final: Final
    safety: Safety
