"""Under parachutes to the ground: a schedule of drag areas, the heat shield, and the retro rockets."""

import math

import numpy as np

from kernels.compiling import njit
from kernels.constants import G0
from kernels.maths.vectors import copy
from kernels.orbit.forces import acceleration, air_at

# Canopies, in the order they are out
PILOT, DROGUE, REEFED, FILLING, FULL = range(5)

# Rows of the marks
DROGUE_OUT, MAIN_OUT, SHIELD_OFF, RETRO_FIRE, TOUCHDOWN = range(5)

STEP = 0.05  # s
STEADY_STEP = 0.25  # s, under the full canopy, where the sink rate follows the air; half a node's
STEADY_SPEED, STEADY_HEIGHT = 4.0, 100.0  # m/s: its time constant is 0.2 s there; m over ground
LAST_STEP = 0.002  # s, in the last two metres, where the retro rockets fire
STORE_EVERY = 0.5  # s, between nodes
BRISK = 3.0  # s after a canopy changes in which every step is stored
ON_TIME = 1.0e-6  # s: the sum of steps falls short of an edge by some 1e-8 s, which must not need a whole step


@njit(cache=True)
def chute_area(s, chutes):
    """Drag area (m2) of capsule and canopies `s` seconds after the cover is released, and the open canopy.

    The pilot chutes of the first second pull, but hardly brake.
    """
    if s < 1.0:
        return chutes.body_cda, PILOT
    if s < 1.0 + chutes.drogue_s:
        return chutes.body_cda + chutes.drogue_cda, DROGUE
    s -= 1.0 + chutes.drogue_s
    if s < chutes.reefed_s:
        fill = min(1.0, (s / 1.0) ** 2)
        return chutes.body_cda + fill * chutes.reefed * chutes.main_cda, REEFED
    s -= chutes.reefed_s
    if s < chutes.filling_s:
        w = s / chutes.filling_s
        return chutes.body_cda + (chutes.reefed + (1.0 - chutes.reefed) * w * w) * chutes.main_cda, FILLING
    return chutes.body_cda + chutes.main_cda, FULL


@njit(cache=True)
def chute_derivative(t, y, mass, cda, push, forces, work, dy, extra):
    """Right-hand side under canopies: gravity, drag on `cda` m2, and `push` N straight up. `extra` as in entry."""
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    a = work.vectors[4]
    flow = work.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    q = 0.5 * rho * speed * speed
    specific_force = 0.0
    for j in range(3):
        own = push * y[j] / r / mass - q * cda / mass * flow[j] / speed
        dy[j] = y[3 + j]
        dy[3 + j] = a[j] + own
        specific_force += own * own
    extra[0] = height
    extra[1] = speed
    extra[2] = q
    extra[3] = math.sqrt(specific_force) / G0
    extra[4] = 0.0
    extra[5] = forces.gravity.mu / r - 0.5 * (y[3] ** 2 + y[4] ** 2 + y[5] ** 2)


@njit(cache=True)
def descend(t, y, mass, chutes, forces, ground, work, nodes, extras, marks):
    """Under parachutes from where `fly_entry` ended to the ground at height `ground` (m over the ellipsoid).

    y (6,) in place. extras as in `fly_entry` (bank and schedule zero). The air turns with the Earth; no wind.
    marks (5, 3) out: time, height m, air speed m/s of drogue, main, heat shield, retro fire, touchdown.
    Returns (nodes written, mass at touchdown). Retro rockets push up for `retro_s` from `retro_height` over ground.
    """
    k = np.empty((4, 6))
    z = np.empty(6)
    extra = np.empty(6)
    begin = t
    count = 0
    marks[:] = 0.0
    retro_end = 1.0e99
    stored = -1.0e99
    changed = -1.0e99
    canopy = PILOT
    push = 0.0
    for _ in range(400000):
        # An edge (another canopy, the shield, the retro rockets) is two nodes of one time: before it, and after it.
        before = canopy
        before_push = push
        area, canopy = chute_area(t - begin + ON_TIME, chutes)
        retro = marks[RETRO_FIRE, 0] > 0.0 and t < retro_end
        push = chutes.retro_thrust if retro else 0.0
        if canopy != before or push != before_push:
            old_area, _ = chute_area(t - begin - ON_TIME, chutes)
            chute_derivative(t, y, mass, old_area, before_push, forces, work, k[0], extra)
            count = _store(t, y, mass, k[0], extra, nodes, extras, count)
            changed = t
        chute_derivative(t, y, mass, area, push, forces, work, k[0], extra)
        height = extra[0] - ground
        if canopy >= DROGUE and marks[DROGUE_OUT, 0] == 0.0:
            marks[DROGUE_OUT] = t, extra[0], extra[1]
        if canopy >= REEFED and marks[MAIN_OUT, 0] == 0.0:
            marks[MAIN_OUT] = t, extra[0], extra[1]
        if canopy == FULL and marks[SHIELD_OFF, 0] == 0.0 and extra[0] <= chutes.shield_altitude:
            count = _store(t, y, mass, k[0], extra, nodes, extras, count)
            stored = -1.0e99  # and the node after it in this same pass
            mass -= chutes.shield_mass
            chute_derivative(t, y, mass, area, push, forces, work, k[0], extra)
            marks[SHIELD_OFF] = t, extra[0], extra[1]
        if canopy == FULL and marks[RETRO_FIRE, 0] == 0.0 and height <= chutes.retro_height:
            marks[RETRO_FIRE] = t, extra[0], extra[1]
            retro_end = t + chutes.retro_s
        done = height <= 0.0
        if done or retro or t - changed < BRISK or t - stored >= STORE_EVERY - 1.0e-6:
            count = _store(t, y, mass, k[0], extra, nodes, extras, count)
            stored = t
        if done:
            marks[TOUCHDOWN] = t, extra[0], extra[1]
            break
        h = LAST_STEP if canopy == FULL and height < chutes.retro_height + 1.0 else STEP
        if canopy == FULL and t - changed > BRISK and height > STEADY_HEIGHT and extra[1] > STEADY_SPEED:
            h = STEADY_STEP
        # A canopy fills within the step too; its ends are taken just inside, since an edge may lie on either.
        middle, _ = chute_area(t + 0.5 * h - begin, chutes)
        last, _ = chute_area(t + h - begin - ON_TIME, chutes)
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[0, j]
        chute_derivative(t + 0.5 * h, z, mass, middle, push, forces, work, k[1], extra)
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[1, j]
        chute_derivative(t + 0.5 * h, z, mass, middle, push, forces, work, k[2], extra)
        for j in range(6):
            z[j] = y[j] + h * k[2, j]
        chute_derivative(t + h, z, mass, last, push, forces, work, k[3], extra)
        for j in range(6):
            y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])
        t += h
    return count, mass


@njit(cache=True)
def _store(t, y, mass, dy, extra, nodes, extras, count):
    """One row of both histories, until they are full; the new count."""
    if count < nodes.shape[0]:
        nodes[count, 0] = t
        copy(y, nodes[count, 1:7])
        copy(dy[3:6], nodes[count, 7:10])
        nodes[count, 10] = mass
        copy(extra, extras[count, :6])
        extras[count, 6:] = 0.0
        count += 1
    return count
