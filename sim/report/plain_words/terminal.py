"""The plain words for a terminal: lines of text without markup."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from sim.export.stored import PlotData
from sim.report.plain_words.narrative import PlainWords, plain_words
from sim.report.plain_words.words import Words, words

WIDTH = 80  # columns of a terminal; a letter of Chinese takes two
OPENING, CLOSING = "（《“", "，。；：、！？）》”"  # what may not end, or begin, a line of Chinese


def lines(data: PlotData, language: str = "en") -> list[str]:
    """The headline, then each part with its heading, at most 80 columns wide."""
    w = words(language)
    made = plain_words(data, w)
    text = [*wrapped(made.headline, w)]
    for paragraph in made.paragraphs:
        text += ["", *([paragraph.head] if paragraph.head else []), *wrapped(w.joined(paragraph.sentences), w)]
    return text


def content(data: PlotData, language: str = "en") -> dict:
    """The same as plain data, for --json."""
    w = words(language)
    made: PlainWords = plain_words(data, w)
    parts: list[Mapping] = [
        {"part": paragraph.key, "head": paragraph.head, "text": w.joined(paragraph.sentences)}
        for paragraph in made.paragraphs
    ]
    return {"language": w.language.tag, "headline": made.headline, "paragraphs": parts}


def wrapped(text: str, w: Words) -> list[str]:
    """Lines of at most 80 columns. Chinese has no spaces: it is broken between its letters, not within a number."""
    if w.language.code != "zh":
        return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    found, line = [], ""
    for piece in _pieces(text):
        if columns(line + piece.rstrip()) > WIDTH and line.strip():
            found.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip(" ")
    return [*found, line.rstrip()] if line.strip() else found


def columns(text: str) -> int:
    """How wide a text is on a terminal: letters of Chinese and its full-width marks take two columns."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _pieces(text: str) -> list[str]:
    """What is not broken: a letter of Chinese with the marks about it; a word or a number of other letters."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1] if pieces else ""
        wide, before = columns(letter) == 2, columns(last[-1:]) == 2
        joins = letter in CLOSING or last[-1:] in OPENING if last else False
        if last and (joins or (not wide and not before and not last.endswith(" "))):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces
