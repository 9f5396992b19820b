"""The command `verify`: tables that compare the program with the record."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, BadInput, say_json

TABLES = ("lift-offs", "dockings", "failures")


def verify(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE",
            help="lift-offs: real ones against the plane alone. dockings: against the docking rules. "
            "failures: failures on the approach, and how it ends.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Print a table of predictions against the record; exit code 3 where one misses its limit.

    A docking has no limit to miss: the table shows which of the rules, which are assumed, it broke. A failure has to
    end in capture, perhaps after one retry, or in a retreat that stays out of the keep-out sphere.
    """
    if table not in TABLES:
        raise BadInput(f"no table is called '{table}'; there are {', '.join(TABLES)}")
    if table == "dockings":
        return _dockings(as_json)
    if table == "failures":
        return _failures(as_json)
    from sim.verification import launches as record

    rows = record.rows()
    if as_json:
        say_json("verify", {"status": "done" if all(r["held"] for r in rows) else "missed", "lift_offs": rows})
    else:
        print(*record.lines(rows), sep="\n")
    if not all(row["held"] for row in rows):
        raise typer.Exit(MISSION_FAILED)


def _dockings(as_json: bool) -> None:
    from sim.verification import dockings as record

    rows = record.rows()
    if as_json:
        say_json("verify", {"status": "done", "dockings": rows})
    else:
        print(*record.lines(rows), sep="\n")


def _failures(as_json: bool) -> None:
    from sim.build.mission import build
    from sim.scenario import load
    from sim.verification import docking_failures as failures

    rows = failures.rows(build(load("shenzhou-20")))
    held = all(row["held"] for row in rows)
    if as_json:
        say_json("verify", {"status": "done" if held else "missed", "failures": rows})
    else:
        print(*failures.lines(rows), sep="\n")
    if not held:
        raise typer.Exit(MISSION_FAILED)
