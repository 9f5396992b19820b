"""An outside file as text, or the reason why it is none."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.files import reading
from sim.files.text import label
from sim.interchange.problems import InterchangeError, refusal

UNREADABLE = "\ufffd"  # Unicode's own mark of a character that could not be read
LARGEST_BYTES = 8_000_000  # a catalogue of 50,000 objects, or six weeks of ephemeris at one row a minute

_LINE = re.compile(r"[^\n]+")
# A file says by its first bytes that it is not UTF-8. The longer marks come first: one begins like a shorter one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

__all__ = ["LARGEST_BYTES", "OutsideText", "label", "lines_of", "read_outside", "read_text"]


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers from 1, one at a time: a list could fill the memory."""
    number, start = 1, 0
    for line in _LINE.finditer(text):
        number += text.count("\n", start, line.start())
        start = line.start()
        yield number, line[0]


class OutsideText(NamedTuple):
    """The text of a file with line ends as this program writes them, and `notes` of what was unusual about it."""

    text: str
    notes: tuple[str, ...] = ()


def read_text(path: Path, what: str) -> str:
    """The text of a file without a byte-order mark; `what` names the kind of file that is expected, in errors."""
    return read_outside(path, what).text


def read_outside(path: Path, what: str, largest: int = LARGEST_BYTES, past_nulls: bool = False) -> OutsideText:
    """The same with notes: UTF-16 is read where the file begins with its mark, and lines that end with CR alone.

    `past_nulls`: a null byte becomes `UNREADABLE`, which no number holds, so that its line is broken and not the file.
    """

    def refuse(found: str) -> InterchangeError:
        return refusal(label(path), "", found, f"{what}, a text file of at most {reading.size(largest)}")

    try:
        data = reading.data(path, largest)
        code = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
        text = reading.decoded(path, data, code, UNREADABLE if past_nulls else "")
    except reading.Unreadable as error:
        raise refuse(error.found) from None
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise refuse("a web page (HTML), as servers send with an error")
    notes = [f"{label(path)}: read as {code.upper()}, which its first bytes say it is"] if code != "utf-8-sig" else []
    if past_nulls and (nulls := data.count(b"\0")) and code == "utf-8-sig":
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        notes.append(f"{label(path)}: null bytes: {nulls}, first in line {line}; read as {UNREADABLE}")
    unified = text.replace("\r\n", "\n")
    if "\r" in unified:
        unified = unified.replace("\r", "\n")
        notes.append(f"{label(path)}: a carriage return (CR) alone is taken for the end of a line")
    return OutsideText(unified, tuple(notes))
