"""The command `tiangong`: each subcommand parses, calls one function of the simulator, and prints.

Nothing heavy is imported up here, so that --help answers at once; tests/test_cli.py holds that.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from sim import __version__
from sim.cli import streams
from sim.cli.avoid import avoid
from sim.cli.bench import PASS_ON, bench
from sim.cli.check import check
from sim.cli.compare import compare
from sim.cli.compile import compile_
from sim.cli.conjunction import conjunction
from sim.cli.conventions import ENVIRONMENT, end_when_asked, reporting_errors, warn
from sim.cli.debris import debris
from sim.cli.docking_windows import docking_windows
from sim.cli.doctor import doctor
from sim.cli.eva import eva
from sim.cli.explain import explain
from sim.cli.export import export
from sim.cli.facts import facts
from sim.cli.init import init
from sim.cli.landing_windows import landing_windows
from sim.cli.list import list_
from sim.cli.man import man
from sim.cli.montecarlo import campaigns
from sim.cli.passes import passes
from sim.cli.plot import plot
from sim.cli.propagate import propagate
from sim.cli.rotation import rotation
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.screen import screen
from sim.cli.station import station
from sim.cli.taught import Teaching
from sim.cli.variables import without_unusable
from sim.cli.verify import verify
from sim.cli.view import view
from sim.cli.week import week
from sim.cli.windows import windows

app = Teaching(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 2 bad input, 3 mission failed or broke a rule, 4 environment or data, 130 interrupted.",
)


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


for command in (run, propagate, check, plot, view, facts):
    app.command()(reporting_errors(command))
app.command()(reporting_errors(export))
app.command("list")(reporting_errors(list_))
app.command()(reporting_errors(schema))
app.command()(reporting_errors(init))
app.command()(reporting_errors(man))
app.command("compile")(reporting_errors(compile_))
app.command(context_settings=PASS_ON)(reporting_errors(bench))
app.command()(reporting_errors(windows))
app.command("docking-windows")(reporting_errors(docking_windows))
app.command("landing-windows")(reporting_errors(landing_windows))
app.command()(reporting_errors(rotation))
app.command()(reporting_errors(passes))
app.command()(reporting_errors(conjunction))
app.command()(reporting_errors(screen))
app.command()(reporting_errors(avoid))
app.command()(reporting_errors(station))
app.command()(reporting_errors(week))
app.command()(reporting_errors(eva))
app.command()(reporting_errors(debris))
app.command()(reporting_errors(explain))
app.command()(reporting_errors(doctor))
app.command()(reporting_errors(verify))
app.command()(reporting_errors(compare))
app.add_typer(campaigns, name="montecarlo")


def _require_working_directory() -> None:
    try:
        os.getcwd()
    except OSError as error:
        print(f"the working directory cannot be used ({error.strerror}); change to one that is there", file=sys.stderr)
        raise SystemExit(ENVIRONMENT) from None


def main() -> None:
    """Entry point of the command."""
    # Python looks for circles among all objects each time that 700 more are there, which is a tenth of a short flight.
    gc.set_threshold(50_000, 20, 20)
    with end_when_asked(), streams.prepared():  # asked by a time limit, a shutdown
        warn(without_unusable())
        _require_working_directory()
        try:
            app()
        finally:
            gc.freeze()  # at its end Python looks for circles once more, among all objects: a third of a second


if __name__ == "__main__":
    main()
