"""The ship's position relative to the station: an extended Kalman filter over the sensors of the close range.

State x (STATES,): p m and v m/s of the ship's centre of mass from the station's, LVLH; theta rad, the rotation vector
of the station's body against LVLH, and omega rad/s its rate, LVLH; the accelerometer's bias m/s2, body axes of the
ship; then what stays for a run: the misalignments of camera, lidar and radar, rad about the body axes, the camera's
offset m, body axes, the biases of lidar and radar in range m, and that of relative GNSS m, LVLH. The error of theta is
a small turn in LVLH, from the left; all others are differences. cov (STATES, STATES).

Motion: Hill's equations with the present orbital rate, driven by the accelerometer; the station oscillates about LVLH
at the rate `oscillation` rad/s, or drifts freely where that is 0. Process noise: of the accelerometer, of the terms
that Hill's equations leave out, of the station. The accelerometer's second integral holds when in a period the thrust
came: where pulses began with their periods of 0.5 s and were taken as spread over them, the normalised errors were 5 %
too large. Measurements of the port are turned into LVLH with the estimated attitude, whose covariance counts as their
noise. That attitude is of the star tracker's axes: a misalignment here is one against these, and as all are, their
first errors have the tracker's in common. A measurement that is late is compared with the state of then
(kernels/sensors/latency.py), which is a function of the present one. The accelerometer's misalignment is no state but
considered as noise: a hold's thrust of 0.1 m/s turned by 0.5 mrad is 0.05 mm/s, where the accelerometer's noise of a
second is 0.5 mm/s. Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation (2001),
sections 5.2, 10.3.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.docking.port_geometry import SIGHT, compose
from kernels.maths.lanes import fma, load8, mul, splat8, store8
from kernels.maths.vectors import norm as length
from kernels.relative.hill import hcw_push, hcw_stm
from kernels.sensors.kalman import FilterWorkspace, filter_workspace
from kernels.sensors.latency import bend

STATES = 32
MOVING = 12  # the first states, which change with time
ACCELERATION = 12  # first of three, as all but the ranges: (1,)
CAMERA_MOUNT, CAMERA_OFFSET, LIDAR_MOUNT, LIDAR_RANGE, RADAR_MOUNT, RADAR_RANGE, GNSS_OFFSET = (
    15,
    18,
    21,
    24,
    25,
    28,
    29,
)


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
    """cov (STATES, STATES) <- F cov F', where F moves the first twelve states only; a (12, STATES) is F cov. What of
    cov lies left of its diagonal among the first twelve is left to the caller."""
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
