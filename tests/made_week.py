"""A small week, made by hand: three people, a day and a half, one activity for each condition, on a circular orbit."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.environment.world import KnownWorld
from sim.planning.crew.recheck import Flown
from sim.planning.crew.stay import Stay
from tests.worlds import DAY, field, turning, zonal

HOUR = 3600.0
ZERO = Epoch.from_utc("2026-11-04T22:00:00Z")  # 06:00 in Beijing
HATCH, UNDOCKING = 3.0 * HOUR, 36.0 * HOUR


def world() -> KnownWorld:
    """An Earth that turns steadily, and a Sun that stands still."""
    return KnownWorld(ZERO, 0.0, 3.0 * DAY, field(zonal(), turning(OMEGA_EARTH)), 60.0)


def circle(last: float = 2.0 * DAY) -> Trajectory:
    """A circular orbit of 390 km at 41.5 deg."""
    a, i = 6.768e6, math.radians(41.5)
    n = math.sqrt(MU_EARTH / a**3)
    t = np.arange(0.0, last, 60.0)
    u = n * t
    p = np.array([1.0, 0.0, 0.0]), np.array([0.0, math.cos(i), math.sin(i)])
    r = a * (np.cos(u)[:, None] * p[0] + np.sin(u)[:, None] * p[1])
    v = a * n * (-np.sin(u)[:, None] * p[0] + np.cos(u)[:, None] * p[1])
    return Trajectory(t, r, v, -(n**2) * r, np.full(len(t), 1e5))


def stay() -> Stay:
    return Stay(world(), circle(), 0.0, 1.0 * HOUR, HATCH, UNDOCKING)


def flown() -> Flown:
    """Just as forecast."""
    return Flown(circle(), world(), HATCH, UNDOCKING, (("docked", 1.0 * HOUR), ("undocking", UNDOCKING)))
