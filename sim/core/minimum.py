"""Minima of a function of one unknown and of a few, without derivatives.

They take the very steps of `minimize_scalar(method="bounded")` and `minimize(method="Nelder-Mead")` of scipy, and give
the same bits (tests/test_minimum.py). To load scipy's optimizers takes a third of a second, these take a millisecond.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from sim.files.errors import TiangongError

GOLDEN = 0.5 * (3.0 - math.sqrt(5.0))
ROOT_OF_ROUNDING = math.sqrt(2.2e-16)


def between(
    cost: Callable[[float], float], low: float, high: float, within: float, evaluations: int = 500
) -> tuple[float, float]:
    """Where between `low` and `high` the cost has a minimum, to `within`, and the cost there.

    A parabola through the last three points, or a golden section where that leads nowhere; no more `evaluations` of
    the cost than given. R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5, as `fminbnd`.
    """
    a, b = low, high
    best = second = third = a + GOLDEN * (b - a)  # in order of their costs
    f_best = f_second = f_third = cost(best)
    step = before = 0.0
    for _ in range(evaluations - 1):
        middle = 0.5 * (a + b)
        shift = ROOT_OF_ROUNDING * abs(best) + within / 3.0
        if not abs(best - middle) > 2.0 * shift - 0.5 * (b - a):
            break
        golden = True
        if abs(before) > shift:
            r = (best - second) * (f_best - f_third)
            q = (best - third) * (f_best - f_second)
            p = (best - third) * q - (best - second) * r
            q = 2.0 * (q - r)
            if q > 0.0:
                p = -p
            q = abs(q)
            r, before = before, step
            if abs(p) < abs(0.5 * q * r) and q * (a - best) < p < q * (b - best):
                golden = False
                step = p / q
                x = best + step
                if x - a < 2.0 * shift or b - x < 2.0 * shift:
                    step = math.copysign(shift, middle - best) if middle != best else shift
        if golden:
            before = (a if best >= middle else b) - best
            step = GOLDEN * before
        x = best + (-1.0 if step < 0.0 else 1.0) * max(abs(step), shift)
        f = cost(x)
        if f <= f_best:
            a, b = (best, b) if x >= best else (a, best)
            third, f_third, second, f_second, best, f_best = second, f_second, best, f_best, x, f
            continue
        a, b = (x, b) if x < best else (a, x)
        if f <= f_second or second == best:
            third, f_third, second, f_second = second, f_second, x, f
        elif f <= f_third or third in (best, second):
            third, f_third = x, f
    return best, f_best


class _Enough(TiangongError):
    """The cost has been asked for as often as was allowed."""


def simplex(
    cost: Callable[[np.ndarray], float], corners: np.ndarray, within: float, cost_within: float, evaluations: int
) -> np.ndarray:
    """Where the cost of n unknowns has a minimum, (n,), searched from the `corners` (n + 1, n) of a simplex.

    Until all corners are within `within` of the best, and their costs within `cost_within`, or the cost has been asked
    in so many `evaluations`. J. A. Nelder and R. Mead, The Computer Journal 7 (1965).
    """
    asked = 0

    def at(x: np.ndarray) -> float:
        nonlocal asked
        if asked >= evaluations:
            raise _Enough
        asked += 1
        return cost(np.copy(x))

    x, f = np.array(corners, dtype=float), np.full(len(corners), np.inf)
    with suppress(_Enough):
        for k in range(len(x)):
            f[k] = at(x[k])
    x, f = _in_order(*_in_order(x, f))
    while asked < evaluations:
        if np.abs(x[1:] - x[0]).max() <= within and np.abs(f[0] - f[1:]).max() <= cost_within:
            break
        with suppress(_Enough):
            _moved(x, f, at)
        x, f = _in_order(x, f)
    return x[0]


def _in_order(x: np.ndarray, f: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(f)
    return x[order], f[order]


def _moved(x: np.ndarray, f: np.ndarray, at: Callable[[np.ndarray], float]) -> None:
    """The worst corner reflected, stretched or drawn in, else all drawn towards the best; in place."""
    middle = np.add.reduce(x[:-1], 0) / x.shape[1]
    reflected = 2 * middle - x[-1]
    f_reflected = at(reflected)
    if f_reflected < f[0]:
        stretched = 3 * middle - 2 * x[-1]
        f_stretched = at(stretched)
        better = f_stretched < f_reflected
        x[-1], f[-1] = (stretched, f_stretched) if better else (reflected, f_reflected)
        return
    if f_reflected < f[-2]:
        x[-1], f[-1] = reflected, f_reflected
        return
    outside = f_reflected < f[-1]
    drawn = 1.5 * middle - 0.5 * x[-1] if outside else 0.5 * middle + 0.5 * x[-1]
    f_drawn = at(drawn)
    if f_drawn <= f_reflected if outside else f_drawn < f[-1]:
        x[-1], f[-1] = drawn, f_drawn
        return
    for k in range(1, len(x)):
        x[k] = x[0] + 0.5 * (x[k] - x[0])
        f[k] = at(x[k])
