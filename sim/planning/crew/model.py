"""The week as a constraint model for CP-SAT: what is done when and by whom.

Times are steps of the plan's grid. Each constraint belongs to a named group, so that a plan that cannot be made is
explained by the groups that clash (`clash.py`); a model is built of all groups or of some.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from sim.core.week import MINUTE, Activity, Common, Person, WeekRules
from sim.planning.crew.conditions import Sky, allowed
from sim.planning.crew.days import Days

GRID = 300.0  # s
HOUR_STEPS = 3600.0 / GRID


@dataclass(frozen=True)
class Problem:
    """What is asked: rules, days, and the steps at which each condition lets an activity begin. `origin` s: step 0, the
    hatch; `last`: the step of the undocking. `starts`: activity -> (group, allowed steps)."""

    rules: WeekRules
    days: Days
    origin: float
    last: int
    starts: Mapping[str, tuple[tuple[str, np.ndarray], ...]]

    def step(self, t: float) -> int:
        return round((t - self.origin) / GRID)


@dataclass(frozen=True)
class Variables:
    """Of one time of an activity. `who`: person -> literal, or one for all of them; `within`: awake time -> literal."""

    activity: Activity
    number: int
    present: Any
    start: Any
    within: Mapping[int, Any]
    does: Mapping[tuple[str, int], Any]
    who: Mapping[str, Any]


@dataclass(frozen=True)
class Meeting:
    """A meal or a conference of all, on one day: its length in steps, and its start."""

    common: Common
    day: int
    steps: int
    start: Any
    window: tuple[int, int]


@dataclass(frozen=True)
class Exercise:
    person: Person
    day: int
    steps: int
    start: Any


@dataclass
class Model:
    """The model and what is read from its solution. `assumed`: group -> literal, of those that can be assumed;
    `groups`: the names of all, in order."""

    model: Any
    times: list[Variables] = field(default_factory=list)
    commons: list[Meeting] = field(default_factory=list)
    exercise: list[Exercise] = field(default_factory=list)
    assumed: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)
    value: Any = 0
    possible: int = 0


def steps_of(minutes: float) -> int:
    """Whole steps that hold so many minutes."""
    return int(np.ceil(minutes * MINUTE / GRID - 1e-9))


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
        if a.wanted:
            words = f"{a.name}: begins {rules.science_from / 3600.0:g} h after the hatch opens"
            groups.append((words, np.flatnonzero(at >= hatch + rules.science_from)))
        starts[a.name] = tuple(groups)
    return Problem(rules, days, hatch, last, starts)


def build(asked: Problem, without: Iterable[str] = (), assuming: bool = False) -> Model:
    """The model without some groups; `assuming`: those that can be are under a literal of their own."""
    from ortools.sat.python import cp_model  # a third of a second, only where a week is planned

    made = Model(cp_model.CpModel())
    groups = _Groups(made, frozenset(without), assuming)
    for activity in asked.rules.activities:
        _activity(asked, activity, made, groups)
    _commons(asked, made, groups)
    _exercise(asked, made, groups)
    _one_thing_at_a_time(asked, made, groups)
    _resources(asked, made, groups)
    _order(asked, made, groups)
    _quiet_of_each_other(asked, made, groups)
    _working_time(asked, made, groups)
    wanted = [v for v in made.times if v.activity.wanted]
    made.value = sum(v.activity.priority * v.activity.minutes * v.present for v in wanted)
    made.possible = sum(v.activity.priority * v.activity.minutes for v in wanted)
    return made


@dataclass(frozen=True)
class _Groups:
    made: Model
    without: frozenset[str]
    assuming: bool

    def has(self, name: str) -> bool:
        """Whether the group is in the model; it is noted by its name."""
        self.made.groups[name] = None
        return name not in self.without

    def literals(self, name: str) -> list[Any]:
        """What enforces the constraints of a group: nothing, or its literal."""
        if not self.assuming:
            return []
        if name not in self.made.assumed:
            self.made.assumed[name] = self.made.model.new_bool_var(name)
        return [self.made.assumed[name]]


def awake_steps(asked: Problem, k: int) -> tuple[int, int]:
    """First and last step of an awake time, without what it takes to get up and to go to bed."""
    rules, these = asked.rules, asked.days.awake
    start = asked.step(these[k].start) + (steps_of(rules.after_sleep / MINUTE) if k else 0)
    end = asked.step(these[k].end) - (steps_of(rules.before_sleep / MINUTE) if k < len(these) - 1 else 0)
    return start, min(end, asked.last)


def _activity(asked: Problem, a: Activity, made: Model, groups: _Groups) -> None:
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
        if not a.wanted and groups.has(must := f"{a.name}: must be done"):
            model.add_bool_or(present).only_enforce_if(groups.literals(must))
        start = model.new_int_var(0, asked.last, f"{label} start")
        within = {}
        for k in range(len(asked.days.awake)):
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


def _people(asked, a: Activity, label: str, present, within: Mapping[int, Any], made: Model, groups: _Groups):
    """Who does it, in which awake time: literals by (person, awake time), and by person."""
    model = made.model
    does: dict[tuple[str, int], Any] = {}
    who: dict[str, Any] = {}
    for word, count in a.crew.items():
        there = [p.key for p in asked.rules.people if word in p.groups]
        if count == len(there):
            who.update(dict.fromkeys(there, present))
            does.update({(key, k): inside for key in there for k, inside in within.items()})
            continue
        for key in there:
            who[key] = model.new_bool_var(f"{label} {key}")
            for k in within:
                does[key, k] = model.new_bool_var(f"{label} {key} {k}")
            model.add(sum(does[key, k] for k in within) == who[key])
        for k, inside in within.items():
            model.add(sum(does[key, k] for key in there) == count * inside)
    return does, who


def _commons(asked: Problem, made: Model, groups: _Groups) -> None:
    """Meals and conferences of all, once in each awake time that is long enough."""
    last = len(asked.days.awake) - 1
    for k, awake in enumerate(asked.days.awake):
        for common in asked.rules.commons:
            name = f"all: {common.name}"
            if awake.hours < common.awake_least or not groups.has(name):
                continue
            if (common.before_sleep and k == last) or (common.after_waking and k == 0):
                continue  # no sleep ends, or begins, there
            length, start, end = steps_of(common.minutes), asked.step(awake.start), asked.step(awake.end)
            if common.after_waking is not None:
                low, high = (start + int(h * HOUR_STEPS) for h in common.after_waking)
            else:
                assert common.before_sleep is not None  # the file has one of the two
                high, low = (end - int(h * HOUR_STEPS) - length for h in common.before_sleep)
            window = max(low, start), min(high, end - length)
            at = made.model.new_int_var(*window, f"{common.name} {k}")
            made.commons.append(Meeting(common, k, length, at, window))


def _exercise(asked: Problem, made: Model, groups: _Groups) -> None:
    """Two blocks for each person in each awake time that is long enough, the first before the second."""
    if not groups.has("exercise"):
        return
    model, intervals = made.model, []
    for k, awake in enumerate(asked.days.awake):
        if awake.hours < asked.rules.exercise_awake:
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


def _one_thing_at_a_time(asked: Problem, made: Model, groups: _Groups) -> None:
    model = made.model
    together = [model.new_fixed_size_interval_var(x.start, x.steps, "") for x in made.commons]
    for person in asked.rules.people:
        if not groups.has(f"{person.key}: one thing at a time"):
            continue
        own = [
            model.new_optional_fixed_size_interval_var(v.start, steps_of(v.activity.minutes), v.who[person.key], "")
            for v in made.times
            if person.key in v.who
        ]
        own += [
            model.new_fixed_size_interval_var(x.start, x.steps, "") for x in made.exercise if x.person.key == person.key
        ]
        model.add_no_overlap([*own, *together])
        for k in range(len(asked.days.awake)):  # said once more as a sum, which bounds the value of what can be done
            first, last = awake_steps(asked, k)
            done = sum(
                steps_of(v.activity.minutes) * v.does[person.key, k] for v in made.times if (person.key, k) in v.does
            )
            other = sum(x.steps for x in made.commons if x.day == k and _inside(first, last, x))
            other += sum(x.steps for x in made.exercise if x.day == k and x.person.key == person.key)
            model.add(done <= last - first - other)


def _inside(first: int, last: int, x: Meeting) -> bool:
    """Whether a meeting lies within these steps wherever it is put."""
    return x.window[0] >= first and x.window[1] + x.steps <= last


def _resources(asked: Problem, made: Model, groups: _Groups) -> None:
    """Racks hold one experiment at a time; power and downlink at each instant; cold, up- and down-mass in all."""
    model, supplies = made.model, asked.rules.supplies

    def interval(v: Variables, runs: bool):
        length = steps_of(v.activity.minutes) + (steps_of(v.activity.run) if runs else 0)
        return model.new_optional_fixed_size_interval_var(v.start, length, v.present, "")

    for rack in asked.rules.racks:
        used = [interval(v, True) for v in made.times if v.activity.rack == rack]
        if used and groups.has(f"rack {rack}: one experiment at a time"):
            model.add_no_overlap(used)
    for name, runs in (("power", True), ("downlink", False)):
        uses = [v for v in made.times if getattr(v.activity, name) > 0.0]
        if uses and groups.has(f"station: {name} of {supplies[name]:g} at most"):
            sizes = [int(np.ceil(10.0 * getattr(v.activity, name))) for v in uses]
            model.add_cumulative([interval(v, runs) for v in uses], sizes, int(10.0 * supplies[name]))
    for name in ("cold", "up", "down"):
        group = f"station: {name} of {supplies[name]:g} at most"
        uses = [v for v in made.times if getattr(v.activity, name) > 0.0]
        if uses and groups.has(group):
            total = sum(int(np.ceil(100.0 * getattr(v.activity, name) - 1e-9)) * v.present for v in uses)
            model.add(total <= int(100.0 * supplies[name])).only_enforce_if(groups.literals(group))


def _order(asked: Problem, made: Model, groups: _Groups) -> None:
    """What follows what, and how long after."""
    model = made.model
    for a in asked.rules.activities:
        mine = [v for v in made.times if v.activity.name == a.name]
        if a.every is not None and groups.has(name := f"{a.name}: every {a.every[0]:g} to {a.every[1]:g} h"):
            bounds = int(np.ceil(a.every[0] * HOUR_STEPS)), int(a.every[1] * HOUR_STEPS)
            for one, other in pairwise(mine):
                apart = model.add_linear_constraint(other.start - one.start, *bounds)
                apart.only_enforce_if(other.present, *groups.literals(name))
        for earlier in a.after:
            low, high = a.gap if a.gap else (0.0, 1e4)
            name = f"{a.name}: after {earlier}" + (f", by {low:g} to {high:g} h" if a.gap else "")
            if not groups.has(name):
                continue
            theirs = [v for v in made.times if v.activity.name == earlier]
            bounds = int(np.ceil(low * HOUR_STEPS)), int(min(high * HOUR_STEPS, asked.last))
            for v in mine:
                first = theirs[-1 if a.times == 1 else min(v.number, len(theirs)) - 1]
                model.add_implication(v.present, first.present)
                gap = v.start - first.start - steps_of(first.activity.minutes)
                model.add_linear_constraint(gap, *bounds).only_enforce_if(v.present, *groups.literals(name))


def _quiet_of_each_other(asked: Problem, made: Model, groups: _Groups) -> None:
    """What needs quiet and what disturbs it lie apart."""
    model, apart = made.model, steps_of(asked.rules.physics.quiet / MINUTE)
    for v in (v for v in made.times if v.activity.conditions.quiet):
        for other in (w for w in made.times if w.activity.disturbs):
            name = f"{v.activity.name}: quiet from {other.activity.name}"
            if v.activity.name == other.activity.name or not groups.has(name):
                continue
            before = model.new_bool_var("")
            both = [v.present, other.present, *groups.literals(name)]
            end = v.start + steps_of(v.activity.minutes) + steps_of(v.activity.run)
            model.add(end + apart <= other.start).only_enforce_if(before, *both)
            other_end = other.start + steps_of(other.activity.minutes)
            model.add(other_end + apart <= v.start).only_enforce_if(~before, *both)


def work_limit(rules: WeekRules, person: Person, k: int) -> int:
    """Minutes of work in the awake time number k; the first, in which the crew arrives, is a day of adaptation too."""
    group = rules.groups[person.group]
    return group.work_first if k <= rules.adaptation_days else group.work


def _working_time(asked: Problem, made: Model, groups: _Groups) -> None:
    model = made.model
    for person in asked.rules.people:
        for k in range(len(asked.days.awake)):
            limit = work_limit(asked.rules, person, k)
            name = f"{person.key}: at most {limit} min of work on day {k}"
            if not groups.has(name):
                continue
            done = sum(v.activity.minutes * v.does[person.key, k] for v in made.times if (person.key, k) in v.does)
            meetings = sum(x.common.minutes for x in made.commons if x.common.work and x.day == k)
            model.add(done + meetings <= limit).only_enforce_if(groups.literals(name))
