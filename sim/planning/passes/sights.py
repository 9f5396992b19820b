"""What an observer sees of a craft at a time: where it stands, whether the Sun lights it, and how bright it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.orbit.shadow import ELLIPSOID, illumination_table
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events import look, look_at_sun
from sim.events.sky import earth_fixed, of_date, sun
from sim.planning.passes import brightness

TWILIGHTS = ((-0.833, "day"), (-6.0, "civil twilight"), (-12.0, "nautical twilight"), (-18.0, "astronomical twilight"))


@dataclass(frozen=True)
class Sights:
    """Columns (n,): time s, azimuth (north over east) and elevation rad, range m; the Sun's `phase` angle at the craft
    rad, and the share of its disc that the craft sees; the Sun's elevation at the site rad. `magnitude` without the
    air, `in_air` through clear air at sea level; infinite in shadow."""

    t: np.ndarray
    azimuth: np.ndarray
    elevation: np.ndarray
    distance: np.ndarray
    phase: np.ndarray
    lit: np.ndarray
    sun: np.ndarray
    magnitude: np.ndarray
    in_air: np.ndarray

    def at(self, k: int) -> dict:
        """One of them, for JSON: angles in deg, no magnitude in shadow."""
        bright = math.isfinite(self.magnitude[k])
        return {
            "t_s": float(self.t[k]),
            "azimuth_deg": math.degrees(self.azimuth[k]),
            "elevation_deg": math.degrees(self.elevation[k]),
            "range_km": float(self.distance[k]) / 1e3,
            "phase_deg": math.degrees(self.phase[k]),
            "lit": float(self.lit[k]),
            "sun_elevation_deg": math.degrees(self.sun[k]),
            "magnitude": float(self.magnitude[k]) if bright else None,
            "magnitude_in_air": float(self.in_air[k]) if bright else None,
        }


def sights(path: Trajectory, world: World, site: Site, standard: float, times: np.ndarray) -> Sights:
    """How a craft of a standard magnitude is seen from a site at `times` (n,) s, some minutes at most."""
    times = np.asarray(times, dtype=float)
    elevation, azimuth, distance = look(path, world, site, times)
    r = np.ascontiguousarray(path.at(times)[0])
    suns = sun(world, times)
    middle = len(times) // 2
    lit = np.empty(len(times))  # under the Sun of the middle: in ten minutes it moves by 0.007 deg
    illumination_table(r, suns[middle].copy(), of_date(world, times[[middle]])[0, 2].copy(), ELLIPSOID, lit)
    here = np.einsum("nji,j->ni", earth_fixed(world, times), site.ecef())
    phase = _angle(suns - r, here - r)
    bright = brightness.magnitude(standard, distance, phase, lit)
    low = look_at_sun(world, site, times)[0]
    return Sights(times, azimuth, elevation, distance, phase, lit, low, bright, bright + brightness.dimmed(elevation))


def twilight(sun_elevation: float) -> str:
    """How dark it is where the Sun stands at that elevation, rad."""
    degrees = math.degrees(sun_elevation)
    return next((name for limit, name in TWILIGHTS if degrees > limit), "night")


def _angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    cosine = np.einsum("ij,ij->i", a, b) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return np.arccos(np.clip(cosine, -1.0, 1.0))
