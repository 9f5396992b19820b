"""Aborts of an ascent at any time: the mode that applies, the largest load on the crew, and the landing position.

Motors carry the crew off while they are aboard; later the ship separates and may burn its propellant forward or
backward to reach a recovery area; still later it reaches orbit. Every fall is flown by the kernel of the entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from kernels.ascent.abort import (
    ENTRY_LOAD,
    LATITUDE,
    LONGITUDE,
    PEAK_LOAD,
    PUSH_LOAD,
    RESULT_COLUMNS,
    AbortDescent,
    EscapeBurn,
    fly_abort,
    reached,
)
from kernels.constants import G0, MU_EARTH, R_EQUATOR
from kernels.orbit.forces import acceleration, scratch
from kernels.orbit.kepler import state_to_elements
from kernels.records import Capsule, make
from sim.ascent.range_safety.once_around import once_around
from sim.ascent.range_safety.parts import Area, Escape, Motors, Study, distance
from sim.core.ascent_record import AbortHistory
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Ship
from sim.environment.world import World

EVERY = 10.0  # s between two abort times
AT_REST = 1.0e-3  # m/s
BEFORE_EDGE = 1.0e-3  # s: before the end of a mode its last abort time
SHARES = np.linspace(-1.0, 1.0, 7)  # of the usable propellant, backward to forward, that the search tries
SEARCH_STEP, STEP = 4.0, 2.0  # s, of the entry
FINE = np.linspace(-1.0, 1.0, 801)
MARGIN = 16  # of FINE: how far inside an area the landing is aimed

SEPARATION, ONCE_AROUND, TO_ORBIT = "separation", "once around", "to orbit"


@dataclass(frozen=True)
class Abort:
    """One abort: `load` g, the largest of all (of `push` alone while engines burn); landing position rad, where any.

    `ballistic` and its position: the same without lift. `area`: the number of the recovery area, or -1. `delta_v` m/s
    by the ship, forward positive.
    """

    t: float
    mode: str
    load: float = math.nan
    push: float = 0.0
    position: tuple[float, float] = (math.nan, math.nan)
    ballistic: float = math.nan
    ballistic_position: tuple[float, float] = (math.nan, math.nan)
    area: int = -1
    delta_v: float = 0.0


@dataclass(frozen=True)
class AbortSetup:
    """Inputs of an abort: the study, the ship, the flight so far, and the launch plane's normal."""

    study: Study
    ship: Ship
    path: Trajectory
    normal: np.ndarray
    edges: dict[str, float]  # s after the zero, by event
    world: World
    work: object = field(default_factory=scratch)

    @property
    def escape(self) -> Escape:
        assert self.study.escape is not None  # `studied` flies no aborts where there is no escape
        return self.study.escape


def abort_times(setup: AbortSetup) -> list[tuple[float, Motors | None]]:
    """Every `EVERY` s and at both sides of the edges of the modes, each with the motors of its mode."""
    found, start = [], setup.path.start
    for motors in setup.escape.motors:
        end = setup.edges.get(motors.until)
        if end is None:
            continue
        found += [(t, motors) for t in np.append(np.arange(start, end - BEFORE_EDGE, EVERY), end - BEFORE_EDGE)]
        start = end
    if start == setup.path.start:  # without motors of its own: a ship cannot leave a rocket on the pad by itself
        start += EVERY
    return found + [(t, None) for t in np.append(np.arange(start, setup.path.end, EVERY), setup.path.end)]


def abort(t: float, motors: Motors | None, setup: AbortSetup) -> Abort:
    """The escape that applies at `t`."""
    if motors is not None:
        return _by_motors(t, motors, setup)
    r, v = (x[0] for x in setup.path.at(t)[:2])
    escape, ship = setup.escape, setup.ship
    capacity = escape.isp * G0 * math.log(ship.mass / (ship.mass - escape.usable))
    if np.linalg.norm(needed(r, v, R_EQUATOR + escape.orbit_perigee)) + escape.deorbit <= capacity:
        burn = float(np.linalg.norm(needed(r, v, R_EQUATOR + escape.orbit_perigee)))
        return Abort(t, TO_ORBIT, load=escape.thrust / (ship.mass * G0), delta_v=burn)
    change = needed(r, v, R_EQUATOR + escape.once_perigee)
    landing_area = next((area for area in setup.study.areas if area.once_around), None)
    if (burn := float(np.linalg.norm(change))) < capacity and landing_area is not None:
        down = min(capacity - burn, escape.deorbit)
        end = once_around(t, r, v + change, down, escape, ship, landing_area.middle(), setup.world)
        if end is not None:
            load, position = end
            return Abort(
                t,
                ONCE_AROUND,
                load=load,
                position=position,
                area=_area(setup.study.areas, *position),
                delta_v=burn,
            )
    return _by_ship(t, r, v, setup)


def needed(r: np.ndarray, v: np.ndarray, perigee: float) -> np.ndarray:
    """Change of velocity (3,) m/s at r that makes it horizontal, with the other apsis at `perigee` m from the centre.

    Zero where the orbit stays above that perigee by itself. An impulse: the loss of a finite burn while the ship
    sinks is neglected.
    """
    a, e = state_to_elements(r, v, MU_EARTH)[:2]
    if a * (1.0 - e) >= perigee:
        return np.zeros(3)
    size = float(np.linalg.norm(r))
    up = r / size
    flat = v - (v @ up) * up
    return math.sqrt(2.0 * MU_EARTH * (1.0 / size - 1.0 / (size + perigee))) * flat / np.linalg.norm(flat) - v


def _by_motors(t: float, motors: Motors, setup: AbortSetup) -> Abort:
    escape, r, v = setup.escape, *(x[0] for x in setup.path.at(t)[:2])
    axis = thrust_axis(t, setup)
    ahead = np.cross(setup.normal, r / np.linalg.norm(r))
    side = ahead - (ahead @ axis) * axis
    aim = math.cos(motors.tilt) * axis + math.sin(motors.tilt) * side / np.linalg.norm(side)
    body = make(Capsule, cda=escape.cda, cla=0.0, nose=1.0, bank_rate=1.0)
    v = v + AT_REST * aim  # on the pad the air stands still, and drag has no direction

    def fly(capsule: Capsule) -> np.ndarray:
        force = motors.acceleration * escape.mass
        burn = make(EscapeBurn, force=force, flow=0.0, direction=aim, duration=motors.burn)
        return _flown(t, r, v, escape.mass, burn, body, capsule, STEP, setup)

    return _abort(t, motors.name, fly, setup)


def _by_ship(t: float, r: np.ndarray, v: np.ndarray, setup: AbortSetup) -> Abort:
    """The ship separates and burns the minimum, forward or backward, that brings it into a recovery area."""
    escape, ship = setup.escape, setup.ship
    flow = escape.thrust / (escape.isp * G0)
    body = make(Capsule, cda=ship.cda, cla=0.0, nose=1.0, bank_rate=1.0)
    forward = v / np.linalg.norm(v)

    def fly(share: float, capsule: Capsule, step: float = STEP) -> np.ndarray:
        aim = math.copysign(1.0, share) * forward
        duration = abs(share) * escape.usable / flow
        burn = make(EscapeBurn, force=escape.thrust, flow=flow, direction=aim, duration=duration)
        return _flown(t, r, v, ship.mass, burn, body, capsule, step, setup)

    found = _abort(t, SEPARATION, lambda capsule: fly(0.0, capsule), setup)
    if found.area >= 0 or not setup.study.areas:
        return found
    ends = np.array([fly(s, ship.hypersonic_lander, SEARCH_STEP) for s in SHARES])
    share = smallest_share(ends[:, LATITUDE], ends[:, LONGITUDE], setup.study.areas)
    if not share:
        return found
    delta_v = math.copysign(escape.isp * G0 * math.log(ship.mass / (ship.mass - abs(share) * escape.usable)), share)
    found = _abort(t, SEPARATION, lambda capsule: fly(share, capsule), setup)
    return replace(found, delta_v=delta_v)


def smallest_share(latitude: np.ndarray, longitude: np.ndarray, areas: tuple[Area, ...]) -> float:
    """The smallest share of the propellant, by size, whose landing lies in an area; 0 where none does.

    latitude, longitude: rad, of the landings of `SHARES`, NaN where there was none. Between them they are smooth: a
    polynomial through all.
    """
    landed = np.isfinite(latitude)
    if landed.sum() < 3:
        return 0.0
    shares, degree = SHARES[landed], int(landed.sum()) - 1
    fine = tuple(np.polyval(np.polyfit(shares, x[landed], degree), FINE) for x in (latitude, longitude))
    inside = np.any([area.holds(*fine) for area in areas], axis=0)
    inside &= (shares[0] <= FINE) & (shares[-1] >= FINE)
    good = np.flatnonzero(np.convolve(inside, np.ones(2 * MARGIN + 1), "same") > 2 * MARGIN)
    if good.size == 0:
        return 0.0
    return float(FINE[good[np.argmin(np.abs(FINE[good]))]])


def _flown(t, r, v, mass, burn: EscapeBurn, body: Capsule, capsule: Capsule, step, setup: AbortSetup) -> np.ndarray:
    escape, ship, result = setup.escape, setup.ship, np.zeros(RESULT_COLUMNS)
    descent = make(
        AbortDescent,
        gate=escape.release,
        mass=ship.return_module,
        capsule=capsule,
        bank=escape.bank,
        opening_altitude=ship.opening_altitude,
        step=step,
    )
    y = np.concatenate([r, v])
    status = fly_abort(t, y, mass, burn, body, descent, setup.world.coarse, setup.work, result)
    if not reached(status):
        result[[LATITUDE, LONGITUDE]] = math.nan
    return result


def _abort(t: float, mode: str, fly, setup: AbortSetup) -> Abort:
    lifting, ballistic = fly(setup.ship.hypersonic_lander), fly(setup.ship.hypersonic_lander._replace(cla=0.0))
    position = float(lifting[LATITUDE]), float(lifting[LONGITUDE])
    return Abort(
        t=t,
        mode=mode,
        load=float(lifting[PEAK_LOAD]),
        push=float(lifting[PUSH_LOAD]),
        position=position,
        ballistic=float(ballistic[ENTRY_LOAD]),
        ballistic_position=(float(ballistic[LATITUDE]), float(ballistic[LONGITUDE])),
        area=_area(setup.study.areas, *position),
    )


def _area(areas: tuple[Area, ...], latitude: float, longitude: float) -> int:
    return next((i for i, area in enumerate(areas) if area.holds(latitude, longitude)), -1)


def thrust_axis(t: float, setup: AbortSetup) -> np.ndarray:
    """The rocket's axis (3,): along the specific force, the acceleration less gravity."""
    path = setup.path
    i = min(int(np.searchsorted(path.t, t, side="right")) - 1, len(path.t) - 2)
    pull = np.empty(3)
    acceleration(path.t[i], path.r[i], path.v[i], setup.world.forces._replace(drag=0), 0.0, setup.work, pull)
    specific_force = path.a[i] - pull
    return specific_force / np.linalg.norm(specific_force)


def abort_study(setup: AbortSetup, site: Site) -> tuple[AbortHistory, list[str]]:
    """The columns of all abort times, and the modes' names, which the column `mode` counts."""
    found = [abort(t, motors, setup) for t, motors in abort_times(setup)]
    names = list(dict.fromkeys(a.mode for a in found))
    latitude, longitude = (np.array([a.position[i] for a in found]) for i in (0, 1))
    history = AbortHistory(
        t_s=np.array([a.t for a in found]),
        mode=np.array([names.index(a.mode) for a in found]),
        load_g=np.array([a.load for a in found]),
        escape_load_g=np.array([a.push for a in found]),
        ballistic_load_g=np.array([a.ballistic for a in found]),
        latitude_deg=np.degrees(latitude),
        longitude_deg=np.degrees(longitude),
        ballistic_latitude_deg=np.degrees([a.ballistic_position[0] for a in found]),
        ballistic_longitude_deg=np.degrees([a.ballistic_position[1] for a in found]),
        downrange_km=1e-3 * distance(site.latitude, site.longitude, latitude, longitude),
        delta_v_m_s=np.array([a.delta_v for a in found]),
        area=np.array([a.area for a in found]),
    )
    return history, names
