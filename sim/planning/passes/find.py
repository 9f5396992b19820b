"""All passes of what is watched over several places, and the contact with the ground stations of their countries."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.catalogue.places import Place, ground_stations
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events import look
from sim.planning.passes.contact import Contact, contact
from sim.planning.passes.search import Craft, SitePass, in_light, site_passes
from sim.planning.passes.sites import site_of
from sim.planning.passes.watched import Watched, between

HALF_DAY = 43200.0  # s
BESIDE_DEG = 20.0  # a ship that stands nearer to the station is said to follow it or to lead it


@dataclass(frozen=True)
class Beside:
    """A ship's pass and the station's: how far apart they stand when the ship is highest, rad, and by how much later
    the ship is highest, s (below zero: it leads)."""

    apart: float
    behind: float


@dataclass(frozen=True)
class FoundPass:
    """One pass over a place; `beside` of a ship while the station is in view too."""

    place: Place
    seen: SitePass
    beside: Beside | None = None


@dataclass(frozen=True)
class FoundPasses:
    """`passes` in order of place and time, between `start` and `end` s, above `mask_deg`."""

    watched: Watched
    places: tuple[Place, ...]
    start: float
    end: float
    mask_deg: float
    passes: tuple[FoundPass, ...]
    contacts: tuple[Contact, ...]

    def of(self, place: Place) -> list[FoundPass]:
        return [p for p in self.passes if p.place == place]


def find(
    watched: Watched,
    places: Sequence[Place],
    start: float,
    end: float,
    mask_deg: float,
    only_seen: bool = False,
    tick: Callable[[str, float], None] = lambda what, share: None,
) -> FoundPasses:
    """Every pass over every place; `only_seen`: those that an eye sees."""
    craft = [c for c in (_part(c, start, end) for c in watched.craft) if c is not None]
    lights = [in_light(c, watched.world) for c in craft]
    found: list[FoundPass] = []
    for k, place in enumerate(places):
        tick("passes", 0.7 + 0.2 * k / len(places))
        site = site_of(place)
        each = [(c, site_passes(c, watched.world, site, mask_deg, start, end)) for c in lights]
        station = each[0][1] if each else []
        here = [
            FoundPass(place, p, None if c is lights[0] else _beside(p, station, craft[0], watched.world, place))
            for c, passes in each
            for p in passes
            if p.seen or not only_seen
        ]
        found += sorted(here, key=lambda p: p.seen.start)
    tick("contact", 0.9)
    return FoundPasses(
        watched, tuple(places), start, end, mask_deg, tuple(found), _contacts(watched, places, start, end, mask_deg)
    )


def same_nights(found: FoundPasses) -> list[tuple[Place, str]]:
    """Places and nights, by the date of their evening there, in which an eye sees both the first craft and one that
    was asked for beside it."""
    first, nights = found.watched.craft[0].name, list[tuple[Place, str]]()
    for place in found.places:
        seen: dict[str, set[str]] = {}
        for p in found.of(place):
            for start, _ in p.seen.seen:
                evening = found.watched.zero.plus(start - HALF_DAY).text("%Y-%m-%d", place.clock.zone)
                seen.setdefault(evening, set()).add(p.seen.craft.name)
        nights += [
            (place, night)
            for night, names in sorted(seen.items())
            if first in names and names & set(found.watched.beside)
        ]
    return nights


def _part(craft: Craft, start: float, end: float) -> Craft | None:
    path = between(craft.path, start, end)
    return None if path is None else replace(craft, path=path)


def _beside(ship: SitePass, station: Sequence[SitePass], craft: Craft, world: World, place: Place) -> Beside | None:
    """Of the station's pass that goes on when the ship is highest."""
    other = next((p for p in station if p.start <= ship.top <= p.end), None)
    if other is None:
        return None
    elevation, azimuth, _ = look(craft.path, world, site_of(place), np.array([ship.top]))
    a, b = (float(ship.ends.azimuth[1]), float(ship.ends.elevation[1])), (float(azimuth[0]), float(elevation[0]))
    cosine = math.sin(a[1]) * math.sin(b[1]) + math.cos(a[1]) * math.cos(b[1]) * math.cos(a[0] - b[0])
    return Beside(math.acos(min(1.0, max(-1.0, cosine))), ship.top - other.top)


def _contacts(
    watched: Watched, places: Sequence[Place], start: float, end: float, mask_deg: float
) -> tuple[Contact, ...]:
    """Of the first craft with the ground stations of each country: during the stay as far as it lies in the span, or
    all the while where there is no stay."""
    first, last = watched.stay or (start, end)
    first, last = max(first, start), min(last, end)
    path: Trajectory | None = between(watched.craft[0].path, first, last) if first < last else None
    if path is None:
        return ()
    countries = dict.fromkeys(p.country for p in places if p.country)
    stations = ((country, ground_stations(country)) for country in countries)
    return tuple(
        contact(country, those, path, watched.world, mask_deg, first, last) for country, those in stations if those
    )
