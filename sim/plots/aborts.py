"""Leaving a failing launcher: the load on the crew and the place of landing against the time of the abort."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.core.ascent_record import AbortHistory, RecoveryArea
from sim.core.ground_site import GroundSite
from sim.export.stored import PlotData
from sim.plots.areas import beside, draw_areas, region
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILLION,
    Labels,
    Look,
    clock,
    clock_axis,
    pale,
    panel,
    sheet,
    upright,
)

COLOURS = (VERMILLION, ORANGE, BLUE, PURPLE, GREEN, SKY)
MARKS = ("o", "s", "^", "D", "v", "P")
WIDE, TALL = 9.87, 4.6  # in, of the map
EVERY = 60.0  # s between two labels of the map
HALO = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.85}


def draw(data: PlotData) -> Sheet | None:
    flown, start = data.ascent, data.when("liftoff")
    if flown is None or flown.study is None or flown.aborts is None or start is None:
        return None
    aborts, areas = flown.aborts, flown.study.areas or ()
    names = [mode.mode for mode in flown.study.aborts or ()]
    figure = sheet(10.6, "Leaving a failing launcher", _subtitle(data))
    load = panel(figure, 0.75, 6.35, 9.6, 3.1)
    ground = panel(figure, 0.55, 0.55, WIDE, TALL)
    _load(load, aborts, names, aborts.t_s - start)
    _ground(ground, flown.pad, areas, aborts, names, aborts.t_s - start)
    return figure


def _subtitle(data: PlotData) -> str:
    return f"{data.record['name']} · motors, burns and areas assumed where no source gives them; parachutes not counted"


def _load(axes: Axes, aborts: AbortHistory, names: list[str], t: np.ndarray) -> None:
    top = np.nanmax([aborts.load_g.max(), np.nanmax(aborts.ballistic_load_g)])
    axes.set(xlim=(0, t[-1] * 1.005), ylim=(0, 1.27 * top), ylabel="largest load, g")
    axes.set_title("Largest load on the crew, from engines, motors and entry")
    clock_axis(axes, 60)
    axes.set_xlabel("time of the abort from lift-off, min:s")
    for number, name in enumerate(names):
        these = aborts.mode == number
        x = t[these]
        colour = COLOURS[number % len(COLOURS)]
        end = t[aborts.mode > number].min() if (aborts.mode > number).any() else t[-1]
        axes.axvspan(x[0], end, color=pale(colour), alpha=0.25, lw=0, zorder=0.4)
        if number:
            upright(axes, x[0])
        lifting = np.where(np.isfinite(aborts.latitude_deg[these]), aborts.load_g[these], np.nan)
        mark = MARKS[number % len(MARKS)]
        axes.plot(x, lifting, mark + "-", ms=3.6, color=colour, lw=1.6, zorder=3)
        axes.plot(x, aborts.ballistic_load_g[these], color=colour, lw=1.4, ls=(0, (4, 2)), zorder=2.8)
        words = name.replace(" ", "\n", 1)
        axes.text(0.5 * (x[0] + end), 1.25 * top, words, ha="center", va="top", fontsize=9, linespacing=1.1)
    axes.plot([], [], "o-", ms=3.6, color=INK, lw=1.6, label="all: motors, then entry with lift upward")
    axes.plot([], [], color=INK, lw=1.4, ls=(0, (4, 2)), label="entry alone, without lift (spinning)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.57, 0.02), fontsize=9)


def _ground(
    axes: Axes, pad: GroundSite, areas: tuple[RecoveryArea, ...], aborts: AbortHistory, names: list[str], t: np.ndarray
) -> None:
    middle, home = pad.longitude_deg, (pad.longitude_deg, pad.latitude_deg)
    lon, lat = beside(aborts.longitude_deg, middle), aborts.latitude_deg
    corners = np.array([corner for area in areas for corner in area.corners_deg]).reshape(-1, 2)
    region(
        axes,
        np.concatenate([lon, beside(corners[:, 1], middle), home[:1]]),
        np.concatenate([lat, corners[:, 0], home[1:]]),
        TALL / WIDE,
        5,
    )
    axes.set_title("Where the capsule opens its parachutes (time of the abort), and the recovery areas")
    named = draw_areas(axes, areas, middle)
    axes.plot(*home, "s", ms=11, mfc="none", mec=INK, mew=1.3, zorder=4.5)
    for number, name in enumerate(names):
        these = (aborts.mode == number) & np.isfinite(lat)
        if these.any():
            colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
            look: Look = {"ms": 5, "mfc": colour, "mec": "white", "mew": 0.5, "ls": "none", "zorder": 4}
            axes.plot(lon[these], lat[these], mark, label=name, **look)
    straight = beside(aborts.ballistic_longitude_deg, middle), aborts.ballistic_latitude_deg
    axes.plot(*straight, "x", ms=3.5, color=SOFT, mew=0.9, label="without lift", zorder=3.5)
    axes.legend(loc="lower left")
    lands = np.flatnonzero(np.isfinite(lat))
    marked = [lands[np.argmin(np.abs(t[lands] - when))] for when in np.arange(120.0, t[lands[-1]], EVERY)]
    marked = list(dict.fromkeys([*marked, lands[np.argmax(aborts.downrange_km[lands])]]))
    labels = Labels(axes, [(lon[i], lat[i]) for i in marked])
    labels.block_legend()
    labels.block(lon[lands], lat[lands])
    for i in marked:
        labels.add(lon[i], lat[i], f"T+{clock(t[i])}", fontsize=8.5, bbox=HALO)
    for x, y, name in named:
        labels.add(x, y, name, fontsize=9, bbox=HALO, style="italic")
