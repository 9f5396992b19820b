"""Two flights compared: how far each craft is apart, what came later, and both ground tracks.

Each function draws from a plain table, as `sim.output.compared` makes it; None where there is nothing to show.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.core.epoch import Epoch
from sim.plots.ground_track import split, world_map
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, context, event_name, panel, sheet, upright

AXES = (("radial", ORANGE, "-"), ("along track", BLUE, "-"), ("cross track", GREEN, "--"))
LEAST_M = 1e-4  # of the axis: below, other steps of the same curve show
UNITS = ((1e3, "km"), (1.0, "m"), (1e-3, "mm"), (0.0, "mm"))
MOST_EVENTS = 34
DAY = 86400.0


@context()
def differences(shown: dict[str, Any]) -> Sheet | None:
    """Radial, along-track and cross-track differences of each craft over time, with the burns that differ."""
    paths = shown["paths"]
    if not paths:
        return None
    tall, gap = 1.9, 0.75
    figure = sheet(1.5 + len(paths) * (tall + gap), "How far apart", shown["names"])
    for i, path in enumerate(paths):
        axes = panel(figure, 0.95, 0.75 + (len(paths) - 1 - i) * (tall + gap), 9.4, tall)
        _difference(axes, shown, path)
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, handlelength=2.2, borderaxespad=0.2)
    return figure


def _difference(axes: Axes, shown: dict[str, Any], path: dict[str, Any]) -> None:
    t, rtn = path["t"], np.abs(path["rtn"])
    axes.set_title(path["vehicle"])
    for (word, colour, dash), values in zip(AXES, rtn.T, strict=True):
        held = np.where(values > LEAST_M, values, np.nan)
        axes.plot(_with_gaps(t), _spread(t, held), color=colour, ls=dash, lw=1.5, label=word)
    top = max(4.0 * float(rtn.max()), 1.0)
    axes.set(yscale="log", ylim=(LEAST_M, top), xlim=path["span"], ylabel="size")
    decades = 10.0 ** np.arange(-3.0, np.floor(np.log10(top)) + 1.0, 2.0 if top > 100.0 else 1.0)
    axes.yaxis.set_major_locator(FixedLocator(decades.tolist()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: _metres(x)))
    axes.yaxis.set_minor_locator(NullLocator())
    for burn in path["burns"]:
        upright(axes, burn["t"], color=VERMILLION if burn["differs"] else SOFT)
    if any(burn["differs"] for burn in path["burns"]):
        axes.plot([], [], color=VERMILLION, lw=0.9, ls=(0, (3, 3)), label="burn that differs")
    _clock_axis(axes, shown["zero"], path["span"])


def _metres(size: float) -> str:
    unit, word = next((unit, word) for unit, word in UNITS if size >= 0.99 * unit)
    return f"{size / (unit or 1e-3):g} {word}"


def _gaps(t: np.ndarray) -> np.ndarray:
    """Indices before which a craft did not fly freely for more than an hour."""
    return 1 + np.flatnonzero(np.diff(t) > 3600.0)


def _with_gaps(t: np.ndarray) -> np.ndarray:
    return np.insert(t, _gaps(t), np.nan)


def _spread(t: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.insert(values, _gaps(t), np.nan)


def _clock_axis(axes: Axes, zero: Epoch, span: tuple[float, float]) -> None:
    """Some seven ticks of UTC, as far apart as the span asks for."""
    length = span[1] - span[0]
    step = next((s for s in (60, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, DAY) if length / s <= 8), 0.0)
    step = step or DAY * np.ceil(length / DAY / 8)
    midnight = Epoch.from_utc(f"{zero.utc(0)[:10]}T00:00:00Z").since(zero)
    ticks = midnight + step * np.arange(np.ceil((span[0] - midnight) / step), np.floor((span[1] - midnight) / step) + 1)
    form = "%d %b\n%Y" if step >= DAY else "%d %b\n%H:%M"
    axes.xaxis.set_major_locator(FixedLocator(ticks.tolist()))
    axes.set_xticklabels([zero.plus(float(t)).text(form) for t in ticks])


@context()
def events(shown: dict[str, Any]) -> Sheet | None:
    """How much later each event came in the second flight."""
    rows = shown["events"][:MOST_EVENTS]
    if not rows:
        return None
    tall = 0.2 * len(rows) + 0.2
    more = len(shown["events"]) - len(rows)
    figure = sheet(
        tall + 1.75, "What came later", f"{shown['names']}{f' · {more} later events left out' if more else ''}"
    )
    axes = panel(figure, 3.6, 0.75, 6.7, tall)
    y = np.arange(len(rows))
    late = np.array([row["later_s"] for row in rows])
    axes.barh(y, late, color=np.where(late >= 0.0, BLUE, VERMILLION), height=0.65)
    axes.set(ylim=(len(rows) - 0.4, -0.6), yticks=y, xlabel="s, UTC of the second flight less that of the first")
    axes.set_yticklabels([f"{event_name(row['name'])} {row['number']}, {row['vehicle']}" for row in rows], fontsize=8.0)
    largest = float(np.abs(late).max()) or 1.0
    axes.set_xlim(-1.35 * largest, 1.35 * largest)
    axes.axvline(0.0, color=INK, lw=0.8)
    for at, value in zip(y, late, strict=True):
        axes.text(
            value, float(at), f" {value:+.3f} ", va="center", ha="left" if value >= 0.0 else "right", fontsize=7.5
        )
    axes.grid(axis="y", visible=False)
    return figure


@context()
def tracks(shown: dict[str, Any]) -> Sheet | None:
    """Ground tracks of the legs in which a craft is more than a kilometre apart, one flight over the other."""
    legs = shown["tracks"]
    if not legs:
        return None
    figure = sheet(6.6, "Ground tracks", f"{shown['names']} · {', '.join(leg['name'] for leg in legs)}")
    axes = panel(figure, 0.6, 0.75, 9.82, 4.91)
    world_map(axes, (-180, 180), (-90, 90), coast="coast110.npz", step=30, step_up=30)
    for which, colour, width, dash in (("first", BLUE, 2.6, "-"), ("second", VERMILLION, 1.1, "--")):
        for leg in legs:
            lon, lat = leg[which]
            if len(lon) > 1:
                axes.add_collection(
                    LineCollection(split(lon, lat), colors=colour, linewidths=width, linestyles=dash, zorder=3)
                )
        axes.plot([], [], color=colour, lw=width, ls=dash, label=f"{which} flight")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=2, handlelength=2.4)
    return figure
