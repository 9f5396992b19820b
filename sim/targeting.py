"""Burns that bring a ship from where it is to a relative state, in the full force model, with finite burns.

Two steps: a search in a coarse model for burn times and components that cost least, from several starts, and then a
correction in the full model until the aim is met. Both craft are propagated; their difference is what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.relative import to_curvilinear
from sim.flight import Failure
from sim.orbits import arrive
from sim.scene import State
from sim.vehicle import Engine
from sim.world import World

SCALE = np.array([1.0e4, 1.0e3, 1.0e4, 5.0, 5.0, 5.0])  # m and m/s: makes the six misses of one size
LAST_COAST = 300.0  # s, from the last burn to the aim
COARSE_STEP = 300.0  # s: the search needs 100 m, not millimetres
SMOOTH = 0.03  # m/s: rounds the corner of |dv| at zero for the search


@dataclass(frozen=True)
class Aim:
    """A relative state (curved LVLH) to reach at a time: position m, velocity m/s."""

    t: float
    position: np.ndarray
    velocity: np.ndarray


def correct(ship: State, target_end: tuple, t0: float, burns: np.ndarray, aim: Aim, world: World, engine: Engine):
    """Change the components of `burns` (n,4), as little as possible, until the aim is met in the full model.

    Gauss-Newton with the minimum-norm step; raises Failure where 12 passes do not bring it within 1 m and 1 mm/s.
    """
    burns = burns.copy()
    rt, vt = target_end[:2]

    def miss(rows: np.ndarray) -> np.ndarray:
        r, v, _ = arrive(ship, t0, aim.t, world, rows, engine)
        return _miss(rt, vt, r, v, aim)

    best = miss(burns)
    jacobian = None
    for sweep in range(12):
        if np.abs(best[:3] * SCALE[:3]).max() < 0.05 and np.abs(best[3:] * SCALE[3:]).max() < 5e-5:
            return burns
        if jacobian is None or sweep % 2 == 0:
            jacobian = _jacobian(miss, burns, best)
        step = -np.linalg.pinv(jacobian) @ best
        burns[:, 1:] += step.reshape(-1, 3)
        best = miss(burns)
    if np.abs(best[:3] * SCALE[:3]).max() < 1.0 and np.abs(best[3:] * SCALE[3:]).max() < 1e-3:
        return burns
    worst = best * SCALE
    raise Failure(
        f"the burns do not converge: {np.abs(worst[:3]).max():.1f} m and {np.abs(worst[3:]).max():.3f} m/s off the aim"
    )


def _jacobian(miss, burns: np.ndarray, base: np.ndarray, step: float = 0.01) -> np.ndarray:
    """Sensitivity (6, 3n) of the miss to the burn components, one-sided differences of 1 cm/s."""
    columns = []
    for i in range(len(burns)):
        for j in range(1, 4):
            moved = burns.copy()
            moved[i, j] += step
            columns.append((miss(moved) - base) / step)
    return np.array(columns).T


def _miss(rt, vt, r, v, aim: Aim) -> np.ndarray:
    d, rate = np.empty(3), np.empty(3)
    to_curvilinear(rt, vt, r, v, d, rate)
    return np.concatenate([d - aim.position, rate - aim.velocity]) / SCALE


def search(
    ship: State, target: State, t0: float, starts: Sequence[np.ndarray], slack: float, apart: float, aim: Aim,
    enough: float, world: World, engine: Engine,
) -> tuple[np.ndarray, list[float]]:  # fmt: skip
    """The cheapest plan over burn times and components in a coarse model (zonal field to degree 2, no drag).

    starts: burn tables (n,4) to start from, tried in turn until one costs no more than `enough` m/s; slack: how far
    each time may move, s; apart: least time between burns, s. Returns the best table and what each start that was tried
    came to, m/s (infinite where it found no plan).
    """
    from scipy.optimize import minimize

    coarse = world.coarse
    rt, vt, _ = arrive(target, t0, aim.t, world, forces=coarse, step=COARSE_STEP, burns=np.empty((0, 4)))
    results: list[tuple[float, np.ndarray]] = []
    for start in starts:
        n = len(start)
        middle = start[:, 0]

        def rows(x: np.ndarray, n=n, middle=middle) -> np.ndarray:
            return np.column_stack([middle + 600.0 * x[3 * n :], 10.0 * x[: 3 * n].reshape(n, 3)])

        def miss(x: np.ndarray, rows=rows) -> np.ndarray:
            r, v, _ = arrive(ship, t0, aim.t, world, rows(x), engine, forces=coarse, step=COARSE_STEP)
            return _miss(rt, vt, r, v, aim)

        def cost(x: np.ndarray, n=n) -> tuple[float, np.ndarray]:
            dv = 10.0 * x[: 3 * n].reshape(n, 3)
            size = np.sqrt((dv**2).sum(axis=1) + SMOOTH**2)
            slope = np.concatenate([(dv / size[:, None]).ravel() * 10.0, np.zeros(n)])
            return float(size.sum()) / 10.0, slope / 10.0

        room = np.minimum(slack, aim.t - LAST_COAST - middle) / 600.0  # no burn right before the aim
        order = np.zeros((n - 1, 4 * n))
        for i in range(n - 1):
            order[i, 3 * n + i], order[i, 3 * n + i + 1] = -600.0, 600.0
        gaps = np.diff(middle) - apart
        x0 = np.concatenate([start[:, 1:].ravel() / 10.0, np.zeros(n)])
        answer = minimize(
            cost, x0, jac=True, method="SLSQP", options={"maxiter": 120, "ftol": 1e-7},
            bounds=[(-8.0, 8.0)] * (3 * n) + [(-slack / 600.0, float(most)) for most in room],
            constraints=[
                {"type": "eq", "fun": miss},
                {
                    "type": "ineq",
                    "fun": lambda x, o=order, g=gaps: (o @ x + g) / 600.0,
                    "jac": lambda x, o=order: o / 600.0,
                },
            ],
        )  # fmt: skip
        table = rows(answer.x)
        met = np.abs(miss(answer.x)).max() < 1e-2
        results.append((float(np.linalg.norm(table[:, 1:], axis=1).sum()) if met else np.inf, table))
        if results[-1][0] <= enough:
            break
    best = min(results, key=lambda pair: pair[0])
    return best[1], [value for value, _ in results]
