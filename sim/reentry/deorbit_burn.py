"""The deorbit burn as it is flown: engines that differ, and a cut-off by what the accelerometer counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import G0
from kernels.maths.random import Stream, normals, uniforms
from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine, Ship
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly

SHORTEST = 1e-6  # s, of a stretch of a burn that is flown


@dataclass(frozen=True)
class Accelerometer:
    """A unit as it was drawn: `bias` m/s2, `scale` a share, `walk` m/s after one second, and `pulse` m/s, by which it
    counts more or less than there is where the count is reached."""

    bias: float = 0.0
    scale: float = 0.0
    walk: float = 0.0
    pulse: float = 0.0

    def counts(self, delta_v: float, seconds: float) -> float:
        """What it counts of a velocity change that took so long, m/s."""
        return (1.0 + self.scale) * delta_v + self.bias * seconds + self.walk * math.sqrt(seconds) + self.pulse

    def duration(self, dv: float, state: State, engine: Engine, before: tuple[float, float]) -> float:
        """Seconds that an engine burns until `dv` m/s are counted; `before`: velocity change and time until then."""
        exhaust = G0 * engine.isp
        flow = engine.thrust / exhaust
        seconds = (dv - self.counts(*before)) * state.mass / engine.thrust
        for _ in range(20):
            made = before[0] - exhaust * math.log1p(-flow * seconds / state.mass)
            left = dv - self.counts(made, before[1] + seconds)
            step = left * (state.mass - flow * seconds) / engine.thrust
            seconds += step
            if abs(step) < 1e-9:
                break
        return max(seconds, 0.0)


def accelerometer(ship: Ship, stream: Stream) -> Accelerometer:
    """One drawn from the errors of the ship's file."""
    draw, place = np.empty(3), np.empty(1)
    normals(stream, 0, draw)
    uniforms(stream, 8, place)
    sensors, system = ship.sensors, ship.deorbit
    return Accelerometer(
        bias=sensors.accelerometer_bias * float(draw[0]),
        scale=system.scale * float(draw[1]),
        walk=sensors.accelerometer_noise * float(draw[2]),
        pulse=system.resolution * (float(place[0]) - 0.5),
    )


def engine_factors(ship: Ship, stream: Stream) -> np.ndarray:
    """Thrust over nominal of the two main engines and of the two that take over, (4,)."""
    draw = np.empty(4)
    normals(stream, 0, draw)
    return 1.0 + ship.deorbit.thrust_spread * draw


@dataclass(frozen=True)
class Stretch:
    """A part of a burn with one thrust, of `engine`, or none (thrust 0): for `seconds`, or until the cut-off (inf)."""

    engine: Engine
    seconds: float = math.inf


@dataclass(frozen=True)
class Burnt:
    """A burn, or the first part of one, from `start` to `stop` s along `path`: `delta_v` m/s were made, in `seconds`
    of thrust; `end`: the state after it; `complete`: whether its size has been counted."""

    start: float
    stop: float
    path: Trajectory
    delta_v: float
    seconds: float
    end: State
    complete: bool


def brake(
    state: State,
    t: float,
    dv: float,
    direction: np.ndarray,
    stretches: tuple[Stretch, ...],
    unit: Accelerometer,
    world: World,
    before: Burnt | None = None,
) -> Burnt:
    """Burns along `direction` (3,), LVLH, from `t` s until the unit has counted `dv` m/s or the stretches are over.

    `before`: the part of the burn that was flown already, whose count goes on.
    """
    made, burning = (before.delta_v, before.seconds) if before else (0.0, 0.0)
    start, paths, over = before.start if before else t, [] if before is None else [before.path], False
    for stretch in stretches:
        engine = stretch.engine
        if engine.thrust <= 0.0:
            seconds, part = stretch.seconds, 0.0
        else:
            until = unit.duration(dv, state, engine, (made, burning))
            over, seconds = until <= stretch.seconds, min(until, stretch.seconds)
            part = -G0 * engine.isp * math.log1p(-engine.thrust * seconds / (G0 * engine.isp * state.mass))
            burning += seconds
        if seconds > SHORTEST:
            row = np.concatenate([[t + 0.5 * seconds], part * direction])[None, :]
            path = fly(state, t, t + seconds, world, row if part > 0.0 else np.empty((0, 4)), engine)
            paths.append(path)
            state, t, made = end_state(state, path), path.end, made + part
        if over:
            break
    return Burnt(start, t, joined(paths), made, burning, state, over)


def pointed(direction: np.ndarray, upward: float) -> np.ndarray:
    """A direction (3,), LVLH, whose backward part is tilted by `upward` rad away from the Earth."""
    c, s = math.cos(upward), math.sin(upward)
    x, y, z = direction
    return np.array([c * x - s * z, y, s * x + c * z])
