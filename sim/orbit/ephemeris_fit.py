"""An orbit of the full model fitted to an ephemeris: state, drag area and the burn within it.

What an operator publishes is the best that is known of an orbit; a day of it shows the drag of that day. A prediction
from there takes the air of the days ahead as known at its end.

A published orbit has the field of its publisher: NASA's of the ISS goes to degree and order 36. Fitted with that field
a day leaves 1 m, with degree 40 or 70 it leaves 6 to 8 m and an error of the drag of 5 to 15 %.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.core.vehicle import Engine
from sim.environment.space_weather import Weather
from sim.environment.world import World
from sim.orbit.propagate import NO_BURNS, fly
from sim.orbit.weather_forecast import KnownWeather, ordinal

NASA_DEGREE = 36  # of the field in which NASA's ephemeris of the ISS moves: found by the residual, not published
PASSES = 4  # of Gauss and Newton: the fourth changes no state by a millimetre
# m, m/s, m2, m/s: for the partial derivatives
STEPS = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 300.0, 0.01, 0.01, 0.01])


class EphemerisFit(NamedTuple):
    """`state` at the last time with its drag area; `burn` (3,) m/s in LVLH (along the velocity first), None where none
    is; `rms` m."""

    state: State
    burn: np.ndarray | None
    rms: float


def drag_weather(known: KnownWeather, zero: Epoch, first: float, last: float) -> Weather:
    """One weather for `first` to `last` s after `zero`, by which drag moves a craft along the track as much at `last`.

    What drag takes at an instant acts for the time that is left: each hour counts by that time.
    """
    times = np.linspace(first, last, 200, endpoint=False)
    rows = known.at(ordinal(zero) + times / 86400.0)
    return Weather(*np.average(rows, axis=0, weights=last - times))


def fitted_ephemeris(
    times: np.ndarray,
    first: State,
    positions: np.ndarray,
    world: World,
    burn_at: float | None = None,
    engine: Engine | None = None,
) -> EphemerisFit:
    """Least squares of positions (n, 3) m, GCRS, at `times` (n,) s of the world, from the state `first` at the first.

    `first` has the mass and a guess of the drag area. `burn_at` s: the middle of a burn, which is estimated too
    (`sim.orbit.ephemeris_burns` finds it); `engine` flies it. Only the weather of `world` counts.
    """
    x = np.concatenate([first.r, first.v, [first.cda], np.zeros(3 if burn_at is not None else 0)])
    steps = np.diag(STEPS[: len(x)])
    engine = engine or Engine(3000.0, 300.0)

    def path(x: np.ndarray):
        burns = NO_BURNS if burn_at is None else np.array([[burn_at, *x[7:]]])
        return fly(State(x[:3], x[3:6], first.mass, x[6]), times[0], times[-1] + world.step, world, burns, engine)

    def computed(x: np.ndarray) -> np.ndarray:
        return path(x).at(times)[0].ravel()

    target = np.asarray(positions, float).ravel()
    for _ in range(PASSES):
        base = computed(x)
        partials = np.column_stack([(computed(x + step) - base) / step.max() for step in steps])
        x = x + np.linalg.lstsq(partials, target - base, rcond=None)[0]
    flown = path(x)
    residual = (flown.at(times)[0].ravel() - target).reshape(-1, 3)
    r, v = flown.at(times[-1])[:2]
    rms = float(np.sqrt(np.mean(np.sum(residual**2, axis=1))))
    burn = x[7:] if burn_at is not None else None
    return EphemerisFit(State(np.ravel(r), np.ravel(v), first.mass, float(x[6])), burn, rms)
