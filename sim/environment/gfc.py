"""Gravity files in the ICGEM format (https://icgem.gfz-potsdam.de/ICGEM-Format-2023.pdf): static, fully normalised.

Whatever is wrong is refused with its line. What is right but may not be what the user thinks is given as a warning: a
field that changes with time, another tide system, a last line without an end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.files import reading
from sim.files.errors import TiangongError
from sim.files.problems import printable

VARIATIONS = ("trnd", "dot", "acos", "asin")  # records of what changes with time, which a static field leaves out
TOLERANCE = (1e-3, 1e-6, 1e-3)  # of a coefficient of degree 0 from 1, of degree 1 (the origin: 6 m) and higher from 0
RANGES = (  # of the numbers in a header, as in an orbit file: m3/s2, m
    ("earth_gravity_constant", float, 1e14, 1e15),
    ("radius", float, 6e6, 7e6),
    ("max_degree", int, 0, 10_000),
)
OTHER_NAMES = {"gravity_constant": "earth_gravity_constant"}  # of files that are of other bodies too
WORDS = {  # keys of the header with few values; the first holds where the key is missing
    "product_type": ("gravity_field",),
    "norm": ("fully_normalized",),
    "tide_system": ("unknown", "tide_free", "zero_tide", "mean_tide"),
    "errors": ("unknown", "no", "calibrated", "formal", "calibrated_and_formal"),
}
SIGMAS = {"calibrated": 2, "formal": 2, "calibrated_and_formal": 4}  # columns of errors after C and S
HEADER_LINES, LINE_BYTES = 1000, 2000
LARGEST_BYTES = 600_000_000  # more than twice EGM2008 to degree 2190 with its errors


class GravityFileError(TiangongError, ValueError):
    """A gravity file that cannot be used: which line, what was found, what is allowed."""

    def __init__(self, text: str):
        super().__init__(printable(text, 900))


@dataclass(frozen=True)
class GravityFile:
    """Header, normalised coefficients `c` and `s` (degree+1, degree+1), and what the user should know."""

    header: dict
    c: np.ndarray
    s: np.ndarray
    warnings: tuple[str, ...]


def read_gfc_header(path: Path) -> dict:
    """The header of an ICGEM file: words by key, the numbers that are needed as numbers. Each key stands once.

    What comes before a line `begin_of_head`, where there is one, is free text.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for number, line in _lines(path):
        if number > HEADER_LINES:
            break
        words = line.split()
        if words and words[0] == "end_of_head":
            return _checked_header(found, path)
        if words and words[0] == "begin_of_head":
            found = {}
        elif words:
            key = words[0].lower()
            if key == "key" and [word.upper() for word in words[1:3]] not in ([], ["L", "M"], ["N", "M"]):
                columns = " ".join(words[1:5])[:40]
                raise GravityFileError(f"{path.name}:{number}: found the columns {columns}; allowed: L M C S")
            found.setdefault(OTHER_NAMES.get(key, key), []).append((number, words[1] if len(words) > 1 else ""))
    raise GravityFileError(
        f"{path.name}: no line 'end_of_head' in the first {HEADER_LINES} lines; is this an ICGEM .gfc file?"
    )


def read_gfc(path: Path, degree: int, order: int | None = None) -> tuple[dict, np.ndarray, np.ndarray]:
    """Header and normalised coefficients (degree+1, degree+1) of an ICGEM file; as `gravity_file`."""
    file = gravity_file(path, degree, order)
    return file.header, file.c, file.s


def gravity_file(path: Path, degree: int, order: int | None = None) -> GravityFile:
    """An ICGEM file to `degree` and `order`, read through once as long as it stays as it is.

    From degree 2 on all must be there to `degree` and `order`: a file that was cut would pass for a smoother Earth.
    """
    try:
        state = path.stat()
    except (OSError, ValueError):  # as the reader reports it
        return _read(path, degree, order, (0, 0))
    return _read(path, degree, order, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=4)
def _read(path: Path, degree: int, order: int | None, state: tuple[int, int]) -> GravityFile:
    header = read_gfc_header(path)
    if degree > header["max_degree"]:
        raise GravityFileError(f"{path.name}: degree {degree} asked for; the field goes to {header['max_degree']}")
    c, s = np.zeros((degree + 1, degree + 1)), np.zeros((degree + 1, degree + 1))
    c[0, 0] = 1.0
    inside, seen, changing, line = False, set(), set(), ""
    columns = 5 + SIGMAS.get(header["errors"], 0)
    for number, line in _lines(path):
        words = line.split()
        if not inside:
            inside = bool(words) and words[0] == "end_of_head"
            continue
        if not words:
            continue
        where = f"{path.name}:{number}"
        values = _row(words, line, columns, where)
        if words[0] != "gfc":
            changing.add(words[0])
        if words[0] in VARIATIONS:
            continue
        n, m = int(words[1]), int(words[2])
        _refuse_strange(n, m, values, header["max_degree"], line, where)
        if (n, m) in seen and words[0] == "gfct":
            allowed = "one gfct for each n m: a field in intervals of time is not read; take a static one"
            raise GravityFileError(f"{where}: gfct {n} {m} a second time; allowed: {allowed}")
        if (n, m) in seen:
            raise GravityFileError(f"{where}: coefficient {n} {m} a second time; allowed: once")
        seen.add((n, m))
        if n <= degree:
            c[n, m], s[n, m] = values
    top = degree if order is None else order
    expected = ((n, m) for n in range(2, degree + 1) for m in range(min(n, top) + 1))
    if (cut := next((pair for pair in expected if pair not in seen), None)) is not None:
        allowed = f"all from degree 2 to degree {degree} and order {top}; was the file cut?"
        raise GravityFileError(f"{path.name}: found no coefficient {cut[0]} {cut[1]}; allowed: {allowed}")
    rows_to = max((n for n, _ in seen), default=0)
    return GravityFile(header, c, s, tuple(_warnings(path, header, changing, rows_to, line)))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines by number, from 1; a file or a line without end is refused before it fills the memory."""
    number = 0
    try:
        for number, line in enumerate(reading.lines(path, LARGEST_BYTES, LINE_BYTES), 1):
            yield number, line
    except reading.Unreadable as error:
        where = f"{path.name}:{number + 1}" if number else path.name
        allowed = f"an ICGEM .gfc file of at most {reading.size(LARGEST_BYTES)}"
        raise GravityFileError(f"{where}: found {error.found}; allowed: {allowed}") from None


def _number(word: str, kind: type = float) -> float:
    """A number as Fortran writes it, with D or E; ValueError for what Python alone would take (1_000, other digits)."""
    if "_" in word or not word.isascii():
        raise ValueError(word)
    return kind(word.replace("D", "e").replace("d", "e"))


def _row(words: list[str], line: str, columns: int, where: str) -> list[float]:
    """C and S of a row of coefficients. All columns that the header promises must be there, and be numbers."""
    known = words[0] in ("gfc", "gfct", *VARIATIONS)
    try:
        if not known:
            raise ValueError
        _number(words[1], int), _number(words[2], int)
        values = [_number(word) for word in words[3:5]]
        for word in words[5 : max(columns, 5)]:
            _number(word)
    except (ValueError, IndexError):
        found = line.strip()[:80]
        raise GravityFileError(f"{where}: found {found!r}; allowed: gfc n m C S") from None
    if len(words) < columns:
        found = f"{len(words)} columns, {line.strip()[:80]!r}"
        raise GravityFileError(f"{where}: found {found}; allowed: {columns}, gfc n m C S and errors; was the file cut?")
    return values


def _refuse_strange(n: int, m: int, values: list[float], top: int, line: str, where: str) -> None:
    found = line.strip()[:80]
    if not 0 <= m <= n or not all(map(math.isfinite, values)):
        raise GravityFileError(f"{where}: found '{found}'; allowed: 0 <= m <= n, finite C, S")
    if n > top:
        raise GravityFileError(f"{where}: found '{found}'; allowed: n up to {top}, the max_degree of the header")
    limit = TOLERANCE[min(n, 2)]
    if abs(values[0] - (n == 0)) > limit or abs(values[1]) > limit:
        allowed = f"C and S within {limit:g} of {1.0 if n == 0 else 0.0:g}, normalised, of an Earth"
        raise GravityFileError(f"{where}: found '{found}'; allowed: {allowed}")


def _checked_header(found: dict[str, list[tuple[int, str]]], path: Path) -> dict:
    """All problems of the header at once."""
    header: dict = {key: rows[0][1] for key, rows in found.items() if rows[0][1]}
    problems = []
    for key in (*(key for key, *_ in RANGES), *WORDS):
        if len(rows := found.get(key, [])) > 1:
            places = " and ".join(f"'{value}' in line {number}" for number, value in rows[:3])
            problems.append(f"'{key}' is {places}, expected once")
    for key, kind, low, high in RANGES:
        try:
            value = _number(header[key], kind)
        except (KeyError, ValueError):
            value = math.nan
        if not low <= value <= high:
            shown = f"'{header[key][:40]}'" if key in header else "missing"
            problems.append(f"'{key}' is {shown}, expected a number from {low:g} to {high:g}")
        header[key] = value
    for key, words in WORDS.items():
        value = header.setdefault(key, words[0])
        if key == "errors" and value not in words:  # columns that nobody reads; some files have a word of their own
            header[key] = words[0]
        elif value not in words:
            problems.append(f"{key} is '{value[:40]}', only {', '.join(words)} is read")
    if problems:
        raise GravityFileError(f"{path.name}: {'; '.join(problems)}")
    return header


def _warnings(path: Path, header: dict, changing: set[str], rows_to: int, last: str) -> Iterator[str]:
    if changing:
        kinds = ", ".join(sorted(changing))
        yield f"{path.name} changes with time ({kinds}): it is flown as it is at its own epoch, without the changes"
    if (tides := header["tide_system"]) in ("zero_tide", "mean_tide"):
        yield f"{path.name} is a field of the tide_system {tides}: its C(2,0) holds the permanent tide"
    if rows_to < header["max_degree"]:
        yield f"{path.name} says max_degree {header['max_degree']}, and its coefficients end at degree {rows_to}"
    if not last.endswith("\n"):
        yield f"{path.name} has no line end after its last line, '{last.strip()[:60]}': was it cut?"
