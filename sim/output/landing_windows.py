"""A landing plan on disk: `landing_windows.json` and `.csv`, the charts, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.output.beside import Beside
from sim.planning.landing import chart
from sim.planning.landing.season import LandingSeason
from sim.planning.landing.table import csv_rows
from sim.planning.launch.table import write_csv


def draw(found: LandingSeason, directory: Path, beside: Beside) -> None:
    """Have the charts drawn into `directory`, which exists."""
    beside.draw("landing_season", chart.season_chart(found), directory / "season.png")
    beside.draw("landing_map", chart.landing_map(found), directory / "map.png")


def write(found: LandingSeason, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "landing_windows.json", plain(content, "landing_windows"))
    if rows := csv_rows(content):
        write_csv(directory / "landing_windows.csv", rows)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "manifest.json", as_manifest(found.scenario, {"plan": seconds}, directory, created))
