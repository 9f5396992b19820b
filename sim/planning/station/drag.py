"""How fast the station falls, by day and altitude, as a table that plans and bounds interpolate in.

The rates are those of the house's decay model (sim/orbit/decay_density.py), four a day, with the space weather that the
known world has. `sim.orbit.decay` itself fits element sets; a plan asks some thousand times and at other areas over
mass for each day, for which a table of two altitudes serves: the density is exponential between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.epoch import Epoch
from sim.orbit.decay_density import MeanPlane, decay_rates
from sim.orbit.weather_forecast import measured_weather, ordinal

DAY = 86400.0
EVERY = 0.25 * DAY  # four instants a day average the turning Earth


@dataclass(frozen=True)
class Falls:
    """Fall of the mean semi-major axis, m/s, times the mass over the drag area, at `times` (n,) s and two semi-major
    axes (2,) m; `per_area` (n, 2) kg/m2 m/s. In between it is exponential in the altitude."""

    times: np.ndarray
    axes: np.ndarray
    per_area: np.ndarray

    def height(self, t: np.ndarray) -> np.ndarray:
        """Altitude in which the fall becomes 1/e, m, at times (k,) s."""
        logs = np.log(self.per_area)
        return (self.axes[1] - self.axes[0]) / np.interp(t, self.times, logs[:, 0] - logs[:, 1])

    def at(self, t: np.ndarray, axis: np.ndarray | float, cda_mass: np.ndarray | float) -> np.ndarray:
        """Fall, m/s, at times (k,) s and semi-major axes (k,) m, of `cda_mass` m2/kg."""
        low = np.interp(t, self.times, self.per_area[:, 0])
        return cda_mass * low * np.exp(-(axis - self.axes[0]) / self.height(t))


def falls(plane: MeanPlane, zero: Epoch, end: float, low: float, high: float) -> Falls:
    """In the plane of an element set, from `zero` to `end` s later, at the mean semi-major axes `low` and `high` m."""
    times = np.arange(0.0, end + EVERY, EVERY)
    first = ordinal(zero)
    weather = measured_weather(first - 1.0, first + 1.0 + end / DAY).at(first + times / DAY)
    rates = decay_rates(plane, times + zero.since(plane.epoch), weather, [low, high])
    return Falls(times, np.array([low, high]), _daily(-rates))


def _daily(rates: np.ndarray) -> np.ndarray:
    """Mean over a day about each instant: an orbit meets all longitudes in it."""
    weights = np.array([0.5, 1.0, 1.0, 1.0, 0.5]) / 4.0
    padded = np.pad(rates, ((2, 2), (0, 0)), mode="edge")
    return np.column_stack([np.convolve(c, weights, "valid") for c in padded.T])
