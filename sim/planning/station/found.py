"""What a search of raises brought: the plan, the flight in truth where it was flown, bounds, and the rules judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.flight import RuleCheck
from sim.core.trajectory import Trajectory
from sim.planning.station.bound import DragBound, bound
from sim.planning.station.candidates import begin, instants
from sim.planning.station.carried_out import Carried, Tick, carry_out, drawn_truth
from sim.planning.station.checks import judge
from sim.planning.station.drag import Falls
from sim.planning.station.flight import Burnt, Factor, Met, axes, flown
from sim.planning.station.plan import Plan, falls_of, plan
from sim.planning.station.setting import DAY, Setting

EVERY = 0.25 * DAY
INSIDE = 0.5  # km inside the band, where a plan ends that began outside of it


@dataclass(frozen=True)
class Judged:
    """A flight: `times` (n,) s and `altitude` (n,) km along it, its burns with true over commanded `sizes`, launches,
    propellant left by craft, bounds, rules."""

    path: Trajectory
    times: np.ndarray
    altitude: np.ndarray
    burnt: tuple[Burnt, ...]
    sizes: tuple[float, ...]
    met: tuple[Met, ...]
    left: dict[str, float]
    bound: DragBound
    checks: tuple[RuleCheck, ...]

    @property
    def kg(self) -> float:
        return sum(b.kg for b in self.burnt)

    @property
    def dv(self) -> float:
        """As flown, m/s, of all burns."""
        return sum(abs(b.made.dv) * size for b, size in zip(self.burnt, self.sizes, strict=True))


@dataclass(frozen=True)
class StationPlan:
    """`planned`: as it is known; `carried`: in truth, from `seed`, where it was flown; `plans`: how many were made."""

    setting: Setting
    plan: Plan
    planned: Judged
    carried: Judged | None
    plans: int
    seed: int | None

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """Rules that the last flight breaks."""
        return tuple(c for c in (self.carried or self.planned).checks if not c.passed)


def search(found: Setting, seed: int | None, tick: Tick) -> StationPlan:
    """The plan; with a `seed` also carried out in a truth that is drawn by it. NoPlan says why there is none."""
    table = falls_of(found)
    start = flown(found, found.state, (0.0, min(DAY, found.end)), (), found.world, found.known)
    low, high = found.rules.band_km
    inside = INSIDE + found.rules.margin_km
    end_km = float(np.clip(found.altitude(axes(start.path, np.array([0.0]))[0]), low + inside, high - inside))
    made = plan(found, begin(found), table, end_km)
    planned = _judged(found, table, found.known, made, _of_plan(found, made))
    if seed is None:
        return StationPlan(found, made, planned, None, 1, None)
    truth = drawn_truth(found, seed)
    carried = carry_out(found, table, end_km, truth, made, tick)
    return StationPlan(found, made, planned, _judged(found, table, truth.factor, made, carried), carried.plans, seed)


def _of_plan(found: Setting, made: Plan) -> Carried:
    budget = {b.name: b.kg for b in found.burners}
    for b in made.flown.burnt:
        budget[b.made.burner.name] -= b.kg
    sizes = (1.0,) * len(made.flown.burnt)
    return Carried(made, made.flown.path, made.flown.burnt, sizes, made.met, budget, 1)


def _judged(found: Setting, table: Falls, factor: Factor, made: Plan, carried: Carried) -> Judged:
    times = np.arange(0.0, found.end, EVERY)
    axis = axes(carried.path, times)
    path = (times, axis, carried.path.at(times)[2])
    net = sum(b.made.dv * size for b, size in zip(carried.burnt, carried.sizes, strict=True))
    return Judged(
        path=carried.path,
        times=times,
        altitude=np.asarray(found.altitude(axis)),
        burnt=carried.burnt,
        sizes=carried.sizes,
        met=carried.met,
        left=carried.budget,
        bound=bound(found, table, factor, path, net, carried.met, instants(found, begin(found), table)),
        checks=tuple(judge(found, carried.path, found.world, carried.budget)),
    )
