"""Ships and stations as they fly, made of their files: SI, rad."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from kernels.constants import G0
from kernels.craft.thrusters import thrusters
from kernels.docking.contact import springs
from kernels.records import Capsule, Chutes, make
from sim.build.sensors import filter_model_of, sensors_of
from sim.core.inertial_errors import InertialErrors
from sim.core.landing import NO_LANDING, Grounded, Landing
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors
from sim.core.vehicle import (
    AttitudeOscillation,
    DeorbitSystem,
    Discarded,
    Engine,
    EntrySystem,
    Fragments,
    Mechanism,
    Port,
    Ship,
    Station,
    ThrusterSet,
    Visitor,
)

SETTLED = (1e-3, 5e-3, math.radians(0.01), math.radians(0.1))  # m/s, m, rad/s, rad, below which capture is damped


def ship_of(model) -> Ship:
    """A ship from its file."""
    return Ship(
        seats=model.crew_seats,
        orbital_module=model.mass.orbital_module_kg or 0.0,
        return_module=model.mass.return_module_kg or 0.0,
        service_module_dry=model.mass.service_module_dry_kg,
        propellant=model.mass.propellant_kg,
        main=Engine(model.engines.main_thrust_n, model.engines.main_isp_s),
        translation=Engine(model.engines.translation_thrust_n, model.engines.translation_isp_s),
        inertia=_inertia(model.inertia),
        thrusters=_thrusters(model),
        cda=model.drag.area_m2 * model.drag.coefficient,
        navigation=_navigation(model.far_navigation),
        execution=_execution(model.burn_errors),
        docking=_mechanism(model.docking),
        capsule=_capsule(model.capsule) if model.capsule else None,
        entry=_entry(model.capsule) if model.capsule else EntrySystem(),
        chutes=_chutes(model) if model.capsule and model.parachutes else None,
        landing=_landing(model) if model.parachutes else NO_LANDING,
        opening_altitude=1e3 * model.parachutes.opening_altitude_km if model.parachutes else 0.0,
        sensors=sensors_of(model.sensors),
        filter_model=filter_model_of(model.navigation),
        cargo=(model.mass.cargo_module_kg or 0.0) + (model.mass.cargo_kg or 0.0),
        deorbit=_deorbit(model) if model.deorbit else DeorbitSystem(backup=model.engines.main_backup_thrust_n),
    )


def _deorbit(model) -> DeorbitSystem:
    system = model.deorbit
    return DeorbitSystem(
        turn_rate=math.radians(system.turn_rate_deg_s),
        settling=system.turn_settling_s,
        thrust_spread=system.thrust_spread,
        resolution=system.cutoff_resolution_m_s,
        scale=1e-6 * model.sensors.accelerometer.scale_factor_ppm,
        attitude_limit=math.radians(system.attitude_limit_deg),
        sensing=system.engine_out_sensed_s,
        backup=model.engines.main_backup_thrust_n,
        corridor=(math.radians(system.corridor_deg[0]), math.radians(system.corridor_deg[1])),
        pushes=(system.orbital_module_push_m_s, system.service_module_push_m_s),
        module_cda=(system.orbital_module_drag_area_m2, system.service_module_drag_area_m2),
        clearance=system.clearance_m,
        breakaway=1e3 * system.breakaway_altitude_km,
        breakup=1e3 * system.breakup_altitude_km,
        fragments=tuple(
            Fragments(f.name, f.count, f.mass_kg, f.drag_area_m2, f.spread, f.kick_m_s) for f in system.fragments
        ),
        discarded=tuple(Discarded(d.name, d.event, d.mass_kg, d.drag_area_m2, d.spread) for d in system.discarded),
    )


def _capsule(model) -> Capsule:
    cda = model.area_m2 * model.drag_coefficient
    return make(
        Capsule,
        cda=cda,
        cla=cda * model.lift_to_drag,
        nose=model.nose_radius_m,
        bank_rate=math.radians(model.bank_rate_deg_s),
        bank_acceleration=math.radians(model.bank_acceleration_deg_s2),
        trim=_trim(model),
    )


def _trim(model) -> np.ndarray:
    """Rows of Mach number, drag and lift over those of the hypersonic trim."""
    table = model.trim
    if table is None:
        return np.ones((1, 3))
    drag = np.array(table.drag_coefficient) / model.drag_coefficient
    lift = drag * (np.array(table.lift_to_drag) / model.lift_to_drag if model.lift_to_drag else 0.0)
    return np.vstack([np.column_stack([table.mach, drag, lift]), (table.hypersonic_mach, 1.0, 1.0)])


def _entry(model) -> EntrySystem:
    def limit(key: str, unit: float) -> float | None:
        value = getattr(model, key)
        return None if value is None else unit * value

    return EntrySystem(
        spin=math.radians(model.ballistic_roll_deg_s),
        blackout=None if model.blackout_km is None else (1e3 * model.blackout_km[0], 1e3 * model.blackout_km[1]),
        heat_flux=limit("heat_flux_limit_kw_m2", 1e3),
        heat_load=limit("heat_load_limit_mj_m2", 1e6),
        dynamic_pressure=limit("dynamic_pressure_limit_kpa", 1e3),
        inertial=None if model.navigation is None else _inertial(model.navigation),
    )


def _inertial(model) -> InertialErrors:
    micro_g, hour = 1e-6 * G0, 3600.0
    return InertialErrors(
        bias=micro_g * model.accelerometer_bias_ug,
        scale=1e-6 * model.accelerometer_scale_ppm,
        noise=micro_g * model.accelerometer_noise_ug_sqrt_hz,
        drift=math.radians(model.gyro_drift_deg_h) / hour,
        tilt=math.radians(model.misalignment_arcsec / 3600.0),
        fix=(model.fix_position_m, model.fix_velocity_m_s),
        gain=model.fix_gain,
    )


def _chutes(model) -> Chutes:
    """The capsule under them is slower than sound: its drag is that of the first Mach number of its trim."""
    chutes, capsule = model.parachutes, model.capsule
    subsonic = capsule.drag_coefficient if capsule.trim is None else capsule.trim.drag_coefficient[0]
    return make(
        Chutes,
        body_cda=capsule.area_m2 * subsonic,
        opening=1e3 * chutes.opening_altitude_km,
        drogue_cda=chutes.drogue_area_m2 * chutes.drogue_drag_coefficient,
        drogue_filling_s=chutes.drogue_filling_s,
        drogue_s=chutes.drogue_s,
        main_cda=chutes.main_area_m2 * chutes.main_drag_coefficient,
        reefed=chutes.reefed_fraction,
        reefed_filling_s=chutes.reefed_filling_s,
        reefed_s=chutes.reefed_s,
        filling_s=chutes.filling_s,
        backup_cda=(chutes.backup_area_m2 or 0.0) * chutes.main_drag_coefficient,
        backup_height=1e3 * chutes.backup_altitude_km,
        backup_drogue_s=chutes.backup_drogue_s,
        shield_mass=chutes.heat_shield_mass_kg,
        shield_altitude=1e3 * chutes.heat_shield_altitude_km,
        seats_s=chutes.seats_lifted_s,
        retro_height=chutes.retro_height_m,
        retro_thrust=1e3 * chutes.retro_thrust_kn,
        retro_s=chutes.retro_s,
    )


def _landing(model) -> Landing:
    """What is not in the kernel's record: sensors' errors, what canopies bear, and the capsule on the ground."""
    chutes, body = model.parachutes, model.touchdown
    return Landing(
        barometer=chutes.barometer_m,
        altimeter=chutes.altimeter_m,
        drogue_load=1e3 * (chutes.drogue_load_max_kn or math.inf),
        main_load=1e3 * (chutes.main_load_max_kn or math.inf),
        body=Grounded(body.base_radius_m, body.centre_of_mass_m, body.gyration_m, body.seat_stroke_m) if body else None,
    )


def station_of(name: str, model, ships: Mapping[str, Ship]) -> Station:
    """The station called so, from its file; `ships`: by name, those that may be docked."""
    return Station(
        name=name,
        modules=model.mass.modules_kg,
        cda=model.drag.area_m2 * model.drag.coefficient,
        engine=Engine(model.engines.thrust_n, model.engines.isp_s),
        inertia=_inertia(model.inertia),
        oscillation=AttitudeOscillation(
            np.radians(model.attitude.amplitude_deg), np.array(model.attitude.period_s, dtype=float)
        ),
        ports={name: port_of(p) for name, p in model.ports.items()},
        visitors={name: Visitor(ship.docking.ring, ship.inertia) for name, ship in ships.items()},
    )


def port_of(model) -> Port:
    axis = np.array(model.axis, dtype=float)
    return Port(np.array(model.position_m, dtype=float), axis / np.linalg.norm(axis))


def _mechanism(model) -> Mechanism:
    held = model.springs
    return Mechanism(
        ring=model.ring_from_centre_of_mass_m,
        push_off=model.push_off_m_s,
        hard_mate=model.contact_to_hard_mate_s,
        closing_min=model.closing_min_m_s,
        closing_max=model.closing_max_m_s,
        lateral_offset=model.lateral_offset_max_m,
        lateral_speed=model.lateral_speed_max_m_s,
        tilt=math.radians(model.pitch_yaw_max_deg),
        roll=math.radians(model.roll_max_deg),
        rate=math.radians(model.rate_max_deg_s),
        force_max=1e3 * model.force_max_kn,
        restitution=model.restitution,
        stroke=model.stroke_m,
        retraction=model.retraction_m,
        retracting=model.retraction_s,
        springs=springs(
            (1e3 * held.axial_kn_m, 1e3 * held.axial_kn_s_m),
            (1e3 * held.lateral_kn_m, 1e3 * held.lateral_kn_s_m),
            (1e3 * held.pitch_yaw_kn_m_rad, 1e3 * held.pitch_yaw_kn_m_s_rad),
            (1e3 * held.roll_kn_m_rad, 1e3 * held.roll_kn_m_s_rad),
            SETTLED,
        ),
        push_off_max=model.push_off_max_m_s,
        push_stroke=model.push_off_stroke_m,
        aside=np.array(model.push_off_aside_m, dtype=float),
    )


def _inertia(model) -> np.ndarray:
    xy, xz, yz = model.products_kg_m2
    return np.diag(model.moments_kg_m2) - np.array([[0.0, xy, xz], [xy, 0.0, yz], [xz, yz, 0.0]])


def _thrusters(model) -> ThrusterSet:
    each, control = model.thrusters, model.reaction_control
    thrust, direction = np.array([t.thrust_n for t in each]), np.array([t.direction for t in each], dtype=float)
    force = thrust[:, None] * direction / np.linalg.norm(direction, axis=1)[:, None]
    flow = thrust / (G0 * np.array([t.isp_s for t in each]))
    return ThrusterSet(
        names=tuple(t.name for t in each),
        record=thrusters(
            [t.position_m for t in each],
            force,
            flow,
            control.min_on_s,
            lag=control.valve_delay_s + 0.5 * control.rise_s,
            longer=0.5 * (control.fall_s - control.rise_s),
        ),
        thrust_spread=control.thrust_spread,
        direction_spread=math.radians(control.direction_spread_deg),
    )


def _navigation(model) -> NavigationErrors:
    """What the ship knows far from the station; everything, where its file says nothing."""
    if model is None:
        return PERFECT
    return NavigationErrors(
        position=model.orbit_position_m,
        velocity=model.orbit_velocity_m_s,
        link=1e3 * model.link_range_km,
        relative=model.relative_position_m,
        relative_rate=model.relative_velocity_m_s,
        near=model.near_position_m,
        near_rate=model.near_velocity_m_s,
    )


def _execution(model) -> ExecutionErrors:
    return ExecutionErrors(0.01 * model.size_percent, math.radians(model.direction_deg)) if model else EXACT
