"""The ascent as seen from the ground: where to look, and when it rises and sets. Refraction is left out."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from sim.core.trajectory import Trajectory
from sim.environment.world import Site, World
from sim.events.ground import look

STEP = 1.0  # s
FAR_ENOUGH = 10.0  # m: who stands on the pad has no direction to look to before the rocket is gone
EDGE_S = 1.0e-3


def view(site: Site, path: Trajectory, world: World) -> tuple[dict[str, np.ndarray], dict]:
    """The history in steps of a second while it is above the horizon, and its rise, set, highest and nearest."""
    times = np.append(np.arange(path.start, path.end, STEP), path.end)
    if np.linalg.norm(path.r[0] - world.site_eci(site, path.start)[0]) < FAR_ENOUGH:
        times = times[1:]
    elevation, azimuth, away = look(path, world, site, times)
    above = elevation >= 0.0
    edges = np.flatnonzero(above[1:] != above[:-1])

    def height(t: float) -> float:
        return float(look(path, world, site, np.array([t]))[0][0])

    found = [brentq(height, times[i], times[i + 1], xtol=EDGE_S) for i in edges]
    series = {
        "t_s": times[above],
        "azimuth_deg": np.degrees(azimuth[above]),
        "elevation_deg": np.degrees(elevation[above]),
        "range_km": 1e-3 * away[above],
    }
    rises = [t for t, i in zip(found, edges, strict=True) if not above[i]]
    sets = [t for t, i in zip(found, edges, strict=True) if above[i]]
    told: dict = {"site": site.name, "visible": bool(above.any())}
    if above.any():
        top = int(np.argmax(series["elevation_deg"]))
        told |= {
            "rises_s": rises[0] - path.start if rises else None,
            "sets_s": sets[-1] - path.start if sets else None,
            "highest_deg": float(series["elevation_deg"][top]),
            "highest_at_s": float(series["t_s"][top]) - path.start,
            "highest_azimuth_deg": float(series["azimuth_deg"][top]),
            "nearest_km": float(series["range_km"].min()),
        }
    else:
        told |= {"below_horizon_deg": -math.degrees(float(elevation.max()))}
    return series, told
