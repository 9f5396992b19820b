"""Relative motion at many times: loops that are slow in Python, over the kernels of `kernels.relative.hill`."""

import math

import numpy as np

from kernels.compiling import njit
from kernels.relative.hill import hcw_stm, to_curvilinear, to_lvlh


@njit(cache=True)
def curvilinear_each(rt, vt, rc, vc, d_out, ddot_out):
    """`to_curvilinear` of states (n, 3), row by row."""
    for i in range(rt.shape[0]):
        to_curvilinear(rt[i], vt[i], rc[i], vc[i], d_out[i], ddot_out[i])


@njit(cache=True)
def lvlh_each(rt, vt, rc, vc, d_out, ddot_out):
    """`to_lvlh` of states (n, 3), row by row."""
    for i in range(rt.shape[0]):
        to_lvlh(rt[i], vt[i], rc[i], vc[i], d_out[i], ddot_out[i])


@njit(cache=True)
def sigma_each(n, times, along, covariance, out):
    """Standard deviations, out (m,), of the position `times` (m,) s later along the directions `along` (m, 3), LVLH.

    covariance (6, 6) of the relative state at time 0; n rad/s, mean motion: sqrt(u' phi P phi' u), by Hill's equations.
    """
    phi = np.empty((6, 6))
    row = np.empty(6)
    for i in range(times.shape[0]):
        hcw_stm(n, times[i], phi)
        for j in range(6):
            row[j] = along[i, 0] * phi[0, j] + along[i, 1] * phi[1, j] + along[i, 2] * phi[2, j]
        total = 0.0
        for j in range(6):
            for k in range(6):
                total += row[j] * covariance[j, k] * row[k]
        out[i] = math.sqrt(total)
