"""The least propellant with which any path inside the band could have come to the same end, and what drag alone took.

The mean semi-major axis changes by da/dt = -fall(a, t) + 2 a / v u, u the burns' acceleration. The fall is convex in a
(the density is exponential in the altitude), so that its tangent at any path lies below it; with the tangent in its
place, with the largest lift of 1 m/s in the band, and with `<=` for the change, every path that can be flown is still
allowed, and what is minimised is a linear programme. Its minimum is therefore a lower bound, wherever the tangent
touches; it touches at the solution of the round before. Burns may have any size and distance, and any craft that is
there and has propellant may make them, without end.

Two bounds: of drag alone, with burns at any time; and of a path that also burns on open days alone and meets the phase
of each launch, to some degrees, since the mean motion is not quite linear in the axis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from kernels.constants import G0, MU_EARTH
from sim.core.flight import Failure
from sim.planning.station.drag import Falls
from sim.planning.station.flight import Factor, Met
from sim.planning.station.plan import plane_share
from sim.planning.station.setting import DAY, Setting

STEP = 0.5 * DAY  # s; half of it changes the bound by less than 0.1 %
ROUNDS = 3
LOOSE = 5.0  # deg by which a path of the second bound may miss a phase: 9 km of altitude bend the drift by 2 deg
TURN, TIME, WHOLE = 360.0, 10.0, 1e-3


@dataclass(frozen=True)
class DragBound:
    """`drag_kg`: no path in the band from the same start to the same end takes less. `least_kg`: none that burns on
    open days alone and meets the phases. `lost` Ns: the momentum that drag took along the path that was flown;
    `lost_dv` m/s: the burns that replace it there, with the change of altitude from start to end, by the table of the
    fall; `scale`: by what the table has to be multiplied so that they are the burns that were flown."""

    drag_kg: float
    least_kg: float
    lost: float
    lost_dv: float
    scale: float


@dataclass(frozen=True)
class _Span:
    """Steps `t` (n,) s, in each the drag area over the mass m2/kg, propellant for 1 m/s kg, and the flown axis m; then
    the first, last and highest axis, m."""

    t: np.ndarray
    ratio: np.ndarray
    per_dv: np.ndarray
    own: np.ndarray
    start: float
    end: float
    top: float


def bound(
    found: Setting,
    table: Falls,
    factor: Factor,
    path: tuple[np.ndarray, ...],
    net: float,
    met: Sequence[Met],
    open_days: np.ndarray,
) -> DragBound:
    """For a flown `path`: times, mean semi-major axes and masses (n,) s, m, kg, with `factor` of the drag area and
    `net` m/s of burns, backward ones negative; its launches, and the instants (k,) s at which burns may be.

    The drag is that which the flight had: of a truth, the true one. The table of the fall knows no eccentricity and
    errs by some 0.5 %; it is scaled so that it explains the flown path.
    """
    times, axis, masses = path
    t = np.arange(times[0], times[-1], STEP)
    own, mass = np.interp(t, times, axis), np.interp(t, times, masses)
    ratio = np.array([found.stack(x).cda * factor(float(x)) for x in t]) / mass
    isp = np.array(
        [max((b.engine.isp for b in found.burners if b.kg > 0.0 and b.since <= x < b.until), default=1e3) for x in t]
    )
    start, end = float(axis[0]), float(axis[-1])
    top = max(found.axis(found.rules.band_km[1]), start, end)
    fall = table.at(t, own, ratio) / _lift(own)
    climb, lost_dv = (end - start) / float(_lift(own.mean())), float(fall.sum() * STEP)
    scale = max(net - climb, 0.0) / lost_dv
    span = _Span(t, scale * ratio, mass / (G0 * isp), own, start, end, top)
    touched, drag = own, 0.0
    for _ in range(ROUNDS):
        touched, kg = _least(table, span, touched)
        drag = max(drag, kg)
    usable = np.zeros(len(t), dtype=bool)
    usable[np.clip(np.searchsorted(t, open_days, "right") - 1, 0, len(t) - 1)] = True
    _, minimum = _least(table, span, own, usable, met)
    return DragBound(drag, max(drag, minimum), float((mass * fall).sum() * STEP), lost_dv + climb, scale)


def _least(
    table: Falls, s: _Span, touched: np.ndarray, usable=None, met: Sequence[Met] = ()
) -> tuple[np.ndarray, float]:
    """Path (n,) m and least propellant kg where the tangents touch a path; with burns in `usable` steps alone, and with
    the phases of `met`."""
    n, j = len(s.t), np.arange(len(s.t))
    fall = table.at(s.t, touched, s.ratio)
    slope = -fall / table.height(s.t)
    # Columns: the axis less the start after each step (km), the burns in each (m/s), the whole turns of each launch.
    ahead = coo_array((np.ones(n), (j, j)), shape=(n, n))
    behind = coo_array((-(1.0 - STEP * slope[1:]), (j[1:], j[:-1])), shape=(n, n))
    burns = coo_array((np.full(n, -1e-3 * float(_lift(s.top))), (j, j)), shape=(n, n))
    none = csr_array((n, len(met)))
    rows = hstack([(ahead + behind).tocsr(), burns.tocsr(), none])
    right = -1e-3 * STEP * (fall - slope * (touched - s.start))
    constraints = [LinearConstraint(rows.tocsr(), np.full(n, -np.inf), right)]
    if met:
        constraints.append(_phases(s, met))
    low = np.concatenate((np.full(n, -np.inf), np.zeros(n), np.full(len(met), -200.0)))
    low[n - 1] = 1e-3 * (s.end - s.start)
    maximum = np.full(n, np.inf) if usable is None else np.where(usable, np.inf, 0.0)
    high = np.concatenate((np.full(n, 1e-3 * (s.top - s.start)), maximum, np.full(len(met), 200.0)))
    result = milp(
        np.concatenate((np.zeros(n), s.per_dv, np.zeros(len(met)))),
        integrality=np.concatenate((np.zeros(2 * n), np.ones(len(met)))),
        bounds=Bounds(low, high),
        constraints=constraints,
        options={"time_limit": TIME, "mip_rel_gap": WHOLE},
    )
    if result.x is None:
        raise Failure(f"no bound of the propellant was found: {result.message}")
    value = result.fun if result.mip_dual_bound is None else result.mip_dual_bound
    return s.start + 1e3 * np.concatenate(([0.0], result.x[: n - 1])), float(value)


def _phases(s: _Span, met: Sequence[Met]) -> LinearConstraint:
    """The phase of each launch, by how far the path lies above the flown one until then."""
    n = len(s.t)
    mean = float(s.own.mean())
    per_km = -1e3 * math.degrees(1.5 * math.sqrt(MU_EARTH / mean**5)) * (1.0 - plane_share(mean)) * STEP
    after = np.append(s.own[1:], s.end)
    made, low, high = [], [], []
    for k, m in enumerate(met):
        until = s.t + STEP <= m.liftoff
        row = np.zeros(2 * n + len(met))
        row[:n][until] = per_km
        row[2 * n + k] = -TURN
        level = 1e-3 * per_km * float((after - s.start)[until].sum()) - math.degrees(m.miss)
        made.append(csr_array(row[None, :]))
        low.append(level - LOOSE)
        high.append(level + LOOSE)
    return LinearConstraint(vstack(made).tocsr(), np.array(low), np.array(high))


def _lift(axis):
    """Of the semi-major axis by 1 m/s forward, m."""
    return 2.0 * axis / np.sqrt(MU_EARTH / axis)
