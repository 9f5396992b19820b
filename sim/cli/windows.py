"""The command `windows`: launch windows of a season, judged, with the rocket's margins and the station's trim."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Optional

import typer

from sim.cli import time_span as spans
from sim.cli.conventions import BadInput, MissionFailed, progress, say_json

Text = Optional[str]  # noqa: UP007, UP045  (older versions of typer know no other spelling)
Place = Optional[Path]  # noqa: UP007, UP045
Amount = Optional[float]  # noqa: UP007, UP045
Many = Optional[list[str]]  # noqa: UP007, UP045


def windows(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A mission file, or the name of one that `list` shows.")],
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-10-01.")] = None,
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days (with --from: 30).")] = None,
    site: Annotated[
        Text, typer.Option("--site", metavar="SITE", help="A site's name, or LAT,LON,HEIGHT_M in degrees and metres.")
    ] = None,
    elements: Annotated[
        Place, typer.Option("--elements", metavar="FILE", help="Another target: a TLE or OMM file.")
    ] = None,
    bias: Annotated[
        Text, typer.Option("--bias", metavar="NAME", help="file, since-2022-11, 2021, or none: the ascent's optimum.")
    ] = None,
    no_trim: Annotated[bool, typer.Option("--no-trim", help="Judge the station as it flies.")] = False,
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file.")] = None,
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write table, JSON, chart, manifest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; the list is its `windows`.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace DIR if it holds results of an earlier run.")] = False,
) -> None:
    """List every launch window of a span of days, by every profile, accepted or rejected and why.

    A site that the station's plane never passes over, and a span without a crossing, end with exit code 3.
    """
    from contextlib import nullcontext

    from sim.core.flight import Failure
    from sim.files.output_directory import whole
    from sim.scenario import load

    began = time.perf_counter()
    named = [f"launch.site={site}"] if site and "," not in site else []
    sets = [*(sets or ()), *named]
    scenario = load(file, sets)
    scenario.needs("launch", "trim", "rendezvous", "return", purpose="launch windows")
    first, length = spans.date(start), spans.days(days)
    target = spans.elements(elements, first)
    place = _place(site)
    # From here on it is slow: all problems of the command line have been reported.
    from sim.planning.launch import table
    from sim.planning.launch.plan import plan
    from sim.planning.launch.station import station_plan
    from sim.planning.station_outlook import Asked, setting

    asked = Asked(
        start=first,
        days=length,
        elements=target,
        bias=bias,
        site=place,
        trims=not no_trim,
        site_named=bool(named),
    )
    with whole(out, force) if out else nullcontext() as directory, progress(quiet) as tick:
        try:
            tick("station", 0.1)
            found = setting(scenario, asked)
            tick("windows", 0.4)
            planned = plan(found)
            tick("trim", 0.9)
            trimmed = station_plan(planned)
        except Failure as failure:
            raise MissionFailed("launch windows", str(failure)) from None
        content = {"status": "done", **table.summary(planned, trimmed), "windows": table.rows(planned, trimmed)}
        if directory is not None:
            from sim.output.launch_windows import write

            write(planned, content, directory, time.perf_counter() - began)
    if as_json:
        say_json("windows", content)
    else:
        print(*table.lines(planned, trimmed, file, sets), *([out] if out else ()), sep="\n")


def _place(text: str | None):
    """A site from the command line, None for a named one, which the file's loader finds."""
    from sim.files.problems import ScenarioError
    from sim.scenario.catalogue import SiteFile
    from sim.scenario.fields import validated
    from sim.scenario.load import load_named

    if text is None:
        return None
    if "," not in text:
        return load_named(text, "site")
    try:
        latitude, longitude, height = map(float, text.split(","))
    except ValueError:
        raise BadInput(f"--site: found '{text}'; write LAT,LON,HEIGHT_M such as 40.96,100.29,1073, or a name") from None
    raw = {
        "schema": 1,
        "kind": "site",
        "name": f"{latitude:g},{longitude:g}",
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "height_m": height,
    }
    made, problems = validated(SiteFile, raw, "--site")
    if made is None:
        raise ScenarioError([problem for _, problem in problems])
    return made
