"""From the scenario as written to the mission as it will be flown: the one place where units are turned into SI."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.build.docking import arcs, by_leg, control_settings, duration, far_hold, faults, way_in_s
from sim.build.launcher import launch_vehicle
from sim.build.range_safety import study
from sim.build.vehicles import ship_of, station_of
from sim.catalogue.element_sets import element_set
from sim.core.epoch import Epoch
from sim.core.random_streams import RandomDraws
from sim.core.scene import Scene, Seat, State
from sim.core.vehicle import Port, Ship, Station
from sim.docking.approach import CloseRange
from sim.environment.world import Site, Weather, World, build_world, sgp4_state
from sim.mission import Mission, Phase
from sim.orbit.tracking import links
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
from sim.rendezvous.phasing_plan import Schedule
from sim.rendezvous.relative import docked_position
from sim.scenario import Scenario

DAY = 86400.0
AFTER_OVERFLIGHT = 800.0  # s from abeam of the site, on the orbit, to touchdown: the time under the parachutes


def build(
    scenario: Scenario,
    start: float = 0.0,
    end: float | None = None,
    flown: tuple[Epoch, tuple[np.ndarray, np.ndarray]] | None = None,
) -> Mission:
    """Everything in SI and frozen; the epoch zero is the start of the station's flight.

    `start`, `end` s: what the tables must reach, where it is more than the mission needs. `flown`: another zero and
    another state r, v of the station there than those that its element set gives.
    """
    zero, state = flown or start_of(scenario)
    world = world_of(scenario, zero, start, latest(scenario, zero) if end is None else end)
    station = station_of(scenario.station.name, scenario.station_vehicle)
    ships = {name: ship_of(model) for name, model in scenario.ship_vehicles.items()}
    up, far = _to_homing_point(scenario, station, ships, zero)
    closing = {
        profile.name: (*_closing(scenario, profile, station, ships), *_stay_and_return(scenario, station, ships))
        for profile in (scenario.profile, scenario.fallback)
        if profile
    }
    return Mission(
        name=scenario.name,
        zero=zero,
        world=world,
        scene=_scene(scenario, station, ships, state, zero),
        phases=(*up, far, *closing[scenario.profile.name]),
        branches={scenario.fallback.name: closing[scenario.fallback.name]} if scenario.fallback else {},
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
        zero,
        start,
        end,
        field.degree,
        field.sun,
        field.moon,
        Weather(weather.f107, weather.f107a, weather.ap),
        scenario.world.integration.orbit_step_s,
    )


def docking_after(guidance, profile, ship: Ship, port: Port) -> float:
    """Seconds from lift-off to the end of docking, as a planner expects them of a profile."""
    return (
        guidance.plan_insertion_s
        + 60.0 * profile.phasing.homing_point_min
        + profile.homing.duration_s
        + profile.homing.hold_s
        + profile.transfer.duration_s
        + duration(profile, port, ship)
        + way_in_s(profile, port, ship)
        + ship.docking.hard_mate
    )


def latest(scenario: Scenario, zero: Epoch) -> float:
    """Seconds from zero by which the mission is surely over: how far the tables must reach."""
    launch = scenario.launch.liftoff_utc or scenario.launch.window_utc[1]
    return Epoch.from_utc(launch).since(zero) + (scenario.stay.handover_days + 6.0) * DAY


def _to_homing_point(scenario: Scenario, station: Station, ships: dict[str, Ship], zero: Epoch):
    """The wait for lift-off, the ascent, and phasing."""
    launch, profile, rules = scenario.launch, scenario.profile, scenario.rules
    ship, name, going_up = ships[launch.vehicle], station.name, launch.ship
    pad = site_of(scenario.launch_site)
    guidance = scenario.launcher.guidance
    downrange = math.radians(guidance.plan_downrange_deg)
    decide = profile.phasing.fallback_decision_min
    return (
        AwaitLaunch(
            station=name,
            engine=station.engine,
            site=pad,
            window=tuple(Epoch.from_utc(t).since(zero) for t in launch.window_utc) if launch.window_utc else None,
            liftoff=Epoch.from_utc(launch.liftoff_utc).since(zero) if launch.liftoff_utc else None,
            branch=launch.branch,
            bias=launch.plane_bias_s,
            phase=math.radians(profile.phase_deg),
            after=guidance.plan_insertion_s,
            downrange=downrange,
            docking_after=docking_after(guidance, profile, ship, station.ports[scenario.rendezvous.port]),
            trim_before=scenario.trim.days_before * DAY,
            trim_limit=scenario.trim.limit_m_s,
            phase_tolerance=math.radians(rules.phase_off_deg),
        ),
        Ascent(
            station=name,
            ship_name=going_up,
            ship=ship,
            launcher=launch_vehicle(scenario.launcher),
            site=pad,
            perigee=1e3 * launch.perigee_km,
            apogee=1e3 * launch.apogee_km,
            after=guidance.plan_insertion_s,
            downrange=downrange,
            phasing_time=60.0 * profile.phasing.homing_point_min,
            load_limit=rules.ascent_load_g,
            perigee_tolerance=1e3 * rules.insertion_perigee_off_km,
            apogee_tolerance=1e3 * rules.insertion_apogee_off_km,
            plane_tolerance=math.radians(rules.insertion_plane_off_deg),
            study=study(
                scenario.launcher, scenario.ship_vehicles[launch.vehicle], scenario.launch_site, scenario.viewers
            ),
        ),
    ), Phasing(
        station=name,
        ship=going_up,
        engine=ship.main,
        schedule=_schedule(profile),
        tracking=links(),
        draws=RandomDraws(scenario.seed),
        navigation=ship.navigation,
        execution=ship.execution,
        fallback=_schedule(scenario.fallback) if scenario.fallback else None,
        decide=math.inf if decide is None else 60.0 * decide,
    )


def _schedule(profile) -> Schedule:
    far = profile.phasing
    return Schedule(
        name=profile.name,
        burns=tuple(60.0 * m for m in far.burns_min),
        homing_after=60.0 * far.homing_point_min,
        homing_point=1e3 * np.array(far.homing_point_km),
        slack=60.0 * far.slack_min,
        coast=60.0 * far.coast_min,
        budget=far.budget_m_s,
        arrival_tolerance=1e3 * far.homing_point_off_km,
    )


def _closing(scenario: Scenario, profile, station: Station, ships: dict[str, Ship]) -> tuple[Phase, ...]:
    """From the homing point to the port, as one profile has it."""
    name, going_up, ship = station.name, scenario.launch.ship, ships[scenario.launch.vehicle]
    port, draws, near = station.ports[scenario.rendezvous.port], RandomDraws(scenario.seed), zones(profile.safety)
    homing, transfer, final = profile.homing, profile.transfer, profile.final
    behind = transfer.arrival == "behind"
    axis = docked_position(port, ship) + transfer.arrival_range_m * port.axis
    arrival = np.array([-transfer.arrival_range_m, 0.0, 0.0]) if behind else axis
    approach = CloseRange(
        station=station,
        ship_name=going_up,
        ship=ship,
        port_name=scenario.rendezvous.port,
        control=control_settings(final),
        zones=near,
        draws=draws,
        faults=faults(scenario.faults, ship),
    )
    stops = final.far_hold_range_m, final.near_hold_range_m
    holds = far_hold(profile, port, ship), final.near_hold_s
    early, late = by_leg(approach.faults, final.far_hold_range_m) if behind else ((), approach.faults)
    if not behind:
        stops, holds = (transfer.arrival_range_m, *stops), (0.0, *holds)
    fly_around: tuple[Phase, ...] = ()
    if behind:
        points, times, waits = arcs(profile, port, ship)
        fly_around = (FlyAround(approach=replace(approach, faults=early), points=points, times=times, waits=waits),)
    return (
        Transfer(
            station=name,
            ship=going_up,
            engine=ship.main,
            duration=homing.duration_s,
            aim=np.array(homing.hold_m),
            hold=homing.hold_s,
            zones=near,
            outside=True,
            corrections=homing.corrections,
            arrival_tolerance=homing.hold_off_m,
            name="homing",
            draws=draws,
            navigation=ship.navigation,
            execution=ship.execution,
        ),
        Transfer(
            station=name,
            ship=going_up,
            engine=ship.main,
            duration=transfer.duration_s,
            aim=arrival,
            hold=0.0,
            zones=near,
            outside=False,
            corrections=transfer.corrections,
            arrival_tolerance=transfer.arrival_off_m,
            name="transfer",
            draws=draws,
            navigation=ship.navigation,
            execution=ship.execution,
        ),
        *fly_around,
        Docking(approach=replace(approach, faults=late), stops=stops, holds=holds),
    )


def _stay_and_return(scenario: Scenario, station: Station, ships: dict[str, Ship]) -> tuple[Phase, ...]:
    """From docked flight to touchdown."""
    launch, stay, home, rules = scenario.launch, scenario.stay, scenario.return_, scenario.rules
    lander = ships[_vehicle_of(scenario, home.ship)]
    landing = site_of(scenario.landing_site)
    bank = math.radians(home.bank_start_deg), math.radians(home.bank_end_deg)
    energy_end = MU_EARTH / (R_EQUATOR + lander.opening_altitude)
    name, going_up, going_down = station.name, launch.ship, home.ship
    lead = 3600.0 * home.undock_to_landing_h - AFTER_OVERFLIGHT
    departure = Departure(
        station=name,
        ship_name=going_down,
        ship=lander,
        ports=dict(station.ports),
        inertia=station.inertia,
        zones=zones(scenario.profile.safety),
        first_burn=home.first_burn_s,
        down=home.down_burn_m_s,
        back=home.back_burn_m_s,
    )
    return (
        Docked(
            station=name,
            ship_up=going_up,
            ship_down=going_down,
            hatch=3600.0 * stay.hatch_open_h,
            handover=DAY * stay.handover_days,
            lead=lead,
            site=landing,
            people_limit=rules.people_aboard,
        ),
        departure,
        Deorbit(
            ship_name=going_down,
            ship=lander,
            site=landing,
            landing_in=lead - departure.coast,
            module_lead=home.orbital_module_lead_s,
            separation_altitude=1e3 * home.service_module_altitude_km,
            entry_altitude=1e3 * home.entry_altitude_km,
            entry_angle=math.radians(home.entry_angle_deg),
            angle_tolerance=math.radians(rules.entry_angle_off_deg),
            bank_start=bank[0],
            bank_end=bank[1],
            energy_end=energy_end,
        ),
        Entry(
            ship_name=going_down,
            ship=lander,
            site=landing,
            bank_start=bank[0],
            bank_end=bank[1],
            energy_end=energy_end,
            load_limit=rules.entry_load_g,
        ),
        Descent(
            ship_name=going_down,
            ship=lander,
            site=landing,
            speed_limit=rules.touchdown_speed_m_s,
            miss_limit=1e3 * rules.touchdown_miss_km,
        ),
    )


def _scene(scenario: Scenario, station: Station, ships: dict[str, Ship], state, zero: Epoch) -> Scene:
    """The station with what is docked to it, as one body, and the crew where they are."""
    r, v = state
    docked = {d.ship: d for d in scenario.docked}
    mass = station.modules + sum(d.mass_kg for d in docked.values())
    cda = station.cda + sum(ships[d.vehicle].cda for d in docked.values() if d.vehicle)
    seats = tuple(
        Seat(
            name=c.name,
            role=c.role,
            nation=c.nation,
            ship_up=c.ship_up,
            ship_down=c.ship_down,
            aboard=station.name if c.ship_up in docked else c.ship_up,
            up_t=Epoch.from_utc(c.ship_up_utc).since(zero) if c.ship_up_utc else None,
            note=c.note,
        )
        for c in scenario.crew
    )
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


def site_of(model) -> Site:
    return Site(model.name, math.radians(model.latitude_deg), math.radians(model.longitude_deg), model.height_m)
