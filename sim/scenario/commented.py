"""A shipped file written out as TOML with what each key means as a comment, to start a file of one's own from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.files import text
from sim.files.errors import BadInput
from sim.files.problems import nearest
from sim.scenario.key_tables import EACH, Key, KeyTable, key_tables
from sim.scenario.kind_words import WORDS
from sim.scenario.what_it_is import FOLDERS, remark

OF_MODEL = {"rotation": "mission", "mission": "sequence"}  # `kind` in a file -> the key of `schema.MODELS`
Steps = tuple[str, ...]
WIDTH = 100  # of a line, where an array is broken
USE = {
    "rotation": "tiangong run {} --out DIR",
    "mission": "tiangong run {} --out DIR",
    "orbit": "tiangong propagate {} --out DIR",
    "campaign": "tiangong montecarlo {} --out DIR",
    "programme": "tiangong rotation {}",
}


def commented(name: str, kind: str = "", file: str = "FILE") -> str:
    """The shipped file `name` as TOML with comments; `kind`, as the file has it, where several are called so.

    `file`: how it is going to be called, for the first lines. BadInput for a name that is not shipped.
    """
    raw = _shipped(name, kind)
    tables = key_tables(OF_MODEL.get(raw["kind"], raw["kind"]))
    lines = [
        f"# {raw['name']}",
        f"# Written by `tiangong init` from {name}, which comes with the program: every key with what it means.",
        f"# {_use(raw['kind'], file)}",
        "",
        *_lines(raw, (), (), tables, set()),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _use(kind: str, file: str) -> str:
    if kind in USE:
        return f"Look for mistakes: tiangong check {file}. Use it: {USE[kind].format(file)}"
    return f'Name it in a mission, as "{file}", in the place of the shipped name.'


def _shipped(name: str, kind: str) -> dict:
    """The tables of a shipped file, with what it extends."""
    found = {}
    for folder in FOLDERS:
        if name in text.catalogue(folder):
            raw = text.read(folder / f"{name}.toml", folder).raw
            found[raw["kind"]] = raw
    if not found:
        every = sorted({known for folder in FOLDERS for known in text.catalogue(folder)})
        near = nearest(name, every)
        hint = f"; nearest: {near}" if near else ""
        raise BadInput(f"--from: found '{name}'; allowed: a name that `tiangong list` shows{hint}{remark(name)}")
    if kind and kind not in found:
        raise BadInput(f"--kind: found '{kind}'; allowed for '{name}': {', '.join(found)}")
    if not kind and len(found) > 1:
        words = ", ".join(f"--kind {key} ({WORDS.get(key, key)})" for key in found)
        raise BadInput(f"--from: '{name}' is the name of several files; write beside it one of {words}")
    return found[kind] if kind else next(iter(found.values()))


def _lines(raw: dict, path: Steps, shown: Steps, tables: tuple[KeyTable, ...], done: set) -> Iterator[str]:
    """The lines of one table and of all below it. `path` as in `key_tables`, `shown` as TOML writes it; `done`: the
    tables whose keys have been explained, which are not explained again."""
    table = next((t for t in tables if t.path == path and _chosen(t, raw)), None)
    explain = table is not None and (path, table.chosen) not in done
    if table is None:  # a table of free names: the record, the sources
        yield from (f"{_name(key)} = {_value(value)}" for key, value in raw.items())
        return
    done.add((path, table.chosen))
    inner: list[tuple[Key, Any]] = []
    for key in table.keys:
        value = raw.get(key.name)
        if _is_table(value):
            inner.append((key, value))
        elif value is not None:
            yield from ([f"# {_comment(key)}"] if explain else [])
            yield f"{key.name} = {_value(value)}"
        elif explain and key.default is not None:
            without = f"; without it {key.default}" if key.default else ""
            yield f"# (not set) {key.name}: {_comment(key)}{without}"
    for key, value in sorted(inner, key=lambda pair: pair[0].name in ("record", "sources")):  # these two come last
        below = (*shown, key.name)
        heading = ".".join(map(_name, below))
        note = f"# {_comment(key)}" if explain else ""
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from _headed(f"[[{heading}]]", note if i == 0 else "")
                yield from _lines(item, (*path, key.name, "[]"), below, tables, done)
        elif any(t.path == (*path, key.name, EACH) for t in tables):
            for name, item in value.items():
                yield from _headed(f"[{heading}.{_name(name)}]", note)
                yield from _lines(item, (*path, key.name, EACH), (*below, name), tables, done)
                note = ""
        else:
            yield from _headed(f"[{heading}]", note)
            yield from _lines(value, (*path, key.name), below, tables, done)


def _headed(heading: str, note: str) -> list[str]:
    return ["", *([note] if note else []), heading]


def _chosen(table: KeyTable, raw: dict) -> bool:
    return table.chosen is None or raw.get(table.chosen[0]) in table.chosen[1].split(", ")


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _comment(key: Key) -> str:
    """Meaning, unit and range."""
    measure = f", {key.unit}" if key.unit else ""
    limits = ""
    if "number, " in key.allowed:
        limits = f" ({key.allowed.rpartition('number, ')[2]})"
    elif "`" in key.allowed:
        limits = f" ({key.allowed.replace('`', '')})"
    return f"{key.description}{measure}{limits}"


def _name(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: object) -> str:
    """As TOML writes it: strings and booleans are those of JSON, and every number is written to its last digit."""
    if isinstance(value, list):
        items = [_value(item) for item in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= WIDTH else "[\n" + "".join(f"    {item},\n" for item in items) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_name(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write(name: str, file: Path, kind: str = "", force: bool = False) -> None:
    """Write it to `file`, which must not exist, or may with `force`; BadInput where it cannot be there."""
    if file.suffix != ".toml":
        raise BadInput(f"{file}: found a name without .toml; write {file}.toml, so that other files can name it")
    content = commented(name, kind, file.name)
    try:
        with open(file, "w" if force else "x", encoding="utf-8", newline="\n") as out:
            out.write(content)
    except FileExistsError:
        raise BadInput(f"{file}: exists already; choose another name, or add --force to replace it") from None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise BadInput(
            f"{file}: cannot be written ({error.strerror}); choose a file in a directory that is there"
        ) from None
