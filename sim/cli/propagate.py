"""The command `propagate`: an orbit flown and written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, progress, say_json, warn
from sim.cli.options import Force, Json, Out, Quiet, Sets, shipped_names
from sim.files.output_directory import checked_place

if TYPE_CHECKING:
    from sim.api.output import Output


def propagate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file of an orbit or of a suborbital flight, or the name of one that `list` shows.",
            autocompletion=shipped_names("orbits", "suborbital"),
        ),
    ],
    out: Out,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Propagate an orbit and write its ephemeris, events and ground track into DIR; or fly a suborbital flight.

    DIR appears whole or not at all. Of an orbit that ends in the air or on the ground before its span does it holds
    what was flown before; the reason goes to stderr, and the exit code is 3.
    """
    from sim.api.output import Output
    from sim.api.suborbital import is_suborbital
    from sim.build.orbit import load_orbit

    if is_suborbital(file):
        _suborbital(file, Output(out, force), sets or (), as_json)
        return
    scenario = load_orbit(file, sets or ())
    warn(scenario.warnings)
    warn(checked_place(out, force))
    # From here on it is slow: what is wrong with the file has been reported.
    from sim.api.propagation import PropagationEnded
    from sim.api.propagation import propagate as fly_and_write
    from sim.output.orbit_outcome import outcome, outcome_lines

    ended = None
    try:
        with progress(quiet) as tick:
            flown = fly_and_write(scenario, Output(out, force), progress=tick).result
    except PropagationEnded as error:
        ended, flown = error, error.flown.result
    assert flown is not None  # since it was written
    if as_json:
        say_json("propagate", outcome(flown, out))
    elif ended is None:
        print(*outcome_lines(flown), out / "ephemeris.csv", sep="\n")
    if ended is not None:
        print(ended, file=sys.stderr)
        raise typer.Exit(MISSION_FAILED)


def _suborbital(file: str, out: Output, sets: list[str] | tuple[str, ...], as_json: bool) -> None:
    """A flight that does not come into an orbit."""
    from sim.api.suborbital import suborbital
    from sim.output.suborbital import FILES

    flight = suborbital(file, out, overrides=sets)
    if as_json:
        files = {name: str(out.directory / name) for name in FILES}
        say_json("propagate", {"status": "done", **flight.content, "files": files})
    else:
        print(*flight.lines, out.directory / "suborbital.json", sep="\n")
