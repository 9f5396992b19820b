"""The path of an orbit about each of its centres, in the plane of its motion there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from sim.core.path_view import PathView
from sim.plots.style import BLUE, FAINT, GREEN, INK, ORANGE, SOFT, VERMILLION, Labels, Sheet, context, panel, sheet

SIZE_IN, GAP_IN, LEFT_IN = 4.35, 0.75, 0.75
MARGIN = 1.12
LONGEST_TITLE = 75
MOST_PANELS = 2


@context()
def draw(name: str, subtitle: str, views: Sequence[PathView]) -> Sheet:
    """One panel a stay at a centre; of more than two, the first and the last."""
    title = name if len(name) <= LONGEST_TITLE else name[: LONGEST_TITLE - 3] + "..."
    figure = sheet(6.7, title, subtitle)
    shown = [views[0], views[-1]] if len(views) > MOST_PANELS else list(views)
    for i, view in enumerate(shown):
        left = LEFT_IN + i * (SIZE_IN + GAP_IN) if len(shown) > 1 else LEFT_IN + 0.5 * (SIZE_IN + GAP_IN)
        _panel(panel(figure, left, 1.05, SIZE_IN, SIZE_IN), view)
    return figure


def _panel(axes: Axes, view: PathView) -> None:
    unit, word = (1e3, "1000 km") if np.abs(view.path_km).max() > 5e3 else (1.0, "km")
    path, other = view.path_km / unit, view.other_km / unit
    near = len(other) > 0 and np.linalg.norm(other, axis=1).min() < 2.0 * np.linalg.norm(path, axis=1).max()
    middle, half = _frame(view, path, other if near else np.empty((0, 2)))
    start, end = view.epoch.plus(float(view.t_s[0])), view.epoch.plus(float(view.t_s[-1]))
    axes.set_title(f"about the {view.centre}, {start.text('%m-%d %H:%M')} to {end.text('%m-%d %H:%M')}")
    axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
    axes.set(xlabel=f"in the plane of the motion, {word}", aspect="equal")
    disc = Circle((0.0, 0.0), view.radius_km / unit, fc=FAINT, ec=INK, lw=0.9, zorder=2)
    axes.add_patch(disc)
    labels = Labels(axes)
    around = np.linspace(0.0, 2.0 * np.pi, 73)
    for share in (0.4, 0.7, 1.0):
        labels.block(*(share * view.radius_km / unit * np.array([np.cos(around), np.sin(around)])))
    if near:
        axes.plot(*other.T, color=SOFT, lw=1.2, ls="--", zorder=2, label=f"{view.other}, on that plane")
        axes.plot(*other[-1], "o", ms=6, mfc=FAINT, mec=SOFT, zorder=3)
        labels.block(other[:, 0], other[:, 1])
    axes.plot(*path.T, color=BLUE, lw=1.4, zorder=3, label="craft")
    inside = np.abs(path - middle).max(axis=1) < half
    labels.block(path[inside, 0], path[inside, 1])
    for begin, stop in view.burns_s:
        during = (view.t_s >= begin) & (view.t_s <= stop)
        axes.plot(*path[during].T, color=VERMILLION, lw=4.0, zorder=4)
    if view.burns_s:
        axes.plot([], [], color=VERMILLION, lw=4.0, label="engine on")
    for text, place, colour, i in (("start", path[0], GREEN, 0), ("end", path[-1], ORANGE, -1)):
        if inside[i]:
            axes.plot(*place, "D", ms=6.5, mfc=colour, mec=INK, mew=1.0, zorder=5, clip_on=False)
            labels.add(place[0], place[1], text, fontweight="bold", fontsize=8.5)
    for t, place, distance in view.lowest:
        axes.plot(*(place / unit), "o", ms=5, mfc=VERMILLION, mec=INK, mew=0.8, zorder=5)
        height = f"{distance - view.radius_km:.0f} km up\n{view.epoch.plus(t).text('%m-%d %H:%M')}"
        labels.add(place[0] / unit, place[1] / unit, height, fontsize=8.5)
    _arrows(axes, view, labels, half, near)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, handlelength=1.6)


def _frame(view: PathView, path: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, float]:
    """Middle (2,) and half the side: of all, or from the first burn on, which makes of an approach what follows it."""
    first = min((begin for begin, _ in view.burns_s), default=view.t_s[0])
    every = np.vstack([path[view.t_s >= first], other, [[0.0, 0.0]]])
    high, low = every.max(axis=0), every.min(axis=0)
    return 0.5 * (high + low), MARGIN * 0.5 * float((high - low).max())


def _arrows(axes: Axes, view: PathView, labels: Labels, half: float, near: bool) -> None:
    """From the centre towards the Sun, and to the other body where it is outside the panel; a short one points out of
    the plane."""
    shown = [("to the Sun", view.sun)]
    if len(view.other_km) and not near:
        place = view.other_km[len(view.other_km) // 2]
        shown.append((f"to the {view.other}", place / np.linalg.norm(place)))
    for word, direction in shown:
        tip = 0.42 * half * direction
        axes.annotate(
            "", (tip[0], tip[1]), (0.0, 0.0), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 1.5}, zorder=4
        )
        labels.block(*np.linspace([0.0, 0.0], tip, 30).T)
        labels.add(tip[0], tip[1], word, fontsize=8.5, color=SOFT)
