"""A craft with thrusters near a station, in six degrees of freedom: one control period at a time.

Translation is the inertial difference rho of the craft from the station's path, rho'' = a(r + rho) - a(r) + thrust with
two full accelerations (kernels/orbit/forces.py; sunlight is left out). Between thrusts it changes over minutes, so one
pair in the middle of a period is enough (leapfrog: its relative error is (n dt)^2 / 24, 1e-8 at 0.5 s). Thrust and
attitude change within the period: they are flown from one switching-off to the next, so that no step sees a jump, and
the thrust turns with the body. All pulses are commanded with the period and burn `lag` s late: thrust rises and falls
in straight lines, for which a rectangle from the middle of the rise to the middle of the fall stands, with the same
impulse at the same mean time (its displacement is off by dv rise / 24, 10 um for 20 mm/s). What burns over the end of
the period burns in the next one. The mass lies where it lay: the centre of mass and the inertia stay while the tanks
empty, and nothing sloshes. SI; rho inertial; body axes.

The small functions are inlined: passing the records from one to the next took two thirds of a period with five
switches (3.8 us, and 1.2 in line; benches/six_dof.py).

y (14,): rho m, rho' m/s, attitude quaternion (kernels/craft/attitude.py), rate rad/s in body axes, mass kg.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import euler, gradient
from kernels.orbit.forces import Scratch, acceleration, scratch
from kernels.orbit.path import interval, pace, place

TURN = 0.01  # rad, the largest turn in one step of the attitude: its error is some (TURN / 2)^5 / 120, 3e-14
MIN_THRUST = 1.0e-9  # N, N m: less than this is the rounding of a sum


@record
class RigidBody(NamedTuple):
    """inertia (3, 3) kg m2 and its inverse, body axes; cda m2, drag coefficient times area."""

    inertia: np.ndarray
    inverse: np.ndarray
    cda: float


class StationMotion(NamedTuple):
    """Attitude motion of the station about LVLH: oscillations of amplitude (3,) rad, period (3,) s and phase (3,) rad
    about its axes, and from `spin_from` s a steady turn of spin (3,) rad/s besides."""

    amplitude: np.ndarray
    period: np.ndarray
    phase: np.ndarray
    spin_from: float
    spin: np.ndarray


class StationPath(NamedTuple):
    """The station's path: nodes (k, 11), rows t, r, v, a, mass; cda m2, its drag coefficient times area."""

    nodes: np.ndarray
    cda: float


class RigidBodyWorkspace(NamedTuple):
    """Workspace of `fly_period`: forces' own, vectors, attitude stages, the switching-off times; and firing (2, m) s:
    for how long each thruster still burns from the last period, and for how long in this one after the lag."""

    scratch: Scratch
    vectors: np.ndarray
    k: np.ndarray
    now: np.ndarray
    z: np.ndarray
    sum: np.ndarray
    until: np.ndarray
    order: np.ndarray
    at: np.ndarray
    firing: np.ndarray


def rigid_body(inertia, cda=0.0) -> RigidBody:
    """A `RigidBody` of inertia (3, 3) kg m2 and cda m2."""
    inertia = np.array(inertia, dtype=np.float64)
    return RigidBody(inertia=inertia, inverse=np.linalg.inv(inertia), cda=float(cda))


def station_motion(amplitude=0.0, period=1.0, phase=0.0, spin_from=np.inf, spin=0.0) -> StationMotion:
    """A `StationMotion`; each of three may be one number. As it stands, a station at rest in LVLH."""
    three = [np.array(np.broadcast_to(np.asarray(x, dtype=np.float64), 3)) for x in (amplitude, period, phase, spin)]
    return StationMotion(amplitude=three[0], period=three[1], phase=three[2], spin_from=float(spin_from), spin=three[3])


@njit(cache=True)
def rigid_body_workspace(m):
    """A `RigidBodyWorkspace` for m thrusters."""
    return RigidBodyWorkspace(
        scratch=scratch(),
        vectors=np.zeros((6, 3)),
        k=np.zeros((4, 7)),
        now=np.zeros(7),
        z=np.zeros(7),
        sum=np.zeros(6),
        until=np.zeros(m),
        order=np.zeros(m, np.int64),
        at=np.zeros(2, np.int64),
        firing=np.zeros((2, m)),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def station_attitude(t, motion, out):
    """Fill out (6,) with the attitude of the station's body against LVLH, rad about x, y, z, and its rate, rad/s.

    Three turns that are added: good while all but one of them are small.
    """
    late = max(t - motion.spin_from, 0.0)
    for j in range(3):
        rate = 2.0 * math.pi / motion.period[j]
        out[j] = motion.amplitude[j] * math.sin(rate * t + motion.phase[j]) + motion.spin[j] * late
        out[3 + j] = motion.amplitude[j] * rate * math.cos(rate * t + motion.phase[j])
        if t >= motion.spin_from:
            out[3 + j] += motion.spin[j]


@njit(cache=True, error_model="numpy", _nrt=False)
def fly_period(t, dt, y, on, actual, craft, station, forces, work, increments):
    """Fly y (14,) in place from t to t + dt; increments (9,) out: the true gyro and accelerometer increments.

    on (m,) s: how long each thruster is on from t, at most dt; actual: `Thrusters` as they really are
    craft: `RigidBody`; station: `StationPath`; work: `RigidBodyWorkspace`
    increments: velocity change by thrust in the body axes of the middle, m/s; the turn of the body in the period as a
    rotation vector, rad, body axes; displacement by thrust at the end, m, in the body axes of the middle.
    """
    vectors, now, path = work.vectors, work.now, station.nodes
    rs, vs, r, v, a, push = vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5]
    middle = t + 0.5 * dt
    i = interval(middle, path[:, 0], work.at[0])
    work.at[0] = i
    rs[0], rs[1], rs[2] = place(middle, path, i)
    vs[0], vs[1], vs[2] = pace(middle, path, i)
    for j in range(3):
        r[j] = rs[j] + y[j] + 0.5 * dt * y[3 + j]
        v[j] = vs[j] + y[3 + j]
    for j in range(7):
        now[j] = y[6 + j]
    r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
    sag = forces.gravity.mu / (r2 * math.sqrt(r2))
    # increments: in the meantime velocity and displacement by thrust, inertial.
    mass = _pulses(dt, y[13], now, on, actual, craft, sag, 3.0 * sag / r2, work, increments)
    # A cubic's middle: where pulses have brought it by then.
    for j in range(3):
        r[j] += 0.5 * increments[3 + j] - 0.125 * dt * increments[j]
        v[j] += 0.5 * increments[j]
    acceleration(middle, rs, vs, forces, station.cda / path[i, 10], work.scratch, push)
    acceleration(middle, r, v, forces, craft.cda / mass, work.scratch, a)
    for j in range(3):
        pull = a[j] - push[j]
        y[j] += dt * y[3 + j] + increments[3 + j] + 0.5 * dt * dt * pull
        y[3 + j] += increments[j] + dt * pull
        push[j], r[j] = increments[j], increments[3 + j]
    _increments(y[6:10], now, push, r, increments)
    for j in range(7):
        y[6 + j] = now[j]
    y[13] = mass


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _pulses(dt, mass, now, on, actual, craft, sag, pull, work, gained):
    """Turn `now` (7,) through a period of pulses, commanded for on (m,) s, and return the mass that is left; gained
    (6,) out: velocity and displacement by thrust, inertial. Gravity: sag = mu/r^3, pull = 3 mu/r^5 in the middle of the
    period."""
    total, firing, lag = work.sum, work.firing, 0.0
    for j in range(on.shape[0]):
        firing[1, j] = min(on[j] + actual.longer, dt) if on[j] > 0.0 else 0.0
        if firing[0, j] + firing[1, j] > 0.0:
            lag = min(actual.lag, dt)  # a period without thrust needs no edge at the lag
    for j in range(6):
        gained[j] = 0.0
    for part in range(0 if lag > 0.0 else 1, 2):  # before and after the lag
        begin, stop = (0.0, lag) if part == 0 else (lag, dt)
        flow = _gather(stop - begin, firing[part], actual, work)
        count, start = work.at[1], begin
        for next_off in range(count + 1):
            end = begin + work.until[next_off] if next_off < count else stop
            if end > start:
                spin = max(abs(now[4]), abs(now[5]), abs(now[6]))
                steps = max(1, math.ceil((end - start) * spin / TURN))
                h = (end - start) / steps
                for step in range(steps):
                    _stretch(start + step * h - 0.5 * dt, h, mass, flow, now, craft, sag, pull, work, gained)
                    mass -= h * flow
                start = end
            if next_off < count:
                j = work.order[next_off]
                flow -= actual.flow[j]
                for k in range(6):
                    total[k] -= actual.wrench[k, j]
    for j in range(on.shape[0]):
        firing[0, j] = max(lag + firing[1, j] - dt, 0.0)
    return mass


@njit(cache=True, error_model="numpy", _nrt=False)
def _gather(dt, on, actual, work):
    """Sort the thrusters that are on by switching-off time; fill the sum of the wrenches, and return that of the
    flows."""
    count, flow = 0, 0.0
    for k in range(6):
        work.sum[k] = 0.0
    for j in range(on.shape[0]):
        if on[j] <= 0.0:
            continue
        until = min(on[j], dt)
        place_of = count
        while place_of > 0 and work.until[place_of - 1] > until:
            work.until[place_of], work.order[place_of] = work.until[place_of - 1], work.order[place_of - 1]
            place_of -= 1
        work.until[place_of], work.order[place_of] = until, j
        count += 1
        flow += actual.flow[j]
        for k in range(6):
            work.sum[k] += actual.wrench[k, j]
    work.at[1] = count
    return flow


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _rate(t, y, craft, sag, pull, work, dy):
    """Fill dy (7,) for attitude and rate y (7,) at t s from the middle of the period, where r, v are the craft's."""
    r, v, total = work.vectors[2], work.vectors[3], work.sum
    c = 1.0 - 0.5 * t * t * sag
    p, q, s = gradient(y, craft.inertia, pull, c * r[0] + t * v[0], c * r[1] + t * v[1], c * r[2] + t * v[2])
    euler(y, craft.inertia, craft.inverse, total[3] + p, total[4] + q, total[5] + s, dy)


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _stretch(t, h, mass, flow, now, craft, sag, pull, work, gained):
    """One Runge-Kutta step of the attitude `now` (7,) from t, s from the period's middle, under the constant wrench
    work.sum, and the effect of its force."""
    k, z, force = work.k, work.z, work.sum
    thrust = abs(force[0]) + abs(force[1]) + abs(force[2]) > MIN_THRUST
    for j in range(3):
        gained[3 + j] += h * gained[j]
    # Simpson's rule for the thrust, which turns with the body and acts on the remaining mass: the displacement has
    # weights 1, 2, 0.
    c = h / 6.0
    if thrust:
        _push(now, c / mass, h * c / mass, force, gained)
    _rate(t, now, craft, sag, pull, work, k[0])
    for j in range(7):
        z[j] = now[j] + 0.5 * h * k[0, j]
    _rate(t + 0.5 * h, z, craft, sag, pull, work, k[1])
    for j in range(7):
        z[j] = now[j] + 0.5 * h * k[1, j]
    _rate(t + 0.5 * h, z, craft, sag, pull, work, k[2])
    for j in range(7):
        z[j] = now[j] + h * k[2, j]
    _rate(t + h, z, craft, sag, pull, work, k[3])
    if thrust:
        # The middle of the step by the same four slopes, to third order.
        for j in range(4):
            z[j] = now[j] + h / 24.0 * (5.0 * k[0, j] + 4.0 * (k[1, j] + k[2, j]) - k[3, j])
        halfway = mass - 0.5 * h * flow
        _push(z, 4.0 * c / halfway, 2.0 * h * c / halfway, force, gained)
    for j in range(7):
        now[j] += h / 6.0 * (k[0, j] + 2.0 * (k[1, j] + k[2, j]) + k[3, j])
    length = math.sqrt(now[0] * now[0] + now[1] * now[1] + now[2] * now[2] + now[3] * now[3])
    for j in range(4):
        now[j] /= length
    if thrust:
        _push(now, c / (mass - h * flow), 0.0, force, gained)


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _push(q, speed, displacement, force, gained):
    """Add to gained (6,) the force (3,) of the body, seen in inertial axes, times `speed` and times `displacement`."""
    x, y, z = turned(q[0], q[1], q[2], q[3], force[0], force[1], force[2])
    gained[0] += speed * x
    gained[1] += speed * y
    gained[2] += speed * z
    gained[3] += displacement * x
    gained[4] += displacement * y
    gained[5] += displacement * z


@njit(cache=True, error_model="numpy", _nrt=False)
def turned(x, y, z, w, a, b, c):
    """The vector (a, b, c) of the body in inertial axes: v + 2 u x (u x v + w v) for the attitude (u, w)."""
    p, s, t = y * c - z * b + w * a, z * a - x * c + w * b, x * b - y * a + w * c
    return a + 2.0 * (y * t - z * s), b + 2.0 * (z * p - x * t), c + 2.0 * (x * s - y * p)


@njit(cache=True, error_model="numpy", _nrt=False)
def _increments(before, now, change, displacement, increments):
    """Fill increments (9,): change (3,) of inertial velocity, the turn, displacement (3,); body axes half-way."""
    x0, y0, z0, w0 = -before[0], -before[1], -before[2], before[3]
    x, y, z, w = now[0], now[1], now[2], now[3]
    tx, ty, tz = w0 * x + x0 * w + y0 * z - z0 * y, w0 * y - x0 * z + y0 * w + z0 * x, w0 * z + x0 * y - y0 * x + z0 * w
    tw = w0 * w - x0 * x - y0 * y - z0 * z
    length = math.sqrt(tx * tx + ty * ty + tz * tz)
    scale = 2.0 * math.atan2(length, abs(tw)) / length if length > 0.0 else 2.0
    scale = scale if tw >= 0.0 else -scale
    increments[3], increments[4], increments[5] = scale * tx, scale * ty, scale * tz
    # Half-way stands the sum of both, brought to length; its opposite takes inertial components to body ones.
    sign = 1.0 if tw >= 0.0 else -1.0
    x, y, z, w = x * sign - x0, y * sign - y0, z * sign - z0, w * sign + w0
    length = math.sqrt(x * x + y * y + z * z + w * w)
    x, y, z, w = -x / length, -y / length, -z / length, w / length
    increments[0], increments[1], increments[2] = turned(x, y, z, w, change[0], change[1], change[2])
    increments[6], increments[7], increments[8] = turned(x, y, z, w, displacement[0], displacement[1], displacement[2])
