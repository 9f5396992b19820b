"""The command `verify`: tables that compare the program with the record."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, say_json

KEYS = {"lift-offs": "lift_offs"}  # of --json, where it is not the table's own name


def verify(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE",
            help="lift-offs: real ones against the plane alone. flights: each predicted from what was known before it, "
            "with 95 % intervals. landings: each predicted from what was known a day before. dockings: against the "
            "docking rules. "
            "failures: failures on the approach, and how it ends. "
            "decay: forecasts of the station's decay against SGP4 on element sets kept aside, and raises found. "
            "suborbital: flights of a rocket plane, calibrated on two. "
            "moon: Chang'e-6 and ICUBE-Q, from departure to their orbits, and lifetimes by plane.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Print a table of predictions against the record; exit code 3 where one misses its limit.

    Of the landings the opportunity that was flown has to be open, and within 3 min where the element set is fresh. Of
    the flights' forecasts nine of ten have to lie in their intervals. A docking has no limit to miss: the table
    shows which of the rules, which are assumed, it broke. A failure has to end in capture, perhaps after one retry, or
    in a retreat that stays out of the keep-out sphere. Decay has to have less error (median, rms) than SGP4 at each
    age, 90 to 98 % of the truth in its intervals, and every raise of the record has to be found. Chang'e-6's
    flight has to take the published time to an hour and to meet its perilune to 50 km, and ICUBE-Q's period and heights
    have to be the published ones to 2 %.
    """
    from sim.api.verification import verify as compare

    found = compare(table)
    if as_json:
        say_json("verify", {"status": "done" if found.held else "missed", KEYS.get(table, table): found.rows})
    else:
        print(*found.lines, sep="\n")
    if not found.held:
        raise typer.Exit(MISSION_FAILED)
