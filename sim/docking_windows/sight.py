"""The station as a docking sees it: Sun, limb and ground at any time, on the orbit that the day's trim makes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kernels.docking_sky import COLUMNS, docking_sky
from kernels.shadow import ELLIPSOID
from sim.docking_windows.intervals import Interval, Intervals
from sim.events.crossing import first_step
from sim.events.roots import Function
from sim.events.search import zeros
from sim.trajectory import Trajectory
from sim.world import World

TO_SUN, PENUMBRA, UMBRA, SEPARATION, BETA = range(5)  # columns; the last three are Earth-fixed metres
GROUND = slice(5, 8)
TOUCH = 1.0e-12  # of cosines and sines
TOUCH_M = 1.0e-5


@dataclass(frozen=True)
class Sight:
    """`axis` (3,): unit vector out of the port, LVLH. The station runs `shifts` (k,) rad ahead of its path, changing at
    `seams` (k-1,) s, half a day from any docking, where one day's trimmed station makes way for the next one's.

    `_seen`: times and rows last asked for. Searches of several functions begin with the same times.
    """

    path: Trajectory
    world: World
    axis: np.ndarray
    seams: np.ndarray
    shifts: np.ndarray
    _seen: list = field(default_factory=list, repr=False, compare=False)

    def rows(self, times: np.ndarray) -> np.ndarray:
        """`docking_sky` of `times` (n,): (n,8)."""
        if self._seen and np.array_equal(self._seen[0], times):
            return self._seen[1]
        out = self.shifted(times, self.shifts[np.searchsorted(self.seams, times, side="right")])
        if not self._seen or times.size >= self._seen[0].size:
            self._seen[:] = [times.copy(), out]
        return out

    def shifted(self, times: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        """The same with shifts (n,) rad of one's own."""
        times = np.ascontiguousarray(times, dtype=float)
        r, v, _ = self.path.at(times)
        out = np.empty((times.size, COLUMNS))
        forces = self.world.forces
        docking_sky(
            times, np.ascontiguousarray(r), np.ascontiguousarray(v), np.ascontiguousarray(shifts, dtype=float),
            self.axis, forces.sun, forces.orientation, ELLIPSOID, out,
        )  # fmt: skip
        return out

    def pieces(self, start: float, end: float) -> list[tuple[float, float]]:
        """`start` to `end` s, cut at the seams."""
        cuts = self.seams[(self.seams > start) & (self.seams < end)]
        ends = np.concatenate([[start], cuts, [end]])
        return list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))

    @property
    def step(self) -> float:
        """First cut of a search, s."""
        return first_step(self.path)


def where(name: str, f: Function, pieces: list[tuple[float, float]], step: float, touch: float = TOUCH) -> Intervals:
    """Where `f` is above zero on the `pieces`, which may lie apart; its zeros by `sim.events.search`.

    Between pieces nothing holds. An end of a piece at which `f` is above zero ends an interval there, unless the next
    piece begins at it.
    """
    if not pieces:
        return ()
    found = zeros(f, pieces, step, touch)
    ends = np.array(pieces).ravel()
    cuts = np.unique(np.concatenate([ends, found.t[found.direction != 0]]))
    middles = 0.5 * (cuts[:-1] + cuts[1:])
    piece = np.searchsorted(ends[::2], middles, side="right") - 1
    holds = np.zeros(middles.size, dtype=bool)
    covered = np.flatnonzero(middles < ends[1::2][piece])
    holds[covered] = f(middles[covered]) > 0.0
    change = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]])))
    return tuple(Interval(float(cuts[a]), float(cuts[b]), (name,), (name,)) for a, b in change.reshape(-1, 2))
