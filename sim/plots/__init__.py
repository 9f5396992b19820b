"""The pictures, one module each. matplotlib lives here and nowhere else, and is loaded when something is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sim.export.stored import PlotData

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Name on the command line -> module with `draw(data) -> Figure | None`, in the order of the report.
PICTURES = {
    "ground-track": "ground_track",
    "docking-windows": "docking_windows",
    "ascent": "ascent",
    "ascent-range": "ascent_range",
    "ascent-view": "ascent_view",
    "aborts": "aborts",
    "rendezvous": "rendezvous",
    "closing": "closing",
    "attitude": "attitude",
    "navigation": "navigation",
    "thrusters": "thrusters",
    "camera": "camera",
    "contact": "contact",
    "station-altitude": "station_altitude",
    "entry": "entry",
    "timeline": "timeline",
}


def draw(data: PlotData, folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """Draw the named pictures (all, where none is named) as PNG into `folder`; those without data are left out."""
    names = list(names) or list(PICTURES)
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        raise ValueError(f"no picture is called {', '.join(unknown)}; there are {', '.join(PICTURES)}")
    from sim.plots.style import save

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        drawn = figure(name, data)
        if drawn is not None:
            path = folder / f"{name.replace('-', '_')}.png"
            save(drawn, path)
            written.append(path)
    return written


def figure(name: str, data: PlotData) -> Figure | None:
    """The picture called `name`, as a matplotlib figure in the style of all; None where its phase was not flown.

    matplotlib's settings are the user's own again when it returns.
    """
    from sim.plots.style import context

    with context():
        return import_module(f"sim.plots.{PICTURES[name]}").draw(data)
