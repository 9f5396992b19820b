"""The week as a constraint model for CP-SAT: what is done when and by whom.

Times are steps of the plan's grid. Each constraint belongs to a named group, so that a plan that cannot be made is
explained by the groups that clash (`clash.py`); a model is built of all groups or of some.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from sim.core.week import Activity, WeekRules
from sim.planning.crew import constraints
from sim.planning.crew.conditions import Sky, allowed
from sim.planning.crew.days import Days
from sim.planning.crew.parts import (
    GRID,
    HOUR_STEPS,
    Exercise,
    Groups,
    Meeting,
    Model,
    Problem,
    Variables,
    awake_steps,
    steps_of,
)


def problem(rules: WeekRules, days: Days, seen: Sky, hatch: float, undocking: float) -> Problem:
    """The steps at which the conditions of each activity, and its windows after the hatch and before the undocking, let
    it begin."""
    last = int((undocking - hatch) // GRID)
    at = hatch + GRID * np.arange(last)
    starts = {}
    for a in rules.activities:
        length, runs = GRID * steps_of(a.minutes), GRID * steps_of(a.run)
        groups = []
        if a.conditions.quiet or a.conditions.orbital:
            good = allowed(a.conditions, at, length, runs, seen)
            groups.append((f"{a.name}: {a.conditions.words}", np.flatnonzero(good)))
        if a.after_hatch is not None:
            since = (at - hatch) / 3600.0
            good = (since >= a.after_hatch[0]) & (since <= a.after_hatch[1])
            low, high = a.after_hatch
            groups.append((f"{a.name}: begins {low:g} to {high:g} h after the hatch opens", np.flatnonzero(good)))
        if a.before_undocking is not None:
            before = (undocking - at - length) / 3600.0
            good = (before >= a.before_undocking[0]) & (before <= a.before_undocking[1])
            low, high = a.before_undocking
            groups.append((f"{a.name}: ends {low:g} to {high:g} h before the undocking", np.flatnonzero(good)))
        elif at_end := rules.last_work:
            words = f"{a.name}: over {at_end / 3600.0:g} h before the undocking"
            groups.append((words, np.flatnonzero(at + length + runs + at_end <= undocking)))
        if a.optional:
            words = f"{a.name}: begins {rules.science_from / 3600.0:g} h after the hatch opens"
            groups.append((words, np.flatnonzero(at >= hatch + rules.science_from)))
        starts[a.name] = tuple(groups)
    return Problem(rules, days, hatch, last, starts)


def build(asked: Problem, without: Iterable[str] = (), assuming: bool = False) -> Model:
    """The model without some groups; `assuming`: those that can be are under a literal of their own."""
    from ortools.sat.python import cp_model  # a third of a second, only where a week is planned

    made = Model(cp_model.CpModel())
    groups = Groups(made, frozenset(without), assuming)
    for activity in asked.rules.activities:
        _activity(asked, activity, made, groups)
    _commons(asked, made, groups)
    _exercise(asked, made, groups)
    constraints.one_thing_at_a_time(asked, made, groups)
    constraints.resources(asked, made, groups)
    constraints.order(asked, made, groups)
    constraints.quiet_of_each_other(asked, made, groups)
    constraints.working_time(asked, made, groups)
    optional = [v for v in made.times if v.activity.optional]
    made.value = sum(v.activity.priority * v.activity.minutes * v.present for v in optional)
    made.possible = sum(v.activity.priority * v.activity.minutes for v in optional)
    return made


def _activity(asked: Problem, a: Activity, made: Model, groups: Groups) -> None:
    from ortools.sat.python import cp_model

    model, length = made.model, steps_of(a.minutes)
    groups_of = [(name, steps) for name, steps in asked.starts[a.name] if groups.has(name)]
    domains = [(name, cp_model.Domain.from_values(steps.tolist())) for name, steps in groups_of]
    possible = np.ones(asked.last + 1, dtype=bool)
    if not groups.assuming:
        for _, steps in groups_of:
            possible &= np.isin(np.arange(asked.last + 1), steps)
    for number in range(1, a.times + 1):
        label = f"{a.name} {number}"
        present = model.new_bool_var(label)
        if not a.optional and groups.has(must := f"{a.name}: must be done"):
            model.add_bool_or(present).only_enforce_if(groups.literals(must))
        start = model.new_int_var(0, asked.last, f"{label} start")
        within = {}
        for k in range(len(asked.days.waking)):
            first, last = awake_steps(asked, k)
            if last - first >= length and possible[first : last - length + 1].any():
                within[k] = model.new_bool_var(f"{label} in {k}")
                model.add_linear_constraint(start, first, last - length).only_enforce_if(within[k])
        model.add(sum(within.values()) == present)
        for name, domain in domains:
            model.add_linear_expression_in_domain(start, domain).only_enforce_if(present, *groups.literals(name))
        does, who = _people(asked, a, label, present, within, made, groups)
        made.times.append(Variables(a, number, present, start, within, does, who))
    for one, other in pairwise(made.times[-a.times :]):
        model.add_implication(other.present, one.present)
        model.add(other.start >= one.start + length).only_enforce_if(other.present)


def _people(asked, a: Activity, label: str, present, within: Mapping[int, Any], made: Model, groups: Groups):
    """Who does it, in which waking time: literals by (person, waking time), and by person."""
    model = made.model
    does: dict[tuple[str, int], Any] = {}
    who: dict[str, Any] = {}
    for word, count in a.crew.items():
        candidates = [p.key for p in asked.rules.people if word in p.groups]
        if count == len(candidates):
            who.update(dict.fromkeys(candidates, present))
            does.update({(key, k): inside for key in candidates for k, inside in within.items()})
            continue
        for key in candidates:
            who[key] = model.new_bool_var(f"{label} {key}")
            for k in within:
                does[key, k] = model.new_bool_var(f"{label} {key} {k}")
            model.add(sum(does[key, k] for k in within) == who[key])
        for k, inside in within.items():
            model.add(sum(does[key, k] for key in candidates) == count * inside)
    return does, who


def _commons(asked: Problem, made: Model, groups: Groups) -> None:
    """Meals and conferences of all, once in each waking time that is long enough."""
    last = len(asked.days.waking) - 1
    for k, waking in enumerate(asked.days.waking):
        for common in asked.rules.commons:
            name = f"all: {common.name}"
            if waking.hours < common.awake_least or not groups.has(name):
                continue
            if (common.before_sleep and k == last) or (common.after_waking and k == 0):
                continue  # no sleep ends, or begins, there
            length, start, end = steps_of(common.minutes), asked.step(waking.start), asked.step(waking.end)
            if common.after_waking is not None:
                low, high = (start + int(h * HOUR_STEPS) for h in common.after_waking)
            else:
                assert common.before_sleep is not None  # the file has one of the two
                high, low = (end - int(h * HOUR_STEPS) - length for h in common.before_sleep)
            window = max(low, start), min(high, end - length)
            at = made.model.new_int_var(*window, f"{common.name} {k}")
            made.commons.append(Meeting(common, k, length, at, window))


def _exercise(asked: Problem, made: Model, groups: Groups) -> None:
    """Two blocks for each person in each waking time that is long enough, the first before the second."""
    if not groups.has("exercise"):
        return
    model, intervals = made.model, []
    for k, waking in enumerate(asked.days.waking):
        if waking.hours < asked.rules.exercise_awake:
            continue
        first, last = awake_steps(asked, k)
        for person in asked.rules.people:
            length = steps_of(asked.rules.groups[person.group].exercise / 2.0)
            if length == 0:
                continue
            begins = [model.new_int_var(first, last - length, f"exercise {person.key} {k} {i}") for i in range(2)]
            model.add(begins[1] >= begins[0] + length + int(HOUR_STEPS))
            made.exercise += [Exercise(person, k, length, begin) for begin in begins]
            intervals += [model.new_fixed_size_interval_var(begin, length, "") for begin in begins]
    if intervals and groups.has(f"exercise: {asked.rules.devices} devices"):
        model.add_cumulative(intervals, [1] * len(intervals), asked.rules.devices)
