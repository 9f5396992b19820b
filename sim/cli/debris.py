"""The command `debris`: how often debris and meteoroids hit the station, and what they go through."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import options_named, say_json
from sim.cli.options import Json


def debris(
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, UTC: 2025-04-24.")],
    end: Annotated[str, typer.Option("--until", metavar="DATE", help="Last day, UTC.")],
    height: Annotated[float, typer.Option("--height", metavar="KM", help="Mean height of the orbit.")] = 390.0,
    as_json: Json = False,
) -> None:
    """List hits by debris and meteoroids on each face of the station, by size, and how probable it is that one goes
    through its wall, through pipes with and without a shield, or that a capsule's window is hit.

    By two public engineering models; the sizes of walls and windows are assumed.
    """
    from sim.api.debris import debris_risk

    with options_named({"start": "--from", "end": "--until", "height_km": "--height"}):
        found = debris_risk(start, end, height)
    if as_json:
        say_json("debris", found.content())
    else:
        print(*found.lines(), sep="\n")
