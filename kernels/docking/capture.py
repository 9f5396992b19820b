"""From contact to one body: capture and damping, retraction, hard mate; a bounce; and separation by pushers.

Records, states and frames are those of kernels/docking/contact.py. Simple on purpose: inside the box the latches are
taken to close at the touch, so that the springs pull as well as push; the guide petals are the springs across and about
the axis, linear and without friction or play; the axial spring has no end: whether its stroke sufficed is for the
reader.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.craft.attitude import to_body
from kernels.docking.contact import PAIR, apply, relation, scratch, spring_load
from kernels.maths.vectors import copy

DAMPED = 0
STILL_MOVING = 1
# Columns of a history: s, m, m, m/s, rad, rad/s, N, N, N m, J, J.
T, STROKE, OFFSET, SPEED, ANGLE, TURNING, AXIAL, SIDE, TORQUE, ENERGY, HEAT = range(11)
COLUMNS = 11
# Greatest of each: axial force that presses and that pulls, force across, torque (N, N m); stroke pressed in (m).
PRESSED, PULLED, ACROSS, TWISTED, DEEPEST = range(5)
PEAKS = 5


class _Motor(NamedTuple):
    """Motion of the axial spring's end by the motor: `travel` m over `duration` s, smoothly; 0 and 0: it stands."""

    travel: float
    duration: float


class _Run(NamedTuple):
    """Steps of `step` s up to `limit` s, or until it is damped where `until_damped`; every so many a row is written."""

    step: float
    limit: float
    until_damped: bool
    every: int


@njit(cache=True)
def programme(t, duration, travel):
    """Position, m, and speed of the axial spring's end, driven by the motor: from 0 to `travel`, smooth at both."""
    if duration <= 0.0:
        return 0.0, 0.0
    s = min(max(t / duration, 0.0), 1.0)
    return travel * s * s * s * (10.0 + s * (6.0 * s - 15.0)), travel / duration * 30.0 * s * s * (1.0 - s) * (1.0 - s)


@njit(cache=True, error_model="numpy")
def energy(y, ship, station):
    """Kinetic energy of the pair about its common centre of mass, J."""
    total, pair = 0.0, ship.mass * station.mass / (ship.mass + station.mass)
    for i in range(3):
        apart = y[3 + i] - y[16 + i]
        total += 0.5 * pair * apart * apart
        for j in range(3):
            total += 0.5 * ship.inertia[i, j] * y[10 + i] * y[10 + j]
            total += 0.5 * station.inertia[i, j] * y[23 + i] * y[23 + j]
    return total


@njit(cache=True, error_model="numpy")
def _held(t, y, ship, station, mechanism, motor, work, dy):
    """Right-hand side with the two rings held by the mechanism; returns the energy stored in its springs, J."""
    relation(y, ship, station, work, work.rel)
    rest, rest_rate = programme(t, motor.duration, motor.travel)
    heat, stored = spring_load(work, mechanism, rest, rest_rate)
    dy[26], dy[27] = heat, work.load[0] * rest_rate
    apply(y, ship, station, work, dy)
    return stored


@njit(cache=True)
def _along(rel, i, aside):
    """Place (i = 0) or speed (i = 3) along the port's x of the point `aside` (2,) m from the ring's centre."""
    return rel[i] + rel[i + 7] * aside[1] - rel[i + 8] * aside[0]


@njit(cache=True, error_model="numpy")
def _separating(y, ship, station, start, force, stroke, aside, work, dy):
    """Right-hand side with pushers at work, which have `force` N at `start` m and none after `stroke` m more."""
    relation(y, ship, station, work, work.rel)
    gone = start - _along(work.rel, 0, aside)
    load = work.load
    load[:] = 0.0
    load[0] = -force * max(1.0 - gone / stroke, 0.0)
    load[4], load[5] = aside[1] * load[0], -aside[0] * load[0]
    dy[26], dy[27] = 0.0, 0.0
    apply(y, ship, station, work, dy)
    return 0.5 * stroke * force * max(1.0 - gone / stroke, 0.0) ** 2


@njit(cache=True)
def _after(y, h, k, z):
    for i in range(PAIR):
        z[i] = y[i] + h * k[i]


@njit(cache=True)
def _step(y, h, k):
    """The sum of a classical Runge-Kutta step from its four stages, and quaternions of length one."""
    for i in range(PAIR):
        y[i] += h / 6.0 * (k[0, i] + 2.0 * k[1, i] + 2.0 * k[2, i] + k[3, i])
    for start in (6, 19):
        q = y[start : start + 4]
        length = math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
        for i in range(4):
            q[i] /= length


@njit(cache=True, error_model="numpy")
def _write_row(t, y, ship, station, stored, work, row):
    rel, load = work.rel, work.load
    row[T], row[STROKE], row[OFFSET] = t, rel[0], math.hypot(rel[1], rel[2])
    row[SPEED] = math.sqrt(rel[3] * rel[3] + rel[4] * rel[4] + rel[5] * rel[5])
    row[ANGLE] = math.sqrt(rel[6] * rel[6] + rel[7] * rel[7] + rel[8] * rel[8])
    row[TURNING] = math.sqrt(rel[9] * rel[9] + rel[10] * rel[10] + rel[11] * rel[11])
    row[AXIAL], row[SIDE] = -load[0], math.hypot(load[1], load[2])
    row[TORQUE] = math.sqrt(load[3] * load[3] + load[4] * load[4] + load[5] * load[5])
    row[ENERGY], row[HEAT] = energy(y, ship, station) + stored, y[26]


@njit(cache=True)
def _raise(row, peaks):
    peaks[PRESSED] = max(peaks[PRESSED], row[AXIAL])
    peaks[PULLED] = max(peaks[PULLED], -row[AXIAL])
    peaks[ACROSS] = max(peaks[ACROSS], row[SIDE])
    peaks[TWISTED] = max(peaks[TWISTED], row[TORQUE])
    peaks[DEEPEST] = max(peaks[DEEPEST], row[STROKE])


@njit(cache=True, error_model="numpy", nogil=True)
def _hold(y, ship, station, mechanism, motor, run, history, peaks):
    work, k, z, row = scratch(), np.zeros((4, PAIR)), np.empty(PAIR), np.empty(COLUMNS)
    settled, dt = mechanism.settled, run.step
    n, rows = math.ceil(run.limit / dt - 1.0e-9), 0
    status, t = STILL_MOVING, 0.0
    for i in range(n + 1):
        t = i * dt
        stored = _held(t, y, ship, station, mechanism, motor, work, k[0])
        _write_row(t, y, ship, station, stored, work, row)
        _raise(row, peaks)
        rest = programme(t, motor.duration, motor.travel)[0]
        near = math.hypot(row[STROKE] - rest, row[OFFSET])
        still = row[SPEED] < settled[0] and near < settled[1] and row[TURNING] < settled[2] and row[ANGLE] < settled[3]
        last = i == n or (run.until_damped and still)
        if rows < history.shape[0] and (i % run.every == 0 or last):
            history[rows] = row
            rows += 1
        if last:
            status = DAMPED if still else STILL_MOVING
            break
        _after(y, 0.5 * dt, k[0], z)
        _held(t + 0.5 * dt, z, ship, station, mechanism, motor, work, k[1])
        _after(y, 0.5 * dt, k[1], z)
        _held(t + 0.5 * dt, z, ship, station, mechanism, motor, work, k[2])
        _after(y, dt, k[2], z)
        _held(t + dt, z, ship, station, mechanism, motor, work, k[3])
        _step(y, dt, k)
    return status, t, rows


@njit(cache=True, error_model="numpy", nogil=True)
def soft_capture(y, ship, station, mechanism, dt, limit, every, history, peaks):
    """From the touch y (28,), in place, until the mechanism has damped the relative motion, or `limit` s have gone.

    history (capacity, COLUMNS) out: every so many steps of dt s, and the last, until the array is full; peaks (PEAKS,)
    are raised where this goes higher. Returns (DAMPED or STILL_MOVING, seconds from the touch, rows written). Classical
    Runge-Kutta: 0.05 s are 0.05 rad of the axial spring and err by 1e-6 of its force.
    """
    motor = _Motor(travel=0.0, duration=0.0)
    run = _Run(step=dt, limit=limit, until_damped=True, every=every)
    return _hold(y, ship, station, mechanism, motor, run, history, peaks)


@njit(cache=True, error_model="numpy", nogil=True)
def retract(y, ship, station, mechanism, travel, duration, dt, every, history, peaks):
    """The motor draws the captured ring in by `travel` m over `duration` s, smoothly, and the ship follows; as
    above."""
    motor = _Motor(travel=travel, duration=duration)
    run = _Run(step=dt, limit=duration, until_damped=False, every=every)
    return _hold(y, ship, station, mechanism, motor, run, history, peaks)


@njit(cache=True, error_model="numpy", nogil=True)
def push_off(y, ship, station, force, stroke, aside, dt, history, peaks):
    """Spring pushers separate the ship, y (28,) in place, over their stroke; return (seconds, rows of history).

    `force` N falls in a straight line to nothing over `stroke` m; their line passes the ring's centre `aside` (2,) m, y
    and z of the docking frame. The separated mass leaves with force * stroke / 2 = m v^2 / 2, `held_mass` being m. The
    last step is shortened so that it ends where they end, or after a second if the motion stops.
    """
    work, k, z, row = scratch(), np.zeros((4, PAIR)), np.empty(PAIR), np.empty(COLUMNS)
    relation(y, ship, station, work, work.rel)
    start, t, rows = _along(work.rel, 0, aside), 0.0, 0
    while True:
        stored = _separating(y, ship, station, start, force, stroke, aside, work, k[0])
        _write_row(t, y, ship, station, stored, work, row)
        _raise(row, peaks)
        left, leaving = stroke - start + _along(work.rel, 0, aside), -_along(work.rel, 3, aside)
        if rows < history.shape[0]:
            history[rows] = row
            rows += 1
        if left <= 1.0e-9 or t > 1.0e3 * dt:
            return t, rows
        h = dt if left > leaving * dt else left / leaving
        _after(y, 0.5 * h, k[0], z)
        _separating(z, ship, station, start, force, stroke, aside, work, k[1])
        _after(y, 0.5 * h, k[1], z)
        _separating(z, ship, station, start, force, stroke, aside, work, k[2])
        _after(y, h, k[2], z)
        _separating(z, ship, station, start, force, stroke, aside, work, k[3])
        _step(y, h, k)
        t += h


@njit(cache=True, error_model="numpy")
def _knock(y, ship, station, aside, work, change):
    """Fill change (28,): the velocity changes by an impulse of 1 N s along the port's x; return it for the rings there.

    Rates are linear in the load: with it less without it, the gyroscopic terms are gone.
    """
    without = np.zeros(PAIR)
    relation(y, ship, station, work, work.rel)
    closing = _along(work.rel, 3, aside)
    work.load[:] = 0.0
    apply(y, ship, station, work, without)
    relation(y, ship, station, work, work.rel)
    work.load[0], work.load[4], work.load[5] = 1.0, aside[1], -aside[0]
    apply(y, ship, station, work, change)
    z = y.copy()
    for i in range(PAIR):
        moves = 3 <= i < 6 or 10 <= i < 13 or 16 <= i < 19 or 23 <= i < 26
        change[i] = change[i] - without[i] if moves else 0.0
        z[i] += change[i]
    relation(z, ship, station, work, work.rel)
    return _along(work.rel, 3, aside) - closing


@njit(cache=True, error_model="numpy")
def held_mass(y, ship, station, aside):
    """Effective mass, kg, of a force along the port's axis at the rings: below the reduced mass, as both bodies
    turn."""
    return 1.0 / _knock(y, ship, station, aside, scratch(), np.zeros(PAIR))


@njit(cache=True, error_model="numpy")
def bounce(y, ship, station, restitution):
    """A contact without capture: y (28,) in place leaves with `restitution` of its closing speed; return the N s.

    One impulse between the rings' centres along the port's axis, without friction: the point of contact is not known.
    A pair that is not closing is not changed.
    """
    work, change = scratch(), np.zeros(PAIR)
    answer = _knock(y, ship, station, np.zeros(2), work, change)
    relation(y, ship, station, work, work.rel)
    if work.rel[3] <= 0.0:
        return 0.0
    blow = -(1.0 + restitution) * work.rel[3] / answer
    for i in range(PAIR):
        y[i] += blow * change[i]
    return -blow


@njit(cache=True, error_model="numpy")
def hard_mate(y, ship, station, place, rate, inertia):
    """The hooks close: one body with the momentum of both; return the energy, J, that the closing takes.

    place (6,) out: r and v of the common centre of mass, inertial; rate (3,) rad/s and inertia (3, 3) kg m2 about it,
    in the station's body axes. The two are joined as they stand.
    """
    c, d = np.empty((3, 3)), np.empty((3, 3))
    to_body(y[6:10], c)
    to_body(y[19:23], d)
    turn = np.dot(d, c.T)  # the ship's body components to the station's
    total = ship.mass + station.mass
    for i in range(6):
        place[i] = (ship.mass * y[i] + station.mass * y[13 + i]) / total
    copy(turn @ ship.inertia @ turn.T + station.inertia, inertia)
    pair = ship.mass * station.mass / total
    apart, moving = d @ (y[0:3] - y[13:16]), d @ (y[3:6] - y[16:19])
    for i in range(3):
        inertia[i, i] += pair * (apart[0] ** 2 + apart[1] ** 2 + apart[2] ** 2)
        for j in range(3):
            inertia[i, j] -= pair * apart[i] * apart[j]
    momentum = turn @ (ship.inertia @ y[10:13]) + station.inertia @ y[23:26]
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        momentum[i] += pair * (apart[j] * moving[k] - apart[k] * moving[j])
    copy(np.linalg.solve(inertia, momentum), rate)
    after = 0.5 * (rate[0] * momentum[0] + rate[1] * momentum[1] + rate[2] * momentum[2])
    return energy(y, ship, station) - after
