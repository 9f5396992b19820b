"""Two-body motion in equinoctial elements, for many times at once, and how states change with the elements.

An error ellipsoid that is long in track is bent along the orbit; in these elements it is not, because only the mean
longitude runs, and evenly (Vallado and Alfano, J. Guidance 38 (2015) 1709). Elements (6,): mean motion n rad/s,
af = e cos(w + fr W), ag = e sin(w + fr W), chi and psi (tangent of half the inclination along and across the node,
cotangent where fr = -1), mean longitude rad; fr = -1 for orbits nearly the wrong way round, where the others have a
pole (Broucke and Cefola, Celest. Mech. 5 (1972) 303). Perturbations over the minutes of an encounter are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.errors import EncounterError

MU_M3_S2 = 3.986004418e14  # of the published cases that this is held to; EGM2008's differs by 1e-9
# Steps of the central differences, in units of each element's natural size: a quarter of the digits for rounding, the
# rest for curvature; the derivative is good to some 1e-9.
STEP = 1.0e-5
# What is further than this from a circle is drawn back to it: a search may try such elements, an error cloud that
# reaches them is none that is Gaussian.
MOST_ECCENTRIC = 0.95
ROUNDED_CORRELATION = 1.0e-4  # below zero by which an eigenvalue of correlations may be: five digits were written


def elements(r, v) -> tuple[np.ndarray, int]:
    """Elements (6,) and fr of an inertial state r (3,) m, v (3,) m/s; EncounterError where it is not of an ellipse, or
    of one that is longer than MOST_ECCENTRIC."""
    distance = float(np.linalg.norm(r))
    a = 1.0 / (2.0 / distance - float(v @ v) / MU_M3_S2)
    if not a > 0.0:
        raise EncounterError(
            f"an object at {distance / 1e3:.0f} km from the Earth's centre has {np.linalg.norm(v) / 1e3:.2f} km/s: "
            "no ellipse; an integration over time needs objects in orbit, use two dimensions"
        )
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    fr = 1 if normal[2] > -0.5 else -1
    chi, psi = normal[0] / (1.0 + fr * normal[2]), -normal[1] / (1.0 + fr * normal[2])
    f, g = _axes(chi, psi, fr)
    eccentricity = np.cross(v, np.cross(r, v)) / MU_M3_S2 - r / distance
    if not float(np.linalg.norm(eccentricity)) < MOST_ECCENTRIC:
        raise EncounterError(
            f"an object has the eccentricity {np.linalg.norm(eccentricity):.3f}; an integration over time allows up to "
            f"{MOST_ECCENTRIC:g}, use two dimensions"
        )
    af, ag = float(eccentricity @ f), float(eccentricity @ g)
    x, y = float(r @ f), float(r @ g)
    b = 1.0 / (1.0 + np.sqrt(1.0 - af * af - ag * ag))
    root = a * np.sqrt(1.0 - af * af - ag * ag)
    cos = af + ((1.0 - af * af * b) * x - af * ag * b * y) / root
    sin = ag + ((1.0 - ag * ag * b) * y - af * ag * b * x) / root
    eccentric = np.arctan2(sin, cos)
    longitude = eccentric + ag * cos - af * sin
    return np.array([np.sqrt(MU_M3_S2 / a**3), af, ag, chi, psi, longitude]), fr


def period_s(r, v) -> float:
    """Of the ellipse of an inertial state r (3,) m, v (3,) m/s."""
    return 2.0 * math.pi / float(elements(r, v)[0][0])


def _axes(chi, psi, fr):
    """Unit vectors (..., 3) f and g of the orbit's plane."""
    c = 1.0 + chi * chi + psi * psi
    one = np.ones_like(c)
    f = np.stack([(1.0 - chi * chi + psi * psi) * one, 2.0 * chi * psi, -2.0 * fr * chi], -1) / c[..., None]
    g = np.stack([2.0 * fr * chi * psi, (1.0 + chi * chi - psi * psi) * fr, 2.0 * psi], -1) / c[..., None]
    return f, g


def states(e, fr: int, t) -> np.ndarray:
    """(..., 6) inertial states, m and m/s, of elements (..., 6) after t (...) seconds."""
    n, af, ag, chi, psi, longitude = (e[..., i] for i in range(6))
    shrink = np.minimum(1.0, MOST_ECCENTRIC / np.maximum(np.hypot(af, ag), 1.0e-300))
    af, ag = af * shrink, ag * shrink
    longitude = longitude + n * t
    big = longitude.copy()
    for _ in range(12):  # Newton; e < 0.9 converges to rounding in fewer
        step = (big + ag * np.cos(big) - af * np.sin(big) - longitude) / (1.0 - ag * np.sin(big) - af * np.cos(big))
        big = big - step
        if np.abs(step).max() < 1.0e-15:
            break
    cos, sin = np.cos(big), np.sin(big)
    a = (MU_M3_S2 / (n * n)) ** (1.0 / 3.0)
    b = 1.0 / (1.0 + np.sqrt(1.0 - af * af - ag * ag))
    rate = n / (1.0 - ag * sin - af * cos)  # of the eccentric longitude
    x = a * ((1.0 - ag * ag * b) * cos + af * ag * b * sin - af)
    y = a * ((1.0 - af * af * b) * sin + af * ag * b * cos - ag)
    vx = a * rate * (af * ag * b * cos - (1.0 - ag * ag * b) * sin)
    vy = a * rate * ((1.0 - af * af * b) * cos - af * ag * b * sin)
    f, g = _axes(chi, psi, fr)
    return np.concatenate([x[..., None] * f + y[..., None] * g, vx[..., None] * f + vy[..., None] * g], -1)


def derivatives(e, fr: int, t) -> tuple[np.ndarray, np.ndarray]:
    """States (..., 6) and their derivatives (..., 6, 6) by the elements at the epoch, by central differences."""
    size = np.array([float(np.median(e[..., 0])), 1.0, 1.0, 1.0, 1.0, 1.0]) * STEP
    columns = []
    for i in range(6):
        change = np.zeros(6)
        change[i] = size[i]
        columns.append((states(e + change, fr, t) - states(e - change, fr, t)) / (2.0 * size[i]))
    return states(e, fr, t), np.stack(columns, -1)


@dataclass(frozen=True, eq=False)
class Cloud:
    """An object whose error is Gaussian in equinoctial elements: mean (6,), covariance (6, 6), fr."""

    mean: np.ndarray
    covariance: np.ndarray
    fr: int


def cloud(r, v, covariance) -> Cloud:
    """From an inertial state and its covariance (6, 6), made linear there; EncounterError where that is none."""
    if covariance is None or covariance.shape != (6, 6):
        raise EncounterError("an integration over time needs covariances (6, 6) of both objects, velocities included")
    variances = np.diag(covariance)
    if not (variances > 0.0).all():
        raise EncounterError(f"a covariance has the variances {variances.tolist()}; over time all must be above zero")
    smallest = float(np.linalg.eigvalsh(covariance / np.sqrt(np.outer(variances, variances)))[0])
    if smallest < -ROUNDED_CORRELATION:
        raise EncounterError(
            f"the correlations of a covariance have the eigenvalue {smallest:.3g}; over time none may be below zero, "
            "except by rounding"
        )
    mean, fr = elements(r, v)
    _, by_elements = derivatives(mean[None], fr, np.zeros(1))
    back = np.linalg.inv(by_elements[0])
    return Cloud(mean, back @ covariance @ back.T, fr)
