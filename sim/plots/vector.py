"""A sheet as SVG: laid out as its PNG is, to a tenth of a pixel, in some tens of kilobytes.

matplotlib's own writer takes as long as the PNG, and 9 MB for the pictures of a rotation. This one writes each point as
a step of whole tenths of a pixel, cuts land at the edge of its panel, and leaves out what nobody could see. Texts stay
texts, each held to the width for which the picture was laid out, whatever font its reader has.
"""

from __future__ import annotations

import base64
import re
from html import escape
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform
from PIL import Image

from sim.plots.vector_paths import number, seen, steps

UNITS = 10  # a pixel
FONTS = "DejaVu Sans,Bitstream Vera Sans,Verdana,Geneva,sans-serif"  # the first has the widths, the others its like
FEW_MARKS = 3  # each written where it stands; of more the shape is written once
JOIN = {"miter": "", "round": ' stroke-linejoin="round"', "bevel": ' stroke-linejoin="bevel"'}
CAP = {"butt": "", "round": ' stroke-linecap="round"', "projecting": ' stroke-linecap="square"'}
MANY_SPACES = re.compile(" {2,}")  # they would be shown as one
TURNED = Affine2D().scale(UNITS, -UNITS)  # from pixels upwards to units downwards


class VectorRenderer(RendererBase):
    """Writes what a figure draws; `measure` measures its texts and has its size and its dots an inch.

    `name` stands before every id, so that several pictures may stand on one page.
    """

    def __init__(self, measure: RendererAgg, name: str):
        super().__init__()
        self.measure, self.name, self.dpi = measure, name, float(measure.dpi)
        self.width, self.height = float(measure.width), float(measure.height)
        self.flip = TURNED.frozen().translate(0.0, UNITS * self.height)
        self.parts: list[str] = []
        self.defined: dict[str, str] = {}  # what is written once -> its id
        self.lines: tuple[str, list[str]] = "", []  # a look, and the lines with it that have followed one another

    # ---- what matplotlib asks of a renderer

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        return points * self.dpi / 72.0

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        return self.measure.get_text_width_height_descent(s, prop, ismath)

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        filled = rgbFace is not None or gc.get_hatch() is not None
        wide = self._width(gc)
        if not filled and not wide:
            return
        made, cut = seen(path.transformed(transform), gc.get_clip_rectangle(), wide / UNITS, filled)
        if made is None:
            return
        look = self._look(gc, rgbFace) + (self._clip(gc) if cut or gc.get_clip_path()[0] is not None else "")
        shape = steps(made.transformed(self.flip))
        if filled or "opacity" in look:  # two of them in one path look otherwise where they meet
            self._add(f'<path d="{shape}"{look}/>')
            if gc.get_hatch() is not None:
                self._add(self._hatched(gc, shape, made.get_extents(self.flip)))
            return
        if self.lines[0] != look:
            self._end_lines()
            self.lines = look, []
        self.lines[1].append(shape)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        at = np.asarray(path.transformed(trans).vertices)
        at = at[np.isfinite(at).all(axis=1)]
        if len(at) <= FEW_MARKS:  # among them an area that is drawn alone, which may be larger than its panel
            for x, y in at.tolist():
                self.draw_path(gc, marker_path, marker_trans + Affine2D().translate(x, y), rgbFace)
            return
        mark = marker_path.transformed(marker_trans)
        cut = ""
        if (box := gc.get_clip_rectangle()) is not None:
            reach = float(np.abs(np.asarray(mark.vertices)).max()) + self._width(gc) / UNITS
            at = at[_within(at, box.padded(reach))]
            cut = "" if _within(at, box.padded(-reach)).all() else self._clip(gc)
        if not len(at):
            return
        known = self._known(f'<path id="$" d="{steps(mark.transformed(TURNED))}"/>')
        places = self.flip.transform(at).tolist()
        uses = "".join(f'<use href="#{known}" x="{number(x)}" y="{number(y)}"/>' for x, y in places)
        self._add(f"<g{self._look(gc, rgbFace)}{cut}>{uses}</g>")

    def draw_image(
        self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Transform | None = None
    ) -> None:
        if transform is None:
            box = Bbox.from_bounds(x, y, im.shape[1], im.shape[0])
        else:
            box = transform.transform_bbox(Bbox.unit()).translated(x, y)
        self._image(np.asarray(im)[::-1], box, self._clip(gc))

    def draw_quad_mesh(self, gc: GraphicsContextBase, *mesh: Any) -> None:
        """As an image: thousands of rectangles would be slow to show."""
        agg = RendererAgg(self.width, self.height, self.dpi)
        agg.draw_quad_mesh(gc, *mesh)
        pixels = np.array(agg.buffer_rgba())
        inked = np.argwhere(pixels[:, :, 3] > 0)
        if len(inked):
            (top, left), (low, right) = inked.min(axis=0), inked.max(axis=0) + 1
            box = Bbox.from_extents(left, self.height - low, right, self.height - top)
            self._image(pixels[top:low, left:right], box, "")

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
        if not s.strip():
            return
        left, down = number(UNITS * x), number(UNITS * y)
        look = f' font-size="{number(UNITS * self.points_to_pixels(prop.get_size_in_points()))}"'
        look += "" if (weight := prop.get_weight()) in ("normal", 400) else f' font-weight="{weight}"'
        look += "" if (style := prop.get_style()) == "normal" else f' font-style="{style}"'
        look += f' fill="{to_hex(gc.get_rgb())}"' + _clear("fill-opacity", gc.get_alpha())
        look += f' transform="rotate({-angle:g} {left} {down})"' if angle else ""
        if len(s) > 1:
            wide = UNITS * self.get_text_width_height_descent(s, prop, ismath)[0]
            look += f' textLength="{number(wide)}" lengthAdjust="spacingAndGlyphs"'
        words = MANY_SPACES.sub(lambda spaces: "\u00a0" * len(spaces[0]), escape(s, quote=False))
        self._add(f'<text x="{left}" y="{down}"{look}>{words}</text>')

    # ---- how a thing looks, and where it ends

    def _width(self, gc: GraphicsContextBase) -> float:
        """Of a line, in units; nought where none is seen."""
        colour = gc.get_rgb()
        hidden = len(colour) == 4 and colour[3] == 0.0 and not gc.get_forced_alpha()
        return 0.0 if hidden else UNITS * float(self.points_to_pixels(gc.get_linewidth()))

    def _look(self, gc: GraphicsContextBase, face: Any) -> str:
        forced = gc.get_forced_alpha()  # for line and area at once, instead of their own
        found = []
        if face is None and gc.get_hatch() is not None:
            found.append(' fill="none"')
        elif face is not None:
            found.append(f' fill="{to_hex(face)}"' + ("" if forced else _clear("fill-opacity", *face[3:])))
        if forced:
            found.append(_clear("opacity", gc.get_alpha()))
        if wide := self._width(gc):
            colour: Any = gc.get_rgb()
            found.append(f' stroke="{to_hex(colour)}" stroke-width="{number(wide)}"')
            found.append("" if forced else _clear("stroke-opacity", *colour[3:]))
            dashed: Any = gc.get_dashes()
            start, dashes = dashed
            if dashes is not None:
                lengths = " ".join(number(UNITS * self.points_to_pixels(d)) for d in dashes)
                found.append(f' stroke-dasharray="{lengths}"')
                found.append(f' stroke-dashoffset="{number(UNITS * self.points_to_pixels(start))}"' if start else "")
            found += [JOIN[gc.get_joinstyle()], CAP[gc.get_capstyle()]]
        return "".join(found)

    def _hatched(self, gc: GraphicsContextBase, shape: str, box: Bbox) -> str:
        """The hatching of an area: tiles of an inch side by side, cut off at its edge. A `<pattern>` would do, but on
        paper Chromium makes pixels of each area that has one: 52 MB for the PDF of a rotation, instead of 13."""
        hatched = gc.get_hatch_path()
        assert hatched is not None  # it is asked for where there is one
        colour, wide = to_hex(gc.get_hatch_color()), number(UNITS * self.points_to_pixels(gc.get_hatch_linewidth()))
        tile = self._known(f'<path id="$" d="{steps(hatched.transformed(Affine2D().scale(UNITS * self.dpi)))}"/>')
        edge = self._known(f'<clipPath id="$"><path d="{shape}"/></clipPath>')
        side, foot = UNITS * self.dpi, UNITS * self.height  # tiles are counted from the foot of the picture upward
        across = range(int(box.x0 // side), int(box.x1 // side) + 1)
        upward = range(int((foot - box.y1) // side), int((foot - box.y0) // side) + 1)
        uses = "".join(
            f'<use href="#{tile}" x="{number(i * side)}" y="{number(j * side)}"/>' for j in upward for i in across
        )
        faint: Any = to_rgba(gc.get_hatch_color())[3]
        clear = _clear("opacity", gc.get_alpha() if gc.get_forced_alpha() else faint)
        return (
            f'<g{self._clip(gc)}><g clip-path="url(#{edge})"{clear}><g fill="{colour}" stroke="{colour}" '
            f'stroke-width="{wide}" transform="matrix(1 0 0 -1 0 {number(foot)})">{uses}</g></g></g>'
        )

    def _clip(self, gc: GraphicsContextBase) -> str:
        edge: tuple[Any, Any] = gc.get_clip_path()
        path, transform = edge
        if path is not None:
            shape = steps(path.transformed(transform + self.flip))
        elif (box := gc.get_clip_rectangle()) is not None:
            corners = self.flip.transform_bbox(box)
            left, low, right, high = (number(v) for v in (corners.x0, corners.y0, corners.x1, corners.y1))
            shape = f"M{left} {low}H{right}V{high}H{left}Z"
        else:
            return ""
        known = self._known(f'<clipPath id="$"><path d="{shape}"/></clipPath>')
        return f' clip-path="url(#{known})"'

    # ---- what is written

    def _known(self, text: str) -> str:
        """The id of something that is written once for many; `$` in it stands for the id."""
        return self.defined.setdefault(text, f"{self.name}-{len(self.defined)}")

    def _image(self, pixels: np.ndarray, box: Bbox, cut: str) -> None:
        data = BytesIO()
        Image.fromarray(pixels).save(data, format="png")
        code = base64.b64encode(data.getvalue()).decode("ascii")
        place = self.flip.transform_bbox(box)
        corner = f'x="{number(place.xmin)}" y="{number(place.ymin)}"'
        size = f'width="{number(abs(place.width))}" height="{number(abs(place.height))}"'
        self._add(f'<image {corner} {size} preserveAspectRatio="none" href="data:image/png;base64,{code}"{cut}/>')

    def _add(self, text: str) -> None:
        self._end_lines()
        self.parts.append(text)

    def _end_lines(self) -> None:
        look, shapes = self.lines
        if shapes:
            self.parts.append(f'<path d="{"".join(shapes)}"{look}/>')
        self.lines = "", []

    def text(self, title: str) -> str:
        """The whole picture as one SVG element."""
        self._end_lines()
        wide, tall = round(self.width), round(self.height)
        once = "".join(text.replace("$", known, 1) for text, known in self.defined.items())
        size = f'width="{wide}" height="{tall}" viewBox="0 0 {wide * UNITS} {tall * UNITS}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="max-width:100%;height:auto" role="img"'
        inside = "\n".join(self.parts)
        return (
            f'{head} aria-label="{escape(title)}">\n<defs>{once}</defs>\n'
            f'<g fill="none" font-family="{FONTS}">\n{inside}\n</g>\n</svg>\n'
        )


def _clear(name: str, *alpha: float) -> str:
    """An opacity, where it is not one."""
    return f' {name}="{alpha[0]:.3g}"' if alpha and alpha[0] != 1.0 else ""


def _within(points: np.ndarray, box: Bbox) -> np.ndarray:
    """Which of the points (n,2) lie in a box."""
    return np.all((points > box.min) & (points < box.max), axis=1)
