"""A plan of spacewalks judged again, by code that shares nothing with the planner but the rules and the physics.

It takes the flown trajectory: the edges of the shadow as roots, the anomaly and the relay satellites every ten seconds,
and clock, calendar and crew from the programme itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kernels.constants import R_EQUATOR
from sim.core.epoch import BEIJING, Epoch
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.light import eclipses
from sim.orbit.radiation import anomaly
from sim.orbit.tracking import links
from sim.planning.rotation.timeline import Timeline
from sim.scenario.spacewalk_rules import SpacewalkRules

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
EVERY = 10.0  # s
AFTER = 6000.0  # s in which a sunset follows, where there is one


@dataclass(frozen=True)
class Done:
    """One spacewalk as it was done: `start`, `end` s from the zero of the trajectory; `claims`: the rules to keep."""

    number: int
    start: float
    end: float
    people: tuple[str, ...]
    claims: frozenset[str]


@dataclass(frozen=True)
class Broken:
    """A rule that spacewalk `number` breaks: `found` against `limit`, in `unit`."""

    number: int
    rule: str
    found: float
    limit: float
    unit: str


def rechecked(
    done: Sequence[Done],
    path: Trajectory,
    world: World,
    burns: Sequence[float],
    programme: Timeline,
    rules: SpacewalkRules,
) -> tuple[Broken, ...]:
    """Every rule that one of `done` claims and breaks on the trajectory `path`; `burns` s, when the station was raised.

    No spacewalk may claim less than the hard rules, and no two of one person may overlap.
    """
    found = [b for walk in done for b in _one(walk, path, world, burns, programme, rules)]
    found += _rest(done, rules)
    return tuple(b for b in found if b.rule in next(w for w in done if w.number == b.number).claims)


def _one(walk: Done, path, world: World, burns, programme: Timeline, rules: SpacewalkRules) -> Iterator[Broken]:
    yield from _sky(walk, path, world, rules)
    yield from _sun(walk, path, world, rules)
    start, end = world.zero.plus(walk.start), world.zero.plus(walk.end)
    yield from _clock(walk, start.local(BEIJING), end.local(BEIJING), rules)
    for burn in burns:
        apart = (walk.start - burn if burn < walk.start else burn - walk.end) / HOUR
        if apart < rules.burns.apart_h:
            yield Broken(walk.number, "burns", apart, rules.burns.apart_h, "h")
    for vessel in programme.vessels:
        for at in (vessel.launch, *(x for s in vessel.stays for x in (s.start, s.end) if x is not None)):
            since, until = start.since(at) / DAY, at.since(end) / DAY
            if since < rules.work.after_days and until < rules.work.before_days:
                yield Broken(walk.number, "work", max(since, until), rules.work.before_days, "d")
    yield from _crew(walk, start, end, programme, rules)


def _sky(walk: Done, path: Trajectory, world: World, rules: SpacewalkRules) -> Iterator[Broken]:
    t = np.arange(walk.start, walk.end + EVERY, EVERY)
    r = path.at(t)[0]
    protons = float(anomaly(world.zero.plus(walk.start)).protons(*world.geodetic(t, r)).max())
    if protons > rules.anomaly.protons_most:
        yield Broken(walk.number, "anomaly", protons, rules.anomaly.protons_most, "of the middle")
    # A relay satellite is seen where its direction is further from the nadir than the Earth with the mask reaches.
    turns = world.ecef_each(t)
    place = np.einsum("nij,nj->ni", turns, r)
    distance = np.linalg.norm(place, axis=1)
    reach = np.arcsin((R_EQUATOR + 1e3 * rules.relay.mask_km) / distance)
    seen = np.zeros(t.size, dtype=bool)
    for relay in links().relays:
        toward = relay - place
        nadir = -np.einsum("ij,ij->i", toward, place) / (np.linalg.norm(toward, axis=1) * distance)
        seen |= np.arccos(np.clip(nadir, -1.0, 1.0)) > reach
    if seen.mean() < rules.relay.coverage_least:
        yield Broken(walk.number, "relay", float(seen.mean()), rules.relay.coverage_least, "of the time")


def _sun(walk: Done, path: Trajectory, world: World, rules: SpacewalkRules) -> Iterator[Broken]:
    """The shadow by its roots, from a revolution before the hatch opens; the angle of the Sun from position, speed."""
    first = max(path.start, walk.start - AFTER)
    rows = slice(
        max(int(np.searchsorted(path.t, first)) - 1, 0),
        int(np.searchsorted(path.t, walk.start + AFTER)) + 2,
    )
    piece = Trajectory(path.t[rows], path.r[rows], path.v[rows], path.a[rows], path.mass[rows])
    edges = [c for c in eclipses(piece, world) if c.kind in ("penumbra_entry", "penumbra_exit")]
    last = max((c for c in edges if c.t <= walk.start), key=lambda c: c.t, default=None)
    following = min((c for c in edges if c.t > walk.start), key=lambda c: c.t, default=None)
    dark = last.kind == "penumbra_entry" if last else bool(following and following.kind == "penumbra_exit")
    left = 0.0 if dark else (following.t - walk.start) / MINUTE if following else math.inf
    if left < rules.light.sun_left_least_min:
        yield Broken(walk.number, "light", left, rules.light.sun_left_least_min, "min")
    r, v, _ = path.at(walk.start)
    pole, sun = np.cross(r[0], v[0]), world.sun(walk.start)
    beta = abs(math.degrees(math.asin(float(pole @ sun) / float(np.linalg.norm(pole) * np.linalg.norm(sun)))))
    now = world.zero.plus(walk.start)
    limits = [b for b in rules.beta if b.hard and now < Epoch.from_utc(b.until_utc)]
    for limit in limits[:1]:
        if not limit.least_deg <= beta <= limit.most_deg:
            yield Broken(walk.number, "beta", beta, limit.least_deg, "deg")


def _clock(walk: Done, start: datetime, end: datetime, rules: SpacewalkRules) -> Iterator[Broken]:
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    opened, closed = ((x - midnight).total_seconds() / HOUR for x in (start, end))
    for name, until in (("start", opened), ("crew_day", closed)):
        rule = getattr(rules, name)
        if opened < rule.from_h:
            yield Broken(walk.number, name, opened, rule.from_h, "h")
        if until > rule.until_h:
            yield Broken(walk.number, name, until, rule.until_h, "h")


def _crew(walk: Done, start: Epoch, end: Epoch, programme: Timeline, rules: SpacewalkRules) -> Iterator[Broken]:
    aboard = {p.name: p for p in programme.people if p.aboard(start) and p.aboard(end)}
    inside = len(set(aboard) - set(walk.people))
    absent = len(set(walk.people) - set(aboard))
    limit = rules.spacewalk.inside_least
    if absent or len(walk.people) != rules.spacewalk.outside or inside < limit:
        yield Broken(walk.number, "inside", float(inside - absent), float(limit), "people")
    for name in walk.people:
        person = aboard.get(name)
        if person is None or person.came is None:
            continue
        since = start.since(person.came) / DAY
        if since < rules.first.after_days:
            yield Broken(walk.number, "first", since, rules.first.after_days, "d")
        until = person.left.since(end) / DAY if person.left is not None else math.inf
        if until < rules.last.before_days:
            yield Broken(walk.number, "last", until, rules.last.before_days, "d")


def _rest(done: Sequence[Done], rules: SpacewalkRules) -> Iterator[Broken]:
    for i, one in enumerate(done):
        for other in done[i + 1 :]:
            apart = abs(other.start - one.start) / DAY
            for name in ("between", "between_usual"):
                limit = getattr(rules, name).least_days
                if apart < limit:
                    yield Broken(other.number, name, apart, limit, "d")
