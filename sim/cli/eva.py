"""The command `eva`: spacewalks of the record judged, when a crew may go out, and a plan for its stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, options_named, progress, say_json, warn
from sim.cli.options import Force, Json, Many, Place, ProgrammeFile, Quiet, Raises, Text, shipped_names, with_options
from sim.files.output_directory import checked_place

NAMES = {
    "start": "--from",
    "end": "--until",
    "ship": "--ship",
    "count": "--plan",
    "rules": "--rules",
    "raises": "--raises",
    "overrides": "--set",
}


@dataclass(frozen=True)
class EvaOptions:
    """What the command line says."""

    file: ProgrammeFile
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-11-12.")] = None
    end: Annotated[Text, typer.Option("--until", metavar="DATE", help="Last day, UTC.")] = None
    ship: Annotated[
        Text, typer.Option("--ship", metavar="SHIP", help="Whose crew goes out, as shenzhou-24: windows of its stay.")
    ] = None
    count: Annotated[int, typer.Option("--plan", metavar="N", help="Plan N spacewalks, and judge them as flown.")] = 0
    raises: Raises = None
    rules: Annotated[
        str,
        typer.Option(
            "--rules",
            metavar="FILE",
            help="Spacewalk rules, or the name of some.",
            autocompletion=shipped_names("spacewalk_rules"),
        ),
    ] = "tiangong"
    sets: Annotated[
        Many,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key; spacewalk_rules.KEY for one of the rules."),
    ] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, tables, manifest.")] = None
    as_json: Json = False
    quiet: Quiet = False
    force: Force = False


@with_options(EvaOptions)
def eva(given: EvaOptions) -> None:
    """Judge the spacewalks of a programme by the rules of daylight, relay satellites, radiation, the angle of the Sun,
    the day of the crew, and the distance from other work; list when a crew may go out; plan some.

    The record's are judged by the element set that is nearest in time: `possible`, or which rule was broken. A plan is
    made from what is known at --from, and judged again on trajectories in other air, by other code. The exit code is 3
    where fewer are planned than asked for, or one breaks a rule there.
    """
    from sim.api.output import Output
    from sim.api.spacewalks import spacewalks

    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        found = spacewalks(
            given.file,
            given.start,
            given.end,
            ship=given.ship,
            count=given.count,
            rules=given.rules,
            raises=given.raises,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    if given.as_json:
        say_json("eva", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
    if not found.sound:
        raise typer.Exit(MISSION_FAILED)
