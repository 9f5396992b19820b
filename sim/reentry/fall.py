"""The coast down to an altitude: as it is flown, and, for planners, only its end."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.propagate import SurfaceAreas, arc
from kernels.records import make
from sim.core.flight import Failure
from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.orbit.propagate import STILL, end_state, fly

FALL = 120.0  # s, flown at a time while descending: never far below the altitude that is looked for
FALL_STEP = 10.0  # s: the air thickens e-fold in 27 s there, which an orbit's step of 60 s does not follow
HIGH, HIGH_STEP = 60e3, 60.0  # m over the altitude, above which an orbit's step does; s
SINK = 200.0  # m/s: half of the height is fallen through in no less time than this takes for it
LONGEST = 3600.0  # s
ON_ALTITUDE = 1e-3  # m, within which the altitude counts as reached
NO_NODES = np.empty((0, 11))


def fall(state: State, t: float, altitude: float, world: World) -> Trajectory:
    """The coast from `t` down to an altitude over the ellipsoid, m; Failure where it is not reached within an hour."""
    fine, coarse = (replace(world, step=min(world.step, step)) for step in (FALL_STEP, HIGH_STEP))
    above = height(state.r, t, world) - altitude
    if above < 0.0:
        raise Failure(f"the craft is under {altitude / 1000.0:.0f} km already at {world.zero.plus(t)}")
    parts: list[Trajectory] = []
    start = t
    while t < start + LONGEST:
        path = fly(state, t, t + max(FALL, 0.5 * above / SINK), coarse) if above > HIGH else None
        if path is None or height(path.r[-1], path.end, world) - altitude < HIGH:  # into air too thick for the step
            path = fly(state, t, t + FALL, fine)
        above = height(path.r[-1], path.end, world) - altitude
        if above < 0.0:
            below = int(np.argmax(world.geodetic(path.t, path.r)[2] < altitude))  # the first node that is
            crossing = _crossing(path, max(below, 1), altitude, world)
            return joined([*parts, path.until(crossing)])
        parts.append(path)
        state, t = end_state(state, path), path.end
    raise Failure(_not_reached(altitude, start, above, world))


def _crossing(path: Trajectory, below: int, altitude: float, world: World) -> float:
    """When it passes the altitude between node `below` - 1 and `below`: Newton's method, kept between the two."""
    low, high = float(path.t[below - 1]), float(path.t[below])
    t = high
    for _ in range(30):
        r, v, _ = (x[0] for x in path.at(t))
        above = height(r, t, world) - altitude
        low, high = (t, high) if above > 0.0 else (low, t)
        step = -above / (float(r @ v) / float(np.linalg.norm(r)))
        if abs(step) < 1e-7:  # s
            break
        t = t + step if low < t + step < high else 0.5 * (low + high)
    return t


def interface(
    state: State, t: float, altitude: float, world: World, after: float | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Place, velocity and time where `fall` ends, without its path; `after` s: a guess of how long it takes.

    Most of the coast in an orbit's steps, the rest in those of the air, then Newton's method with the full forces.
    """
    y = np.array([*state.r, *state.v, state.mass])
    areas, forces = make(SurfaceAreas, drag=state.cda, radiation=0.0), world.forces
    start, guess = t, after or kepler_fall(state.r, state.v, R_EQUATOR + altitude)
    above = height(y[:3], t, world) - altitude
    if above < 0.0:
        raise Failure(f"the craft is under {altitude / 1000.0:.0f} km already at {world.zero.plus(t)}")
    first = t + max(guess - 300.0, 0.5 * guess)  # not into the air
    arc(t, first, y, min(world.step, HIGH_STEP), forces, areas, STILL, NO_NODES)
    t = first
    to = start + guess - (0.0 if after else 60.0)
    for _ in range(60):
        if t != to:
            step = min(world.step, FALL_STEP)
            arc(t, to, y, step if to > t else -step, forces, areas, STILL, NO_NODES)
        t = to
        above = height(y[:3], t, world) - altitude
        if abs(above) < ON_ALTITUDE:
            return y[:3], y[3:6], t
        sink = -float(y[:3] @ y[3:6]) / float(np.linalg.norm(y[:3]))
        # Where it hardly sinks yet, or is far above, in strides; a craft that has passed its lowest point rises.
        to = t + (min(max(above / sink, -60.0), 120.0) if sink > 30.0 else 120.0)
        if to > start + LONGEST or not np.isfinite(above):
            break
    raise Failure(_not_reached(altitude, start, above, world))


def kepler_fall(r: np.ndarray, v: np.ndarray, radius: float) -> float:
    """Seconds from r (3,) m, v (3,) m/s to the descent through a radius, m, on Kepler's orbit; to the perigee where
    that lies higher."""
    start = float(np.linalg.norm(r))
    a = 1.0 / (2.0 / start - float(v @ v) / MU_EARTH)
    cosine, sine = 1.0 - start / a, float(r @ v) / math.sqrt(MU_EARTH * a)  # e cos E and e sin E
    e = math.hypot(cosine, sine)
    here = math.atan2(sine, cosine)
    descending = 2.0 * math.pi - math.acos(max(-1.0, min(1.0, (1.0 - radius / a) / e)))  # where it descends
    turned = descending - e * math.sin(descending) - here + sine
    return (turned % (2.0 * math.pi)) * math.sqrt(a**3 / MU_EARTH)


def height(r: np.ndarray, t: float, world: World) -> float:
    """Metres over the ellipsoid."""
    return float(world.geodetic(t, r)[2][0])


def _not_reached(altitude: float, start: float, above: float, world: World) -> str:
    return (
        f"the craft does not fall to {altitude / 1000.0:.0f} km within an hour of {world.zero.plus(start)}: "
        f"it is at {(above + altitude) / 1000.0:.1f} km"
    )
