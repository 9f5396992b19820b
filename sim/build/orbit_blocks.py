"""Blocks of an orbit file that are no forces, in SI: a slot that is kept, and a camera."""

from __future__ import annotations

import math

import numpy as np

from sim.propagation.force_model import ImagingChoice, KeepingChoice
from sim.scenario.orbit_file import Imaging, SlotKeeping


def imaging(given: Imaging | None) -> ImagingChoice | None:
    """A camera in SI, or none."""
    if given is None:
        return None
    area = np.radians(np.array(given.area_deg, dtype=float).reshape(-1, 2))
    angles = math.radians(given.roll_deg), math.radians(given.sun_elevation_deg)
    return ImagingChoice(float(given.swath_m), *angles, area, given.places)


def keeping(given: SlotKeeping | None) -> KeepingChoice | None:
    """A slot that is kept in SI, or none; its longitude within half a turn of Greenwich."""
    if given is None:
        return None
    rad = math.radians
    return KeepingChoice(
        longitude=rad((given.longitude_deg + 180.0) % 360.0 - 180.0),
        half_width=rad(given.half_width_deg),
        inclination=rad(given.inclination_deg),
        east_west=86400.0 * given.east_west_days,
        north_south=86400.0 * given.north_south_days,
        eccentricity=float(given.eccentricity),
        longitude_sigma=rad(given.longitude_sigma_deg),
        plane_sigma=rad(given.plane_sigma_deg),
        axis_sigma=float(given.axis_sigma_m),
        burn_sigma=given.burn_sigma_percent / 100.0,
        sunlight=given.sunlight_off_percent / 100.0,
        degree=given.known_degree,
        seed=given.seed,
        places=given.places,
        isp=None if given.isp_s is None else float(given.isp_s),
    )
