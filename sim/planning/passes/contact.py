"""Contact with ground stations: when one of them has the station in view, and for how long in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.catalogue.places import Place
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events import in_view
from sim.planning.passes.sites import site_of
from sim.proximity_safety.conditions.intervals import Interval, Intervals, both, some, whole


@dataclass(frozen=True)
class Contact:
    """`by_station`: intervals of each place, `united`: where one of them or more sees the craft; s."""

    over: str
    places: tuple[Place, ...]
    start: float
    end: float
    by_station: tuple[Intervals, ...]
    united: Intervals

    @property
    def seconds(self) -> float:
        return total(self.united)

    @property
    def longest_gap(self) -> float:
        """The longest time without any of them, s; the ends of the span count as contact."""
        edges = [self.start, *(t for x in self.united for t in (x.start, x.end)), self.end]
        return max(b - a for a, b in zip(edges[::2], edges[1::2], strict=True))


def contact(
    over: str, places: Sequence[Place], path: Trajectory, world: World, mask_deg: float, start: float, end: float
) -> Contact:
    """Contact of a craft with several places, above an elevation, between `start` and `end` s of its path."""
    by_station = tuple(_of(place, path, world, mask_deg, start, end) for place in places)
    return Contact(over, tuple(places), start, end, by_station, some(by_station))


def total(intervals: Intervals) -> float:
    return sum(x.length for x in intervals)


def _of(place: Place, path: Trajectory, world: World, mask_deg: float, start: float, end: float) -> Intervals:
    stays = in_view(path, world, site_of(place), mask_deg)
    found = tuple(Interval(rise, fall, (place.key,), (place.key,)) for rise, fall in stays)
    return both(found, whole(start, end))
