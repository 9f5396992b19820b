"""The direction of a constant thrust, given in one of five frames."""

import math

import numpy as np

from kernels.compiling import njit
from kernels.constants import G0

# Frames of a thrust direction
INERTIAL, LVLH, RTN, VELOCITY, BODY = range(5)


@njit(cache=True, _nrt=False)
def thrust_direction(t, r, v, thrust, u):
    """Unit vector of a thrust in inertial components, u (3,) out.

    LVLH: x forward, y against the orbit normal, z to the nadir. RTN: radial out, transverse, orbit normal. VELOCITY: x
    along the velocity, z along the orbit normal, y completes them. BODY: axes that lay along `thrust.axes` (rows,
    inertial) at `thrust.t0` and turn at the constant `thrust.spin` in their own components: Rodrigues' formula.
    """
    d = thrust.direction
    if thrust.frame == INERTIAL:
        u[0], u[1], u[2] = d[0], d[1], d[2]
        return
    if thrust.frame == BODY:
        w = math.sqrt(thrust.spin[0] ** 2 + thrust.spin[1] ** 2 + thrust.spin[2] ** 2)
        b0, b1, b2 = d[0], d[1], d[2]
        if w > 0.0:
            k0, k1, k2 = thrust.spin[0] / w, thrust.spin[1] / w, thrust.spin[2] / w
            c = math.cos(w * (t - thrust.t0))
            s = math.sin(w * (t - thrust.t0))
            along = (1.0 - c) * (k0 * d[0] + k1 * d[1] + k2 * d[2])
            b0 = c * d[0] + s * (k1 * d[2] - k2 * d[1]) + along * k0
            b1 = c * d[1] + s * (k2 * d[0] - k0 * d[2]) + along * k1
            b2 = c * d[2] + s * (k0 * d[1] - k1 * d[0]) + along * k2
        for j in range(3):
            u[j] = b0 * thrust.axes[0, j] + b1 * thrust.axes[1, j] + b2 * thrust.axes[2, j]
        return
    hx = r[1] * v[2] - r[2] * v[1]
    hy = r[2] * v[0] - r[0] * v[2]
    hz = r[0] * v[1] - r[1] * v[0]
    h = math.sqrt(hx * hx + hy * hy + hz * hz)
    nx, ny, nz = hx / h, hy / h, hz / h
    if thrust.frame == VELOCITY:
        s = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
        fx, fy, fz = v[0] / s, v[1] / s, v[2] / s  # first axis, along the velocity
        gx, gy, gz = ny * fz - nz * fy, nz * fx - nx * fz, nx * fy - ny * fx  # second: normal x first
        a, b, c = d[0], d[1], d[2]
    else:
        s = math.sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2])
        fx, fy, fz = r[0] / s, r[1] / s, r[2] / s  # radial out
        gx, gy, gz = ny * fz - nz * fy, nz * fx - nx * fz, nx * fy - ny * fx  # transverse
        a, b, c = d[0], d[1], d[2]
        if thrust.frame == LVLH:
            a, b, c = -d[2], d[0], -d[1]
    u[0] = a * fx + b * gx + c * nx
    u[1] = a * fy + b * gy + c * ny
    u[2] = a * fz + b * gz + c * nz


@njit(cache=True)
def burn_duration(dv, mass, thrust, isp):
    """Duration of a constant thrust for a velocity change, s (rocket equation)."""
    ve = isp * G0
    return mass * (1.0 - math.exp(-dv / ve)) * ve / thrust


@njit(cache=True)
def no_axes():
    """The axes of a thrust that is not given in body axes."""
    return np.zeros((3, 3))
