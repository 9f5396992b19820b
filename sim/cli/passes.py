"""The command `passes`: when station and ship are seen from a place, how high, lit or not, how bright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import options_named, progress, say_json, warn
from sim.cli.options import (
    Amount,
    Force,
    Many,
    Place,
    Quiet,
    SetIndex,
    SetNumber,
    Text,
    shipped_names,
    with_options,
)
from sim.files.output_directory import checked_place

NAMES = {
    "site": "--site",
    "start": "--from",
    "days": "--days",
    "elements": "--elements",
    "min_elevation": "--min-elevation",
    "magnitude": "--magnitude",
    "overrides": "--set",
}


@dataclass(frozen=True)
class PassesOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A mission, an orbit, an element set, a TLE or OMM file, or a site on another body; or a name.",
            autocompletion=shipped_names("missions", "orbits", "surface_sites"),
        ),
    ]
    sites: Annotated[
        Many,
        typer.Option("--site", metavar="PLACE", help="A place by name, or LAT,LON,HEIGHT_M; give it again for more."),
    ] = None
    start: Annotated[Text, typer.Option("--from", metavar="DATE", help="First day, UTC: 2026-11-04.")] = None
    days: Annotated[Amount, typer.Option("--days", metavar="N", help="How many days.")] = None
    elements: Annotated[
        Place, typer.Option("--elements", metavar="FILE", help="Other elements of the station: a TLE or OMM file.")
    ] = None
    beside: Annotated[
        Many,
        typer.Option("--with", metavar="FILE", help="Elements of another craft, watched too; give it again for more."),
    ] = None
    elements_index: SetIndex = None
    elements_number: SetNumber = None
    min_elevation: Annotated[
        float, typer.Option("--min-elevation", metavar="DEG", help="A pass is what stands higher than this.")
    ] = 10.0
    magnitude: Annotated[
        Amount, typer.Option("--magnitude", metavar="MAG", help="Standard magnitude: at 1000 km, phase 90 deg.")
    ] = None
    visible: Annotated[bool, typer.Option("--visible", help="Only what an eye sees.")] = False
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file.")] = None
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV, calendar, sky charts, manifest.")
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `passes`, `contact`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(PassesOptions)
def passes(given: PassesOptions) -> None:
    """List when station and ship pass over a place: where to look, sunlit or in shadow, how bright, when an eye sees
    them; and how long the ground stations of its country have the station in view.

    A mission is flown first, as it is known before its launch. Of a site on another body: when it has light, links with
    places on the Earth, directly and by a relay, and days for a rover.
    """
    from sim.api.surface_site import is_surface_site

    if is_surface_site(given.file):
        _of_surface_site(given)
        return
    from sim.api.output import Output
    from sim.api.passes import Eye
    from sim.api.passes import passes as find
    from sim.api.time_span import ElementFile

    # A choice of a set is of FILE, unless there is a file of elements beside it.
    file: str | ElementFile = ElementFile(given.file, given.elements_index, given.elements_number)
    elements = None
    if given.elements is not None:
        file, elements = given.file, ElementFile(given.elements, given.elements_index, given.elements_number)
    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        found = find(
            [file, *(given.beside or ())],
            given.sites or ("karachi",),
            given.start,
            given.days,
            elements=elements,
            min_elevation=given.min_elevation,
            eye=Eye(given.magnitude, given.visible),
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("passes", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")


def _of_surface_site(given: PassesOptions) -> None:
    """Light and links of a site on another body; BadInput for options of what passes over a place."""
    from sim.api.output import Output
    from sim.api.surface_site import light_and_links
    from sim.files.errors import BadInput

    orbits = {
        "--elements": given.elements,
        "--elements-index": given.elements_index,
        "--elements-number": given.elements_number,
        "--magnitude": given.magnitude,
        "--visible": given.visible or None,
    }
    for option, value in orbits.items():
        if value is not None:
            raise BadInput(f"{option}: found {value} for '{given.file}', a site on another body; write none")
    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        found = light_and_links(
            given.file,
            given.sites or (),
            given.start,
            given.days,
            min_elevation=given.min_elevation,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("light_and_links", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
