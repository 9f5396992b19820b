"""SGP4 in bulk: many satellites at many times, for screening.

The `sgp4` package is the authority. Near-earth satellites (periods below 225 minutes) run through a kernel that agrees
with it to 2e-5 m within a week of the epoch and to a millimetre further on; deep-space ones, and the few rows that
the kernel will not vouch for, are asked of the package itself. Elements are WGS-72, as all published ones are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from kernels.orbit.sgp4_batch import ASK, near_earth_states
from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch

MU_WGS72_KM3_S2 = 398600.8
NOT_FINITE = 7
ERRORS = {
    0: "none",
    1: "mean eccentricity outside 0 to 1",
    2: "mean motion below zero",
    3: "perturbed eccentricity outside 0 to 1",
    4: "semi-latus rectum below zero",
    5: "not in use (it meant: epoch elements below the ground)",
    6: "decayed: the point is inside the Earth",
    NOT_FINITE: "no number: the package gives NaN or infinity and calls it no error",
}
_PARTS = 16  # slices a thread takes its work in, so that two threads end together


@dataclass(frozen=True, eq=False)
class Satellites:
    """Many satellites read once: the `sgp4` records, and the near-earth ones as a table for the kernel.

    near (k,) rows of the near-earth ones; elements (k, 7) and epochs (k, 2) as `near_earth_states` takes them.
    """

    records: tuple
    near: np.ndarray
    elements: np.ndarray
    epochs: np.ndarray

    def __len__(self) -> int:
        return len(self.records)


def satellites(records: Iterable) -> Satellites:
    """Reads `sgp4.api.Satrec` objects or `ElementSet`s (may be mixed); 4 us each, so keep what it returns."""
    records = tuple(one.satrec() if isinstance(one, ElementSet) else one for one in records)
    for row, one in enumerate(records):
        if not hasattr(one, "jdsatepochF"):
            raise TypeError(f"row {row} is of type {type(one).__name__}; give sgp4.api.Satrec objects or ElementSets")
        if abs(one.mu - MU_WGS72_KM3_S2) > 1e-6:
            raise ValueError(
                f"satellite {one.satnum_str} (row {row}) was read with mu = {one.mu} km3/s2; element sets are made "
                f"with WGS-72, {MU_WGS72_KM3_S2}: leave out the gravity model in Satrec.twoline2rv, or give it WGS72"
            )
    table = np.array(
        [(s.ecco, s.inclo, s.nodeo, s.argpo, s.mo, s.no_kozai, s.bstar, s.jdsatepoch, s.jdsatepochF) for s in records]
    ).reshape(-1, 9)
    # What is not a number goes to the package, and so gets a code.
    near = np.flatnonzero(np.array([s.method == "n" for s in records], dtype=bool) & np.isfinite(table).all(axis=1))
    return Satellites(records, near, table[near, :7].copy(), table[near, 7:].copy())


def states(group, jd, fr=None, *, threads: int = 1, out: tuple | None = None):
    """Errors (n, m) uint8, positions (n, m, 3) m and velocities (n, m, 3) m/s in TEME of n satellites at m times.

    `group`: what `satellites` returned, or what it takes. Times: Julian dates of UTC in two parts, `jd` and `fr` (m,),
    or `jd` alone as a sequence of `Epoch`. Codes are the package's, see `ERRORS`; with 1 to 4 the state is NaN, with 6
    (below the ground) it is what the package gives, with 7 (ours) it is not finite. A state is finite where the code is
    0. Every satellite is computed alone, so neither `threads` nor the company it is in changes a bit. `out`: three
    C-contiguous arrays to write into, (errors, r, v), for loops that would otherwise ask the system for fresh memory.
    The lanes are times: one at a call runs at the package's speed, 8 at six times that, some hundred at thirty.

    >>> errors, r, v = states([element_set("css-2026-10-06")], [Epoch.from_utc("2026-10-07T00:00:00Z")])
    """
    if not isinstance(group, Satellites):
        group = satellites(group)
    if threads < 1:
        raise ValueError(f"threads = {threads}; it must be 1 or more")
    days, fractions = _dates(jd, fr)
    n, m = len(group), days.size
    errors, r, v = _outputs(n, m) if out is None else _given(out, n, m)

    def work(part):
        rows = group.near[part]
        near_earth_states(group.elements[part], group.epochs[part], rows, days, fractions, errors, r, v)

    if threads == 1:
        work(slice(None))
    else:
        edges = np.linspace(0, group.near.size, threads * _PARTS + 1).astype(int)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]))

    deep = np.ones(n, dtype=bool)
    deep[group.near] = False
    errors[deep] = ASK
    for row in np.flatnonzero(errors.max(axis=1, initial=0) == ASK):
        _ask(group.records[row], days, fractions, errors[row], r[row], v[row])
    return errors, r, v


def _ask(record, days, fractions, errors, r, v) -> None:
    """Fills the rows marked ASK of one satellite with the package's answer; km to m."""
    at = np.flatnonzero(errors == ASK)
    e, r_km, v_km_s = record.sgp4_array(days[at], fractions[at])
    finite = np.isfinite(r_km).all(axis=1) & np.isfinite(v_km_s).all(axis=1)
    errors[at] = np.where((e == 0) & ~finite, NOT_FINITE, e)
    r[at], v[at] = 1000.0 * r_km, 1000.0 * v_km_s


def _dates(jd, fr) -> tuple[np.ndarray, np.ndarray]:
    """Two-part Julian dates as contiguous (m,) arrays, or an error that says what to give."""
    if fr is None:
        if not all(isinstance(one, Epoch) for one in jd):
            raise TypeError("times: give Julian dates in two parts, jd and fr, or a sequence of Epoch")
        pairs = np.array([one.jd_utc() for one in jd], dtype=float).reshape(-1, 2)
        return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    days, fractions = np.ascontiguousarray(jd, dtype=float), np.ascontiguousarray(fr, dtype=float)
    if days.ndim != 1 or days.shape != fractions.shape:
        raise ValueError(f"jd and fr have shapes {days.shape} and {fractions.shape}; both must be (m,), m times")
    bad = np.flatnonzero(~(np.isfinite(days) & np.isfinite(fractions)))
    if bad.size:
        raise ValueError(f"time {bad[0]} is jd = {days[bad[0]]}, fr = {fractions[bad[0]]}; both must be finite")
    return days, fractions


def _outputs(n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.empty((n, m), dtype=np.uint8), np.empty((n, m, 3)), np.empty((n, m, 3))


def _given(out: Sequence[np.ndarray], n: int, m: int) -> Sequence[np.ndarray]:
    expected = (((n, m), np.uint8), ((n, m, 3), np.float64), ((n, m, 3), np.float64))
    for name, array, (shape, kind) in zip(("errors", "r", "v"), out, expected, strict=True):
        if array.shape != shape or array.dtype != kind or not array.flags.c_contiguous:
            raise ValueError(
                f"out: {name} is {array.dtype} {array.shape}; it must be a C-contiguous {np.dtype(kind)} {shape}"
            )
    return out
