"""The right-hand side of an orbit: gravity, Sun, Moon and drag, each one function and one line.

Sunlight has edges, so it is no part of it: kernels/orbit/sunlight.py.

`_nrt=False` stands on functions that make no array: numba then does not count references to the arrays inside the
records, which was half the time of a 20x20 day (1.34 ms with the counting, 0.76 ms without; benches/integrators.py).
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.atmosphere.air import density, has_places
from kernels.compiling import njit
from kernels.orbit.harmonics import harmonic_acceleration
from kernels.orbit.orientation import body_position, eci_to_ecef, vertical


class Scratch(NamedTuple):
    """Workspace of `acceleration`, made once per propagation: orientation row, its matrix, five vectors."""

    row: np.ndarray
    c: np.ndarray
    vectors: np.ndarray


@njit(cache=True)
def scratch():
    """A `Scratch` of zeros."""
    return Scratch(row=np.zeros(12), c=np.zeros((3, 3)), vectors=np.zeros((5, 3)))


@njit(cache=True, _nrt=False)
def third_body(r, s, mu, a):
    """Add the tidal acceleration of a body at `s` (m, geocentric) to `a`: Montenbruck & Gill eq 3.37."""
    dx = s[0] - r[0]
    dy = s[1] - r[1]
    dz = s[2] - r[2]
    d2 = dx * dx + dy * dy + dz * dz
    s2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2]
    d3 = d2 * math.sqrt(d2)
    s3 = s2 * math.sqrt(s2)
    a[0] += mu * (dx / d3 - s[0] / s3)
    a[1] += mu * (dy / d3 - s[1] / s3)
    a[2] += mu * (dz / d3 - s[2] / s3)


@njit(cache=True, _nrt=False)
def local_solar_angle(x, y, c, sun):
    """Local apparent solar time at Earth-fixed x, y as an angle from midnight, rad: how far east of the Sun it is."""
    sx = c[0, 0] * sun[0] + c[0, 1] * sun[1] + c[0, 2] * sun[2]
    sy = c[1, 0] * sun[0] + c[1, 1] * sun[1] + c[1, 2] * sun[2]
    return math.atan2(y * sx - x * sy, x * sx + y * sy) + math.pi


@njit(cache=True, _nrt=False)
def air_at(t, r, v, forces, c, row, sun, flow):
    """Air density (kg/m3), height (m) and the velocity through the air, which turns with the Earth.

    c, row: filled by `eci_to_ecef` at `t`; sun (3,) the Sun's position; flow (3,) is v - omega x r, m/s.
    """
    x = c[0, 0] * r[0] + c[0, 1] * r[1] + c[0, 2] * r[2]
    y = c[1, 0] * r[0] + c[1, 1] * r[1] + c[1, 2] * r[2]
    z = c[2, 0] * r[0] + c[2, 1] * r[1] + c[2, 2] * r[2]
    sine, cosine, height = vertical(math.sqrt(x * x + y * y), z)
    if forces.air.ball > 0.0:
        height = math.sqrt(x * x + y * y + z * z) - forces.air.ball
    wind = forces.air.wind
    if forces.air.about_pole:
        wx = wind * row[6]
        wy = wind * row[7]
        wz = wind * row[8]
    else:
        wx = 0.0
        wy = 0.0
        wz = wind
    flow[0] = v[0] - (wy * r[2] - wz * r[1])
    flow[1] = v[1] - (wz * r[0] - wx * r[2])
    flow[2] = v[2] - (wx * r[1] - wy * r[0])
    latitude = 0.0
    angle = 0.0
    if has_places(height, forces.air):
        latitude = math.atan2(sine, cosine)
        angle = local_solar_angle(x, y, c, sun)
    return forces.air.factor * density(t, height, latitude, angle, forces.air), height


@njit(cache=True, _nrt=False)
def acceleration(t, r, v, forces, cda_m, work, a):
    """Acceleration of a coasting craft, m/s2, GCRS.

    t s; r, v (3,) m, m/s; cda_m = drag coefficient * area / mass, m2/kg; work from `scratch`; a (3,) out.
    """
    row = work.row
    c = work.c
    sun = work.vectors[0]
    moon = work.vectors[1]
    body = work.vectors[2]
    flow = work.vectors[3]
    eci_to_ecef(t, forces.orientation, row, c)
    x = c[0, 0] * r[0] + c[0, 1] * r[1] + c[0, 2] * r[2]
    y = c[1, 0] * r[0] + c[1, 1] * r[1] + c[1, 2] * r[2]
    z = c[2, 0] * r[0] + c[2, 1] * r[1] + c[2, 2] * r[2]
    harmonic_acceleration(x, y, z, forces.gravity, body)
    for j in range(3):
        a[j] = c[0, j] * body[0] + c[1, j] * body[1] + c[2, j] * body[2]
    body_position(t, forces.sun, sun)  # always: the air needs the Sun's position too
    if forces.third_body:
        body_position(t, forces.moon, moon)
        third_body(r, sun, forces.sun.mu, a)
        third_body(r, moon, forces.moon.mu, a)
    if forces.drag:
        rho, _ = air_at(t, r, v, forces, c, row, sun, flow)
        speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
        k = -0.5 * rho * cda_m * speed
        a[0] += k * flow[0]
        a[1] += k * flow[1]
        a[2] += k * flow[2]
