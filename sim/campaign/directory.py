"""The directory of a campaign, which is the exception among results: it exists while the campaign runs.

`campaign.plan.json` holds what is flown there and `campaign.partial.csv` holds the runs so far, as they came; a
campaign that was stopped, however, goes on from there with the same command. When the last run is in, `runs.csv`
(sorted; the same bytes whatever the workers and the stops), the pictures and `campaign.json` appear, and the partial
table goes. Whoever calls in here holds the directory's lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sim.campaign import table
from sim.campaign.lock import LOCK, MANIFEST, PARTIAL, PLAN, RUNS, SUMMARY, refuse_unless_ours
from sim.export.plain import write_json
from sim.files import reading
from sim.files.output_directory import OutdirError

FREE = ("mission_file", "set")  # keys of the plan that only record how it was asked for: the scenario's digest decides
CHECKSUM = "checksum"  # key of the plan: of the rest of it


@dataclass(frozen=True)
class Begun:
    """A campaign's directory, ready to be flown on in: its table so far, by run, what the lines' checksums begin with,
    and warnings of what was damaged."""

    path: Path
    rows: dict[int, str]
    key: bytes
    warnings: tuple[str, ...]


def begin(directory: Path, plan: dict, runs: int, columns: list[str], force: bool) -> Begun:
    """Take up the campaign that was begun there, which must be this one, or begin it."""
    refuse_unless_ours(directory, force)
    if force:
        _clear(directory)
    for name in (PLAN, PARTIAL, RUNS, SUMMARY):  # of a process that was killed as it wrote
        _unfinished(directory / name).unlink(missing_ok=True)
    if not (directory / PLAN).is_file():
        write_plan(directory, plan)
    _same(directory, plan)
    key = key_of(plan, columns)
    rows, warnings = known(directory, columns, key)
    last = max([*rows, (stated(directory) or 0) - 1], default=-1)
    if last >= runs:
        raise _too_many(directory, last)
    if len(rows) < runs and not _can_be_continued(directory / PARTIAL, columns, key):
        table.write(directory / PARTIAL, columns, rows)
    return Begun(directory, rows, key, warnings)


def key_of(plan: dict, columns: list[str]) -> bytes:
    """What the checksums of a campaign's lines begin with: its plan, without how it was asked for."""
    return table.key({name: value for name, value in plan.items() if name not in (*FREE, CHECKSUM)}, columns)


def known(directory: Path, columns: list[str], key: bytes) -> tuple[dict[int, str], tuple[str, ...]]:
    """The lines that a directory holds of its campaign, by run, and warnings of others that it holds or has lost."""
    rows: dict[int, str] = {}
    warnings: list[str] = []
    for path in (directory / RUNS, directory / PARTIAL):
        if not path.is_file():
            continue
        found = table.read_checked(reading.data(path, table.LARGEST_BYTES), columns, key)
        damage = list(found.damage)
        expected = stated(directory) or 0
        if path.name == RUNS and not damage and len(found.rows) < expected:
            damage.append(f"{len(found.rows)} runs of {expected}")
        rows |= found.rows
        if damage:
            warnings.append(f"{path}: found {', '.join(damage)}; what is missing is flown again")
    return rows, tuple(warnings)


def _can_be_continued(path: Path, columns: list[str], key: bytes) -> bool:
    """Whether the next line may follow the last one of an unfinished table."""
    if not path.is_file():
        return False
    data = reading.data(path, table.LARGEST_BYTES)
    return data.endswith(b"\n") and not table.read_checked(data, columns, key).damage


def end(begun: Begun, columns: list[str]) -> None:
    """The whole table, sorted, in the place of the unfinished one."""
    table.write(begun.path / RUNS, columns, begun.rows)
    (begun.path / PARTIAL).unlink(missing_ok=True)


def finished(directory: Path, runs: int) -> dict | None:
    """The content of campaign.json where it is about that many runs and all that was written with it is as it was, by
    the digests of the manifest; None where it is not."""
    content, digests = _summary(directory)
    if content is None or content["runs"] != runs:
        return None
    whole = all(_digest(directory / name) == digests.get(name) for name in (RUNS, *content["pictures"]))
    return content if whole else None


def stated(directory: Path) -> int | None:
    """How many runs the directory's campaign.json is about, if it is as it was written."""
    content, _ = _summary(directory)
    return None if content is None else content["runs"]


def _summary(directory: Path) -> tuple[dict | None, dict]:
    """The content of campaign.json, if the manifest has its digest, and all digests of the manifest by file."""
    try:
        data = reading.data(directory / SUMMARY, reading.LARGEST_RESULT)
        digests = json.loads(reading.text_of(directory / MANIFEST, reading.LARGEST_RESULT))["files_sha256"]
        if digests[SUMMARY] != hashlib.sha256(data).hexdigest():
            return None, {}
        return json.loads(data), digests
    except (reading.Unreadable, ValueError, RecursionError, KeyError, TypeError):  # missing, cut, rubbish
        return None, {}


def stored(directory: Path) -> dict:
    """The plan of a campaign's directory."""
    if not (directory / PLAN).is_file():
        raise OutdirError(f"{directory} holds no campaign; name the --out directory of `tiangong montecarlo`")
    try:
        plan = json.loads(reading.text_of(directory / PLAN, reading.LARGEST_RESULT))
    except (reading.Unreadable, ValueError, RecursionError):
        plan = None
    if not isinstance(plan, dict) or plan.get(CHECKSUM) != _checksum(plan):
        raise OutdirError(
            f"{directory / PLAN} is damaged, or of an earlier version of the program; choose another --out, or "
            "replace the campaign with --force"
        )
    return plan


def refuse_another(directory: Path, plan: dict, runs: int) -> None:
    """OutdirError where a directory holds another campaign, as far as `plan` goes, or more runs than are asked for.

    With a plan that lacks what only a flight can find it is asked before anything is flown.
    """
    if not (directory / PLAN).is_file():
        return
    _same(directory, plan)
    if (last := (stated(directory) or 0) - 1) >= runs:
        raise _too_many(directory, last)


def _too_many(directory: Path, last: int) -> OutdirError:
    return OutdirError(f"{directory} holds run {last} already; ask for -n {last + 1} or more")


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


def _clear(directory: Path) -> None:
    """Everything but the lock, which is ours."""
    for path in directory.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def write_plan(directory: Path, plan: dict) -> None:
    """It appears whole: a campaign that is killed as it begins can go on."""
    path = directory / PLAN
    write_json(_unfinished(path), {**plan, CHECKSUM: _checksum(plan)}, exact=True)  # names come back as they were
    os.replace(_unfinished(path), path)


def _checksum(plan: dict) -> str:
    text = json.dumps({key: value for key, value in plan.items() if key != CHECKSUM}, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(reading.data(path, table.LARGEST_BYTES)).hexdigest() if path.is_file() else ""
