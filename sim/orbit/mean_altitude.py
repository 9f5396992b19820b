"""Mean semi-major axis and mean altitude of an orbit: one average, over the orbit's own revolution.

Within a revolution the oblateness moves the osculating semi-major axis by some 10 km and the eccentricity the radius by
as much; both average out over the orbit's own period and not over another: an error of 40 s leaves 1 % of the
oscillation.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.core.trajectory import Trajectory
from sim.orbit.propagate import semi_major_axis

SAMPLES = 1024


def revolution(axis: float) -> float:
    """Period, s, at a semi-major axis in m: 2 pi sqrt(a^3 / mu)."""
    return 2.0 * math.pi * math.sqrt(axis**3 / MU_EARTH)


def mean_axis(path: Trajectory, start: float, duration: float | None = None) -> float:
    """Osculating semi-major axis averaged over `duration` s after `start` s, m; None: over one revolution.

    Where the path ends sooner, its end is repeated.
    """
    if duration is None:
        duration = _own_revolution(path, start)
    return axis_over(path, _times(path, start, duration))


def axis_over(path: Trajectory, times: np.ndarray) -> float:
    """Osculating semi-major axis averaged over `times` (n,) s, m."""
    return float(np.mean(semi_major_axis(*path.at(times)[:2])))


def mean_altitude(path: Trajectory, start: float) -> float:
    """Distance from the Earth's centre less the equator's radius, averaged over the revolution after `start` s, m.

    Where less than a revolution is left, it is the last one of the path.
    """
    duration = _own_revolution(path, start)
    start = max(path.start, min(start, path.end - duration))
    return float(np.mean(np.linalg.norm(path.at(_times(path, start, duration))[0], axis=1))) - R_EQUATOR


def _own_revolution(path: Trajectory, start: float) -> float:
    """The period, s, of the mean axis, which is averaged over the period of the osculating one."""
    period = revolution(float(semi_major_axis(*path.at(start)[:2])[0]))
    return revolution(mean_axis(path, start, period))


def _times(path: Trajectory, start: float, duration: float) -> np.ndarray:
    return np.clip(start + np.arange(SAMPLES) / SAMPLES * duration, path.start, path.end)
