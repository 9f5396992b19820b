"""An orbit of the full model fitted to an element set's SGP4 states, instead of started from one SGP4 state.

SGP4's states lack the waves of the turning field, some 30 to 100 m in the semi-major axis from one hour to the next: an
orbit started from one of them drifts by kilometres a day. Fitted over a day, those waves average out.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.core.scene import State
from sim.environment.world import World, sgp4_state
from sim.orbit.propagate import fly

STEPS = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01])  # m, m/s: differences for the partial derivatives


def fitted_state(
    elements: ElementSet,
    world: World,
    mass: float,
    cda: float,
    span: float = 86400.0,
    points: int = 24,
    solve_drag: bool = False,
) -> tuple[float, State]:
    """Time (s from the world's zero) and state, `span` s before the set's epoch, of the orbit that fits it best.

    Least squares of the position, GCRF, at `points` times over the span before the epoch, the days that the set itself
    was fitted to; three Gauss-Newton passes with differenced partials. Residuals of some hundred metres remain.
    `solve_drag` estimates the drag area with the state, from `cda` m2 on: what the set's own drag term amounts to here.
    """
    end = elements.epoch.since(world.zero)
    start = end - span
    times = np.linspace(start, end, points)
    states = [sgp4_state(elements.line1, elements.line2, world.zero.plus(t)) for t in times]
    target = np.concatenate([r for r, _ in states])
    count = 7 if solve_drag else 6
    steps = np.diag(np.append(STEPS, 0.1 * cda))[:count]
    x = np.concatenate([*states[0], [cda]])

    def positions(x: np.ndarray) -> np.ndarray:
        path = fly(State(x[:3], x[3:6], mass, x[6]), start, end, world)
        return path.at(times)[0].ravel()

    for _ in range(3):
        base = positions(x)
        partials = np.column_stack([(positions(x + step) - base) / step.max() for step in steps])
        x[:count] += np.linalg.lstsq(partials, target - base, rcond=None)[0]
    return start, State(x[:3], x[3:6], mass, float(x[6]))
