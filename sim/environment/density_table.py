"""NRLMSISE-00 as tables of ln(density) for the kernels: one fine table of a day, and what changes from it.

The fine table holds the waves of a day. Where the weather follows the packaged table, a coarser one is added: the
change of ln(density) by weather and season since that day, smooth enough for an eighth of the nodes per day.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kernels.records import Air, make
from sim.core.epoch import Epoch
from sim.environment.nrlmsise00 import log_densities
from sim.environment.space_weather import Weather, limits, weather_at

SHELL = (80.0, 600.0)  # km, where no other is asked for
# Grid of the change: 3 h, 5 % of height, 10 deg, 2 h of local time. Over 15 days it misses 0.2 % rms in usual weather
# and 0.7 % in the storm of May 2024; 8 local times instead of 12 miss 1.2 % there, their mean alone 13 %.
CHANGE_S, CHANGE_X, CHANGE_LATITUDES, CHANGE_LOCAL_TIMES = 10800.0, 0.05, 19, 12


class Part(NamedTuple):
    """What of a table is filled: heights from `low` to `high` km, latitudes up to `latitude` deg north and south.

    Every node that is asked for between them, the next ones outward included. The others are zero, which is a density
    of 1 kg/m3: what strays there is stopped at once, and nobody takes the result for an orbit.
    """

    low: float
    high: float
    latitude: float


class _Grid(NamedTuple):
    """Nodes of a table: `heights` of ln height from `bottom` to `top`, latitudes, local times, and the part filled."""

    bottom: float
    top: float
    heights: int
    latitudes: int
    local_times: int
    part: Part | None


def msis_table(
    zero: Epoch, middle: float, weather: Weather, shell: tuple[float, float] | None = None, part: Part | None = None
) -> Air:
    """NRLMSISE-00 for the day around `middle`: 8 slices of a day, 80 to 600 km, 10 deg, half an hour.

    One day stands for all: with constant space weather the seasons move density by a few per cent in a month, less
    than the model's own 15 %. `shell` km: a finer table (12 slices, 5 deg, 1 % of height) of these heights alone, where
    the model itself is compared. `part`: what of it is needed. The last two tables are kept, for the next call.
    """
    slices, lats, lsts = (12, 37, 48) if shell else (8, 19, 48)
    bottom, top = shell or SHELL
    heights = math.ceil(math.log(top / bottom) / (0.01 if shell else 0.02)) + 2
    start = Epoch.from_utc(zero.plus(middle).utc(0)[:10])
    grid = _Grid(math.log(bottom), math.log(top), heights, lats, lsts, part)
    x = np.linspace(grid.bottom, grid.top, heights)
    table = _day(start, slices, grid, weather)
    return make(Air, scale=1.0, ut0=start.since(zero), x0=x[0], dx=x[1] - x[0], table=table)


@lru_cache(maxsize=2)  # of 6 MB each, for an orbit at 400 km
def _day(start: Epoch, slices: int, grid: _Grid, weather: Weather) -> np.ndarray:
    """The table of one day, which depends on nothing else; nothing writes to it."""
    times = np.arange(slices) * (86400.0 / slices)
    return _table(start, times, grid, np.tile(_three(weather), (slices, 1)))


def weather_table(
    zero: Epoch,
    first: float,
    last: float,
    shell: tuple[float, float] | None = None,
    weather: Weather | None = None,
    part: Part | None = None,
) -> Air:
    """NRLMSISE-00 from `first` to `last` s: the table of the middle's day, and the change from it every three hours.

    With the season and the packaged space weather of each instant, or with one `weather` and the season alone;
    ValueError outside of the packaged table.
    """
    begin, end = limits()
    middle = 0.5 * (first + last)
    day = zero.plus(middle).utc(0)[:10]
    still = weather or weather_at(Epoch.from_utc(day).plus(43200.0))
    if weather is None:
        weather_at(zero.plus(first)), weather_at(zero.plus(last))  # refuse before the long work
    air = msis_table(zero, middle, still, shell, part)
    bottom, top = (math.log(h) for h in shell or SHELL)
    count = math.ceil((top - bottom) / CHANGE_X) + 1
    x = np.linspace(bottom, top, count)
    a_day = round(86400.0 / CHANGE_S)
    # One more on both sides, for the steps with which a method starts.
    nodes = np.arange(math.floor((first - air.ut0) / CHANGE_S) - 1, math.ceil((last - air.ut0) / CHANGE_S) + 2)
    start, grid = Epoch.from_utc(day), _Grid(bottom, top, count, CHANGE_LATITUDES, CHANGE_LOCAL_TIMES, part)
    each = [weather or weather_at(min(max(start.plus(k * CHANGE_S), begin), end)) for k in nodes]
    change = _table(start, nodes * CHANGE_S, grid, np.array([_three(w) for w in each]))
    base = _table(start, np.arange(a_day) * CHANGE_S, grid, np.tile(_three(still), (a_day, 1)))
    change -= base[nodes % a_day]
    t0 = air.ut0 + nodes[0] * CHANGE_S
    return air._replace(change=change, change_t0=t0, change_dt=CHANGE_S, change_dx=float(x[1] - x[0]))


def _table(start: Epoch, times: np.ndarray, grid: _Grid, weather) -> np.ndarray:
    """ln(density) at `times` s after the midnight `start`, each with its weather (times, 3).

    Returns (time, ln height, latitude from the south, local time from midnight on).
    """
    moments = [start.plus(float(t)).datetime() for t in times]
    heights = np.exp(np.linspace(grid.bottom, grid.top, grid.heights))
    latitudes = np.linspace(-90.0, 90.0, grid.latitudes)
    rows, columns = slice(0, grid.heights), slice(0, grid.latitudes)
    if grid.part:
        rows = _about(heights, grid.part.low, grid.part.high)
        columns = _about(latitudes, -grid.part.latitude, grid.part.latitude)
    values = log_densities(
        [m.timetuple().tm_yday for m in moments],
        times % 86400.0,
        weather,
        heights[rows],
        latitudes[columns],
        np.arange(grid.local_times) * (24.0 / grid.local_times),
    )
    if grid.part is None:
        return values
    table = np.zeros((len(times), grid.heights, grid.latitudes, grid.local_times))  # pages of zeros cost nothing
    table[:, rows, columns] = values
    return table


def _about(nodes: np.ndarray, low: float, high: float) -> slice:
    """The nodes between two values, with the next one on each side; two at least."""
    first = min(max(int(np.searchsorted(nodes, low, side="right")) - 1, 0), len(nodes) - 2)
    last = min(max(int(np.searchsorted(nodes, high, side="left")), first + 1), len(nodes) - 1)
    return slice(first, last + 1)


def _three(weather: Weather) -> tuple[float, float, float]:
    return weather.f107, weather.f107a, weather.ap
