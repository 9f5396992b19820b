"""The command `explain`: a finished flight in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, Language


def explain(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Print a finished flight in plain words for a newspaper, in English, Chinese or Urdu.

    The same text stands in the report behind its switch. Numbers and units are the same in every language.
    """
    from sim.api.plain_words import explain as in_plain_words

    found = in_plain_words(directory, language)
    if as_json:
        say_json("explain", {"status": "done"} | found.content())
    else:
        print(*found.lines(), sep="\n")
