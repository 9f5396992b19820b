"""Entry of a lifting capsule, three degrees of freedom, under a numerical predictor-corrector.

The equations are those of kernels/entry/dynamics.py, the guidance is that of kernels/entry/guidance.py.
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import OMEGA_EARTH
from kernels.entry.dynamics import banked_derivative, entry_air, entry_step, entry_workspace
from kernels.entry.guidance import (
    ON_ALTITUDE,
    REVERSAL_SPEED,
    SKIP_ALTITUDE,
    bank_schedule,
    commanded_side,
    cross_range,
    ground_direction,
    miss_from,
    solved_schedule,
)
from kernels.maths.vectors import copy, dot, norm

OPENED = 0
SKIPPED_OUT = 1
TIMED_OUT = 2

GUIDANCE_CYCLE = 4.0  # s between two solutions of the schedule
GUIDED_LOAD = 0.05  # g; below it there is no air to steer by
GUIDED_SPEED = 1500.0  # m/s through the air; below it the schedule is kept as last solved


class EntryControl(NamedTuple):
    """Control settings of an entry: guided 1, or 0 on a fixed bank schedule with reversals; step s; limit s, after
    which it has failed; side to bank to at first, +1 or -1."""

    guided: int
    step: float
    limit: float
    side: float


class EntryLog(NamedTuple):
    """The log of an entry: nodes (capacity, 11) t, r, v, a, mass; extras (capacity, 8), the six of `entry_derivative`,
    the bank, and the solved start of its schedule, rad; end (4,): time s, ahead m and right m of the target, and the
    largest load g. With a capacity of 0 the end alone is written."""

    nodes: np.ndarray
    extras: np.ndarray
    end: np.ndarray


def entry_log(capacity: int) -> EntryLog:
    """An empty `EntryLog` of so many rows."""
    return EntryLog(nodes=np.empty((capacity, 11)), extras=np.empty((capacity, 8)), end=np.empty(4))


@njit(cache=True)
def keep_node(count, t, y, dy, mass, extra, bank, start, log):
    """Write row `count` of nodes and extras, where the log has one left; the number of rows written so far."""
    nodes, extras = log.nodes, log.extras
    if count >= nodes.shape[0]:
        return count
    nodes[count, 0] = t
    copy(y, nodes[count, 1:7])
    copy(dy[3:6], nodes[count, 7:10])
    nodes[count, 10] = mass
    copy(extra, extras[count, :6])
    extras[count, 6] = bank
    extras[count, 7] = start
    return count + 1


@njit(cache=True)
def fly_entry(t, y, vehicle, forces, coarse, target, schedule, control, scratch, log):
    """Fly y (6,) in place down to the opening altitude of `target`.

    vehicle       `EntryVehicle`; forces, and the predictor's `coarse` ones, without drag, which is the vehicle's own
    target        `EntryTarget`; schedule `BankSchedule`; control `EntryControl`
    scratch       of the forces; at the end it holds the Earth's orientation there
    log           `EntryLog`, out
    Returns (status, nodes written).
    """
    work = entry_workspace(scratch)
    k, extra, miss = work.k, work.extra, work.miss
    mass, open_at, dt, side = vehicle.mass, target.opening_altitude, control.step, control.side
    begin = t
    begin_at = np.empty(3)
    ground = np.empty(3)
    entry_air(t, y, vehicle, forces, scratch, extra)
    ground_direction(y, scratch.c, begin_at)
    count = 0
    bank = side * schedule.start
    start_energy = -1.0e99
    next_guidance = t
    largest = 0.0
    slope = 0.0
    status = TIMED_OUT
    while t - begin < control.limit:
        entry_air(t, y, vehicle, forces, scratch, extra)
        banked_derivative(y, bank, vehicle, scratch, k[0], extra)
        if start_energy < -1.0e98:
            start_energy = extra[5]
        largest = max(largest, extra[3])
        if extra[0] <= open_at + ON_ALTITUDE:
            status = OPENED
            break
        if extra[0] > SKIP_ALTITUDE and dot(y[:3], y[3:6]) > 0.0:
            status = SKIPPED_OUT
            break
        pole_rate = OMEGA_EARTH * scratch.row[6:9]
        if extra[1] > REVERSAL_SPEED:
            side = commanded_side(side, cross_range(y, target.position, scratch.c, pole_rate), extra[1])
        due = control.guided == 1 and t >= next_guidance - 1.0e-9
        if due and extra[3] > GUIDED_LOAD and extra[1] > GUIDED_SPEED:
            start_energy = extra[5]
            schedule, slope = solved_schedule(t, y, vehicle, coarse, target, schedule, side, slope, work)
            next_guidance = t + GUIDANCE_CYCLE
            entry_air(t, y, vehicle, forces, scratch, extra)
        command = side * bank_schedule(extra[5], start_energy, schedule)
        turn = vehicle.capsule.bank_rate * dt
        bank += min(max(command - bank, -turn), turn)
        # The step's first stage and the stored node take the bank that is now held, not the one before.
        banked_derivative(y, bank, vehicle, scratch, k[0], extra)
        count = keep_node(count, t, y, k[0], mass, extra, bank, schedule.start, log)
        # The last step is cut so that it ends on the opening altitude.
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        h = dt
        if sink > 0.0:
            h = min(dt, max((extra[0] - open_at) / sink, 1.0e-4))
        entry_step(t, h, y, bank, vehicle, forces, work)
        t += h
    count = keep_node(count, t, y, k[0], mass, extra, bank, schedule.start, log)
    ground_direction(y, scratch.c, ground)
    miss_from(begin_at, ground, target.position, miss)
    log.end[0] = t
    log.end[1] = miss[0]
    log.end[2] = miss[1]
    log.end[3] = largest
    return status, count
