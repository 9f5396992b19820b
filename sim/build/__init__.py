"""From files, in the user's units, to a mission in SI: the only room that knows both.

The package itself can be called: `sim.build(scenario)` is the mission of a scenario, since `sim.build` is both the
name of this package and of the command.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.build.from_scenario import ScenarioMission
    from sim.scenario import Scenario


class _Verb(ModuleType):
    """A package that is a function as well."""

    def __call__(self, scenario: Scenario) -> ScenarioMission:
        from sim.build.from_scenario import build_mission

        return build_mission(scenario)


sys.modules[__name__].__class__ = _Verb
