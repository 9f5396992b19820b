"""What is asked for in Python, looked at before anything is done with it: a wrong kind of value is answered in words.

`name` is how the caller calls the value, for the sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from numbers import Real
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from sim.files.errors import BadInput


def found(value: object) -> str:
    """A value in a few characters, with its type where it alone could mislead."""
    shown = " ".join(repr(value).split())
    short = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return short if value is None or isinstance(value, str | bool) else f"{short} ({type(value).__name__})"


def wrong(name: str, value: object, instead: str) -> BadInput:
    """The error for a value that is none of what is allowed."""
    return BadInput(f"{name}: found {found(value)}; write {instead}")


def path(value: Any, name: str, instead: str = "a path") -> Path:
    """A path, from a text or a path; BadInput for anything else and for an empty text."""
    given = fspath(value) if isinstance(value, str | PathLike) else None
    if not isinstance(given, str) or not given.strip() or "\0" in given:
        raise wrong(name, value, instead)
    return Path(given)


def text(value: Any, name: str) -> str:
    """A text; BadInput for anything else."""
    if not isinstance(value, str):
        raise wrong(name, value, "a text")
    return value


def texts(values: Any, name: str = "overrides", like: str = "launch.perigee_km=205.0") -> tuple[str, ...]:
    """Several texts; BadInput for a single one, which Python would take letter by letter, and for what is no text."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise wrong(name, values, f"a list of texts, like ['{like}']")
    made = tuple(values)
    for value in made:
        if not isinstance(value, str):
            raise wrong(name, value, f"texts in the list, like ['{like}']")
    return made


def number(value: Any, name: str, largest: float = math.inf) -> float:
    """A finite number of at most that size; BadInput for anything else."""
    given = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    if not math.isfinite(given) or abs(given) > largest:
        raise wrong(name, value, "a number" + (f" from {-largest:g} to {largest:g}" if largest < math.inf else ""))
    return given


def function(value: Any, name: str = "progress") -> Callable | None:
    """Something that can be called, or None; BadInput for anything else."""
    if value is not None and not callable(value):
        raise wrong(name, value, "a function, or leave it out")
    return value
