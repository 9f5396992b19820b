"""The station's elements from a file: the set that is meant becomes two lines in the mission as resolved.

So whatever reads the mission later (flight, planner, campaign, manifest) has the set itself, whichever file it was in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING

from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files.problems import Problem, ScenarioError
from sim.files.text import Document, label

if TYPE_CHECKING:
    from sim.interchange.mean import MeanElements

LINES = "elements_lines"


@dataclass(frozen=True)
class StationElements:
    """`raw` is the mission with the two lines, `path` the file that they are of, None where the set is shipped."""

    raw: dict
    path: Path | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


def with_station_elements(document: Document, raw: dict) -> StationElements:
    """The mission with index and lines of the set that `station.elements` means, where that is the path of a file."""
    station = raw.get("station")
    name = station.get("elements") if isinstance(station, dict) else None
    if not isinstance(name, str) or name in element_sets.names() or not isinstance(station, dict):
        return StationElements(raw)
    path = next((p for file, _ in document.texts if exists(p := file.parent / name)), None)
    if path is None:
        return StationElements(raw)
    from sim.interchange.choice import SetChoice, chosen
    from sim.interchange.files import read_sets

    index, number = (_whole(station.get(key)) for key in ("elements_index", "elements_number"))
    choice = SetChoice(index, number, ("station.elements_index", "station.elements_number"))
    try:
        read = read_sets(path)
        taken = chosen(read.sets, _start(raw), choice, label(path), read.notes)
        lines = _two_lines(taken.elements)
    except ScenarioError as error:
        return StationElements(raw, path, error.problems)
    resolved = {**raw, "station": {**station, "elements_index": taken.index, LINES: list(lines)}}
    return StationElements(resolved, path, warnings=(*taken.notes, f"the station's elements: {taken.line()}"))


def _whole(value: object) -> int | None:
    """What is no whole number is refused by its own key."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _start(raw: dict) -> Epoch | None:
    """When the mission starts, or its first lift-off, as far as the file has them in order."""
    station, launch = raw["station"], raw.get("launch")
    sequence = raw.get("sequence")
    tables = [station, launch, *(sequence if isinstance(sequence, list) else ())]
    for table in tables:
        for key in ("start_utc", "liftoff_utc", "window_utc"):
            value = table.get(key) if isinstance(table, dict) else None
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str):
                try:
                    return Epoch.from_utc(value)
                except ValueError:  # refused by its own key
                    return None
    return None


def _two_lines(elements: MeanElements) -> tuple[str, str]:
    """As a TLE; what has no place in one and no part in SGP4 is left out."""
    from sim.interchange.tle import LARGEST_NUMBER, tle_lines

    number = elements.number if elements.number <= LARGEST_NUMBER else 0
    short = elements.designator if len(elements.designator) <= 11 else ""
    return tle_lines(replace(elements, number=number, designator=short, ephemeris_type=0))
