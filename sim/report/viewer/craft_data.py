"""What the viewer draws close up, as plain tables: every craft of a mission from its vehicle file, and when it changes.

Lengths in m; a ship stands in its body axes, a station in the axes of its vehicle file, both about the centre of mass.
Times are seconds since zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.export.stored import PlotData
from sim.report.viewer.launcher_shape import launcher_shape
from sim.report.viewer.ship_shape import MIDDLING_KG, ship_shape
from sim.report.viewer.station_shape import station_shape


def craft_specs(scenario: Mapping, data: PlotData | None = None) -> dict[str, Any]:
    """By vehicle what to draw; `scenario` as resolved, `data` of a flight (None: before it, nothing happens then)."""
    vehicles = dict(vehicle_of(scenario))
    docked = {block["ship"]: block for block in scenario.get("docked") or ()}
    ships = {ship: _ship(scenario, ship, vehicle, docked.get(ship, {})) for ship, vehicle in vehicles.items()}
    for ship, launcher, file in launches(scenario):
        ships[ship]["launcher"] = launcher_shape(launcher, file, ships[ship])
    for ship, spec in ships.items():
        spec["events"] = _events(data, ship)
    start, file = scenario.get("station", {}), scenario.get("named", {}).get("station_vehicle")
    if file is None:
        return ships
    station = station_shape(start["vehicle"], file)
    station["events"] = _events(data, start["name"])
    return {start["name"]: station, **ships}


def vehicle_of(scenario: Mapping) -> Iterator[tuple[str, str]]:
    """Every ship of a mission with the name of its vehicle file, "" for one without."""
    launch = scenario.get("launch")
    for block in (*(scenario.get("docked") or ()), *(scenario.get("ships") or ()), *([launch] if launch else ())):
        yield block["ship"], block.get("vehicle") or ""


def launches(scenario: Mapping) -> Iterator[tuple[str, str, Mapping]]:
    """Each ship that is launched, with the name and the table of its launcher."""
    named = scenario.get("named", {})
    if (launch := scenario.get("launch")) and "launcher" in named:
        yield launch["ship"], launch["launcher"], named["launcher"]
    for entry in scenario.get("sequence") or ():
        if entry["phase"] == "ascent":
            yield entry["ship"], entry["launcher"], named["launchers"][entry["launcher"]]


def _ship(scenario: Mapping, ship: str, vehicle: str, block: Mapping) -> dict[str, Any]:
    file = scenario.get("named", {}).get("ship_vehicles", {}).get(vehicle)
    spec = ship_shape(vehicle, file, block.get("mass_kg") or MIDDLING_KG)
    return {**spec, "title": ship}


def _events(data: PlotData | None, vehicle: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    if data is None:
        return found
    for event in data.record["events"]:
        if event["vehicle"] == vehicle:
            found.setdefault(event["name"], []).append(data.seconds(event["utc"]))
    return found
