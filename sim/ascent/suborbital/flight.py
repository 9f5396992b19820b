"""A suborbital flight, integrated from the release to the runway."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from kernels.atmosphere.us76 import us76
from kernels.constants import G0, MU_EARTH
from sim.ascent.suborbital.craft import RocketPlane
from sim.core.flight import Event, Failure

EARTH_RADIUS = 6371008.8  # m, mean radius (IUGG)
TOLERANCE = 1e-9  # relative, of the integrator
ABSOLUTE = (1e-6, 1e-9, 1e-12, 1e-6, 1e-6)  # m, m/s, rad, m, kg
LONGEST = 1500.0  # s that one part of the flight may last
STEP = 0.5  # s between rows
LONGEST_STEP = 2.0  # s of the integrator: between its nodes the rows are interpolated, less exactly than it steps
GLIDE_ROWS = 400
HEIGHT, SPEED, ANGLE, RANGE, MASS = range(5)


@dataclass(frozen=True)
class Release:
    """Where the carrier lets go: height `altitude` m above sea level, true air speed `speed` m/s, flight-path angle
    `angle` rad; `runway` m above sea level, where the flight ends."""

    altitude: float
    speed: float
    angle: float
    runway: float


@dataclass(frozen=True)
class SuborbitalFlight:
    """`t` s after the release; `state` (n, 5): height m, air speed m/s, flight-path angle rad, range over the ground m,
    mass kg; `mach` (n,); `load` (n,) g, what the people feel: forces but gravity over the weight at the ground."""

    t: np.ndarray
    state: np.ndarray
    mach: np.ndarray
    load: np.ndarray
    events: tuple[Event, ...]

    def when(self, name: str) -> float:
        """s after the release of an event."""
        return next(event.t for event in self.events if event.name == name)


@dataclass(frozen=True)
class Part:
    """One part of the flight: thrust N, mass flow kg/s, drag area m2 of the Mach number, and the load factor across
    the path (lift over the weight at the ground), of time and state."""

    thrust: float
    flow: float
    area: Callable[[float], float]
    lift: Callable[[np.ndarray], float]


def fly(craft: RocketPlane, release: Release, people: int) -> SuborbitalFlight:
    """Fly a suborbital flight; `people`: how many are aboard.

    A point mass in one vertical plane over a round Earth that does not turn, in the US Standard Atmosphere 1976 without
    wind: Vinh, Busemann & Culp, Hypersonic and Planetary Entry Flight Mechanics, 1980, eq 2.17 to 2.19 with the
    thrust along the path. Steered by the load factor alone: after the ignition it pulls up to the climb angle and then
    keeps it. The motor's thrust is one number. The glide is a steady one at one indicated air speed and one ratio of
    lift to drag, without turns: its time is an approximation, its place is not computed.

    Failure where the craft does not climb, or does not come to an apogee.
    """
    mass = craft.dry_mass + people * craft.person_mass + craft.propellant
    start = np.array([release.altitude, release.speed, release.angle, 0.0, mass])
    clean = craft.clean_area
    rows = _Rows()
    drop = Part(0.0, 0.0, clean, lambda _: 0.0)
    t, state = rows.fly(drop, 0.0, start, craft.ignition_delay)
    lit = t
    burn = craft.burn_time
    boost = Part(craft.thrust, craft.propellant / burn, clean, lambda _: craft.pull_up)
    t, state = rows.fly(boost, t, state, lit + burn - t, until=lambda y: craft.climb_angle - y[ANGLE])
    if state[ANGLE] < craft.climb_angle - 1e-6:
        raise Failure(
            f"the pull-up with {craft.pull_up:g} g comes to {math.degrees(state[ANGLE]):.1f} deg before the motor is "
            f"out, of {math.degrees(craft.climb_angle):.1f} deg of the climb"
        )
    climb = Part(craft.thrust, craft.propellant / burn, clean, _held)
    steep = t
    t, state = rows.fly(climb, t, state, lit + burn - t)
    out = t
    free = Part(0.0, 0.0, clean, lambda _: 0.0)
    t, state = rows.fly(free, t, state, LONGEST, until=_climb_rate)
    top = t
    feathered = Part(0.0, 0.0, lambda _: craft.feathered_area, lambda _: 0.0)
    t, state = rows.fly(feathered, t, state, LONGEST, until=lambda y: y[HEIGHT] - craft.unfeather_altitude)
    gliding = t
    down = rows.glide(craft, t, state, release.runway)
    named = (
        ("release", 0.0),
        ("ignition", lit),
        ("climb angle reached", steep),
        ("burn-out", out),
        ("apogee", top),
        ("glide", gliding),
        ("touchdown", down),
    )
    events = tuple(Event(name, time, craft.name) for name, time in named)
    return rows.flight(events)


class _Rows:
    """What has been flown so far."""

    def __init__(self) -> None:
        self.t: list[float] = []
        self.state: list[np.ndarray] = []
        self.mach: list[float] = []
        self.load: list[float] = []

    def fly(
        self, part: Part, t0: float, start: np.ndarray, span: float, until: Callable[[np.ndarray], float] | None = None
    ) -> tuple[float, np.ndarray]:
        """One part from `t0`, for `span` s or until `until` falls through zero: when it ends, and the state then."""

        def ends(_: float, y: np.ndarray) -> float:
            return until(y) if until else 1.0

        ends.terminal, ends.direction = True, -1.0  # type: ignore[attr-defined]  # as scipy asks for them
        found = solve_ivp(
            lambda _, y: _rates(part, y),
            (t0, t0 + span),
            start,
            method="DOP853",
            rtol=TOLERANCE,
            atol=ABSOLUTE,
            max_step=LONGEST_STEP,
            dense_output=True,
            events=ends,
        )
        if not found.success:
            raise Failure(f"the integration stopped {found.t[-1]:.1f} s after the release: {found.message}")
        end = float(found.t[-1])
        times = np.append(np.arange(t0, end - 1e-9, STEP), end)
        for t, y in zip(times, found.sol(times).T, strict=True):
            self.t.append(float(t))
            self.state.append(y)
            drag, lift, mach = _forces(part, y)
            self.mach.append(mach)
            self.load.append(math.hypot((part.thrust - drag) / y[MASS], lift) / G0)
        return end, np.asarray(found.y[:, -1])

    def glide(self, craft: RocketPlane, t0: float, start: np.ndarray, ground: float) -> float:
        """The glide to the runway, which begins at the speed of the glide: when it ends."""
        times, heights, speeds = _glide(craft, float(start[HEIGHT]), ground)
        angle = -math.atan(1.0 / craft.lift_to_drag)
        over_ground = float(start[RANGE]) + craft.lift_to_drag * (heights[0] - heights)
        for t, height, speed, gone in zip(times[1:], heights[1:], speeds[1:], over_ground[1:], strict=True):
            self.t.append(t0 + float(t))
            self.state.append(np.array([height, speed, angle, gone, start[MASS]]))
            self.mach.append(float(speed / us76(float(height))[3]))
            self.load.append(1.0)
        return self.t[-1]

    def flight(self, events: tuple[Event, ...]) -> SuborbitalFlight:
        columns = np.array(self.t), np.array(self.state), np.array(self.mach), np.array(self.load)
        return SuborbitalFlight(*columns, events)


def _forces(part: Part, y: np.ndarray) -> tuple[float, float, float]:
    """Drag N, acceleration of the lift m/s2, and the Mach number."""
    density, _, _, sound = us76(max(float(y[HEIGHT]), 0.0))
    mach = float(y[SPEED] / sound)
    return 0.5 * density * float(y[SPEED]) ** 2 * part.area(mach), part.lift(y) * G0, mach


def _rates(part: Part, y: np.ndarray) -> tuple[float, ...]:
    """d/dt of the state: eq 2.17 to 2.19 there, the thrust along the path."""
    height, speed, angle, _, mass = (float(value) for value in y)
    drag, lift, _ = _forces(part, y)
    radius = EARTH_RADIUS + height
    gravity = MU_EARTH / radius**2
    return (
        speed * math.sin(angle),
        (part.thrust - drag) / mass - gravity * math.sin(angle),
        lift / speed - (gravity / speed - speed / radius) * math.cos(angle),
        speed * math.cos(angle) * EARTH_RADIUS / radius,
        -part.flow,
    )


def _climb_rate(y: np.ndarray) -> float:
    return float(y[ANGLE])


def _held(y: np.ndarray) -> float:
    """The load factor that keeps the flight-path angle."""
    radius = EARTH_RADIUS + float(y[HEIGHT])
    return float((MU_EARTH / radius**2 - y[SPEED] ** 2 / radius) * math.cos(y[ANGLE]) / G0)


def _glide(craft: RocketPlane, top: float, ground: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """s, height m and true air speed m/s of a steady glide from the height `top` down to `ground`: the sink rate is the
    true air speed over the ratio of lift to drag."""
    heights = np.linspace(top, ground, GLIDE_ROWS)
    density = np.array([us76(height)[0] for height in heights])
    speed = craft.glide_speed * np.sqrt(us76(0.0)[0] / density)
    slowness = craft.lift_to_drag / speed
    steps = 0.5 * (slowness[1:] + slowness[:-1]) * -np.diff(heights)
    return np.concatenate([[0.0], np.cumsum(steps)]), heights, speed
