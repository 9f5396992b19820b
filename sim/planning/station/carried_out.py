"""A plan carried out: each raise flown in the true world from the plan of what is known then, and all made anew after.

Truth and knowledge are two: the true drag and the true size of each burn are drawn here and go to the flight alone. The
plans see the orbit as tracking gives it, and how much faster or slower than forecast the station fell of late.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from kernels.maths.random import normals
from sim.core.random_streams import RandomDraws
from sim.core.scene import KnownState, State
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.planning.station.candidates import REVIEW, Standing, begin
from sim.planning.station.drag import Falls
from sim.planning.station.flight import Burnt, Factor, Met, Raise, axes, flown, met
from sim.planning.station.plan import Plan, plan
from sim.planning.station.setting import DAY, Setting

AHEAD = 0.5 * DAY  # before a burn its plan is made anew
AFTER = 0.25 * DAY  # after it, by when it has certainly ended
SEEN = 8.0 * DAY  # of the last days the fall is compared with its forecast
SHORTEST = 2.0 * DAY  # less shows no fall
POSITION, SPEED = 20.0, 0.005  # m, m/s, one sigma each axis of tracking: as configs/uncertainties/crewed.toml
CALM = 1e-6

Tick = Callable[[str, float], None]


@dataclass(frozen=True)
class Truth:
    """What is true and not known: the `world`, the `factor` of the drag area over the model's, and the draws of burns
    and of tracking."""

    world: World
    factor: Factor
    thrust: float
    draws: RandomDraws

    def size(self, index: int) -> float:
        """True over commanded size of the burn of that number."""
        return 1.0 + self.thrust * float(_normals(self.draws, "station.burns", index, 1)[0])

    def tracked(self, state: State, index: int) -> KnownState:
        """The state with the errors of tracking. A fit to a day of data knows the period: an error of the radius goes
        with one of the speed, so that the energy errs by that of `SPEED` alone, 9 m of the semi-major axis."""
        z = _normals(self.draws, "station.tracking", 6 * index, 6)
        r, v = state.r + POSITION * z[:3], state.v + SPEED * z[3:]
        energy = 0.5 * float(state.v @ state.v) - MU_EARTH / float(np.linalg.norm(state.r))
        energy += float(np.linalg.norm(state.v)) * SPEED * float(z[3])
        v = v * math.sqrt(2.0 * (energy + MU_EARTH / float(np.linalg.norm(r)))) / float(np.linalg.norm(v))
        return KnownState(r, v, state.mass, state.cda)

    def tracked_axes(self, path: Trajectory, times: np.ndarray, index: int) -> np.ndarray:
        """Mean semi-major axes (n,) m at times (n,) s of the path, n <= 4, with the errors of tracking."""
        z = _normals(self.draws, "station.fall", 4 * index, len(times))
        axis = axes(path, times)
        return axis + 2.0 * np.sqrt(axis**3 / MU_EARTH) * SPEED * z


def _normals(draws: RandomDraws, use: str, first: int, count: int) -> np.ndarray:
    out = np.empty(count)
    normals(draws.stream(use), first, out)
    return out


def drawn_truth(found: Setting, seed: int) -> Truth:
    """Drag that differs from the known one by a lognormal factor, forgotten to 1/e in days (Ornstein and Uhlenbeck, one
    value a day, linear between); burns that differ in size."""
    rules = found.rules
    sigma = math.sqrt(math.log(1.0 + (0.01 * rules.density_percent) ** 2))
    draws = RandomDraws(seed)
    days = int(found.end / DAY) + 3
    z = _normals(draws, "station.density", 0, days)
    fade = math.exp(-1.0 / rules.density_days)
    logs = np.empty(days)
    logs[0] = sigma * z[0]
    for k in range(1, days):
        logs[k] = fade * logs[k - 1] + sigma * math.sqrt(1.0 - fade**2) * z[k]
    grid = np.arange(days) * DAY

    def factor(t: float) -> float:
        return found.known(t) * math.exp(float(np.interp(t, grid, logs)))

    return Truth(found.world, factor, 0.01 * rules.thrust_percent, draws)


@dataclass(frozen=True)
class Carried:
    """`first`: the plan before the first burn. `path`: the true flight; `burnt`: its burns in order, as commanded;
    `sizes`: true over commanded; `met`: its launches. `plans`: how often a plan was made."""

    first: Plan
    path: Trajectory
    burnt: tuple[Burnt, ...]
    sizes: tuple[float, ...]
    met: tuple[Met, ...]
    budget: dict[str, float]
    plans: int


def carry_out(found: Setting, table: Falls, end_km: float, truth: Truth, first: Plan, tick: Tick) -> Carried:
    """From the first instant to the last; NoPlan where on the way no plan keeps all limits."""
    at, now, state = begin(found), first, State(found.state.r, found.state.v, found.state.mass, found.state.cda)
    pieces, burnt, sizes, plans = list[Trajectory](), list[Burnt](), list[float](), 1
    while at.t < found.end - CALM:
        tick("station", at.t / found.end)
        coming = now.raises[0] if now.raises else None
        hold = min(coming.t - AHEAD if coming else found.end, at.t + REVIEW, found.end)
        if coming is not None and coming.t - at.t <= AHEAD + DAY:
            until, made = min(coming.t + AFTER, found.end), [coming]
        else:
            until, made = hold, list[Raise]()
        factors = [truth.size(len(sizes))] if made else []
        leg = flown(found, state, (at.t, until), made, truth.world, truth.factor, factors)
        pieces.append(leg.path)
        burnt += leg.burnt
        sizes += factors
        state = leg.end
        at = _after(at, tuple(made), leg.burnt, until)
        if not made:
            at = replace(at, factor=_seen(found, now, truth, leg.path, at.factor, plans))
        if until >= found.end - DAY:
            if until < found.end - CALM:
                pieces.append(flown(found, state, (until, found.end), (), truth.world, truth.factor).path)
            break
        at = replace(at, state=truth.tracked(state, plans))
        now = plan(found, at, table, end_km, now, sum(b.kg for b in leg.burnt))
        plans += 1
    path = joined(pieces)
    launches = tuple(met(x, path, truth.world) for x in found.launches)
    return Carried(first, path, tuple(burnt), tuple(sizes), launches, at.budget, plans)


def _after(at: Standing, made: tuple[Raise, ...], burnt: tuple[Burnt, ...], t: float) -> Standing:
    """Books, done trims and the time of the last raise after a leg."""
    budget = dict(at.budget)
    for b in burnt:
        budget[b.made.burner.name] = max(budget[b.made.burner.name] - b.kg, 0.0)
    last = made[0].t if made and made[0].why == "raise" else at.last
    done = at.done | {(r.why, r.trim) for r in made if r.why != "raise"}
    any_ = made[0].t if made else at.burnt
    return replace(at, t=t, budget=budget, last=last, burnt=any_, done=done)


def _seen(found: Setting, before: Plan, truth: Truth, path: Trajectory, expected: Factor, index: int) -> Factor:
    """The factor of the drag as tracking of the last days shows it, which fades into the one known at first."""
    start, end = max(path.start, path.end - SEEN), path.end
    if end - start < SHORTEST:
        return expected
    ends = np.array([start, end])
    fell = float(np.diff(truth.tracked_axes(path, ends, index))[0])
    forecast = float(np.diff(axes(before.flown.path, ends))[0])
    if fell >= 0.0 or forecast >= 0.0:
        return expected
    middle = 0.5 * (start + end)
    log = math.log(expected(middle) / found.known(middle) * fell / forecast)
    days = found.rules.density_days * DAY

    def factor(t: float) -> float:
        return found.known(t) * math.exp(log * math.exp(-max(t - middle, 0.0) / days))

    return factor
