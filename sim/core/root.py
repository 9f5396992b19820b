"""A root of one function between two bounds, and a step of the secant: what finds none is a Failure with its numbers.

Every search of a single root goes through here, so that none ends in an error of the numerical library
(tests/test_roots.py), and every search of many with the same rule. Many roots of a smooth function to the rounding of
the time, with other steps: `sim/events/roots.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim.core import brent
from sim.core.flight import Failure


def root(
    f: Callable[[float], float],
    low: float,
    high: float,
    within: float,
    what: str,
    show: Callable[[float], str] = "{:.6g}".format,
    unit: str = "",
) -> float:
    """Where `f` is zero between `low` and `high`, to `within` of the argument: Brent's method.

    `what` is looked for, such as "pass abeam of Dongfeng"; `show` writes a bound, with its unit or as a date; `unit` is
    that of `f`. Failure where `f` has the same sign at both bounds, or is no number there.
    """
    ends = {low: float(f(low)), high: float(f(high))}
    _refuse_same_side(low, high, ends[low], ends[high], what, show, unit)
    return brent.zero(lambda x: float(f(x)), float(low), float(high), ends[low], ends[high], within)


def roots(
    f: brent.Each, low: np.ndarray, high: np.ndarray, within: float, what: str, show: Callable[[float], str]
) -> np.ndarray:
    """The roots (n,) that `root` finds one by one between each `low` and `high` (n,), to the last bit.

    `f` is called with the numbers of some of them (k,) and one argument of each (k,), and gives one value of each.
    """
    every = np.arange(len(low))
    at_low, at_high = f(every, low), f(every, high)
    for ends in zip(low.tolist(), high.tolist(), at_low.tolist(), at_high.tolist(), strict=True):
        _refuse_same_side(*ends, what, show, "")
    return brent.zeros(f, low, high, at_low, at_high, within)


def _refuse_same_side(low: float, high: float, a: float, b: float, what: str, show: Callable[[float], str], unit: str):
    if not (a <= 0.0 <= b or b <= 0.0 <= a):  # so written, a NaN is refused too
        one, other = (f"{value:+.4g} {unit}".rstrip() for value in (a, b))
        raise Failure(f"no {what} between {show(low)} and {show(high)}: off by {one} at the one, {other} at the other")


def secant(x0: float, x1: float, f0: float, f1: float, what: str) -> float:
    """The step from `x1` to where the straight line through both points is zero; Failure where it has no slope."""
    if f1 == f0 or not (math.isfinite(f0) and math.isfinite(f1)):
        raise Failure(f"no {what} found: {f0:+.4g} off at {x0:.6g}, {f1:+.4g} off at {x1:.6g}")
    return -f1 * (x1 - x0) / (f1 - f0)
