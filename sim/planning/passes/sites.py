"""Where an observer stands: a place by name, a site of the catalogue, or degrees and metres."""

from __future__ import annotations

import math

from sim.catalogue.places import Place, by_longitude, clock_of_site, places
from sim.core.ground_site import Site
from sim.scenario.catalogue import SiteFile

POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")


def place_of_site(key: str, site: SiteFile) -> Place:
    """A site of a file as a place; its clock is that of its longitude where none is known."""
    clock = clock_of_site(key) or by_longitude(site.longitude_deg)
    return Place(key, site.name, "", "site", site.latitude_deg, site.longitude_deg, site.height_m, clock)


def named(key: str) -> Place | None:
    """The place of that name, however it is capitalised; None where there is none."""
    return places().get(key.strip().lower().replace(" ", "-"))


def site_of(place: Place) -> Site:
    return Site(place.name, math.radians(place.latitude_deg), math.radians(place.longitude_deg), place.height_m)


def compass(azimuth: float) -> str:
    """The point of the compass nearest to an azimuth in rad."""
    return POINTS[round(math.degrees(azimuth) / 22.5) % 16]


def degrees(place: Place) -> str:
    north, east = ("S", "N")[place.latitude_deg >= 0.0], ("W", "E")[place.longitude_deg >= 0.0]
    return f"{abs(place.latitude_deg):.3f} {north}, {abs(place.longitude_deg):.3f} {east}, {place.height_m:.0f} m"
