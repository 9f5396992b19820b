"""Thruster selection: which thrusters fire, and for how long, for a demanded impulse and angular impulse.

The choice is a linear programme: least propellant, sum of flow x on, with wrench on = demand and 0 <= on <= period
(as in Crawford, AIAA paper 69-845, 1969). It is solved by the dual simplex method for variables that lie
in boxes (Bertsimas & Tsitsiklis, Introduction to Linear Optimization (1997), sections 3.3 and 4.5): thrusters have
boxes only, so that any basis is dual feasible once each thruster outside it stands at the end of its box that fits
the sign of its reduced cost, and no first phase is needed. It begins anew at one basis each time, so that the same call
has the same result whatever came before: 1.5 us for a demand within reach, 4 us for one beyond (24 thrusters, one
core). Inlined, because passing the records on took a fifth of that (benches/six_dof.py).

Alike thrusters tie: the records of kernels/craft/thrusters.py set their costs apart by 1e-11, which ends circles before
they begin and bounds the error of the cost. Body axes, SI.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit

SELECTED = 0  # the demand, at the least propellant
SATURATED = 1  # beyond reach: the largest share of it in its own direction, at the least propellant
UNREACHABLE = 2  # the usable thrusters make nothing in this direction: all stay off
STALLED = 3  # the method did not end: all stay off; no set of thrusters is known that does this

ROWS = 6
PIVOTS = 200
MIN_PIVOT = 1.0e-9  # of the dimensionless tableau; true zeros are rounded to 1e-15
EDGE = 1.0e-12  # of a period: how far rounding may carry a time out of its box; it is cut there


class SelectionWorkspace(NamedTuple):
    """Workspace of `select` for m thrusters: basis and its inverse, values in it, and by thruster: reduced cost,
    end of its box, whether it stands there, a row of the tableau."""

    basis: np.ndarray
    inverse: np.ndarray
    value: np.ndarray
    column: np.ndarray
    reduced: np.ndarray
    box: np.ndarray
    place: np.ndarray
    row: np.ndarray


@njit(cache=True)
def selection_workspace(m):
    """A `SelectionWorkspace` for m thrusters."""
    return SelectionWorkspace(
        basis=np.zeros(ROWS, np.int64),
        inverse=np.zeros((ROWS, ROWS)),
        value=np.zeros(ROWS),
        column=np.zeros(ROWS),
        reduced=np.zeros(m),
        box=np.zeros(m),
        place=np.zeros(m, np.int64),
        row=np.zeros(m),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def select(demand, period, usable, thrusters, work, on):
    """Fill on (m,) s with the on-times of least propellant that meet the demand, and return a status of this module.

    demand (6,): impulse N s and angular impulse N m s, body axes; usable (m,) uint8: 0 for a thruster that may not
    fire.
    """
    m = on.shape[0]
    share = 1.0
    for j in range(m):
        work.box[j] = period if usable[j] else 0.0
        on[j] = 0.0
    if demand[0] == demand[1] == demand[2] == demand[3] == demand[4] == demand[5] == 0.0:
        return SELECTED
    _begin(thrusters, work)
    for _ in range(PIVOTS):
        reach = _solve(demand, share, period, thrusters, work)
        if reach < 0.0:
            return STALLED
        if reach >= share * (1.0 - EDGE):
            for j in range(m):
                on[j] = work.box[j] if work.place[j] == 1 else 0.0
            for i in range(ROWS):
                j = work.basis[i]
                on[j] = min(max(work.value[i], 0.0), work.box[j])
            return SELECTED if share == 1.0 else SATURATED
        if reach <= EDGE:
            return UNREACHABLE
        share = reach
    return STALLED


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _begin(thrusters, work):
    """The first basis, and every thruster outside it at the end of its box that fits its reduced cost."""
    m = work.row.shape[0]
    price = work.column
    for i in range(ROWS):
        work.basis[i] = thrusters.basis[i]
        price[i] = 0.0
        for k in range(ROWS):
            work.inverse[i, k] = thrusters.inverse[i, k]
    for i in range(ROWS):
        c = thrusters.cost[work.basis[i]]
        for k in range(ROWS):
            price[k] += c * work.inverse[i, k]
    for j in range(m):
        work.reduced[j] = thrusters.cost[j]
    for i in range(ROWS):
        for j in range(m):
            work.reduced[j] -= price[i] * thrusters.wrench[i, j]
    for j in range(m):
        work.place[j] = 1 if work.reduced[j] < 0.0 else 0
    for i in range(ROWS):
        work.place[work.basis[i]] = 2
        work.reduced[work.basis[i]] = 0.0


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _solve(demand, share, period, thrusters, work):
    """Dual simplex for share x demand from the basis as it stands; return the share, or a smaller bound of the reach.

    The bound: where a time in the basis is outside its box and nothing can bring it back, its row of the tableau says
    how much of the demand the whole boxes can reach along it at most. Negative: no end was found.
    """
    m = work.row.shape[0]
    wrench, inverse, value, row, reduced = thrusters.wrench, work.inverse, work.value, work.row, work.reduced
    edge = EDGE * period
    _values(demand, share, thrusters, work)
    for _ in range(PIVOTS):
        # Out: the time that is farthest outside its box.
        out, worst, up = -1, edge, False
        for i in range(ROWS):
            above = value[i] - work.box[work.basis[i]]
            if -value[i] > worst:
                out, worst, up = i, -value[i], True
            if above > worst:
                out, worst, up = i, above, False
        if out < 0:
            # Once more from the basis alone: the pivots' rounding goes, and hidden errors would show.
            _values(demand, share, thrusters, work)
            fine = True
            for i in range(ROWS):
                fine = fine and -2.0 * edge <= value[i] <= work.box[work.basis[i]] + 2.0 * edge
            if fine:
                return share
            continue
        row[:] = 0.0
        for i in range(ROWS):
            weight = inverse[out, i]
            for j in range(m):
                row[j] += weight * wrench[i, j]
        # In: what keeps every reduced cost on its side; the largest pivot among equals.
        enter, smallest, size = -1, math.inf, 0.0
        for j in range(m):
            if work.place[j] == 2 or work.box[j] == 0.0:
                continue
            a = row[j] if up else -row[j]
            if work.place[j] == 1:
                a = -a
            if a < -MIN_PIVOT:
                ratio = abs(reduced[j]) / -a
                if ratio < smallest or (ratio == smallest and -a > size):
                    enter, smallest, size = j, ratio, -a
        if enter < 0:
            return _bound(demand, out, up, work)
        _pivot(out, enter, up, thrusters, work)
    return -1.0


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _values(demand, share, thrusters, work):
    """The times in the basis from the demand less the part of the others, twice: the second time from the remainder."""
    m = work.row.shape[0]
    wrench, inverse, value, rest = thrusters.wrench, work.inverse, work.value, work.column
    for i in range(ROWS):
        value[i] = 0.0
    for _ in range(2):
        for i in range(ROWS):
            total = share * demand[i]
            for j in range(m):
                if work.place[j] == 1:
                    total -= wrench[i, j] * work.box[j]
            for k in range(ROWS):
                total -= wrench[i, work.basis[k]] * value[k]
            rest[i] = total
        for i in range(ROWS):
            for k in range(ROWS):
                value[i] += inverse[i, k] * rest[k]


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _bound(demand, out, up, work):
    """The share of the demand that full boxes reach along a row of the tableau that cannot be mended."""
    demanded = 0.0
    for k in range(ROWS):
        demanded += work.inverse[out, k] * demand[k]
    available = 0.0
    for j in range(work.row.shape[0]):
        a = work.row[j]
        if work.place[j] == 2:
            a = 1.0 if work.basis[out] == j else 0.0
        if (a < 0.0) == up:
            available += a * work.box[j]
    return max(available / demanded, 0.0)


@njit(cache=True, error_model="numpy", _nrt=False, forceinline=True)
def _pivot(out, enter, up, thrusters, work):
    """`enter` replaces the variable of row `out`, which goes to the lower (up) or upper end of its box."""
    m = work.row.shape[0]
    wrench, inverse, value, column = thrusters.wrench, work.inverse, work.value, work.column
    leaving = work.basis[out]
    for i in range(ROWS):
        total = 0.0
        for k in range(ROWS):
            total += inverse[i, k] * wrench[k, enter]
        column[i] = total
    end = 0.0 if up else work.box[leaving]
    step = (value[out] - end) / column[out]
    for i in range(ROWS):
        value[i] -= step * column[i]
    value[out] = step + (work.box[enter] if work.place[enter] == 1 else 0.0)
    fall = work.reduced[enter] / work.row[enter]
    for j in range(m):
        work.reduced[j] -= fall * work.row[j]
    work.reduced[leaving] = -fall
    work.reduced[enter] = 0.0
    work.place[leaving] = 0 if up else 1
    work.place[enter] = 2
    work.basis[out] = enter
    scale = 1.0 / column[out]
    for k in range(ROWS):
        inverse[out, k] *= scale
    for i in range(ROWS):
        if i != out:
            for k in range(ROWS):
                inverse[i, k] -= column[i] * inverse[out, k]
