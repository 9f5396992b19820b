"""The verb `verify`: tables that hold the program against the record."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.manners import MISSION_FAILED, BadInput, say_json

TABLES = ("lift-offs", "dockings")


def verify(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE", help="lift-offs: real ones against the plane alone. dockings: against the docking rules."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Print a table of predictions against the record; exit code 3 where one misses its limit.

    A docking has no limit to miss: the table tells which of the rules, which are assumed, it broke.
    """
    if table not in TABLES:
        raise BadInput(f"no table is called '{table}'; there are {', '.join(TABLES)}")
    if table == "dockings":
        return _dockings(as_json)
    from sim.windows import record

    rows = record.rows()
    if as_json:
        say_json("verify", {"status": "done" if all(r["held"] for r in rows) else "missed", "lift_offs": rows})
    else:
        print(*record.lines(rows), sep="\n")
    if not all(row["held"] for row in rows):
        raise typer.Exit(MISSION_FAILED)


def _dockings(as_json: bool) -> None:
    from sim.docking_windows import record

    rows = record.rows()
    if as_json:
        say_json("verify", {"status": "done", "dockings": rows})
    else:
        print(*record.lines(rows), sep="\n")
