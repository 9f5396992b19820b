"""A slot that was kept, for people and for JSON: the box, the burns beside the theory, the eclipses, the places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.catalogue.places import Place, places
from sim.core.epoch import Epoch
from sim.core.flight import Event
from sim.events.ground import look
from sim.export.table import write_table
from sim.orbit.geostationary import coverage
from sim.planning.passes.sites import site_of
from sim.propagation.propagate import FlownOrbit
from sim.propagation.slot_account import Cost, SlotAccount, account

APART = 30.0 * 86400.0  # s without an eclipse that part two seasons
ELEVATIONS = (0.0, 10.0, 30.0, 60.0)  # deg, of the circles of the map
LOOKS = 600.0  # s between two looks from a place, over the last day


@dataclass(frozen=True)
class Season:
    """Days on which the craft enters the umbra: `entries` and `exits` s, one each a day."""

    entries: tuple[float, ...]
    exits: tuple[float, ...]

    @property
    def longest(self) -> float:
        """In the umbra on one day, s."""
        return max(b - a for a, b in zip(self.entries, self.exits, strict=True))


def seasons(found: Sequence[Event]) -> list[Season]:
    """The seasons of eclipses among the events of an orbit; an eclipse that is under way at an end is left out."""
    edges = sorted((e.t, e.name) for e in found if e.name in ("umbra_entry", "umbra_exit"))
    whole = [
        (a, b) for (a, one), (b, two) in zip(edges, edges[1:], strict=False) if one == "umbra_entry" and two != one
    ]
    parted: list[list[tuple[float, float]]] = []
    for pair in whole:
        if not parted or pair[0] - parted[-1][-1][0] > APART:
            parted.append([])
        parted[-1].append(pair)
    return [Season(tuple(a for a, _ in part), tuple(b for _, b in part)) for part in parted]


def content(flown: FlownOrbit, found: Sequence[Event]) -> dict:
    """For JSON and manifest."""
    made, orbit = account(flown), flown.orbit
    slot = math.degrees(made.choice.longitude)
    return {
        "longitude_deg": slot,
        "half_width_deg": math.degrees(made.choice.half_width),
        "kept": made.kept,
        "counted_from_s": made.counted_from,
        "longitude_off_deg": [math.degrees(x) for x in made.longitude],
        "latitude_deg": [math.degrees(x) for x in made.latitude],
        "inclination_deg": math.degrees(made.inclination),
        "eccentricity": made.eccentricity,
        "delta_v": {cost.kind.replace("-", "_"): _cost(cost) for cost in made.costs},
        "propellant_kg": float(flown.trajectory.mass[0] - flown.trajectory.mass[-1]),
        "eclipse_seasons": [_season(season, orbit.epoch) for season in seasons(found)],
        "places": {key: _seen(flown, place) for key, place in _places(made)},
    }


def _cost(cost: Cost) -> dict:
    return {
        "burns": cost.burns,
        "first_m_s": cost.first,
        "flown_m_s": cost.flown,
        "theory_m_s": cost.theory,
        "span_days": cost.span / 86400.0,
        "flown_m_s_a_year": cost.a_year,
        "theory_m_s_a_year": cost.theory_a_year,
        "off_percent": 100.0 * cost.share,
    }


def _season(season: Season, epoch: Epoch) -> dict:
    """The hours of the day are those of UTC."""
    return {
        "first_utc": epoch.plus(season.entries[0]).utc(0),
        "last_utc": epoch.plus(season.entries[-1]).utc(0),
        "days": len(season.entries),
        "longest_s": season.longest,
        "earliest_hour_utc": min(_hour(epoch.plus(t)) for t in season.entries),
        "latest_hour_utc": max(_hour(epoch.plus(t)) for t in season.exits),
    }


def _hour(at: Epoch) -> float:
    hours, minutes, seconds = at.utc(0)[11:19].split(":")
    return int(hours) + int(minutes) / 60.0 + int(seconds) / 3600.0


def _places(made: SlotAccount) -> list[tuple[str, Place]]:
    known = places()
    return [(key, known[key]) for key in made.choice.places]


def _seen(flown: FlownOrbit, place: Place) -> dict:
    """How the craft is seen on its last day, least and greatest."""
    end = flown.trajectory.end
    t = np.arange(max(0.0, end - 86400.0), end, LOOKS)
    elevation, azimuth, distance = look(flown.trajectory, flown.world, site_of(place), t)
    return {
        "elevation_deg": [math.degrees(float(f(elevation))) for f in (np.min, np.max)],
        "azimuth_deg": [math.degrees(float(f(azimuth))) for f in (np.min, np.max)],
        "range_m": [float(f(distance)) for f in (np.min, np.max)],
    }


def lines(given: dict) -> list[str]:
    """The same for people, from `content`."""
    west, east = given["longitude_off_deg"]
    box = f"{given['longitude_deg']:.2f} E +-{given['half_width_deg']:g} deg"
    inside = "kept" if given["kept"] else "NOT kept"
    found = [
        f"slot      {box}: {inside}; longitude {west:+.4f} to {east:+.4f} deg off, inclination to "
        f"{given['inclination_deg']:.4f} deg, eccentricity to {given['eccentricity']:.6f}"
    ]
    for kind, cost in given["delta_v"].items():
        found.append(
            f"{kind.replace('_', '-'):<12}{cost['burns']} burns, {cost['flown_m_s_a_year']:.3f} m/s a year; theory "
            f"{cost['theory_m_s_a_year']:.3f}, {cost['off_percent']:+.2f} %; first cycle {cost['first_m_s']:.3f} m/s"
        )
    for season in given["eclipse_seasons"]:
        found.append(
            f"eclipses  {season['first_utc'][:10]} to {season['last_utc'][:10]}, {season['days']} days, to "
            f"{season['longest_s'] / 60.0:.1f} min, between {_clock(season['earliest_hour_utc'])} and "
            f"{_clock(season['latest_hour_utc'])} UTC"
        )
    for key, seen in given["places"].items():
        place, up, around = places()[key], seen["elevation_deg"], seen["azimuth_deg"]
        found.append(
            f"from      {place.name}: elevation {up[0]:.2f} to {up[1]:.2f} deg, azimuth {around[0]:.2f} to "
            f"{around[1]:.2f} deg, all day{_dark_hours(given, place)}"
        )
    return found


def _dark_hours(given: dict, place: Place) -> str:
    """The hours of a place's clock in which a broadcast may meet an eclipse; empty where there is none."""
    hours = [
        (season["earliest_hour_utc"] + place.clock.hours, season["latest_hour_utc"] + place.clock.hours)
        for season in given["eclipse_seasons"]
    ]
    if not hours:
        return ""
    first, last = min(a for a, _ in hours) % 24.0, max(b for _, b in hours) % 24.0
    return f"; eclipses only from {_clock(first)} to {_clock(last)} by {place.clock.name}"


def _clock(hour: float) -> str:
    minutes = round(60.0 * hour)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def chart(flown: FlownOrbit) -> dict:
    """What `sim.plots.slot_coverage` draws: circles of equal elevation, and the places of the slot."""
    made = account(flown)
    slot = made.choice.longitude
    rings = []
    for up in ELEVATIONS:
        latitude, longitude = circle(slot, coverage(math.radians(up)))
        rings.append({"elevation_deg": up, "latitude_deg": latitude, "longitude_deg": longitude})
    served = [place for _, place in _places(made)]
    return {
        "name": flown.orbit.name,
        "longitude_deg": math.degrees(slot),
        "circles": rings,
        "places": [{"latitude_deg": p.latitude_deg, "longitude_deg": p.longitude_deg} for p in served],
        "served": ", ".join(p.name for p in served),
    }


def circle(longitude: float, radius: float, points: int = 361) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude (n,) deg of a circle of `radius` rad about a place on the equator, round Earth."""
    around = np.linspace(0.0, 2.0 * np.pi, points)
    latitude = np.arcsin(np.sin(radius) * np.cos(around))
    east = np.arctan2(np.sin(around) * np.sin(radius), np.cos(radius))
    return np.degrees(latitude), (np.degrees(longitude + east) + 180.0) % 360.0 - 180.0


def write_burns(path: Path, flown: FlownOrbit) -> None:
    """One line a burn: UTC, seconds, cycle, kind, planned and flown m/s (along the motion, along the normal)."""
    rows = (
        (flown.orbit.epoch.plus(b.at).utc(3), f"{b.at:.3f}", b.cycle, b.kind, f"{b.planned:.6f}", f"{b.flown:.6f}")
        for b in flown.kept
    )
    write_table(path, ("utc", "t_s", "cycle", "kind", "planned_m_s", "flown_m_s"), rows)
