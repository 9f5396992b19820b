"""What the command line sets: `a.b.c=value` into the dict of a mission file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from sim.files.errors import TiangongError
from sim.files.names import readable, typed
from sim.files.problems import Problem, index, listed, nearest
from sim.files.text import parse, plain

BY_COMMAND_LINE = "assumed: set on the command line"


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
            _set(raw, key.split("."), _value(value.strip()))
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
