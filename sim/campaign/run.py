"""One run of a campaign, and all of them on several processes: what comes back depends on the run's number alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from sim.campaign import workers as workers_of
from sim.campaign.phases import PHASES
from sim.campaign.words import ALL, HOME
from sim.core.flight import Flight
from sim.core.processes import undisturbed
from sim.core.random_streams import RandomDraws
from sim.core.week import WeekPlan
from sim.mission import Mission, fly
from sim.planning.crew.recheck import with_week
from sim.scenario import Scenario
from sim.uncertainty import targets
from sim.uncertainty.disperse import disperse, read_back
from sim.uncertainty.draw import Dispersion, Draw, draw
from sim.uncertainty.truth import Uncertainty, uncertainty_of

FLOWN, FAILED = "flown", "failed"


@dataclass(frozen=True)
class Prepared:
    """All that a run needs but its number: the mission that begins with the phase, planned; what is drawn for it.

    `uncertainty`: of a whole flight or a return, whose `dispersions` are its laws. `week`: planned once, by what is
    known before all of them; each flight is held against it.
    """

    mission: Mission
    phase: str
    dispersions: tuple[Dispersion, ...]
    seed: int
    uncertainty: Uncertainty | None = None
    week: WeekPlan | None = None


@dataclass(frozen=True)
class Run:
    """One line of the table: whether it was flown and why not, the rules broken, what was found of each draw in the
    mission, and what came of it (empty where it failed). `rules`: all that were judged, broken or not."""

    number: int
    status: str
    reason: str
    broken: tuple[str, ...]
    drawn: Draw
    quantities: dict[str, float]
    rules: tuple[str, ...] = ()


def whole_flights(mission: Mission, scenario: Scenario, seed: int, week: WeekPlan | None = None) -> Prepared:
    """Whole flights of a planned mission, dispersed by the uncertainty that the scenario names; each is held against
    the week, if there is one."""
    uncertainty = uncertainty_of(scenario)
    assert uncertainty is not None  # a mission without one was refused
    return Prepared(mission, ALL, uncertainty.laws, seed, uncertainty, week)


def returns(mission: Mission, scenario: Scenario, dispersions: tuple[Dispersion, ...], seed: int) -> Prepared:
    """Returns of a planned mission that begins with its deorbit: dispersed by these laws, with the tracking and the
    air of the uncertainty that the scenario names."""
    uncertainty = uncertainty_of(scenario)
    assert uncertainty is not None  # a mission without one was given one
    return Prepared(mission, HOME, dispersions, seed, replace(uncertainty, laws=dispersions))


def flown(prepared: Prepared, number: int, whole: bool = False) -> tuple[Run, Flight | None]:
    """Fly one run, with all its histories or with what its row needs alone; the flight is missing where an error
    occurred that no phase handles."""
    phase = PHASES[prepared.phase]
    mission, found = dispersed(prepared, number)
    mission = phase.with_draws(mission, RandomDraws(prepared.seed, number))
    return measured(mission if whole else phase.brief(mission), prepared.phase, number, found, prepared.week)


def dispersed(prepared: Prepared, number: int) -> tuple[Mission, Draw]:
    """The mission of one run, and what is found in it of each draw."""
    if prepared.uncertainty is not None:
        true = prepared.uncertainty.true(prepared.mission, RandomDraws(prepared.seed, number))
        return true, dict(true.drawn)
    d = prepared.dispersions
    drawn = draw(d, {x.path: targets.parts(x.path) for x in d}, prepared.seed, number)
    mission = disperse(prepared.mission, d, drawn)
    return mission, read_back(prepared.mission, mission, d, drawn)


def measured(
    mission: Mission, phase: str, number: int, found: Draw, week: WeekPlan | None = None
) -> tuple[Run, Flight | None]:
    """Fly what is left of a mission, one phase or all, and take its measures."""
    try:
        flight = fly(mission)
        if leg := flight.failed:
            reason = leg.reason if len(mission.phases) == 1 else f"{leg.phase}: {leg.reason}"
            return Run(number, FAILED, reason, (), found, {}), flight
        flight = with_week(flight, week, mission.world)
        quantities = {k: float(v) for k, v in PHASES[phase].measure(flight, mission).items()}
    except MemoryError:  # the machine's fault, not the run's
        raise
    except Exception as error:  # an unforeseen error: it is counted and reported, and the other runs go on
        return Run(number, FAILED, f"{type(error).__name__}: {' '.join(str(error).split())}", (), found, {}), None
    if wrong := [name for name, value in quantities.items() if not math.isfinite(value)]:
        return Run(number, FAILED, f"no number came out for {', '.join(wrong)}", (), found, {}), flight
    broken = tuple(v.rule for v in flight.verdicts if not v.passed)
    rules = tuple(dict.fromkeys(v.rule for v in flight.verdicts))
    return Run(number, FLOWN, "", broken, found, quantities, rules), flight


def nominal(prepared: Prepared) -> Run:
    """The run in which nothing is dispersed, under no number."""
    return measured(PHASES[prepared.phase].brief(prepared.mission), prepared.phase, -1, {}, prepared.week)[0]


def fly_all(prepared: Prepared, numbers: Iterable[int], workers: int) -> Iterator[Run]:
    """The runs as they come, in any order, flown by that many processes; by none but this one where it is 0.

    Here a run has no time limit, for nothing can end it but the end of the process.
    """
    if workers < 1:
        for number in numbers:
            yield flown(prepared, number)[0]
        return
    for number, run in workers_of.fly_all(partial(_fly, prepared), numbers, workers, undisturbed):
        lost = isinstance(run, workers_of.Lost)
        yield Run(number, FAILED, run.reason, (), dispersed(prepared, number)[1], {}) if lost else run


def _fly(prepared: Prepared, number: int) -> Run:
    return flown(prepared, number)[0]
