"""The station as a docking sees it: Sun, limb and ground at any time, on the orbit that the day's trim makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kernels.docking.visibility import COLUMNS, docking_sky
from kernels.orbit.shadow import ELLIPSOID
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.crossing import first_step
from sim.events.roots import Function
from sim.events.search import zeros
from sim.proximity_safety.conditions.intervals import Interval, Intervals, some

TO_SUN, PENUMBRA, UMBRA, SEPARATION, BETA = range(5)  # columns; the last three are Earth-fixed metres
GROUND = slice(5, 8)
TOUCH = 1.0e-12  # of cosines and sines
TOUCH_M = 1.0e-5
SEPARATION_S = 1000.0  # s between the days of an unrolled time
ROUNDED = 1.0e-6  # s

Of = Callable[[np.ndarray], np.ndarray]  # rows (n,8) -> values (n,)


@dataclass(frozen=True)
class Sight:
    """`axis` (3,): unit vector out of the port, LVLH. The station runs `shifts` (k,) rad ahead of its path, changing at
    `seams` (k-1,) s, half a day from any docking, where one day's trimmed station makes way for the next one's.

    `_seen`: times and rows last asked for; `_grids`: first number and rows of each day's grid. A table asks for the
    same of several rules."""

    path: Trajectory
    world: World
    axis: np.ndarray
    seams: np.ndarray
    shifts: np.ndarray
    _seen: list = field(default_factory=list, repr=False, compare=False)
    _grids: dict = field(default_factory=dict, repr=False, compare=False)

    def rows(self, times: np.ndarray) -> np.ndarray:
        """`docking_sky` of `times` (n,): (n,8)."""
        if self._seen and np.array_equal(self._seen[0], times):
            return self._seen[1]
        out = self.shifted(times, self.shifts[self.day(times)])
        if not self._seen or times.size >= self._seen[0].size:
            self._seen[:] = [times.copy(), out]
        return out

    def along(self, of: Of) -> Function:
        """A function of the rows as one of time."""
        return lambda times: of(self.rows(times))

    def day(self, times: np.ndarray) -> np.ndarray:
        """Which day each time belongs to."""
        return np.searchsorted(self.seams, times, side="right")

    def shifted(self, times: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        """The same with shifts (n,) rad of one's own."""
        times = np.ascontiguousarray(times, dtype=float)
        out = np.empty((times.size, COLUMNS))
        if times.size == 0:
            return out
        r, v, _ = self.path.at(times)
        forces = self.world.forces
        docking_sky(
            times,
            np.ascontiguousarray(r),
            np.ascontiguousarray(v),
            np.ascontiguousarray(shifts, dtype=float),
            self.axis,
            forces.sun,
            forces.orientation,
            ELLIPSOID,
            out,
        )
        return out

    def on_grid(self, start: float, step: float, first: int, end: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
        """Times `start` + `step` * k s for k from `first` to `end` - 1, (n,), and their rows (n,8)."""

        def made(a: int, b: int) -> np.ndarray:
            times = start + step * np.arange(a, b)
            return self.shifted(times, np.full(times.size, shift))

        key = start, step, shift
        known, rows = self._grids.get(key) or (first, made(first, end))
        before, after = made(min(first, known), known), made(known + len(rows), max(end, known + len(rows)))
        if len(before) or len(after):
            known, rows = known - len(before), np.concatenate([before, rows, after])
        self._grids[key] = known, rows
        return start + step * np.arange(first, end), rows[first - known : end - known]

    def pieces(self, start: float, end: float) -> list[tuple[float, float]]:
        """`start` to `end` s, cut at the seams."""
        cuts = self.seams[(self.seams > start) & (self.seams < end)]
        ends = np.concatenate([[start], cuts, [end]])
        return list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))

    @property
    def step(self) -> float:
        """First cut of a search, s: 1.5 rad of the orbit, whose harmonics have died out by the twelfth term there."""
        return 3.0 * first_step(self.path)


@dataclass(frozen=True)
class Unrolled:
    """Time with every day by itself, for what looks back from contact or ahead: the day's own station, over its seams.

    Day k, from `starts[k]` to `ends[k]` s, becomes a piece of `before` s more at its start and `after` s more at its
    end, moved by k times `apart` s so that the pieces do not meet. `_seen`: times and rows last asked for; the searches
    of several functions begin with the same times.
    """

    sight: Sight
    starts: np.ndarray
    ends: np.ndarray
    shifts: np.ndarray
    before: float
    after: float
    _seen: list = field(default_factory=list, repr=False, compare=False)

    @property
    def apart(self) -> float:
        return self.before + self.after + SEPARATION_S

    @property
    def pieces(self) -> list[tuple[float, float]]:
        moved = self.apart * np.arange(self.starts.size)
        return list(
            zip((self.starts + moved - self.before).tolist(), (self.ends + moved + self.after).tolist(), strict=True)
        )

    def rows(self, times: np.ndarray) -> np.ndarray:
        """`docking_sky` at unrolled times."""
        if self._seen and np.array_equal(self._seen[0], times):
            return self._seen[1]
        k = self._which(times)
        out = self.sight.shifted(times - k * self.apart, self.shifts[k])
        if not self._seen or times.size >= self._seen[0].size:
            self._seen[:] = [times.copy(), out]
        return out

    def unrolled(self, times: np.ndarray) -> np.ndarray:
        """Where times of the span lie."""
        times = np.asarray(times, dtype=float)
        return times + self.apart * np.searchsorted(self.starts[1:], times, side="right")

    def where(self, name: str, of: Of) -> Intervals:
        """Where a function of the rows is above zero, in unrolled time."""
        return where(name, lambda t: of(self.rows(t)), self.pieces, self.sight.step)

    def contacts(self, intervals: Intervals, name: str, before: float = 0.0, after: float = 0.0) -> Intervals:
        """The contacts about which something holds from `before` s before to `after` s after, in the span's own time.

        What holds on both sides of a seam goes on over it.
        """
        found = []
        for x in intervals:
            k = int(self._which(np.array([x.start]))[0])
            moved = k * self.apart
            start, end = x.start - moved + before, x.end - moved - after
            # What reaches a seam ends on it, or goes on beyond, whatever adding and taking away has rounded.
            start = float(self.starts[k]) if start < self.starts[k] + ROUNDED else start
            end = float(self.ends[k]) if end > self.ends[k] - ROUNDED else end
            if start < end:
                found.append((Interval(start, end, (name,), (name,)),))
        return some(found)

    def _which(self, times: np.ndarray) -> np.ndarray:
        firsts = self.starts + self.apart * np.arange(self.starts.size) - self.before
        return np.maximum(np.searchsorted(firsts, times, side="right") - 1, 0)


def unrolled(sight: Sight, start: float, end: float, before: float, after: float) -> Unrolled:
    """The days of `start` to `end` s."""
    pieces = np.array(sight.pieces(start, end))
    shifts = sight.shifts[sight.day(pieces.mean(axis=1))]
    return Unrolled(sight=sight, starts=pieces[:, 0], ends=pieces[:, 1], shifts=shifts, before=before, after=after)


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
    covered = np.flatnonzero(middles < ends[1::2][piece])
    holds = np.zeros(middles.size, dtype=bool)
    holds[covered] = f(middles[covered]) > 0.0
    change = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]])))
    return tuple(Interval(float(cuts[a]), float(cuts[b]), (name,), (name,)) for a, b in change.reshape(-1, 2))
