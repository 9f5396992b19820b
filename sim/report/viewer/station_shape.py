"""A station as the viewer draws it: modules, solar arrays and arms in the axes of its vehicle file, and its ports.

Modules are bodies of revolution: `profile` (n, 2), share of the way from `from` to `to`, radius m.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.report.viewer.shape_facts import shape_of

MODULE_RADIUS_M, COLLAR_RADIUS_M = 2.1, 0.75
ROUNDED = [[0.0, 0.45], [0.06, 0.9], [0.12, 1.0], [0.88, 1.0], [0.94, 0.9], [1.0, 0.45]]  # share of length, of radius


def station_shape(vehicle: str, file: Mapping) -> dict[str, Any]:
    """`file`: the vehicle file as a table. A station of which no shape is known is made from its ports alone."""
    known = shape_of(vehicle) or from_ports(file)
    ports = {name: _port(port) for name, port in file["ports"].items()}
    return {
        "kind": "station",
        "name": file["name"],
        "modules": [dict(module) for module in known["modules"]],
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


def from_ports(file: Mapping) -> dict[str, Any]:
    """One module along x under all ports, a collar from it to each port that is not at its ends, two arrays across."""
    places = [np.array(port["position_m"], dtype=float) for port in file["ports"].values()]
    xs = [0.0, *(float(place[0]) for place in places)]
    back, front = min(xs), max(xs)
    if front - back < 2.0 * MODULE_RADIUS_M:
        back, front = back - MODULE_RADIUS_M, front + MODULE_RADIUS_M
    body = [[share, radius * MODULE_RADIUS_M] for share, radius in ROUNDED]
    modules = [{"name": "modules", "from": [front, 0.0, 0.0], "to": [back, 0.0, 0.0], "profile": body}]
    for name, port in file["ports"].items():
        place, axis = np.array(port["position_m"], dtype=float), np.array(port["axis"], dtype=float)
        foot = np.array([min(max(place[0], back), front), 0.0, 0.0])
        if abs(axis[0]) < 0.9 and np.linalg.norm(place - foot) > MODULE_RADIUS_M:
            tube = [[0.0, 1.0], [0.85, 1.0], [1.0, COLLAR_RADIUS_M]]
            modules.append({"name": name, "from": foot.tolist(), "to": place.tolist(), "profile": tube})
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
