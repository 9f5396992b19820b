"""Figures of a made flight's phases: round numbers of the size that a real rotation has."""

from __future__ import annotations

from sim.core.ascent_record import AscentFigures, AwaitLaunchFigures, InsertionOrbit
from sim.core.docking_record import (
    CaptureFigures,
    DepartureFigures,
    DockedFigures,
    DockingFigures,
    FlyAroundFigures,
    HardMateFigures,
)
from sim.core.phasing_record import PhasingFigures, TransferFigures
from sim.core.return_record import DeorbitFigures, DescentFigures, EntryFigures
from sim.core.undocking_record import UndockingFigures

AWAIT_LAUNCH = AwaitLaunchFigures(
    plane_crossing_utc="2026-10-24T14:59:19Z",
    plane_bias_s=401.0,
    liftoff_after_crossing_s=401.0,
    liftoff_from_plane_condition_utc="2026-10-24T15:06:00Z",
    out_of_plane_at_liftoff_deg=0.2,
    phase_before_trim_deg=12.0,
    phase_deg=9.9,
    phase_wanted_deg=9.9,
    trim_m_s=1.1,
    trim_propellant_kg=40.0,
    burns=1,
    beta_deg=18.6,
    sun_elevation_at_pad_deg=-60.0,
    days_considered=12,
    mean_altitude_start_km=388.4,
    mean_altitude_end_km=388.3,
)
ASCENT = AscentFigures(
    azimuth_deg=102.9,
    kick_deg=0.6,
    flights_to_solve=57,
    propellant_left_kg=870.0,
    guidance_residual_m_s=0.01,
    duration_s=585.0,
    liftoff_mass_kg=499082.0,
    burnt_and_dropped_kg=491000.0,
    ship_mass_kg=8082.0,
    downrange_inertial_deg=20.6,
    launch_pad="Jiuquan",
    launcher="Long March 2F",
    plane_from_target_deg=0.0002,
    most_q_alpha_kpa_deg=2.5,
    orbit=InsertionOrbit(200.1, 350.2, 41.47, 130.0, 0.01, 9.9),
)
PHASING = PhasingFigures(
    profile="3.5 h fast rendezvous",
    delta_v_m_s=61.3,
    planned_m_s=61.2,
    floor_m_s=60.1,
    delta_v_over_floor=61.3 / 60.1,
    propellant_kg=172.0,
    starts_m_s=(61.13, 61.14, "no plan"),
    best_start_m_s=61.13,
    worst_start_m_s=61.14,
    starts_without_plan=1,
    burns=4,
    fixes=9,
    homing_point_off_m=272.0,
)
TRANSFER = TransferFigures(
    delta_v_m_s=12.5,
    planned_m_s=12.4,
    propellant_kg=35.0,
    nearest_m=600.0,
    aim_off_m=5.0,
    aim_drift_m_s=0.04,
    fixes=3,
)
FLY_AROUND = FlyAroundFigures(
    propellant_kg=20.0, duration_s=620.0, nearest_m=205.0, most_off_the_arc_m=3.0, off_at_end_m=0.5
)
DOCKING = DockingFigures(
    propellant_kg=35.5,
    approach_s=900.0,
    stack_mass_kg=97300.0,
    step_of_station_at_contact_m=0.8,
    relative_kinetic_energy_j=58.0,
    most_plume_pressure_pa=0.6,
    capture=CaptureFigures(20.5, 618.0, 274.0, 92.0, 329.0, 0.11),
    hard_mate=HardMateFigures(61.0, 5.6e-9, 0.0015, 418.0, 0.0103),
)
DOCKED = DockedFigures(
    docked_days=7.0,
    people_aboard=6,
    stack_mass_kg=97300.0,
    landing_opportunity_utc="2026-11-01T00:26:15Z",
    landing_cross_track_km=1.7,
    ports="nadir: shenzhou-23, forward: shenzhou-24",
)
UNDOCKING = UndockingFigures(
    propellant_kg=12.5,
    duration_s=1500.0,
    push_off_s=0.39,
    push_off_n=5781.0,
    tip_off_deg_s=0.03,
    off_at_end_m=0.4,
    stack_mass_before_kg=97300.0,
    masses_after_kg=97300.0,
)
DEPARTURE = DepartureFigures(
    aboard="Zhu Yangzhu, Zhang Zhiyuan",
    propellant_kg=7.3,
    push_off_s=0.39,
    push_off_n=5781.0,
    tip_off_deg_s=0.03,
    tip_off_of_station_deg_s=0.02,
    range_at_end_km=45.6,
    stack_mass_before_kg=97300.0,
    masses_after_kg=97300.0,
)
DEORBIT = DeorbitFigures(
    overflight_utc="2026-11-01T00:26:15Z",
    cross_track_km=1.8,
    delta_v_m_s=125.0,
    burn_s=180.0,
    propellant_kg=251.0,
    service_module_dropped_kg=2562.0,
    return_module_kg=3240.0,
    commanded_m_s=125.05,
    turns_kg=1.6,
    planned_angle_deg=-1.95,
    entry_angle_deg=-1.949,
    correction_s=0.1,
    landing_site="Dongfeng landing site",
    outcome="as planned",
    nearest_orbital_module_m=68.0,
    nearest_service_module_m=21.0,
    orbital_module_life_days=335.0,
)
ENTRY = EntryFigures(
    duration_s=500.0,
    peak_heat_flux_kw_m2=900.0,
    heat_load_mj_m2=140.0,
    bank_reversals=3,
    ahead_of_site_at_opening_km=-0.04,
    left_of_site_at_opening_km=10.6,
    peak_dynamic_pressure_kpa=16.1,
    miss_at_opening_km=10.6,
    guidance="predictor",
    drag_ratio=1.01,
    lift_ratio=0.98,
    navigation_error_m=8.0,
    navigation_error_m_s=0.2,
)
DESCENT = DescentFigures(
    descent_s=800.0,
    opening_load_g=3.8,
    mass_at_touchdown_kg=2940.0,
    landed="Zhu Yangzhu, Zhang Zhiyuan",
    speed_at_opening_m_s=166.0,
    speed_under_drogue_m_s=78.0,
    speed_reefed_m_s=39.0,
    speed_under_main_m_s=7.1,
    drogue_force_kn=78.0,
    main_force_kn=101.0,
    drift_km=8.9,
)
