"""Two finished flights side by side, or one beside the record that it carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import path
from sim.api.output import Output, output
from sim.files.output_directory import whole

if TYPE_CHECKING:
    from sim.verification.compared_flights import ComparedFlights

A_RUN = "the --out directory of `tiangong run`"


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """`compared`: all that both flights have side by side. `equal`: whether they flew the same to the last bit."""

    compared: ComparedFlights

    @property
    def equal(self) -> bool:
        """Whether every event, rule, stored array and node of every trajectory is the same."""
        return self.compared.equal

    @property
    def first_difference(self) -> str:
        """What differs first in time, in words; empty where nothing does."""
        return self.compared.cause.text if self.compared.cause else ""

    def content(self) -> dict:
        """All of it as plain data, as in compare.json."""
        from sim.export.plain import plain
        from sim.verification.compared_text import content

        return plain(content(self.compared), "compare")

    def lines(self) -> list[str]:
        """The same in lines of text: the first difference, then what differs table by table."""
        from sim.verification.compared_text import lines

        return lines(self.compared)

    def write(self, directory: str | Path | Output) -> list[Path]:
        """Write compare.json, compare.txt and the pictures into a directory, which appears whole or not at all.

        `directory`: a path that does not exist yet, or `sim.Output(path, force=True)`. Returns the pictures.
        """
        from sim.output.compared import write

        place = output(directory)
        with whole(place.directory, place.force) as made:
            drawn = write(self.compared, self.content(), self.lines(), made)
        return [place.directory / one.name for one in drawn]

    def __repr__(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True, eq=False, repr=False)
class RecordComparison:
    """A flight beside the record that its mission carries: recorded events, and the published return."""

    rows: dict
    text: tuple[str, ...]

    def content(self) -> dict:
        """`events` with their recorded and flown times, `published_return` with its figures, as plain data."""
        return self.rows

    def lines(self) -> list[str]:
        """The same in lines of text."""
        return list(self.text)

    def __iter__(self) -> Iterator[dict]:
        """The recorded events."""
        return iter(self.rows["events"])

    def __repr__(self) -> str:
        return "\n".join(self.text)


def compare(first: str | Path, second: str | Path) -> Comparison:
    """Two finished flights side by side: two scenarios, or one flown by two versions of the program.

    `first`, `second`: directories that `sim.run` wrote. What is compared: the resolved scenario key by key, versions
    and data, events, rules with their margins, burns as vectors, landing and ellipse, and each craft's trajectory. What
    differs first in time is named. Different missions may be compared: craft are matched by name.

    BadInput where a directory holds no run, DataError where its files are not as the run wrote them.
    """
    from sim.verification import compared_files, compared_flights

    one, other = (path(given, name, A_RUN) for given, name in ((first, "first"), (second, "second")))
    return Comparison(compared_flights.compare(compared_files.read(one), compared_files.read(other)))


def compare_record(directory: str | Path) -> RecordComparison:
    """A finished flight beside the record that its mission carries; BadInput and DataError as `compare`."""
    from sim.verification import compared_files, compared_record

    flight = compared_files.read(path(directory, "directory", A_RUN))
    return RecordComparison(compared_record.content(flight), tuple(compared_record.lines(flight)))
