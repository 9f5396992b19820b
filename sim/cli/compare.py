"""The command `compare`: two finished flights side by side, or one beside its record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, say_json, warn
from sim.cli.options import Force, Json, Place
from sim.files.errors import BadInput
from sim.files.output_directory import checked_place


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    second: Annotated[Place, typer.Argument(metavar="[DIR]", help="The results of another run.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="One flight beside the record that its mission carries.")
    ] = False,
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="Also write compare.json, the text and pictures.")
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 3 where the flights are not equal, for scripts.")
    ] = False,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Compare two finished flights, and name the first difference in time: a burn, an event, a rule, a history.

    Both may be of different scenarios, or of one scenario and two versions of the program. Equal flights are equal to
    the last bit. The exit code is 0 whether they are equal or not, as for a question that was answered; with
    --exit-code it is 3 where they are not.
    """
    from sim.api.comparison import compare as side_by_side
    from sim.api.comparison import compare_record
    from sim.api.output import Output

    if record:
        _refuse_beside_record(second, out)
        beside = compare_record(first)
        if as_json:
            say_json("compare", {"status": "done", **beside.content()})
        else:
            print(*beside.lines(), sep="\n")
        return
    if second is None:
        raise BadInput("compare: found one directory; write a second one, or --record for the record of its mission")
    if out is not None:
        warn(checked_place(out, force))
    found = side_by_side(first, second)
    pictures = found.write(Output(out, force)) if out is not None else []
    if as_json:
        say_json("compare", found.content() | ({"directory": str(out)} if out else {}))
    else:
        print(*found.lines(), *pictures, sep="\n")
    if exit_code and not found.equal:
        print(f"not equal: {found.first_difference}", file=sys.stderr)
        raise typer.Exit(MISSION_FAILED)


def _refuse_beside_record(second: Path | None, out: Path | None) -> None:
    if second is not None:
        raise BadInput(f"--record: found a second directory, {second}; write one directory beside --record")
    if out is not None:
        raise BadInput(f"--out: found {out} beside --record, which has no pictures; write --json for a file")
