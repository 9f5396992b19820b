"""The reference-tracking law: range, drag and sink rate of a reference trajectory, and gains from its sensitivities.

Apollo, Soyuz and Shenzhou steered so (Morth, The Guidance and Control of Apollo reentry, MIT R-532, 1966; Harpold &
Graves, J. Astronaut. Sci. 27 (1979) for the drag): the vertical lift is that of the reference and a correction for
the range that would be missed, which is linear in what the flight differs by from the reference at the same speed.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.entry.bank import BankSchedule, bank_schedule
from kernels.entry.dynamics import ENERGY, HEIGHT, ON_ALTITUDE, SKIP_ALTITUDE, SPEED, step_to
from kernels.entry.predictor import DRAG, LONGEST, SINK, STEP, model_rate, model_step, predict
from kernels.maths.vectors import copy, dot, norm

ROWS = 40  # of the table, equal steps of speed
# Columns: speed m/s, range to go m, drag m/s2, height rate m/s, share of the lift upward; and how the range changes
# with drag (m per m/s2), height rate (m per m/s) and share (m)
V, RANGE, OF_DRAG, RATE, SHARE, BY_DRAG, BY_RATE, BY_SHARE = range(8)
OVER = 4.0  # the correction is that for so many times the range missed: what comes late can correct little
LOWER, SLOWER, MORE = 500.0, 10.0, 0.05  # perturbations: m of height, m/s of height rate, share of the lift
MIN_BY_SHARE = 20.0e3  # m, of BY_SHARE
FASTEST, SLOWEST = 7800.0, 500.0  # m/s, of the table
MIN_SHARE, MAX_SHARE = -0.2, 0.98  # of the lift, upward


@njit(cache=True)
def reference_table(z, schedule, opening_altitude, model, table):
    """The reference from z (6,), Earth-fixed: in a plane, on the schedule. table (ROWS, 8) out, by falling speed."""
    states = np.empty((ROWS, 6))
    banks = np.empty(ROWS)
    y = z.copy()
    known, start_energy, row = model.known, 0.0, 0
    for number in range(LONGEST):
        model_rate(y, model, model.work[0])
        if number == 0:
            start_energy = known[ENERGY]
        if known[HEIGHT] <= opening_altitude + ON_ALTITUDE or (known[HEIGHT] > SKIP_ALTITUDE and known[SINK] < 0.0):
            break
        bank = bank_schedule(known[ENERGY], start_energy, schedule)
        if row < ROWS and known[SPEED] <= FASTEST - (FASTEST - SLOWEST) * row / (ROWS - 1.0):
            copy(y, states[row])
            banks[row] = bank
            table[row, V], table[row, OF_DRAG], table[row, RATE] = known[SPEED], known[DRAG], -known[SINK]
            table[row, SHARE] = math.cos(bank)
            row += 1
        model_step(y, step_to(opening_altitude, known[HEIGHT], known[SINK], STEP), math.cos(bank), 0.0, model)
    target = y[:3].copy()
    for i in range(row):
        _sensitivities(states[i], banks[i], schedule, target, opening_altitude, model, table[i])
    for i in range(row, ROWS):  # a reference that ends faster than the table: its last row goes on
        copy(table[row - 1], table[i])
        table[i, V] = table[row - 1, V] - (i - row + 1)


@njit(cache=True)
def _sensitivities(state, bank, schedule, target, opening_altitude, model, row):
    """Range to go and how it changes, from one state (6,) of the reference, each by one prediction more; row (8,)."""
    end, y = np.empty(4), np.empty(6)
    rest = BankSchedule(start=bank, end=schedule.end, end_energy=schedule.end_energy)
    radius, size = norm(target), norm(state[:3])
    row[RANGE] = radius * math.acos(min(dot(state[:3], target) / (size * radius), 1.0))
    ends = np.empty(4)
    drag = row[OF_DRAG]
    for change in range(4):
        for j in range(6):
            y[j] = state[j]
        if change == 1:
            for j in range(3):
                y[j] -= LOWER * state[j] / size
            model_rate(y, model, model.work[0])
            drag = model.known[DRAG]
        elif change == 2:  # the same speed, another angle
            speed = norm(state[3:])
            for j in range(3):
                y[3 + j] += SLOWER * state[j] / size
            faster = norm(y[3:])
            for j in range(3):
                y[3 + j] *= speed / faster
        elif change == 3:
            model.areas[1] *= 1.0 + MORE
        predict(y, bank, 0.0, 0.0, 1, rest, target, opening_altitude, model, end)
        ends[change] = -end[1]
        if change == 3:
            model.areas[1] /= 1.0 + MORE
    row[BY_DRAG] = (ends[1] - ends[0]) / (drag - row[OF_DRAG])
    row[BY_RATE] = (ends[2] - ends[0]) / SLOWER
    row[BY_SHARE] = (ends[3] - ends[0]) / (MORE * row[SHARE])


@njit(cache=True)
def tracking_bank(z, target, model, table):
    """Bank magnitude, rad, of the reference-tracking law, right after `model_rate` of z (6,); target (3,) m.

    L/D upward = that of the reference + K1 (R - Rref) + K2 (D - Dref) + K3 (h' - h'ref), with K1 = OVER / BY_SHARE,
    K2 = -K1 BY_DRAG, K3 = -K1 BY_RATE, in shares of the lift.
    """
    known = model.known
    speed = known[SPEED]
    i = 0
    while i < ROWS - 2 and speed < table[i + 1, V]:
        i += 1
    w = min(max((table[i, V] - speed) / (table[i, V] - table[i + 1, V]), 0.0), 1.0)
    here = np.empty(8)
    for j in range(8):
        here[j] = table[i, j] + w * (table[i + 1, j] - table[i, j])
    radius = norm(target)
    to_go = radius * math.acos(min(dot(z[:3], target) / (norm(z[:3]) * radius), 1.0))
    missed = (
        to_go
        - here[RANGE]
        - here[BY_DRAG] * (known[DRAG] - here[OF_DRAG])
        - here[BY_RATE] * (-known[SINK] - here[RATE])
    )
    share = here[SHARE] + OVER * missed / max(here[BY_SHARE], MIN_BY_SHARE)
    return math.acos(min(max(share, MIN_SHARE), MAX_SHARE))
