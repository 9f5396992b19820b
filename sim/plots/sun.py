"""Where the Sun stands, well enough for a map: 0.01 deg over decades, with no table."""

from __future__ import annotations

import numpy as np

from sim.core.epoch import Epoch

J2000_JD = 2451545.0
EARTH_RATE = 7.292115e-5  # rad/s


def subsolar_point(epoch: Epoch) -> tuple[float, float]:
    """Latitude and longitude (deg) of the place that has the Sun overhead.

    Solar coordinates of low accuracy, mean equinox of date, with aberration but without nutation (Meeus, Astronomical
    Algorithms, chapter 25); Greenwich mean sidereal time by the leading terms of IAU 1982, with UTC for UT1.
    """
    day, fraction = epoch.jd_tt()
    centuries = (day - J2000_JD + fraction) / 36525.0
    mean_longitude = 280.46646 + 36000.76983 * centuries
    anomaly = np.radians(357.52911 + 35999.05029 * centuries)
    centre = (1.914602 - 0.004817 * centuries) * np.sin(anomaly) + 0.019993 * np.sin(2.0 * anomaly)
    longitude = np.radians(mean_longitude + centre - 0.00569)
    obliquity = np.radians(23.43929111 - 0.0130042 * centuries)
    declination = np.arcsin(np.sin(obliquity) * np.sin(longitude))
    right_ascension = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    day, fraction = epoch.jd_utc()
    days = day - J2000_JD + fraction
    sidereal_deg = 280.46061837 + 360.98564736629 * days
    east = (np.degrees(right_ascension) - sidereal_deg + 180.0) % 360.0 - 180.0
    return float(np.degrees(declination)), float(east)


def elevation_deg(epoch: Epoch, latitude_deg: float, longitude_deg: float) -> float:
    """Elevation of the Sun (deg, without refraction) over places on a round Earth."""
    sun_latitude, sun_longitude = np.radians(subsolar_point(epoch))
    latitude, hour_angle = np.radians(latitude_deg), np.radians(longitude_deg) - sun_longitude
    height = np.sin(sun_latitude) * np.sin(latitude) + np.cos(sun_latitude) * np.cos(latitude) * np.cos(hour_angle)
    return float(np.degrees(np.arcsin(np.clip(height, -1.0, 1.0))))


def seen_from(epoch: Epoch, latitude_deg: float, longitude_deg: float, heading: np.ndarray) -> np.ndarray:
    """Direction of the Sun (3,) in the orbital frame of a craft: forward, against the orbit normal, to the nadir.

    Over the place (deg) on a round Earth, moving along `heading` (3,) of any length, in Earth-fixed axes held still.
    """
    up, sun = _unit(latitude_deg, longitude_deg), _unit(*subsolar_point(epoch))
    ahead = heading - (heading @ up) * up
    ahead /= np.linalg.norm(ahead)
    return np.array([sun @ ahead, sun @ np.cross(-up, ahead), -(sun @ up)])


def _unit(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    latitude, longitude = np.radians([latitude_deg, longitude_deg])
    return np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])


def moving(latitude_deg: np.ndarray, longitude_deg: np.ndarray, radius_km: float, seconds: float) -> np.ndarray:
    """Velocity (3,) km/s of a craft between two places (deg, two each) in Earth-fixed axes held still."""
    first, second = (radius_km * _unit(*place) for place in zip(latitude_deg, longitude_deg, strict=True))
    return (second - first) / seconds + EARTH_RATE * np.cross([0.0, 0.0, 1.0], 0.5 * (first + second))
