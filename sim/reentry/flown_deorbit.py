"""A ship on its way down as it is flown: what was flown so far, and what happened."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.flight import Event
from sim.core.scene import KnownState, ModelError, State
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import KnownWorld, World
from sim.orbit.ground_tracking import GroundTracking
from sim.orbit.propagate import end_state, fly
from sim.reentry.fall import fall


@dataclass(frozen=True)
class FlownDeorbit:
    """The true `state` at `t` s; `paths` and `events` until then; `turns` kg: taken by turns; `fixes`: taken by the
    ground so far."""

    ship_name: str
    state: State
    t: float
    world: World
    ground: GroundTracking
    error: ModelError
    use: str
    paths: tuple[Trajectory, ...] = ()
    events: tuple[Event, ...] = ()
    turns: float = 0.0
    fixes: int = 0

    @property
    def path(self) -> Trajectory:
        return joined(list(self.paths))

    def until(self, t: float) -> FlownDeorbit:
        """After a coast; the same where the time has come already."""
        if t <= self.t:
            return self
        path = fly(self.state, self.t, t, self.world)
        return self.along(path, end_state(self.state, path))

    def down_to(self, altitude: float) -> FlownDeorbit:
        path = fall(self.state, self.t, altitude, self.world)
        return self.along(path, end_state(self.state, path))

    def along(self, path: Trajectory, state: State) -> FlownDeorbit:
        return replace(self, paths=(*self.paths, path), state=state, t=path.end)

    def turned(self, propellant: float) -> FlownDeorbit:
        """After turns that took so much, kg."""
        lighter = replace(self.state, mass=self.state.mass - propellant)
        return replace(self, state=lighter, turns=self.turns + propellant)

    def with_event(self, name: str, t: float | None = None, **values: float | str) -> FlownDeorbit:
        return replace(self, events=(*self.events, Event(name, self.t if t is None else t, self.ship_name, values)))

    def found(self) -> tuple[FlownDeorbit, KnownState, KnownWorld]:
        """What the ground finds of the ship now, and the world as it is known now; each fix with its own errors."""
        fix = self.ground.fix(self.state, self.error, self.use, self.fixes)
        known = self.ground.forecast(self.world, self.t, self.use, self.fixes)
        return replace(self, fixes=self.fixes + 1), fix, known
