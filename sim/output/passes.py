"""Passes on disk: `passes.json`, `passes.csv`, a calendar, a sky chart for each place, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.core.epoch import Epoch
from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.interchange.ics import calendar
from sim.output.beside import Beside
from sim.planning.launch.table import write_csv
from sim.planning.passes.chart import sky_chart
from sim.planning.passes.events import events
from sim.planning.passes.find import FoundPasses

FLAT = ("rise", "highest", "set", "brightest")


def draw(found: FoundPasses, directory: Path, beside: Beside) -> None:
    """Have a sky chart drawn for each place where something passes, into `directory`, which exists."""
    for place in found.places:
        shown = sky_chart(found, place)
        if shown is not None:
            beside.draw("sky_chart", shown, directory / f"sky_{_file(place.key)}.png")


def write(found: FoundPasses, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "passes.json", plain(content, "passes"))
    rows = [_flat(row) for row in content["passes"]]
    if rows:
        write_csv(directory / "passes.csv", rows)
    names = ", ".join(place.name for place in found.places)
    text = calendar(f"{found.watched.title}: passes over {names}", events(found), Epoch.from_utc(now))
    (directory / "passes.ics").write_text(text, encoding="utf-8", newline="")
    manifest = as_manifest(found.watched, {"passes": seconds}, directory, now)
    write_json(directory / "manifest.json", manifest)


def _flat(row: dict) -> dict:
    """One pass as cells: what is nested gets its own columns."""
    flat = {key: value for key, value in row.items() if key not in FLAT}
    flat |= {key: [" to ".join(span) for span in row[key]] for key in ("sunlit", "seen_by_eye")}
    for name in FLAT:
        values = row[name] or dict.fromkeys(row["rise"])
        flat |= {f"{name}_{key}": value for key, value in values.items()}
    return flat


def _file(key: str) -> str:
    """A key as a name of a file: letters and digits only."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else "_" for c in key)[:60]
