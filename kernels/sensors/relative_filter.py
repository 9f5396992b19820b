"""The ship's position relative to the station: an extended Kalman filter over the sensors of the close range.

State x (STATES,): p m and v m/s of the ship's centre of mass from the station's, LVLH; theta rad, the rotation vector of
the station's body against LVLH, and omega rad/s its rate, LVLH; the accelerometer's bias m/s2, body axes of the ship;
then what stays for a run: the misalignments of camera, lidar and radar, rad about the body axes, the camera's offset m,
body axes, the biases of lidar and radar in range m, and that of relative GNSS m, LVLH. The error of theta is a small
turn in LVLH, from the left; all others are differences. cov (STATES, STATES).

Motion: Hill's equations with the present orbital rate, driven by the accelerometer; the station oscillates about LVLH
at the rate `oscillation` rad/s, or drifts freely where that is 0. Process noise: of the accelerometer, of the terms
that Hill's equations leave out, of the station. The accelerometer's second integral holds when in a period the thrust
came: where pulses began with their periods of 0.5 s and were taken as spread over them, the normalised errors were 5 %
too large. Measurements of the port are turned into LVLH with the estimated attitude, whose covariance counts as their
noise. That attitude is of the star tracker's axes: a misalignment here is one against these, and as all are, their
first errors have the tracker's in common. A measurement that is late is compared with the state of then
(kernels/sensors/latency.py), which is a function of the present one. The accelerometer's misalignment is no state but
considered as noise: a hold's thrust of 0.1 m/s turned by 0.5 mrad is 0.05 mm/s, where the accelerometer's noise of a
second is 0.5 mm/s. Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation (2001), sections
5.2, 10.3.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.docking.port_geometry import SIGHT, compose, cross_matrix, sight, turn_matrix
from kernels.maths.lanes import fma, load8, mul, splat8, store8
from kernels.maths.vectors import norm as length
from kernels.relative.hill import hcw_push, hcw_stm
from kernels.sensors.kalman import FilterWorkspace, filter_workspace, update
from kernels.sensors.latency import bend, earlier, earlier_pose
from kernels.sensors.sensors import sigma_at

STATES = 32
MOVING = 12  # the first states, which change with time
ACCELERATION = 12  # first of three, as all but the ranges: (1,)
CAMERA_MOUNT, CAMERA_OFFSET, LIDAR_MOUNT, LIDAR_RANGE, RADAR_MOUNT, RADAR_RANGE, GNSS_OFFSET = 15, 18, 21, 24, 25, 28, 29
GATE4, GATE6 = 34.5550, 39.4880  # for so many numbers, as rare as 5 sigma for one: 5.7e-7


@record
class FilterModel(NamedTuple):
    """The filter's model beyond the sensors.

    model m/s2/sqrt(Hz) and model_slope 1/s2/sqrt(Hz): of the terms that Hill's equations leave out, the sum of one
    and of the other times the distance; oscillation rad/s of the station's attitude (0: free drift), station rad one
    sigma of its deviation, station_noise rad/s2/sqrt(Hz); speed m/s one sigma of the first velocity where nothing
    measures it.
    """

    model: float
    model_slope: float
    oscillation: float
    station: float
    station_noise: float
    speed: float


@record
class RelativeFilter(NamedTuple):
    """The state x (STATES,) and cov (STATES, STATES) as above, oscillation (2,) rad/s and its noise rad/s2/sqrt(Hz) as
    now modelled. before (6,) place and velocity a period ago, bend (2, 3) as kernels/sensors/latency.py has it; late
    (13,): the first twelve states as long ago as the measurement that is taken in, and how long, s; late_lb (3, 3) LVLH
    to body then. The rest is workspace."""

    x: np.ndarray
    cov: np.ndarray
    oscillation: np.ndarray
    before: np.ndarray
    bend: np.ndarray
    late: np.ndarray
    late_lb: np.ndarray
    flow: np.ndarray
    push: np.ndarray
    a: np.ndarray
    small: np.ndarray
    seen: np.ndarray
    work: FilterWorkspace


def relative_filter() -> RelativeFilter:
    """A filter without an estimate; kernels/sensors/navigation.py starts it from the first measurements."""
    return RelativeFilter(
        x=np.zeros(STATES),
        cov=np.eye(STATES),
        oscillation=np.zeros(2),
        before=np.zeros(6),
        bend=np.zeros((2, 3)),
        late=np.zeros(13),
        late_lb=np.eye(3),
        flow=np.zeros((6, 9)),
        push=np.zeros((6, 3)),
        a=np.zeros((MOVING, STATES)),
        small=np.zeros((7, 3, 3)),
        seen=np.zeros(SIGHT),
        work=filter_workspace(STATES),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def _carry(flow, cosine, sine, slope, cov, a):
    """cov (STATES, STATES) <- F cov F', where F moves the first twelve states only; a (12, STATES) is F cov. What of cov
    lies left of its diagonal among the first twelve is left to the caller."""
    for j in range(0, STATES, 8):
        for i in range(6):
            row = splat8(0.0)
            for k in range(6):
                if flow[i, k] != 0.0:
                    row = fma(splat8(flow[i, k]), load8(cov[k], j), row)
            for k in range(3):
                row = fma(splat8(flow[i, 6 + k]), load8(cov[ACCELERATION + k], j), row)
            store8(a[i], j, row)
        for i in range(6, 9):
            angle, rate = load8(cov[i], j), load8(cov[3 + i], j)
            store8(a[i], j, fma(splat8(cosine), angle, mul(splat8(sine), rate)))
            store8(a[3 + i], j, fma(splat8(slope), angle, mul(splat8(cosine), rate)))
    for i in range(MOVING):
        for j in range(MOVING, STATES):
            cov[i, j] = a[i, j]
            cov[j, i] = a[i, j]
        for j in range(i, 6):
            total = 0.0
            for k in range(6):
                total += a[i, k] * flow[j, k]
            for k in range(3):
                total += a[i, 12 + k] * flow[j, 6 + k]
            cov[i, j] = total
        for j in range(6, 9):
            cov[i, j] = cosine * a[i, j] + sine * a[i, 3 + j]
            cov[i, 3 + j] = slope * a[i, j] + cosine * a[i, 3 + j]


@njit(cache=True, error_model="numpy", _nrt=False)
def predict_relative(dt, n, dv, dr, lb, noise, mount, filter_model, state):
    """Propagate by dt s with the accelerometer's dv (3,) m/s and dr (3,) m, once and twice integrated, body axes.

    n rad/s the station's rate now; lb (3, 3) LVLH to body in mid period; noise m/s2/sqrt(Hz) of the accelerometer, and
    mount rad, one sigma of its misalignment
    """
    x, cov, flow, push, a = state.x, state.cov, state.flow, state.push, state.a
    hcw_stm(n, dt, flow[:, :6])
    hcw_push(n, dt, push)
    distance = length(x)
    b0, b1, b2 = dv[0] / dt - x[12], dv[1] / dt - x[13], dv[2] / dt - x[14]
    f0 = lb[0, 0] * b0 + lb[1, 0] * b1 + lb[2, 0] * b2
    f1 = lb[0, 1] * b0 + lb[1, 1] * b1 + lb[2, 1] * b2
    f2 = lb[0, 2] * b0 + lb[1, 2] * b1 + lb[2, 2] * b2
    new = state.small[0].reshape(9)
    for i in range(6):
        total = push[i, 0] * f0 + push[i, 1] * f1 + push[i, 2] * f2
        for k in range(6):
            total += flow[i, k] * x[k]
        new[i] = total
        for k in range(3):
            flow[i, 6 + k] = -(push[i, 0] * lb[k, 0] + push[i, 1] * lb[k, 1] + push[i, 2] * lb[k, 2])
    l0, l1, l2 = dr[0] - 0.5 * dt * dv[0], dr[1] - 0.5 * dt * dv[1], dr[2] - 0.5 * dt * dv[2]
    for i in range(6):
        state.before[i] = x[i]
    for i in range(3):
        x[i] = new[i] + lb[0, i] * l0 + lb[1, i] * l1 + lb[2, i] * l2
        x[3 + i] = new[3 + i]
    bend(state.before, x, dt, state.bend)

    oscillation = state.oscillation[0]
    angle = oscillation * dt
    cosine, slope = math.cos(angle), -oscillation * math.sin(angle)
    sine = math.sin(angle) / oscillation if oscillation > 0.0 else dt
    for i in range(3):
        new[i] = (cosine - 1.0) * x[6 + i] + sine * x[9 + i]
        x[9 + i] = slope * x[6 + i] + cosine * x[9 + i]
    compose(new[:3], x[6:9])

    _carry(flow, cosine, sine, slope, cov, a)
    model = filter_model.model + filter_model.model_slope * distance
    # A turn by `mount` of the period's thrust, as of white noise of the same velocity.
    q = noise * noise + model * model + mount * mount * (dv[0] * dv[0] + dv[1] * dv[1] + dv[2] * dv[2]) / dt
    w = state.oscillation[1] * state.oscillation[1]
    for i in range(3):
        cov[i, i] += q * dt * dt * dt / 3.0
        cov[i, 3 + i] += 0.5 * q * dt * dt
        cov[3 + i, 3 + i] += q * dt
        cov[6 + i, 6 + i] += w * dt * dt * dt / 3.0
        cov[6 + i, 9 + i] += 0.5 * w * dt * dt
        cov[9 + i, 9 + i] += w * dt
    for i in range(MOVING):
        for j in range(i):
            cov[i, j] = cov[j, i]


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
def update_gnss(measured, instrument, state):
    """Update with position and velocity, measured (6,) LVLH m, m/s; returns the normalised square (six numbers).

    state: after `look_back` by the instrument's latency, as in all updates
    """
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
    return _take(np.int64(6), np.int64(GNSS_OFFSET), np.int64(3), GATE6, state)


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
def update_ranging(measured, mount, n, rate, attitude, geometry, instrument, state):
    """Update with a radar's or lidar's measured (4,): port from ring, m, body axes, and range rate m/s; four numbers.

    mount: LIDAR_MOUNT or RADAR_MOUNT; n rad/s; rate (3,) rad/s of the ship, attitude (9, 9) covariance, estimated
    """
    work, seen, lb, distance = state.work, state.seen, state.late_lb, length(measured)
    along, across = sigma_at(distance, instrument, 0), distance * sigma_at(distance, instrument, 1)
    point, shorter = state.small[6, 0], 1.0 - state.x[mount + 3] / distance
    for i in range(3):
        point[i] = shorter * measured[i]
    _point(point, mount, n, rate, attitude, geometry, along, across, state)
    u, h, noise = state.small[2, 0], work.h, work.noise
    # The rate is u . f, f the port's velocity against the ring: u turns with p and theta, f holds v and omega.
    sigma = sigma_at(distance, instrument, 2)
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
    work.residual[3] = measured[3] - seen[10]
    return _take(np.int64(4), mount, np.int64(4), GATE4, state)


@njit(cache=True, error_model="numpy", _nrt=False)
def update_camera(measured, body, n, rate, attitude, geometry, instrument, state):
    """Update with the camera's measured (3,) m, port from ring in body axes, and body (3, 3), station to ship; six
    numbers.

    The others as in `update_ranging`.
    """
    work, small, x, distance = state.work, state.small, state.x, length(measured)
    lb, point, mount = state.late_lb, small[6, 0], x[CAMERA_MOUNT : CAMERA_MOUNT + 3]
    across, along = sigma_at(distance, instrument, 0), sigma_at(distance, instrument, 1)
    for i in range(3):
        point[i] = measured[i] - x[CAMERA_OFFSET + i]
    _point(point, np.int64(CAMERA_MOUNT), n, rate, attitude, geometry, along, across, state)
    turned, errors, sigma = small[0], small[1], sigma_at(distance, instrument, 2)
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
    return _take(np.int64(6), np.int64(CAMERA_MOUNT), np.int64(6), GATE6, state)
