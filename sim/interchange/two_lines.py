"""What makes two lines an element set: the columns of the format, and the faults that `sgp4` lets pass in silence."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta

LENGTH = 69
FIRST_YEAR = 57  # two-digit years from here on are of the 1900s: nothing flew before Sputnik
TICK_US = 864  # microseconds in the eighth decimal of a day
MU_KM3_S2, RADIUS_KM = 398600.8, 6378.135  # WGS-72, the Earth that element sets are made with

_EXPONENT = (r"[ +-]\d{5}[ +-]\d", "like ' 12345-4', read as 0.12345e-4")
_ANGLE = r"(?:\d\d| \d|  )\d\.\d{4}"
_NUMBER = (r"[A-HJ-NP-Z]\d{4}| {0,4}\d{1,5}", "like '48274', or 'A0123' for 100123")


@dataclass(frozen=True)
class Column:
    """A field: the line it stands in, its first and last column (from 1), and the pattern of its whole text."""

    line: int
    first: int
    last: int
    name: str
    pattern: str
    write: str

    def of(self, text: str) -> str:
        return text[self.first - 1 : self.last]

    @property
    def key(self) -> str:
        return f"line {self.line}, columns {self.first}-{self.last}, {self.name}"


COLUMNS = {
    (c.line, c.name): c
    for c in (
        Column(1, 3, 7, "satellite number", *_NUMBER),
        Column(1, 8, 8, "classification", r"[UCS ]", "U, C or S"),
        Column(1, 10, 17, "international designator", r"[ !-~]{8}", "like '21035A  '"),
        Column(1, 19, 20, "epoch year", r"\d\d", "the last two digits of the year"),
        Column(1, 21, 32, "epoch day", r"(?:\d\d| \d|  )\d\.\d{8}", "like '279.66863779'"),
        Column(1, 34, 43, "first derivative of mean motion", r"[ +-][ 0]?\.\d{8}", "like ' .00012345'"),
        Column(1, 45, 52, "second derivative of mean motion", *_EXPONENT),
        Column(1, 54, 61, "B*", *_EXPONENT),
        Column(1, 63, 63, "ephemeris type", r"[ \d]", "one digit"),
        Column(1, 65, 68, "element set number", r" {0,4}\d{0,4}", "like ' 999'"),
        Column(2, 3, 7, "satellite number", *_NUMBER),
        Column(2, 9, 16, "inclination", _ANGLE, "degrees, like ' 41.4703'"),
        Column(2, 18, 25, "right ascension of the node", _ANGLE, "degrees, like '104.9680'"),
        Column(2, 27, 33, "eccentricity", r"\d{7}", "seven digits without the point, like '0001458'"),
        Column(2, 35, 42, "argument of perigee", _ANGLE, "degrees, like '104.9680'"),
        Column(2, 44, 51, "mean anomaly", _ANGLE, "degrees, like '104.9680'"),
        Column(2, 53, 63, "mean motion", r"[ \d]\d\.\d{8}", "revolutions a day, like '15.60381928'"),
        Column(2, 64, 68, "revolution number", r" {0,5}\d{0,5}", "like ' 1234'"),
    )
}
_HIGHEST_DEG = {
    "inclination": 180.0,
    "right ascension of the node": 360.0,
    "argument of perigee": 360.0,
    "mean anomaly": 360.0,
}


@dataclass(frozen=True)
class LineFinding:
    """One fault of line 1 or 2: where it stands, what was found and what is allowed."""

    line: int
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.key}: found {self.found}; allowed: {self.allowed}"


def cleaned(line: str) -> str:
    """A byte-order mark, line ends and trailing blanks are no fault."""
    return line.lstrip("\ufeff").rstrip()


def full_year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= FIRST_YEAR else 2000)


def checksum(line: str) -> int:
    """Last digit that a line should have: the sum of its digits before, a minus sign counting one, modulo 10."""
    return sum(int(c) if c in "0123456789" else c == "-" for c in line[: LENGTH - 1]) % 10


def epoch_text(line1: str) -> str:
    """The epoch of a good line 1 as ISO 8601 UTC, exactly: a float of days would blur the decimals."""
    whole, fraction = line1[20:32].split(".")
    day = date(full_year(int(line1[18:20])), 1, 1) + timedelta(days=int(whole) - 1)
    seconds, micro = divmod(int(fraction) * TICK_US, 1_000_000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{day}T{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{micro:06d}Z"


def perigee_km(motion_rev_day: float, eccentricity: float) -> float:
    """Height of the perigee over the equator's radius, of mean elements taken as a plain ellipse (WGS-72)."""
    rate = motion_rev_day * 2.0 * math.pi / 86400.0
    return (MU_KM3_S2 / rate**2) ** (1.0 / 3.0) * (1.0 - eccentricity) - RADIUS_KM


def findings(line1: str, line2: str) -> list[LineFinding]:
    """Everything that is wrong with two lines; empty for a good element set."""
    lines = {number: cleaned(text) for number, text in ((1, line1), (2, line2))}
    found = [f for number, text in lines.items() for f in _frame(number, text)]
    if lines[1][:2] == "2 " and lines[2][:2] == "1 ":
        found.append(
            LineFinding(1, "order of the lines", "the two lines swapped", "the one that begins with '1' first")
        )
    whole = [number for number, text in lines.items() if len(text) == LENGTH and text.startswith(f"{number} ")]
    faults = [f for number in whole for f in _fields(number, lines[number])]
    if len(whole) == 2 and not faults:
        faults = _values(lines[1], lines[2])
    return found + faults


def _frame(number: int, text: str) -> list[LineFinding]:
    """Length, line number and checksum of one line."""
    if not text:
        return [LineFinding(number, f"line {number}", "an empty line", f"{LENGTH} characters")]
    found = []
    if len(text) != LENGTH:
        found.append(LineFinding(number, f"line {number}", f"{len(text)} characters", f"{LENGTH} characters"))
    if not text.startswith(f"{number} "):
        found.append(LineFinding(number, f"line {number}, columns 1-2, line number", f"'{text[:2]}'", f"'{number} '"))
    if len(text) == LENGTH and text[-1] != str(checksum(text)):
        key = f"line {number}, column {LENGTH}, checksum"
        found.append(LineFinding(number, key, f"'{text[-1]}'", f"'{checksum(text)}', which its digits give"))
    return found


def _fields(number: int, text: str) -> list[LineFinding]:
    return [
        LineFinding(number, column.key, f"'{column.of(text)}'", column.write)
        for column in COLUMNS.values()
        if column.line == number and not re.fullmatch(column.pattern, column.of(text), re.ASCII)
    ]


def _values(line1: str, line2: str) -> list[LineFinding]:
    """Ranges, and what the two lines must agree on; the fields are known to be numbers."""
    found = []
    if line1[2:7] != line2[2:7]:
        what = f"{line1[2:7].strip()} in line 1, {line2[2:7].strip()} in line 2"
        found.append(LineFinding(2, COLUMNS[2, "satellite number"].key, what, "one satellite in both lines"))
    year = full_year(int(line1[18:20]))
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    if not 1.0 <= float(line1[20:32]) < days + 1:
        allowed = f"1 to {days}, the days of {year}, and a part of the last"
        found.append(LineFinding(1, COLUMNS[1, "epoch day"].key, line1[20:32].strip(), allowed))
    for name, highest in _HIGHEST_DEG.items():
        value = float(COLUMNS[2, name].of(line2))
        if value > highest:
            found.append(LineFinding(2, COLUMNS[2, name].key, f"{value} deg", f"0 to {highest:.0f} deg"))
    motion = float(line2[52:63])
    if motion <= 0.0:
        return [*found, LineFinding(2, COLUMNS[2, "mean motion"].key, f"{motion} rev/day", "more than 0 rev/day")]
    depth = -perigee_km(motion, float("0." + line2[26:33]))
    if depth > 0.0:
        what = f"0.{line2[26:33]} with {motion} rev/day: a perigee {depth:.0f} km below the surface"
        found.append(LineFinding(2, COLUMNS[2, "eccentricity"].key, what, "a perigee above the surface"))
    return found
