"""The command `montecarlo`: a phase flown many times, dispersed; `montecarlo rerun`: one of those runs again, whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Optional

import typer
import typer.core

from sim.cli.conventions import INTERRUPTED, BadInput, MissionFailed, reporting_errors, say_json


class _WithRerun(typer.core.TyperGroup):
    """`montecarlo FILE ...` is `montecarlo fly FILE ...`."""

    def parse_args(self, ctx, args):  # of click's types: newer versions of typer hold a click of their own
        return super().parse_args(ctx, args if args and args[0] in self.commands else ["fly", *args])


campaigns = typer.Typer(
    cls=_WithRerun,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Fly a phase many times, dispersed; `montecarlo rerun DIR RUN` flies one of the runs again, whole.",
)
Sets = Annotated[
    Optional[list[str]],  # noqa: UP007, UP045  (older versions of typer know no other spelling)
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the mission."),
]


@campaigns.command("fly")
@reporting_errors
def montecarlo(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A mission or a campaign, file or name.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go; or where they went so far.")],
    phase: Annotated[str, typer.Option("--phase", metavar="P", help="Which phase; else the campaign's.")] = "",
    runs: Annotated[
        Optional[int],  # noqa: UP007, UP045
        typer.Option("-n", "--runs", min=1, help="How many; else as many as the campaign asks for."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=-1, help="The root seed; -1: the campaign's.")] = -1,
    with_: Annotated[str, typer.Option("--campaign", metavar="FILE", help="What is dispersed, beside a mission.")] = "",
    swept: Annotated[str, typer.Option("--sweep", metavar="PATH=A,B,..", help="One campaign for each value.")] = "",
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: by the machine's cores.")] = 0,
    sets: Sets = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print campaign.json instead of text.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace DIR if it holds a campaign.")] = False,
) -> None:
    """Fly a phase of a mission many times with what a campaign file disperses, and write the scatter into DIR.

    A run depends on the seed and its number alone, so runs.csv is the same to the last byte for any number of workers.
    DIR exists while the campaign runs: stopped by Ctrl-C or killed, it goes on with the same command, and a larger -n
    adds runs. `tiangong montecarlo rerun DIR RUN` flies one run again, whole, with its pictures.

    With --sweep, DIR holds a campaign for each value of one thing, such as pilot.attitude_deadband=0.3,0.5,1 deg, with
    the same draws, and sweep.png and sweep.json beside them.
    """
    from sim.campaign.conduct import conduct
    from sim.campaign.disperse import NotReached
    from sim.campaign.lines import lines, rows
    from sim.campaign.sweep import sweep
    from sim.core.flight import Failure
    from sim.scenario import load

    path, values = _values(swept)
    mission, campaign = _files(file, phase, with_)
    scenario = load(mission, sets or ())
    if campaign.phase not in scenario.phases:
        flown = ", ".join(scenario.phases)
        raise BadInput(f"{mission}: the mission has no phase '{campaign.phase}' to disperse; it has {flown}")
    asked = {"mission_file": _lasting(mission), "set": list(sets or ())}
    number, root = runs or campaign.runs, campaign.seed if seed < 0 else seed
    try:
        with _bar(quiet) as tick:
            given = campaign, scenario, asked, number, root, workers or None, out, force, tick
            content = sweep(*given, path, values) if swept else conduct(*given)
    except KeyboardInterrupt:
        reason = f"interrupted; the runs so far are kept in {out}, the same command goes on from there"
        if as_json:
            say_json("montecarlo", {"status": "interrupted", "reason": reason})
        print(reason, file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except NotReached as fault:
        raise BadInput(f"{campaign.label}: {fault}") from None
    except Failure as failure:
        raise MissionFailed(campaign.phase, str(failure)) from None
    if as_json:
        say_json("montecarlo", {"status": "done", **content, "directory": str(out)})
    elif swept:
        print(*rows(content), out / "sweep.json", sep="\n")
    else:
        print(*lines(content), out / "campaign.json", sep="\n")


@campaigns.command("rerun")
@reporting_errors
def rerun(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A campaign's directory.")],
    number: Annotated[int, typer.Argument(metavar="RUN", min=0, help="The run's number in runs.csv.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Fly one run of a campaign again, whole, and write it with its pictures into DIR/run-NNNN."""
    from dataclasses import asdict

    from sim.campaign.conduct import rerun as again
    from sim.core.flight import Failure

    try:
        run, target = again(directory, number)
    except Failure as failure:
        raise MissionFailed(f"run {number}", str(failure)) from None
    if as_json:
        say_json("rerun", {**asdict(run), "directory": str(target)})
        return
    drawn = (f"  {path:<28} {', '.join(f'{x:+.4g}' for x in values)}" for path, values in run.drawn.items())
    came = (f"  {name:<28} {value:.6g}" for name, value in run.quantities.items())
    print(f"run {number}: {run.status}{': ' + run.reason if run.reason else ''}", *drawn, *came, target, sep="\n")


def is_campaign(file: str) -> bool:
    """Whether a file, or what a name stands for, is a campaign by its own content."""
    from sim.files import text as reading

    return reading.heading(_path(file))[0] == "campaign"


def check_campaign(file: str, overrides: Sequence[str], as_json: bool) -> None:
    """Read a campaign file and list what it disperses; ScenarioError lists every problem at once."""
    from sim.campaign.load import load_campaign

    campaign = load_campaign(file, overrides)
    rows = [
        {"path": d.path, "law": d.law, "spread": d.spread, "unit": d.unit, "source": d.source}
        for d in campaign.dispersions
    ]
    if as_json:
        content = {"campaign": campaign.name, "phase": campaign.phase, "dispersions": rows}
        say_json("check", {"status": "all right", **content, "requirements": campaign.required})
        return
    print(f"{file}: all right", f"  {'campaign':<9} {campaign.name}", f"  {'phase':<9} {campaign.phase}", sep="\n")
    for row in rows:
        print(f"  {row['path']:<28} {row['law']} {row['spread']:g} {row['unit']}; {row['source']}")


def _path(file: str) -> Path:
    from sim.files import paths as places
    from sim.scenario.load import shipped

    return shipped(shipped(Path(file), places.MISSIONS), places.CAMPAIGNS)


def _files(file: str, phase: str, with_: str):
    """The mission to be flown, as it may be loaded, and the campaign, from the one that was named."""
    from sim.campaign.load import load_campaign
    from sim.campaign.phases import PHASES
    from sim.files import paths as places

    if is_campaign(file):
        if with_:
            raise BadInput(f"{file} is a campaign already; name a mission before --campaign {with_}")
        campaign = load_campaign(file)
        if campaign.mission is None:
            raise BadInput(f"{file} names no mission; give `tiangong montecarlo MISSION --campaign {file}`")
        named = campaign.mission
        mission = named.stem if named.parent == places.MISSIONS else str(named)
    else:
        if phase and phase not in PHASES:
            raise BadInput(f"--phase {phase}: what can be flown dispersed is {', '.join(PHASES)}")
        mission, campaign = str(Path(file)), load_campaign(with_ or phase or "ascent")
    if phase and phase != campaign.phase:
        raise BadInput(f"--phase {phase}, but {campaign.label} disperses the phase '{campaign.phase}'")
    return mission, campaign


def _values(swept: str) -> tuple[str, list[float]]:
    """The path and the values of --sweep."""
    path, _, reporting_errors = swept.partition("=")
    try:
        values = sorted({float(text) for text in reporting_errors.split(",")}) if swept else []
    except ValueError:
        values = []
    if swept and (not values or not path):
        raise BadInput(f"--sweep {swept}: give a path and numbers, like pilot.attitude_deadband=0.3,0.5,1")
    return path, values


def _lasting(mission: str) -> str:
    """The same from any directory."""
    return str(Path(mission).resolve()) if Path(mission).exists() else mission


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
