"""The command `facts`: what every run grows from."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, Many


def facts(
    name: Annotated[Many, typer.Argument(metavar="[NAME]", help="A fact, or words to look for.")] = None,
    as_json: Json = False,
) -> None:
    """List the facts that every run grows from, or explain one: its value, source, and what disagrees."""
    from dataclasses import asdict

    from sim.api.catalogue import facts as known
    from sim.catalogue.facts import explain

    text = " ".join(name or ())
    found = known(text)
    if as_json:
        say_json("facts", {"status": "done", "facts": [asdict(f) for f in found]})
    else:
        print(*(explain(found[0]) if found and found[0].name == text else found), sep="\n")
