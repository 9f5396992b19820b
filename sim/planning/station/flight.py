"""A flight of the station through a list of raises: finite burns in the full model, with what is docked at each time.

The same code flies a plan in the world as it is known and, with other factors of drag and thrust, the truth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.orbit.mean_altitude import revolution
from sim.orbit.phasing_trim import propellant
from sim.orbit.plane_crossing import insertion_phase, planes_over, wrapped
from sim.orbit.propagate import NO_BURNS, fly, semi_major_axis
from sim.planning.station.setting import DAY, Burner, Launch, Setting

HOUR = 3600.0
SAMPLES = 96  # of a revolution, for a mean semi-major axis that is good to 10 m
LONGEST = 5.0 * DAY  # of a piece with one drag factor
NEVER_SLOWER = 0.05  # m/s: the smallest burn that is flown


@dataclass(frozen=True)
class Raise:
    """A raise about the instant `t` s by `dv` m/s forward, in one burn or in two half a revolution apart. `why`:
    "raise", or the launch whose phase it sets, by the trim of number `trim`, from 0."""

    t: float
    dv: float
    burner: Burner
    burns: int
    why: str
    trim: int = -1

    def rows(self, period: float, factor: float = 1.0) -> np.ndarray:
        """Burns for `fly`: middle s, velocity change in LVLH m/s."""
        if self.burns == 1:
            return np.array([[self.t, factor * self.dv, 0.0, 0.0]])
        return np.array([[self.t + side * 0.25 * period, 0.5 * factor * self.dv, 0.0, 0.0] for side in (-1.0, 1.0)])

    def span(self, period: float, mass: float) -> tuple[float, float]:
        """First and last second in which an engine burns."""
        half = 0.5 * abs(self.dv) / self.burns * mass / self.burner.engine.thrust
        out = half + (0.25 * period if self.burns == 2 else 0.0)
        return self.t - out, self.t + out


@dataclass(frozen=True)
class Burnt:
    """What a raise took: propellant kg, by the mass of the stack then."""

    made: Raise
    mass: float
    kg: float


@dataclass(frozen=True)
class Flown:
    """`path` in GCRS; `burnt` of each raise, in order; `end`: the state at the end."""

    path: Trajectory
    burnt: tuple[Burnt, ...]
    end: State


Factor = Callable[[float], float]  # of the drag area at a time s, over the model's


def as_known(t: float) -> float:
    return 1.0


def flown(
    found: Setting,
    state: State,
    span: tuple[float, float],
    raises: Sequence[Raise],
    world: World,
    factor: Factor = as_known,
    sizes: Sequence[float] = (),
) -> Flown:
    """From `state` at the first instant of `span` to the last. `factor` of the drag area; `sizes`: true over commanded
    size of each raise, without them 1. The drag area is one value in each piece of at most five days.
    """
    start, end = span
    period = revolution(float(semi_major_axis(state.r, state.v)[0]))
    sizes = sizes or [1.0] * len(raises)
    edges, rows = {start, end}, []
    for made, size in zip(raises, sizes, strict=True):
        low, high = made.span(period, state.mass)
        edges |= {max(low - 600.0, start), min(high + 600.0, end)}
        rows.append((low, made.rows(period, size), made))
    edges |= {s.since for s in found.stacks if start < s.since < end}
    edges |= {
        t for t in np.arange(math.ceil(start / LONGEST) * LONGEST, end, LONGEST) if _free(t, rows, period, state.mass)
    }
    pieces, burnt, mass, ordered = [], [], state.mass, sorted(edges)
    stack = found.stack(start)
    for t0, t1 in zip(ordered[:-1], ordered[1:], strict=True):
        now = found.stack(t0)
        mass, stack = mass + now.mass - stack.mass, now
        inside = [(burn, made) for low, burn, made in rows if t0 <= low < t1]
        burn = np.concatenate([b for b, _ in inside]) if inside else NO_BURNS
        engine = inside[0][1].burner.engine if inside else None
        state = replace(State(state.r, state.v, mass, now.cda * factor(0.5 * (t0 + t1))))
        path = fly(state, t0, t1, world, burn, engine) if engine else fly(state, t0, t1, world)
        for b, made in inside:
            burnt.append(Burnt(made, mass, propellant(float(np.abs(b[:, 1]).sum()), mass, made.burner.engine)))
        r, v, mass = path.last()
        state = State(r, v, mass, state.cda)
        pieces.append(path)
    return Flown(joined(pieces), tuple(burnt), state)


def _free(t: float, rows: list, period: float, mass: float) -> bool:
    return all(not (low - 700.0 <= t <= made.span(period, mass)[1] + 700.0) for low, _, made in rows)


def axes(path: Trajectory, times: np.ndarray) -> np.ndarray:
    """Mean semi-major axis over the revolution about each of `times` (n,), m; at the ends of the path over the first
    and the last one."""
    period = revolution(float(semi_major_axis(*path.at(path.start)[:2])[0]))
    middles = np.clip(times, path.start + 0.5 * period, path.end - 0.5 * period)
    grid = middles[:, None] + ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5) * period
    r, v, _ = path.at(grid.ravel())
    return semi_major_axis(r, v).reshape(grid.shape).mean(axis=1)


@dataclass(frozen=True)
class Met:
    """A launch on a flown path: its lift-off s, and the phase at insertion less the profile's, rad."""

    launch: Launch
    liftoff: float
    miss: float


def met(launch: Launch, path: Trajectory, world: World) -> Met:
    """The passage of the site through the mean plane nearest to the programme's lift-off, on either branch."""
    near = launch.t - launch.bias
    low, high = max(near - 0.6 * DAY, path.start), min(near + 0.6 * DAY, path.end)
    passages = planes_over(path, launch.site, world, low, high)
    liftoff = min((c.t for c in passages), key=lambda t: abs(t - near)) + launch.bias
    phase = insertion_phase(liftoff, path, launch.site, world, launch.after, launch.downrange)
    return Met(launch, liftoff, wrapped(phase - launch.phase))
