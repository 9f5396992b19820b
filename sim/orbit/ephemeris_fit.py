"""An orbit of the full model fitted to an ephemeris: state, drag area and the size of a burn within it.

What an operator publishes is the best that is known of an orbit; a day of it shows the drag of that day. A prediction
from there takes the air of the days ahead as known at its end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.scene import State
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import NO_BURNS, fly

PASSES = 4  # of Gauss and Newton: the fourth changes no state by a millimetre
STEPS = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 300.0, 0.01])  # m, m/s, m2, m/s: for the partial derivatives


class EphemerisFit(NamedTuple):
    """`state` at the last time with its drag area; `burn` m/s along the velocity, None where none is; `rms` m."""

    state: State
    burn: float | None
    rms: float


def fitted_ephemeris(
    times: np.ndarray,
    first: State,
    positions: np.ndarray,
    world: World,
    burn_at: float | None = None,
    engine: Engine | None = None,
) -> EphemerisFit:
    """Least squares of positions (n, 3) m, GCRS, at `times` (n,) s of the world, from the state `first` at the first.

    `first` has the mass and a guess of the drag area. `burn_at` s: the middle of a burn along the velocity, whose size
    is estimated too; `engine` flies it. Only the weather of `world` counts.
    """
    x = np.concatenate([first.r, first.v, [first.cda], [0.0] if burn_at is not None else []])
    steps = np.diag(STEPS[: len(x)])
    engine = engine or Engine(3000.0, 300.0)

    def path(x: np.ndarray):
        burns = NO_BURNS if burn_at is None else np.array([[burn_at, x[7], 0.0, 0.0]])
        return fly(State(x[:3], x[3:6], first.mass, x[6]), times[0], times[-1] + world.step, world, burns, engine)

    def computed(x: np.ndarray) -> np.ndarray:
        return path(x).at(times)[0].ravel()

    target = np.asarray(positions, float).ravel()
    for _ in range(PASSES):
        base = computed(x)
        partials = np.column_stack([(computed(x + step) - base) / step.max() for step in steps])
        x = x + np.linalg.lstsq(partials, target - base, rcond=None)[0]
    flown = path(x)
    residual = (flown.at(times)[0].ravel() - target).reshape(-1, 3)
    r, v = flown.at(times[-1])[:2]
    rms = float(np.sqrt(np.mean(np.sum(residual**2, axis=1))))
    return EphemerisFit(
        State(np.ravel(r), np.ravel(v), first.mass, float(x[6])), float(x[7]) if burn_at is not None else None, rms
    )
