"""A season of docking: date against time of day with light, lines of the plane and open cells; Sun, phase, minutes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

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

LEFT, WIDE = 0.95, 9.4
SHADE = LinearSegmentedColormap.from_list("shade", [DARK, LIGHT])
SUN = LinearSegmentedColormap.from_list("sun", [BLUE, "#ffffff", ORANGE])
MOST_BETA = 65.0  # deg, what inclination and ecliptic allow


@context()
def draw(data: dict) -> Sheet:
    """From the arrays of `sim.planning.docking.chart.season_chart`."""
    trimmed = "trimmed for each day" if data["trimmed"] else "as it flies"
    figure = sheet(
        12.3,
        "Docking windows of the season",
        f"{data['name']} · {data['port']} port, {data['profile']} · elements {data['elements']}, station {trimmed}",
    )
    heights = ((6.3, 4.5), (5.99, 0.2), (4.2, 1.15), (2.65, 1.1), (0.65, 1.5))
    rows = [panel(figure, LEFT, bottom, WIDE, tall) for bottom, tall in heights]
    _clock(rows[0], data)
    _strip(rows[1], data)
    _beta(rows[2], data)
    _phase(rows[3], data)
    _minutes(rows[4], data)
    for axes in rows:
        axes.set_xlim(0.0, len(data["midnights"]) - 1.0)
        date_axis(axes, data, axes in (rows[1], rows[-1]))
    return figure


def _clock(axes: Axes, data: dict) -> None:
    axes.set_title("Contact by the clock in Beijing; the light is the station's at that time", pad=40)
    axes.set(ylim=(24, 0), ylabel="hour (UTC+8)", yticks=np.arange(0, 25, 3))
    axes.grid(False)
    count = data["lit"].shape[1]
    axes.pcolormesh(
        np.arange(len(data["midnights"])),
        np.arange(count + 1) * 24.0 / count,
        np.ma.masked_invalid(data["lit"].T),
        cmap=SHADE,
        vmin=0,
        vmax=1,
        lw=0,
        zorder=0.5,
        rasterized=True,
    )
    looks: tuple[tuple[np.ndarray, Look], ...] = (
        (data["contact"], {"color": BLUE, "lw": 1.2}),
        (data["liftoff"], {"color": INK, "lw": 1.0, "ls": "--"}),
    )
    for times, look in looks:
        x, hour = column_of(data, times), hour_of(data, times)
        for part in np.split(np.arange(len(x)), np.flatnonzero(np.diff(hour) > 0.0) + 1):
            axes.plot(x[part], hour[part], zorder=2, **look)
    for start, end in data["open"]:
        column = float(column_of(data, start))
        first, last = float(hour_of(data, start)), float(hour_of(data, start)) + (end - start) / 3600.0
        for low, high, at in ((first, min(last, 24.0), column), (0.0, last - 24.0, column + 1.0)):
            if high > low:
                axes.bar(at, high - low, 0.9, bottom=low, color=GREEN, ec="white", lw=0.5, zorder=4)
    closed = data["contact"][~data["is_open"]]
    axes.plot(column_of(data, closed), hour_of(data, closed), "x", ms=4.0, mew=1.1, color=VERMILLION, zorder=3)
    handles = [
        Patch(color=GREEN, label="open"),
        Line2D([], [], ls="none", marker="x", ms=5, mew=1.2, color=VERMILLION, label="closed"),
        Line2D([], [], color=BLUE, lw=1.4, label="planned contact (plane over the pad)"),
        Line2D([], [], color=INK, lw=1.0, ls="--", label="its lift-off"),
        Patch(color=DARK, label="station in shadow"),
        Patch(fc=LIGHT, ec=SOFT, lw=0.5, label="in light"),
    ]
    if data["at"] is not None:
        axes.plot(column_of(data, data["at"]), hour_of(data, data["at"]), "*", ms=15, mfc="white", mec=INK, zorder=6)
        handles.append(Line2D([], [], ls="none", marker="*", ms=11, mfc="white", mec=INK, label="asked for"))
    legend_above(axes, handles)


def _strip(axes: Axes, data: dict) -> None:
    """Beta as a colour under the clock."""
    axes.set(ylim=(0, 1), yticks=[0.5])
    axes.set_yticklabels(["beta"], fontsize=8.5)
    axes.grid(False)
    if data["beta"].size:
        edges = np.floor(day_of(data, data["beta_t"]))
        axes.bar(edges + 0.5, 1.0, 1.0, color=SUN(0.5 + 0.5 * data["beta"] / MOST_BETA), lw=0, zorder=1)


def _beta(axes: Axes, data: dict) -> None:
    limit = data["beta_limit"]
    words = f"dashed: limit of the profile, {limit:g}°" if limit < 80.0 else "the profile sets no limit"
    axes.set_title(f"Sun over the orbit plane, beta ({words})")
    axes.set(ylim=(-75, 75), yticks=[-60, -30, 0, 30, 60], ylabel="deg")
    axes.plot(day_of(data, data["beta_t"]), data["beta"], color=ORANGE, lw=2.2)
    axes.axhline(0.0, color=SOFT, lw=0.8)
    if limit < 80.0:
        for sign in (-1.0, 1.0):
            axes.axhline(sign * limit, color=VERMILLION, lw=1.1, ls="--")


def _phase(axes: Axes, data: dict) -> None:
    low, high = data["window"]
    reach = data["reach"]
    what = (
        f"window {low:.0f}–{high:.0f}° (dark), within reach of a trim (pale)"
        if reach
        else f"window {low:.0f}–{high:.0f}°"
    )
    axes.set_title(f"Station ahead at insertion as it flies; {what}; filled: open")
    axes.set(ylim=(-180, 180), yticks=[-180, -90, 0, 90, 180], ylabel="deg")
    if reach:
        axes.axhspan(data["centre"] - reach, data["centre"] + reach, color=GREEN, alpha=0.12, lw=0, zorder=0.6)
    for turn in (0.0, -360.0):
        axes.axhspan(low + turn, high + turn, color=GREEN, alpha=0.45, lw=0, zorder=0.7)
    phase = (data["phase"] + 180.0) % 360.0 - 180.0
    x, good = column_of(data, data["contact"]), data["is_open"]
    axes.plot(x[~good], phase[~good], "o", ms=4.2, mfc="white", mec=PURPLE, mew=1.2, zorder=4)
    axes.plot(x[good], phase[good], "o", ms=4.8, mfc=PURPLE, mec=PURPLE, zorder=4)


def _minutes(axes: Axes, data: dict) -> None:
    """Columns of the planned contacts: shadow, a dazzled camera, no links, and what is open."""
    axes.set_title("Contact about the planned one, day by day", pad=20)
    minutes = data["minutes"]
    axes.set(ylim=(minutes[-1], minutes[0]), yticks=[-60, -30, 0, 30], ylabel="min from planned")
    axes.grid(False)
    x = column_of(data, data["contact"])
    edges = np.append(minutes - 0.5, minutes[-1] + 0.5)
    for i, at in enumerate(x):
        across = np.array([at - 0.5, at + 0.5])
        axes.pcolormesh(
            across,
            edges,
            data["light"][i][:, None].astype(float),
            cmap=SHADE,
            vmin=0,
            vmax=1,
            lw=0,
            zorder=0.5,
            rasterized=True,
        )
        for name, colour, wide in (("dazzled", ORANGE, 0.55), ("unlinked", VERMILLION, 0.25)):
            for a, b in np.flatnonzero(np.diff(np.concatenate([[0], data[name][i], [0]]))).reshape(-1, 2):
                axes.bar(at, edges[b] - edges[a], wide, bottom=edges[a], color=colour, lw=0, zorder=1.5)
        for start, end in data["open_about"][i]:
            axes.bar(at, (end - start) / 60.0, 0.9, bottom=start / 60.0, fc="none", ec=GREEN, lw=1.5, zorder=3)
    axes.axhline(0.0, color=BLUE, lw=1.2, zorder=2.5)
    handles = [
        Patch(fc="none", ec=GREEN, lw=1.5, label="open"),
        Patch(color=DARK, label="station in shadow"),
        Patch(color=ORANGE, label="Sun in the camera on the approach"),
        Patch(color=VERMILLION, label="links broken"),
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 0.985),
        ncols=4,
        handletextpad=0.4,
        columnspacing=1.3,
        borderaxespad=0.2,
        fontsize=8.8,
        frameon=False,
    )
