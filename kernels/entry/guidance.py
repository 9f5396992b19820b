"""Guidance of an entry: a numerical predictor-corrector for the range, a dead-band and the predictor for the side.

Bank follows a magnitude that is linear in specific energy, e = mu/r - v^2/2, which only grows (Lu, JGCD 37 (2014) 713;
Xue & Lu, JGCD 33 (2010) 1273); its magnitude at the start of the schedule is solved so that the predicted range is
right. The side is reversed by a cross-range dead-band while it is fast, and at last where the predictor says that the
flight then ends beside the target no more. What is sensed corrects the drag and the lift of the predictor.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.entry.bank import BankSchedule, bank_schedule
from kernels.entry.dynamics import HEIGHT
from kernels.entry.predictor import (
    ALONG,
    DRAG,
    LIFT,
    commanded_side,
    cross_range,
    entry_model,
    miss_from,
    predict,
    to_fixed,
)
from kernels.maths.vectors import copy, dot
from kernels.orbit.forces import scratch

__all__ = [
    "BankSchedule",
    "EntryTarget",
    "bank_schedule",
    "commanded_side",
    "cross_range",
    "miss_from",
    "predict_from",
    "solved_schedule",
]

RANGE_SOLVED, LATE_SOLVED = 100.0, 20.0  # m of predicted miss ahead, at which the secant stops; when late
TRIAL_STEP = 0.05  # rad from the first trial of the secant to the second
LARGEST_STEP = 0.35  # rad, of the secant at once
MIN_BANK, MAX_BANK = 0.1, 1.75  # rad, between which the start of the schedule is sought
LATE_BANK = 2.8  # rad, instead, when the load has passed
LATE_SPEED = 2500.0  # m/s through the air, below which the side is chosen by the predictor, on a constant bank
BESIDE = 30.0  # m across that are left alone then
LATE_CYCLE, LATE_PAUSE = 1.0, 4.0  # s from one choice of the side to the next, at least and at most
LAST_PAUSE = 60.0  # s before the opening, from which it is asked every cycle
PAUSE_SHARE = 0.3  # of the time until a change of side is due
LAST_CHANGE = 60.0  # s before the opening, from which a change of side must pay in both directions
FILTER_GAIN = 0.25  # of the drag and lift ratios, a cycle
SENSED_LOAD = 1.0  # m/s2 of drag or lift, below which their ratios are not corrected


class EntryTarget(NamedTuple):
    """Target of an entry: position (3,) Earth-fixed m, and the height m at which the parachutes open."""

    position: np.ndarray
    opening_altitude: float


@njit(cache=True)
def next_start(start, step, largest):
    """The start of a schedule, rad, after a step of the secant: no longer than allowed, and between the bounds."""
    return min(max(start + min(max(step, -LARGEST_STEP), LARGEST_STEP), MIN_BANK), largest)


@njit(cache=True)
def solved_schedule(z, bank, rate, side, late, schedule, slope, target, model, end):
    """The start of the schedule from z (6,) on whose predicted range is right, rad, and the slope, m of range a rad of
    bank, by which it was found: a secant, whose first step is by the `slope` of the cycle before; 0: none yet.

    bank, rate now, rad and rad/s; late: on a constant bank, the side kept. Two trials, then at most three more.
    end (4,) out, of the last prediction.
    """
    ahead = np.empty(6)
    largest = LATE_BANK if late else MAX_BANK
    held = 1 if late else 0
    solved = LATE_SOLVED if late else RANGE_SOLVED
    a0 = min(schedule.start, largest)
    a1 = a0 + TRIAL_STEP
    m0 = 0.0
    for trial in range(5):
        a = a0 if trial == 0 else a1
        copy(z, ahead)
        finish = a if late else max(schedule.end, a)
        tried = BankSchedule(start=a, end=finish, end_energy=schedule.end_energy)
        predict(ahead, bank, rate, side, held, tried, target.position, target.opening_altitude, model, end)
        if trial == 0:
            m0 = end[1]
            if abs(m0) < solved:
                break
            if slope != 0.0:
                a1 = next_start(a0, -m0 / slope, largest)
            continue
        m1 = end[1]
        if abs(m1 - m0) < 1.0 or abs(m1) < solved or a1 == a0:
            a0 = a1
            break
        slope = (m1 - m0) / (a1 - a0)
        a0, m0, a1 = a1, m1, next_start(a1, -m1 / slope, largest)
    return a0, slope


@njit(cache=True)
def late_side(z, bank, rate, side, start, slope, asked, target, model, end):
    """The side to bank to when slow; the predicted miss to the right, m, were it changed now, 0: not needed; and the
    seconds until this is to be asked again.

    end (4,): the prediction with the side kept, in place that of another side. Where the flight would pass beside the
    target, the side is changed in the cycle nearest to that in which it then ends at the target; at last only if that
    ends nearer, for the way through lift upward is long then. asked: the miss, were it changed, when that was asked
    last, 0: not known; and how many s ago. From the two follows when the change is due: long before, it need not be
    asked every cycle.
    """
    across, kept = end[2], math.hypot(end[1], end[2])
    if side * across > -BESIDE:
        return side, 0.0, LATE_CYCLE
    before, since = asked
    ahead = np.empty(6)
    for trial in range(2):  # on the other side, and once more with the range that the roll gains taken back
        if trial == 1:
            if slope == 0.0:
                break
            start = next_start(start, -end[1] / slope, LATE_BANK)
        copy(z, ahead)
        held = BankSchedule(start=start, end=start, end_energy=1.0e99)
        predict(ahead, bank, rate, -side, 1, held, target.position, target.opening_altitude, model, end)
    changed = end[2]
    speed = (changed - before) / since if before != 0.0 else 0.0
    if side * (changed + 0.5 * LATE_CYCLE * speed) <= 0.0:
        if end[0] > LAST_CHANGE or math.hypot(end[1], changed) < kept:
            return -side, 0.0, LATE_CYCLE
        return side, changed, LATE_CYCLE
    pause = PAUSE_SHARE * -changed / speed if speed * changed < 0.0 and end[0] > LAST_PAUSE else 0.0
    return side, changed, min(max(math.floor(pause / LATE_CYCLE) * LATE_CYCLE, LATE_CYCLE), LATE_PAUSE)


@njit(cache=True)
def sense_ratios(sensed, model, ratios):
    """Filter the drag and the lift that are sensed over those of the model, ratios (2,), right after `model_rate`.

    sensed (3,) m/s2, Earth-fixed. Returns the drag sensed now over that of the model as it stands, 1 where there is
    too little to be sensed.
    """
    known = model.known
    drag = -dot(sensed, known[ALONG : ALONG + 3])
    lift = math.sqrt(max(dot(sensed, sensed) - drag * drag, 0.0))
    found = 1.0
    if known[DRAG] > SENSED_LOAD:
        found = drag / known[DRAG]
        correct(FILTER_GAIN, found, 0, model, ratios)
    if known[LIFT] > SENSED_LOAD:
        correct(FILTER_GAIN, lift / known[LIFT], 1, model, ratios)
    return found


@njit(cache=True, _nrt=False)
def correct(gain, found, which, model, ratios):
    """One step of a first-order filter: drag (0) or lift (1) of the model goes `gain` of the way to what was found."""
    factor = 1.0 + gain * (min(max(found, 0.25), 4.0) - 1.0)
    model.areas[which] *= factor
    ratios[which] *= factor


@njit(cache=True)
def predict_from(t, y, vehicle, forces, wind, target, schedule, side, end):
    """The prediction for deorbit planning, from y (6,) GCRS at t s on a schedule that begins at its energy.

    forces without drag and the wind (n, 3) as known; side +1 or -1; end (4,) out: time s, ahead m and right m of the
    target, and the largest load g, as of `fly_entry`. Returns the height m where it ends.
    """
    work = scratch()
    model = entry_model(t, y, vehicle.mass, vehicle.capsule, forces, wind, work)
    z = np.empty(6)
    to_fixed(y, work.c, work.row[6:9], z)
    predict(z, side * schedule.start, 0.0, side, 0, schedule, target.position, target.opening_altitude, model, end)
    end[0] += t
    return model.known[HEIGHT]
