"""The command `compile`: machine code of all kernels, before the first flight."""

from __future__ import annotations

import time

import typer

from sim.cli.conventions import ENVIRONMENT, progress, say_json
from sim.cli.options import Json, Quiet


def compile_(as_json: Json = False, quiet: Quiet = False) -> None:
    """Compile the kernels that a rotation calls, once for this machine, with all cores.

    The first flight does it on its own while it begins; this is for an image or a class room, where it shall start at
    once. What is kept already is passed by.
    """
    from kernels.compiling import ahead

    began = time.perf_counter()
    with progress(quiet) as tick:
        made = ahead.compile_all(lambda done, of: tick(f"compiling {done} of {of}, once", done / of))
    seconds, left = time.perf_counter() - began, len(ahead.missing())
    place = str(ahead.folder())
    if as_json:
        say_json("compile", {"status": "done", "compiled": made, "left": left, "folder": place, "seconds": seconds})
    else:
        print(f"{made} kernels compiled in {seconds:.1f} s" if made else "all kernels are compiled", place, sep="\n")
    if left:
        raise typer.Exit(ENVIRONMENT)
