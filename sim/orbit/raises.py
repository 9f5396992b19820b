"""Raises of a station found in its element sets: where the mean axis is higher than drag can have left it.

Between two sets drag takes `rate` x time off the axis, with an uncertainty that is a share of it (`Law`: what the air
forgets averages out over a long gap, the offset of months does not) and the noise of both sets. A raise is a rise above
that by more than `SIGMAS` of them, and by 0.1 km at least. Several burns may hide between two sets, and a burn that is
smaller than the uncertainty stays hidden: in a gap of a month some 2 km.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.epoch import Epoch
from sim.orbit.decay import LAW, Law, share
from sim.orbit.decay_arc import MeanSet
from sim.orbit.decay_density import decay_rates
from sim.orbit.weather_forecast import measured_weather, ordinal

DAY = 86400.0
SMALLEST = 100.0  # m
SIGMAS = 3.5
LONGEST = 70.0  # days: over a longer gap a station that ends lower may have been raised and may not
DV_PER_M = 0.566e-3  # m/s for each metre: half the mean motion
OUTLIER = 2.0  # the axis of a set scatters so many times more than a normal law has it, where it is quoted alone


@dataclass(frozen=True)
class Raise:
    """A raise between two sets: `net` m of the mean axis between them, `size` m with the decay added back and its
    `sigma`, `sigmas`: how far beyond what drag and noise explain."""

    after: Epoch
    before: Epoch
    net: float
    size: float
    sigma: float
    sigmas: float

    @property
    def dv(self) -> float:
        """Of `size`, m/s."""
        return self.size * DV_PER_M


@dataclass(frozen=True)
class Steps:
    """Between neighbouring sets: `days`, measured `change` m of the axis, `drag` m that the model expects (negative),
    `sigma` m of the difference."""

    days: np.ndarray
    change: np.ndarray
    drag: np.ndarray
    sigma: np.ndarray

    @property
    def found(self) -> np.ndarray:
        """Which of them hold a raise."""
        excess = self.change - self.drag
        high = (excess > SMALLEST) & (excess > SIGMAS * self.sigma)
        return high & ((self.days <= LONGEST) | (self.change > SMALLEST))


def steps(sets: Sequence[MeanSet], law: Law = LAW) -> Steps:
    """The steps between sets in the order of time. The weather is that of the days between: hindsight."""
    days, change, drag, sigma = (np.zeros(len(sets) - 1) for _ in range(4))
    for k, (one, two) in enumerate(zip(sets[:-1], sets[1:], strict=True)):
        span = two.epoch.since(one.epoch)
        days[k], change[k] = span / DAY, two.axis - one.axis
        drag[k] = law.area * _mean_rate(one, two) * span
        sigma[k] = math.hypot(OUTLIER * math.sqrt(2.0) * law.axis_noise, share(law, days[k]) * drag[k])
    return Steps(days, change, drag, sigma)


def _mean_rate(one: MeanSet, two: MeanSet) -> float:
    """da/dt for 1 m2/kg between two sets, m/s."""
    span = two.epoch.since(one.epoch)
    count = int(np.clip(4.0 * span / DAY, 8, 240))
    times = (np.arange(count) + 0.5) / count * span
    day = ordinal(one.epoch) + times / DAY
    weather = measured_weather(day[0] - 2.0, day[-1] + 2.0).at(day)
    return float(decay_rates(one.plane, times, weather, [0.5 * (one.axis + two.axis)]).mean())


def raises(sets: Sequence[MeanSet], s: Steps | None = None) -> list[Raise]:
    """The raises between sets of one object, in the order of time; `s`: their steps, where they are known already."""
    s = s or steps(sets)
    excess = s.change - s.drag
    return [
        Raise(sets[k].epoch, sets[k + 1].epoch, s.change[k], excess[k], s.sigma[k], excess[k] / s.sigma[k])
        for k in np.flatnonzero(s.found).tolist()
    ]


def last_arc(sets: Sequence[MeanSet], gap: float = 20.0, law: Law = LAW) -> list[MeanSet]:
    """The newest sets without a raise between them, and without a gap of more than `gap` days."""
    s = steps(sets[-60:], law)
    breaks = np.flatnonzero(s.found | (s.days > gap))
    first = len(sets) - len(s.days) + int(breaks[-1]) if len(breaks) else len(sets) - len(s.days) - 1
    return list(sets[first:])


def false_alarms(s: Steps, draws: int = 400, seed: int = 1, law: Law = LAW) -> float:
    """False raises a year, by simulation of steps where nothing is raised: the drag differs from the model by the law
    (the logarithm is normal), and the axes have noise, a tenth of them `OUTLIER` times of it."""
    rng = np.random.default_rng(seed)
    shares = np.array([share(law, d) for d in s.days])
    count = 0
    for _ in range(draws):
        drag = s.drag * np.exp(shares * rng.standard_normal(len(shares)))
        noise = law.axis_noise * rng.standard_normal(len(shares) + 1)
        noise *= np.where(rng.random(len(noise)) < 0.1, OUTLIER, 1.0)
        count += int(Steps(s.days, drag + np.diff(noise), s.drag, s.sigma).found.sum())
    return count / draws / (s.days.sum() / 365.25)
