"""The second of lift-off that leaves most propellant: ascents toward a station's plane from other angles out of it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Protocol

import numpy as np

from kernels.ascent.ascent import IN_ORBIT
from sim.ascent.steering import EARTH_TURN_DEG, AscentSteering, AscentTarget, solve, steered
from sim.core import curves, minimum
from sim.core.scene import KnownState
from sim.core.trajectory import Trajectory
from sim.core.vehicle import LaunchVehicle, Ship
from sim.environment.world import KnownWorld, World
from sim.orbit.plane_crossing import PlaneCrossing
from sim.orbit.propagate import fly

STEP = 1.0  # s; what is left differs by 0.1 kg from the mission's step of 0.25 s
AHEAD = 7200.0  # s of the station's path that an aim looks at
SAMPLES = np.radians([-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.7, 1.0])  # out of plane, where azimuths are solved
WIDER, WIDEST = math.radians(0.4), math.radians(4.0)  # and beyond them, where more is left there
NEAR_AZIMUTH = math.radians(6.0)  # about the last azimuth, where the next is searched
AT_EDGE = math.radians(0.5)  # so near the end of the searched range, the best may lie beyond it


class Aims(Protocol):
    """What is asked of a mission's ascent: its rocket, its ship, and where a lift-off at `t0` s is aimed."""

    @property
    def launcher(self) -> LaunchVehicle: ...

    @property
    def ship(self) -> Ship: ...

    def aim_at(self, t0: float, station: Trajectory, world: World) -> AscentTarget: ...


class Ascents:
    """The mission's ascent toward the station's plane on one path, flown again and again; counts its flights.

    Built like the mission's own phase, from the same rocket and ship, with the same aim.
    """

    def __init__(self, ascent: Aims, station: KnownState, path: Trajectory, world: KnownWorld):
        self.ascent, self.station, self.path, self.world = ascent, station, path, world
        self.record = ascent.launcher.record._replace(payload=float(ascent.ship.mass))
        self.forces = world.forces._replace(drag=0)
        self.flights = 0

    def aim(self, t: float) -> AscentTarget:
        r, v, mass = self.path.at(t)
        state = KnownState(r[0], v[0], float(mass[0]), self.station.cda)
        return self.ascent.aim_at(t, fly(state, t, t + AHEAD, self.world), self.world)

    def solved(self, aim: AscentTarget) -> AscentSteering:
        steering = solve(self.record, aim, heading(aim, self.world) - math.radians(EARTH_TURN_DEG), self.world, STEP)
        self.flights += steering.flights
        return steering

    def propellant_left(self, aim: AscentTarget, steering: AscentSteering) -> float:
        """Propellant left, kg; below zero by what the missing speed would have taken, where orbit is not reached."""
        self.flights += 1
        flight = steered(self.record, aim, steering, self.forces, STEP)
        return (
            flight.propellant_left
            if flight.status == IN_ORBIT
            else min(0.0, flight.propellant_left) - 5.0 * flight.delta_v_to_go
        )

    def reaimed(self, aim: AscentTarget, near: AscentSteering) -> tuple[float, AscentSteering]:
        """The azimuth that leaves most, with kick and programme as they are: kg, steering.

        Looked for about the azimuth of `near`, and about the best so far again as long as that lies at an end.
        """

        def cost(azimuth: float) -> float:
            return -self.propellant_left(aim, replace(near, azimuth=azimuth))

        middle = near.azimuth
        for _ in range(math.ceil(math.pi / NEAR_AZIMUTH)):  # half a turn at most
            best, loss = minimum.between(
                cost, middle - NEAR_AZIMUTH, middle + NEAR_AZIMUTH, within=2e-3, evaluations=12
            )
            shift, middle = abs(best - middle), best
            if shift < NEAR_AZIMUTH - AT_EDGE:
                break
        return -loss, replace(near, azimuth=middle)


def heading(aim: AscentTarget, world: KnownWorld) -> float:
    """Azimuth over the turning ground, rad from north over east, that the target's plane asks of its pad.

    tan A = (V sin A_i - v_pad) / (V cos A_i) with A_i of the plane itself, from the vectors.
    docs/physics.md 4.4.
    """
    up = aim.r0 / np.linalg.norm(aim.r0)
    east = np.cross(world.true_of_date(aim.t0)[2], up)
    east /= np.linalg.norm(east)
    along = np.cross(aim.normal, up)
    needed = aim.speed * along / np.linalg.norm(along) - aim.v0
    return math.atan2(float(needed @ east), float(needed @ np.cross(up, east)))


def reaimed(ascents: Ascents, crossing: PlaneCrossing, steering: AscentSteering, planned: float):
    """Angles and kg left with the azimuth solved at each, outward from `planned`, so that each is near the last.

    Angles that the plane never reaches are left out. Beyond the samples the search goes on as long as more is left,
    which it is where the pad lies far from the plane's turning points.
    """
    found = {}
    for side, step in ((SAMPLES[planned > SAMPLES][::-1], -WIDER), (SAMPLES[planned <= SAMPLES], WIDER)):
        near, angles = steering, list(map(float, side))
        while angles:
            angle = angles.pop(0)
            t = crossing.time(angle)
            if t is None:
                break
            found[angle], near = ascents.reaimed(ascents.aim(t), near)
            if not angles and found[angle] == max(found.values()) and abs(angle) < WIDEST:
                angles.append(angle + step)
    reached = np.array(sorted(found))
    return reached, np.array([found[a] for a in reached])


def best_angle(angles: np.ndarray, left: np.ndarray) -> float:
    """The angle out of plane that leaves most, rad, between those that were flown."""
    fine = np.linspace(angles[0], angles[-1], 1001)
    return float(fine[int(np.argmax(curves.spline(angles, left)(fine)))])


def best_offset(ascents: Ascents, crossing: PlaneCrossing) -> float:
    """How long after a passage, s, a lift-off leaves most propellant, with the azimuth solved for it."""
    first = crossing.time(0.0)
    assert first is not None  # a passage is where the site is in the plane
    angles, left = reaimed(ascents, crossing, ascents.solved(ascents.aim(first)), 0.0)
    best = crossing.time(best_angle(angles, left))
    assert best is not None  # of the angles only those are kept that the plane reaches
    return best - crossing.t
