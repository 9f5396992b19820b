"""Brent's method for one bracket, or for many side by side: step by step the one of `scipy.optimize.brentq`.

R. P. Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4, in the form of scipy's `brentq.c`: the same
operations in the same order, so a bracket ends at the same double, alone or among many (tests/test_roots.py). To load
scipy.optimize takes a third of a second, which is longer than many a command.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

RELATIVE = 4.0 * float(np.finfo(float).eps)  # scipy's own
STEPS = 100

Each = Callable[[np.ndarray, np.ndarray], np.ndarray]  # which brackets (k,), x (k,) -> values (k,)


def zero(f: Callable[[float], float], low: float, high: float, at_low: float, at_high: float, within: float) -> float:
    """A zero between `low` and `high`, at which `f` has the values of opposite sign `at_low` and `at_high`."""
    a, b, fa, fb = low, high, at_low, at_high
    c = fc = before = last = 0.0
    if fa == 0.0 or fb == 0.0:
        return a if fa == 0.0 else b
    for _ in range(STEPS):
        # a: the point before, b: the newest, c: the one on the other side of the zero.
        if fa != 0.0 and fb != 0.0 and (math.copysign(1.0, fa) != math.copysign(1.0, fb)):
            c, fc = a, fa
            before = last = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        slack = (within + RELATIVE * abs(b)) / 2.0
        half = (c - b) / 2.0
        if fb == 0.0 or abs(half) < slack:
            break
        step = math.inf
        if abs(before) > slack and abs(fb) < abs(fa):
            if a == c:
                step = -fb * (b - a) / (fb - fa)
            elif a != b and c != b:
                to_a, to_c = (fa - fb) / (a - b), (fc - fb) / (c - b)
                below = to_c * to_a * (fc - fa)
                step = -fb * (fc * to_c - fa * to_a) / below if below else math.inf
        good = 2.0 * abs(step) < min(abs(before), 3.0 * abs(half) - slack)
        before, last = (last, step) if good else (half, half)
        a, fa = b, fb
        b += last if abs(last) > slack else slack if half > 0.0 else -slack
        fb = f(b)
    return b


def zeros(f: Each, low: np.ndarray, high: np.ndarray, at_low: np.ndarray, at_high: np.ndarray, within: float):
    """A zero (n,) in each bracket `low`, `high` (n,), in which `f` has the values of opposite sign `at_low`, `at_high`.

    `f` is called with the numbers of the brackets that are still open and one x of each.
    """
    a, b, fa, fb = (np.array(x, dtype=float) for x in (low, high, at_low, at_high))
    c, fc, before, last = (np.zeros_like(a) for _ in range(4))
    found = np.where(fa == 0.0, a, b)
    some = np.flatnonzero((fa != 0.0) & (fb != 0.0))
    for _ in range(STEPS):
        # a: the point before, b: the newest, c: the one on the other side of the zero.
        moved = (fa != 0.0) & (fb != 0.0) & (np.signbit(fa) != np.signbit(fb))
        c, fc = np.where(moved, a, c), np.where(moved, fa, fc)
        before, last = np.where(moved, b - a, before), np.where(moved, b - a, last)
        worse = np.abs(fc) < np.abs(fb)
        a, b, c = np.where(worse, b, a), np.where(worse, c, b), np.where(worse, b, c)
        fa, fb, fc = np.where(worse, fb, fa), np.where(worse, fc, fb), np.where(worse, fb, fc)
        slack = (within + RELATIVE * np.abs(b)) / 2.0
        half = (c - b) / 2.0
        found[some] = b[some]
        done = (fb == 0.0) | (np.abs(half) < slack)
        some = some[~done[some]]
        if some.size == 0:
            return found
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            straight = -fb * (b - a) / (fb - fa)
            to_a, to_c = (fa - fb) / (a - b), (fc - fb) / (c - b)
            curved = -fb * (fc * to_c - fa * to_a) / (to_c * to_a * (fc - fa))
        step = np.where(a == c, straight, curved)
        good = (np.abs(before) > slack) & (np.abs(fb) < np.abs(fa))
        good &= 2.0 * np.abs(step) < np.minimum(np.abs(before), 3.0 * np.abs(half) - slack)
        before, last = np.where(good, last, half), np.where(good, step, half)
        a, fa = b.copy(), fb.copy()
        b = b + np.where(np.abs(last) > slack, last, np.where(half > 0.0, slack, -slack))
        fb[some] = f(some, b[some])
    return found
