"""What differs from its model through a whole flight: where the station is, masses and drag areas, the capsule and its
parachutes.

A mission that has no such craft or phase has nothing to change; a draw of zero changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from sim.core.scene import ModelError, Scene
from sim.mission import Mission, Phase
from sim.scenario.dispersible import Dispersion
from sim.uncertainty.kinds import CanopyPhase, CapsulePhase, LaunchPhase
from sim.uncertainty.target import DispersionTarget, Values

Name = Callable[[Mission], str | None]


def mapped(mission: Mission, change: Callable[[Phase], Phase]) -> Mission:
    """The mission with every phase changed, also on its branches."""
    branches = {name: tuple(map(change, phases)) for name, phases in mission.branches.items()}
    return replace(mission, phases=tuple(map(change, mission.phases)), branches=branches)


def station(mission: Mission) -> str | None:
    """What flies when the mission begins."""
    return next(iter(mission.scene.flying), None)


def launched(mission: Mission) -> str | None:
    return next((phase.ship_name for phase in mission.phases if isinstance(phase, LaunchPhase)), None)


def returning(mission: Mission) -> str | None:
    return next((phase.ship_name for phase in mission.phases if isinstance(phase, CapsulePhase)), None)


def _of_craft(name: Name, which: str) -> DispersionTarget:
    """`which` of a model's errors, mass or drag area; a craft that is there at the start has it from then on."""

    def read(mission: Mission, *_) -> Values:
        craft = name(mission)
        return () if craft is None else (getattr(mission.scene.model_error(craft), which),)

    def write(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        craft = name(mission)
        if craft is None or not any(values):
            return mission
        factor = 1.0 + 0.01 * values[0]
        error: ModelError = replace(mission.scene.model_error(craft), **{which: factor})
        scene = _built(mission, craft, which, factor)
        return replace(mission, scene=scene.with_(model_errors={**scene.model_errors, craft: error}))

    return DispersionTarget(read, write)


def _built(mission: Mission, craft: str, which: str, factor: float) -> Scene:
    """The scene in which a craft that flies, or is docked, has so many times its mass or drag area; what is docked is
    part of the station, which has as much more."""
    scene = mission.scene
    if craft in scene.flying:
        state = scene.flying[craft]
        flying = {**scene.flying, craft: replace(state, **{which: getattr(state, which) * factor})}
        return scene.with_(flying=flying)
    name = station(mission)
    if craft not in scene.ships or name is None:
        return scene
    own = scene.ships[craft] if which == "mass" else _cda(mission, craft)
    stack = scene.flying[name]
    stack = replace(stack, **{which: getattr(stack, which) + own * (factor - 1.0)})
    ships = {**scene.ships, craft: own * factor} if which == "mass" else scene.ships
    return scene.with_(ships=ships, flying={**scene.flying, name: stack})


def _cda(mission: Mission, craft: str) -> float:
    """Drag area of a ship's model, m2."""
    capsules = (phase for phase in mission.phases if isinstance(phase, CapsulePhase))
    return next((phase.ship.cda for phase in capsules if phase.ship_name == craft), 0.0)


def _of_elements(which: str) -> DispersionTarget:
    """Place or speed of the station at the start, against what its element set gives."""

    def read(mission: Mission, *_) -> Values:
        name = station(mission)
        return () if name is None else tuple(float(x) for x in getattr(mission.scene.flying[name], which))

    def write(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        name = station(mission)
        if name is None or not any(values):
            return mission
        state = mission.scene.flying[name]
        moved = replace(state, **{which: getattr(state, which) + np.array(values)})
        return replace(mission, scene=mission.scene.with_(flying={**mission.scene.flying, name: moved}))

    return DispersionTarget(read, write)


def _factor(kind: type, which: str) -> DispersionTarget:
    """Something of a phase that is there as a factor over its model."""

    def read(mission: Mission, *_) -> Values:
        return tuple(float(getattr(phase, which)) for phase in mission.phases if isinstance(phase, kind))

    def write(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        def changed(phase: Phase) -> Phase:
            if not isinstance(phase, kind):
                return phase
            return replace(phase, **{which: getattr(phase, which) * (1.0 + 0.01 * values[0])})  # type: ignore[type-var]  # of a kind that is one

        return mapped(mission, changed) if any(values) else mission

    return DispersionTarget(read, write)


_CRAFT: Mapping[str, Name] = {"station": station, "launched": launched, "returning": returning}
TARGETS: Mapping[str, DispersionTarget] = {
    "elements.position": _of_elements("r"),
    "elements.velocity": _of_elements("v"),
    **{f"mass.{word}": _of_craft(name, "mass") for word, name in _CRAFT.items()},
    **{f"drag_area.{word}": _of_craft(name, "cda") for word, name in _CRAFT.items()},
    "capsule.lift": _factor(CapsulePhase, "lift"),
    "capsule.drag": _factor(CapsulePhase, "drag"),
    "parachutes.drag": _factor(CanopyPhase, "drag"),
    "retro_rockets.thrust": _factor(CanopyPhase, "retro"),
}
