"""Where a label may stand about its point, and how points, boxes and lines of a panel lie to one another, in pixels."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

Point = tuple[float, float]  # x, y
Box = tuple[float, float, float, float]  # least x and y, most x and y

# Offsets of a label from its point, a ring of eight after the other.
AROUND = [
    (dx * r, dy * r)
    for r in (9, 16, 26, 38, 54, 72)
    for dx, dy in ((1, 0.6), (1, -0.6), (-1, 0.6), (-1, -0.6), (0, 1), (0, -1), (1, 0), (-1, 0))
]


def nearest(point: Point, box: Box) -> Point:
    """The place of a box that is nearest to a point."""
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def apart(point: Point, box: Box) -> float:
    """From a point to the nearest place of a box."""
    x, y = nearest(point, box)
    return float(np.hypot(point[0] - x, point[1] - y))


def line_meets(point: Point, box: Box, boxes: Iterable[Box]) -> bool:
    """Whether the line from a point to the nearest place of a box would run over one of `boxes`."""
    steps = np.linspace(point, nearest(point, box), 40)
    return any(((steps > b[:2]) & (steps < b[2:])).all(axis=1).any() for b in boxes)
