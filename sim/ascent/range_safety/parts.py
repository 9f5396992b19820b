"""Inputs of a range-safety study, in SI: falling pieces, published times, viewing sites, recovery areas, escape."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.ascent.range_safety.published import Published
from sim.core.ground_site import Site

EARTH = 6371.0e3  # m, the mean sphere on which distances over ground are measured: 0.3 % at worst


@dataclass(frozen=True)
class Piece:
    """`count` alike, dropped at the event; `mass` kg and `cda` m2 of one; `spread` of mass/cda (1 sigma, a share), and
    `kick` m/s (1 sigma) in each direction."""

    name: str
    event: str
    count: int
    mass: float
    cda: float
    spread: float
    kick: float


@dataclass(frozen=True)
class Area:
    """A recovery area on land or at sea; `corners` (n,2) latitude and longitude, rad, not across the date line."""

    name: str
    on: str
    corners: np.ndarray
    once_around: bool = False

    def holds(self, latitude, longitude) -> np.ndarray:
        """Whether places (rad, arrays alike) lie in it: a line to the north of them meets an odd number of sides."""
        latitude, longitude = np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)
        inside = np.zeros(latitude.shape, dtype=bool)
        for (a, x), (b, y) in zip(self.corners, np.roll(self.corners, -1, axis=0), strict=True):
            between = (x > longitude) != (y > longitude)
            inside ^= between & (latitude < a + (longitude - x) / (y - x if y != x else 1.0) * (b - a))
        return inside

    def middle(self) -> tuple[float, float]:
        """The mean of its corners, rad."""
        return float(self.corners[:, 0].mean()), float(self.corners[:, 1].mean())


@dataclass(frozen=True)
class Motors:
    """Escape motors, in use up to an event: m/s2 for `burn` s, `tilt` rad forward of the rocket's axis."""

    name: str
    until: str
    acceleration: float
    burn: float
    tilt: float


@dataclass(frozen=True)
class Escape:
    """`mass` kg and `cda` m2 of what the motors carry; capsule alone below `release` m, on a constant `bank` rad.

    Of the ship by itself: `thrust` N, `isp` s, `usable` kg; perigees m over the equator, below which it does not stay;
    `deorbit` m/s kept for the deorbit burn.
    """

    motors: tuple[Motors, ...]
    mass: float
    cda: float
    release: float
    bank: float
    thrust: float
    isp: float
    usable: float
    orbit_perigee: float
    once_perigee: float
    deorbit: float


@dataclass(frozen=True)
class Study:
    """Inputs of the range-safety study of an ascent."""

    pieces: tuple[Piece, ...] = ()
    published: tuple[Published, ...] = ()
    viewers: tuple[Site, ...] = ()
    areas: tuple[Area, ...] = ()
    escape: Escape | None = None


def offset(latitude0: float, longitude0: float, latitude, longitude) -> tuple[np.ndarray, np.ndarray]:
    """Where places lie from a first one, m to the north and to the east, along the great circle (all rad)."""
    dl = np.asarray(longitude) - longitude0
    cosine = math.sin(latitude0) * np.sin(latitude) + math.cos(latitude0) * np.cos(latitude) * np.cos(dl)
    north = math.cos(latitude0) * np.sin(latitude) - math.sin(latitude0) * np.cos(latitude) * np.cos(dl)
    east = np.cos(latitude) * np.sin(dl)
    flat = np.hypot(north, east)
    scale = EARTH * np.arctan2(flat, cosine) / np.where(flat > 0.0, flat, 1.0)
    return north * scale, east * scale


def distance(latitude0: float, longitude0: float, latitude, longitude) -> np.ndarray:
    """Over ground, m (all rad)."""
    return np.hypot(*offset(latitude0, longitude0, latitude, longitude))
