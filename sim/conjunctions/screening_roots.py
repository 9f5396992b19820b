"""The moment of closest approach within a cell of time: the root of d.v, by the `sgp4` package itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kernels.constants import MU_EARTH

CLOSE_ENOUGH = 1.0e-7  # s, of the last step: at 15 km/s that is 1.5 mm along the path, and nothing of the range
MOST_STEPS = 60  # of halving alone 60 s come below a nanosecond in 36

States = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


class Roots(NamedTuple):
    """Minima of range: `cell` (n,), which of those given; `t` (n,) s; states r1, v1, r2, v2 (n, 3), m, m/s."""

    cell: np.ndarray
    t: np.ndarray
    r1: np.ndarray
    v1: np.ndarray
    r2: np.ndarray
    v2: np.ndarray

    @property
    def range(self) -> np.ndarray:
        """(n,) m"""
        return np.linalg.norm(self.r2 - self.r1, axis=1)


def sgp4_states(records: Sequence, day: float, fraction: float) -> States:
    """States of `records` by the package: of rows (n,), each at its own time t (n,) s after the date; NaN where SGP4
    has none."""

    def states(rows: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        made = np.array(
            [
                (e, *r, *v)
                for row, f in zip(rows.tolist(), (fraction + t / 86400.0).tolist(), strict=True)
                for e, r, v in (records[row].sgp4(day, f),)
            ]
        ).reshape(-1, 7)
        made[made[:, 0] != 0.0, 1:] = np.nan
        return 1e3 * made[:, 1:4], 1e3 * made[:, 4:7]

    return states


def roots(first: States, second: States, rows: tuple[np.ndarray, np.ndarray], low, high) -> Roots:
    """Where the range of two objects has a minimum between `low` (n,) and `high` (n,) s: d.v rises through zero.

    rows: of the first and of the second object, (n,) each. Newton's steps with the derivative v.v + d.a, a by gravity
    alone; where one leaves the bracket it is halved, so an impulse in it does no harm. Cells without a root are left
    out.
    """

    def turn(which: np.ndarray, t: np.ndarray):
        r1, v1 = first(rows[0][which], t)
        r2, v2 = second(rows[1][which], t)
        return np.einsum("ij,ij->i", r2 - r1, v2 - v1), r1, v1, r2, v2

    everything = np.arange(len(low))
    at_low, at_high = turn(everything, low)[0], turn(everything, high)[0]
    index = np.flatnonzero((at_low < 0.0) & (at_high >= 0.0))
    a, b, fa, fb = low[index].copy(), high[index].copy(), at_low[index], at_high[index]
    t = a - fa * (b - a) / np.where(fb > fa, fb - fa, 1.0)
    left = np.arange(index.size)
    for _ in range(MOST_STEPS):
        if not left.size:
            break
        now = t[left]
        f, r1, v1, r2, v2 = turn(index[left], now)
        below = f < 0.0
        a[left], b[left] = np.where(below, now, a[left]), np.where(below, b[left], now)
        d, w = r2 - r1, v2 - v1
        pull = _gravity(r2) - _gravity(r1)
        slope = np.einsum("ij,ij->i", w, w) + np.einsum("ij,ij->i", d, pull)
        step = -f / np.where(slope > 0.0, slope, np.inf)
        new = now + step
        outside = ~((new > a[left]) & (new < b[left])) | (slope <= 0.0)
        new = np.where(outside, 0.5 * (a[left] + b[left]), new)
        t[left] = new
        left = left[(np.abs(new - now) > CLOSE_ENOUGH) & (b[left] - a[left] > CLOSE_ENOUGH)]
    _, r1, v1, r2, v2 = turn(index, t)
    return Roots(index, t, r1, v1, r2, v2)


def _gravity(r: np.ndarray) -> np.ndarray:
    return -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
