"""The ascent as seen from the ground: azimuth, elevation, rise and set. Refraction is neglected."""

from __future__ import annotations

import math

import numpy as np

from sim.core.ascent_record import HiddenView, SightedView, ViewHistory
from sim.core.ground_site import Site
from sim.core.root import root
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.ground import look

STEP = 1.0  # s
MIN_DISTANCE = 10.0  # m: on the pad there is no direction before the rocket has moved
EDGE_S = 1.0e-3


def view(site: Site, path: Trajectory, world: World) -> tuple[ViewHistory, SightedView | HiddenView]:
    """The history in steps of a second while it is above the horizon, and its rise, set, highest and nearest."""
    times = np.append(np.arange(path.start, path.end, STEP), path.end)
    if np.linalg.norm(path.r[0] - world.site_eci(site, path.start)[0]) < MIN_DISTANCE:
        times = times[1:]
    elevation, azimuth, distance = look(path, world, site, times)
    above = elevation >= 0.0
    edges = np.flatnonzero(above[1:] != above[:-1])

    def height(t: float) -> float:
        return float(look(path, world, site, np.array([t]))[0][0])

    what = f"rise or set seen from {site.name}"
    found = [root(height, times[i], times[i + 1], EDGE_S, what, lambda t: str(world.zero.plus(t))) for i in edges]
    history = ViewHistory(
        t_s=times[above],
        azimuth_deg=np.degrees(azimuth[above]),
        elevation_deg=np.degrees(elevation[above]),
        range_km=1e-3 * distance[above],
    )
    if not above.any():
        return history, HiddenView(site.name, False, -math.degrees(float(elevation.max())))
    rises = [t for t, i in zip(found, edges, strict=True) if not above[i]]
    sets = [t for t, i in zip(found, edges, strict=True) if above[i]]
    top = int(np.argmax(history.elevation_deg))
    return history, SightedView(
        site=site.name,
        visible=True,
        rises_s=rises[0] - path.start if rises else None,
        sets_s=sets[-1] - path.start if sets else None,
        highest_deg=float(history.elevation_deg[top]),
        highest_at_s=float(history.t_s[top]) - path.start,
        highest_azimuth_deg=float(history.azimuth_deg[top]),
        nearest_km=float(history.range_km.min()),
    )
