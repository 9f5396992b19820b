"""The command `bench`: hand a question of time and error over to the benches of the checkout, in a process of its
own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

from sim.cli.conventions import ENVIRONMENT

BENCHES = Path(__file__).resolve().parents[2] / "benches"
# What follows the bench's name, options too, is its own.
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}


def bench(context: typer.Context) -> None:
    """Measure speed and error beside other tools: propagator, sgp4, scaling, ...; without a name, list them.

    What follows the name is the bench's own, such as `propagator --help`. Peers are optional: what is missing is
    reported. It works from a checkout; an installed package carries no benches.
    """
    if not (BENCHES / "__main__.py").is_file():
        print(
            "the benches are not part of an installed package; run `tiangong bench` or `python -m benches` in a "
            "checkout of tiangong-sim that is installed by `pip install -e '.[peers]'`",
            file=sys.stderr,
        )
        raise typer.Exit(ENVIRONMENT)
    raise typer.Exit(subprocess.run([sys.executable, str(BENCHES), *context.args], check=False).returncode)
