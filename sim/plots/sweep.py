"""A sweep: the probability of success at each value, with Wilson's intervals, and the propellant and time that it
takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.plots.campaign import WORDS
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, PURPLE, VERMILLION, context, panel, save, sheet

LOOKS = ((BLUE, "o", -1.0), (GREEN, "s", 1.0), (VERMILLION, "X", 0.0))


@context()
def draw(content: Mapping, out: Path) -> list[Path]:
    """Write sweep.png into `out`; returns its path in a list. `content` as in sweep.json."""
    save(figure(content), out / "sweep.png")
    return [out / "sweep.png"]


@context()
def figure(content: Mapping) -> Sheet:
    """The picture itself, from the content of sweep.json."""
    rows = content["rows"]
    x = np.array([row["value"] for row in rows])
    name = f"{content['path'].replace('.', ' ').replace('_', ' ')}, {content['unit']}"
    words = f"{content['mission']} · {content['phase']} · {rows[0]['runs']} runs at each, seed {content['seed']}"
    made = sheet(5.4, f"{content['name']}: what the {name.partition(',')[0]} decides", words)
    left = panel(made, 0.8, 0.75, 4.3, 3.6)
    _probability(left, x, rows)
    left.set_xlabel(name)
    pictured = content["pictured"][:2]
    for k, quantity in enumerate(pictured):
        axes = panel(made, 6.1, 0.75 + 2.0 * (len(pictured) - 1 - k), 4.2, 1.55)
        _scatter(axes, x, rows, quantity)
        if k == len(pictured) - 1:
            axes.set_xlabel(name)
    return made


def _probability(axes: Axes, x: np.ndarray, rows: Sequence[Mapping]) -> None:
    """Capture where there is one, else success, in per cent; beside each other, so that both bars are seen."""
    axes.set_title("Probability, with Wilson's 95 % interval")
    of = "capture" if "capture" in rows[0] else "probability"
    names = list(rows[0][of]) if of == "capture" else ["success"]
    aside = 0.006 * (x.max() - x.min()) * (len(names) > 1)
    for name, (colour, marker, side) in zip(names, LOOKS, strict=False):
        p, low, high = (
            100.0 * np.array([row[of][name][key] for row in rows]) for key in ("value", "wilson_low", "wilson_high")
        )
        word = f"captured {name.replace('_', ' ')}" if of == "capture" else name
        axes.errorbar(
            x + side * aside,
            p,
            (p - low, high - p),
            fmt=marker,
            ms=5.5,
            color=colour,
            lw=0,
            elinewidth=1.6,
            capsize=4,
            label=word,
        )
        axes.plot(x + side * aside, p, color=colour, lw=1.0, alpha=0.5)
    axes.set(ylabel="%", ylim=(min(axes.get_ylim()[0], 90.0), 101.0))
    axes.legend(loc="lower left")


def _scatter(axes: Axes, x: np.ndarray, rows: Sequence[Mapping], quantity: str) -> None:
    flown = [i for i, row in enumerate(rows) if quantity in row["percentiles"]]
    if not flown:
        return
    low, middle, high = (np.array([rows[i]["percentiles"][quantity][s] for i in flown]) for s in ("5", "50", "95"))
    unit = quantity.rpartition("_")[2]
    axes.set_title(f"{WORDS.get(quantity, quantity).capitalize()} of runs flown: median, 5 to 95 %", fontsize=9.5)
    axes.fill_between(x[flown], low, high, color=PURPLE, alpha=0.3, lw=0)
    axes.plot(x[flown], middle, "o-", color=INK, ms=4, lw=1.2)
    axes.set(ylabel=unit, ylim=(0.0, 1.1 * float(high.max())))
