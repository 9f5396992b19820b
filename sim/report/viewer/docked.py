"""Who is docked when, and where: the place of a docked ship in the station's axes, from its centre of mass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.export.stored import PlotData
from sim.export.trajectories import Trajectories
from sim.report.viewer.craft_data import vehicle_of

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
    mated: list[tuple[float | None, float]] = []
    for event in data.record["events"]:
        if event["vehicle"] != ship:
            continue
        t = data.seconds(event["utc"])
        if event["name"] == "contact":
            touched = t
        elif event["name"] == "docked":
            mated.append((touched, t))
            open_ = t if touched is None else touched, event["values"].get("port", "")
            touched = None
        elif event["name"] == "undocking" and open_ is not None:
            found.append((*open_[:1], t, open_[1]))
            open_ = None
    if open_ is not None:
        found.append((open_[0], FOREVER, open_[1]))
    hard = {touch: t for touch, t in mated if touch is not None}
    return [
        {"start": a, "end": b, "port": port} | place(data, ship, port) | drawn_in(data, ship, hard.get(a))
        for a, b, port in found
    ]


def drawn_in(data: PlotData, ship: str, mated: float | None) -> dict[str, float]:
    """After contact the ring stands out by `out` m, and is retracted during `out_for` s up to `out_until`."""
    mechanism = vehicle(data, ship).get("docking", {})
    if mated is None or "retraction_m" not in mechanism:
        return {}
    return {"out": mechanism["retraction_m"], "out_for": mechanism["retraction_s"], "out_until": mated}


def centres(data: PlotData, flown: Trajectories, craft: Iterable[Mapping]) -> list[dict[str, Any]]:
    """The station's centre of mass (3,) m in the axes of its file, `from` and `to` s, by the masses of what is docked.

    The station's mass is that of its trajectory; a ship has the mass that it flew with, else that of the mission.
    """
    name = data.scenario.get("station", {}).get("name", "")
    legs = flown.vehicles.get(name, ())
    visits = [(each["name"], visit) for each in craft for visit in each["docked"]]
    edges = sorted({t for _, visit in visits for t in (visit["start"], visit["end"]) if t < FOREVER})
    found = []
    for a, b in zip(edges, [*edges[1:], FOREVER], strict=True):
        here = next((leg.trajectory for leg in legs if leg.trajectory.start <= a < leg.trajectory.end), None)
        if here is None:
            continue
        total = float(here.mass[np.searchsorted(here.t, a, side="right") - 1])
        aboard = [(ship, visit["position"]) for ship, visit in visits if visit["start"] <= a < visit["end"]]
        moment = sum((_mass(data, flown, ship, a) * np.array(place) for ship, place in aboard), np.zeros(3))
        found.append({"from": a, "to": b, "centre": (moment / total).tolist()})
    return found


def _mass(data: PlotData, flown: Trajectories, ship: str, t: float) -> float:
    """Of a docked ship, kg: as it came, or as it will leave, else as the mission has it."""
    legs = [leg.trajectory for leg in flown.vehicles.get(ship, ())]
    before = [path for path in legs if path.end <= t + 1.0]
    if before:
        return float(before[-1].mass[-1])
    if legs:
        return float(legs[0].mass[0])
    return float(next((e.get("mass_kg", 0.0) for e in data.scenario.get("docked", []) if e["ship"] == ship), 0.0))


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
    kind = dict(vehicle_of(data.scenario)).get(ship, "")
    return data.scenario.get("named", {}).get("ship_vehicles", {}).get(kind, {})
