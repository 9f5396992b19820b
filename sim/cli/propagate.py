"""The command `propagate`: an orbit flown and written."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.conventions import progress, say_json, warn
from sim.cli.options import Force, Json, Out, Quiet, Sets
from sim.files.output_directory import link_warnings


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
    from sim.api.output import Output
    from sim.build.orbit import load_orbit

    scenario = load_orbit(file, sets or ())
    warn(scenario.warnings)
    warn(link_warnings(out))
    # From here on it is slow: what is wrong with the file has been reported.
    from sim.api.propagation import propagate as fly_and_write
    from sim.output.orbit import outcome, outcome_lines

    with progress(quiet) as tick:
        flown = fly_and_write(scenario, Output(out, force), progress=tick).result
    assert flown is not None  # since it was written
    if as_json:
        say_json("propagate", outcome(flown, out))
    else:
        print(*outcome_lines(flown), out / "ephemeris.csv", sep="\n")
