"""What the page of a flight in three dimensions holds: its numbers, made from what a run stores.

Positions are GCRS in m, times in s since the flight's zero. A ship far from the station has its own path; within
`NEAR_M` of it during a whole leg, its path is the difference to the station's, so that the last metres are right to a
centimetre. A docked ship has no path: it sits at its port. Units and frames of each array stand in docs/viewer.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.trajectory import Trajectory
from sim.export.stored import PlotData
from sim.export.trajectories import FlownPath, Trajectories
from sim.files import packaged
from sim.report.plain_words import terms
from sim.report.plain_words.words import words
from sim.report.viewer import docked, turning
from sim.report.viewer.burns import burns
from sim.report.viewer.craft_data import craft_specs
from sim.report.viewer.instrument_data import Columns, instruments
from sim.report.viewer.near_data import zone_specs
from sim.report.viewer.nodes import Nodes, States, nodes
from sim.report.viewer.numbers import Numbers

NEAR_M = 200e3
FAR_TOLERANCE_M, NEAR_TOLERANCE_M = 0.5, 0.005
EARTH_EVERY, SUN_EVERY = 6, 6  # of the stored orientations (10 min) and directions (1 h)
COAST = "coast50.npz"


def pack(data: PlotData, flown: Trajectories) -> tuple[dict[str, Any], bytes]:
    """The page's text, as plain data, and its numbers."""
    numbers = Numbers()
    station = _station(data, flown)
    craft = [_craft(data, flown, station, name, numbers) for name in flown.vehicles]
    craft += [_craft(data, flown, station, name, numbers) for name in docked.never_flown(data, flown)]
    centres = docked.centres(data, flown, craft)
    specs = craft_specs(data.scenario, data)
    if station in specs:
        specs[station]["centres"] = centres
    for name, spec in specs.items():
        if "flow" in spec:
            spec["burns"] = burns(flown.vehicles.get(name, ()), spec["flow"])
    turns = turning.attitudes_of(data, flown, station)
    for each in craft:
        each |= _looks(specs.get(each["name"]))
        each["attitudes"] = [turning.refer(segment, numbers) for segment in turns.get(each["name"], ())]
    legs = [leg for path in flown.vehicles.values() for leg in path]
    start = min(leg.trajectory.start for leg in legs)
    end = max(leg.trajectory.end for leg in legs)
    earth = np.append(np.arange(0, len(flown.earth.t) - 1, EARTH_EVERY), len(flown.earth.t) - 1)
    sun = np.append(np.arange(0, len(flown.sun_t) - 1, SUN_EVERY), len(flown.sun_t) - 1)
    page = {
        "name": data.record["name"],
        "zero_utc": data.record["zero_utc"],
        "start": start,
        "end": end,
        "liftoff": data.when("liftoff"),
        "station": station,
        "phases": _phases(data),
        "events": [_event(data, event) for event in data.record["events"]],
        "crew": [{k: seat.get(k) for k in CREW} for seat in data.record["crew"]],
        "places": _places(data),
        "craft": craft,
        "centres": centres,
        "zones": zone_specs(data),
        "instruments": [_instruments(each, numbers) for each in instruments(data)],
        "earth": {"t": numbers.refer(flown.earth.t[earth]), "q": numbers.refer(flown.earth.q[earth])},
        "sun": {"t": numbers.refer(flown.sun_t[sun]), "direction": numbers.refer(flown.sun[sun])},
        "coast": _coast(numbers),
    }
    return page, b"".join(numbers.parts)


CREW = ("name", "role", "nation", "ship_up", "ship_down", "status")


def _station(data: PlotData, flown: Trajectories) -> str:
    name = data.scenario.get("station", {}).get("name", "")
    return name if name in flown.vehicles else ""


def _craft(data: PlotData, flown: Trajectories, station: str, name: str, numbers: Numbers) -> dict[str, Any]:
    legs = flown.vehicles.get(name, ())
    beside = {leg.leg: leg for leg in flown.vehicles.get(station, ())} if name != station else {}
    title = terms.station if name == station else terms.ship
    return {
        "name": name,
        "title": title(words("en"), name).removeprefix("the "),
        "kind": "station" if name == station else "ship",
        "paths": [_path(leg, beside.get(leg.leg), numbers) for leg in legs],
        "docked": docked.intervals(data, name, flown),
    }


def _looks(spec: dict[str, Any] | None) -> dict[str, Any]:
    """What a craft looks like, and where its docking camera sits: beside the ring, on the side away from the Earth."""
    if spec is None:
        return {}
    return {"spec": spec, **({"nose": [spec["ring"] - 0.1, 0.0, -1.05]} if "ring" in spec else {})}


def _instruments(leg: Columns, numbers: Numbers) -> dict[str, Any]:
    """The columns of one leg."""
    columns = {name: numbers.refer(column) for name, column in leg.columns.items()}
    return {"phase": leg.phase, "start": leg.start, "end": leg.end, "t": numbers.refer(leg.t), "columns": columns}


def _path(leg: FlownPath, station: FlownPath | None, numbers: Numbers) -> dict[str, Any]:
    """Of one leg; `relative` to the station where the ship is near it all the time."""
    found, relative = path_nodes(leg, station)
    kind = np.float32 if relative else np.float64
    return {
        "leg": leg.leg,
        "phase": leg.phase,
        "start": leg.trajectory.start,
        "end": leg.trajectory.end,
        "relative": relative,
        "t": numbers.refer(found.t),
        "r": numbers.refer(found.r.astype(kind)),
        "v": numbers.refer(found.v),
        "quintic": numbers.refer(found.quintic.astype(np.uint8)),
    }


def path_nodes(leg: FlownPath, station: FlownPath | None) -> tuple[Nodes, bool]:
    """The nodes of one leg, and whether they are relative to the station."""
    own = leg.trajectory
    ends = np.array([own.start, own.end])
    if station is not None and station.trajectory.start <= own.start and station.trajectory.end >= own.end:
        other = station.trajectory
        looks = np.linspace(own.start, own.end, 200)
        if np.max(np.linalg.norm(own.at(looks)[0] - other.at(looks)[0], axis=1)) < NEAR_M:
            edges = np.concatenate([ends, _edges(own), _edges(other)])
            edges = np.unique(edges[(edges >= own.start) & (edges <= own.end)])

            def difference(ask: str) -> States:
                def at(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
                    (r, v, _), (r0, v0, _) = getattr(own, ask)(t), getattr(other, ask)(t)
                    return (r - r0).astype(np.float32).astype(float), v - v0

                return at

            return nodes(difference("at"), difference("before"), edges, _near, falls=False), True
    edges = np.unique(np.concatenate([ends, _edges(own)]))
    return nodes(lambda t: own.at(t)[:2], lambda t: own.before(t)[:2], edges, _far), False


def _edges(path: Trajectory) -> np.ndarray:
    return path.t[1:][np.diff(path.t) == 0.0]


def _near(r: np.ndarray) -> np.ndarray:
    """5 mm near the station, 1e-5 of the range further off."""
    return np.maximum(NEAR_TOLERANCE_M, 1e-5 * np.linalg.norm(r, axis=1))


def _far(r: np.ndarray) -> np.ndarray:
    return np.full(len(r), FAR_TOLERANCE_M)


def _phases(data: PlotData) -> list[dict[str, Any]]:
    return [
        {"phase": leg["phase"], "start": data.seconds(leg["start_utc"]), "end": data.seconds(leg["end_utc"])}
        for leg in data.record["legs"]
    ]


def _event(data: PlotData, event: dict) -> dict[str, Any]:
    t = data.seconds(event["utc"])
    return {"name": event["name"], "t": t, "vehicle": event["vehicle"], "values": event["values"]}


def _places(data: PlotData) -> list[dict[str, Any]]:
    """The pad, the landing site, and where the capsule came down."""
    named = data.scenario.get("named", {})
    found = []
    for kind in ("launch_site", "landing_site"):
        if isinstance(site := named.get(kind), dict) and "latitude_deg" in site:
            name = site.get("name", kind.replace("_", " "))
            found.append(_place("pad" if kind == "launch_site" else "site", name, site, site.get("height_m", 0.0)))
    for event in data.events("touchdown"):
        if "latitude_deg" in event["values"]:
            found.append(_place("touchdown", "touchdown", event["values"], 0.0))
    return found


def _place(kind: str, name: str, at: dict, height: float) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "latitude_deg": at["latitude_deg"],
        "longitude_deg": at["longitude_deg"],
        "height_m": height,
    }


def _coast(numbers: Numbers) -> dict[str, Any]:
    """Rings of land, longitude and latitude in hundredths of a degree; a gap between two rings is -32768."""
    found = packaged.arrays(f"seeds/assets/{COAST}")
    points = np.round(100.0 * np.column_stack([found["lon"], found["lat"]]))
    moved = np.concatenate([[True], np.any(points[1:] != points[:-1], axis=1)])  # NaN differs from all
    return numbers.refer(np.where(np.isnan(points), -32768, points).astype(np.int16)[moved])
