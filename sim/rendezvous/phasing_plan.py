"""A plan of phasing: time bounds of its burns, starts of the search, minimum delta-v, and tracking of the burns."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from kernels.orbit.thrust import burn_duration
from sim.core.flight import Failure
from sim.core.scene import KnownState
from sim.core.vehicle import Engine
from sim.environment.world import KnownWorld
from sim.orbit.mean_altitude import axis_over
from sim.orbit.propagate import arrive, fly, semi_major_axis
from sim.orbit.tracking import Links, earth_fixed
from sim.rendezvous.targeting import (
    LAST_COAST,
    Aim,
    TargetingProblem,
    TimeBounds,
    correct,
    cost,
    search,
    steer,
    targeting_problem,
)

TRACKED_AROUND = 60.0  # s before and after a burn in which it has to be tracked too
LINK_STEP = 30.0  # s between the times at which a link is looked for
MIN_LEAD = 60.0  # s from now to the middle of the next burn, at least
REVOLUTION = 5500.0  # s, about: over which the height of an orbit is averaged


@dataclass(frozen=True)
class Schedule:
    """One profile's path to the homing point: times in s after insertion, `homing_point` curved LVLH, m.

    `burns`: where the search begins; `slack`: how far each may move; `coast`: at least, from one to the next.
    `budget` m/s: for all of them; `arrival_tolerance` m: the largest distance from the homing point at arrival.
    """

    name: str
    burns: tuple[float, ...]
    homing_after: float
    homing_point: np.ndarray
    slack: float
    coast: float
    budget: float
    arrival_tolerance: float

    def middles(self, t0: float, now: float) -> np.ndarray:
        """The burns after insertion at `t0` whose time has not run out `now`, s."""
        middles = t0 + np.array(self.burns)
        return middles[middles + self.slack > now + self.coast]

    def time_bounds(self, t0: float, now: float) -> TimeBounds:
        """Bounds of their times: none right after `now` or right before the aim."""
        middles = self.middles(t0, now)
        last = np.minimum(middles + self.slack, t0 + self.homing_after - LAST_COAST)
        return TimeBounds(np.maximum(middles - self.slack, now + 0.5 * self.coast), last, self.coast)

    def aim(self, t0: float, now: float, station: KnownState, world: KnownWorld) -> Aim:
        """The homing point on the coelliptic orbit there, for the navigated state of the station `now`."""
        t1 = t0 + self.homing_after
        r, v, _ = arrive(station, now, t1, world)
        n = math.sqrt(MU_EARTH / float(semi_major_axis(r, v)[0]) ** 3)
        return Aim(t1, self.homing_point, np.array([1.5 * n * self.homing_point[2], 0.0, 0.0]))


def starts(middles: np.ndarray, raise_by: float) -> list[np.ndarray]:
    """Burn tables to start from: `raise_by` m/s forward, shared out in five ways, the times moved in some."""
    n = len(middles)
    position = np.linspace(-1.0, 1.0, n) if n > 1 else np.zeros(1)
    odd = np.arange(n) % 2
    tables = []
    for weights, shift in (
        (np.ones(n), np.zeros(n)),
        (1.0 + 0.7 * position, 240.0 * position),
        (np.where(odd == 0, 0.4, 1.6), -300.0 * position),
        (np.where(odd == 0, 1.6, 0.4), 300.0 * np.where(odd == 0, 1.0, -1.0)),
        (np.where(position == 1.0, 8.0, 0.1), np.zeros(n)),
    ):
        table = np.zeros((n, 4))
        table[:, 0] = middles + shift
        table[:, 1] = raise_by * weights / weights.sum()
        tables.append(table)
    return tables


def floor(ship: KnownState, station: KnownState, t0: float, below: float, world: KnownWorld) -> float:
    """Minimum delta-v for the height difference alone, m/s: (n/2) da from the ship's orbit to `below` m under the
    station's.

    Both axes are averaged over a revolution: the osculating ones oscillate by 10 km under J2.
    """
    paths = (fly(state, t0, t0 + REVOLUTION, world) for state in (ship, station))
    low, high = (axis_over(path, np.linspace(path.start, path.end, 100)) for path in paths)
    return float(0.5 * math.sqrt(MU_EARTH / (high - below) ** 3) * abs(high - below - low))


@dataclass(frozen=True)
class PhasingPlan:
    """Burns still to fly (n,4), the bounds of their times, and the cost from every start, m/s (infinite: no plan)."""

    schedule: Schedule
    burns: np.ndarray
    time_bounds: TimeBounds
    tried: tuple[float, ...] = ()

    @property
    def cost(self) -> float:
        """Of the burns still to fly, m/s; infinite where no start found a plan."""
        return cost(self.burns) if not self.tried or np.isfinite(min(self.tried)) else math.inf

    def after_burn(self) -> PhasingPlan:
        """Without its first burn, and the next no sooner than the coast between allows."""
        rest = self.time_bounds.rest(len(self.burns) - 1)
        first = np.maximum(rest.first, self.burns[0, 0] + rest.coast) if len(rest.first) else rest.first
        return replace(self, burns=self.burns[1:], time_bounds=replace(rest, first=np.minimum(first, rest.last)))


def planned(
    schedule: Schedule,
    t0: float,
    now: float,
    station: KnownState,
    ship: KnownState,
    engine: Engine,
    tracking: Links,
    world: KnownWorld,
    guess: np.ndarray | None = None,
) -> PhasingPlan:
    """From several starts, for navigated states at `now` and insertion at `t0`; burns are tracked where possible.

    `guess` (n, 4): times s after `t0` and components to start from alone, as long as that leads to a plan.
    """
    problem = targeting_problem(ship, station, now, schedule.aim(t0, now, station, world), world, engine)
    time_bounds, middles = schedule.time_bounds(t0, now), schedule.middles(t0, now)
    if len(middles) < 2:
        return PhasingPlan(schedule, np.empty((0, 4)), time_bounds, (math.inf,))
    tables = [] if guess is None or len(guess) != len(middles) else [guess + [t0, 0.0, 0.0, 0.0]]
    burns, tried = search(problem, tables, time_bounds, world) if tables else (np.empty((0, 4)), [math.inf])
    if not np.isfinite(min(tried)):
        tables = starts(middles, floor(ship, station, now, schedule.homing_point[2], world))
        burns, tried = search(problem, tables, time_bounds, world)
    if not np.isfinite(min(tried)):
        return PhasingPlan(schedule, burns, time_bounds, tuple(tried))
    seen = tracked_bounds(problem, burns, time_bounds, tracking, world)
    if (burns[:, 0] < seen.first - 1e-6).any() or (burns[:, 0] > seen.last + 1e-6).any():
        replanned_burns, (value,) = search(problem, [burns], seen, world)
        burns, seen = (replanned_burns, seen) if np.isfinite(value) else (burns, time_bounds)
    return PhasingPlan(schedule, correct(problem, burns, world), seen, tuple(tried))


def replanned(
    plan: PhasingPlan, t0: float, now: float, station: KnownState, ship: KnownState, engine: Engine, world: KnownWorld
) -> PhasingPlan:
    """The rest of a plan, times too, for navigated states at `now`; one burn, or a rest without a plan, is steered."""
    if not len(plan.burns):
        return plan
    time_bounds = replace(
        plan.time_bounds, first=np.minimum(np.maximum(plan.time_bounds.first, now + MIN_LEAD), plan.time_bounds.last)
    )
    problem = targeting_problem(ship, station, now, plan.schedule.aim(t0, now, station, world), world, engine)
    if len(plan.burns) > 1:
        burns, (value,) = search(problem, [plan.burns], time_bounds, world)
        if np.isfinite(value):
            return replace(plan, burns=burns, tried=(value,))
        plan = replace(plan, tried=(value,))
    return replace(plan, burns=steer(problem, plan.burns, world))


def retargeted(
    plan: PhasingPlan, t0: float, now: float, station: KnownState, ship: KnownState, engine: Engine, world: KnownWorld
) -> PhasingPlan:
    """The same with the times kept, for a fix right before a burn."""
    problem = targeting_problem(ship, station, now, plan.schedule.aim(t0, now, station, world), world, engine)
    if len(plan.burns) > 2:
        try:
            return replace(plan, burns=correct(problem, plan.burns, world))
        except Failure:
            pass  # an aim that cannot be reached can still be approached
    return replace(plan, burns=steer(problem, plan.burns, world))


def tracked_bounds(
    problem: TargetingProblem, burns: np.ndarray, time_bounds: TimeBounds, tracking: Links, world: KnownWorld
) -> TimeBounds:
    """`time_bounds` with each burn kept to the span, the one nearest to the planned time, in which one link tracks it
    from its beginning to its end."""
    path = fly(problem.ship, problem.t0, problem.aim.t, world, burns, problem.engine)
    first, last = time_bounds.first.copy(), time_bounds.last.copy()
    for i, (t, *dv) in enumerate(burns):
        half = 0.5 * burn_duration(
            float(np.linalg.norm(dv)), problem.ship.mass, problem.engine.thrust, problem.engine.isp
        )
        around = half + TRACKED_AROUND
        times = np.arange(max(first[i] - around, problem.t0), min(last[i] + around, problem.aim.t), LINK_STEP)
        seen = tracking.seen(earth_fixed(path.at(times)[0], times, world))
        spans = _merged([span for link in seen.T for span in _spans(times, link, around)])
        spans = [(max(a, first[i]), min(b, last[i])) for a, b in spans if min(b, last[i]) >= max(a, first[i])]
        if spans:
            first[i], last[i] = min(spans, key=lambda span: max(span[0] - t, t - span[1], 0.0))
    return replace(time_bounds, first=first, last=last)


def _spans(times: np.ndarray, seen: np.ndarray, around: float) -> list[tuple[float, float]]:
    """From when to when a moment may lie that is seen from `around` s before it to as long after it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(int)))
    spans = [(times[a] + around, times[b - 1] - around) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [(a, b) for a, b in spans if a <= b]


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap as one."""
    merged: list[tuple[float, float]] = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged
