"""Decay of a station from its element sets: how fast it falls today, where it will be, and how sure that is.

What a planner asks:

    sets = last_arc(mean_sets(element_sets))         # sim.orbit.raises, sim.orbit.decay_arc: no raise between them
    decay = Decay.from_sets(sets, issued, ahead=30)  # nothing younger than `issued` is used, days to look ahead
    decay.rate_km_per_day(epoch, altitude_km)        # da/dt, negative, with the drag estimated for that day
    decay.rate_sigma(epoch)                          # one sigma of ln(rate)
    decay.forecast(epochs) -> DecayForecast          # axis, along-track longitude, sigma of both, without a raise
    days_to(decay, altitude_km) -> Lifetime          # sim.orbit.decay_lifetime: when a height is reached, 95 %

Altitude is a - 6378.137 km of the mean (Brouwer) semi-major axis. Method: least squares with a prior. Unknown are the
mean axis and the mean longitude at the newest set, and ln(Cd A / m) along the days, which is a long-term value, an
offset from it and a part that is forgotten (`Law`); NRLMSISE-00 with the weather known at `issued` gives the rest. One
covariance spans past and future, so that what the last sets show of the drag fades into the long-term value, and the
along-track sigma grows as it has to. The arrays follow the Sun, so that their share of the drag area goes with the
cosine of the Sun's angle to the plane; attitude and docked ships are not separated: they are in the offset.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.orbit.decay_arc import WGS72_MU, MeanSet, wrapped
from sim.orbit.decay_density import MeanPlane, beta_cosine, decay_rates
from sim.orbit.weather_forecast import KnownWeather, known_weather, ordinal

DAY = 86400.0
RADIUS = 6378137.0  # m, of an altitude
STEP = 0.25  # days: four instants a day average the turning Earth
LAYERS = np.array([-14e3, -8e3, -4e3, 0.0, 4e3, 12e3])  # m about the axis of the newest set


class Law(NamedTuple):
    """What is assumed of ln(Cd A / m) and of the sets before any is seen; docs/decisions/station-decay.md has the fits.

    `area`: the long-term Cd A / m by NRLMSISE-00 with the Sun in the plane, m2/kg, of which `arrays` is that of the
    arrays. `spread`: of the offset that months have from it; `wander`: of the part that is forgotten in `memory` days;
    `weather`: of ln(density) by the forecast of the weather, which grows from the day of issue on within
    `weather_memory` days. Noise of a set: `axis_noise` m, and along track at each of `back` days before its epoch,
    where SGP4 goes through what the set was fitted to, `longitude_noise` m each and `common_noise` m that they share.
    `window` days of sets are used.
    """

    area: float = 0.0083
    arrays: float = 0.8
    spread: float = 0.15
    wander: float = 0.3
    memory: float = 4.0
    axis_noise: float = 15.0
    longitude_noise: float = 450.0
    weather: float = 0.23
    weather_memory: float = 8.0
    common_noise: float = 1500.0
    back: tuple[float, ...] = (0.0, 0.5, 1.0)
    window: float = 15.0


LAW = Law()
AXIS_KNOWN, LONGITUDE_KNOWN = 1e3, 1e5  # m: one sigma of the newest set's own, before it is used; it decides nothing
PASSES = 3  # of Gauss and Newton


def share(law: Law, days: float) -> float:
    """One sigma of the mean of ln(Cd A / m) over some days: the offset, and what is left of the part that wanders."""
    x = days / law.memory
    averaged = 2.0 * (x + math.expm1(-x)) / x**2 if x > 1e-3 else 1.0
    return math.sqrt(law.spread**2 + law.wander**2 * averaged)


def usual(law: Law, plane: MeanPlane, times: np.ndarray) -> np.ndarray:
    """Long-term ln(Cd A / m), (n,), at `times` s from the plane's epoch.

    An array that follows the Sun shows the flow, averaged over a revolution, 2 / pi of its area times the cosine of the
    Sun's angle to the plane.
    """
    return np.log(law.area * (1.0 - law.arrays + law.arrays * beta_cosine(plane, times)))


class Path(NamedTuple):
    """Along `times` s from the newest set: axis m, longitude rad, and their partials (n, unknowns)."""

    times: np.ndarray
    axis: np.ndarray
    longitude: np.ndarray
    d_axis: np.ndarray
    d_longitude: np.ndarray


@dataclass(frozen=True)
class Model:
    """The decay of one orbit about its newest set: da/dt for 1 m2/kg at `times` s on layers of the axis."""

    newest: MeanSet
    times: np.ndarray
    rates: np.ndarray  # m/s, (times, layers)

    @classmethod
    def over(cls, newest: MeanSet, first: float, last: float, weather: KnownWeather) -> Model:
        """From `first` to `last` s from the newest set; zero is one of the times."""
        step = STEP * DAY
        times = step * np.arange(math.floor(first / step), math.ceil(last / step) + 1)
        given = weather.at(ordinal(newest.epoch) + times / DAY)
        # Mean of the four instants of a day, kept at each of them: the wave of a day is none of an orbit's.
        rates = decay_rates(newest.plane, times, given, newest.axis + LAYERS)
        kernel = np.ones(4) / 4.0
        padded = np.pad(np.log(-rates), ((2, 1), (0, 0)), mode="edge")
        smooth = np.column_stack([np.convolve(c, kernel, "valid") for c in padded.T])
        return cls(newest, times, smooth)

    def rate(self, k: int, axis: float) -> tuple[float, float]:
        """da/dt for 1 m2/kg at time k, and its derivative with the axis, 1/s."""
        x = self.newest.axis + LAYERS
        j = int(np.clip(np.searchsorted(x, axis) - 1, 0, len(x) - 2))
        slope = (self.rates[k, j + 1] - self.rates[k, j]) / (x[j + 1] - x[j])
        value = -math.exp(self.rates[k, j] + slope * (axis - x[j]))
        return value, value * slope

    def path(self, d_axis: float, d_longitude: float, logs: np.ndarray) -> Path:
        """Orbit with the axis and longitude of the newest set moved (m, rad), and `logs` (n,): ln(Cd A / m) at each
        time. Trapezoid, from zero forward and backward; unknowns of the partials: axis, longitude, each of `logs`."""
        n, zero = len(self.times), int(np.argmin(abs(self.times)))
        axis, longitude = np.empty(n), np.empty(n)
        da, dl = np.zeros((n, n + 2)), np.zeros((n, n + 2))
        axis[zero], longitude[zero] = self.newest.axis + d_axis, self.newest.longitude + d_longitude
        da[zero, 0], dl[zero, 1] = 1.0, 1.0
        area = np.exp(logs)
        for sign in (1, -1):
            k, step = zero, sign * STEP * DAY
            while 0 <= k + sign < n:
                j = k + sign
                v0, s0 = self.rate(k, axis[k])
                guess = axis[k] + step * area[k] * v0
                v1, s1 = self.rate(j, guess)
                axis[j] = axis[k] + 0.5 * step * (area[k] * v0 + area[j] * v1)
                grown = 0.5 * step * (area[k] * s0 + area[j] * s1)
                da[j] = (1.0 + grown) * da[k]
                da[j, 2 + k] += 0.5 * step * area[k] * v0
                da[j, 2 + j] += 0.5 * step * area[j] * v1
                mid = 0.5 * (axis[k] + axis[j]) - step * (area[j] * v1 - area[k] * v0) / 12.0
                longitude[j] = longitude[k] + step * self.newest.rate(mid)
                turn = -1.5 * math.sqrt(WGS72_MU / mid**5) * step
                dl[j] = dl[k] + 0.5 * turn * (da[k] + da[j])
                k = j
        return Path(self.times, axis, longitude, da, dl)


def _at(path: Path, t: float) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Axis, longitude and partials at `t` s: straight lines of the axis, the integral of its rate for the longitude."""
    k = int(np.clip(np.searchsorted(path.times, t) - 1, 0, len(path.times) - 2))
    h = path.times[k + 1] - path.times[k]
    w = (t - path.times[k]) / h
    axis = (1 - w) * path.axis[k] + w * path.axis[k + 1]
    d_axis = (1 - w) * path.d_axis[k] + w * path.d_axis[k + 1]
    # Rate falls in proportion to the axis: a parabola through the ends.
    bend = -1.5 * math.sqrt(WGS72_MU / axis**5) * (path.axis[k + 1] - path.axis[k]) / h
    line = (1 - w) * path.longitude[k] + w * path.longitude[k + 1]
    longitude = line - 0.5 * bend * h * h * w * (1 - w)
    return axis, longitude, d_axis, (1 - w) * path.d_longitude[k] + w * path.d_longitude[k + 1]


class DecayForecast(NamedTuple):
    """At each epoch: mean axis m and its sigma, longitude rad, sigma along the track m."""

    axis: np.ndarray
    axis_sigma: np.ndarray
    longitude: np.ndarray
    along_sigma: np.ndarray


@dataclass(frozen=True)
class Decay:
    """The estimate; see the module. `logs` (n,): ln(Cd A / m) at the model's times; `covariance` (n + 2, n + 2) of
    axis, longitude and `logs`. `chi2` of the `count` observations against the law; `misses` (count,) m: observed less
    fitted, for each set its axis and its longitudes `law.back` days before. `sets`: those that were used."""

    model: Model
    path: Path
    logs: np.ndarray
    covariance: np.ndarray
    chi2: float
    count: int
    misses: np.ndarray
    issued: Epoch
    law: Law
    sets: tuple[MeanSet, ...] = ()

    @classmethod
    def from_sets(
        cls,
        sets: Sequence[MeanSet],
        issued: Epoch | None = None,
        ahead: float = 30.0,
        law: Law = LAW,
        weather: KnownWeather | None = None,
    ) -> Decay:
        """Estimate from the sets (in order of time, no raise between them) up to `issued` (the newest one's epoch where
        none is given), to look `ahead` days beyond it.

        `weather`: other than what was known at `issued`, for comparison. ValueError where no set is old enough.
        """
        issued = issued or sets[-1].epoch
        known = [s for s in sets if s.epoch <= issued]
        if not known:
            raise ValueError(f"no element set is as old as {issued}; the first is of {sets[0].epoch}")
        newest = known[-1]
        known = [s for s in known if newest.epoch.since(s.epoch) <= law.window * DAY]
        first = known[0].epoch.since(newest.epoch) - max(law.back) * DAY
        ahead = ahead + issued.since(newest.epoch) / DAY
        weather = weather or known_weather(issued, back=2.0 - first / DAY, ahead=ahead + 2.0)
        model = Model.over(newest, first - 0.3 * DAY, (ahead + 0.3) * DAY, weather)
        mean, prior = _prior(model, weather, law)
        noise = _noise(law, len(known))
        x = mean.copy()
        for _ in range(PASSES):
            rows, misses = _observed(model, model.path(x[0], x[1], x[2:]), known, law)
            miss = misses + rows @ (x - mean)
            spread = rows @ prior @ rows.T + noise
            gain = np.linalg.solve(spread, rows @ prior).T
            x = mean + gain @ miss
        chi2 = float(miss @ np.linalg.solve(spread, miss))
        path = model.path(x[0], x[1], x[2:])
        misses = _observed(model, path, known, law)[1]
        return cls(model, path, x[2:], prior - gain @ rows @ prior, chi2, len(miss), misses, issued, law, tuple(known))

    @property
    def warning(self) -> str:
        """In words, where the sets do not fall as drag lets them; else empty. See `sim.orbit.decay_check`."""
        from sim.orbit.decay_check import thrust_warning

        return thrust_warning(self)

    @property
    def zero(self) -> int:
        """Index of the newest set's epoch in the times."""
        return int(np.argmin(abs(self.model.times)))

    @property
    def departure(self) -> np.ndarray:
        """ln(Cd A / m) (n,) less its long-term value at each of the model's times."""
        return self.logs - usual(self.law, self.model.newest.plane, self.model.times)

    def rate_km_per_day(self, epoch: Epoch, altitude_km: float) -> float:
        """da/dt at an altitude, negative, km/day; held beyond the forecast's days."""
        t = epoch.since(self.model.newest.epoch)
        k = int(np.clip(np.searchsorted(self.model.times, t), 0, len(self.model.times) - 1))
        return self.model.rate(k, RADIUS + 1000.0 * altitude_km)[0] * math.exp(self.logs[k]) * DAY / 1000.0

    def rate_sigma(self, epoch: Epoch) -> float:
        """One sigma of ln(rate) at an instant."""
        t = epoch.since(self.model.newest.epoch)
        k = int(np.clip(np.searchsorted(self.model.times, t), 0, len(self.model.times) - 1))
        return math.sqrt(self.covariance[2 + k, 2 + k])

    def forecast(self, epochs: Sequence[Epoch]) -> DecayForecast:
        """At some epochs, without a raise."""
        found = [_at(self.path, e.since(self.model.newest.epoch)) for e in epochs]
        axis, longitude = (np.array([f[k] for f in found]) for k in (0, 1))
        da, dl = (np.array([f[k] for f in found]) for k in (2, 3))
        sa = np.sqrt(np.einsum("ij,jk,ik->i", da, self.covariance, da))
        sl = np.sqrt(np.einsum("ij,jk,ik->i", dl, self.covariance, dl)) * axis
        return DecayForecast(axis, sa, longitude, sl)


def _noise(law: Law, sets: int) -> np.ndarray:
    """Covariance of the observations, m2; sets are independent, the longitudes of one share an error."""
    count = len(law.back)
    one = np.diag([law.axis_noise**2, *[law.longitude_noise**2] * count])
    one[1:, 1:] += law.common_noise**2
    return np.kron(np.eye(sets), one)


def _prior(model: Model, weather: KnownWeather, law: Law) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n + 2,) and covariance of axis, longitude and ln(Cd A / m) before any set is used."""
    days = model.times / DAY
    apart = abs(days[:, None] - days)
    late = np.maximum(days - (weather.issued - ordinal(model.newest.epoch)), 0.0)
    growing = np.exp(-abs(late[:, None] - late) / law.weather_memory)
    growing -= np.exp(-(late[:, None] + late) / law.weather_memory)
    covariance = np.zeros((len(days) + 2, len(days) + 2))
    covariance[0, 0], covariance[1, 1] = AXIS_KNOWN**2, (LONGITUDE_KNOWN / model.newest.axis) ** 2
    air = law.spread**2 + law.wander**2 * np.exp(-apart / law.memory) + law.weather**2 * growing
    covariance[2:, 2:] = air
    return np.concatenate([[0.0, 0.0], usual(law, model.newest.plane, model.times)]), covariance


def _observed(model: Model, path: Path, sets: Sequence[MeanSet], law: Law) -> tuple[np.ndarray, np.ndarray]:
    """Partials (count, n + 2) of the observations, m, and observed less computed (count,)."""
    rows, misses = [], []
    for s in sets:
        t = s.epoch.since(model.newest.epoch)
        axis, _, d_axis, _ = _at(path, t)
        rows.append(d_axis)
        misses.append(s.axis - axis)
        for back in law.back:
            _, longitude, _, d_longitude = _at(path, t - back * DAY)
            miss = wrapped(s.sgp4_longitude(-back * DAY, model.newest.plane) - longitude)
            rows.append(d_longitude * s.axis)
            misses.append(miss * s.axis)
    return np.array(rows), np.array(misses)
