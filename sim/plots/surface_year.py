"""A site on another body over a year: Sun and Earth over its horizon, links with the Earth, hours for a rover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, FAINT, GREEN, INK, ORANGE, PURPLE, SKY, SOFT, context, pale, panel, sheet, with_year

LEFT, WIDE = 1.75, 8.6  # inches of all panels
STRIP = 0.17
TICKS = 12


@context()
def draw(shown: Mapping[str, Any]) -> Sheet:
    """From what `sim.planning.surface.chart` makes."""
    strips = shown["strips"]
    links = STRIP * len(strips)
    height = 5.95 + links
    figure = sheet(height, shown["title"], shown["subtitle"])
    sun = panel(figure, LEFT, height - 2.1, WIDE, 1.2)
    earth = panel(figure, LEFT, height - 3.55, WIDE, 1.1)
    link = panel(figure, LEFT, height - 3.95 - links, WIDE, links)
    hours = panel(figure, LEFT, height - 5.1 - links, WIDE, 0.8)
    _elevation(sun, shown, "sun_deg", ORANGE, "Sun")
    for a, b in shown["light"]:
        sun.axvspan(a, b, color=pale(ORANGE), alpha=0.45, lw=0, zorder=0.3)
    _elevation(earth, shown, "earth_deg", BLUE, "Earth")
    _links(link, shown)
    _hours(hours, shown)
    for axes in (sun, earth, link, hours):
        axes.set_xlim(0.0, shown["end"])
        _dates(axes, shown, axes is hours)
    figure.text(0.035, 0.2 / height, shown["foot"], fontsize=8.5, color=SOFT)
    return figure


def _elevation(axes: Axes, shown: Mapping[str, Any], key: str, colour: str, name: str) -> None:
    t, each, horizon = shown["t"], shown[key], shown["horizon_deg"]
    axes.axhline(horizon, color=SOFT, lw=1.1, ls=(0, (4, 3)), zorder=1.5)
    axes.plot(t, each, color=colour, lw=1.3)
    axes.fill_between(t, horizon, each, where=each > horizon, interpolate=True, color=pale(colour), lw=0, zorder=1)
    axes.set_ylabel(f"{name}, deg")
    axes.set_ylim(min(float(each.min()), horizon) - 0.8, max(float(each.max()), horizon) + 1.2)
    axes.text(
        1.0, 1.02, f"dashed: horizon, {horizon:g}°", transform=axes.transAxes, fontsize=8.5, ha="right", color=SOFT
    )


def _links(axes: Axes, shown: Mapping[str, Any]) -> None:
    strips = shown["strips"]
    for i, strip in enumerate(strips):
        bars = [(a, b - a) for a, b in strip["spans"]]
        colour = PURPLE if strip["relay"] else BLUE
        axes.broken_barh(bars, (i + 0.14, 0.72), color=colour, lw=0)
    axes.set_ylim(len(strips), 0.0)
    axes.set_yticks(np.arange(len(strips)) + 0.5, [strip["name"] for strip in strips], fontsize=8.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)


def _hours(axes: Axes, shown: Mapping[str, Any]) -> None:
    each = shown["hours"]
    day = np.arange(len(each)) + 0.5
    good = each >= shown["min_hours"]
    axes.bar(day[good], each[good], width=1.0, color=GREEN, lw=0)
    axes.bar(day[~good], each[~good], width=1.0, color=SKY, lw=0)
    axes.set_ylim(0.0, 25.0)
    axes.set_yticks([0, 12, 24])
    axes.set_ylabel("h a day")
    axes.set_title("Light and a link together", fontsize=9, color=INK, pad=3)
    axes.axhline(24.0, color=FAINT, lw=0.8)


def _dates(axes: Axes, shown: Mapping[str, Any], labelled: bool) -> None:
    every = max(1.0, round(shown["end"] / TICKS))
    ticks = np.arange(0.0, shown["end"], every)
    words = with_year([shown["zero"].plus(86400.0 * float(d) + 1.0).text("%d %b %Y") for d in ticks])
    axes.set_xticks(ticks, words if labelled else [""] * len(ticks))
