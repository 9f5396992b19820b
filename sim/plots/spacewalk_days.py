"""When a crew may work outside: each day by the clock with light, anomaly and relay, what each rule leaves, the Sun."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.plots.season_days import DARK, LIGHT, column_of, date_axis, day_of, hour_of
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SOFT,
    VERMILLION,
    Look,
    context,
    legend_above,
    panel,
    sheet,
)

LEFT, WIDE = 1.95, 8.4
FEW = 0.15
LEAVES = LinearSegmentedColormap.from_list("leaves", ["#ffffff", BLUE])


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.planning.spacewalks.chart.season_chart` lists."""
    raises = f"raises of {data['raises_from']}" if data["raises_from"] else "raises of the forecast"
    figure = sheet(
        11.6,
        f"Spacewalk windows of the crew of {data['ship'].capitalize()}",
        f"{data['name']} · {data['length_h']:g} h outside · forecast from {data['elements']}, {raises}",
    )
    heights = ((5.85, 4.05), (2.5, 2.55), (0.75, 1.25))
    rows = [panel(figure, LEFT, bottom, WIDE, tall) for bottom, tall in heights]
    _clock(rows[0], data)
    _rules(rows[1], data)
    _beta(rows[2], data)
    for axes in rows:
        axes.set_xlim(0.0, len(data["midnights"]) - 1.0)
        date_axis(axes, data, axes is not rows[1])
    return figure


def _clock(axes: Axes, data: dict) -> None:
    axes.set_title("Hours in Beijing; light, anomaly and relay are those of the forecast at that time", pad=44)
    axes.set(ylim=(24, 0), ylabel="hour (UTC+8)", yticks=np.arange(0, 25, 3))
    axes.grid(False)
    lit = data["lit"]
    image = np.ones((*lit.shape, 3))
    for mask, colour in (
        (lit == 0.0, DARK),
        (lit == 1.0, LIGHT),
        (~data["relayed"], ORANGE),
        (data["anomaly"], PURPLE),
    ):
        image[mask] = to_rgb(colour)
    days = len(data["midnights"]) - 1
    axes.imshow(image.transpose(1, 0, 2), extent=(0, days, 24, 0), aspect="auto", interpolation="nearest", zorder=0.5)
    low, high = data["start_h"]
    for hour in (low, high):
        axes.axhline(hour, color=INK, lw=1.0, ls="--", zorder=2)
    ends_later = data["crew_h"][1] > high
    if ends_later:
        axes.axhline(data["crew_h"][1], color=INK, lw=1.0, ls=":", zorder=2)
    for start, end in data["spans"]:
        hour = float(hour_of(data, start))
        tall = (end - start + data["step"]) / 3600.0  # a start holds until the next one that is looked at
        look: Look = {"color": GREEN, "ec": "white", "lw": 0.5, "zorder": 4}
        axes.bar(float(column_of(data, start)), tall, 0.9, bottom=hour, **look)
    for number, start, end, _ in data["walks"]:
        x, hour = float(column_of(data, start)), float(hour_of(data, start))
        box = Rectangle((x - 0.5, hour), 1.0, (end - start) / 3600.0, fill=False, ec=INK, lw=1.8, zorder=5)
        axes.add_patch(box)
        badge = {"boxstyle": "circle,pad=0.25", "fc": "white", "ec": INK, "lw": 1.2}
        below = hour + (end - start) / 3600.0 + 0.9
        axes.text(x, below, str(number), ha="center", va="center", fontsize=9, bbox=badge, zorder=6)
    handles = [
        Patch(color=GREEN, label="the hatch may open"),
        Patch(fill=False, ec=INK, lw=1.8, label="planned spacewalk"),
        Patch(color=DARK, label="in shadow"),
        Patch(fc=LIGHT, ec=SOFT, lw=0.5, label="in light"),
        Patch(color=PURPLE, label="in the anomaly (SAA)"),
        Patch(color=ORANGE, label="no relay satellite"),
        Line2D([], [], color=INK, lw=1.0, ls="--", label=f"starts from {low:g} to {high:g} h"),
    ]
    if ends_later:
        day = f"end of the crew's day, {data['crew_h'][1]:g} h"
        handles.append(Line2D([], [], color=INK, lw=1.0, ls=":", label=day))
    legend_above(axes, handles)


def _rules(axes: Axes, data: dict) -> None:
    """A row a rule: the share of the starts of a day that it allows."""
    names = list(data["allowed"])
    axes.set_title(
        f"Starts of a day that each rule allows: white none, dot few, blue all; room of {data['retime_min']:g} min"
    )
    axes.grid(False)
    share = np.array([np.where(data["looked_at"], data["allowed"][name], np.nan) for name in names])
    days = len(data["midnights"]) - 1
    axes.imshow(
        np.ma.masked_invalid(share),
        extent=(0, days, len(names), 0),
        aspect="auto",
        interpolation="nearest",
        cmap=LEAVES,
        vmin=0.0,
        vmax=1.0,
    )
    axes.set_yticks(np.arange(len(names)) + 0.5, names, fontsize=8.8)
    for k in range(1, len(names)):
        axes.axhline(k, color="white" if k < len(names) - 1 else INK, lw=0.8)
    # A few starts of a day are no blue that an eye sees, so a dot marks such a day.
    for k, row in enumerate(share):
        some = np.flatnonzero((row > 0.0) & ((row < FEW) | (k == len(names) - 1)))
        axes.plot(some + 0.5, np.full(some.size, k + 0.5), "o", ms=3.5, color=GREEN if k == len(names) - 1 else BLUE)


def _beta(axes: Axes, data: dict) -> None:
    limit = data["beta_limit"]
    words = f"limits {limit[0]:g} and {limit[1]:g} deg dashed" if limit else "no limit holds"
    axes.set_title(f"Sun over the plane of the orbit, beta ({words}); raises and other work")
    axes.set(ylim=(-80, 80), yticks=[-60, -30, 0, 30, 60], ylabel="deg")
    axes.plot(day_of(data, data["beta_t"]), data["beta"], color=ORANGE, lw=2.2)
    axes.axhline(0.0, color=SOFT, lw=0.8)
    for edge in limit or ():
        for sign in (-1.0, 1.0):
            axes.axhline(sign * edge, color=VERMILLION, lw=1.1, ls="--")
    raises = day_of(data, data["raises"])
    axes.plot(raises, np.full(raises.size, -68.0), "^", ms=7, color=BLUE, zorder=3)
    for at, _ in data["work"]:
        axes.plot(float(day_of(data, at)), 68.0, "v", ms=7, color=VERMILLION, zorder=3)
    handles = [
        Line2D([], [], ls="none", marker="^", ms=7, color=BLUE, label="raise of the station"),
        Line2D([], [], ls="none", marker="v", ms=7, color=VERMILLION, label="launch, docking or undocking"),
    ]
    axes.legend(handles=handles, loc="upper right", bbox_to_anchor=(1.0, -0.28), ncols=2, frameon=False, fontsize=8.8)
