"""The results of a campaign: its summary and its pictures, from the table alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.campaign import table
from sim.campaign.directory import RUNS, SUMMARY
from sim.campaign.dispersed import Rows
from sim.campaign.load import Campaign
from sim.campaign.lock import LOCK
from sim.campaign.phases import PHASES
from sim.campaign.run import Run
from sim.campaign.summary import summary
from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.scenario import Scenario
from sim.scenario.dispersible import columns

SCHEMA = 1
SWEEP = "sweep.json"
IDENTICAL = "runs.csv and the pictures are the same bytes whatever the workers and the stops; seconds is not"


def write(campaign: Campaign, scenario: Scenario, seed: int, nominal: Run, out: Path, timings: dict) -> dict:
    """Write campaign.json, the pictures and the manifest beside the table; returns the content of the first."""
    from sim.plots.campaign import draw  # matplotlib costs half a second

    rows = table.read(out / RUNS)
    phase = PHASES[campaign.phase]
    drawn = [column for d in campaign.dispersions for column in columns(d.path)] + list(phase.words.causes)
    content = summary(rows, drawn, phase.quantities, nominal.rules) | phase.additional(rows, scenario)
    content["requirements"] = _requirements(campaign.required, content["spread"])
    pictures = draw(
        rows, content, nominal.quantities, _title(campaign, scenario, rows, seed), phase.words.pictured, out
    )
    content = {
        "schema": SCHEMA,
        "name": campaign.name,
        "mission": scenario.name,
        "phase": campaign.phase,
        "seed": seed,
        **content,
        "nominal": nominal.quantities,
        "pictures": [p.name for p in pictures],
        "identical": IDENTICAL,
        "seconds": round(timings["seconds"], 3),
    }
    content = plain(content, "campaign")
    write_json(out / SUMMARY, content)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = as_manifest(scenario, timings, out, created)
    manifest["files_sha256"].pop(LOCK, None)
    write_json(out / "manifest.json", manifest)
    return content


def _requirements(required: dict[str, float], spread: dict) -> dict[str, dict]:
    """The scatter that is allowed beside the one that came out, one sigma."""
    return {
        name: {"sigma_allowed": sigma, "sigma": spread[name]["sigma"], "met": spread[name]["sigma"] <= sigma}
        for name, sigma in required.items()
        if name in spread
    }


def _title(campaign: Campaign, scenario: Scenario, rows: Rows, seed: int) -> str:
    return f"{scenario.name} · {campaign.phase} · {len(rows)} runs, seed {seed}"


def write_sweep(content: dict, out: Path) -> None:
    """Write sweep.json and its picture beside the campaigns of a sweep."""
    from sim.plots.sweep import draw

    save = draw(content, out)
    write_json(out / SWEEP, plain({**content, "pictures": [p.name for p in save]}, "sweep"))
