"""An avoidance plan on disk: `avoidance.json`, a picture of each craft that burns, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.conjunctions.avoidance_report import AvoidedAll
from sim.conjunctions.avoidance_text import chart
from sim.export.manifest import FromFiles, as_manifest
from sim.export.plain import plain, write_json
from sim.output.beside import Beside


def draw(made: AvoidedAll, directory: Path, beside: Beside) -> None:
    """Have the pictures drawn into `directory`, which exists: `avoidance.png`, with more craft also `avoidance_2.png`;
    none of a craft that meets nothing."""
    shown = [one for one in made.craft if one.plan.before]
    for k, one in enumerate(shown):
        beside.draw("avoidance", chart(one), directory / f"avoidance{f'_{k + 1}' if k else ''}.png")


def write(content: dict, read: FromFiles, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "avoidance.json", plain(content, "avoidance"))
    write_json(directory / "manifest.json", as_manifest(read, {"plan": seconds}, directory, now))
