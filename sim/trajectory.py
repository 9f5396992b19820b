"""A dense trajectory: nodes with acceleration, answered at any time between them.

Between two nodes the position is the quintic that matches position, velocity and acceleration at both ends. At
the 60 s of an orbit arc it stays within 20 micrometres of the integrator (tests/test_trajectory.py). A burn edge is
a pair of nodes with one time and two accelerations, so nothing is smoothed across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
        times = np.atleast_1d(np.asarray(times, dtype=float))
        slack = 1e-6
        if times.min() < self.start - slack or times.max() > self.end + slack:
            raise ValueError(
                f"asked for {times.min():.3f}..{times.max():.3f} s; "
                f"this trajectory covers {self.start:.3f}..{self.end:.3f} s"
            )
        i = np.clip(np.searchsorted(self.t, times, side="right") - 1, 0, len(self.t) - 2)
        h = self.t[i + 1] - self.t[i]
        # A time on the last node may fall in a zero-length pair; any h does there, since s is then 0.
        h = np.where(h > 0.0, h, 1.0)[:, None]
        s = (times - self.t[i])[:, None] / h
        p0, v0, a0 = self.r[i], self.v[i] * h, self.a[i] * h * h
        p1, v1, a1 = self.r[i + 1], self.v[i + 1] * h, self.a[i + 1] * h * h
        # r(s) = p0 + v0 s + a0 s^2/2 + c3 s^3 + c4 s^4 + c5 s^5, the three c's from the far end.
        dp, dv, da = p1 - p0 - v0 - 0.5 * a0, v1 - v0 - a0, a1 - a0
        c3 = 10.0 * dp - 4.0 * dv + 0.5 * da
        c4 = -15.0 * dp + 7.0 * dv - da
        c5 = 6.0 * dp - 3.0 * dv + 0.5 * da
        r = p0 + s * (v0 + s * (0.5 * a0 + s * (c3 + s * (c4 + s * c5))))
        v = (v0 + s * (a0 + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))) / h
        w = np.clip(s[:, 0], 0.0, 1.0)
        mass = self.mass[i] * (1.0 - w) + self.mass[i + 1] * w
        return r, v, mass

    def last(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Position (3,), velocity (3,) and mass at the end."""
        return self.r[-1].copy(), self.v[-1].copy(), float(self.mass[-1])

    def until(self, end: float) -> Trajectory:
        """The part up to `end`, with a node there (its acceleration interpolated linearly between the neighbours)."""
        if end >= self.end:
            return self
        keep = int(np.searchsorted(self.t, end, side="left"))
        r, v, mass = self.at(end)
        i = min(keep, len(self.t) - 1)
        h = self.t[i] - self.t[i - 1]
        w = (end - self.t[i - 1]) / h if h > 0.0 else 1.0
        a = self.a[i - 1] * (1.0 - w) + self.a[i] * w
        return Trajectory(
            np.append(self.t[:keep], end),
            np.vstack([self.r[:keep], r]),
            np.vstack([self.v[:keep], v]),
            np.vstack([self.a[:keep], a]),
            np.append(self.mass[:keep], mass),
        )


def joined(parts: list[Trajectory]) -> Trajectory:
    """Several trajectories, one after the other in time, as one; the seams keep both nodes."""
    return Trajectory(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("t", "r", "v", "a", "mass")))
