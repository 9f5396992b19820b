"""The plan of a week: the best one that the solver finds, with its bound, as a frozen result."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.core.flight import Failure
from sim.core.week import Block, Entry, WeekPlan, WeekRules
from sim.planning.crew.clash import clash
from sim.planning.crew.conditions import Sky, sky, strips
from sim.planning.crew.days import days
from sim.planning.crew.model import build, problem
from sim.planning.crew.parts import GRID, Model, Problem, Variables, steps_of
from sim.planning.crew.rules import week_rules
from sim.planning.crew.stay import Stay, forecast_stay
from sim.scenario import Scenario

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 5.0  # of the solver's own count of its work, the same on every machine; about ten times what a week takes
LIMIT_S = 30.0  # of wall time, for a machine that is slower still; what was found until then is the plan


class NoPlan(Failure):
    """A week that cannot be planned, with a least set of constraints that clash: without any of them it could."""

    def __init__(self, clashing: tuple[str, ...] = ()):
        self.clashing = clashing
        words = "; ".join(clashing) or "nothing single: the whole of it is too much"
        super().__init__(f"the week cannot be planned: these cannot all hold: {words}")

    def __reduce__(self):
        """As it goes to another process."""
        return NoPlan, (self.clashing,)


def plan_week(scenario: Scenario) -> WeekPlan | None:
    """The week of a mission, from what is known before it flies; None where it names none. Failure where the mission
    cannot be flown as written, NoPlan where its week cannot be planned."""
    rules = week_rules(scenario)
    return None if rules is None else planned(rules, forecast_stay(scenario))


def planned(rules: WeekRules, stay: Stay) -> WeekPlan:
    """The plan of a stay. The same rules and stay make the same plan: the solver works alone, with a fixed seed, and
    stops by a count of its work."""
    zero = stay.world.zero
    begin = _next_step(zero.plus(stay.hatch).tai_ns, stay.hatch)
    found = days(rules, zero, begin, stay.undocking, GRID)
    seen = sky(stay, rules.physics)
    asked = problem(rules, found, seen, begin, stay.undocking)
    made = build(asked)
    made.model.maximize(made.value)
    for v in made.times:
        made.model.add_hint(v.present, 1)
    solver = _solver()
    status = solver.solve(made.model)
    name = solver.status_name(status)
    if name == "INFEASIBLE":
        raise NoPlan(clash(asked))
    if name not in ("OPTIMAL", "FEASIBLE"):
        raise Failure(f"no plan of the week was found within the effort of the solver ({name.lower()}); ask for less")
    return _read(asked, made, solver, stay, seen)


def _next_step(tai_ns: int, t: float) -> float:
    """The first instant from `t` s on that is a whole step of the clock: cards show such times."""
    # Clocks differ from TAI by whole seconds, and the offset since 2017 is 37 s.
    from sim.core.epoch import Epoch

    moment = Epoch(tai_ns)
    past = moment.datetime().timestamp() % GRID
    return t + (GRID - past) % GRID


def _solver() -> cp_model.CpSolver:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 1
    parameters.max_deterministic_time = EFFORT
    parameters.max_time_in_seconds = LIMIT_S
    parameters.symmetry_level = 0  # looking for symmetries and probing take longer than the search
    parameters.cp_model_probing_level = 0
    return solver


def _read(asked: Problem, made: Model, solver: Any, stay: Stay, seen: Sky) -> WeekPlan:
    """The solution in seconds, in the order of time."""
    from importlib.metadata import version

    rules, everyone = asked.rules, tuple(p.key for p in asked.rules.people)

    def at(step: int) -> float:
        return asked.origin + GRID * step

    entries = sorted(
        (_entry(v, solver, at) for v in made.times if solver.value(v.present)),
        key=lambda e: (e.start, e.activity, e.number),
    )
    blocks = [Block("sleep", "sleep", a, b, everyone) for a, b in asked.days.sleeps]
    for x in made.commons:
        start, kind = solver.value(x.start), "meeting" if x.common.work else "meal"
        blocks.append(Block(kind, x.common.name, at(start), at(start + x.steps), everyone, x.common.work))
    for one in made.exercise:
        start = solver.value(one.start)
        blocks.append(Block("exercise", "exercise", at(start), at(start + one.steps), (one.person.key,)))
    done = Counter(e.activity for e in entries)
    return WeekPlan(
        rules=rules,
        lift_off=stay.lift_off,
        docked=stay.docked,
        hatch=stay.hatch,
        undocking=stay.undocking,
        waking=asked.days.waking,
        entries=tuple(entries),
        blocks=tuple(sorted(blocks, key=lambda b: (b.start, b.title, b.people))),
        left_out=tuple((a.name, a.times - done[a.name]) for a in rules.activities if done[a.name] < a.times),
        value=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
        possible=made.possible,
        strips=strips(rules, seen, stay.undocking),
        solver=f"OR-Tools CP-SAT {version('ortools')}",
    )


def _entry(v: Variables, solver: Any, at: Any) -> Entry:
    start = solver.value(v.start)
    end = start + steps_of(v.activity.minutes)
    people = tuple(key for key, literal in v.who.items() if solver.value(literal))
    return Entry(v.activity.name, v.number, at(start), at(end), at(end + steps_of(v.activity.run)), people)
