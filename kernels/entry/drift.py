"""How far the wind takes a capsule under its parachutes: for planners, in a fiftieth of the time of `descend`.

The canopies and their times are those of kernels/entry/parachutes.py. Until the main parachute is full the fall is
flown over flat ground; from there on the capsule sinks as fast as its drag bears its weight, and goes with the wind,
which it follows with a time constant of v / g.
"""

import math
from typing import NamedTuple

from kernels.atmosphere.air import density
from kernels.compiling import njit
from kernels.entry.parachutes import FULL, WAITING, chute_area, next_canopy, stage_length
from kernels.maths.interpolation import interpolate

STEP = 0.1  # s, until the canopy is full
SLOWED = 5.0  # s after that, from which on it sinks steadily
LAYER = 50.0  # m, of the sum from there to the ground
LONGEST = 600.0  # s, until the canopy is full
# Rows of the state: height m, speeds upward, to the east and to the north m/s, and the way to the east and north m
HEIGHT, UP, EAST, NORTH, ALONG_EAST, ALONG_NORTH = range(6)


class DriftPlace(NamedTuple):
    """Where it comes down: `gravity` m/s2 at the ground of the ellipsoid, less what the Earth's turn takes off it;
    `radius` m from the centre there; `latitude` rad; `ground` m over the ellipsoid."""

    gravity: float
    radius: float
    latitude: float
    ground: float


@njit(cache=True, _nrt=False)
def weight_at(height, gravity, radius):
    """Gravity, m/s2, at a height, m, from that at the ground, whose distance from the centre is `radius` m."""
    share = radius / (radius + height)
    return gravity * share * share


@njit(cache=True)
def drift_rate(t, y, area_mass, place, air, wind, dy):
    """Right-hand side of the state y (6,) over flat ground, dy (6,) out; area_mass m2/kg."""
    east = y[EAST] - interpolate(y[HEIGHT], wind[:, 0], wind[:, 1])
    north = y[NORTH] - interpolate(y[HEIGHT], wind[:, 0], wind[:, 2])
    speed = math.sqrt(y[UP] * y[UP] + east * east + north * north)
    drag = 0.5 * air.factor * density(t, y[HEIGHT], place.latitude, 0.0, air) * speed * area_mass
    dy[HEIGHT] = y[UP]
    dy[UP] = -drag * y[UP] - weight_at(y[HEIGHT], place.gravity, place.radius)
    dy[EAST] = -drag * east
    dy[NORTH] = -drag * north
    dy[ALONG_EAST] = y[EAST]
    dy[ALONG_NORTH] = y[NORTH]


@njit(cache=True)
def canopy_drift(t, y, mass, chutes, place, air, wind, out):
    """From where the parachutes open to the ground of `place`: out (2,), m to the east and to the north.

    y (6,): height m, speeds upward, east, north m/s, 0, 0; written over. `air` of the forces; wind (n, 3): height m, to
    the east and to the north m/s. Nothing fails.
    """
    ground = place.ground
    k1, k2, middle = y.copy(), y.copy(), y.copy()
    begin, since, canopy = t, t, WAITING
    while y[HEIGHT] > ground and t - begin < LONGEST:
        then = next_canopy(canopy, t - since, y[HEIGHT], chutes, 0)
        if then != canopy:
            canopy, since = then, t
        if canopy == FULL and t - since >= SLOWED:
            break
        h = min(STEP, max(stage_length(canopy, chutes, 0) - (t - since), 1.0e-6))
        area = chute_area(canopy, t - since, chutes, 0) / mass
        drift_rate(t, y, area, place, air, wind, k1)
        for j in range(6):
            middle[j] = y[j] + 0.5 * h * k1[j]
        area = chute_area(canopy, t - since + 0.5 * h, chutes, 0) / mass
        drift_rate(t, middle, area, place, air, wind, k2)
        for j in range(6):
            y[j] += h * k2[j]
        t += h
    out[0], out[1] = y[ALONG_EAST], y[ALONG_NORTH]
    top = y[HEIGHT]
    layers = max(1, int(math.ceil((top - ground) / LAYER)))
    depth = max(top - ground, 0.0) / layers
    area, pull = chute_area(FULL, 0.0, chutes, 0), 0.0
    for i in range(layers):
        height = top - (i + 0.5) * depth
        rho = air.factor * density(t, height, place.latitude, 0.0, air)
        pull = weight_at(height, place.gravity, place.radius)
        hangs = mass if height > chutes.shield_altitude else mass - chutes.shield_mass
        seconds = depth / math.sqrt(2.0 * hangs * pull / (rho * area))
        out[0] += seconds * interpolate(height, wind[:, 0], wind[:, 1])
        out[1] += seconds * interpolate(height, wind[:, 0], wind[:, 2])
        t += seconds
        if i == layers - 1:  # behind the wind all the way down, by v / g
            lag = depth / seconds / pull
            out[0] += lag * (y[EAST] - interpolate(ground, wind[:, 0], wind[:, 1]))
            out[1] += lag * (y[NORTH] - interpolate(ground, wind[:, 0], wind[:, 2]))
