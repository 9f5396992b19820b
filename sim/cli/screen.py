"""The command `screen`: which objects of a catalogue come near the craft of a file, when, and how near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import options_named, progress, say_json, warn
from sim.cli.options import (
    CATALOGUE,
    OF_SCREENING,
    Begin,
    Days,
    Force,
    Many,
    Place,
    Quiet,
    Raises,
    SetIndex,
    SetNumber,
    Skip,
    shipped_names,
    with_options,
)
from sim.files.output_directory import checked_place

NAMES = {**OF_SCREENING, "raises": "--raises"}


@dataclass(frozen=True)
class ScreenOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission, an orbit, a programme, an element set, a TLE, OMM or OEM file, or the directory of a "
            "finished flight.",
            autocompletion=shipped_names("missions", "orbits"),
        ),
    ]
    catalog: Annotated[str, CATALOGUE]
    start: Begin = None
    days: Days = None
    within: Annotated[float, typer.Option("--within", metavar="KM", help="Approaches below this range.")] = 20.0
    radius: Annotated[float, typer.Option("--radius", metavar="M", help="Sum of both radii, for Pc.")] = 40.0
    skip: Skip = None
    raises: Raises = None
    elements_index: SetIndex = None
    elements_number: SetNumber = None
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file.")] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and manifest.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `craft`, `catalogue`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(ScreenOptions)
def screen(given: ScreenOptions) -> None:
    """Screen every craft of a file against a catalogue: each closest approach below a range, with miss, relative speed,
    ages of both sets and probability of collision by a stated covariance.

    A mission is flown first and screened from its launch phase to landing. Of a programme the station is screened, on
    the raises of --raises where given, and each ship that flies by itself in the span, by its mission.
    """
    from sim.api.output import Output
    from sim.api.screen import Near
    from sim.api.screen import screen as find
    from sim.api.time_span import ElementFile

    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        found = find(
            ElementFile(given.file, given.elements_index, given.elements_number),
            given.catalog,
            given.start,
            given.days,
            raises=given.raises,
            near=Near(given.within, given.radius, tuple(given.skip or ())),
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("screen", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
