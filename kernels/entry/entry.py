"""Entry of a lifting capsule, three degrees of freedom, from the entry interface to the opening of the parachutes.

The equations are those of kernels/entry/dynamics.py; what steers is kernels/entry/guidance.py or, to compare,
kernels/entry/reference.py, on what kernels/entry/navigation.py knows.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.constants import G0
from kernels.entry.bank import BankSchedule, bank_schedule, followed, spun
from kernels.entry.dynamics import (
    CALM_AIR,
    ENERGY,
    HEIGHT,
    LOAD,
    ON_ALTITUDE,
    SKIP_ALTITUDE,
    SPEED,
    banked_derivative,
    entry_air,
    entry_step,
    entry_workspace,
    mach_number,
    step_to,
)
from kernels.entry.guidance import (
    LATE_CYCLE,
    LATE_SPEED,
    EntryTarget,
    late_side,
    sense_ratios,
    solved_schedule,
)
from kernels.entry.navigation import EXACT_UNIT, FIX_EVERY, InertialUnit, carry, sense, take_fix
from kernels.entry.predictor import (
    ALONG,
    REVERSAL_SPEED,
    SINK,
    commanded_side,
    cross_range,
    entry_model,
    miss_from,
    model_rate,
    to_fixed,
)
from kernels.entry.reference import ROWS, reference_table, tracking_bank
from kernels.maths.vectors import copy, dot, norm

__all__ = ["BankSchedule", "EntryControl", "EntryLog", "EntryTarget", "entry_log", "fly_entry"]

OPENED, SKIPPED_OUT, TIMED_OUT = range(3)
FIXED, PREDICTOR, REFERENCE, BALLISTIC = range(4)  # what steers

CYCLE = 4.0  # s between two solutions of the schedule; LATE_CYCLE below LATE_SPEED
GUIDED_LOAD = 0.05 * G0  # m/s2 sensed; below it there is no air to steer by
LAST_SECONDS = 2.0  # s before the opening in which the bank is left as it is
DIVERGED = 3.0  # of drag sensed over that of the model, or the inverse: the navigation is taken for lost
# Columns of the extras after the six of `entry_derivative`
BANK, START, MACH, COMMAND, KNOWN_ERROR, TO_GO, SENSED_DRAG = range(6, 13)
EXTRAS = 13
# Of the end: time s, target ahead m and to the right m, largest load g; when guidance was lost, s, inf: never; the
# ratios of drag and lift as filtered; error of the known place m and velocity m/s; how often the side was changed
LOST, DRAG_RATIO, LIFT_RATIO, PLACE_ERROR, VELOCITY_ERROR, REVERSALS = range(4, 10)
ENDS = 10


@record
class EntryControl(NamedTuple):
    """Control settings of an entry.

    guided      PREDICTOR or REFERENCE; FIXED: on a fixed bank schedule with reversals; BALLISTIC: rolling all the way
    step, limit s; the limit is that after which it has failed
    side        to bank to at first, +1 or -1
    spin        rad/s, at which a capsule rolls that is BALLISTIC, or whose guidance is lost
    mass        kg that the guidance takes the capsule for; 0: its own
    wind        (n, 3) that blows: height m, to the east and to the north m/s; `forecast`: as the guidance knows it
    unit        `InertialUnit` by which it is navigated
    barometer   m, by which the height that opens the parachutes reads higher than the truth
    """

    guided: int
    step: float
    limit: float
    side: float
    spin: float = 0.23
    mass: float = 0.0
    wind: np.ndarray = CALM_AIR
    forecast: np.ndarray = CALM_AIR
    unit: InertialUnit = EXACT_UNIT
    barometer: float = 0.0


class EntryLog(NamedTuple):
    """The log of an entry: nodes (capacity, 11) t, r, v, a, mass; extras (capacity, 13), the six of `entry_derivative`,
    and the columns BANK rad, START rad, the solved start of its schedule, MACH, COMMAND rad, KNOWN_ERROR m, TO_GO m,
    SENSED_DRAG m/s2; end (10,): time s, ahead m and right m of the target, the largest load g, and LOST to REVERSALS.
    With a capacity of 0 the end alone is written."""

    nodes: np.ndarray
    extras: np.ndarray
    end: np.ndarray


def entry_log(capacity: int) -> EntryLog:
    """An empty `EntryLog` of so many rows."""
    return EntryLog(nodes=np.empty((capacity, 11)), extras=np.empty((capacity, EXTRAS)), end=np.empty(ENDS))


@njit(cache=True)
def keep_node(count, t, y, dy, mass, extra, log):
    """Write row `count` of nodes and the first six extras, where the log has one left; the rows written so far."""
    nodes, extras = log.nodes, log.extras
    if count >= nodes.shape[0]:
        return count
    nodes[count, 0] = t
    copy(y, nodes[count, 1:7])
    copy(dy[3:6], nodes[count, 7:10])
    nodes[count, 10] = mass
    copy(extra, extras[count, :6])
    return count + 1


@njit(cache=True)
def keep_guidance(row, bank, start, command, nav, y, drag, to_go, extras):
    """Write the other extras of a row."""
    extras[row, BANK] = bank - 2.0 * math.pi * math.floor(0.5 * bank / math.pi + 0.5)
    extras[row, START] = start
    extras[row, MACH] = mach_number(extras[row, HEIGHT], extras[row, SPEED])
    extras[row, COMMAND] = command
    extras[row, KNOWN_ERROR] = apart(nav[:3], y[:3])
    extras[row, TO_GO] = to_go
    extras[row, SENSED_DRAG] = drag


@njit(cache=True, _nrt=False)
def apart(a, b):
    """Length of the difference of two (3,) vectors."""
    return math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


@njit(cache=True, _nrt=False)
def ground_direction(y, c, out):
    """Earth-fixed unit vector under a craft: y (6,) GCRS, c rotation to Earth-fixed axes, out (3,)."""
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    for i in range(3):
        out[i] = (c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]) / r


@njit(cache=True, _nrt=False)
def turned_fixed(a, c, out):
    """A vector a (3,) of inertial axes in Earth-fixed ones, out (3,); c the rotation."""
    for i in range(3):
        out[i] = c[i, 0] * a[0] + c[i, 1] * a[1] + c[i, 2] * a[2]


@njit(cache=True)
def range_to_go(z, target):
    """From under z (6,) along the great circle to the target (3,), both Earth-fixed, m."""
    radius = norm(target)
    return radius * math.acos(min(dot(z[:3], target) / (norm(z[:3]) * radius), 1.0))


@njit(cache=True)
def fly_entry(t, y, vehicle, forces, coarse, target, schedule, control, scratch, log):
    """Fly y (6,) in place down to the opening altitude of `target`.

    vehicle       `EntryVehicle`; forces, and those that the guidance knows, `coarse`, without drag, which is the
                  vehicle's own
    target        `EntryTarget`; schedule `BankSchedule`; control `EntryControl`
    scratch       of the forces; at the end it holds the Earth's orientation there
    log           `EntryLog`, out
    Returns (status, nodes written).
    """
    work = entry_workspace(scratch)
    k, extra, miss = work.k, work.extra, work.miss
    mass, open_at, dt, side = vehicle.mass, target.opening_altitude, control.step, control.side
    truly = open_at - control.barometer
    capsule, unit, mode, wind = vehicle.capsule, control.unit, control.guided, control.wind
    known_mass = control.mass if control.mass > 0.0 else mass
    model = entry_model(t, y, known_mass, capsule, coarse, control.forecast, scratch)
    begin, begin_at, ground = t, np.empty(3), np.empty(3)
    nav, z, table = y.copy(), np.empty(6), np.empty((ROWS, 8))
    force, sensed, prediction, ratios = np.empty(3), np.empty(3), np.empty(4), np.ones(2)
    if unit.on == 1:
        for j in range(6):
            nav[j] += unit.start[j]
    count, reversals, fixes, number = 0, 0, 0, 0
    start, end, start_energy = schedule.start, schedule.end, -1.0e99
    bank, rate, command = side * start, 0.0, side * start
    next_guidance, next_side, last_side, next_fix, lost = t, t, t, t, math.inf
    largest, slope, changed, drag = 0.0, 0.0, 0.0, 0.0
    tracking, late = False, False
    status = TIMED_OUT
    while t - begin < control.limit:
        # What is true
        entry_air(t, y, vehicle, forces, wind, scratch, extra)
        largest = max(largest, extra[LOAD])
        banked_derivative(y, math.cos(bank), math.sin(bank), vehicle, scratch, k[0], extra)
        if t == begin:
            ground_direction(y, scratch.c, begin_at)
        if extra[HEIGHT] <= truly + ON_ALTITUDE:
            status = OPENED
            break
        if extra[HEIGHT] > SKIP_ALTITUDE and dot(y[:3], y[3:6]) > 0.0:
            status = SKIPPED_OUT
            break
        # What is sensed and known
        for j in range(3):
            force[j] = k[0, 3 + j] - scratch.vectors[4, j]
        if unit.on == 1:
            sense(force, t - begin, unit, force)
            if t >= next_fix - 1.0e-9:
                if extra[HEIGHT] > unit.blackout[0] or extra[HEIGHT] < unit.blackout[1]:
                    take_fix(nav, y, unit, fixes)
                fixes += 1
                next_fix += FIX_EVERY
        else:
            copy(y, nav)
        turned_fixed(force, scratch.c, sensed)
        to_fixed(nav, scratch.c, scratch.row[6:9], z)
        model_rate(z, model, work.z)
        known = model.known
        height, speed, energy = known[HEIGHT], known[SPEED], known[ENERGY]
        measured, drag = norm(sensed), -dot(sensed, known[ALONG : ALONG + 3])
        # What steers
        if start_energy < -1.0e98:
            start_energy = energy
        steered = mode in (PREDICTOR, REFERENCE)
        before = side
        late = mode == PREDICTOR and speed < LATE_SPEED and measured > GUIDED_LOAD
        if speed > REVERSAL_SPEED and not late:
            side = commanded_side(side, cross_range(z, target.position), speed)
        if steered and measured > GUIDED_LOAD and t >= next_guidance - 1.0e-9:
            found = sense_ratios(sensed, model, ratios)
            next_guidance = t + (LATE_CYCLE if late or mode == REFERENCE else CYCLE)
            if found > DIVERGED or found < 1.0 / DIVERGED or not math.isfinite(energy):
                mode = BALLISTIC
            elif mode == REFERENCE:
                if not tracking:
                    reference_table(z, schedule, open_at, model, table)
                    tracking = True
                    model_rate(z, model, work.z)
                start = tracking_bank(z, target.position, model, table)
                end = start
            elif height - open_at > LAST_SECONDS * known[SINK]:
                tried = BankSchedule(start=start, end=schedule.end, end_energy=schedule.end_energy)
                start, slope = solved_schedule(z, bank, rate, side, late, tried, slope, target, model, prediction)
                end = start if late else max(schedule.end, start)
                start_energy = energy
                if late and t >= next_side - 1.0e-9:
                    asked = changed, t - last_side
                    side, changed, pause = late_side(
                        z, bank, rate, side, start, slope, asked, target, model, prediction
                    )
                    next_side, last_side = t + pause, t
        if side != before and mode != BALLISTIC:
            reversals += 1
        # How the capsule rolls
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        h = step_to(truly, extra[HEIGHT], sink, dt)
        now = BankSchedule(start=start, end=end, end_energy=schedule.end_energy)
        command = side * bank_schedule(energy, start_energy, now)
        if mode == BALLISTIC:
            command = math.nan
            lost = min(lost, t)
        if count < log.nodes.shape[0]:
            to_go = range_to_go(z, target.position)
            count = keep_node(count, t, y, k[0], mass, extra, log)
            keep_guidance(count - 1, bank, start, command, nav, y, drag, to_go, log.extras)
        if mode == BALLISTIC:
            bank, rate, upward, aside = spun(bank, rate, h, control.spin, capsule.bank_acceleration)
        else:
            bank, rate, upward, aside = followed(bank, rate, command, h, capsule.bank_rate, capsule.bank_acceleration)
        banked_derivative(y, upward, aside, vehicle, scratch, k[0], extra)
        entry_step(t, h, y, upward, aside, vehicle, forces, wind, work)
        if unit.on == 1:
            carry(nav, h, t - begin, k, work.gravity, scratch.row[6:9], unit, model.gravity, number)
            number += 1
        t += h
    if unit.on == 0:
        copy(y, nav)
    if count < log.nodes.shape[0]:
        to_fixed(nav, scratch.c, scratch.row[6:9], z)
        to_go = range_to_go(z, target.position)
        count = keep_node(count, t, y, k[0], mass, extra, log)
        keep_guidance(count - 1, bank, start, command, nav, y, drag, to_go, log.extras)
    ground_direction(y, scratch.c, ground)
    miss_from(begin_at, ground, target.position, miss)
    end_of = log.end
    end_of[0], end_of[1], end_of[2], end_of[3] = t, miss[0], miss[1], largest
    end_of[LOST], end_of[DRAG_RATIO], end_of[LIFT_RATIO] = lost, ratios[0], ratios[1]
    end_of[PLACE_ERROR], end_of[VELOCITY_ERROR] = apart(nav[:3], y[:3]), apart(nav[3:], y[3:])
    end_of[REVERSALS] = reversals
    return status, count
