"""The sky of a site on another body: where the Sun, the Earth, places on the Earth and a relay stand over its horizon.

All of it geometric: no light time, no refraction. The body is a sphere in the axes of its maps, the Earth WGS-84 by
IAU 2006/2000A. Every angle is given by its sine, which is smooth, for the search for roots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.records import Body, Orientation
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.central_body import CentralBody, orientation_of
from sim.environment.orientation import iau2006, turned_each
from sim.environment.world import body_table

SPAN_S, TERMS = 2.0 * 86400.0, 12  # of a series, as of an orbit about the body
DAY = 86400.0


@dataclass(frozen=True, eq=False)
class SurfaceSky:
    """`place` (3,) m of the site in the axes of the body's maps and its vertical `up` (3,); `radius` m of the body.
    Tables of the Earth and the Sun from the body's centre, and of how both bodies are turned; times are s from
    `zero`."""

    zero: Epoch
    place: np.ndarray
    up: np.ndarray
    radius: float
    earth: Body
    sun: Body
    own: Orientation
    ground: Orientation

    def of_sun(self, t: np.ndarray) -> np.ndarray:
        """Sine of the elevation of the Sun's middle (n,)."""
        return self._over_site(t, series(self.sun, t))

    def of_earth(self, t: np.ndarray) -> np.ndarray:
        """Sine of the elevation of the Earth's middle (n,)."""
        return self._over_site(t, series(self.earth, t))

    def of_station(self, t: np.ndarray, station: Site) -> np.ndarray:
        """Sine of the elevation of a place on the Earth (n,), over the site's horizon."""
        return self._over_site(t, self.from_body(t, station))

    def of_craft(self, t: np.ndarray, path: Trajectory) -> np.ndarray:
        """Sine of the elevation of a craft about the body (n,), over the site's horizon."""
        return self._over_site(t, path.at(t)[0])

    def at_station(self, t: np.ndarray, station: Site, path: Trajectory | None = None) -> np.ndarray:
        """Sine of the elevation of the site (n,), or of a craft about the body, over the horizon of a place on the
        Earth."""
        r = path.at(t)[0] if path else np.einsum("nji,j->ni", turned_each(self.own, t), self.place)
        seen = np.einsum("nij,nj->ni", turned_each(self.ground, t), r - series(self.earth, t)) - station.ecef()
        return seen @ vertical(station) / np.linalg.norm(seen, axis=1)

    def hidden(self, t: np.ndarray, station: Site, path: Trajectory) -> np.ndarray:
        """How far the body hides a craft from a place on the Earth, m (n,): below zero it does not.

        The way that the line of sight goes toward the body, less the way from the craft to the body's horizon.
        """
        r = path.at(t)[0]
        line = self.from_body(t, station) - r
        toward = -np.einsum("ni,ni->n", r, line) / np.linalg.norm(line, axis=1)
        square = np.einsum("ni,ni->n", r, r) - self.radius**2
        return toward - np.sqrt(np.maximum(square, 0.0))

    def from_body(self, t: np.ndarray, station: Site) -> np.ndarray:
        """A place on the Earth from the body's centre, ICRS axes, m (n,3)."""
        return series(self.earth, t) + np.einsum("nji,j->ni", turned_each(self.ground, t), station.ecef())

    def _over_site(self, t: np.ndarray, r: np.ndarray) -> np.ndarray:
        """Sine of the elevation of positions (n,3) m from the body's centre."""
        seen = np.einsum("nij,nj->ni", turned_each(self.own, t), r) - self.place
        return seen @ self.up / np.linalg.norm(seen, axis=1)


def surface_sky(body: CentralBody, latitude_deg: float, longitude_deg: float, height: float, span: tuple) -> SurfaceSky:
    """The sky of a site, planetocentric in the axes of the body's maps, `height` m over its sphere, for `span`: an
    epoch and the seconds after it."""
    zero, end = span
    first, last = -DAY, end + DAY
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    return SurfaceSky(
        zero=zero,
        place=(body.radius + height) * up,
        up=up,
        radius=body.radius,
        earth=body_table("earth", zero, first, last, SPAN_S, TERMS, 0.0, body.ephemeris),
        sun=body_table("sun", zero, first, last, SPAN_S, TERMS, 0.0, body.ephemeris),
        own=orientation_of(body, body.map_axes, zero, first, last),
        ground=iau2006(zero, first, last),
    )


def series(table: Body, t: np.ndarray) -> np.ndarray:
    """Positions (n,3) m of a table at times (n,), which lie in it."""
    u = (t - table.t0) / table.span
    k = np.clip(np.floor(u).astype(np.int64), 0, len(table.coeffs) - 1)
    x = (2.0 * (u - k) - 1.0)[:, None]
    rows = table.coeffs[k]  # (n, 3, terms)
    b1, b2 = np.zeros((len(t), 3)), np.zeros((len(t), 3))
    for i in range(rows.shape[2] - 1, 0, -1):
        b1, b2 = 2.0 * x * b1 - b2 + rows[:, :, i], b1
    return x * b1 - b2 + rows[:, :, 0]


def vertical(site: Site) -> np.ndarray:
    """The normal (3,) of the ellipsoid at a place on the Earth, Earth-fixed."""
    across = math.cos(site.latitude)
    return np.array([across * math.cos(site.longitude), across * math.sin(site.longitude), math.sin(site.latitude)])
