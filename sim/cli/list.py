"""The command `list`: what comes with the program."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, Text


def list_(
    kind: Annotated[
        Text, typer.Argument(metavar="[KIND]", help="One kind only, such as missions, vehicles or places.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the missions, vehicles, sites, worlds, orbits, campaigns, rotations and so on that come with the program."""
    from sim.api.catalogue import listing
    from sim.catalogue.listing import listing_lines, of_kind

    files = listing() if kind is None else of_kind(kind)
    if as_json:
        say_json("list", {"status": "done", **files})
    else:
        print(*listing_lines(files), sep="\n")
