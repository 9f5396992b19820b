"""A day of docking: a row for each constraint, its margin and where it holds, and the row where all hard ones do."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, PURPLE, SOFT, VERMILLION, Look, context, panel, sheet

HARD, MILD, OPEN = "#b9dfd2", "#cfe0ee", GREEN
LEFT, WIDE, APART, LARGE = 1.7, 5.1, 0.47, 3.1  # inches
TALL, GAP, LAST = 0.56, 0.14, 0.34
UNDER = 2.5  # the frame shows so many times the best margin below zero
NAMES = {
    "launch": "launch that\ndocks then",
    "trim": "trim",
    "phase": "phase",
    "camera_sun": "Sun from\nthe camera",
    "beta": "power:\nbeta",
    "links": "links, last\nhour",
    "port_light": "light at\nthe port",
    "sunlight": "no shadow",
    "home_pass": "over China",
    "crew_day": "crew's day",
    "return_pass": "landing\npass",
    "return_light": "landing\nby day",
}


@context()
def draw(data: dict) -> Sheet:
    """From the arrays of `sim.planning.docking.chart.day_chart`."""
    count = len(data["views"][0]["rows"])
    height = 0.95 + count * (TALL + GAP) + LAST + 0.75
    trimmed = "trimmed for each day" if data["trimmed"] else "as it flies"
    figure = sheet(
        height,
        "When it may dock, and what closes the window",
        f"{data['name']} · {data['port']} port, {data['profile']} · elements {data['elements']}, station {trimmed}",
    )
    for view, left, wide in zip(data["views"], (LEFT, LEFT + WIDE + APART), (WIDE, LARGE), strict=True):
        _column(figure, data, view, left, wide, height - 0.95, left == LEFT)
    _legend(figure, height, data["at"] is not None)
    return figure


def _column(figure: Sheet, data: dict, view: dict, left: float, wide: float, top: float, names: bool) -> None:
    bottom = top
    for row in view["rows"]:
        bottom -= TALL + GAP
        axes = panel(figure, left, bottom, wide, TALL)
        _row(axes, view, row, names)
        _marks(axes, data)
        _times(axes, data, view, False)
    axes = panel(figure, left, bottom - GAP - LAST, wide, LAST)
    axes.set(ylim=(0, 1), yticks=[])
    axes.grid(False, axis="y")
    for a, b in view["open"]:
        axes.axvspan(a, b, color=OPEN, lw=0, zorder=2)
    if names:
        _name(axes, "all hard ones", "", weight="bold")
    _marks(axes, data)
    _times(axes, data, view, True)


def _row(axes: Axes, view: dict, row: dict, names: bool) -> None:
    for a, b in row["bars"]:
        axes.axvspan(a, b, color=HARD if row["hard"] else MILD, lw=0, zorder=0.6)
    axes.axhline(0.0, color=INK, lw=0.7, zorder=2.5)
    axes.plot(view["times"], row["margin"], color=BLUE if row["hard"] else PURPLE, lw=1.3, zorder=3)
    best, worst = float(row["margin"].max()), float(row["margin"].min())
    size = max(best if best > 0.0 else -worst, 1e-9)
    low, high = max(min(worst, 0.0), -UNDER * size), max(best, 0.0)
    border = 0.12 * (high - low)
    axes.set(ylim=(low - border, high + border))
    ends = [v for v in (low, high) if abs(v) > 0.3 * (high - low)]
    axes.set_yticks([0.0, *ends], ["0", *(_short(v) for v in ends)], fontsize=7.5)
    axes.grid(False, axis="y")
    if names:
        _name(axes, NAMES[row["name"]], f"{row['unit']}, {'hard' if row['hard'] else 'soft'}")


def _name(axes: Axes, words: str, unit: str, weight: str = "normal") -> None:
    left, below = -72.0 * (LEFT - 0.35), -14.0 if "\n" in words else -7.0
    place: Look = {"xycoords": "axes fraction", "textcoords": "offset points", "ha": "left", "va": "center"}
    axes.annotate(
        words, (0.0, 0.5), (left, 5.0 if unit else 0.0), fontsize=8.5, fontweight=weight, linespacing=1.05, **place
    )
    if unit:
        axes.annotate(unit, (0.0, 0.5), (left, below), fontsize=7.5, color=SOFT, **place)


def _short(value: float) -> str:
    return (f"{value:+.0f}" if abs(value) >= 10.0 else f"{value:+.1f}").replace("-", "\N{MINUS SIGN}")


def _marks(axes: Axes, data: dict) -> None:
    axes.axvline(data["contact"], color=SOFT, lw=1.0, ls=(0, (3, 2)), zorder=2.8)
    if data["at"] is not None:
        axes.axvline(data["at"], color=VERMILLION, lw=1.3, zorder=4)


def _times(axes: Axes, data: dict, view: dict, labelled: bool) -> None:
    zero, hours = data["zero"], (view["end"] - view["start"]) / 3600.0
    every = 3600.0 * 3 if hours > 8.0 else 1800.0
    midnight = type(zero).from_utc(zero.plus(view["start"]).utc(0)[:10]).since(zero)
    ticks = midnight + every * np.arange(int((view["end"] - midnight) / every) + 1)
    ticks = ticks[ticks >= view["start"]]
    words = [zero.plus(float(t)).text("%H:%M") for t in ticks]
    if labelled and len(words):
        new_day = [0] + [i for i in range(1, len(words)) if words[i] == "00:00"]
        new_day = [i for i in new_day if i > 0 or not (len(words) > 1 and words[1] == "00:00")]
        for i in new_day:
            words[i] += zero.plus(float(ticks[i]) + 1.0).text("\n%d %b %Y")
    axes.set_xlim(view["start"], view["end"])
    axes.set_xticks(ticks, words if labelled else [""] * len(ticks), fontsize=8.5)
    if labelled:
        axes.set_xlabel("UTC, of contact", fontsize=8.5, labelpad=1.0)


def _legend(figure: Sheet, height: float, asked: bool) -> None:
    handles = [
        Line2D([], [], color=BLUE, label="margin of a hard rule"),
        Patch(color=HARD, label="it holds"),
        Line2D([], [], color=PURPLE, label="of a soft one"),
        Patch(color=MILD, label="it holds"),
        Patch(color=OPEN, label="open"),
        Line2D([], [], color=SOFT, lw=1.0, ls=(0, (3, 2)), label="planned contact"),
    ]
    if asked:
        handles.append(Line2D([], [], color=VERMILLION, label="time asked for"))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.03, 1.0 - 0.74 / height),
        ncols=len(handles),
        fontsize=8.8,
        frameon=False,
        handlelength=1.6,
        handletextpad=0.4,
        columnspacing=1.2,
        borderaxespad=0.0,
    )
