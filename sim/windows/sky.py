"""What a day looks like from the station: light, links to the ground, and the way home soon after docking.

Simple geometry: relay satellites stand still over the equator at the longitudes of July 2026, every antenna sees all
round, and a link is there where nothing but the Earth could be in between (PHYSICS 5.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import OMEGA_EARTH, R_EQUATOR
from kernels.shadow import ELLIPSOID, illumination_table
from sim.facts import fact
from sim.trajectory import Trajectory
from sim.windows.plane import sun_elevation
from sim.world import Site, World

GEOSTATIONARY = 42164.2e3  # m
RELAYS = (
    "tianlian_1_04", "tianlian_1_05", "tianlian_2_01", "tianlian_2_02", "tianlian_2_03", "tianlian_2_04",
    "tianlian_2_05",
)  # fmt: skip
# The fixed stations of China and those abroad that are told to track crewed ships; none whose contract has ended.
STATIONS = (
    "jiuquan", "weinan", "qingdao", "xiamen", "kashi", "hetian", "jiamusi", "sanya", "miyun", "swakopmund", "malindi",
    "karachi",
)  # fmt: skip
EVERY = 30.0  # s
HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class Links:
    """`relays` (n,3), `stations` (k,3) Earth-fixed, m; `ups` (k,3) verticals; `mask` m; `sine` of the elevation."""

    relays: np.ndarray
    stations: np.ndarray
    ups: np.ndarray
    mask: float
    sine: float


def links(mask: float | None = None, elevation_deg: float | None = None) -> Links:
    """The relay satellites and ground stations of the facts; `mask` m and the stations' least elevation too, or as
    given."""
    mask = 1e3 * fact("planning.relay_mask").value if mask is None else mask
    elevation_deg = fact("planning.station_elevation").value if elevation_deg is None else elevation_deg
    longitudes = np.radians([fact(f"relay.{name}").value for name in RELAYS])
    places = [fact(f"ground.{name}").value for name in STATIONS]
    sites = [Site("", math.radians(a), math.radians(o), 0.0) for a, o in places]
    ups = [
        (math.cos(s.latitude) * math.cos(s.longitude), math.cos(s.latitude) * math.sin(s.longitude),
         math.sin(s.latitude)) for s in sites
    ]  # fmt: skip
    return Links(
        GEOSTATIONARY * np.stack([np.cos(longitudes), np.sin(longitudes), np.zeros_like(longitudes)], axis=1),
        np.array([s.ecef() for s in sites]),
        np.array(ups),
        mask,
        math.sin(math.radians(elevation_deg)),
    )


@dataclass(frozen=True)
class Shifted:
    """A path on which the station runs `shift` rad further along its orbit than it would: after a trim."""

    path: Trajectory
    shift: float

    def at(self, times: np.ndarray) -> np.ndarray:
        """Positions (n,3), m: turned about the orbit's own normal."""
        r, v, _ = self.path.at(times)
        if self.shift == 0.0:
            return r
        # (r x v) x r over the length of r x v, written out: the direction of flight, as long as r.
        rr, rv, vv = (np.einsum("ij,ij->i", a, b)[:, None] for a, b in ((r, r), (r, v), (v, v)))
        ahead = (rr * v - rv * r) / np.sqrt(rr * vv - rv * rv)
        return math.cos(self.shift) * r + math.sin(self.shift) * ahead


def earth_fixed(r: np.ndarray, times: np.ndarray, world: World) -> np.ndarray:
    """Positions (n,3) over the turning Earth; the pole is taken as it is in the middle, within 0.01 km in two days."""
    middle = 0.5 * (float(times[0]) + float(times[-1]))
    x, y, z = (r @ world.ecef(middle).T).T
    angle = OMEGA_EARTH * (times - middle)
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * x + s * y, c * y - s * x, z], axis=1)


def light(path: Shifted, times: np.ndarray, world: World) -> np.ndarray:
    """How much of the Sun's disc the station sees, 0 to 1, at each of `times`."""
    middle = float(times[len(times) // 2])
    sun, pole = world.sun(middle), world.true_of_date(middle)[2]
    out = np.empty(len(times))
    illumination_table(np.ascontiguousarray(path.at(times)), sun, pole, ELLIPSOID, out)
    return out


def coverage(path: Shifted, end: float, world: World, seen_by: Links) -> tuple[float, float]:
    """Share of the hour before `end` in which some relay or station is seen, and the longest gap, s."""
    times = end - HOUR + EVERY * np.arange(round(HOUR / EVERY) + 1)
    p = earth_fixed(path.at(times), times, world)
    seen = np.zeros(len(times), dtype=bool)
    for relay in seen_by.relays:
        d = relay - p
        along = np.clip(-np.einsum("ij,ij->i", p, d) / np.einsum("ij,ij->i", d, d), 0.0, 1.0)
        seen |= np.linalg.norm(p + along[:, None] * d, axis=1) > R_EQUATOR + seen_by.mask
    for place, up in zip(seen_by.stations, seen_by.ups, strict=True):
        d = p - place
        seen |= d @ up > seen_by.sine * np.linalg.norm(d, axis=1)
    longest = run = 0
    for visible in seen:
        run = 0 if visible else run + 1
        longest = max(longest, run)
    return float(seen.mean()), EVERY * longest


@dataclass(frozen=True)
class Homeward:
    """The best pass over the landing site on one day: `t` s, `side` m beside the track, Sun `elevation` rad there."""

    t: float
    side: float
    elevation: float


def homeward(path: Shifted, docked: float, site: Site, world: World, day: int) -> Homeward:
    """The pass nearest to the landing site from 12 h before to 12 h after `day` days after docking."""
    times = np.arange(docked + (day - 0.5) * DAY, docked + (day + 0.5) * DAY, 4.0 * EVERY)
    p = earth_fixed(path.at(times), times, world)
    place = site.ecef() / np.linalg.norm(site.ecef())
    near = int(np.argmax(p @ place / np.linalg.norm(p, axis=1)))
    i = min(max(near, 1), len(times) - 2)
    along = p[i + 1] - p[i - 1]
    right = np.cross(along, p[i])
    side = math.asin(float(place @ right) / float(np.linalg.norm(right))) * R_EQUATOR
    t = float(times[i])
    return Homeward(t, side, sun_elevation(t, site, world))
