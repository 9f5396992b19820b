"""The command `export`: a finished flight in forms that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.conventions import say_json, warn
from sim.cli.options import Force, Json, Many, Place, Text


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The results of a run.")],
    forms: Annotated[
        Many,
        typer.Option(
            "--as",
            metavar="FORM[,FORM]",
            help="czml, kml, oem, oem-xml, opm, opm-xml, aem, aem-xml, spk, ics; again for more, else all.",
        ),
    ] = None,
    crafts: Annotated[Many, typer.Option("--craft", metavar="NAME", help="Only this craft; again for more.")] = None,
    at: Annotated[Text, typer.Option("--at", metavar="UTC", help="The time of the state of an OPM.")] = None,
    out: Annotated[
        Place, typer.Option("--out", metavar="DIR2", help="Where the files go; without it DIR/export.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write the flight of a run for other programs: Cesium, Google Earth, SPICE, CCSDS messages, a calendar.

    Nothing is flown: all is made from what is stored in the directory.
    """
    from sim.api.export import FOLDER
    from sim.api.export import export_flight as write
    from sim.api.output import Output
    from sim.files.output_directory import checked_place

    place = directory / FOLDER if out is None else out
    if out is not None:
        warn(checked_place(place, force))
    asked = [form.strip() for given in forms or () for form in given.split(",") if form.strip()]
    written = write(directory, asked, crafts=crafts or (), at=at, out=Output(place, force))
    if as_json:
        say_json("export", {"status": "done", "files": [str(path) for path in written]})
    else:
        print(*written, sep="\n")
