"""Burns that keep a geostationary slot, planned cycle by cycle from what is known of the orbit at its start.

A cycle is forecast without burns, by the planner's own gravity field and pressure of sunlight. East and west: the
longitude, averaged over a day, is to be at the next cycle where a parabola about the slot begins; the burn is shared
between two places half a revolution apart so that the eccentricity comes nearest to its circle at no extra cost (sun
pointing perigee: Soop, Handbook of Geostationary Orbits (1994), 7.3). North and south: the mean plane, less the waves
of Sun and Moon, goes back by half a cycle of its drift beyond the equator (ibid. 6.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast, make_multistep
from kernels.orbit.orientation import body_position
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit import geostationary as theory
from sim.orbit.propagate import trajectory
from sim.propagation.force_model import KeepingChoice

REVOLUTION = 2.0 * math.pi / 7.292115e-5  # s
STEP = 600.0  # s of a forecast: 0.04 rad, where the method leaves millimetres in a week
SAMPLES = 48  # of a daily mean: waves of the revolution and of its half average out
SOONEST = 3600.0  # s from the start of a cycle to its first burn
SMALLEST = 1e-6  # m/s, below which no burn is made
METHOD = make_multistep(11)


@dataclass(frozen=True)
class Mean:
    """Averages over a revolution about `t` s: `longitude` rad east, within half a turn of the slot, `normal` and
    `eccentricity` (2,) on the true equator of date."""

    t: float
    longitude: float
    normal: np.ndarray
    eccentricity: np.ndarray


@dataclass(frozen=True)
class PlannedBurn:
    """At `at` s, `size` m/s with its sign: "east-west" along the motion, "north-south" along the orbit normal."""

    at: float
    kind: str
    size: float


def daily_mean(path: Trajectory, middle: float, world: World, slot: float) -> Mean:
    """Of a path about `middle` s; `slot` rad, near which the longitude is counted."""
    t = middle + ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5) * REVOLUTION
    r, v, _ = path.at(t)
    fixed = np.einsum("nij,nj->ni", world.ecef_each(t), r)
    east = np.arctan2(fixed[:, 1], fixed[:, 0]) - slot
    turn = world.true_of_date(middle)
    r, v = r @ turn.T, v @ turn.T
    h = np.cross(r, v)
    toward = np.cross(v, h) / MU_EARTH - r / np.linalg.norm(r, axis=1)[:, None]
    normal = (h / np.linalg.norm(h, axis=1)[:, None]).mean(axis=0)
    longitude = slot + float(np.mean(east - 2.0 * math.pi * np.round(east / (2.0 * math.pi))))
    return Mean(middle, longitude, normal[:2], toward.mean(axis=0)[:2])


@dataclass(frozen=True)
class SlotPlanner:
    """`known`: the world as the planner has it; `cra`: area times reflectivity, m2, as it knows it."""

    choice: KeepingChoice
    known: World
    cra: float

    def burns(self, t: float, y: np.ndarray, cycle: int) -> list[PlannedBurn]:
        """Of the cycle that begins at `t` s with the state y (7,) as it is known: r, v (m, m/s, GCRF), mass."""
        length = self.choice.east_west
        path = self._forecast(t, y, t + length + 1.1 * REVOLUTION)
        now, half, end = (self._mean(path, t + x + 0.5 * REVOLUTION) for x in (0.0, 0.5 * length, length))
        turn = self.known.true_of_date(t)
        ascension = math.atan2(*(turn @ y[:3])[1::-1].tolist())
        found = self._east_west(t, ascension, half, end)
        if cycle % round(self.choice.north_south / length) == 0:
            found += self._north_south(t, ascension, now)
        return sorted((b for b in found if abs(b.size) > SMALLEST), key=lambda b: b.at)

    def _forecast(self, t: float, y: np.ndarray, end: float) -> Trajectory:
        nodes = np.empty((math.ceil((end - t) / STEP) + 4, 11))
        dynamics = make_full(self.known.forces, 0.0, self.cra / y[6])
        return trajectory(nodes[: coast(t, end, y.copy(), STEP, METHOD, dynamics, nodes)])

    def _mean(self, path: Trajectory, middle: float) -> Mean:
        return daily_mean(path, middle, self.known, self.choice.longitude)

    def _east_west(self, t: float, ascension: float, half: Mean, end: Mean) -> list[PlannedBurn]:
        """Two burns: their sum turns the longitude, their difference the eccentricity."""
        choice = self.choice
        bend = theory.longitude_acceleration(choice.longitude) * choice.east_west**2 / 16.0
        sun = self.known.true_of_date(half.t) @ self.known.sun(half.t)
        change = choice.eccentricity * sun[:2] / math.hypot(sun[0], sun[1]) - half.eccentricity
        toward = math.atan2(change[1], change[0])
        first, second = (_when(t, ascension, toward + turn) for turn in (0.0, math.pi))
        lever = end.t - 0.5 * (first + second)
        total = (end.longitude - choice.longitude - bend) / -theory.drift_of(1.0) / lever
        share = min(0.5 * theory.SPEED * float(np.linalg.norm(change)), abs(total))  # more would cost more
        return [
            PlannedBurn(first, "east-west", 0.5 * (total + share)),
            PlannedBurn(second, "east-west", 0.5 * (total - share)),
        ]

    def _north_south(self, t: float, ascension: float, now: Mean) -> list[PlannedBurn]:
        """A burn along the normal at `u` moves the normal by (sin u, -cos u) dv / speed."""
        at = self.known.zero.plus(now.t)
        turn = self.known.true_of_date(now.t)
        waves = np.zeros(2)
        for body, table in ((theory.sun(at), self.known.forces.sun), (theory.moon(at), self.known.forces.moon)):
            place = np.empty(3)
            body_position(now.t, table, place)
            waves += theory.plane_wave(body, turn @ place)
        target = -0.5 * self.choice.north_south * theory.plane_drift(at)
        change = target - (now.normal - waves)
        size = theory.SPEED * float(np.linalg.norm(change))
        ahead = math.atan2(change[0], -change[1])
        up, down = (_when(t, ascension, ahead + turn) for turn in (0.0, math.pi))
        return [PlannedBurn(up, "north-south", size) if up < down else PlannedBurn(down, "north-south", -size)]


def _when(t: float, ascension: float, place: float) -> float:
    """The first time, s, not before `SOONEST` after `t`, at which the craft has a right ascension, rad."""
    first = ascension + theory.TURN * SOONEST
    return t + SOONEST + ((place - first) % (2.0 * math.pi)) / theory.TURN
