"""A station as the viewer draws it: modules, solar arrays and arms in the axes of its vehicle file, and its ports.

Modules are bodies of revolution: `profile` (n, 2), share of the way from `from` to `to`, radius m.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.report.viewer.shape_facts import shape_of

MODULE_RADIUS_M, COLLAR_RADIUS_M = 2.1, 0.75
CLEAR_M = 0.3  # further out a port would float
ROUNDED = [[0.0, 0.45], [0.06, 0.9], [0.12, 1.0], [0.88, 1.0], [0.94, 0.9], [1.0, 0.45]]  # share of length, of radius


def station_shape(vehicle: str, file: Mapping) -> dict[str, Any]:
    """`file`: the vehicle file as a table. A station of which no shape is known is made from its ports alone."""
    known = shape_of(vehicle) or from_ports(file)
    ports = {name: _port(port) for name, port in file["ports"].items()}
    return {
        "kind": "station",
        "name": file["name"],
        "modules": [*(dict(module) for module in known["modules"]), *collars(known["modules"], file["ports"])],
        "wings": [dict(wing) for wing in known["wings"]],
        "arms": [dict(arm) for arm in known.get("arms", ())],
        "ports": ports,
    }


def _port(port: Mapping) -> dict[str, Any]:
    """`frame`: rows x, y, z of the docking frame in the station's axes; x goes into the station."""
    axis = np.array(port["axis"], dtype=float)
    return {
        "position": list(port["position_m"]),
        "axis": list(port["axis"]),
        "frame": (axes_of_port(axis) + 0.0).tolist(),
        "radius": port["tunnel_m"],
    }


def collars(modules: Sequence[Mapping], ports: Mapping[str, Mapping]) -> list[dict[str, Any]]:
    """A tube from the nearest module to each port that stands free of all."""
    found = []
    for name, port in ports.items():
        place = np.array(port["position_m"], dtype=float)
        feet = [_nearest(module, place) for module in modules]
        foot, out = min(feet, key=lambda each: each[1])
        if out > CLEAR_M:
            width = min(COLLAR_RADIUS_M * 2.0, MODULE_RADIUS_M)
            tube = [[0.0, width], [0.85, width], [1.0, COLLAR_RADIUS_M]]
            found.append({"name": name, "from": foot.tolist(), "to": place.tolist(), "profile": tube})
    return found


def _nearest(module: Mapping, place: np.ndarray) -> tuple[np.ndarray, float]:
    """The point (3,) of a module's axis that is nearest to a place, and how far that stands out of the module, m."""
    start, step = np.array(module["from"], dtype=float), np.subtract(module["to"], module["from"])
    foot = start + min(1.0, max(0.0, float((place - start) @ step / (step @ step)))) * step
    return foot, float(np.linalg.norm(place - foot)) - max(radius for _, radius in module["profile"])


def from_ports(file: Mapping) -> dict[str, Any]:
    """One module along x under all ports, and two arrays across."""
    places = [np.array(port["position_m"], dtype=float) for port in file["ports"].values()]
    xs = [0.0, *(float(place[0]) for place in places)]
    back, front = min(xs), max(xs)
    if front - back < 2.0 * MODULE_RADIUS_M:
        back, front = back - MODULE_RADIUS_M, front + MODULE_RADIUS_M
    body = [[share, radius * MODULE_RADIUS_M] for share, radius in ROUNDED]
    modules = [{"name": "modules", "from": [front, 0.0, 0.0], "to": [back, 0.0, 0.0], "profile": body}]
    middle = 0.5 * (back + front)
    length = max(6.0, math.sqrt(file["drag"]["area_m2"]) * 0.8)
    wings = [
        {
            "root": [middle, side * MODULE_RADIUS_M, 0.0],
            "along": [0.0, side, 0.0],
            "length": length,
            "width": length / 4,
        }
        for side in (1.0, -1.0)
    ]
    return {"modules": modules, "wings": wings}
