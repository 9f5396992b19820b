"""Under parachutes to the ground: canopies that fill, the wind, the heat shield, the back-up, and the retro rockets.

A canopy fills as Pflanz has it (Knacke, Parachute Recovery Systems Design Manual, NWC TP 6575, 1991, ch. 5): its drag
area grows with the square of the time since its lines were stretched, m dv/dt = m g - rho v^2 (CdA)(t) / 2, so that
capsule and canopy slow down while it grows (finite mass). No air moves with a canopy.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.atmosphere.winds import add_wind
from kernels.compiling import njit
from kernels.constants import G0
from kernels.maths.vectors import copy, dot, norm
from kernels.orbit.forces import Scratch, acceleration, air_at

# Canopies, in the order they are out; FAILED: the main parachute hangs there and does not fill
WAITING, PILOT, DROGUE, REEFED, FILLING, FULL, FAILED = range(7)

# Rows of the marks
COVER_OFF, DROGUE_OUT, MAIN_OUT, DISREEFED, MAIN_FAILED, BACKUP_OUT, SHIELD_OFF, SEATS_UP, RETRO_FIRE, TOUCHDOWN = (
    range(10)
)
MARKS = 10
# Rows of the loads
OF_DROGUE, OF_MAIN, OF_BACKUP = range(3)

PILOT_S = 1.0  # s in which the pilot parachutes pull the drogue out, and hardly brake
ON_GROUND = 1.0e-4  # m
AT_HEIGHT = 1.0  # m by which an entry may end above the height at which the cover is released
STEP = 0.05  # s, while a canopy fills and the capsule slows down
FILLING_SHARE = 0.025  # of the time in which a canopy fills, at most
STEADY_STEP = 0.5  # s at most, once it sinks steadily; a node each
STEADY_SHARE = 0.08  # of its speed, m/s: the sink follows the air with a time constant of v / 2g
LOW = 50.0  # m over ground, below which the steps are short again
LAST_STEP = 0.002  # s, within a metre of where the retro rockets fire
STORE_EVERY = 0.5  # s, between nodes
BRISK = 3.0  # s after a canopy changes in which every step is stored
ON_TIME = 1.0e-6  # s: the sum of steps falls short of an edge by some 1e-8 s, which must not need a whole step
REFRESH = 2.0  # s between two values of what the field has beyond its central term: 3e-6 m/s2 of change
LONGEST = 20000.0  # s


class DescentLog(NamedTuple):
    """The log of a descent: nodes (capacity, 11) t, r, v, a, mass; extras (capacity, 8) as those of an entry, the last
    three 0; marks (MARKS, 3) time, height m, air speed m/s; loads (3, 2): the largest force of drogue, main and back-up
    main, N, and when. With a capacity of 0 marks and loads alone are written."""

    nodes: np.ndarray
    extras: np.ndarray
    marks: np.ndarray
    loads: np.ndarray


class DescentWork(NamedTuple):
    """Workspace: that of the forces, Runge-Kutta stages k (4, 6), a state z (6,), six extras, and the field beyond its
    central term (3,), m/s2."""

    scratch: Scratch
    k: np.ndarray
    z: np.ndarray
    extra: np.ndarray
    beyond: np.ndarray


def descent_log(capacity: int) -> DescentLog:
    """An empty `DescentLog` of so many rows."""
    return DescentLog(
        nodes=np.empty((capacity, 11)),
        extras=np.zeros((capacity, 8)),
        marks=np.zeros((MARKS, 3)),
        loads=np.zeros((3, 2)),
    )


@njit(cache=True)
def stage_length(canopy, chutes, backup):
    """How long a canopy is as it is, s; `backup` 1 with the back-up parachute."""
    if canopy == PILOT:
        return PILOT_S
    if canopy == DROGUE:
        return chutes.backup_drogue_s if backup else chutes.drogue_s
    if canopy == REEFED:
        return chutes.reefed_s
    if canopy == FILLING:
        return chutes.filling_s
    return 1.0e99


@njit(cache=True)
def filling_time(canopy, chutes):
    """How long a canopy fills, s; 0 where nothing fills."""
    if canopy == DROGUE:
        return chutes.drogue_filling_s
    if canopy == REEFED:
        return chutes.reefed_filling_s
    return chutes.filling_s if canopy == FILLING else 0.0


@njit(cache=True)
def chute_area(canopy, s, chutes, backup):
    """Drag area (m2) of capsule and canopies `s` seconds after the canopy came to be as it is.

    It fills with the square of the time: from nothing to its own, reefed or not, and from reefed to full.
    """
    main = chutes.backup_cda if backup else chutes.main_cda
    if canopy == FULL:
        return chutes.body_cda + main
    filling = filling_time(canopy, chutes)
    if filling == 0.0:
        return chutes.body_cda
    w = min(1.0, s / filling)
    if canopy == DROGUE:
        return chutes.body_cda + w * w * chutes.drogue_cda
    if canopy == REEFED:
        return chutes.body_cda + w * w * chutes.reefed * main
    return chutes.body_cda + (chutes.reefed + (1.0 - chutes.reefed) * w * w) * main


@njit(cache=True)
def refresh_field(t, y, forces, work):
    """The field at y less its central term, and the Earth's orientation, for `chute_derivative` within REFRESH s."""
    acceleration(t, y[:3], y[3:6], forces, 0.0, work.scratch, work.beyond)
    r = norm(y[:3])
    for j in range(3):
        work.beyond[j] += forces.gravity.mu / r**3 * y[j]


@njit(cache=True)
def chute_derivative(t, y, mass, cda, push, forces, wind, work, dy):
    """Right-hand side under canopies: gravity, drag on `cda` m2 in the wind, and `push` N straight up.

    wind (n, 3) as in `add_wind`; work a `DescentWork`, refreshed. Its extra: height m, air speed m/s, dynamic pressure
    Pa, load g, 0, specific energy J/kg.
    """
    scratch = work.scratch
    flow = scratch.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, scratch.c, scratch.row, scratch.vectors[0], flow)
    if wind.shape[0] > 0:
        add_wind(height, y[:3], scratch.row[6:9], wind, flow)
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    drag = 0.5 * rho * speed * cda / mass
    fall = forces.gravity.mu / r**3
    specific_force = 0.0
    for j in range(3):
        own = push * y[j] / r / mass - drag * flow[j]
        dy[j] = y[3 + j]
        dy[3 + j] = work.beyond[j] - fall * y[j] + own
        specific_force += own * own
    work.extra[0] = height
    work.extra[1] = speed
    work.extra[2] = 0.5 * rho * speed * speed
    work.extra[3] = math.sqrt(specific_force) / G0
    work.extra[4] = 0.0
    work.extra[5] = forces.gravity.mu / r - 0.5 * (y[3] ** 2 + y[4] ** 2 + y[5] ** 2)


@njit(cache=True)
def next_canopy(canopy, s, height, chutes, backup):
    """The canopy after `s` seconds of this one, at `height` m as the barometer has it; the same where it stays."""
    if canopy == WAITING:
        return PILOT if height <= chutes.opening + AT_HEIGHT else WAITING
    if canopy == FAILED:
        return PILOT if height <= chutes.backup_height and chutes.backup_cda > 0.0 else FAILED
    if s < stage_length(canopy, chutes, backup) - ON_TIME:
        return canopy
    if canopy == DROGUE and chutes.main_fails and not backup:
        return FAILED
    return canopy + 1


@njit(cache=True)
def descend(t, y, mass, chutes, forces, wind, ground, scratch, log):
    """Under parachutes from where `fly_entry` ended to the ground at height `ground` (m over the ellipsoid).

    y (6,) in place; forces without drag; wind (n, 3) as in `add_wind`, on air that turns with the Earth; log a
    `DescentLog`, out. The cover is released, the shield leaves and the back-up is called for at heights that the
    barometer reads, the rockets fire by the altimeter (their errors are in `chutes`). Returns (nodes written, mass).
    """
    work = DescentWork(scratch=scratch, k=np.empty((4, 6)), z=np.empty(6), extra=np.empty(6), beyond=np.empty(3))
    k, z, extra, marks = work.k, work.z, work.extra, log.marks
    marks[:] = 0.0
    log.loads[:] = 0.0
    begin = t
    since = t
    stored = -1.0e99
    changed = -1.0e99
    refreshed = -1.0e99
    retro_end = 1.0e99
    canopy = WAITING
    backup = 0
    push = 0.0
    count = 0
    while t - begin < LONGEST:
        if t - refreshed >= REFRESH:
            refresh_field(t, y, forces, work)
            refreshed = t
        area = chute_area(canopy, t - since, chutes, backup)
        chute_derivative(t, y, mass, area, push, forces, wind, work, k[0])
        barometer = extra[0] + chutes.barometer
        # An edge (another canopy, the shield, the retro rockets) is two nodes of one time: before it, and after it.
        then = next_canopy(canopy, t - since, barometer, chutes, backup)
        fires = canopy == FULL and marks[RETRO_FIRE, 0] == 0.0
        fires = fires and extra[0] - ground + chutes.altimeter <= chutes.retro_height
        ends = push > 0.0 and t >= retro_end - ON_TIME
        sheds = canopy == FULL and marks[SHIELD_OFF, 0] == 0.0 and barometer <= chutes.shield_altitude
        if then != canopy or fires or ends or sheds:
            count = _store(t, y, mass, k[0], extra, log, count)
            if then != canopy:
                if canopy == FAILED:
                    backup = 1
                canopy, since = then, t
                _mark_canopy(t, canopy, backup, extra, marks)
            if sheds:
                mass -= chutes.shield_mass
                marks[SHIELD_OFF] = t, extra[0], extra[1]
            if fires:
                marks[RETRO_FIRE] = t, extra[0], extra[1]
                retro_end = t + chutes.retro_s
                push = chutes.retro_thrust
            if ends:
                push = 0.0
            changed = t
            area = chute_area(canopy, t - since, chutes, backup)
            chute_derivative(t, y, mass, area, push, forces, wind, work, k[0])
        height = extra[0] - ground
        done = height <= ON_GROUND
        if done or push > 0.0 or t - changed < BRISK or t - stored >= STORE_EVERY - ON_TIME:
            count = _store(t, y, mass, k[0], extra, log, count)
            stored = t
        if canopy >= DROGUE and canopy <= FULL:
            which = OF_DROGUE if canopy == DROGUE else OF_MAIN + backup
            force = extra[2] * (area - chutes.body_cda)
            if force > log.loads[which, 0]:
                log.loads[which] = force, t
        if marks[SEATS_UP, 0] == 0.0 and marks[SHIELD_OFF, 0] > 0.0 and t >= marks[SHIELD_OFF, 0] + chutes.seats_s:
            marks[SEATS_UP] = t, extra[0], extra[1]
        if done:
            marks[TOUCHDOWN] = t, extra[0], extra[1]
            break
        # The step: short while the capsule slows down and where the rockets fire; it ends on an edge and on the ground.
        h = STEP
        if t - changed > BRISK and height > LOW and canopy in (FULL, DROGUE, FAILED):
            h = max(STEP, min(STEADY_STEP, STEADY_SHARE * extra[1]))
            if canopy != FULL:
                h = min(h, 0.25)
        elif canopy == FULL and height + min(chutes.altimeter, 0.0) < chutes.retro_height + 1.0:
            h = LAST_STEP
        elif t - since < filling_time(canopy, chutes):
            h = min(STEP, FILLING_SHARE * filling_time(canopy, chutes))
        h = min(h, max(stage_length(canopy, chutes, backup) - (t - since), ON_TIME))
        if push > 0.0:
            h = min(h, max(retro_end - t, ON_TIME))
        sink = -dot(y[:3], y[3:6]) / norm(y[:3])
        if sink > 0.0:
            h = min(h, max(height / sink, 1.0e-4))
        middle = chute_area(canopy, t + 0.5 * h - since, chutes, backup)
        last = chute_area(canopy, t + h - since, chutes, backup)
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[0, j]
        chute_derivative(t + 0.5 * h, z, mass, middle, push, forces, wind, work, k[1])
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[1, j]
        chute_derivative(t + 0.5 * h, z, mass, middle, push, forces, wind, work, k[2])
        for j in range(6):
            z[j] = y[j] + h * k[2, j]
        chute_derivative(t + h, z, mass, last, push, forces, wind, work, k[3])
        for j in range(6):
            y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])
        t += h
    return count, mass


@njit(cache=True)
def _mark_canopy(t, canopy, backup, extra, marks):
    """Mark that a canopy came to be as it is; a back-up's drogue has no mark of its own."""
    row = -1
    if canopy == PILOT:
        row = BACKUP_OUT if backup else COVER_OFF
    elif canopy == DROGUE and not backup:
        row = DROGUE_OUT
    elif canopy == REEFED:
        row = MAIN_OUT
    elif canopy == FILLING:
        row = DISREEFED
    elif canopy == FAILED:
        row = MAIN_FAILED
    if row >= 0:
        marks[row] = t, extra[0], extra[1]


@njit(cache=True)
def _store(t, y, mass, dy, extra, log, count):
    """One row of both histories, until they are full; the new count."""
    if count < log.nodes.shape[0]:
        log.nodes[count, 0] = t
        copy(y, log.nodes[count, 1:7])
        copy(dy[3:6], log.nodes[count, 7:10])
        log.nodes[count, 10] = mass
        copy(extra, log.extras[count, :6])
        log.extras[count, 6:] = 0.0
        count += 1
    return count
