"""What a campaign has to know of a phase to fly it dispersed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.campaign.words import DispersedPhase
from sim.core.flight import Flight
from sim.core.random_streams import RandomDraws
from sim.mission import Mission
from sim.scenario import Scenario

Quantities = dict[str, float]
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Dispersed:
    """`words`: what a campaign file may name of it; `measure` makes its quantities from the flight and the mission that
    was flown. `planned` makes ready the phase, whose plan no run may change. `run_s`: what a run takes, for estimates.

    `with_draws`: the mission with a run's own random draws, where the phase makes some; `brief`: without what a run's
    row does not need. `additional`: what campaign.json holds besides, from the rows and the scenario. `may_fail`:
    whether a nominal that does not fly is a result like another.
    """

    words: DispersedPhase
    run_s: float
    measure: Callable[[Flight, Mission], Quantities]
    planned: Callable[[Mission], Mission]
    with_draws: Callable[[Mission, RandomDraws], Mission] = lambda mission, _: mission
    brief: Callable[[Mission], Mission] = lambda mission: mission
    additional: Callable[[Rows, Scenario], dict] = lambda rows, scenario: {}
    may_fail: bool = False

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names with their unit, in the table's order."""
        return self.words.quantities
