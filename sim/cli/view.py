"""The command `view`: the page of a run in three dimensions again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import say_json
from sim.cli.options import Json, Place


def view(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    out: Annotated[Place, typer.Option("--out", metavar="FILE", help="Where to; without it DIR/view.html.")] = None,
    as_json: Json = False,
) -> None:
    """Write view.html again, the flight in three dimensions, from what is stored in the directory of a run."""
    from sim.api.catalogue import view as rewrite

    written = rewrite(directory, out)
    if as_json:
        say_json("view", {"status": "done", "files": [str(written)]})
    else:
        print(written)
