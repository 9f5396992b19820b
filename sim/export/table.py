"""`events.csv`: one line an event, for a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.core.epoch import BEIJING, Epoch

COLUMNS = ("utc", "met_s", "beijing", "vehicle", "name", "values")


def write_events(path: Path, record: dict) -> None:
    """The events of a `flight.json` record; values as `key=value`, separated by semicolons."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for event in record["events"]:
            local = Epoch.from_utc(event["utc"]).text("%Y-%m-%d %H:%M:%S+08:00", BEIJING)
            values = "; ".join(f"{key}={value}" for key, value in event["values"].items())
            rows.writerow((event["utc"], event["met_s"], local, event["vehicle"], event["name"], values))
