"""Who is docked when, and where: the place of a docked ship in the station's axes, from its centre of mass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.export.stored import PlotData
from sim.export.trajectories import Trajectories

FOREVER = 1e12


def never_flown(data: PlotData, flown: Trajectories) -> list[str]:
    """Ships that are docked during the whole flight."""
    return [each["ship"] for each in data.scenario.get("docked", []) if each["ship"] not in flown.vehicles]


def intervals(data: PlotData, ship: str, flown: Trajectories) -> list[dict[str, Any]]:
    """`start`, `end` s, and `port` of every time at which the ship is docked, with its place: `position` (3,) m of its
    centre of mass from the origin of the station's file, `axes` (3, 3): rows x, y, z of its body in the station's."""
    start = next((leg.trajectory.start for path in flown.vehicles.values() for leg in path[:1]), 0.0)
    open_: tuple[float, str] | None = None
    for each in data.scenario.get("docked", []):
        if each["ship"] == ship:
            open_ = start, each["port"]
    found: list[tuple[float, float, str]] = []
    touched: float | None = None
    for event in data.record["events"]:
        if event["vehicle"] != ship:
            continue
        t = data.seconds(event["utc"])
        if event["name"] == "contact":
            touched = t
        elif event["name"] == "docked":
            open_ = t if touched is None else touched, event["values"].get("port", "")
        elif event["name"] == "undocking" and open_ is not None:
            found.append((*open_[:1], t, open_[1]))
            open_ = None
    if open_ is not None:
        found.append((open_[0], FOREVER, open_[1]))
    return [{"start": a, "end": b, "port": port} | place(data, ship, port) for a, b, port in found]


def place(data: PlotData, ship: str, port: str) -> dict[str, Any]:
    """Where a ship sits at a port; at the station's origin where the scenario does not say where its ports are."""
    ports = data.scenario.get("named", {}).get("station_vehicle", {}).get("ports", {})
    if port not in ports:
        return {"position": [0.0, 0.0, 0.0], "axes": np.eye(3).tolist()}
    axis = np.array(ports[port]["axis"], float)
    position = np.array(ports[port]["position_m"], float) + ring(data, ship) * axis
    return {"position": position.tolist(), "axes": axes_of_port(axis).tolist()}


def ring(data: PlotData, ship: str) -> float:
    """From a ship's centre of mass to its docking ring, m; 0 where its vehicle is not known."""
    return float(vehicle(data, ship).get("docking", {}).get("ring_from_centre_of_mass_m", 0.0))


def vehicle(data: PlotData, ship: str) -> Mapping:
    """The file of a ship's vehicle, empty where the scenario holds none."""
    flights = [data.scenario.get(block, {}) for block in ("launch", "return")]
    flights += data.scenario.get("docked", [])
    kinds = [each["vehicle"] for each in flights if each.get("ship") == ship and "vehicle" in each]
    return data.scenario.get("named", {}).get("ship_vehicles", {}).get(kinds[0], {}) if kinds else {}
