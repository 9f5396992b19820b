"""The command `plot`: the pictures of a run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, Many


def plot(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    names: Annotated[Many, typer.Argument(metavar="[NAME]...", help="Pictures; none: all.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="png|svg", help="Pixels, or lines and texts.")] = "png",
    as_json: Json = False,
) -> None:
    """Draw the pictures of a run again, from what is stored in its directory: as PNG for slides, or as SVG."""
    from sim.api.catalogue import plot as redraw

    written = redraw(directory, names or (), form)
    if as_json:
        say_json("plot", {"status": "done", "files": [str(path) for path in written]})
    else:
        print(*written, sep="\n")
