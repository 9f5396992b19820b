"""When a site on another body has light, and when it has a link with a place on the Earth: directly, or by a relay.

A direct link: the station stands above the site's horizon, and the site above the station's mask. By a relay: the relay
above both, and the body not between relay and station. Each condition is searched only where the others hold so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.events.search import zeros
from sim.planning.surface.sky import DAY, SurfaceSky
from sim.proximity_safety.conditions.intervals import Interval, Intervals, whole

STEP_S = 0.25 * DAY  # the first cut of a search, halved where the function is quicker
SINE, METRES = 1.0e-12, 1.0e-6  # what counts as zero
PART = 0.04  # of the time in which a relay would pass its own distance: between two of its nodes that are kept


@dataclass(frozen=True)
class Masks:
    """Minimum sines of the elevation at the site and at a station."""

    site: float
    station: float


def masks(site_deg: float, station_deg: float) -> Masks:
    return Masks(math.sin(math.radians(site_deg)), math.sin(math.radians(station_deg)))


def light(sky: SurfaceSky, mask: Masks, end: float) -> Intervals:
    """When the Sun's middle stands above the site's horizon."""
    return narrowed(whole(0.0, end), lambda t: sky.of_sun(t) - mask.site, DAY)


def earth_up(sky: SurfaceSky, mask: Masks, end: float) -> Intervals:
    """When the Earth's middle does."""
    return narrowed(whole(0.0, end), lambda t: sky.of_earth(t) - mask.site, DAY)


def direct(sky: SurfaceSky, station: Site, mask: Masks, end: float) -> Intervals:
    """When site and station see each other."""
    seen = narrowed(whole(0.0, end), lambda t: sky.of_station(t, station) - mask.site)
    return narrowed(seen, lambda t: sky.at_station(t, station) - mask.station)


def relay_up(sky: SurfaceSky, path: Trajectory, mask: Masks, end: float) -> Intervals:
    """When the relay stands above the site's horizon; not before or after its path."""
    flown = whole(max(0.0, path.start), min(end, path.end))
    return narrowed(flown, lambda t: sky.of_craft(t, path) - mask.site)


def by_relay(sky: SurfaceSky, station: Site, path: Trajectory, up: Intervals, mask: Masks) -> Intervals:
    """When site and station have a link by the relay; `up`: when the relay stands above the site's horizon."""
    seen = narrowed(up, lambda t: sky.at_station(t, station, path) - mask.station)
    return narrowed(seen, lambda t: -sky.hidden(t, station, path), tolerance=METRES)


def narrowed(
    where: Intervals, above: Callable[[np.ndarray], np.ndarray], step: float = STEP_S, tolerance: float = SINE
) -> Intervals:
    """The parts of `where` in which a function is above zero."""
    if not where:
        return ()
    found = zeros(above, [(x.start, x.end) for x in where], step, tolerance)
    edges = found.t[found.direction != 0]
    cuts = [np.concatenate([[x.start], edges[(edges > x.start) & (edges < x.end)], [x.end]]) for x in where]
    starts, ends = (np.concatenate([c[part] for c in cuts]) for part in (slice(-1), slice(1, None)))
    high = above(0.5 * (starts + ends)) > 0.0
    return tuple(Interval(a, b, (), ()) for a, b in zip(starts[high].tolist(), ends[high].tolist(), strict=True))


def thinned(path: Trajectory) -> Trajectory:
    """The same path with fewer nodes: an integrator steps for perilune all the way, and a relay is mostly far out.

    Between nodes the quintic stays within a metre of it, which moves an edge by a millisecond.
    """
    reach = PART * np.linalg.norm(path.r, axis=1) / np.linalg.norm(path.v, axis=1)
    kept, last = [0], len(path.t) - 1
    while kept[-1] < last:
        here = kept[-1]
        after = int(np.searchsorted(path.t, path.t[here] + reach[here], "right")) - 1
        kept.append(min(max(after, here + 1), last))
    return Trajectory(*(x[kept] for x in (path.t, path.r, path.v, path.a, path.mass)))
