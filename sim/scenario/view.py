"""A tolerant look at a file's keys, and the checks that any file can need.

Every check takes a `View`, which answers None for a key that is missing or has a problem of its own, so that the
checks run beside the problems of single keys and all are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.core.epoch import Epoch
from sim.files.problems import Path, Problem, at, dotted


class Finding(NamedTuple):
    """What a check has to say of a key; `file` and line are added by the one who knows them."""

    key: Path
    found: str
    allowed: str
    nearest: str | None = None

    def problem(self, file: str) -> Problem:
        return Problem(file, dotted(self.key), self.found, self.allowed, self.nearest)


@dataclass(frozen=True)
class View:
    """A file's resolved dict, and the key paths in it that already have a problem."""

    raw: dict
    bad: frozenset[Path] = frozenset()

    def __call__(self, *path: str | int):
        if any(bad[: len(path)] == path or path[: len(bad)] == bad for bad in self.bad):
            return None
        try:
            return at(self.raw, path)
        except KeyError:
            return None

    def length(self, key: str) -> int:
        """How many tables an array holds, good or bad; no array of a model may be as long as the limit here."""
        value = self.raw.get(key)
        return min(len(value), 50) if isinstance(value, list) else 0

    def keys(self, *path: str | int) -> list[str]:
        """The keys of a table with free keys, good or bad."""
        try:
            value = at(self.raw, path)
        except KeyError:
            return []
        return list(value) if isinstance(value, dict) else []

    def epoch(self, *path: str | int) -> Epoch | None:
        text = self(*path)
        return Epoch.from_utc(text) if text is not None else None


def ordered(view: View, low: Path, high: Path, equal: bool = False) -> Iterator[Finding]:
    """The number at `low` must be less than the one at `high` (or equal, where that is allowed)."""
    a, b = view(*low), view(*high)
    if a is None or b is None or a < b or (equal and a == b):
        return
    yield Finding(low, str(a), f"{'at most' if equal else 'less than'} {'.'.join(map(str, high))}, which is {b}")


def increasing(view: View, path: Path) -> Iterator[Finding]:
    values = view(*path) or []
    for i, (a, b) in enumerate(zip(values, values[1:], strict=False), 1):
        if not a < b:
            yield Finding((*path, i), f"{b} after {a}", "values that increase")
