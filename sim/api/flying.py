"""Load a mission, fly it, and write its results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import function, path, text, texts, wrong
from sim.api.compiling import compiled_ahead
from sim.api.output import Progress, Where, output, silent
from sim.campaign.words import refuse_without_uncertainty
from sim.core.counts import checked_flights
from sim.export.pictures import chosen
from sim.files import packaged
from sim.files.errors import BadInput, MissionFailed
from sim.files.output_directory import whole
from sim.scenario import Scenario
from sim.scenario import load as load_scenario

if TYPE_CHECKING:
    from sim.api.flight_result import FlightResult
    from sim.campaign.forecast import RealFlight
    from sim.core.flight import Flight
    from sim.environment.world import World
    from sim.mission import Mission, Phase
    from sim.output.drawing import Drawing

    Watch = Callable[[FlightResult, tuple[str, ...]], None]

A_MISSION = "the name or the path of a mission"


def load(mission: str | Path, overrides: Sequence[str] = (), *, flight: str | None = None) -> Scenario:
    """Read a mission file, or one of those that come with the program by its name, such as "shenzhou-20".

    `overrides`: texts `KEY=VALUE`, such as "launch.perigee_km=205.0"; `KEY=` takes a key out. `flight`: a ship of a
    programme, where `mission` is one: its own mission, or one made of the programme, with those docked and aboard then.
    ScenarioError lists every problem of the file at once: where it is, what was found, and what is allowed there.
    """
    given, set_ = path(mission, "mission", A_MISSION), texts(overrides)
    if flight is None:
        return load_scenario(given, set_)
    from sim.planning.rotation.missions import flight as of_programme
    from sim.scenario.programme import load_programme

    return of_programme(load_programme(given), text(flight, "flight"), set_)


def fly(mission: str | Path | Scenario | Mission, *, progress: Progress | None = None) -> FlightResult:
    """Fly a mission from its first phase to its last.

    `mission`: a name, a path, a scenario of `sim.load`, or a mission of `sim.build`. `progress` is called with the name
    of the phase and the fraction done.

    A phase that cannot be flown ends the flight; that is a result, not an error: `failed` of the flight is the leg that
    says why, and None where all was flown. ScenarioError where the file has problems, MissionFailed where the mission
    cannot even be built. It takes some 5 s for a crew rotation, and a minute more when the kernels are compiled for the
    first time.
    """
    report = function(progress) or silent
    if isinstance(mission, str | Path):
        mission = load(mission)
    if isinstance(mission, Scenario):
        return _flown(mission, report)[0]
    from sim.api.flight_result import FlightResult
    from sim.mission import Mission
    from sim.mission import fly as fly_phases

    if not isinstance(mission, Mission):
        raise wrong("mission", mission, f"{A_MISSION}, what sim.load or sim.build gives")
    flight = fly_phases(mission, report)
    return FlightResult(flight, mission.world, getattr(mission, "scenario", None))


def run(
    mission: str | Path | Scenario,
    out: Where,
    *,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
    pictures: str = "all",
    intervals: int = 0,
    watch: Watch | None = None,
) -> FlightResult:
    """Fly a mission and write its report, pictures, events and ephemerides into a directory.

    `out`: a path that does not exist yet, or `sim.Output(path, force=True)` to replace earlier results. The directory
    appears whole or not at all. `overrides`: texts `KEY=VALUE` for the file. `pictures`: "all", "key" (seven) or
    "none"; `sim.plot` draws the others later from the directory. Processes of their own draw while the mission flies,
    where there are cores for them. `intervals`: how many other flights of the same mission, each with another truth,
    are flown for the error bars of its forecasts; 0 for none. `watch` is called after each leg with the flight so far
    and the names of the phases ahead.

    MissionFailed where a phase cannot be flown, OutdirError where the directory cannot be used, ScenarioError where the
    file has problems.
    """
    if not isinstance(mission, Scenario):
        mission = load(mission, overrides)
    elif overrides:
        raise BadInput("overrides change a file while it is read; give them to sim.load, which made this scenario")
    report, after_leg = function(progress) or silent, function(watch, "watch")
    packaged.compare_all()  # the manifest names all of them: nothing is flown that it would refuse at the end
    place, names, others = output(out), chosen(text(pictures, "pictures")), checked_flights(intervals)
    if others:
        refuse_without_uncertainty(mission)
    from sim.output.drawing import drawing

    with whole(place.directory, place.force) as directory, drawing(directory, names) as beside:
        flight, timings = _flown(mission, report, beside, after_leg)
        if leg := flight.failed:
            raise MissionFailed(leg.phase, leg.reason)
        error_bars = _forecast(mission, flight, others, report) if others else None
        report("writing", 1.0)
        from sim.output.run import write

        write(flight.flight, mission, flight.world, directory, timings, beside, error_bars)
    return flight


def _flown(
    scenario: Scenario, progress: Progress, drawing: Drawing | None = None, watch: Watch | None = None
) -> tuple[FlightResult, dict[str, float]]:
    """Build and fly, and have pictures drawn meanwhile; the flight, and the wall time of both in seconds."""
    began = time.perf_counter()
    from sim.api.flight_result import FlightResult
    from sim.build.mission import build
    from sim.core.flight import Failure
    from sim.mission import fly as fly_phases
    from sim.planning.crew.beside import planning
    from sim.planning.crew.plan import NoPlan
    from sim.planning.crew.recheck import with_week
    from sim.uncertainty.truth import true_mission

    try:
        with compiled_ahead(scenario) as compiling, planning(scenario, beside=not compiling) as week:
            mission = true_mission(build(scenario), scenario)
            built = time.perf_counter()
            if drawing is not None:
                drawing.check()  # before anything is flown, which may be compiled first
            flight = fly_phases(mission, progress, partial(_meanwhile, drawing, watch, scenario, mission.world))
            landed = time.perf_counter()
            if scenario.week is not None and flight.failed is None:
                progress("week", 1.0)
                flight = with_week(flight, week.plan(), mission.world)
    except NoPlan as failure:
        raise MissionFailed("week", str(failure)) from None
    except Failure as failure:
        raise MissionFailed("before the flight", str(failure)) from None
    timings = {"load_and_build": built - began, "fly": landed - built}
    if scenario.week is not None:
        timings["week_after_the_flight"] = time.perf_counter() - landed
    return FlightResult(flight, mission.world, scenario), timings


def _forecast(scenario: Scenario, flight: FlightResult, flights: int, report: Progress) -> dict:
    """The error bars of a flight, by so many others of the same mission."""
    from sim.build.mission import build
    from sim.campaign.forecast import forecast

    mission, real = build(scenario), _real_flight(scenario, flight)
    tick = partial(_flight_by_flight, report)
    return forecast(scenario, mission, flight.flight, flights, tick, real).content()


def _flight_by_flight(report: Progress, done: int, flights: int) -> None:
    report(f"flight {done} of {flights}", done / flights)


def _real_flight(scenario: Scenario, flight: FlightResult) -> RealFlight | None:
    """When a real flight of the same profile docks, by those that had docked before the lift-off."""
    from sim.campaign.forecast import RealFlight
    from sim.scenario.sequence_file import PhasingEntry
    from sim.verification.flights import usual_duration

    profile = next((entry.profile for entry in scenario.sequence if isinstance(entry, PhasingEntry)), "")
    lift_off = next(event for event in flight.flight.events if event.name == "liftoff")
    value = usual_duration(profile, flight.flight.zero.plus(lift_off.t))
    return None if value is None else RealFlight(value.at, value.half_width, value.basis)


def _meanwhile(
    drawing: Drawing | None,
    watch: Watch | None,
    scenario: Scenario,
    world: World,
    so_far: Flight,
    ahead: tuple[Phase, ...],
) -> None:
    """Show the flight so far to who watches, and have drawn what it shows, if anything is; at its end, that is done by
    what writes the flight."""
    if watch is not None:
        from sim.api.flight_result import FlightResult

        watch(FlightResult(so_far, world, scenario), tuple(phase.name for phase in ahead))
    if drawing is None or not ahead:
        return
    from sim.output.run import plot_data

    drawing.flown([phase.name for phase in ahead], partial(plot_data, so_far, scenario, world))
