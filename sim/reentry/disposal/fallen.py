"""Where the pieces of a craft that breaks up come down: an ellipse for each kind, and the area of them all."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np

from sim.ascent.range_safety.impact import footprint
from sim.ascent.range_safety.parts import EARTH, distance
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.reentry.disposal.parts import Disposal, Fallen

OUTLINE = 36  # points of an ellipse
LAST = 1800.0  # s of the path, in which all releases are looked for


def fallen(disposal: Disposal, path: Trajectory, land: np.ndarray, world: World) -> Fallen:
    """From the path as it was flown to the break-up; `land` (n, 2): latitudes and longitudes of coasts, deg."""
    times = np.append(np.arange(max(path.start, path.end - LAST), path.end, 1.0), path.end)
    latitude, longitude, height = world.geodetic(times, path.at(times)[0])
    rows, under = [], (latitude[-1], longitude[-1])
    highest = max(release.height for release in disposal.releases)
    for release in disposal.releases:
        t = _falls_through(release.height, times, height)
        if release.height == highest:
            under = float(np.interp(t, times, latitude)), float(np.interp(t, times, np.unwrap(longitude, period=360.0)))
        r, v, _ = (x[0] for x in path.at(t))
        site = Site("under the release", math.radians(under[0]), math.radians(under[1]), 0.0)
        found = footprint(release.piece, t, r, v, site, world)
        rows.append({**asdict(found), "height_km": release.height / 1e3, "impact_s": t + found.falls_for_s})
    rings = [_ring(row) for row in rows]
    outline = np.concatenate(rings)
    from_start = distance(*np.radians(under), *np.radians(outline.T)) / 1e3
    inside = disposal.zone.holds(*np.radians(outline.T))
    return Fallen(
        rows=tuple(rows),
        outline=outline,
        length_km=float(np.ptp(from_start)),
        width_km=2.0 * max(row["half_width_km"] for row in rows),
        inside=bool(inside.all()),
        land_km=_to_land(outline, land),
    )


def _falls_through(level: float, times: np.ndarray, height: np.ndarray) -> float:
    """When the path falls through a height; its end where that is the lowest point of it."""
    above = np.flatnonzero(height > level)
    k = int(above[-1]) if len(above) else 0
    if k + 1 >= len(times):
        return float(times[-1])
    return float(np.interp(level, [height[k + 1], height[k]], [times[k + 1], times[k]]))


def _ring(row: dict) -> np.ndarray:
    """Points (n, 2) of an ellipse on the ground, latitude and longitude in deg."""
    turn = np.linspace(0.0, 2.0 * math.pi, OUTLINE, endpoint=False)
    heading = math.radians(row["heading_deg"])
    along, across = 1e3 * row["half_length_km"] * np.cos(turn), 1e3 * row["half_width_km"] * np.sin(turn)
    north = along * math.cos(heading) - across * math.sin(heading)
    east = along * math.sin(heading) + across * math.cos(heading)
    angle, azimuth = np.hypot(north, east) / EARTH, np.arctan2(east, north)
    start = math.radians(row["latitude_deg"])
    latitude = np.arcsin(math.sin(start) * np.cos(angle) + math.cos(start) * np.sin(angle) * np.cos(azimuth))
    turned = np.arctan2(
        np.sin(azimuth) * np.sin(angle) * math.cos(start), np.cos(angle) - math.sin(start) * np.sin(latitude)
    )
    longitude = (row["longitude_deg"] + np.degrees(turned) + 180.0) % 360.0 - 180.0
    return np.column_stack([np.degrees(latitude), longitude])


def _to_land(outline: np.ndarray, land: np.ndarray) -> float:
    """The least distance between two sets of points, km."""
    a, b = (
        np.column_stack([np.cos(x) * np.cos(y), np.cos(x) * np.sin(y), np.sin(x)])
        for x, y in (np.radians(outline.T), np.radians(land.T))
    )
    return EARTH / 1e3 * float(np.arccos(np.clip((a @ b.T).max(), -1.0, 1.0)))
