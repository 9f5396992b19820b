"""A site on another body on disk: `surface_site.json`, tables of days and windows, a picture, and `manifest.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.export.table import write_table
from sim.output.beside import Beside
from sim.planning.surface.chart import year_chart
from sim.planning.surface.find import FoundSite

COLUMNS = ("place", "by", "from_utc", "to_utc")


@dataclass(frozen=True)
class WhatWasRead:
    """The site and the relay as one, for the manifest."""

    files: Iterable[Path]
    raw: Mapping


def draw(found: FoundSite, directory: Path, beside: Beside) -> None:
    """Have the picture of the span drawn into `directory`, which exists."""
    beside.draw("surface_year", year_chart(found), directory / "year.png")


def write(read: WhatWasRead, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "surface_site.json", plain(content, "surface_site"))
    rows = content["days"]
    write_table(directory / "days.csv", list(rows[0]), [list(row.values()) for row in rows])
    windows = [
        [link["key"], by, x["from_utc"], x["to_utc"]]
        for link in content["links"]
        for by in ("direct", "relayed")
        for x in link[by]["intervals"]
    ]
    write_table(directory / "windows.csv", COLUMNS, windows)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "manifest.json", as_manifest(read, {"surface_site": seconds}, directory, now))
