"""Tracking of a craft: relay satellites and ground stations.

Simple geometry: relay satellites stand still over the equator at the longitudes of July 2026, every antenna sees all
round, and a link is there where nothing but the Earth could be in between (docs/physics.md 8.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import OMEGA_EARTH, R_EQUATOR
from sim.catalogue.facts import fact
from sim.core.ground_site import Site
from sim.core.simplification import Simplification
from sim.environment.world import World

SIMPLE_LINKS = Simplification(
    "links.always",
    "Relay satellites stand still over the equator. They and the ground stations work all the time, and the ship's "
    "antennas see all round.",
    "links",
)

GEOSTATIONARY = 42164.2e3  # m
RELAYS = (
    "tianlian_1_04",
    "tianlian_1_05",
    "tianlian_2_01",
    "tianlian_2_02",
    "tianlian_2_03",
    "tianlian_2_04",
    "tianlian_2_05",
)
# The fixed stations of China and those abroad that are reported to track crewed ships; none whose contract has ended.
STATIONS = (
    "jiuquan",
    "weinan",
    "qingdao",
    "xiamen",
    "kashi",
    "hetian",
    "jiamusi",
    "sanya",
    "miyun",
    "swakopmund",
    "malindi",
    "karachi",
)


@dataclass(frozen=True)
class Links:
    """`relays` (n,3), `stations` (k,3) Earth-fixed, m; `ups` (k,3) verticals; `mask` m; `sine` of the elevation."""

    relays: np.ndarray
    stations: np.ndarray
    ups: np.ndarray
    mask: float
    sine: float

    def seen(self, p: np.ndarray) -> np.ndarray:
        """Which of the ground stations, then of the relays, sees Earth-fixed places p (m,3): (m, k + n) bool."""
        seen = []
        for place, up in zip(self.stations, self.ups, strict=True):
            d = p - place
            seen.append(d @ up > self.sine * np.linalg.norm(d, axis=1))
        for relay in self.relays:
            d = relay - p
            along = np.clip(-np.einsum("ij,ij->i", p, d) / np.einsum("ij,ij->i", d, d), 0.0, 1.0)
            seen.append(np.linalg.norm(p + along[:, None] * d, axis=1) > R_EQUATOR + self.mask)
        return np.stack(seen, axis=1)

    def through(self, r: np.ndarray, times: np.ndarray, world: World) -> str | None:
        """Who sees a craft at GCRS r (n,3) all the while, `times` (n,) s: a ground station before a relay, or none."""
        always = self.seen(earth_fixed(r, times, world)).all(axis=0)
        return (STATIONS + RELAYS)[int(np.argmax(always))] if always.any() else None


def links(mask: float | None = None, elevation_deg: float | None = None) -> Links:
    """The relay satellites and ground stations of the facts; `mask` m and the stations' least elevation too, or as
    given."""
    mask = 1e3 * fact("planning.relay_mask").number if mask is None else mask
    elevation_deg = fact("planning.station_elevation").number if elevation_deg is None else elevation_deg
    longitudes = np.radians([fact(f"relay.{name}").number for name in RELAYS])
    places = [fact(f"ground.{name}").numbers for name in STATIONS]
    sites = [Site("", math.radians(a), math.radians(o), 0.0) for a, o in places]
    ups = [
        (
            math.cos(s.latitude) * math.cos(s.longitude),
            math.cos(s.latitude) * math.sin(s.longitude),
            math.sin(s.latitude),
        )
        for s in sites
    ]
    return Links(
        GEOSTATIONARY * np.stack([np.cos(longitudes), np.sin(longitudes), np.zeros_like(longitudes)], axis=1),
        np.array([s.ecef() for s in sites]),
        np.array(ups),
        mask,
        math.sin(math.radians(elevation_deg)),
    )


def earth_fixed(r: np.ndarray, times: np.ndarray, world: World) -> np.ndarray:
    """Positions (n,3) over the turning Earth; the pole is taken as it is in the middle, within 0.01 km in two days."""
    middle = 0.5 * (float(times[0]) + float(times[-1]))
    x, y, z = (r @ world.ecef(middle).T).T
    angle = OMEGA_EARTH * (times - middle)
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * x + s * y, c * y - s * x, z], axis=1)
