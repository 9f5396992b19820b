"""The command `docking-windows`: when the ship may dock, what closes each window, and what another time would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import progress, say_json, warn
from sim.cli.options import (
    Amount,
    File,
    Force,
    Many,
    Place,
    Quiet,
    SetIndex,
    SetNumber,
    Text,
    element_file,
    with_options,
)
from sim.files.output_directory import checked_place


@dataclass(frozen=True)
class DockingWindowsOptions:
    """What the command line says."""

    file: File
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-10-01.")] = None
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days (with --from: 30).")] = None
    at: Annotated[
        Text, typer.Option("--at", metavar="UTC", help="A contact then: what holds, and what would have to be relaxed.")
    ] = None
    rules: Annotated[
        str, typer.Option("--rules", metavar="FILE", help="Docking rules: a file, or a name that `list` shows.")
    ] = "tiangong"
    elements: Annotated[
        Place, typer.Option("--elements", metavar="FILE", help="Another target: a TLE or OMM file.")
    ] = None
    elements_index: SetIndex = None
    elements_number: SetNumber = None
    no_trim: Annotated[bool, typer.Option("--no-trim", help="Take the station as it flies.")] = False
    sets: Annotated[
        Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key; docking_rules.KEY for one of the rules.")
    ] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, tables, charts, manifest.")] = (
        None
    )
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `constraints`, `open`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(DockingWindowsOptions)
def docking_windows(given: DockingWindowsOptions) -> None:
    """Find when the ship may dock: where every hard rule holds, what opens and closes it, and how the soft ones stand.

    A launch site that the station's plane never passes over ends with exit code 3.
    """
    from sim.api import planning, time_span
    from sim.api.output import Output

    start = time_span.date(given.start, "--from")
    days = time_span.days(given.days, "--days")
    at = time_span.date(given.at, "--at")
    time_span.contact_span(start, days, at, ("--at", "--from", "--days"))
    if given.out:
        warn(checked_place(given.out, given.force))
    with progress(given.quiet) as tick:
        found = planning.docking_windows(
            given.file,
            start,
            days,
            at=at,
            rules=given.rules,
            elements=element_file(given.elements, given.elements_index, given.elements_number),
            trim=not given.no_trim,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("docking-windows", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
