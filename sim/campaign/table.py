"""The table of a campaign: lines of text that are the same bytes whoever flew them, appended as they come, sorted at
the end. Numbers are written so that they are read back to the last bit."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.campaign.words import DISPERSED, Dispersion, columns
from sim.files import reading

if TYPE_CHECKING:
    from sim.campaign.run import Run


def header(dispersions: Sequence[Dispersion], phase: str) -> list[str]:
    drawn = [column for d in dispersions for column in columns(d)]
    return ["run", "status", "reason", "rules_broken", *drawn, *DISPERSED[phase].quantities]


def line(run: Run, dispersions: Sequence[Dispersion], phase: str) -> str:
    """One line of CSV with its end."""
    drawn = [repr(x) for d in dispersions for x in run.drawn[d.path]]
    quantities = [repr(run.quantities[name]) if run.quantities else "" for name in DISPERSED[phase].quantities]
    return _csv([str(run.number), run.status, run.reason, "; ".join(run.broken), *drawn, *quantities])


def _csv(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(" ".join(cell.split()) for cell in cells)
    return text.getvalue()


def begin(path: Path, columns: Sequence[str]) -> None:
    path.write_text(_csv(columns), "utf-8")


def kept(path: Path) -> dict[int, str]:
    """The whole lines of an unfinished table, by run; a line that was cut off in writing is cut away.

    With its very header cut off it goes altogether.
    """
    data = reading.data(path, reading.LARGEST_RESULT)
    whole = data[: data.rfind(b"\n") + 1]
    if not whole:
        path.unlink()
    elif len(whole) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return lines(whole.decode("utf-8"))


def lines(text: str) -> dict[int, str]:
    """The lines under the header, by run."""
    return {int(row.split(",", 1)[0]): row + "\n" for row in text.splitlines()[1:]}


def finish(path: Path, columns: Sequence[str], rows: dict[int, str]) -> None:
    """Write the table, sorted by run; it appears whole."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(_csv(columns) + "".join(rows[n] for n in sorted(rows)), "utf-8")
    os.replace(unfinished, path)


def read(path: Path) -> list[dict[str, str]]:
    text = reading.data(path, reading.LARGEST_RESULT).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))
