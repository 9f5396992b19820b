"""Fluxes by two public engineering models, closed formulas both: NASA's of 1989 for debris, Gruen's of 1985 for
meteoroids.

Debris: Kessler, Reynolds, Anz-Meador, NASA TM-100471 (1989), as the station programme took it over in SSP 30425. It
grows with the years as was expected then, knows no event since, and takes orbits to be circular: debris comes along
the horizon, the faster the nearer to the direction of flight. Meteoroids: Gruen, Zook, Fechtig, Giese, Icarus 62 (1985)
244, with focusing by the Earth and the shade of it, as ECSS-E-ST-10-04 has them. The first is a work of the United
States government, in the public domain; of the second only the formula is used, which nobody owns.
"""

from __future__ import annotations

import math

import numpy as np

YEAR_S = 3.15576e7
ATMOSPHERE_KM = 100.0  # no meteoroid comes through it
EARTH_KM = 6378.137
# Factor of the inclination, by deg: TM-100471, table.
INCLINATIONS = (28.5, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 120.0)
FACTORS = (0.91, 0.92, 0.96, 1.02, 1.09, 1.26, 1.71, 1.37, 1.78, 1.18)
METEOROID_DENSITY = 2.5  # g/cm3, ECSS-E-ST-10-04


def debris_flux(d_cm: np.ndarray | float, height_km: float, inclination_deg: float, year: float, solar: float):
    """Pieces of `d_cm` and larger for each m2 of a tumbling surface and year, shape of `d_cm`.

    `year`: as 2026.5. `solar`: F10.7 of the year before, its 13-month mean, sfu. Sizes from 1e-4 to 500 cm.
    """
    d = np.asarray(d_cm, dtype=float)
    small = 10.0 ** (0.5 * np.exp(-(((np.log10(d) - 0.78) / 0.637) ** 2)))
    higher = 10.0 ** (height_km / 200.0 - solar / 140.0 - 1.5)
    grown = 1.02 ** (min(year, 2011.0) - 1988.0) * 1.04 ** max(year - 2011.0, 0.0)
    mass = 1.0 + 0.05 * (year - 1988.0)
    factor = float(np.interp(inclination_deg, INCLINATIONS, FACTORS))
    fragments, bodies = 1.22e-5 * d**-2.5, 8.1e10 * (d + 700.0) ** -6.0
    return small * higher / (higher + 1.0) * factor * (fragments * grown + bodies * mass)


def debris_density(d_cm: np.ndarray | float) -> np.ndarray:
    """g/cm3 of pieces of that size: SSP 30425."""
    d = np.asarray(d_cm, dtype=float)
    return np.where(d > 0.62, 2.8 * d**-0.74, 2.8)


def debris_speeds(inclination_deg: float, step: float = 0.25) -> tuple[np.ndarray, np.ndarray]:
    """Speeds (n,) km/s of debris against the station, and their shares (n,), which sum to 1: TM-100471.

    Up to 60 deg of inclination, where its constants have one form.
    """
    i = inclination_deg
    v0 = 7.25 + 0.015 * (i - 30.0)
    f = 0.3 + 0.0008 * (i - 50.0) ** 2 if i < 50.0 else 0.3 - 0.01 * (i - 50.0)
    v = np.arange(0.5 * step, 16.0, step)
    first = 18.7 * np.exp(-(((v - 2.5 * v0) / (0.5 * v0)) ** 2))
    second = f * np.exp(-(((v - (1.3 - 0.01 * (i - 30.0)) * v0) / ((0.55 + 0.005 * (i - 30.0)) * v0)) ** 2))
    third = 0.0125 * (1.0 - 0.0000757 * (i - 60.0) ** 2) * (4.0 * v * v0 - v * v)
    share = np.maximum((2.0 * v * v0 - v * v) * (first + second) + third, 0.0)
    return v, share / share.sum()


def meteoroid_flux(mass_g: np.ndarray | float) -> np.ndarray:
    """Meteoroids of `mass_g` and heavier for each m2 of a flat, one-sided surface and year, far from any planet."""
    m = np.asarray(mass_g, dtype=float)
    first = (2.2e3 * m**0.306 + 15.0) ** -4.38
    second = 1.3e-9 * (m + 1e11 * m**2 + 1e27 * m**4) ** -0.36
    third = 1.3e-16 * (m + 1e6 * m**2) ** -0.85
    return YEAR_S * (first + second + third)


def meteoroid_mass(d_cm: np.ndarray | float) -> np.ndarray:
    """Mass, g, of a meteoroid of that diameter."""
    return METEOROID_DENSITY * math.pi / 6.0 * np.asarray(d_cm, dtype=float) ** 3


def focusing(height_km: float) -> float:
    """By how much the Earth's gravity draws meteoroids together."""
    return 1.0 + (EARTH_KM + ATMOSPHERE_KM) / (EARTH_KM + height_km)


def sky_share(tilt_deg: float, height_km: float) -> float:
    """What the Earth leaves of a meteoroid flux on a flat surface whose normal is `tilt_deg` from the zenith."""
    edge = math.pi - math.asin((EARTH_KM + ATMOSPHERE_KM) / (EARTH_KM + height_km))  # of the Earth, from the zenith
    zenith = (np.arange(400) + 0.5) * edge / 400.0
    azimuth = (np.arange(400) + 0.5) * 2.0 * math.pi / 400.0
    tilt = math.radians(tilt_deg)
    cosine = np.cos(tilt) * np.cos(zenith)[:, None] + np.sin(tilt) * np.sin(zenith)[:, None] * np.cos(azimuth)
    weight = np.sin(zenith)[:, None] * (edge / 400.0) * (2.0 * math.pi / 400.0)
    return float((np.maximum(cosine, 0.0) * weight).sum() / math.pi)
