"""A dense trajectory: nodes with acceleration, answered at any time between them.

Between two nodes the position is the quintic that matches position, velocity and acceleration at both ends. At
the 60 s of an orbit arc it stays within 20 micrometres of the integrator (tests/test_trajectory.py). A burn edge is
a pair of nodes with one time and two accelerations, an impulse one with two velocities, so nothing is smoothed across
it. At the very time of an impulse `at` gives the state after it, and `before` the state before.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

TOGETHER = 4096  # times; what is in between then stays in the cache, and of the memory that a process already has


_Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


class _Between(NamedTuple):
    """Of the intervals between nodes: length `h` (n-1,) s, six coefficients of the `position` (n-1,3) each, and change
    of the `mass` (n-1,) kg. An interval without length has none: it is not asked."""

    h: np.ndarray
    position: tuple[np.ndarray, ...]
    mass: np.ndarray


def _coefficients(start: _Rows, end: _Rows) -> tuple[np.ndarray, ...]:
    """Six coefficients of the position (k,3) by the share of the interval, 0 to 1; `start` and `end`: position,
    velocity by the length of the interval, acceleration by its square."""
    (p0, v0, a0), (p1, v1, a1) = start, end
    dp, dv, da = p1 - p0 - v0 - 0.5 * a0, v1 - v0 - a0, a1 - a0
    c3 = 10.0 * dp - 4.0 * dv + 0.5 * da
    c4 = -15.0 * dp + 7.0 * dv - da
    c5 = 6.0 * dp - 3.0 * dv + 0.5 * da
    return p0, v0, 0.5 * a0, c3, c4, c5


@dataclass(frozen=True)
class Trajectory:
    """Nodes in GCRS: `t` (n,) s since the zero, `r` (n,3) m, `v` (n,3) m/s, `a` (n,3) m/s2, `mass` (n,) kg."""

    t: np.ndarray
    r: np.ndarray
    v: np.ndarray
    a: np.ndarray
    mass: np.ndarray

    @property
    def start(self) -> float:
        return float(self.t[0])

    @property
    def end(self) -> float:
        return float(self.t[-1])

    def at(self, times) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Position (k,3) m, velocity (k,3) m/s and mass (k,) kg at `times` (k,); a time outside raises ValueError."""
        return self._states(times, "right")

    def before(self, times) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same, but of two nodes at one time it is the first that counts."""
        return self._states(times, "left")

    def _states(self, times, side: Literal["left", "right"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        times = np.atleast_1d(np.asarray(times, dtype=float))
        slack = 1e-6
        if times.size and not (times.min() >= self.start - slack and times.max() <= self.end + slack):  # nor is nan
            raise ValueError(
                f"asked for {times.min():.3f}..{times.max():.3f} s; "
                f"this trajectory covers {self.start:.3f}..{self.end:.3f} s"
            )
        if times.size <= TOGETHER:
            return self._some(times, side)
        parts = [self._some(times[k : k + TOGETHER], side) for k in range(0, times.size, TOGETHER)]
        r, v, mass = (np.concatenate(part) for part in zip(*parts, strict=True))
        return r, v, mass

    def _some(self, times: np.ndarray, side: Literal["left", "right"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        place = np.searchsorted(self.t, times, side=side)
        i = np.minimum(np.maximum(place - 1, 0), len(self.t) - 2)
        between = self._between
        h = between.h[i]
        if h.all():
            s = np.repeat((times - self.t[i]) / h, 3).reshape(-1, 3)  # whole rows: numpy is slow on columns of one
            c = [row.take(i, axis=0) for row in between.position]
            h, w = h[:, None], s[:, 0]
            mass = self.mass[i], between.mass[i]
        else:
            i, j, h, s, c = self._quintic(times, side)
            w = s[:, 0]
            mass = self.mass[i], self.mass[j] - self.mass[i]
        r = c[0] + s * (c[1] + s * (c[2] + s * (c[3] + s * (c[4] + s * c[5]))))
        v = (c[1] + s * (2.0 * c[2] + s * (3.0 * c[3] + s * (4.0 * c[4] + s * 5.0 * c[5])))) / h
        m = mass[0] + np.minimum(np.maximum(w, 0.0), 1.0) * mass[1]  # a coast keeps its mass to the last bit
        node = np.minimum(np.maximum(place - (side == "right"), 0), len(self.t) - 1)
        on = times == self.t[node]  # a node itself is given back to the last bit
        if on.any():
            r[on], v[on], m[on] = self.r[node[on]], self.v[node[on]], self.mass[node[on]]
        return r, v, m

    @cached_property
    def _between(self) -> _Between:
        """Of all intervals, made when the first time is asked for: planners ask for millions."""
        h = np.diff(self.t) if len(self.t) > 1 else np.zeros(1)  # one node has no interval
        whole, first, then = np.diff(self.t)[:, None], slice(None, -1), slice(1, None)
        position = _coefficients(
            (self.r[first], self.v[first] * whole, self.a[first] * whole * whole),
            (self.r[then], self.v[then] * whole, self.a[then] * whole * whole),
        )
        return _Between(h, position, np.diff(self.mass))

    def __getstate__(self) -> dict[str, np.ndarray]:
        """What another process is sent: the nodes."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def _quintic(self, times, side):
        """Nodes on both sides, their distance, the position between them (0 to 1), and the six coefficients (k,3) of
        the position, for each time.

        A time on a node belongs to the interval after it, or with `side="left"` to the one before.
        """
        i = np.clip(np.searchsorted(self.t, times, side=side) - 1, 0, len(self.t) - 2)
        h = self.t[i + 1] - self.t[i]
        # A time on the last node may fall in a zero-length pair: its second node counts, and any h does, as s is 0.
        i = np.where(h > 0.0, i, i + (side == "right"))
        j = np.where(h > 0.0, i + 1, i)
        h = np.where(h > 0.0, h, 1.0)[:, None]
        s = (times - self.t[i])[:, None] / h
        start, end = ((self.r[k], self.v[k] * h, self.a[k] * h * h) for k in (i, j))
        return i, j, h, s, _coefficients(start, end)

    def last(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Position (3,), velocity (3,) and mass at the end."""
        return self.r[-1].copy(), self.v[-1].copy(), float(self.mass[-1])

    def until(self, end: float) -> Trajectory:
        """The part up to `end`, with a node there, whose acceleration is the quintic's own: the curve stays."""
        if end >= self.end:
            return self
        keep = int(np.searchsorted(self.t, end, side="left"))
        r, v, mass = self.before(end)
        _, _, h, s, c = self._quintic(np.array([end]), side="left")
        a = (2.0 * c[2] + s * (6.0 * c[3] + s * (12.0 * c[4] + s * 20.0 * c[5]))) / (h * h)
        return Trajectory(
            np.append(self.t[:keep], end),
            np.vstack([self.r[:keep], r]),
            np.vstack([self.v[:keep], v]),
            np.vstack([self.a[:keep], a]),
            np.append(self.mass[:keep], mass),
        )

    def jumps(self) -> np.ndarray:
        """Indices (k,) of the nodes whose place or velocity is another than that of the node before, at the same time:
        an impulse, or the contact after which the state is that of both craft together."""
        jumped = (np.diff(self.r, axis=0) != 0.0).any(axis=1) | (np.diff(self.v, axis=0) != 0.0).any(axis=1)
        return 1 + np.flatnonzero((np.diff(self.t) == 0.0) & jumped)

    def pieces(self) -> list[Trajectory]:
        """Cut at the jumps of the state; each piece answers with its own side of them."""
        cuts = [0, *self.jumps().tolist(), len(self.t)]
        parts = [slice(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if self.t[b - 1] > self.t[a]]
        return [Trajectory(self.t[p], self.r[p], self.v[p], self.a[p], self.mass[p]) for p in parts]


def joined(parts: list[Trajectory]) -> Trajectory:
    """Several trajectories, one after the other in time, as one; the seams keep both nodes."""
    if len(parts) == 1:
        return parts[0]
    return Trajectory(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("t", "r", "v", "a", "mass")))
