"""Light, links and rover days of a site on another body, over a span of days."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.places import Place
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.environment.central_body import CentralBody
from sim.planning.passes.sites import site_of
from sim.planning.surface.links import by_relay, direct, earth_up, light, masks, relay_up, thinned
from sim.planning.surface.sky import DAY, SurfaceSky, surface_sky
from sim.proximity_safety.conditions.intervals import Intervals, both, negated, some, whole

HOUR = 3600.0


@dataclass(frozen=True)
class SurfaceSite:
    """A site on a body: planetocentric degrees in the axes of its maps, `height` m, `horizon_deg` of its terrain."""

    name: str
    body: CentralBody
    latitude_deg: float
    longitude_deg: float
    height: float
    horizon_deg: float


@dataclass(frozen=True)
class Relay:
    """A craft about the site's body: `path` in s from the search's zero; it is no relay before and after that."""

    name: str
    path: Trajectory


@dataclass(frozen=True)
class Link:
    """Of one place on the Earth: directly, and by the relay."""

    place: Place
    direct: Intervals
    relayed: Intervals

    @property
    def either(self) -> Intervals:
        return some((self.direct, self.relayed))


@dataclass(frozen=True)
class FoundSite:
    """What was found from `zero` to `end` s after it. `days`: the times at which a row of the table begins, a day
    apart. `light`: the Sun above the horizon; `earth`: the Earth's middle."""

    site: SurfaceSite
    zero: Epoch
    end: float
    mask_deg: float
    sky: SurfaceSky
    relay: Relay | None
    light: Intervals
    earth: Intervals
    relay_up: Intervals
    links: tuple[Link, ...]

    @property
    def days(self) -> np.ndarray:
        return np.arange(math.ceil(self.end / DAY - 1e-9)) * DAY

    def of(self, country: str) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.place.country == country)

    def countries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(link.place.country for link in self.links))

    @property
    def linked(self) -> Intervals:
        """With any of the places, either way."""
        return some(link.either for link in self.links)

    @property
    def rover(self) -> Intervals:
        """Light and a link together."""
        return both(self.light, self.linked)

    @property
    def night(self) -> Intervals:
        return negated(self.light, 0.0, self.end)


def find(
    site: SurfaceSite,
    places: Sequence[Place],
    zero: Epoch,
    end: float,
    mask_deg: float,
    relay: Relay | None,
    tick: Callable[[str, float], None] = lambda what, share: None,
) -> FoundSite:
    """Everything between `zero` and `end` s; `mask_deg` of the places on the Earth."""
    sky = surface_sky(site.body, site.latitude_deg, site.longitude_deg, site.height, (zero, end))
    mask = masks(site.horizon_deg, mask_deg)
    path = None if relay is None else thinned(relay.path)
    up = () if path is None else relay_up(sky, path, mask, end)
    links = []
    for k, place in enumerate(places):
        tick("links", 0.5 + 0.5 * k / len(places))
        station = site_of(place)
        relayed = () if path is None else by_relay(sky, station, path, up, mask)
        links.append(Link(place, direct(sky, station, mask, end), relayed))
    return FoundSite(
        site, zero, end, mask_deg, sky, relay, light(sky, mask, end), earth_up(sky, mask, end), up, tuple(links)
    )


def hours_of_days(found: FoundSite, those: Intervals) -> np.ndarray:
    """Hours (n,) of each day that lie in the intervals."""
    edges = np.append(found.days, found.end)
    total = np.zeros(len(edges))
    for x in those:
        total += np.clip(edges, x.start, x.end) - x.start
    return np.diff(total) / HOUR


def runs(days: np.ndarray) -> list[tuple[int, int]]:
    """First day and number of days of each run of days (n,) that are true, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(days, dtype=int), [0]])))
    return [(int(a), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def longest(those: Intervals) -> tuple[float, float] | None:
    """Start and end, s, of the longest interval; None where there is none."""
    return max(((x.start, x.end) for x in those), key=lambda x: x[1] - x[0], default=None)


def without(found: FoundSite, those: Intervals) -> tuple[float, float] | None:
    """The longest time without any of the intervals."""
    return longest(negated(those, 0.0, found.end)) if those else longest(whole(0.0, found.end))
