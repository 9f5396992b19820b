"""The histories of an ascent, from its trajectory and what the kernel logs beside it."""

from __future__ import annotations

import numpy as np

from kernels.ascent.ascent import ATTACK, LOAD, MACH, PRESSURE
from kernels.constants import FLATTENING, OMEGA_EARTH, R_EQUATOR
from sim.core.ascent_record import AscentHistory
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World


def ascent_history(path: Trajectory, extras: np.ndarray, site: Site, world: World) -> AscentHistory:
    """The climb at its nodes; `extras` (n, 5) as the kernel logs them."""
    latitude, longitude, height = world.geodetic(path.t, path.r)
    up = path.r / np.linalg.norm(path.r, axis=1)[:, None]
    wind = np.cross(OMEGA_EARTH * world.true_of_date(path.start)[2], path.r)
    air = np.linalg.norm(path.v - wind, axis=1)
    speed = np.linalg.norm(path.v, axis=1)
    return AscentHistory(
        t_s=path.t,
        altitude_km=height / 1000.0,
        downrange_km=_arc_km(latitude, longitude, site),
        speed_inertial_m_s=speed,
        speed_air_m_s=air,
        flight_path_deg=np.degrees(np.arcsin(np.clip(np.einsum("ij,ij->i", path.v, up) / speed, -1.0, 1.0))),
        dynamic_pressure_pa=extras[:, PRESSURE],
        mach=extras[:, MACH],
        axial_load_g=extras[:, LOAD],
        angle_of_attack_deg=np.degrees(extras[:, ATTACK]),
        q_alpha_kpa_deg=1e-3 * extras[:, PRESSURE] * np.degrees(extras[:, ATTACK]),
        mass_kg=path.mass,
        latitude_deg=latitude,
        longitude_deg=longitude,
    )


def where(t: float, path: Trajectory, history: AscentHistory) -> dict[str, float]:
    """Where the launcher is at `t`: at the first node that is not earlier."""
    i = min(int(np.searchsorted(path.t, t, side="left")), len(path.t) - 1)
    return {
        "altitude_km": float(history.altitude_km[i]),
        "speed_inertial_m_s": float(history.speed_inertial_m_s[i]),
        "downrange_km": float(history.downrange_km[i]),
    }


def _arc_km(latitude: np.ndarray, longitude: np.ndarray, site: Site) -> np.ndarray:
    """Distance from the pad along the ground (n,), km, on a sphere of the equator's radius; geodetic latitudes, deg.

    The angle between the geocentric directions of the two places on the ellipsoid.
    """
    lat, lon = np.radians(latitude), np.radians(longitude)
    p = _on_ground(lat, lon)
    s = _on_ground(np.array([site.latitude]), np.array([site.longitude]))
    return 1e-3 * R_EQUATOR * np.arctan2(np.linalg.norm(np.cross(p, s), axis=1), p @ s[0])


def _on_ground(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Points (n, 3) of the ellipsoid, in its equator's radii but for a common factor; rad."""
    z = (1.0 - FLATTENING) ** 2 * np.sin(latitude)
    return np.column_stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), z])
