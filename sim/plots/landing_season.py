"""A season of landings: touchdowns by date and clock with the light at the site, cross-range, wind, refusals."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.season_days import DARK, LIGHT, column_of, date_axis, day_of, hour_of
from sim.plots.sheet import Sheet
from sim.plots.style import BLACK, BLUE, GREEN, INK, ORANGE, PURPLE, SKY, SOFT, VERMILLION, Look, context, panel, sheet

SHADE = LinearSegmentedColormap.from_list("night and day", [DARK, LIGHT])
LEFT, WIDE = 1.35, 9.0
BESIDE = 0.3  # of a day, between the columns of two sites
TWILIGHT = 12.0  # deg of the Sun's elevation over which night turns to day in the picture
MARKERS = ("o", "s", "D", "^", "v", "P")
COLOURS = (GREEN, BLUE, PURPLE, ORANGE, SKY, BLACK)  # one a marker, so that two sites never share both


@context()
def draw(data: dict) -> Sheet:
    """From the arrays of `sim.planning.landing.chart.season_chart`."""
    figure = sheet(
        10.6,
        "Landing windows of the season",
        f"{data['name']} · {data['ship']} · elements {data['elements']}, station as it flies",
    )
    heights = ((5.35, 3.75), (3.45, 1.2), (2.15, 0.8), (0.6, 1.05))
    rows = [panel(figure, LEFT, bottom, WIDE, tall) for bottom, tall in heights]
    _clock(rows[0], data)
    _cross_range(rows[1], data)
    _wind(rows[2], data)
    _reasons(rows[3], data)
    for axes in rows:
        axes.set_xlim(0.0, len(data["midnights"]) - 1.0)
        date_axis(axes, data, axes in (rows[0], rows[-1]))
    return figure


def _kind(site: dict) -> dict:
    """Of a site the kind of return that the mission flies: all kinds land at the same moments."""
    return next((kind for kind in site["kinds"] if kind["own"]), site["kinds"][0])


def _clock(axes: Axes, data: dict) -> None:
    own = next((site for site in data["sites"] if site["own"]), data["sites"][0])
    axes.set_title(f"Touchdown by the clock in Beijing; the light is that over {own['name']}", pad=22)
    axes.set(ylim=(24, 0), ylabel="hour (UTC+8)", yticks=np.arange(0, 25, 3))
    axes.grid(False)
    count = data["light"].shape[1]
    axes.pcolormesh(
        np.arange(len(data["midnights"])),
        np.arange(count + 1) * 24.0 / count,
        np.ma.masked_invalid(np.clip(data["light"].T / TWILIGHT + 0.5, 0.0, 1.0)),
        cmap=SHADE,
        vmin=0,
        vmax=1,
        lw=0,
        zorder=0.5,
        rasterized=True,
    )
    handles: list[Line2D | Patch] = []
    beside = BESIDE * (np.arange(len(data["sites"])) - 0.5 * (len(data["sites"]) - 1))
    for site, marker, colour, aside in zip(data["sites"], MARKERS, COLOURS, beside, strict=False):
        these = _kind(site)
        x, hour, good = column_of(data, these["touchdown"]) + aside, hour_of(data, these["touchdown"]), these["open"]
        axes.plot(x[~good], hour[~good], marker, ms=4.5, mfc="none", mec=VERMILLION, mew=1.0, zorder=3)
        axes.plot(x[good], hour[good], marker, ms=6.5, mfc=colour, mec="white", mew=0.7, zorder=4)
        best = these["chosen"]
        axes.plot(x[best], hour[best], "o", ms=12, mfc="none", mec=INK, mew=1.1, zorder=5)
        label = f"{site['name']}, open" + (" (the mission's)" if site["own"] else "")
        handles.append(Line2D([], [], ls="none", marker=marker, ms=6.5, mfc=colour, mec="white", label=label))
    handles += [
        Line2D([], [], ls="none", marker="o", ms=4.5, mfc="none", mec=VERMILLION, label="refused"),
        Line2D([], [], ls="none", marker="o", ms=10, mfc="none", mec=INK, label="chosen of its day"),
        Patch(color=DARK, label="night"),
    ]
    _legend(axes, handles)


def _cross_range(axes: Axes, data: dict) -> None:
    limit = data["cross_range_limit"]
    axes.set_title(f"Site beside the track, right positive (dashed: limit, {limit:g} km)")
    highest = max(1.3 * limit, 150.0)
    axes.set(ylim=(-highest, highest), ylabel="km")
    for sign in (-1.0, 1.0):
        axes.axhline(sign * limit, color=VERMILLION, lw=1.1, ls="--")
    axes.axhline(0.0, color=SOFT, lw=0.8)
    for site, marker, colour in zip(data["sites"], MARKERS, COLOURS, strict=False):
        these = _kind(site)
        x, good = day_of(data, these["touchdown"]), these["open"]
        axes.plot(x[~good], these["side"][~good], marker, ms=4, mfc="none", mec=VERMILLION, mew=0.9)
        axes.plot(x[good], these["side"][good], marker, ms=4.5, mfc=colour, mec=colour)


def _wind(axes: Axes, data: dict) -> None:
    axes.set_title(f"Share of the month with more wind than allowed (limit {100.0 * data['wind_limit']:g} %)")
    highest = 0.0
    for site, marker, colour in zip(data["sites"], MARKERS, COLOURS, strict=False):
        these = _kind(site)
        if these["wind"].size:
            look: Look = {"color": colour, "marker": marker, "ms": 3.5, "mec": "white", "mew": 0.4}
            axes.plot(day_of(data, these["touchdown"]), 100.0 * these["wind"], lw=1.5, **look)
            highest = max(highest, 100.0 * float(these["wind"].max()))
    axes.axhline(100.0 * data["wind_limit"], color=VERMILLION, lw=1.1, ls="--")
    top = 1.25 * max(highest, 100.0 * data["wind_limit"])
    axes.set(ylim=(-0.08 * top, top), ylabel="%")  # so that a share of nought is seen


def _reasons(axes: Axes, data: dict) -> None:
    """A mark a day and rule: how many opportunities of that day it refused."""
    axes.set_title("What refuses, day by day, and how many opportunities; all sites and kinds of return")
    names = data["refusing"] or ["nothing"]
    axes.set(ylim=(len(names) - 0.4, -0.6), yticks=np.arange(len(names)))
    axes.set_yticklabels([name.replace("_", " ") for name in names], fontsize=8.8)
    axes.grid(False)
    days = len(data["midnights"]) - 1
    counts = np.zeros((len(names), days), dtype=int)
    for site in data["sites"]:
        for kind in site["kinds"]:
            for t, refused in zip(kind["touchdown"], kind["refused_by"], strict=True):
                column = int(np.clip(np.floor(day_of(data, t)), 0, days - 1))
                for name in refused:
                    counts[names.index(name), column] += 1
    small = min(9.0, 240.0 / max(days, 1))
    for row, column in zip(*np.nonzero(counts), strict=True):
        count = int(counts[row, column])
        axes.bar(column + 0.5, 0.8, 0.9, bottom=row - 0.4, color=VERMILLION, alpha=0.18 + 0.5 * count / counts.max())
        if small >= 5.5:
            axes.text(column + 0.5, row, str(count), ha="center", va="center", fontsize=small, color=INK)


def _legend(axes: Axes, handles: list[Line2D | Patch]) -> None:
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=5,
        handletextpad=0.3,
        columnspacing=1.2,
        borderaxespad=0.2,
        fontsize=8.8,
        frameon=False,
    )
