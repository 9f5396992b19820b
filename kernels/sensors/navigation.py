"""Onboard relative navigation at close range: one period of sensing, prediction and update.

The LVLH axes and their rate are taken as known: the ship's own orbit, by satellite navigation, is good to metres, which
turn them by 1e-6 rad. Nothing else of the truth reaches the filters.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.docking.port_geometry import body_from_lvlh
from kernels.maths.vectors import norm
from kernels.sensors.attitude_filter import (
    AttitudeFilter,
    attitude_filter,
    begin_attitude,
    predict_attitude,
    update_attitude,
)
from kernels.sensors.latency import latency_in
from kernels.sensors.relative_filter import (
    ACCELERATION,
    CAMERA_MOUNT,
    CAMERA_OFFSET,
    GNSS_OFFSET,
    LIDAR_MOUNT,
    LIDAR_RANGE,
    RADAR_MOUNT,
    RADAR_RANGE,
    RelativeFilter,
    predict_relative,
    relative_filter,
)
from kernels.sensors.relative_updates import look_back, update_relative
from kernels.sensors.sensing import draw_biases, sense
from kernels.sensors.sensors import (
    CAMERA,
    GNSS,
    LIDAR,
    RADAR,
    SENSORS,
    TRACKER,
    Readings,
    instrument_of,
    readings,
    sigma_at,
)

OK = 0
NO_FIX = 1  # no sensor measures the relative position, or no star tracker the attitude
BROAD = 100.0  # factor from the sensor's sigma to that of the first position, before the first update by that sensor
# The camera's normalised square is chi-squared of six numbers. Their excess over ALLOWED is summed, from 0 up (Page,
# Biometrika 41 (1954) 100): a false alarm at ALARM has a mean interval of exp(0.29 ALARM) = 7e8
# measurements, 0.29 the root of (1 - 2 s)^3 exp(9 s) = 1. After an alarm the filter model of the station's oscillation
# is wrong; one sigma of the errors that it has caused, m, m/s, rad and rad/s:
ALLOWED, ALARM = 9.0, 70.0
LOOSE = (1.0, 0.1, 0.1, 3.5e-3)


@record
class FilterState(NamedTuple):
    """The estimates and their covariances.

    relative.x (STATES,), relative.cov; attitude.q (4,), attitude.rate (3,) rad/s, attitude.cov; sigma (6,) three sigma
    of position m and velocity m/s, LVLH; age (SENSORS,) s since the last accepted measurement of a sensor, infinite
    before; square (SENSORS,) the last normalised square of its residual, negative where it was rejected; taken, refused
    (SENSORS,) int64, numbers of accepted and rejected measurements. watch (2,): Page's sum of the camera's normalised
    squares, and 1 once the station is taken to be adrift. readings: the measurements. lb: workspace, LVLH to body, now
    and in mid period.
    """

    relative: RelativeFilter
    attitude: AttitudeFilter
    readings: Readings
    sigma: np.ndarray
    age: np.ndarray
    square: np.ndarray
    taken: np.ndarray
    refused: np.ndarray
    watch: np.ndarray
    lb: np.ndarray


def filter_state() -> FilterState:
    """The filter state of one ship, without an estimate; `reset` prepares it, and period 0 starts it."""
    return FilterState(
        relative=relative_filter(),
        attitude=attitude_filter(),
        readings=readings(),
        sigma=np.zeros(6),
        age=np.full(SENSORS, math.inf),
        square=np.zeros(SENSORS),
        taken=np.zeros(SENSORS, np.int64),
        refused=np.zeros(SENSORS, np.int64),
        watch=np.zeros(2),
        lb=np.zeros((3, 3, 3)),
    )


@njit(cache=True, error_model="numpy")
def reset(sensors, filter_model, stream, nav):
    """Clear the filter and draw the run's biases: to be called before period 0."""
    nav.relative.x[:] = 0.0
    nav.relative.cov[:, :] = 0.0
    nav.age[:] = math.inf
    nav.square[:] = 0.0
    nav.taken[:] = 0
    nav.refused[:] = 0
    nav.watch[:] = 0.0
    nav.relative.oscillation[0], nav.relative.oscillation[1] = filter_model.oscillation, filter_model.station_noise
    draw_biases(sensors, stream, nav.readings)


@njit(cache=True, error_model="numpy", _nrt=False)
def _start(c, sensors, filter_model, geometry, nav):
    """The first estimate, from the measurements of period 0; returns a status.

    Position and velocity come from the most accurate sensor, with its sigma; a velocity that no sensor measures is 0
    with the sigma `filter_model.speed`. The station's attitude and the biases are 0 with their prior sigmas.
    """
    x, cov, measured = nav.relative.x, nav.relative.cov, nav.readings
    if not measured.fresh[TRACKER]:
        return NO_FIX
    mount = math.hypot(sensors.gyro_mount, sensors.tracker_mount)
    begin_attitude(measured.tracker, sensors.tracker, sensors.gyro_bias, mount, nav.attitude)
    nav.age[TRACKER], nav.taken[TRACKER] = 0.0, 1
    lb = nav.lb[0]
    body_from_lvlh(nav.attitude.q, c, nav.lb[2], lb)

    best = math.inf
    if measured.fresh[GNSS]:
        best = sigma_at(norm(measured.gnss), sensors.gnss, 0)
        for i in range(6):
            x[i] = measured.gnss[i]
    for sensor in (RADAR, LIDAR, CAMERA):
        if measured.fresh[sensor]:
            point = measured.radar if sensor == RADAR else measured.lidar if sensor == LIDAR else measured.camera
            g = instrument_of(sensor, sensors)
            far = norm(point)
            spread = max(sigma_at(far, g, 0), sigma_at(far, g, 1) * (1.0 if sensor == CAMERA else far))
            if spread < best:
                best = spread
                for i in range(3):
                    x[i] = geometry.port[i]
                    for k in range(3):
                        x[i] -= lb[k, i] * (point[k] + geometry.ring[k])
    if best == math.inf:
        return NO_FIX
    speed = sigma_at(norm(measured.gnss), sensors.gnss, 1) if measured.fresh[GNSS] else filter_model.speed
    for i in range(3):
        cov[i, i] = (BROAD * best) ** 2
        cov[3 + i, 3 + i] = (BROAD * speed) ** 2 if measured.fresh[GNSS] else speed**2
        cov[6 + i, 6 + i] = filter_model.station**2
        cov[9 + i, 9 + i] = (max(filter_model.oscillation, 0.0) * filter_model.station) ** 2
        cov[ACCELERATION + i, ACCELERATION + i] = sensors.accelerometer_bias**2
        cov[CAMERA_OFFSET + i, CAMERA_OFFSET + i] = sensors.camera.bias**2
        cov[GNSS_OFFSET + i, GNSS_OFFSET + i] = sensors.gnss.bias**2
        # Against the star tracker's axes, whose own misalignment is the same in all three.
        common = sensors.tracker_mount**2
        for first in (CAMERA_MOUNT, LIDAR_MOUNT, RADAR_MOUNT):
            for second in (CAMERA_MOUNT, LIDAR_MOUNT, RADAR_MOUNT):
                cov[first + i, second + i] = common
        cov[CAMERA_MOUNT + i, CAMERA_MOUNT + i] += sensors.camera.mount**2
        cov[LIDAR_MOUNT + i, LIDAR_MOUNT + i] += sensors.lidar.mount**2
        cov[RADAR_MOUNT + i, RADAR_MOUNT + i] += sensors.radar.mount**2
    cov[LIDAR_RANGE, LIDAR_RANGE] = sensors.lidar.bias**2
    cov[RADAR_RANGE, RADAR_RANGE] = sensors.radar.bias**2
    return OK


@njit(cache=True, error_model="numpy", _nrt=False)
def _predict(dt, c, n, sensors, filter_model, nav):
    """Propagate both filters over a period, and update the attitude with the star tracker."""
    measured, attitude, lb = nav.readings, nav.attitude, nav.lb
    predict_attitude(measured.increments[3:6], dt, sensors.gyro_walk, attitude)
    # In mid period LVLH was half a turn back: u there is u now less n dt/2 (u_z, 0, -u_x).
    body_from_lvlh(attitude.middle, c, lb[2], lb[1])
    half = 0.5 * n * dt
    for k in range(3):
        ux, uz = lb[1, k, 0], lb[1, k, 2]
        lb[1, k, 0], lb[1, k, 2] = ux - half * uz, uz + half * ux
    predict_relative(
        dt,
        n,
        measured.increments[:3],
        measured.increments[6:],
        lb[1],
        sensors.accelerometer_noise,
        math.hypot(sensors.accelerometer_mount, sensors.tracker_mount),
        filter_model,
        nav.relative,
    )
    for i in range(SENSORS):
        nav.age[i] += dt
    if measured.fresh[TRACKER]:
        tau = latency_in(np.int64(1), dt, sensors.tracker_latency)
        _note(TRACKER, update_attitude(measured.tracker, sensors.tracker, tau, attitude), nav)
    body_from_lvlh(attitude.q, c, lb[2], lb[0])


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def navigate(period, dt, truth, sensors, filter_model, geometry, health, stream, nav):
    """Sense, predict and update at the end of a period of dt s, numbered from 1; period 0 starts. Returns a status.

    truth: `TrueState`, used by the sensors only, but for the LVLH axes and their rate
    sensors, filter_model, geometry: records; health (SENSORS,) uint8, 0 for off; stream: of the run; nav:
    `FilterState`, changed
    """
    sense(period, dt, truth, sensors, geometry, health, stream, nav.readings)
    c, n = truth.axes, truth.orbit_rate
    if period > 0:
        _predict(dt, c, n, sensors, filter_model, nav)
    elif _start(c, sensors, filter_model, geometry, nav) != OK:
        return NO_FIX
    _take_in(period, dt, n, sensors, filter_model, geometry, nav)
    return OK


@njit(cache=True, error_model="numpy", _nrt=False)
def _note(sensor, square, nav):
    """Record whether a measurement was accepted."""
    nav.square[sensor] = square
    if square >= 0.0:
        nav.age[sensor] = 0.0
        nav.taken[sensor] += 1
    else:
        nav.refused[sensor] += 1


@njit(cache=True, error_model="numpy", _nrt=False)
def _watch(square, filter_model, bias, nav):
    """Monitor the camera's residuals; after an alarm the station's attitude is modelled as a free drift."""
    watch, cov = nav.watch, nav.relative.cov
    if square < 0.0 or watch[1] != 0.0:
        return
    watch[0] = max(0.0, watch[0] + square - ALLOWED)
    if watch[0] > ALARM:
        watch[1] = 1.0
        # A remaining oscillation becomes process noise: white, as strong as the oscillation over a radian of phase.
        oscillation = nav.relative.oscillation
        oscillation[1] = max(oscillation[1], filter_model.station * math.sqrt(2.0 * oscillation[0] ** 3))
        oscillation[0] = 0.0
        for i in range(12):
            cov[i, i] += LOOSE[i // 3] ** 2
        for i in range(12, 15):
            cov[i, i] += bias * bias


@njit(cache=True, error_model="numpy", _nrt=False)
def _take_in(period, dt, n, sensors, filter_model, geometry, nav):
    """Update with all fresh measurements, and fill three sigma."""
    measured, state, lb = nav.readings, nav.relative, nav.lb[0]
    rate, errors = nav.attitude.rate, nav.attitude.cov
    for sensor in range(TRACKER):
        if not measured.fresh[sensor]:
            continue
        g = instrument_of(sensor, sensors)
        look_back(latency_in(period, dt, g.latency), n, rate, lb, state)
        square = update_relative(sensor, measured, n, rate, errors, geometry, g, state)
        if sensor == CAMERA:
            _watch(square, filter_model, sensors.accelerometer_bias, nav)
        _note(sensor, square, nav)
    for i in range(6):
        nav.sigma[i] = 3.0 * math.sqrt(state.cov[i, i])
