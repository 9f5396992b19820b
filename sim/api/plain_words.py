"""A finished flight in plain words, as Python and the command see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.api.asked import path, text
from sim.api.catalogue import require_run
from sim.export import finished, stored
from sim.report.plain_words import terminal
from sim.report.plain_words.words import words


@dataclass(frozen=True, eq=False, repr=False)
class PlainWords:
    """A flight in plain words. `data`: what its directory stores; `language`: "en", "zh" or "ur"."""

    data: stored.PlotData
    language: str

    def lines(self) -> list[str]:
        """For a terminal: the headline, then each part with its heading, at most 80 columns wide."""
        return terminal.lines(self.data, self.language)

    def content(self) -> dict:
        """As plain data: `language`, `headline`, and `paragraphs` with `part`, `head` and `text`."""
        return terminal.content(self.data, self.language)

    def __repr__(self) -> str:
        return "\n".join(self.lines())


def explain(directory: str | Path, language: str = "en") -> PlainWords:
    """The flight of a run's directory in plain words, in a language: "en", "zh" or "ur".

    BadInput where the directory holds no run or the language is another; DataError where what it holds is not as the
    run wrote it.
    """
    directory, language = path(directory, "directory"), text(language, "language")
    words(language)
    require_run(directory)
    return PlainWords(stored.load(directory, finished.written(directory)), language)
