"""The state of an OEM at any time that its rows cover, by the interpolation that it names (502.0-B, section 5.2.4)."""

from __future__ import annotations

import numpy as np

from sim.core.epoch import NS, Epoch
from sim.interchange.oem import Ephemeris, Segment
from sim.interchange.problems import refusal
from sim.interchange.state import OrbitState
from sim.interchange.times import written

METHODS = ("HERMITE", "LAGRANGE", "LINEAR")
USUAL = "HERMITE", 7  # where a file names none: what most of them are written for


def state_at(ephemeris: Ephemeris, at: Epoch, file: str) -> tuple[OrbitState, tuple[str, ...]]:
    """The state in the file's frame, and notes about it; refused where no segment covers `at`.

    A row is given back as it stands. Between two segments nothing is interpolated; a time that two of them have is
    the later one's, the state after a manoeuvre.
    """
    segment = next((s for s in reversed(ephemeris.segments) if s.first <= at <= s.last), None)
    if segment is None:
        covered = ", ".join(f"{written(s.first)} to {written(s.last)}" for s in ephemeris.segments[:6])
        more = f" and {len(ephemeris.segments) - 6} more segments" if len(ephemeris.segments) > 6 else ""
        raise refusal(file, "", f"no rows for the start, {written(at)}", f"a start within {covered}{more}")
    row = int(np.searchsorted(segment.tai_ns, at.tai_ns))
    if segment.tai_ns[row] == at.tai_ns:
        return OrbitState(ephemeris.name, at, segment.frame, segment.r[row], segment.v[row]), ()
    notes: tuple[str, ...] = ()
    if segment.interpolation is None:
        notes = (f"{file} names no interpolation: Hermite's of degree {USUAL[1]} was taken",)
    method, degree = (segment.interpolation, segment.degree) if segment.interpolation else USUAL
    if method not in METHODS:
        allowed = f"{', '.join(METHODS)}, or a start at the time of a row"
        raise refusal(file, "INTERPOLATION", f"'{method}'", allowed)
    assert degree is not None  # a file that names a method has to name its degree
    count = {"HERMITE": degree // 2 + 1, "LAGRANGE": degree + 1, "LINEAR": 2}[method]
    if segment.interpolation is None:
        count = min(count, len(segment.tai_ns))
    if count > len(segment.tai_ns):
        found = f"{degree}, which takes {count} rows; the segment has {len(segment.tai_ns)}"
        raise refusal(file, "INTERPOLATION_DEGREE", found, "a degree that the rows are enough for")
    first = min(max(row - (count + 1) // 2, 0), len(segment.tai_ns) - count)
    r, v = _between(segment, slice(first, first + count), at, method)
    return OrbitState(ephemeris.name, at, segment.frame, r, v), notes


def _between(segment: Segment, rows: slice, at: Epoch, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Position (3,) m and velocity (3,) m/s from the polynomial through `rows`: of Hermite, whose slope is the
    velocity, or of Lagrange, for each by itself."""
    from scipy.interpolate import BarycentricInterpolator, KroghInterpolator

    t = (segment.tai_ns[rows] - at.tai_ns) / NS
    unit = t[-1] - t[0]  # times of the order of 1 keep the divided differences in reach
    if method == "HERMITE":
        values = np.stack([segment.r[rows], segment.v[rows] * unit], axis=1).reshape(-1, 3)
        curve = KroghInterpolator(np.repeat(t / unit, 2), values)
        return curve(0.0), curve.derivative(0.0) / unit
    both = BarycentricInterpolator(t / unit, np.hstack([segment.r[rows], segment.v[rows]]))(0.0)
    return both[:3], both[3:]
