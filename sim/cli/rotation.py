"""The command `rotation`: the ships, ports, seats and crews of a programme, and the rules that they keep or break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, BadInput, progress, say_json, warn
from sim.cli.options import Force, Json, Place, ProgrammeFile, Quiet, Sets, Text, with_options
from sim.files.output_directory import checked_place


@dataclass(frozen=True)
class RotationOptions:
    """What the command line says."""

    file: ProgrammeFile
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day that is shown, UTC.")] = None
    end: Annotated[Text, typer.Option("--until", metavar="DATE", help="Last day that is shown, UTC.")] = None
    compared: Annotated[bool, typer.Option("--compare", help="The plan beside the alternatives of the file.")] = False
    contingency: Annotated[
        Text,
        typer.Option(
            "--contingency", metavar="WHAT", help="Plans after it instead, as unsafe:shenzhou-20:2025-11-05, ranked."
        ),
    ] = None
    fly: Annotated[bool, typer.Option("--fly", help="Fly the launch, docking and returns of those plans.")] = False
    sets: Sets = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, tables, charts, manifest.")] = (
        None
    )
    as_json: Json = False
    quiet: Quiet = False
    force: Force = False


@with_options(RotationOptions)
def rotation(given: RotationOptions) -> None:
    """Show a station's life over months: who is aboard, which ship takes whom home, what is left of the stocks.

    Every rule is judged: a seat in a docked, healthy ship for everyone, a free port for each arrival, the lives of
    ships, handovers, reserves, the standby launcher, the payload specialist's readiness. A broken rule is named with
    its dates and with what would mend it; the exit code is 3 then.

    With --contingency: what could be done after it, from what was known on that day: the plans with their costs and
    reasons, the best first. The exit code is 3 where even the best breaks a rule that another keeps.
    """
    if given.contingency is not None:
        return _plans(given)
    if given.fly:
        raise BadInput("--fly: found it alone; write --contingency WHAT beside it")
    from sim.api import time_span
    from sim.api.output import Output
    from sim.api.rotation import rotation as judged

    start, end = time_span.date(given.start, "--from"), time_span.date(given.end, "--until")
    if given.out:
        warn(checked_place(given.out, given.force))
    found = judged(
        given.file,
        start,
        end,
        compared=given.compared,
        overrides=given.sets or (),
        out=Output(given.out, given.force) if given.out else None,
    )
    if given.as_json:
        say_json("rotation", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
    if found.broken:
        raise typer.Exit(MISSION_FAILED)


def _plans(given: RotationOptions) -> None:
    """The plans after a contingency, printed."""
    from sim.api.contingencies import contingency_plans

    options = {
        "--from": given.start,
        "--until": given.end,
        "--compare": given.compared,
        "--out": given.out,
        "--force": given.force,
    }
    if other := [name for name, value in options.items() if value]:
        raise BadInput(f"{', '.join(other)}: found beside --contingency; write one of them")
    with progress(given.quiet) as tick:
        found = contingency_plans(
            given.file, given.contingency or "", fly=given.fly, overrides=given.sets or (), progress=tick
        )
    if given.as_json:
        say_json("rotation", found.content())
    else:
        print(*found.lines(), sep="\n")
    if found.broken:
        raise typer.Exit(MISSION_FAILED)
