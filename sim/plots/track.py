"""The ground track of one orbit, on the map of the world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sim.core.epoch import Epoch
from sim.plots.ground_track import night, split, world_map
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, VERMILLION, Labels, context, panel, sheet

BURN_WIDTH, WIDTH = 3.2, 1.2
LONGEST_TITLE = 75


@context()
def draw(
    name: str,
    zero: Epoch,
    track: dict[str, np.ndarray],
    burns: Sequence[tuple[float, float]],
    subtitle: str,
    earth: bool = True,
) -> Sheet:
    """`track`: `t_s`, `latitude_deg`, `longitude_deg`; `burns`: pairs of start and end, s, drawn broad over it.

    `earth` False: the map of another body, which has no coasts and no night here.
    """
    title = name if len(name) <= LONGEST_TITLE else name[: LONGEST_TITLE - 3] + "..."
    figure = sheet(6.6, title, f"{subtitle} · night side as at the start" if earth else subtitle)
    axes = panel(figure, 0.6, 0.75, 9.82, 4.91)
    world_map(axes, (-180, 180), (-90, 90), coast="coast110.npz" if earth else "", step=30, step_up=30)
    if earth:
        night(axes, zero)
    t, lon, lat = track["t_s"], track["longitude_deg"], track["latitude_deg"]
    _line(axes, lon, lat, BLUE, WIDTH)
    for start, end in burns:
        during = (t >= start) & (t <= end)
        _line(axes, lon[during], lat[during], VERMILLION, BURN_WIDTH)
    if burns:
        axes.plot([], [], color=VERMILLION, lw=BURN_WIDTH, label="engine on")
    axes.plot([], [], color=BLUE, lw=WIDTH, label="ground track")
    labels = Labels(axes)
    labels.block_texts()
    for i, colour in ((0, GREEN), (-1, ORANGE)):
        axes.plot(lon[i], lat[i], "D", ms=7.5, mfc=colour, mec=INK, mew=1.2, zorder=5, clip_on=False)
        labels.block([lon[i]], [lat[i]])
    for word, i in (("start", 0), ("end", -1)):
        halo = {"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85}
        text = f"{word}\n{zero.plus(float(t[i])).text('%Y-%m-%d %H:%M')} UTC"
        labels.add(lon[i], lat[i], text, bbox=halo, fontweight="bold", fontsize=8.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3, handlelength=1.8)
    return figure


def _line(axes: Axes, lon: np.ndarray, lat: np.ndarray, colour: str, width: float) -> None:
    if len(lon) > 1:
        pieces = split(lon, lat)
        axes.add_collection(LineCollection(pieces, colors=colour, linewidths=width, zorder=3, capstyle="round"))
