"""The flights of the record as forecasts: what a planner could have known before each lift-off, and with what interval.

Nothing younger than the lift-off goes in: element sets by their epochs, and calibration on earlier flights alone. No
space weather goes in at all, since the station is not flown but kept (`sim.orbit.kept_altitude`). An input is the day,
the port and the profile, which are announced. A forecast has parts, each with a variance and degrees of freedom; the
95 % interval is Student's, with the degrees of freedom of the sum (Welch and Satterthwaite).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.build.sites import site_of
from sim.catalogue.element_sets import ElementSet
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.orbit.kept_altitude import WEIGHT, KeptAltitude
from sim.planning.kept_station import Known, axis_of
from sim.scenario.load import load_named
from sim.verification.launches import Plane, crossing_near

FLIGHTS = tuple(f"sz_{n}" for n in range(12, 24))
DAY = 86400.0
# Assumed of what a calibration scatters by before it has been seen, with the weight of so many flights.
LIFT_OFF_SCATTER, DURATION_SCATTER, BEFORE = 15.0, 90.0, 3.0  # s


@dataclass(frozen=True)
class Part:
    """One part of a forecast's uncertainty: variance s^2, and its degrees of freedom."""

    variance: float
    freedom: float


@dataclass(frozen=True)
class Value:
    """A forecast time, s from some zero, with its parts; `basis`: what the calibrated part of it rests on."""

    at: float
    parts: tuple[Part, ...]
    basis: str

    @property
    def half_width(self) -> float:
        """Of the 95 % interval, s."""
        from scipy.special import stdtrit

        total = sum(part.variance for part in self.parts)
        freedom = total**2 / sum(part.variance**2 / part.freedom for part in self.parts)
        return float(stdtrit(freedom, 0.975)) * math.sqrt(total)


def kept_plane(elements: ElementSet, kept: KeptAltitude) -> Plane:
    """Mean inclination and node of a station that is kept about its mean altitude, rad; also before the set."""
    record, axis = elements.satrec(), axis_of(elements)

    def plane(epoch: Epoch) -> tuple[float, float]:
        age = epoch.since(elements.epoch)
        turned = record.nodedot / 60.0 * age + kept.node_shift(axis, record.inclo, age)
        return record.inclo, record.nodeo + turned

    return plane


def crossing(elements: ElementSet, known: Known, site: Site, near: Epoch) -> tuple[Epoch, Part]:
    """When the site passes through the plane of one set, on the descending branch of the day, and how well that is
    known."""
    kept, record = known.kept, elements.satrec()
    x, y, z = site.ecef()
    latitude, age = math.atan2(z, math.hypot(x, y)), near.since(elements.epoch)
    sigma = kept.lift_off_sigma(axis_of(elements), record.inclo, latitude, age)
    return crossing_near(near, kept_plane(elements, kept), site), Part(sigma**2, WEIGHT + kept.counted)


def offset(flight: str, known: Known, site: Site) -> tuple[float, float]:
    """Flown lift-off less the plane's passage, s, and its variance: from the sets about that flight that are known."""
    flown = launched(flight)
    before = [e for e in known.sets if e.epoch <= flown]
    after = [e for e in known.sets if e.epoch > flown]
    measured = [crossing(e, known, site, flown) for e in (*before[-1:], *after[:1])]
    weights = [1.0 / part.variance for _, part in measured]
    mean = sum(w * flown.since(at) for w, (at, _) in zip(weights, measured, strict=True)) / sum(weights)
    return mean, 1.0 / sum(weights)


def launched(flight: str) -> Epoch:
    return Epoch.from_utc(fact(f"missions.{flight}").table["launch"])


def combined(values: Sequence[float], variances: Sequence[float], scatter: float) -> tuple[float, Part]:
    """Mean of some earlier flights, and how the next one differs from it.

    `variances` are those that the values were measured with. What they scatter by beyond those is the likeliest, with
    `scatter` assumed to have been seen of `BEFORE` flights already.
    """
    x, v = np.asarray(values, float), np.asarray(variances, float)
    freedom = BEFORE + len(x) - 1.0
    _, spread, mean, weight = max(_score(x, v, s, scatter) for s in (scatter * np.geomspace(0.1, 30.0, 120)) ** 2)
    return mean, Part(spread + 1.0 / weight, freedom)


def _score(x: np.ndarray, v: np.ndarray, spread: float, scatter: float) -> tuple[float, float, float, float]:
    """Logarithm of the posterior density of a variance `spread`; it, the mean by it, and the mean's weight."""
    w = 1.0 / (v + spread)
    weight = float(np.sum(w))
    mean = float(np.sum(w * x)) / weight
    seen = np.sum(np.log(w)) - math.log(weight) - np.sum(w * (x - mean) ** 2)
    before = -BEFORE * (math.log(spread) + scatter**2 / spread)
    return 0.5 * float(seen + before), float(spread), mean, weight


def jiuquan() -> Site:
    return site_of(load_named("jiuquan", "site"))
