"""Screening of all objects of a catalogue against all: every closest approach of two of them below a range.

As in `screening`, with cubes of space in place of the sieve of heights: at the middle of each cell of time only objects
in neighbouring cubes are compared. Cells of time are shared among threads in blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from kernels.orbit.near_pairs import near_pairs, states_by_time
from kernels.orbit.sgp4_batch import ASK
from sim.conjunctions.encounter import rtn_axes
from sim.conjunctions.screened_craft import dates_of
from sim.conjunctions.screening_roots import Roots, roots, sgp4_states
from sim.core.epoch import Epoch
from sim.interchange.hermite import between
from sim.orbit.sgp4_batch import Satellites, satellites

STEP = 20.0  # s, width of a cell
BLOCK = 72  # cells that are done at once: 30,000 objects take 100 MB in each thread
KNOTS = 60.0  # s between states of deep-space objects; the cubic between them errs by 0.4 m at the lowest perigees
CUBIC = 5.0  # m, which the threshold of the coarse search is widened by for it
CAPACITY = 20_000


@dataclass(frozen=True, eq=False)
class PairApproaches:
    """Minima of range in order of time: rows (n, 2) in the catalogue, the smaller first; t (n,) s after the start;
    states r1, v1, r2, v2 (n, 3) in TEME, m and m/s; `without`: rows of which SGP4 lacks states."""

    rows: np.ndarray
    t: np.ndarray
    r1: np.ndarray
    v1: np.ndarray
    r2: np.ndarray
    v2: np.ndarray
    without: tuple[int, ...]

    def __len__(self) -> int:
        return self.t.size

    @property
    def range_m(self) -> np.ndarray:
        return np.linalg.norm(self.r2 - self.r1, axis=1)

    @property
    def speed_m_s(self) -> np.ndarray:
        return np.linalg.norm(self.v2 - self.v1, axis=1)

    def miss_rtn(self, k: int) -> np.ndarray:
        """(3,) m: second less first, in the axes of the first."""
        return rtn_axes(self.r1[k], self.v1[k]) @ (self.r2[k] - self.r1[k])


def screen_all(
    group: Satellites | Sequence, start: Epoch, seconds: float, within: float, *, step: float = STEP, threads: int = 1
) -> PairApproaches:
    """All minima of range below `within` m of any two objects, from `start` for so many seconds.

    `group`: what `sim.orbit.sgp4_batch.satellites` returned, or what it takes. Every minimum is listed, also those of
    docked and formation-flying pairs. Ends of the span are no minima.
    """
    if not isinstance(group, Satellites):
        group = satellites(group)
    coarse = _Coarse(group, start, seconds, step, within)
    firsts = range(0, coarse.cells, BLOCK)
    with ThreadPoolExecutor(threads) as pool:
        blocks = list(pool.map(coarse.block, firsts))
    found = np.concatenate([np.empty((0, 3), dtype=np.int64), *(cells for cells, _ in blocks)])
    without = np.flatnonzero(np.any([np.zeros(len(group), dtype=bool), *(lost for _, lost in blocks)], axis=0))
    states = sgp4_states(group.records, *start.jd_utc())
    low = step * found[:, 2]
    # Many cells: as lists of numbers they would fill the memory, so they are refined in parts.
    made = [
        roots(states, states, (found[k, 0], found[k, 1]), low[k], np.minimum(low[k] + step, seconds))
        for k in np.array_split(np.arange(len(found)), max(1, len(found) // 20_000))
    ]
    rows = np.concatenate(
        [part[one.cell] for one, part in zip(made, np.array_split(found[:, :2], len(made)), strict=True)]
    )
    return _sorted(made, rows, within, tuple(int(row) for row in without))


def _sorted(made: list[Roots], rows: np.ndarray, within: float, without: tuple[int, ...]) -> PairApproaches:
    t, r1, v1, r2, v2 = (np.concatenate(one) for one in zip(*(m[1:] for m in made), strict=True))
    keep = np.flatnonzero(np.linalg.norm(r2 - r1, axis=1) < within)
    keep = keep[np.argsort(t[keep], kind="stable")]
    return PairApproaches(rows[keep], t[keep], r1[keep], v1[keep], r2[keep], v2[keep], without)


class _Coarse:
    """The search for cells, a block of them at a call; calls may run side by side."""

    def __init__(self, group: Satellites, start: Epoch, seconds: float, step: float, within: float):
        self.group, self.start, self.step, self.within = group, start, step, within
        self.cells = int(np.ceil(seconds / step))
        deep = np.ones(len(group), dtype=bool)
        deep[group.near] = False
        self.deep = np.flatnonzero(deep)

    def block(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of (first object, second object, cell) of cells from `first` on, and which objects (n,) lack states."""
        group, n = self.group, len(self.group)
        middles = self.step * (np.arange(first, min(first + BLOCK, self.cells)) + 0.5)
        m = middles.size
        codes, r, v = np.zeros((m, n), dtype=np.uint8), np.empty((m, n, 3)), np.empty((m, n, 3))
        states_by_time(group.elements, group.epochs, group.near, *dates_of(self.start, middles), codes, r, v)
        for row in np.flatnonzero((codes == ASK).any(axis=0)).tolist():
            errors, r_km, v_km_s = group.records[row].sgp4_array(*dates_of(self.start, middles))
            codes[:, row], r[:, row], v[:, row] = errors, 1e3 * r_km, 1e3 * v_km_s
        self._deep(middles, codes, r, v)
        size = CAPACITY
        while True:
            found = np.empty((size, 3), dtype=np.int64)
            count = near_pairs(codes, r, v, 0.5 * self.step, self.within + CUBIC, found)
            if count <= size:
                break
            size = count
        found = found[:count]
        found[:, 2] += first
        return found, (codes != 0).any(axis=0)

    def _deep(self, middles: np.ndarray, codes: np.ndarray, r: np.ndarray, v: np.ndarray) -> None:
        """Fill in the deep-space objects: by the package at knots, by a cubic between them."""
        from sgp4.api import SatrecArray

        if not self.deep.size:
            return
        count = max(2, int(np.ceil((middles[-1] - middles[0]) / KNOTS)) + 1)
        knots = np.linspace(middles[0], max(middles[-1], middles[0] + 1.0), count)
        records = SatrecArray([self.group.records[row] for row in self.deep.tolist()])
        errors, r_km, v_km_s = records.sgp4(*dates_of(self.start, knots))
        bad = (errors != 0).any(axis=1) | ~np.isfinite(r_km).all(axis=(1, 2))
        codes[:, self.deep] = np.where(bad, 6, 0)
        k = len(self.deep)
        rows_r = np.ascontiguousarray(1e3 * r_km.transpose(1, 0, 2)).reshape(count, 3 * k)
        rows_v = np.ascontiguousarray(1e3 * v_km_s.transpose(1, 0, 2)).reshape(count, 3 * k)
        place, speed = between(knots, rows_r, rows_v, middles, 2)
        r[:, self.deep], v[:, self.deep] = place.reshape(-1, k, 3), speed.reshape(-1, k, 3)
