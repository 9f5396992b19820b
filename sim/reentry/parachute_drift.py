"""Where the parachutes have to open, so that the capsule drifts to the site under them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.constants import FLATTENING, OMEGA_EARTH, R_EQUATOR
from kernels.entry.drift import DriftPlace, canopy_drift
from kernels.records import make
from sim.core.ground_site import Site
from sim.core.vehicle import Ship
from sim.environment.winds import wind_at
from sim.environment.world import KnownWorld, World

OPENING_SPEED = 170.0  # m/s


def opening_place(ship: Ship, site: Site, world: KnownWorld) -> Site:
    """The place over which `ship` opens its parachutes for a touchdown at `site`, by the wind as it is forecast; the
    site itself where no wind blows.

    The wind depends on the height alone, so that the drift is the same from any place near by. The capsule is taken to
    fall straight down through the air at first; what it brings along the ground besides, some 40 m/s for four seconds,
    is another 0.2 km.
    """
    if not len(world.wind) or ship.chutes is None:
        return site
    east, north = drift(ship, site, world)
    along_meridian, along_parallel = radii(site.latitude, site.height)
    return replace(
        site,
        name=f"opening place for {site.name}",
        latitude=site.latitude - north / along_meridian,
        longitude=site.longitude - east / along_parallel,
    )


def drift(ship: Ship, site: Site, world: World) -> tuple[float, float]:
    """How far toward east and north (m) the wind of a world takes the capsule, from the opening over `site` to the
    ground at its height; without errors."""
    assert ship.chutes is not None  # a ship that lands has them
    height, out = ship.opening_altitude, np.empty(2)
    toward = wind_at(world.wind, height)
    _, along_parallel = radii(site.latitude, 0.0)
    radius = float(np.linalg.norm(replace(site, height=0.0).ecef()))
    gravity = world.forces.gravity.mu / radius**2 - OMEGA_EARTH**2 * along_parallel * math.cos(site.latitude)
    canopy_drift(
        world.start,
        np.array([height, -OPENING_SPEED, *toward, 0.0, 0.0]),
        ship.return_module,
        ship.chutes,
        make(DriftPlace, gravity=gravity, radius=radius, latitude=site.latitude, ground=site.height),
        world.forces.air,
        world.wind,
        out,
    )
    return float(out[0]), float(out[1])


def radii(latitude: float, height: float) -> tuple[float, float]:
    """Metres along the meridian and along the parallel for a radian of latitude and of longitude, at a height, m."""
    squared = FLATTENING * (2.0 - FLATTENING)
    root = math.sqrt(1.0 - squared * math.sin(latitude) ** 2)
    return R_EQUATOR * (1.0 - squared) / root**3 + height, (R_EQUATOR / root + height) * math.cos(latitude)
