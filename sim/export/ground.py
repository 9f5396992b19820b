"""Stored trajectories over the ground: Earth-fixed states, and geodetic positions on WGS-84."""

from __future__ import annotations

import numpy as np

from kernels.constants import FLATTENING, OMEGA_EARTH, R_EQUATOR
from sim.export.trajectories import EarthOrientation

ROUNDS = 6  # of a fixed point that gains three digits each


def earth_fixed(earth: EarthOrientation, t: np.ndarray, r: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position and velocity (n, 3) in ITRS of GCRS states; the Earth turns about z, which its pole is to 0.3 arcsec:
    half a millimetre a second."""
    fixed = earth.itrs(t, r)
    return fixed, earth.itrs(t, v) - np.cross([0.0, 0.0, OMEGA_EARTH], fixed)


def geodetic(r: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Latitude and longitude deg and height m (n,) of Earth-fixed points (n, 3)."""
    e2 = FLATTENING * (2.0 - FLATTENING)
    across = np.hypot(r[:, 0], r[:, 1])
    z = r[:, 2] / (1.0 - e2)
    for _ in range(ROUNDS):
        sine = z / np.hypot(across, z)
        normal = R_EQUATOR / np.sqrt(1.0 - e2 * sine * sine)
        z = r[:, 2] + e2 * normal * sine
    lat = np.arctan2(z, across)
    height = np.hypot(across, z) - R_EQUATOR / np.sqrt(1.0 - e2 * np.sin(lat) ** 2)
    return np.degrees(lat), np.degrees(np.arctan2(r[:, 1], r[:, 0])), height
