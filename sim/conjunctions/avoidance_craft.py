"""The orbit that an avoidance burn is flown from: of a craft that was screened, and of an object of a CDM.

The orbit serves for the difference that a burn makes. It starts at the craft's own state; where it drifts from the path
that was screened, both flights drift alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.conjunctions.avoidance_plan import Engine
from sim.conjunctions.avoidance_screening import from_teme
from sim.conjunctions.screened_craft import PathCraft, ScreenedCraft
from sim.conjunctions.screening_paths import pull
from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.environment import space_weather
from sim.files.errors import BadInput
from sim.orbit.propagate import led_to
from sim.propagation.force_model import (
    AtmosphereChoice,
    BurnChoice,
    GravityChoice,
    ImpulseChoice,
    Orbit,
    ThirdBodyChoice,
)
from sim.propagation.propagate import build

STEP_S = 60.0
PERIGEE_M = 120e3  # above it a craft is in orbit: no ascent, no entry
THRUST_M_S2 = 2.0e-3  # beside gravity with oblateness, which leaves 1e-4 out; the station's own engines give 0.011
KICK_M_S = 1.0e-6
USUAL = (150.0, 150.0, 12.0)  # f107, f107a, ap of a day that the table of space weather does not hold


@dataclass(frozen=True)
class Body:
    """What burns: `mass_kg`, drag area `area_m2` at a coefficient of 2.2, `engine`."""

    mass_kg: float
    area_m2: float
    engine: Engine

    def __post_init__(self):
        for name, value in (("mass", self.mass_kg), ("area", self.area_m2)):
            if not (value > 0.0 and np.isfinite(value)):
                raise BadInput(f"{name}: found {value!r}; write one above 0")


def orbit_of(craft: ScreenedCraft, start: Epoch, seconds: float, body: Body) -> Orbit:
    """The craft from `start` on in the full model: harmonics to degree 20, Sun, Moon, air; with the burns that its own
    path has, each along one inertial direction."""
    r, v = craft.states(start, np.zeros(1))
    turn = from_teme(start, [0.0])[0]
    made = _orbit(craft.name, start, turn @ r[0], turn @ v[0], seconds, body)
    if not isinstance(craft, PathCraft):
        return made
    burns, impulses = own_burns(craft.path, start.since(craft.zero), seconds)
    return replace(made, burns=tuple(burns), impulses=tuple(impulses))


def led_to_state(name: str, at: Epoch, state: tuple[np.ndarray, np.ndarray], before: float, body: Body) -> Orbit:
    """The orbit that comes to a state in GCRF, r (3,) m and v (3,) m/s, `before` s after its epoch."""
    start = at.plus(-before)
    ends = _orbit(name, start, state[0], state[1], before, body)
    world = build(ends)
    known = State(np.array(state[0]), np.array(state[1]), body.mass_kg, body.area_m2 * ends.drag_coefficient)
    path = led_to(known, before, before, world)
    return replace(ends, r=path.r[0].copy(), v=path.v[0].copy())


def _orbit(name: str, start: Epoch, r: np.ndarray, v: np.ndarray, seconds: float, body: Body) -> Orbit:
    return Orbit(
        name,
        start,
        np.array(r),
        np.array(v),
        seconds,
        STEP_S,
        mass=body.mass_kg,
        drag_area=body.area_m2,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=ThirdBodyChoice(True, True),
        atmosphere=_air(start, seconds),
    )


def _air(start: Epoch, seconds: float) -> AtmosphereChoice:
    table = space_weather.table()
    first, last = (start.plus(t).text("%Y-%m-%d") for t in (-2.0 * 86400.0, seconds + 2.0 * 86400.0))
    if table.start.isoformat() <= first and last <= table.last.isoformat():
        return AtmosphereChoice("nrlmsise00")
    f107, f107a, ap = USUAL
    return AtmosphereChoice("nrlmsise00", f107=f107, f107a=f107a, ap=ap)


def in_orbit(path: Trajectory) -> tuple[float, float] | None:
    """First and last second of a path with a perigee above 120 km, from where it coasts: without the ascent before and
    the entry after it."""
    energy = 0.5 * np.einsum("ij,ij->i", path.v, path.v) - MU_EARTH / np.linalg.norm(path.r, axis=1)
    h = np.linalg.norm(np.cross(path.r, path.v), axis=1)
    e = np.sqrt(np.maximum(1.0 + 2.0 * energy * h * h / MU_EARTH**2, 0.0))
    up = h * h / MU_EARTH / (1.0 + e) > R_EQUATOR + PERIGEE_M
    coasts = np.flatnonzero(up & (np.linalg.norm(path.a - pull(path.r), axis=1) < THRUST_M_S2))
    return (float(path.t[coasts[0]]), float(path.t[np.flatnonzero(up)[-1]])) if coasts.size else None


def own_burns(path: Trajectory, start: float, seconds: float) -> tuple[list[BurnChoice], list[ImpulseChoice]]:
    """The burns of a path, from `start` s of its times for so many seconds, times from there.

    Both ends of a burn are pairs of nodes at one time; in between the path has more acceleration than gravity gives.
    Each burn has the mean of it along one inertial direction. An impulse is a pair with two velocities.
    """
    burns, impulses = [], []
    pairs = np.flatnonzero(np.diff(path.t) == 0.0)
    for k, following in zip(pairs.tolist(), [*pairs[1:].tolist(), len(path.t) - 1], strict=True):
        t = float(path.t[k]) - start
        kick = path.v[k + 1] - path.v[k]
        if np.linalg.norm(kick) > KICK_M_S and 0.0 < t < seconds:
            impulses.append(ImpulseChoice(t, kick, "inertial"))
        ends = [k + 1, following]
        pushed = np.mean(path.a[ends] - pull(path.r[ends]), axis=0)
        size, length = float(np.linalg.norm(pushed)), float(path.t[following] - path.t[k])
        if size < THRUST_M_S2 or t < 0.0 or length <= 0.0 or t + length > seconds:
            continue
        masses = path.mass[ends]
        thrust, flow = size * float(np.mean(masses)), float(masses[0] - masses[1]) / length
        burns.append(BurnChoice(t, length, thrust, pushed / size, "inertial", flow))
    return burns, impulses


def planned_times(orbit: Orbit) -> Sequence[float]:
    """The middles of the burns that an orbit has, s: a ship on its way burns then anyway."""
    return sorted([b.start + 0.5 * b.duration for b in orbit.burns] + [i.at for i in orbit.impulses])
