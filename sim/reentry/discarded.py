"""Where what the capsule drops under its parachutes comes down: the cover of the parachutes, the heat shield."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from kernels.constants import G0, OMEGA_EARTH
from kernels.orbit.forces import acceleration, scratch
from sim.core.module_ends import FallenParts
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Discarded
from sim.environment.world import World

TERMINAL = Simplification(
    "descent.discarded",
    "What is dropped under the parachutes falls at its terminal speed at once, and drifts with the wind.",
    "discarded parts",
)
LAYERS = 25  # of the fall
METRES = 6.371e6 * math.pi / 180.0  # of a degree, on the mean sphere
SIGMAS = 3.0  # of the ellipse: 98.9 % of a normal law in two dimensions
NARROWEST = 0.1  # km, of an ellipse: what a part glides or tumbles to the side


def discarded(
    parts: Sequence[Discarded], times: Mapping[str, float], path: Trajectory, ground: float, world: World
) -> FallenParts | None:
    """The parts whose moment is among `times` (s, by name), dropped along `path`, down to `ground` m; None without any.

    The ellipse lies along the drift: how far a part drifts goes with the root of its drag area for its mass.
    """
    dropped = [part for part in parts if part.event in times]
    if not dropped:
        return None
    rows = [_fallen(part, times[part.event], path, ground, world) for part in dropped]
    columns = np.array(rows).T
    names = (
        "impact_s",
        "latitude_deg",
        "longitude_deg",
        "half_length_km",
        "half_width_km",
        "heading_deg",
        "speed_m_s",
        "mass_per_drag_area_kg_m2",
    )
    return FallenParts(
        name=np.array([part.name for part in dropped]),
        count=np.ones(len(dropped), dtype=int),
        **dict(zip(names, columns, strict=True)),
    )


def _fallen(part: Discarded, t: float, path: Trajectory, ground: float, world: World) -> tuple[float, ...]:
    """One row of the table, but for its name and count."""
    r = path.at(t)[0][0]
    latitude, longitude, height = (float(x[0]) for x in world.geodetic(t, r))
    heights = np.linspace(height, ground, LAYERS + 1)
    middles = 0.5 * (heights[1:] + heights[:-1])
    speeds = np.sqrt(2.0 * part.mass * G0 / (part.cda * densities(middles, height, t, r, world)))
    durations = (height - ground) / LAYERS / speeds
    wind = world.wind
    east, north = (float(np.interp(middles, wind[:, 0], wind[:, k]) @ durations) if len(wind) else 0.0 for k in (1, 2))
    drift = math.hypot(east, north)
    return (
        t + float(durations.sum()),
        latitude + north / METRES,
        longitude + east / (METRES * math.cos(math.radians(latitude))),
        max(SIGMAS * 0.5 * part.spread * drift / 1e3, NARROWEST),
        NARROWEST,
        math.degrees(math.atan2(east, north)) % 180.0,
        float(speeds[-1]),
        part.mass / part.cda,
    )


def densities(heights: np.ndarray, start: float, t: float, r: np.ndarray, world: World) -> np.ndarray:
    """Of the air at heights (n,) m over the place r (3,), GCRS m, which is at height `start`, kg/m3: from what it takes
    of a body that moves through it at 1 m/s."""
    up = r / np.linalg.norm(r)
    turning = OMEGA_EARTH * world.true_of_date(t)[2]
    work, still, drawn, pull = scratch(), world.forces._replace(drag=0), np.empty(3), np.empty(3)
    found = np.empty(len(heights))
    for k, height in enumerate(heights):
        place = r + (height - start) * up
        v = np.cross(turning, place) + up
        acceleration(t, place, v, world.forces, 2.0, work, drawn)
        acceleration(t, place, v, still, 0.0, work, pull)
        found[k] = -float((drawn - pull) @ up)
    return found
