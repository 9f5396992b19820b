"""Curves through points against those of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline, PchipInterpolator

from sim.core.curves import monotone, spline


@pytest.mark.parametrize("count", [2, 3, 4, 9, 25])
def test_the_same_curves_as_those_of_scipy(count):
    rng = np.random.default_rng(count)
    for _ in range(20):
        x, y = np.cumsum(rng.uniform(0.1, 2.0, count)), rng.normal(size=count).round(1) * 300.0
        at = np.concatenate([np.linspace(x[0], x[-1], 301), x])
        assert np.array_equal(monotone(x, y)(at), PchipInterpolator(x, y)(at))
        assert spline(x, y)(at) == pytest.approx(CubicSpline(x, y)(at), rel=1e-9, abs=1e-9)
        assert float(monotone(x, y)(float(x[0]))) == y[0]


def test_one_point_is_a_level_line():
    assert monotone(np.array([1.0]), np.array([5.0]))(np.array([0.0, 3.0])).tolist() == [5.0, 5.0]
    assert float(spline(np.array([1.0]), np.array([5.0]))(0.0)) == 5.0
