"""The published schemas of results (docs/schemas/), and results held against them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.optional import needed

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schemas"
NAMES = tuple(sorted(path.stem.rpartition("-")[0] for path in FOLDER.glob("*-1.json")))


@lru_cache
def schema(name: str, version: int = 1) -> dict:
    """As it is published."""
    return json.loads((FOLDER / f"{name}-{version}.json").read_text("utf-8"))


def closed(rule: Any) -> Any:
    """The same schema without leave for keys that it does not list: what is written must be described."""
    if isinstance(rule, list):
        return [closed(each) for each in rule]
    if not isinstance(rule, dict):
        return rule
    inner = {key: closed(each) for key, each in rule.items()}
    return {**inner, "additionalProperties": False} if inner.get("properties") else inner


def problems(name: str, content: Any, *, whole: bool = False) -> list[str]:
    """What a result breaks of its published schema; with `whole` also keys that the schema does not describe."""
    needed("jsonschema")
    from jsonschema import Draft202012Validator, FormatChecker

    times = FormatChecker(formats=())

    @times.checks("date-time", raises=ValueError)
    def is_time(value: object) -> bool:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None

    rule = closed(schema(name)) if whole else schema(name)
    found = Draft202012Validator(rule, format_checker=times).iter_errors(content)
    return [f"{error.json_path}: {error.message:.200}" for error in found]


def described(rule: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Every property of a schema with its description."""
    if isinstance(rule, dict):
        for key, each in rule.get("properties", {}).items():
            yield f"{path}.{key}", each.get("description", "")
        for key, each in rule.items():
            yield from described(each, f"{path}.{key}")
