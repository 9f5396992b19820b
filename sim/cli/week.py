"""The command `week`: what the crew does while both ships are docked, planned before the flight."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import progress, say_json, warn
from sim.cli.options import File, Force, Json, Place, Quiet, Sets
from sim.files.output_directory import checked_place


def week(
    file: File,
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="Also write week.json, the chart, day cards, manifest.")
    ] = None,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Plan the week aboard of a mission that names one: who does what when, from what is known before the flight.

    A week that cannot be planned ends with exit code 3 and names the constraints that clash.
    """
    from sim.api import week as planner
    from sim.api.flying import load
    from sim.api.output import Output

    scenario = load(file, sets or ())
    warn(scenario.warnings)
    if out:
        warn(checked_place(out, force))
    with progress(quiet) as tick:
        found = planner.week(scenario, out=Output(out, force) if out else None, progress=tick)
    if as_json:
        say_json("week", found.content() | ({"directory": str(out)} if out else {}))
        return
    print(*found.lines(), sep="\n")
    print(f"planned in {found.seconds:.1f} s", *([out / "week.png", out / "cards"] if out else []), sep="\n")
