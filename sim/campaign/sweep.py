"""One quantity of a mission set to several values: a campaign for each, with the same draws, compared in one table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.campaign.conduct import Tick, begin, conduct
from sim.campaign.load import Campaign, with_setting
from sim.campaign.lock import LOCK, held
from sim.campaign.output import SWEEP, write_sweep
from sim.campaign.words import DISPERSED
from sim.files.output_directory import OutdirError
from sim.scenario import Scenario
from sim.scenario.dispersible import PATHS

SCHEMA = 1
COMPARED = ("runs", "outcomes", "probability", "capture", "failures", "rules_broken")
SHARES = ("5", "50", "95")  # percentiles


@dataclass(frozen=True)
class Swept:
    """One thing of a mission, such as pilot.attitude_deadband, and the values that it is set to."""

    path: str
    values: tuple[float, ...]


def sweep(
    campaign: Campaign,
    scenario: Scenario,
    asked: dict,
    runs: int,
    seed: int,
    workers: int | None,
    out: Path,
    force: bool,
    tick: Tick,
    swept: Swept,
) -> dict:
    """Fly the campaign with the path at each of its values into a directory of its own in `out`; the content of
    sweep.json.

    What is set holds for the phase that is flown dispersed: all values begin where the mission as written leads. Every
    value has the same draws, run by run, so that a difference between two of them is not random.
    """
    path, values = swept.path, swept.values
    set_to = [(value, with_setting(campaign, path, value)) for value in values]
    places = [out / f"{path}={value:g}" for value in values]
    if out.exists() and (others := [p.name for p in out.iterdir() if p not in places and not _ours(p)]):
        raise OutdirError(
            f"{out} holds {', '.join(sorted(others)[:3])}, which is not of this sweep; choose another --out"
        )
    rows: list[dict] = []
    warnings: list[str] = []
    with held(out):
        start = begin(campaign, scenario)
        for (value, one), place in zip(set_to, places, strict=True):
            content = conduct(one, scenario, asked, runs, seed, workers, place, force, tick, start)
            warnings += content["warnings"]
            rows.append(_row(value, content, place.name))
        content = {
            "schema": SCHEMA,
            "name": campaign.name,
            "mission": scenario.name,
            "phase": campaign.phase,
            "seed": seed,
            "path": path,
            "unit": PATHS[path].unit,
            "pictured": list(DISPERSED[campaign.phase].pictured),
            "rows": rows,
        }
        write_sweep(content, out)
    return content | {"warnings": tuple(warnings)}


def _row(value: float, content: dict, directory: str) -> dict:
    """What of a campaign stands in the table of a sweep."""
    percentiles = {name: {share: p[share] for share in SHARES} for name, p in content["percentiles"].items()}
    compared = {key: content[key] for key in COMPARED if key in content}
    return {"value": value, **compared, "percentiles": percentiles, "directory": directory}


def _ours(path: Path) -> bool:
    return path.name in (LOCK, SWEEP, "sweep.png")
