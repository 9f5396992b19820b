"""The instantaneous impact point: where a craft whose engines stop now would meet the ellipsoid, were there no air.

A Kepler orbit from the state to the WGS-84 ellipsoid, on the rotating Earth. Air, oblate gravity and lift are left out,
as range safety does: the point is a mark to steer a flight by, and not where something will lie.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.constants import FLATTENING, R_EQUATOR
from kernels.maths.vectors import cross, dot, norm
from kernels.orbit.orientation import eci_to_ecef, geodetic

MEETS = 1
NEVER = 0  # the orbit stays above the ground

PASSES = 12
CLOSE = 1.0e-4  # m of radius, at which the place on the ellipsoid is settled


@njit(cache=True)
def ellipsoid_radius(sine):
    """Distance of the ellipsoid from the Earth's centre, m, where the sine of the geocentric latitude is `sine`."""
    e2 = FLATTENING * (2.0 - FLATTENING)
    return R_EQUATOR * (1.0 - FLATTENING) / math.sqrt(1.0 - e2 * (1.0 - sine * sine))


@njit(cache=True)
def impact_point(t, r, v, orientation, mu, row, c, out):
    """Place and time at which the Kepler orbit through r, v (3,) m, m/s, GCRS at `t` s next meets the ellipsoid.

    row (12,), c (3,3) workspace. out (3,): geodetic latitude, longitude (rad), seconds from `t`. Returns MEETS or
    NEVER. The radius of the ellipsoid below the end is found by iteration: its slope is 1/300, so each pass gains as
    much. Closed form at each: Bate, Mueller, White, Fundamentals of Astrodynamics (1971), 1.5 and 4.2.
    """
    size = norm(r)
    h = cross(r, v)
    p = dot(h, h) / mu
    energy = 0.5 * dot(v, v) - mu / size
    if energy >= 0.0 or p <= 0.0:
        return NEVER
    a = -0.5 * mu / energy
    towards = cross(v, h) / mu - r / size
    e = norm(towards)
    if e < 1.0e-12:
        return NEVER
    along = towards / e
    normal = h / norm(h)
    across = cross(normal, along)
    start = math.atan2(dot(r, across), dot(r, along))
    m0 = _mean(start, e)
    rate = math.sqrt(mu / a**3)
    eci_to_ecef(t, orientation, row, c)
    target = ellipsoid_radius((c[2, 0] * r[0] + c[2, 1] * r[1] + c[2, 2] * r[2]) / size)
    place = r.copy()
    after = 0.0
    for _ in range(PASSES):
        cosine = (p / target - 1.0) / e
        if cosine < -1.0 or cosine > 1.0:
            return NEVER
        anomaly = -math.acos(cosine)  # inward, before the perigee
        after = ((_mean(anomaly, e) - m0) % (2.0 * math.pi)) / rate
        for j in range(3):
            place[j] = target * (cosine * along[j] + math.sin(anomaly) * across[j])
        eci_to_ecef(t + after, orientation, row, c)
        sine = (c[2, 0] * place[0] + c[2, 1] * place[1] + c[2, 2] * place[2]) / target
        better = ellipsoid_radius(sine)
        close = abs(better - target) < CLOSE
        target = better
        if close:
            break
    x = c[0, 0] * place[0] + c[0, 1] * place[1] + c[0, 2] * place[2]
    y = c[1, 0] * place[0] + c[1, 1] * place[1] + c[1, 2] * place[2]
    z = c[2, 0] * place[0] + c[2, 1] * place[1] + c[2, 2] * place[2]
    out[0], out[1], _ = geodetic(x, y, z)
    out[2] = after
    return MEETS


@njit(cache=True)
def _mean(anomaly, e):
    """Mean anomaly of a true one, rad, of an ellipse."""
    half = 0.5 * anomaly
    eccentric = 2.0 * math.atan2(math.sqrt(1.0 - e) * math.sin(half), math.sqrt(1.0 + e) * math.cos(half))
    return eccentric - e * math.sin(eccentric)


@njit(cache=True)
def impact_trace(t, r, v, orientation, mu, out):
    """`impact_point` of many states: t (n,), r, v (n,3); out (n,3), NaN where the orbit stays above the ground.

    Returns how many come down before the first that does not.
    """
    row = np.empty(12)
    c = np.empty((3, 3))
    out[:] = np.nan
    for i in range(t.shape[0]):
        if impact_point(t[i], r[i], v[i], orientation, mu, row, c, out[i]) == NEVER:
            return i
    return t.shape[0]
