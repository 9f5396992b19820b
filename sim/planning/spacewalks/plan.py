"""A plan of spacewalks in the stay of a crew: the best one that CP-SAT finds, with its bound.

As many as are asked for come first, then the soft rules, then sunlight: at a high angle of the Sun above the plane of
the orbit a spacewalk has more of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

import numpy as np

from sim.core.flight import Failure
from sim.planning.rotation.timeline import DAY
from sim.planning.spacewalks.judging import HOUR
from sim.planning.spacewalks.windows import Season

WORTH_WALK, WORTH_DAY, WORTH_USUAL, WORTH_SUN, WORTH_EVEN = 100_000, 3_000, 3_000, 1_000, 100
EFFORT = 20.0  # of the solver's own count of its work, the same on every machine; a stay of half a year takes a tenth
LIMIT_S = 60.0  # of wall time, for a machine that is slower still


@dataclass(frozen=True)
class Planned:
    """One planned spacewalk: `start`, `end` s from the season's zero; `people`, who is outside; `claims`: the rules
    that it is to keep, the soft ones among them; `sunlit` share; `beta` deg; `work`: what is assumed to be done."""

    number: int
    start: float
    end: float
    people: tuple[str, ...]
    claims: frozenset[str]
    sunlit: float
    beta: float
    work: str = ""


@dataclass(frozen=True)
class SpacewalkPlan:
    """`walks` in order, of the `asked` that were required. `value` and `bound` are the solver's: no plan is worth more
    than the bound. `work_of`: how many spacewalks of the record in a row, the last before the plan, had the work that
    is assumed of these; 0 where none is."""

    walks: tuple[Planned, ...]
    asked: int
    value: int
    bound: int
    solver: str
    work_of: int = 0

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / self.value if self.value else 0.0


def planned(found: Season, count: int) -> SpacewalkPlan:
    """At most `count` spacewalks at starts that every hard rule allows; Failure where the solver comes to no end."""
    from importlib.metadata import version

    from ortools.sat.python import cp_model

    name = f"OR-Tools CP-SAT {version('ortools')}"
    rows = np.flatnonzero(found.open)
    if not rows.size or len(found.crew.outside) < found.rules.spacewalk.outside:
        return SpacewalkPlan((), count, 0, 0, name)
    model = cp_model.CpModel()
    picks = [_pick(model, found, rows, k) for k in range(count)]
    usual = _rest(model, found, picks)
    who, even = _people(model, found, picks)
    worth = sum(WORTH_WALK * p.present + p.worth for p in picks) + WORTH_USUAL * sum(usual) - WORTH_EVEN * even
    model.maximize(worth)
    solver = _solver()
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Failure(f"no plan of spacewalks was found ({solver.status_name(status).lower()}); ask for fewer")
    chosen = [(int(rows[solver.value(p.row)]), k) for k, p in enumerate(picks) if solver.value(p.present)]
    walks = []
    times = [found.starts[row] for row, _ in chosen] + list(found.others)
    for number, (row, k) in enumerate(chosen, 1):
        people = tuple(q.name for q, literal in zip(found.crew.outside, who[k], strict=True) if solver.value(literal))
        walks.append(_read(found, number, row, people, times))
    value, bound = round(solver.objective_value), round(solver.best_objective_bound)
    return SpacewalkPlan(tuple(walks), count, value, bound, name, expected_work(found)[1])


def expected_work(found: Season) -> tuple[str, int]:
    """What the last spacewalk of the record before the plan was for, and how many in a row were; "" and 0 where it is
    not recorded. Nothing is published of the work to come: shields went out with every crew since 2024."""
    known = [e.work for e in sorted(found.found.evas, key=lambda e: e.start) if e.start < found.zero]
    work = known[-1] if known else ""
    row = list(takewhile(lambda one: one == work, reversed(known)))
    return work, len(row) if work else 0


@dataclass(frozen=True)
class _Pick:
    """Variables of one spacewalk: `row` among the open starts, `day` of its start in steps, what it is `worth`."""

    present: Any
    row: Any
    step: Any
    worth: Any


def _pick(model: Any, found: Season, rows: np.ndarray, k: int) -> _Pick:
    every = 60.0 * found.rules.planning.step_min
    steps = np.rint((found.starts[rows] - found.starts[0]) / every).astype(int)
    worth = WORTH_DAY * found.whole_day[rows] + np.rint(WORTH_SUN * found.sunlit[rows]).astype(int)
    present = model.new_bool_var(f"walk {k}")
    row = model.new_int_var(0, len(rows) - 1, f"row {k}")
    step = model.new_int_var(0, int(steps[-1]), f"step {k}")
    own = model.new_int_var(0, WORTH_DAY + WORTH_SUN, f"own {k}")
    model.add_element(row, steps.tolist(), step)
    model.add_element(row, [int(w) for w in worth], own)
    counted = model.new_int_var(0, WORTH_DAY + WORTH_SUN, f"worth {k}")
    model.add(counted == own).only_enforce_if(present)
    model.add(counted == 0).only_enforce_if(present.negated())
    return _Pick(present, row, step, counted)


def _rest(model: Any, found: Season, picks: list[_Pick]) -> list[Any]:
    """The crew's rest between two; literals for those that have the usual one before them."""
    every, margin = 60.0 * found.rules.planning.step_min, 60.0 * found.rules.planning.retime_min
    rules = found.rules.between, found.rules.between_usual
    shortest, usual = (int(np.ceil((rule.least_days * DAY + 2.0 * margin) / every)) for rule in rules)
    must, kept = found.rules.between_usual.hard, []
    for before, after in pairwise(picks):
        model.add_implication(after.present, before.present)
        model.add(after.step >= before.step + (usual if must else shortest)).only_enforce_if(after.present)
        literal = model.new_bool_var("")
        model.add(after.step >= before.step + usual).only_enforce_if(literal)
        model.add_implication(literal, after.present)
        kept.append(literal)
    for other in found.others:  # earlier ones of the same crew
        since = round((other - found.starts[0]) / every)
        model.add(picks[0].step >= since + shortest).only_enforce_if(picks[0].present)
    return kept


def _people(model: Any, found: Season, picks: list[_Pick]) -> tuple[list[list[Any]], Any]:
    """Who is outside each time, and by how much one goes out more often than another."""
    who = [[model.new_bool_var(p.name) for p in found.crew.outside] for _ in picks]
    every = 60.0 * found.rules.planning.step_min
    length = found.rules.spacewalk.length_h * HOUR + 60.0 * found.rules.planning.retime_min
    for pick, literals in zip(picks, who, strict=True):
        model.add(sum(literals) == found.rules.spacewalk.outside * pick.present)
        for person, literal in zip(found.crew.outside, literals, strict=True):
            if person.left is not None:
                last = person.left.since(found.zero) - found.rules.last.before_days * DAY - length
                model.add(pick.step <= int((last - found.starts[0]) // every)).only_enforce_if(literal)
    high, low = (model.new_int_var(0, len(picks), name) for name in ("high", "low"))
    for k in range(len(found.crew.outside)):
        times = sum(literals[k] for literals in who)
        model.add(high >= times)
        model.add(low <= times)
    return who, high - low


def _read(found: Season, number: int, row: int, people: tuple[str, ...], times: list[float]) -> Planned:
    start = float(found.starts[row])
    claims = {*found.allowed, "light"}
    claims |= {"crew_day"} if found.whole_day[row] else set()
    gaps = [abs(start - other) for other in times if other != start]
    for name in ("between", "between_usual"):
        apart = getattr(found.rules, name).least_days * DAY + 120.0 * found.rules.planning.retime_min
        if all(gap >= apart for gap in gaps):
            claims.add(name)
    return Planned(
        number=number,
        start=start,
        end=start + found.rules.spacewalk.length_h * HOUR,
        people=people,
        claims=frozenset(claims),
        sunlit=float(found.sunlit[row]),
        beta=float(found.beta[row]),
        work=expected_work(found)[0],
    )


def _solver() -> Any:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = EFFORT
    solver.parameters.max_time_in_seconds = LIMIT_S
    return solver
