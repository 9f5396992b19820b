"""A map of landings: the tracks from the deorbit burn to the sites, the world above and the sites enlarged below."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sim.plots.ground_track import split, world_map
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILLION, Labels, context, panel, sheet

COLOURS = (GREEN, BLUE, ORANGE, PURPLE, SKY, VERMILLION)
# Tracks of different days lie on one another: each is thinner than those below it, and dashed in its own way.
WIDTHS = (4.2, 3.5, 2.9, 2.3, 1.7, 1.1)
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), "-", (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), "-")
ASPECT = 3.1 / 9.87
HALO = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.8}


@context()
def draw(data: dict) -> Sheet:
    """From the arrays of `sim.planning.landing.chart.landing_map`."""
    first, last = (data["zero"].plus(data[key]).text("%d %b %Y") for key in ("from", "to"))
    figure = sheet(9.0, "Landing map", f"{data['name']} · {data['ship']} · {first} to {last} · the station's tracks")
    world = panel(figure, 0.55, 4.25, 9.87, 3.6)
    world_map(world, (-180, 180), (-60, 75), coast="coast110.npz", step=30, step_up=30)
    world.set_title("From the deorbit burn (thick) to the pass beside the site; times are those of touchdown, UTC")
    _tracks(world, data)
    _places(world, data, names=False)
    _legend(world, data)
    _near(figure, data)
    return figure


def _tracks(axes: Axes, data: dict) -> None:
    for track, colour, dash, wide in zip(data["tracks"], COLOURS, DASHES, WIDTHS, strict=False):
        lon, lat = track["longitude_deg"], track["latitude_deg"]
        axes.add_collection(
            LineCollection(split(lon, lat), colors=colour, linewidths=wide, linestyles=[dash], zorder=3)
        )
        end = max(2, track["burn_end"])
        burn = split(lon[:end], lat[:end])
        axes.add_collection(
            LineCollection(burn, colors=colour, linewidths=wide + (5.0 if track["chosen"] else 3.0), zorder=3.2)
        )


def _places(axes: Axes, data: dict, names: bool) -> None:
    labels = Labels(axes, [(place["longitude_deg"], place["latitude_deg"]) for place in data["places"]])
    labels.block_texts()
    for track in data["tracks"] if names else ():
        labels.block(track["longitude_deg"], track["latitude_deg"])
    for place in data["places"]:
        x, y = place["longitude_deg"], place["latitude_deg"]
        axes.plot(x, y, "s", ms=9 if names else 5, mfc="white", mec=INK, mew=1.4, zorder=5)
        if names:
            labels.add(x, y, place["name"], bbox=HALO, fontweight="bold", fontsize=9.0)


def _legend(axes: Axes, data: dict) -> None:
    for track, colour, dash, wide in zip(data["tracks"], COLOURS, DASHES, WIDTHS, strict=False):
        word = track["words"] + (", chosen" if track["chosen"] else "")
        axes.plot([], [], color=colour, ls=dash, lw=wide, label=word)
    if data["tracks"]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3, handlelength=3.2, columnspacing=1.6)


def _near(figure: Sheet, data: dict) -> None:
    """The sites on a regional map."""
    lon = np.array([place["longitude_deg"] for place in data["places"]])
    lat = np.array([place["latitude_deg"] for place in data["places"]])
    wide = max(float(np.ptp(lon)) * 1.35, 16.0)
    tall = wide * ASPECT * np.cos(np.radians(float(lat.mean())))
    if float(np.ptp(lat)) * 1.4 > tall:
        wide, tall = wide * float(np.ptp(lat)) * 1.4 / tall, float(np.ptp(lat)) * 1.4
    across = 0.5 * (lon.min() + lon.max()) - 0.5 * wide, 0.5 * (lon.min() + lon.max()) + 0.5 * wide
    up = 0.5 * (lat.min() + lat.max()) - 0.5 * tall, 0.5 * (lat.min() + lat.max()) + 0.5 * tall
    axes = panel(figure, 0.55, 0.4, 9.87, 2.85)
    world_map(axes, across, up, "coast50.npz", 2.0 if wide < 25.0 else 10.0, 1.0 if tall < 12.0 else 5.0)
    axes.set_title("The landing sites")
    _tracks(axes, data)
    _places(axes, data, names=True)
