"""What a planner is asked for, checked: days, dates, sites and element sets, from Python or from the command line.

`name` is how the caller calls the value (`start`, or `--from`), for the sentence of an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from numbers import Real
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.api import asked
from sim.api.asked import wrong
from sim.core import dates
from sim.core.epoch import Epoch
from sim.files.errors import BadInput

if TYPE_CHECKING:
    from sim.interchange.choice import ChosenSet
    from sim.scenario.catalogue import SiteFile

LEAST_DAYS, MOST_DAYS = 1e-5, 370.0  # a second, nearly: much less is no span at all once times are rounded
DAY, MONTH = 86400.0, 30.0  # s; days of a span that has a first day alone
AROUND = 5.0  # days on both sides of a time that is asked for, where no span is


@dataclass(frozen=True)
class ElementFile:
    """A TLE or OMM file of a planner's target, and which set of several: the one at `index`, from 0 in the order of the
    file, or those of a catalogue `number`. Without both, the set of the one object in it nearest to the first day."""

    path: str | Path
    index: int | None = None
    number: int | None = None


A_DATE = "a day like 2026-10-01, or 2026-10-01T12:00:00Z"
Date = Epoch | datetime | str  # a datetime without a zone is UTC


def date(value: Date | None, name: str = "start") -> Epoch | None:
    """An epoch of a day or a time of it, UTC; BadInput where a text is neither."""
    return None if value is None else moment(value, name)


def moment(value: Date, name: str = "at") -> Epoch:
    """The same of what is not None."""
    if isinstance(value, Epoch):
        return _flown(value, name)
    if not isinstance(value, datetime | str):
        raise wrong(name, value, A_DATE)
    if isinstance(value, datetime):
        local = value if value.tzinfo else value.replace(tzinfo=UTC)
        value = local.astimezone(UTC).isoformat().removesuffix("+00:00")
    try:
        found = Epoch.from_utc(value if "T" in value else f"{value}T00:00:00Z")
    except ValueError:
        raise BadInput(f"{name}: found '{value}'; write {A_DATE}") from None
    return _flown(found, name)


def _flown(epoch: Epoch, name: str) -> Epoch:
    """The same; BadInput outside of the dates that are flown."""
    if outside := dates.refusal(name, epoch):
        raise BadInput(outside)
    return epoch


def days(count: float | None, name: str = "days") -> float | None:
    """A number of days that a planner can look at; BadInput for another."""
    if count is not None and not (isinstance(count, Real) and not isinstance(count, bool)):
        raise wrong(name, count, "a number of days")
    if count is not None and not LEAST_DAYS <= count <= MOST_DAYS:
        raise BadInput(
            f"{name}: found {count:g}; write a number of days from {LEAST_DAYS:g} (a second) to {MOST_DAYS:g}"
        )
    return count


def elements(
    target: str | Path | ElementFile | None,
    first: Epoch | None,
    names: tuple[str, str] = ("elements.index", "elements.number"),
) -> ChosenSet | None:
    """The set of the file that is meant: nearest to the first day, or the latest, where none is named.

    `names`: of the index and the number, as the caller calls them.
    """
    if target is None:
        return None
    from sim.files.text import label
    from sim.interchange.choice import SetChoice, chosen
    from sim.interchange.files import read_sets
    from sim.scenario.what_it_is import remark

    of = target if isinstance(target, ElementFile) else ElementFile(target)
    path = asked.path(of.path, "elements")
    if not exists(path) and (what := remark(str(path))):
        raise BadInput(f"{path}: found no such file; allowed: a TLE or OMM file{what}")
    read = read_sets(path)
    found = chosen(read.sets, first, SetChoice(of.index, of.number, names), label(path), read.notes)
    _flown(found.elements.epoch, f"{label(path)}, epoch of the elements")
    return found


def site(text: str | None, name: str = "site") -> SiteFile | None:
    """A place as LAT,LON,HEIGHT_M in degrees and metres, or a site of the catalogue by name; None for None."""
    from sim.files.problems import ScenarioError
    from sim.scenario.catalogue import SiteFile
    from sim.scenario.fields import validated
    from sim.scenario.load import load_named

    if text is None:
        return None
    if "," not in asked.text(text, name):
        return load_named(text, "site")
    try:
        latitude, longitude, height = map(float, text.split(","))
    except ValueError:
        raise BadInput(f"{name}: found '{text}'; write LAT,LON,HEIGHT_M such as 40.96,100.29,1073, or a name") from None
    raw = {
        "schema": 1,
        "kind": "site",
        "name": f"{latitude:g},{longitude:g}",
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "height_m": height,
    }
    made, problems = validated(SiteFile, raw, name)
    if made is None:
        raise ScenarioError([problem for _, problem in problems])
    return made


class ContactSpan(NamedTuple):
    """The first day (None where the mission's own window decides), a number of days, and the contact asked for."""

    first: Epoch | None
    days: float | None
    at: Epoch | None


Names = tuple[str, str, str]  # of the contact, the first day and the number of days, as the caller calls them


def contact_span(
    first: Epoch | None, days: float | None, at: Epoch | None, names: Names = ("at", "start", "days")
) -> ContactSpan:
    """The span and the contact asked for, which lies in it; without a first day it is the days about that contact."""
    if at and not first:
        around = days or 2.0 * AROUND
        return ContactSpan(at.plus(-0.5 * around * DAY), around, at)
    length = DAY * (days or MONTH)
    if at and first and not 0.0 <= at.since(first) <= length:
        raise BadInput(
            f"{names[0]}: {at} lies outside the span, {first} to {first.plus(length)}; choose {names[1]} and "
            f"{names[2]} about it"
        )
    return ContactSpan(first, days, at)
