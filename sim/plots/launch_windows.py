"""A season of launch windows: the second of lift-off by the clock, what is open, phase, Sun, and light at docking."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.core.epoch import BEIJING, Epoch
from sim.plots import sun
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SOFT,
    VERMILLION,
    YELLOW,
    Look,
    context,
    panel,
    sheet,
    with_year,
)

DAY = 86400.0
NIGHT, UMBRA = "#1b2a41", "#27364d"
LEFT, WIDE = 0.95, 8.5
PROFILE_COLOUR = (BLUE, ORANGE, PURPLE, GREEN)
MARKS = ("o", "s", "D", "^")
SCORES = LinearSegmentedColormap.from_list("scores", ["#d6e6f2", BLUE])


@context()
def draw(data: dict) -> Sheet:
    """From the arrays of `sim.output.launch_windows.chart`."""
    figure = sheet(
        13.6,
        "Launch windows",
        f"{data['name']} · {data['site']}, {data['branch']} branch · elements {data['elements']} · days in Beijing",
    )
    midnights = _midnights(data)
    x = (data["liftoff"] - midnights[0]) / DAY
    heights = ((8.75, 3.35), (6.85, 1.2), (5.35, 1.05), (3.55, 1.35), (2.05, 1.05), (0.55, 1.05))
    rows = [panel(figure, LEFT, bottom, WIDE, tall) for bottom, tall in heights]
    _clock(rows[0], data, x, midnights)
    _seconds(rows[1], data, x)
    _verdicts(rows[2], data, x)
    _phase(rows[3], data, x)
    _beta(rows[4], data, x)
    _light(rows[5], data, x)
    edges = min(0.0, x[0] - 0.5), max(len(midnights) - 1.0, x[-1] + 0.5)
    for axes in rows:
        axes.set_xlim(*edges)
        _dates(axes, data, midnights, axes in (rows[0], rows[-1]))
        if data["best"] is not None:
            axes.axvline((data["best"] - midnights[0]) / DAY, color=YELLOW, lw=5.0, alpha=0.45, zorder=0.7)
    return figure


def _midnights(data: dict) -> np.ndarray:
    """Midnights in Beijing, s from zero, of every day of the span and the one after."""
    first = data["zero"].plus(float(data["liftoff"][0])).text("%Y-%m-%d", BEIJING)
    start = Epoch.from_utc(f"{first}T00:00:00Z").plus(-8 * 3600.0).since(data["zero"])
    days = int(np.ceil((data["liftoff"][-1] - start) / DAY)) + 1
    return start + DAY * np.arange(days)


def _dates(axes: Axes, data: dict, midnights: np.ndarray, labelled: bool) -> None:
    every = max(1, round(len(midnights) / 13.0))
    ticks = np.arange(0, len(midnights), every)
    words = with_year([data["zero"].plus(float(t) + 1.0).text("%d %b %Y", BEIJING) for t in midnights[ticks]])
    axes.set_xticks(ticks, words if labelled else [""] * len(ticks))


def _hours(times: np.ndarray, midnights: np.ndarray) -> np.ndarray:
    return (times - midnights[0]) % DAY / 3600.0


def _clock(axes: Axes, data: dict, x: np.ndarray, midnights: np.ndarray) -> None:
    """The planned second of every day, and whether some profile is open."""
    axes.set_title("Planned lift-off by the clock in Beijing", pad=24)
    axes.set(ylim=(24, 0), ylabel="hour (UTC+8)", yticks=np.arange(0, 25, 3))
    _night(axes, data, midnights)
    hour = _hours(data["liftoff"], midnights)
    other = _hours(data["other"], midnights)
    axes.plot((data["other"] - midnights[0]) / DAY, other, ".", ms=3, color=SOFT, zorder=2)
    size = 7.5 if len(x) <= 45 else 5.5
    open_any = np.any([np.isfinite(p["score"]) for p in data["profiles"]], axis=0)
    open_own = np.isfinite(data["profiles"][0]["score"])
    own = data["profiles"][0]["key"]
    kinds: tuple[tuple[np.ndarray, Look, str], ...] = (
        (open_own, {"marker": "o", "mfc": BLUE, "mec": "white"}, f"open by {own}"),
        (open_any & ~open_own, {"marker": "s", "mfc": ORANGE, "mec": "white"}, "open by another profile"),
        (~open_any, {"marker": "X", "mfc": VERMILLION, "mec": "white"}, "closed"),
    )
    for these, look, _ in kinds:
        axes.plot(x[these], hour[these], ls="none", ms=size, zorder=4, **look)
    handles: list[Artist] = [Line2D([], [], ls="none", ms=7, label=words, **look) for _, look, words in kinds]
    handles += [
        Line2D([], [], ls="none", marker=".", ms=5, color=SOFT, label="other branch"),
        Patch(color=NIGHT, alpha=0.16, label="night at the pad"),
        Patch(color=YELLOW, alpha=0.45, label="best"),
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 0.995),
        ncols=6,
        handletextpad=0.3,
        columnspacing=1.1,
        borderaxespad=0.1,
        fontsize=8.8,
        frameon=False,
    )


def _night(axes: Axes, data: dict, midnights: np.ndarray) -> None:
    hours = np.arange(0.125, 24.0, 0.25)
    dark = np.array(
        [
            [sun.elevation_deg(data["zero"].plus(float(m) + 3600.0 * h), *data["place_deg"]) < 0.0 for m in midnights]
            for h in hours
        ]
    )
    day = np.arange(len(midnights) + 1)
    axes.pcolormesh(
        day,
        np.append(hours - 0.125, 24.0),
        np.where(dark, 1.0, np.nan),
        cmap=_flat(NIGHT),
        alpha=0.16,
        lw=0,
        zorder=0.5,
        rasterized=True,
    )


def _flat(colour: str) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("flat", [colour, colour])


def _seconds(axes: Axes, data: dict, x: np.ndarray) -> None:
    """The window itself, in seconds about the planned lift-off."""
    own = data["profiles"][0]["key"]
    title = f"Window about it, frozen azimuth: reserve kept (pale), and the phase in the window of {own} too (dark)"
    if data["blackouts"]:
        title = f"Window about it: reserve kept (pale), phase in the window of {own} (dark), closed by objects (red)"
    axes.set_title(title)
    wide = _width(x)
    early, late = data["open"] - data["liftoff"], data["close"] - data["liftoff"]
    axes.bar(x, late - early, width=wide, bottom=early, color="#cfe0ee", zorder=2)
    usable = data["usable"] - data["liftoff"][:, None]
    axes.bar(x, usable[:, 1] - usable[:, 0], width=wide, bottom=usable[:, 0], color=BLUE, zorder=3)
    for at, liftoff, closed in zip(x, data["liftoff"], data["blackouts"], strict=False):
        for start, end in closed:  # the line keeps a second of a wide window in sight
            axes.bar(at, end - start, width=wide, bottom=start - liftoff, color=VERMILLION, lw=0, zorder=3.5)
            middle = 0.5 * (start + end) - liftoff
            axes.hlines(middle, at - 0.5 * wide, at + 0.5 * wide, color=VERMILLION, lw=0.8, zorder=3.5)
    axes.axhline(0.0, color=INK, lw=0.8, zorder=4)
    last, first = np.fmax.reduce(late, initial=60.0), np.fmin.reduce(early, initial=-60.0)  # NaN where nothing is open
    axes.set(ylim=(1.25 * last, 1.15 * first), ylabel="s")


def _width(x: np.ndarray) -> float:
    return 0.9 * float(np.min(np.diff(x))) if len(x) > 1 else 0.8


def _verdicts(axes: Axes, data: dict, x: np.ndarray) -> None:
    """A row for each profile: the darker the better, a cross where it is closed."""
    axes.set_title("Open (darker: higher score) or closed (×)")
    count = len(data["profiles"])
    axes.set(ylim=(count - 0.5, -0.5), yticks=range(count))
    axes.set_yticklabels([p["key"] for p in data["profiles"]])
    axes.grid(False)
    wide = _width(x)
    for row, profile in enumerate(data["profiles"]):
        score = profile["score"]
        closed = ~np.isfinite(score)
        axes.plot(x[closed], np.full(closed.sum(), row), "x", ms=4.5, mew=1.0, color=SOFT)
        for at, value in zip(x[~closed], score[~closed], strict=True):
            axes.barh(row, wide, left=at - wide / 2, height=0.8, color=SCORES(np.clip((value - 40.0) / 55.0, 0, 1)))
        if not closed.all():
            top = int(np.nanargmax(score))
            day = data["zero"].plus(float(profile["liftoff"][top])).text("%d %b", BEIJING)
            axes.text(
                1.01,
                row,
                f"best {score[top]:.0f}, {day}",
                transform=axes.get_yaxis_transform(),
                fontsize=8.5,
                va="center",
            )


def _phase(axes: Axes, data: dict, x: np.ndarray) -> None:
    """The phase as the station flies, one line for every third day; the windows of the profiles behind it."""
    axes.set_title("Station ahead at insertion as it flies, untrimmed (bars: 1 sigma of decay); every third day joined")
    axes.set(ylim=(0, 360), yticks=[0, 90, 180, 270, 360], ylabel="deg")
    for profile, colour in zip(data["profiles"], PROFILE_COLOUR, strict=False):
        low, high = profile["window"]
        axes.axhspan(low, high, color=colour, alpha=0.13 if high - low > 60 else 0.4, lw=0, zorder=0.6)
    for start in range(3):
        _joined(axes, x[start::3], data["phase"][start::3])
    axes.errorbar(
        x,
        data["phase"],
        yerr=data["sigma"],
        fmt="o",
        ms=4.0,
        mfc="white",
        mec=BLUE,
        mew=1.3,
        ecolor=SOFT,
        elinewidth=0.7,
        zorder=4,
    )
    handles = [
        Patch(color=c, alpha=0.4, label=f"{p['key']}: {p['window'][0]:.0f}–{p['window'][1]:.0f}°")
        for p, c in zip(data["profiles"], PROFILE_COLOUR, strict=False)
    ]
    axes.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        fontsize=8.0,
        handlelength=1.0,
        handletextpad=0.4,
        borderaxespad=0.2,
        frameon=False,
    )


def _joined(axes: Axes, x: np.ndarray, phase: np.ndarray) -> None:
    """A line through every third day, broken where it passes through 0."""
    jumps = np.flatnonzero(np.abs(np.diff(phase)) > 180.0) + 1
    for part in np.split(np.arange(len(x)), jumps):
        axes.plot(x[part], phase[part], color=BLUE, lw=0.9, alpha=0.6, zorder=3)


def _beta(axes: Axes, data: dict, x: np.ndarray) -> None:
    axes.set_title("Sun over the orbit plane at lift-off (beta); dashed: limit of a profile; it repeats in 51 days")
    axes.set(ylim=(-75, 75), yticks=[-60, -30, 0, 30, 60], ylabel="deg")
    axes.plot(x, data["beta"], "-", color=ORANGE, lw=2.2)
    axes.axhline(0.0, color=SOFT, lw=0.8)
    for limit in {p["beta"] for p in data["profiles"] if p["beta"] < 75.0}:
        for sign in (-1.0, 1.0):
            axes.axhline(sign * limit, color=VERMILLION, lw=1.1, ls="--")


def _light(axes: Axes, data: dict, x: np.ndarray) -> None:
    """Umbra bands: the station's light in the last minutes before contact, day by day."""
    key = data["profiles"][0]["key"]
    axes.set_title(f"Station in shadow (dark) about contact, {key} after its trim; 200 m is some 15 min before")
    minutes = data["minutes"]
    edges_x = np.concatenate([[x[0] - 0.49], 0.5 * (x[1:] + x[:-1]), [x[-1] + 0.49]])
    edges_y = np.append(minutes - 0.5, minutes[-1] + 0.5)
    colours = LinearSegmentedColormap.from_list("light", [UMBRA, "#fff4cf"])
    axes.pcolormesh(edges_x, edges_y, data["light"].T, cmap=colours, vmin=0, vmax=1, lw=0, zorder=0.5, rasterized=True)
    axes.axhline(0.0, color=VERMILLION, lw=1.6)
    axes.set(ylim=(minutes[-1], minutes[0]), yticks=[-60, -30, 0], ylabel="min from contact")
    axes.grid(False)
