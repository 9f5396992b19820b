"""Screening: every closest approach of one craft to the objects of a catalogue, below a range and within a span.

Three steps, none of which may lose an approach. Objects whose shell of heights the craft never comes near are left out;
the rest are flown by SGP4 to the middles of cells of time, and cells that cannot hold a minimum of range are left
out by a bound (`kernels.orbit.near_pairs`); in those that are left the root of d.v is found with the `sgp4` package.
Every local minimum is an approach of its own, so a slow neighbour has several in a revolution. The bounds and the proof
against brute force: docs/decisions/screening.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from kernels.orbit.near_pairs import ScreenedPath, cells_of_path, near_cells
from sim.conjunctions.encounter import rtn_axes
from sim.conjunctions.screened_craft import DAY, ScreenedCraft, dates_of
from sim.conjunctions.screening_roots import Roots, roots, sgp4_states
from sim.core.epoch import Epoch
from sim.orbit.sgp4_batch import Satellites, satellites

STEP = 20.0  # s, width of a cell
NEAR = 100e3  # m: what never leaves this range is listed apart, as it is docked or flies in formation
PERIODIC = 30e3  # m: SGP4's short and long periods move a radius by less than this from a (1 -+ e)
LUNISOLAR = 300e3  # m, more for deep-space orbits, whose perigee Sun and Moon move between two looks
LOOK_EVERY = 2.0 * DAY  # between two looks at mean axis and eccentricity, which drag changes
DEEP_KNOTS = 300.0  # s between states of deep-space objects that are asked of the package
ESCAPE = 11.3e3  # m/s: no object in orbit about the Earth is faster
CAPACITY = 200_000  # cells of a part of the catalogue; where there are more, it is done again with more


@dataclass(frozen=True, eq=False)
class Approach:
    """A local minimum of range: `row` of the object in the catalogue, `t` s after the start; states in TEME, m, m/s."""

    row: int
    t: float
    r1: np.ndarray
    v1: np.ndarray
    r2: np.ndarray
    v2: np.ndarray

    @property
    def range_m(self) -> float:
        return float(np.linalg.norm(self.r2 - self.r1))

    @property
    def speed_m_s(self) -> float:
        return float(np.linalg.norm(self.v2 - self.v1))

    @property
    def plane_angle_deg(self) -> float:
        """Between the orbit planes, of directed normals: 0 to 180."""
        a, b = np.cross(self.r1, self.v1), np.cross(self.r2, self.v2)
        return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))

    @property
    def miss_rtn(self) -> np.ndarray:
        """(3,) m: object less craft, in the axes of the craft."""
        return rtn_axes(self.r1, self.v1) @ (self.r2 - self.r1)


@dataclass(frozen=True)
class Neighbour:
    """An object that stays within `NEAR` all the while: its least and greatest range, m, and its `minima`, at which the
    range is below the threshold."""

    row: int
    least_m: float
    most_m: float
    minima: tuple[Approach, ...]


@dataclass(frozen=True)
class Screened:
    """`approaches` in order of time; `neighbours`; of the catalogue `looked_at`, how many rows the sieve left, and
    `without`, rows of which SGP4 has no state at some of the times (decayed, mostly)."""

    approaches: tuple[Approach, ...]
    neighbours: tuple[Neighbour, ...]
    looked_at: int
    without: tuple[int, ...]


def screen(
    craft: ScreenedCraft,
    group: Satellites | Sequence,
    start: Epoch,
    seconds: float,
    within: float,
    *,
    skip: Sequence[int] = (),
    step: float = STEP,
    threads: int = 1,
) -> Screened:
    """All minima of range below `within` m between the craft and the objects, from `start` for so many seconds.

    `group`: what `sim.orbit.sgp4_batch.satellites` returned, or what it takes; `skip`: rows that are left out, as the
    craft itself. Ends of the span are no minima.
    """
    if not isinstance(group, Satellites):
        group = satellites(group)
    middles = step * (np.arange(int(np.ceil(seconds / step))) + 0.5)
    r1, v1 = craft.states(start, middles)
    other = craft.other(start, middles, 0.5 * step)
    scan = _Scan(group, start, middles, r1, v1, other, 0.5 * step, within)
    low, high, without = shells(group, start, seconds)
    flown = np.isfinite(r1[:, 0])
    if not flown.any():
        return Screened((), (), 0, ())
    heights = np.linalg.norm(r1[flown], axis=1)
    rise = np.abs(np.einsum("ij,ij->i", r1[flown], v1[flown])) / heights
    # How far the radius may move from the middle of a cell to its end.
    slack = within + 0.5 * step * (rise.max() + 0.5 * step * (5.0 + other.max()))
    in_shell = (low < heights.max() + slack) & (high > heights.min() - slack)
    in_shell[list(skip)] = False
    near = in_shell[group.near]
    cells, spans, asked = scan.near_earth(np.flatnonzero(near), threads)
    deep = np.ones(len(group), dtype=bool)
    deep[group.near] = False
    more, more_spans = scan.others(np.concatenate([np.flatnonzero(deep & in_shell), asked]))
    found = np.concatenate([cells, more]).reshape(-1, 2)
    spans.update(more_spans)
    lost = {row for row, (_, _, states) in spans.items() if states < middles.size}
    made = refined(craft, group, start, seconds, found, step)
    return _sorted(made, found, spans, within, int(in_shell.sum()), {*np.flatnonzero(without).tolist(), *lost})


def refined(
    craft: ScreenedCraft, group: Satellites, start: Epoch, seconds: float, cells: np.ndarray, step: float
) -> Roots:
    """The minima of range in cells (n, 2): rows of (object, cell)."""
    low = step * cells[:, 1]
    high = np.minimum(low + step, seconds)
    second = sgp4_states(group.records, *start.jd_utc())
    return roots(lambda _, t: craft.states(start, t), second, (cells[:, 0], cells[:, 0]), low, high)


def shells(group: Satellites, start: Epoch, seconds: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least and greatest radius (n,) m of all objects over the span, from mean elements and widened by what they leave
    out; and which of them SGP4 cannot fly at one of the looks. These have shells from zero to infinity."""
    looks = np.linspace(0.0, seconds, max(2, int(np.ceil(seconds / LOOK_EVERY)) + 1))
    days, fractions = (x.tolist() for x in dates_of(start, looks))
    low, high = np.full(len(group), np.inf), np.zeros(len(group))
    without = np.zeros(len(group), dtype=bool)
    for row, record in enumerate(group.records):
        for day, fraction in zip(days, fractions, strict=True):
            if record.sgp4(day, fraction)[0]:
                low[row], high[row], without[row] = 0.0, np.inf, True
                break
            a, e = record.am * record.radiusearthkm * 1e3, record.em
            pad = PERIODIC + (LUNISOLAR if record.method == "d" else 0.0)
            low[row] = min(low[row], a * (1.0 - e) - pad)
            high[row] = max(high[row], a * (1.0 + e) + pad)
    return low, high, without


@dataclass(frozen=True, eq=False)
class _Scan:
    """The craft at the middles of all cells, for the search among objects."""

    group: Satellites
    start: Epoch
    t: np.ndarray
    r1: np.ndarray
    v1: np.ndarray
    other: np.ndarray
    half: float
    within: float

    def near_earth(self, chosen: np.ndarray, threads: int) -> tuple[np.ndarray, dict, np.ndarray]:
        """Cells (n, 2) of near-earth objects, their spans, and rows that must be asked of the package."""
        group, (days, fractions) = self.group, dates_of(self.start, self.t)
        craft = ScreenedPath(self.r1, self.v1, self.other, self.half, self.within)

        def part(mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            elements, epochs, size = group.elements[mine], group.epochs[mine], CAPACITY
            spans = np.empty((mine.size, 3))
            while True:
                found = np.empty((size, 2), dtype=np.int64)
                n = near_cells(elements, epochs, days, fractions, craft, found, spans)
                if n <= size:
                    break
                size = n
            found = found[:n]
            found[:, 0] = group.near[mine[found[:, 0]]]
            return found, spans

        parts = np.array_split(chosen, max(1, 8 * (threads - 1)))
        with ThreadPoolExecutor(threads) as pool:
            made = list(pool.map(part, parts))
        rows, spans = group.near[chosen], np.concatenate([s for _, s in made])
        good = spans[:, 2] >= 0.0
        known = {int(row): tuple(span) for row, span in zip(rows[good], spans[good].tolist(), strict=True)}
        return np.concatenate([f for f, _ in made]), known, rows[~good]

    def others(self, rows: np.ndarray) -> tuple[np.ndarray, dict]:
        """The same of rows that the package flies: coarsely first, every cell only where they come near."""
        found, spans, cells = [np.empty((0, 2), dtype=np.int64)], {}, np.empty(self.t.size, dtype=np.int64)
        coarse = self._coarse()
        for row in rows.tolist():
            looked, states = self._looked_at(row, coarse)
            r, v, known = self._states(row, looked)
            n, nearest, farthest = cells_of_path(
                self.r1[looked], self.v1[looked], r, v, known, self.other[looked], self.half, self.within, cells
            )
            found.append(np.column_stack([np.full(n, row), looked[cells[:n]]]))
            whole = looked.size == self.t.size
            spans[row] = (float(nearest) ** 0.5, float(farthest) ** 0.5 if whole else np.inf, states)
        return np.concatenate(found), spans

    def _coarse(self) -> np.ndarray:
        every = max(1, round(DEEP_KNOTS / (2.0 * self.half)))
        return np.unique(np.append(np.arange(0, self.t.size, every), self.t.size - 1))

    def _looked_at(self, row: int, coarse: np.ndarray) -> tuple[np.ndarray, int]:
        """Cells in which the object may be near, by its range at coarse times, and at how many cells it has states."""
        r, _, known = self._states(row, coarse)
        gap = np.linalg.norm(r - self.r1[coarse], axis=1)
        span = np.diff(self.t[coarse], append=self.t[coarse][-1])
        fastest = ESCAPE + float(np.nanmax(np.linalg.norm(self.v1, axis=1)))
        reach = self.within + fastest * (np.maximum(span, np.roll(span, 1)) + self.half)
        near = ~known | ~(gap > reach)
        # An interval of coarse times is looked at where either end is near.
        marked = near[:-1] | near[1:] if near.size > 1 else near
        looked = np.repeat(marked, np.diff(coarse)) if near.size > 1 else near
        looked = np.append(looked, marked[-1]) if near.size > 1 else looked
        states = self.t.size if known.all() else int(known.sum())
        return np.flatnonzero(looked), states

    def _states(self, row: int, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        errors, r, v = self.group.records[row].sgp4_array(*dates_of(self.start, self.t[cells]))
        known = (errors == 0) & np.isfinite(r).all(axis=1) & np.isfinite(self.r1[cells, 0])
        return 1e3 * r, 1e3 * v, known


def _sorted(made: Roots, cells: np.ndarray, spans: dict, within: float, looked_at: int, lost: set[int]) -> Screened:
    """Minima below the threshold, in order of time, those of neighbours apart."""
    near = {row for row, (_, farthest, _) in spans.items() if farthest < NEAR}
    events: list[Approach] = []
    apart: dict[int, list[Approach]] = {row: [] for row in sorted(near)}
    below = made.range < within
    for k in sorted(np.flatnonzero(below).tolist(), key=lambda k: made.t[k]):
        row = int(cells[made.cell[k], 0])
        one = Approach(row, float(made.t[k]), made.r1[k], made.v1[k], made.r2[k], made.v2[k])
        (apart[row] if row in near else events).append(one)
    neighbours = tuple(Neighbour(row, spans[row][0], spans[row][1], tuple(minima)) for row, minima in apart.items())
    return Screened(tuple(events), neighbours, looked_at, tuple(sorted(lost)))
