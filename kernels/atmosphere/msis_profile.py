"""The vertical part of NRLMSISE-00: temperature and hydrostatic balance at one height, for many places of a latitude.

Above 123 km temperature rises to its limit after Bates; below, 1/T is a cubic spline through five nodes in geopotential
height. A spline is linear in the values at its nodes and the two slopes at its ends: so one latitude and one height
have seven weights for 1/T and seven for its integral, the same for all places. All gases share two numbers of a place:

    turn     ln(T120 / T), T120 the temperature at 120 km
    weight   what the barometric law takes from ln(density) per unit of molecular mass, from 120 km up

so that ln n = ln n120 + (1 + alpha) turn - mass weight of a gas with thermal diffusion alpha. Walker 1965 (J. Atmos.
Sci. 22, 462) and Hedin 1987 (JGR 92, 4649, A7-A16), in this form. Heights in km, temperatures in K, masses in u.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.maths.elementary import exp, log

GAS = 831.4  # of the model: with g in cm/s2 and T/(mass g) in km
BASE = 120.0  # km, where the densities are given
DEGREE = 1.74533e-2
BLOCK = 64  # places side by side at most

# Rows of scratch, a place in each column.
(
    LIMIT,
    AT_BASE,
    RATE,
    LOG_BASE,
    PER_MASS,
    WEIGHT_JOIN,  # T limit, T120, 1/km, ln T120, and the two of `weight`
    TURN,
    WEIGHT,
    SUM,  # side by side: LLVM takes the rows that a loop names for one span, which no view may lie in
    NODE0,
    NODE1,
    NODE2,
    NODE3,
    NODE4,
    NODE5,
    NODE6,  # the spline's five values of 1/T and its two slopes
) = (BLOCK * k for k in range(16))
NODES, FREE = NODE0 // BLOCK, 16  # counted in rows: where the spline's begin, and where others may


@njit(cache=True, error_model="numpy", nogil=True)
def gravity(latitude):
    """The model's gravity on the ground (cm/s2) and effective radius of the Earth (km) at a latitude (deg)."""
    c = math.cos(2.0 * DEGREE * latitude)
    surface = 980.616 * (1.0 - 0.0026373 * c)
    return surface, 2.0e-5 * surface / (3.085462e-6 + 2.27e-9 * c)


@njit(cache=True, error_model="numpy", nogil=True)
def geopotential(z, start, radius):
    """Geopotential height above `start`, km."""
    return (z - start) * (radius + start) / (radius + z)


@njit(cache=True, error_model="numpy", nogil=True)
def knots(heights, radius, x, slopes):
    """Places x (5,) of the spline's nodes, 0 at the top and 1 at the bottom, and slopes (5, 7): of the spline there.

    Of the seven numbers that make a spline (five values and the slopes at the ends) row k has what each adds to the
    slope at node k: three equations, that the second derivative is continuous, solved for all seven at once.
    """
    span = geopotential(heights[4], heights[0], radius)
    for k in range(5):
        x[k] = geopotential(heights[k], heights[0], radius) / span
        for c in range(7):
            slopes[k, c] = 0.0
    slopes[0, 5], slopes[4, 6] = 1.0, 1.0
    pivots = np.empty(4)
    for k in range(1, 4):
        left, right = x[k] - x[k - 1], x[k + 1] - x[k]
        slopes[k, k - 1] -= 3.0 * right / left
        slopes[k, k] += 3.0 * (right / left - left / right)
        slopes[k, k + 1] += 3.0 * left / right
        share = right if k == 1 else right / pivots[k - 1]
        pivots[k] = 2.0 * (left + right) - (0.0 if k == 1 else share * (x[k - 1] - x[k - 2]))
        for c in range(7):
            slopes[k, c] -= share * slopes[k - 1, c]
    for k in range(3, 0, -1):
        for c in range(7):
            slopes[k, c] = (slopes[k, c] - (x[k] - x[k - 1]) * slopes[k + 1, c]) / pivots[k]


@njit(cache=True, error_model="numpy", nogil=True)
def spline_weights(x, slopes, at, value, integral):
    """Contribution of each of the seven numbers (7,) to the spline's value at `at` and to its integral from 0 to `at`.

    Between two nodes it is Hermite's cubic of their values and slopes.
    """
    for c in range(7):
        value[c], integral[c] = 0.0, 0.0
    for k in range(4):
        if at <= x[k] and k > 0:
            break
        h = x[k + 1] - x[k]
        s = min((at - x[k]) / h, 1.0)
        s2 = s * s
        last = at <= x[k + 1] or k == 3
        for c in range(7):
            a, b = h * slopes[k, c], h * slopes[k + 1, c]
            integral[c] += h * s2 * ((0.5 + s * (0.25 * s - 2.0 / 3.0)) * a + s * (0.25 * s - 1.0 / 3.0) * b)
            if last:
                value[c] += s * (1.0 + s * (s - 2.0)) * a + s2 * (s - 1.0) * b
        integral[k] += h * s * (1.0 + s2 * (0.5 * s - 1.0))
        integral[k + 1] += h * s * s2 * (1.0 - 0.5 * s)
        if last:
            value[k] += 1.0 + s2 * (2.0 * s - 3.0)
            value[k + 1] += s2 * (3.0 - 2.0 * s)


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True)
def above(n, rise, buf):
    """`turn` and `weight` of n places above the joint, `rise` geopotential km over 120 km."""
    for j in range(n):
        t = buf[LIMIT + j] - (buf[LIMIT + j] - buf[AT_BASE + j]) * exp(-buf[RATE + j] * rise)
        turn = buf[LOG_BASE + j] - log(t)
        buf[TURN + j] = turn
        buf[WEIGHT + j] = buf[PER_MASS + j] * (buf[RATE + j] * rise - turn)


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True)
def below(n, value, integral, buf):
    """The same below the joint, by the weights (7,) of the spline; those of the integral already times g span / R."""
    v0, v1, v2, v3, v4, v5, v6 = value[0], value[1], value[2], value[3], value[4], value[5], value[6]
    i0, i1, i2, i3, i4, i5, i6 = (
        integral[0],
        integral[1],
        integral[2],
        integral[3],
        integral[4],
        integral[5],
        integral[6],
    )
    for j in range(n):
        n0, n1, n2, n3 = buf[NODE0 + j], buf[NODE1 + j], buf[NODE2 + j], buf[NODE3 + j]
        n4, n5, n6 = buf[NODE4 + j], buf[NODE5 + j], buf[NODE6 + j]
        buf[TURN + j] = buf[LOG_BASE + j] + log(v0 * n0 + v1 * n1 + v2 * n2 + v3 * n3 + v4 * n4 + v5 * n5 + v6 * n6)
        buf[WEIGHT + j] = buf[WEIGHT_JOIN + j] + i0 * n0 + i1 * n1 + i2 * n2 + i3 * n3 + i4 * n4 + i5 * n5 + i6 * n6
