"""Regional maps of a launch: the frame they share, recovery areas, and longitudes counted on across the date line."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike

from sim.core.ascent_record import RecoveryArea
from sim.plots.ground_track import world_map
from sim.plots.style import BLUE, GREEN, Look, pale

ON = {"land": GREEN, "sea": BLUE}
HATCH = {"land": "////", "sea": "...."}  # so that they part without colour too


def beside(longitude: ArrayLike, middle: float) -> np.ndarray:
    """Longitudes within half a turn of `middle`, deg."""
    return middle + (np.asarray(longitude, dtype=float) - middle + 180.0) % 360.0 - 180.0


def region(
    axes: Axes, longitude: ArrayLike, latitude: ArrayLike, shape: float, step: float, coast: str = "coast50.npz"
) -> None:
    """A map about all the points given; `shape`: height over width of the panel, in inches, so that shapes keep."""
    low, high = np.nanmin(latitude), np.nanmax(latitude)
    left, right = np.nanmin(longitude), np.nanmax(longitude)
    flat = shape * np.cos(np.radians(0.5 * (low + high)))
    wide = max((right - left) * 1.08, (high - low) * 1.12 / flat)
    x, y = 0.5 * (left + right), 0.5 * (low + high)
    world_map(axes, (x - wide / 2, x + wide / 2), (y - wide * flat / 2, y + wide * flat / 2), coast, step, step)


def draw_areas(axes: Axes, areas: Iterable[RecoveryArea], middle: float) -> list[tuple[float, float, str]]:
    """The recovery areas of a map; the middle and name of each, for labels."""
    named = []
    for area in areas:
        corners = np.array(area.corners_deg)
        points = np.column_stack([beside(corners[:, 1], middle), corners[:, 0]])
        colour = ON[area.on]
        look: Look = {"fc": (*pale(colour), 0.35), "ec": colour, "lw": 1.1, "hatch": HATCH[area.on]}
        axes.add_patch(Polygon(points, zorder=1.5, **look))
        named.append((float(points[:, 0].mean()), float(points[:, 1].mean()), area.name))
    return named
