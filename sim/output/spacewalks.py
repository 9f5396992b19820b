"""Spacewalks on disk: `spacewalks.json`, tables, a report, pictures, and `manifest.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.export.table import write_table
from sim.output.beside import Beside
from sim.output.spacewalk_report import report
from sim.planning.spacewalks.chart import record_chart, season_chart
from sim.planning.spacewalks.table import Found
from sim.scenario.programme import Programme
from sim.scenario.spacewalk_rules import SpacewalkRulesRead

NESTED = "rules", "possible_starts"
PICTURES = "spacewalk_days", "spacewalk_record"  # modules of sim.plots


@dataclass(frozen=True)
class _Read:
    """Programme and rules as one, for the manifest."""

    files: Iterable[Path]
    raw: Mapping


def draw(found: Found, directory: Path, beside: Beside) -> None:
    """Have the pictures drawn into `directory`, which exists: of the windows and of the record, where there are any."""
    if found.season is not None:
        beside.draw("spacewalk_days", season_chart(found), directory / "windows.png")
    if found.record:
        beside.draw("spacewalk_record", record_chart(found), directory / "record.png")


def write(
    programme: Programme, rules: SpacewalkRulesRead, found: Found, content: dict, directory: Path, seconds: float
) -> None:
    """Write everything else there; `content` is that of `found`."""
    (directory / "report.md").write_text(report(found), "utf-8")
    write_json(directory / "spacewalks.json", plain(content, "spacewalks"))
    plan, windows = content["plan"] or {}, content["windows"] or {}
    tables = {"record": content["record"], "windows": windows.get("starts"), "plan": plan.get("spacewalks")}
    for name, rows in tables.items():
        if rows:
            flat = [{key: value for key, value in row.items() if key not in NESTED} for row in rows]
            write_table(directory / f"{name}.csv", list(flat[0]), [[_cell(v) for v in row.values()] for row in flat])
    read = _Read((*programme.files, *rules.files), {**programme.raw, "spacewalk_rules": rules.raw})
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "manifest.json", as_manifest(read, {"spacewalks": seconds}, directory, created))


def _cell(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else value
