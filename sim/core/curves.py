"""Smooth curves through points: piecewise cubics, as in scipy's `PchipInterpolator` and `CubicSpline`.

To load scipy's interpolation takes half a second; a planner draws three such curves through twenty points. That they
are the same curves is tested (tests/test_curves.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cubics:
    """Cubics between the points `x` (n,), which increase, `y` (n,): with the slope `slopes` (n,) at each."""

    x: np.ndarray
    y: np.ndarray
    slopes: np.ndarray

    def __call__(self, at: np.ndarray | float) -> np.ndarray:
        """Values at the places `at`, of their shape; beyond the points the last cubic goes on."""
        if len(self.x) == 1:
            return np.broadcast_to(self.y[0], np.shape(at))
        i = np.clip(np.searchsorted(self.x, at, side="right") - 1, 0, len(self.x) - 2)
        h = np.diff(self.x)
        chord = np.diff(self.y) / h
        bend = (self.slopes[:-1] + self.slopes[1:] - 2 * chord) / h
        s = at - self.x[i]
        square = s * s
        second = (chord - self.slopes[:-1]) / h - bend
        return self.y[i] + self.slopes[i] * s + second[i] * square + (bend / h)[i] * (square * s)


def monotone(x: np.ndarray, y: np.ndarray) -> Cubics:
    """The curve that rises and falls only where the points do.

    The slope at a point is the weighted harmonic mean of those of the chords beside it, none where they differ in
    sign. F. N. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984).
    """
    if len(x) < 3:
        return Cubics(x, y, np.repeat(np.diff(y) / np.diff(x), 2) if len(x) == 2 else np.zeros(len(x)))
    h = np.diff(x)
    chord = np.diff(y) / h
    before, after = chord[:-1], chord[1:]
    same = np.sign(before) * np.sign(after) > 0.0
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    slopes = np.zeros(len(x))
    inner = np.zeros(len(x) - 2)
    mean = (w1[same] / before[same] + w2[same] / after[same]) / (w1 + w2)[same]
    inner[same] = 1.0 / mean
    slopes[1:-1] = inner
    slopes[0] = _at_end(h[0], h[1], chord[0], chord[1])
    slopes[-1] = _at_end(h[-1], h[-2], chord[-1], chord[-2])
    return Cubics(x, y, slopes)


def _at_end(h0: float, h1: float, chord0: float, chord1: float) -> float:
    """Slope at an end by three points, kept from turning the curve round. C. Moler, Numerical Computing with MATLAB,
    3.6."""
    slope = ((2 * h0 + h1) * chord0 - h0 * chord1) / (h0 + h1)
    if np.sign(slope) != np.sign(chord0):
        return 0.0
    if np.sign(chord0) != np.sign(chord1) and abs(slope) > 3.0 * abs(chord0):
        return 3.0 * chord0
    return slope


def spline(x: np.ndarray, y: np.ndarray) -> Cubics:
    """The curve whose second derivative is continuous, and the third too at the points beside the ends."""
    n = len(x)
    if n < 3:
        return monotone(x, y)
    h = np.diff(x)
    chord = np.diff(y) / h
    if n == 3:  # the parabola through them
        bend = (chord[1] - chord[0]) / (x[2] - x[0])
        return Cubics(x, y, np.array([chord[0] - bend * h[0], chord[0] + bend * h[0], chord[1] + bend * h[1]]))
    matrix, right = np.zeros((n, n)), np.empty(n)
    for i in range(1, n - 1):
        matrix[i, i - 1 : i + 2] = h[i], 2 * (h[i - 1] + h[i]), h[i - 1]
        right[i] = 3 * (h[i] * chord[i - 1] + h[i - 1] * chord[i])
    first, last = x[2] - x[0], x[-1] - x[-3]
    matrix[0, :2] = h[1], first
    right[0] = ((h[0] + 2 * first) * h[1] * chord[0] + h[0] ** 2 * chord[1]) / first
    matrix[-1, -2:] = last, h[-2]
    right[-1] = (h[-1] ** 2 * chord[-2] + (2 * last + h[-1]) * h[-2] * chord[-1]) / last
    return Cubics(x, y, np.linalg.solve(matrix, right))
