"""What is screened against a catalogue: an element set as SGP4 flies it, or a path that was flown numerically; in TEME.

TEME is the frame of SGP4, and both objects must be in one. A path in GCRS is turned into it; over the minutes of an
encounter TEME is inertial (it turns by 50 arc seconds a year).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from kernels.constants import MU_EARTH
from kernels.orbit.near_pairs import OTHER
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.interchange.mean import MeanElements

DAY = 86400.0
TURNED_EVERY = 3600.0  # s between two matrices of GCRS to TEME; a straight line between them errs by 1e-11 rad
# Acceleration of a path beside mu/r2, from what oblateness adds (below 0.02 m/s2) on.
OBLATE = 0.03


def dates_of(start: Epoch, t) -> tuple[np.ndarray, np.ndarray]:
    """Two-part Julian dates of UTC at `t` (m,) s after `start`, as SGP4 takes them; a day has 86,400 s."""
    day, fraction = start.jd_utc()
    t = np.atleast_1d(np.asarray(t, dtype=float))
    return np.full(t.size, day), fraction + t / DAY


class ScreenedCraft(Protocol):
    """What is screened: `name`, `number` in the catalogue (None where it has none), `epoch` of its element set (None of
    a path), and its flight."""

    @property
    def name(self) -> str: ...

    @property
    def number(self) -> int | None: ...

    @property
    def epoch(self) -> Epoch | None: ...

    def states(self, start: Epoch, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position (m, 3) m and velocity (m, 3) m/s in TEME at `t` (m,) s after `start`; NaN where it does not fly."""
        ...

    def other(self, start: Epoch, t: np.ndarray, half: float) -> np.ndarray:
        """(m,) m/s2: bound of its acceleration beside gravity in the `half` s about `t`; impulses count as if they took
        `half` s."""
        ...


@dataclass(frozen=True, eq=False)
class ElementCraft:
    """An element set, flown by the `sgp4` package."""

    elements: MeanElements

    @property
    def name(self) -> str:
        return self.elements.name or f"object {self.elements.number}"

    @property
    def number(self) -> int | None:
        return self.elements.number

    @property
    def epoch(self) -> Epoch | None:
        return self.elements.epoch

    @cached_property
    def _record(self):
        return self.elements.satrec()

    def states(self, start: Epoch, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        errors, r, v = self._record.sgp4_array(*dates_of(start, t))
        bad = errors != 0
        if bad.any():
            r[bad], v[bad] = np.nan, np.nan
        return 1e3 * r, 1e3 * v

    def other(self, start: Epoch, t: np.ndarray, half: float) -> np.ndarray:
        return np.full(len(t), OTHER)


@dataclass(frozen=True, eq=False)
class PathCraft:
    """A path in GCRS whose times are seconds after `zero`; nothing is screened where it does not reach. `epoch` of the
    element set that it starts from, where one is known; `phases`: each with its first and last second, in order."""

    name: str
    path: Trajectory
    zero: Epoch
    number: int | None = None
    epoch: Epoch | None = None
    phases: tuple[tuple[str, float, float], ...] = ()

    def phase_at(self, at: Epoch) -> str | None:
        """The phase that it flies at an instant; None where none is known."""
        t = at.since(self.zero)
        return next((name for name, first, last in reversed(self.phases) if first <= t <= last), None)

    def states(self, start: Epoch, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = np.atleast_1d(np.asarray(t, dtype=float)) + start.since(self.zero)
        r, v = np.full((at.size, 3), np.nan), np.full((at.size, 3), np.nan)
        # One nanosecond over the end is rounding.
        inside = (at >= self.path.start - 1e-9) & (at <= self.path.end + 1e-9)
        if inside.any():
            at_inside = np.clip(at[inside], self.path.start, self.path.end)
            turn = self._turn(at_inside)
            r_gcrs, v_gcrs, _ = self.path.at(at_inside)
            r[inside], v[inside] = np.einsum("nij,nj->ni", turn, r_gcrs), np.einsum("nij,nj->ni", turn, v_gcrs)
        return r, v

    @cached_property
    def _matrices(self) -> tuple[np.ndarray, np.ndarray]:
        """Times (k,) s and matrices (k, 3, 3) from GCRS to TEME."""
        from skyfield.sgp4lib import TEME

        from sim.environment.orientation import skyfield_times

        count = max(2, int(np.ceil((self.path.end - self.path.start) / TURNED_EVERY)) + 1)
        nodes = np.linspace(self.path.start, self.path.end, count)
        turns = TEME.rotation_at(skyfield_times(self.zero, nodes))
        return nodes, np.moveaxis(turns, -1, 0)

    def _turn(self, at: np.ndarray) -> np.ndarray:
        nodes, turns = self._matrices
        i = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, len(nodes) - 2)
        share = ((at - nodes[i]) / (nodes[i + 1] - nodes[i]))[:, None, None]
        return turns[i] + share * (turns[i + 1] - turns[i])

    def other(self, start: Epoch, t: np.ndarray, half: float) -> np.ndarray:
        """What the nodes within a cell, and one on either side, have beside gravity; and jumps of the velocity."""
        path = self.path
        pull = -MU_EARTH * path.r / np.linalg.norm(path.r, axis=1)[:, None] ** 3
        beside = np.linalg.norm(path.a - pull, axis=1)
        beside = np.where(beside < OBLATE, 0.0, beside)
        jump = path.jumps()
        beside[jump] += np.linalg.norm(path.v[jump] - path.v[jump - 1], axis=1) / half
        at = np.asarray(t, dtype=float) + start.since(self.zero)
        first = np.clip(np.searchsorted(path.t, at - half, side="left") - 1, 0, path.t.size - 1)
        last = np.clip(np.searchsorted(path.t, at + half, side="right"), 0, path.t.size - 1)
        largest = np.array([beside[a : b + 1].max() for a, b in zip(first.tolist(), last.tolist(), strict=True)])
        return OTHER + largest
