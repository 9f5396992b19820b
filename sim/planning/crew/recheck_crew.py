"""The half of the re-check that needs no orbit: the stay, the order, the people, their hours, and what there is.

Nothing here comes from what made the plan; sums are made over the instants at which something begins or ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from sim.core.week import HOUR, MINUTE, Activity, Broken, Entry, WeekPlan, WeekRules
from sim.planning.crew.judging import HOURS, ORDER, PEOPLE, STAY, STORES, Flown, each, short

ROUNDING = 1.0  # s: a plan is laid out in whole minutes, a forecast is not
GRID = 301.0  # s: nights and meals are laid out in steps of five minutes
MOVED_SLEEP = 30.0 * MINUTE  # by so much may the last sleep be shortened where the undocking comes early


def stay(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    """All lies between the hatch and the undocking, as flown."""
    for a, e in each(plan, lambda a: True):
        by = max(flown.hatch - e.start, e.runs - flown.undocking)
        yield short(STAY, f"{a.title}: {by / MINUTE:.1f} min outside the stay", e.start, by, "s")


def order(plan: WeekPlan) -> Iterator[Broken | None]:
    """What must be done is; each time follows what it has to, by the gaps and windows asked."""
    rules = plan.rules
    done: dict[str, list[Entry]] = {a.name: [] for a in rules.activities}
    for e in sorted(plan.entries, key=lambda e: e.number):
        done[e.activity].append(e)
    for a in rules.activities:
        mine = done[a.name]
        missing = 0 if a.optional else a.times - len(mine)
        yield short(ORDER, f"{a.title}: {missing} of {a.times} times not planned", plan.docked, missing, "times")
        for one, other in zip(mine, mine[1:], strict=False):
            yield _gap(f"{a.title}: again", other.start - one.start, a.every, other.start)
            yield short(ORDER, f"{a.title}: before its time {one.number} ends", other.start, one.end - other.start, "s")
        for name in a.after:
            for e in mine:
                theirs = done[name]
                number = rules.activity(name).times if a.times == 1 else min(e.number, rules.activity(name).times)
                earlier = next((x for x in theirs if x.number == number), None)
                if earlier is None:
                    yield Broken(ORDER, f"{a.title}: {name} was not done before", e.start, 1.0, "times")
                    continue
                yield _gap(f"{a.title}: after {name}", e.start - earlier.end, a.gap or (0.0, math.inf), e.start)
        for e in mine:
            hatch, undocking = plan.hatch, plan.undocking
            yield _gap(f"{a.title}: after the hatch opened", e.start - hatch, a.after_hatch, e.start)
            yield _gap(f"{a.title}: before the undocking", undocking - e.end, a.before_undocking, e.start, 2.0 * MINUTE)


def _gap(
    what: str, seconds: float, allowed: tuple[float, float] | None, t: float, slack: float = ROUNDING
) -> Broken | None:
    """A time against the hours allowed."""
    if allowed is None:
        return None
    by = max(allowed[0] * HOUR - seconds, seconds - allowed[1] * HOUR)
    words = f"{what} {seconds / HOUR:.2f} h, allowed {allowed[0]:g} to {allowed[1]:g} h"
    return short(ORDER, words, t, by, "s", slack)


def _all_of(plan: WeekPlan, key: str) -> list[tuple[float, float, str]]:
    """What one person does, from when to when, in order."""
    entries = [(e.start, e.end, plan.rules.activity(e.activity).title) for e in plan.entries if key in e.people]
    return sorted([*entries, *((b.start, b.end, b.title) for b in plan.blocks if key in b.people)])


def people(plan: WeekPlan) -> Iterator[Broken | None]:
    """Nobody does two things at once, and each activity has those whom it needs."""
    for person in plan.rules.people:
        these = _all_of(plan, person.key)
        for (_, end, one), (start, _, other) in zip(these, these[1:], strict=False):
            yield short(PEOPLE, f"{person.key}: {one} and {other}", start, end - start, "s", ROUNDING)
    for a, e in each(plan, lambda a: True):
        chosen = [p for p in plan.rules.people if p.key in e.people]
        lacking = sum(max(count - sum(word in p.groups for p in chosen), 0) for word, count in a.crew.items())
        yield short(PEOPLE, f"{a.title}: {lacking} people too few", e.start, lacking, "people")


def hours(plan: WeekPlan) -> Iterator[Broken | None]:
    """Working time, exercise, sleep and meals of each person on each day."""
    rules = plan.rules
    nights = list(pairwise(plan.waking))
    for person in rules.people:
        group = rules.groups[person.group]
        for k, waking in enumerate(plan.waking):
            work = [
                (b.end - b.start) / MINUTE
                for b in _within(plan.blocks, waking.start, waking.end)
                if b.work and person.key in b.people
            ]
            for e in _within(plan.entries, waking.start, waking.end):
                if person.key in e.people:
                    work.append(rules.activity(e.activity).minutes)
            limit = group.work_first if k <= rules.adaptation_days else group.work
            what = f"{person.key}: {sum(work):.0f} min of work on day {k}, at most {limit}"
            yield short(HOURS, what, waking.start, sum(work) - limit, "min", 0.5)
            if waking.hours < rules.exercise_awake:
                continue
            moving = [b for b in _within(plan.blocks, waking.start, waking.end) if b.kind == "exercise"]
            minutes = sum((b.end - b.start) / MINUTE for b in moving if person.key in b.people)
            what = f"{person.key}: {minutes:.0f} min of exercise on day {k}, at least {group.exercise}"
            yield short(HOURS, what, waking.start, group.exercise - minutes, "min", 0.5)
        for k, (before, after) in enumerate(nights):
            shortest = rules.sleep - (MOVED_SLEEP if k in (0, len(nights) - 1) else 0.0)
            asleep = sum(
                b.end - b.start
                for b in plan.blocks
                if b.kind == "sleep" and before.end <= b.start < after.start and person.key in b.people
            )
            what = f"{person.key}: {asleep / HOUR:.1f} h of sleep after day {k}"
            yield short(HOURS, what, before.end, shortest - asleep, "s", GRID)
    yield from _commons(plan)


def _commons(plan: WeekPlan) -> Iterator[Broken | None]:
    """Everybody has each meal and conference on each day that is long enough, at the hours asked."""
    for k, waking in enumerate(plan.waking):
        for common in plan.rules.commons:
            no_sleep = k == 0 if common.after_waking is not None else k == len(plan.waking) - 1
            if waking.hours < common.awake_least or no_sleep:
                continue
            found = [b for b in _within(plan.blocks, waking.start, waking.end) if b.title == common.name]
            lacking = sum(not any(person.key in b.people for b in found) for person in plan.rules.people)
            yield short(
                HOURS, f"{common.name} on day {k}: {lacking} people without it", waking.start, lacking, "people"
            )
            for b in found:
                brief = 60.0 * common.minutes - (b.end - b.start)
                yield short(HOURS, f"{common.name} on day {k}: too brief", b.start, brief, "s", ROUNDING)
                hours, since = common.after_waking, b.start - waking.start
                if hours is None:
                    hours, since = common.before_sleep, waking.end - b.end
                assert hours is not None  # the file has one of the two
                by = max(hours[0] * HOUR - since, since - hours[1] * HOUR)
                words = f"{common.name} on day {k}: {since / HOUR:.2f} h, allowed {hours[0]:g} to {hours[1]:g} h"
                yield short(HOURS, words, b.start, by, "s", GRID)


def _within(these: Iterable, start: float, end: float) -> list:
    return [x for x in these if start <= x.start < end]


# ---- what there is


def stores(plan: WeekPlan) -> Iterator[Broken | None]:
    """Racks hold one experiment; power and downlink hold at each instant; stowage and mass hold in all."""
    rules = plan.rules
    for rack in rules.racks:
        used = sorted((e.start, e.runs, a.title) for a, e in each(plan, _any) if a.rack == rack)
        for (_, end, one), (start, _, other) in zip(used, used[1:], strict=False):
            yield short(STORES, f"rack {rack}: {one} and {other}", start, end - start, "s", ROUNDING)
    for name, unit, ends in (("power", "W", "runs"), ("downlink", "Mbit/s", "end")):
        yield _most(rules, name, unit, [(e.start, getattr(e, ends), getattr(a, name)) for a, e in each(plan, _any)])
    exercising = [(b.start, b.end, 1.0) for b in plan.blocks if b.kind == "exercise"]
    yield _most(replace(rules, supplies={"devices": rules.devices}), "devices", "people", exercising)
    for name, unit in (("cold", "l"), ("up", "kg"), ("down", "kg")):
        total = sum(getattr(a, name) for a, _ in each(plan, _any))
        what = f"{name}: {total:.1f} of {rules.supplies[name]:g} {unit}"
        yield short(STORES, what, plan.docked, total - rules.supplies[name], unit, 1e-6)


def _most(rules: WeekRules, name: str, unit: str, uses: list[tuple[float, float, float]]) -> Broken | None:
    """The largest sum at any instant, which is at the begin of one of the uses."""
    limit = rules.supplies[name]
    sums = [(sum(x for a, b, x in uses if a <= t + ROUNDING and b > t + ROUNDING), t) for t, _, _ in uses]
    largest, when = max(sums, default=(0.0, 0.0))
    return short(STORES, f"{name}: {largest:g} of {limit:g} {unit} at once", when, largest - limit, unit, 1e-6)


def _any(_: Activity) -> bool:
    return True
