"""The lines of a text of element sets: which of them hold elements, and what stands about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.interchange.problems import Faults
from sim.interchange.text import lines_of
from sim.interchange.two_lines import LENGTH, cleaned

_ELEMENTS = re.compile(r"[12] (?:[ \w]{5}[A-Z ] |.{40,})", re.ASCII)
_FIGURES = re.compile(r"\d\.\d{8}|\d\.\d{4}\D.*\d\.\d{4}\D", re.ASCII)  # no sentence has them, every element line has
MOST_TEXT = 10_000  # lines between two sets: a long mail
_BEFORE = " \t>"  # blanks, and what a mail puts before a line that it quotes


@dataclass(frozen=True)
class ElementLine:
    """A line at `number` in the file. `kind`: '1', '2' or '' for a name; a name may begin with a digit too, but not go
    on like an element line. `blank_sum`: more stands after a blank checksum column; `more`: after a full line."""

    number: int
    text: str
    kind: str = ""
    blank_sum: bool = False
    more: bool = False
    moved: bool = False


def kind_of(text: str) -> str:
    return text[0] if _ELEMENTS.match(text) or (text[:1] in ("1", "2") and is_element_like(text)) else ""


def is_element_like(text: str) -> bool:
    """Whether a line holds numbers as only an element line does, whatever stands before and between them."""
    return len(text) >= 60 and sum(c in "0123456789" for c in text) >= 25 and bool(_FIGURES.search(text))


def _line(number: int, text: str) -> ElementLine:
    """A line as it is read: without what stands before an element line, and after its last column."""
    text = cleaned(text)
    kind, moved = kind_of(text), False
    if not kind and text[:1] in tuple(_BEFORE):
        bare = text.lstrip(_BEFORE)
        kind = kind_of(bare)
        if kind:
            text, moved = bare, True
    if not kind or len(text) <= LENGTH or text[LENGTH] != " ":
        return ElementLine(number, text, kind, moved=moved)
    kept = text[:LENGTH].rstrip()
    return ElementLine(number, kept, kind, blank_sum=len(kept) < LENGTH, more=True, moved=moved)


def element_lines(text: str, faults: Faults) -> Iterator[ElementLine]:
    """Every line that holds something and is no comment."""
    names = 0
    for number, raw in lines_of(text):
        line = _line(number, raw)
        if not line.text or line.text.startswith("#"):
            continue
        names = 0 if line.kind else names + 1
        if names > MOST_TEXT:
            faults.add("", f"{MOST_TEXT} lines of text on end", "element sets, with less text about them", number)
            return
        yield line
