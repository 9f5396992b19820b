"""The ascent as seen from the ground: where to look from each place, and how high it stands against time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.export.stored import PlotData
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILLION, Labels, clock, clock_axis, panel, sheet

COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
LINES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
EVERY = 60.0  # s between two dots
HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}


def draw(data: PlotData) -> Figure | None:
    study = data.note("ascent", "study")
    views = [] if not study else [(i, v, data.series("ascent", f"view_{i}")) for i, v in enumerate(study["views"])]
    seen = [(v["site"], series, _look(k)) for k, (_, v, series) in enumerate((i, v, s) for i, v, s in views if s)]
    if not seen:
        return None
    start = data.when("liftoff")
    hidden = ", ".join(v["site"] for _, v, series in views if not series)
    figure = sheet(6.9, "The ascent as seen from the ground", _subtitle(data, hidden))
    sky = panel(figure, 0.75, 0.75, 4.6, 4.6, projection="polar")
    height = panel(figure, 6.35, 0.75, 4.0, 4.95)
    _sky(sky, seen, start)
    _height(height, seen, start)
    return figure


def _look(k: int) -> dict:
    return {"color": COLOURS[k % len(COLOURS)], "ls": LINES[k % len(LINES)], "lw": 2.0}


def _subtitle(data: PlotData, hidden: str) -> str:
    text = f"{data.record['name']} · geometric, refraction left out"
    return text + (f" · below the horizon of {hidden}" if hidden else "")


def _sky(axes, seen, start) -> None:
    """North up and east to the right, the zenith in the middle, the horizon around."""
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_ylim(90.0, 0.0)
    axes.set_yticks([0, 15, 30, 45, 60, 75], ["", "15°", "30°", "45°", "60°", "75°"], fontsize=8.5)
    axes.set_rlabel_position(337.5)
    axes.set_xticks(np.radians(np.arange(0, 360, 45)), ["N", "NE", "E", "SE", "S", "SW", "W", "NW"])
    axes.set_title("Where to look (a dot each minute after lift-off)", pad=26, loc="center")
    for name, series, look in seen:
        azimuth, elevation, t = np.radians(series["azimuth_deg"]), series["elevation_deg"], series["t_s"] - start
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


def _height(axes, seen, start) -> None:
    axes.set_title("Height over the horizon")
    end = max(series["t_s"][-1] for _, series, _ in seen) - start
    top = max(series["elevation_deg"].max() for _, series, _ in seen)
    axes.set(xlim=(0, end * 1.02), ylim=(0, 1.35 * top), ylabel="elevation", xlabel="time from lift-off, min:s")
    clock_axis(axes, 120)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}°"))
    for name, series, look in seen:
        axes.plot(series["t_s"] - start, series["elevation_deg"], label=name, **look)
    axes.legend(loc="upper right", ncols=1, fontsize=9)
    labels = Labels(axes)
    labels.block_legend()
    for _, series, _ in seen:
        labels.block(series["t_s"] - start, series["elevation_deg"], 4)
    for _, series, look in seen:
        i = int(np.argmax(series["elevation_deg"]))
        x, y = series["t_s"][i] - start, series["elevation_deg"][i]
        axes.plot(x, y, "o", ms=6, mfc="white", mec=look["color"], mew=1.6, zorder=4)
        text = f"{y:.0f}° at T+{clock(x)},\n{series['range_km'][i]:.0f} km away"
        labels.add(x, y, text, fontsize=8.5, bbox=HALO, color=INK)
