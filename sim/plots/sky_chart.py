"""A sky chart of passes: as the sky is seen from below, north up and east to the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.projections.polar import PolarAxes

from sim.plots.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILLION,
    Look,
    Sheet,
    context,
    panel,
    sheet,
)

COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@context()
def draw(shown: Mapping[str, Any]) -> Sheet:
    """From what `sim.planning.passes.chart` makes: a track a pass, thick where an eye sees the craft."""
    figure = sheet(7.4, shown["title"], shown["subtitle"])
    sky = panel(figure, 0.75, 1.1, 4.9, 4.9, projection="polar")
    assert isinstance(sky, PolarAxes)  # by its projection
    _sky(sky, shown["min_elevation_deg"])
    tracks, places = shown["tracks"], _apart([track["azimuth_rad"][0] for track in shown["tracks"]])
    for k, (track, azimuth) in enumerate(zip(tracks, places, strict=True)):
        _track(sky, track, COLOURS[k % len(COLOURS)])
        badge = {"boxstyle": "circle,pad=0.2", "fc": COLOURS[k % len(COLOURS)], "ec": "white", "lw": 1.0}
        height = max(track["elevation_deg"][0] - 5.5, 1.0)
        sky.text(azimuth, height, str(k + 1), color="white", ha="center", va="center", fontsize=9, bbox=badge, zorder=7)
    side = panel(figure, 6.35, 0.95, 4.2, 5.4)
    side.axis("off")
    _legend(side, tracks)
    words = "thick: lit by the Sun in a dark sky, seen by eye · dashed: in shadow, or the sky is too bright · "
    for k, line in enumerate((words + "a dot each minute, the number at the rise", shown["foot"])):
        figure.text(0.04, 0.075 - 0.032 * k, line, fontsize=8.5, color=SOFT)
    return figure


def _apart(azimuths: list[float], spacing: float = 0.13) -> list[float]:
    """Where numbers stand around the horizon, rad: at the rise, or moved until none stands on another."""
    placed: list[float] = []
    for azimuth in azimuths:
        tries = (azimuth + spacing * step for k in range(12) for step in (k, -k))
        free = [a for a in tries if all(abs(np.angle(np.exp(1j * (a - other)))) >= 0.98 * spacing for other in placed)]
        placed.append(free[0] if free else azimuth)
    return placed


def _sky(axes: PolarAxes, mask: float) -> None:
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(1)  # seen from below, the east is on the left when the north is up
    axes.set_ylim(90.0, 0.0)
    axes.set_yticks([0, 15, 30, 45, 60, 75], [""] * 6)
    for height in (15, 30, 45, 60, 75):  # over the tracks, on a white edge
        edge = [withStroke(linewidth=2.5, foreground="white")]
        words: Look = {"ha": "center", "va": "center", "fontsize": 8, "color": SOFT, "zorder": 6}
        axes.text(np.radians(157.5), height, f"{height}°", path_effects=edge, **words)
    axes.set_xticks(np.radians(np.arange(0, 360, 45)), POINTS)
    around = np.linspace(0.0, 2.0 * np.pi, 181)
    if mask > 0.0:
        axes.fill_between(around, 0.0, mask, color=FAINT, alpha=0.6, lw=0, zorder=0)


def _track(axes: PolarAxes, track: Mapping[str, Any], colour: str) -> None:
    t, azimuth, elevation = track["t_s"], track["azimuth_rad"], track["elevation_deg"]
    axes.plot(azimuth, elevation, color=colour, lw=1.1, ls=(0, (3, 2.5)), zorder=3)
    for start, end in track["seen_s"]:
        inside = (t >= start) & (t <= end)
        axes.plot(azimuth[inside], elevation[inside], color=colour, lw=3.4, zorder=4)
    dots = track["dots_s"]
    look: Look = {"ls": "none", "marker": "o", "ms": 3.6, "mfc": "white", "mec": colour, "mew": 1.1, "zorder": 5}
    axes.plot(np.interp(dots, t, azimuth), np.interp(dots, t, elevation), **look)
    axes.annotate(
        "",
        (azimuth[-1], elevation[-1]),
        (azimuth[-2], elevation[-2]),
        arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.3, "mutation_scale": 13},
        zorder=5,
    )


def _legend(axes: Axes, tracks: Sequence[Mapping[str, Any]]) -> None:
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 5.4))
    y = 5.3
    for k, track in enumerate(tracks):
        badge = {"boxstyle": "circle,pad=0.2", "fc": COLOURS[k % len(COLOURS)], "ec": "none"}
        axes.text(0.03, y, str(k + 1), color="white", ha="center", va="center", fontsize=9, bbox=badge)
        axes.text(0.1, y, track["heading"], va="center", fontsize=10, fontweight="bold", color=INK)
        for line in track["lines"]:
            y -= 0.19
            axes.text(0.1, y, line, va="center", fontsize=9, color=INK)
        y -= 0.31
