"""What a camera in orbit sees of a country: the share of an area under its swath, and how often it looks at a place.

A place is looked at when the craft passes abeam of it within the reach of a roll, with the Sun high enough there. The
area is sampled by points a quarter of a degree apart; the swath is that of a camera that looks straight down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import R_EQUATOR
from sim.catalogue.places import Place
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.ground import look_at_sun
from sim.orbit.site_passes import MEAN_RADIUS, landings
from sim.planning.passes.sites import site_of
from sim.propagation.force_model import ImagingChoice

GRID_DEG = 0.25
TRACK_S = 1.0  # between two points of the track over the area: 7 km, a quarter of a percent of a swath's edge
SEEK_S = 20.0  # to find when the track is near
CHUNK = 2000  # points of the track at once


@dataclass(frozen=True)
class Revisit:
    """Of one place: times s at which it can be looked at, and the longest time without, ends of the span included."""

    place: Place
    times: tuple[float, ...]
    span: float

    @property
    def mean(self) -> float:
        """Mean time between two looks, s; infinite with less than two."""
        return (self.times[-1] - self.times[0]) / (len(self.times) - 1) if len(self.times) > 1 else math.inf

    @property
    def longest(self) -> float:
        return float(np.diff([0.0, *self.times, self.span]).max())


def reach(height: float, roll: float) -> float:
    """How far to the side on the ground a roll looks from a height, m on a sphere; ValueError beyond the horizon."""
    sine = (R_EQUATOR + height) / R_EQUATOR * math.sin(roll)
    if sine >= 1.0:
        raise ValueError(f"a roll of {math.degrees(roll):.1f} deg looks past the Earth from {height / 1e3:.0f} km")
    return MEAN_RADIUS * (math.asin(sine) - roll)


def revisits(
    path: Trajectory, world: World, choice: ImagingChoice, places: Sequence[Place], height: float
) -> list[Revisit]:
    """Of each place, over the span of the path; `height` m of the orbit, mean."""
    within = reach(height, choice.roll) + 0.5 * choice.swath
    found = []
    for place in places:
        site = site_of(place)
        times = np.array([p.overflight for p in landings(path, site, world, path.start, path.end, within)])
        if times.size:
            times = times[look_at_sun(world, site, times)[0] >= choice.sun]
        found.append(Revisit(place, tuple(times.tolist()), path.end))
    return found


def covered(path: Trajectory, world: World, choice: ImagingChoice) -> np.ndarray:
    """Times (n,) s at which each point of the area first came under the swath in sunlight; NaN where none did."""
    points = area_points(choice.area)
    first = np.full(len(points), np.nan)
    times = _over(path, world, choice.area, choice.swath)
    edge = math.cos(0.5 * choice.swath / MEAN_RADIUS)
    for some in np.array_split(times, max(1, len(times) // CHUNK)):
        if not some.size:
            continue
        turn = world.ecef_each(some)
        below = _unit(np.einsum("nij,nj->ni", turn, path.at(some)[0]))
        sun = _unit(np.einsum("nij,nj->ni", turn, _suns(world, some)))
        seen = (points @ below.T > edge) & (points @ sun.T >= math.sin(choice.sun))
        for k in np.flatnonzero(seen.any(axis=1) & np.isnan(first)).tolist():
            first[k] = some[int(np.argmax(seen[k]))]
    return first


def area_points(corners: np.ndarray) -> np.ndarray:
    """Unit vectors (n, 3), Earth-fixed, a quarter of a degree apart inside of corners (n, 2) rad; fewer to the poles,
    so that each has the same area."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    step, found = math.radians(GRID_DEG), []
    for latitude in np.arange(low[0] + 0.5 * step, high[0], step).tolist():
        for longitude in np.arange(low[1] + 0.5 * step, high[1], step / math.cos(latitude)).tolist():
            if _inside(latitude, longitude, corners):
                flat = math.cos(latitude)
                found.append([flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)])
    return np.array(found).reshape(-1, 3)


def _inside(latitude: float, longitude: float, corners: np.ndarray) -> bool:
    """Whether a line to the east crosses the edge an odd number of times."""
    inside = False
    for (a_lat, a_lon), (b_lat, b_lon) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (a_lat > latitude) != (b_lat > latitude):
            inside ^= bool(longitude < a_lon + (latitude - a_lat) / (b_lat - a_lat) * (b_lon - a_lon))
    return inside


def _over(path: Trajectory, world: World, corners: np.ndarray, swath: float) -> np.ndarray:
    """Times at which the track is over the area's box, or near."""
    margin = 0.5 * swath / MEAN_RADIUS + math.radians(0.5)
    low, high = np.degrees(corners.min(axis=0) - margin), np.degrees(corners.max(axis=0) + margin)
    seek = np.arange(path.start, path.end, SEEK_S)
    latitude, longitude, _ = world.geodetic(seek, path.at(seek)[0])
    near = (latitude > low[0] - 2.0) & (latitude < high[0] + 2.0) & (longitude > low[1] - 2.0)
    near &= longitude < high[1] + 2.0
    fine = seek[near][:, None] + np.arange(0.0, SEEK_S, TRACK_S)[None, :]
    return fine.ravel()[fine.ravel() <= path.end]


def _suns(world: World, times: np.ndarray) -> np.ndarray:
    return np.array([world.sun(t) for t in times.tolist()])


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1)[:, None]
