"""How long orbits about the Moon last, over node and argument of perilune."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from sim.plots.style import BLUE, INK, PAPER, VERMILLION, Sheet, context, panel, sheet


@context()
def draw(rows: Sequence[dict], longest_days: float) -> Sheet:
    """`rows` with `raan_deg`, `argument_of_perilune_deg`, `days` to the impact or None, and `lowest_km`."""
    nodes, arguments = (sorted({row[key] for row in rows}) for key in ("raan_deg", "argument_of_perilune_deg"))
    days = np.full((len(nodes), len(arguments)), np.nan)
    figure = sheet(
        6.3, "Days until an orbit like ICUBE-Q's strikes the Moon", "200 x 8600 km in 137 deg from 2024-05-08"
    )
    axes = panel(figure, 0.9, 0.75, 8.9, 4.55)
    for row in rows:
        i, j = nodes.index(row["raan_deg"]), arguments.index(row["argument_of_perilune_deg"])
        days[i, j] = longest_days if row["days"] is None else row["days"]
        word = f"{row['days']:.0f}" if row["days"] is not None else f"none\n({row['lowest_km']:.0f} km)"
        axes.text(j, i, word, ha="center", va="center", color=PAPER if days[i, j] > 0.75 * longest_days else INK)
    colours = LinearSegmentedColormap.from_list("life", [VERMILLION, "#f3ead8", BLUE])
    axes.imshow(days, cmap=colours, vmin=0.0, vmax=longest_days, aspect="auto", origin="lower")
    axes.set_xticks(range(len(arguments)), [f"{x:g}" for x in arguments])
    axes.set_yticks(range(len(nodes)), [f"{x:g}" for x in nodes])
    axes.set(xlabel=f"argument of perilune, deg  (none: no impact in {longest_days:.0f} days, with the lowest height)")
    axes.set(ylabel="node on the Moon's equator, deg")
    axes.grid(False)
    return figure
