"""matplotlib's renderer with texts in a third of the time, and the same pixels.

matplotlib 3.11 draws a text glyph by glyph and sets the size of the font before each of them, upon which FreeType runs
the program of the font anew. Here it is set where it changes. What a text measures and where its glyphs stand is kept,
since pictures repeat their labels. Other versions draw texts in another way, and are left to it.
"""

from __future__ import annotations

import math
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

GLYPH_BY_GLYPH = matplotlib.__version_info__[:2] == (3, 11)
MOST_TEXTS = 4096  # kept of each kind; the pictures of a flight have a quarter of that

_measured: dict[tuple, tuple[float, float, float]] = {}
_laid_out: dict[tuple, list[tuple[Any, int, float, float]]] = {}  # font, glyph, and where it stands, pixels


class SheetRenderer(RendererAgg):
    """Renders as matplotlib's own does, to the last bit."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        if ismath or not GLYPH_BY_GLYPH:
            return super().get_text_width_height_descent(s, prop, ismath)
        key = s, hash(prop), self.dpi, backend_agg.get_hinting_flag()
        if key not in _measured:
            _kept(_measured, key, super().get_text_width_height_descent(s, prop, ismath))
        return _measured[key]

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        if ismath or not GLYPH_BY_GLYPH or not gc.get_antialiased():
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        flags, size = backend_agg.get_hinting_flag(), prop.get_size_in_points()
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        turn = (0x10000 * np.array([[cos, -sin], [sin, cos]])).round().astype(int)
        sized = None
        for font, glyph, right, up in self._glyphs(s, prop, flags, mtext):
            if font is not sized:  # another one for what the first has no glyph of
                font.set_size(size, self.dpi)
                sized = font
            place = x + right * cos - up * sin, self.height - y + right * sin + up * cos
            font._set_transform(turn, [round(0x40 * place[0]), round(0x40 * place[1])])  # in 64ths of a pixel
            bitmap = font._render_glyph(glyph, flags, backend_agg.RenderMode.NORMAL)
            below = int(self.height) - bitmap.top + bitmap.buffer.shape[0]
            self._renderer.draw_text_image(bitmap.buffer, bitmap.left, below, 0, gc)

    def _glyphs(
        self, s: str, prop: FontProperties, flags: Any, mtext: Text | None
    ) -> list[tuple[Any, int, float, float]]:
        features = mtext.get_fontfeatures() if mtext is not None else None
        language = mtext.get_language() if mtext is not None else None
        key = s, hash(prop), self.dpi, flags, repr(features), repr(language)
        if key not in _laid_out:
            items = self._prepare_font(prop)._layout(s, flags=flags, features=features, language=language)
            _kept(_laid_out, key, [(item.ft_object, item.glyph_index, item.x, item.y) for item in items])
        return _laid_out[key]


def _kept(store: dict, key: tuple, value: object) -> None:
    if len(store) >= MOST_TEXTS:
        store.clear()
    store[key] = value


class SheetCanvas(FigureCanvasAgg):
    """A canvas of its own for each sheet: no window, and no backend of the user's."""

    def get_renderer(self) -> RendererAgg:
        """The renderer for the size that the sheet has now."""
        known = getattr(self, "renderer", None)
        made = super().get_renderer()
        if made is not known and not isinstance(made, SheetRenderer):
            self.renderer = SheetRenderer(made.width, made.height, made.dpi)
        return self.renderer
