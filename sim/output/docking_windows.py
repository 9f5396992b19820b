"""A plan on disk: `docking_windows.json`, tables of intervals and days, the charts, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.core.epoch import Epoch
from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.output.beside import Beside
from sim.planning.docking import chart
from sim.planning.docking.season import Season
from sim.planning.docking.table import interval_rows
from sim.planning.launch.table import write_csv


def draw(found: Season, moment: Epoch | None, directory: Path, beside: Beside) -> None:
    """Have the charts drawn into `directory`, which exists."""
    at = moment.since(found.plan.zero) if moment else None
    beside.draw("docking_constraints", chart.day_chart(found, at), directory / "constraints.png")
    beside.draw("docking_season", chart.season_chart(found, at), directory / "season.png")


def write(found: Season, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "docking_windows.json", plain(content, "docking_windows"))
    for name, rows in (("intervals", interval_rows(content)), ("days", content["days"])):
        if rows:
            write_csv(directory / f"{name}.csv", rows)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = as_manifest(found.setting.scenario, {"plan": seconds}, directory, created)
    write_json(directory / "manifest.json", manifest | found.setting.asked.element_set())
