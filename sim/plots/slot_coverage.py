"""Where a geostationary craft is seen from: circles of equal elevation over the Earth, and places that it serves."""

from __future__ import annotations

from matplotlib.collections import LineCollection

from sim.plots.ground_track import split, world_map
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, VERMILLION, context, panel, sheet

COLOURS = (VERMILLION, ORANGE, GREEN, BLUE)


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.output.slot.chart` lists."""
    figure = sheet(6.0, "Where it stands above the horizon", f"{data['name']} · {data['longitude_deg']:.2f}° E")
    axes = panel(figure, 0.6, 0.95, 9.82, 4.0)
    world_map(axes, (-180, 180), (-80, 80), coast="coast110.npz", step=30, step_up=20)
    for ring, colour in zip(data["circles"], COLOURS, strict=False):
        lines = LineCollection(split(ring["longitude_deg"], ring["latitude_deg"]), colors=colour, linewidths=1.6)
        axes.add_collection(lines)
        axes.plot([], [], color=colour, lw=1.6, label=f"{ring['elevation_deg']:.0f}° up")
    axes.plot(data["longitude_deg"], 0.0, "P", ms=9, mfc="white", mec=INK, mew=1.2, zorder=6, label="below the craft")
    for place in data["places"]:
        axes.plot(place["longitude_deg"], place["latitude_deg"], "o", ms=4, color=INK, zorder=5)
    if data["places"]:
        axes.plot([], [], "o", ms=4, color=INK, ls="none", label=data["served"])
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=6, fontsize=8.5, handlelength=1.6)
    return figure
