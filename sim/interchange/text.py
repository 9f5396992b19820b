"""An outside file as text, or the reason why it is none."""

from __future__ import annotations

from pathlib import Path

from sim.files import reading
from sim.files.text import label
from sim.interchange.problems import InterchangeError, refusal

LARGEST_BYTES = 64_000_000  # a catalogue of 400,000 objects, or a year of ephemeris at one row a minute

__all__ = ["LARGEST_BYTES", "label", "read_text"]


def read_text(path: Path, what: str) -> str:
    """The text of a file without a byte-order mark; `what` names the kind of file that is expected, in errors."""

    def refuse(found: str) -> InterchangeError:
        return refusal(label(path), "", found, f"{what}, a text file of at most {reading.size(LARGEST_BYTES)}")

    try:
        text = reading.text_of(path, LARGEST_BYTES)
    except reading.Unreadable as error:
        raise refuse(error.found) from None
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise refuse("a web page (HTML), as servers send with an error")
    return text
