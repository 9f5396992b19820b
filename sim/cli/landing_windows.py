"""The command `landing-windows`: when the ship may come home, where to, and what refuses the other opportunities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import progress, say_json, warn
from sim.cli.options import Amount, File, Force, Many, Place, Quiet, Text, with_options
from sim.files.output_directory import checked_place


@dataclass(frozen=True)
class LandingWindowsOptions:
    """What the command line says."""

    file: File
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-10-01.")] = None
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days (with --from: 30).")] = None
    site: Annotated[
        Many,
        typer.Option(
            "--site",
            metavar="NAME",
            help="A landing site, or LAT,LON,HEIGHT_M, in place of those of mission and rules.",
        ),
    ] = None
    rules: Annotated[
        Text, typer.Option("--rules", metavar="FILE", help="Landing rules: a file, or a name that `list` shows.")
    ] = None
    sets: Annotated[
        Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key; landing_rules.KEY for one of the rules.")
    ] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, table, charts, manifest.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `rules`, `opportunities`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(LandingWindowsOptions)
def landing_windows(given: LandingWindowsOptions) -> None:
    """List every landing opportunity of a mission's returning ship, open or refused, with the numbers of every rule.

    A mission whose ship does not come home is refused with exit code 2.
    """
    from sim.api import planning, time_span
    from sim.api.output import Output

    start = time_span.date(given.start, "--from")
    days = time_span.days(given.days, "--days")
    if given.out:
        warn(checked_place(given.out, given.force))
    with progress(given.quiet) as tick:
        found = planning.landing_windows(
            given.file,
            start,
            days,
            sites=given.site or (),
            rules=given.rules,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("landing-windows", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
