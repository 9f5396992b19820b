"""The rules of a station's life, each judged over the whole programme: kept or broken, when, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable

from sim.planning.rotation.judgement import Verdict
from sim.planning.rotation.rules_of_crews import early_return, handover, people, readiness, reserves, spacewalks
from sim.planning.rotation.rules_of_ships import docked_life, free_flight, lifeboat, port, standby
from sim.planning.rotation.timeline import Timeline

RULES: tuple[Callable[[Timeline], Verdict], ...] = (
    lifeboat,
    port,
    docked_life,
    free_flight,
    handover,
    people,
    reserves,
    standby,
    early_return,
    spacewalks,
    readiness,
)


def verdicts(found: Timeline) -> tuple[Verdict, ...]:
    """Every rule of the programme, judged."""
    return tuple(rule(found) for rule in RULES)
