"""A ship as the viewer draws it, in its body axes: x out of the docking ring, origin in the centre of mass, m.

The vehicle file says nearly all of it: the ring ends the ship in front, the thrusters of the service module end it
behind and say how wide it is, and the drag area of the capsule is its disk. What is left is proportion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.report.viewer.burns import main_flow
from sim.report.viewer.shape_facts import shape_of

DISK = 4.0 / math.pi
DOCKING_LENGTH_M, DOCKING_RADIUS_M = 0.7, 0.94  # of the mechanism: docking.envelope_length, docking.envelope_diameter
THRUSTERS_OUT = 0.9  # the body's radius, of that on which its thrusters sit
CAPSULE_LENGTH, ORBITAL_RADIUS, SPAN, WING_WIDTH = 1.0, 0.45, 6.0, 0.7  # of the capsule's or the body's diameter
# The bell: share of its length from the shield on, radius as a share of the greatest one.
BELL = [
    [0.0, 0.0],
    [0.02, 0.55],
    [0.06, 0.83],
    [0.1, 0.97],
    [0.14, 1.0],
    [0.45, 0.9],
    [0.7, 0.74],
    [0.85, 0.58],
    [0.93, 0.42],
    [0.96, 0.4],
    [1.0, 0.4],
]
SHIELD = 0.14  # the share of it that the heat shield covers
MIDDLING_KG, MIDDLING_RING_M = 8000.0, 4.5  # of a ship without a file


def ship_shape(vehicle: str, file: Mapping | None, mass_kg: float = MIDDLING_KG) -> dict[str, Any]:
    """`file`: the vehicle file as a table, None for a ship that is docked without one."""
    if file is None:
        return _plain(mass_kg)
    ring = file["docking"]["ring_from_centre_of_mass_m"]
    tail, front, radius = _service(file, ring)
    capsule = file.get("capsule")
    neck = ring - min(DOCKING_LENGTH_M, 0.15 * ring)
    modules = [_module("docking", [[ring, DOCKING_RADIUS_M * 0.8], [ring - 0.12, DOCKING_RADIUS_M], [neck, 1.0]])]
    if capsule:
        across = math.sqrt(DISK * capsule["area_m2"])
        top = front + min(CAPSULE_LENGTH * across, 0.6 * (neck - front))
        modules.append(_module("orbital", _can(neck, top + 0.02, ORBITAL_RADIUS * across)))
        modules.append(_module("capsule", _bell(front, top, 0.5 * across)))
    else:
        across = 2.0 * radius
        modules.append(_module("cargo", _can(neck, front, radius)))
    service = [[front, 0.5 * across if capsule else radius], [front - 0.35, radius * 0.9], [front - 0.5, radius * 0.9]]
    service += [[tail + 0.9, radius * 0.9], [tail + 0.3, radius], [tail, radius]]
    modules.append(_module("service", service))
    chutes = file.get("parachutes")
    return {
        "kind": "ship",
        "vehicle": vehicle,
        "name": file["name"],
        "ring": ring,
        "retraction": file["docking"]["retraction_m"],
        "ring_radius": 0.5 * file["docking"]["tunnel_m"] + 0.25,
        "modules": modules,
        "shield": [front, front + SHIELD * (top - front)] if capsule else None,
        "wings": _wings(shape_of(vehicle), radius, tail, front),
        "nozzle": {"x": tail, "radius": 0.35 * radius},
        "flow": main_flow(file["engines"]["main_thrust_n"], file["engines"]["main_isp_s"]),
        "parachutes": _parachutes(chutes) if chutes else None,
        "pushes": _pushes(file.get("deorbit") or {}),
    }


def _service(file: Mapping, ring: float) -> tuple[float, float, float]:
    """Where the service module ends behind and in front, and its radius."""
    places = [thruster["position_m"] for thruster in file.get("thrusters") or ()]
    if not places:
        return -ring, -0.2 * ring, 0.3 * ring
    xs = [x for x, _, _ in places]
    front = min(max(xs), 0.3 * ring)
    return min(min(xs), front - 1.5), front, THRUSTERS_OUT * max(0.5, *(math.hypot(y, z) for _, y, z in places))


def _module(name: str, profile: list[list[float]]) -> dict[str, Any]:
    """`profile` (n, 2): x and radius, m, from front to back."""
    return {"name": name, "profile": profile}


def _can(front: float, back: float, radius: float) -> list[list[float]]:
    """A cylinder with rounded ends."""
    edge = min(0.45 * radius, 0.3 * (front - back))
    ends = [(0.0, 0.62), (0.35, 0.85), (1.0, 1.0)]
    fore = [[front - share * edge, part * radius] for share, part in ends]
    return fore + [[back + share * edge, part * radius] for share, part in reversed(ends)]


def _bell(base: float, top: float, radius: float) -> list[list[float]]:
    return [[base + share * (top - base), part * radius] for share, part in reversed(BELL)]


def _wings(known: Mapping, radius: float, tail: float, front: float) -> list[dict[str, Any]]:
    span, width = known.get("array_span", SPAN * radius * 2.0), known.get("array_width", WING_WIDTH * radius * 2.0)
    x = 0.55 * front + 0.45 * tail
    length = max(0.5 * span - radius, 0.5)
    return [
        {"root": [x, side * 0.9 * radius, 0.0], "along": [0.0, side, 0.0], "length": length, "width": width}
        for side in (1.0, -1.0)
    ]


def _parachutes(chutes: Mapping) -> dict[str, float]:
    """Diameters of the open canopies, m: a canopy of the constructed area opens to some two thirds of its diameter."""
    return {
        "drogue": 0.67 * math.sqrt(DISK * chutes["drogue_area_m2"]),
        "main": 0.67 * math.sqrt(DISK * chutes["main_area_m2"]),
        "reefed": math.sqrt(chutes["reefed_fraction"]),
        "filling": chutes["filling_s"],
    }


def _pushes(deorbit: Mapping) -> dict[str, float]:
    return {
        "orbital": deorbit.get("orbital_module_push_m_s", 0.5),
        "service": deorbit.get("service_module_push_m_s", 0.5),
    }


def _plain(mass_kg: float) -> dict[str, Any]:
    """A can as large as its mass has it; it stands at its port, where the stack has it as a point."""
    ring = MIDDLING_RING_M * (mass_kg / MIDDLING_KG) ** (1.0 / 3.0)
    radius = 0.3 * ring
    return {
        "kind": "ship",
        "vehicle": "",
        "name": "ship without a vehicle file",
        "ring": ring,
        "retraction": 0.0,
        "ring_radius": 0.65,
        "modules": [_module("cargo", _can(ring, -ring, radius))],
        "shield": None,
        "wings": _wings({}, radius, -ring, 0.0),
        "nozzle": {"x": -ring, "radius": 0.3 * radius},
        "parachutes": None,
        "pushes": _pushes({}),
    }
