"""A catalogue of element sets as it is found: what is broken, old or there twice is named, and the rest is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.core.epoch import Epoch
from sim.files.problems import Problem
from sim.interchange.files import parse_sets
from sim.interchange.mean import STALE_DAYS, MeanElements
from sim.interchange.problems import Passing
from sim.interchange.text import label, read_outside
from sim.orbit.sgp4_batch import Satellites, satellites

LARGEST_BYTES = 100_000_000  # 50,000 objects as OMM in XML
DESCRIPTION = "a catalogue of element sets: TLE of two or three lines, or OMM as CSV, JSON, XML or KVN"


@dataclass(frozen=True)
class Catalogue:
    """`objects`, one set each, in the order of the file; `broken`: what was wrong with the rest, the first thousand of
    `broken_count`; `doubled`: earlier sets of an object of which the newest was taken; `notes` about the file."""

    file: str
    objects: tuple[MeanElements, ...]
    broken: tuple[Problem, ...] = ()
    broken_count: int = 0
    doubled: tuple[MeanElements, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def group(self) -> Satellites:
        """The `sgp4` records of the objects, made once."""
        return satellites([one.satrec() for one in self.objects])

    def old(self, at: Epoch) -> list[int]:
        """Rows whose set is more than two weeks from `at`: they are screened, and SGP4 misses them by hundreds of
        kilometres."""
        return [row for row, one in enumerate(self.objects) if abs(at.since(one.epoch)) > STALE_DAYS * 86400.0]

    def same_as(self, number: int | None, name: str) -> list[int]:
        """Rows of a craft itself: by number, or by name where it has none."""
        if number:
            return [row for row, one in enumerate(self.objects) if one.number == number]
        return [row for row, one in enumerate(self.objects) if name and one.name.casefold() == name.casefold()]


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in a file; InterchangeError where it holds no set that can be used."""
    text, notes = read_outside(Path(path), DESCRIPTION, LARGEST_BYTES, past_nulls=True)
    return parse_catalogue(text, label(Path(path)), notes)


def parse_catalogue(text: str, file: str, notes: Sequence[str] = ()) -> Catalogue:
    """The same of a text; `file` names it in problems."""
    faults = Passing(file)
    read = parse_sets(text, file, faults)
    if not read.sets:
        raise faults.error()
    newest: dict[object, MeanElements] = {}
    doubled = []
    for place, one in enumerate(read.sets):
        key: object = one.number or ("without a number", place)
        before = newest.get(key)
        if before is None:
            newest[key] = one
        elif one.epoch >= before.epoch:  # of two with one epoch the later in the file, which corrects the earlier
            newest[key] = one
            doubled.append(before)
        else:
            doubled.append(one)
    return Catalogue(
        file, tuple(newest.values()), tuple(faults.problems), faults.count, tuple(doubled), (*notes, *read.notes)
    )
