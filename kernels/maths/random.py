"""Random numbers as a pure function: Philox4x32-10 maps (seed, run, name, place) to numbers, in any order and thread.

Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11 (2011), section 4.3. A stream belongs
to a root seed (64 bits, the key), a run and a name (32 bits each, in the counter): nothing is carried from draw to
draw, so a draw depends neither on earlier draws nor on the thread. Uniforms and normals of one stream are independent.

One block of four words makes six normals, three pairs by Box and Muller (Ann. Math. Stat. 29 (1958) 610): a word each
for the radii, and from the fourth word ten bits for each angle, below which lie the lowest 13 of the radius. So a
radius and the fine part of its angle share bits, which matters beyond 5.1 sigma only, and there 1024 directions are
enough: the mean of exp(-z^2 / 2 cos^2) over them is that over all to 1e-15. Everything is in single precision, with
polynomials: a word of radius counts by its first 24 bits, a normal differs from that of Box and Muller by 2e-6 of
the radius at most, and none is beyond 6.76. Scalars and lanes give the same bits, for they are the same lines.
Cost: 0.22 to 0.25 ns a normal in lanes on an AVX-512 core, numpy's ziggurat 8.5 ns (benches/closed_loop.py).
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.maths.singles import bits_of, fma32, single_of

LANES = 128  # trajectories side by side; 64 are so few that LLVM unrolls the loops over them, and half as fast
BLOCKS = 4  # blocks at once: chains of multiplications that wait for themselves, not for each other
SIX = 6  # normals of a block
UNIFORM, NORMAL = np.uint64(0), np.uint64(1)  # the counter's second word

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)  # golden ratio, sqrt(3) - 1
LOW, WORD = np.uint64(0xFFFFFFFF), np.uint64(32)

# Minimax polynomials: -2 ln(1 + t) / t for 1 + t in sqrt(1/2)..sqrt(2) (1.1e-6, relative); sqrt(2) sin
# and sqrt(2) cos of t quarter turns for -1 < t < 1, the first over t, both in t^2 (1e-6 relative; 7e-8).
L0, L1, L2, L3 = (
    np.float32(-2.0000019497),
    np.float32(1.0000222581),
    np.float32(-0.6662901749),
    np.float32(0.4981948642),
)
L4, L5, L6 = np.float32(-0.4099266284), np.float32(0.3733573178), np.float32(-0.2379222532)
S0, S1, S2, S3 = (
    np.float32(2.221439383),
    np.float32(-0.9134702057),
    np.float32(0.11241252),
    np.float32(-0.006169463023),
)
C0, C1, C2, C3, C4 = (
    np.float32(1.414213497),
    np.float32(-1.744712747),
    np.float32(0.3587163233),
    np.float32(-0.02943067174),
    np.float32(0.001213664814),
)
LN4 = np.float32(-2.0 * math.log(2.0))
ROOT_HALF = np.int32(0x3F3504F3)  # the bits of sqrt(1/2)
OFFSET = np.int32(0x3F3504F3 + (32 << 23))  # the same of 2^32 times that
MANTISSA = np.int32(0x7FFFFF)
TEN, THIRTEEN = np.uint32(0x7FE000), np.uint32(0x1FFF)
TWO_TO_FOUR = np.uint32(0x40000000)  # the exponent of numbers from 2 to 4
HALF, ONE, THREE = np.float32(0.5), np.float32(1.0), np.float32(3.0)


class Stream(NamedTuple):
    """Whose numbers these are: `low`, `high` words of the root seed, `run`, and the number of the `name`."""

    low: np.uint64
    high: np.uint64
    run: np.uint64
    name: np.uint64


def stream(seed: int, run: int, name: int) -> Stream:
    """The stream of a root seed (0..2^64 - 1), a run and the number of a name (0..2^32 - 1)."""
    for word, value, bits in (("seed", seed, 64), ("run", run, 32), ("name", name, 32)):
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{word} = {value}: expected a whole number from 0 to 2^{bits} - 1")
    return Stream(
        low=np.uint64(seed & 0xFFFFFFFF), high=np.uint64(seed >> 32), run=np.uint64(run), name=np.uint64(name)
    )


@njit(cache=True, forceinline=True)
def _round(a, b, c, d, x, y):
    """One round: counter a, b, c, d and key x, y, of each only the low 32 bits count. Salmon et al., figure 3."""
    p = (a & LOW) * M0
    q = (c & LOW) * M1
    return (q >> WORD) ^ b ^ x, q, (p >> WORD) ^ d ^ y, p


@njit(cache=True)
def philox(a, b, c, d, x, y):
    """The four words, as uint64 below 2^32, of a counter a, b, c, d under the key x, y (all such)."""
    for r in range(10):
        k = np.uint64(r)
        a, b, c, d = _round(a, b, c, d, x + k * W0, y + k * W1)
    return a & LOW, b & LOW, c & LOW, d & LOW


@njit(cache=True, forceinline=True)
def _pair(radius, angles, j):
    """Normals 2 j and 2 j + 1 of a block, from the uint32 word of the radius and the one that holds the three angles.

    Box and Muller: sqrt(-2 ln u) times sine and cosine of twice an angle within a quarter turn of zero.
    """
    u = np.float32(radius) + HALF  # 2^-32 of it lies in (0, 1]
    bits = np.int32(bits_of(u) - OFFSET)
    power = np.float32(np.int32(bits >> np.int32(23)))
    t = single_of(np.int32(np.int32(bits & MANTISSA) + ROOT_HALF)) - ONE
    q = fma32(fma32(fma32(fma32(fma32(fma32(L6, t, L5), t, L4), t, L3), t, L2), t, L1), t, L0)
    r = np.float32(math.sqrt(fma32(power, LN4, q * t)))
    # Ten bits of the one word, then the lowest thirteen of the other, as a number from 2 to 4.
    place = angles << np.uint32(13) if j == 0 else angles << np.uint32(3) if j == 1 else angles >> np.uint32(7)
    turn = (place & TEN) | (radius & THIRTEEN) | TWO_TO_FOUR
    t = single_of(np.int32(np.uint32(turn))) - THREE
    g = t * t
    s = t * fma32(fma32(fma32(S3, g, S2), g, S1), g, S0)
    c = fma32(fma32(fma32(fma32(C4, g, C3), g, C2), g, C1), g, C0)
    return r * (s * c), r * fma32(c, c, -ONE)


@njit(cache=True, forceinline=True)
def _four(a, x, y):
    """One round of four counters, each a tuple."""
    return (
        _round(a[0][0], a[0][1], a[0][2], a[0][3], x, y),
        _round(a[1][0], a[1][1], a[1][2], a[1][3], x, y),
        _round(a[2][0], a[2][1], a[2][2], a[2][3], x, y),
        _round(a[3][0], a[3][1], a[3][2], a[3][3], x, y),
    )


@njit(cache=True, forceinline=True)
def _keep(c, words, at):
    words[at] = np.uint32(c[0] & LOW)
    words[LANES + at] = np.uint32(c[1] & LOW)
    words[2 * LANES + at] = np.uint32(c[2] & LOW)
    words[3 * LANES + at] = np.uint32(c[3] & LOW)


@njit(cache=True)
def uniforms(stream, first, out):
    """Fill out (n,) with the numbers first.. of a stream's uniforms, inside (0, 1), 52 bits each, two a block."""
    for i in range(out.shape[0]):
        at = first + i
        block = np.uint64(at >> 1)
        w = philox(block, UNIFORM, stream.run, stream.name, stream.low, stream.high)
        high, low = (w[0], w[1]) if at & 1 == 0 else (w[2], w[3])
        whole = ((high >> np.uint64(6)) << np.uint64(26)) | (low >> np.uint64(6))
        out[i] = (np.float64(whole) + 0.5) * 2.0**-52  # the middle of its cell, exactly


@njit(cache=True, error_model="numpy", _nrt=True)
def normals(stream, first, out):
    """Fill out (n,) with the numbers first.. of a stream's standard normals, six a block: those of `lane_normals`."""
    six = np.empty(SIX)
    last = -1
    for i in range(out.shape[0]):
        block = (first + i) // SIX
        if block != last:
            w = philox(np.uint64(block), NORMAL, stream.run, stream.name, stream.low, stream.high)
            six[0], six[1] = _pair(np.uint32(w[0]), np.uint32(w[3]), 0)
            six[2], six[3] = _pair(np.uint32(w[1]), np.uint32(w[3]), 1)
            six[4], six[5] = _pair(np.uint32(w[2]), np.uint32(w[3]), 2)
            last = block
        out[i] = six[(first + i) % SIX]


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def lane_words(block, low, high, runs, name, words):
    """Fill words (4 * 4 * LANES,) uint32 with the blocks block..block + 3 of LANES runs (uint64) for their normals.

    low, high, name as in `Stream`; lanes innermost: word k of block b of lane i is words[LANES (4 b + k) + i].
    """
    for i in range(LANES):
        run = runs[i]
        c = (
            (block, NORMAL, run, name),
            (block + np.uint64(1), NORMAL, run, name),
            (block + np.uint64(2), NORMAL, run, name),
            (block + np.uint64(3), NORMAL, run, name),
        )
        # Ten rounds written out: a loop of them inside this one keeps LLVM from setting lanes side by side.
        c = _four(c, low, high)
        c = _four(c, low + np.uint64(1) * W0, high + np.uint64(1) * W1)
        c = _four(c, low + np.uint64(2) * W0, high + np.uint64(2) * W1)
        c = _four(c, low + np.uint64(3) * W0, high + np.uint64(3) * W1)
        c = _four(c, low + np.uint64(4) * W0, high + np.uint64(4) * W1)
        c = _four(c, low + np.uint64(5) * W0, high + np.uint64(5) * W1)
        c = _four(c, low + np.uint64(6) * W0, high + np.uint64(6) * W1)
        c = _four(c, low + np.uint64(7) * W0, high + np.uint64(7) * W1)
        c = _four(c, low + np.uint64(8) * W0, high + np.uint64(8) * W1)
        c = _four(c, low + np.uint64(9) * W0, high + np.uint64(9) * W1)
        _keep(c[0], words, i)
        _keep(c[1], words, 4 * LANES + i)
        _keep(c[2], words, 8 * LANES + i)
        _keep(c[3], words, 12 * LANES + i)


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def lane_normals(words, z):
    """Fill z (6 * LANES,) float32 from words (4 * LANES,), one block; normal j of lane i is z[LANES j + i]."""
    for i in range(LANES):
        angles = words[3 * LANES + i]
        for j in range(3):
            first, second = _pair(words[j * LANES + i], angles, j)
            z[2 * j * LANES + i] = first
            z[(2 * j + 1) * LANES + i] = second
