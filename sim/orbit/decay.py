"""Decay of a station from its element sets: how fast it falls today, where it will be, and how sure that is.

`Decay` is what a planner asks:

    decay = Decay.from_sets(sets, issued)            # sets of one object; nothing younger than `issued` is used
    decay.rate_km_per_day(epoch, altitude_km)        # da/dt, negative, with the drag estimated for that day
    decay.rate_sigma(epoch)                          # one sigma of ln(rate)
    decay.forecast(epochs) -> DecayForecast          # altitude, along-track, sigma of both, without a raise
    decay.days_to(altitude_km) -> (median, low, high)   # when a height is reached without a raise, 95 %

Altitude is a - 6378.137 km of the mean (Brouwer) semi-major axis. Method: least squares with a prior. Unknown are the
mean axis and the mean longitude at the newest set, and ln(Cd A / m) day by day, which is a long-term value, an offset
from it and a part that the air forgets (`Law`); NRLMSISE-00 with the weather known at `issued` gives the rest. The same
covariance spans past and future, so that what the last sets show of the drag fades into the long-term value, and the
along-track sigma grows as it has to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.orbit.decay_arc import WGS72_MU, MeanSet, mean_sets
from sim.orbit.decay_density import decay_rates
from sim.orbit.weather_forecast import KnownWeather, known_weather, ordinal

DAY = 86400.0
RADIUS = 6378137.0  # m, of an altitude
STEP = 0.25  # days: four instants a day average the turning Earth
LAYERS = np.array([-14e3, -8e3, -4e3, 0.0, 4e3, 12e3])  # m about the axis of the newest set


class Law(NamedTuple):
    """What is assumed of ln(Cd A / m in m2/kg, by NRLMSISE-00) and of the sets before any is seen.

    `area`: the long-term value. `spread`: of the offset that a time of months has from it; `wander`: of the part that
    is forgotten in `memory` days. Noise of a set: `axis_noise` m, `longitude_noise` m along track.
    """

    area: float = 0.0088
    spread: float = 0.15
    wander: float = 0.3
    memory: float = 4.0
    axis_noise: float = 10.0
    longitude_noise: float = 400.0
    weather: float = 0.21
    weather_memory: float = 8.0
    solar: float = 0.0
    daily: float = 0.0
    back: tuple[float, ...] = (0.0, 0.5, 1.0)
    window: float = 15.0


LAW = Law()


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
        x = newest_layers = self.newest.axis + LAYERS
        j = int(np.clip(np.searchsorted(newest_layers, axis) - 1, 0, len(x) - 2))
        slope = (self.rates[k, j + 1] - self.rates[k, j]) / (x[j + 1] - x[j])
        value = -math.exp(self.rates[k, j] + slope * (axis - x[j]))
        return value, value * slope

    def path(self, d_axis: float, d_longitude: float, logs: np.ndarray) -> Path:
        """Orbit with the axis and longitude of the newest set moved (m, rad), and `logs` (n,): ln(Cd A / m) at each
        time. Trapezoid, outward from zero both ways; unknowns of the partials: axis, longitude, each of `logs`."""
        n, zero = len(self.times), int(np.argmin(abs(self.times)))
        axis, longitude = np.empty(n), np.empty(n)
        da, dl = np.zeros((n, n + 2)), np.zeros((n, n + 2))
        axis[zero], longitude[zero] = self.newest.axis + d_axis, self.newest.longitude + d_longitude
        da[zero, 0], dl[zero, 1] = 1.0, 1.0
        area = np.exp(logs)
        for way in (1, -1):
            k, step = zero, way * STEP * DAY
            while 0 <= k + way < n:
                j = k + way
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
    """The estimate; see the module. `chi2` of the `count` observations against the law."""

    model: Model
    path: Path
    logs: np.ndarray
    covariance: np.ndarray
    chi2: float
    count: int
    issued: Epoch
    law: Law
    residuals: list = field(default_factory=list)

    @classmethod
    def from_sets(
        cls, sets: Sequence[ElementSet] | Sequence[MeanSet], issued: Epoch | None = None, ahead: float = 30.0, law: Law = LAW
    ) -> Decay:
        """Estimate from the sets (of one arc without a raise) up to `issued` (the newest one's epoch), to forecast
        `ahead` days."""
        known = [s if isinstance(s, MeanSet) else None for s in sets]
        known = known if all(known) else mean_sets(sets)
        issued = issued or known[-1].epoch
        known = [s for s in known if s.epoch <= issued]
        newest = known[-1]
        known = [s for s in known if newest.epoch.since(s.epoch) <= law.window * DAY]
        first = known[0].epoch.since(newest.epoch) - max(law.back) * DAY
        ahead = ahead + issued.since(newest.epoch) / DAY
        weather = known_weather(issued, back=-first / DAY + 2.0, ahead=ahead + 2.0)
        model = Model.over(newest, first - 0.3 * DAY, (ahead + 0.3) * DAY, weather)
        n = len(model.times)
        days = model.times / DAY
        prior = law.spread**2 + law.wander**2 * np.exp(-abs(days[:, None] - days[None, :]) / law.memory)
        full = np.zeros((n + 2, n + 2))
        full[2:, 2:] = prior
        full[0, 0], full[1, 1] = 1e3**2, (1e5 / newest.axis) ** 2
        w = weather.at(ordinal(newest.epoch) + days)
        log_area = math.log(law.area) + law.solar * np.log(w[:, 1] / 130.0) + law.daily * np.log(w[:, 0] / w[:, 1])
        mean = np.concatenate([[0.0, 0.0], log_area])
        late = np.maximum(days - (weather.issued - ordinal(newest.epoch)), 0.0)
        unknown = np.exp(-abs(late[:, None] - late) / law.weather_memory) - np.exp(-(late[:, None] + late) / law.weather_memory)
        full[2:, 2:] += law.weather**2 * unknown
        x = mean.copy()
        for _ in range(3):
            path = model.path(x[0], x[1], x[2:])
            rows, misses, noises = [], [], []
            for s in known:
                t = s.epoch.since(newest.epoch)
                axis, _, da, _ = _at(path, t)
                rows.append(da), misses.append(s.axis - axis), noises.append(law.axis_noise)
                for b in law.back:
                    _, longitude, _, dl = _at(path, t - b * DAY)
                    off = s.sgp4_longitude(-b * DAY, newest.plane) - longitude
                    off -= 2.0 * math.pi * round(off / (2.0 * math.pi))
                    rows.append(dl * s.axis), misses.append(off * s.axis), noises.append(law.longitude_noise)
            h, y = np.array(rows), np.array(misses) + np.array(rows) @ (x - mean)
            s_ = h @ full @ h.T + np.diag(np.square(noises))
            gain = np.linalg.solve(s_, h @ full).T
            x = mean + gain @ y
        covariance = full - gain @ h @ full
        chi2 = float(y @ np.linalg.solve(s_, y))
        lik = -0.5 * (chi2 + np.linalg.slogdet(s_)[1])
        path = model.path(x[0], x[1], x[2:])
        return cls(model, path, x[2:], covariance, chi2, len(y), issued, law, [lik, *misses])

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
