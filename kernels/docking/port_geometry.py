"""Relative position and motion of a station's port and a ship's ring, and small rotations of bodies.

LVLH of the station (kernels/relative/hill.py); body axes of the ship, x out of its ring, and of the station, which lie
on LVLH at zero attitude. A rotation vector (3,) rad is the axis times the angle.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import to_body

SIGHT = 11  # numbers of the relative geometry of port and ring


@record
class PortGeometry(NamedTuple):
    """The geometry that the sensors measure: port (3,) m from the station's centre of mass and its outward axis (3,),
    in the station's body axes; ring (3,) m from the ship's centre of mass, in the ship's."""

    port: np.ndarray
    axis: np.ndarray
    ring: np.ndarray


def port_geometry(port, axis, ring) -> PortGeometry:
    """The port (3,) m and its axis (3,) in the station's body axes, the ring (3,) m in the ship's."""
    axis = np.array(axis, dtype=np.float64)
    return PortGeometry(
        port=np.array(port, dtype=np.float64),
        axis=axis / np.linalg.norm(axis),
        ring=np.array(ring, dtype=np.float64),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def turn_matrix(a, out):
    """Fill out (3, 3) with the rotation by the vector a (3,) rad: exp([a x]), Rodrigues' formula."""
    angle2 = a[0] * a[0] + a[1] * a[1] + a[2] * a[2]
    angle = math.sqrt(angle2)
    half = 0.5 * angle
    s = math.sin(angle) / angle if angle > 1.0e-9 else 1.0
    k = 0.5 * (math.sin(half) / half) ** 2 if angle > 1.0e-9 else 0.5
    for i in range(3):
        for j in range(3):
            out[i, j] = k * a[i] * a[j]
        out[i, i] += 1.0 - k * angle2
    out[0, 1], out[1, 0] = out[0, 1] - s * a[2], out[1, 0] + s * a[2]
    out[0, 2], out[2, 0] = out[0, 2] + s * a[1], out[2, 0] - s * a[1]
    out[1, 2], out[2, 1] = out[1, 2] - s * a[0], out[2, 1] + s * a[0]


@njit(cache=True, error_model="numpy", _nrt=False)
def compose(d, theta):
    """Turn theta (3,) rad, a rotation vector, by d (3,) rad from the left, in place: exp(d x) exp(theta x)."""
    a = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    b = math.sqrt(theta[0] * theta[0] + theta[1] * theta[1] + theta[2] * theta[2])
    k = math.sin(0.5 * a) / a if a > 1.0e-9 else 0.5
    l = math.sin(0.5 * b) / b if b > 1.0e-9 else 0.5
    p0, p1, p2, p3 = k * d[0], k * d[1], k * d[2], math.cos(0.5 * a)
    q0, q1, q2, q3 = l * theta[0], l * theta[1], l * theta[2], math.cos(0.5 * b)
    r0 = p3 * q0 + p0 * q3 + p1 * q2 - p2 * q1
    r1 = p3 * q1 - p0 * q2 + p1 * q3 + p2 * q0
    r2 = p3 * q2 + p0 * q1 - p1 * q0 + p2 * q3
    r3 = p3 * q3 - p0 * q0 - p1 * q1 - p2 * q2
    s = math.sqrt(r0 * r0 + r1 * r1 + r2 * r2)
    angle = 2.0 * math.atan2(s, abs(r3))
    k = math.copysign(angle / s if s > 1.0e-9 else 2.0, r3)
    theta[0], theta[1], theta[2] = k * r0, k * r1, k * r2


@njit(cache=True, error_model="numpy", _nrt=False)
def cross_matrix(x, y, z, out):
    """Fill out (3, 3) with [a x] of a = (x, y, z)."""
    out[0, 0], out[0, 1], out[0, 2] = 0.0, -z, y
    out[1, 0], out[1, 1], out[1, 2] = z, 0.0, -x
    out[2, 0], out[2, 1], out[2, 2] = -y, x, 0.0


@njit(cache=True, error_model="numpy", _nrt=False)
def body_from_lvlh(q, c, work, out):
    """Fill out (3, 3), LVLH components to body ones, from the attitude q and the LVLH axes c; work (3, 3)."""
    to_body(q, work)
    for i in range(3):
        for j in range(3):
            out[i, j] = work[i, 0] * c[j, 0] + work[i, 1] * c[j, 1] + work[i, 2] * c[j, 2]


@njit(cache=True, error_model="numpy", _nrt=False)
def sight(n, relative, w, turned, port, rate, ring, lb, out):
    """Fill out (SIGHT,): port from the station's centre in LVLH (3,), port from ring in body axes (3,), velocity
    of the port against the ring along body axes (3,) m/s, their distance m, its rate m/s.

    relative (6,) LVLH m, m/s; w (3,) the ship's rate in inertial space, body axes; turned (3, 3) station body to LVLH;
    rate (3,) rad/s of the station in LVLH; lb (3, 3) LVLH to body. A lever that turns across the line of sight does not
    change the distance.
    """
    for i in range(3):
        out[i] = turned[i, 0] * port[0] + turned[i, 1] * port[1] + turned[i, 2] * port[2]
    s0, s1, s2 = out[0], out[1], out[2]
    e0, e1, e2 = s0 - relative[0], s1 - relative[1], s2 - relative[2]
    f0 = rate[1] * s2 - rate[2] * s1 - relative[3]
    f1 = rate[2] * s0 - rate[0] * s2 - relative[4]
    f2 = rate[0] * s1 - rate[1] * s0 - relative[5]
    # The ship's rate against LVLH, which turns with (0, -n, 0).
    p, q, r = w[0] + n * lb[0, 1], w[1] + n * lb[1, 1], w[2] + n * lb[2, 1]
    turn0, turn1, turn2 = q * ring[2] - r * ring[1], r * ring[0] - p * ring[2], p * ring[1] - q * ring[0]
    for i in range(3):
        out[3 + i] = lb[i, 0] * e0 + lb[i, 1] * e1 + lb[i, 2] * e2 - ring[i]
        out[6 + i] = lb[i, 0] * f0 + lb[i, 1] * f1 + lb[i, 2] * f2
    out[6], out[7], out[8] = out[6] - turn0, out[7] - turn1, out[8] - turn2
    out[9] = math.sqrt(out[3] * out[3] + out[4] * out[4] + out[5] * out[5])
    out[10] = (out[3] * out[6] + out[4] * out[7] + out[5] * out[8]) / out[9]
