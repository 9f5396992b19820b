"""A covariance for element sets, which bring none: how sets of the station miss later sets of it, by age.

Each pair of sets between which no engine raised the orbit is a trial: SGP4 flies the earlier one to the epoch of the
later, and the difference is turned into radial, along-track and cross-track parts. Along the track a sigma grows from
what it is at once with the power of the age that the pairs show; the other two are taken as growing straight. It is a
model of one low orbit (380-396 km); for another object it is an assumption, and results name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.catalogue import element_sets
from sim.conjunctions.encounter import inertial_covariance, rtn_axes
from sim.core.epoch import Epoch

OLDEST_DAYS = 10.0  # of pairs: with a longer gap one raise of the orbit hides in the decay
RAISED_KM = 0.02  # mean height that is gained: SGP4's sets scatter by less
LEAST_AGE_DAYS = 0.25  # a set is not better at its epoch than this: it was fitted to days of tracking
MEDIAN_PER_SIGMA = 0.6745  # of the absolute value of a Gaussian
LEAST_PAIRS = 60  # that a model is made of
BINS = (0.2, 0.7, 1.5, 2.5, 4.0, 6.5, OLDEST_DAYS)


@dataclass(frozen=True)
class AgeModel:
    """Sigma in R, T, N, m: `at_day` (3,) times age in days to the `power` (3,); `pairs` of sets it was made of;
    `hindsight`: some of these are younger than what was screened, as too few were older."""

    at_day: tuple[float, float, float]
    power: tuple[float, float, float]
    pairs: int
    hindsight: bool = False

    def sigma_rtn(self, age_days: float) -> np.ndarray:
        """(3,) m"""
        age = max(abs(age_days), LEAST_AGE_DAYS)
        return np.array(self.at_day) * age ** np.array(self.power)

    def covariance(self, age_days: float, r: np.ndarray, v: np.ndarray) -> np.ndarray:
        """(3, 3) m2, inertial, of a set that is so many days old."""
        return inertial_covariance(np.diag(self.sigma_rtn(age_days) ** 2), r, v)

    def words(self) -> str:
        parts = ", ".join(
            f"{axis} {sigma:.0f} m x age^{power:.2f}"
            for axis, sigma, power in zip("RTN", self.at_day, self.power, strict=True)
        )
        return (
            f"sigma by the age of each set in days: {parts}; from {self.pairs} pairs of the station's sets "
            f"(at most {OLDEST_DAYS:.0f} days apart, no raise between"
            f"{', some younger than the start' if self.hindsight else ''}), taken for every object"
        )


@lru_cache(maxsize=8)
def age_model(before: Epoch | None = None) -> AgeModel:
    """The model of the station's sets that come with the program: of those up to `before`, where they are enough."""
    age, miss = pairs(before)
    hindsight = len(age) < LEAST_PAIRS
    if hindsight:
        age, miss = pairs()
    fits = [_power(age, np.abs(miss[:, axis])) for axis in range(3)]
    at_day, power = zip(*fits, strict=True)
    return AgeModel(at_day, power, len(age), hindsight and before is not None)


def pairs(before: Epoch | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Ages (n,) days and misses (n, 3) m in R, T, N: a set flown to the epoch of a later one, less that one."""
    sets = [element_sets.element_set(name) for name in element_sets.names()]
    records = [one.satrec() for one in sets if before is None or one.epoch <= before]
    records.sort(key=lambda s: s.jdsatepoch + s.jdsatepochF)
    ages, misses = [], []
    for i, first in enumerate(records):
        highest = _mean_height(first)
        for later in records[i + 1 :]:
            age = later.jdsatepoch - first.jdsatepoch + later.jdsatepochF - first.jdsatepochF
            height = _mean_height(later)
            # A raise between any two sets on the way spoils all pairs about it.
            if age > OLDEST_DAYS or height > highest + RAISED_KM:
                break
            highest = min(highest, height)
            if age < BINS[0]:
                continue
            e1, r1, _ = first.sgp4(later.jdsatepoch, later.jdsatepochF)
            e2, r2, v2 = later.sgp4(later.jdsatepoch, later.jdsatepochF)
            if e1 == 0 and e2 == 0:
                axes = rtn_axes(np.array(r2), np.array(v2))
                ages.append(age)
                misses.append(1e3 * axes @ (np.array(r1) - np.array(r2)))
    return np.array(ages), np.array(misses)


def _mean_height(record) -> float:
    return float((record.a - 1.0) * record.radiusearthkm)


def _power(age: np.ndarray, miss: np.ndarray) -> tuple[float, float]:
    """Sigma at one day, m, and the power of the age, by least squares on medians of bins."""
    x, y, weight = [], [], []
    for low, high in zip(BINS[:-1], BINS[1:], strict=True):
        inside = (age >= low) & (age < high)
        if inside.sum() >= 5:
            x.append(np.log(np.median(age[inside])))
            y.append(np.log(np.median(miss[inside]) / MEDIAN_PER_SIGMA))
            weight.append(np.sqrt(inside.sum()))
    slope, level = np.polyfit(x, y, 1, w=weight)
    return float(np.exp(level)), float(slope)
