"""An orbit that stays above the table of air."""

import math
from dataclasses import replace

import numpy as np

from kernels.constants import MU_EARTH
from sim.epoch import Epoch
from sim.propagation.fly import propagate
from sim.propagation.model import AtmosphereChoice, GravityChoice, Orbit, OrientationChoice
from tests.tolerance import HIGH_AIR_M


def test_an_orbit_above_the_air_flies_and_feels_nearly_none():
    """1900 km up: the table ends at 1200 km, and an orbit above it was once refused by numpy."""
    r = 6378e3 + 1900e3
    high = Orbit(
        "high", Epoch.from_utc("2024-03-20T00:00:00Z"), np.array([r, 0.0, 0.0]),
        np.array([0.0, math.sqrt(MU_EARTH / r), 0.0]), 3600.0, 60.0, gravity=GravityChoice("point"),
        drag_area=10.0, atmosphere=AtmosphereChoice("nrlmsise00"), orientation=OrientationChoice("uniform"),
    )  # fmt: skip
    ends = [propagate(o).trajectory.last()[0] for o in (high, replace(high, atmosphere=AtmosphereChoice()))]
    assert 0.0 < np.linalg.norm(ends[0] - ends[1]) < HIGH_AIR_M
