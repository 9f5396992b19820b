"""A screening on disk: `screening.json`, `screening.csv` with a row for each approach, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import FromFiles, as_manifest
from sim.export.plain import plain, write_json
from sim.planning.launch.table import write_csv


def write(content: dict, read: FromFiles, directory: Path, seconds: float) -> None:
    """Write everything into `directory`, which exists."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "screening.json", plain(content, "screening"))
    rows = [{"craft": craft["name"], **_flat(row)} for craft in content["craft"] for row in craft["approaches"]]
    if rows:
        keys = dict.fromkeys(key for row in rows for key in row)
        write_csv(directory / "screening.csv", [{key: row.get(key) for key in keys} for row in rows])
    write_json(directory / "manifest.json", as_manifest(read, {"screening": seconds}, directory, now))


def _flat(row: dict) -> dict:
    """One approach as cells: each probability gets its own column."""
    flat = {key: value for key, value in row.items() if key != "pc"}
    return flat | {f"pc_{key}": value for key, value in (row["pc"] or {}).items()}
