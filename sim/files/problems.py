"""What is wrong with a scenario, in lines that teach: where, what was found, what is allowed, the nearest word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from sim.files.errors import TiangongError
from sim.files.names import readable

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the file (with its line, where known), the key path, what was found and what is allowed."""

    file: str
    key: str
    found: str
    allowed: str
    nearest: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        file = printable(self.file, 300)
        where = f"{file}:{self.line}" if self.line else file
        key = f"{printable(self.key, 120)}: " if self.key else ""
        hint = f"; did you mean '{printable(self.nearest, 120)}'?" if self.nearest else ""
        return printable(f"{where}: {key}found {self.found}; allowed: {self.allowed}{hint}", 900)

    def as_dict(self) -> dict:
        return {name: getattr(self, name) for name in ("file", "line", "key", "found", "allowed", "nearest")}


class ScenarioError(TiangongError):
    """A scenario that cannot be used, with every problem that was found."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The valid word that looks most like `word`, if any looks like it. A rejection must be quick whatever the file
    holds, hence the limits on how much is compared."""
    by_lower = {w.lower(): w for w in islice(words, 500)}
    typed = word[:80].lower()
    longer = [w for w in by_lower if w.startswith(f"{typed}-")]  # shenzhou-24: of shenzhou-24-pakistan, not shenzhou-23
    if len(longer) == 1 and typed not in by_lower:
        return by_lower[longer[0]]
    close = difflib.get_close_matches(typed, by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def printable(text: str, longest: int) -> str:
    """The text without control characters, which would let a file write to the terminal, and cut to a length."""
    text = readable(text)
    text = text if len(text) <= longest else text[: longest - 3] + "..."
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def index(step: str) -> int | None:
    """A step of a dotted key as a place in an array; None where it is no plain number of few digits."""
    return int(step) if step.isascii() and step.isdigit() and len(step) < 19 else None


def dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def listed(words: Iterable[str]) -> str:
    """Some words in one line; a long list is cut."""
    words = list(words)
    if not words:
        return "none"
    return ", ".join(words[:12]) + (f" and {len(words) - 12} more" if len(words) > 12 else "")


def shown(value: object) -> str:
    """A TOML value in a few characters, with its type where the value alone could mislead."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return f"an array of {len(value)}"
    if isinstance(value, bool):
        return f"{str(value).lower()} (a boolean)"
    if isinstance(value, str):
        return f"'{printable(value, 60)}' (a string)"
    if isinstance(value, int) and abs(value) >= 10**30:
        return "an integer of more than 30 digits"
    return str(value)


def at(raw: object, path: Iterable[str | int]) -> object:
    """The value at a key path of nested dicts and lists; KeyError where none is. Steps into lists may be strings."""
    for step in path:
        if isinstance(raw, list) and (place := index(str(step))) is not None and place < len(raw):
            raw = raw[place]
        elif isinstance(raw, dict) and step in raw:
            raw = raw[step]
        else:
            raise KeyError(step)
    return raw
