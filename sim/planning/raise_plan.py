"""A plan of raises, read from what `tiangong station` wrote: for other planners, and for the station as it is flown.

The file is `station.json`, or what `station --json` printed. Of both flights in it the planned one is read: what was
drawn of the truth is known to nobody beforehand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.core.epoch import Epoch
from sim.files import reading
from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError
from sim.files.text import label

SCHEMA = 1  # of station.json
LARGEST_BYTES = 20_000_000  # a plan of a year has some 100 kB
MADE_BY = "write it with `tiangong station PROGRAMME --from DATE --until DATE --json`"
BURNS = (1, 2)


@dataclass(frozen=True)
class PlannedRaise:
    """A raise about `at` by `dv` m/s forward, by `craft`, in one burn or in two half a revolution apart."""

    at: Epoch
    dv: float
    craft: str
    burns: int


@dataclass(frozen=True)
class PlannedLaunch:
    """The lift-off of `ship` when the station passes the site, and the one that the programme had for it."""

    ship: str
    at: Epoch
    programme: Epoch


@dataclass(frozen=True)
class RaisePlan:
    """`name` of the programme; raises and launches between `start` and `end`, in order; `file` as the user knows it."""

    file: str
    name: str
    start: Epoch
    end: Epoch
    raises: tuple[PlannedRaise, ...]
    launches: tuple[PlannedLaunch, ...] = ()

    def uncovered(self, start: Epoch, end: Epoch) -> str:
        """What of a span the plan does not reach, in words; empty where it reaches all."""
        parts = [f"before {self.start}"] if start < self.start else []
        parts += [f"after {self.end}"] if end > self.end else []
        return f"{self.file}: no raise is known {' and '.join(parts)}, where the plan does not reach" if parts else ""


def read_raise_plan(path: Path) -> RaisePlan:
    """The plan in a file; BadInput for one that is not readable, is no plan, or is of a later version; ScenarioError
    lists what is wrong with its raises."""
    name = label(path)
    try:
        found = json.loads(reading.text_of(path, LARGEST_BYTES))
    except reading.Unreadable as error:
        raise BadInput(f"{name}: found {error.found}; {MADE_BY}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{name}: found no JSON; {MADE_BY}") from None
    if not isinstance(found, dict) or not isinstance(found.get("planned"), dict):
        raise BadInput(f"{name}: found no plan of raises (no key 'planned'); {MADE_BY}")
    _refuse_later(name, found)
    problems: list[Problem] = []
    start, end = (_time(name, key, found.get(key), problems) for key in ("from_utc", "until_utc"))
    raises = [_raise(name, key, row, problems) for key, row in _rows(name, found, "raises", problems)]
    launches = [_launch(name, key, row, problems) for key, row in _rows(name, found, "launches", problems)]
    if start is not None and end is not None and not start < end:
        problems.append(Problem(name, "until_utc", str(end), f"a time after from_utc, {start}"))
    if problems:
        raise ScenarioError(problems)
    assert start is not None and end is not None  # else that was a problem
    in_order = tuple(sorted((one for one in raises if one is not None), key=lambda one: one.at))
    risen = tuple(sorted((one for one in launches if one is not None), key=lambda one: one.at))
    return RaisePlan(name, str(found.get("name", "")), start, end, in_order, risen)


def _refuse_later(name: str, found: Mapping) -> None:
    version = found.get("schema")
    if version == SCHEMA and not isinstance(version, bool):
        return
    if isinstance(version, int) and version > SCHEMA:
        raise BadInput(
            f"{name}: found schema {version} of a later version of tiangong-sim, and this one reads up to {SCHEMA}; "
            "install that version, or plan the raises again with this one"
        )
    raise BadInput(f"{name}: found schema {version!r}, and this version reads {SCHEMA}; {MADE_BY}")


def _time(name: str, key: str, value: Any, problems: list[Problem]) -> Epoch | None:
    try:
        return Epoch.from_utc(value)
    except (ValueError, TypeError, AttributeError):
        problems.append(Problem(name, key, repr(value)[:60], "a time in UTC, such as 2026-10-05T10:02:00Z"))
        return None


def _rows(name: str, found: Mapping, table: str, problems: list[Problem]) -> list[tuple[str, dict]]:
    """The tables of a list with their keys."""
    rows = found["planned"].get(table)
    if not isinstance(rows, list):
        problems.append(Problem(name, f"planned.{table}", "no list", f"a list of {table}"))
        return []
    made = []
    for k, row in enumerate(rows):
        if isinstance(row, dict):
            made.append((f"planned.{table}.{k}", row))
        else:
            problems.append(Problem(name, f"planned.{table}.{k}", repr(row)[:60], "a table"))
    return made


def _launch(name: str, key: str, row: dict, problems: list[Problem]) -> PlannedLaunch | None:
    at = _time(name, f"{key}.liftoff_utc", row.get("liftoff_utc"), problems)
    programme = _time(name, f"{key}.programme_utc", row.get("programme_utc"), problems)
    ship = row.get("ship")
    if not isinstance(ship, str):
        problems.append(Problem(name, f"{key}.ship", repr(ship)[:60], "the name of a ship"))
        return None
    return None if at is None or programme is None else PlannedLaunch(ship, at, programme)


def _raise(name: str, key: str, row: dict, problems: list[Problem]) -> PlannedRaise | None:
    before = len(problems)
    at = _time(name, f"{key}.utc", row.get("utc"), problems)
    dv, craft, burns = row.get("delta_v_m_s"), row.get("craft"), row.get("burns")
    if isinstance(dv, bool) or not isinstance(dv, int | float) or not math.isfinite(dv):
        problems.append(Problem(name, f"{key}.delta_v_m_s", repr(dv)[:60], "a finite number of m/s"))
    if not isinstance(craft, str):
        problems.append(Problem(name, f"{key}.craft", repr(craft)[:60], "the name of the craft that burns"))
    if isinstance(burns, bool) or burns not in BURNS:
        problems.append(Problem(name, f"{key}.burns", repr(burns)[:60], "1 or 2"))
    if at is None or len(problems) > before:
        return None
    return PlannedRaise(at, float(dv), str(craft), int(burns))  # type: ignore[arg-type]  # both were looked at
