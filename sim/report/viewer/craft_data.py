"""What the viewer draws close up, as plain tables: every craft of a mission from its vehicle file, and when it changes.

Lengths in m; a ship stands in its body axes, a station in the axes of its vehicle file, both about the centre of mass.
Times are seconds since zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.core.docking_record import ClosedLoopRecord
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
    station["visits"] = visits(scenario, data)
    station["centres"] = centres(station, ships, data)
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
    mass = block.get("mass_kg") or (sum(v for v in file["mass"].values() if v) if file else 0.0)
    spec = ship_shape(vehicle, file, mass or MIDDLING_KG)
    # What the stack has as a point at the port (sim/core/station_stack.py) is drawn at the port, but is no arm of it.
    return {**spec, "mass_kg": mass, "lever": spec["ring"] if file else 0.0, "title": ship}


def _events(data: PlotData | None, vehicle: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for event in data.record["events"] if data else ():
        if event["vehicle"] == vehicle:
            found.setdefault(event["name"], []).append(data.seconds(event["utc"]))
    return found


def visits(scenario: Mapping, data: PlotData | None) -> list[dict[str, Any]]:
    """Who is docked where from when to when; None: before the flight, or beyond its end."""
    open_ = {
        block["ship"]: {"ship": block["ship"], "port": block["port"], "from": None, "to": None}
        for block in scenario.get("docked") or ()
    }
    found = list(open_.values())
    for event in data.record["events"] if data else ():
        ship, t = event["vehicle"], data.seconds(event["utc"])
        if event["name"] == "undocking" and ship in open_:
            open_.pop(ship)["to"] = t
        if event["name"] == "docked" and (port := _port_at(data, ship, t)):
            open_[ship] = {"ship": ship, "port": port, "from": t, "to": None}
            found.append(open_[ship])
    return found


def closed_loops(data: PlotData) -> Iterator[tuple[float, float, ClosedLoopRecord]]:
    """Every leg in closed loop near the station: start, end, record."""
    for leg, entry in zip(data.legs, data.record["legs"], strict=True):
        if isinstance(leg.record, ClosedLoopRecord):
            yield data.seconds(entry["start_utc"]), data.seconds(entry["end_utc"]), leg.record


def _port_at(data: PlotData, ship: str, t: float) -> str | None:
    """The port of the last leg before `t` in which the ship flew to one."""
    ports = [r.port.name for start, _, r in closed_loops(data) if r.port.ship == ship and start < t]
    return ports[-1] if ports else None


def centres(station: Mapping, ships: Mapping[str, Mapping], data: PlotData | None) -> list[dict[str, Any]]:
    """The station's centre of mass in the axes of its file (3,) m, from when to when.

    In a leg in closed loop as flown: where the file has the port, less where the leg had it. Between such legs by the
    masses of the ships as the mission has them, which differ from the flown ones by what was burnt: some centimetres.
    """
    found: list[dict[str, Any]] = []
    for start, end, record in closed_loops(data) if data else ():
        port = station["ports"].get(record.port.name)
        if port:
            centre = np.array(port["position"]) - record.port.position_m
            found.append({"from": start, "to": end, "centre": centre.tolist()})
    edges = sorted({t for visit in station["visits"] for t in (visit["from"], visit["to"]) if t is not None})
    for start, end in zip([None, *edges], [*edges, None], strict=True):
        total, moment = station["modules_kg"], np.zeros(3)
        for visit in station["visits"]:
            if _covers(visit, start, end):
                port, mass = station["ports"][visit["port"]], ships[visit["ship"]]["mass_kg"]
                arm = np.array(port["position"]) + ships[visit["ship"]]["lever"] * np.array(port["axis"])
                total, moment = total + mass, moment + mass * arm
        found.append({"from": start, "to": end, "centre": (moment / total).tolist()})
    return found


def _covers(visit: Mapping, start: float | None, end: float | None) -> bool:
    begun = visit["from"] is None or (start is not None and visit["from"] <= start)
    return begun and (visit["to"] is None or (end is not None and visit["to"] >= end))
