"""Exponential and logarithm without a branch or a call, which loops over many numbers turn into registers of them.

A loop that calls the mathematics library goes one number at a time: 5 to 8 ns each. These take 0.3 ns in loops over
contiguous rows, since the library that numba would need for that (SVML) is not in its packages. Both are good to
1e-14; neither checks for numbers that are not finite.
"""

import numpy as np

from kernels.compiling import njit

LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # ln 2, the first with zeros at its end
PER_LN2 = 1.4426950408889634
# Added, it leaves the nearest whole number of anything below 2^51 in the last bits.
WHOLE = 6755399441055744.0
MANTISSA = 52  # bits
ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
EXP_TERMS = tuple(1.0 / f for f in (3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1))
LOG_TERMS = tuple(1.0 / k for k in (13, 11, 9, 7, 5, 3, 1))


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True)
def exp(x):
    """e^x for -700 < x < 700: 2^k by its bits, times the series of e^r, |r| < 0.347, cut after r^11/11!."""
    shifted = np.float64(x * PER_LN2 + WHOLE)
    k = shifted - WHOLE
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 / 39916800.0
    for c in EXP_TERMS:
        p = p * r + c
    return np.int64(np.float64(p).view(np.int64) + (shifted.view(np.int64) << MANTISSA)).view(np.float64)


@njit(cache=True, error_model="numpy", fastmath={"contract"}, nogil=True)
def log(x):
    """ln x of a positive normal x: x = 2^k m, ln m = 2 artanh s, s = (m - 1)/(m + 1), |s| < 0.172, cut after s^15."""
    bits = np.float64(x).view(np.int64)
    k = np.int64(bits - ROOT_HALF) >> MANTISSA
    m = np.int64(bits - (k << MANTISSA)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    s2 = s * s
    p = 1.0 / 15.0
    for c in LOG_TERMS:
        p = p * s2 + c
    return k * LN2_HIGH + (2.0 * s * p + k * LN2_LOW)
