"""Turning of a rigid body: its attitude as a quaternion, Euler's equations, torques given and of gravity.

Quaternions are scalar-last [x, y, z, w] and unit; q is the attitude of the body in the inertial frame: a vector with
components b in the body axes has the inertial components q b q* (Hamilton's product), and the matrix of `to_body`
takes inertial components to body ones. A turn dq seen in body axes comes from the right, q <- q dq; q and -q are one.
The state y (7,) is q and then the body's rate relative to inertial space, rad/s in body axes. Hughes, Spacecraft
Attitude Dynamics (1986), sections 2.3, 3.3 and 9.2.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.dop853 import STAGES, A, B, C
from kernels.maths.lanes import fma, load8, splat8, store8
from kernels.maths.vectors import copy
from kernels.orbit.path import interval, place


@record
class Rigid(NamedTuple):
    """A body and its torques, in its body axes about its centre of mass.

    inertia, inverse (3, 3) kg m2 and its inverse; mu m3/s2 of the gravity gradient, 0 for none, with path (k, 11), rows
    t, r, v, a, mass in inertial axes as the propagators write them; times (m,) s and torque (m, 3) N m, linear between
    its times and held outside: one row is a constant torque.
    """

    inertia: np.ndarray
    inverse: np.ndarray
    mu: float
    path: np.ndarray
    times: np.ndarray
    torque: np.ndarray


def rigid(inertia, *, mu=0.0, path=None, times=(0.0,), torque=((0.0, 0.0, 0.0),)) -> Rigid:
    """A rigid body: inertia (3, 3) or the three principal moments, kg m2; the rest as in `Rigid`."""
    inertia = np.array(inertia, dtype=np.float64)
    inertia = np.diag(inertia) if inertia.shape == (3,) else np.ascontiguousarray(inertia)
    times, torque = np.array(times, dtype=np.float64), np.array(torque, dtype=np.float64)
    path = np.empty((0, 11)) if path is None else np.ascontiguousarray(path, dtype=np.float64)
    if inertia.shape != (3, 3) or not np.array_equal(inertia, inertia.T):
        raise ValueError(f"inertia {inertia.tolist()}: expected a symmetric 3 x 3 matrix or three moments, kg m2")
    moments = np.linalg.eigvalsh(inertia)
    if moments[0] <= 0.0 or moments[2] > (moments[0] + moments[1]) * (1.0 + 1e-12):
        raise ValueError(f"principal moments {moments.tolist()} kg m2: no body has them; each is at most the other two")
    if times.ndim != 1 or torque.shape != (times.size, 3) or times.size == 0 or (np.diff(times) <= 0.0).any():
        raise ValueError(f"times {times.shape} and torque {torque.shape}: expected (m,) growing and (m, 3), m >= 1")
    if mu != 0.0 and (path.ndim != 2 or path.shape[1] != 11 or len(path) < 2):
        raise ValueError(f"path has the shape {path.shape}: the gravity gradient needs (k, 11), two rows or more")
    return Rigid(inertia=inertia, inverse=np.linalg.inv(inertia), mu=float(mu), path=path, times=times, torque=torque)


@njit(cache=True)
def to_body(q, c_out):
    """Fill c_out (3, 3), which takes inertial components to body ones: its rows are the body's axes."""
    x, y, z, w = q[0], q[1], q[2], q[3]
    c_out[0, 0], c_out[0, 1], c_out[0, 2] = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w), 2.0 * (x * z - y * w)
    c_out[1, 0], c_out[1, 1], c_out[1, 2] = 2.0 * (x * y - z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + x * w)
    c_out[2, 0], c_out[2, 1], c_out[2, 2] = 2.0 * (x * z + y * w), 2.0 * (y * z - x * w), 1.0 - 2.0 * (x * x + y * y)


@njit(cache=True)
def from_matrix(c, q_out):
    """Fill q_out (4,) from the matrix of `to_body`; of the two quaternions the one whose largest part is positive.

    The largest part is found first, so that nothing is divided by a small one: Shepperd, J. Guid. Control 1 (1978) 223.
    """
    trace = c[0, 0] + c[1, 1] + c[2, 2]
    largest, maximum = 3, trace
    for i in range(3):
        if c[i, i] > maximum:
            largest, maximum = i, c[i, i]
    if largest == 3:
        part = 0.5 * math.sqrt(1.0 + trace)
        for i in range(3):
            j, k = (i + 1) % 3, (i + 2) % 3
            q_out[i] = (c[j, k] - c[k, j]) / (4.0 * part)
        q_out[3] = part
    else:
        i, j, k = largest, (largest + 1) % 3, (largest + 2) % 3
        part = 0.5 * math.sqrt(1.0 + c[i, i] - c[j, j] - c[k, k])
        q_out[i] = part
        q_out[j] = (c[i, j] + c[j, i]) / (4.0 * part)
        q_out[k] = (c[i, k] + c[k, i]) / (4.0 * part)
        q_out[3] = (c[j, k] - c[k, j]) / (4.0 * part)


@njit(cache=True)
def product(p, q, out):
    """Fill out (4,) with p q, Hamilton's product; out may be neither p nor q."""
    out[0] = p[3] * q[0] + p[0] * q[3] + p[1] * q[2] - p[2] * q[1]
    out[1] = p[3] * q[1] - p[0] * q[2] + p[1] * q[3] + p[2] * q[0]
    out[2] = p[3] * q[2] + p[0] * q[1] - p[1] * q[0] + p[2] * q[3]
    out[3] = p[3] * q[3] - p[0] * q[0] - p[1] * q[1] - p[2] * q[2]


@njit(cache=True, error_model="numpy", _nrt=False)
def gradient(y, m, pull, rx, ry, rz):
    """Torque N m of gravity's gradient, body axes: pull r x I r, pull = 3 mu/r^5; r m inertial, m is I; Hughes 9.2."""
    x, z, h, s = y[0], y[1], y[2], y[3]
    # In body axes, by the rows of `to_body`.
    bx = (1.0 - 2.0 * (z * z + h * h)) * rx + 2.0 * (x * z + h * s) * ry + 2.0 * (x * h - z * s) * rz
    by = 2.0 * (x * z - h * s) * rx + (1.0 - 2.0 * (x * x + h * h)) * ry + 2.0 * (z * h + x * s) * rz
    bz = 2.0 * (x * h + z * s) * rx + 2.0 * (z * h - x * s) * ry + (1.0 - 2.0 * (x * x + z * z)) * rz
    ix = m[0, 0] * bx + m[0, 1] * by + m[0, 2] * bz
    iy = m[1, 0] * bx + m[1, 1] * by + m[1, 2] * bz
    iz = m[2, 0] * bx + m[2, 1] * by + m[2, 2] * bz
    return pull * (by * iz - bz * iy), pull * (bz * ix - bx * iz), pull * (bx * iy - by * ix)


@njit(cache=True, error_model="numpy", _nrt=False)
def euler(y, m, n, tp, tq, tr, dy):
    """Fill dy (7,), y (7,) under a torque N m: q' = q (w, 0) / 2 and I w' = torque - w x I w; m is I, n its inverse."""
    x, z, h, s = y[0], y[1], y[2], y[3]
    p, q, r = y[4], y[5], y[6]
    dy[0] = 0.5 * (s * p + z * r - h * q)
    dy[1] = 0.5 * (s * q + h * p - x * r)
    dy[2] = 0.5 * (s * r + x * q - z * p)
    dy[3] = -0.5 * (x * p + z * q + h * r)
    hp = m[0, 0] * p + m[0, 1] * q + m[0, 2] * r
    hq = m[1, 0] * p + m[1, 1] * q + m[1, 2] * r
    hr = m[2, 0] * p + m[2, 1] * q + m[2, 2] * r
    tp, tq, tr = tp + hq * r - hr * q, tq + hr * p - hp * r, tr + hp * q - hq * p
    dy[4] = n[0, 0] * tp + n[0, 1] * tq + n[0, 2] * tr
    dy[5] = n[1, 0] * tp + n[1, 1] * tq + n[1, 2] * tr
    dy[6] = n[2, 0] * tp + n[2, 1] * tq + n[2, 2] * tr


@njit(cache=True, error_model="numpy", _nrt=False)
def rate(t, y, body, at, dy):
    """Fill dy (7,), the time derivative of y under the body's torque and gravity's; at (2,) int64: where path and
    torque were last found."""
    tp = tq = tr = 0.0
    if body.times.shape[0] == 1:
        tp, tq, tr = body.torque[0, 0], body.torque[0, 1], body.torque[0, 2]
    else:
        i = interval(t, body.times, at[1])
        at[1] = i
        f = min(max((t - body.times[i]) / (body.times[i + 1] - body.times[i]), 0.0), 1.0)
        a, b = body.torque[i], body.torque[i + 1]
        tp, tq, tr = a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])
    if body.mu != 0.0:
        at[0] = interval(t, body.path[:, 0], at[0])
        rx, ry, rz = place(t, body.path, at[0])
        r2 = rx * rx + ry * ry + rz * rz
        gp, gq, gr = gradient(y, body.inertia, 3.0 * body.mu / (r2 * r2 * math.sqrt(r2)), rx, ry, rz)
        tp, tq, tr = tp + gp, tq + gq, tr + gr
    euler(y, body.inertia, body.inverse, tp, tq, tr, dy)


@njit(cache=True, error_model="numpy", nogil=True)
def turn(t, t_end, y, step, body, nodes):
    """Turn y (7,) in place from t to t_end by equal steps of at most `step` s; return how many nodes were written.

    nodes (capacity, 8) out: t and y at the start and after every step, until the array is full.
    Eighth-order Runge-Kutta (kernels/maths/dop853.py), the quaternion brought back to length one after each step: 0.1
    rad a step keep momentum to 1e-13 over a day, 0.7 rad a step err by 2e-8 after twenty rad. No step should reach over
    a corner or a jump of the torque: call from edge to edge.
    """
    n = max(1, math.ceil(abs(t_end - t) / step - 1.0e-9))
    h = (t_end - t) / n
    now = np.zeros(8)  # seven numbers in a register of eight
    copy(y, now[:7])
    count = _steps(t, h, n, now, body, np.zeros((STAGES, 8)), np.zeros(8), np.zeros(2, np.int64), nodes)
    copy(now[:7], y)
    return count


@njit(cache=True, error_model="numpy", _nrt=False)
def _steps(t, h, n, now, body, k, z, at, nodes):
    """n steps of now (8,); k (12, 8), z (8,) work. Without counted references, which would cost more than a stage."""
    count = 0
    for i in range(n + 1):
        start = t + i * h
        if count < nodes.shape[0]:
            nodes[count, 0] = start
            for j in range(7):
                nodes[count, 1 + j] = now[j]
            count += 1
        if i == n:
            break
        rate(start, now, body, at, k[0])
        for stage in range(1, STAGES):
            change = splat8(0.0)
            for earlier in range(stage):
                change = fma(splat8(A[stage, earlier]), load8(k[earlier], 0), change)
            store8(z, 0, fma(splat8(h), change, load8(now, 0)))
            rate(start + C[stage] * h, z, body, at, k[stage])
        change = splat8(0.0)
        for stage in range(STAGES):
            change = fma(splat8(B[stage]), load8(k[stage], 0), change)
        store8(now, 0, fma(splat8(h), change, load8(now, 0)))
        length = math.sqrt(now[0] * now[0] + now[1] * now[1] + now[2] * now[2] + now[3] * now[3])
        for j in range(4):
            now[j] /= length
    return count
