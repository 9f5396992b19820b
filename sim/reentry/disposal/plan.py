"""The plan of a disposal: the burns that lower the orbit, and the time of the last one.

All burns push against the flight (LVLH, -x) with the thrust there is, flown through the full model with air. Lowerings
are centred on one argument of latitude, the last burn near it: so the apogee lies where the last burn begins to lead to
the target. What the target's longitude asks for is found by looking at each revolution of the last orbit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import G0, MU_EARTH, R_EQUATOR
from sim.ascent.range_safety.impact import fall as fall_of_piece
from sim.ascent.range_safety.parts import offset as offset_of
from sim.core.flight import Failure
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly, osculating_plane
from sim.reentry.disposal.parts import Burner, Choice, Disposal, DisposalPlan, Lowering, PlannedBurn
from sim.reentry.fall import interface

LEAD = 120.0  # s before a burn begins
ON_APSIS = 50.0  # m, to which a lowering is sized
SIZED = 1e-3  # m/s, the least of a burn
SLOPE = 3400.0  # m of the opposite apsis for 1 m/s, where sizing begins
TURNED = 160.0  # deg from the last burn to where the pieces fall, for the first try
ASIDE = 30.0  # s: where the best place for the last burn is farther than this from its apogee, the lowering moves
SHARE = 0.64  # of it: what the last burn moves, and the way down with its apogee, measured
TRIES = 6
LATEST = 2  # revolutions of the last orbit before that of the last burn: more of them are waited for on the one before
TOO_LOW = 110e3  # m over the equatorial radius: an orbit that comes so low before its last burn is over


@dataclass(frozen=True)
class _Aimed:
    """A last burn and what it leads to: place and time of the break-up, and the miss (north, east) m of the target."""

    burn: PlannedBurn
    end: float
    latitude: float
    longitude: float
    miss: np.ndarray

    @property
    def offset(self) -> float:
        return float(np.linalg.norm(self.miss))


def plan(disposal: Disposal, state: State, world: World) -> DisposalPlan:
    """From a state at 0 s; Failure where the orbit falls before, or where a burner lacks propellant."""
    target = disposal.target[0]
    inclination = float(osculating_plane(0.0, state.r, state.v, world)[0][0])
    if abs(math.sin(target)) > math.sin(inclination):
        raise Failure(f"the orbit, of {math.degrees(inclination):.2f} deg, never passes {math.degrees(target):.2f} deg")
    place = _along(target, disposal.descending, inclination) - math.radians(TURNED)
    t, burns = 0.0, list[PlannedBurn]()
    for lowering in disposal.lowerings[:-1]:
        state, t, made = _lowered(lowering, state, t, place, world)
        burns += made
    last, waits = disposal.lowerings[-1], 0
    for _ in range(TRIES):
        period = 2.0 * math.pi * math.sqrt(float(np.linalg.norm(state.r)) ** 3 / MU_EARTH)
        later, then, made = _lowered(replace(last, hold=last.hold + waits * period), state, t, place, world)
        choices, best, aside = _last(disposal, later, then, place, world)
        nth = next(k for k, choice in enumerate(choices) if choice.chosen)
        if nth > LATEST:  # better to wait where the air is thinner
            waits += nth - 1
            continue
        if abs(aside) < ASIDE:
            break
        place += SHARE * aside * math.sqrt(MU_EARTH / float(np.linalg.norm(later.r)) ** 3)
    found = DisposalPlan(disposal, (*burns, *made, best.burn), choices, best.end)
    _refuse_without_propellant(found)
    return found


def _refuse_without_propellant(found: DisposalPlan) -> None:
    for burner in {burn.burner.name: burn.burner for burn in found.burns}.values():
        burnt = sum(burn.propellant for burn in found.burns if burn.burner == burner)
        if burnt > burner.usable:
            raise Failure(f"{burner.name} has {burner.usable:.0f} kg of propellant; its burns take {burnt:.0f} kg")


# ---- lowerings


@dataclass(frozen=True)
class _Aim:
    """An apsis to be lowered to `height`, m over the equatorial radius, by burns at `place` rad of latitude argument;
    `other`: the perigee that is there, where it is the apogee."""

    place: float
    height: float
    other: float | None = None

    def above(self, extremes: tuple[float, float]) -> float:
        """How far it is still above, m. The apogee by the sum of both: on a near-circle the highest point may lie
        anywhere, and a burn that looks for it alone would lower the perigee instead."""
        return extremes[0] - self.height if self.other is None else sum(extremes) - self.other - self.height


def _lowered(
    lowering: Lowering, state: State, t: float, place: float, world: World
) -> tuple[State, float, list[PlannedBurn]]:
    """The state after a lowering, with its burns: first the perigee at `place` rad of latitude argument, then the
    apogee half a revolution away."""
    if lowering.hold > 0.0:
        path = fly(state, t, t + lowering.hold, world)
        state, t = end_state(state, path), path.end
    burns = list[PlannedBurn]()
    for aim in (_Aim(place, lowering.perigee), _Aim(place + math.pi, lowering.apogee, lowering.perigee)):
        name = f"{'perigee' if aim.other is None else 'apogee'} to {aim.height / 1e3:.0f} km"
        for _ in range(40):
            found = _one_burn(lowering.burner, state, t, aim, name, world)
            if found is None:
                break
            state, t, burn, whole = found
            burns.append(burn)
            if whole:
                break
    return state, t, burns


def _one_burn(
    burner: Burner, state: State, t: float, aim: _Aim, name: str, world: World
) -> tuple[State, float, PlannedBurn, bool] | None:
    """The next burn toward an apsis, and whether it reaches it; None where the orbit is as low already."""
    if aim.above(_extremes(state, t, world)) < ON_APSIS:
        return None
    before, middle = _next(state, t, aim.place, world, LEAD + 0.5 * burner.longest)
    r, v, _ = (x[0] for x in before.at(middle))
    radius = float(np.linalg.norm(r))
    after_it = math.sqrt(2.0 * MU_EARTH * (1.0 / radius - 1.0 / (radius + R_EQUATOR + aim.height)))
    required = float(np.linalg.norm(v)) - after_it
    parts = max(1, math.ceil(_duration(burner, state.mass, max(required, SIZED)) / burner.longest - 0.02))

    def after(size: float) -> tuple[State, float]:
        length = _duration(burner, state.mass, size)
        path = fly(state, t, middle + 0.5 * length, world, np.array([[middle, -size, 0.0, 0.0]]), burner.engine)
        return end_state(state, path), path.end

    size = required / parts
    if parts == 1:
        slope = _Secant()
        for _ in range(6):
            miss = aim.above(_extremes(*after(size), world))
            if abs(miss) < ON_APSIS:
                break
            size += slope.step(size, miss, SLOPE)
    # Near a circle it takes more than the guess by the opposite apsis.
    if parts == 1 and _duration(burner, state.mass, size) > 1.02 * burner.longest:
        parts, size = 2, 0.5 * size
    end, then = after(size)
    leaves = _extremes(end, then, world)
    return end, then, _planned(name, burner, state, middle, size, leaves), parts == 1


class _Secant:
    """Steps of the secant, the first by a guessed slope."""

    def __init__(self) -> None:
        self.last: tuple[float, float] | None = None

    def step(self, x: float, y: float, slope: float) -> float:
        """What to add to `x`, where the function is `y` and falls with x, by `slope` a unit for the first time."""
        taken = -slope
        if self.last and self.last[0] != x and self.last[1] != y:
            taken = (y - self.last[1]) / (x - self.last[0])
        self.last = x, y
        return -y / taken


def _extremes(state: State, t: float, world: World) -> tuple[float, float]:
    """Lowest and highest point of the next revolution, m over the equatorial radius."""
    a = 1.0 / (2.0 / float(np.linalg.norm(state.r)) - float(state.v @ state.v) / MU_EARTH)
    path = fly(state, t, t + 2.0 * math.pi * math.sqrt(a**3 / MU_EARTH), world)
    times = np.linspace(path.start, path.end, 400)  # 14 s: flat to 1 m at an apsis
    heights = np.linalg.norm(path.at(times)[0], axis=1) - R_EQUATOR
    return float(heights.min()), float(heights.max())


def _next(state: State, t: float, at: float, world: World, lead: float) -> tuple[Trajectory, float]:
    """The coast until the orbit has passed an argument of latitude, at least `lead` s from now; and when it does."""
    period = 2.0 * math.pi * math.sqrt(float(np.linalg.norm(state.r)) ** 3 / MU_EARTH)
    path = fly(state, t, t + lead + 1.1 * period, world)
    times = np.linspace(t + lead, path.end, 600)
    r, v, _ = path.at(times)
    u = np.unwrap(osculating_plane(t, r, v, world)[2])
    ahead = (at - u[0]) % (2.0 * math.pi)
    return path, float(np.interp(u[0] + ahead, u, times))


def _duration(burner: Burner, mass: float, size: float) -> float:
    return mass * (1.0 - math.exp(-size / (burner.engine.isp * G0))) * burner.engine.isp * G0 / burner.engine.thrust


def _planned(
    name: str, burner: Burner, state: State, middle: float, size: float, leaves: tuple[float, float]
) -> PlannedBurn:
    length = _duration(burner, state.mass, size)
    burnt = burner.engine.thrust / (burner.engine.isp * G0) * length
    return PlannedBurn(name, burner, middle - 0.5 * length, length, size, burnt, leaves)


# ---- the last burn


def _last(
    disposal: Disposal, state: State, t: float, place: float, world: World
) -> tuple[tuple[Choice, ...], _Aimed, float]:
    """The last burn on the revolution that comes nearest to the target, every one looked at; and by how many s it had
    to move along its orbit from `place`."""
    looked: list[tuple[State, float, float, _Aimed]] = []
    lead = LEAD + 0.5 * _duration(disposal.burner, state.mass, 60.0)
    for _ in range(disposal.revolutions):
        path, middle = _next(state, t, place, world, lead)
        if _lowest(path) < TOO_LOW:
            break
        aimed = _aimed(disposal, state, t, middle, world)
        looked.append((state, t, middle, aimed))
        after = path.until(middle)
        state, t = end_state(state, after), after.end
        lead = 0.5 * 5000.0
    if not looked:
        raise Failure(f"the orbit comes below {TOO_LOW / 1e3:.0f} km before the last burn")
    # The time of the burn moves the pieces along their track, to the latitude of the target; what is left is the
    # distance in longitude, half of that of two tracks at most.
    inclination = float(osculating_plane(t, state.r, state.v, world)[0][0])
    goal = _along(disposal.target[0], disposal.descending, inclination)
    state, t, middle, best = min(looked, key=lambda one: one[3].offset)
    first = middle
    for _ in range(4):
        other = _aimed(disposal, state, t, middle + 10.0, world)
        here = _along(best.latitude, other.latitude < best.latitude, inclination)
        shift = math.remainder(goal - here, 2.0 * math.pi) / math.sqrt(MU_EARTH / float(np.linalg.norm(state.r)) ** 3)
        middle += float(np.clip(shift, -600.0, 600.0))
        best = _aimed(disposal, state, t, middle, world)
        if abs(shift) < 0.1:
            break
    at = first
    choices = tuple(
        Choice(one[2], math.degrees(one[3].latitude), math.degrees(one[3].longitude), one[3].offset / 1e3, one[2] == at)
        for one in looked
    )
    return choices, best, middle - first


def _along(latitude: float, descending: bool, inclination: float) -> float:
    """The argument of latitude of a place under the orbit, rad."""
    over = math.asin(max(-1.0, min(1.0, math.sin(latitude) / math.sin(inclination))))
    return math.pi - over if descending else over


def _lowest(path: Trajectory) -> float:
    return float(np.linalg.norm(path.r, axis=1).min()) - R_EQUATOR


def _aimed(disposal: Disposal, state: State, t: float, middle: float, world: World) -> _Aimed:
    """The last burn about a time, sized for its perigee, and where the aimed pieces fall."""
    burner = disposal.burner
    size, slope, perigee, apogee = 28.0, _Secant(), 0.0, 0.0
    end, then = state, t
    for _ in range(8):
        length = _duration(burner, state.mass, size)
        path = fly(state, t, middle + 0.5 * length, world, np.array([[middle, -size, 0.0, 0.0]]), burner.engine)
        end, then = end_state(state, path), path.end
        perigee, apogee = _osculating(end)
        if abs(perigee - disposal.perigee) < ON_APSIS:
            break
        size += slope.step(size, perigee - disposal.perigee, SLOPE)
    r, v, broken = interface(end, then, disposal.breakup, world, None)
    result, _ = fall_of_piece(disposal.middle, broken, r, v, disposal.middle.cda, world)
    latitude, longitude = float(result[1]), float(result[2])
    miss = np.array(offset_of(latitude, longitude, *disposal.target))
    burn = _planned(f"perigee to {disposal.perigee / 1e3:.0f} km", burner, state, middle, size, (perigee, apogee))
    return _Aimed(burn, broken, latitude, longitude, miss)


def _osculating(state: State) -> tuple[float, float]:
    """Perigee and apogee, m over the equatorial radius."""
    r = float(np.linalg.norm(state.r))
    a = 1.0 / (2.0 / r - float(state.v @ state.v) / MU_EARTH)
    h = float(np.linalg.norm(np.cross(state.r, state.v)))
    e = math.sqrt(max(0.0, 1.0 - h * h / (MU_EARTH * a)))
    return a * (1.0 - e) - R_EQUATOR, a * (1.0 + e) - R_EQUATOR


def two_impulses(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Size, m/s, of the impulses that lower an orbit `start` to `end` (perigee, apogee, m over the equatorial radius),
    about a round Earth without air: the perigee's at the apogee, then the apogee's at the new perigee."""

    def speed(at: float, other: float) -> float:
        r, o = R_EQUATOR + at, R_EQUATOR + other
        return math.sqrt(2.0 * MU_EARTH * (1.0 / r - 1.0 / (r + o)))

    (perigee, apogee), (low, high) = start, end
    first = speed(apogee, perigee) - speed(apogee, low)
    return abs(first) + abs(speed(low, apogee) - speed(low, high))
