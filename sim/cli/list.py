"""The command `list`: what comes with the program."""

from __future__ import annotations

from sim.cli.conventions import say_json
from sim.cli.options import Json


def list_(as_json: Json = False) -> None:
    """List the missions, vehicles, sites, worlds, orbits, campaigns, rotations and so on that come with the program."""
    from sim.api.catalogue import listing
    from sim.catalogue.listing import listing_lines

    if as_json:
        say_json("list", {"status": "done", **listing()})
    else:
        print(*listing_lines(), sep="\n")
