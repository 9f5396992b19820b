"""How well an old element set knows a station's plane: the node turns with an altitude that is raised now and then.

Drag lets a station fall, and raises that nobody announces put it up again. Its mean altitude is taken for a stationary
process (Ornstein and Uhlenbeck): a mean, a spread, and a time after which a known altitude is forgotten. All three
come from element sets alone. The node's rate follows the altitude (docs/physics.md 4.9), so the same three numbers
give the best guess of the node after some days and its sigma.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import OMEGA_EARTH
from sim.orbit.propagate import node_rate

DAY = 86400.0
APART = 8.0 * DAY  # between altitudes that are counted: inside of it a station falls smoothly, which is no process
TIMES = np.geomspace(10.0, 160.0, 13) * DAY
# Assumed before any set is seen, with the weight of so many altitudes: a few raises of some 10 km every month or two.
USUAL_SPREAD, USUAL_TIME, WEIGHT = 5000.0, 40.0 * DAY, 4.0
NODE_NOISE = math.radians(0.002)  # of a set's node: pairs of sets within a day
INCLINATION_NOISE = math.radians(0.0015)  # of its inclination: pairs more than a week apart, with the sway by the field


@dataclass(frozen=True)
class KeptAltitude:
    """Mean altitude of a station as a stationary process: `mean` m of the semi-major axis, `spread` m (one sigma),
    `time` s after which 1/e is left of a difference from the mean; `counted` altitudes stand behind it."""

    mean: float
    spread: float
    time: float
    counted: int

    def expected(self, axis: float, age: float) -> float:
        """Average of the semi-major axis over `age` s from when it was `axis`, m."""
        x = abs(age) / self.time
        return self.mean + (axis - self.mean) * (-math.expm1(-x) / x if x > 1e-6 else 1.0 - 0.5 * x)

    def sigma(self, age: float) -> float:
        """One sigma of that average, m."""
        x = abs(age) / self.time
        if x < 1e-3:
            return self.spread * math.sqrt(2.0 * x / 3.0)
        left = 2.0 * x - 3.0 + 4.0 * math.exp(-x) - math.exp(-2.0 * x)
        return self.spread * math.sqrt(max(left, 0.0)) / x

    def node_shift(self, axis: float, inclination: float, age: float) -> float:
        """How far the node is from where the rate at `axis` would have put it after `age` s, rad."""
        return node_sensitivity(axis, inclination) * (self.expected(axis, age) - axis) * age

    def node_sigma(self, axis: float, inclination: float, age: float) -> float:
        """One sigma of the node after `age` s, rad, with the noise of the set itself."""
        grown = node_sensitivity(axis, inclination) * self.sigma(age) * abs(age)
        return math.hypot(NODE_NOISE, grown)

    def lift_off_sigma(self, axis: float, inclination: float, latitude: float, age: float) -> float:
        """One sigma, s, of when a site at a geocentric `latitude` passes through the plane `age` s after the set."""
        turning = math.hypot(
            self.node_sigma(axis, inclination, age), crossing_sensitivity(latitude, inclination) * INCLINATION_NOISE
        )
        return turning / (OMEGA_EARTH - node_rate(axis, inclination))


def kept_altitude(times: Sequence[float], axes: Sequence[float]) -> KeptAltitude:
    """The process behind some mean semi-major axes, m, at `times` s in rising order: the most likely one, with what is
    assumed before any is seen counting as `WEIGHT` of them."""
    chosen = _thinned(times)
    t, a = np.asarray(times, float)[chosen], np.asarray(axes, float)[chosen]
    score, mean, variance, time = max(_fitted(t, a, float(time)) for time in TIMES)
    return KeptAltitude(mean, math.sqrt(variance), time, len(t))


def _thinned(times: Sequence[float]) -> list[int]:
    """Which of the times stay, from the last backwards, so that no two are nearer than `APART`."""
    kept: list[int] = []
    for i in range(len(times) - 1, -1, -1):
        if not kept or times[kept[-1]] - times[i] >= APART:
            kept.append(i)
    return kept[::-1]


def _fitted(t: np.ndarray, a: np.ndarray, time: float) -> tuple[float, float, float, float]:
    """Logarithm of the posterior density, mean, variance, and the time that was given."""
    fade = np.exp(-np.diff(t) / time)
    fresh = np.concatenate(([1.0], 1.0 - fade**2))  # variance of each innovation over that of the process
    gain = np.concatenate(([1.0], 1.0 - fade))  # what of the mean is in each innovation
    innovation = np.concatenate((a[:1], a[1:] - fade * a[:-1]))
    mean = float(np.sum(gain * innovation / fresh) / np.sum(gain**2 / fresh))
    squares = float(np.sum((innovation - gain * mean) ** 2 / fresh)) + WEIGHT * USUAL_SPREAD**2
    count = len(a) + WEIGHT
    prior = -0.5 * (math.log(time / USUAL_TIME) / math.log(2.0)) ** 2
    score = prior - 0.5 * float(np.sum(np.log(fresh))) - 0.5 * count * math.log(squares)
    return score, mean, squares / count, time


def node_sensitivity(axis: float, inclination: float) -> float:
    """Change of the node's rate with the semi-major axis, rad/s for each m."""
    return -3.5 * node_rate(axis, inclination) / axis


def crossing_sensitivity(latitude: float, inclination: float) -> float:
    """Turn of the Earth, rad, by which a passage moves for each rad of inclination (docs/physics.md 4.1); without
    bound where the plane just touches the site's parallel, so no nearer than a hundredth of the sine to it."""
    sine = math.tan(latitude) / math.tan(inclination)
    slope = math.tan(latitude) / math.sin(inclination) ** 2
    return abs(slope) / math.sqrt(max(1.0 - sine**2, 1e-4))
