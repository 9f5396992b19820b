"""The ascent as seen from the ground: where to look from each place, and how high it stands against time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.projections.polar import PolarAxes
from matplotlib.ticker import FuncFormatter

from sim.core.ascent_record import ViewHistory
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Labels,
    Look,
    clock,
    clock_axis,
    panel,
    sheet,
)

COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
LINES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
EVERY = 60.0  # s between two dots
HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}

Sightings = list[tuple[str, ViewHistory, Look]]  # place, history, look


def draw(data: PlotData) -> Sheet | None:
    flown, start = data.ascent, data.when("liftoff")
    if flown is None or flown.study is None or start is None:
        return None
    views = list(zip(flown.study.views, flown.views, strict=True))
    seen = [(v.site, history, _look(k)) for k, (v, history) in enumerate(pair for pair in views if pair[0].visible)]
    if not seen:
        return None
    hidden = ", ".join(v.site for v, _ in views if not v.visible)
    figure = sheet(6.9, "The ascent as seen from the ground", _subtitle(data, hidden))
    sky = panel(figure, 0.75, 0.75, 4.6, 4.6, projection="polar")
    height = panel(figure, 6.35, 0.75, 4.0, 4.95)
    assert isinstance(sky, PolarAxes)  # by its projection
    _sky(sky, seen, start)
    _height(height, seen, start)
    return figure


def _look(k: int) -> Look:
    return {"color": COLOURS[k % len(COLOURS)], "ls": LINES[k % len(LINES)], "lw": 2.0}


def _subtitle(data: PlotData, hidden: str) -> str:
    text = f"{data.record['name']} · geometric, refraction left out"
    return text + (f" · below the horizon of {hidden}" if hidden else "")


def _sky(axes: PolarAxes, seen: Sightings, start: float) -> None:
    """North up and east to the right, the zenith in the middle, the horizon around."""
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_ylim(90.0, 0.0)
    axes.set_yticks([0, 15, 30, 45, 60, 75], ["", "15°", "30°", "45°", "60°", "75°"], fontsize=8.5)
    axes.set_rlabel_position(337.5)
    axes.set_xticks(np.radians(np.arange(0, 360, 45)), ["N", "NE", "E", "SE", "S", "SW", "W", "NW"])
    axes.set_title("Where to look (a dot each minute after lift-off)", pad=26, loc="center")
    for name, history, look in seen:
        azimuth, elevation, t = np.radians(history.azimuth_deg), history.elevation_deg, history.t_s - start
        axes.plot(azimuth, elevation, label=name, zorder=3, **look)
        for when in np.arange(np.ceil(t[0] / EVERY), np.floor(t[-1] / EVERY) + 1) * EVERY:
            i = int(np.argmin(np.abs(t - when)))
            axes.plot(azimuth[i], elevation[i], "o", ms=4.5, mfc="white", mec=look["color"], mew=1.3, zorder=4)
        axes.annotate(
            "",
            (azimuth[-1], elevation[-1]),
            (azimuth[-4], elevation[-4]),
            arrowprops={"arrowstyle": "-|>", "color": look["color"], "lw": 1.6},
            zorder=5,
        )


def _height(axes: Axes, seen: Sightings, start: float) -> None:
    axes.set_title("Height over the horizon")
    end = max(history.t_s[-1] for _, history, _ in seen) - start
    top = max(history.elevation_deg.max() for _, history, _ in seen)
    axes.set(xlim=(0, end * 1.02), ylim=(0, 1.35 * top), ylabel="elevation", xlabel="time from lift-off, min:s")
    clock_axis(axes, 120)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}°"))
    for name, history, look in seen:
        axes.plot(history.t_s - start, history.elevation_deg, label=name, **look)
    axes.legend(loc="upper right", ncols=1, fontsize=9)
    labels = Labels(axes)
    labels.block_legend()
    for _, history, _ in seen:
        labels.block(history.t_s - start, history.elevation_deg, 4)
    for _, history, look in seen:
        i = int(np.argmax(history.elevation_deg))
        x, y = history.t_s[i] - start, history.elevation_deg[i]
        axes.plot(x, y, "o", ms=6, mfc="white", mec=look["color"], mew=1.6, zorder=4)
        text = f"{y:.0f}° at T+{clock(x)},\n{history.range_km[i]:.0f} km away"
        labels.add(x, y, text, fontsize=8.5, bbox=HALO, color=INK)
