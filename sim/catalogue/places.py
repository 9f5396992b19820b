"""Places on the ground by name: cities and ground stations of Pakistan and China, with the clock that they keep.

Where a place lies is a fact with its source; `seeds/places.toml` has the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import lru_cache

from sim.catalogue.facts import value
from sim.files import packaged

FILE = "seeds/places.toml"
GROUND_STATION = "ground station"


@dataclass(frozen=True)
class Clock:
    """A clock `hours` ahead of UTC the whole year; `known` where that is data, else the place's longitude says it."""

    name: str
    hours: float
    known: bool = True

    @property
    def zone(self) -> timezone:
        return timezone(timedelta(hours=self.hours), self.name)

    def __str__(self) -> str:
        ahead = f"UTC{self.hours:+g}"
        return f"{self.name} ({ahead})" if self.known else f"{ahead}, by its longitude: its zone is not in the data"


@dataclass(frozen=True)
class Place:
    """Geodetic position in degrees, height over the ellipsoid in m; `key` is its name on the command line."""

    key: str
    name: str
    country: str
    kind: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    clock: Clock


def by_longitude(longitude_deg: float) -> Clock:
    """The hour of the time zone that lies about a longitude."""
    hours = float(round(longitude_deg / 15.0))
    return Clock(f"UTC{hours:+g}", hours, known=False)


@lru_cache(maxsize=1)
def places() -> Mapping[str, Place]:
    """All of them by key."""
    data = packaged.toml(FILE)
    return {key: _place(key, entry, data["zones"]) for key, entry in data["places"].items()}


def clock_of_site(key: str) -> Clock | None:
    """The clock of a launch or landing site of the catalogue, where it is known."""
    data = packaged.toml(FILE)
    zone = data["sites"].get(key)
    return Clock(zone, data["zones"][zone]) if zone else None


def ground_stations(country: str) -> tuple[Place, ...]:
    """The ground stations of a country."""
    return tuple(p for p in places().values() if p.country == country and p.kind == GROUND_STATION)


def _place(key: str, entry: Mapping, zones: Mapping[str, float]) -> Place:
    at = value(entry["at"])
    assert isinstance(at, list)  # latitude and longitude
    zone = entry["zone"]
    return Place(
        key,
        entry["name"],
        entry["country"],
        entry["kind"],
        float(at[0]),
        float(at[1]),
        entry["height_m"],
        Clock(zone, zones[zone]),
    )
