"""Linear interpolation in a table of few rows."""

import math

from kernels.compiling import njit


@njit(cache=True, _nrt=False)
def interpolate(x, xs, ys):
    """`np.interp(x, xs, ys)` of one number, bit by bit: straight lines between the points, held beyond the ends.

    xs (n,) growing, ys (n,), n >= 1. numba's own makes four arrays a call, and takes a second to compile.
    """
    last = xs.shape[0] - 1
    if last == 0 or x < xs[0]:
        return ys[0]
    if math.isnan(x):
        return x
    if x >= xs[last]:
        return ys[last]
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if x >= xs[middle]:
            low = middle
        else:
            high = middle
    if xs[low] == x:
        return ys[low]
    return (ys[low + 1] - ys[low]) / (xs[low + 1] - xs[low]) * (x - xs[low]) + ys[low]
