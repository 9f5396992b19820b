"""Entry of a lifting capsule, three degrees of freedom, under a numerical predictor-corrector.

Guidance after Lu, J. Guid. Control Dyn. 37 (2014) 713-728: the bank angle is linear in energy, its start is solved so
that the predicted range is right; the side is reversed by a cross-range dead-band. The predictor flies the same
equations to the same end (an altitude), with a coarser step and field.
"""

import math

import numpy as np
from numba import njit

from kernels.constants import G0, OMEGA_EARTH
from kernels.forces import acceleration, air_at, scratch
from kernels.vectors import cross, dot, norm

OPENED = 0
SKIPPED_OUT = 1
TIMED_OUT = 2

ON_ALTITUDE = 0.01  # m, within which the opening altitude counts as reached
REVERSAL_SPEED = 1000.0  # m/s through the air; below it the lift no longer turns the path enough to matter
GUIDANCE_CYCLE = 4.0  # s between two solutions of the schedule
GUIDED_LOAD = 0.05  # g; below it there is no air to steer by
GUIDED_SPEED = 1500.0  # m/s through the air; below it the schedule is kept as last solved
RANGE_SOLVED = 300.0  # m of predicted miss ahead, at which the secant stops
TRIAL_STEP = 0.05  # rad from the first trial of the secant to the second
LARGEST_STEP = 0.35  # rad, of the secant at once
LEAST_BANK, MOST_BANK = 0.1, 1.75  # rad, between which the start of the schedule is sought
SIDE_BAND = 3000.0  # m of cross-range that is left alone when slow ...
SIDE_BAND_FAST = 45000.0  # m, and that much more at SIDE_SPEED, by the square of the speed
SIDE_SPEED = 7800.0  # m/s
SKIP_ALTITUDE = 130000.0  # m; a capsule that climbs above it does not come back on this pass
SUTTON_GRAVES = 1.7415e-4  # kg^0.5/m, Earth: Sutton & Graves, NASA TR R-376 (1971)


@njit(cache=True)
def entry_derivative(t, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, dy, extra):
    """Right-hand side for y = (r, v) (6,). `bank` rad, positive to the right of the flight path.

    extra (6,): height m, air speed m/s, dynamic pressure Pa, load g, heat flux W/m2, specific energy J/kg.
    Lift l0 = unit(r - (r.v)v) lifted up, turned about the air velocity by the bank: a symmetric capsule,
    docs/physics.md 10.3.
    """
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    a = work.vectors[4]
    flow = work.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    q = 0.5 * rho * speed * speed
    drag = q * capsule.cda * drag_scale / mass
    lift = q * capsule.cla * lift_scale / mass
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    e0, e1, e2 = flow[0] / speed, flow[1] / speed, flow[2] / speed
    u0, u1, u2 = y[0] / r, y[1] / r, y[2] / r
    s = u0 * e0 + u1 * e1 + u2 * e2
    l0, l1, l2 = u0 - s * e0, u1 - s * e1, u2 - s * e2
    n = math.sqrt(l0 * l0 + l1 * l1 + l2 * l2)
    l0, l1, l2 = l0 / n, l1 / n, l2 / n
    # To the right of the path: v x l0.
    p0, p1, p2 = e1 * l2 - e2 * l1, e2 * l0 - e0 * l2, e0 * l1 - e1 * l0
    cb = lift * math.cos(bank)
    sb = lift * math.sin(bank)
    dy[0], dy[1], dy[2] = y[3], y[4], y[5]
    dy[3] = a[0] - drag * e0 + cb * l0 + sb * p0
    dy[4] = a[1] - drag * e1 + cb * l1 + sb * p1
    dy[5] = a[2] - drag * e2 + cb * l2 + sb * p2
    extra[0] = height
    extra[1] = speed
    extra[2] = q
    extra[3] = math.sqrt(drag * drag + lift * lift) / G0
    extra[4] = SUTTON_GRAVES * math.sqrt(rho / capsule.nose) * speed**3
    extra[5] = forces.gravity.mu / r - 0.5 * (y[3] ** 2 + y[4] ** 2 + y[5] ** 2)


@njit(cache=True)
def bank_schedule(energy, e0, e1, start, end):
    """Bank magnitude, linear in the specific energy from `start` at e0 to `end` at e1 (all rad, J/kg)."""
    w = min(max((energy - e0) / (e1 - e0), 0.0), 1.0)
    return start + w * (end - start)


@njit(cache=True)
def ground_direction(y, c, out):
    """Earth-fixed unit vector under a craft: y (6,) GCRS, c rotation to Earth-fixed axes, out (3,)."""
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    for i in range(3):
        out[i] = (c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]) / r


@njit(cache=True)
def cross_range(y, target, c, pole_rate):
    """How far the target lies to the right of the ground track flown now, m (its great circle, Earth-fixed)."""
    wind = cross(pole_rate, y[:3])
    p = np.empty(3)
    d = np.empty(3)
    for i in range(3):
        p[i] = c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]
        d[i] = c[i, 0] * (y[3] - wind[0]) + c[i, 1] * (y[4] - wind[1]) + c[i, 2] * (y[5] - wind[2])
    right = cross(d, p)
    radius = norm(target)
    return radius * math.asin(dot(target, right) / (norm(right) * radius))


@njit(cache=True)
def miss_from(start, end, target, out):
    """Where the target lies from `end`, seen along the great circle from `start` to the target: ahead m, right m.

    start, end (3,) Earth-fixed unit vectors, target (3,) m. The heading at the end would not do as a reference: under
    the last kilometres of fall it may point anywhere.
    """
    radius = norm(target)
    to = target / radius
    normal = cross(start, to)
    normal = normal / norm(normal)
    along = cross(normal, start)
    out[0] = radius * (math.atan2(dot(to, along), dot(to, start)) - math.atan2(dot(end, along), dot(end, start)))
    out[1] = radius * math.asin(dot(end, normal))


@njit(cache=True)
def wanted_side(side, offset, speed):
    """The side to bank to: kept until the target lies further to the other side than the dead-band allows."""
    band = SIDE_BAND + SIDE_BAND_FAST * (speed / SIDE_SPEED) ** 2
    if offset > band:
        return 1.0
    if offset < -band:
        return -1.0
    return side


@njit(cache=True)
def keep_node(count, t, y, dy, mass, extra, bank, start, nodes, extras):
    """Write row `count` of nodes and extras, where there is room; the number of rows written so far."""
    if count >= nodes.shape[0]:
        return count
    nodes[count, 0] = t
    nodes[count, 1:7] = y
    nodes[count, 7:10] = dy[3:6]
    nodes[count, 10] = mass
    extras[count, :6] = extra
    extras[count, 6] = bank
    extras[count, 7] = start
    return count + 1


@njit(cache=True)
def fly_entry(
    t,
    y,
    mass,
    capsule,
    forces,
    coarse,
    target,
    open_at,
    start,
    end,
    e1,
    guided,
    dt,
    limit,
    side,
    lift_scale,
    drag_scale,
    work,
    nodes,
    extras,
    state,
):
    """Fly y (6,) in place down to the height `open_at`, guided (1) or on a fixed bank schedule with reversals (0).

    target (3,) Earth-fixed m; start, end bank rad, linear in energy up to e1; `coarse` the predictor's force model
    side +1 or -1 at the start; lift_scale, drag_scale what the real capsule does against the nominal one
    nodes (capacity, 11), extras (capacity, 8: the six of `entry_derivative`, bank, solved start of the schedule) out
    state (4,) out: time, ahead m and right m of the target at the end, largest load g
    Returns (status, nodes written).
    """
    k = np.empty((4, 6))
    z = np.empty(6)
    extra = np.empty(6)
    miss = np.empty(2)
    trial = np.empty(4)
    ahead_y = np.empty(6)
    begin = t
    begin_at = np.empty(3)
    there = np.empty(3)
    entry_derivative(t, y, 0.0, mass, capsule, forces, lift_scale, drag_scale, work, k[0], extra)
    ground_direction(y, work.c, begin_at)
    count = 0
    bank = side * start
    e0 = -1.0e99
    next_guidance = t
    largest = 0.0
    status = TIMED_OUT
    while t - begin < limit:
        entry_derivative(t, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[0], extra)
        if e0 < -1.0e98:
            e0 = extra[5]
        largest = max(largest, extra[3])
        if extra[0] <= open_at + ON_ALTITUDE:
            status = OPENED
            break
        if extra[0] > SKIP_ALTITUDE and dot(y[:3], y[3:6]) > 0.0:
            status = SKIPPED_OUT
            break
        pole_rate = OMEGA_EARTH * work.row[6:9]
        if extra[1] > REVERSAL_SPEED:
            side = wanted_side(side, cross_range(y, target, work.c, pole_rate), extra[1])
        if guided == 1 and t >= next_guidance - 1.0e-9 and extra[3] > GUIDED_LOAD and extra[1] > GUIDED_SPEED:
            # Secant on the start of the schedule from here on: two trials, then at most three more.
            e_now = extra[5]
            a0 = start
            a1 = start + TRIAL_STEP
            m0 = 0.0
            for trial_no in range(5):
                a = a0 if trial_no == 0 else a1
                ahead_y[:] = y
                finish = end if end > a else a
                fly_predict(
                    t,
                    ahead_y,
                    mass,
                    capsule,
                    coarse,
                    target,
                    open_at,
                    a,
                    finish,
                    e_now,
                    e1,
                    side,
                    work,
                    trial,
                    k,
                    z,
                    extra,
                    miss,
                )
                if trial_no == 0:
                    m0 = trial[1]
                    if abs(m0) < RANGE_SOLVED:
                        break
                    continue
                m1 = trial[1]
                if abs(m1 - m0) < 1.0 or abs(m1) < RANGE_SOLVED:
                    a0 = a1
                    break
                step = -m1 * (a1 - a0) / (m1 - m0)
                a0, m0 = a1, m1
                a1 = min(max(a1 + min(max(step, -LARGEST_STEP), LARGEST_STEP), LEAST_BANK), MOST_BANK)
            start = a0
            end = max(end, a0)
            e0 = e_now
            next_guidance = t + GUIDANCE_CYCLE
            entry_derivative(t, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[0], extra)
        wish = side * bank_schedule(extra[5], e0, e1, start, end)
        turn = capsule.bank_rate * dt
        bank += min(max(wish - bank, -turn), turn)
        # The step's first stage and the stored node feel the bank that is now held, not the one before.
        entry_derivative(t, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[0], extra)
        count = keep_node(count, t, y, k[0], mass, extra, bank, start, nodes, extras)
        # The last step is cut so that it ends on the opening altitude.
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        h = dt
        if sink > 0.0:
            h = min(dt, max((extra[0] - open_at) / sink, 1.0e-4))
        entry_step(t, h, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, k, z, extra)
        t += h
    count = keep_node(count, t, y, k[0], mass, extra, bank, start, nodes, extras)
    ground_direction(y, work.c, there)
    miss_from(begin_at, there, target, miss)
    state[0] = t
    state[1] = miss[0]
    state[2] = miss[1]
    state[3] = largest
    return status, count


@njit(cache=True)
def entry_step(t, h, y, bank, mass, capsule, forces, lift_scale, drag_scale, work, k, z, extra):
    """One classical Runge-Kutta step of y (6,) in place; k[0] must hold the derivative at t."""
    for j in range(6):
        z[j] = y[j] + 0.5 * h * k[0, j]
    entry_derivative(t + 0.5 * h, z, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[1], extra)
    for j in range(6):
        z[j] = y[j] + 0.5 * h * k[1, j]
    entry_derivative(t + 0.5 * h, z, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[2], extra)
    for j in range(6):
        z[j] = y[j] + h * k[2, j]
    entry_derivative(t + h, z, bank, mass, capsule, forces, lift_scale, drag_scale, work, k[3], extra)
    for j in range(6):
        y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])


@njit(cache=True)
def fly_predict(t, y, mass, capsule, coarse, target, open_at, start, end, e0, e1, side, work, state, k, z, extra, miss):
    """The predictor: the nominal capsule on the schedule with reversals, two-second steps, to the height `open_at`.

    The bank follows its command at once. state (4,) as in `fly_entry`, the miss seen from the predictor's start.
    """
    h = 2.0
    largest = 0.0
    begin_at = np.empty(3)
    there = np.empty(3)
    for pass_no in range(1000):
        entry_derivative(t, y, 0.0, mass, capsule, coarse, 1.0, 1.0, work, k[0], extra)
        if pass_no == 0:
            ground_direction(y, work.c, begin_at)
        largest = max(largest, extra[3])
        if extra[0] <= open_at + ON_ALTITUDE or (extra[0] > SKIP_ALTITUDE and dot(y[:3], y[3:6]) > 0.0):
            break
        if extra[1] > REVERSAL_SPEED:
            side = wanted_side(side, cross_range(y, target, work.c, OMEGA_EARTH * work.row[6:9]), extra[1])
        bank = side * bank_schedule(extra[5], e0, e1, start, end)
        entry_derivative(t, y, bank, mass, capsule, coarse, 1.0, 1.0, work, k[0], extra)
        if extra[1] < 400.0:
            h = 1.0
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        if sink > 0.0:
            h = min(h, max((extra[0] - open_at) / sink, 1.0e-4))
        entry_step(t, h, y, bank, mass, capsule, coarse, 1.0, 1.0, work, k, z, extra)
        t += h
    ground_direction(y, work.c, there)
    miss_from(begin_at, there, target, miss)
    state[0] = t
    state[1] = miss[0]
    state[2] = miss[1]
    state[3] = largest


@njit(cache=True)
def predict_from(t, y, mass, capsule, coarse, target, open_at, start, end, e1, side, state):
    """`fly_predict` with work space of its own: what deorbit planning calls. y (6,) in place, state (4,) out."""
    work = scratch()
    k = np.empty((4, 6))
    z = np.empty(6)
    extra = np.empty(6)
    miss = np.empty(2)
    entry_derivative(t, y, 0.0, mass, capsule, coarse, 1.0, 1.0, work, k[0], extra)
    fly_predict(
        t, y, mass, capsule, coarse, target, open_at, start, end, extra[5], e1, side, work, state, k, z, extra, miss
    )
    return extra[0]
