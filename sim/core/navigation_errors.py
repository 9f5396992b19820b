"""Navigation and execution errors: navigated states and flown burns, in place of true states and commanded burns.

Errors are independent from fix to fix and axis to axis, in the LVLH of the craft that they belong to. Far apart, each
craft's orbit is determined by itself; within the link's range the relative state is measured, by relative GNSS, and
the better the nearer. A real filter's errors would be correlated in time, and its speed and height with each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.maths.random import Stream, normals
from kernels.relative.hill import from_lvlh, to_lvlh
from sim.core.scene import AS_MODELLED, KnownState, ModelError, State


@dataclass(frozen=True)
class NavigationErrors:
    """Standard deviations of every axis, m and m/s.

    `position`, `velocity`: of either craft's own orbit. `link`: m, within which the relative state is measured;
    `relative`, `relative_rate`: of that at the link's range, falling in proportion to the range down to `near`,
    `near_rate`.
    """

    position: float
    velocity: float
    link: float
    relative: float
    relative_rate: float
    near: float
    near_rate: float

    def fix(
        self,
        station: State,
        ship: State,
        stream: Stream,
        index: int,
        errors: tuple[ModelError, ModelError] = (AS_MODELLED, AS_MODELLED),
    ) -> tuple[KnownState, KnownState]:
        """Navigated states (station, ship) from the true ones, by the numbers from 12 `index` of a stream.

        `errors`: of the models of both, whose masses and drag areas the navigated states have.
        """
        known, navigated = self._navigated(station, ship, stream, index)
        return _modelled(known, errors[0]), _modelled(navigated, errors[1])

    def _navigated(self, station: State, ship: State, stream: Stream, index: int) -> tuple[State, State]:
        draw = np.empty(12)
        normals(stream, 12 * index, draw)
        known = beside(station, station, self.position * draw[:3], self.velocity * draw[3:6])
        d, rate = np.empty(3), np.empty(3)
        to_lvlh(station.r, station.v, ship.r, ship.v, d, rate)
        distance = float(np.linalg.norm(d))
        if distance > self.link:
            return known, beside(ship, ship, self.position * draw[6:9], self.velocity * draw[9:])
        position_sigma, rate_sigma = self.relative_sigma(distance)
        d += position_sigma * draw[6:9]
        rate += rate_sigma * draw[9:]
        return known, beside(known, ship, d, rate)

    def relative_sigma(self, distance: float) -> tuple[float, float]:
        """One sigma of the relative state after a fix from `distance` m, every axis, m and m/s."""
        if distance > self.link:
            return math.sqrt(2.0) * self.position, math.sqrt(2.0) * self.velocity
        share = distance / self.link
        return max(self.near, share * self.relative), max(self.near_rate, share * self.relative_rate)


@dataclass(frozen=True)
class ExecutionErrors:
    """Errors of burns: standard deviations of the size (a share) and of the direction about two axes (rad)."""

    size: float
    direction: float

    def flown(self, burn: np.ndarray, stream: Stream, index: int) -> np.ndarray:
        """The row (time, LVLH dv) that is flown for a commanded one, by the numbers from 3 `index` of a stream."""
        draw = np.empty(3)
        normals(stream, 3 * index, draw)
        dv = burn[1:]
        size = float(np.linalg.norm(dv))
        if size == 0.0:
            return burn.copy()
        along = dv / size
        first = np.cross(along, np.eye(3)[int(np.argmin(np.abs(along)))])
        first /= np.linalg.norm(first)
        aside = self.direction * (draw[1] * first + draw[2] * np.cross(along, first))
        angle = float(np.linalg.norm(aside))
        direction = along if angle == 0.0 else math.cos(angle) * along + math.sin(angle) / angle * aside
        return np.concatenate([burn[:1], (1.0 + self.size * draw[0]) * size * direction])

    def covariance(self, dv: np.ndarray) -> np.ndarray:
        """(3, 3), (m/s)^2, of the flown velocity change for a commanded one (3,), m/s."""
        along = np.outer(dv, dv)
        return self.size**2 * along + self.direction**2 * (float(dv @ dv) * np.eye(3) - along)


def _modelled(state: State, error: ModelError) -> KnownState:
    return KnownState(state.r, state.v, state.mass / error.mass, state.cda / error.cda)


def beside(origin: State, craft: State, d: np.ndarray, rate: np.ndarray) -> State:
    """`craft` with the state that lies at LVLH `d`, `rate` of `origin`, m and m/s."""
    r, v = np.empty(3), np.empty(3)
    from_lvlh(origin.r, origin.v, np.ascontiguousarray(d), np.ascontiguousarray(rate), r, v)
    return State(r, v, craft.mass, craft.cda)


# No errors: for a ship's file that states none.
PERFECT = NavigationErrors(
    position=0.0, velocity=0.0, link=math.inf, relative=0.0, relative_rate=0.0, near=0.0, near_rate=0.0
)
EXACT = ExecutionErrors(0.0, 0.0)
