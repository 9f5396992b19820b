"""The whole mission: its start, its world, who is where, and the phases of its sequence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.build.parts import Parts
from sim.build.sequence import phases
from sim.build.vehicles import ship_of, station_of
from sim.build.winds import with_wind
from sim.catalogue.element_sets import ElementSet, station_set
from sim.core.epoch import Epoch
from sim.core.scene import Scene, Seat, State
from sim.core.vehicle import cylinder
from sim.environment.world import Weather, World, build_world, sgp4_state
from sim.mission import Mission
from sim.scenario import Scenario
from sim.scenario.sequence_file import AwaitLaunchEntry, DockedEntry, PhasingEntry

DAY = 86400.0
MARGIN_DAYS = 6.0  # for the days that a mission may take beyond what its tables say


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
    built = {name: ship_of(model) for name, model in scenario.ship_vehicles.items()}
    ships = {ship: built[vehicle] for ship, vehicle in scenario.vehicles.items()}
    station = station_of(scenario.station.name, scenario.station_vehicle, ships)
    modules = {d.ship: cylinder(d.mass_kg, *d.body_m) for d in scenario.docked if d.body_m}
    parts = Parts(scenario, replace(station, visitors={**station.visitors, **modules}), ships, zero)
    until_phasing = _until_phasing(scenario)
    return Mission(
        name=scenario.name,
        zero=zero,
        world=world,
        scene=_scene(parts, state),
        phases=phases(scenario.sequence, parts),
        branches={
            parts.profile(key).name: phases(tables, parts, until_phasing[key])  # as the leg names it that goes over
            for key, tables in scenario.branches.items()
        },
    )


def _until_phasing(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """For each profile that a phasing may go over to, the phases up to there."""
    return {
        other: scenario.phases[: i + 1]
        for i, entry in enumerate(scenario.sequence)
        if isinstance(entry, PhasingEntry)
        and (other := scenario.named.profiles[entry.profile].phasing.fallback) is not None
    }


def _elements_of(scenario: Scenario) -> ElementSet:
    return station_set(scenario.station.elements, scenario.station.elements_lines)


def start_of(scenario: Scenario) -> tuple[Epoch, tuple[np.ndarray, np.ndarray]]:
    """When the station's flight starts, and its state there by SGP4."""
    elements, given = _elements_of(scenario), scenario.station.start_utc
    zero = Epoch.from_utc(given) if given else elements.epoch
    return zero, sgp4_state(elements.line1, elements.line2, zero)


def world_of(scenario: Scenario, zero: Epoch, start: float, end: float) -> World:
    """The scenario's world with tables for `start` to `end` s; its air is that of the day in the middle, the wind that
    of the month of the landing."""
    field, weather = scenario.world.gravity, scenario.atmosphere
    world = build_world(
        zero,
        start,
        end,
        field.degree,
        field.sun,
        field.moon,
        Weather(weather.f107, weather.f107a, weather.ap),
        scenario.world.integration.orbit_step_s,
    )
    return with_wind(world, scenario, zero.plus(latest(scenario, zero) - MARGIN_DAYS * DAY))


def latest(scenario: Scenario, zero: Epoch) -> float:
    """Seconds from zero by which the mission is surely over: how far the tables must reach."""
    waits = [entry for entry in scenario.sequence if isinstance(entry, AwaitLaunchEntry)]
    lift_offs = [utc for entry in waits if (utc := _last_lift_off(entry)) is not None]
    stays = [entry for entry in scenario.sequence if isinstance(entry, DockedEntry)]
    days = sum(entry.handover_days + len(entry.weather_closed_utc) for entry in stays)
    last = max((Epoch.from_utc(utc).since(zero) for utc in lift_offs), default=0.0)
    return last + (days + MARGIN_DAYS) * DAY


def _last_lift_off(entry: AwaitLaunchEntry) -> str | None:
    """As planned, or the end of the window."""
    return entry.liftoff_utc or (entry.window_utc[1] if entry.window_utc else None)


def _scene(parts: Parts, state: tuple[np.ndarray, np.ndarray]) -> Scene:
    """The station with what is docked to it, as one body, and the crew where they are."""
    scenario, station = parts.scenario, parts.station
    r, v = state
    docked = {d.ship: d for d in scenario.docked}
    mass = station.modules + sum(d.mass_kg for d in docked.values())
    cda = station.cda + sum(parts.ships[d.ship].cda for d in docked.values() if d.vehicle)
    seats = tuple(
        Seat(
            name=c.name,
            role=c.role,
            nation=c.nation,
            ship_up=c.ship_up,
            ship_down=c.ship_down,
            aboard=station.name if c.ship_up in docked or c.ship_up_utc else c.ship_up,
            up_t=parts.seconds(c.ship_up_utc) if c.ship_up_utc else None,
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
