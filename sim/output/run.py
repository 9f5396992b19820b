"""Write a flight: every file of a run's directory, and the pictures again from what is stored there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sim.core.flight import Flight
from sim.export import collected, finished, stored, trajectories
from sim.export.aboard import aboard
from sim.export.ages import data_ages
from sim.export.landing import landing
from sim.export.manifest import as_manifest
from sim.export.oem import write_oem
from sim.export.pictures import NAMES
from sim.export.plain import plain, write_json
from sim.export.record import as_record
from sim.export.table import write_events
from sim.files.output_directory import OutdirError
from sim.output.drawing import Drawing
from sim.output.drawing import drawing as drawn_beside
from sim.output.summary import phases_dict
from sim.output.week import write_cards

VIEW = "view.html"


def plot_data(flight: Flight, scenario, world) -> stored.PlotData:
    """What the pictures of a flight are drawn from, also while it is not yet at its end."""
    raw = plain(scenario.raw, "scenario")
    return collected.collect(flight, raw, world, as_record(flight, raw))


def write(
    flight: Flight,
    scenario,
    world,
    directory: Path,
    timings: dict,
    drawing: Drawing | None = None,
    forecast: dict | None = None,
) -> None:
    """Write the flight into `directory`, which exists; `timings` are wall seconds by name, and gain `write`.

    `drawing`: what draws its pictures, some of which may be there already; None: all are drawn now. `forecast`: its
    error bars, as plain data.
    """
    if drawing is None:
        with drawn_beside(directory, NAMES) as beside:
            return write(flight, scenario, world, directory, timings, beside, forecast)
    began = time.perf_counter()
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    data = plot_data(flight, scenario, world)
    environment = aboard(flight, world, data.scenario["station"]["name"])
    data = replace(data, arrays={**data.arrays, **environment})
    if (landed := landing(flight, world)) is not None:
        data = replace(data, record={**data.record, "landing": plain(landed, "landing")})
    if forecast is not None:
        data = replace(data, record={**data.record, "forecast": forecast})
    drawing.flown((), lambda: data)
    raw, record = dict(data.scenario), dict(data.record)
    write_json(directory / "flight.json", record)
    write_events(directory / "events.csv", record)
    for vehicle in flight.vehicles:
        write_oem(directory / f"ephemeris_{vehicle}.oem", flight, vehicle, created)
    if flight.week is not None:
        write_cards(flight.week.plan, flight.zero, directory / "cards")
    stored.save(directory / finished.SERIES, data)
    flown = trajectories.of_flight(flight, world)
    trajectories.save(directory / finished.TRAJECTORIES, flown)
    drawn = drawing.finish(data)
    from sim.report import write_report
    from sim.report.viewer.page import view

    write_report(directory / "report.html", data, scenario.assumed, drawn, drawing.left_out)
    (directory / VIEW).write_text(view(data, flown), encoding="utf-8", newline="\n")
    timings["write"] = time.perf_counter() - began
    liftoff = flight.first("liftoff")
    ages = data_ages(raw, flight.epoch(liftoff.t) if liftoff else None)
    manifest = as_manifest(scenario, timings, directory, created + "Z")
    write_json(directory / "manifest.json", manifest | phases_dict(scenario) | {"data_ages": ages})


def rewrite_view(directory: Path, file: Path | None = None) -> Path:
    """`view.html` of a run again, from its stored form; `file`: where to, None: into the directory.

    DataError where the stored form is not as the run wrote it, OutdirError where the file cannot be written.
    """
    from sim.report.viewer import page

    path = directory / VIEW if file is None else file
    text = page.view(stored.load(directory, finished.written(directory)), trajectories.load(directory))
    try:
        if path.is_dir():
            raise OutdirError(f"{path} is a directory; --out names the file to write, such as view.html")
        path.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutdirError(f"{path} cannot be written ({reason}); name another file with --out") from None
    return path


def redraw(directory: Path, names: Iterable[str] = ()) -> list[Path]:
    """Draw the pictures `names` (all, where none is given) from the stored form alone; returns the files written.

    A picture whose phase was not flown is left out. DataError where the stored form is not as the run wrote it.
    """
    return _draw(stored.load(directory, finished.written(directory)), directory, names)


def _draw(data: stored.PlotData, directory: Path, names: Iterable[str]) -> list[Path]:
    from sim.plots import draw  # matplotlib costs half a second, and only this needs it

    return draw(data, directory / "plots", names)
