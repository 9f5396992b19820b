"""The measurements of a control period, drawn from the truth; sensors and errors as in kernels/sensors/sensors.py.

A draw is a function of (stream, number of the period, sensor) alone: six normals for each, whether they are used or
not. Block 0 of the stream holds the biases of accelerometer and gyro, blocks from CONSTANT on the other errors that
stay for a run.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.craft.attitude import product
from kernels.docking.port_geometry import SIGHT, body_from_lvlh, compose, sight, turn_matrix
from kernels.maths.random import SIX, normals
from kernels.maths.vectors import norm
from kernels.sensors.attitude_filter import turned_by
from kernels.sensors.latency import bend, earlier, earlier_pose, latency_in
from kernels.sensors.sensors import (
    ACCELEROMETER,
    CAMERA,
    DARK,
    DAZZLED,
    GNSS,
    GYRO,
    RADAR,
    SEES,
    SENSORS,
    TRACKER,
    due,
    instrument_of,
    sigma_at,
)

BLOCKS = SENSORS + 2
CONSTANT = 10**8  # block of the stream from which the errors that stay begin: no run has so many periods


@njit(cache=True, error_model="numpy")
def draw_biases(sensors, stream, readings):
    """Draw the run's errors that stay: biases, misalignments and offsets."""
    z = readings.draw
    normals(stream, 0, z)
    for i in range(3):
        readings.bias[i] = sensors.accelerometer_bias * z[i]
        readings.bias[3 + i] = sensors.gyro_bias * z[3 + i]
    mount = np.array(
        [
            0.0,
            sensors.radar.mount,
            sensors.lidar.mount,
            sensors.camera.mount,
            sensors.tracker_mount,
            sensors.gyro_mount,
            sensors.accelerometer_mount,
        ]
    )
    offset = np.array([sensors.gnss.bias, sensors.radar.bias, sensors.lidar.bias, sensors.camera.bias, 0.0])
    for sensor in range(BLOCKS):
        normals(stream, SIX * (CONSTANT + sensor), z)
        for i in range(3):
            readings.mount[sensor, i] = mount[sensor] * z[i]
            if sensor < SENSORS:
                readings.offset[sensor, i] = offset[sensor] * z[3 + i]


@njit(cache=True, error_model="numpy")
def _draw(period, sensor, stream, z):
    normals(stream, SIX * (1 + period * BLOCKS + sensor), z)


@njit(cache=True, error_model="numpy", _nrt=False)
def _spread(b, distance, along, across, z, out):
    """Fill out (3,) with b and an error of `along` m on it and `across` m on the two directions square to it."""
    u0, u1, u2 = b[0] / distance, b[1] / distance, b[2] / distance
    # A direction square to u: u x (the axis that u is farthest from).
    if abs(u0) <= abs(u1) and abs(u0) <= abs(u2):
        a0, a1, a2 = 0.0, u2, -u1
    elif abs(u1) <= abs(u2):
        a0, a1, a2 = -u2, 0.0, u0
    else:
        a0, a1, a2 = u1, -u0, 0.0
    size = across / math.sqrt(a0 * a0 + a1 * a1 + a2 * a2)
    a0, a1, a2 = size * a0, size * a1, size * a2
    out[0] = b[0] + along * z[0] * u0 + z[1] * a0 + z[2] * (u1 * a2 - u2 * a1)
    out[1] = b[1] + along * z[0] * u1 + z[1] * a1 + z[2] * (u2 * a0 - u0 * a2)
    out[2] = b[2] + along * z[0] * u2 + z[1] * a2 + z[2] * (u0 * a1 - u1 * a0)


@njit(cache=True, error_model="numpy", _nrt=False)
def _works(distance, x, instrument):
    return instrument.nearest <= distance <= instrument.farthest and x >= distance * instrument.cosine


@njit(cache=True, error_model="numpy", _nrt=False)
def _misaligned(b, mount, out):
    """Add mount x b to out (3,): b (3,) as a sensor measures it that is turned by mount (3,) rad."""
    out[0] += mount[1] * b[2] - mount[2] * b[1]
    out[1] += mount[2] * b[0] - mount[0] * b[2]
    out[2] += mount[0] * b[1] - mount[1] * b[0]


@njit(cache=True, error_model="numpy")
def _inertial(period, dt, increments, sensors, stream, readings):
    """The increments of accelerometer and gyro."""
    z, measured, bias = readings.draw, readings.increments, readings.bias
    # White noise once and twice integrated: the second is half the first times dt, and a part of its own.
    push, walk = sensors.accelerometer_noise * math.sqrt(dt), sensors.gyro_walk * math.sqrt(dt)
    _draw(period, ACCELEROMETER, stream, z)
    for i in range(3):
        extra = push * z[i] + bias[i] * dt
        measured[i] = increments[i] + extra
        measured[6 + i] = increments[6 + i] + 0.5 * dt * (extra + push * z[3 + i] / math.sqrt(3.0))
    _draw(period, GYRO, stream, z)
    for i in range(3):
        measured[3 + i] = increments[3 + i] + bias[3 + i] * dt + walk * z[i]
    for first in range(0, 9, 3):
        mount = readings.mount[GYRO if first == 3 else ACCELEROMETER]
        _misaligned(increments[first : first + 3], mount, measured[first : first + 3])


@njit(cache=True, error_model="numpy", _nrt=False)
def _camera_blind(distance, lb, truth, sensors):
    """Why the camera does not see a port `distance` m away, or SEES; lb (3, 3) LVLH to body."""
    if truth.light <= 0.0:
        return DARK if distance > sensors.dark_reach else SEES
    c, sun, toward = truth.axes, truth.sun, 0.0
    for i in range(3):
        toward += lb[0, i] * (c[i, 0] * sun[0] + c[i, 1] * sun[1] + c[i, 2] * sun[2])
    return DAZZLED if toward >= sensors.sun_cosine else SEES


@njit(cache=True, error_model="numpy")
def sense(period, dt, truth, sensors, geometry, health, stream, readings):
    """Draw the measurements at the end of a period of dt s, from the `TrueState`; period 0 has no latency.

    geometry: `PortGeometry`; health (SENSORS,) uint8, 0 for a sensor that is off
    """
    n, relative, q, increments = truth.orbit_rate, truth.relative, truth.attitude, truth.increments
    fresh, z, work, mounts = readings.fresh, readings.draw, readings.work, readings.mount
    lb, pose, turned, flat = work[0], work[1], work[2], work[4:].reshape(36)
    seen, late, theta, spin = flat[:SIGHT], flat[SIGHT : SIGHT + 6], flat[20:23], flat[23:26]
    body_from_lvlh(q, truth.axes, work[3], lb)
    _inertial(period, dt, increments, sensors, stream, readings)
    bend(readings.past, relative, dt, readings.bend)
    centres = norm(relative[:3])
    levers = norm(geometry.port) + norm(geometry.ring) + norm(relative[3:6]) * dt  # how much ring to port may differ
    for i in range(3):
        spin[i] = increments[3 + i] / dt + n * lb[i, 1]  # of the ship against LVLH, the mean of the period

    for sensor in range(TRACKER):
        g = instrument_of(sensor, sensors)
        fresh[sensor] = health[sensor] != 0 and due(period, dt, g.every)
        if not fresh[sensor]:
            continue
        if sensor == CAMERA:
            readings.blind[0] = SEES
        tau = latency_in(period, dt, g.latency)
        earlier(tau, relative, readings.bend, late)
        mount, offset = mounts[sensor], readings.offset[sensor]
        if sensor == GNSS:
            apart = math.sqrt(late[0] * late[0] + late[1] * late[1] + late[2] * late[2])
            fresh[GNSS] = g.nearest <= apart <= g.farthest
            if fresh[GNSS]:
                _draw(period, GNSS, stream, z)
                for i in range(6):
                    readings.gnss[i] = late[i] + sigma_at(apart, g, i // 3) * z[i]
                    if i < 3:
                        readings.gnss[i] += offset[i]
            continue
        if centres + levers < g.nearest or centres - levers > g.farthest:
            fresh[sensor] = 0
            continue
        earlier_pose(tau, spin, lb, work[3], pose)
        for i in range(3):
            theta[i] = truth.station[i]
            z[i] = -tau * truth.station[3 + i]
        compose(z[:3], theta)
        turn_matrix(theta, turned)
        sight(n, late, truth.rate, turned, geometry.port, truth.station[3:], geometry.ring, pose, seen)
        distance, b = seen[9], seen[3:6]
        if not _works(distance, b[0], g):
            fresh[sensor] = 0
            continue
        if sensor != CAMERA:
            out = readings.radar if sensor == RADAR else readings.lidar
            _draw(period, sensor, stream, z)
            _spread(b, distance, sigma_at(distance, g, 0), distance * sigma_at(distance, g, 1), z, out)
            out[3] = seen[10] + sigma_at(distance, g, 2) * z[3]
            _misaligned(b, mount, out)
            for i in range(3):
                out[i] += offset[0] * b[i] / distance
            continue
        facing = 0.0  # of the port's axis along the line from port to ring, times the distance
        for i in range(3):
            axis = 0.0
            for k in range(3):
                axis += turned[i, k] * geometry.axis[k]
            facing -= axis * (pose[0, i] * b[0] + pose[1, i] * b[1] + pose[2, i] * b[2])
        if facing < distance * sensors.target_cosine:
            fresh[CAMERA] = 0
            continue
        readings.blind[0] = _camera_blind(distance, pose, truth, sensors)
        if readings.blind[0] != SEES:
            fresh[CAMERA] = 0
            continue
        _draw(period, CAMERA, stream, z)
        _spread(b, distance, sigma_at(distance, g, 1), sigma_at(distance, g, 0), z, readings.camera)
        _misaligned(b, mount, readings.camera)
        for i in range(3):
            readings.camera[i] += offset[i]
            z[3 + i] *= sigma_at(distance, g, 2)
        _camera_attitude(z[3:], mount, pose, turned, work[3], lb, readings.turned)

    fresh[TRACKER] = health[TRACKER] != 0 and due(period, dt, sensors.tracker_every)
    if fresh[TRACKER]:
        tau = latency_in(period, dt, sensors.tracker_latency)
        late, half, small = flat[SIGHT : SIGHT + 4], flat[20:24], flat[24:28]
        f = -tau / dt
        turned_by(q, f * increments[3], f * increments[4], f * increments[5], small, late)
        _draw(period, TRACKER, stream, z)
        for i in range(3):
            half[i] = 0.5 * (sensors.tracker[i] * z[i] + mounts[TRACKER, i])
        half[3] = math.sqrt(1.0 - half[0] * half[0] - half[1] * half[1] - half[2] * half[2])
        product(late, half, readings.tracker)
    for i in range(6):
        readings.past[i] = relative[i]


@njit(cache=True, error_model="numpy", _nrt=False)
def _camera_attitude(noise, mount, pose, turned, a, b, out):
    """Fill out (3, 3), station body to ship body as the camera has it: pose turned, misaligned by mount (3,) rad and
    turned by noise (3,) rad; a, b (3, 3) work."""
    for j in range(3):
        for i in range(3):
            a[i, j] = pose[i, 0] * turned[0, j] + pose[i, 1] * turned[1, j] + pose[i, 2] * turned[2, j]
        x, y, z = a[0, j], a[1, j], a[2, j]
        a[0, j] += mount[1] * z - mount[2] * y
        a[1, j] += mount[2] * x - mount[0] * z
        a[2, j] += mount[0] * y - mount[1] * x
    turn_matrix(noise, b)
    for i in range(3):
        for j in range(3):
            out[i, j] = b[i, 0] * a[0, j] + b[i, 1] * a[1, j] + b[i, 2] * a[2, j]
