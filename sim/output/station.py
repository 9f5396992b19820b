"""A plan of raises on disk: `station.json`, tables, the picture of the altitude, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import FromFiles, as_manifest
from sim.export.plain import plain, write_json
from sim.export.table import write_table
from sim.output.beside import Beside
from sim.planning.station.found import StationPlan
from sim.planning.station.table import chart, raises


def draw(made: StationPlan, directory: Path, beside: Beside) -> None:
    """Have the picture drawn into `directory`, which exists."""
    beside.draw("station_keeping", chart(made), directory / "altitude.png")


def write(made: StationPlan, content: dict, read: FromFiles, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "station.json", plain(content, "station"))
    flight = made.carried or made.planned
    if rows := raises(made, flight):
        write_table(directory / "raises.csv", list(rows[0]), (list(row.values()) for row in rows))
    utc = [made.setting.zero.plus(float(t)).utc(0) for t in flight.times]
    pairs = zip(utc, flight.altitude.round(4).tolist(), strict=True)
    write_table(directory / "altitude.csv", ["utc", "altitude_km"], (list(pair) for pair in pairs))
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "manifest.json", as_manifest(read, {"plan": seconds}, directory, created))
