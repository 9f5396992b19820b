"""Collision avoidance: the smallest single burn after which free drift carries a ship away from a station for good.

LVLH of the station: x forward, y against the orbit normal, z to the nadir; m, m/s. The burn is taken as an impulse, the
orbit as a circle and gravity as linear: over 1 km of drift that errs by a few metres, which the margins below cover.
Candidates are velocities *after* the burn, so that a ship that comes in fast is first of all stopped.
docs/physics.md 7.7.
"""

import math

import numpy as np

from kernels.compiling import njit

FOUND = 0
MIN_SHORTFALL = 1  # no candidate meets every rule: the one of smallest shortfall

SPEEDS = np.array([0.3, 0.5, 0.7, 1.0, 1.5])  # m/s, outward
TILTS = np.array([0.0, -0.25, 0.25, -1.0, 1.0])  # sideways, of the speed outward: straight, 14 deg and 45 deg tilted
NEAR = 20.0  # m from the body inside which the ship backs straight out
SLIGHT = 0.3  # as far as "straight" goes
STRONG = 0.5  # m/s, minimum speed along V-bar inside NEAR: the tidal acceleration is sideways, not outward
CLEAR = 1.25  # times the keep-out sphere, left and not met again: for the errors of HCW and a burn error of 3 %
ERROR = 0.01  # m/s, forward: 3 sigma of navigation and burn; it displaces the ship by 55 m a radian of the orbit
REVOLUTIONS = 2.0
STEP = 0.025  # rad of the orbit, 22 s: between samples the distance dips by less than v^2 dt^2 / 8 d = 0.5 m


@njit(cache=True)
def drifted(n, tau, p, v):
    """Position after the angle tau = n t of free drift from p, v (3,): x, y, z as a tuple. Fehse 2003 eqs 3.18 ff."""
    s, c = math.sin(tau), math.cos(tau)
    x = p[0] + 6.0 * (tau - s) * p[2] + ((4.0 * s - 3.0 * tau) * v[0] + 2.0 * (1.0 - c) * v[2]) / n
    y = c * p[1] + s / n * v[1]
    z = (4.0 - 3.0 * c) * p[2] + (s * v[2] - 2.0 * (1.0 - c) * v[0]) / n
    return x, y, z


@njit(cache=True)
def nearest(p, v, n, revolutions):
    """Minimum distance (m) from the station on a free drift, and its time s: sampled every 22 s, both ends too."""
    steps = max(1, int(math.ceil(2.0 * math.pi * revolutions / STEP)))
    tau = 2.0 * math.pi * revolutions / steps
    smallest, when = math.inf, 0.0
    for i in range(steps + 1):
        x, y, z = drifted(n, i * tau, p, v)
        d = math.sqrt(x * x + y * y + z * z)
        if d < smallest:
            smallest, when = d, i * tau / n
    return smallest, when


@njit(cache=True)
def shortfall(p, v, n, clear, enough):
    """Shortfall, m, of a free drift from p with v (3,) that should leave the sphere for good; zero where it does.

    It has to recede up to the distance `clear`, and must not come back inside within two revolutions, even when the
    forward speed is wrong by ERROR. The count stops once it is over `enough`; a drift that never gets out has the
    remaining distance as its shortfall.
    """
    reached = math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    out = reached >= clear
    short = 0.0
    if not out and p[0] * v[0] + p[1] * v[1] + p[2] * v[2] < 0.0:
        short = 1.0e-3
    steps = int(2.0 * math.pi * REVOLUTIONS / STEP)
    for i in range(1, steps + 1):
        tau = i * STEP
        x, y, z = drifted(n, tau, p, v)
        if out:
            x = max(abs(x) - ERROR / n * abs(4.0 * math.sin(tau) - 3.0 * tau), 0.0)
        d = math.sqrt(x * x + y * y + z * z)
        short = max(short, min(reached, clear) - d)
        if short > enough:
            return short
        reached = max(reached, d)
        out = out or d >= clear
    if not out:
        short = max(short, clear - reached)
    return short


@njit(cache=True, _nrt=True)
def retreat(state, n, keep_out, body_radius, dv_out):
    """Fill dv_out (3,), m/s in LVLH, with the burn to retreat with; return FOUND or MIN_SHORTFALL.

    state        (6,) the ship's centre of mass from the station's in LVLH, m and m/s, as navigated
    n            mean motion, rad/s; keep_out m, radius of the sphere; body_radius m, how far out the ports are
    Candidates are velocities after the burn: outward along the axis of LVLH that the ship's place is nearest to, at one
    of five speeds, straight or tilted in the orbit plane; within NEAR of the body tilted slightly at most, as the ports
    face along axes, and fast where that axis is not R-bar. Of those after which the ship recedes until it is well out
    of the sphere and stays out for two revolutions (`shortfall`) it is the one with the smallest burn. A ship that is
    well out already may need none. Where no candidate does so, it is the one with the smallest shortfall.
    """
    p, v = state[:3], state[3:6]
    distance = math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    clear = CLEAR * keep_out
    near = distance < body_radius + NEAR
    smallest, cost = math.inf, math.inf
    dv_out[:] = 0.0
    if distance >= clear:
        smallest, cost = shortfall(p, v, n, clear, math.inf), 0.0
    main = 0
    for j in range(1, 3):
        if abs(p[j]) > abs(p[main]):
            main = j
    outward = 1.0 if p[main] >= 0.0 else -1.0
    one, other = 2 if main == 0 else 0, 2 if main == 1 else 1  # other: the second axis in the plane, or y, not used
    trial = np.empty(3)
    for speed in SPEEDS:
        if near and main != 2 and speed < STRONG:
            continue
        for a in TILTS:
            for b in TILTS:
                if (near and max(abs(a), abs(b)) > SLIGHT) or (other == 1 and b != 0.0):
                    continue
                trial[main], trial[one], trial[other] = outward * speed, a * speed, b * speed
                price = math.sqrt((trial[0] - v[0]) ** 2 + (trial[1] - v[1]) ** 2 + (trial[2] - v[2]) ** 2)
                if smallest == 0.0 and price >= cost:
                    continue
                short = shortfall(p, trial, n, clear, smallest)
                if short < smallest or (short == smallest and price < cost):
                    smallest, cost = short, price
                    dv_out[0], dv_out[1], dv_out[2] = trial[0] - v[0], trial[1] - v[1], trial[2] - v[2]
    return FOUND if smallest == 0.0 else MIN_SHORTFALL
