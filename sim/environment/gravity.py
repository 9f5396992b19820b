"""Gravity fields as records for the kernels: point mass, J2, the packaged EGM2008, or any ICGEM `.gfc` file."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import J2, MU_EARTH, R_GRAVITY
from sim.files import reading
from sim.files.errors import TiangongError
from sim.files.paths import ASSETS

if TYPE_CHECKING:
    from kernels.orbit.harmonics import Field

LARGEST = 120  # degree, to which the tests of the kernel go
LARGEST_BYTES = 512_000_000  # of a .gfc file: twice EGM2008 to degree 2190
VARIATIONS = ("trnd", "dot", "acos", "asin")  # records of what changes with time, which a static field leaves out
TOLERANCE = (1e-3, 1e-6, 1e-3)  # of a coefficient of degree 0 from 1, of degree 1 (the origin: 6 m) and higher from 0
RANGES = (  # of the numbers in a header, as in an orbit file: m3/s2, m
    ("earth_gravity_constant", float, 1e14, 1e15),
    ("radius", float, 6e6, 7e6),
    ("max_degree", int, 0, 10_000),
)


class GravityFileError(TiangongError, ValueError):
    """A gravity file that cannot be used: which line, what was found, what is allowed."""


def point(mu: float = MU_EARTH, radius: float = R_GRAVITY) -> Field:
    """A point mass, m3/s2."""
    return _made(mu, radius, np.ones((1, 1)), np.zeros((1, 1)), 0)


def j2_only(mu: float = MU_EARTH, radius: float = R_GRAVITY, j2: float = J2) -> Field:
    """A point mass and the oblateness term."""
    c, s = np.zeros((3, 3)), np.zeros((3, 3))
    c[0, 0], c[2, 0] = 1.0, -j2 / math.sqrt(5.0)
    return _made(mu, radius, c, s, 2, 0)


@lru_cache(maxsize=8)
def egm2008(degree: int, order: int | None = None, mu: float | None = None, radius: float | None = None) -> Field:
    """The packaged EGM2008 (tide-free), up to degree and order 70; made once, since nothing writes to a field."""
    with np.load(ASSETS / "egm70.npz") as file:
        return _field(file["C"], file["S"], degree, order, mu or MU_EARTH, radius or R_GRAVITY)


def icgem(path: Path, degree: int, order: int | None = None, mu: float | None = None, radius: float | None = None):
    """A field from an ICGEM file, https://icgem.gfz-potsdam.de/ICGEM-Format-2023.pdf: static, fully normalised."""
    header, c, s = read_gfc(path, degree, order)
    return _field(c, s, degree, order, mu or header["earth_gravity_constant"], radius or header["radius"])


def read_gfc_header(path: Path) -> dict:
    """The header of an ICGEM file: words by key, the numbers that are needed as numbers."""
    header: dict = {}
    with closing(_lines(path)) as lines:
        for number, line in enumerate(lines, 1):
            if number > 1000:
                break
            words = line.split()
            if words and words[0] == "end_of_head":
                return _checked_header(header, path)
            if len(words) >= 2:
                header[words[0]] = words[1]
    raise GravityFileError(f"{path.name}: no line 'end_of_head' in the first 1000 lines; is this an ICGEM .gfc file?")


def read_gfc(path: Path, degree: int, order: int | None = None) -> tuple[dict, np.ndarray, np.ndarray]:
    """Header and normalised coefficients (degree+1, degree+1) of an ICGEM file.

    From degree 2 on all must be there to `degree` and `order`: a file that was cut would pass for a smoother Earth.
    """
    header = read_gfc_header(path)
    if degree > header["max_degree"]:
        raise GravityFileError(f"{path.name}: degree {degree} asked for; the field goes to {header['max_degree']}")
    c, s = np.zeros((degree + 1, degree + 1)), np.zeros((degree + 1, degree + 1))
    c[0, 0] = 1.0
    inside, seen = False, set()
    with closing(_lines(path)) as lines:
        for number, line in enumerate(lines, 1):
            words = line.split()
            if not inside:
                inside = bool(words) and words[0] == "end_of_head"
                continue
            if not words or words[0] in VARIATIONS:
                continue
            try:
                if words[0] not in ("gfc", "gfct"):
                    raise ValueError
                n, m = int(words[1]), int(words[2])
                if "_" in line:
                    raise ValueError
                values = [float(w.replace("D", "e").replace("d", "e")) for w in words[3:5]]
            except (ValueError, IndexError):
                found = line.strip()[:80]
                raise GravityFileError(f"{path.name}:{number}: found {found!r}; allowed: gfc n m C S") from None
            if not 0 <= m <= n or not all(map(math.isfinite, values)):
                allowed = "0 <= m <= n, finite C, S"
                raise GravityFileError(f"{path.name}:{number}: found '{line.strip()}'; allowed: {allowed}")
            if abs(values[0] - (n == 0)) > TOLERANCE[min(n, 2)] or abs(values[1]) > TOLERANCE[min(n, 2)]:
                allowed = (
                    f"C and S within {TOLERANCE[min(n, 2)]:g} of {1.0 if n == 0 else 0.0:g}, normalised, of an Earth"
                )
                raise GravityFileError(f"{path.name}:{number}: found '{line.strip()[:80]}'; allowed: {allowed}")
            if (n, m) in seen and words[0] == "gfct":
                allowed = "one gfct for each n m: a field in intervals of time is not read; take a static one"
                raise GravityFileError(f"{path.name}:{number}: gfct {n} {m} a second time; allowed: {allowed}")
            if (n, m) in seen:
                raise GravityFileError(f"{path.name}:{number}: coefficient {n} {m} a second time; allowed: once")
            seen.add((n, m))
            if n <= degree:
                c[n, m], s[n, m] = values
    top = degree if order is None else order
    expected = ((n, m) for n in range(2, degree + 1) for m in range(min(n, top) + 1))
    if (cut := next((pair for pair in expected if pair not in seen), None)) is not None:
        allowed = f"all from degree 2 to degree {degree} and order {top}; was the file cut?"
        raise GravityFileError(f"{path.name}: found no coefficient {cut[0]} {cut[1]}; allowed: {allowed}")
    return header, c, s


def _lines(path: Path) -> Generator[str, None, None]:
    """The lines of a file of bearable size; to be closed by whoever does not read to the end."""
    try:
        yield from reading.lines(path, LARGEST_BYTES)
    except reading.Unreadable as error:
        allowed = f"an ICGEM .gfc file of at most {reading.size(LARGEST_BYTES)}"
        raise GravityFileError(f"{path.name}: found {error.found}; allowed: {allowed}") from None


def _checked_header(header: dict, path: Path) -> dict:
    problems = []
    for key, kind, low, high in RANGES:
        try:
            value = kind(str(header[key]).replace("D", "e").replace("d", "e"))
        except (KeyError, ValueError):
            value = math.nan
        if not low <= value <= high:
            found = f"'{header[key]}'" if key in header else "missing"
            problems.append(f"'{key}' is {found}, expected a number from {low:g} to {high:g}")
        header[key] = value
    if header.get("norm", "fully_normalized") != "fully_normalized":
        problems.append(f"norm is '{header['norm']}', only fully_normalized is read")
    if header.get("product_type", "gravity_field") != "gravity_field":
        problems.append(f"product_type is '{header['product_type']}', only gravity_field is read")
    if problems:
        raise GravityFileError(f"{path.name}: {'; '.join(problems)}")
    return header


def _made(mu: float, radius: float, c: np.ndarray, s: np.ndarray, degree: int, order: int | None = None) -> Field:
    from kernels.orbit.harmonics import make_field  # brings numba: a file is read and refused without

    return make_field(mu, radius, c, s, degree, order)


def _field(c, s, degree: int, order: int | None, mu: float, radius: float) -> Field:
    if degree > LARGEST:
        raise GravityFileError(f"degree {degree} asked for; this program flies fields to degree {LARGEST}")
    if degree >= len(c):
        raise GravityFileError(f"degree {degree} asked for; the field goes to {len(c) - 1}")
    return _made(mu, radius, c, s, degree, degree if order is None else min(order, degree))
