"""An avoidance burn: every conjunction by miss and probability before and after it, and the candidates by time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, context, panel, sheet

LEAST = 1.0e-12  # of the probability that is drawn; below it nobody acts
COLOUR = {"track": BLUE, "radial": ORANGE, "cross": GREEN}
WORDS = {"track": "along the track", "radial": "radial", "cross": "across"}
SHORTEST_NAME = 26


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.conjunctions.avoidance_report.chart` lists."""
    probability, miss = data["rule"]
    rule = f"Pc at most {probability:g}" + (f", miss at least {miss:g} m" if miss > 0.0 else "")
    figure = sheet(7.6, f"{data['name']}: {data['decision']}", f"{rule} · hours from {data['zero'].utc(0)}")
    _judged(panel(figure, 0.95, 4.0, 9.3, 2.6), data)
    _candidates(panel(figure, 0.95, 0.75, 9.3, 2.4), data)
    return figure


def _judged(axes: Axes, data: dict) -> None:
    axes.set_title("Conjunctions: open without a burn, filled with it")
    axes.set(xscale="log", yscale="log", xlabel="miss, m", ylabel="probability")
    probability, miss = data["rule"]
    axes.axhline(probability, color=VERMILLION, lw=1.1, ls="--")
    if miss > 0.0:
        axes.axvline(miss, color=VERMILLION, lw=1.1, ls="--")
    before = [(m, max(p, LEAST)) for m, p in data["before"]]
    after = [(m, max(p, LEAST)) for m, p in data["after"]]
    for k, (m, p) in enumerate(before):
        bad = p > probability or m < miss
        colour = VERMILLION if bad else BLUE
        if after:
            axes.annotate("", after[k], (m, p), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 1.2})
            axes.plot(*after[k], "o", ms=7, color=colour, mec="white")
        axes.plot(m, p, "o", ms=7, mfc="white", mec=colour, mew=1.8)
        if bad or k < 4:
            at = after[k] if after else (m, p)
            axes.annotate(
                data["names"][k][:SHORTEST_NAME],
                at,
                xytext=(8, 4),
                textcoords="offset points",
                fontsize=8.5,
                color=INK,
            )
    low = min([p for _, p in (*before, *after)], default=LEAST)
    high = max([probability, *(p for _, p in (*before, *after))])
    axes.set_ylim(max(0.2 * low, 0.3 * LEAST), min(8.0 * high, 3.0))
    reach = [m for m, _ in (*before, *after)] + ([miss] if miss > 0.0 else [])
    axes.set_xlim(0.5 * max(min(reach), 1.0), 4.0 * max(reach))


def _candidates(axes: Axes, data: dict) -> None:
    axes.set_title("Smallest burn that clears everything, by its time (linear theory); the star was flown")
    axes.set(yscale="log", xlabel="hours", ylabel="m/s")
    found = data["candidates"]
    for direction, colour in COLOUR.items():
        for sign, marker in ((1.0, "^"), (-1.0, "v")):
            those = np.array([(t, abs(dv)) for t, d, dv in found if d == direction and dv * sign > 0.0]).reshape(-1, 2)
            if len(those):
                label = f"{WORDS[direction]} {'+' if sign > 0 else '-'}"
                axes.plot(those[:, 0], those[:, 1], marker, ms=3.0, color=colour, alpha=0.75, label=label)
    for t in data["broken_h"]:
        axes.axvline(t, color=VERMILLION, lw=1.2)
    axes.axhline(data["most"], color=SOFT, lw=1.0, ls="--")
    if data["burn"] is not None:
        t, _, dv = data["burn"]
        axes.plot(t, abs(dv), "*", ms=15, color=INK, mec="white", zorder=5, label=f"flown: {abs(dv):.4f} m/s")
    if found:
        axes.legend(loc="center left", bbox_to_anchor=(0.0, 0.55), fontsize=8.0, ncols=2)
    else:
        axes.text(0.5, 0.5, "no burn within the limits", transform=axes.transAxes, ha="center", color=INK)
