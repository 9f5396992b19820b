"""Probability of collision of a short encounter: a two-dimensional Gaussian over the disc of the hard body.

Both objects move in straight lines while they are near, and their errors do not change meanwhile (Foster and Estes,
NASA JSC-25898, 1992). Four ways to the same integral, so that each checks the others; `alfano` is the one to use.
All are double precision, and good to 1e-9 relative unless their docstring says less. `fits` (of
`sim.conjunctions.judgement`) says where two dimensions do not serve.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import erfc, gammainc

from sim.conjunctions.encounter import EncounterPlane

NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
# Where panels of the outer integral end, in sigmas from the centre: a Gauss rule of 32 points is exact to rounding on
# each, as the exponent changes by less than 40 over one.
SIGMAS = np.array([0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 8.0, 11.0, 15.0, 20.0, 26.0, 38.0])
LARGEST_TERMS = 20_000  # of Chan's series


def alfano(plane: EncounterPlane) -> float:
    """The integral over the wide axis in closed form (differences of erfc), over the narrow one by Gauss-Legendre.

    Alfano, J. Astronaut. Sci. 53 (2005) 103, eq. 6. The disc is run through by its angle, which takes the square root
    out of its ends; panels end where either Gaussian bends. Far misses keep their digits down to 1e-300.
    """
    radius = plane.radius_m
    if radius == 0.0:
        return 0.0
    if math.isinf(radius):
        return 1.0
    x0, y0, sx, sy = abs(plane.x_m), abs(plane.y_m), plane.sigma_x_m, plane.sigma_y_m
    angles = _panels(x0, y0, sx, sy, radius)
    middle, half = 0.5 * (angles[1:] + angles[:-1]), 0.5 * np.diff(angles)
    angle = (middle[:, None] + half[:, None] * NODES).ravel()
    weight = (half[:, None] * WEIGHTS).ravel()
    x, height = radius * np.sin(angle), radius * np.cos(angle)
    across = np.exp(-0.5 * ((x - x0) / sx) ** 2) / (math.sqrt(2.0 * math.pi) * sx)
    return float(np.sum(weight * height * across * _between(y0 - height, y0 + height, sy)))


def _panels(x0: float, y0: float, sx: float, sy: float, radius: float) -> np.ndarray:
    """Angles (n,) from -90 to 90 deg between which the integrand is smooth on its own scale."""
    steps = np.concatenate((-SIGMAS[::-1], [0.0], SIGMAS))
    # Where the narrow Gaussian bends: about its centre, or about the edge of the disc where the centre lies outside.
    nearest = min(x0, radius)
    scale = sx if x0 <= radius else min(sx, sx * sx / (x0 - radius) + 1e-3 * sx)
    cuts = [nearest + steps * sx, nearest + steps * scale]
    # Where the chord's end passes the centre of the wide one: cos(angle) = (y0 + k sy) / radius.
    ends = (y0 + steps * sy) / radius
    inside = np.arccos(ends[np.abs(ends) < 1.0])
    angles = [np.linspace(-0.5, 0.5, 9) * math.pi, inside, -inside]
    for cut in cuts:
        angles.append(np.arcsin(cut[np.abs(cut) < radius] / radius))
    found = np.concatenate(angles)
    return np.unique(found[np.abs(found) <= 0.5 * math.pi])


def _between(low, high, sigma: float) -> np.ndarray:
    """Probability of a centred Gaussian between low and high (high >= low), without cancellation in its tails."""
    low, high = low / (math.sqrt(2.0) * sigma), high / (math.sqrt(2.0) * sigma)
    flip = high + low < 0.0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)  # now high >= |low|
    with np.errstate(under="ignore"):
        return 0.5 * (erfc(low) - erfc(high))


def foster(plane: EncounterPlane) -> float:
    """The integral in polar coordinates about the centre of the disc: Gauss-Legendre along the radius, equal steps in
    angle, doubled until nothing changes by 1e-10, which holds for radii up to some 3000 narrow sigmas.

    Foster and Estes, NASA JSC-25898 (1992), eq. 5-9."""
    radius = plane.radius_m
    if radius == 0.0 or math.isinf(radius):
        return alfano(plane)
    edges = np.unique(np.clip(np.concatenate(([0.0], plane.sigma_x_m * SIGMAS, np.linspace(0, radius, 9))), 0, radius))
    middle, half = 0.5 * (edges[1:] + edges[:-1]), 0.5 * np.diff(edges)
    rho = (middle[:, None] + half[:, None] * NODES).ravel()[:, None]
    weight = (half[:, None] * WEIGHTS).ravel()[:, None] * rho

    def mean(n: int) -> float:
        total = 0.0
        for first in range(0, n, 2048):  # some at a time: a needle across a large disc needs tens of thousands
            angle = 2.0 * math.pi * np.arange(first, min(first + 2048, n)) / n
            u = (plane.x_m + rho * np.cos(angle)) / plane.sigma_x_m
            v = (plane.y_m + rho * np.sin(angle)) / plane.sigma_y_m
            total += float(np.sum(weight * np.exp(-0.5 * (u * u + v * v))))
        return total / n

    return _doubled(mean, 64, 1 << 16) / (plane.sigma_x_m * plane.sigma_y_m)


def patera(plane: EncounterPlane) -> float:
    """The line integral around the disc, both sigmas scaled to one: Patera, J. Guidance 24 (2001) 716, eq. 18.

    What is common to the whole contour is taken out first, so that what is small keeps its digits: 1e-14 of 4e-168 on a
    published encounter. Where the disc is far smaller than its distance from the centre in sigmas, the near and the far
    side cancel, and a digit is lost for each power of ten.
    """
    radius = plane.radius_m
    if radius == 0.0 or math.isinf(radius):
        return alfano(plane)
    x0, y0, sx, sy = plane.x_m, plane.y_m, plane.sigma_x_m, plane.sigma_y_m
    inside = math.hypot(x0, y0) < radius

    def mean(n: int) -> float:
        angle = 2.0 * math.pi * np.arange(n) / n
        u, v = (x0 + radius * np.cos(angle)) / sx, (y0 + radius * np.sin(angle)) / sy
        turn = (u * np.cos(angle) * radius / sy + v * np.sin(angle) * radius / sx) / (u * u + v * v)
        exponent = 0.5 * (u * u + v * v)
        common = 0.0 if inside else float(exponent.min())
        return -float(np.sum(np.expm1(common - exponent) * turn)) / n * math.exp(-common)

    return _doubled(mean, 128, 1 << 20)


def _doubled(mean: Callable[[int], float], first: int, limit: int) -> float:
    """Of a mean over equal steps, refined until it stands to 1e-10 or `limit` steps are taken."""
    n, before = first, mean(first)
    while n < limit:
        n *= 2
        now = mean(n)
        if abs(now - before) <= 1.0e-10 * abs(now):
            return now
        before = now
    return before


def chan(plane: EncounterPlane) -> float:
    """Chan's series for the circle of equal area in scaled axes: an approximation, good to 1 % while the radius is
    below a third of the narrow sigma. Chan, Spacecraft Collision Probability (2008), eq. 4.18."""
    u = plane.radius_m**2 / (2.0 * plane.sigma_x_m * plane.sigma_y_m)
    v = 0.5 * plane.mahalanobis2
    if plane.radius_m == 0.0 or math.isinf(plane.radius_m):
        return alfano(plane)
    terms = np.arange(min(LARGEST_TERMS, int(v + 40.0 * math.sqrt(v + 1.0) + 60.0)))
    poisson = np.exp(terms * math.log(v) - v - _log_factorial(terms)) if v > 0.0 else (terms == 0) * 1.0
    return float(np.sum(poisson * gammainc(terms + 1.0, u)))


def _log_factorial(k) -> np.ndarray:
    from scipy.special import gammaln

    return gammaln(k + 1.0)


def alfriend(plane: EncounterPlane) -> float:
    """The density at the centre times the disc's area: good while the radius is small against both sigmas.

    Alfriend et al., Space Debris 1 (1999) 21, eq. 11."""
    area = plane.radius_m**2 / (2.0 * plane.sigma_x_m * plane.sigma_y_m)
    return area * math.exp(-0.5 * plane.mahalanobis2)


def alfriend_maximum(plane: EncounterPlane) -> float:
    """The largest of `alfriend` over a common scale of both sigmas; infinite where the miss is zero (eq. 14)."""
    square = plane.mahalanobis2
    if square == 0.0:
        return math.inf
    return plane.radius_m**2 / (math.e * square * plane.sigma_x_m * plane.sigma_y_m)


def square(plane: EncounterPlane, side_m: float | None = None) -> float:
    """Over a square about the secondary, its sides along and across the miss; side 2 radii unless given, as the
    operators of the space fence integrate it: up to 4/pi of the disc."""
    half = plane.radius_m if side_m is None else 0.5 * side_m
    if half == 0.0 or math.isinf(half):
        return 0.0 if half == 0.0 else 1.0
    miss = plane.miss_m
    along = np.array([plane.x_m, plane.y_m]) / miss if miss > 0.0 else np.array([1.0, 0.0])
    axes = np.array([along, [-along[1], along[0]]])
    (a, b), (_, c) = axes @ np.diag([plane.sigma_x_m**2, plane.sigma_y_m**2]) @ axes.T
    steps = np.concatenate((-SIGMAS[::-1], [0.0], SIGMAS))
    rest = math.sqrt(max(c - b * b / a, 1.0e-300))
    bends = [miss + steps * math.sqrt(a)]
    if b != 0.0:  # where the other side's Gaussian passes an edge
        bends += [miss + (side + steps * rest) * a / b for side in (-half, half)]
    edges = np.concatenate((np.linspace(-half, half, 17), *bends))
    edges = np.unique(edges[np.abs(edges) <= half])
    middle, width = 0.5 * (edges[1:] + edges[:-1]), 0.5 * np.diff(edges)
    x = (middle[:, None] + width[:, None] * NODES).ravel()
    weight = (width[:, None] * WEIGHTS).ravel()
    density = np.exp(-0.5 * (x - miss) ** 2 / a) / math.sqrt(2.0 * math.pi * a)
    centre = (x - miss) * b / a
    return float(np.sum(weight * density * _between(-half - centre, half - centre, rest)))


def maximum(plane: EncounterPlane) -> tuple[float, float]:
    """Alfano's largest probability over a common scale of both sigmas, and that scale.

    Alfano, AAS 05-308 (2005). A scale below one: the errors are so large that they dilute the probability, and better
    tracking may raise it."""
    if plane.miss_m <= plane.radius_m:
        return 1.0, 0.0
    first = math.sqrt(0.5 * plane.mahalanobis2)  # of `alfriend`

    def below(log_scale: float) -> float:
        value = alfano(plane.scaled(math.exp(log_scale)))
        return -math.log(value) if value > 0.0 else 1.0e3

    low, high = math.log(first) - 4.0, math.log(first) + 4.0
    grid = np.linspace(low, high, 65)
    best = int(np.argmin([below(x) for x in grid]))
    span = (grid[max(best - 1, 0)], grid[min(best + 1, 64)])
    found = minimize_scalar(below, bounds=span, method="bounded", options={"xatol": 1.0e-6})
    return math.exp(-float(found.fun)), math.exp(float(found.x))
