"""What the command line sets: `a.b.c=value` into the dict of a mission file.

A path given so is taken from the working directory, as every path of a command line is; in a file it is taken from the
directory of that file. It goes on as an absolute path, so that whoever reads the dict later finds the same file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence

from sim.files.errors import TiangongError
from sim.files.names import as_path, readable, typed
from sim.files.problems import Problem, index, listed, nearest
from sim.files.text import parse, plain

BY_COMMAND_LINE = "assumed: set on the command line"
# The keys whose value may be a path, in any file: a test holds this against the models.
PATH_KEYS = frozenset(
    ("arm", "backup_site", "body", "docking_rules", "elements", "fallback", "field", "flown_as", "landing_rules")
    + ("launcher", "mission", "other_centre", "profile", "programme", "relay", "site", "uncertainty", "vehicle", "week")
    + ("wind", "world")
)
DATA_KEYS = frozenset({"elements", "field"})  # of files that are no TOML


def with_overrides(raw: dict, overrides: Sequence[str]) -> tuple[dict, list[Problem]]:
    """A copy of `raw` with each `a.b.c=value` applied in turn, and what was wrong with them."""
    raw = plain(raw, "")
    problems = []
    for given in overrides:
        text = typed(given)
        key, equals, value = (given if text is None else text).partition("=")
        key = key.strip()
        try:
            if text is None:
                raise _Refused(f"'{readable(given)}'", "KEY=VALUE in UTF-8")
            if not equals or not all(key.split(".")):
                raise _Refused(f"'{text}'", "KEY=VALUE, like launch.perigee_km=205.0")
            _set(raw, key.split("."), _from_here(key.rpartition(".")[2], _value(value.strip())))
        except _Refused as refused:
            problems.append(Problem("--set", key, refused.found, refused.allowed, refused.guess))
    return raw, problems


class _Refused(TiangongError):
    """One override that cannot be used: what was found, what is allowed, the nearest key."""

    def __init__(self, found: str, allowed: str, guess: str | None = None):
        self.found, self.allowed, self.guess = found, allowed, guess
        super().__init__(f"found {found}; allowed: {allowed}")


def _value(text: str):
    """A TOML value; a bare word is a string, since a shell eats the quotes. Nothing at all (None) takes the key out."""
    if not text:
        return None
    try:
        parsed = parse(f"value = {text}")
        if set(parsed) == {"value"}:
            return plain(parsed["value"], "--set")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        if not re.search(r"[\"'\[\]{}=,#\x00-\x1f]", text):
            return text
    raise _Refused(f"'{text[:60]}'", 'a TOML value: 205.0, true, "word", [1.0, 2.0]')


def _from_here(key: str, value):
    """The value with each path to a file of the working directory made absolute; `key`: the one that it belongs to.

    What is no path by its form is a name of the catalogue (`6.5h` is one; no set of elements and no field has a dot). A
    path that is not there stays: it may lie beside the mission.
    """
    if isinstance(value, dict):
        return {inner: _from_here(inner, item) for inner, item in value.items()}
    if isinstance(value, list):
        return [_from_here(key, item) for item in value]
    if key not in PATH_KEYS or not isinstance(value, str):
        return value
    if "/" not in value and ("." if key in DATA_KEYS else ".toml") not in value:
        return value
    path = as_path(value)
    if not os.path.isfile(path):
        return value
    absolute = typed(os.path.abspath(path))
    return value if absolute is None else absolute


def _set(raw: dict, steps: list[str], value) -> None:
    where = raw
    for depth, step in enumerate(steps):
        last = depth == len(steps) - 1
        if isinstance(where, list):
            if (place := index(step)) is None or place >= len(where):
                allowed = f"an index from 0 to {len(where) - 1}" if where else "nothing: the array is empty"
                raise _Refused(f"'{step}' in {'.'.join(steps[:depth])}", allowed)
            step = place
        elif not isinstance(where, dict):
            raise _Refused(f"'{step}' below {'.'.join(steps[:depth])}, which is not a table", "a key of a table")
        elif not last:
            where.setdefault(step, {})
        elif value is None and step not in where:
            raise _Refused("a key to leave out that is not there", listed(where), nearest(step, where))
        if not last:
            where = where[step]
        elif value is None:
            del where[step]
        else:
            where[step] = value
    _resource(raw, ".".join(steps), gone=value is None)


def _resource(raw: dict, key: str, gone: bool) -> None:
    """What the file says of a value's source is no longer true once the command line has replaced the value."""
    sources = raw.get("sources")
    if not isinstance(sources, dict) or key.startswith("sources."):
        return
    for outdated in [k for k in sources if k == key or k.startswith(key + ".")]:
        del sources[outdated]
    if not gone:
        sources[key] = BY_COMMAND_LINE
