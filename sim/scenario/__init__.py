"""The scenario: what the user wrote, read, checked and frozen. `load` reads a mission file and returns a `Scenario`."""

from sim.files.problems import Problem, ScenarioError
from sim.scenario.load import load
from sim.scenario.scenario import Scenario, ValueSource

__all__ = ["Problem", "Scenario", "ScenarioError", "ValueSource", "load"]
