"""The mean altitude of an orbit, over its own revolution: an ellipse's is known, and all who give one agree."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

import sim
from kernels.constants import MU_EARTH, R_EQUATOR
from sim.core.trajectory import Trajectory
from sim.orbit.mean_altitude import mean_altitude, mean_axis, revolution


def ellipse(a: float, e: float, hours: float = 4.0) -> Trajectory:
    """A Kepler orbit from perigee on, nodes each 10 s."""
    t = np.arange(0.0, 3600.0 * hours, 10.0)
    n = math.sqrt(MU_EARTH / a**3)
    big = n * t
    for _ in range(30):
        big = big - (big - e * np.sin(big) - n * t) / (1.0 - e * np.cos(big))
    b = a * math.sqrt(1.0 - e * e)
    r = np.stack([a * (np.cos(big) - e), b * np.sin(big), 0.0 * t], axis=1)
    rate = n / (1.0 - e * np.cos(big))
    v = np.stack([-a * np.sin(big) * rate, b * np.cos(big) * rate, 0.0 * t], axis=1)
    acceleration = -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return Trajectory(t, r, v, acceleration, np.ones(t.size))


@pytest.mark.parametrize("height", [200e3, 390e3, 800e3])
@pytest.mark.parametrize("e", [0.0, 0.002, 0.02])
def test_mean_over_its_own_revolution_is_that_of_the_ellipse(height, e):
    """The radius averages to a (1 + e^2 / 2) over time, wherever one begins; 1 mm of the quintic between nodes."""
    a = R_EQUATOR + height
    path = ellipse(a, e)
    for start in (0.0, 777.0, 2500.0):
        assert mean_axis(path, start) == pytest.approx(a, abs=1e-3)
        assert mean_altitude(path, start) == pytest.approx(a * (1.0 + 0.5 * e * e) - R_EQUATOR, abs=1e-2)


def test_near_the_end_it_is_the_last_revolution():
    a = R_EQUATOR + 390e3
    path = ellipse(a, 0.01)
    last = mean_altitude(path, path.end - revolution(a))
    assert mean_altitude(path, path.end) == pytest.approx(last, abs=1e-2)
    assert mean_altitude(path, path.end - 100.0) == pytest.approx(last, abs=1e-2)


def test_only_one_file_averages_an_orbit():
    """No other calls numpy's mean on a semi-major axis or on radii from the Earth's centre.

    `sim/orbit/propagate.py` averages a plane with its axis over 64 points; `collected.py` sets the window of its
    running mean.
    """
    found = set()
    for path in Path(sim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.mean":
                text = ast.unparse(node)
                if "semi_major_axis" in text or "norm(path.at" in text:
                    found.add(path.name)
    assert found == {"mean_altitude.py", "propagate.py", "collected.py"}
