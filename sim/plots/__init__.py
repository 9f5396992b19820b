"""The pictures, one module each. matplotlib lives here and nowhere else, and is loaded with this package alone, which
is imported when something is drawn."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.export.pictures import FORMS, NAMES
from sim.files import reading
from sim.files.errors import BadInput, DataError
from sim.files.problems import nearest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.export.stored import PlotData


LARGEST_SETTINGS = 1_000_000  # bytes of a `matplotlibrc`
CANNOT = "no picture can be drawn: matplotlib cannot read its settings"
MEND = "mend the file `matplotlibrc` in the working directory or among your settings, or take it away"

# Where the home cannot be written matplotlib takes a temporary folder and says so twice; pictures are none the worse.
_NO_NEWS = ("mkdir -p failed for path", "is not a writable directory", "created a temporary cache directory")
logging.getLogger("matplotlib").addFilter(lambda record: not any(words in str(record.msg) for words in _NO_NEWS))


def _load_matplotlib() -> None:
    """Import matplotlib with what the user has set, but for a backend that is not there: no picture needs one.

    A notebook sets MPLBACKEND for every process that it starts, also for one whose packages know no notebooks.
    """
    if "matplotlib" in sys.modules:
        return
    _look_at_settings()
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    except (UnicodeDecodeError, OSError) as error:
        raise DataError(f"{CANNOT} ({error}); {MEND}") from None
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


def _look_at_settings() -> None:
    """DataError where the file that matplotlib reads its settings from is a pipe or a device, or is no text."""
    for file in _settings_files():
        if os.path.exists(file) and not os.path.isdir(file):
            try:
                reading.data(file, LARGEST_SETTINGS).decode("utf-8")
            except (reading.Unreadable, UnicodeDecodeError) as error:
                raise DataError(f"{CANNOT} ({error}); {MEND}") from None
            return


def _settings_files() -> Iterator[Path]:
    """Where matplotlib looks for `matplotlibrc`, in its order; the first that is there counts."""
    yield Path("matplotlibrc")
    if given := os.environ.get("MATPLOTLIBRC"):
        yield from (Path(given), Path(given, "matplotlibrc"))
    if given := os.environ.get("MPLCONFIGDIR"):
        yield Path(given, "matplotlibrc")
        return
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "matplotlib", "matplotlibrc")
        yield Path.home() / ".matplotlib" / "matplotlibrc"


_load_matplotlib()

# Name on the command line -> module with `draw(data) -> Figure | None`, in the order of the report.
PICTURES = {name: name.replace("-", "_") for name in NAMES}


def draw(data: PlotData, folder: Path, names: Iterable[str] = (), form: str = "png") -> list[Path]:
    """Draw the named pictures (all, where none is named) into `folder`, as PNG or SVG; those without data are left out.

    BadInput for a name or a form that there is not.
    """
    names = list(names) or list(PICTURES)
    refuse_unknown(names)
    if form not in FORMS:
        raise BadInput(f"no picture is drawn as '{form}'; write {' or '.join(FORMS)}")
    written = (draw_one(data, folder, name, form) for name in names)
    return [path for path in written if path is not None]


def refuse_unknown(names: Iterable[str]) -> None:
    """BadInput where a picture is not called so, with the name that looks most like it."""
    if unknown := [name for name in names if name not in PICTURES]:
        near = nearest(unknown[0], PICTURES)
        hint = f"; did you mean '{near}'?" if near else ""
        raise BadInput(f"no picture is called {', '.join(unknown)}; there are {', '.join(PICTURES)}{hint}")


def draw_one(data: PlotData, folder: Path, name: str, form: str = "png") -> Path | None:
    """Draw one picture into `folder`, which is made, as `form`, one of FORMS; None where its phase was not flown."""
    from sim.plots.style import save

    folder.mkdir(parents=True, exist_ok=True)
    made = figure(name, data)
    if made is None:
        return None
    path = folder / f"{name.replace('-', '_')}.{form}"
    save(made, path)
    return path


def load_all() -> None:
    """Import the modules of all pictures."""
    for name in PICTURES.values():
        import_module(f"sim.plots.{name}")


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
