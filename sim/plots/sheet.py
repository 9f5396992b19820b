"""The sheet that a picture is drawn on: its size, its settings of matplotlib, and panels placed in inches.

A sheet is a figure by itself, or it lies inside axes of the user's figure; a picture does not see the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.gridspec import GridSpec

DPI = 150
WIDTH_IN = 10.67  # 1600 pixels
INK, SOFT, FAINT, PAPER = "#1a1a1a", "#5c6670", "#d5dade", "#ffffff"

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 10.0,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "legend.frameon": True,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.9,
    "legend.fontsize": 9.5,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
    "agg.path.chunksize": 20000,
}


@contextmanager
def context() -> Iterator[None]:
    """matplotlib's own defaults and these settings while the block runs; also as a decorator, `@context()`.

    What the user's matplotlibrc or notebook has set neither reaches a picture nor is changed by one. Whatever makes or
    changes a figure runs inside; to render and to save one, `Sheet` enters it by itself. matplotlib's settings belong
    to the whole process, so two threads must not draw at once.
    """
    with matplotlib.style.context(["default", _SETTINGS]):
        yield


class Sheet(Figure):
    """A figure that is rendered and saved in the style of the pictures, also later, by whoever holds it.

    matplotlib makes ticks and reads settings only when it renders.
    """

    def draw(self, renderer: RendererBase) -> None:
        with context():
            super().draw(renderer)

    def savefig(self, *args: Any, **options: Any) -> None:
        with context():
            super().savefig(*args, **options)

    def _repr_png_(self) -> bytes:
        """For a notebook."""
        data = BytesIO()
        self.savefig(data, format="png")
        return data.getvalue()


class Inset(SubFigure):
    """A sheet inside the rectangle of axes of the user's figure, which follows them wherever they are moved.

    For what places panels on it, it is as large as the sheet by itself: inches are fractions of that size. Texts keep
    their size in points.
    """

    def __init__(self, axes: Axes, size_in: tuple[float, float]):
        parent = axes.figure
        super().__init__(parent, GridSpec(1, 1)[0, 0])
        self.axes_around, self.size_in = axes, size_in
        self.follow()
        parent.subfigs.append(self)

    def follow(self) -> None:
        """Take the place of the axes as it is now."""
        self.bbox_relative.set(self.axes_around.get_position())

    def get_size_inches(self) -> np.ndarray:
        return np.array(self.size_in)

    def draw(self, renderer: RendererBase) -> None:
        self.follow()
        with context():
            super().draw(renderer)


AnySheet = Sheet | Inset

_AROUND_SHEET: ContextVar[Axes | None] = ContextVar("axes that the next sheet is laid into", default=None)


@contextmanager
def inside(axes: Axes | None) -> Iterator[None]:
    """Sheets that are made while the block runs lie in these axes, which are switched off; None: by themselves."""
    before = _AROUND_SHEET.set(axes)
    try:
        yield
    finally:
        _AROUND_SHEET.reset(before)


def sheet(height_in: float, title: str, subtitle: str) -> AnySheet:
    """An empty figure with its headline; axes are placed with `panel`."""
    figure: AnySheet
    if (axes := _AROUND_SHEET.get()) is not None:
        axes.set_axis_off()
        figure = Inset(axes, (WIDTH_IN, height_in))
    else:
        figure = Sheet(figsize=(WIDTH_IN, height_in), dpi=DPI)
        FigureCanvasAgg(figure)  # its own canvas: no window, and no backend of the user's
    figure.text(0.35 / WIDTH_IN, 1.0 - 0.33 / height_in, title, fontsize=14, fontweight="bold", va="center")
    figure.text(0.35 / WIDTH_IN, 1.0 - 0.60 / height_in, subtitle, fontsize=10, color=SOFT, va="center")
    figure.text(
        1.0 - 0.25 / WIDTH_IN,
        1.0 - 0.33 / height_in,
        "tiangong-sim · simulated",
        fontsize=9,
        color=SOFT,
        ha="right",
        va="center",
    )
    return figure


def renderer_of(axes: Axes) -> RendererAgg:
    """What measures texts: of the figure's canvas, or of one like it where the user's canvas has none."""
    canvas = axes.figure.canvas
    if hasattr(canvas, "get_renderer"):
        return canvas.get_renderer()
    box = axes.figure.figure.bbox if isinstance(axes.figure, SubFigure) else axes.figure.bbox
    return RendererAgg(box.width, box.height, axes.figure.dpi)


def panel(figure: AnySheet, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
    """Axes at a place given in inches from the lower left corner."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up), **options)


def save(figure: AnySheet, path: Path) -> None:
    """As PNG without the date and versions that matplotlib would add: the same picture gives the same bytes."""
    assert isinstance(figure, Sheet)  # what lies in axes of the user's figure is saved with that
    figure.savefig(path, metadata={"Software": None}, pil_kwargs={"compress_level": 4})
