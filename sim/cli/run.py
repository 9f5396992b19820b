"""The command `run`: a mission flown and written."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from sim.api.flight_result import FlightResult
    from sim.core.flight import Flight as Flown
    from sim.scenario import Scenario


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
    follow: Annotated[
        bool, typer.Option("--follow", help="Show phases, craft and events in the terminal as they are computed.")
    ] = False
    follow_browser: Annotated[
        bool, typer.Option("--follow-browser", help="The same, and in a page that the browser opens.")
    ] = False
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

    flown = _flown(asked, scenario, fly_and_write)
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


def _flown(asked: RunOptions, scenario: Scenario, fly_and_write: Callable[..., FlightResult]) -> Flown:
    """The flight, with its progress in a bar, or shown as `--follow` asks."""
    from sim.api.output import Output

    where = Output(asked.out, asked.force)
    how: dict[str, Any] = {"pictures": asked.pictures, "intervals": asked.intervals}
    if not (asked.follow or asked.follow_browser):
        with progress(asked.quiet) as tick:
            return fly_and_write(scenario, where, progress=tick, **how).flight
    from sim.cli.follow import following

    with following(scenario.name, scenario.station.name, asked.out, asked.follow_browser) as follower:
        return fly_and_write(scenario, where, progress=follower.tick, watch=follower.after_leg, **how).flight
