"""Launch collision avoidance: lift-offs of a plan after which the ship would pass too near to an object of a catalogue.

Ascents are flown every 30 s of lift-off in the window, each with the steering that was loaded for the plan and on into
a coast until the first phasing burn, and screened with all else (`sim.conjunctions.screening`). Between two of them the
place at a time after lift-off lies on a straight line: it moves 9 km with the turning pad, whose sagitta over the
Earth's radius is 2 m. Every second of lift-off is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kernels.ascent.ascent import IN_ORBIT
from sim.ascent.optimum import STEP, Ascents
from sim.ascent.steering import AscentSteering, steered
from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, blocked_sizes
from sim.conjunctions.avoidance_screening import named, station_rows
from sim.conjunctions.encounter import Encounter
from sim.conjunctions.liftoff_blackouts import Blackout, LiftoffConjunction, blackouts, clear_parts, merged
from sim.conjunctions.screened_craft import DAY, PathCraft, dates_of
from sim.conjunctions.screening import Approach, screen
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import AgeModel, age_model
from sim.core.epoch import Epoch
from sim.core.scene import KnownState
from sim.core.trajectory import Trajectory, joined
from sim.interchange.mean import STALE_DAYS
from sim.orbit.propagate import fly, trajectory
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan

APART = 30.0  # s between lift-offs that are flown
WIDEST = 120.0  # s on both sides of the planned lift-off that are looked at
COAST = 5400.0  # s after lift-off: a revolution, before the first phasing burn
SIDE = 40.0  # s on both sides of an approach in which another lift-off can have its own
FASTEST = 7.9e3  # m/s: no later second moves the ship by more
SLOW = 500.0  # m/s: below it every second is looked at
STATION_NUMBER = 48274


@dataclass(frozen=True)
class ColaRule:
    """The rule of `miss_m` and `probability`, for a sum of both radii `radius_m`; `skip`: catalogue numbers that are
    left out. The station and what is docked to it are left out too."""

    miss_m: float = 5e3
    probability: float = 1.0e-5
    radius_m: float = 15.0
    skip: tuple[int, ...] = ()

    @property
    def limits(self) -> AvoidanceRule:
        return AvoidanceRule(self.probability, self.miss_m)


@dataclass(frozen=True)
class Cola:
    """Of each opportunity its blackouts, one an object, times s from the plan's zero; `looked` (first, last) lift-off
    that was looked at, None where it cannot be flown. `old`: objects whose set is too old to be judged."""

    rule: ColaRule
    file: str
    objects: int
    closed: tuple[tuple[Blackout, ...], ...]
    looked: tuple[tuple[float, float] | None, ...]
    old: int

    def all_closed(self, k: int) -> list[Blackout]:
        """Those of opportunity `k`, of all objects together."""
        return merged(self.closed[k])


def cola(
    plan: LaunchPlan, catalogue: Catalogue, rule: ColaRule, tick: Callable[[str, float], None] = lambda *_: None
) -> Cola:
    """Blackouts of every opportunity that can be flown; those of one passage are looked at together."""
    found = plan.setting
    ascents = Ascents(found.ascent, found.station, found.path, found.world)
    spans = [_span(c) for c in plan.opportunities]
    old = sum(abs(found.zero.plus(found.start).since(one.epoch)) > STALE_DAYS * DAY for one in catalogue.objects)
    made: dict[float, list[Blackout]] = {}
    for crossing in dict.fromkeys(c.crossing for c in plan.opportunities):
        own = [s for s, c in zip(spans, plan.opportunities, strict=True) if s and c.crossing is crossing]
        if own:
            tick("collision avoidance", len(made) / len(spans))
            span = min(s[0] for s in own), max(s[1] for s in own)
            steering = plan.margins[crossing.branch].steering
            made[crossing.t] = _closed(ascents, steering, catalogue, rule, found.zero, span)
    closed = tuple(
        tuple(b for b in made.get(c.crossing.t, ()) if s and b.end_s > s[0] and b.start_s < s[1])
        for s, c in zip(spans, plan.opportunities, strict=True)
    )
    return Cola(rule, catalogue.file, len(catalogue.objects), closed, tuple(spans), old)


def _span(c: LaunchOpportunity) -> tuple[float, float] | None:
    if c.usable is None:
        return None
    return max(c.usable[0], c.liftoff - WIDEST), min(c.usable[1], c.liftoff + WIDEST)


def _closed(
    ascents: Ascents,
    steering: AscentSteering,
    catalogue: Catalogue,
    rule: ColaRule,
    zero: Epoch,
    span: tuple[float, float],
) -> list[Blackout]:
    count = max(2, int(np.ceil((span[1] - span[0]) / APART)) + 1)
    liftoffs = np.linspace(*span, count) if span[1] > span[0] else span[0] + np.array([-1.0, 1.0])
    flown = [_path(ascents, steering, float(t)) for t in liftoffs]
    start, model = zero.plus(float(liftoffs[0])), age_model(zero)
    skip = {row for row, one in enumerate(catalogue.objects) if one.number in rule.skip}
    skip |= set(station_rows(catalogue, STATION_NUMBER, start))
    skip |= {row for row, one in enumerate(catalogue.objects) if abs(start.since(one.epoch)) > STALE_DAYS * DAY}
    each: list[Blackout] = []
    for k, (one, other) in enumerate(zip(flown[:-1], flown[1:], strict=True)):
        if one is None or other is None:
            continue
        a, b = float(liftoffs[k]), float(liftoffs[k + 1])
        craft = PathCraft("ship", one, zero)
        within = rule.miss_m + FASTEST * (b - a)
        seen = screen(craft, catalogue.group, zero.plus(one.start), one.end - one.start, within, skip=tuple(skip))
        approaches = [*seen.approaches, *(m for n in seen.neighbours for m in n.minima)]
        pair = _Pair(craft, PathCraft("ship", other, zero), a, b)
        for approach in approaches:
            met = pair.met(catalogue, approach, one.start + approach.t, rule, model)
            each += blackouts(met, rule.limits)
    return [b for name in dict.fromkeys(b.names for b in each) for b in merged(b for b in each if b.names == name)]


def _path(ascents: Ascents, steering: AscentSteering, liftoff: float) -> Trajectory | None:
    """From lift-off to the end of the coast; None where orbit is not reached."""
    flight = steered(ascents.record, ascents.aim(liftoff), steering, ascents.forces, STEP)
    if flight.status != IN_ORBIT:
        return None
    up = trajectory(flight.nodes)
    r, v, mass = up.last()
    state = KnownState(r, v, mass, ascents.ascent.ship.cda)
    return joined([up, fly(state, up.end, liftoff + COAST, ascents.world)])


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two flights, of lift-offs `a` and `b` s, between which every second is looked at."""

    one: PathCraft
    other: PathCraft
    a: float
    b: float

    def at(self, liftoff: float, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """States in TEME at `times` (m,) s after a lift-off between both; NaN where neither flies."""
        share = (liftoff - self.a) / (self.b - self.a)
        zero = self.one.zero
        after = times - liftoff
        (r, v), (r1, v1) = self.one.states(zero, self.a + after), self.other.states(zero, self.b + after)
        return r + share * (r1 - r), v + share * (v1 - v)

    def _near(self, approach: Approach, t: float, miss: float, step: float) -> np.ndarray:
        """Lift-offs at which the object may come nearer than `miss` m, by motion that is linear in the lift-off; with
        room for what that leaves out: 4 km and 4 s."""
        every = np.arange(self.a, self.b, step)
        w = approach.v2 - approach.v1
        speed = float(np.linalg.norm(w))
        if speed < SLOW:
            return every
        across = np.linalg.svd(w[None] / speed)[2][1:]
        moved = (self.at(self.b, np.array([t]))[0][0] - self.at(self.a, np.array([t]))[0][0]) / (self.b - self.a)
        scaled = across / (miss + 4e3)
        interval = blocked_sizes(scaled @ (approach.r2 - approach.r1), scaled @ moved)
        if interval is None:
            return every[:0]
        return every[(every >= self.a + interval[0] - 4.0) & (every <= self.a + interval[1] + 4.0)]

    def met(
        self, catalogue: Catalogue, approach: Approach, t: float, rule: ColaRule, model: AgeModel
    ) -> list[LiftoffConjunction]:
        """The closest approach of every second of lift-off to the object of `approach`, about `t` s."""
        record, object_ = catalogue.group.records[approach.row], catalogue.objects[approach.row]
        zero, step = self.one.zero, 1.0
        times = t + np.arange(-SIDE, SIDE + 0.5 * step, step)
        errors, r2, v2 = record.sgp4_array(*dates_of(zero, times))
        r2, v2 = 1e3 * r2, 1e3 * v2
        found = []
        for liftoff in self._near(approach, t, rule.miss_m, step):
            r1, v1 = self.at(float(liftoff), times)
            d, w = r2 - r1, v2 - v1
            dt = np.clip(-np.einsum("ij,ij->i", d, w) / np.einsum("ij,ij->i", w, w), -0.5 * step, 0.5 * step)
            gap = np.where(errors == 0, np.linalg.norm(d + w * dt[:, None], axis=1), np.nan)
            if np.isnan(gap).all():
                continue
            k = int(np.nanargmin(gap))
            if gap[k] > rule.miss_m + FASTEST * step:
                continue
            ahead = self.at(float(liftoff) + 0.5 * step, times[k : k + 1])[0][0]
            behind = self.at(float(liftoff) - 0.5 * step, times[k : k + 1])[0][0]
            c2 = model.covariance(zero.plus(float(times[k])).since(object_.epoch) / DAY, r2[k], v2[k])
            encounter = Encounter(r1[k], v1[k], None, r2[k], v2[k], c2, rule.radius_m)
            conjunction = Conjunction(named(object_.number, object_.name), float(times[k] + dt[k]), encounter)
            found.append(LiftoffConjunction(float(liftoff), conjunction, (ahead - behind) / step, 0.5 * step))
        return found


def open_parts(cola: Cola, k: int) -> list[tuple[float, float]]:
    """What the blackouts leave of the time in which opportunity `k` can be flown, within what was looked at."""
    looked = cola.looked[k]
    return clear_parts(looked, cola.all_closed(k)) if looked else []
