"""Passes of an orbit over a landing site: when, and how far to the side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.trajectory import Trajectory
from sim.environment.world import Site, World
from sim.orbit.propagate import semi_major_axis


@dataclass(frozen=True)
class Landing:
    """`overflight`: when the orbit passes abeam of the site, s; `cross_track`: how far right of the track it is, m."""

    overflight: float
    cross_track: float
    period: float


def landings(
    path: Trajectory, site: Site, world: World, start: float, end: float, within: float = 400e3
) -> list[Landing]:
    """Every pass abeam of the site between start and end with at most `within` m of cross-track."""
    start, end = max(start, path.start), min(end, path.end)
    r, v, _ = path.at(start)
    period = 2.0 * math.pi * math.sqrt(float(semi_major_axis(r, v)[0]) ** 3 / MU_EARTH)
    place = site.ecef() / np.linalg.norm(site.ecef())

    def ahead(t: float) -> float:
        return _abeam(t, path, place, world)[0]

    grid = np.arange(start, end, period / 24.0)
    values = [ahead(t) for t in grid]
    found = []
    for a, b, fa, fb in zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True):
        if fa > 0.0 >= fb and fa - fb < math.pi:
            t = float(brentq(ahead, a, b, xtol=1e-3))
            side = _abeam(t, path, place, world)[1] * 6371e3
            if abs(side) <= within:
                found.append(Landing(t, side, period))
    return found


def _abeam(t: float, path: Trajectory, place: np.ndarray, world: World) -> tuple[float, float]:
    """Angle along the ground track to the site (rad, positive ahead) and across it (positive to the right)."""
    c = world.ecef(t)
    r, v, _ = path.at(t)
    p, d = c @ r[0], c @ v[0]
    d = d - np.cross([0.0, 0.0, OMEGA_EARTH], p)
    up = p / np.linalg.norm(p)
    right = np.cross(d, up)
    right /= np.linalg.norm(right)
    ahead = np.cross(up, right)
    return math.atan2(float(place @ ahead), float(place @ up)), math.asin(float(place @ right))
