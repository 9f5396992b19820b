"""What a planned week is judged by, and the words for what did not hold: shared by both halves of the re-check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.core.trajectory import Trajectory
from sim.core.week import Activity, Broken, Entry, WeekPlan
from sim.environment.world import World

QUIET, LIGHT, ANOMALY, PASS, RELAY = (
    "quiet microgravity",
    "light below",
    "South Atlantic Anomaly",
    "passes",
    "relay cover",
)
STAY, ORDER, PEOPLE, HOURS, STORES = (
    "within the stay",
    "what is done, in order",
    "one thing at a time",
    "work, exercise, sleep and meals",
    "racks, power, downlink, stowage and mass",
)


@dataclass(frozen=True)
class Flown:
    """What a plan is judged by: the station's `path` while both ships are docked, when the hatch opened and the ship
    left, and all that shook the station; s."""

    path: Trajectory
    world: World
    hatch: float
    undocking: float
    shaken: tuple[tuple[str, float], ...]


def each(plan: WeekPlan, asks: Callable[[Activity], object]) -> Iterator[tuple[Activity, Entry]]:
    by_name = {a.name: a for a in plan.rules.activities}
    return ((by_name[e.activity], e) for e in plan.entries if asks(by_name[e.activity]))


def short(rule: str, what: str, t: float, by: float, unit: str, slack: float = 0.0) -> Broken | None:
    return Broken(rule, what, t, by, unit) if by > slack else None
