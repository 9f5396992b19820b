"""How fast the station falls, by day and altitude: the one place that a plan asks: another model could stand here.

The fall of the mean semi-major axis is that of the power of the drag over a revolution: da/dt = 2 a^2 / mu (v . f).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.orbit.forces import acceleration, scratch
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.mean_altitude import revolution
from sim.planning.station.flight import axes
from sim.planning.station.setting import DAY

SAMPLES = 24  # of a revolution; twice as many change the fall by less than 0.2 %
EVERY = 2.0 * DAY


@dataclass(frozen=True)
class Falls:
    """Fall of the mean semi-major axis, m/s, times the mass over the drag area, at `times` (n,) s and two semi-major
    axes (2,) m; `per_area` (n, 2) kg/m2 m/s. In between it is exponential in the altitude."""

    times: np.ndarray
    axes: np.ndarray
    per_area: np.ndarray

    def height(self, t: np.ndarray) -> np.ndarray:
        """Altitude in which the fall becomes 1/e, m, at times (k,) s."""
        logs = np.log(self.per_area)
        return (self.axes[1] - self.axes[0]) / np.interp(t, self.times, logs[:, 0] - logs[:, 1])

    def at(self, t: np.ndarray, axis: np.ndarray | float, cda_mass: np.ndarray | float) -> np.ndarray:
        """Fall, m/s, at times (k,) s and semi-major axes (k,) m, of `cda_mass` m2/kg."""
        low = np.interp(t, self.times, self.per_area[:, 0])
        return cda_mass * low * np.exp(-(axis - self.axes[0]) / self.height(t))


def falls(path: Trajectory, world: World, low: float, high: float) -> Falls:
    """Along a flown path, lifted or lowered as a whole to the mean semi-major axes `low` and `high` m.

    As a whole: the oblateness holds a low orbit some 3 km inside the circle of its mean semi-major axis, which a circle
    in its place would miss, and 6 % of the fall with it.
    """
    times = np.arange(path.start, path.end - 7000.0, EVERY)
    own = axes(path, times)
    made = np.array(
        [[_fall(path, world, float(t), a, to) for to in (low, high)] for t, a in zip(times, own, strict=True)]
    )
    return Falls(times, np.array([low, high]), made)


def _fall(path: Trajectory, world: World, t: float, own: float, axis: float) -> float:
    """Of one square metre and one kilogram, m/s, in the revolution about `t` s, where the path's axis is `own` m."""
    when = t + ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5) * revolution(own)
    free, work, out, total = world.forces._replace(drag=0), scratch(), np.zeros(3), 0.0
    still, scale = np.zeros(3), axis / own
    for at, r, v in zip(when, *path.at(np.clip(when, path.start, path.end))[:2], strict=True):
        r, v = scale * r, v / np.sqrt(scale)
        acceleration(float(at), r, v, world.forces, 1.0, work, out)
        acceleration(float(at), r, v, free, 0.0, work, still)
        total += float((out - still) @ v)
    return -2.0 * axis**2 / MU_EARTH * total / SAMPLES
