"""The command `run`: a mission flown and written."""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, progress, say_json, warn
from sim.cli.options import (
    Flight,
    Force,
    Intervals,
    Json,
    Language,
    Out,
    Pictures,
    Quiet,
    Sets,
    shipped_names,
    with_options,
)
from sim.files.output_directory import checked_place


@dataclass(frozen=True)
class RunOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission or programme file, or a name that `list` shows.",
            autocompletion=shipped_names("missions", "rotations"),
        ),
    ]
    out: Out
    sets: Sets = None
    flight: Flight = None
    pictures: Pictures = "all"
    intervals: Intervals = 0
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the flight in plain words instead of the short lines.")
    ] = False
    language: Language = "en"
    as_json: Json = False
    quiet: Quiet = False
    force: Force = False


@with_options(RunOptions)
def run(asked: RunOptions) -> None:
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

    began, out = time.perf_counter(), asked.out
    left_out = missing(chosen(asked.pictures, "--pictures"))
    checked_flights(asked.intervals)
    if asked.explain or asked.language != "en":
        _checked_language(asked)
    scenario = load(asked.file, asked.sets or (), flight=asked.flight)
    if asked.intervals:
        refuse_without_uncertainty(scenario)
    warn(scenario.warnings)
    warn(checked_place(out, asked.force))
    # From here on it is slow: all problems of the file have been reported.
    from sim.output.summary import broken_rules, flight_dict, flight_lines

    with progress(asked.quiet) as tick:
        where = Output(out, asked.force)
        flown = fly_and_write(scenario, where, progress=tick, pictures=asked.pictures, intervals=asked.intervals).flight
    seconds = time.perf_counter() - began
    if asked.as_json:
        say_json("run", flight_dict(flown, out, seconds) | _explained(asked))
    else:
        print(*(_plain_lines(out, asked.language) if asked.explain else flight_lines(flown)), sep="\n")
        print(f"flown and written in {seconds:.1f} s", out / "report.html", sep="\n")
        if left_out:
            print(f"pictures left out: {len(left_out)}; tiangong plot {shlex.quote(str(out))} draws them")
    if broken := broken_rules(flown):
        print(*broken, sep="\n", file=sys.stderr)
        raise typer.Exit(MISSION_FAILED)


def _checked_language(asked: RunOptions) -> None:
    """BadInput, before anything is flown, for a language that is not there or that nothing would be printed in."""
    from sim.files.errors import BadInput
    from sim.report.plain_words.words import words

    words(asked.language)
    if not asked.explain:
        raise BadInput(f"--language: found '{asked.language}' without --explain; write --explain beside it")


def _plain_lines(out: Path, language: str) -> list[str]:
    from sim.api.plain_words import explain

    return [*explain(out, language).lines(), ""]


def _explained(asked: RunOptions) -> dict:
    """The key of `--json` for the plain words, where they are asked for."""
    from sim.api.plain_words import explain

    return {"plain_words": explain(asked.out, asked.language).content()} if asked.explain else {}
