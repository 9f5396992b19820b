"""The calendar of a season: days of Beijing from left to right, the hour of the day downward."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from sim.core.epoch import BEIJING
from sim.plots.style import with_year

DARK, LIGHT = "#8493a8", "#fff8e2"  # in the Earth's shadow or at night, and in the Sun
DAY = 86400.0


def day_of(data: dict, times: ArrayLike) -> np.ndarray:
    """Days since the first midnight in Beijing."""
    return (np.asarray(times) - data["midnights"][0]) / DAY


def column_of(data: dict, times: ArrayLike) -> np.ndarray:
    """The middle of the day that a time lies in."""
    return np.floor(day_of(data, times)) + 0.5


def hour_of(data: dict, times: ArrayLike) -> np.ndarray:
    """By the clock in Beijing."""
    return (np.asarray(times) - data["midnights"][0]) % DAY / 3600.0


def date_axis(axes: Axes, data: dict, labelled: bool) -> None:
    """A tick in the middle of some twelve days at most, with their dates where it is `labelled`."""
    midnights = data["midnights"][:-1]
    every = max(1, round(len(midnights) / 12.0))
    ticks = np.arange(0, len(midnights), every)
    words = with_year([data["zero"].plus(float(t) + 1.0).text("%d %b %Y", BEIJING) for t in midnights[ticks]])
    axes.set_xticks(ticks + 0.5, words if labelled else [""] * len(ticks))
