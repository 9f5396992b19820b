"""Where the station is during a spacewalk: by the element set nearest in time, or as a forecast that keeps it up.

A forecast of months is flown in the full model, with two burns half a revolution apart whenever the station has fallen
to the floor of its band. When its real raises come is not known; the plane of the orbit hardly depends on them, and the
place on the orbit does. So a plan looks at the plane, and leaves room to choose the start on the day. Where a plan of
raises is at hand, those are flown instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.orientation import skyfield_times
from sim.environment.space_weather import Weather, weather_at
from sim.environment.world import KnownWorld, build_world, sgp4_state
from sim.orbit.mean_altitude import mean_axis, revolution
from sim.orbit.propagate import end_state, fly
from sim.planning.raise_plan import PlannedRaise

DAY = 86400.0
STEP = 120.0  # s of the forecast, as the other planners take it
DEGREE = 8  # of gravity; 20 moves the altitude after 50 days by 6 m
LOOK = 5.0 * DAY  # between two looks at the altitude
SETTLE = 3600.0  # s from a look to the burn
BEYOND = 2.0 * DAY  # of the tables, beyond the end


@dataclass(frozen=True)
class Station:
    """What flies: `mass` kg, `cda` m2 (drag coefficient times area), the engine that raises it."""

    mass: float
    cda: float
    engine: Engine


@dataclass(frozen=True)
class KeptOrbit:
    """A forecast: seconds from `zero`, the epoch of the set `elements`; `burns` s, the middles of the raises. `rows`:
    the burns of a plan of raises, where it has them from one: middle s, velocity change in LVLH (3,) m/s."""

    elements: ElementSet
    zero: Epoch
    world: KnownWorld
    path: Trajectory
    burns: tuple[float, ...]
    rows: np.ndarray | None = None


def nearest_set(sets: Sequence[ElementSet], at: Epoch) -> ElementSet:
    """The set whose epoch is nearest, before or after."""
    return min(sets, key=lambda e: abs(e.epoch.since(at)))


def by_set(elements: ElementSet, zero: Epoch, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """States (n,3) GCRS, m and m/s, of an element set by SGP4 at `times` (n,) s from `zero`."""
    from skyfield.sgp4lib import TEME

    dates = np.array([zero.plus(t).jd_utc() for t in times.tolist()])
    errors, r, v = elements.satrec().sgp4_array(dates[:, 0].copy(), dates[:, 1].copy())
    if errors.any():
        raise ValueError(f"SGP4 has no orbit of {elements.name} at {zero}")
    turn = TEME.rotation_at(skyfield_times(zero, times))
    turned = (1e3 * np.einsum("jin,nj->ni", turn, x) for x in (r, v))
    r, v = turned
    return r, v


def world_for(elements: ElementSet, end: Epoch) -> KnownWorld:
    """The world from the epoch of a set until some days after `end`; its air is that of the weeks before the set."""
    zero = elements.epoch
    return build_world(zero, 0.0, end.since(zero) + BEYOND, DEGREE, True, True, _weather_before(zero), STEP).known()


def _weather_before(at: Epoch) -> Weather:
    """Means of the 81 days before: a forecast knows no later ones."""
    days = [weather_at(at.plus(-DAY * k)) for k in range(1, 82)]
    flux, ap = (float(np.mean([getattr(d, name) for d in days])) for name in ("f107", "ap"))
    return Weather(flux, flux, ap)


def kept_orbit(
    elements: ElementSet,
    station: Station,
    world: KnownWorld,
    kept_km: tuple[float, float],
    burns: Sequence[float] | None = None,
    density: float = 1.0,
) -> KeptOrbit:
    """The station from the epoch of a set to the end of the world's tables, kept between two mean heights, km.

    `burns` s: when it is raised, as an earlier forecast has it; None: whenever a look finds it at the floor. `density`:
    of the air, as a share of the model's. Failure where it decays to the ground.
    """
    zero, end = elements.epoch, world.end
    r, v = sgp4_state(elements.line1, elements.line2, zero)
    state = State(r, v, station.mass, density * station.cda)
    floor, target = (R_EQUATOR + 1e3 * km for km in kept_km)
    parts: list[Trajectory] = []
    done: list[float] = []
    t = 0.0
    while t < end:
        till = min(t + LOOK, end)
        coast = fly(state, t, till, world)
        if t > 0.0 and till - t > DAY:
            axis = mean_axis(coast, t, DAY)
            due = axis < floor if burns is None else any(t <= b < till for b in burns)
            if due and axis < target:
                rows = _raise(t + SETTLE, axis, target)
                coast = fly(state, t, till, world, rows, station.engine)
                done += rows[:, 0].tolist()
        parts.append(coast)
        state = replace(end_state(state, coast), cda=state.cda)
        t = till
    return KeptOrbit(elements, zero, world, joined(parts), tuple(done))


def planned_rows(raises: Sequence[PlannedRaise], elements: ElementSet, until: Epoch) -> np.ndarray:
    """The burns of a plan between the epoch of a set and an instant, for `planned_orbit`: those before it are in it."""
    zero, half = elements.epoch, 0.25 * DAY / elements.mean_motion_rev_day
    made = []
    for one in raises:
        if zero < one.at < until:
            sides = (0.0,) if one.burns == 1 else (-half, half)
            made += [(one.at.since(zero) + side, one.dv / one.burns, 0.0, 0.0) for side in sides]
    return np.array(made).reshape(-1, 4)


def planned_orbit(
    elements: ElementSet, station: Station, world: KnownWorld, rows: np.ndarray, density: float = 1.0
) -> KeptOrbit:
    """The station from the epoch of a set to the end of the world's tables, with the burns of a plan: of their sizes,
    by the engine of `station`. Failure where it decays to the ground."""
    r, v = sgp4_state(elements.line1, elements.line2, elements.epoch)
    path = fly(State(r, v, station.mass, density * station.cda), 0.0, world.end, world, rows, station.engine)
    return KeptOrbit(elements, elements.epoch, world, path, tuple(rows[:, 0].tolist()), rows)


def _raise(first: float, axis: float, target: float) -> np.ndarray:
    """Two burns forward, half a revolution apart: rows of (middle s, velocity change in LVLH (3,) m/s)."""
    rate = math.sqrt(MU_EARTH / axis**3)
    half = 0.25 * rate * (target - axis)  # each gives half of n da / 2
    return np.array([(first, half, 0.0, 0.0), (first + 0.5 * revolution(axis), half, 0.0, 0.0)])
