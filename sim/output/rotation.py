"""A programme on disk: `rotation.json`, tables, the charts, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.export.table import in_one_cell, write_table
from sim.output.beside import Beside
from sim.planning.rotation import chart
from sim.planning.rotation.compare import differ_from
from sim.planning.rotation.table import View, flight_rows


def draw(shown: View, plans: dict[str, View], directory: Path, beside: Beside) -> None:
    """Have the charts drawn into `directory`, which exists; `plans`: those that are compared, none where none are."""
    beside.draw("rotation_chart", chart.chart(shown), directory / "rotation.png")
    if plans:
        since = differ_from([p.found for p in plans.values()])
        beside.draw("rotation_compare", chart.compare_chart(plans, since), directory / "plans.png")


def write(shown: View, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "rotation.json", plain(content, "rotation"))
    for name, rows in (
        ("flights", flight_rows(content)),
        ("people", content["people"]),
        ("plans", content.get("plans", [])),
    ):
        if rows:
            cells = ([_cell(value) for value in row.values()] for row in rows)
            write_table(directory / f"{name}.csv", list(rows[0]), cells)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = as_manifest(shown.found.programme, {"judge": seconds}, directory, created)
    write_json(directory / "manifest.json", manifest)


def _cell(value: object) -> object:
    """A list as words, nothing where there is no value."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return in_one_cell(value) if isinstance(value, dict) else "" if value is None else value
