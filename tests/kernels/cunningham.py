"""An independent check of kernels/orbit/harmonics.py: the same field by Cunningham's recursion, plainly,
unnormalised."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit


class Gravity(NamedTuple):
    """Spherical harmonics: `mu` m3/s2, `radius` m, unnormalised `c`, `s` (degree+1, degree+1); `order` <= degree."""

    mu: float
    radius: float
    degree: int
    c: np.ndarray
    s: np.ndarray
    order: int


def make_gravity(mu, radius, degree, c, s, order=None):
    """From fully normalised coefficients: C = C-bar sqrt((2 - d_0m)(2n+1)(n-m)!/(n+m)!), Montenbruck & Gill 3.13."""
    c, s = (np.array(x[: degree + 1, : degree + 1], dtype=float) for x in (c, s))
    for n in range(degree + 1):
        for m in range(n + 1):
            ratio = math.factorial(n - m) / math.factorial(n + m)
            norm = math.sqrt((1 if m == 0 else 2) * (2 * n + 1) * ratio)
            c[n, m] *= norm
            s[n, m] *= norm
    return Gravity(
        mu=float(mu), radius=float(radius), degree=int(degree), c=c, s=s, order=degree if order is None else int(order)
    )


@njit(cache=True)
def gravity_body(x, y, z, gravity, v, w, out):
    """Acceleration of the field at a point, both in Earth-fixed axes.

    x, y, z    position, m
    gravity    `Gravity` with unnormalised coefficients
    v, w       work arrays of at least (degree+2, degree+2)
    out (3,)   acceleration, m/s2
    Montenbruck & Gill, Satellite Orbits (2000), eqs 3.29-3.33. Good to degree 120, where the unnormalised terms still
    fit float64.
    """
    n_max = gravity.degree + 1
    m_max = min(gravity.order, gravity.degree) + 1
    r2 = x * x + y * y + z * z
    radius = gravity.radius
    rho = radius * radius / r2
    x0 = radius * x / r2
    y0 = radius * y / r2
    z0 = radius * z / r2

    # Zonal terms, then column by column.
    v[0, 0] = radius / np.sqrt(r2)
    w[0, 0] = 0.0
    v[1, 0] = z0 * v[0, 0]
    w[1, 0] = 0.0
    for n in range(2, n_max + 1):
        v[n, 0] = ((2 * n - 1) * z0 * v[n - 1, 0] - (n - 1) * rho * v[n - 2, 0]) / n
        w[n, 0] = 0.0
    for m in range(1, min(n_max, m_max) + 1):
        v[m, m] = (2 * m - 1) * (x0 * v[m - 1, m - 1] - y0 * w[m - 1, m - 1])
        w[m, m] = (2 * m - 1) * (x0 * w[m - 1, m - 1] + y0 * v[m - 1, m - 1])
        if m < n_max:
            v[m + 1, m] = (2 * m + 1) * z0 * v[m, m]
            w[m + 1, m] = (2 * m + 1) * z0 * w[m, m]
        for n in range(m + 2, n_max + 1):
            f = 1.0 / (n - m)
            a = (2 * n - 1) * z0 * f
            b = (n + m - 1) * rho * f
            v[n, m] = a * v[n - 1, m] - b * v[n - 2, m]
            w[n, m] = a * w[n - 1, m] - b * w[n - 2, m]

    ax = 0.0
    ay = 0.0
    az = 0.0
    for n in range(gravity.degree + 1):
        c = gravity.c[n, 0]
        ax -= c * v[n + 1, 1]
        ay -= c * w[n + 1, 1]
        az -= (n + 1) * c * v[n + 1, 0]
        for m in range(1, min(n, m_max - 1) + 1):
            c = gravity.c[n, m]
            s = gravity.s[n, m]
            f = 0.5 * (n - m + 1) * (n - m + 2)
            ax += 0.5 * (-c * v[n + 1, m + 1] - s * w[n + 1, m + 1]) + f * (c * v[n + 1, m - 1] + s * w[n + 1, m - 1])
            ay += 0.5 * (-c * w[n + 1, m + 1] + s * v[n + 1, m + 1]) + f * (s * v[n + 1, m - 1] - c * w[n + 1, m - 1])
            az -= (n - m + 1) * (c * v[n + 1, m] + s * w[n + 1, m])
    scale = gravity.mu / (radius * radius)
    out[0] = scale * ax
    out[1] = scale * ay
    out[2] = scale * az
