"""Fixes, coasts and burns of a ship far from its target: steered by navigated states, with execution errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.core.flight import Failure
from sim.core.navigation_errors import ExecutionErrors, NavigationErrors
from sim.core.random_streams import RandomDraws
from sim.core.scene import AS_MODELLED, KnownState, ModelError, State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly

MIN_BURN = 0.02  # m/s: a burn that would be smaller is left out


@dataclass(frozen=True)
class Burn:
    """Rows (middle s, LVLH m/s): as commanded, and as flown."""

    commanded: np.ndarray
    flown: np.ndarray

    @property
    def size(self) -> float:
        """Of what was flown, m/s."""
        return float(np.linalg.norm(self.flown[1:]))


@dataclass(frozen=True)
class ExecutionState:
    """A ship on its way: its true state at `t` s, the path until there in pieces, its burns and the number of fixes."""

    t: float
    ship: State
    pieces: tuple[Trajectory, ...] = ()
    burns: tuple[Burn, ...] = ()
    fixes: int = 0

    @property
    def delta_v(self) -> float:
        """Of all burns, m/s."""
        return sum(burn.size for burn in self.burns)

    @property
    def path(self) -> Trajectory:
        return joined(list(self.pieces))


@dataclass(frozen=True)
class ManeuverExecutor:
    """`path` is the target's true one, `target` its state at the start; `use` names the random streams. `errors`: of
    the models of target and ship. `world` is the true one: what is flown here is what happens."""

    target: State
    path: Trajectory
    engine: Engine
    navigation: NavigationErrors
    execution: ExecutionErrors
    draws: RandomDraws
    use: str
    world: World
    errors: tuple[ModelError, ModelError] = (AS_MODELLED, AS_MODELLED)

    def fix(self, state: ExecutionState) -> tuple[ExecutionState, tuple[KnownState, KnownState]]:
        """The navigated states (target, ship) at this time."""
        r, v, mass = (x[0] for x in self.path.at(state.t))
        target = State(r, v, float(mass), self.target.cda)
        stream = self.draws.stream(f"{self.use}.navigation")
        navigated = self.navigation.fix(target, state.ship, stream, state.fixes, self.errors)
        return replace(state, fixes=state.fixes + 1), navigated

    def coast(self, state: ExecutionState, until: float) -> ExecutionState:
        """Without a burn until a time; one that is past changes nothing."""
        return self._on(state, until, np.empty((0, 4))) if until > state.t else state

    def burn(self, state: ExecutionState, commanded: np.ndarray, until: float) -> ExecutionState:
        """Through one burn (middle s, LVLH m/s) to a time after it; the smallest are left out."""
        if np.linalg.norm(commanded[1:]) < MIN_BURN:
            return self.coast(state, until)
        if until <= state.t:
            size, at = np.linalg.norm(commanded[1:]), self.world.zero.plus(float(commanded[0]))
            raise Failure(f"a burn of {size:.2f} m/s at {at} has no time: what follows begins before its own fix")
        flown = self.execution.flown(commanded, self.draws.stream(f"{self.use}.burns"), len(state.burns))
        state = self._on(state, until, flown[None, :])
        return replace(state, burns=(*state.burns, Burn(commanded.copy(), flown)))

    def _on(self, state: ExecutionState, until: float, burns: np.ndarray) -> ExecutionState:
        path = fly(state.ship, state.t, until, self.world, burns, self.engine)
        return replace(state, t=float(until), ship=end_state(state.ship, path), pieces=(*state.pieces, path))
