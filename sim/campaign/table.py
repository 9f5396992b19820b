"""The table of a campaign: lines of text that are the same bytes whoever flew them, appended as they come, sorted at
the end. Numbers are written so that they are read back to the last bit.

Each line ends with a checksum of itself and of the campaign that it belongs to: a line that was changed, cut, or flown
for another campaign is not read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.campaign.words import DISPERSED
from sim.files import reading
from sim.scenario.dispersible import Dispersion, columns

if TYPE_CHECKING:
    from sim.campaign.run import Run

LARGEST_BYTES = 1_000_000_000  # of a table: a million runs
CHECKSUM = "checksum"  # the last column
DIGITS = 16  # hexadecimal, 64 bits: of a million damaged lines, one in 2e13 tables would pass as whole
LOST = ("timed out", "worker ended")  # how the reason of a run begins that says nothing of the flight: it flies again


@dataclass(frozen=True)
class Found:
    """What could be read of a table: its lines by run, and what was wrong with the others, in words."""

    rows: dict[int, str]
    damage: tuple[str, ...]


def header(dispersions: Sequence[Dispersion], phase: str) -> list[str]:
    drawn = [column for d in dispersions for column in columns(d.path)]
    return ["run", "status", "reason", "rules_broken", *drawn, *DISPERSED[phase].quantities, CHECKSUM]


def key(plan: Mapping, columns: Sequence[str]) -> bytes:
    """What the checksums of a campaign's lines begin with: its plan, without how it was asked for, and its columns."""
    return hashlib.sha256(json.dumps([plan, list(columns)], sort_keys=True).encode()).digest()


def line(run: Run, dispersions: Sequence[Dispersion], phase: str, key: bytes) -> str:
    """One line of CSV with its checksum and its end."""
    drawn = [repr(x) for d in dispersions for x in run.drawn[d.path]]
    quantities = [repr(run.quantities[name]) if run.quantities else "" for name in DISPERSED[phase].quantities]
    cells = _csv([str(run.number), run.status, run.reason, "; ".join(run.broken), *drawn, *quantities])
    return f"{cells[:-1]},{_checksum(cells[:-1], key)}\n"


def successes(lines: Iterable[str]) -> int:
    """How many of these runs were flown and broke no rule."""
    return sum(row[1] == "flown" and not row[3] for row in csv.reader(lines))


def _checksum(cells: str, key: bytes) -> str:
    return hashlib.sha256(key + cells.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _csv(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(" ".join(cell.split()) for cell in cells)
    return text.getvalue()


def read_checked(data: bytes, columns: Sequence[str], key: bytes) -> Found:
    """The lines of a table that are whole and of this campaign, and what else is in it. An unfinished last line, which
    a stopped campaign leaves, is left out without a word."""
    first, *others = data.decode("utf-8", "replace").split("\n")
    rows: dict[int, str] = {}
    bad = twice = lost = 0
    for text in others[:-1]:
        cells, _, checksum = text.rpartition(",")
        if checksum != _checksum(cells, key):
            bad += 1
            continue
        number, status, reason = cells.split(",", 3)[:3]
        lost += reason.startswith(LOST)
        twice += int(number) in rows
        if not reason.startswith(LOST):
            rows[int(number)] = text + "\n"
    damage = (
        (first + "\n" != _csv(columns), "another header" if data else "nothing"),
        (bad, f"{bad} lines that are damaged or of another campaign"),
        (twice, f"{twice} lines that stand there twice"),
        (lost, f"{lost} runs that were ended from outside or after the time limit"),
    )
    return Found(rows, tuple(words for found, words in damage if found))


def write(path: Path, columns: Sequence[str], rows: Mapping[int, str]) -> None:
    """Write a table, sorted by run; it appears whole."""
    unfinished = path.with_name(f".{path.name}.new")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        file.write(_csv(columns))
        file.writelines(rows[n] for n in sorted(rows))
    os.replace(unfinished, path)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a whole table, without their checksums."""
    text = reading.data(path, LARGEST_BYTES).decode("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if name != CHECKSUM} for row in rows]
