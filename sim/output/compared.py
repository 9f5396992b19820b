"""A comparison on disk: `compare.json`, `compare.txt`, the pictures, and `manifest.json`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sim import __version__
from sim.export.plain import plain, write_json
from sim.files import packaged
from sim.verification.compared_flights import ComparedFlights
from sim.verification.compared_paths import PathDifference, thinned

SHOWN_M = 1e-3  # a craft that is never farther apart has no panel
TRACK_M = 1e3  # a ground track on a map of the world shows no less
BEFORE = 0.04  # of the span shown, before the first difference


def write(found: ComparedFlights, content: dict, text: list[str], directory: Path) -> list[Path]:
    """Write everything into `directory`, which exists; returns the pictures."""
    from sim.plots import compared
    from sim.plots.style import save

    write_json(directory / "compare.json", plain(content, "compare"))
    (directory / "compare.txt").write_text("\n".join(text) + "\n", "utf-8")
    shown = chart(found)
    draws: dict[str, Callable[[dict[str, Any]], Any]] = {
        "differences.png": compared.differences,
        "events.png": compared.events,
        "ground_tracks.png": compared.tracks,
    }
    drawn = []
    for name, draw in draws.items():
        if (sheet := draw(shown)) is not None:
            save(sheet, directory / name)
            drawn.append(directory / name)
    files = sorted(path for path in directory.iterdir() if path.name != "manifest.json")
    manifest = {
        "schema": 1,
        "tiangong_sim": __version__,
        "created_utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "compared": [_compared(flight) for flight in (found.first, found.second)],
        "files_sha256": {path.name: packaged.digest(path) for path in files},
    }
    write_json(directory / "manifest.json", manifest)
    return drawn


def _compared(flight) -> dict[str, str]:
    return {"directory": str(flight.directory), "flight_sha256": flight.manifest["files_sha256"]["flight.json"]}


def chart(found: ComparedFlights) -> dict[str, Any]:
    """What the pictures show, as plain tables and arrays; times s since the first flight's zero."""
    names = f"first: {found.first.directory.name or '.'} · second: {found.second.directory.name or '.'}"
    return {
        "names": names,
        "zero": found.first.zero,
        "paths": [_path(found, path) for path in found.paths if np.abs(path.rtn).max() > SHOWN_M],
        "events": [
            {"name": pair.name, "number": pair.number, "vehicle": pair.vehicle, "later_s": pair.zero_s}
            for pair in found.events
            if pair.first and pair.second and pair.zero_s
        ],
        "tracks": [_track(found, path, leg.leg) for path in found.paths for leg in path.legs if leg.largest > TRACK_M],
    }


def _path(found: ComparedFlights, path: PathDifference) -> dict[str, Any]:
    apart = path.t[np.abs(path.rtn).max(axis=1) > SHOWN_M]
    start, end = float(apart[0]), float(path.t[-1])
    t, rtn = thinned(path, start)
    burns = [
        {"t": pair.known.middle, "differs": not pair.equal}
        for pair in found.burns
        if pair.known.vehicle == path.vehicle
    ]
    span = (start - BEFORE * (end - start), end + 0.01 * (end - start) + 1.0)
    inside = [burn for burn in burns if span[0] <= burn["t"] <= span[1]]
    return {"vehicle": path.vehicle, "t": t, "rtn": rtn, "span": span, "burns": inside}


def _track(found: ComparedFlights, path: PathDifference, leg: str) -> dict[str, Any]:
    start = f"track/{path.vehicle}/{leg}/"
    sides = {
        which: tuple(flight.arrays.get(f"{start}{axis}_deg", np.zeros(0)) for axis in ("longitude", "latitude"))
        for which, flight in (("first", found.first), ("second", found.second))
    }
    return {"name": f"{path.vehicle} {leg}", **sides}
