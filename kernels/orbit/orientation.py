"""Earth orientation and the positions of Sun and Moon, from tables made once for a mission."""

import math

import numpy as np

from kernels.compiling import njit
from kernels.constants import FLATTENING, R_EQUATOR


@njit(cache=True, _nrt=False)
def orientation_row(t, orientation, row):
    """The thirteen-less-one columns of the orientation table at `t`, by four-point Lagrange.

    t          s since the mission's zero
    row (12,)  nine of the bias-precession-nutation matrix, sidereal angle (rad, all of it), pole x, y (rad)
    """
    rows = orientation.rows
    u = (t - orientation.t0) / orientation.dt
    k = int(math.floor(u)) - 1
    k = min(max(k, 0), rows.shape[0] - 4)
    s = u - k
    l0 = -(s - 1.0) * (s - 2.0) * (s - 3.0) / 6.0
    l1 = s * (s - 2.0) * (s - 3.0) / 2.0
    l2 = -s * (s - 1.0) * (s - 3.0) / 2.0
    l3 = s * (s - 1.0) * (s - 2.0) / 6.0
    for j in range(12):
        row[j] = l0 * rows[k, j] + l1 * rows[k + 1, j] + l2 * rows[k + 2, j] + l3 * rows[k + 3, j]
    row[9] += orientation.rate * t


@njit(cache=True, _nrt=False)
def eci_to_ecef(t, orientation, row, c):
    """Rotation from GCRS to ITRS at `t`: c (3,3), so that r_ecef = c r_eci; `row` (12,) is left filled.

    ITRS = W R3(GAST) (bias-precession-nutation) GCRS; IERS Conventions 2010 eq 5.1 in its equinox form; W to first
    order in the pole (exact to 1e-12 rad).
    """
    orientation_row(t, orientation, row)
    cg = math.cos(row[9])
    sg = math.sin(row[9])
    xp = row[10]
    yp = row[11]
    for j in range(3):
        m0 = row[j]
        m1 = row[3 + j]
        m2 = row[6 + j]
        p0 = cg * m0 + sg * m1
        p1 = cg * m1 - sg * m0
        c[0, j] = p0 + xp * m2
        c[1, j] = p1 - yp * m2
        c[2, j] = m2 - xp * p0 + yp * p1


@njit(cache=True, _nrt=False)
def body_position(t, body, out):
    """Geocentric GCRS position of a tabulated body, m, by Clenshaw's recurrence; geometric, no aberration."""
    u = (t - body.t0) / body.span
    k = min(max(int(math.floor(u)), 0), body.coeffs.shape[0] - 1)
    x = 2.0 * (u - k) - 1.0
    n = body.coeffs.shape[2]
    for j in range(3):
        b1 = 0.0
        b2 = 0.0
        for i in range(n - 1, 0, -1):
            b1, b2 = 2.0 * x * b1 - b2 + body.coeffs[k, j, i], b1
        out[j] = x * b1 - b2 + body.coeffs[k, j, 0]


@njit(cache=True, _nrt=False)
def vertical(p, z):
    """Sine and cosine of the geodetic latitude, and height (m) over the WGS-84 ellipsoid, of a point `p` m from the
    Earth's axis and `z` m north of the equator.

    Bowring's iteration started from the parametric latitude; three passes hold 1e-9 m from the Earth's surface to
    1000 km. Bowring, Survey Review 23 (1976). The angles themselves are not needed on the way: an arctangent and then
    the sine of it is a root and a quotient, in a third of the time.
    """
    e2 = FLATTENING * (2.0 - FLATTENING)
    sb, cb = z, (1.0 - FLATTENING) * p  # of the parametric latitude, times a size
    sl, cl = 0.0, 1.0
    for _ in range(3):
        size = math.sqrt(sb * sb + cb * cb)
        if size == 0.0:  # the centre of the Earth
            break
        s, c = sb / size, cb / size
        sl = z + e2 / (1.0 - FLATTENING) * R_EQUATOR * s * s * s
        cl = p - e2 * R_EQUATOR * c * c * c
        sb, cb = (1.0 - FLATTENING) * sl, cl
    size = math.sqrt(sl * sl + cl * cl)
    sl, cl = sl / size, cl / size
    return sl, cl, p * cl + z * sl - R_EQUATOR * math.sqrt(1.0 - e2 * sl * sl)


@njit(cache=True, _nrt=False)
def geodetic(x, y, z):
    """Latitude, longitude (rad) and height (m) over the WGS-84 ellipsoid of an Earth-fixed point (m)."""
    sl, cl, height = vertical(math.sqrt(x * x + y * y), z)
    return math.atan2(sl, cl), math.atan2(y, x), height


@njit(cache=True)
def ground_points(t, r, orientation, out):
    """Geodetic latitude, longitude (rad) and height (m) of many GCRS points: t (n,), r (n,3), out (n,3)."""
    row = np.empty(12)
    c = np.empty((3, 3))
    for i in range(t.shape[0]):
        eci_to_ecef(t[i], orientation, row, c)
        x = c[0, 0] * r[i, 0] + c[0, 1] * r[i, 1] + c[0, 2] * r[i, 2]
        y = c[1, 0] * r[i, 0] + c[1, 1] * r[i, 1] + c[1, 2] * r[i, 2]
        z = c[2, 0] * r[i, 0] + c[2, 1] * r[i, 1] + c[2, 2] * r[i, 2]
        out[i, 0], out[i, 1], out[i, 2] = geodetic(x, y, z)
