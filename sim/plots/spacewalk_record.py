"""The spacewalks of the record: when each was by the clock in Beijing, and how it stands with every rule."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, Look, context, panel, sheet

ROW, TOP, FOOT = 0.26, 2.45, 1.05  # inches: of one spacewalk, above the first, below the last
COLOUR = {
    "possible": GREEN,
    "possible that day": GREEN,
    "depends on the place on the orbit": ORANGE,
    "broke a rule": VERMILLION,
    "no start that day": VERMILLION,
}
MARKS: dict[str, tuple[str, Look]] = {
    "kept": ("kept", {"marker": "o", "ms": 6, "color": GREEN}),
    "depends": ("depends on the place on the orbit", {"marker": "D", "ms": 5.5, "color": ORANGE}),
    "against": ("not as usual", {"marker": "_", "ms": 8, "mew": 2.0, "color": BLUE}),
    "broken": ("broken", {"marker": "x", "ms": 7, "mew": 2.0, "color": VERMILLION}),
    "unknown": ("not known", {"marker": ".", "ms": 3, "color": SOFT}),
}


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.planning.spacewalks.chart.record_chart` lists."""
    walks = data["walks"]
    tall = ROW * len(walks)
    figure = sheet(TOP + tall + FOOT, "Spacewalks of the record against the rules", data["name"])
    clock = panel(figure, 2.2, FOOT, 3.9, tall)
    rules = panel(figure, 6.45, FOOT, 3.9, tall)
    names = [f"{w['number']}  {w['day']}  {_short(w['ship'])}" for w in walks]
    for axes in (clock, rules):
        axes.set_ylim(len(walks), 0.0)
        axes.set_yticks(np.arange(len(walks)) + 0.5, names if axes is clock else [""] * len(walks), fontsize=8.8)
        axes.tick_params(axis="y", length=0)
    _clock(clock, walks)
    _rules(rules, data)
    return figure


def _clock(axes: Axes, walks: list[dict]) -> None:
    axes.set_title("From egress to return", pad=6)
    axes.set(xlim=(0, 29), xticks=np.arange(0, 25, 3), xlabel="hour in Beijing (UTC+8); right: beta, deg")
    for k, walk in enumerate(walks):
        colour = COLOUR[walk["verdict"]]
        if walk["bar"]:
            axes.barh(k + 0.5, walk["bar"][1] - walk["bar"][0], 0.62, left=walk["bar"][0], color=colour, zorder=3)
        for low, high in walk["possible"]:
            look: Look = {"fc": "white", "ec": colour, "lw": 1.2, "hatch": "////", "zorder": 3}
            axes.barh(k + 0.5, max(high - low, 0.2), 0.62, left=low, **look)
        axes.text(28.7, k + 0.5, f"{walk['beta']:.0f}", ha="right", va="center", fontsize=8.8)
    handles = [
        Patch(color=GREEN, label="possible"),
        Patch(color=ORANGE, label="depends on the place on the orbit"),
        Patch(color=VERMILLION, label="broke a rule"),
        Patch(fc="white", ec=GREEN, hatch="////", label="hours not released: starts that were possible"),
    ]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0 + 0.4 / axes.bbox.height * 72.0), **_LOOK)


def _rules(axes: Axes, data: dict) -> None:
    names = data["rules"]
    axes.set_xlim(0.0, len(names))
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(len(names)) + 0.5, names, rotation=60, ha="left", rotation_mode="anchor", fontsize=8.8)
    axes.tick_params(axis="x", length=0)
    axes.grid(False)
    for k in range(1, len(data["walks"])):
        axes.axhline(k, color=SOFT, lw=0.3, zorder=1)
    for k, walk in enumerate(data["walks"]):
        for i, mark in enumerate(walk["marks"]):
            if mark:
                axes.plot(i + 0.5, k + 0.5, ls="none", zorder=3, **MARKS[mark][1])
    handles = [Line2D([], [], ls="none", label=words, **look) for words, look in MARKS.values()]
    axes.legend(handles=handles, loc="upper right", bbox_to_anchor=(1.02, -0.01), ncols=2, **_LOOK)


def _short(ship: str) -> str:
    return ship.replace("shenzhou-", "SZ-")


_LOOK: Look = {"frameon": False, "fontsize": 8.8, "handletextpad": 0.4, "columnspacing": 1.2, "labelcolor": INK}
