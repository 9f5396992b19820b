"""An approach that no filter has made: two orbits about an oblate Earth, a ship that fires in pulses and sways, a
station that oscillates; the output of sensors and filters (kernels/sensors/navigation.py) is recorded at chosen times.

The ship comes from behind to a port at the station's end, facing it, steered by the truth. The difference of the two
orbits is nonlinear, the pulses begin with their period, and the station's orbit has an eccentricity.

Compiled as the kernels are, which takes two thirds of the time that numba's own way takes, and kept nowhere.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import J2, MU_EARTH, R_EQUATOR
from kernels.craft.attitude import from_matrix, product, to_body
from kernels.docking.port_geometry import compose, turn_matrix
from kernels.maths.random import normals
from kernels.relative.hill import lvlh_axes, to_lvlh
from kernels.sensors.attitude_filter import turned_by
from kernels.sensors.navigation import OK, filter_state, navigate, reset
from kernels.sensors.relative_filter import (
    CAMERA_MOUNT,
    CAMERA_OFFSET,
    GNSS_OFFSET,
    LIDAR_MOUNT,
    LIDAR_RANGE,
    RADAR_MOUNT,
    RADAR_RANGE,
    STATES,
)
from kernels.sensors.sensors import CAMERA, GNSS, GYRO, LIDAR, RADAR, SENSORS, TRACKER, TrueState

DT = 0.5  # s, a control period
STRONGEST = 0.075  # m/s2: 600 N on 8 t


class Arc(NamedTuple):
    """From `start` m between ring and port, closing at 0.15 m/s and `slope` 1/s times the distance; periods in all;
    sway rad of the ship; station rad, one sigma, and rate rad/s of the station's oscillation; from the period `lost`
    on: dead (SENSORS,) uint8, 1 for a sensor that is off; spin rad/s of the station about LVLH's y; noise
    rad/s2/sqrt(Hz) that disturbs its oscillation."""

    start: float
    slope: float
    periods: int
    sway: float
    station: float
    rate: float
    lost: int
    dead: np.ndarray
    spin: float
    noise: float


def arc(start, slope, periods, *, sway=0.005, station=0.005, rate=0.0126, lost=-1, dead=(), spin=0.0, noise=0.0) -> Arc:
    error = np.zeros(SENSORS, np.uint8)
    error[list(dead)] = 1
    return Arc(
        start=float(start),
        slope=slope,
        periods=periods,
        sway=sway,
        station=station,
        rate=rate,
        lost=lost,
        dead=error,
        spin=spin,
        noise=noise,
    )


@njit()
def _pull(r, push):
    """Acceleration (3,) m/s2 of two bodies and J2, and a push."""
    r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
    k = MU_EARTH / (r2 * math.sqrt(r2))
    j = 1.5 * J2 * R_EQUATOR * R_EQUATOR / r2
    z = 5.0 * r[2] * r[2] / r2
    a = np.empty(3)
    a[0] = -k * r[0] * (1.0 - j * (z - 1.0)) + push[0]
    a[1] = -k * r[1] * (1.0 - j * (z - 1.0)) + push[1]
    a[2] = -k * r[2] * (1.0 - j * (z - 3.0)) + push[2]
    return a


@njit()
def _fly(r, v, push, h):
    """Runge and Kutta's classic step of h s, in place; push (3,) m/s2."""
    k1 = _pull(r, push)
    v2 = v + 0.5 * h * k1
    k2 = _pull(r + 0.5 * h * v, push)
    v3 = v + 0.5 * h * k2
    k3 = _pull(r + 0.5 * h * v2, push)
    v4 = v + h * k3
    k4 = _pull(r + h * v3, push)
    r += h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
    v += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


@njit()
def _attitude(c, t, sway, phase, q):
    """The ship's attitude at t: on LVLH but for a sway about each axis, each with its own period."""
    a = np.empty(3)
    for i in range(3):
        a[i] = sway * math.sin(t * (0.05 + 0.01 * i) + phase[i])
    m = np.empty((3, 3))
    turn_matrix(-a, m)
    from_matrix(m @ c, q)


@njit()
def _turn(q0, q1, out):
    """The turn (3,) rad in body axes from q0 to q1."""
    back, d = np.empty(4), np.empty(4)
    back[0], back[1], back[2], back[3] = -q0[0], -q0[1], -q0[2], q0[3]
    product(back, q1, d)
    s = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    k = 2.0 * math.atan2(s, abs(d[3])) / s if s > 1.0e-12 else 2.0
    for i in range(3):
        out[i] = math.copysign(k, d[3]) * d[i]


@njit()
def _oscillation(t, rate, z, station, out):
    for i in range(3):
        a, b = station * z[i], station * z[3 + i]
        s, c = math.sin(rate * t), math.cos(rate * t)
        out[i] = a * c + b * s
        out[3 + i] = rate * (b * c - a * s)


@njit()
def _shake(wander, rate, kick):
    """A period of a pendulum at rest but for what shakes it: wander (6,) rad, rad/s; kick (3,) rad/s in the period."""
    s, c = math.sin(rate * DT), math.cos(rate * DT)
    for i in range(3):
        a, b = wander[i], wander[3 + i]
        wander[i] = c * a + s / rate * b + 0.5 * DT * kick[i]
        wander[3 + i] = c * b - rate * s * a + kick[i]


@njit()
def _truth(c, n, relative, q, w, station, increments):
    """What the sensors measure, with the Sun aside."""
    sun = np.array([0.0, 0.0, 1.0])
    return TrueState(
        axes=c,
        orbit_rate=n,
        relative=relative,
        attitude=q,
        rate=w,
        station=station,
        increments=increments,
        sun=sun,
        light=1.0,
    )


@njit()
def fly(arc, sensors, filter_model, aim, stream, draws, marks, nav, errors, covs, turns, turn_covs, adrift, squares):
    """Fly one arc and note, after each period of `marks` (k,): errors (k, STATES), covs (k, STATES, STATES) of the
    relative filter, turns (k, 9), turn_covs (k, 9, 9) of the attitude of the star tracker's axes, adrift (k,) whether
    the station is held to be; squares (SENSORS, 2): sum and number of the normalised squares.
    """
    z, w = np.empty(6), np.empty(3)
    normals(draws, 0, z)
    phases = z.copy()
    phase = np.empty(6)
    normals(draws, 6, phase)
    a, e, incline = 6.771e6, 1.0e-3, 0.7243
    n = math.sqrt(MU_EARTH / a**3)
    speed = n * a * math.sqrt((1 - e) / (1 + e))
    rt = np.array([a * (1 + e), 0.0, 0.0])
    vt = np.array([0.0, speed * math.cos(incline), speed * math.sin(incline)])
    rc, vc = rt.copy(), vt.copy()
    c = np.empty((3, 3))
    n = lvlh_axes(rt, vt, c)
    far = arc.start
    reach = aim.ring[0] - aim.port[0]
    d = np.array([-(reach + far), 0.02 * far, -0.03 * far])
    u = np.array([0.15 + arc.slope * far + n * d[2], 0.0, -n * d[0]])
    rc += c.T @ d
    vc += c.T @ u
    q, before, middle = np.empty(4), np.empty(4), np.empty(4)
    relative, station, increments = np.empty(6), np.empty(6), np.zeros(9)
    health = np.ones(SENSORS, np.uint8)
    nothing, body = np.zeros(3), np.empty((3, 3))
    wander = np.zeros(6)
    _attitude(c, 0.0, arc.sway, phase, q)
    to_lvlh(rt, vt, rc, vc, relative[:3], relative[3:])
    _oscillation(0.0, arc.rate, phases, arc.station, station)
    w[:] = 0.0
    reset(sensors, filter_model, stream, nav)
    actual = _truth(c, n, relative, q, w, station, increments)
    known = navigate(0, DT, actual, sensors, filter_model, aim, health, stream, nav)
    if known != OK:
        errors[:] = math.nan
        return
    mark, true, small4 = 0, nav.readings, np.empty(4)
    tracker = true.mount[TRACKER]
    for k in range(1, arc.periods + 1):
        if k == arc.lost:
            for i in range(SENSORS):
                health[i] = 1 - arc.dead[i]
        # Steered by the truth along a glide, with Hill's terms fed forward and a thruster's scatter.
        normals(draws, 6 * (k + 2), z)
        gone = -relative[0] - reach
        command = np.array([0.15 + arc.slope * max(gone, 0.0), 0.0, 0.0])
        demand = np.empty(3)
        for i in range(3):
            demand[i] = 0.1 * (command[i] - relative[3 + i]) + 0.002 * z[i]
        demand[1] -= 0.003 * relative[1]
        demand[2] -= 0.003 * relative[2] + 3.0 * n * n * relative[2] - 2.0 * n * relative[3]
        demand[0] -= 2.0 * n * relative[5]
        strength = math.sqrt(demand[0] ** 2 + demand[1] ** 2 + demand[2] ** 2)
        on = min(max(strength / STRONGEST, 0.04), 1.0) * DT
        push = c.T @ (demand * (min(strength, STRONGEST) * DT / on / strength))
        _fly(rc, vc, push, on)
        _fly(rc, vc, nothing, DT - on + 1.0e-300)
        before[:] = q
        t = k * DT
        old = c.copy()
        _fly(rt, vt, nothing, on)
        _fly(rt, vt, nothing, DT - on + 1.0e-300)
        n = lvlh_axes(rt, vt, c)
        _attitude(c, t, arc.sway, phase, q)
        _attitude(0.5 * (old + c), t - 0.5 * DT, arc.sway, phase, middle)
        _turn(before, q, increments[3:6])
        w[:] = increments[3:6] / DT
        to_body(middle, body)
        increments[:3] = body @ push * on
        increments[6:] = increments[:3] * (DT - 0.5 * on)
        to_lvlh(rt, vt, rc, vc, relative[:3], relative[3:])
        _oscillation(t, arc.rate, phases, arc.station, station)
        _shake(wander, arc.rate, arc.noise * math.sqrt(DT) * z[3:])
        station += wander
        if k > arc.lost >= 0 and arc.spin != 0.0:
            station[1] += arc.spin * (k - arc.lost) * DT
            station[4] += arc.spin
        actual = _truth(c, n, relative, q, w, station, increments)
        navigate(k, DT, actual, sensors, filter_model, aim, health, stream, nav)
        for i in range(SENSORS):
            if nav.readings.fresh[i]:
                squares[i, 0] += abs(nav.square[i])
                squares[i, 1] += 1.0
        if mark < marks.shape[0] and marks[mark] == k:
            x = nav.relative.x
            for i in range(6):
                errors[mark, i] = relative[i] - x[i]
            small = -x[6:9]
            compose(station[:3], small)
            for i in range(3):
                errors[mark, 6 + i] = small[i]
                errors[mark, 9 + i] = station[3 + i] - x[9 + i]
                errors[mark, 12 + i] = true.bias[i] - x[12 + i]
                for first, sensor in ((CAMERA_MOUNT, CAMERA), (LIDAR_MOUNT, LIDAR), (RADAR_MOUNT, RADAR)):
                    errors[mark, first + i] = true.mount[sensor, i] + tracker[i] - x[first + i]
                errors[mark, CAMERA_OFFSET + i] = true.offset[CAMERA, i] - x[CAMERA_OFFSET + i]
                errors[mark, GNSS_OFFSET + i] = true.offset[GNSS, i] - x[GNSS_OFFSET + i]
                turns[mark, 3 + i] = true.bias[3 + i] - nav.attitude.bias[i]
                turns[mark, 6 + i] = true.mount[GYRO, i] + tracker[i] - nav.attitude.mount[i]
            errors[mark, LIDAR_RANGE] = true.offset[LIDAR, 0] - x[LIDAR_RANGE]
            errors[mark, RADAR_RANGE] = true.offset[RADAR, 0] - x[RADAR_RANGE]
            covs[mark] = nav.relative.cov
            turned_by(q, tracker[0], tracker[1], tracker[2], small4, middle)  # the tracker's axes
            _turn(nav.attitude.q, middle, turns[mark, :3])
            turn_covs[mark] = nav.attitude.cov
            adrift[mark] = nav.watch[1]
            mark += 1


class Flown(NamedTuple):
    errors: np.ndarray
    covs: np.ndarray
    turns: np.ndarray
    turn_covs: np.ndarray
    adrift: np.ndarray
    squares: np.ndarray


def many(arc, sensors, filter_model, aim, runs, marks, stream_of) -> Flown:
    """Fly an arc `runs` times; stream_of(run, name) is its random stream."""
    marks = np.array(marks, dtype=np.int64)
    k = marks.size
    out = Flown(
        errors=np.zeros((runs, k, STATES)),
        covs=np.zeros((runs, k, STATES, STATES)),
        turns=np.zeros((runs, k, 9)),
        turn_covs=np.zeros((runs, k, 9, 9)),
        adrift=np.zeros((runs, k)),
        squares=np.zeros((runs, SENSORS, 2)),
    )
    nav = filter_state()
    for run in range(runs):
        fly(
            arc,
            sensors,
            filter_model,
            aim,
            stream_of(run, "navigation"),
            stream_of(run, "approach"),
            marks,
            nav,
            out.errors[run],
            out.covs[run],
            out.turns[run],
            out.turn_covs[run],
            out.adrift[run],
            out.squares[run],
        )
    return out
