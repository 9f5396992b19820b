"""A launcher as the viewer draws it, along x from the ground up, m: stages, boosters, fairing, escape tower.

Its vehicle file has no lengths. A stage is as long as its propellant fills it, with a third more for engines and what
is between the tanks; the whole is then stretched to the published height where that is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.report.viewer.shape_facts import shape_of

DISK = 4.0 / math.pi
AROUND_THE_TANKS = 1.3
CORE_OF_FAIRING, ASPECT_OF_BOOSTER = 0.88, 7.0
TOWER_M = 8.0
# Specific impulse in vacuum s, from which a pair of propellants has that mean density kg/m3: hydrogen, kerosene.
DENSITIES = ((400.0, 360.0), (315.0, 1030.0), (0.0, 1180.0))


def launcher_shape(vehicle: str, file: Mapping, ship: Mapping) -> dict[str, Any]:
    """`ship`: the shape of what it carries. `burning` of a part: the events between which its engines burn, "" for the
    lift-off; `until`: the event at which it leaves."""
    known = shape_of(vehicle)
    widest = math.sqrt(DISK * file["phases"][-1]["drag_area_m2"])
    core = known.get("core_diameter", CORE_OF_FAIRING * widest)
    ship_length = ship["ring"] - ship["nozzle"]["x"]
    jettisons = {jettison["event"]: jettison for jettison in file.get("jettisons") or ()}
    fairing = next((event for event in jettisons if "fairing" in event), None)
    tower = next((event for event in jettisons if "tower" in event), None)
    nose = ship_length + 0.9 * widest if fairing else ship_length
    above = nose + (TOWER_M if tower else 0.0)
    cores = [stage for stage in file["stages"] if stage.get("count", 1) == 1]
    lengths = [_length(stage, core) for stage in cores]
    if "height" in known and known["height"] - above > 0.3 * sum(lengths):
        lengths = [length * (known["height"] - above) / sum(lengths) for length in lengths]
    parts, x = [], 0.0
    for stage, length in zip(cores, lengths, strict=True):
        parts.append({"kind": "stage", "from": x, "to": x + length, "radius": 0.5 * core, **_life(file, stage)})
        x += length
    return {
        "name": file["name"],
        "parts": [*parts, *_boosters(file, core, lengths[0])],
        "top": x,
        "ship": x - ship["nozzle"]["x"] + (0.4 if fairing else 0.0),
        "fairing": {"from": x, "to": x + nose, "radius": 0.5 * widest, "until": fairing} if fairing else None,
        "tower": {"from": x + nose, "to": x + above, "until": tower} if tower else None,
        "height": x + above,
        "last": file["phases"][-1]["event"],
    }


def _length(stage: Mapping, diameter: float) -> float:
    impulse = max(engine["isp_vacuum_s"] for engine in stage["engines"])
    density = next(density for limit, density in DENSITIES if impulse >= limit)
    return AROUND_THE_TANKS * DISK * stage["propellant_kg"] / (density * diameter**2)


def _life(file: Mapping, stage: Mapping) -> dict[str, Any]:
    """The events between which a stage burns, and the one at which it leaves; the last stage stays until the ship
    leaves it."""
    start, burning, until = "", [], file["phases"][-1]["event"]
    for phase in file["phases"]:
        if any(name.partition(".")[0] == stage["name"] for name in phase["burning"]):
            burning.append([start, phase["event"]])
        if stage["name"] in (phase.get("drops") or ()):
            until = phase["event"]
        start = phase["event"]
    return {"name": stage["name"], "burning": burning, "until": until, "engines": _engines(stage)}


def _engines(stage: Mapping) -> int:
    return max(1, sum(engine.get("count", 1) for engine in stage["engines"] if "vernier" not in engine.get("name", "")))


def _boosters(file: Mapping, core: float, core_length: float) -> list[dict[str, Any]]:
    """All boosters, evenly around the core; as wide as the drag area of the first phase leaves room, or slender."""
    kinds = [stage for stage in file["stages"] if stage.get("count", 1) > 1]
    if not kinds:
        return []
    total = sum(stage["count"] for stage in kinds)
    left = file["phases"][0]["drag_area_m2"] - core**2 / DISK
    slender = (DISK * kinds[0]["propellant_kg"] / (1500.0 * ASPECT_OF_BOOSTER)) ** (1.0 / 3.0)
    across = math.sqrt(DISK * left / total) if left > 0.1 * core**2 * total else slender
    parts, place = [], 0
    for stage in kinds:
        length = min(_length(stage, across) + 1.25 * across, 0.95 * core_length + 2.0)
        for _ in range(stage["count"]):
            angle = math.pi / 4 + 2.0 * math.pi * place / total
            part = {"kind": "booster", "from": 0.0, "to": length, "radius": 0.5 * across, "angle": angle}
            parts.append({**part, "out": 0.5 * (core + across) + 0.05, **_life(file, stage)})
            place += 1
    return parts
