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
LONGEST_NAME, NAMED = 22, 13  # letters; rows of the list beside the picture
NEAR, STEP = 0.022, 11.0  # share of the axis within which numbers stand one above the other, and points between them
HIGH, ASIDE = 6, 15.0  # of them one above the other, and points to the next such column


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.conjunctions.avoidance_report.chart` lists."""
    probability, miss = data["rule"]
    rule = f"Pc at most {probability:g}" + (f", miss at least {miss:g} m" if miss > 0.0 else "")
    figure = sheet(7.6, f"{data['name']}: {data['decision']}", f"{rule} · hours from {data['zero'].utc(0)}")
    _judged(panel(figure, 0.95, 4.0, 6.6, 2.6), data)
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
    broken = []
    for k, (m, p) in enumerate(before):
        bad = p > probability or m < miss
        colour = VERMILLION if bad else BLUE
        if after:
            axes.annotate("", after[k], (m, p), arrowprops={"arrowstyle": "->", "color": SOFT, "lw": 1.2})
            axes.plot(*after[k], "o", ms=7, color=colour, mec="white")
        axes.plot(m, p, "o", ms=7, mfc="white", mec=colour, mew=1.8)
        if bad:
            broken.append(k)
    low = min([p for _, p in (*before, *after)], default=MINIMUM_DRAWN)
    high = max([probability, *(p for _, p in (*before, *after))])
    axes.set_ylim(max(0.2 * low, 0.3 * MINIMUM_DRAWN), min(8.0 * high, 3.0))
    reach = [m for m, _ in (*before, *after)] + ([miss] if miss > 0.0 else [])
    low, high = 0.5 * max(min(reach, default=1.0), 1.0), 2.0 * max(reach, default=1.0)
    axes.set_xlim(low, high)
    if high < 50.0 * low:
        axes.xaxis.set_minor_formatter(lambda x, _: f"{x:g}" if f"{x:e}"[0] in "25" else "")
        axes.tick_params(axis="x", which="minor", pad=5)
    _name(axes, data, broken, [before[k] for k in broken])


def _name(axes: Axes, data: dict, rows: list[int], places: list[tuple[float, float]]) -> None:
    """Numbers at the conjunctions that break the rule, those that are close one above the other, and a list of them."""
    order = sorted(range(len(rows)), key=lambda n: data["tca_h"][rows[n]])
    listed = [
        f"{k}  {data['names'][rows[n]][:LONGEST_NAME]}, {data['tca_h'][rows[n]]:.1f} h" for k, n in enumerate(order, 1)
    ]
    if len(listed) > NAMED:
        listed = [*listed[: NAMED - 1], f"and {len(listed) - NAMED + 1} more"]
    numbers = {n: k for k, n in enumerate(order, 1)}
    low, high = np.log(axes.get_xlim())
    level, last = 0, -np.inf
    for n in sorted(range(len(rows)), key=lambda n: places[n][0]):
        x = (np.log(places[n][0]) - low) / (high - low)
        level = level + 1 if x - last < NEAR else 0
        last = x
        axes.annotate(
            str(numbers[n]),
            places[n],
            xytext=(ASIDE * (level // HIGH), 6 + STEP * (level % HIGH)),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
        )
    title = "break the rule" if listed else "none breaks the rule"
    axes.text(
        1.03,
        1.0,
        "\n".join([title, *listed]),
        transform=axes.transAxes,
        va="top",
        fontsize=8.5,
        color=INK,
        linespacing=1.3,
    )


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
        axes.set(xticks=[], xlabel="")
        words = "no burn within the limits" if data["broken_h"] else "no conjunction breaks the rule"
        axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", color=INK)
