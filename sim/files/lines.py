"""Where in a file's text a key stands, so that a problem can name the line."""

from __future__ import annotations

import re
from functools import lru_cache

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")


@lru_cache(maxsize=32)
def lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    """The line of every key that stands at the beginning of one, by key path; enough for files written by hand."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for n, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _steps(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, n)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_steps(key[1])), n)
    return lines


def _steps(text: str) -> tuple[str, ...]:
    """`a."b.c".d` as ('a', 'b.c', 'd')."""
    return tuple(quoted or plain for quoted, plain in re.findall(r"[\"']([^\"']*)[\"']|([\w-]+)", text))
