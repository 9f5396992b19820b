"""What the pictures of a landing plan show, as plain arrays: the season by day and clock, and the map of the tracks."""

from __future__ import annotations

import math

import numpy as np

from sim.orbit.plane_crossing import sun_elevation
from sim.planning.landing.season import LandingSeason, SeasonOpportunity
from sim.reentry.landing_opportunities import UNITS

DAY, BEIJING_S = 86400.0, 8.0 * 3600.0
CLOCK = 900.0  # s of a cell of the light by the clock
EVERY = 20.0  # s between the points of a track
MOST_TRACKS = 6  # of a map


def season_chart(found: LandingSeason) -> dict:
    """By day of Beijing: touchdowns by the clock at each site, with the light there; cross-range; wind; what refuses.

    Times s from `zero`.
    """
    midnights = _midnights(found)
    clock = CLOCK * (np.arange(int(DAY / CLOCK)) + 0.5)
    grid = midnights[:-1, None] + clock
    known = (grid >= 0.0) & (grid <= found.path.end)
    own = next((p for p in found.places if p.own), found.places[0])
    light = np.full(grid.shape, np.nan)
    light[known] = [sun_elevation(float(t), own.site, found.world) for t in grid[known]]
    names = [name for name in UNITS if name != "ready"]
    refusing = [name for name in names if any(name in x.of.refused_by for x in found.opportunities)]
    return {
        **_head(found),
        "midnights": midnights,
        "light": np.degrees(light),
        "sites": [
            {
                "name": place.site.name,
                "own": place.own,
                "kinds": [
                    {"name": kind.name, "own": kind.own, **_points(found, place.key, kind.name)} for kind in found.kinds
                ],
            }
            for place in found.places
        ],
        "cross_range_limit": _limit(found, "cross_range"),
        "wind_limit": _limit(found, "wind"),
        "refusing": refusing,
    }


def _limit(found: LandingSeason, name: str) -> float:
    return found.opportunities[0].of.ruling(name).limit if found.opportunities else math.nan


def _points(found: LandingSeason, site: str, kind: str) -> dict:
    these = [x for x in found.opportunities if x.place.key == site and x.kind.name == kind]
    return {
        "touchdown": np.array([x.of.touchdown for x in these]),
        "undocking": np.array([x.of.undocking for x in these]),
        "side": np.array([x.of.landing.cross_track / 1e3 for x in these]),
        "wind": np.array([x.of.ruling("wind").value or 0.0 for x in these]),
        "open": np.array([x.of.open for x in these], dtype=bool),
        "chosen": np.array([x.best for x in these], dtype=bool),
        "refused_by": [list(x.of.refused_by) for x in these],
    }


def landing_map(found: LandingSeason) -> dict:
    """The ground tracks of some opportunities of the mission's own return, from the burn to the site; every place."""
    own = next((kind for kind in found.kinds if kind.own), found.kinds[0])
    best = [x for x in found.opportunities if x.best]
    others = [x for x in found.opportunities if x.of.open and not x.best and x.kind == own]
    first = best[0].of.landing.overflight if best else found.start
    near = sorted(others, key=lambda x: abs(x.of.landing.overflight - first))
    shown = [*best[:2], *near][:MOST_TRACKS]
    return {
        **_head(found),
        "places": [
            {
                "name": place.site.name,
                "own": place.own,
                "latitude_deg": math.degrees(place.site.latitude),
                "longitude_deg": math.degrees(place.site.longitude),
            }
            for place in found.places
        ],
        "tracks": [_track(found, x) for x in sorted(shown, key=lambda x: x.of.touchdown)],
    }


def _track(found: LandingSeason, x: SeasonOpportunity) -> dict:
    of = x.of
    times = np.arange(of.burn, of.landing.overflight + EVERY, EVERY)
    lat, lon, _ = found.world.geodetic(times, found.path.at(times)[0])
    return {
        "words": f"{x.place.site.name.split(' ')[0]} {found.zero.plus(of.touchdown).text('%d %b %H:%M')}",
        "site": x.place.site.name,
        "chosen": x.best,
        "side": of.landing.cross_track / 1e3,
        "burn_end": int(np.searchsorted(times, of.burn + _burn(found))),
        "latitude_deg": lat,
        "longitude_deg": lon,
    }


def _burn(found: LandingSeason) -> float:
    return found.rules.rules.timeline.burn_s


def _head(found: LandingSeason) -> dict:
    return {
        "name": found.scenario.name,
        "ship": found.ship,
        "elements": found.scenario.station.elements,
        "zero": found.zero,
        "from": found.start,
        "to": found.end,
    }


def _midnights(found: LandingSeason) -> np.ndarray:
    """Midnights in Beijing, s from zero, of every day of the span and the one after."""
    zero = found.zero
    first = type(zero).from_utc(zero.plus(found.start + BEIJING_S).utc(0)[:10]).since(zero) - BEIJING_S
    return first + DAY * np.arange(int(np.ceil((found.end + 3600.0 - first) / DAY)) + 1)
