"""Three-vectors in one place. Those that return an array allocate it, so inner loops write the components out."""

import math

import numpy as np

from kernels.compiling import njit


@njit(cache=True)
def dot(a, b):
    """Scalar product of two (3,) vectors."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(cache=True)
def norm(a):
    """Length of a (3,) vector."""
    return math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


@njit(cache=True)
def cross(a, b):
    """Vector product a x b of two (3,) vectors, a new (3,) array."""
    c = np.empty(3)
    c[0] = a[1] * b[2] - a[2] * b[1]
    c[1] = a[2] * b[0] - a[0] * b[2]
    c[2] = a[0] * b[1] - a[1] * b[0]
    return c


@njit(cache=True)
def unit(a):
    """The (3,) vector of length one along `a`, a new array; zero stays zero."""
    length = norm(a)
    scale = 1.0 / length if length > 0.0 else 0.0
    u = np.empty(3)
    for i in range(3):
        u[i] = scale * a[i]
    return u


@njit(cache=True)
def copy(values, out):
    """Copy numbers into `out`, as many as it has. numba's `out[:] = values` brings an error message along, with all of
    its text formatting, that takes a second to compile."""
    for i in range(out.shape[0]):
        out[i] = values[i]
