"""The predictor of the entry guidance: the equations of kernels/entry/dynamics.py for little time.

It flies in Earth-fixed axes, where the air stands still, in a field of point mass and J2, through a column of the
known air that is tabulated once: 0.1 µs an evaluation, where the flight itself takes a microsecond. Events are those of
the flight: the same end, an altitude over the ellipsoid; the same roll toward the command; the same choice of side.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.atmosphere.air import density
from kernels.atmosphere.us76 import us76
from kernels.compiling import njit
from kernels.constants import FLATTENING, G0, J2, OMEGA_EARTH, R_EQUATOR
from kernels.entry.bank import bank_schedule, followed
from kernels.entry.dynamics import ENERGY, FASTEST_SOUND, HEIGHT, ON_ALTITUDE, SKIP_ALTITUDE, SPEED, step_to
from kernels.maths.interpolation import interpolate
from kernels.maths.vectors import copy, dot, norm
from kernels.orbit.forces import local_solar_angle
from kernels.orbit.orientation import body_position, eci_to_ecef, vertical

LEVEL, LEVELS = 250.0, 561  # m between rows of the column of air, and rows: to 140 km; 3e-5 of the density
FAST_STEP, STEP, FAST = 8.0, 4.0, 5000.0  # s above a speed and below it, m/s
LONGEST = 1000  # steps
SIDE_BAND = 3000.0  # m of cross-range that is left alone when slow ...
SIDE_BAND_FAST = 45000.0  # m, and that much more at SIDE_SPEED, by the square of the speed
SIDE_SPEED = 7800.0  # m/s
REVERSAL_SPEED = 1000.0  # m/s through the air; below it the dead-band reverses no more
# What the model says at a place: HEIGHT m, air SPEED m/s, drag and lift m/s2, sink m/s, ENERGY J/kg; from UP on the
# lift upward (3,), from RIGHT on that to the right of the path (3,), m/s2, and from ALONG on the direction of flight
# through the air (3,).
DRAG, LIFT, SINK, UP, RIGHT, ALONG = 2, 3, 4, 6, 9, 12


class EntryModel(NamedTuple):
    """What the guidance takes for true: a column of air (LEVELS, 4), ln(density kg/m3), the speed of sound and the wind
    to the east and to the north as forecast, m/s, every LEVEL m; `windless` m, above which none blows; areas (2,), drag
    and lift area over the mass, m2/kg, at hypersonic trim; the shares of both by Mach number, trim (n, 3); limits (2,)
    of the bank, rad/s and rad/s2; gravity (2,): mu m3/s2 and 3/2 J2 R^2 m2; known (15,) and work (8, 6), written
    over."""

    column: np.ndarray
    windless: float
    areas: np.ndarray
    trim: np.ndarray
    limits: np.ndarray
    gravity: np.ndarray
    known: np.ndarray
    work: np.ndarray


@njit(cache=True)
def entry_model(t, y, mass, capsule, forces, wind, work):
    """An `EntryModel` for a capsule of `mass` kg, with the air above the place of y (6,) GCRS at t s."""
    rows = wind.shape[0]
    model = EntryModel(
        column=np.empty((LEVELS, 4)),
        windless=wind[rows - 1, 0] if rows > 0 else -1.0e9,
        areas=np.empty(2),
        trim=capsule.trim,
        limits=np.empty(2),
        gravity=np.empty(2),
        known=np.empty(15),
        work=np.empty((8, 6)),
    )
    model.areas[0] = capsule.cda / mass
    model.areas[1] = capsule.cla / mass
    model.limits[0] = capsule.bank_rate
    model.limits[1] = capsule.bank_acceleration
    model.gravity[0] = forces.gravity.mu
    model.gravity[1] = 1.5 * J2 * forces.gravity.radius**2 if forces.gravity.degree >= 2 else 0.0
    eci_to_ecef(t, forces.orientation, work.row, work.c)
    c, sun = work.c, work.vectors[0]
    body_position(t, forces.sun, sun)
    x = c[0, 0] * y[0] + c[0, 1] * y[1] + c[0, 2] * y[2]
    u = c[1, 0] * y[0] + c[1, 1] * y[1] + c[1, 2] * y[2]
    z = c[2, 0] * y[0] + c[2, 1] * y[1] + c[2, 2] * y[2]
    sine, cosine, _ = vertical(math.sqrt(x * x + u * u), z)
    latitude, angle = math.atan2(sine, cosine), local_solar_angle(x, u, c, sun)
    for i in range(LEVELS):
        height = i * LEVEL
        rho = forces.air.factor * density(t, height, latitude, angle, forces.air)
        model.column[i, 0] = math.log(rho) if rho > 0.0 else -700.0
        model.column[i, 1] = us76(height)[3]
        blows = height <= model.windless
        model.column[i, 2] = interpolate(height, wind[:, 0], wind[:, 1]) if blows else 0.0
        model.column[i, 3] = interpolate(height, wind[:, 0], wind[:, 2]) if blows else 0.0
    return model


@njit(cache=True)
def to_fixed(y, c, pole, z):
    """State y (6,) GCRS in Earth-fixed axes that turn with the Earth, z (6,) out; c (3, 3), pole (3,) of `scratch`."""
    v0 = y[3] - OMEGA_EARTH * (pole[1] * y[2] - pole[2] * y[1])
    v1 = y[4] - OMEGA_EARTH * (pole[2] * y[0] - pole[0] * y[2])
    v2 = y[5] - OMEGA_EARTH * (pole[0] * y[1] - pole[1] * y[0])
    for i in range(3):
        z[i] = c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]
        z[3 + i] = c[i, 0] * v0 + c[i, 1] * v1 + c[i, 2] * v2


@njit(cache=True, _nrt=False)
def model_rate(y, model, dy):
    """Right-hand side in Earth-fixed axes without the lift: y, dy (6,) m, m/s; model.known is filled.

    The height is that along the radius: 0.6 m too much at 100 km.
    """
    known = model.known
    r2 = y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
    r = math.sqrt(r2)
    inverse = 1.0 / r
    u0, u1, u2 = inverse * y[0], inverse * y[1], inverse * y[2]
    north = u2 * u2
    height = r - R_EQUATOR * (1.0 - FLATTENING * north * (1.0 + 1.5 * FLATTENING * (1.0 - north)))
    level = min(max(height * (1.0 / LEVEL), 0.0), LEVELS - 1.000001)
    i = int(level)
    w = level - i
    column, trim = model.column, model.trim
    f0, f1, f2 = y[3], y[4], y[5]
    if height < model.windless:
        # East is pole x r; north lies in the plane of the horizon, whose normal is that of the ellipsoid.
        east = column[i, 2] + w * (column[i + 1, 2] - column[i, 2])
        north_wind = column[i, 3] + w * (column[i + 1, 3] - column[i, 3])
        p = math.sqrt(y[0] * y[0] + y[1] * y[1])
        c, s = y[0] / p, y[1] / p
        n2 = y[2] / (1.0 - FLATTENING) ** 2
        n = math.sqrt(p * p + n2 * n2)
        f0 -= -east * s - north_wind * n2 / n * c
        f1 -= east * c - north_wind * n2 / n * s
        f2 -= north_wind * p / n
    speed = math.sqrt(f0 * f0 + f1 * f1 + f2 * f2)
    rho = math.exp(column[i, 0] + w * (column[i + 1, 0] - column[i, 0]))
    last = trim.shape[0] - 1
    drag_share, lift_share = trim[last, 1], trim[last, 2]
    if last > 0 and speed < FASTEST_SOUND * trim[last, 0]:
        mach = speed / (column[i, 1] + w * (column[i + 1, 1] - column[i, 1]))
        drag_share = interpolate(mach, trim[:, 0], trim[:, 1])
        lift_share = interpolate(mach, trim[:, 0], trim[:, 2])
    q = 0.5 * rho * speed * speed
    drag = q * model.areas[0] * drag_share
    lift = q * model.areas[1] * lift_share
    share = 1.0 / speed
    e0, e1, e2 = share * f0, share * f1, share * f2
    s = u0 * e0 + u1 * e1 + u2 * e2
    lifted = lift / math.sqrt(1.0 - s * s)
    l0, l1, l2 = lifted * (u0 - s * e0), lifted * (u1 - s * e1), lifted * (u2 - s * e2)
    mu = model.gravity[0]
    inverse2 = inverse * inverse
    pull, oblate = mu * inverse * inverse2, model.gravity[1] * inverse2
    along = pull * (1.0 + oblate * (1.0 - 5.0 * north))
    turn = OMEGA_EARTH
    dy[0], dy[1], dy[2] = y[3], y[4], y[5]
    dy[3] = -along * y[0] + turn * (2.0 * y[4] + turn * y[0]) - drag * e0
    dy[4] = -along * y[1] + turn * (turn * y[1] - 2.0 * y[3]) - drag * e1
    dy[5] = -(along + 2.0 * pull * oblate) * y[2] - drag * e2
    known[HEIGHT] = height
    known[SPEED] = speed
    known[DRAG] = drag
    known[LIFT] = lift
    known[ENERGY] = mu * inverse - 0.5 * ((y[3] - turn * y[1]) ** 2 + (y[4] + turn * y[0]) ** 2 + y[5] * y[5])
    known[SINK] = -(u0 * y[3] + u1 * y[4] + u2 * y[5])
    known[6], known[7], known[8] = l0, l1, l2
    known[9], known[10], known[11] = e1 * l2 - e2 * l1, e2 * l0 - e0 * l2, e0 * l1 - e1 * l0
    known[12], known[13], known[14] = e0, e1, e2


@njit(cache=True, _nrt=False)
def add_lift(upward, aside, known, dy):
    """Add the lift to what `model_rate` found: its shares upward and to the right, as in `banked_derivative`."""
    for j in range(3):
        dy[3 + j] += upward * known[UP + j] + aside * known[RIGHT + j]


@njit(cache=True)
def cross_range(z, target):
    """Cross-range of the target, to the right of the present ground track, m; z (6,), target (3,) Earth-fixed."""
    a0, a1, a2 = z[4] * z[2] - z[5] * z[1], z[5] * z[0] - z[3] * z[2], z[3] * z[1] - z[4] * z[0]
    size = math.sqrt(a0 * a0 + a1 * a1 + a2 * a2)
    radius = norm(target)
    return radius * math.asin((target[0] * a0 + target[1] * a1 + target[2] * a2) / (size * radius))


@njit(cache=True)
def side_margin(side, offset, speed):
    """How much further to the other side the target may lie, m, before the side to bank to is changed."""
    return side * offset + SIDE_BAND + SIDE_BAND_FAST * (speed / SIDE_SPEED) ** 2


@njit(cache=True)
def commanded_side(side, offset, speed):
    """The side to bank to: kept until the target lies further to the other side than the dead-band allows."""
    return side if side_margin(side, offset, speed) >= 0.0 else -side


@njit(cache=True)
def miss_from(start, end, target, out):
    """Miss of `end` against the target, along the great circle from `start` to it: target ahead m, right m.

    start, end (3,) Earth-fixed unit vectors, target (3,) m. The heading at the end would not do as a reference: under
    the last kilometres of fall it may point anywhere.
    """
    radius = norm(target)
    t0, t1, t2 = target[0] / radius, target[1] / radius, target[2] / radius
    n0, n1, n2 = start[1] * t2 - start[2] * t1, start[2] * t0 - start[0] * t2, start[0] * t1 - start[1] * t0
    size = math.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
    n0, n1, n2 = n0 / size, n1 / size, n2 / size
    a0, a1, a2 = n1 * start[2] - n2 * start[1], n2 * start[0] - n0 * start[2], n0 * start[1] - n1 * start[0]
    to = math.atan2(t0 * a0 + t1 * a1 + t2 * a2, t0 * start[0] + t1 * start[1] + t2 * start[2])
    flown = math.atan2(end[0] * a0 + end[1] * a1 + end[2] * a2, dot(end, start))
    out[0] = radius * (to - flown)
    out[1] = radius * math.asin(end[0] * n0 + end[1] * n1 + end[2] * n2)


@njit(cache=True)
def predict(z, bank, rate, side, held, schedule, target, opening_altitude, model, end):
    """Fly z (6,), Earth-fixed, in place to the opening altitude on the schedule, which begins at the energy of z.

    bank, rate  rad and rad/s now; side +1 or -1; 0: no side, the vertical part of the lift alone
    held        1: the side is kept to the end; 0: it is changed by the dead-band, where that is crossed in a step
    end (4,)    s flown, miss ahead m and right m as seen from the start, largest load g, out
    """
    work = model.work
    known, begin, ground, before = model.known, work[5], work[6], work[7]
    fastest, acceleration = model.limits[0], model.limits[1]
    flown, largest, start_energy, step = 0.0, 0.0, 0.0, 0.0
    margin, cut, bank_before, rate_before = -1.0, 0.0, bank, rate
    size = norm(z[:3])
    for j in range(3):
        begin[j] = z[j] / size
    for number in range(LONGEST):
        model_rate(z, model, work[0])
        largest = max(largest, math.sqrt(known[DRAG] ** 2 + known[LIFT] ** 2))
        height, speed, energy, sink = known[HEIGHT], known[SPEED], known[ENERGY], known[SINK]
        if number == 0:
            start_energy = energy
        if height <= opening_altitude + ON_ALTITUDE or (height > SKIP_ALTITUDE and sink < 0.0):
            break
        if held == 0 and side != 0.0 and speed > REVERSAL_SPEED:
            margin_before, margin = margin, side_margin(side, cross_range(z, target), speed)
            if cut > 0.0 or (margin < 0.0 and margin_before <= 0.0):
                side, margin, cut = -side, -1.0, 0.0
            elif margin < 0.0:  # back, to the place in the last step where the side is to be changed
                copy(before, z)
                bank, rate, flown = bank_before, rate_before, flown - step
                cut, margin = max(step * margin_before / (margin_before - margin), 1.0e-3), margin_before
                model_rate(z, model, work[0])
                height, energy, sink = known[HEIGHT], known[ENERGY], known[SINK]
        command = bank_schedule(energy, start_energy, schedule)
        step = cut if cut > 0.0 else step_to(opening_altitude, height, sink, FAST_STEP if speed > FAST else STEP)
        copy(z, before)
        bank_before, rate_before = bank, rate
        if side == 0.0:
            bank, rate, upward, aside = command, 0.0, math.cos(command), 0.0
        else:
            bank, rate, upward, aside = followed(bank, rate, side * command, step, fastest, acceleration)
        model_step(z, step, upward, aside, model)
        flown += step
    size = norm(z[:3])
    for j in range(3):
        ground[j] = z[j] / size
    miss_from(begin, ground, target, end[1:3])
    end[0] = flown
    end[3] = largest / G0


@njit(cache=True, _nrt=False)
def model_step(z, h, upward, aside, model):
    """One classical Runge-Kutta step of z (6,) in place, right after `model_rate` of it into model.work[0]."""
    work = model.work
    trial = work[4]
    add_lift(upward, aside, model.known, work[0])
    for stage in range(1, 4):
        length = h if stage == 3 else 0.5 * h
        for j in range(6):
            trial[j] = z[j] + length * work[stage - 1, j]
        model_rate(trial, model, work[stage])
        add_lift(upward, aside, model.known, work[stage])
    for j in range(6):
        z[j] += h / 6.0 * (work[0, j] + 2.0 * work[1, j] + 2.0 * work[2, j] + work[3, j])
