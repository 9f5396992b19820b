"""Knots of a function: times between any two of which it rises or falls throughout.

The span is cut into intervals. On each, the function is sampled at thirteen Chebyshev points, and the interval is
halved until the series through them has died out; so the grid becomes as fine as the function itself, wherever it is
quick. The extrema are then those of the series, all of them: eigenvalues, not a search. Only intervals whose series may
come near zero are looked into; the sum of the coefficients bounds it on the others. Battles & Trefethen, SIAM J. Sci.
Comput. 25 (2004) 1743; Boyd, SIAM J. Numer. Anal. 40 (2002) 1666.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events.roots import Function

DEGREE = 12
SETTLED = 1.0e-9  # of the variation on the interval: the last three terms of a series that has died out
FINEST_S = 1.0e-3  # an interval shorter than this holds a kink or a jump and is not halved again
MAX_INTERVALS = 50_000, 30  # intervals in all, and for each of the first cut: more, and the function is taken for noise

_ANGLES = np.pi * np.arange(DEGREE, -1, -1) / DEGREE
_POINTS = np.cos(_ANGLES)  # -1 to 1, both ends included


def _transform() -> np.ndarray:
    """Matrix from the thirteen samples to the thirteen coefficients (discrete cosine transform of the first kind)."""
    weight = np.full(DEGREE + 1, 1.0)
    weight[[0, -1]] = 0.5
    matrix = np.cos(np.outer(np.arange(DEGREE + 1), _ANGLES)) * weight * (2.0 / DEGREE)
    matrix[[0, -1]] *= 0.5
    return matrix


_TRANSFORM = _transform()


@dataclass(frozen=True)
class Knots:
    """`t` (n,) in order, and the function there, `g` (n,)."""

    t: np.ndarray
    g: np.ndarray


def knots(f: Function, pieces: list[tuple[float, float]], step: float, tolerance: float) -> Knots:
    """Ends of all intervals and all extrema near zero, over the smooth `pieces` (a, b), first cut at `step` s.

    `tolerance` is the height, in the units of `f`, below which differences do not matter.
    """
    left, right = _cut(pieces, step)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    count, limit = 0, MAX_INTERVALS[0] + MAX_INTERVALS[1] * left.size
    while left.size:
        count += left.size
        if count > limit:
            raise ValueError(
                f"the function does not settle: {count} intervals between t = {pieces[0][0]:.3f} and "
                f"{pieces[-1][1]:.3f} s were not enough near t = {left[0]:.3f} s; make it smooth, or set "
                f"`tolerance`, the size of its noise (now {tolerance:.3g})"
            )
        middle, half = 0.5 * (left + right), 0.5 * (right - left)
        times = middle[:, None] + half[:, None] * _POINTS
        times[:, 0], times[:, -1] = left, right
        samples = _sampled(f, times)
        series = samples @ _TRANSFORM.T
        settled, near = _judge(series, tolerance)
        kink = ~settled & (2.0 * half <= FINEST_S)
        turns = _extrema(*(x[settled & near] for x in (series, middle, half)))
        ends = [0, -1]
        found += [
            (times[settled][:, ends].ravel(), samples[settled][:, ends].ravel()),
            (times[kink].ravel(), samples[kink].ravel()),
            (turns, _sampled(f, turns)),
        ]
        split = ~(settled | kink)
        left, right = (np.append(a[split], b[split]) for a, b in ((left, middle), (middle, right)))
    t, index = np.unique(np.concatenate([t for t, _ in found]), return_index=True)
    return Knots(t, np.concatenate([g for _, g in found])[index])


def _cut(pieces, step) -> tuple[np.ndarray, np.ndarray]:
    grids = [np.linspace(a, b, max(1, int(np.ceil((b - a) / step))) + 1) for a, b in pieces]
    return np.concatenate([g[:-1] for g in grids]), np.concatenate([g[1:] for g in grids])


def _sampled(f: Function, times: np.ndarray) -> np.ndarray:
    if times.size == 0:
        return np.empty(times.shape)
    values = np.asarray(f(times.ravel()), dtype=float)
    if values.shape != (times.size,):
        raise ValueError(f"an event function returns one value a time: {times.size} asked, shape {values.shape} came")
    if not np.isfinite(values).all():
        bad = times.ravel()[~np.isfinite(values)][0]
        raise ValueError(f"an event function returned {values[~np.isfinite(values)][0]} at t = {bad:.6f} s")
    return values.reshape(times.shape)


def _judge(series: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Whether each series (n, 13) represents its function, and whether it may come near zero."""
    size = np.abs(series)
    variation = size[:, 1:].sum(axis=1)
    tail = size[:, -3:].max(axis=1)
    rounding = 1.0e-15 * size[:, 0]
    settled = tail <= np.maximum(SETTLED * variation, np.maximum(tolerance, rounding))
    # Further from zero than all that was seen of its motion, which is seen well enough: no need to know it better.
    clear = (size[:, 0] > 2.0 * variation) & (tail < 0.02 * variation)
    near = size[:, 0] <= variation * (1.0 + 1.0e-6) + 10.0 * tolerance
    return settled | clear, near


def _extrema(series: np.ndarray, middle: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Times of all extrema of the series (n, 13), and perhaps a few more times, which do no harm."""
    if len(series) == 0:
        return np.empty(0)
    slope = np.polynomial.chebyshev.chebder(series, axis=1)  # (n, 12): degree 11
    n = slope.shape[1] - 1
    # The colleague matrix divides by the last term: kept from zero by less than the series is good for.
    smallest = 1.0e-14 * np.abs(slope).max(axis=1) + 1.0e-300
    last = np.where(np.abs(slope[:, -1]) < smallest, smallest, slope[:, -1])
    colleague = np.zeros((len(slope), n, n))
    i = np.arange(n - 1)
    colleague[:, i, i + 1] = colleague[:, i + 1, i] = 0.5
    colleague[:, 0, 1] = colleague[:, 1, 0] = np.sqrt(0.5)
    weight = np.full(n, 0.5)
    weight[0] = np.sqrt(0.5)
    colleague[:, :, -1] -= slope[:, :-1] / last[:, None] * weight
    roots = np.linalg.eigvals(colleague)
    real = (np.abs(roots.imag) < 1.0e-2) & (np.abs(roots.real) < 1.01)
    row, _ = np.nonzero(real)
    x = np.clip(roots.real[real], -1.0, 1.0)
    return middle[row] + half[row] * x
