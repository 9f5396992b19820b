"""The phases that can be flown dispersed, and how a mission is brought to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.campaign.ascent import ASCENT
from sim.campaign.dispersed import Dispersed
from sim.campaign.docking import DOCKING
from sim.campaign.return_ import RETURN
from sim.campaign.whole import WHOLE
from sim.campaign.words import ALL, HOME, WAY_HOME, first_phase
from sim.core.flight import Leg
from sim.mission import Mission, reach_all_from

PHASES: Mapping[str, Dispersed] = {"ascent": ASCENT, "docking": DOCKING, HOME: RETURN, ALL: WHOLE}


def ready(mission: Mission, phase: str) -> tuple[Mission, tuple[Leg, ...]]:
    """The mission that begins with this one phase, planned for the nominal, and the legs that lead to it; all of it
    where whole flights are flown, and to the touchdown where returns are.

    Failure where the mission does not get there or has no such phase.
    """
    if phase == ALL:
        return PHASES[phase].planned(mission), ()
    ahead, scene, legs = reach_all_from(mission, first_phase(phase))
    last = WAY_HOME[-1] if phase == HOME else phase
    end = next((i for i, each in enumerate(ahead, 1) if each.name == last), len(ahead))
    return PHASES[phase].planned(replace(mission, scene=scene, phases=ahead[:end], branches={})), legs
