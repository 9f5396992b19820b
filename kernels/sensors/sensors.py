"""Sensor models of the close range: measurements drawn from the truth, relative and inertial, with noise by range.

Frames: LVLH of the station (kernels/relative/hill.py), body axes of the ship (x out of its ring) and of the station,
which lie on LVLH at zero attitude. Radar, lidar and camera measure from the ship's ring to the station's port, in
the ship's body axes: along the line of sight and across it. The camera also measures the station's attitude against
the ship. Relative GNSS gives position and velocity of the centres of mass in LVLH, its antennas' levers being
corrected. Errors are white and normal, sized by the true distance, but for the constant biases of gyro and
accelerometer, drawn once a run; scale factors, misalignments and delays are left out.

A draw is a function of (stream, number of the period, sensor) alone: six normals for each, whether they are used or
not. Block 0 of the stream holds the biases.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import product
from kernels.docking.port_geometry import SIGHT, body_from_lvlh, sight, turn_matrix
from kernels.maths.random import SIX, normals

GNSS, RADAR, LIDAR, CAMERA, TRACKER = range(5)
SENSORS = 5  # those that can be switched off, and are counted; gyro and accelerometer always work
_GYRO, _ACCELEROMETER = SENSORS, SENSORS + 1
_BLOCKS = SENSORS + 2


@record
class Instrument(NamedTuple):
    """A sensor of relative motion: a measurement `every` s, from `nearest` to `farthest` m.

    cosine: of the half-cone about the ship's x axis in which the port must be seen, -1 for all directions
    at (k,) m, sigma (k, 3): one sigma at these distances, linear between them and held outside. GNSS: position m,
    velocity m/s, unused; radar and lidar: range m, line of sight rad, range rate m/s; camera: across m, along m,
    attitude rad.
    """

    every: float
    nearest: float
    farthest: float
    cosine: float
    at: np.ndarray
    sigma: np.ndarray


@record
class SensorSuite(NamedTuple):
    """All sensors. tracker (3,) rad, one sigma about the body axes, each `tracker_every` s; gyro_walk rad/sqrt(s),
    gyro_bias rad/s; accelerometer_noise m/s2/sqrt(Hz), accelerometer_bias m/s2; target_cosine: of the half-cone about
    the port's axis from which the camera can read its target."""

    gnss: Instrument
    radar: Instrument
    lidar: Instrument
    camera: Instrument
    target_cosine: float
    tracker_every: float
    tracker: np.ndarray
    gyro_walk: float
    gyro_bias: float
    accelerometer_noise: float
    accelerometer_bias: float


class TrueState(NamedTuple):
    """The true state at the end of a control period, which the sensors measure.

    axes (3, 3) LVLH axes as rows in inertial components and orbit_rate rad/s their rate; relative (6,) the ship's
    centre of mass from the station's, LVLH m, m/s; attitude (4,) and rate (3,) rad/s of the ship, body axes; station
    (6,) rotation vector rad against LVLH and its rate rad/s, LVLH; increments (9,) of the period, in the body axes of
    its middle: velocity m/s by thrust, rotation vector rad, displacement m by thrust at the end.
    """

    axes: np.ndarray
    orbit_rate: float
    relative: np.ndarray
    attitude: np.ndarray
    rate: np.ndarray
    station: np.ndarray
    increments: np.ndarray


@record
class Readings(NamedTuple):
    """The measurements of a period: `fresh` (SENSORS,) uint8, 1 for those made in this period.

    gnss (6,) LVLH m, m/s; radar, lidar (4,): port from ring m, body axes, and range rate m/s; camera (3,) likewise;
    turned (3, 3): station body to ship body, by the camera; tracker (4,) attitude of the ship; increments (9,) of the
    period, body axes: m/s by the accelerometer, rad by the gyro, m by the accelerometer. bias (6,): the true ones of
    accelerometer m/s2 and gyro rad/s.
    `work`, `draw`: workspace.
    """

    fresh: np.ndarray
    gnss: np.ndarray
    radar: np.ndarray
    lidar: np.ndarray
    camera: np.ndarray
    turned: np.ndarray
    tracker: np.ndarray
    increments: np.ndarray
    bias: np.ndarray
    work: np.ndarray
    draw: np.ndarray


def instrument(every, nearest, farthest, half_cone, at, *sigma) -> Instrument:
    """An instrument from s, m, m, rad, distances m, and two or three rows of one-sigma values at these distances."""
    at = np.array(at, dtype=np.float64)
    columns = np.zeros((at.size, 3))
    for i, row in enumerate(sigma):
        columns[:, i] = row
    if at.size == 0 or (np.diff(at) <= 0.0).any():
        raise ValueError(f"distances {at.tolist()} m: expected one or more, growing")
    return Instrument(
        every=float(every),
        nearest=float(nearest),
        farthest=float(farthest),
        cosine=math.cos(min(float(half_cone), math.pi)),
        at=at,
        sigma=columns,
    )


def readings() -> Readings:
    """The measurements of a period, none of them made yet."""
    return Readings(
        fresh=np.zeros(SENSORS, np.uint8),
        gnss=np.zeros(6),
        radar=np.zeros(4),
        lidar=np.zeros(4),
        camera=np.zeros(3),
        turned=np.eye(3),
        tracker=np.zeros(4),
        increments=np.zeros(9),
        bias=np.zeros(6),
        work=np.zeros((5, 3, 3)),
        draw=np.zeros(SIX),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def sigma_at(distance, instrument, column):
    """One sigma of an instrument at a distance m: linear between its nodes, held outside."""
    at, sigma = instrument.at, instrument.sigma
    last = at.shape[0] - 1
    if distance <= at[0]:
        return sigma[0, column]
    for i in range(last):
        if distance < at[i + 1]:
            f = (distance - at[i]) / (at[i + 1] - at[i])
            return sigma[i, column] + f * (sigma[i + 1, column] - sigma[i, column])
    return sigma[last, column]


@njit(cache=True, error_model="numpy", _nrt=False)
def due(period, dt, every):
    """Whether a sensor that measures `every` s does so in this period of dt s."""
    return period % max(1, int(every / dt + 0.5)) == 0


@njit(cache=True, error_model="numpy")
def draw_biases(sensors, stream, readings):
    """Draw the run's biases of accelerometer and gyro into readings.bias."""
    z = readings.draw
    normals(stream, 0, z)
    for i in range(3):
        readings.bias[i] = sensors.accelerometer_bias * z[i]
        readings.bias[3 + i] = sensors.gyro_bias * z[3 + i]


@njit(cache=True, error_model="numpy")
def _draw(period, sensor, stream, z):
    normals(stream, SIX * (1 + period * _BLOCKS + sensor), z)


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


@njit(cache=True, error_model="numpy")
def sense(period, dt, truth, sensors, geometry, health, stream, readings):
    """Draw the measurements at the end of a period of dt s, from the `TrueState`.

    geometry: `PortGeometry`; health (SENSORS,) uint8, 0 for a sensor that is off
    """
    n, relative, q, station, increments = (
        truth.orbit_rate,
        truth.relative,
        truth.attitude,
        truth.station,
        truth.increments,
    )
    fresh, z, work = readings.fresh, readings.draw, readings.work
    lb, turned, flat = work[0], work[1], work[2:].reshape(27)
    body_from_lvlh(q, truth.axes, work[2], lb)
    turn_matrix(station[:3], turned)
    seen = flat[:SIGHT]
    sight(n, relative, truth.rate, turned, geometry.port, station[3:], geometry.ring, lb, seen)
    distance, b = seen[9], seen[3:6]

    # White noise once and twice integrated: the second is half the first times dt, and a part of its own.
    push, walk = sensors.accelerometer_noise * math.sqrt(dt), sensors.gyro_walk * math.sqrt(dt)
    _draw(period, _ACCELEROMETER, stream, z)
    for i in range(3):
        extra = push * z[i] + readings.bias[i] * dt
        readings.increments[i] = increments[i] + extra
        readings.increments[6 + i] = increments[6 + i] + 0.5 * dt * (extra + push * z[3 + i] / math.sqrt(3.0))
    _draw(period, _GYRO, stream, z)
    for i in range(3):
        readings.increments[3 + i] = increments[3 + i] + readings.bias[3 + i] * dt + walk * z[i]

    apart = math.sqrt(relative[0] * relative[0] + relative[1] * relative[1] + relative[2] * relative[2])
    g = sensors.gnss
    fresh[GNSS] = health[GNSS] != 0 and due(period, dt, g.every) and g.nearest <= apart <= g.farthest
    if fresh[GNSS]:
        _draw(period, GNSS, stream, z)
        for i in range(6):
            readings.gnss[i] = relative[i] + sigma_at(apart, g, i // 3) * z[i]

    g = sensors.radar
    fresh[RADAR] = health[RADAR] != 0 and due(period, dt, g.every) and _works(distance, b[0], g)
    if fresh[RADAR]:
        _draw(period, RADAR, stream, z)
        _spread(b, distance, sigma_at(distance, g, 0), distance * sigma_at(distance, g, 1), z, readings.radar)
        readings.radar[3] = seen[10] + sigma_at(distance, g, 2) * z[3]

    g = sensors.lidar
    fresh[LIDAR] = health[LIDAR] != 0 and due(period, dt, g.every) and _works(distance, b[0], g)
    if fresh[LIDAR]:
        _draw(period, LIDAR, stream, z)
        _spread(b, distance, sigma_at(distance, g, 0), distance * sigma_at(distance, g, 1), z, readings.lidar)
        readings.lidar[3] = seen[10] + sigma_at(distance, g, 2) * z[3]

    g = sensors.camera
    fresh[CAMERA] = health[CAMERA] != 0 and due(period, dt, g.every) and _works(distance, b[0], g)
    port_axis = geometry.axis
    facing = 0.0  # of the port's axis along the line from port to ring, times the distance
    for i in range(3):
        axis = turned[i, 0] * port_axis[0] + turned[i, 1] * port_axis[1] + turned[i, 2] * port_axis[2]
        facing -= axis * (lb[0, i] * b[0] + lb[1, i] * b[1] + lb[2, i] * b[2])
    if fresh[CAMERA] and facing < distance * sensors.target_cosine:
        fresh[CAMERA] = 0
    if fresh[CAMERA]:
        _draw(period, CAMERA, stream, z)
        _spread(b, distance, sigma_at(distance, g, 1), sigma_at(distance, g, 0), z, readings.camera)
        for i in range(3):
            z[3 + i] *= sigma_at(distance, g, 2)
        turn_matrix(z[3:], work[2])
        for j in range(3):
            for i in range(3):
                work[3, i, j] = lb[i, 0] * turned[0, j] + lb[i, 1] * turned[1, j] + lb[i, 2] * turned[2, j]
            for i in range(3):
                readings.turned[i, j] = (
                    work[2, i, 0] * work[3, 0, j] + work[2, i, 1] * work[3, 1, j] + work[2, i, 2] * work[3, 2, j]
                )

    fresh[TRACKER] = health[TRACKER] != 0 and due(period, dt, sensors.tracker_every)
    if fresh[TRACKER]:
        _draw(period, TRACKER, stream, z)
        half = flat[SIGHT : SIGHT + 4]
        for i in range(3):
            half[i] = 0.5 * sensors.tracker[i] * z[i]
        half[3] = math.sqrt(1.0 - half[0] * half[0] - half[1] * half[1] - half[2] * half[2])
        product(q, half, readings.tracker)
