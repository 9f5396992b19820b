"""What a campaign has to know of a phase to fly it dispersed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.core.flight import Leg
from sim.core.random_streams import RandomDraws
from sim.mission import Mission
from sim.scenario import Scenario

Quantities = dict[str, float]
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Dispersed:
    """`targets`: how the paths begin that may be dispersed. `quantities`: names with their unit, in the table's order,
    made by `measure` from the leg and the mission that was flown. `pictured`: those whose causes are worth a picture.
    `planned` makes ready the phase, whose plan no run may change. `run_s`: the time that a run takes, for estimates.

    `settings`: how the paths begin that may only be set, the same for all runs.
    `with_draws`: the mission with a run's own random draws, where the phase makes some; `brief`: without what a run's
    row does not need. `additional`: what campaign.json holds besides, from the rows and the scenario. `may_fail`:
    whether a nominal that does not fly is a result like another.
    """

    targets: tuple[str, ...]
    run_s: float
    quantities: tuple[str, ...]
    pictured: tuple[str, ...]
    measure: Callable[[Leg, Mission], Quantities]
    planned: Callable[[Mission], Mission]
    with_draws: Callable[[Mission, RandomDraws], Mission] = lambda mission, _: mission
    brief: Callable[[Mission], Mission] = lambda mission: mission
    additional: Callable[[Rows, Scenario], dict] = lambda rows, scenario: {}
    settings: tuple[str, ...] = ()
    may_fail: bool = False
