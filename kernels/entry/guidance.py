"""Guidance of an entry: the bank schedule, the side to bank to, and the predictor that solves where it comes down.

Guidance after Lu, J. Guid. Control Dyn. 37 (2014) 713-728: the bank angle is linear in energy, its start is solved so
that the predicted range is right; the side is reversed by a cross-range dead-band. The predictor flies the same
equations to the same end (an altitude), with a coarser step and field.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import OMEGA_EARTH
from kernels.entry.dynamics import EntryVehicle, banked_derivative, entry_air, entry_step, entry_workspace
from kernels.maths.vectors import copy, cross, dot, norm
from kernels.orbit.forces import scratch

ON_ALTITUDE = 0.01  # m, within which the opening altitude counts as reached
REVERSAL_SPEED = 1000.0  # m/s through the air; below it the lift no longer turns the path enough to matter
RANGE_SOLVED = 300.0  # m of predicted miss ahead, at which the secant stops
TRIAL_STEP = 0.05  # rad from the first trial of the secant to the second
LARGEST_STEP = 0.35  # rad, of the secant at once
MIN_BANK, MAX_BANK = 0.1, 1.75  # rad, between which the start of the schedule is sought
SIDE_BAND = 3000.0  # m of cross-range that is left alone when slow ...
SIDE_BAND_FAST = 45000.0  # m, and that much more at SIDE_SPEED, by the square of the speed
SIDE_SPEED = 7800.0  # m/s
SKIP_ALTITUDE = 130000.0  # m; a capsule that climbs above it does not come back on this pass


class BankSchedule(NamedTuple):
    """Bank magnitude, rad, linear in the specific energy: from `start`, at the energy where the schedule begins, to
    `end`, at `end_energy` J/kg."""

    start: float
    end: float
    end_energy: float


class EntryTarget(NamedTuple):
    """Target of an entry: position (3,) Earth-fixed m, and the height m at which the parachutes open."""

    position: np.ndarray
    opening_altitude: float


@njit(cache=True)
def bank_schedule(energy, start_energy, schedule):
    """Bank magnitude, rad, at `energy` J/kg of a `BankSchedule` that begins at `start_energy`; held beyond its ends."""
    w = min(max((energy - start_energy) / (schedule.end_energy - start_energy), 0.0), 1.0)
    return schedule.start + w * (schedule.end - schedule.start)


@njit(cache=True)
def ground_direction(y, c, out):
    """Earth-fixed unit vector under a craft: y (6,) GCRS, c rotation to Earth-fixed axes, out (3,)."""
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    for i in range(3):
        out[i] = (c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]) / r


@njit(cache=True)
def cross_range(y, target, c, pole_rate):
    """Cross-range of the target, to the right of the present ground track, m (its great circle, Earth-fixed)."""
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
    """Miss of `end` against the target, along the great circle from `start` to it: target ahead m, right m.

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
def commanded_side(side, offset, speed):
    """The side to bank to: kept until the target lies further to the other side than the dead-band allows."""
    band = SIDE_BAND + SIDE_BAND_FAST * (speed / SIDE_SPEED) ** 2
    if offset > band:
        return 1.0
    if offset < -band:
        return -1.0
    return side


@njit(cache=True)
def solved_schedule(t, y, vehicle, forces, target, schedule, side, slope, work):
    """The schedule from the energy of now on whose predicted range is right, and the slope, m of range a rad of bank,
    by which it was found: a secant on its start, whose first step is by the `slope` of the cycle before; 0: none yet.

    Two trials, then at most three more. work.extra holds what `entry_derivative` says of y at t, and is written over.
    """
    ahead_y = np.empty(6)
    trial = np.empty(4)
    nominal = EntryVehicle(mass=vehicle.mass, capsule=vehicle.capsule, lift_factor=1.0, drag_factor=1.0)
    energy = work.extra[5]
    a0 = schedule.start
    a1 = schedule.start + TRIAL_STEP
    m0 = 0.0
    for trial_no in range(5):
        a = a0 if trial_no == 0 else a1
        copy(y, ahead_y)
        finish = schedule.end if schedule.end > a else a
        tried = BankSchedule(start=a, end=finish, end_energy=schedule.end_energy)
        fly_predict(t, ahead_y, nominal, forces, target, tried, energy, side, work, trial)
        if trial_no == 0:
            m0 = trial[1]
            if abs(m0) < RANGE_SOLVED:
                break
            if slope != 0.0:
                a1 = next_start(a0, -m0 / slope)
            continue
        m1 = trial[1]
        if abs(m1 - m0) < 1.0 or abs(m1) < RANGE_SOLVED:
            a0 = a1
            break
        slope = (m1 - m0) / (a1 - a0)
        a0, m0, a1 = a1, m1, next_start(a1, -m1 / slope)
    return BankSchedule(start=a0, end=max(schedule.end, a0), end_energy=schedule.end_energy), slope


@njit(cache=True)
def next_start(start, step):
    """The start of a schedule, rad, after a step of the secant: no longer than allowed, and between the bounds."""
    return min(max(start + min(max(step, -LARGEST_STEP), LARGEST_STEP), MIN_BANK), MAX_BANK)


@njit(cache=True)
def fly_predict(t, y, vehicle, forces, target, schedule, start_energy, side, work, end):
    """The predictor: y (6,) in place on the schedule with reversals, two-second steps, to the opening altitude.

    The bank follows its command at once. start_energy J/kg, where the schedule begins; side +1 or -1 at first
    end (4,) out, as in `fly_entry`: the miss is seen from the predictor's start.
    """
    h = 2.0
    largest = 0.0
    scratch, k, extra, miss = work.scratch, work.k, work.extra, work.miss
    open_at = target.opening_altitude
    begin_at = np.empty(3)
    ground = np.empty(3)
    for pass_no in range(1000):
        entry_air(t, y, vehicle, forces, scratch, extra)
        if pass_no == 0:
            ground_direction(y, scratch.c, begin_at)
        largest = max(largest, extra[3])
        if extra[0] <= open_at + ON_ALTITUDE or (extra[0] > SKIP_ALTITUDE and dot(y[:3], y[3:6]) > 0.0):
            break
        if extra[1] > REVERSAL_SPEED:
            offset = cross_range(y, target.position, scratch.c, OMEGA_EARTH * scratch.row[6:9])
            side = commanded_side(side, offset, extra[1])
        bank = side * bank_schedule(extra[5], start_energy, schedule)
        banked_derivative(y, bank, vehicle, scratch, k[0], extra)
        if extra[1] < 400.0:
            h = 1.0
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        if sink > 0.0:
            h = min(h, max((extra[0] - open_at) / sink, 1.0e-4))
        entry_step(t, h, y, bank, vehicle, forces, work)
        t += h
    ground_direction(y, scratch.c, ground)
    miss_from(begin_at, ground, target.position, miss)
    end[0] = t
    end[1] = miss[0]
    end[2] = miss[1]
    end[3] = largest


@njit(cache=True)
def predict_from(t, y, vehicle, forces, target, schedule, side, end):
    """`fly_predict` with a workspace of its own, for deorbit planning. y (6,) in place, end (4,) out.

    The schedule begins at the energy of y. Returns the height m where it ends.
    """
    work = entry_workspace(scratch())
    extra = work.extra
    entry_air(t, y, vehicle, forces, work.scratch, extra)
    fly_predict(t, y, vehicle, forces, target, schedule, extra[5], side, work, end)
    return extra[0]
