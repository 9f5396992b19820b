"""Where an orbit about a body without air meets its surface, a sphere: the instant on the dense output."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.core.root import root
from sim.core.trajectory import Trajectory
from sim.environment.world import World

SEARCH_M = 2.0e4  # above the surface, within which a pass between two nodes is looked at
WITHIN_S = 1.0e-9


def first_impact(path: Trajectory, radius: float) -> float | None:
    """The first time, s, at which the distance falls to `radius` m; None where it stays above.

    A lowest point between two nodes counts too: in 30 s of a low lunar orbit it may lie 0.2 km below both.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # of what has burst inside the body
        distance = np.linalg.norm(path.r, axis=1)
        climb = np.einsum("ij,ij->i", path.r, path.v)
        below = ~(distance > radius)
        turns = (climb[:-1] < 0.0) & (climb[1:] > 0.0) & (distance[:-1] < radius + SEARCH_M)
    first = int(np.argmax(below)) if below.any() else len(distance)

    def height(t: float) -> float:
        return float(np.linalg.norm(path.at(t)[0])) - radius

    for i in np.flatnonzero(turns[: max(first - 1, 0)]).tolist():
        lowest = root(lambda t: _climb(path, t), path.t[i], path.t[i + 1], WITHIN_S, "lowest point")
        if height(lowest) <= 0.0:
            return root(height, path.t[i], lowest, WITHIN_S, "passage through the surface")
    if first == len(distance):
        return None
    if first == 0:
        return float(path.t[0])
    return root(height, path.t[first - 1], path.t[first], WITHIN_S, "passage through the surface")


def _climb(path: Trajectory, t: float) -> float:
    r, v, _ = path.at(t)
    return float(r[0] @ v[0])


def impact_words(place: Mapping[str, float], world: World, t: float) -> str:
    """When, where, how fast and how steeply, in a sentence; `place` as of `impact_values`."""
    body = world.body.name if world.body else "Earth"
    return (
        f"the orbit meets the surface of the {body} {t:.3f} s after its epoch, at {world.zero.plus(t)}: latitude "
        f"{place['latitude_deg']:.3f} deg, longitude {place['longitude_deg']:.3f} deg, {place['speed_m_s']:.1f} m/s, "
        f"{place['angle_deg']:.2f} deg below the horizontal"
    )


def impact_values(path: Trajectory, world: World, t: float) -> dict[str, float]:
    """`latitude_deg`, `longitude_deg` in the axes of the maps, inertial `speed_m_s`, and `angle_deg` of the velocity
    below the horizontal."""
    r, v, _ = path.before(t)
    latitude, longitude, _ = world.geodetic(t, r)
    speed = float(np.linalg.norm(v[0]))
    sink = -float(r[0] @ v[0]) / (float(np.linalg.norm(r[0])) * speed) if speed else 0.0
    return {
        "latitude_deg": float(latitude[0]),
        "longitude_deg": float(longitude[0]),
        "speed_m_s": speed,
        "angle_deg": math.degrees(math.asin(min(max(sink, -1.0), 1.0))),
    }
