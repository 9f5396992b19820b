"""A mission that knows the scenario from which it was built, as pictures and reports need it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sim.build.mission import build
from sim.files.errors import BadInput
from sim.mission import Mission
from sim.scenario import Scenario
from sim.uncertainty.truth import true_mission


@dataclass(frozen=True)
class ScenarioMission(Mission):
    """A mission ready to fly, and the scenario from which it was built."""

    scenario: Scenario | None = None


def build_mission(scenario: Scenario) -> ScenarioMission:
    """Everything that a scenario says, in SI units and ready to fly, as `sim.fly` takes it; what is true of it is drawn
    by its uncertainty and its seed.

    `scenario`: as `sim.load` reads it. Failure where the mission cannot be flown as written, such as a launch window
    without an opportunity; the sentence says what is missing. BadInput for what is no scenario.
    """
    if not isinstance(scenario, Scenario):
        raise BadInput(f"a mission is built of what sim.load gives; found a {type(scenario).__name__}")
    made = true_mission(build(scenario), scenario)
    return ScenarioMission(**{f.name: getattr(made, f.name) for f in fields(Mission)}, scenario=scenario)
