"""The directory of a campaign, which is the exception among results: it exists while the campaign runs.

`campaign.plan.json` holds what is flown there and `campaign.partial.csv` holds the runs so far, as they came; a
campaign that was stopped, however, goes on from there with the same command. When the last run is in, `runs.csv`
(sorted; the same bytes whatever the workers and the stops), the pictures and `campaign.json` appear, and the partial
table goes.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from sim.campaign import table
from sim.export.plain import write_json
from sim.files import reading
from sim.files.output_directory import OutdirError

PLAN, PARTIAL, RUNS, SUMMARY = "campaign.plan.json", "campaign.partial.csv", "runs.csv", "campaign.json"
FREE = ("mission_file", "set")  # keys of the plan that only record how it was asked for: the scenario's digest decides


@dataclass(frozen=True)
class Begun:
    """A campaign's directory, ready to be flown on in, and its table so far, by run."""

    path: Path
    rows: dict[int, str]


def begin(directory: Path, plan: dict, runs: int, force: bool) -> Begun:
    """Make the directory, or take up the campaign that was begun there, which must be this one."""
    if force and directory.exists():
        if not (directory / PLAN).is_file():
            raise OutdirError(f"{directory} holds no campaign, so --force does not touch it; choose another --out")
        shutil.rmtree(directory)
    if not directory.exists():
        directory.mkdir(parents=True)
    elif not (directory / PLAN).is_file() and any(directory.iterdir()):
        raise OutdirError(f"{directory} exists and holds no campaign; choose another --out")
    if not (directory / PLAN).is_file():
        write_json(directory / PLAN, plan, exact=True)
    _same(directory, plan)
    rows = {}
    if (directory / RUNS).is_file():
        rows = table.lines(reading.text_of(directory / RUNS, reading.LARGEST_RESULT))
    if (directory / PARTIAL).is_file():
        rows |= table.kept(directory / PARTIAL)
    if beyond := [n for n in rows if n >= runs]:
        raise OutdirError(f"{directory} holds run {max(beyond)} already; ask for -n {max(beyond) + 1} or more")
    return Begun(directory, rows)


def end(begun: Begun, columns: list[str]) -> None:
    """The whole table, sorted, in the place of the unfinished one."""
    table.finish(begun.path / RUNS, columns, begun.rows)
    (begun.path / PARTIAL).unlink(missing_ok=True)


def finished(directory: Path, runs: int) -> dict | None:
    """The content of campaign.json where it is about as many runs as that; None where it is about fewer, or missing."""
    try:
        content = json.loads(reading.text_of(directory / SUMMARY, reading.LARGEST_RESULT))
    except (reading.Unreadable, ValueError):
        return None
    return content if content["runs"] == runs else None


def _same(directory: Path, plan: dict) -> None:
    before = stored(directory)
    if other := [key for key in plan if key not in FREE and before.get(key) != plan[key]]:
        difference = ", ".join(f"{key} ({_short(before.get(key))} there, {_short(plan[key])} now)" for key in other)
        raise OutdirError(
            f"{directory} holds another campaign, which differs in {difference}; choose another --out, or replace it "
            "with --force"
        )


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def stored(directory: Path) -> dict:
    """The plan of a campaign's directory."""
    try:
        return json.loads(reading.text_of(directory / PLAN, reading.LARGEST_RESULT))
    except (reading.Unreadable, ValueError):
        raise OutdirError(f"{directory} holds no campaign; name the --out directory of `tiangong montecarlo`") from None
