"""The constraints of the model that hold between activities: one thing at a time, resources, order, quiet, hours."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.core.week import MINUTE, Person, WeekRules
from sim.planning.crew.parts import HOUR_STEPS, Groups, Meeting, Model, Problem, Variables, awake_steps, steps_of


def one_thing_at_a_time(asked: Problem, made: Model, groups: Groups) -> None:
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
        for k in range(len(asked.days.waking)):  # said once more as a sum, which bounds the value of what can be done
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


def resources(asked: Problem, made: Model, groups: Groups) -> None:
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


def order(asked: Problem, made: Model, groups: Groups) -> None:
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


def quiet_of_each_other(asked: Problem, made: Model, groups: Groups) -> None:
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
    """Minutes of work in the waking time number k; the first, in which the crew arrives, is a day of adaptation too."""
    group = rules.groups[person.group]
    return group.work_first if k <= rules.adaptation_days else group.work


def working_time(asked: Problem, made: Model, groups: Groups) -> None:
    model = made.model
    for person in asked.rules.people:
        for k in range(len(asked.days.waking)):
            limit = work_limit(asked.rules, person, k)
            name = f"{person.key}: at most {limit} min of work on day {k}"
            if not groups.has(name):
                continue
            done = sum(v.activity.minutes * v.does[person.key, k] for v in made.times if (person.key, k) in v.does)
            meetings = sum(x.common.minutes for x in made.commons if x.common.work and x.day == k)
            model.add(done + meetings <= limit).only_enforce_if(groups.literals(name))
