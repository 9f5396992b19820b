"""NRLMSISE-00 as tables of ln(density) for the kernels: one fine table of a day, and what changes from it.

The fine table holds the waves of a day. Where the weather follows the packaged table, a coarser one is added that tells
how far weather and season have moved ln(density) since that day: smooth enough for an eighth of the nodes per day.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.records import Air, make
from sim.epoch import Epoch
from sim.space_weather import Weather, limits, weather_at

SHELL = (80.0, 600.0)  # km, where no other is asked for
# Grid of the change: 3 h, 5 % of height, 10 deg, 2 h of local time. Over 15 days it misses 0.2 % rms in usual weather
# and 0.7 % in the storm of May 2024; 8 local times instead of 12 miss 1.2 % there, their mean alone 13 %.
CHANGE_S, CHANGE_X, CHANGE_LATITUDES, CHANGE_LOCAL_TIMES = 10800.0, 0.05, 19, 12


def densities(moment: np.datetime64, longitude, latitude, height_km, weather: Weather) -> np.ndarray:
    """Total mass density, kg/m3, at one UTC instant on a grid (longitude deg, latitude deg, height km)."""
    import pymsis

    out = pymsis.calculate(
        np.array([moment]), longitude, latitude, height_km,
        [weather.f107], [weather.f107a], [[weather.ap] * 7], version=0,
    )  # fmt: skip
    return out[0, ..., 0]


def msis_table(zero: Epoch, middle: float, weather: Weather, shell: tuple[float, float] | None = None) -> Air:
    """NRLMSISE-00 for the day around `middle`: 8 slices of a day, 80 to 600 km, 10 deg, half an hour.

    One day stands for all: with constant space weather the seasons move density by a few per cent in a month, less
    than the model's own 15 %. `shell` km: a finer table (12 slices, 5 deg, 1 % of height) of these heights alone, where
    the model itself is compared.
    """
    slices, lats, lsts = (12, 37, 48) if shell else (8, 19, 48)
    bottom, top = shell or SHELL
    heights = math.ceil(math.log(top / bottom) / (0.01 if shell else 0.02)) + 2
    day = zero.plus(middle).utc(0)[:10]
    start = Epoch.from_utc(day)
    x = np.linspace(math.log(bottom), math.log(top), heights)
    latitude = np.linspace(-90.0, 90.0, lats)
    table = np.empty((slices, heights, lats, lsts))
    for i in range(slices):
        table[i] = _slice(day, 24.0 * i / slices, x, latitude, lsts, weather)
    return make(Air, scale=1.0, ut0=start.since(zero), x0=x[0], dx=x[1] - x[0], table=table)


def weather_table(zero: Epoch, first: float, last: float, shell: tuple[float, float] | None = None) -> Air:
    """NRLMSISE-00 from `first` to `last` s with the packaged space weather: the table of the middle's day, and the
    change from it every three hours, with the season and the weather of each; ValueError outside of the weather."""
    begin, end = limits()
    middle = 0.5 * (first + last)
    day = zero.plus(middle).utc(0)[:10]
    still = weather_at(Epoch.from_utc(day).plus(43200.0))
    weather_at(zero.plus(first)), weather_at(zero.plus(last))  # refuse before the long work
    air = msis_table(zero, middle, still, shell)
    bottom, top = (math.log(h) for h in shell or SHELL)
    x = np.linspace(bottom, top, math.ceil((top - bottom) / CHANGE_X) + 1)
    latitude = np.linspace(-90.0, 90.0, CHANGE_LATITUDES)
    a_day = round(86400.0 / CHANGE_S)
    base = [_slice(day, 24.0 * k / a_day, x, latitude, CHANGE_LOCAL_TIMES, still) for k in range(a_day)]
    # One more on both sides, for the steps with which a method starts.
    nodes = range(math.floor((first - air.ut0) / CHANGE_S) - 1, math.ceil((last - air.ut0) / CHANGE_S) + 2)
    change = np.empty((len(nodes), *base[0].shape))
    for i, k in enumerate(nodes):
        moment = zero.plus(air.ut0 + k * CHANGE_S)
        weather = weather_at(min(max(moment, begin), end))
        days, slot = divmod(k, a_day)
        date = str(np.datetime64(day) + days)
        change[i] = _slice(date, 24.0 * slot / a_day, x, latitude, CHANGE_LOCAL_TIMES, weather) - base[slot]
    t0 = air.ut0 + nodes[0] * CHANGE_S
    return air._replace(change=change, change_t0=t0, change_dt=CHANGE_S, change_dx=float(x[1] - x[0]))


def _slice(day: str, hours: float, x: np.ndarray, latitude: np.ndarray, local_times: int, weather) -> np.ndarray:
    """ln(density) at an hour (UTC) of a day: (ln height, latitude, local time from midnight on)."""
    moment = np.datetime64(day, "ns") + np.timedelta64(int(hours * 3600), "s")
    longitude = (np.arange(local_times) * (24.0 / local_times) - hours) * 15.0 % 360.0
    return np.log(np.transpose(densities(moment, longitude, latitude, np.exp(x), weather), (2, 1, 0)))
