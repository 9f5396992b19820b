"""The mission: what will be flown, and the loop that flies it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sim.core.epoch import Epoch
from sim.core.flight import Failure, Flight, Leg
from sim.core.scene import Scene
from sim.core.simplification import Simplification
from sim.environment.world import World
from sim.orbit import propagate as orbits

Progress = Callable[[str, float], None]
Watch = Callable[[Flight, "tuple[Phase, ...]"], None]  # (the flight so far, the phases ahead), after each leg


class Phase(Protocol):
    """Frozen parameters and how they are flown. `share` is its usual part of the computing time, for the progress bar.

    `simplified`: what its models leave out or take as known, when it is flown from a scene; what the world declares
    already is not repeated.
    """

    @property
    def name(self) -> str: ...

    @property
    def share(self) -> float: ...

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]: ...

    def fly(self, scene: Scene, world: World) -> Leg: ...


@dataclass(frozen=True)
class Mission:
    """Ready to fly: SI, frozen. `scene` is where everything is at the epoch zero.

    `branches`: phases flown, instead of the remaining ones, after a leg that names the branch. `drawn`: how what is
    true was drawn, against what is known, by path.
    """

    name: str
    zero: Epoch
    world: World
    scene: Scene
    phases: tuple[Phase, ...]
    branches: Mapping[str, tuple[Phase, ...]] = field(default_factory=dict)
    drawn: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def fly(mission: Mission, progress: Progress | None = None, watch: Watch | None = None) -> Flight:
    """Fly every phase in turn; a phase that cannot be flown ends the flight with a failed leg and its reason."""
    scene, legs, ahead = mission.scene, list[Leg](), list(mission.phases)
    total = sum(phase.share for phase in ahead)
    done = 0.0
    while ahead:
        phase = ahead.pop(0)
        if progress:
            progress(phase.name, done / total)
        simple = (*mission.world.simplified(), *phase.simplified(scene, mission.world))
        try:
            leg = with_coasting(phase.fly(scene, mission.world), scene, mission.world)
        except Failure as failure:
            partial = failure.events, (), failure.record
            failed = Leg(phase.name, scene.t, scene, {}, *partial, status="failed", reason=str(failure))
            legs.append(replace(failed, simplifications=simple))
            break
        leg = replace(leg, simplifications=simple)
        legs.append(leg)
        scene = leg.scene
        done += phase.share
        if leg.branch in mission.branches:
            ahead = list(mission.branches[leg.branch])
        if watch:
            watch(Flight(mission.name, mission.zero, tuple(legs), mission.drawn), tuple(ahead))
    if progress:
        progress("done", 1.0)
    return Flight(mission.name, mission.zero, tuple(legs), mission.drawn)


def reach(mission: Mission, name: str) -> tuple[Phase, Scene, tuple[Leg, ...]]:
    """Fly up to the phase called `name`: that phase, on whatever branch it is, the scene there, and the legs so far.

    Failure where the mission has no such phase or does not get there.
    """
    (ahead, *_), scene, legs = reach_all_from(mission, name)
    return ahead, scene, legs


def reach_all_from(mission: Mission, name: str) -> tuple[tuple[Phase, ...], Scene, tuple[Leg, ...]]:
    """The same, with all phases from that one on to the end of its branch."""
    names = [phase.name for phase in mission.phases]
    if name not in names:
        raise Failure(f"the mission has no phase '{name}'; it has {', '.join(names)}")

    def cut(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        at = next((i for i, phase in enumerate(phases) if phase.name == name), len(phases))
        return phases[:at]

    branches = {key: cut(phases) for key, phases in mission.branches.items()}
    flight = fly(replace(mission, phases=cut(mission.phases), branches=branches))
    if leg := flight.failed:
        raise Failure(f"{leg.phase}: {leg.reason}")
    taken = [mission.branches[leg.branch] for leg in flight.legs if leg.branch in mission.branches]
    phases = taken[-1] if taken else mission.phases
    ahead = phases[len(cut(phases)) :]
    return ahead, flight.legs[-1].scene if flight.legs else mission.scene, flight.legs


def with_coasting(leg: Leg, before: Scene, world: World) -> Leg:
    """The leg with a trajectory for every free body: those that the phase did not fly have coasted meanwhile."""
    coasting = {
        name: orbits.fly(state, before.t, leg.end, world)
        for name, state in before.flying.items()
        if name not in leg.trajectories and name in leg.scene.flying and leg.end > before.t
    }
    states = {name: orbits.end_state(before.flying[name], path) for name, path in coasting.items()}
    return replace(leg, scene=leg.scene.moved(leg.end, states), trajectories={**leg.trajectories, **coasting})
