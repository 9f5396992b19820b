"""Key-value notation of the CCSDS messages: `KEY = value [unit]`, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sim.interchange.cells import Cell
from sim.interchange.text import lines_of

_PAIR = re.compile(r"([A-Za-z][\w-]*)\s*=\s*(.*)", re.ASCII)
_UNIT = re.compile(r"([^\s\[\]]+)\s*\[([^\[\]]*)\]\s*")
_NAMES = ("OBJECT_NAME", "OBJECT_ID", "ORIGINATOR")  # brackets at their end are part of the name, like 'DEB [+]'


class Row(NamedTuple):
    """A line of KVN: `key` with its cell, or an empty key with the whole text (a row of data, `META_START`)."""

    key: str
    cell: Cell


def rows(text: str, comments: bool = False) -> Iterator[Row]:
    """The lines of a message without blanks; comments, as values of the key COMMENT, only where they are asked for."""
    for n, line in lines_of(text):
        line = line.strip()
        if not line or line == "COMMENT" or line.startswith("COMMENT "):
            if comments and line[7:].strip():
                yield Row("COMMENT", Cell(line[7:].strip(), n))
            continue
        pair = _PAIR.fullmatch(line)
        if not pair:
            yield Row("", Cell(line, n))
            continue
        unit = None if pair[1] in _NAMES else _UNIT.fullmatch(pair[2])
        cell = Cell(unit[1], n, unit[2].strip()) if unit else Cell(pair[2].strip(), n)
        yield Row(pair[1].upper(), cell)
