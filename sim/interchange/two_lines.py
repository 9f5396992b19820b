"""What makes two lines an element set: the columns of the format, and the faults that `sgp4` lets pass in silence."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LENGTH = 69
FIRST_YEAR = 57  # two-digit years from here on are of the 1900s: nothing flew before Sputnik
TICK_US = 864  # microseconds in the eighth decimal of a day
MU_KM3_S2, RADIUS_KM = 398600.8, 6378.135  # WGS-72, the Earth that element sets are made with

# Faster than the last one a circle would run under the ground (WGS-72): 17.0433 rev/day, cut to four decimals.
FASTEST_REV_DAY = math.floor(86400.0 / (2.0 * math.pi) * math.sqrt(MU_KM3_S2 / RADIUS_KM**3) * 1e4) / 1e4
SLOWEST_REV_DAY = 1e-6
MOST_ECCENTRIC = 0.9999999
LARGEST_DRAG = 1e6  # of B* and of the second derivative: far above any that was ever published

_EXPONENT = r"[ +-]\d{5}[ +-]\d", f"-{LARGEST_DRAG:.0f} to {LARGEST_DRAG:.0f}, like ' 12345-4', read as 0.12345e-4"
_ANGLE = r"(?:\d\d| \d|  )\d\.\d{4}"
_TURN = (_ANGLE, "0 to 360 deg, like '104.9680'")
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
        Column(1, 21, 32, "epoch day", r"(?:\d\d| \d|  )\d\.\d{8}", "1 to 365, or 366, like '279.66863779'"),
        Column(
            1,
            34,
            43,
            "first derivative of mean motion",
            r"[ +-][ 0]?\.\d{8}",
            "more than -1, less than 1, ' .00012345'",
        ),
        Column(1, 45, 52, "second derivative of mean motion", *_EXPONENT),
        Column(1, 54, 61, "B*", *_EXPONENT),
        Column(1, 63, 63, "ephemeris type", r"[ \d]", "one digit"),
        Column(1, 65, 68, "element set number", r" {0,4}\d{0,4}", "0 to 9999, like ' 999'"),
        Column(2, 3, 7, "satellite number", *_NUMBER),
        Column(2, 9, 16, "inclination", _ANGLE, "0 to 180 deg, like ' 41.4703'"),
        Column(2, 18, 25, "right ascension of the node", *_TURN),
        Column(
            2,
            27,
            33,
            "eccentricity",
            r"\d{7}",
            f"0 to {MOST_ECCENTRIC}, seven digits without the point, like '0001458'",
        ),
        Column(2, 35, 42, "argument of perigee", *_TURN),
        Column(2, 44, 51, "mean anomaly", *_TURN),
        Column(
            2,
            53,
            63,
            "mean motion",
            r"[ \d]\d\.\d{8}",
            f"{SLOWEST_REV_DAY:f} to {FASTEST_REV_DAY} rev/day, like '15.60381928'",
        ),
        Column(2, 64, 68, "revolution number", r" {0,5}\d{0,5}", "0 to 99999, like ' 1234'"),
    )
}
BETWEEN = {1: (2, 9, 18, 33, 44, 53, 62, 64), 2: (2, 8, 17, 26, 34, 43, 52)}  # columns that are blank, by line
_HIGHEST_DEG = {
    "inclination": 180.0,
    "right ascension of the node": 360.0,
    "argument of perigee": 360.0,
    "mean anomaly": 360.0,
}
_BLANKS = {"\t": "a tab", "\xa0": "a no-break space", "\u2007": "a figure space", "\u3000": "an ideographic space"}
_MOST_ODD = 3  # characters of a line that are reported; a line in another alphabet would have seventy


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


_WEIGHTS = bytes(int(chr(c)) if chr(c) in "0123456789" else c == ord("-") for c in range(256))


def checksum(line: str) -> int:
    """Last digit that a line should have: the sum of its digits before, a minus sign counting one, modulo 10."""
    return sum(line[: LENGTH - 1].encode("ascii", "replace").translate(_WEIGHTS)) % 10


def from_exponent(text: str) -> float:
    """' 12345-4' is 0.12345e-4."""
    return float(f"{text[0].strip()}0.{text[1:6]}e{text[6:].replace(' ', '+')}")


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
    whole = [number for number, text in lines.items() if len(text) == LENGTH and text.startswith(str(number))]
    faults = [f for number in whole for f in (*_between(number, lines[number]), *_fields(number, lines[number]))]
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
    if not text.startswith(str(number)):
        found.append(LineFinding(number, f"line {number}, column 1, line number", f"'{text[:1]}'", f"'{number}'"))
    if len(text) == LENGTH and text[-1] != str(checksum(text)):
        key = f"line {number}, column {LENGTH}, checksum"
        found.append(LineFinding(number, key, f"'{text[-1]}'", f"'{checksum(text)}', which its digits give"))
    return found


def _between(number: int, text: str) -> Iterator[LineFinding]:
    """What stands between the fields and is no blank, and characters that no field may hold: each with its column."""
    plain = text.isascii() and text.isprintable()  # a catalogue has thousands of lines, and nearly all are
    odd = [] if plain else [i for i, c in enumerate(text, 1) if not " " <= c <= "~"]
    for i in sorted({*odd, *(i for i in BETWEEN[number] if text[i - 1] != " ")})[:_MOST_ODD]:
        field = next((c for c in COLUMNS.values() if c.line == number and c.first <= i <= c.last), None)
        key = f"line {number}, column {i}, " + (field.name if field else "between two fields")
        allowed = "a plain blank (U+0020)" if field is None else field.write
        yield LineFinding(number, key, _named(text[i - 1]), allowed)


def _named(character: str) -> str:
    """A character that may be invisible, in words."""
    if " " < character <= "~":
        return f"'{character}'"
    code = f"U+{ord(character):04X}"
    if character in _BLANKS:
        return f"{_BLANKS[character]} ({code})"
    return f"the character {unicodedata.name(character, 'without a name').lower()} ({code})"


_PATTERNS = {
    number: [(c, re.compile(c.pattern, re.ASCII)) for c in COLUMNS.values() if c.line == number] for number in (1, 2)
}


def _fields(number: int, text: str) -> list[LineFinding]:
    """Fields that are not written as they have to be; one with a character that none may hold is reported before."""
    return [
        LineFinding(number, column.key, f"'{column.of(text)}'", column.write)
        for column, pattern in _PATTERNS[number]
        if not pattern.fullmatch(text, column.first - 1, column.last)
        and column.of(text).isascii()
        and column.of(text).isprintable()
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
            found.append(LineFinding(2, COLUMNS[2, name].key, f"{value} deg", COLUMNS[2, name].write))
    for name in ("second derivative of mean motion", "B*"):
        column = COLUMNS[1, name]
        if abs(from_exponent(column.of(line1))) > LARGEST_DRAG:
            found.append(LineFinding(1, column.key, f"'{column.of(line1)}'", column.write))
    motion = float(line2[52:63])
    if not SLOWEST_REV_DAY <= motion <= FASTEST_REV_DAY:
        column = COLUMNS[2, "mean motion"]
        return [*found, LineFinding(2, column.key, f"{motion} rev/day", column.write)]
    depth = -perigee_km(motion, float("0." + line2[26:33]))
    if depth > 0.0:
        what = f"0.{line2[26:33]} with {motion} rev/day: a perigee {depth:.0f} km below the surface"
        found.append(LineFinding(2, COLUMNS[2, "eccentricity"].key, what, "a perigee above the surface"))
    return found
