"""How bright a craft looks: a sphere that scatters light evenly, of a standard magnitude (docs/decisions).

The model is that of the published predictions of satellites: E. M. Vallerie III, Investigation of Photometric Data
Received from an Artificial Earth Satellite, AD 419069 (1963), for the phase, and the inverse square of the distance.
No craft is a sphere: `ERROR` of `error_of` says how far it is off, one sigma.
"""

from __future__ import annotations

import math

import numpy as np

from sim.catalogue.facts import fact

STANDARD_M = 1.0e6  # distance of a standard magnitude; its phase angle is 90 deg


def magnitude(standard: float, distance: np.ndarray, phase: np.ndarray, lit: np.ndarray | float = 1.0) -> np.ndarray:
    """Magnitudes (n,) without the air's part: `distance` (n,) m, `phase` (n,) rad, the angle between Sun and observer
    at the craft; `lit`: share of the Sun's disc that it sees. Infinite where it sees nothing, or where its night side
    alone is seen."""
    with np.errstate(divide="ignore"):
        light = np.maximum(np.sin(phase) + (math.pi - phase) * np.cos(phase), 0.0) * lit
        return standard + 5.0 * np.log10(distance / STANDARD_M) - 2.5 * np.log10(light)


def air_mass(elevation: np.ndarray) -> np.ndarray:
    """Air in the line of sight (n,), of that in the zenith; `elevation` (n,) rad over the horizon (Kasten and Young,
    Appl. Opt. 28 (1989) 4735)."""
    degrees = np.degrees(np.maximum(elevation, 0.0))
    return 1.0 / (np.sin(np.radians(degrees)) + 0.50572 * (degrees + 6.07995) ** -1.6364)


def dimmed(elevation: np.ndarray) -> np.ndarray:
    """Magnitudes (n,) that clear air at sea level takes at an elevation (n,) rad."""
    return fact("brightness.extinction").number * air_mass(elevation)


def error_of(standard_error: float) -> float:
    """One sigma of a magnitude: of the model, and of the standard magnitude that it starts from."""
    return math.hypot(fact("brightness.model_scatter").number, standard_error)
