"""Air density: US76 below and a NRLMSISE-00 table above, or either alone, or an exponential, or a constant."""

import math

from numba import njit

from kernels.us76 import us76

# Models
BLENDED, CONSTANT, EXPONENTIAL, US76, TABLE = range(5)

BLEND_LOW = 86000.0  # m: below, US76 alone
BLEND_HIGH = 100000.0  # m: above, the table alone; between, their logarithms are mixed linearly
DAY = 86400.0
TWO_PI = 2.0 * math.pi


@njit(cache=True, _nrt=False)
def table_density(t, height, latitude, local_angle, air):
    """Density from the table, kg/m3: linear in every axis of ln(density).

    t s, height m, latitude rad (geodetic), local_angle rad (local solar time as an angle, 0 at midnight).
    The table's step in ln(altitude) is about 2 %, so that linear interpolation holds 0.3 %; it is indexed by local
    time because that is where the daily bulge stands still.
    """
    table = air.table
    n_ut, n_x, n_lat, n_lst = table.shape
    u = (t - air.ut0) / DAY * n_ut
    u -= math.floor(u / n_ut) * n_ut
    i = int(u)
    fu = u - i
    i = i % n_ut
    i1 = (i + 1) % n_ut
    x = (math.log(height * 1.0e-3) - air.x0) / air.dx
    x = min(max(x, 0.0), n_x - 1.000001)
    j = int(x)
    fx = x - j
    p = (latitude / math.pi + 0.5) * (n_lat - 1)
    p = min(max(p, 0.0), n_lat - 1.000001)
    k = int(p)
    fp = p - k
    q = local_angle / TWO_PI
    q = (q - math.floor(q)) * n_lst
    m = int(q)
    fq = q - m
    m = m % n_lst
    m1 = (m + 1) % n_lst
    total = 0.0
    for a in range(2):
        wa = fu if a else 1.0 - fu
        ia = i1 if a else i
        for b in range(2):
            wb = fx if b else 1.0 - fx
            for c in range(2):
                wc = fp if c else 1.0 - fp
                w = wa * wb * wc
                total += w * ((1.0 - fq) * table[ia, j + b, k + c, m] + fq * table[ia, j + b, k + c, m1])
    return air.scale * math.exp(total)


@njit(cache=True, _nrt=False)
def density(t, height, latitude, local_angle, air):
    """Density at any height, kg/m3; arguments as in `table_density`. Above 86 km US76 alone is a log-linear table."""
    if air.model == CONSTANT:
        return air.density
    if air.model == EXPONENTIAL:
        return air.density * math.exp((air.altitude - height) / air.height)
    if air.model == US76:
        return us76(height)[0]
    if air.model == TABLE:
        return table_density(t, height, latitude, local_angle, air)
    if height <= BLEND_LOW:
        return us76(height)[0]
    above = table_density(t, height, latitude, local_angle, air)
    if height >= BLEND_HIGH:
        return above
    w = (height - BLEND_LOW) / (BLEND_HIGH - BLEND_LOW)
    return math.exp((1.0 - w) * math.log(us76(height)[0]) + w * math.log(above))
