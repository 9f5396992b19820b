"""Burns that bring a ship from where it is to a relative state, in the full force model, with finite burns.

`search` minimises delta-v over burn times and components, from several starts; `correct` adjusts a plan's components
to the centimetre with its times kept; `steer` trades the miss against delta-v where burns are too few or too late to
arrive. States and world are known ones, by their types: nothing here uses the true ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from kernels.records import Forces, make
from kernels.relative.response import ManeuveringShip, PlanResponse, response
from sim.core.flight import Failure
from sim.core.scene import KnownState
from sim.core.vehicle import Engine
from sim.environment.world import KnownWorld
from sim.orbit.propagate import arrive

SCALE = np.array([1.0e4, 1.0e3, 1.0e4, 5.0, 5.0, 5.0])  # m and m/s: brings the six misses to one size
SPEED, TIME = 10.0, 600.0  # m/s and s: units of the search
LAST_COAST = 300.0  # s, from the last burn to the aim
STEP = 300.0  # s: ends 5 cm from where 60 s do, in a sixth of the time; `correct` takes the world's own
COARSE_STEP = 600.0  # s: of the search itself; its difference from the full model is held, so 10 m will do
SMOOTH = 0.03  # m/s: rounds the corner of |dv| at zero for the search
AIM_TOLERANCE = 1.0e-2  # of SCALE: a larger miss after the search counts as no plan
# Weights of `steer`: a miss of this size may cost a change of the burns of this size.
WORTH_M, WORTH_M_S, WORTH_CHANGE_M_S = 100.0, 0.1, 0.3


@dataclass(frozen=True)
class Aim:
    """A relative state (curved LVLH) to reach at a time: position m, velocity m/s."""

    t: float
    position: np.ndarray
    velocity: np.ndarray


@dataclass(frozen=True)
class TimeBounds:
    """Bounds of burn times: from `first` to `last` (n,) s, one by one, and at least `coast` s from one to the next."""

    first: np.ndarray
    last: np.ndarray
    coast: float

    def rest(self, count: int) -> TimeBounds:
        """The bounds of the last `count` burns."""
        return TimeBounds(self.first[-count:], self.last[-count:], self.coast)


@dataclass(frozen=True)
class TargetingProblem:
    """A ship's state at `t0` s, the target's state (r, v) at the aim's time, the aim, and the engine that burns."""

    ship: KnownState
    t0: float
    target: tuple[np.ndarray, np.ndarray]
    aim: Aim
    engine: Engine

    @overload
    def end(self, burns: np.ndarray, forces: Forces, step: float, coarse: None = None) -> np.ndarray: ...
    @overload
    def end(self, burns: np.ndarray, forces: Forces, step: float, coarse: Forces) -> tuple[np.ndarray, np.ndarray]: ...
    def end(
        self, burns: np.ndarray, forces: Forces, step: float, coarse: Forces | None = None
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Where a plan (n,4) ends, (6,) m and m/s; with a `coarse` model for them also its slopes (6,n,4)."""
        out = PlanResponse(end=np.empty(6), slopes=np.empty((6, len(burns) if coarse else 0, 4)))
        ship = make(
            ManeuveringShip,
            state=np.concatenate([self.ship.r, self.ship.v, [self.ship.mass]]),
            cda=self.ship.cda,
            thrust=self.engine.thrust,
            isp=self.engine.isp,
        )
        response(
            float(self.t0),
            float(self.aim.t),
            ship,
            *self.target,
            float(step),
            forces,
            coarse or forces,
            np.ascontiguousarray(burns, dtype=float),
            out,
        )
        return (out.end, out.slopes) if coarse else out.end

    def required(self) -> np.ndarray:
        """The aim as one row (6,)."""
        return np.concatenate([self.aim.position, self.aim.velocity])

    def miss(self, burns: np.ndarray, world: KnownWorld, step: float) -> tuple[np.ndarray, np.ndarray]:
        """Of a plan in the full model: the six misses over SCALE, and their slopes (6,n,4) per s and m/s."""
        end, slopes = self.end(burns, world.forces, step, world.coarse or world.forces)
        if not (np.isfinite(end).all() and np.isfinite(slopes).all()):  # of a path through the Earth's centre, say
            raise Failure(
                f"no burns found for an arrival at {world.zero.plus(self.aim.t)}: those tried lead to no orbit"
            )
        return (end - self.required()) / SCALE, slopes / SCALE[:, None, None]


def targeting_problem(
    ship: KnownState, target: KnownState, t0: float, aim: Aim, world: KnownWorld, engine: Engine
) -> TargetingProblem:
    """From both craft's states at `t0`; the target coasts to the time of the aim."""
    rt, vt, _ = arrive(target, t0, aim.t, world)
    return TargetingProblem(ship, t0, (rt, vt), aim, engine)


def cost(burns: np.ndarray) -> float:
    """Sum of the sizes of the burns, m/s."""
    return float(np.linalg.norm(burns[:, 1:], axis=1).sum())


def correct(
    problem: TargetingProblem, burns: np.ndarray, world: KnownWorld, weights: np.ndarray | None = None
) -> np.ndarray:
    """Change the components of `burns` (n,4), as little as possible, until the aim is reached in the full model.

    `weights` (n,): how far each burn may change compared with the others; None: all alike. Gauss-Newton with the
    minimum-norm step; raises Failure where 12 passes do not bring it within 1 m and 1 mm/s.
    """
    burns = burns.copy()
    scales = np.repeat(np.ones(len(burns)) if weights is None else weights, 3)
    for _ in range(12):
        best, slopes = problem.miss(burns, world, world.step)
        if np.abs(best[:3] * SCALE[:3]).max() < 0.05 and np.abs(best[3:] * SCALE[3:]).max() < 5e-5:
            return burns
        step = -scales * (np.linalg.pinv(scales * slopes[:, :, 1:].reshape(6, -1)) @ best)
        burns[:, 1:] += step.reshape(-1, 3)
    worst = np.abs(problem.miss(burns, world, world.step)[0] * SCALE)
    if worst[:3].max() < 1.0 and worst[3:].max() < 1e-3:
        return burns
    raise Failure(f"the burns do not converge: {worst[:3].max():.1f} m and {worst[3:].max():.3f} m/s off the aim")


def steer(
    problem: TargetingProblem, burns: np.ndarray, world: KnownWorld, worth: float = WORTH_CHANGE_M_S
) -> np.ndarray:
    """`burns` (n,4) with components that trade the miss against their own change; the times stay.

    Least squares of the miss over WORTH_M and WORTH_M_S and of the change of components over `worth` m/s: a
    miss that takes little delta-v is removed, and an expensive one is left to later burns.
    """
    weight = SCALE / np.array([WORTH_M] * 3 + [WORTH_M_S] * 3)
    planned = burns[:, 1:].ravel().copy()
    burns = burns.copy()
    for _ in range(4):
        error, slopes = problem.miss(burns, world, STEP)
        rows = np.vstack([weight[:, None] * slopes[:, :, 1:].reshape(6, -1), np.eye(planned.size) / worth])
        now = np.concatenate([weight * error, (burns[:, 1:].ravel() - planned) / worth])
        step = -np.linalg.lstsq(rows, now, rcond=None)[0]
        burns[:, 1:] += step.reshape(-1, 3)
        if np.abs(step).max() < 1e-4:
            break
    return burns


def search(
    problem: TargetingProblem, starts: Sequence[np.ndarray], bounds: TimeBounds, world: KnownWorld
) -> tuple[np.ndarray, list[float]]:
    """The plan of least delta-v over burn times and components that arrives, from several starts (n,4).

    Returns the best table and the cost from each start, m/s (infinite where it found no plan). Each descends in the
    coarse model, with its error at the end (full less coarse) held; the best once more with that error computed anew.
    """
    found = []
    for start in starts:
        plan = start.copy()
        plan[:, 0] = np.clip(plan[:, 0], bounds.first, bounds.last)
        value, plan = _descend(problem, plan, bounds, world)
        if not np.isfinite(value):  # not at the aim: once more from where it ended
            value, plan = _descend(problem, plan, bounds, world)
        found.append((value, plan))
    value, plan = min(found, key=lambda pair: pair[0])
    if np.isfinite(value):
        again, polished = _descend(problem, plan, bounds, world)
        plan = polished if np.isfinite(again) else plan
    return plan, [value for value, _ in found]


def _descend(
    problem: TargetingProblem, start: np.ndarray, bounds: TimeBounds, world: KnownWorld
) -> tuple[float, np.ndarray]:
    """By sequential quadratic programming: minimum sum of |dv|, the six misses zero, times in order."""
    from scipy.optimize import minimize

    n, model = len(start), world.coarse or world.forces
    first, last = bounds.first, np.minimum(bounds.last, problem.aim.t - LAST_COAST)
    middle = 0.5 * (first + last)
    difference = problem.end(start, world.forces, STEP) - problem.end(start, model, COARSE_STEP)

    def rows(x: np.ndarray) -> np.ndarray:
        return np.column_stack([middle + TIME * x[3 * n :], SPEED * x[: 3 * n].reshape(n, 3)])

    def size(x: np.ndarray) -> tuple[float, np.ndarray]:
        dv = SPEED * x[: 3 * n].reshape(n, 3)
        lengths = np.sqrt((dv**2).sum(axis=1) + SMOOTH**2)
        return float(lengths.sum()) / SPEED, np.concatenate([(dv / lengths[:, None]).ravel(), np.zeros(n)])

    def miss(x: np.ndarray) -> np.ndarray:
        return (problem.end(rows(x), model, COARSE_STEP) + difference - problem.required()) / SCALE

    def slopes(x: np.ndarray) -> np.ndarray:
        by = problem.end(rows(x), model, COARSE_STEP, model)[1] / SCALE[:, None, None]
        return np.hstack([SPEED * by[:, :, 1:].reshape(6, -1), TIME * by[:, :, 0]])

    order = np.zeros((n - 1, 4 * n))
    for i in range(n - 1):
        order[i, 3 * n + i], order[i, 3 * n + i + 1] = -TIME, TIME
    gaps = np.diff(middle) - bounds.coast
    constraints = [{"type": "eq", "fun": miss, "jac": slopes}]
    if n > 1:
        constraints.append({"type": "ineq", "fun": lambda x: (order @ x + gaps) / TIME, "jac": lambda _: order / TIME})
    solution = minimize(
        size,
        np.concatenate([start[:, 1:].ravel() / SPEED, (start[:, 0] - middle) / TIME]),
        jac=True,
        method="SLSQP",
        options={"maxiter": 60, "ftol": 1e-4},
        bounds=[(-8.0, 8.0)] * (3 * n) + list(zip((first - middle) / TIME, (last - middle) / TIME, strict=True)),
        constraints=constraints,
    )
    table = rows(solution.x)
    in_order = n == 1 or np.diff(table[:, 0]).min() > bounds.coast - 1.0
    arrives = np.abs(miss(solution.x)).max() < AIM_TOLERANCE and in_order
    return (cost(table) if arrives else np.inf), table
