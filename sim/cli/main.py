"""The command line `tiangong`: each command parses, calls one function of the simulator, and prints.

Nothing heavy is imported up here, so that --help answers at once; tests/test_cli.py holds that.
"""

from __future__ import annotations

import json
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Optional

import typer

from sim import __version__
from sim.cli.bench import PASS_ON, bench
from sim.cli.conventions import (
    MISSION_FAILED,
    BadInput,
    MissionFailed,
    end_when_asked,
    progress,
    reporting_errors,
    say_json,
)
from sim.cli.docking_windows import docking_windows
from sim.cli.montecarlo import campaigns, check_campaign, is_campaign
from sim.cli.verify import verify
from sim.cli.windows import windows

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 2 bad input, 3 mission failed or broke a rule, 4 environment or data, 130 interrupted.",
)

File = Annotated[str, typer.Argument(metavar="FILE", help="A mission file, or the name of one that `list` shows.")]
Either = Annotated[str, typer.Argument(metavar="FILE", help="A mission or orbit file, or a name that `list` shows.")]
Sets = Annotated[
    Optional[list[str]],  # noqa: UP007, UP045  (older versions of typer know no other spelling)
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key, as launch.perigee_km=205.0; KEY= takes it out."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go; must not exist yet.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
Force = Annotated[bool, typer.Option("--force", help="Replace DIR if it holds results of an earlier run.")]


def _version(asked: bool) -> None:
    if asked:
        print(f"tiangong {__version__}")
        raise typer.Exit()


@app.callback()
def _tiangong(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Fly a Tiangong crew rotation, pad to landing, from one scenario file."""


@app.command()
@reporting_errors
def run(
    file: File, out: Out, sets: Sets = None, as_json: Json = False, quiet: Quiet = False, force: Force = False
) -> None:
    """Fly a mission and write its report, pictures, events and ephemerides into DIR.

    DIR appears whole or not at all: a mission that fails in flight leaves nothing but `phase: reason` on stderr and
    exit code 3. One that flies to its end but breaks a flight rule keeps its results; the rules broken are named on
    stderr and the exit code is 3 as well.
    """
    from sim.files.output_directory import whole
    from sim.output.summary import broken_rules, flight_dict, flight_lines
    from sim.scenario import load

    began = time.perf_counter()
    scenario = load(file, sets or ())
    _warn(scenario)
    with whole(out, force) as directory, progress(quiet) as tick:
        flight = _fly_and_write(scenario, directory, tick, began)
    seconds = time.perf_counter() - began
    if as_json:
        say_json("run", flight_dict(flight, out, seconds))
    else:
        print(*flight_lines(flight), f"flown and written in {seconds:.1f} s", out / "report.html", sep="\n")
    if broken := broken_rules(flight):
        print(*broken, sep="\n", file=sys.stderr)
        raise typer.Exit(MISSION_FAILED)


def _warn(scenario) -> None:
    for warning in scenario.warnings:
        print(f"warning: {warning}", file=sys.stderr)


def _fly_and_write(scenario, directory: Path, tick, began: float):
    """Build, fly and write into an existing directory; returns the flight, or raises MissionFailed."""
    from sim.build.mission import build
    from sim.core.flight import Failure
    from sim.mission import fly
    from sim.output.run import write

    try:
        mission = build(scenario)
        built = time.perf_counter()
        flight = fly(mission, tick)
    except Failure as failure:
        raise MissionFailed("before the flight", str(failure)) from None
    if leg := flight.failed:
        raise MissionFailed(leg.phase, leg.reason)
    tick("writing", 1.0)
    timings = {"load_and_build": built - began, "fly": time.perf_counter() - built}
    write(flight, scenario, mission.world, directory, timings)
    return flight


@app.command()
@reporting_errors
def propagate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An orbit file, or the name of one that `list` shows.")],
    out: Out,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Propagate an orbit and write its ephemeris, events and ground track into DIR.

    DIR appears whole or not at all. An orbit that ends before its span does leaves nothing but the reason on stderr
    and exit code 3.
    """
    from sim.build.orbit import load_orbit
    from sim.files.output_directory import whole

    began = time.perf_counter()
    scenario = load_orbit(file, sets or ())
    _warn(scenario)
    with whole(out, force) as directory, progress(quiet) as tick:
        from sim.core.flight import Failure
        from sim.environment.gravity import GravityFileError
        from sim.output.orbit import fly_and_write, outcome, outcome_lines

        try:
            flown = fly_and_write(scenario, directory, tick, began)
        except GravityFileError as error:
            raise BadInput(str(error)) from None
        except Failure as failure:
            raise MissionFailed("propagation", str(failure)) from None
    if as_json:
        say_json("propagate", outcome(flown, out))
    else:
        print(*outcome_lines(flown), out / "ephemeris.csv", sep="\n")


@app.command()
@reporting_errors
def check(file: Either, sets: Sets = None, as_json: Json = False) -> None:
    """Read a mission, an orbit or a campaign file and all that it names, and list every problem at once."""
    if is_campaign(file):
        return check_campaign(file, sets or (), as_json)
    from sim.cli.check import checked_file

    checked = checked_file(file, sets or ())
    _warn(checked)
    if as_json:
        say_json("check", checked.content)
    else:
        print(f"{file}: all right", *checked.lines, sep="\n")


@app.command()
@reporting_errors
def plot(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[NAME]...", help="Pictures; none: all.")] = None,  # noqa: UP007, UP045
    as_json: Json = False,
) -> None:
    """Draw the pictures of a run again, from what is stored in its directory."""
    from sim.files.output_directory import is_ours

    if not is_ours(directory) or not (directory / "flight.json").is_file():
        raise BadInput(f"{directory} holds no results of a run; name the --out directory of `tiangong run`")
    from sim.output.run import redraw
    from sim.plots import PICTURES

    if unknown := [name for name in names or () if name not in PICTURES]:
        raise BadInput(f"no picture is called {', '.join(unknown)}; there are {', '.join(PICTURES)}")
    written = redraw(directory, names or ())
    drawn = {path.stem for path in written}
    if left_out := [name for name in names or () if name.replace("-", "_") not in drawn]:
        raise BadInput(f"{directory} holds no flight of the phases that {', '.join(left_out)} would show")
    if as_json:
        say_json("plot", {"status": "done", "files": [str(path) for path in written]})
    else:
        print(*written, sep="\n")


@app.command()
@reporting_errors
def facts(
    name: Annotated[Optional[list[str]], typer.Argument(metavar="[NAME]", help="A fact, or words to look for.")] = None,  # noqa: UP007, UP045
    as_json: Json = False,
) -> None:
    """List the facts that every run grows from, or explain one: its value, source, and what disagrees."""
    from dataclasses import asdict

    from sim.catalogue import facts as seeds

    text = " ".join(name or ())
    known = seeds.facts()
    found = [known[text]] if text in known else seeds.search(text)
    if not found:
        try:
            seeds.fact(text)
        except seeds.UnknownName as error:
            raise BadInput(f"{error}, and no fact holds these words") from None
    if as_json:
        say_json("facts", {"status": "done", "facts": [asdict(f) for f in found]})
    else:
        print(*(seeds.explain(known[text]) if text in known else found), sep="\n")


@app.command("list")
@reporting_errors
def list_(as_json: Json = False) -> None:
    """List the missions, vehicles, sites, worlds, orbits, campaigns and so on that come with the program."""
    from sim.catalogue.listing import listing, listing_lines

    if as_json:
        say_json("list", {"status": "done", **listing()})
    else:
        print(*listing_lines(), sep="\n")


@app.command()
@reporting_errors
def schema(
    kind: Annotated[str, typer.Argument(help="mission, sequence, orbit, campaign or docking_rules.")] = "mission",
) -> None:
    """Print the JSON schema of one kind of file, for an editor that completes and checks."""
    from sim.scenario.schema import SCHEMAS

    if kind not in SCHEMAS:
        raise BadInput(f"no schema is called '{kind}'; there are {', '.join(SCHEMAS)}")
    print(json.dumps(SCHEMAS[kind](), indent=1))


app.command(context_settings=PASS_ON)(reporting_errors(bench))
app.command()(reporting_errors(windows))
app.command("docking-windows")(reporting_errors(docking_windows))
app.command()(reporting_errors(verify))
app.add_typer(campaigns, name="montecarlo")


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a name shows a question mark
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    end_when_asked()  # by a time limit, a shutdown
    app()


if __name__ == "__main__":
    main()
