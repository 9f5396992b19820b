"""The phases that can be flown dispersed, and how a mission is brought to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.campaign.ascent import ASCENT
from sim.campaign.dispersed import Dispersed
from sim.campaign.docking import DOCKING
from sim.flight import Failure, Leg
from sim.mission import Mission, fly

PHASES: Mapping[str, Dispersed] = {"ascent": ASCENT, "docking": DOCKING}


def ready(mission: Mission, phase: str) -> tuple[Mission, tuple[Leg, ...]]:
    """The mission that begins with this one phase, planned for the nominal, and the legs that lead to it.

    Failure where the mission does not get there or has no such phase.
    """
    names = [p.name for p in mission.phases]
    if phase not in names:
        raise Failure(f"the mission has no phase '{phase}'; it has {', '.join(names)}")
    at = names.index(phase)
    before = fly(replace(mission, phases=mission.phases[:at])) if at else None
    if before and before.failed:
        raise Failure(f"{before.failed.phase}: {before.failed.reason}")
    legs = before.legs if before else ()
    scene = legs[-1].scene if legs else mission.scene
    return PHASES[phase].planned(replace(mission, scene=scene, phases=(mission.phases[at],))), legs
