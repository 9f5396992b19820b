"""Which cells of time may hold a closest approach: the coarse search of screening.

Time is cut into cells of equal width, and a state is known at the middle of each. Two bodies that coast near each other
differ in acceleration by the gravity gradient times their distance, so what a straight line gives for a cell is wrong
by a bounded amount; a cell is left out only where even the bound leaves no minimum of range below the threshold.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.orbit.sgp4_batch import ASK, near_earth_states

CHUNK = 1024  # times that one object's states are made for at once: 50 kB, in the second-level cache
# Largest gravity gradient, 1/s2: 2 mu / r^3 at r = 6,400 km is 3.04e-6; oblateness adds less than 1 %.
GRADIENT = 3.2e-6
# By how much SGP4's velocity may differ from the derivative of its position, m/s: half of the 30,836 objects of two
# catalogues stay below 0.1, a thousandth goes over 3, and the worst, which decay or fly to the Moon, reach 35.
INCONSISTENT = 50.0
# Relative acceleration that the gradient leaves out, m/s2: drag, Sun, Moon, and the change of that difference along an
# orbit.
OTHER = 0.1
FILTER = 262_144  # bits, of the cubes that hold anything: 32 kB


@njit(cache=True, error_model="numpy", nogil=True)
def may_hold_minimum(dx, dy, dz, wx, wy, wz, half, within, other):
    """Whether range may have a minimum below `within` m in the `half` s on either side.

    dx.. relative position, m; wx.. relative velocity, m/s; `other`: bound of the relative acceleration beside the
    gravity gradient, m/s2. True is "may": d.v at the ends of the cell decides.
    """
    d2 = dx * dx + dy * dy + dz * dz
    w2 = wx * wx + wy * wy + wz * wz
    far, speed = math.sqrt(d2), math.sqrt(w2)
    # Within the cell no farther than this, so no more relative acceleration than `a`.
    reach = far + (speed + INCONSISTENT) * half + 200.0
    a = GRADIENT * reach + other
    # By how much position and velocity may leave straight lines.
    bend, turn = 0.5 * a * half * half + INCONSISTENT * half, a * half
    dw = dx * wx + dy * wy + dz * wz
    # d.v at the ends in straight lines, and how far from it d.v may be.
    loose = far * turn + speed * half * turn + bend * speed + bend * turn + 1.0
    if dw - w2 * half > loose or dw + w2 * half < -loose:
        return False
    t = 0.0 if w2 == 0.0 else min(max(-dw / w2, -half), half)
    x, y, z = dx + t * wx, dy + t * wy, dz + t * wz
    limit = within + bend
    return x * x + y * y + z * z < limit * limit


@njit(cache=True, error_model="numpy", nogil=True)
def cells_of_path(r1, v1, r2, v2, known, other, half, within, cells):
    """Cells (into `cells`, as many as fit) in which two paths may have a minimum of range below `within` m.

    r1, v1, r2, v2 (m, 3): states at the middles, m and m/s; known (m,): whether both are; other (m,): as in
    `may_hold_minimum`. Returns the count, above the size of `cells` where it was too small, and the least and greatest
    square of the range at the middles, m2.
    """
    count, nearest, farthest = 0, math.inf, 0.0
    for i in range(known.size):
        if not known[i]:
            farthest = math.inf
            continue
        dx, dy, dz = r2[i, 0] - r1[i, 0], r2[i, 1] - r1[i, 1], r2[i, 2] - r1[i, 2]
        d2 = dx * dx + dy * dy + dz * dz
        nearest, farthest = min(nearest, d2), max(farthest, d2)
        wide = within + half * (23000.0 + half * (10.0 + other[i]))  # no two orbits meet faster than 23 km/s
        if d2 < wide * wide:
            wx, wy, wz = v2[i, 0] - v1[i, 0], v2[i, 1] - v1[i, 1], v2[i, 2] - v1[i, 2]
            if may_hold_minimum(dx, dy, dz, wx, wy, wz, half, within, other[i]):
                if count < cells.size:
                    cells[count] = i
                count += 1
    return count, nearest, farthest


class ScreenedPath(NamedTuple):
    """A craft at the middles of cells: r, v (m, 3), m and m/s, TEME, a row that is not finite is left out; other (m,)
    as in `may_hold_minimum`; half a cell, s; and the range below which a minimum counts, m."""

    r: np.ndarray
    v: np.ndarray
    other: np.ndarray
    half: float
    within: float


@njit(cache=True, error_model="numpy", nogil=True)
def near_cells(elements, epochs, days, fractions, craft, found, spans):
    """Cells in which near-earth satellites may have a minimum of range below that of a `ScreenedPath`, `craft`.

    elements (k, 7), epochs (k, 2), days and fractions (m,): as in `near_earth_states`, the times those of the path.
    found (capacity, 2): rows of (satellite, cell).
    spans (k, 3): least and greatest range at the middles, m, and how many states SGP4 gives: below 0 where it must be
    asked itself (`ASK`), and then nothing of that satellite counts. Returns the count, above the capacity where it was
    too small.
    """
    m = days.size
    codes, r, v = np.empty((1, CHUNK), np.uint8), np.empty((1, CHUNK, 3)), np.empty((1, CHUNK, 3))
    row, cells, known = np.zeros(1, np.int64), np.empty(CHUNK, np.int64), np.empty(CHUNK, np.bool_)
    flies = np.empty(m, np.bool_)
    for i in range(m):
        flies[i] = math.isfinite(craft.r[i, 0])
    count = 0
    for k in range(len(elements)):
        first, nearest, farthest, states = count, math.inf, 0.0, 0
        for start in range(0, m, CHUNK):
            stop = min(start + CHUNK, m)
            near_earth_states(
                elements[k : k + 1], epochs[k : k + 1], row, days[start:stop], fractions[start:stop], codes, r, v
            )
            asked = False
            for i in range(stop - start):
                asked |= codes[0, i] == ASK
                known[i] = codes[0, i] == 0 and flies[start + i]
                states += codes[0, i] == 0
            if asked:
                count, states = first, -1
                break
            n, low, high = cells_of_path(
                craft.r[start:stop],
                craft.v[start:stop],
                r[0],
                v[0],
                known[: stop - start],
                craft.other[start:stop],
                craft.half,
                craft.within,
                cells,
            )
            nearest, farthest = min(nearest, low), max(farthest, high)
            for i in range(n):
                if count < len(found):
                    found[count, 0], found[count, 1] = k, start + cells[i]
                count += 1
        spans[k, 0], spans[k, 1], spans[k, 2] = math.sqrt(nearest), math.sqrt(farthest), states
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def states_by_time(elements, epochs, rows, days, fractions, codes, r, v):
    """States of near-earth satellites with the times outside: rows of codes (m, n), r and v (m, n, 3), m and m/s.

    elements (k, 7), epochs (k, 2), rows (k,), days and fractions (m,): as in `near_earth_states`, whose codes these
    are.
    """
    m = days.size
    code, place, speed = np.empty((1, m), np.uint8), np.empty((1, m, 3)), np.empty((1, m, 3))
    zero = np.zeros(1, np.int64)
    for k in range(rows.size):
        near_earth_states(elements[k : k + 1], epochs[k : k + 1], zero, days, fractions, code, place, speed)
        i = rows[k]
        for t in range(m):
            codes[t, i] = code[0, t]
            for x in range(3):
                r[t, i, x] = place[0, t, x]
                v[t, i, x] = speed[0, t, x]


@njit(cache=True, error_model="numpy", nogil=True)
def _key(x, y, z):
    """Whole coordinates of a cube, below 2**20 in size, as one number."""
    return ((x + 1048576) << 42) | ((y + 1048576) << 21) | (z + 1048576)


@njit(cache=True, error_model="numpy", nogil=True)
def _place(key, mask):
    """Where the list of a cube begins in the table: Fibonacci hashing."""
    mixed = key * np.int64(-7046029254386353131)
    return (mixed >> 29) & mask


@njit(cache=True, error_model="numpy", nogil=True)
def near_pairs(codes, r, v, half, within, found):
    """Cells of time in which two of n objects may have a minimum of range below `within` m.

    codes (m, n): 0 where there is a state; r, v (m, n, 3): states at the middles of the cells, m and m/s. At each
    middle the objects are sorted into cubes as wide as two can move together in half a cell, so that only
    neighbouring cubes are compared. found (capacity, 3): rows of (first, second, cell), first < second. Returns the
    count, above the capacity where it was too small.
    """
    m, n = codes.shape
    size = 1024
    while size < min(2 * n, FILTER):
        size *= 2
    mask = np.int64(size - 1)
    head, after = np.empty(size, np.int32), np.empty(n, np.int32)
    speeds, keys = np.empty(n), np.empty(n, np.int64)
    # One bit of many says whether anything is there: most cubes are empty, and 32 kB stay next to the processor.
    filled = np.empty(FILTER // 64, np.uint64)
    one, six, low = np.uint64(1), np.int64(6), np.int64(63)
    # Of the 26 cubes about one only half are looked into, those that follow it: the others look into this one.
    ahead = np.empty(13, np.int64)
    for k in range(13):
        ahead[k] = _key((k + 14) // 9 - 1, ((k + 14) // 3) % 3 - 1, (k + 14) % 3 - 1) - _key(0, 0, 0)
    count = 0
    for t in range(m):
        fastest = 0.0
        for i in range(n):
            if codes[t, i] == 0:
                speeds[i] = math.sqrt(v[t, i, 0] ** 2 + v[t, i, 1] ** 2 + v[t, i, 2] ** 2) + 10.0 * half
                fastest = max(fastest, speeds[i])
        width = within + 2.0 * half * fastest
        head[:] = -1
        filled[:] = 0
        for i in range(n):
            if codes[t, i] != 0:
                continue
            x, y, z = r[t, i, 0] / width, r[t, i, 1] / width, r[t, i, 2] / width
            keys[i] = _key(int(math.floor(x)), int(math.floor(y)), int(math.floor(z)))
            bit = _place(keys[i], np.int64(FILTER - 1))
            filled[bit >> six] |= one << np.uint64(bit & low)
            place = bit & mask
            after[i] = head[place]
            head[place] = i
        for i in range(n):
            if codes[t, i] != 0:
                continue
            for k in range(-1, 13):
                key, j = keys[i], after[i]  # in its own cube those that were sorted in before
                if k >= 0:
                    key += ahead[k]
                    bit = _place(key, np.int64(FILTER - 1))
                    if not (filled[bit >> six] >> np.uint64(bit & low)) & one:
                        continue
                    j = head[bit & mask]
                while j >= 0:
                    if keys[j] == key:
                        dx, dy, dz = r[t, i, 0] - r[t, j, 0], r[t, i, 1] - r[t, j, 1], r[t, i, 2] - r[t, j, 2]
                        wide = within + half * (speeds[i] + speeds[j])
                        if dx * dx + dy * dy + dz * dz < wide * wide:
                            wx, wy, wz = v[t, i, 0] - v[t, j, 0], v[t, i, 1] - v[t, j, 1], v[t, i, 2] - v[t, j, 2]
                            if may_hold_minimum(dx, dy, dz, wx, wy, wz, half, within, OTHER):
                                if count < len(found):
                                    found[count, 0], found[count, 1] = min(i, j), max(i, j)
                                    found[count, 2] = t
                                count += 1
                    j = after[j]
    return count
