"""The pictures, one module each. matplotlib lives here and nowhere else, and is loaded with this package alone, which
is imported when something is drawn."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files.errors import BadInput, DataError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.export.stored import PlotData


def _load_matplotlib() -> None:
    """Import matplotlib with what the user has set, but for a backend that is not there: no picture needs one.

    A notebook sets MPLBACKEND for every process that it starts, also for one whose packages know no notebooks.
    """
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    except (UnicodeDecodeError, OSError) as error:
        raise DataError(
            f"no picture can be drawn: matplotlib cannot read its settings ({error}); mend the file `matplotlibrc` in "
            "the working directory or among your settings, or take it away"
        ) from None
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


_load_matplotlib()

# Where the home cannot be written matplotlib takes a temporary folder and says so twice; pictures are none the worse.
_NO_NEWS = ("mkdir -p failed for path", "is not a writable directory", "created a temporary cache directory")
logging.getLogger("matplotlib").addFilter(lambda record: not any(words in str(record.msg) for words in _NO_NEWS))

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
        raise BadInput(f"no picture is called {', '.join(unknown)}; there are {', '.join(PICTURES)}")
    from sim.plots.style import save

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        made = figure(name, data)
        if made is not None:
            path = folder / f"{name.replace('-', '_')}.png"
            save(made, path)
            written.append(path)
    return written


def figure(name: str, data: PlotData, axes: Axes | None = None) -> Any:
    """The picture called `name` in the style of all; None where its phase was not flown.

    Without `axes` a matplotlib figure of its own. With `axes` it is laid into their rectangle as an image, and they are
    returned, switched off. matplotlib's settings are the user's own again when it returns.
    """
    module = import_module(f"sim.plots.{PICTURES[name]}")
    return drawn(module.draw, axes, data)


def drawn(draw: Callable[..., Any], axes: Axes | None, *given: Any) -> Any:
    """What `draw(*given)` draws: a figure of its own, or laid into `axes`, which are returned then.

    BadInput where `axes` are none.
    """
    from matplotlib.axes import Axes

    from sim.plots.sheet import context, inside

    if axes is not None and not isinstance(axes, Axes):
        raise BadInput(f"ax: found something of the kind {type(axes).__name__}; give the axes of one panel")
    with context(), inside(axes):
        made = draw(*given)
    return made if axes is None or made is None else axes
