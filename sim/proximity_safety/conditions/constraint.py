"""What a constraint is: where it holds, by how much, and which limit would have to be relaxed elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.proximity_safety.conditions.intervals import Intervals
from sim.proximity_safety.conditions.timeline import Of, Sight

Margin = Callable[[np.ndarray], np.ndarray]  # times (n,) s -> margins (n,), above zero where the constraint holds


@dataclass(frozen=True)
class Relaxation:
    """A limit with which the constraint would hold: its key, in which file, its value now and the value needed."""

    key: str
    file: str
    limit: float
    needed: float
    unit: str


@dataclass(frozen=True)
class Constraint:
    """`what` in words with the limit; `margin` in `unit`s, zero at the ends of `intervals`; `limits` by their keys.

    `relaxations`: for a time at which it does not hold, all limits that would have to be relaxed; none where no limit
    makes it hold.
    """

    name: str
    hard: bool
    unit: str
    what: str
    intervals: Intervals
    margin: Margin
    relaxations: Callable[[float], Sequence[Relaxation]]
    limits: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Least:
    """The minimum of a function `of` the sight's rows, by the day's own station, from `before` s before a time to
    `after` s after it; sampled about `every` s, ends included."""

    sight: Sight
    of: Of
    before: float
    after: float
    every: float

    def __call__(self, times: np.ndarray) -> np.ndarray:
        times = np.asarray(times, dtype=float)
        count = max(2, int(np.ceil((self.before + self.after) / self.every)) + 1)
        offsets = np.linspace(-self.before, self.after, count)
        shifts = np.repeat(self.sight.shifts[self.sight.day(times)], count)
        rows = self.sight.shifted((times[:, None] + offsets).ravel(), shifts)
        return self.of(rows).reshape(times.size, count).min(axis=1)

    def on_grid(self, times: np.ndarray, step: float) -> np.ndarray:
        """The same at `times` (n,), `step` s apart, from samples that they share, and straight lines between those to
        the ends of each span: good to what the function bends in a step."""
        days = self.sight.day(times)
        return np.concatenate([self._of_a_day(times[days == k], self.sight.shifts[k], step) for k in np.unique(days)])

    def _of_a_day(self, times: np.ndarray, shift: float, step: float) -> np.ndarray:
        back, ahead = int(self.before / step), int(self.after / step)
        more, rows = self.sight.on_grid(float(times[0]), step, -back - 1, times.size + ahead + 1, float(shift))
        values = self.of(rows)
        inside = np.lib.stride_tricks.sliding_window_view(values[1:-1], back + ahead + 1).min(axis=1)
        ends = np.interp(times - self.before, more, values), np.interp(times + self.after, more, values)
        return np.minimum(inside, np.minimum(*ends))


def on_grid(margin: Margin, times: np.ndarray, step: float) -> np.ndarray:
    """Margins at many evenly spaced times, for tables and pictures."""
    return margin.on_grid(times, step) if isinstance(margin, Least) else margin(times)
