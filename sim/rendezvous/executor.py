"""A ship far from its target, flown by what is known of both: fixes, coasts, and burns that come out not quite so."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.core.navigation_errors import ExecutionErrors, NavigationErrors
from sim.core.random_streams import RandomDraws
from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly

LEAST = 0.02  # m/s: a burn that would be smaller is left out


@dataclass(frozen=True)
class Burn:
    """Rows (middle s, LVLH m/s): as it was commanded, and as it came out."""

    commanded: np.ndarray
    flown: np.ndarray

    @property
    def size(self) -> float:
        """Of what was flown, m/s."""
        return float(np.linalg.norm(self.flown[1:]))


@dataclass(frozen=True)
class ExecutionState:
    """How far a ship has come: its true state at `t` s, the path until there in pieces, its burns, its fixes so far."""

    t: float
    ship: State
    pieces: tuple[Trajectory, ...] = ()
    burns: tuple[Burn, ...] = ()
    fixes: int = 0

    @property
    def spent(self) -> float:
        """Of all burns, m/s."""
        return sum(burn.size for burn in self.burns)

    @property
    def path(self) -> Trajectory:
        return joined(list(self.pieces))


@dataclass(frozen=True)
class ManeuverExecutor:
    """Who flies: `path` is the target's true one and `target` its state at the start; `use` names the luck."""

    target: State
    path: Trajectory
    engine: Engine
    navigation: NavigationErrors
    execution: ExecutionErrors
    draws: RandomDraws
    use: str
    world: World

    def fix(self, way: ExecutionState) -> tuple[ExecutionState, tuple[State, State]]:
        """The states (target, ship) that are known now."""
        r, v, mass = (x[0] for x in self.path.at(way.t))
        target = State(r, v, float(mass), self.target.cda)
        known = self.navigation.fix(target, way.ship, self.draws.stream(f"{self.use}.navigation"), way.fixes)
        return replace(way, fixes=way.fixes + 1), known

    def coast(self, way: ExecutionState, until: float) -> ExecutionState:
        """On without a burn; a time that is past changes nothing."""
        return self._on(way, until, np.empty((0, 4))) if until > way.t else way

    def burn(self, way: ExecutionState, commanded: np.ndarray, until: float) -> ExecutionState:
        """Through one burn (middle s, LVLH m/s) to a time after it; the smallest are left out."""
        if np.linalg.norm(commanded[1:]) < LEAST:
            return self.coast(way, until)
        flown = self.execution.flown(commanded, self.draws.stream(f"{self.use}.burns"), len(way.burns))
        way = self._on(way, until, flown[None, :])
        return replace(way, burns=(*way.burns, Burn(commanded.copy(), flown)))

    def _on(self, way: ExecutionState, until: float, burns: np.ndarray) -> ExecutionState:
        path = fly(way.ship, way.t, until, self.world, burns, self.engine)
        return replace(way, t=float(until), ship=end_state(way.ship, path), pieces=(*way.pieces, path))
