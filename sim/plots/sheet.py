"""The sheet that a picture is drawn on: its size, its settings of matplotlib, and panels placed in inches.

A sheet is a figure by itself. It can be laid into axes of the user's figure; a picture does not see the difference.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D, Bbox
from PIL import Image
from PIL.Image import Resampling

from sim.plots.lettering import SheetCanvas
from sim.plots.vector import VectorRenderer

DPI = 150
PNG_LEVEL = 3  # from 4 on it takes half as long again, for files that are 6 % smaller
VECTOR_DPI = 300  # of a sheet in axes of a figure that is saved as PDF or SVG
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
    "axes.titley": 1.0,  # where it stands anyway; to look for ticks above it costs a second layout of all of them
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
    "text.parse_math": False,  # a name may hold a dollar
}


@cache
def _settings() -> dict[str, Any]:
    """matplotlib's defaults, all but the backend's, and ours over them, as matplotlib keeps them once it has read them.

    Its own way to them, `matplotlib.style`, reads the user's style files too, which may be anything.
    """
    given = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")} | _SETTINGS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)  # of settings that will go
        read: Any = matplotlib.RcParams(given)
        return {key: dict.__getitem__(read, key) for key in given}


@contextmanager
def context() -> Iterator[None]:
    """matplotlib's own defaults and these settings while the block runs; also as a decorator, `@context()`.

    What the user's matplotlibrc or notebook has set neither reaches a picture nor is changed by one. Whatever makes or
    changes a figure runs inside; to render and to save one, `Sheet` enters it by itself. matplotlib's settings belong
    to the whole process, so two threads must not draw at once.
    """
    with matplotlib.rc_context():  # gives the user's own back
        settings: Any = matplotlib.rcParams
        dict.update(settings, _settings())  # read before: to read 300 settings takes as long as a panel
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


class SheetInAxes(Artist):
    """A sheet laid into axes of the user's figure, which it follows wherever they are moved.

    It fills the largest rectangle of its own aspect inside the axes, centred, and everything in it is as large or small
    as the rectangle is: texts, lines and distances keep their proportions, so nothing overlaps that does not overlap in
    the sheet by itself. It is rendered as an image with the pixels of the rectangle, afresh for each size; where the
    user's figure is saved as PDF or SVG, with 300 an inch.
    """

    def __init__(self, axes: Axes, sheet_inside: Sheet):
        super().__init__()
        self.sheet = sheet_inside
        self._rendered: tuple[float, np.ndarray] | None = None  # its width in pixels, and (rows, columns, 4)
        axes.set_axis_off()
        axes.add_artist(self)

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """The rectangle in pixels of the user's figure."""
        assert self.axes is not None  # it was added to them
        wide, tall = self.sheet.get_size_inches()
        around = self.axes.get_window_extent(renderer)
        scale = min(around.width / wide, around.height / tall)
        left = around.x0 + 0.5 * (around.width - scale * wide)
        bottom = around.y0 + 0.5 * (around.height - scale * tall)
        return Bbox.from_bounds(left, bottom, scale * wide, scale * tall)

    def draw(self, renderer: RendererBase) -> None:
        box = self.get_window_extent(renderer)
        if not self.get_visible() or min(box.width, box.height) < 2.0:
            return
        gc = renderer.new_gc()
        if renderer.option_scale_image():
            image = self._image(box.width * VECTOR_DPI / float(np.asarray(renderer.points_to_pixels(72.0))))
            renderer.draw_image(gc, box.x0, box.y0, image, Affine2D().scale(box.width, box.height))
        else:
            renderer.draw_image(gc, round(box.x0), round(box.y0), self._image(box.width))
        gc.restore()
        self.stale = False

    def _image(self, width: float) -> np.ndarray:
        """The sheet as RGBA (rows, columns, 4), upside down as matplotlib's renderers take it.

        Below its own number of pixels it is made smaller after it was rendered: small texts, rendered as such, lose
        their shape.
        """
        if self._rendered is None or self._rendered[0] != width:
            size = self.sheet.get_size_inches()
            self.sheet.set_dpi(max(DPI, width / size[0]))
            canvas = SheetCanvas(self.sheet)
            canvas.draw()
            image = Image.fromarray(np.array(canvas.buffer_rgba()))
            if width < image.width - 1:
                image = image.resize((round(width), max(1, round(width * size[1] / size[0]))), Resampling.LANCZOS)
            self._rendered = width, np.array(image)[::-1]
        return self._rendered[1]


_AROUND_SHEET: ContextVar[Axes | None] = ContextVar("axes that the next sheet is laid into", default=None)


@contextmanager
def inside(axes: Axes | None) -> Iterator[None]:
    """Sheets that are made while the block runs are laid into these axes, which are switched off; None: into none."""
    before = _AROUND_SHEET.set(axes)
    try:
        yield
    finally:
        _AROUND_SHEET.reset(before)


def sheet(height_in: float, title: str, subtitle: str) -> Sheet:
    """An empty figure with its headline; axes are placed with `panel`."""
    figure = Sheet(figsize=(WIDTH_IN, height_in), dpi=DPI)
    SheetCanvas(figure)
    if (axes := _AROUND_SHEET.get()) is not None:
        SheetInAxes(axes, figure)
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
    """What measures texts of a sheet."""
    canvas = axes.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)  # every sheet has one
    return canvas.get_renderer()


def panel(figure: Sheet, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
    """Axes at a place given in inches from the lower left corner."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up), **options)


def save(figure: Sheet, path: Path) -> None:
    """As PNG, or as SVG where the name ends in `.svg`; without date and version: the same picture, the same bytes.

    The paper is opaque, so three channels of a PNG hold all of it; with the fourth a file takes longer and is larger.
    """
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)  # every sheet has one
    if path.suffix == ".svg":
        written = VectorRenderer(canvas.get_renderer(), path.stem)
        figure.draw(written)
        path.write_text(written.text(figure.texts[0].get_text()), encoding="utf-8", newline="\n")
        return
    with context():
        canvas.draw()
    pixels = Image.frombytes("RGB", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBX")
    pixels.save(path, format="png", compress_level=PNG_LEVEL, dpi=(DPI, DPI))
