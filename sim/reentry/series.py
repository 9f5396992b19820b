"""What entry and descent share: their history, and the direction of the ground track at the site."""

from __future__ import annotations

import math

import numpy as np

from kernels.entry.entry import COMMAND, KNOWN_ERROR, MACH, SENSED_DRAG, TO_GO
from sim.core.ground_site import Site
from sim.core.return_record import EntryGuidanceHistory, EntryHistory
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.site_passes import MEAN_RADIUS


def entry_history(path: Trajectory, extras: np.ndarray, world: World) -> EntryHistory:
    """From the nodes and the first seven extra columns of the kernels of entry and descent."""
    latitude, longitude, _ = world.geodetic(path.t, path.r)
    return EntryHistory(
        t_s=path.t,
        altitude_km=extras[:, 0] / 1000.0,
        speed_air_m_s=extras[:, 1],
        load_g=extras[:, 3],
        dynamic_pressure_pa=extras[:, 2],
        heat_flux_kw_m2=extras[:, 4] / 1000.0,
        bank_deg=np.degrees(extras[:, 6]),
        latitude_deg=latitude,
        longitude_deg=longitude,
    )


def track_to(latitude_deg: float, longitude_deg: float, site: Site) -> float:
    """In which direction the great circle from a place comes to a site, rad clockwise from north."""
    a, b = math.radians(latitude_deg), site.latitude
    dl = site.longitude - math.radians(longitude_deg)
    back = math.atan2(-math.sin(dl) * math.cos(a), math.cos(b) * math.sin(a) - math.sin(b) * math.cos(a) * math.cos(dl))
    return (back + math.pi) % (2.0 * math.pi)


def from_site(latitude_deg: float, longitude_deg: float, track: float, site: Site) -> tuple[float, float]:
    """How far beyond a site and to the right of it a place lies, m, along a great circle that leads through the site in
    the direction `track`, rad clockwise from north; on the mean sphere of 6371 km."""
    place, a = math.radians(latitude_deg), site.latitude
    dl = math.radians(longitude_deg) - site.longitude
    up = math.cos(a) * math.cos(place) * math.cos(dl) + math.sin(a) * math.sin(place)
    east = math.cos(place) * math.sin(dl)
    north = math.cos(a) * math.sin(place) - math.sin(a) * math.cos(place) * math.cos(dl)
    ahead, right = north * math.cos(track) + east * math.sin(track), east * math.cos(track) - north * math.sin(track)
    return MEAN_RADIUS * math.atan2(ahead, up), MEAN_RADIUS * math.asin(right)


def guidance_history(path: Trajectory, extras: np.ndarray) -> EntryGuidanceHistory:
    """From the nodes and the extra columns (n, 13) of the kernel of the entry."""
    return EntryGuidanceHistory(
        t_s=path.t,
        mach=extras[:, MACH],
        bank_command_deg=np.degrees(extras[:, COMMAND]),
        navigation_error_m=extras[:, KNOWN_ERROR],
        drag_m_s2=extras[:, SENSED_DRAG],
        range_to_go_km=extras[:, TO_GO] / 1000.0,
    )
