"""What a particle goes through: Christiansen, Meteoroid/Debris Shielding, NASA/TP-2003-210788.

Units as there: cm, g/cm3, km/s, ksi; speeds are those against the surface, angles from its normal.
"""

from __future__ import annotations

import math

import numpy as np

ALUMINIUM = 2.8  # g/cm3
SOUND = 5.1  # km/s, in aluminium
HARDNESS = 95.0  # Brinell, of a 6061-T6
OBLIQUE = math.radians(65.0)  # farther from the normal the equation of the shield is held there
SLOW, FAST = 3.0, 7.0  # km/s along the normal: below the particle stays whole, above it melts


def whipple_diameter(v: float, angle: float, density: float, wall: dict[str, float]) -> float:
    """Diameter, cm, from which on a particle goes through a bumper and the wall behind it.

    `angle` rad; beyond 65 deg that of 65 deg. `wall`: `bumper_cm`, `spacing_cm`, `wall_cm`, `yield_ksi`.
    """
    cosine = math.cos(min(angle, OBLIQUE))
    normal = v * cosine
    if normal <= SLOW:
        return _slow(v, cosine, density, wall)
    if normal >= FAST:
        return _fast(v, cosine, density, wall)
    low, high = _slow(SLOW / cosine, cosine, density, wall), _fast(FAST / cosine, cosine, density, wall)
    return low + (high - low) * (normal - SLOW) / (FAST - SLOW)


def _slow(v: float, cosine: float, density: float, wall: dict[str, float]) -> float:
    thick = wall["wall_cm"] * math.sqrt(wall["yield_ksi"] / 40.0) + wall["bumper_cm"]
    return (thick / (0.6 * cosine ** (5.0 / 3.0) * math.sqrt(density) * v ** (2.0 / 3.0))) ** (18.0 / 19.0)


def _fast(v: float, cosine: float, density: float, wall: dict[str, float]) -> float:
    behind = wall["wall_cm"] ** (2.0 / 3.0) * wall["spacing_cm"] ** (1.0 / 3.0)
    strong = (wall["yield_ksi"] / 70.0) ** (1.0 / 3.0)
    cloud = density ** (1.0 / 3.0) * ALUMINIUM ** (1.0 / 9.0) * (v * cosine) ** (2.0 / 3.0)
    return 3.918 * behind * strong / cloud


def single_diameter(v: float, angle: float, density: float, thick: float) -> float:
    """Diameter, cm, from which on a particle goes through one aluminium wall of `thick` cm: 1.8 times its crater."""
    push = (density / ALUMINIUM) ** 0.5 * (v * math.cos(angle) / SOUND) ** (2.0 / 3.0)
    return (thick / (1.8 * 5.24 * HARDNESS**-0.25 * push)) ** (18.0 / 19.0)


def glass_crater(d_cm: np.ndarray | float, v: float, angle: float, density: float) -> np.ndarray:
    """Depth, cm, of the crater in thick fused silica; what is seen of it from inside is several times as wide."""
    return 0.53 * density**0.5 * np.asarray(d_cm, dtype=float) ** 1.06 * (v * math.cos(angle)) ** (2.0 / 3.0)
