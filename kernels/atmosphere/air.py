"""Air density: US76 below and a NRLMSISE-00 table above, or either alone, or an exponential, or a constant."""

import math

from kernels.atmosphere.us76 import us76
from kernels.compiling import njit

# Models
BLENDED, CONSTANT, EXPONENTIAL, US76, TABLE = range(5)

BLEND_LOW = 86000.0  # m: below, US76 alone
BLEND_HIGH = 100000.0  # m: above, the table alone; between, their logarithms are mixed linearly
DAY = 86400.0
TWO_PI = 2.0 * math.pi


@njit(cache=True, _nrt=False, forceinline=True)
def _held(x, count):
    """Node below `x` (in steps of an axis of `count` nodes) and how far beyond it; held at the ends."""
    x = min(max(x, 0.0), count - 1.000001)
    j = int(x)
    return j, x - j


@njit(cache=True, _nrt=False, forceinline=True)
def _going_on(x, count):
    """The same, held below and extrapolated above: ln(density) continues as between the last two nodes."""
    j = min(int(max(x, 0.0)), count - 2)
    return j, max(x, 0.0) - j


@njit(cache=True, _nrt=False, forceinline=True)
def _wrapped(x, count):
    """Nodes on both sides of `x` on an axis that closes after `count` steps, and how far beyond the first."""
    i = int(x)
    f = x - i
    i = i % count
    return i, (i + 1) % count, f


@njit(cache=True, _nrt=False, forceinline=True)
def _mixed(table, time, altitude, latitude, hour):
    """Linear in four axes between sixteen nodes: each axis with its node, the next one where it is not the node + 1,
    and how far beyond the first."""
    i, i1, fu = time
    j, fx = altitude
    k, fp = latitude
    m, m1, fq = hour
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
    return total


@njit(cache=True, _nrt=False)
def table_density(t, height, latitude, local_angle, air):
    """Density from the table, kg/m3: linear in every axis of ln(density).

    t s, height m, latitude rad (geodetic), local_angle rad (local solar time as an angle, 0 at midnight).
    The table's step in ln(altitude) is about 2 %, so that linear interpolation holds 0.3 %; it is indexed by local
    time because that is where the daily bulge stands still. Where weather and season change, a second, coarser table
    holds how far ln(density) has changed since the day of the first. Above the table the density follows the power
    law of height of its last rows.
    """
    n_ut, n_x, n_lat, n_lst = air.table.shape
    u = (t - air.ut0) / DAY * n_ut
    u -= math.floor(u / n_ut) * n_ut
    time = _wrapped(u, n_ut)
    x = math.log(height * 1.0e-3) - air.x0
    altitude = _going_on(x / air.dx, n_x)
    p = latitude / math.pi + 0.5
    place = _held(p * (n_lat - 1), n_lat)
    q = local_angle / TWO_PI
    q -= math.floor(q)
    hour = _wrapped(q * n_lst, n_lst)
    total = _mixed(air.table, time, altitude, place, hour)
    n_t, n_x, n_lat, n_lst = air.change.shape
    if n_t > 0:
        i, fu = _held((t - air.change_t0) / air.change_dt, n_t)
        altitude = _held(x / air.change_dx, n_x)
        place = _held(p * (n_lat - 1), n_lat)
        hour = _wrapped(q * n_lst, n_lst)
        total += _mixed(air.change, (i, i + 1, fu), altitude, place, hour)
    return air.scale * math.exp(total)


@njit(cache=True, _nrt=False)
def has_places(height, air):
    """Whether the air at a height, m, is another at another latitude or local time: whether the table is asked."""
    return air.model == TABLE or (air.model == BLENDED and height > BLEND_LOW)


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
