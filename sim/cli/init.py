"""The command `init`: a file of one's own to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, shipped_names


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, as my-mission.toml.")],
    name: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="The shipped file to start from; see `list`.",
            autocompletion=shipped_names("missions", "orbits", "vehicles", "profiles", "sites", "campaigns"),
        ),
    ],
    kind: Annotated[
        str,
        typer.Option("--kind", metavar="KIND", help="Where several files have that name: station, docking_rules ..."),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write a shipped file with what every key means as a comment: a mission, an orbit, a ship, rules and so on."""
    from sim.api.catalogue import start_file

    start_file(name, file, kind=kind, force=force)
    if as_json:
        say_json("init", {"status": "done", "from": name, "file": str(file)})
    else:
        print(file)
