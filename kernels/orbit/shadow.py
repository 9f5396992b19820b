"""Sunlight behind a body: the lit fraction of the Sun's disc, and smooth functions that vanish at the shadow's edges.

A flattened occulter becomes a sphere when space is stretched along its pole by 1/(1-f); straight rays stay straight,
so a ray that grazes the ellipsoid grazes the sphere. The Sun becomes a stretched ellipsoid, of which only the
half-width towards the contact counts. All scalar products of the stretched space follow from x.y + q (x.p)(y.p) with
q = 1/(1-f)^2 - 1, so nothing is allocated and the sphere is the case q = 0.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import FLATTENING, R_EQUATOR

SUN_RADIUS = 6.957e8  # m, nominal, IAU 2015 resolution B3


class Occulter(NamedTuple):
    """The body that casts the shadow and the one that shines: equator's radius m, flattening, the Sun's radius m."""

    radius: float = R_EQUATOR
    flattening: float = FLATTENING
    sun_radius: float = SUN_RADIUS


ELLIPSOID = Occulter()
SPHERE = Occulter(flattening=0.0)


@njit(cache=True, _nrt=False)
def apparent(r, sun, pole, occulter):
    """Geometry seen from a craft in the stretched space: cosine of the separation, occulter's and Sun's sine radii, and
    tilts.

    r, sun, pole  (3,) craft and Sun from the occulter's centre, m; unit vector along the occulter's axis
    Returns cos c, sin b, sin a of a Sun left round, q, and the pole's component m_z of the unit vector towards the
    occulter's centre less its part along the Sun's direction (its length is sin c).
    """
    stretch = 1.0 / (1.0 - occulter.flattening)
    q = stretch * stretch - 1.0
    rp = r[0] * pole[0] + r[1] * pole[1] + r[2] * pole[2]
    sp = sun[0] * pole[0] + sun[1] * pole[1] + sun[2] * pole[2]
    dx = sun[0] - r[0]
    dy = sun[1] - r[1]
    dz = sun[2] - r[2]
    dp = sp - rp
    rr = math.sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2] + q * rp * rp)
    dd = math.sqrt(dx * dx + dy * dy + dz * dz + q * dp * dp)
    cos_c = -(r[0] * dx + r[1] * dy + r[2] * dz + q * rp * dp) / (rr * dd)
    tilt = -stretch * (rp / rr + cos_c * dp / dd)
    return cos_c, min(1.0, occulter.radius / rr), occulter.sun_radius / dd, q, tilt


@njit(cache=True)
def limb_functions(r, sun, pole, occulter):
    """Two numbers that are negative in the penumbra and in the umbra, zero on its edge, and smooth everywhere between.

    Returns cos(a+b) - cos(c) and cos(b-a) - cos(c): a, b are the angular radii of Sun and occulter, c their separation.
    r, sun, pole as in `apparent`, r outside the occulter. Beyond the tip of the umbra (1.4e9 m behind the Earth) the
    second is negative in the ring-shaped eclipse instead. The Sun's half-width is taken towards the point of contact as
    it lies when c = b +- a, so each function is exact to second order in the flattening where it vanishes.
    """
    cos_c, sin_b, sin_a, q, tilt = apparent(r, sun, pole, occulter)
    cos_b = math.sqrt(1.0 - sin_b * sin_b)
    cos_a = math.sqrt(1.0 - sin_a * sin_a)
    edge = sin_b * cos_a + cos_b * sin_a
    wide = sin_a * math.sqrt(1.0 + q * (tilt / edge) ** 2)
    penumbra = cos_b * math.sqrt(1.0 - wide * wide) - sin_b * wide - cos_c
    # Where the two discs are as large as each other the edge of the umbra is its tip, and any width does.
    edge = max(abs(sin_b * cos_a - cos_b * sin_a), 1.0e-3 * sin_b)
    wide = sin_a * math.sqrt(1.0 + q * min(1.0, (tilt / edge) ** 2))
    umbra = cos_b * math.sqrt(1.0 - wide * wide) + sin_b * wide - cos_c
    return penumbra, umbra


@njit(cache=True, _nrt=False)
def illumination(r, sun, pole, occulter):
    """Fraction of the Sun's disc that is not covered, 0 in the umbra to 1 in full light; arguments as in `apparent`."""
    return lit_fraction(*discs(r, sun, pole, occulter))


@njit(cache=True, _nrt=False)
def discs(r, sun, pole, occulter):
    """Angular radii of Sun and occulter and the separation of their centres, rad; arguments as in `apparent`."""
    cos_c, sin_b, sin_a, q, tilt = apparent(r, sun, pole, occulter)
    sin2_c = max(1.0 - cos_c * cos_c, 1.0e-12)
    a = math.asin(sin_a * math.sqrt(1.0 + q * min(1.0, tilt * tilt / sin2_c)))
    b = math.asin(sin_b)
    return a, b, math.acos(max(-1.0, min(1.0, cos_c)))


@njit(cache=True, _nrt=False)
def lit_fraction(a, b, c):
    """The visible part of a disc of radius a behind one of radius b, centres c apart, rad: fraction 0 to 1.

    Montenbruck & Gill, Satellite Orbits (2000), section 3.4.2, whose flat discs stand for caps of the sky (1e-3 of the
    fraction at 400 km).
    """
    if c >= a + b:
        return 1.0
    if c <= b - a:
        return 0.0
    if c <= a - b:
        return 1.0 - (b / a) ** 2
    x = (c * c + a * a - b * b) / (2.0 * c)
    y = math.sqrt(max(0.0, a * a - x * x))
    covered = a * a * math.acos(x / a) + b * b * math.acos((c - x) / b) - c * y
    return max(0.0, min(1.0, 1.0 - covered / (math.pi * a * a)))


@njit(cache=True)
def illumination_table(r, sun, pole, occulter, out):
    """`illumination` of many craft under one Sun and pole: r (n,3), sun, pole (3,), out (n,)."""
    for i in range(r.shape[0]):
        out[i] = illumination(r[i], sun, pole, occulter)


@njit(cache=True)
def limb_table(r, sun, pole, occulter, out):
    """`limb_functions` of many craft: r, sun, pole (n,3), out (n,2)."""
    for i in range(r.shape[0]):
        out[i, 0], out[i, 1] = limb_functions(r[i], sun[i], pole[i], occulter)


def edges(r, sun, pole, occulter=ELLIPSOID):
    """Penumbra and umbra functions (n,), (n,) of points r (n,3), with Sun and pole (n,3)."""
    out = np.empty((len(r), 2))
    limb_table(r, sun, pole, occulter, out)
    return out[:, 0], out[:, 1]
