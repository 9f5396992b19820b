"""End state of a plan of burns relative to a target, and its sensitivity to every number of the plan.

The end itself is flown in the full model. The effect of a burn's time or components is the difference of two flights in
a coarse one, each from the full model's state before that burn: a solver needs slopes to a per cent, and ends to a cm.
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.vectors import copy
from kernels.orbit.propagate import propagate
from kernels.relative.hill import to_curvilinear

SPEED_STEP, TIME_STEP = 0.02, 2.0  # m/s and s: steps of a component and a time for its slope


@record
class ManeuveringShip(NamedTuple):
    """A ship and the engine that flies its burns: state (7,) r, v, mass at the start; cda m2, drag coefficient times
    area; thrust N; isp s."""

    state: np.ndarray
    cda: float
    thrust: float
    isp: float


@record
class PlanResponse(NamedTuple):
    """End state of a plan of n burns: end (6,) curved LVLH position and velocity, m and m/s; slopes (6, n, 4) of it, by
    the middle of each burn (per s) and by its LVLH components (per m/s). Slopes (6, 0, 4) request the end alone."""

    end: np.ndarray
    slopes: np.ndarray


@njit(cache=True)
def relative_end(rt, vt, y, out):
    """Curved LVLH position and velocity, out (6,) m and m/s, of a ship y (7,) about a target rt, vt (3,)."""
    to_curvilinear(rt, vt, y[:3], y[3:6], out[:3], out[3:])


@njit(cache=True)
def between(t, t_end, burns, b):
    """A time that splits a table of burns (n, 4) before row b: half-way from the burn before it, t for the first."""
    if b == 0:
        return t
    return min(max(0.5 * (burns[b - 1, 0] + burns[b, 0]), t), t_end)


@njit(cache=True)
def response(t, t_end, ship, rt, vt, step, forces, coarse, burns, out):
    """Fly a `ManeuveringShip` from t to t_end through burns (n, 4): rows as in kernels.orbit.propagate.

    rt, vt (3,)       the target at t_end, m and m/s
    forces, coarse    the model of the end and that of the slopes; step s of both
    out               `PlanResponse`
    """
    cda, thrust, isp, end, slopes = ship.cda, ship.thrust, ship.isp, out.end, out.slopes
    none = np.empty((0, 11))
    y = ship.state.copy()
    if slopes.shape[1] == 0:
        propagate(t, t_end, y, step, forces, cda, burns, thrust, isp, none)
        relative_end(rt, vt, y, end)
        return
    moved_end, base_end = np.empty(6), np.empty(6)
    at = t
    for b in range(burns.shape[0]):
        split = between(t, t_end, burns, b)
        if b > 0:
            propagate(at, split, y, step, forces, cda, burns[b - 1 : b], thrust, isp, none)
            at = split
        z = y.copy()
        propagate(at, t_end, z, step, coarse, cda, burns[b:], thrust, isp, none)
        relative_end(rt, vt, z, base_end)
        rest = burns[b:].copy()
        for j in range(4):
            move = TIME_STEP if j == 0 else SPEED_STEP
            rest[0, j] += move
            copy(y, z)
            propagate(at, t_end, z, step, coarse, cda, rest, thrust, isp, none)
            relative_end(rt, vt, z, moved_end)
            rest[0, j] -= move
            for i in range(6):
                slopes[i, b, j] = (moved_end[i] - base_end[i]) / move
    propagate(at, t_end, y, step, forces, cda, burns[burns.shape[0] - 1 :], thrust, isp, none)
    relative_end(rt, vt, y, end)
