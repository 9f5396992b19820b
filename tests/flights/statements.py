"""What the tests of the declared simplifications share: missions of which all is known exactly, and others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from sim.build.from_scenario import build_mission
from sim.core.flight import Flight, Leg
from sim.core.scene import Scene
from sim.mission import Mission, Phase, fly
from sim.scenario import load

P = TypeVar("P")


def holds(*keys: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Names the statements that a test holds against the code."""
    return lambda test: test


@cache
def exact() -> Mission:
    """A mission with a lift-off that is given, and of which all is known exactly."""
    return build_mission(load("shenzhou-20", ["uncertainty="]))


@cache
def uncertain(name: str = "shenzhou-20") -> Mission:
    return build_mission(load(name))


@cache
def returning() -> Mission:
    """The mission that only returns, of which all is known exactly."""
    return build_mission(load("return-only"))


@cache
def homecoming() -> Flight:
    return fly(returning())


def home_leg(phase: str) -> Leg:
    """A leg of it."""
    return next(leg for leg in homecoming().legs if leg.phase == phase)


def of(mission: Mission, kind: type[P]) -> P:
    return next(phase for phase in mission.phases if isinstance(phase, kind))


def declared(mission: Mission, phase: Phase, scene: Scene | None = None) -> set[str]:
    stated = (*mission.world.simplified(), *phase.simplified(scene or mission.scene, mission.world))
    return {one.key for one in stated}


def by_phase(mission: Mission) -> dict[str, set[str]]:
    return {phase.name: declared(mission, phase) for phase in mission.phases}


def keys_of(mission: Mission) -> set[str]:
    return set().union(*by_phase(mission).values())
