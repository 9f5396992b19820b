"""The command `conjunction`: the probability of collision of a Conjunction Data Message, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import options_named, say_json, warn
from sim.cli.options import Amount, with_options


@dataclass(frozen=True)
class ConjunctionOptions:
    """What the command line says."""

    file: Annotated[Path, typer.Argument(metavar="CDM", help="A Conjunction Data Message, KVN or XML.")]
    radius: Annotated[
        Amount, typer.Option("--radius", metavar="M", help="Sum of both radii in metres, in place of the message's.")
    ] = None
    integrate: Annotated[
        bool, typer.Option("--integrate", help="Integrate over time even where two dimensions serve.")
    ] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False


@with_options(ConjunctionOptions)
def conjunction(given: ConjunctionOptions) -> None:
    """Judge an encounter that a CDM describes: miss, probability of collision by each method, the largest over the
    scale of the errors, and whether two dimensions serve; where they do not, the number of an integration over time.
    """
    from sim.api.conjunction import conjunction as judge

    with options_named({"radius": "--radius"}):
        found = judge(given.file, given.radius, integrate=given.integrate)
    warn(found.notes)
    if given.as_json:
        say_json("conjunction", found.content())
    else:
        print(*found.lines(), sep="\n")
