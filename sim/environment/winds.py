"""The wind over a landing site: a profile (n, 3) of height m, east and north m/s, and how it differs from its forecast.

The error of a forecast, and the weather of a day about its climate, are Gauss-Markov processes of first order over the
height: normal, of a given sigma at each height, with a likeness that falls to 1/e in a correlation height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.maths.random import Stream, normals
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import ReturnFaults
from sim.environment.world import World

FINE = 500.0  # m between two rows of a wind that was drawn, up to FINE_TOP
FINE_TOP = 30000.0  # m
JET_AT, JET_DEPTH = 11500.0, 3500.0  # m: where a jet stream is strongest, and above and below where 1/e of it is left


@dataclass(frozen=True)
class LandingWind:
    """How well the wind over the landing site is known: one `sigma` (n,) m/s, each axis, at `heights` (n,) m of the
    forecast's error, its `correlation` height m; and that of the weather about the climate, None where the forecast is
    the climate itself."""

    heights: np.ndarray
    sigma: np.ndarray
    correlation: float
    weather: float | None = None

    def drawn(self, world: World, draws: RandomDraws) -> World:
        """The world with the wind of one flight, and beside it its forecast; the same where no wind is known."""
        known = world.known()
        if not len(known.wind):
            return world
        heights = _fine(known.wind[:, 0])
        climate, spread = _at(known.wind, heights), np.interp(heights, known.wind[:, 0], known.wind_spread)
        forecast = climate
        if self.weather is not None:
            forecast = _with(climate, spread, self.weather, draws.stream("wind.weather"))
        sigma = np.interp(heights, self.heights, self.sigma)
        true = _with(forecast, sigma, self.correlation, draws.stream("wind.forecast"))
        known = replace(known, wind=forecast, wind_spread=spread)
        return replace(world, wind=true, wind_spread=spread, forecast=known)


def blowing(world: World, faults: ReturnFaults) -> np.ndarray:
    """The wind that truly blows in a return, (n, 3): with a jet stream that no forecast has, where that is a fault."""
    if faults.jet_stream is None:
        return world.wind
    wind = world.wind if len(world.wind) else np.zeros((1, 3))
    heights = _fine(wind[:, 0])
    found = _at(wind, heights)
    share = np.exp(-(((heights - JET_AT) / JET_DEPTH) ** 2))
    found[:, 1:] += share[:, None] * np.array(faults.jet_stream)
    return found


def wind_at(wind: np.ndarray, height: float) -> tuple[float, float]:
    """Toward east and north at `height` m, m/s; calm where the profile is empty."""
    if not len(wind):
        return 0.0, 0.0
    return float(np.interp(height, wind[:, 0], wind[:, 1])), float(np.interp(height, wind[:, 0], wind[:, 2]))


def _fine(heights: np.ndarray) -> np.ndarray:
    """The heights and those between them, FINE apart from the lowest (from the sea, where it is one alone) up."""
    low = float(heights[0]) if len(heights) > 1 else 0.0
    return np.unique(np.concatenate([heights, np.arange(low, FINE_TOP + 1.0, FINE)]))


def _at(wind: np.ndarray, heights: np.ndarray) -> np.ndarray:
    return np.column_stack([heights, *(np.interp(heights, wind[:, 0], wind[:, j]) for j in (1, 2))])


def _with(wind: np.ndarray, sigma: np.ndarray, correlation: float, stream: Stream) -> np.ndarray:
    """The wind (n, 3) and a realisation of a Gauss-Markov error in it, both axes by themselves."""
    n = len(wind)
    z = np.empty(2 * n)
    normals(stream, 0, z)
    likeness = np.exp(-np.diff(wind[:, 0], prepend=-math.inf) / correlation)  # the lowest is like nothing below it
    kept, fresh = likeness.tolist(), np.sqrt(1.0 - likeness**2).tolist()
    found = wind.copy()
    for axis, draws in enumerate((z[:n].tolist(), z[n:].tolist())):
        error, errors = 0.0, []
        for old, new, draw in zip(kept, fresh, draws, strict=True):
            error = old * error + new * draw
            errors.append(error)
        found[:, 1 + axis] += sigma * np.array(errors)
    return found
