"""Long smooth arcs at one evaluation a step: summed Stoermer-Cowell (Gauss-Jackson), 6 to 14 accelerations, fixed step.

With t = 1 - E^-1 the backward difference, integration is division by -ln(1 - t), so that at node n - j

    r = h^2 [S + c_1 s + sum_i c_{i+2} t^i a_n],   v = h [s + sum_i d_{i+1} t^i a_n],
    sum c_i t^i = (1 - t)^j (t / -ln(1 - t))^2,    sum d_i t^i = (1 - t)^j t / -ln(1 - t),

s the sum of the accelerations up to n, S the sum of the s: j = -1 predicts, j = 0 is the result at the node. All the
memory of the orbit is in the two sums, which carry their rounding along (Kahan). A correction of the position would
only touch the node written, for the next prediction takes nothing but accelerations: a step is predict, evaluate, sum.
Berry & Healy, J. Astronaut. Sci. 52 (2004) 331-357; the coefficients here are worked out in whole fractions.

What flies is chosen by the type of `dynamics` (kernels/motion.py), so each kind is compiled for itself, and cached.
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit

from kernels.dop853 import STAGES, A, B, C
from kernels.lanes import add, fma, lane, load4, mul, pack4, splat4, store4, sub
from kernels.motion import evaluate, uses_velocity

SPAN = 14  # accelerations that a step looks back on; a lower order has zeros for the oldest
ROOM = 512  # accelerations kept before the last SPAN move back to the beginning
START_STEP = 60.0  # s, the longest Runge-Kutta step that the start is made of: 1e-7 m of error after a day
# For orders 6 to 14 the longest step that does not swing itself up, in radians of a circular orbit: the largest root of
# the difference equation for y'' = -w^2 y leaves the unit circle there.
STABLE_RAD = (0.459, 0.334, 0.242, 0.175, 0.126, 0.0907, 0.0649, 0.0466, 0.0335)


class Multistep(NamedTuple):
    """Weights (SPAN,), the oldest acceleration first: `start_*` at node n - `back`, the middle of the start."""

    order: int
    back: int
    predict_r: np.ndarray
    predict_v: np.ndarray
    result_r: np.ndarray
    result_v: np.ndarray
    start_r: np.ndarray
    start_v: np.ndarray


@lru_cache
def make_multistep(order=12) -> Multistep:
    """The method that looks back on `order` accelerations, 6 to 14; its error falls with h^(order+1) or faster."""
    if not 6 <= order <= SPAN:
        raise ValueError(f"order {order}: a multistep method here has 6 to {SPAN}")
    size = order + 2
    log = [Fraction(1, i + 1) for i in range(size)]  # -ln(1 - t)/t
    once = [Fraction(1)]
    for i in range(1, size):
        once.append(-sum(log[k] * once[i - k] for k in range(1, i + 1)))
    twice = _product(once, once)

    def weights(j):
        shift = [Fraction((-1) ** i * math.comb(j, i)) if j >= 0 else Fraction(1) for i in range(size)]
        return _ordinates(_product(shift, twice)[2:], order), _ordinates(_product(shift, once)[1:], order)

    back = order - 1 - order // 2
    return Multistep(order, back, *weights(-1), *weights(0), *weights(back))


def longest_step(order, mu, perigee):
    """Four fifths of the step (s) at which `order` becomes unstable on an orbit about `mu` down to `perigee` (m)."""
    return 0.8 * STABLE_RAD[order - 6] * math.sqrt(perigee**3 / mu)


def _product(a, b):
    return [sum(a[k] * b[i - k] for k in range(i + 1)) for i in range(len(a))]


def _ordinates(differences, order):
    """Weights of backward differences turned into weights of the values, the oldest first, zeros in front."""
    out = np.zeros(SPAN)
    for m in range(order):
        out[SPAN - 1 - m] = float(sum((-1) ** m * math.comb(i, m) * differences[i] for i in range(m, order)))
    return out


@njit(cache=True, error_model="numpy", _nrt=False)
def _earlier(weights, history, newest, total):
    """total + weights times all but the newest of the SPAN accelerations that end with number `newest`."""
    for i in range(SPAN - 1):
        total = fma(splat4(weights[i]), load4(history, 4 * (newest - SPAN + 1 + i)), total)
    return total


@njit(cache=True, error_model="numpy", _nrt=False)
def _all(weights, history, newest, latest, total):
    """The same with the newest, which is still in its register as `latest`."""
    return fma(splat4(weights[SPAN - 1]), latest, _earlier(weights, history, newest, total))


@njit(cache=True, error_model="numpy")
def runge_kutta_step(t, h, y, dynamics, k):
    """One DOP853 step of y = (r, v, ..) in place; k (12, 6), where k[0] already holds the derivative at t."""
    z = np.empty(6)
    for stage in range(1, STAGES):
        for j in range(6):
            change = 0.0
            for i in range(stage):
                change += A[stage, i] * k[i, j]
            z[j] = y[j] + h * change
        _derivative(t + C[stage] * h, z, dynamics, k[stage])
    for j in range(6):
        change = 0.0
        for stage in range(STAGES):
            change += B[stage] * k[stage, j]
        y[j] += h * change


@njit(cache=True, error_model="numpy", _nrt=False)
def _derivative(t, y, dynamics, dy):
    dy[3], dy[4], dy[5] = evaluate(t, y[0], y[1], y[2], y[3], y[4], y[5], dynamics)
    for j in range(3):
        dy[j] = y[3 + j]


@njit(cache=True, error_model="numpy")
def _write(nodes, count, t, y, dy):
    if count < nodes.shape[0]:
        node = nodes[count]
        node[0] = t
        for j in range(6):
            node[1 + j] = y[j]
        for j in range(3):
            node[7 + j] = dy[3 + j]
        node[10] = y[6]
        count += 1
    return count


@njit(cache=True, error_model="numpy")
def coast(t, t_end, y, step, method, dynamics, nodes):
    """Fly y = (r, v, mass) (7,) in place from t to t_end, forwards or backwards; returns the number of nodes written.

    step      s, > 0: the longest; the arc is divided evenly, so that it ends on a node
    method    `Multistep`; an arc of fewer steps than its order is flown by DOP853 alone
    dynamics  one of the records of kernels/motion.py
    nodes     (capacity, 11) out: t, r, v, a, mass; pass an empty array where only the end matters
    """
    order = method.order
    n = max(1, math.ceil(abs(t_end - t) / step - 1.0e-9))
    h = (t_end - t) / n
    parts = math.ceil(abs(h) / START_STEP - 1.0e-9)
    starters = min(n, order - 1)
    k = np.empty((STAGES, 6))
    history = np.zeros(4 * ROOM)
    middle = y.copy()
    newest = SPAN - order  # the start fills SPAN - order .. SPAN - 1
    count = 0
    for i in range(starters):
        _derivative(t + i * h, y, dynamics, k[0])
        count = _write(nodes, count, t + i * h, y, k[0])
        for j in range(3):
            history[4 * newest + j] = k[0, 3 + j]
        newest += 1
        for part in range(parts):
            if part > 0:
                _derivative(t + (i + part / parts) * h, y, dynamics, k[0])
            runge_kutta_step(t + (i + part / parts) * h, h / parts, y, dynamics, k)
        if i + 1 == order - 1 - method.back:
            middle[:] = y
    _derivative(t + starters * h, y, dynamics, k[0])
    if n > starters:
        count = _write(nodes, count, t + starters * h, y, k[0])
        count = _steps(t, h, starters, n, y, middle, history, method, dynamics, nodes, count, k[0])
    else:
        count = _write(nodes, count, t_end, y, k[0])
    return count


@njit(cache=True, error_model="numpy", _nrt=False)
def _steps(t, h, first, n, y, middle, history, method, dynamics, nodes, count, dy):
    """Steps first..n of `coast`: the start is done, y is at node `first` and still lacks its acceleration."""
    in_air = uses_velocity(dynamics)
    zero = splat4(0.0)
    length = splat4(h)
    square = splat4(h * h)
    newest = SPAN - 1
    ax, ay, az = evaluate(t + first * h, y[0], y[1], y[2], y[3], y[4], y[5], dynamics)
    a = pack4(ax, ay, az, 0.0)
    store4(history, 4 * newest, a)
    v = pack4(middle[3] / h, middle[4] / h, middle[5] / h, 0.0)
    r = pack4(middle[0] / (h * h), middle[1] / (h * h), middle[2] / (h * h), 0.0)
    s = sub(v, _all(method.start_v, history, newest, a, zero))
    big = sub(fma(splat4(method.back + 1.0), s, r), _all(method.start_r, history, newest, a, zero))
    s_over = zero  # what the sums hold too much, by rounding
    big_over = zero
    # The newest acceleration enters a prediction by one product; all the rest is summed while it is being evaluated.
    push_r = h * h * (method.predict_r[SPAN - 1] + 1.0)
    push_v = h * (method.predict_v[SPAN - 1] + 1.0)
    r = mul(square, sub(_earlier(method.predict_r, history, newest, big), a))
    v = mul(length, sub(_earlier(method.predict_v, history, newest, s), a))
    for i in range(first + 1, n + 1):
        ti = t + i * h
        x, y_, z = fma(push_r, ax, lane(r, 0)), fma(push_r, ay, lane(r, 1)), fma(push_r, az, lane(r, 2))
        vx, vy, vz = fma(push_v, ax, lane(v, 0)), fma(push_v, ay, lane(v, 1)), fma(push_v, az, lane(v, 2))
        ax, ay, az = evaluate(ti, x, y_, z, vx, vy, vz, dynamics)
        # The next prediction, as far as it does not depend on what is being evaluated.
        newest += 1
        if newest == ROOM:
            for j in range(4 * SPAN):
                history[j] = history[4 * (ROOM - SPAN) + j]
            newest = SPAN
        held = sub(s, add(s_over, big_over))
        r = mul(square, add(big, _earlier(method.predict_r, history, newest, held)))
        if in_air:
            v = mul(length, add(s, _earlier(method.predict_v, history, newest, zero)))
        # The sums move on.
        a = pack4(ax, ay, az, 0.0)
        store4(history, 4 * newest, a)
        more = sub(a, s_over)
        moved = add(s, more)
        s_over = sub(sub(moved, s), more)
        s = moved
        more = sub(s, add(s_over, big_over))
        moved = add(big, more)
        big_over = sub(sub(moved, big), more)
        big = moved
        if count < nodes.shape[0] or i == n:
            held = sub(sub(zero, big_over), s)  # c_1 = -1 at the node itself
            here = mul(square, add(big, _all(method.result_r, history, newest, a, held)))
            speed = mul(length, add(s, _all(method.result_v, history, newest, a, zero)))
            y[0], y[1], y[2] = lane(here, 0), lane(here, 1), lane(here, 2)
            y[3], y[4], y[5] = lane(speed, 0), lane(speed, 1), lane(speed, 2)
            dy[3], dy[4], dy[5] = ax, ay, az
            count = _write(nodes, count, ti, y, dy)
    return count


@njit(cache=True, error_model="numpy")
def at_times(nodes, count, times, dynamics, out):
    """States at any times (n,) between the first and the last of `count` nodes: out (n, 11) as the nodes are.

    One DOP853 step from the node before, so they are as good as the nodes; a node's own time gives the node.
    """
    k = np.empty((STAGES, 6))
    sign = 1.0 if nodes[count - 1, 0] >= nodes[0, 0] else -1.0
    for i in range(times.shape[0]):
        low = 0
        high = count - 1
        while high - low > 1:
            half = (low + high) // 2
            if sign * nodes[half, 0] <= sign * times[i]:
                low = half
            else:
                high = half
        if times[i] == nodes[high, 0]:
            low = high
        y = nodes[low, 1:11].copy()
        h = times[i] - nodes[low, 0]
        if h != 0.0:
            k[0, :3] = y[3:6]
            k[0, 3:] = y[6:9]
            runge_kutta_step(nodes[low, 0], h, y, dynamics, k)
            _derivative(times[i], y, dynamics, k[0])
            y[6:9] = k[0, 3:]
        out[i, 0] = times[i]
        out[i, 1:] = y
