"""When an orbit that nobody raises reaches a height: days, with an interval; and how the air answers to the weather."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.orbit.decay import RADIUS, Decay, share, usual
from sim.orbit.decay_density import MeanPlane, decay_rates
from sim.orbit.weather_forecast import known_weather, measured_weather, ordinal

DAY = 86400.0
EVERY = 5.0  # days between nodes of the rate, four instants of a day each
LAYER = 10e3  # m
FARTHEST = 1500.0  # days
# One sigma of ln(density) a year ahead by the solar cycle: ln of the next year's mean F10.7 over the last 81 days',
# 1990 to 2020, scatters by 0.14, and at 390 km the density goes with its square (docs/physics.md 6.1).
CYCLE = 0.28
YEAR = 365.25


class Lifetime(NamedTuple):
    """Days from the newest set until a height is reached: median and the ends of the 95 % interval; `FARTHEST` where it
    takes longer."""

    median: float
    low: float
    high: float


def days_to(decay: Decay, altitude_km: float) -> Lifetime:
    """Days from the newest set to `altitude_km` (mean axis less 6378.137 km) without a raise, 95 %.

    The drag is the estimated one as long as that is known, then the long-term value; weather as known at the estimate,
    120 days on by the regression and then held. ValueError where the orbit is below that height already.
    """
    axis, goal = decay.path.axis[decay.zero], RADIUS + 1000.0 * altitude_km
    if axis <= goal:
        raise ValueError(f"the orbit is at {(axis - RADIUS) / 1000:.1f} km, not above {altitude_km:g} km")
    nodes, layers, rates = _rates(decay, axis, goal)
    median = _fall(decay, axis, goal, nodes, layers, rates, 0.0)
    sigma = _sigma(decay, median)
    low, high = (_fall(decay, axis, goal, nodes, layers, rates, k * 1.96 * sigma) for k in (1.0, -1.0))
    return Lifetime(median, low, high)


def _sigma(decay: Decay, days: float) -> float:
    """One sigma of ln(mean drag) over some days ahead: air and area, weather of weeks, solar cycle."""
    law = decay.law
    weeks = law.weather * math.sqrt(max(0.0, 1.0 - 0.5 * law.weather_memory / max(days, 1.0)))
    weeks *= math.sqrt(min(1.0, 2.0 * law.weather_memory / max(days, 1.0)))
    return math.sqrt(share(law, days) ** 2 + weeks**2 + (CYCLE * min(days / YEAR, 1.0)) ** 2)


def _rates(decay: Decay, axis: float, goal: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ln(-da/dt) with the long-term Cd A / m: days (n,), layers of the axis (k,), values (n, k)."""
    plane = decay.model.newest.plane
    weather = known_weather(decay.issued, back=5.0, ahead=120.0)
    nodes = np.arange(0.0, FARTHEST + EVERY, EVERY)
    layers = np.arange(goal - LAYER, axis + LAYER, LAYER)
    near = nodes[nodes < 200.0]
    times = (near[:, None] + np.arange(4) / 4.0).ravel() * DAY
    values = decay_rates(plane, times, weather.at(ordinal(plane.epoch) + times / DAY), layers)
    logs = np.log(-values) + usual(decay.law, plane, times)[:, None]
    first = logs.reshape(len(near), 4, -1).mean(axis=1)
    later = np.repeat(first[-24:].mean(axis=0)[None], len(nodes) - len(near), axis=0)  # a season, the plane turns twice
    return nodes, layers, np.concatenate([first, later])


def _fall(decay, axis, goal, nodes, layers, rates, offset: float) -> float:
    """Days to the goal, with `offset` on ln(drag)."""
    t, a = 0.0, axis
    days, logs = decay.model.times / DAY, decay.departure
    while a > goal and t < FARTHEST:
        k = min(int(t / EVERY), len(nodes) - 1)
        rate = math.exp(np.interp(a, layers, rates[k]) + np.interp(t, days, logs) + offset)
        step = min(1.0, 1000.0 / (rate * DAY))
        if a - rate * DAY * step < goal:
            return t + (a - goal) / (rate * DAY)
        a, t = a - rate * DAY * step, t + step
    return t


def density_ratio(first: tuple[str, str], second: tuple[str, str], plane: MeanPlane, altitude_km: float) -> float:
    """Mean decay rate over the UTC days of `second` over that of `first`, at one height: what the weather does."""
    means = []
    for span in (first, second):
        start, end = Epoch.from_utc(span[0]), Epoch.from_utc(span[1])
        times = np.arange(0.0, end.since(start), 10800.0)
        day = ordinal(start) + times / DAY
        weather = measured_weather(day[0] - 2.0, day[-1] + 2.0).at(day)
        moved = plane._replace(epoch=start, node=plane.node + plane.node_rate * start.since(plane.epoch))
        means.append(decay_rates(moved, times, weather, [RADIUS + 1000.0 * altitude_km]).mean())
    return float(means[1] / means[0])
