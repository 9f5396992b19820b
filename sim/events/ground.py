"""A craft as seen from a place on the ground: rise, culmination, set."""

from __future__ import annotations

import math

import numpy as np

from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.crossing import TOUCH_M, Crossing, first_step, listed, seams
from sim.events.roots import Function
from sim.events.search import Zeros, zeros
from sim.events.sky import earth_fixed, sun, turning


def look(path: Trajectory, world: World, site: Site, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Elevation and azimuth (north over east), rad, and range, m, each (n,); no refraction, no light time."""
    east, north, up = _horizon(site)
    d = _from_site(path, world, site, times)
    distance = np.linalg.norm(d, axis=1)
    return np.arcsin(d @ up / distance), np.arctan2(d @ east, d @ north) % (2.0 * math.pi), distance


def look_at_sun(world: World, site: Site, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Elevation and azimuth (north over east) of the Sun's middle from a site, rad, each (n,); no refraction."""
    east, north, up = _horizon(site)
    d = np.einsum("nij,nj->ni", earth_fixed(world, times), sun(world, times)) - site.ecef()
    d /= np.linalg.norm(d, axis=1)[:, None]
    return np.arcsin(d @ up), np.arctan2(d @ east, d @ north) % (2.0 * math.pi)


def passes(path: Trajectory, world: World, site: Site, mask_deg: float = 0.0) -> list[Crossing]:
    """`aos`, `los`: the elevation rises above or falls below the mask; `culmination`: it turns, above the mask.

    A pass under way at the start or the end of the trajectory has no `aos` or no `los`. One whose highest point just
    touches the mask is one grazing `culmination` and neither of the others. Values: `elevation_deg`, `azimuth_deg`,
    `range_m`.
    """
    up, above, edge = _edges(path, world, site, mask_deg)

    def climb(t):
        """Range times the rate of the elevation's sine, m/s."""
        c = earth_fixed(world, t)
        r, v, _ = path.at(t)
        d = np.einsum("nij,nj->ni", c, r) - site.ecef()
        rate = np.einsum("nij,nj->ni", c, v - np.cross(turning(world, t), r))
        return rate @ up - (d @ up) * np.einsum("ij,ij->i", d, rate) / np.einsum("ij,ij->i", d, d)

    step, pieces = first_step(path), seams(path)
    grazing = edge.t[edge.direction == 0]
    edge = Zeros(edge.t[edge.direction != 0], edge.direction[edge.direction != 0])
    tops = [zeros(climb, window, step).only(-1).t for window in _windows(above, edge, pieces)]
    high = np.concatenate([np.empty(0), *tops])
    top = Zeros(np.append(high, grazing), np.append(-np.ones(high.size, dtype=int), np.zeros(grazing.size, dtype=int)))
    found = []
    for zero, rising, falling in ((edge, "aos", "los"), (top, "culmination", "culmination")):
        values = dict.fromkeys(("elevation_deg", "azimuth_deg", "range_m"), np.empty(0))
        if zero.t.size:
            elevation, azimuth, distance = look(path, world, site, zero.t)
            values = {"elevation_deg": np.degrees(elevation), "azimuth_deg": np.degrees(azimuth), "range_m": distance}
        found += listed(zero, rising, falling, values)
    return sorted(found, key=lambda crossing: crossing.t)


def in_view(path: Trajectory, world: World, site: Site, mask_deg: float = 0.0) -> list[tuple[float, float]]:
    """Start and end, s, of each stay above the mask, within the trajectory: the times of `passes` without the search
    for the highest points, which takes four times as long."""
    _, above, edge = _edges(path, world, site, mask_deg)
    sides = Zeros(edge.t[edge.direction != 0], edge.direction[edge.direction != 0])
    return [(w[0][0], w[-1][1]) for w in _windows(above, sides, [(path.start, path.end)]) if w]


def _edges(path: Trajectory, world: World, site: Site, mask_deg: float) -> tuple[np.ndarray, Function, Zeros]:
    """The site's vertical (3,), how far the craft stands above the mask (m, about), and where that is zero."""
    up = _horizon(site)[2]
    sine = math.sin(math.radians(mask_deg))

    def above(t):
        d = _from_site(path, world, site, t)
        return d @ up - sine * np.linalg.norm(d, axis=1)

    return up, above, zeros(above, seams(path), first_step(path), TOUCH_M)


def _windows(above: Function, edge: Zeros, pieces: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Each stay above the mask, as smooth pieces."""
    bounds = np.concatenate([[pieces[0][0]], edge.t, [pieces[-1][1]]])
    up = above(0.5 * (bounds[:-1] + bounds[1:])) > 0.0
    stays = zip(bounds[:-1][up].tolist(), bounds[1:][up].tolist(), strict=True)
    return [[(max(a, rise), min(b, fall)) for a, b in pieces if b > rise and a < fall] for rise, fall in stays]


def _horizon(site: Site) -> np.ndarray:
    """Rows east, north, up (3,3) at the site, Earth-fixed; up is the ellipsoid's normal."""
    sl, cl = math.sin(site.latitude), math.cos(site.latitude)
    so, co = math.sin(site.longitude), math.cos(site.longitude)
    return np.array([[-so, co, 0.0], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]])


def _from_site(path: Trajectory, world: World, site: Site, times: np.ndarray) -> np.ndarray:
    return np.einsum("nij,nj->ni", earth_fixed(world, times), path.at(times)[0]) - site.ecef()
