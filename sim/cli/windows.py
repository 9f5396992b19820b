"""The command `windows`: launch windows of a season, judged, with the rocket's margins and the station's trim."""

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
class WindowsOptions:
    """What the command line says."""

    file: File
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-10-01.")] = None
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days (with --from: 30).")] = None
    site: Annotated[
        Text, typer.Option("--site", metavar="SITE", help="A site's name, or LAT,LON,HEIGHT_M in degrees and metres.")
    ] = None
    elements: Annotated[
        Place, typer.Option("--elements", metavar="FILE", help="Another target: a TLE or OMM file.")
    ] = None
    elements_index: SetIndex = None
    elements_number: SetNumber = None
    bias: Annotated[
        Text, typer.Option("--bias", metavar="NAME", help="file, since-2022-11, 2021, or none: the ascent's optimum.")
    ] = None
    no_trim: Annotated[bool, typer.Option("--no-trim", help="Judge the station as it flies.")] = False
    catalog: Annotated[
        Text,
        typer.Option(
            "--catalog", metavar="FILE", help="Close lift-offs that pass near its objects: TLE, or OMM in any form."
        ),
    ] = None
    cola: Annotated[
        float, typer.Option("--cola", metavar="KM", help="With --catalog: the least miss; Pc is at most 1e-5.")
    ] = 5.0
    skip: Annotated[
        list[int] | None,
        typer.Option("--skip", metavar="NUMBER", help="With --catalog: a number to leave out; again for more."),
    ] = None
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file.")] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write table, JSON, chart, manifest.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; the list is its `windows`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(WindowsOptions)
def windows(given: WindowsOptions) -> None:
    """List every launch window of a span of days, by every profile, accepted or rejected and why.

    A site that the station's plane never passes over, and a span without a crossing, end with exit code 3.
    """
    from sim.api import time_span
    from sim.api.output import Output
    from sim.api.planning import LaunchTerms, cola_rule, launch_windows_by

    sets = given.sets or ()
    if given.site and "," in given.site:
        time_span.site(given.site, "--site")
    if given.out:
        warn(checked_place(given.out, given.force))
    with progress(given.quiet) as tick:
        terms = LaunchTerms(
            site=given.site,
            elements=element_file(given.elements, given.elements_index, given.elements_number),
            bias=given.bias,
            trim=not given.no_trim,
            catalogue=given.catalog,
            cola=None if given.catalog is None else cola_rule(given.cola, given.skip or (), "--cola"),
        )
        found = launch_windows_by(
            given.file,
            time_span.date(given.start, "--from"),
            time_span.days(given.days, "--days"),
            terms,
            overrides=sets,
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("windows", found.content())
    else:
        named = [f"launch.site={given.site}"] if given.site and "," not in given.site else []
        print(*found.lines(given.file, [*sets, *named]), *([given.out] if given.out else ()), sep="\n")
