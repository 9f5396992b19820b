"""The command `check`: a file read, and every problem of it listed."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import say_json, warn
from sim.cli.options import Json, Sets, shipped_names


def check(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission, orbit, campaign or programme file, or a name that `list` shows.",
            autocompletion=shipped_names("missions", "orbits", "campaigns", "rotations"),
        ),
    ],
    sets: Sets = None,
    as_json: Json = False,
) -> None:
    """Read a mission, orbit, campaign or programme file and all that it names, and list every problem at once."""
    from sim.api.checking import check as read

    checked = read(file, sets or ())
    warn(checked.warnings)
    if as_json:
        say_json("check", checked.content)
    else:
        print(f"{file}: all right", *checked.lines, sep="\n")
