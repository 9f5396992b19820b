"""Which thruster fired when at close range, and the propellant that was used."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.ticker import FuncFormatter

from sim.core.docking_record import ClosedLoopRecord
from sim.core.histories import joined
from sim.export.stored import PlotData
from sim.plots.marks import TROUBLE, TROUBLES, crosses
from sim.plots.sheet import Sheet
from sim.plots.style import FAINT, INK, PHASE_COLOUR, SOFT, Labels, Look, panel, phase_name, sheet, upright
from sim.plots.zones import IN_SIX, closed_loop_legs, holds

BINS = 480  # over the width: three pixels each
ROW_IN, LEFT, WIDE = 0.225, 1.05, 7.7
SHADES = LinearSegmentedColormap.from_list("firing", ["#ffffff", "#9ecae1", "#0072B2", "#08204d"])

Legs = list[tuple[str, ClosedLoopRecord]]


def draw(data: PlotData) -> Sheet | None:
    legs = closed_loop_legs(data)
    if not legs:
        return None
    names = list(legs[0][1].thrusters.on_s)
    tall = ROW_IN * len(names)
    figure = sheet(tall + 4.85, "Thruster firings and propellant", _subtitle(data, legs))
    end = data.when("contact") or float(legs[-1][1].thrusters.t_s[-1])
    raster = panel(figure, LEFT, 3.55, WIDE, tall)
    fuel = panel(figure, LEFT, 0.7, WIDE, 2.1)
    edges = _raster(raster, figure, legs, names, end)
    _fuel(fuel, data, legs, end)
    for axes in (raster, fuel):
        axes.set_xlim(edges[0], edges[-1])
        for _, leg in legs[1:]:
            upright(axes, (leg.thrusters.t_s[0] - end) / 60.0, color=INK)
    fuel.set_xlabel("minutes to contact" if data.when("contact") else "minutes to the end")
    _above(raster, data, legs, end)
    return figure


def _subtitle(data: PlotData, legs: Legs) -> str:
    columns = [column for _, leg in legs for column in leg.thrusters.on_s.values()]
    pulses = sum(int((column > 0.0).sum()) for column in columns)
    return f"{data.record['name']} · {pulses} firings (one per stored row) · shade: share of the time on{crosses(data)}"


def binned(t: np.ndarray, on: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of each bin between `edges` s that a thruster is on, from its on-times s stored from times t s on."""
    total, _ = np.histogram(t, edges, weights=on)
    return total / np.diff(edges)


def _raster(axes: Axes, figure: Sheet, legs: Legs, names: list[str], end: float) -> np.ndarray:
    fired = joined([leg.thrusters for _, leg in legs])
    t, on = fired.t_s, np.array([fired.on_s[name] for name in names])
    edges = np.linspace(t[0], t[-1] + 1e-6, BINS + 1)
    shares = np.array([binned(t, row, edges) for row in on])
    minutes = (edges - end) / 60.0
    drawn = axes.pcolormesh(
        minutes, np.arange(len(names) + 1) - 0.5, shares, cmap=SHADES, norm=PowerNorm(0.5, 0.0, 1.0), rasterized=True
    )
    axes.set(ylim=(len(names) - 0.5, -0.5))
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    axes.tick_params(axis="x", labelbottom=False)
    axes.grid(False)
    beside: Look = {
        "xytext": (44, 0),
        "textcoords": "offset points",
        "fontsize": 8.5,
        "ha": "right",
        "annotation_clip": False,
    }
    for i, name in enumerate(names):
        new = i and name.rstrip("0123456789") != names[i - 1].rstrip("0123456789")
        if i:
            axes.axhline(i - 0.5, color=INK if new else FAINT, lw=0.9 if new else 0.6)
        axes.annotate(f"{on[i].sum():.1f} s", (1.0, i), xycoords=("axes fraction", "data"), va="center", **beside)
    axes.annotate("on for", (1.0, -0.7), xycoords=("axes fraction", "data"), va="bottom", color=SOFT, **beside)
    across, up = figure.get_size_inches()
    bar = panel(figure, LEFT + WIDE + 0.95, 3.55 + 0.15, 0.14, ROW_IN * len(names) - 0.5)
    figure.colorbar(drawn, cax=bar, ticks=[0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0])
    bar.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    bar.tick_params(labelsize=8.5)
    return minutes


def _above(axes: Axes, data: PlotData, legs: Legs, end: float) -> None:
    """The legs' names, and what went wrong, over the raster."""
    for phase, leg in legs:
        t = (leg.thrusters.t_s[[0, -1]] - end) / 60.0
        axes.annotate(
            phase_name(phase),
            (t[0], 1.0),
            (2, 5),
            xycoords=("data", "axes fraction"),
            fontsize=9.5,
            textcoords="offset points",
            fontweight="bold",
            ha="left",
            va="bottom",
        )
    low, high = axes.get_xlim()
    for name in TROUBLES:
        for event in data.events(name):
            at = (data.seconds(event["utc"]) - end) / 60.0
            if low <= at <= high:
                axes.axvline(at, color=INK, lw=0.9, ls=":")
                axes.plot(at, -0.5, clip_on=False, **TROUBLE)


def _fuel(axes: Axes, data: PlotData, legs: Legs, end: float) -> None:
    axes.set_title("Propellant used since the start of the first of these legs")
    first = legs[0][1].propellant.propellant_kg[0]
    ends, curves = [], []
    for phase, leg in legs:
        fuel = leg.propellant
        t, used = (fuel.t_s - end) / 60.0, first - fuel.propellant_kg
        axes.plot(t, used, color=PHASE_COLOUR[phase])
        curves.append((t, used))
        ends.append((t[-1], used[-1], used[-1] - used[0], phase))
    axes.set(ylabel="kg", ylim=(0.0, 1.25 * max(e[1] for e in ends)), xlim=(curves[0][0][0], curves[-1][0][-1]))
    for hold in holds(data):
        if hold.phase in IN_SIX and hold.end:
            span = (np.array([hold.start, hold.end]) - end) / 60.0
            axes.axvspan(*span, color=FAINT, alpha=0.6, lw=0, zorder=0)
    labels = Labels(axes, [(x, y) for x, y, *_ in ends])
    for t, used in curves:
        labels.block(t, used, 20)
    for x, y, of_leg, phase in ends:
        axes.plot(x, y, "o", ms=6, mfc="white", mec=PHASE_COLOUR[phase], mew=1.6, zorder=5, clip_on=False)
        labels.add(x, y, f"{phase_name(phase)} {of_leg:.1f} kg", fontweight="bold")
    axes.annotate(
        "grey: holds",
        (0.0, 1.0),
        (4, -4),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=9,
        color=SOFT,
        va="top",
    )
