"""NRLMSISE-00: total mass density of the air for drag, anomalous oxygen included, from 72.5 km up, on a grid.

Picone, Hedin, Drob, Aikin 2002 (JGR 107, A12, 1468): the result of NRL's own `GTD7D` with all its switches on and the
daily Ap alone. Two parts: kernels/atmosphere/msis_globe.py (latitude, season, weather; waves around the globe) and
kernels/atmosphere/msis_profile.py (height). A grid takes them apart: strengths of the waves once for a latitude,
temperatures and the air at 120 km once for a place, and a few products and an exponential a gas for a height. Places of
one latitude lie side by side.

Below 72.5 km the model goes on with other tables, which this program does not have; it has the standard atmosphere.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.atmosphere.msis_globe import DAY_OF_YEAR, WAVES, waves
from kernels.atmosphere.msis_profile import (
    AT_BASE,
    BASE,
    BLOCK,
    DEGREE,
    FREE,
    GAS,
    LIMIT,
    LOG_BASE,
    NODE0,
    NODE5,
    NODE6,
    NODES,
    PER_MASS,
    RATE,
    SUM,
    TURN,
    WEIGHT,
    WEIGHT_JOIN,
    above,
    below,
    geopotential,
    gravity,
    knots,
    spline_weights,
)
from kernels.compiling import njit
from kernels.maths.elementary import exp, log

LOWEST = 72.5  # km
CALM = 300.0  # km: above it the model takes means of the temperatures below 123 km, which still enter by mixing
GASES = 7
N2, O2, O = 0, 1, 2  # of N2, O2, O, He, Ar, H, N
ATOMIC_MASS = 1.66e-27  # kg, the model's
# Quantities that vary around the globe, in the order of `strengths`; the gases' densities follow the first three.
LIMIT_OF, GRADIENT_OF, BASE_OF, GAS_OF, ANOMALOUS_OF, NODES_OF = 0, 1, 2, 3, 10, 11
QUANTITIES = 16
# More rows of scratch, counted in rows: they are passed to loops as views, in which LLVM assumes no negative indices.
VARIATION = FREE  # 16: G of every quantity
DIFFUSIVE = VARIATION + QUANTITIES  # 7: ln n at 120 km of each gas by itself
MIXED = DIFFUSIVE + GASES  # 7: the same as if mixed from the turbopause down
LACK = MIXED + GASES  # 7: ln of the ratio at the ground, known against that of mixing alone
HOT = LACK + GASES  # ln n of anomalous oxygen at its reference
ROWS = HOT + 1


class _Level(NamedTuple):
    """Quantities common to the places of one height: z km; high where it is above the joint, with its rise from there,
    else its spline weights (2, 7); share, chemical (7,): the steps of the two corrections; warmth of the weather; hot
    oxygen."""

    z: float
    high: bool
    rise: float
    weights: np.ndarray
    share: np.ndarray
    chemical: np.ndarray
    warmth: float
    hot: float


class _BlendedGas(NamedTuple):
    """A gas where mixing reaches: its mass u and diffusion alpha, the mixed air's mass u; the exponent a; the share of
    what it lacks; fixed: what else its logarithm has."""

    mass: float
    alpha: float
    mixed_mass: float
    a: float
    share: float
    fixed: float


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _step(z, corner):
    """From 1 below to 0 above a height, over two lengths at once (Picone et al. 2002, 15; the older one has one)."""
    a, b = (z - corner[0]) / corner[1], (z - corner[0]) / corner[2]
    return 1.0 / (1.0 + 0.5 * (math.exp(min(a, 500.0)) + math.exp(min(b, 500.0))))


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True, _nrt=False)
def _places(model, n, surface, radius, zone, pauses, strength, wave, buf, rows):
    """Quantities independent of height, for n places: temperatures, and each gas at 120 km, by itself and mixed.

    `zone` 0: for heights below the joint, where the model leaves the limit of the temperature at its mean; 1: above; 2:
    from CALM on. pauses (7, 2, 7): spline weights at each gas's turbopause. strength (16, 13), wave (13, n).
    """
    for k in range(QUANTITIES):
        of_place = rows[VARIATION + k]
        for j in range(n):
            of_place[j] = strength[k, 0]
        for w in range(1, WAVES):
            strong, of_wave = strength[k, w], wave[w]
            for j in range(n):
                of_place[j] += strong * of_wave[j]
    top, bottom = model.nodes[0], model.nodes[4]
    span = geopotential(bottom, top, radius)
    rise = geopotential(top, BASE, radius)
    turned = ((radius + BASE) / (radius + top)) ** 2
    per_mass = surface / (1.0 + BASE / radius) ** 2 / GAS
    slope = -model.slope * span * ((radius + bottom) / (radius + top)) ** 2
    of_limit, of_base, of_rate = rows[VARIATION + LIMIT_OF], rows[VARIATION + BASE_OF], rows[VARIATION + GRADIENT_OF]
    of_slope = rows[VARIATION + NODES_OF + 4]
    vary, below_vary = 0.0 if zone == 0 else 1.0, 0.0 if zone == 2 else 1.0
    for j in range(n):
        limit = model.temperature[0] * (1.0 + vary * of_limit[j])
        base = model.temperature[2] * (1.0 + of_base[j])
        rate = model.temperature[1] * (1.0 + of_rate[j]) / (limit - base)
        joint = limit - (limit - base) * exp(-rate * rise)
        k = per_mass / (rate * limit)
        buf[LIMIT + j], buf[AT_BASE + j], buf[RATE + j], buf[LOG_BASE + j] = limit, base, rate, log(base)
        buf[PER_MASS + j] = k
        buf[WEIGHT_JOIN + j] = k * (rate * rise - (log(base) - log(joint)))
        buf[NODE0 + j] = 1.0 / joint
        buf[NODE5 + j] = -(limit - joint) * rate * turned * span / (joint * joint)
        buf[NODE6 + j] = slope * (1.0 + below_vary * of_slope[j])
    for k in range(4):
        node, of_place = rows[NODES + 1 + k], rows[VARIATION + NODES_OF + k]
        inverse = 1.0 / model.node_temperature[k]
        for j in range(n):
            node[j] = inverse * (1.0 - below_vary * of_place[j])
    mixed_n2 = rows[MIXED + N2]
    for i in range(GASES):
        here, mixed, lack = rows[DIFFUSIVE + i], rows[MIXED + i], rows[LACK + i]
        of_place = rows[VARIATION + GAS_OF + i]
        at_base, alpha, extra = math.log(model.density[i]), model.diffusion[i], model.mass[i] - model.mixed
        known = math.log(model.ratio[i]) if model.ratio[i] > 0.0 else 0.0
        below(n, pauses[i, 0], pauses[i, 1], buf)
        for j in range(n):
            here[j] = at_base + of_place[j]
            mixed[j] = here[j] + alpha * buf[TURN + j] - extra * buf[WEIGHT + j]
            lack[j] = known + mixed_n2[j] - mixed[j]
    at_base = math.log(model.density[GASES])
    oxygen, of_place = rows[HOT], rows[VARIATION + ANOMALOUS_OF]
    for j in range(n):
        oxygen[j] = at_base + of_place[j]


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True, _nrt=False)
def _add_gas(n, mass, alpha, fixed, here, buf):
    """Add a gas in diffusive balance to the sum; `fixed`: what else its logarithm has."""
    for j in range(n):
        buf[SUM + j] += mass * exp(here[j] + (1.0 + alpha) * buf[TURN + j] - mass * buf[WEIGHT + j] + fixed)


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True, _nrt=False)
def _add_blended(n, gas, here, mixed, lack, buf):
    """The same where mixing reaches, n = (diffusive^a + mixed^a)^(1/a), and with a share of what it lacks.

    The model takes one of them alone where the other is e^10 times less.
    """
    mass, alpha, mixed_mass, a = gas.mass, gas.alpha, gas.mixed_mass, gas.a
    share, fixed = gas.share, gas.fixed
    for j in range(n):
        turn, weight = buf[TURN + j], buf[WEIGHT + j]
        alone = here[j] + (1.0 + alpha) * turn - mass * weight
        apart = a * (mixed[j] + turn - mixed_mass * weight - alone)
        both = log(1.0 + exp(min(max(apart, -10.0), 10.0)))
        both = apart if apart > 10.0 else both
        both = 0.0 if apart < -10.0 else both
        buf[SUM + j] += mass * exp(alone + both / a + share * lack[j] + fixed)


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True, _nrt=False)
def _finish(n, hot_mass, hot, oxygen, out, buf):
    for j in range(n):
        out[j] = log(ATOMIC_MASS * 1.0e6 * (buf[SUM + j] + hot_mass * hot * exp(oxygen[j])))


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _height(model, n, level, out, buf, rows):
    """ln(density) at one height of n places."""
    share, chemical, warmth = level.share, level.chemical, level.warmth
    if level.high:
        above(n, level.rise, buf)
    else:
        below(n, level.weights[0], level.weights[1], buf)
    for j in range(n):
        buf[SUM + j] = 0.0
    for i in range(GASES):
        rate = model.rate[i] * (warmth if i == O2 else 1.0)
        mass, alpha, here = model.mass[i], model.diffusion[i], rows[DIFFUSIVE + i]
        if level.z > model.top[i]:
            _add_gas(n, mass, alpha, rate * chemical[i] if i == O2 else 0.0, here, buf)
            continue
        gas = _BlendedGas(
            mass=mass,
            alpha=alpha,
            mixed_mass=model.mixed,
            a=model.blend / (model.mixed - mass),
            share=share[i] if model.ratio[i] > 0.0 else 0.0,
            fixed=rate * chemical[i] + (model.oxygen * warmth * share[i] if i == O else 0.0),
        )
        _add_blended(n, gas, here, rows[MIXED + i], rows[LACK + i], buf)
    _finish(n, model.hot[3], level.hot, rows[HOT], out, buf)


@njit(cache=True, error_model="numpy", nogil=True)
def fill(model, weather, grid, first, last, out):
    """ln(density kg/m3) into out (moments, heights, latitudes, local times), of the latitudes `first` to `last` - 1.

    model `Msis`, weather `MsisWeather`, grid `MsisGrid`. Each latitude is independent of the others.
    """
    heights, latitudes, seconds, local_times = grid.heights, grid.latitudes, grid.seconds, grid.local_times
    moments, count, n = weather.of.size, heights.size, local_times.size
    buf = np.zeros(ROWS * BLOCK)
    rows = buf.reshape(ROWS, BLOCK)
    wave, single = np.empty((moments, WAVES, n)), np.empty(WAVES)
    for m in range(moments):
        for j in range(n):
            waves(local_times[j], grid.longitudes[m, j], seconds[m], single)
            for w in range(WAVES):
                wave[m, w, j] = single[w]
    share, chemical = np.empty((count, GASES)), np.empty((count, GASES))
    for h in range(count):
        for i in range(GASES):
            share[h, i] = _step(heights[h], model.ground[i])
            chemical[h, i] = _step(heights[h], model.chemistry[i])
    joint = model.nodes[0]
    zones, crossed = np.empty(count, np.int64), np.zeros(3, np.bool_)
    for h in range(count):
        zones[h] = 0 if heights[h] <= joint else 1 if heights[h] < CALM else 2
        crossed[zones[h]] = True
    rises, hot = np.empty(count), np.empty(count)
    weights, pauses = np.zeros((count, 2, 7)), np.zeros((GASES, 2, 7))
    x, slopes = np.empty(5), np.empty((5, 7))
    for p in range(first, last):
        surface, radius = gravity(latitudes[p])
        knots(model.nodes, radius, x, slopes)
        span = geopotential(model.nodes[4], joint, radius)
        per_mass = surface / (1.0 + joint / radius) ** 2 * span / GAS
        heat = GAS * model.hot[0] / model.hot[3]
        length = heat * (1.0 + model.hot[1] / radius) ** 2 / surface
        for h in range(count):
            z = heights[h]
            rises[h] = geopotential(z, BASE, radius)
            alone = -rises[h] * surface / (1.0 + BASE / radius) ** 2 / heat
            fall = model.hot[2] / length * (math.exp(-(z - model.hot[1]) / model.hot[2]) - 1.0)
            hot[h] = math.exp(alone - fall)
            if z <= joint:
                spline_weights(x, slopes, geopotential(z, joint, radius) / span, weights[h, 0], weights[h, 1])
                for c in range(7):
                    weights[h, 1, c] *= per_mass
        for m in range(moments):
            k = weather.of[m]
            conditions = weather.conditions[k]
            if m == 0 or k != weather.of[m - 1]:
                wave_of_year = math.cos(DAY_OF_YEAR * (conditions[0] - model.phase))
                moved = 1.0 + model.amplitude * math.sin(DEGREE * latitudes[p]) * wave_of_year
                for i in range(GASES):
                    z = model.turbopause[i] * (moved if i == N2 else 1.0)
                    spline_weights(x, slopes, geopotential(z, joint, radius) / span, pauses[i, 0], pauses[i, 1])
                    for c in range(7):
                        pauses[i, 1, c] *= per_mass
            warmth = 1.0 + model.flux * (conditions[2] - 150.0)
            for zone in range(3):
                if not crossed[zone]:
                    continue
                for a in range(0, n, BLOCK):
                    some = min(BLOCK, n - a)
                    block_wave = wave[m, :, a : a + some]
                    _places(model, some, surface, radius, zone, pauses, weather.strength[k, p], block_wave, buf, rows)
                    for h in range(count):
                        if zones[h] == zone:
                            level = _Level(
                                z=heights[h],
                                high=zone > 0,
                                rise=rises[h],
                                weights=weights[h],
                                share=share[h],
                                chemical=chemical[h],
                                warmth=warmth,
                                hot=hot[h],
                            )
                            _height(model, some, level, out[m, h, p, a : a + some], buf, rows)
