"""Tables for a spreadsheet: CSV in UTF-8 with one line end, and `events.csv`, one line an event."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sim.core.epoch import BEIJING, Epoch

COLUMNS = ("utc", "met_s", "beijing", "vehicle", "name", "values")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """The names of the columns, and the rows under them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def in_one_cell(values: Mapping) -> str:
    """`key=value`, separated by semicolons."""
    return "; ".join(f"{key}={value}" for key, value in values.items())


def write_events(path: Path, record: dict) -> None:
    """The events of a `flight.json` record."""
    write_table(path, COLUMNS, map(_row, record["events"]))


def _row(event: dict) -> tuple:
    local = Epoch.from_utc(event["utc"]).text("%Y-%m-%d %H:%M:%S+08:00", BEIJING)
    return event["utc"], event["met_s"], local, event["vehicle"], event["name"], in_one_cell(event["values"])
