"""What the recovery teams need of a landing, as plain tables for `flight.json`: place, time, light, drift, wind, and
from where the return is seen."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from kernels.constants import FLATTENING, R_EQUATOR
from sim.catalogue.places import Place, places
from sim.core.flight import Flight
from sim.core.ground_site import GroundSite, Site
from sim.core.return_record import DescentRecord, EntryHistory
from sim.environment.world import World
from sim.orbit.plane_crossing import sun_elevation
from sim.reentry.flown_return import FlownReturn

EARTH_RADIUS_KM = 6371.0
SUNSET_DEG = -0.833  # of the Sun's centre: its radius and the refraction at the horizon
TWILIGHTS = (
    (SUNSET_DEG, "day"),
    (-6.0, "civil twilight"),
    (-12.0, "nautical twilight"),
    (-18.0, "astronomical twilight"),
)
LIGHT_STEP_S = 120.0
DAY_S = 86400.0
LOWEST_DEG = 5.0  # over the horizon, where something is seen over hills and haze


def landing(flight: Flight, world: World) -> dict | None:
    """None for a flight without a touchdown."""
    flown = FlownReturn.of(flight)
    record = next((leg.record for leg in reversed(flight.legs) if isinstance(leg.record, DescentRecord)), None)
    touched = flown.events.get("touchdown") if flown is not None else None
    if flown is None or record is None or touched is None or flown.air is None:
        return None
    latitude, longitude = (float(touched.values[key]) for key in ("latitude_deg", "longitude_deg"))
    place = Site("", math.radians(latitude), math.radians(longitude), 1e3 * float(record.entry.altitude_km[-1]))
    below, site = record.entry, record.site
    opened = float(below.latitude_deg[0]), float(below.longitude_deg[0])
    return {
        "site": site.name,
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "utc": flight.epoch(touched.t).utc(),
        **_from_site(latitude, longitude, site),
        "light": _light(touched.t, place, world),
        "parachutes_open": {
            "utc": flight.epoch(float(below.t_s[0])).utc(),
            "latitude_deg": opened[0],
            "longitude_deg": opened[1],
            "altitude_km": float(below.altitude_km[0]),
            **_from_site(*opened, site),
            "horizon_km": horizon_km(float(below.altitude_km[0] - below.altitude_km[-1])),
        },
        "drift": {
            "drift_km": distance_km(*opened, latitude, longitude),
            "toward_deg": bearing_deg(*opened, latitude, longitude),
            "descent_s": float(below.t_s[-1] - below.t_s[0]),
        },
        "wind": _wind(record),
        "seen_from": list(_seen_from(flight, world, flown.air)),
    }


def _from_site(latitude_deg: float, longitude_deg: float, site: GroundSite) -> dict:
    apart = distance_km(site.latitude_deg, site.longitude_deg, latitude_deg, longitude_deg)
    bearing = bearing_deg(site.latitude_deg, site.longitude_deg, latitude_deg, longitude_deg)
    return {"from_site_km": apart, "bearing_from_site_deg": bearing}


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance between two places (deg) on the mean sphere, km: 0.3 % at worst."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    dl = math.radians(other_longitude - longitude)
    h = math.sin(0.5 * (b - a)) ** 2 + math.cos(a) * math.cos(b) * math.sin(0.5 * dl) ** 2
    return 2.0 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def bearing_deg(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """In which direction the second place (deg) lies from the first one, clockwise from north."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    dl = math.radians(other_longitude - longitude)
    east = math.sin(dl) * math.cos(b)
    return math.degrees(math.atan2(east, math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(dl))) % 360.0


def horizon_km(height_km: float) -> float:
    """From how far, along the ground, something at a height over it is seen over the horizon."""
    return EARTH_RADIUS_KM * math.acos(EARTH_RADIUS_KM / (EARTH_RADIUS_KM + max(height_km, 0.0)))


def _light(t: float, place: Site, world: World) -> dict:
    """The Sun at the touchdown, and the minutes until it sets, or by night until it rises; None where it does not
    within a day."""
    now = math.degrees(sun_elevation(t, place, world))
    up = now > SUNSET_DEG
    edge = None
    for after in np.arange(LIGHT_STEP_S, DAY_S, LIGHT_STEP_S):
        if (math.degrees(sun_elevation(t + float(after), place, world)) > SUNSET_DEG) != up:
            edge = (float(after) - 0.5 * LIGHT_STEP_S) / 60.0
            break
    return {
        "sun_elevation_deg": now,
        "light": next((name for limit, name in TWILIGHTS if now > limit), "night"),
        "sunset_min" if up else "sunrise_min": edge,
    }


def _wind(record: DescentRecord) -> dict | None:
    """The wind at the ground of the touchdown; None for a flight in calm air."""
    wind = record.wind
    if wind is None or not len(wind.height_m):
        return None
    ground = 1e3 * float(record.entry.altitude_km[-1])
    east, north = (float(np.interp(ground, wind.height_m, part)) for part in (wind.east_m_s, wind.north_m_s))
    speed = np.hypot(wind.east_m_s, wind.north_m_s)
    below = wind.height_m <= 1e3 * float(record.entry.altitude_km[0])
    return {
        "surface_m_s": math.hypot(east, north),
        "from_deg": (math.degrees(math.atan2(east, north)) + 180.0) % 360.0,
        "greatest_below_opening_m_s": float(speed[below].max()) if below.any() else math.hypot(east, north),
    }


def _seen_from(flight: Flight, world: World, air: EntryHistory) -> Iterator[dict]:
    """The places of the list from which the capsule rises to `LOWEST_DEG`, the nearest first: where and when it is
    highest, and the Sun there."""
    path = _ecef(air.latitude_deg, air.longitude_deg, 1e3 * air.altitude_km)
    found = []
    for place in places().values():
        site = Site("", math.radians(place.latitude_deg), math.radians(place.longitude_deg), place.height_m)
        row = _highest(place, site, path, air)
        if row["elevation_deg"] >= LOWEST_DEG:
            t = row.pop("t_s")
            sun = math.degrees(sun_elevation(t, site, world))
            found.append({**row, "utc": flight.epoch(t).utc(), "sun_elevation_deg": sun})
    yield from sorted(found, key=lambda row: row["distance_km"])


def _highest(place: Place, site: Site, path: np.ndarray, air: EntryHistory) -> dict:
    """Where the path, Earth-fixed (n, 3) m, stands highest over the horizon of a place."""
    seen = path - site.ecef()
    lat, lon = site.latitude, site.longitude
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    distance = np.linalg.norm(seen, axis=1)
    i = int(np.argmax(seen @ up / distance))
    return {
        "place": place.name,
        "t_s": float(air.t_s[i]),
        "elevation_deg": math.degrees(math.asin(float(seen[i] @ up / distance[i]))),
        "azimuth_deg": math.degrees(math.atan2(float(seen[i] @ east), float(seen[i] @ np.cross(up, east)))) % 360.0,
        "distance_km": float(distance[i]) / 1e3,
        "altitude_km": float(air.altitude_km[i]),
    }


def _ecef(latitude_deg: np.ndarray, longitude_deg: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Earth-fixed positions (n, 3) m of geodetic ones, on WGS-84."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    e2 = FLATTENING * (2.0 - FLATTENING)
    n = R_EQUATOR / np.sqrt(1.0 - e2 * np.sin(lat) ** 2)
    flat = (n + height) * np.cos(lat)
    return np.column_stack([flat * np.cos(lon), flat * np.sin(lon), (n * (1.0 - e2) + height) * np.sin(lat)])
