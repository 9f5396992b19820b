"""From the scenario as written to the mission as it will be flown: the one place where units are turned into SI."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import G0, MU_EARTH, R_EQUATOR
from kernels.contact import springs
from kernels.records import Capsule, Chutes, make
from kernels.thrusters import thrusters
from sim.docking.meeting import Meeting
from sim.docking.plan import arcs, duration, faults, pilot
from sim.elements import element_set
from sim.epoch import Epoch
from sim.launcher import launch_vehicle
from sim.mission import Mission, Phase
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.descent import Descent
from sim.phases.docked import Docked
from sim.phases.docking import Docking
from sim.phases.entry import Entry
from sim.phases.fly_around import FlyAround
from sim.phases.phasing import Phasing
from sim.phases.transfer import Transfer
from sim.proximity_safety.zones import zones
from sim.range_safety.plan import study
from sim.relative import berth
from sim.scenario import Scenario
from sim.scene import Scene, Seat, State
from sim.sensing import beliefs_of, sensors_of
from sim.streams import Chance
from sim.vehicle import Engine, Mechanism, Port, Ship, Station, Swing, ThrusterSet
from sim.world import Site, Weather, World, build_world, sgp4_state

DAY = 86400.0
SETTLED = (1e-3, 5e-3, math.radians(0.01), math.radians(0.1))  # m/s, m, rad/s, rad, below which capture is damped
APPROACH, FROM = 1150.0, 400.0  # s under way from so many m to contact, for planning the docking time
AFTER_OVERFLIGHT = 800.0  # s from abeam of the site, on the orbit, to touchdown: the time under the parachutes


def build(
    scenario: Scenario, start: float = 0.0, end: float | None = None,
    flown: tuple[Epoch, tuple[np.ndarray, np.ndarray]] | None = None,
) -> Mission:  # fmt: skip
    """Everything in SI and frozen; the epoch zero is the start of the station's flight.

    `start`, `end` s: what the tables must reach, where it is more than the mission needs. `flown`: another zero and
    another state r, v of the station there than those that its element set gives.
    """
    zero, state = flown or start_of(scenario)
    world = world_of(scenario, zero, start, latest(scenario, zero) if end is None else end)
    station = _station(scenario)
    ships = {name: ship_of(model) for name, model in scenario.ship_vehicles.items()}
    return Mission(
        name=scenario.name,
        zero=zero,
        world=world,
        scene=_scene(scenario, station, ships, state, zero),
        phases=_phases(scenario, station, ships, zero),
    )


def start_of(scenario: Scenario) -> tuple[Epoch, tuple[np.ndarray, np.ndarray]]:
    """When the station's flight starts, and its state there by SGP4."""
    elements, told = element_set(scenario.station.elements), scenario.station.start_utc
    zero = Epoch.from_utc(told) if told else elements.epoch
    return zero, sgp4_state(elements.line1, elements.line2, zero)


def world_of(scenario: Scenario, zero: Epoch, start: float, end: float) -> World:
    """The scenario's world with tables for `start` to `end` s; its air is that of the day in the middle."""
    field, weather = scenario.world.gravity, scenario.atmosphere
    return build_world(
        zero, start, end, field.degree, field.sun, field.moon, Weather(weather.f107, weather.f107a, weather.ap),
        scenario.world.integration.orbit_step_s,
    )  # fmt: skip


def docking_after(guidance, profile, ship: Ship, port: Port) -> float:
    """Seconds from lift-off to the end of docking, as a planner expects them of a profile."""
    return (
        guidance.plan_insertion_s + 60.0 * profile.phasing.homing_point_min + profile.homing.duration_s
        + profile.homing.hold_s + profile.transfer.duration_s + profile.final.far_hold_s + profile.final.near_hold_s
        + duration(profile, port, ship) + APPROACH
        + (profile.transfer.arrival_range_m - FROM) / profile.final.speed_far_m_s + ship.docking.hard_mate
    )  # fmt: skip


def latest(scenario: Scenario, zero: Epoch) -> float:
    """Seconds from zero by which the mission is surely over: how far the tables must reach."""
    launch = scenario.launch.liftoff_utc or scenario.launch.window_utc[1]
    return Epoch.from_utc(launch).since(zero) + (scenario.stay.handover_days + 6.0) * DAY


def _phases(scenario: Scenario, station: Station, ships: dict[str, Ship], zero: Epoch) -> tuple[Phase, ...]:
    launch, profile, stay, home = scenario.launch, scenario.profile, scenario.stay, scenario.return_
    rules = scenario.rules
    ship = ships[launch.vehicle]
    lander = ships[_vehicle_of(scenario, home.ship)]
    port = station.ports[scenario.rendezvous.port]
    pad, landing = site_of(scenario.launch_site), site_of(scenario.landing_site)
    guidance = scenario.launcher.guidance
    downrange = math.radians(guidance.plan_downrange_deg)
    homing_after = 60.0 * profile.phasing.homing_point_min
    near = zones(profile.safety)
    bank = math.radians(home.bank_start_deg), math.radians(home.bank_end_deg)
    energy_end = MU_EARTH / (R_EQUATOR + lander.opening_altitude)
    name, going_up, going_down = station.name, launch.ship, home.ship
    lead = 3600.0 * home.undock_to_landing_h - AFTER_OVERFLIGHT
    departure = Departure(
        station=name, ship_name=going_down, ship=lander, ports=dict(station.ports), inertia=station.inertia,
        zones=near,
        first_burn=home.first_burn_s, down=home.down_burn_m_s, back=home.back_burn_m_s,
    )  # fmt: skip
    to_homing = Transfer(
        name, going_up, ship.main, profile.homing.duration_s, np.array(profile.homing.hold_m), profile.homing.hold_s,
        near, True, "homing",
    )  # fmt: skip
    if profile.transfer.arrival == "behind":
        arrival = np.array([-profile.transfer.arrival_range_m, 0.0, 0.0])
    else:
        arrival = berth(port, ship) + profile.transfer.arrival_range_m * port.axis
    to_axis = Transfer(
        name, going_up, ship.main, profile.transfer.duration_s,
        arrival, 0.0, near, False, "transfer",
    )  # fmt: skip
    meeting = Meeting(
        station, going_up, ship, scenario.rendezvous.port, pilot(profile.final), near, Chance(scenario.seed),
        faults(scenario.faults, ship),
    )  # fmt: skip
    stops = (profile.final.far_hold_range_m, profile.final.near_hold_range_m)
    holds = (profile.final.far_hold_s, profile.final.near_hold_s)
    if profile.transfer.arrival == "behind":
        last = (FlyAround(meeting, *arcs(profile, port, ship)), Docking(meeting, stops, holds))
    else:
        last = (Docking(meeting, (profile.transfer.arrival_range_m, *stops), (0.0, *holds)),)
    return (
        AwaitLaunch(
            station=name, engine=station.engine, site=pad,
            window=tuple(Epoch.from_utc(t).since(zero) for t in launch.window_utc) if launch.window_utc else None,
            liftoff=Epoch.from_utc(launch.liftoff_utc).since(zero) if launch.liftoff_utc else None,
            branch=launch.branch, bias=launch.plane_bias_s, phase=math.radians(profile.phase_deg),
            after=guidance.plan_insertion_s, downrange=downrange,
            docking_after=docking_after(guidance, profile, ship, port),
            trim_before=scenario.trim.days_before * DAY, trim_limit=scenario.trim.limit_m_s,
            phase_off=math.radians(rules.phase_off_deg),
        ),
        Ascent(
            station=name, ship_name=going_up, ship=ship, launcher=launch_vehicle(scenario.launcher), site=pad,
            perigee=1e3 * launch.perigee_km, apogee=1e3 * launch.apogee_km, after=guidance.plan_insertion_s,
            downrange=downrange, phasing_time=homing_after, load_limit=rules.ascent_load_g,
            perigee_off=1e3 * rules.insertion_perigee_off_km, apogee_off=1e3 * rules.insertion_apogee_off_km,
            plane_off=math.radians(rules.insertion_plane_off_deg),
            study=study(
                scenario.launcher, scenario.ship_vehicles[launch.vehicle], scenario.launch_site, scenario.viewers
            ),
        ),
        Phasing(
            station=name, ship=going_up, engine=ship.main, burns=tuple(60.0 * m for m in profile.phasing.burns_min),
            homing_after=homing_after, homing_point=1e3 * np.array(profile.phasing.homing_point_km),
        ),
        to_homing,
        to_axis,
        *last,
        Docked(
            station=name, ship_up=going_up, ship_down=going_down, hatch=3600.0 * stay.hatch_open_h,
            handover=DAY * stay.handover_days, lead=lead, site=landing, people_limit=rules.people_aboard,
        ),
        departure,
        Deorbit(
            ship_name=going_down, ship=lander, site=landing, landing_in=lead - departure.coast,
            module_lead=home.orbital_module_lead_s, separation_altitude=1e3 * home.service_module_altitude_km,
            entry_altitude=1e3 * home.entry_altitude_km,
            entry_angle=math.radians(home.entry_angle_deg), angle_off=math.radians(rules.entry_angle_off_deg),
            bank_start=bank[0], bank_end=bank[1], energy_end=energy_end,
        ),
        Entry(
            ship_name=going_down, ship=lander, site=landing, bank_start=bank[0], bank_end=bank[1],
            energy_end=energy_end, load_limit=rules.entry_load_g,
        ),
        Descent(
            ship_name=going_down, ship=lander, site=landing, speed_limit=rules.touchdown_speed_m_s,
            miss_limit=1e3 * rules.touchdown_miss_km,
        ),
    )  # fmt: skip


def _scene(scenario: Scenario, station: Station, ships: dict[str, Ship], state, zero: Epoch) -> Scene:
    """The station with what is docked to it, as one body, and the crew where they are."""
    r, v = state
    docked = {d.ship: d for d in scenario.docked}
    mass = station.modules + sum(d.mass_kg for d in docked.values())
    cda = station.cda + sum(ships[d.vehicle].cda for d in docked.values() if d.vehicle)
    seats = tuple(
        Seat(
            name=c.name, role=c.role, nation=c.nation, ship_up=c.ship_up, ship_down=c.ship_down,
            aboard=station.name if c.ship_up in docked else c.ship_up,
            up_t=Epoch.from_utc(c.ship_up_utc).since(zero) if c.ship_up_utc else None, note=c.note,
        )
        for c in scenario.crew
    )  # fmt: skip
    return Scene(
        t=0.0,
        flying={station.name: State(np.asarray(r), np.asarray(v), mass, cda)},
        docked={name: d.port for name, d in docked.items()},
        ships={name: d.mass_kg for name, d in docked.items()},
        propellant={name: d.propellant_kg for name, d in docked.items() if d.propellant_kg is not None},
        crew=seats,
    )


def _vehicle_of(scenario: Scenario, ship: str) -> str:
    if ship == scenario.launch.ship:
        return scenario.launch.vehicle
    return next(d.vehicle for d in scenario.docked if d.ship == ship)


def _mechanism(model) -> Mechanism:
    held = model.springs
    return Mechanism(
        ring=model.ring_from_centre_of_mass_m, push_off=model.push_off_m_s, hard_mate=model.contact_to_hard_mate_s,
        closing_min=model.closing_min_m_s, closing_max=model.closing_max_m_s,
        lateral_offset=model.lateral_offset_max_m, lateral_speed=model.lateral_speed_max_m_s,
        tilt=math.radians(model.pitch_yaw_max_deg), roll=math.radians(model.roll_max_deg),
        rate=math.radians(model.rate_max_deg_s), force_max=1e3 * model.force_max_kn, restitution=model.restitution,
        stroke=model.stroke_m, retraction=model.retraction_m, retracting=model.retraction_s,
        springs=springs(
            (1e3 * held.axial_kn_m, 1e3 * held.axial_kn_s_m), (1e3 * held.lateral_kn_m, 1e3 * held.lateral_kn_s_m),
            (1e3 * held.pitch_yaw_kn_m_rad, 1e3 * held.pitch_yaw_kn_m_s_rad),
            (1e3 * held.roll_kn_m_rad, 1e3 * held.roll_kn_m_s_rad), SETTLED,
        ),
        push_off_max=model.push_off_max_m_s, push_stroke=model.push_off_stroke_m,
        aside=np.array(model.push_off_aside_m, dtype=float),
    )  # fmt: skip


def site_of(model) -> Site:
    return Site(model.name, math.radians(model.latitude_deg), math.radians(model.longitude_deg), model.height_m)


def _station(scenario: Scenario) -> Station:
    model = scenario.station_vehicle
    return Station(
        name=scenario.station.name,
        modules=model.mass.modules_kg,
        cda=model.drag.area_m2 * model.drag.coefficient,
        engine=Engine(model.engines.thrust_n, model.engines.isp_s),
        inertia=_inertia(model.inertia),
        swing=Swing(np.radians(model.attitude.amplitude_deg), np.array(model.attitude.period_s, dtype=float)),
        ports={name: port_of(p) for name, p in model.ports.items()},
    )


def port_of(model) -> Port:
    axis = np.array(model.axis, dtype=float)
    return Port(np.array(model.position_m, dtype=float), axis / np.linalg.norm(axis))


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
        record=thrusters([t.position_m for t in each], force, flow, control.min_on_s),
        thrust_spread=control.thrust_spread,
        direction_spread=math.radians(control.direction_spread_deg),
    )


def ship_of(model) -> Ship:
    capsule, chutes = model.capsule, model.parachutes
    cda = capsule.area_m2 * capsule.drag_coefficient
    return Ship(
        seats=model.crew_seats,
        orbital_module=model.mass.orbital_module_kg,
        return_module=model.mass.return_module_kg,
        service_module_dry=model.mass.service_module_dry_kg,
        propellant=model.mass.propellant_kg,
        main=Engine(model.engines.main_thrust_n, model.engines.main_isp_s),
        translation=Engine(model.engines.translation_thrust_n, model.engines.translation_isp_s),
        inertia=_inertia(model.inertia),
        thrusters=_thrusters(model),
        cda=model.drag.area_m2 * model.drag.coefficient,
        docking=_mechanism(model.docking),
        capsule=make(
            Capsule, cda=cda, cla=cda * capsule.lift_to_drag, nose=capsule.nose_radius_m,
            bank_rate=math.radians(capsule.bank_rate_deg_s),
        ),
        chutes=make(
            Chutes, body_cda=cda, drogue_cda=chutes.drogue_area_m2 * chutes.drogue_drag_coefficient,
            drogue_s=chutes.drogue_s, main_cda=chutes.main_area_m2 * chutes.main_drag_coefficient,
            reefed=chutes.reefed_fraction, reefed_s=chutes.reefed_s, filling_s=chutes.filling_s,
            shield_mass=chutes.heat_shield_mass_kg, shield_altitude=1e3 * chutes.heat_shield_altitude_km,
            retro_height=chutes.retro_height_m, retro_thrust=1e3 * chutes.retro_thrust_kn, retro_s=chutes.retro_s,
        ),
        opening_altitude=1e3 * chutes.opening_altitude_km,
        sensors=sensors_of(model.sensors),
        beliefs=beliefs_of(model.navigation),
    )  # fmt: skip
