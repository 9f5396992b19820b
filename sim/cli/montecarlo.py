"""The command `montecarlo`: a phase flown many times, dispersed; `montecarlo rerun`: one of those runs again, whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from sim.campaign.lock import tried
from sim.cli.conventions import INTERRUPTED, BadInput, reporting_errors, say_json, warn
from sim.cli.options import Count, Many, Quiet, shipped_names, with_options
from sim.cli.taught import Teaching
from sim.core.counts import checked_counts, checked_halfwidth, checked_run
from sim.files.output_directory import link_warnings


class _WithRerun(typer.core.TyperGroup):
    """`montecarlo FILE ...` is `montecarlo fly FILE ...`."""

    def parse_args(self, ctx, args):  # of click's types: newer versions of typer hold a click of their own
        return super().parse_args(ctx, args if args and args[0] in self.commands else ["fly", *args])


campaigns = Teaching(
    cls=_WithRerun,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Fly a phase many times, dispersed; `montecarlo rerun DIR RUN` flies one of the runs again, whole.",
)


@dataclass(frozen=True)
class CampaignOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission or a campaign, file or name.",
            autocompletion=shipped_names("missions", "campaigns"),
        ),
    ]
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go; or where they went so far.")]
    phase: Annotated[
        str, typer.Option("--phase", metavar="P", help="ascent, docking, return, or all; else the campaign's.")
    ] = ""
    runs: Annotated[Count, typer.Option("-n", "--runs", help="How many; else as many as the campaign says.")] = None
    seed: Annotated[int, typer.Option("--seed", min=-1, help="The root seed; -1: the campaign's.")] = -1
    with_: Annotated[str, typer.Option("--campaign", metavar="FILE", help="What is dispersed, beside a mission.")] = ""
    swept: Annotated[str, typer.Option("--sweep", metavar="PATH=A,B,..", help="One campaign for each value.")] = ""
    workers: Annotated[int, typer.Option("--workers", help="Processes; 0: by the machine's cores.")] = 0
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the mission.")] = None
    until: Annotated[
        float | None,
        typer.Option("--until-halfwidth", help="End, 100 runs at a time, once success is known so well, such as 0.01."),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print campaign.json instead of text.")] = False
    quiet: Quiet = False
    force: Annotated[bool, typer.Option("--force", help="Replace DIR if it holds a campaign.")] = False
    plan: Annotated[bool, typer.Option("--plan", help="Print runs, disk, memory and time; fly nothing.")] = False


@campaigns.command("fly")
@reporting_errors
@with_options(CampaignOptions)
def montecarlo(given: CampaignOptions) -> None:
    """Fly a phase of a mission many times with what a campaign file disperses, and write the scatter to DIR.

    A run depends on the seed and its number alone, so runs.csv is the same to the last byte for any number of workers.
    DIR exists while the campaign runs: stopped by Ctrl-C or killed, it goes on with the same command, and a larger -n
    adds runs. `tiangong montecarlo rerun DIR RUN` flies one run again, whole, with its pictures. One campaign flies in
    DIR at a time. A worker that is killed is replaced; a run that takes 120 s in a worker is ended and fails as
    "timed out". --plan says what a campaign will take.

    --phase return flies from the deorbit to the touchdown, dispersed by the mission's own uncertainty, or by that of a
    crewed flight where the mission names none; what breaks in all runs stands in its [[faults]], such as
    --set 'faults=[{kind="guidance-lost"}]' for ballistic entries.

    --phase all flies whole missions, from the wait for the launch to the landing; what is true is drawn by the
    mission's own uncertainty, and what is known stays what its files say.

    With --sweep, DIR holds a campaign for each value of one thing, such as pilot.attitude_deadband=0.3,0.5,1 deg, with
    the same draws, and sweep.png and sweep.json beside them.
    """
    path, values = _values(given.swept)
    if given.until is not None:
        checked_halfwidth(given.until, "--until-halfwidth")
        if given.swept:
            raise BadInput("--until-halfwidth beside --sweep: all values of a sweep have the same draws; give -n")
    n, seed, workers = checked_counts(given.runs, None if given.seed < 0 else given.seed, given.workers or None)
    tried(given.out, given.force, sweep=bool(given.swept))
    # From here on it takes seconds: what can be refused at once has been.
    from sim.api import campaigns as api
    from sim.api.output import Output

    warn(link_warnings(given.out))
    of: dict[str, Any] = {
        "phase": given.phase,
        "n": n,
        "seed": seed,
        "workers": workers,
        "campaign": given.with_,
        "overrides": given.sets or (),
    }
    if given.plan:
        estimate = api.campaign_estimate(given.file, **of, out=given.out, values={path: values} if path else None)
        if given.as_json:
            say_json("montecarlo", {"status": "planned", **estimate.content()})
        else:
            print(*estimate.lines(), "nothing was flown", sep="\n")
        return
    of["out"] = Output(given.out, given.force)
    result: api.CampaignResult | api.SweepResult
    try:
        with _bar(given.quiet) as tick:
            if given.swept:
                result = api.sweep(given.file, {path: values}, **of, progress=tick)
            else:
                result = api.montecarlo(given.file, **of, until_halfwidth=given.until, progress=tick)
    except KeyboardInterrupt:
        reason = f"interrupted; the runs so far are kept in {given.out}, the same command goes on from there"
        if given.as_json:
            say_json("montecarlo", {"status": "interrupted", "reason": reason})
        print(reason, file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    warn(result.content["warnings"])
    if given.as_json:
        say_json("montecarlo", {"status": "done", **result.content, "directory": str(given.out)})
    else:
        print(*result.lines(), given.out / ("sweep.json" if given.swept else "campaign.json"), sep="\n")


@campaigns.command("rerun")
@reporting_errors
def rerun(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A campaign's directory.")],
    number: Annotated[int, typer.Argument(metavar="RUN", min=0, help="The run's number in runs.csv.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Fly one run of a campaign again, whole, and write it with its pictures to DIR/run-NNNN."""
    from dataclasses import asdict

    checked_run(number)
    from sim.api.campaigns import rerun as again

    run, target = again(directory, number)
    if as_json:
        say_json("rerun", {**asdict(run), "directory": str(target)})
        return
    drawn = (f"  {path:<28} {', '.join(f'{x:+.4g}' for x in values)}" for path, values in run.drawn.items())
    came = (f"  {name:<28} {value:.6g}" for name, value in run.quantities.items())
    print(f"run {number}: {run.status}{': ' + run.reason if run.reason else ''}", *drawn, *came, target, sep="\n")


def _values(swept: str) -> tuple[str, list[float]]:
    """The path and the values of --sweep."""
    path, _, numbers = swept.partition("=")
    try:
        values = sorted({float(text) for text in numbers.split(",")}) if swept else []
    except ValueError:
        values = []
    if swept and (not values or not path):
        raise BadInput(f"--sweep {swept}: give a path and numbers, like pilot.attitude_deadband=0.3,0.5,1")
    return path, values


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar with the runs done, their rate and the time left, on stderr if that is a terminal; else nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, runs: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("preparing", total=None, rate="")

        def tick(done: int, runs: int) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed:.1f} runs/s" if speed else ""
            bar.update(task, description="flying", total=runs, completed=done, rate=rate)

        yield tick
