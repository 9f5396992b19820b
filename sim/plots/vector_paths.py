"""Paths of a vector picture: what of them is seen, and their text in SVG. In pixels, and written in tenths of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox

MANY_POINTS = 60  # of an area; a smaller one is written as it is
MARGIN_PX = 6.0  # beyond its panel, up to which a line or an area is kept, so that no cut edge shows
_POINTS = {1: 1, 2: 1, 3: 2, 4: 3}  # of a command: move, line, the two curves
_LETTERS = {1: "m", 2: "l", 3: "q", 4: "c"}


def number(value: float) -> str:
    """A length, as short as it goes: a tenth of a pixel is the smallest there is."""
    return str(round(value))


def seen(path: Path, panel: Bbox | None, width: float, filled: bool) -> tuple[Path | None, bool]:
    """What is seen of a path, in pixels, and whether it has to be cut at the edge of its panel; None: nothing is.

    `panel`: where it is cut; None: nowhere. `width` of its line, pixels. What lies far beyond the panel is left out,
    and points of a line or a coast that lie on the line without them. A path with curves stays as it is.
    """
    points, codes = parts(path)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None, False
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    around = None
    if panel is not None:
        around = panel.padded(MARGIN_PX + width)
        if left > around.x1 or right < around.x0 or low > around.y1 or high < around.y0:
            return None, False
        edge = 0.5 * width
        across = left - edge >= panel.x0 and right + edge <= panel.x1
        if across and low - edge >= panel.y0 and high + edge <= panel.y1:
            around = None  # all of it lies within
    if codes is not None and np.isin(codes, (Path.CURVE3, Path.CURVE4)).any():
        return path, around is not None
    if not filled:
        return _thinned(path, around), around is not None
    if len(points) <= MANY_POINTS:
        return path, around is not None
    inside = path if around is None else path.clip_to_bbox(around)
    areas = [parts(_thinned(Path(ring), None))[0] for ring in _rings(inside) if len(ring) > 2]
    if not areas:
        return None, False
    closed = [Path(np.vstack([area, area[:1]]), _closed(len(area))) for area in areas]
    return Path.make_compound_path(*closed), around is not None


def parts(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """The points (n,2) of a path and its codes (n,)."""
    return np.asarray(path.vertices), None if path.codes is None else np.asarray(path.codes)


def _rings(path: Path) -> Iterator[np.ndarray]:
    """The corners (n,2) of each area of a path."""
    points, codes = parts(path)
    if codes is None:
        yield points
        return
    starts = np.flatnonzero(codes == Path.MOVETO)
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        yield points[start:end][codes[start:end] != Path.CLOSEPOLY]


def _closed(corners: int) -> np.ndarray:
    codes = np.full(corners + 1, Path.LINETO, dtype=Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return codes


def _thinned(path: Path, around: Bbox | None) -> Path:
    """Without the points that lie on the line between their neighbours, and without what lies outside `around`."""
    edges: Any = None if around is None else (around.x0, around.y0, around.x1, around.y1)
    if edges is None and len(parts(path)[0]) <= 3:
        return path
    points, codes = parts(path.cleaned(remove_nans=True, clip=edges, simplify=True, curves=True))
    kept = codes != Path.STOP
    return Path(points[kept], None if codes is None else codes[kept])


def steps(path: Path) -> str:
    """A path in units as SVG, each point as a step from the one before; whole numbers."""
    corners, codes = parts(path)
    if codes is None:
        return _polyline(np.rint(corners[np.isfinite(corners).all(axis=1)]).astype(int))
    points = np.rint(np.nan_to_num(corners)).astype(int)
    if not np.isin(codes, (Path.CURVE3, Path.CURVE4)).any():
        starts = np.flatnonzero(codes == Path.MOVETO)
        lines = []
        for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
            drawn = codes[start:end] != Path.CLOSEPOLY
            lines.append(_polyline(points[start:end][drawn]) + ("" if drawn.all() else "z"))
        return "".join(lines)
    return _curves(points, codes)


def _polyline(points: np.ndarray) -> str:
    """Whole numbers (n,2); of points that lie on one another one is kept."""
    if not len(points):
        return ""
    by = np.diff(points, axis=0)
    by = by[by.any(axis=1)]
    start = f"M{points[0, 0]} {points[0, 1]}"
    if not len(by):
        return f"{start}h0"  # a dot, where ends are round
    return f"{start}l{' '.join(map(str, by.ravel().tolist()))}".replace(" -", "-")


def _curves(points: np.ndarray, codes: np.ndarray) -> str:
    found, here, start, i = [], np.zeros(2, dtype=int), np.zeros(2, dtype=int), 0
    while i < len(codes):
        code = int(codes[i])
        if code == Path.CLOSEPOLY:
            found.append("z")
            here, i = start, i + 1
        elif code == Path.MOVETO:
            here = start = points[i]
            found.append(f"M{here[0]} {here[1]}")
            i += 1
        elif code in _POINTS:
            these = points[i : i + _POINTS[code]]
            found.append(_LETTERS[code] + " ".join(map(str, (these - here).ravel().tolist())).replace(" -", "-"))
            here, i = these[-1], i + len(these)
        else:  # STOP
            break
    return "".join(found)
