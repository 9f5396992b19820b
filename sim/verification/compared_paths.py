"""Trajectories of two finished flights: where they part to the last bit, and how far they are apart over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.export.trajectories import NODES, FlownPath
from sim.verification.compared_burns import rtn_axes
from sim.verification.compared_files import FinishedFlight

THRESHOLDS_M = (1e-3, 1.0, 1e3)


@dataclass(frozen=True)
class Parting:
    """Where a craft's nodes first differ: equal up to `equal_until`, another node at `t`; s since the zero of the first
    flight. `leg` names where, `why` is empty or says what differs other than numbers."""

    vehicle: str
    leg: str
    equal_until: float
    t: float
    why: str = ""


@dataclass(frozen=True, eq=False)
class LegDifference:
    """How far one craft is from the same craft of the other flight in a leg, m: the most, when, and at the end; `end`
    (3,): radial, along track, cross track of the first flight's orbit."""

    leg: str
    largest: float
    t_largest: float
    t_end: float
    end: np.ndarray


@dataclass(frozen=True, eq=False)
class PathDifference:
    """Of one craft at times `t` (n,) s since the first flight's zero at which both fly: `rtn` (n, 3) m, `rate` (n, 3)
    m/s, second less first, radial, along track, cross track. `over`: since when it is more than so many metres."""

    vehicle: str
    t: np.ndarray
    rtn: np.ndarray
    rate: np.ndarray
    legs: tuple[LegDifference, ...]
    over: tuple[tuple[float, float], ...]


def parting(vehicle: str, one: Sequence[FlownPath], other: Sequence[FlownPath]) -> Parting | None:
    """Where the nodes of a craft differ first; None where all are the same to the last bit."""
    equal_until = one[0].trajectory.start if one else 0.0
    for a, b in zip(one, other, strict=False):
        if a.leg != b.leg:
            return Parting(
                vehicle, a.leg, equal_until, a.trajectory.start, f"{a.leg} in the first flight, {b.leg} in the second"
            )
        p, q = a.trajectory, b.trajectory
        n = min(len(p.t), len(q.t))
        differs = np.zeros(n, dtype=bool)
        for name in NODES:
            x, y = getattr(p, name)[:n], getattr(q, name)[:n]
            unequal = (x != y) & ~(np.isnan(x) & np.isnan(y))
            differs |= unequal.reshape(n, -1).any(axis=1)
        if differs.any():
            i = int(np.argmax(differs))
            return Parting(vehicle, a.leg, float(p.t[i - 1]) if i else equal_until, float(min(p.t[i], q.t[i])))
        equal_until = float(p.t[n - 1])
        if len(p.t) != len(q.t):
            return Parting(vehicle, a.leg, equal_until, equal_until, "one goes on longer")
    if len(one) != len(other):
        longer = one if len(one) > len(other) else other
        leg = longer[min(len(one), len(other))]
        return Parting(vehicle, leg.leg, equal_until, max(equal_until, leg.trajectory.start), "only one flies this leg")
    return None


def states(legs: Sequence[FlownPath], times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position and velocity (n, 3) at `times` (n,), NaN where the craft does not fly freely."""
    r, v = np.full((len(times), 3), np.nan), np.full((len(times), 3), np.nan)
    for leg in legs:
        path = leg.trajectory
        inside = (times >= path.start) & (times <= path.end)
        if inside.any():
            r[inside], v[inside], _ = path.at(times[inside])
    return r, v


def apart_until(parting: Parting, first: FinishedFlight, second: FinishedFlight, until: float) -> float:
    """The most, m, that a craft is apart from where its nodes part up to `until` s; the zero of both is the same."""
    one, other = first.vehicles[parting.vehicle], second.vehicles[parting.vehicle]
    times = np.unique(np.concatenate([leg.trajectory.t for leg in (*one, *other)]))
    times = np.append(times[(times >= parting.equal_until) & (times < until)], until)
    apart = np.linalg.norm(states(one, times)[0] - states(other, times)[0], axis=1)
    return float(np.nanmax(apart)) if np.isfinite(apart).any() else np.inf


def difference(vehicle: str, first: FinishedFlight, second: FinishedFlight) -> PathDifference | None:
    """How far a craft of the second flight is from that of the first while both fly it; None where they never do."""
    one, other = first.vehicles[vehicle], second.vehicles[vehicle]
    later = second.zero.since(first.zero)  # the second flight counts its seconds from there
    times = np.unique(np.concatenate([leg.trajectory.t for leg in one]))
    r, v = states(one, times)
    s, w = states(other, times - later)
    both = np.isfinite(r[:, 0]) & np.isfinite(s[:, 0])
    if not both.any():
        return None
    t = times[both]
    axes = rtn_axes(r[both], v[both])
    rtn, rate = (np.einsum("nij,nj->ni", axes, d[both]) for d in (s - r, w - v))
    size = np.linalg.norm(rtn, axis=1)
    over = tuple((limit, float(t[np.argmax(size > limit)])) for limit in THRESHOLDS_M if (size > limit).any())
    return PathDifference(vehicle, t, rtn, rate, tuple(_legs(one, t, rtn, size)), over)


def _legs(one: Sequence[FlownPath], t: np.ndarray, rtn: np.ndarray, size: np.ndarray) -> Iterator[LegDifference]:
    for leg in one:
        inside = np.flatnonzero((t >= leg.trajectory.start) & (t <= leg.trajectory.end))
        if len(inside):
            largest, end = inside[np.argmax(size[inside])], inside[-1]
            yield LegDifference(leg.leg, float(size[largest]), float(t[largest]), float(t[end]), rtn[end])


def thinned(found: PathDifference, start: float, points: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """From a little before `start` on at most so many times and differences, of each span of time the largest: for a
    picture."""
    first = max(int(np.searchsorted(found.t, start)) - 2, 0)
    t, rtn = found.t[first:], found.rtn[first:]
    if len(t) <= points:
        return t, rtn
    size = np.linalg.norm(rtn, axis=1)
    cell = np.minimum((points * (t - t[0]) / (t[-1] - t[0])).astype(int), points - 1)
    order = np.lexsort((size, cell))  # in each cell the largest comes last
    keep = np.sort(order[np.append(cell[order][1:] != cell[order][:-1], True)])
    return t[keep], rtn[keep]
