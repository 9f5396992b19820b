"""A mission as these tests hold it: what was written, what was to be flown, what happened; parts can be flown anew."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from sim.build.mission import build
from sim.core.flight import Event, Flight, Leg
from sim.core.scene import Scene
from sim.core.trajectory import Trajectory
from sim.mission import Mission, fly
from sim.scenario import Scenario, load


@dataclass(frozen=True)
class Flown:
    scenario: Scenario
    mission: Mission
    flight: Flight

    @property
    def station(self) -> str:
        return self.scenario.station.name

    @property
    def up(self) -> str:
        """The ship that is launched."""
        return self.scenario.launch.ship

    @property
    def down(self) -> str:
        """The ship that goes home."""
        return self.scenario.return_.ship

    def leg(self, phase: str) -> Leg:
        return next(leg for leg in self.flight.legs if leg.phase == phase)

    def phase(self, name: str):
        return next(phase for phase in self.mission.phases if phase.name == name)

    def before(self, phase: str) -> Scene:
        """The scene that a phase was handed."""
        legs = self.flight.legs
        i = next(i for i, leg in enumerate(legs) if leg.phase == phase)
        return legs[i - 1].scene if i else self.mission.scene

    def path(self, phase: str, vehicle: str) -> Trajectory:
        return self.leg(phase).trajectories[vehicle]

    def event(self, name: str, last: bool = False) -> Event:
        return [e for e in self.flight.events if e.name == name][-1 if last else 0]

    def again(self, phase: str, scene: Scene | None = None, **changes) -> Flight:
        """One phase flown by the mission's own loop, from the scene it had or another, with changed parameters."""
        part = replace(self.phase(phase), **changes)
        return fly(replace(self.mission, scene=scene or self.before(phase), phases=(part,), branches={}))


def fly_whole(path: str | os.PathLike, overrides: tuple[str, ...] = ()) -> Flown:
    """Load, build and fly a mission."""
    scenario = load(path, overrides)
    mission = build(scenario)
    return Flown(scenario, mission, fly(mission))
