"""The scenario: what the user wrote, read, checked and frozen. `load` is the way in, `Scenario` the way on."""

from sim.files.problems import Problem, ScenarioError
from sim.scenario.load import load
from sim.scenario.scenario import Scenario, ValueSource

__all__ = ["Problem", "Scenario", "ScenarioError", "ValueSource", "load"]
