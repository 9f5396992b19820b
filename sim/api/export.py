"""Files for other programs from the directory of a finished flight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.api.asked import path, text, texts
from sim.api.output import Output, Where, output
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.output_directory import whole
from sim.files.problems import nearest

FOLDER = "export"  # in the directory of the flight


def export_flight(
    directory: str | Path,
    forms: Sequence[str] = (),
    *,
    crafts: Sequence[str] = (),
    at: str | None = None,
    out: Where | None = None,
) -> list[Path]:
    """Write a finished flight in forms that other programs read: those named, or all; of some craft, or of all.

    "czml", "kml", "oem", "oem-xml", "opm", "opm-xml", "aem", "aem-xml", "spk", "ics". `at`: the UTC time of the state
    of an OPM. `out`: a directory that does not exist yet; None: `export` in that of the flight. Returns the files
    written. BadInput for what is unknown; DataError where what is stored is not as the run wrote it, or where a
    package that writes a form is not installed.
    """
    from sim.api.catalogue import require_run
    from sim.output.export import FORMS, load, require, write

    directory, asked = path(directory, "directory"), texts(forms, "forms", "oem")
    craft_names = texts(crafts, "crafts", "tiangong")
    for form in asked:
        if form not in FORMS:
            near = nearest(form, FORMS)
            meant = f"; did you mean '{near}'?" if near else ""
            raise BadInput(f"--as: no form is called '{form}'; there are {', '.join(FORMS)}{meant}")
    chosen = tuple(dict.fromkeys(asked)) or tuple(FORMS)
    epoch = None
    if at is not None:
        try:
            epoch = Epoch.from_utc(text(at, "at"))
        except ValueError:
            raise BadInput(f"--at: found '{at}'; write a UTC time like 2026-11-04T10:30:00Z") from None
    require_run(directory)
    require(chosen)
    place = Output(directory / FOLDER) if out is None else output(out)
    flight = load(directory, craft_names, epoch)
    with whole(place.directory, place.force) as folder:
        names = write(flight, chosen, folder, directory)
    return [place.directory / name for name in names]
