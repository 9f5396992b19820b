"""The ship's attitude from gyro and star tracker: a multiplicative extended Kalman filter.

Lefferts, Markley, Shuster, J. Guidance 5 (1982) 417-429; Markley & Crassidis, Fundamentals of Spacecraft Attitude
Determination and Control (2014), section 6.2. The error is a small turn (3) rad in body axes, from the right, the
error of the gyro's bias (3) rad/s, and that of its misalignment against the star tracker (3) rad; cov (9, 9) is theirs.
Bias and misalignment are taken as constant: over a close range of an hour or two they are.

What is estimated is the attitude of the star tracker's own axes: nothing that a ship measures in orbit shows how they
lie in its body. The tracker's misalignment is an error that is the same in all that is turned by this attitude, and
stands in kernels/sensors/relative_filter.py with the misalignments of the other sensors.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import product
from kernels.sensors.kalman import FilterWorkspace, filter_workspace, update

GATE = 31.8121  # for three numbers, as rare as 5 sigma for one: 5.7e-7


@record
class AttitudeFilter(NamedTuple):
    """The state: q (4,), bias (3,) rad/s of the gyro, mount (3,) rad its misalignment, cov (9, 9) rad, rad/s, rad; rate
    (3,) rad/s last measured, body axes.

    middle (4,): the attitude in the middle of the last period. `small`, `a`, `work`: workspace.
    """

    q: np.ndarray
    bias: np.ndarray
    mount: np.ndarray
    cov: np.ndarray
    rate: np.ndarray
    middle: np.ndarray
    small: np.ndarray
    a: np.ndarray
    work: FilterWorkspace


def attitude_filter() -> AttitudeFilter:
    """A filter without an estimate; `begin_attitude` starts it."""
    unit = np.array([0.0, 0.0, 0.0, 1.0])
    return AttitudeFilter(
        q=unit.copy(),
        bias=np.zeros(3),
        mount=np.zeros(3),
        cov=np.eye(9),
        rate=np.zeros(3),
        middle=unit.copy(),
        small=np.zeros((2, 4)),
        a=np.zeros((9, 9)),
        work=filter_workspace(9),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def turned_by(q, x, y, z, small, out):
    """Fill out (4,) with the attitude q turned by (x, y, z) rad in body axes, of length one; small (4,) is work."""
    angle = math.sqrt(x * x + y * y + z * z)
    k = math.sin(0.5 * angle) / angle if angle > 1.0e-9 else 0.5
    small[0], small[1], small[2], small[3] = k * x, k * y, k * z, math.cos(0.5 * angle)
    product(q, small, out)
    scale = 1.0 / math.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2] + out[3] * out[3])
    for i in range(4):
        out[i] *= scale


@njit(cache=True, error_model="numpy", _nrt=False)
def begin_attitude(measured, tracker, gyro_bias, gyro_mount, state):
    """Start at the star tracker's attitude, measured (4,) with tracker (3,) rad, a bias of 0 +- gyro_bias rad/s, and a
    misalignment of gyro against tracker of 0 +- gyro_mount rad."""
    for i in range(4):
        state.q[i] = measured[i]
        state.middle[i] = measured[i]
    for i in range(9):
        for j in range(9):
            state.cov[i, j] = 0.0
    for i in range(3):
        state.bias[i] = 0.0
        state.mount[i] = 0.0
        state.rate[i] = 0.0
        state.cov[i, i] = tracker[i] * tracker[i]
        state.cov[3 + i, 3 + i] = gyro_bias * gyro_bias
        state.cov[6 + i, 6 + i] = gyro_mount * gyro_mount


@njit(cache=True, error_model="numpy", _nrt=False)
def predict_attitude(turn, dt, walk, state):
    """Propagate by dt s with turn (3,) rad, the biased gyro increment; walk rad/sqrt(s), the noise of the angle.

    The errors go with F = [[1 - turn x, -dt, turn x], [0, 1, 0], [0, 0, 1]], where the turn of one period, some mrad,
    is small.
    """
    q, cov, a, small, mount = state.q, state.cov, state.a, state.small, state.mount
    x, y, z = turn[0] - state.bias[0] * dt, turn[1] - state.bias[1] * dt, turn[2] - state.bias[2] * dt
    x, y, z = (
        x - mount[1] * z + mount[2] * y,
        y - mount[2] * x + mount[0] * z,
        z - mount[0] * y + mount[1] * x,
    )
    state.rate[0], state.rate[1], state.rate[2] = x / dt, y / dt, z / dt
    turned_by(q, 0.5 * x, 0.5 * y, 0.5 * z, small[0], state.middle)
    turned_by(q, x, y, z, small[0], small[1])
    for i in range(4):
        q[i] = small[1, i]
    for _ in range(2):  # a = (F cov)', and cov = (F a)'
        for j in range(9):
            p0, p1, p2 = cov[0, j], cov[1, j], cov[2, j]
            d0, d1, d2 = cov[6, j] - p0, cov[7, j] - p1, cov[8, j] - p2
            a[j, 0] = p0 + y * d2 - z * d1 - dt * cov[3, j]
            a[j, 1] = p1 + z * d0 - x * d2 - dt * cov[4, j]
            a[j, 2] = p2 + x * d1 - y * d0 - dt * cov[5, j]
            for i in range(3, 9):
                a[j, i] = cov[i, j]
        for i in range(9):
            for j in range(9):
                cov[i, j] = a[i, j]
    for i in range(3):
        cov[i, i] += walk * walk * dt
    for i in range(9):
        for j in range(i):
            cov[i, j] = cov[j, i]


@njit(cache=True, error_model="numpy", _nrt=False)
def update_attitude(measured, tracker, tau, state):
    """Update with the star tracker's attitude tau s ago, measured (4,) with tracker (3,) rad one sigma about the body
    axes.

    Returns the normalised square of the residual (three numbers), negative where the gate refused it.
    """
    q, work, small, rate = state.q, state.work, state.small, state.rate
    turned_by(q, -tau * rate[0], -tau * rate[1], -tau * rate[2], small[0], small[1])
    small[0, 0], small[0, 1], small[0, 2], small[0, 3] = -small[1, 0], -small[1, 1], -small[1, 2], small[1, 3]
    product(small[0], measured, small[1])
    sign = 2.0 if small[1, 3] >= 0.0 else -2.0
    for i in range(3):
        work.residual[i] = sign * small[1, i]
        for j in range(6):
            work.h[i, j] = 1.0 if i == j else tau if i + 3 == j else 0.0
        for j in range(3):
            work.noise[i, j] = tracker[i] * tracker[i] if i == j else 0.0
    square = update(state.cov, np.int64(3), np.int64(6), np.int64(0), np.int64(0), GATE, work)
    if square >= 0.0:
        d = work.correction
        turned_by(q, d[0], d[1], d[2], small[0], small[1])
        for i in range(4):
            q[i] = small[1, i]
        for i in range(3):
            state.bias[i] += d[3 + i]
            state.mount[i] += d[6 + i]
    return square
