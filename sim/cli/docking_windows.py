"""The command `docking-windows`: when the ship may dock, what closes each window, and what another time would need."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, NamedTuple, Optional

import typer

from sim.cli import time_span as spans
from sim.cli.conventions import BadInput, MissionFailed, progress, say_json

Text = Optional[str]  # noqa: UP007, UP045  (older versions of typer know no other spelling)
Place = Optional[Path]  # noqa: UP007, UP045
Amount = Optional[float]  # noqa: UP007, UP045
Many = Optional[list[str]]  # noqa: UP007, UP045
DAY, MONTH = 86400.0, 30.0  # s; days of a span that has a first day alone
AROUND = 5.0  # days on both sides of a time that is asked for, where no span is
OF_RULES = "docking_rules."  # what `--set` writes before a key of the rules


def docking_windows(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A mission file, or the name of one that `list` shows.")],
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-10-01.")] = None,
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days (with --from: 30).")] = None,
    at: Annotated[
        Text, typer.Option("--at", metavar="UTC", help="A contact then: what holds, and what would have to be relaxed.")
    ] = None,
    rules: Annotated[
        str, typer.Option("--rules", metavar="FILE", help="Docking rules: a file, or a name that `list` shows.")
    ] = "tiangong",
    elements: Annotated[
        Place, typer.Option("--elements", metavar="FILE", help="Another target: a TLE or OMM file.")
    ] = None,
    no_trim: Annotated[bool, typer.Option("--no-trim", help="Take the station as it flies.")] = False,
    sets: Annotated[
        Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key; docking_rules.KEY for one of the rules.")
    ] = None,
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="Also write JSON, tables, charts, manifest.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `constraints`, `open`.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace DIR if it holds results of an earlier run.")] = False,
) -> None:
    """Print when the ship may dock: where every hard rule holds, what opens and closes it, and how the soft ones stand.

    A launch site that the station's plane never passes over ends with exit code 3.
    """
    from contextlib import nullcontext

    from sim.core.flight import Failure
    from sim.files.output_directory import whole
    from sim.scenario import load
    from sim.scenario.docking_rules import load_rules

    began = time.perf_counter()
    scenario = load(file, [s for s in sets or () if not s.startswith(OF_RULES)])
    scenario.needs("launch", "trim", "rendezvous", "return", purpose="docking windows")
    read = load_rules(rules, [s.removeprefix(OF_RULES) for s in sets or () if s.startswith(OF_RULES)])
    span, moment = _span(spans.date(start), spans.days(days), spans.date(at, "--at"))
    target = spans.elements(elements, span.first)
    # From here on it is slow: all problems of the command line have been reported.
    from sim.planning.docking.at_time import answer, answer_lines
    from sim.planning.docking.season import season
    from sim.planning.docking.table import lines, summary

    with whole(out, force) if out else nullcontext() as directory, progress(quiet) as tick:
        try:
            tick("station", 0.1)
            found = season(scenario, read, span.first, span.days, target, not no_trim)
            tick("constraints", 0.4)
            content = {"status": "done", **found.head(), **summary(found.plan)}
        except Failure as failure:
            raise MissionFailed("docking windows", str(failure)) from None
        asked = None
        if moment:
            asked = content["at"] = answer(found.plan, moment.since(found.plan.zero))
        if directory is not None:
            from sim.output.docking_windows import write

            tick("charts", 0.8)
            write(found, content, moment, directory, time.perf_counter() - began)
    if as_json:
        say_json("docking-windows", content)
    else:
        about = answer_lines(asked) if asked else []
        print(*found.lines(), *lines(found.plan), *about, *([out] if out else ()), sep="\n")


class _Span(NamedTuple):
    first: object  # an Epoch, or None where the mission's own window decides
    days: float | None


def _span(first, days: float | None, moment):
    """The span and the time asked for, which lies in it; without a first day it is the days about that time."""
    if moment and not first:
        around = days or 2.0 * AROUND
        return _Span(moment.plus(-0.5 * around * DAY), around), moment
    length = DAY * (days or MONTH)
    if moment and not 0.0 <= moment.since(first) <= length:
        raise BadInput(
            f"--at: {moment} lies outside the span, {first} to {first.plus(length)}; choose --from and --days about it"
        )
    return _Span(first, days), moment
