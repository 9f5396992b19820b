"""The phases that can be flown dispersed: how each is made ready, what may be dispersed, and what is told of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import R_EQUATOR
from sim.flight import Failure, Leg
from sim.mission import Mission, fly
from sim.orbits import osculating_plane

Quantities = dict[str, float]


@dataclass(frozen=True)
class Dispersed:
    """`targets`: how the paths begin that may be dispersed. `quantities`: names with their unit, in the table's order,
    made by `measure` from the leg and the mission that was flown. `tell`: those whose causes are worth a picture.
    `planned` makes ready the phase, whose plan no run may change."""

    targets: tuple[str, ...]
    quantities: tuple[str, ...]
    tell: tuple[str, ...]
    measure: Callable[[Leg, Mission], Quantities]
    planned: Callable[[Mission], Mission]


def _ascent(leg: Leg, mission: Mission) -> Quantities:
    (phase,) = mission.phases
    notes, series = leg.notes, leg.series["ascent"]
    ship = leg.scene.flying[phase.ship_name]
    inclination, node, u = (
        math.degrees(float(x[0])) % 360.0 for x in osculating_plane(leg.end, ship.r, ship.v, mission.world)
    )
    h = np.cross(ship.r, ship.v)
    off = np.cross(h / np.linalg.norm(h), phase.aim.normal)  # by its sine: the angle is small
    return {
        "perigee_km": notes["perigee_km"],
        "apogee_km": notes["apogee_km"],
        "semi_major_axis_km": 1e-3 * R_EQUATOR + 0.5 * (notes["perigee_km"] + notes["apogee_km"]),
        "inclination_deg": inclination,
        "raan_deg": node,
        "argument_of_latitude_deg": u,
        "plane_error_deg": math.degrees(math.asin(min(1.0, float(np.linalg.norm(off))))),
        "phase_deg": notes["phase_deg"],
        "propellant_left_kg": notes["propellant_left_kg"],
        "insertion_s": notes["duration_s"],
        "max_dynamic_pressure_kpa": 1e-3 * float(series["dynamic_pressure_pa"].max()),
        "max_axial_load_g": float(series["axial_load_g"].max()),
    }


def _planned_ascent(mission: Mission) -> Mission:
    (phase,) = mission.phases
    planned = replace(phase.planned(mission.scene, mission.world), study=None)
    return replace(mission, phases=(planned,))


PHASES: Mapping[str, Dispersed] = {
    "ascent": Dispersed(
        targets=("launcher.", "air.", "wind.", "navigation."),
        quantities=(
            "perigee_km", "apogee_km", "semi_major_axis_km", "inclination_deg", "raan_deg", "argument_of_latitude_deg",
            "plane_error_deg", "phase_deg", "propellant_left_kg", "insertion_s", "max_dynamic_pressure_kpa",
            "max_axial_load_g",
        ),
        tell=("semi_major_axis_km", "inclination_deg", "propellant_left_kg"),
        measure=_ascent,
        planned=_planned_ascent,
    ),
}  # fmt: skip


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
