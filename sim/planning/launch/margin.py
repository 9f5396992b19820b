"""What the rocket has left for a lift-off at another second: the window that yaw steering leaves open.

The upper stage steers into the station's plane from wherever the pad is, and pays in propellant. The same ascents
answer two questions. Re-aimed: the launch azimuth is solved anew for the second of lift-off. Frozen: azimuth and
pitch programme stay as they were loaded for the planned second, and the closed loop of the upper stage takes out the
rest; a rocket on the pad is aimed before lift-off, so this is the realistic window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kernels.ascent.ascent import IN_ORBIT
from sim.ascent.steering import EARTH_TURN_DEG, AscentSteering, AscentTarget, solve, steered
from sim.core import curves, minimum
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.environment.world import KnownWorld
from sim.orbit.plane_crossing import PlaneCrossing
from sim.orbit.propagate import fly

STEP = 1.0  # s; what is left differs by 0.1 kg from the mission's step of 0.25 s
AHEAD = 7200.0  # s of the station's path that an aim looks at
SAMPLES = np.radians([-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.7, 1.0])  # out of plane, where azimuths are solved
WIDER, WIDEST = math.radians(0.4), math.radians(4.0)  # and beyond them, where more is left there
APART = 300.0  # s between lift-offs with the frozen azimuth
FARTHEST = 2400.0  # s from the planned lift-off, beyond which no window of a rocket that waits for a plane is searched
NEAR_AZIMUTH = math.radians(6.0)  # about the last azimuth, where the next is searched
AT_EDGE = math.radians(0.5)  # so near the end of the searched range, the best may lie beyond it


@dataclass(frozen=True)
class Margin:
    """Propellant left, kg, against the pad's angle out of the plane at lift-off, rad, on one branch.

    angle, propellant_left (n,): azimuth solved for each. frozen_angle, frozen (k,): azimuth and programme of `aim`.
    `best`: the angle that leaves most. `reserve` kg must stay. `other_day` kg: what the same angle leaves on the span's
    last day, less what it leaves on its first. `flights`: how many were flown.
    """

    branch: str
    angle: np.ndarray
    propellant_left: np.ndarray
    frozen_angle: np.ndarray
    frozen: np.ndarray
    aim: float
    best: float
    reserve: float
    azimuth: float
    other_day: float
    flights: int

    def at(self, angle: float) -> float:
        """Left with the frozen azimuth, kg; beyond the flights, what the last one left."""
        x = min(max(angle, float(self.frozen_angle[0])), float(self.frozen_angle[-1]))
        return float(self._through(x))

    @cached_property
    def _through(self) -> curves.Cubics:
        return curves.monotone(self.frozen_angle, self.frozen)

    @cached_property
    def limits(self) -> tuple[float, float] | None:
        """The angles between which at least the reserve stays with the frozen azimuth; None where not even at the aim.

        Where the flights end before the reserve is touched, the limit is the last one.
        """
        return self._enough(self.frozen_angle, self.frozen)

    @cached_property
    def limits_reaimed(self) -> tuple[float, float] | None:
        """The same with the azimuth solved for every angle."""
        return self._enough(self.angle, self.propellant_left)

    def _enough(self, x: np.ndarray, y: np.ndarray) -> tuple[float, float] | None:
        fine = np.linspace(x[0], x[-1], 2001)
        enough = curves.monotone(x, y)(fine) >= self.reserve
        middle = int(np.argmin(np.abs(fine - self.aim)))
        if not enough[middle]:
            return None
        below, above = np.flatnonzero(~enough[:middle]), middle + np.flatnonzero(~enough[middle:])
        low = fine[below[-1] + 1] if below.size else fine[0]
        high = fine[above[0] - 1] if above.size else fine[-1]
        return float(low), float(high)


class Ascents:
    """The mission's ascent toward the station's plane on one path, flown again and again; counts its flights.

    Built like the mission's own phase, from the same rocket and ship, with the same aim.
    """

    def __init__(self, ascent, station: State, path: Trajectory, world: KnownWorld):
        self.ascent, self.station, self.path, self.world = ascent, station, path, world
        self.record = ascent.launcher.record._replace(payload=float(ascent.ship.mass))
        self.forces = world.forces._replace(drag=0)
        self.flights = 0

    def aim(self, t: float) -> AscentTarget:
        r, v, mass = self.path.at(t)
        state = State(r[0], v[0], float(mass[0]), self.station.cda)
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


def margin(
    ascents: Ascents,
    crossing: PlaneCrossing,
    later: PlaneCrossing,
    bias: float | None,
    reserve: float,
    known: AscentSteering | None = None,
) -> tuple[Margin, AscentSteering]:
    """The curves on the branch of `crossing`, for a lift-off `bias` s after it, or where most is left for None.

    `known` is a steering solved for the other branch: kick and programme are the same, the azimuth is turned.
    """
    before = ascents.flights
    first = crossing.time(0.0) if bias is None else crossing.t + bias
    assert first is not None  # a passage is where the site is in the plane
    aim = ascents.aim(first)
    if known is None:
        steering = ascents.solved(aim)
    else:
        turned = replace(known, azimuth=heading(aim, ascents.world))
        steering = ascents.reaimed(aim, turned)[1]
    angles, left = _reaimed(ascents, crossing, steering, crossing.angle(first))
    fine = np.linspace(angles[0], angles[-1], 1001)
    best = float(fine[int(np.argmax(curves.spline(angles, left)(fine)))])
    if bias is None:
        first = crossing.time(best)
        assert first is not None  # of the angles only those are kept that the plane reaches
        steering = ascents.reaimed(ascents.aim(first), steering)[1]
    planned = crossing.angle(first)
    frozen_angles, frozen = _frozen(ascents, crossing, first, steering, reserve)
    repeated = later.time(planned)
    left_first = ascents.propellant_left(ascents.aim(first), steering)
    other = 0.0 if repeated is None else ascents.propellant_left(ascents.aim(repeated), steering) - left_first
    found = Margin(
        branch=crossing.branch,
        angle=angles,
        propellant_left=left,
        frozen_angle=frozen_angles,
        frozen=frozen,
        aim=planned,
        best=best,
        reserve=reserve,
        azimuth=steering.azimuth,
        other_day=other,
        flights=ascents.flights - before,
    )
    return found, steering


def _reaimed(ascents: Ascents, crossing: PlaneCrossing, steering: AscentSteering, planned: float):
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


def _frozen(ascents: Ascents, crossing: PlaneCrossing, planned: float, steering: AscentSteering, reserve: float):
    """Angles and kg left with the steering of `planned`: outward both ways until the reserve is gone."""
    found = {crossing.angle(planned): ascents.propellant_left(ascents.aim(planned), steering)}
    for step in (-APART, APART):
        t = planned + step
        while abs(t - planned) <= FARTHEST and _same_side(crossing, planned, t):
            found[crossing.angle(t)] = left = ascents.propellant_left(ascents.aim(t), steering)
            if left < reserve:
                break
            t += step
    angles = np.array(sorted(found))
    return angles, np.array([found[a] for a in angles])


def _same_side(crossing: PlaneCrossing, planned: float, t: float) -> bool:
    """Whether the pad has not passed its extreme distance from the plane in between: beyond is the other branch."""
    again = crossing.time(crossing.angle(t))
    return again is not None and abs(again - t) < 1.0
