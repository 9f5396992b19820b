"""Sensor models of the close range: measurements drawn from the truth, relative and inertial, with noise by range.

Frames: LVLH of the station (kernels/relative/hill.py), body axes of the ship (x out of its ring) and of the station,
which lie on LVLH at zero attitude. Radar, lidar and camera measure from the ship's ring to the station's port, in
the ship's body axes: along the line of sight and across it. The camera also measures the station's attitude against
the ship. Relative GNSS gives position and velocity of the centres of mass in LVLH, its antennas' levers being
corrected.

A measurement has a white normal error, sized by the true distance, and errors that stay for a run: a bias, and a
misalignment, by which what a sensor measures is turned, v + mount x v. It is of an earlier time, by the sensor's
latency (kernels/sensors/latency.py). The camera does not see the port while the Sun stands near its axis, nor
in the Earth's shadow beyond the reach of lamp and beacons. Scale factors, outliers and multipath are left out.

kernels/sensors/sensing.py draws the measurements.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.random import SIX

GNSS, RADAR, LIDAR, CAMERA, TRACKER = range(5)
SENSORS = 5  # those that can be switched off, and are counted; gyro and accelerometer always work
GYRO, ACCELEROMETER = SENSORS, SENSORS + 1
SEES, DAZZLED, DARK = 0, 1, 2  # whether the camera could see a port in its field of view: in `Readings.blind`


@record
class Instrument(NamedTuple):
    """A sensor of relative motion: a measurement `every` s, from `nearest` to `farthest` m.

    cosine: of the half-cone about the ship's x axis in which the port must be seen, -1 for all directions
    at (k,) m, sigma (k, 3): one sigma at these distances, linear between them and held outside. GNSS: position m,
    velocity m/s, unused; radar and lidar: range m, line of sight rad, range rate m/s; camera: across m, along m,
    attitude rad.
    latency s: so much earlier was what is measured, at most a control period. One sigma of what stays for a run, each
    axis: mount rad, its misalignment; bias m, of GNSS in LVLH, of radar and lidar in range, of the camera in body axes.
    """

    every: float
    nearest: float
    farthest: float
    cosine: float
    at: np.ndarray
    sigma: np.ndarray
    latency: float
    mount: float
    bias: float


@record
class SensorSuite(NamedTuple):
    """All sensors. tracker (3,) rad, one sigma about the body axes, each `tracker_every` s, `tracker_latency` s late;
    gyro_walk rad/sqrt(s), gyro_bias rad/s; accelerometer_noise m/s2/sqrt(Hz), accelerometer_bias m/s2; the three
    `mount` rad, one sigma of a misalignment about each axis; target_cosine: of the half-cone about the port's axis from
    which the camera can read its target; sun_cosine: of the half-cone about the camera's axis in which the Sun dazzles
    it, above 1 for none; dark_reach m: as far the camera sees the port in the Earth's shadow."""

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
    tracker_latency: float
    tracker_mount: float
    gyro_mount: float
    accelerometer_mount: float
    sun_cosine: float
    dark_reach: float


class TrueState(NamedTuple):
    """The true state at the end of a control period, which the sensors measure.

    axes (3, 3) LVLH axes as rows in inertial components and orbit_rate rad/s their rate; relative (6,) the ship's
    centre of mass from the station's, LVLH m, m/s; attitude (4,) and rate (3,) rad/s of the ship, body axes; station
    (6,) rotation vector rad against LVLH and its rate rad/s, LVLH; increments (9,) of the period, in the body axes of
    its middle: velocity m/s by thrust, rotation vector rad, displacement m by thrust at the end; sun (3,) unit vector
    to the Sun, inertial, and light, the fraction of its disc that is seen.
    """

    axes: np.ndarray
    orbit_rate: float
    relative: np.ndarray
    attitude: np.ndarray
    rate: np.ndarray
    station: np.ndarray
    increments: np.ndarray
    sun: np.ndarray
    light: float


@record
class Readings(NamedTuple):
    """The measurements of a period: `fresh` (SENSORS,) uint8, 1 for those made in this period.

    gnss (6,) LVLH m, m/s; radar, lidar (4,): port from ring m, body axes, and range rate m/s; camera (3,) likewise;
    turned (3, 3): station body to ship body, by the camera; tracker (4,) attitude of the ship; increments (9,) of the
    period, body axes: m/s by the accelerometer, rad by the gyro, m by the accelerometer. blind (1,) int64: SEES, or
    why the camera does not see a port in its field of view.
    The true errors that stay: bias (6,) of accelerometer m/s2 and gyro rad/s; mount (SENSORS + 2, 3) rad, of each
    sensor, gyro and accelerometer; offset (SENSORS, 3) m as `Instrument.bias`, of radar and lidar the first.
    past (6,): relative position and velocity a period ago. `bend`, `work`, `draw`: workspace.
    """

    fresh: np.ndarray
    gnss: np.ndarray
    radar: np.ndarray
    lidar: np.ndarray
    camera: np.ndarray
    turned: np.ndarray
    tracker: np.ndarray
    increments: np.ndarray
    blind: np.ndarray
    bias: np.ndarray
    mount: np.ndarray
    offset: np.ndarray
    past: np.ndarray
    bend: np.ndarray
    work: np.ndarray
    draw: np.ndarray


def instrument(every, nearest, farthest, half_cone, at, *sigma, latency=0.0, mount=0.0, bias=0.0) -> Instrument:
    """An instrument from s, m, m, rad, distances m, and two or three rows of one-sigma values at these distances; its
    latency s, and one sigma of misalignment rad and bias m."""
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
        latency=float(latency),
        mount=float(mount),
        bias=float(bias),
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
        blind=np.zeros(1, np.int64),
        bias=np.zeros(6),
        mount=np.zeros((SENSORS + 2, 3)),
        offset=np.zeros((SENSORS, 3)),
        past=np.zeros(6),
        bend=np.zeros((2, 3)),
        work=np.zeros((8, 3, 3)),
        draw=np.zeros(SIX),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def instrument_of(sensor, sensors):
    """The instrument with this number, of a `SensorSuite`: GNSS, RADAR, LIDAR or CAMERA."""
    if sensor == GNSS:
        return sensors.gnss
    if sensor == RADAR:
        return sensors.radar
    return sensors.lidar if sensor == LIDAR else sensors.camera


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
