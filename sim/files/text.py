"""From a TOML file to a plain dict: size, syntax and `extends`."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path

from sim.files import packaged, paths, reading
from sim.files.lines import lines_of_keys
from sim.files.names import as_path
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, listed, nearest

LARGEST_BYTES = 200_000  # fifty times a long mission file; more would not be refused within two seconds
DEEPEST = 12  # tables within tables; the deepest key of any model is four down

_DEEP_KEY = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}[\w\"'-]")
_PLACE_IN_ERROR = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass(frozen=True)
class Document:
    """A file as read: the resolved `raw` dict, and the texts that made it, the file's own first."""

    path: Path
    raw: dict
    texts: tuple[tuple[Path, str], ...]

    @property
    def label(self) -> str:
        return label(self.path)

    def located(self, key: KeyPath, problem: Problem) -> Problem:
        """The problem with the file and line that hold its key; the file alone where a key is missing."""
        for path, text in self.texts:
            line = lines_of_keys(text).get(tuple(str(step) for step in key))
            if line:
                return replace(problem, file=label(path), line=line)
        return problem


def label(path: Path) -> str:
    """How a file is named to the user: from here if it lies below, from the catalogue if there, else in full."""
    for base in (paths.ROOT, os.getcwd()):
        if (name := paths.below(base, path)) is not None:
            return name or "."
    return str(path)


def catalogue(folder: Path) -> list[str]:
    return sorted({p.stem for p in folder.glob("*.toml")} | packaged.catalogue(folder))


def heading(path: Path) -> tuple[str, str]:
    """(kind, name) of a file, empty where it has none; for lists, which must not fail on one bad file of the user's."""
    try:
        raw = parse(_text_of(path))
    except (reading.Unreadable, ValueError, RecursionError):
        return "", ""
    return str(raw.get("kind", "")), str(raw.get("name", ""))


def find(reference: str, folder: Path, document: Document) -> Path | None:
    """The file that a name (in the catalogue's `folder`) or a path stands for; a path is taken from the directory of
    the document, or of one that it extends."""
    if not (reference.endswith(".toml") or "/" in reference):
        path = folder / f"{reference}.toml"
        return path if exists(path) or packaged.name_of(path) else None
    candidates = (file.parent / as_path(reference) for file, _ in document.texts)
    return next((path for path in candidates if exists(path)), None)


def read(path: Path, folder: Path) -> Document:
    """Read a file and what it extends; ScenarioError if that cannot be done."""
    return _read(path, folder, ())


def _read(path: Path, folder: Path, children: tuple[Path, ...]) -> Document:
    own_text = text(path, folder)
    raw = plain(_parsed(path, own_text), label(path))
    own = Document(path, raw, ((path, own_text),))
    if "extends" not in raw:
        return own
    reference = raw.pop("extends")
    seen = (*children, path.resolve())
    parent = find(reference, folder, own) if isinstance(reference, str) and reference else None
    if parent is None:
        names = catalogue(folder)
        suggestion = nearest(str(reference), names)
        raise ScenarioError([_problem(path, "extends", f"'{reference}'", f"{listed(names)}, or a path", suggestion)])
    if parent.resolve() in seen:
        chain = " -> ".join(p.name for p in (*seen, parent.resolve()))
        raise ScenarioError([_problem(path, "extends", f"a circle, {chain}", "a file that does not lead back here")])
    base = _read(parent, folder, seen)
    return Document(path, _merged(base.raw, raw), ((path, own_text), *base.texts))


def _problem(path: Path, key: str, found: str, allowed: str, suggestion: str | None = None) -> Problem:
    return Problem(label(path), key, found, allowed, suggestion)


def text(path: Path, folder: Path, kind: str = "a TOML file") -> str:
    """The text of a file that should be `kind`; where there is none, the error names the nearest one in `folder`."""

    def refuse(found: str) -> ScenarioError:
        return ScenarioError([_problem(path, "", found, f"{kind} of at most {reading.size(LARGEST_BYTES)}")])

    try:
        return _text_of(path)
    except reading.Unreadable as error:
        if not error.missing:
            raise refuse(error.found) from None
        suggestion = nearest(path.name, catalogue(folder))
        allowed = "a file, or a name that `tiangong list` knows"
        raise ScenarioError([_problem(path, "", error.found, allowed, suggestion)]) from None


def _text_of(path: Path) -> str:
    """Unreadable where there is no such text; DataError where a file of the program's is missing or damaged."""
    try:
        return reading.decoded(path, packaged.compared(path, reading.data(path, LARGEST_BYTES)))
    except reading.Unreadable as error:
        if error.missing and packaged.name_of(path):
            raise packaged.lost(path) from None
        raise


@lru_cache(maxsize=64)
def parse(text: str) -> dict:
    """TOML as a dict, which is not to be changed: the same text is parsed once, and a mission's files are asked for
    their heading first. A dotted key of thousands of parts would take tomllib gigabytes, so it is never shown one."""
    if _DEEP_KEY.search(text):
        raise RecursionError(f"a dotted key of more than {DEEPEST} parts")
    return tomllib.loads(text)


def _parsed(path: Path, text: str) -> dict:
    try:
        return parse(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE_IN_ERROR.match(str(error))
        lines = text.splitlines()
        line = int(match["line"]) if match and match["line"] else len(lines)
        column = int(match["column"]) if match and match["column"] else len(lines[-1]) + 1
        what = match["what"] if match else str(error)
        where = f"{label(path)}:{line}:{column}"
        raise ScenarioError([Problem(where, "", f"broken TOML ({what})", "TOML 1.0")]) from None
    except (RecursionError, ValueError) as error:  # arrays in arrays without end; an integer too long to convert
        raise ScenarioError([_problem(path, "", f"TOML that cannot be read ({str(error)[:80]})", "TOML 1.0")]) from None


def plain(value, file: str, depth: int = 0):
    """The same with TOML's own dates and times as UTC strings, so that it can be written as JSON."""
    if depth > DEEPEST:
        raise ScenarioError([Problem(file, "", "tables or arrays nested too deep", f"at most {DEEPEST} levels")])
    if isinstance(value, dict):
        return {k: plain(v, file, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v, file, depth + 1) for v in value]
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date | time) else value


# ---- extends


def _merged(base: dict, own: dict) -> dict:
    """`own` over `base`, table by table. The source of a value that `own` replaces is dropped."""
    sources = base.get("sources")
    if isinstance(sources, dict):
        replaced = [dotted for dotted in sources if _replaces(own, dotted.split("."))]
        base = {**base, "sources": {k: v for k, v in sources.items() if k not in replaced}}
    return _over(base, own)


def _over(base: dict, own: dict) -> dict:
    both = dict(base)
    for key, value in own.items():
        tables = isinstance(base.get(key), dict) and isinstance(value, dict)
        both[key] = _over(base[key], value) if tables else value
    return both


def _replaces(own: object, steps: list[str]) -> bool:
    for step in steps:
        if not isinstance(own, dict):
            return True
        if step not in own:
            return False
        own = own[step]
    return True
