"""The command `run`: a mission flown and written."""

from __future__ import annotations

import shlex
import sys
import time
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, progress, say_json, warn
from sim.cli.options import Flight, Force, Intervals, Json, Out, Pictures, Quiet, Sets, shipped_names
from sim.files.output_directory import checked_place


def run(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission or programme file, or a name that `list` shows.",
            autocompletion=shipped_names("missions", "rotations"),
        ),
    ],
    out: Out,
    sets: Sets = None,
    flight: Flight = None,
    pictures: Pictures = "all",
    intervals: Intervals = 0,
    as_json: Json = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Fly a mission and write its report, pictures, events and ephemerides into DIR.

    DIR appears whole or not at all: a mission that fails in flight leaves nothing but `phase: reason` on stderr and
    exit code 3. One that flies to its end but breaks a flight rule keeps its results; the rules broken are named on
    stderr and the exit code is 3 as well.

    Of a programme one flight is flown, `--flight SHIP`: from who is docked and aboard on that day.
    """
    from sim.api.flying import load
    from sim.api.flying import run as fly_and_write
    from sim.api.output import Output
    from sim.campaign.words import refuse_without_uncertainty
    from sim.core.counts import checked_flights
    from sim.export.pictures import chosen, missing

    began = time.perf_counter()
    left_out = missing(chosen(pictures, "--pictures"))
    checked_flights(intervals)
    scenario = load(file, sets or (), flight=flight)
    if intervals:
        refuse_without_uncertainty(scenario)
    warn(scenario.warnings)
    warn(checked_place(out, force))
    # From here on it is slow: all problems of the file have been reported.
    from sim.output.summary import broken_rules, flight_dict, flight_lines

    with progress(quiet) as tick:
        flown = fly_and_write(
            scenario, Output(out, force), progress=tick, pictures=pictures, intervals=intervals
        ).flight
    seconds = time.perf_counter() - began
    if as_json:
        say_json("run", flight_dict(flown, out, seconds))
    else:
        print(*flight_lines(flown), f"flown and written in {seconds:.1f} s", out / "report.html", sep="\n")
        if left_out:
            print(f"pictures left out: {len(left_out)}; tiangong plot {shlex.quote(str(out))} draws them")
    if broken := broken_rules(flown):
        print(*broken, sep="\n", file=sys.stderr)
        raise typer.Exit(MISSION_FAILED)
