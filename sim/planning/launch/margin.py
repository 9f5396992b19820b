"""What the rocket has left for a lift-off at another second: the window that yaw steering leaves open.

The upper stage steers into the station's plane from wherever the pad is, and pays in propellant. The same ascents
answer two questions. Re-aimed: the launch azimuth is solved anew for the second of lift-off. Frozen: azimuth and
pitch programme stay as they were loaded for the planned second, and the closed loop of the upper stage takes out the
rest; a rocket on the pad is aimed before lift-off, so this is the realistic window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.ascent.optimum import Ascents, best_angle, heading, reaimed
from sim.ascent.steering import AscentSteering
from sim.core import curves
from sim.orbit.plane_crossing import PlaneCrossing

APART = 300.0  # s between lift-offs with the frozen azimuth
FARTHEST = 2400.0  # s from the planned lift-off, beyond which no window of a rocket that waits for a plane is searched


@dataclass(frozen=True)
class Margin:
    """Propellant left, kg, against the pad's angle out of the plane at lift-off, rad, on one branch.

    angle, propellant_left (n,): azimuth solved for each. frozen_angle, frozen (k,): azimuth and programme of `aim`.
    `best`: the angle that leaves most. `reserve` kg must stay. `other_day` kg: what the same angle leaves on the span's
    last day, less what it leaves on its first. `flights`: how many were flown. `steering`: what is loaded for the plan.
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
    steering: AscentSteering

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
    angles, left = reaimed(ascents, crossing, steering, crossing.angle(first))
    best = best_angle(angles, left)
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
        steering=steering,
    )
    return found, steering


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
