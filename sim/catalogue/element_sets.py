"""The station's element sets (seeds/elements), and those of other craft (seeds/craft).

An element set holds SGP4 mean elements: they become a state through SGP4 and never pass for osculating elements. The
`sgp4` package reads the numbers; `check_lines` finds the faults that it lets pass in silence (a wrong checksum, lines
of two satellites, letters in a number). Sets from files of any kind: `sim.interchange`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.core.epoch import Epoch
from sim.files import packaged
from sim.files.errors import TiangongError
from sim.interchange.two_lines import checksum, epoch_text, findings

__all__ = [
    "ElementSet",
    "UnknownName",
    "check_lines",
    "checksum",
    "element_set",
    "every_name",
    "names",
    "of_craft",
    "station_set",
]


class UnknownName(TiangongError, KeyError):
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
    """Two lines of mean elements (TEME, WGS-72), with a grade of trust and their source.

    Grade A: whole from a catalogue dump. B: quoted alone, node agrees with its neighbours. C: use with care.
    """

    name: str
    line1: str
    line2: str
    grade: str
    source: str
    craft: str = ""  # its name, where it is not the station

    def satrec(self):
        """A fresh `sgp4` record of these lines (WGS-72); propagating changes it, so it is never shared."""
        from sgp4.api import Satrec

        return Satrec.twoline2rv(self.line1, self.line2)

    @property
    def epoch(self) -> Epoch:
        """Exact, to the 864 microseconds that the eighth decimal of a day is."""
        return Epoch.from_utc(epoch_text(self.line1))

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
def _others() -> dict[str, ElementSet]:
    sets = {}
    for file in packaged.names("seeds/craft"):
        for name, e in packaged.toml(file).items():
            sets[name] = ElementSet(name, e["line1"], e["line2"], e["grade"], e["source"], e["craft"])
    return sets


@lru_cache(maxsize=1)
def _all() -> dict[str, ElementSet]:
    sets = {}
    for file in packaged.names("seeds/elements"):
        for name, e in packaged.toml(file).items():
            sets[name] = ElementSet(name, e["line1"], e["line2"], e["grade"], e["source"])
    return sets


def names() -> list[str]:
    """Names of all shipped element sets of the station, in the order of their epochs."""
    return list(_all())


def every_name() -> list[str]:
    """The same, and then those of other craft."""
    return [*_all(), *_others()]


def of_craft(craft: str) -> list[ElementSet]:
    """The shipped sets of a craft that is not the station, in the order of their epochs; none for an unknown one."""
    return [one for one in _others().values() if one.craft == craft]


def element_set(name: str) -> ElementSet:
    """The shipped element set of that name, e.g. `css-2026-10-06` or `prss-1-2026-07-04`."""
    found = _all().get(name) or _others().get(name)
    if found is None:
        raise UnknownName("element set", name, every_name())
    return found


def station_set(name: str, lines: Sequence[str] | None) -> ElementSet:
    """The set that a mission's station flies from: of the two lines that were read from the file `name`, or shipped."""
    if lines is None:
        return element_set(name)
    return ElementSet(name, lines[0], lines[1], grade="as given", source=f"the file {name}")


def check_lines(line1: str, line2: str) -> list[str]:
    """Everything that is wrong with two lines, one sentence each; empty for a good element set.

    A byte-order mark, line ends and trailing blanks are no fault.
    """
    return [str(finding) for finding in findings(line1, line2)]
