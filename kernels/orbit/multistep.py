"""Long smooth arcs at one evaluation a step: summed Stoermer-Cowell (Gauss-Jackson), 6 to 14 accelerations, fixed step.

With t = 1 - E^-1 the backward difference, integration is division by -ln(1 - t), so that at node n - j

    r = h^2 [S + c_1 s + sum_i c_{i+2} t^i a_n],   v = h [s + sum_i d_{i+1} t^i a_n],
    sum c_i t^i = (1 - t)^j (t / -ln(1 - t))^2,    sum d_i t^i = (1 - t)^j t / -ln(1 - t),

s the sum of the accelerations up to n, S the sum of the s: j = -1 predicts, j = 0 is the result at the node. All the
memory of the orbit is in the two sums, which carry their rounding along (Kahan). A correction of the position would
only touch the node written, for the next prediction takes nothing but accelerations: a step is predict, evaluate, sum.
At the last node the speed by d_i has an error of 1e-8 m/s (20x20, 30 s), which a burn or another arc would carry on, 2
mm a day: so the method steps on past the end and takes the state there with j = `back`, from accelerations on both
sides. Sunlight (kernels/orbit/sunlight.py), whose edges no high order can pass, is summed beside: r = r_smooth +
r_light. Berry & Healy, J. Astronaut. Sci. 52 (2004) 331-357; the coefficients here are worked out in whole fractions.

The equations are chosen by the type of `dynamics` (kernels/orbit/motion.py), so each kind is compiled alone.
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.maths.dop853 import STAGES, A, B, C
from kernels.maths.lanes import add, fma, lane, load4, mul, pack4, splat4, store4, sub
from kernels.maths.vectors import copy
from kernels.orbit.motion import evaluate, shine, sunlit, uses_velocity
from kernels.orbit.sunlight import MEAN, NOW, SHIFT, SPEED, dark

SPAN = 14  # accelerations that a step uses; a lower order has zeros for the oldest
HISTORY_SIZE = 512  # accelerations kept before the last SPAN move back to the beginning
START_STEP = 60.0  # s, the longest Runge-Kutta step that the start is made of: 1e-7 m of error after a day
# The longest stable step of orders 6 to 14, rad of a circular orbit: a root for y'' = -w^2 y leaves the unit circle.
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


class StepsWorkspace(NamedTuple):
    """The start of `coast`: middle (7,), the state in its middle; accelerations; dy (6,) and light (6, 3)
    where it ends; total (4, 3), the effect of sunlight since the middle."""

    middle: np.ndarray
    history: np.ndarray
    dy: np.ndarray
    light: np.ndarray
    total: np.ndarray


@lru_cache
def make_multistep(order=12) -> Multistep:
    """The method that uses `order` accelerations, 6 to 14; its error falls with h^(order+1) or faster."""
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
    predict, result, start = (weights(j) for j in (-1, 0, back))
    return Multistep(
        order=order,
        back=back,
        predict_r=predict[0],
        predict_v=predict[1],
        result_r=result[0],
        result_v=result[1],
        start_r=start[0],
        start_v=start[1],
    )


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
def runge_kutta_step(t, h, y, dynamics, k, light):
    """One DOP853 step of y = (r, v, ..) in place; k (12, 6), where k[0] already holds the derivative at t.

    light (6, 3): the result of `shine` for the step; in it the mean acceleration stands for the sunlight, and at its
    end the position is corrected for the difference.
    """
    for j in range(3):
        k[0, 3 + j] += light[MEAN, j]
    z = np.empty(6)
    for stage in range(1, STAGES):
        for j in range(6):
            change = 0.0
            for i in range(stage):
                change += A[stage, i] * k[i, j]
            z[j] = y[j] + h * change
        derivative(t + C[stage] * h, z, dynamics, k[stage])
        for j in range(3):
            k[stage, 3 + j] += light[MEAN, j]
    for j in range(6):
        change = 0.0
        for stage in range(STAGES):
            change += B[stage] * k[stage, j]
        y[j] += h * change
    for j in range(3):
        y[j] += light[SHIFT, j] - 0.5 * h * light[SPEED, j]


@njit(cache=True, error_model="numpy", _nrt=False)
def derivative(t, y, dynamics, dy):
    dy[3], dy[4], dy[5] = evaluate(t, y[0], y[1], y[2], y[3], y[4], y[5], dynamics)
    for j in range(3):
        dy[j] = y[3 + j]


@njit(cache=True, error_model="numpy")
def _write(nodes, count, t, y, dy, light):
    if count < nodes.shape[0]:
        node = nodes[count]
        node[0] = t
        for j in range(6):
            node[1 + j] = y[j]
        for j in range(3):
            node[7 + j] = dy[3 + j] + light[NOW, j]
        node[10] = y[6]
        count += 1
    return count


@njit(cache=True, error_model="numpy")
def coast(t, t_end, y, step, method, dynamics, nodes):
    """Fly y = (r, v, mass) (7,) in place from t to t_end, forwards or backwards; returns the number of nodes written.

    step      s, > 0: the longest; the arc is divided evenly, so that it ends on a node
    method    `Multistep`; an arc of fewer steps than its order is flown by DOP853 alone
    dynamics  one of the records of kernels/orbit/motion.py
    nodes     (capacity, 11) out: t, r, v, a, mass; pass an empty array where only the end matters
    """
    order = method.order
    n = max(1, math.ceil(abs(t_end - t) / step - 1.0e-9))
    h = (t_end - t) / n
    parts = max(1, math.ceil(abs(h) / START_STEP - 1.0e-9))
    starters = min(n, order - 1)
    k = np.empty((STAGES, 6))
    history = np.zeros(4 * HISTORY_SIZE)
    middle = y.copy()
    light = dark()
    total = np.zeros((4, 3))  # position, speed that sunlight has added since the middle of the start; both at the end
    bright = sunlit(dynamics)
    newest = SPAN - order  # the start fills SPAN - order .. SPAN - 1
    count = 0
    for i in range(starters):
        derivative(t + i * h, y, dynamics, k[0])
        for j in range(3):
            history[4 * newest + j] = k[0, 3 + j]
        newest += 1
        for part in range(parts):
            ti = t + (i + part / parts) * h
            if part > 0:
                derivative(ti, y, dynamics, k[0])
            if bright:
                shine(ti, h / parts, y[:3], y[3:6], k[0, 3:], dynamics, light)
            if part == 0:
                count = _write(nodes, count, ti, y, k[0], light)
            runge_kutta_step(ti, h / parts, y, dynamics, k, light)
            if bright and i >= order - 1 - method.back:
                _gather(h / parts, light, total)
        if i + 1 == order - 1 - method.back:
            copy(y, middle)
    derivative(t + starters * h, y, dynamics, k[0])
    if bright:
        shine(t + starters * h, h, y[:3], y[3:6], k[0, 3:], dynamics, light)
    count = _write(nodes, count, t + starters * h if n > starters else t_end, y, k[0], light)
    if n > starters:
        work = StepsWorkspace(middle=middle, history=history, dy=k[0], light=light, total=total)
        count = _steps(t, h, starters, n, y, method, dynamics, nodes, count, work)
    return count


@njit(cache=True, error_model="numpy", _nrt=False)
def _gather(h, light, total):
    """One step's sunlight onto all before it."""
    for j in range(3):
        total[0, j] += h * total[1, j] + light[SHIFT, j]
        total[1, j] += light[SPEED, j]


@njit(cache=True, error_model="numpy", _nrt=False)
def _steps(t, h, first, n, y, method, dynamics, nodes, count, work):
    """Steps first..n of `coast`: the start is done, y is at node `first`; work: `StepsWorkspace`."""
    middle, history, dy, light, total = work.middle, work.history, work.dy, work.light, work.total
    in_air = uses_velocity(dynamics)
    bright = sunlit(dynamics)
    zero = splat4(0.0)
    length = splat4(h)
    square = splat4(h * h)
    newest = SPAN - 1
    ax, ay, az = dy[3], dy[4], dy[5]
    a = pack4(ax, ay, az, 0.0)
    store4(history, 4 * newest, a)
    v = pack4(middle[3] / h, middle[4] / h, middle[5] / h, 0.0)
    r = pack4(middle[0] / (h * h), middle[1] / (h * h), middle[2] / (h * h), 0.0)
    s = sub(v, _all(method.start_v, history, newest, a, zero))
    big = sub(fma(splat4(method.back + 1.0), s, r), _all(method.start_r, history, newest, a, zero))
    s_over = zero  # rounding excess of the sums (Kahan)
    big_over = zero
    # The newest acceleration enters a prediction by one product; all the rest is summed while it is being evaluated.
    push_r = h * h * (method.predict_r[SPAN - 1] + 1.0)
    push_v = h * (method.predict_v[SPAN - 1] + 1.0)
    r = mul(square, sub(_earlier(method.predict_r, history, newest, big), a))
    v = mul(length, sub(_earlier(method.predict_v, history, newest, s), a))
    last = -1
    for i in range(first + 1, n + method.back + 1):
        ti = t + i * h
        x, y_, z = fma(push_r, ax, lane(r, 0)), fma(push_r, ay, lane(r, 1)), fma(push_r, az, lane(r, 2))
        vx, vy, vz = fma(push_v, ax, lane(v, 0)), fma(push_v, ay, lane(v, 1)), fma(push_v, az, lane(v, 2))
        if bright:
            _gather(h, light, total)
            x, y_, z = x + total[0, 0], y_ + total[0, 1], z + total[0, 2]
            vx, vy, vz = vx + total[1, 0], vy + total[1, 1], vz + total[1, 2]
        ax, ay, az = evaluate(ti, x, y_, z, vx, vy, vz, dynamics)
        if bright:
            y[0], y[1], y[2], y[3], y[4], y[5] = x, y_, z, vx, vy, vz
            dy[3], dy[4], dy[5] = ax, ay, az
            if i == n:
                for j in range(3):
                    total[2, j], total[3, j] = total[0, j], total[1, j]
            shine(ti, h, y[:3], y[3:6], dy[3:], dynamics, light)
        # The next prediction, as far as it does not depend on what is being evaluated.
        newest += 1
        if newest == HISTORY_SIZE:
            for j in range(4 * SPAN):
                history[j] = history[4 * (HISTORY_SIZE - SPAN) + j]
            newest = SPAN
        held = sub(s, add(s_over, big_over))
        r = mul(square, add(big, _earlier(method.predict_r, history, newest, held)))
        if in_air or bright:
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
        if i <= n and count < nodes.shape[0]:
            held = sub(sub(zero, big_over), s)  # c_1 = -1 at the node itself
            here = mul(square, add(big, _all(method.result_r, history, newest, a, held)))
            speed = mul(length, add(s, _all(method.result_v, history, newest, a, zero)))
            _leave(here, speed, total[0], total[1], y)
            dy[3], dy[4], dy[5] = ax, ay, az
            last = count if i == n else -1
            count = _write(nodes, count, ti, y, dy, light)
    s = sub(s, s_over)
    held = fma(splat4(-1.0 - method.back), s, sub(zero, big_over))
    here = mul(square, add(big, _all(method.start_r, history, newest, a, held)))
    speed = mul(length, add(s, _all(method.start_v, history, newest, a, zero)))
    _leave(here, speed, total[2], total[3], y)
    if last >= 0:
        for j in range(6):
            nodes[last, 1 + j] = y[j]
    return count


@njit(cache=True, error_model="numpy", _nrt=False)
def _leave(here, speed, shift, gain, y):
    """State in lanes, and the effect of sunlight, as numbers."""
    for j in range(3):
        y[j] = shift[j]
        y[3 + j] = gain[j]
    y[0], y[1], y[2] = y[0] + lane(here, 0), y[1] + lane(here, 1), y[2] + lane(here, 2)
    y[3], y[4], y[5] = y[3] + lane(speed, 0), y[4] + lane(speed, 1), y[5] + lane(speed, 2)
