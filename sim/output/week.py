"""A week on disk: the day cards of a run, and of a plan alone `week.json`, its chart and its manifest as well."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.core.epoch import Epoch
from sim.core.week import WeekPlan
from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.output.beside import Beside
from sim.planning.crew import cards
from sim.scenario import Scenario


def write_cards(plan: WeekPlan, zero: Epoch, folder: Path) -> None:
    """For each person one text and one page of HTML, named after the key."""
    folder.mkdir(parents=True, exist_ok=True)
    for person in plan.rules.people:
        for suffix, made in ((".txt", cards.text), (".html", cards.html)):
            content = made(plan, person, zero)
            (folder / f"{person.key}{suffix}").write_text(content, encoding="utf-8", newline="\n")


def draw(content: dict, name: str, directory: Path, beside: Beside) -> None:
    """Have the chart drawn into `directory`, which exists."""
    beside.draw("week_chart", {"week": content, "name": name}, directory / "week.png")


def write(
    plan: WeekPlan, content: dict, scenario: Scenario, zero: Epoch, directory: Path, timings: dict[str, float]
) -> None:
    """Write everything else there."""
    write_json(directory / "week.json", plain(content, "week"))
    write_cards(plan, zero, directory / "cards")
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_json(directory / "manifest.json", as_manifest(scenario, timings, directory, created))
