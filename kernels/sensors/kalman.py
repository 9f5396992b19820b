"""The measurement update that the filters share: gate, gain and covariance.

With S = H P H' + R = L L' and W = L^-1 H P the gain is K = W' L^-1, and the covariance P - W'W: what Joseph's form
(I - K H) P (I - K H)' + K R K' is for this gain, symmetric by construction. It takes a quarter of the time of Joseph's
sums; where a first measurement is a hundred times as sure as the prior, the difference costs four of sixteen digits.
Bierman, Factorization Methods for Discrete Sequential Estimation (1977), section II.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.lanes import fma, load8, mul, splat8, store8

MAX_ROWS = 6  # numbers in a measurement at most


@record
class FilterWorkspace(NamedTuple):
    """An update of n states: h (6, n) partials, noise (6, 6) covariance, residual (6,), correction (n,) out;
    the others are work."""

    h: np.ndarray
    noise: np.ndarray
    residual: np.ndarray
    correction: np.ndarray
    g: np.ndarray
    s: np.ndarray
    root: np.ndarray
    white: np.ndarray


def filter_workspace(n: int) -> FilterWorkspace:
    """A `FilterWorkspace` for n states."""
    return FilterWorkspace(
        h=np.zeros((MAX_ROWS, n)),
        noise=np.zeros((MAX_ROWS, MAX_ROWS)),
        residual=np.zeros(MAX_ROWS),
        correction=np.zeros(n),
        g=np.zeros((MAX_ROWS, n)),
        s=np.zeros((MAX_ROWS, MAX_ROWS)),
        root=np.zeros((MAX_ROWS, MAX_ROWS)),
        white=np.zeros(MAX_ROWS),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def update(cov, m, width, first, count, gate, work):
    """Update cov (n, n) with the m numbers of work.residual, fill work.correction; return their normalised square.

    work.h, work.noise, work.residual in, the first m rows; of h the columns before `width` are read and `count` from
    `first` on: the others are taken as zero. Where the normalised square of the residual is beyond `gate` nothing is
    changed and its negative comes back; likewise if S is not positive.
    """
    n = cov.shape[0]
    whole = n - n % 8
    h, g, s, root, nu = work.h, work.g, work.s, work.root, work.residual
    for a in range(m):
        for j in range(0, whole, 8):
            row = splat8(0.0)
            for k in range(width + count):
                i = k if k < width else first + k - width
                if h[a, i] != 0.0:
                    row = fma(splat8(h[a, i]), load8(cov[i], j), row)
            store8(g[a], j, row)
        for j in range(whole, n):
            total = 0.0
            for k in range(width + count):
                i = k if k < width else first + k - width
                total += h[a, i] * cov[i, j]
            g[a, j] = total
    for a in range(m):
        for b in range(a + 1):
            total = work.noise[a, b]
            for i in range(width):
                total += g[a, i] * h[b, i]
            for i in range(first, first + count):
                total += g[a, i] * h[b, i]
            s[a, b] = total
            s[b, a] = total
    square = 0.0
    for a in range(m):
        for b in range(a + 1):
            total = s[a, b]
            for k in range(b):
                total -= root[a, k] * root[b, k]
            if a == b:
                if not total > 0.0:
                    return -math.inf
                root[a, a] = math.sqrt(total)
            else:
                root[a, b] = total / root[b, b]
    white = work.white
    for a in range(m):
        total = nu[a]
        for k in range(a):
            total -= root[a, k] * white[k]
        white[a] = total / root[a, a]
        square += white[a] * white[a]
    if not square <= gate:
        return -square
    for a in range(m):  # g becomes W = L^-1 g
        scale = 1.0 / root[a, a]
        for j in range(0, whole, 8):
            row = load8(g[a], j)
            for k in range(a):
                row = fma(splat8(-root[a, k]), load8(g[k], j), row)
            store8(g[a], j, mul(splat8(scale), row))
        for j in range(whole, n):
            total = g[a, j]
            for k in range(a):
                total -= root[a, k] * g[k, j]
            g[a, j] = scale * total
    for j in range(n):
        total = 0.0
        for a in range(m):
            total += g[a, j] * white[a]
        work.correction[j] = total
    for i in range(n):  # P <- P - W'W, on and above the diagonal
        for j in range(i - i % 8, whole, 8):
            row = load8(cov[i], j)
            for a in range(m):
                row = fma(splat8(-g[a, i]), load8(g[a], j), row)
            store8(cov[i], j, row)
        for j in range(max(i, whole), n):
            for a in range(m):
                cov[i, j] -= g[a, i] * g[a, j]
    for i in range(n):
        for j in range(i):
            cov[i, j] = cov[j, i]
    return square
