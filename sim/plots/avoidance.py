"""An avoidance burn: every conjunction by miss and probability before and after it, and the candidates by time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, context, panel, sheet

MINIMUM_DRAWN = 1.0e-12  # of the probability that is drawn; below it nobody acts
COLOUR = {"track": BLUE, "radial": ORANGE, "cross": GREEN}
WORDS = {"track": "along the track", "radial": "radial", "cross": "across"}
LONGEST_NAME = 26


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.conjunctions.avoidance_report.chart` lists."""
    probability, miss = data["rule"]
    rule = f"Pc at most {probability:g}" + (f", miss at least {miss:g} m" if miss > 0.0 else "")
    figure = sheet(7.6, f"{data['name']}: {data['decision']}", f"{rule} · hours from {data['zero'].utc(0)}")
    _judged(panel(figure, 0.95, 4.0, 9.3, 2.6), data)
    _candidates(panel(figure, 0.95, 0.75, 9.3, 2.4), data)
    return figure


def _plain_ticks(axis: Axis) -> None:
    """Powers of ten in plain letters: pictures have no typesetting of formulas."""
    axis.set_major_formatter(lambda x, _: f"{x:g}" if 1e-4 < x < 1e5 else f"{x:.0e}")
    axis.set_minor_formatter(lambda x, _: "")


def _judged(axes: Axes, data: dict) -> None:
    axes.set_title("Conjunctions: open without a burn, filled with it")
    axes.set(xscale="log", yscale="log", xlabel="miss, m", ylabel="probability")
    _plain_ticks(axes.xaxis)
    _plain_ticks(axes.yaxis)
    probability, miss = data["rule"]
    axes.axhline(probability, color=VERMILLION, lw=1.1, ls="--")
    if miss > 0.0:
        axes.axvline(miss, color=VERMILLION, lw=1.1, ls="--")
    before = [(m, max(p, MINIMUM_DRAWN)) for m, p in data["before"]]
    after = [(m, max(p, MINIMUM_DRAWN)) for m, p in data["after"]]
    named = 0
    for k, (m, p) in enumerate(before):
        bad = p > probability or m < miss
        colour = VERMILLION if bad else BLUE
        if after:
            axes.annotate("", after[k], (m, p), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 1.2})
            axes.plot(*after[k], "o", ms=7, color=colour, mec="white")
        axes.plot(m, p, "o", ms=7, mfc="white", mec=colour, mew=1.8)
        if bad:
            words = f"{data['names'][k][:LONGEST_NAME]}, {data['tca_h'][k]:.1f} h"
            axes.annotate(words, (m, p), xytext=(4, 9 + 12 * named), textcoords="offset points", fontsize=8.5)
            named += 1
    low = min([p for _, p in (*before, *after)], default=MINIMUM_DRAWN)
    high = max([probability, *(p for _, p in (*before, *after))])
    axes.set_ylim(max(0.2 * low, 0.3 * MINIMUM_DRAWN), min(8.0 * high, 3.0))
    reach = [m for m, _ in (*before, *after)] + ([miss] if miss > 0.0 else [])
    axes.set_xlim(0.5 * max(min(reach), 1.0), 4.0 * max(reach))


def _candidates(axes: Axes, data: dict) -> None:
    axes.set_title("Candidate burns by time")
    axes.set(yscale="log", xlabel="hours", ylabel="m/s")
    _plain_ticks(axes.yaxis)
    found = data["candidates"]
    for direction, colour in COLOUR.items():
        those = np.array([(t, abs(dv), dv > 0.0) for t, d, dv in found if d == direction]).reshape(-1, 3)
        for sign, marker in ((1.0, "^"), (0.0, "v")):
            shown = those[those[:, 2] == sign]
            axes.plot(shown[:, 0], shown[:, 1], marker, ms=3.0, color=colour, alpha=0.75)
        if len(those):
            axes.plot([], [], "^", ms=5.0, color=colour, label=WORDS[direction])
    for t in data["broken_h"]:
        axes.axvline(t, color=VERMILLION, lw=1.2)
    axes.axhline(data["most"], color=SOFT, lw=1.0, ls="--")
    if data["burn"] is not None:
        t, _, dv = data["burn"]
        axes.plot(t, abs(dv), "*", ms=15, color=INK, mec="white", zorder=5, label=f"flown: {abs(dv):.4f} m/s")
    if found:
        axes.plot([], [], "v", ms=5.0, color=SOFT, label="the other way")
        axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.97), fontsize=8.5, ncols=5, frameon=False)
    else:
        axes.text(0.5, 0.5, "no burn within the limits", transform=axes.transAxes, ha="center", color=INK)
