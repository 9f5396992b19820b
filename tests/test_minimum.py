"""Minima against those of scipy: the same bits, asked for at the same places."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar

from sim.core.minimum import between, simplex

COSTS = {
    "parabola": lambda x: (x - 0.3) ** 2,
    "waves": lambda x: math.sin(3.0 * x) + 0.1 * x,
    "kink": lambda x: abs(x - 0.7),
    "wall": lambda x: 1.0e8 if x > 0.4 else -x,
    "level": lambda x: 1.0,
    "falling": lambda x: -x,
}


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("within", [1e-2, 1e-5])
@pytest.mark.parametrize("most", [1, 12, 500])
def test_one_unknown(name, within, most):
    for low, high in ((-1.0, 1.0), (0.2, 0.9), (-5.0, 8.0)):
        ours, theirs = [], []

        def cost(x, seen):
            seen.append(float(x))
            return COSTS[name](float(x))

        answer = minimize_scalar(
            lambda x: cost(x, theirs),  # noqa: B023
            bounds=(low, high),
            method="bounded",
            options={"xatol": within, "maxiter": most},
        )
        found = between(lambda x: cost(x, ours), low, high, within, most)  # noqa: B023
        # scipy looks whether it may go on after the second evaluation only
        if most > 1:
            assert ours == theirs
            assert found == (answer.x, answer.fun)
        else:
            assert ours == theirs[:1]


def rosenbrock(x):
    return float(100.0 * (x[1] - x[0] ** 2) ** 2 + (1.0 - x[0]) ** 2)


def steps(x):
    return float(np.round(np.abs(x).sum(), 1))


def cliff(x):
    return 1.0e6 if x[0] > 0.2 else float((x**2).sum())


@pytest.mark.parametrize("cost", [rosenbrock, steps, cliff])
@pytest.mark.parametrize("most", [2, 7, 20, 33, 60, 1000])
def test_several_unknowns(cost, most):
    for size in (1, 2, 3):
        if cost is rosenbrock and size < 2:
            continue
        corners = np.vstack([np.full(size, 1.5), np.full((size, size), 1.5) + 0.3 * np.eye(size)])
        options = {"initial_simplex": corners, "xatol": 2e-3, "fatol": 0.5e-3, "maxfev": most}
        answer = minimize(cost, corners[0], method="Nelder-Mead", options=options)
        assert np.array_equal(simplex(cost, corners, 2e-3, 0.5e-3, most), answer.x)
