"""Where the parachutes have to open, so that the capsule drifts to the site under them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.entry.parachutes import TOUCHDOWN, descend, descent_log
from kernels.orbit.forces import scratch
from sim.core.ground_site import Site
from sim.core.vehicle import Ship
from sim.environment.winds import wind_at
from sim.environment.world import KnownWorld, World

EARTH = 6.371e6  # m


def opening_place(ship: Ship, site: Site, world: KnownWorld) -> Site:
    """The place over which `ship` opens its parachutes for a touchdown at `site`, by the wind as it is forecast; the
    site itself where no wind blows.

    The descent itself is flown once in that wind (some 3 ms), without errors, and turned about: the wind depends on the
    height alone, so that the drift is the same from any place near by. The capsule is taken to fall straight down
    through the air; what it brings along the ground besides, some 40 m/s for four seconds, is another 0.2 km.
    """
    chutes = ship.chutes
    if not len(world.wind) or chutes is None:
        return site
    east, north = drift(ship, site, world)
    latitude = site.latitude - north / EARTH
    return replace(
        site,
        name=f"opening place for {site.name}",
        latitude=latitude,
        longitude=site.longitude - east / (EARTH * math.cos(0.5 * (site.latitude + latitude))),
    )


def drift(ship: Ship, site: Site, world: World) -> tuple[float, float]:
    """How far toward east and north (m) the wind of a world takes the capsule, from the opening over `site` to the
    ground at its height."""
    assert ship.chutes is not None  # a ship that lands has them
    t, forces = world.start, world.forces._replace(drag=0)
    r, v = falling(site, ship.opening_altitude, 170.0, world)
    y, log = np.concatenate([r, v]), descent_log(0)
    descend(t, y, ship.return_module, ship.chutes, forces, world.wind, site.height, scratch(), log)
    latitude, longitude, _ = (float(x[0]) for x in world.geodetic(log.marks[TOUCHDOWN, 0], y[:3]))
    middle = 0.5 * (math.radians(latitude) + site.latitude)
    east = EARTH * math.cos(middle) * math.remainder(math.radians(longitude) - site.longitude, 2.0 * math.pi)
    return east, EARTH * (math.radians(latitude) - site.latitude)


def falling(site: Site, height: float, speed: float, world: World) -> tuple[np.ndarray, np.ndarray]:
    """GCRS position and velocity of what falls through the air over `site` at `height` m and `speed` m/s, straight down
    in the wind there, at the start of the world's tables."""
    r, v = world.site_eci(replace(site, height=height), world.start)
    up = r / np.linalg.norm(r)
    east = np.cross(world.true_of_date(world.start)[2], up)
    east /= np.linalg.norm(east)
    toward = wind_at(world.wind, height)
    return r, v - speed * up + toward[0] * east + toward[1] * np.cross(up, east)
