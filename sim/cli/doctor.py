"""The command `doctor`: what is installed, and what is wrong with it."""

from __future__ import annotations

import typer

from sim.cli.conventions import ENVIRONMENT, say_json
from sim.cli.options import Json


def doctor(as_json: Json = False) -> None:
    """Show what is installed, how old the data are, whether compiled code is kept, and what is wrong.

    Each line begins with `ok`, `note` (it works, but look at it) or `wrong` (it would stop a flight), and ends in what
    to do about it. Nothing is compiled or flown. The exit code is 0, or 4 where something is wrong.
    """
    from sim.api.doctor import doctor as look

    found = look()
    if as_json:
        say_json("doctor", {"status": "healthy" if found.healthy else "wrong"} | found.content())
    else:
        print(*found.findings, sep="\n")
    if not found.healthy:
        raise typer.Exit(ENVIRONMENT)
