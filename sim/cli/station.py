"""The command `station`: raises that keep a station's altitude and set the phase of each launch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, options_named, progress, say_json, warn
from sim.cli.options import Force, Json, Place, Quiet, Sets, shipped_names, with_options
from sim.files.output_directory import checked_place

NAMES = {"start": "--from", "end": "--until", "seed": "--fly"}


@dataclass(frozen=True)
class StationOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A programme that says how its station is kept, or a mission of one; or a name.",
            autocompletion=shipped_names("rotations", "missions"),
        ),
    ]
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-03-20.")]
    end: Annotated[str, typer.Option("--until", metavar="DATE", help="Last day, UTC.")]
    seed: Annotated[
        int | None,
        typer.Option("--fly", metavar="SEED", help="Also carry it out in truth, drawn by this number, planning anew."),
    ] = None
    sets: Sets = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV, picture, manifest.")] = None
    as_json: Json = False
    quiet: Quiet = False
    force: Force = False


@with_options(StationOptions)
def station(given: StationOptions) -> None:
    """Plan the raises of a station: by which craft, when and how large, in one burn or two, with least propellant.

    They keep the band of altitude, set the phase for each launch of the programme, and avoid quiet weeks, crew sleep,
    spacewalks and dockings. Each is flown as finite burns in the full model; the propellant is compared with a lower
    bound, and every rule is judged on the flown path.

    The exit code is 3 where no plan keeps all limits, or where the flight breaks one; the reason has the numbers.
    """
    from sim.api.output import Output
    from sim.api.station import station as plan

    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        found = plan(
            given.file,
            given.start,
            given.end,
            seed=given.seed,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("station", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
    if found.broken:
        raise typer.Exit(MISSION_FAILED)
