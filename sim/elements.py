"""The station's element sets (seeds/elements), and what makes two lines an element set.

An element set holds SGP4 mean elements: they become a state through SGP4 and never pass for osculating elements. The
`sgp4` package reads the numbers; `check_lines` finds the faults that it lets pass in silence (a wrong checksum, lines
of two satellites, letters in a number).
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sim import places
from sim.epoch import Epoch

LENGTH = 69
MU_KM3_S2, RADIUS_KM = 398600.8, 6378.135  # WGS-72, the Earth that element sets are made with

_EXPONENT = (r"[ +-]\d{5}[ +-]\d", "like ' 12345-4', read as 0.12345e-4")
# line, first column, last column (from 1), name, pattern of the whole field, and what to write instead.
_FIELDS = (
    (1, 3, 7, "satellite number", r"[ \dA-HJ-NP-Z][ \d]{3}\d", "like '48274'"),
    (1, 19, 20, "epoch year", r"\d\d", "the last two digits of the year"),
    (1, 21, 32, "epoch day", r"[ \d]{2}\d\.\d{8}", "like '279.66863779'"),
    (1, 34, 43, "first derivative of mean motion", r"[ +-][ 0]?\.\d{8}", "like ' .00012345'"),
    (1, 45, 52, "second derivative of mean motion", *_EXPONENT),
    (1, 54, 61, "B*", *_EXPONENT),
    (2, 3, 7, "satellite number", r"[ \dA-HJ-NP-Z][ \d]{3}\d", "like '48274'"),
    (2, 9, 16, "inclination", r"[ \d]{2}\d\.\d{4}", "degrees, like ' 41.4703'"),
    (2, 18, 25, "right ascension of the node", r"[ \d]{2}\d\.\d{4}", "degrees, like '104.9680'"),
    (2, 27, 33, "eccentricity", r"\d{7}", "seven digits without the point, like '0001458'"),
    (2, 35, 42, "argument of perigee", r"[ \d]{2}\d\.\d{4}", "degrees, like '104.9680'"),
    (2, 44, 51, "mean anomaly", r"[ \d]{2}\d\.\d{4}", "degrees, like '104.9680'"),
    (2, 53, 63, "mean motion", r"[ \d]\d\.\d{8}", "revolutions a day, like '15.60381928'"),
)


class UnknownName(KeyError):
    """A name that is not in a table; the message offers the nearest ones."""

    def __init__(self, what: str, name: str, names: Iterable[str]):
        self.name = name
        self.nearest = difflib.get_close_matches(name, list(names), n=3, cutoff=0.4)
        hint = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(f"no {what} is named '{name}'{hint}")

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class ElementSet:
    """Two lines of mean elements (TEME, WGS-72), with a grade of trust and the place they were found in.

    Grade A: whole from a catalogue dump. B: quoted alone, node agrees with its neighbours. C: use with care.
    """

    name: str
    line1: str
    line2: str
    grade: str
    source: str

    def satrec(self):
        """A fresh `sgp4` record of these lines (WGS-72); propagating changes it, so it is never shared."""
        from sgp4.api import Satrec

        return Satrec.twoline2rv(self.line1, self.line2)

    @property
    def epoch(self) -> Epoch:
        """Exact: eight decimals of a day are whole multiples of 864 microseconds, which a float day would blur."""
        year = int(self.line1[18:20])
        whole, fraction = self.line1[20:32].split(".")
        day = date(year + (1900 if year >= 57 else 2000), 1, 1) + timedelta(days=int(whole) - 1)
        seconds, micro = divmod(int(fraction) * 864, 1_000_000)
        hours, minutes = divmod(seconds // 60, 60)
        return Epoch.from_utc(f"{day}T{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{micro:06d}Z")

    @property
    def inclination_deg(self) -> float:
        return math.degrees(self.satrec().inclo)

    @property
    def raan_deg(self) -> float:
        return math.degrees(self.satrec().nodeo)

    @property
    def eccentricity(self) -> float:
        return self.satrec().ecco

    @property
    def argp_deg(self) -> float:
        return math.degrees(self.satrec().argpo)

    @property
    def mean_anomaly_deg(self) -> float:
        return math.degrees(self.satrec().mo)

    @property
    def mean_motion_rev_day(self) -> float:
        return self.satrec().no_kozai * 1440.0 / (2.0 * math.pi)

    @property
    def bstar(self) -> float:
        """Drag term, 1/Earth radii: a fit parameter of SGP4, not physics."""
        return self.satrec().bstar


@lru_cache(maxsize=1)
def _all() -> dict[str, ElementSet]:
    sets = {}
    for file in sorted(places.ELEMENTS.glob("*.toml")):
        for name, e in tomllib.loads(file.read_text(encoding="utf-8")).items():
            sets[name] = ElementSet(name, e["line1"], e["line2"], e["grade"], e["source"])
    return sets


def names() -> list[str]:
    """Names of all shipped element sets, in the order of their epochs."""
    return list(_all())


def element_set(name: str) -> ElementSet:
    """The shipped element set of that name, e.g. `css-2026-10-06`."""
    if name not in _all():
        raise UnknownName("element set", name, _all())
    return _all()[name]


def checksum(line: str) -> int:
    """Last digit that a line should have: the sum of its digits before, a minus sign counting one, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[: LENGTH - 1]) % 10


def check_lines(line1: str, line2: str) -> list[str]:
    """Everything that is wrong with two lines, one sentence each; empty for a good element set.

    A byte-order mark, line ends and trailing blanks are no fault.
    """
    lines = {number: text.lstrip("\ufeff").rstrip() for number, text in ((1, line1), (2, line2))}
    problems = [p for number, text in lines.items() for p in _check_frame(number, text)]
    if lines[1][:2] == "2 " and lines[2][:2] == "1 ":
        problems.append("the two lines are swapped: put the one that begins with '1' first")
    whole = [number for number, text in lines.items() if len(text) == LENGTH and text.startswith(f"{number} ")]
    faults = [p for number in whole for p in _check_fields(number, lines[number])]
    if len(whole) == 2 and not faults:
        faults = _check_values(lines[1], lines[2])
    return problems + faults


def _check_frame(number: int, text: str) -> list[str]:
    """Length, line number and checksum of one line."""
    if not text:
        return [f"line {number} is empty; {LENGTH} characters are expected"]
    problems = []
    if len(text) != LENGTH:
        problems.append(f"line {number} has {len(text)} characters; {LENGTH} are expected")
    if not text.startswith(f"{number} "):
        problems.append(f"line {number} begins with '{text[:2]}'; '{number} ' is expected")
    if len(text) == LENGTH and text[-1] != str(checksum(text)):
        problems.append(f"line {number} ends with the checksum digit '{text[-1]}'; its digits give {checksum(text)}")
    return problems


def _check_fields(number: int, text: str) -> list[str]:
    return [
        f"line {number}, columns {first}-{last}: {name} reads '{text[first - 1 : last]}'; write {write}"
        for line, first, last, name, pattern, write in _FIELDS
        if line == number and not re.fullmatch(pattern, text[first - 1 : last])
    ]


def _check_values(line1: str, line2: str) -> list[str]:
    """Ranges, and what the two lines must agree on; the fields are known to be numbers."""
    problems = []
    if line1[2:7] != line2[2:7]:
        problems.append(f"line 1 is of satellite {line1[2:7]}, line 2 of {line2[2:7]}; both must be of one satellite")
    year = int(line1[18:20])
    year += 1900 if year >= 57 else 2000
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    if not 1.0 <= float(line1[20:32]) < days + 1:
        problems.append(f"line 1, columns 21-32: epoch day is {line1[20:32].strip()}; {year} has days 1 to {days}")
    for first, last, name, high in (
        (9, 16, "inclination", 180.0),
        (18, 25, "right ascension of the node", 360.0),
        (35, 42, "argument of perigee", 360.0),
        (44, 51, "mean anomaly", 360.0),
    ):
        value = float(line2[first - 1 : last])
        if value > high:
            problems.append(f"line 2, columns {first}-{last}: {name} is {value} deg; 0 to {high:.0f} is allowed")
    motion = float(line2[52:63])
    if motion <= 0.0:
        return [*problems, f"line 2, columns 53-63: mean motion is {motion} rev/day; it must be greater than 0"]
    axis_km = (MU_KM3_S2 / (motion * 2.0 * math.pi / 86400.0) ** 2) ** (1.0 / 3.0)
    perigee_km = axis_km * (1.0 - float("0." + line2[26:33])) - RADIUS_KM
    if perigee_km < 0.0:
        problems.append(
            f"line 2: eccentricity 0.{line2[26:33]} with mean motion {motion} rev/day puts the perigee "
            f"{-perigee_km:.0f} km below the surface"
        )
    return problems
