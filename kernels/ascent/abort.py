"""Abort from a failing launcher: escape motors or the ship's own engine, a coast, and the entry.

The fall is flown by the entry's own equations (kernels/entry/dynamics.py), unguided on a constant bank; this module
flies the craft from the rocket to the gate below which only the capsule is left. Dropped stages of a launcher fall in
the same way.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.constants import G0
from kernels.entry.dynamics import EntryVehicle, entry_derivative, fall_banked
from kernels.maths.vectors import norm
from kernels.orbit.orientation import geodetic
from kernels.records import Capsule

# Columns of the result of `fly_abort`: end time s, latitude and longitude rad, height m; the largest load while the
# engines burn, and the largest of all, g; the apex m; the largest load of the entry alone, g; propellant burnt, kg
END, LATITUDE, LONGITUDE, HEIGHT, PUSH_LOAD, PEAK_LOAD, APEX, ENTRY_LOAD, BURNT = range(9)
RESULT_COLUMNS = 9

PUSH_STEP = 0.25  # s, while an engine burns
AIR_STEP, THIN_STEP, SPACE_STEP = 1.0, 5.0, 20.0  # s, of a coast below THIN, above it, and above SPACE
THIN, SPACE = 100.0e3, 140.0e3  # m
LONGEST_COAST = 3600.0  # s
LONGEST_ENTRY = 3600.0  # s
DOWN, NOT_DOWN = 0, 1  # what becomes of an abort: it reached the opening altitude, or not within the limit


@record
class EscapeBurn(NamedTuple):
    """A constant thrust away from the rocket: force N, flow kg/s, direction (3,) inertial unit vector, duration s."""

    force: float
    flow: float
    direction: np.ndarray
    duration: float


@record
class AbortDescent(NamedTuple):
    """The fall after the burn: below the height `gate` m only `capsule` of `mass` kg remains, which falls on a
    constant `bank` rad to the height `opening_altitude` m in steps of `step` s."""

    gate: float
    mass: float
    capsule: Capsule
    bank: float
    opening_altitude: float
    step: float


@njit(cache=True)
def _rate(t, y, mass, force, aim, body, forces, work, dy, extra):
    """`entry_derivative` of an unlifting body with thrust `force` N along `aim` (3,); returns the load factor, g."""
    vehicle = EntryVehicle(mass=mass, capsule=body, lift_factor=0.0, drag_factor=1.0)
    entry_derivative(t, y, 0.0, vehicle, forces, work, dy, extra)
    specific_force = 0.0
    for j in range(3):
        dy[3 + j] += force / mass * aim[j]
        specific_force += (dy[3 + j] - work.vectors[4][j]) ** 2
    return math.sqrt(specific_force) / G0


@njit(cache=True)
def push_off(t, y, mass, burn, body, forces, gate, work, result):
    """Fly the burn `burn`, and coast until the craft falls through `gate` m, or from a lower apex.

    A burn that is not over by then ends there.
    y (6,) in place; burn `EscapeBurn`; `body` a Capsule whose drag alone counts. Of result
    (RESULT_COLUMNS,) PUSH_LOAD, PEAK_LOAD, APEX and BURNT are filled. Returns (time, mass) there.
    """
    k = np.empty((4, 6))
    z = np.empty(6)
    extra = np.empty(6)
    force, flow, aim, duration = burn.force, burn.flow, burn.direction, burn.duration
    begin = t
    result[PUSH_LOAD] = 0.0
    result[PEAK_LOAD] = 0.0
    result[APEX] = -1.0e9
    result[BURNT] = 0.0
    while t - begin < LONGEST_COAST:
        burning = t - begin < duration - 1.0e-9
        push = force if burning else 0.0
        load = _rate(t, y, mass, push, aim, body, forces, work, k[0], extra)
        result[PEAK_LOAD] = max(result[PEAK_LOAD], load)
        if burning:
            result[PUSH_LOAD] = max(result[PUSH_LOAD], load)
        result[APEX] = max(result[APEX], extra[0])
        climb = (y[0] * y[3] + y[1] * y[4] + y[2] * y[5]) / norm(y[:3])
        if climb <= 0.0 and extra[0] <= gate and (flow > 0.0 or not burning):
            break
        if burning:
            h = min(PUSH_STEP, duration - (t - begin))
        else:
            h = AIR_STEP if extra[0] < THIN else THIN_STEP if extra[0] < SPACE else SPACE_STEP
            if climb < 0.0:
                h = min(h, max((extra[0] - gate) / -climb, 1.0e-3))
        drain = flow if burning else 0.0
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[0, j]
        _rate(t + 0.5 * h, z, mass - 0.5 * h * drain, push, aim, body, forces, work, k[1], extra)
        for j in range(6):
            z[j] = y[j] + 0.5 * h * k[1, j]
        _rate(t + 0.5 * h, z, mass - 0.5 * h * drain, push, aim, body, forces, work, k[2], extra)
        for j in range(6):
            z[j] = y[j] + h * k[2, j]
        _rate(t + h, z, mass - h * drain, push, aim, body, forces, work, k[3], extra)
        for j in range(6):
            y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])
        mass -= drain * h
        result[BURNT] += drain * h
        t += h
    return t, mass


@njit(cache=True)
def fly_abort(t, y, mass, burn, body, descent, forces, work, result):
    """From the rocket to the height where the parachutes open: y (6,) in place, result (RESULT_COLUMNS,) out.

    `body` falls with `mass` kg to the gate of `descent` (see `push_off`); from there its capsule, by `fall_banked`.
    """
    t, mass = push_off(t, y, mass, burn, body, forces, descent.gate, work, result)
    largest = np.empty(1)
    end = fall_banked(
        t,
        y,
        EntryVehicle(mass=descent.mass, capsule=descent.capsule, lift_factor=1.0, drag_factor=1.0),
        forces,
        descent.bank,
        descent.opening_altitude,
        descent.step,
        LONGEST_ENTRY,
        work,
        largest,
    )
    c = work.c
    x0 = c[0, 0] * y[0] + c[0, 1] * y[1] + c[0, 2] * y[2]
    x1 = c[1, 0] * y[0] + c[1, 1] * y[1] + c[1, 2] * y[2]
    x2 = c[2, 0] * y[0] + c[2, 1] * y[1] + c[2, 2] * y[2]
    result[LATITUDE], result[LONGITUDE], result[HEIGHT] = geodetic(x0, x1, x2)
    result[END] = end
    result[ENTRY_LOAD] = largest[0]
    result[PEAK_LOAD] = max(result[PEAK_LOAD], largest[0])
    return NOT_DOWN if math.isnan(end) else DOWN


@njit(cache=True)
def reached(status):
    """Whether `fly_abort` reached the opening altitude."""
    return status == DOWN
