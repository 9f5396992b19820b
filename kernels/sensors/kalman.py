"""The measurement update that the filters share: gate, gain, and Joseph's covariance.

Joseph's form (I - K H) P (I - K H)' + K R K' is multiplied out, P - K G - G' K' + K S K' with G = H P and
S = H P H' + R: the same matrix for any gain, of second order in the errors of the gain, and symmetric by construction;
Bierman, Factorization Methods for Discrete Sequential Estimation (1977), section II.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record

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
    gain: np.ndarray
    s: np.ndarray
    root: np.ndarray


def filter_workspace(n: int) -> FilterWorkspace:
    """A `FilterWorkspace` for n states."""
    return FilterWorkspace(
        h=np.zeros((MAX_ROWS, n)),
        noise=np.zeros((MAX_ROWS, MAX_ROWS)),
        residual=np.zeros(MAX_ROWS),
        correction=np.zeros(n),
        g=np.zeros((MAX_ROWS, n)),
        gain=np.zeros((MAX_ROWS, n)),
        s=np.zeros((MAX_ROWS, MAX_ROWS)),
        root=np.zeros((MAX_ROWS, MAX_ROWS)),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def update(cov, m, width, first, count, gate, work):
    """Update cov (n, n) with the m numbers of work.residual, fill work.correction; return their normalised square.

    work.h, work.noise, work.residual in, the first m rows; of h the columns before `width` are read and `count` from
    `first` on: the others are taken as zero. Where the normalised square of the residual is beyond `gate` nothing is changed and its negative comes back; likewise if S is not
    positive.
    """
    n = cov.shape[0]
    h, g, gain, s, root, nu = work.h, work.g, work.gain, work.s, work.root, work.residual
    for a in range(m):
        for j in range(n):
            g[a, j] = 0.0
        for k in range(width + count):
            i = k if k < width else first + k - width
            p = h[a, i]
            if p != 0.0:
                for j in range(n):
                    g[a, j] += p * cov[i, j]
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
    for a in range(m):  # the residual whitened, for now in the first column of the gain
        total = nu[a]
        for k in range(a):
            total -= root[a, k] * gain[k, 0]
        gain[a, 0] = total / root[a, a]
        square += gain[a, 0] * gain[a, 0]
    if not square <= gate:
        return -square
    _solve(root, g, m, gain)
    for j in range(n):
        total = 0.0
        for a in range(m):
            total += gain[a, j] * nu[a]
        work.correction[j] = total
    for a in range(m):  # g becomes U = S K / 2 - G, and P <- P + U'K + K'U
        for j in range(n):
            g[a, j] = -g[a, j]
        for b in range(m):
            half = 0.5 * s[a, b]
            for j in range(n):
                g[a, j] += half * gain[b, j]
    for i in range(n):
        for a in range(m):
            u, k = g[a, i], gain[a, i]
            for j in range(n):
                cov[i, j] += u * gain[a, j] + k * g[a, j]
    return square


@njit(cache=True, error_model="numpy", _nrt=False)
def _solve(root, g, m, out):
    """Fill out (m, n) with S^-1 g, S = root root'."""
    n = g.shape[1]
    for a in range(m):
        scale = 1.0 / root[a, a]
        for j in range(n):
            out[a, j] = g[a, j]
        for k in range(a):
            low = root[a, k]
            for j in range(n):
                out[a, j] -= low * out[k, j]
        for j in range(n):
            out[a, j] *= scale
    for a in range(m - 1, -1, -1):
        for k in range(a + 1, m):
            low = root[k, a]
            for j in range(n):
                out[a, j] -= low * out[k, j]
        scale = 1.0 / root[a, a]
        for j in range(n):
            out[a, j] *= scale
