"""Tracking from the ground: the one way by which a plan far from the station learns what is true.

A fix has independent errors in each axis. The density of the air is not measured: it shows in the decay of an orbit,
and what a day of it has shown corrects the forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kernels.maths.random import normals
from sim.core.navigation_errors import beside
from sim.core.random_streams import RandomDraws
from sim.core.scene import KnownState, ModelError, State
from sim.environment.density_error import observed, updated
from sim.environment.world import KnownWorld, World


@dataclass(frozen=True)
class GroundTracking:
    """Standard deviations of a fix, each axis of LVLH: `position` m, `velocity` m/s; `density`: of ln(density), as the
    decay of a day shows it; `correlation` s, in which the forecast lets that fade away."""

    position: float = 0.0
    velocity: float = 0.0
    density: float = 0.0
    correlation: float = math.inf
    draws: RandomDraws = field(default_factory=lambda: RandomDraws(0))

    def fix(self, state: State, error: ModelError, use: str, index: int) -> KnownState:
        """The state that tracking finds of a craft, with the mass and drag area of its model; `use` and `index`: of its
        random numbers, which no other fix has."""
        mass, cda = state.mass / error.mass, state.cda / error.cda
        if self.position == 0.0 and self.velocity == 0.0:
            return KnownState(state.r, state.v, mass, cda)
        draw = np.empty(6)
        normals(self.draws.stream(f"{use}.tracking"), 6 * index, draw)
        found = beside(state, state, self.position * draw[:3], self.velocity * draw[3:])
        return KnownState(found.r, found.v, mass, cda)

    def forecast(self, world: World, t: float, use: str, index: int) -> KnownWorld:
        """The world as it is known at `t` s, its air corrected by what the decay of the day before has shown."""
        draw = np.zeros(1)
        if self.density > 0.0:
            normals(self.draws.stream(f"{use}.density"), index, draw)
        return updated(world.known(), t, observed(world, t) + self.density * float(draw[0]), self.correlation)


NOTHING_TO_FIND = GroundTracking()  # where the world is as forecast and every craft as modelled, it finds just that
