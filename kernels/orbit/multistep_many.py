"""Many arcs at once: the multistep method with eight trajectories side by side, for Monte Carlo and screening.

The same formulas as kernels/orbit/multistep.py, one trajectory to a lane. Products and sums are fused and ordered
otherwise than there, so that the two agree to 1e-6 m after a day (each is as far from the truth), not to the bit. No
lane knows of its neighbours: the result of a trajectory depends neither on how many others fly nor on which thread
flies it.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.maths.dop853 import STAGES, A, B, C
from kernels.maths.lanes import add, fma, load8, mul, splat8, store8, sub
from kernels.maths.vectors import copy
from kernels.orbit.motion import evaluate_eight
from kernels.orbit.multistep import HISTORY_SIZE, SPAN, START_STEP

WIDTH = 8
NODE = 3 * WIDTH  # numbers of one node in the history: x, y, z of eight trajectories


@njit(cache=True, error_model="numpy")
def coast_many(t, t_end, y, step, method, dynamics):
    """Fly y (6, n) = positions m and velocities m/s, contiguous, in place from t to t_end.

    step, method and dynamics as in `coast`; dynamics `Zonal` or `Turning`, the same for all.
    """
    n = y.shape[1]
    few = np.empty((6, WIDTH))
    for first in range(0, n, WIDTH):
        for j in range(6):
            for i in range(WIDTH):  # lanes beyond the last trajectory fly a copy of it
                few[j, i] = y[j, min(first + i, n - 1)]
        _coast_eight(t, t_end, few, step, method, dynamics)
        for j in range(6):
            for i in range(min(WIDTH, n - first)):
                y[j, first + i] = few[j, i]


@njit(cache=True, error_model="numpy", _nrt=False)
def _runge_kutta_eight(t, h, y, dynamics, k, z):
    """One DOP853 step of y (6, 8) in place; k (12, 6, 8), whose first stage is filled; z (6, 8) work."""
    for stage in range(1, STAGES):
        for j in range(6):
            change = splat8(0.0)
            for i in range(stage):
                if A[stage, i] != 0.0:
                    change = fma(splat8(A[stage, i]), load8(k[i, j], 0), change)
            store8(z[j], 0, fma(splat8(h), change, load8(y[j], 0)))
        _derivative_eight(t + C[stage] * h, z, dynamics, k[stage])
    for j in range(6):
        change = splat8(0.0)
        for stage in range(STAGES):
            change = fma(splat8(B[stage]), load8(k[stage, j], 0), change)
        store8(y[j], 0, fma(splat8(h), change, load8(y[j], 0)))


@njit(cache=True, error_model="numpy", _nrt=False)
def _derivative_eight(t, y, dynamics, dy):
    ax, ay, az = evaluate_eight(t, load8(y[0], 0), load8(y[1], 0), load8(y[2], 0), dynamics)
    for j in range(3):
        store8(dy[j], 0, load8(y[3 + j], 0))
    store8(dy[3], 0, ax)
    store8(dy[4], 0, ay)
    store8(dy[5], 0, az)


@njit(cache=True, error_model="numpy", forceinline=True, _nrt=False)
def _sums(weights, oldest, history, end, x, y, z):
    """x, y, z + weights[oldest:] times the accelerations that end just before node `end` of the history."""
    count = weights.shape[0]
    at = (end - count + oldest) * NODE
    for i in range(oldest, count):
        weight = splat8(weights[i])
        x = fma(weight, load8(history, at), x)
        y = fma(weight, load8(history, at + WIDTH), y)
        z = fma(weight, load8(history, at + 2 * WIDTH), z)
        at += NODE
    return x, y, z


@njit(cache=True, error_model="numpy")
def _coast_eight(t, t_end, y, step, method, dynamics):
    order = method.order
    n = max(1, math.ceil(abs(t_end - t) / step - 1.0e-9))
    h = (t_end - t) / n
    parts = math.ceil(abs(h) / START_STEP - 1.0e-9)
    starters = min(n, order - 1)
    k = np.empty((STAGES, 6, WIDTH))
    z = np.empty((6, WIDTH))
    history = np.zeros(NODE * HISTORY_SIZE)
    middle = y.copy()
    end = SPAN - order  # nodes of the history that are filled, counting the empty ones in front
    for i in range(starters):
        for part in range(parts):
            ti = t + (i + part / parts) * h
            _derivative_eight(ti, y, dynamics, k[0])
            if part == 0:
                for j in range(3):
                    store8(history, NODE * end + WIDTH * j, load8(k[0, 3 + j], 0))
                end += 1
            _runge_kutta_eight(ti, h / parts, y, dynamics, k, z)
        if i + 1 == order - 1 - method.back:
            copy(y, middle)
    if n <= starters:
        return
    _derivative_eight(t + starters * h, y, dynamics, k[0])
    for j in range(3):
        store8(history, NODE * end + WIDTH * j, load8(k[0, 3 + j], 0))
    end += 1
    _steps_eight(t, h, starters, n, y, middle, history, end, method, dynamics)


@njit(cache=True, error_model="numpy", _nrt=False)
def _advance(a, s, s_over, big, big_over):
    """Both sums one node on, with their rounding errors (Kahan)."""
    more = sub(a, s_over)
    moved = add(s, more)
    s_over = sub(sub(moved, s), more)
    more = sub(moved, add(s_over, big_over))
    total = add(big, more)
    return moved, s_over, total, sub(sub(total, big), more)


@njit(cache=True, error_model="numpy", _nrt=False)
def _steps_eight(t, h, first, n, y, middle, history, end, method, dynamics):
    """Steps first..n; the accelerations up to node `first` are in the history."""
    oldest = SPAN - method.order
    zero = splat8(0.0)
    square = splat8(h * h)
    earlier = method.predict_r[: SPAN - 1]
    push = splat8(h * h * (method.predict_r[SPAN - 1] + 1.0))
    slow = splat8(1.0 / h)
    far = splat8(1.0 / (h * h))
    back = splat8(method.back + 1.0)
    vx, vy, vz = _sums(method.start_v, oldest, history, end, zero, zero, zero)
    sx = sub(mul(slow, load8(middle[3], 0)), vx)
    sy = sub(mul(slow, load8(middle[4], 0)), vy)
    sz = sub(mul(slow, load8(middle[5], 0)), vz)
    rx, ry, rz = _sums(method.start_r, oldest, history, end, zero, zero, zero)
    bx = sub(fma(back, sx, mul(far, load8(middle[0], 0))), rx)
    by = sub(fma(back, sy, mul(far, load8(middle[1], 0))), ry)
    bz = sub(fma(back, sz, mul(far, load8(middle[2], 0))), rz)
    cx, cy, cz, dx, dy, dz = zero, zero, zero, zero, zero, zero  # rounding excess of the sums (Kahan)
    # As in the single form, the newest acceleration enters by one product, and the rest is summed beforehand.
    at = NODE * (end - 1)
    ax, ay, az = load8(history, at), load8(history, at + WIDTH), load8(history, at + 2 * WIDTH)
    gx, gy, gz = _sums(earlier, oldest, history, end - 1, sub(bx, ax), sub(by, ay), sub(bz, az))
    for i in range(first + 1, n + method.back + 1):  # past the end, as the single form
        x = fma(push, ax, mul(square, gx))
        y_ = fma(push, ay, mul(square, gy))
        z = fma(push, az, mul(square, gz))
        ax, ay, az = evaluate_eight(t + i * h, x, y_, z, dynamics)
        gx, gy, gz = _sums(
            earlier, oldest, history, end, sub(sx, add(cx, dx)), sub(sy, add(cy, dy)), sub(sz, add(cz, dz))
        )
        gx, gy, gz = add(bx, gx), add(by, gy), add(bz, gz)
        if end == HISTORY_SIZE:
            for j in range(NODE * SPAN):
                history[j] = history[NODE * (HISTORY_SIZE - SPAN) + j]
            end = SPAN
        at = NODE * end
        store8(history, at, ax)
        store8(history, at + WIDTH, ay)
        store8(history, at + 2 * WIDTH, az)
        end += 1
        sx, cx, bx, dx = _advance(ax, sx, cx, bx, dx)
        sy, cy, by, dy = _advance(ay, sy, cy, by, dy)
        sz, cz, bz, dz = _advance(az, sz, cz, bz, dz)
    sx, sy, sz = sub(sx, cx), sub(sy, cy), sub(sz, cz)
    bx, by, bz = (sub(sub(bx, dx), mul(back, sx)), sub(sub(by, dy), mul(back, sy)), sub(sub(bz, dz), mul(back, sz)))
    gx, gy, gz = _sums(method.start_r, oldest, history, end, bx, by, bz)
    store8(y[0], 0, mul(square, gx))
    store8(y[1], 0, mul(square, gy))
    store8(y[2], 0, mul(square, gz))
    length = splat8(h)
    gx, gy, gz = _sums(method.start_v, oldest, history, end, sx, sy, sz)
    store8(y[3], 0, mul(length, gx))
    store8(y[4], 0, mul(length, gy))
    store8(y[5], 0, mul(length, gz))
