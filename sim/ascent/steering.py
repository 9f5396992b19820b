"""From a pad toward a plane: one flight of a launcher, the steering of maximum propellant left, its pitch programme.

The best flight is found with a gravity turn, whose thrust follows the flow. By itself a gravity turn is unstable:
one per cent less thrust brings the end of the first stage 14 km lower and misses orbit. So the turn that was found is
written down as an angle against speed through the air, and that programme is flown, by the nominal rocket and by every
other; then one per cent moves that point by 0.2 km.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.ascent.ascent import IN_ORBIT, OUT_OF_PROPELLANT, ascent_log, fly_ascent
from kernels.ascent.steering import PROGRAMME, local_up
from kernels.ascent.upfg import CutoffTarget
from kernels.constants import MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.records import Forces, Launcher, make
from sim.core.ground_site import Site
from sim.core.minimum import simplex
from sim.environment.world import KnownWorld, World

STEP = 0.25  # s
MAX_NODES = 12_000  # nodes
ROWS = 200  # of the programme
SMALL_KICKS, LARGE_KICKS = (
    np.arange(0.3, 1.21, 0.1),
    np.arange(1.3, 4.01, 0.1),
)  # deg; large ones where no small one does
MISSED = 1.0e4  # what no flight that reaches orbit costs
EARTH_TURN_DEG = 3.5  # what the Earth's turn adds to the inertial azimuth, about: the search begins there


@dataclass(frozen=True)
class AscentTarget:
    """Lift-off at `t0` s from a pad at `r0`, `v0` (3,) into the plane of `normal` (3,).

    At cut-off: `radius` m, `speed` m/s, and `climb` rad, the flight path angle.
    """

    t0: float
    r0: np.ndarray
    v0: np.ndarray
    normal: np.ndarray
    radius: float
    speed: float
    climb: float = 0.0


@dataclass(frozen=True)
class AscentSteering:
    """`kick`, `azimuth` rad; `programme` (n, 2): speed through the air m/s, angle of thrust from the vertical rad.

    `flights`: how many were flown to find it.
    """

    kick: float
    azimuth: float
    programme: np.ndarray
    flights: int


@dataclass(frozen=True)
class FlownAscent:
    """One flight of the kernel: status, histories, edges (`marks`), propellant left kg and delta-v to go m/s."""

    status: int
    propellant_left: float
    delta_v_to_go: float
    nodes: np.ndarray
    extras: np.ndarray
    marks: np.ndarray


def target(t0: float, site: Site, normal: np.ndarray, perigee: float, apogee: float, world: World) -> AscentTarget:
    """Cut-off at the perigee of an orbit of `perigee` x `apogee` m over the equator's radius."""
    r0, v0 = world.site_eci(site, t0)
    low, high = R_EQUATOR + perigee, R_EQUATOR + apogee
    speed = math.sqrt(2.0 * MU_EARTH * (1.0 / low - 1.0 / (low + high)))
    return AscentTarget(t0=t0, r0=r0, v0=v0, normal=np.ascontiguousarray(normal, dtype=float), radius=low, speed=speed)


def flown(
    record: Launcher, aim: AscentTarget, kick: float, azimuth: float, forces: Forces, step: float = STEP
) -> FlownAscent:
    """One flight of the kernel; `forces` with drag switched off."""
    log = ascent_log(record, MAX_NODES)
    cutoff = make(CutoffTarget, normal=aim.normal, radius=aim.radius, speed=aim.speed, climb=aim.climb)
    status, count, propellant_left, delta_v_to_go = fly_ascent(
        aim.t0, aim.r0, aim.v0, kick, azimuth, cutoff, record, forces, step, log
    )
    return FlownAscent(
        status=status,
        propellant_left=propellant_left,
        delta_v_to_go=delta_v_to_go,
        nodes=log.nodes[:count],
        extras=log.extras[:count],
        marks=log.marks,
    )


def steered(
    record: Launcher, aim: AscentTarget, steering: AscentSteering, forces: Forces, step: float = STEP
) -> FlownAscent:
    """One flight by a programme; by the gravity turn itself where there is none."""
    on_programme = record._replace(law=PROGRAMME, programme=steering.programme) if len(steering.programme) else record
    return flown(on_programme, aim, steering.kick, steering.azimuth, forces, step)


def solve(record: Launcher, aim: AscentTarget, azimuth: float, world: KnownWorld, step: float = STEP) -> AscentSteering:
    """The steering of maximum propellant left; `azimuth` rad, the inertial one, is where the search begins.

    The maximum is smooth but narrow in the kick, so the kick is scanned first and both are then refined. Where no
    flight reaches orbit, the one that came nearest is returned, whose flight shows the reason.
    """
    forces = world.forces._replace(drag=0)
    flights = 0

    def cost(x: np.ndarray) -> float:
        nonlocal flights
        flights += 1
        end = flown(record, aim, math.radians(x[0]), math.radians(x[1]), forces, step)
        if end.status == IN_ORBIT:
            return -end.propellant_left
        # Where orbit is not reached the delta-v to go leads the search back.
        return MISSED + 10.0 * end.delta_v_to_go if end.status == OUT_OF_PROPELLANT else 1.0e6

    first = math.degrees(azimuth) + EARTH_TURN_DEG
    scan = [(cost(np.array([k, first])), k) for k in SMALL_KICKS]
    if min(scan)[0] >= MISSED:
        scan += [(cost(np.array([k, first])), k) for k in LARGE_KICKS]
    start = min(scan)[1]
    corners = np.array([[start, first], [start + 0.05, first], [start, first + 1.5]])
    kick, azimuth = map(math.radians, simplex(cost, corners, within=2e-3, cost_within=0.5, evaluations=60))
    best = flown(record, aim, kick, azimuth, forces, step)
    turn = np.zeros((0, 2))
    if best.marks[record.guided - 1, 0] > 0.0:  # the first stage was flown to its end
        end = aim.t0 + best.marks[record.guided - 1, 0]
        turn = programme(best.nodes, aim.t0 + record.kick_end, end, world)
    return AscentSteering(kick, azimuth, turn, flights)


def programme(nodes: np.ndarray, start: float, end: float, world: KnownWorld) -> np.ndarray:
    """The turn that was flown from `start` to `end` s as a programme (ROWS, 2); nodes (n, 11) of the kernel.

    Angle of the velocity through still air from the ellipsoid's normal, which is where a gravity turn points.
    """
    rows = nodes[(nodes[:, 0] >= start - 1e-9) & (nodes[:, 0] <= end + 1e-9)]
    flow = rows[:, 4:7] - np.cross(OMEGA_EARTH * world.true_of_date(start)[2], rows[:, 1:4])
    speed = np.linalg.norm(flow, axis=1)
    up = np.empty((len(rows), 3))
    for r, out in zip(rows[:, 1:4], up, strict=True):
        local_up(r, world.true_of_date(start)[2], out)
    angle = np.arccos(np.clip(np.einsum("ij,ij->i", flow, up) / speed, -1.0, 1.0))
    rising = np.flatnonzero(speed > np.maximum.accumulate(np.concatenate([[0.0], speed[:-1]])))
    speeds = np.linspace(speed[rising[0]], speed[rising[-1]], ROWS)
    return np.column_stack([speeds, np.interp(speeds, speed[rising], angle[rising])])
