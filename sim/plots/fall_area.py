"""Where the pieces of a craft that breaks up fall: the last revolution above, the area of the sea below."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sim.plots.ground_track import split, world_map
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILLION, context, panel, sheet

COLOURS = (ORANGE, GREEN, VERMILLION, PURPLE, SKY, BLUE)


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.output.disposal.chart` lists."""
    fall = data["fall"]
    size = f"{fall['length_km']:.0f} x {fall['width_km']:.0f} km"
    figure = sheet(9.4, "Where the pieces fall", f"{data['name']} · {size} · {fall['first_utc']} to {fall['last_utc']}")
    world = panel(figure, 0.6, 5.35, 9.82, 3.0)
    world_map(world, (-180, 180), (-66, 66), coast="coast110.npz", step=30, step_up=30)
    world.set_title("The last revolution, from before the last burn to the break-up")
    _track(world, data)
    _zone(world, data)
    near = panel(figure, 0.6, 1.15, 9.82, 3.55)
    world_map(near, (-180, -60), (-66, -22), coast="coast50.npz", step=10, step_up=10)
    near.set_title("The area, and an ellipse for each kind of pieces that holds 99 % of it")
    _track(near, data)
    _zone(near, data)
    for ring, piece, k in zip(data["outline"], fall["pieces"], range(100), strict=False):
        colour = COLOURS[k % len(COLOURS)]
        closed = np.vstack([ring, ring[:1]])
        near.plot(closed[:, 1], closed[:, 0], color=colour, lw=1.4, zorder=4)
        label = f"{piece['name']}, {piece['mass_per_drag_area_kg_m2']:.0f} kg/m²"
        near.plot(piece["longitude_deg"], piece["latitude_deg"], "o", ms=5, color=colour, zorder=5, label=label)
    latitude, longitude = fall["target_deg"]
    near.plot(longitude, latitude, "P", ms=9, mfc="white", mec=INK, mew=1.2, zorder=6, label="aimed at")
    near.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=3, handlelength=1.8, fontsize=8)
    return figure


def _track(axes: Axes, data: dict) -> None:
    track = data["track"]
    lon, lat, on = track["longitude_deg"], track["latitude_deg"], track["burning"]
    axes.add_collection(LineCollection(split(lon, lat), colors=BLUE, linewidths=1.3, zorder=3))
    if on.sum() > 1:
        axes.add_collection(LineCollection(split(lon[on], lat[on]), colors=VERMILLION, linewidths=3.2, zorder=3.2))


def _zone(axes: Axes, data: dict) -> None:
    axes.plot(data["zone"][:, 1], data["zone"][:, 0], color=INK, lw=1.1, ls=(0, (5, 2)), zorder=3.5)
