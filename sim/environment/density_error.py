"""How the air differs from its forecast, and the forecast that is made anew from what tracking has shown.

The thin air above 86 km wanders: ln(true over forecast density) is a stationary Gauss-Markov process of first order,
which forgets itself with a correlation time of days. That is the forecast error of NRLMSISE-00 and of the space weather
together (docs/physics.md 6.3: 10 to 15 % from day to day). Below it the error is one factor for the whole mission.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.maths.random import Stream, normals
from kernels.records import Air
from sim.environment.density_table import SHELL
from sim.environment.world import KnownWorld, World

STEP = 10800.0  # s between two values of the wandering error
SEEN = 86400.0  # s of decay by which tracking measures the density


@dataclass(frozen=True)
class Wandering:
    """The law of the error above 86 km: `sigma` of ln(density), and `correlation` s, in which it falls to 1/e."""

    sigma: float = 0.0
    correlation: float = math.inf

    def drawn(self, start: float, end: float, stream: Stream) -> np.ndarray:
        """One realisation (n,), every STEP s from `start` to beyond `end`."""
        draws = np.empty(max(2, math.ceil((end - start) / STEP) + 1))
        normals(stream, 0, draws)
        kept = math.exp(-STEP / self.correlation)
        error = self.sigma * draws[0]
        values = [error]
        for z in draws[1:]:
            error = kept * error + self.sigma * math.sqrt(1.0 - kept * kept) * float(z)
            values.append(error)
        return np.array(values)


def with_error(world: World, factor: float, wandering: np.ndarray) -> World:
    """The world whose air has `factor` times the density of `world`, and exp(`wandering`) (n,) of it above 86 km
    besides, every STEP s from the start of its tables; `world` is its forecast."""
    air = _wandered(world.forces.air, wandering, world.start)
    air = air._replace(factor=air.factor * factor)
    return replace(world, forces=world.forces._replace(air=air), forecast=world.known())


def observed(world: World, t: float) -> float:
    """ln(true over forecast density) above 86 km, the mean over the day before `t` s: what the decay of an orbit
    shows."""
    forecast = world.known().forces.air
    constant = math.log(world.forces.air.factor / forecast.factor)
    times = t - SEEN * (np.arange(9) / 8.0)
    return constant + float(np.mean(_change(world.forces.air, times) - _change(forecast, times)))


def updated(world: KnownWorld, t: float, error: float, correlation: float) -> KnownWorld:
    """The forecast from `t` s on, after tracking has shown an `error` of ln(density): it fades away in the time in
    which the air forgets it."""
    if error == 0.0:
        return world
    times = world.start + STEP * np.arange(math.ceil((world.end - world.start) / STEP) + 1)
    faded = error * np.exp(-np.maximum(times - t, 0.0) / correlation)
    air = _wandered(world.forces.air, faded, world.start)
    return replace(world, forces=world.forces._replace(air=air))


def _wandered(air: Air, error: np.ndarray, start: float) -> Air:
    """The air with a correction (n,) of ln(density) from `start` s on, at all heights of its table."""
    if not error.any():
        return air
    if not len(air.change):
        low, high = (math.log(h) for h in SHELL)
        change = np.broadcast_to(error[:, None, None, None], (len(error), 2, 2, 1)).copy()
        return air._replace(change=change, change_t0=start, change_dt=STEP, change_dx=high - low)
    times = air.change_t0 + air.change_dt * np.arange(len(air.change))
    more = np.interp(times, start + STEP * np.arange(len(error)), error)
    return air._replace(change=air.change + more[:, None, None, None])


def _change(air: Air, times: np.ndarray) -> np.ndarray:
    """The correction of ln(density) in the middle of its table, at `times` (n,) s."""
    if not len(air.change):
        return np.zeros(len(times))
    _, heights, latitudes, local_times = air.change.shape
    middle = air.change[:, heights // 2, latitudes // 2, local_times // 2]
    return np.interp(times, air.change_t0 + air.change_dt * np.arange(len(middle)), middle)
