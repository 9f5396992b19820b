"""The measurement updates of kernels/sensors/relative_filter.py, each with what stays of its sensor's errors.

`look_back` goes before each: a measurement that is late is compared with the state of then, as the present estimate has
it, and the partials by place and angle count, times the latency, for velocity and rate too.
"""

import numpy as np

from kernels.compiling import njit
from kernels.docking.port_geometry import compose, cross_matrix, sight, turn_matrix
from kernels.maths.vectors import norm as length
from kernels.sensors.kalman import update
from kernels.sensors.latency import earlier, earlier_pose
from kernels.sensors.relative_filter import (
    CAMERA_MOUNT,
    CAMERA_OFFSET,
    GNSS_OFFSET,
    LIDAR_MOUNT,
    RADAR_MOUNT,
    STATES,
)
from kernels.sensors.sensors import CAMERA, GNSS, RADAR, sigma_at

GATE4, GATE6 = 34.5550, 39.4880  # for so many numbers, as rare as 5 sigma for one: 5.7e-7


@njit(cache=True, error_model="numpy", _nrt=False)
def look_back(tau, n, rate, lb, state):
    """Fill state.late and state.late_lb: what the present estimate says of tau s ago.

    n rad/s; rate (3,) rad/s of the ship, lb (3, 3) LVLH to body, as estimated
    """
    x, late, small = state.x, state.late, state.small
    earlier(tau, x, state.bend, late)
    spin = small[1, 0]
    for i in range(3):
        late[6 + i] = x[6 + i]
        late[9 + i] = x[9 + i]
        small[0, 0, i] = -tau * x[9 + i]
        spin[i] = rate[i] + n * lb[i, 1]
    compose(small[0, 0], late[6:9])
    late[12] = tau
    earlier_pose(tau, spin, lb, small[2], state.late_lb)


@njit(cache=True, error_model="numpy", _nrt=False)
def _take(m, first, count, gate, state):
    """Update with the m numbers in state.work, which depend on state.late and on `count` states from `first` on, and
    correct the state; the normalised square, negative if rejected."""
    h, tau = state.work.h, state.late[12]
    for a in range(m):
        for i in range(3):
            h[a, 3 + i] -= tau * h[a, i]
            h[a, 9 + i] -= tau * h[a, 6 + i]
    square = update(state.cov, m, np.int64(12), first, count, gate, state.work)
    if square >= 0.0:
        x, d = state.x, state.work.correction
        for i in range(STATES):
            if not 6 <= i < 9:
                x[i] += d[i]
        compose(d[6:9], x[6:9])
    return square


@njit(cache=True, error_model="numpy", _nrt=False)
def _gnss(measured, instrument, state):
    """Fill state.work with position and velocity, measured (6,) LVLH m, m/s."""
    x, late, work = state.x, state.late, state.work
    distance = length(late)
    for i in range(6):
        sigma = sigma_at(distance, instrument, i // 3)
        offset = x[GNSS_OFFSET + i] if i < 3 else 0.0
        work.residual[i] = measured[i] - late[i] - offset
        for j in range(12):
            work.h[i, j] = 1.0 if i == j else 0.0
        for j in range(3):
            work.h[i, GNSS_OFFSET + j] = 1.0 if i == j else 0.0
        for j in range(6):
            work.noise[i, j] = sigma * sigma if i == j else 0.0


@njit(cache=True, error_model="numpy", _nrt=False)
def _point(measured, mount, n, rate, attitude, geometry, along, across, state):
    """Fill the first three rows of state.work with the port's position, LVLH; the predicted sight goes to state.seen.

    measured (3,) m port from ring in body axes, its offset taken off, with an error of `along` m on the line of sight
    and `across` m square to it; mount: index of the sensor's misalignment among the states, whose three columns are
    filled; attitude (9, 9), of which the first three rows are those of the ship's attitude error
    """
    x, work, seen, small, lb, late = state.x, state.work, state.seen, state.small, state.late_lb, state.late
    turned, errors = small[0], small[1]
    turn_matrix(late[6:9], turned)
    sight(n, late[:6], rate, turned, geometry.port, late[9:12], geometry.ring, lb, seen)
    a0, a1, a2 = x[mount], x[mount + 1], x[mount + 2]
    m0 = measured[0] - a1 * measured[2] + a2 * measured[1] + geometry.ring[0]
    m1 = measured[1] - a2 * measured[0] + a0 * measured[2] + geometry.ring[1]
    m2 = measured[2] - a0 * measured[1] + a1 * measured[0] + geometry.ring[2]
    b0, b1, b2 = seen[3], seen[4], seen[5]
    u = small[2, 0]
    for i in range(3):
        work.residual[i] = lb[0, i] * m0 + lb[1, i] * m1 + lb[2, i] * m2 - (seen[i] - late[i])
        u[i] = (lb[0, i] * b0 + lb[1, i] * b1 + lb[2, i] * b2) / seen[9]
        work.h[i, mount] = lb[2, i] * b1 - lb[1, i] * b2
        work.h[i, mount + 1] = lb[0, i] * b2 - lb[2, i] * b0
        work.h[i, mount + 2] = lb[1, i] * b0 - lb[0, i] * b1
    # The error of the attitude in LVLH, and its effect on the port: d x error.
    for i in range(3):
        for j in range(3):
            total = 0.0
            for k in range(3):
                for l in range(3):
                    total += lb[k, i] * attitude[k, l] * lb[l, j]
            errors[i, j] = total
    cross_matrix(seen[0] - late[0], seen[1] - late[1], seen[2] - late[2], small[3])
    _times(small[3], errors, small[4])
    for i in range(3):
        for j in range(3):
            total = (along * along - across * across) * u[i] * u[j]
            for k in range(3):
                total += small[4, i, k] * small[3, j, k]
            work.noise[i, j] = total
        work.noise[i, i] += across * across
    for i in range(3):
        for j in range(12):
            work.h[i, j] = -1.0 if i == j else 0.0
    cross_matrix(-seen[0], -seen[1], -seen[2], small[5])
    for i in range(3):
        for j in range(3):
            work.h[i, 6 + j] = small[5, i, j]


@njit(cache=True, error_model="numpy", _nrt=False)
def _times(a, b, out):
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@njit(cache=True, error_model="numpy", _nrt=False)
def _ranging(measured, mount, instrument, state):
    """Fill the fourth row of state.work with the range rate of measured (4,), and the columns of the range's bias.

    After `_point`; mount: index of the misalignment, which the bias follows
    """
    seen, lb, u, h, noise = state.seen, state.late_lb, state.small[2, 0], state.work.h, state.work.noise
    # The rate is u . f, f the port's velocity against the ring: u turns with p and theta, f holds v and omega.
    sigma = sigma_at(length(measured), instrument, 2)
    f = state.small[2, 1]
    for i in range(3):
        f[i] = lb[0, i] * seen[6] + lb[1, i] * seen[7] + lb[2, i] * seen[8]
        f[i] = (f[i] - seen[10] * u[i]) / seen[9]
    s0, s1, s2 = seen[0], seen[1], seen[2]
    for i in range(3):
        h[3, i] = -f[i]
        h[3, 3 + i] = -u[i]
        h[3, mount + i] = 0.0
        h[i, mount + 3] = u[i]
        noise[3, i] = 0.0
    h[3, mount + 3] = 0.0
    h[3, 6], h[3, 7], h[3, 8] = s1 * f[2] - s2 * f[1], s2 * f[0] - s0 * f[2], s0 * f[1] - s1 * f[0]
    h[3, 9], h[3, 10], h[3, 11] = s1 * u[2] - s2 * u[1], s2 * u[0] - s0 * u[2], s0 * u[1] - s1 * u[0]
    noise[3, 3] = sigma * sigma
    state.work.residual[3] = measured[3] - seen[10]


@njit(cache=True, error_model="numpy", _nrt=False)
def _camera(body, sigma, state):
    """Fill three more rows of state.work with the attitude, body (3, 3) station to ship, known to sigma rad; and the
    columns of the camera's offset. After `_point`."""
    work, small, lb, mount = state.work, state.small, state.late_lb, state.x[CAMERA_MOUNT : CAMERA_MOUNT + 3]
    turned, errors = small[0], small[1]
    # The station's attitude as the camera measures it less the estimate: a small turn in LVLH.
    straight = small[6]
    for j in range(3):
        p, q, r = body[0, j], body[1, j], body[2, j]
        straight[0, j] = p - mount[1] * r + mount[2] * q
        straight[1, j] = q - mount[2] * p + mount[0] * r
        straight[2, j] = r - mount[0] * q + mount[1] * p
    for i in range(3):
        for j in range(3):
            small[2, i, j] = lb[0, i] * straight[0, j] + lb[1, i] * straight[1, j] + lb[2, i] * straight[2, j]
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        kj = small[2, k, 0] * turned[j, 0] + small[2, k, 1] * turned[j, 1] + small[2, k, 2] * turned[j, 2]
        jk = small[2, j, 0] * turned[k, 0] + small[2, j, 1] * turned[k, 1] + small[2, j, 2] * turned[k, 2]
        work.residual[3 + i] = 0.5 * (kj - jk)
        for l in range(12):
            work.h[3 + i, l] = 1.0 if l == 6 + i else 0.0
        for l in range(3):
            work.h[i, CAMERA_OFFSET + l] = lb[l, i]
            work.h[3 + i, CAMERA_OFFSET + l] = 0.0
            work.h[3 + i, CAMERA_MOUNT + l] = lb[l, i]
            # The ship's attitude error turns the port in one direction and the station's attitude in the other.
            work.noise[3 + i, l] = -small[4, l, i]
            work.noise[3 + i, 3 + l] = errors[i, l]
        work.noise[3 + i, 3 + i] += sigma * sigma


@njit(cache=True, error_model="numpy", _nrt=False)
def update_relative(sensor, measured, n, rate, attitude, geometry, instrument, state):
    """Update with a sensor's part of measured, a `Readings`: six numbers of GNSS and camera, four of radar and lidar.

    n rad/s; rate (3,) rad/s of the ship, attitude (9, 9) covariance, estimated; state: after `look_back` by the
    instrument's latency
    Returns the normalised square of the residual, negative where the gate refused it. Each callee is called at one
    place, for each call is compiled again.
    """
    x, m, first, count = state.x, np.int64(6), np.int64(GNSS_OFFSET), np.int64(3)
    if sensor == GNSS:
        _gnss(measured.gnss, instrument, state)
    else:
        seen = measured.camera if sensor == CAMERA else measured.radar if sensor == RADAR else measured.lidar
        first = np.int64(CAMERA_MOUNT if sensor == CAMERA else RADAR_MOUNT if sensor == RADAR else LIDAR_MOUNT)
        point, distance = state.small[6, 0], length(seen)
        for i in range(3):
            shift = x[CAMERA_OFFSET + i] if sensor == CAMERA else x[first + 3] * seen[i] / distance
            point[i] = seen[i] - shift
        near, other = sigma_at(distance, instrument, 0), sigma_at(distance, instrument, 1)
        along = other if sensor == CAMERA else near
        across = near if sensor == CAMERA else distance * other
        _point(point, first, n, rate, attitude, geometry, along, across, state)
        if sensor == CAMERA:
            count = np.int64(6)
            _camera(measured.turned, sigma_at(distance, instrument, 2), state)
        else:
            m, count = np.int64(4), np.int64(4)
            _ranging(seen, first, instrument, state)
    return _take(m, first, count, GATE6 if m == 6 else GATE4, state)
