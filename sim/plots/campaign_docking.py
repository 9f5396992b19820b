"""Contact of dispersed dockings against the capture box of the mechanism, and propellant and time of the approach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, INK, ORANGE, SOFT, VERMILLION, panel, sheet

Rows = Sequence[Mapping[str, str]]
# Quantity, what it is called, unit and factor to it.
SIDES = (
    ("closing_speed_m_s", "closing speed", "m/s", 1.0),
    ("lateral_speed_m_s", "lateral speed", "cm/s", 100.0),
    ("pitch_yaw_deg", "pitch or yaw, the larger", "deg", 1.0),
    ("roll_deg", "roll", "deg", 1.0),
    ("turning_rate_deg_s", "turning rate", "deg/s", 1.0),
)
COSTS = (
    ("propellant_kg", "propellant", "kg", 1.0),
    ("approach_s", "time to contact", "min", 1.0 / 60.0),
)


def contact(flown: Rows, content: Mapping, nominal: Mapping[str, float], title: str) -> Sheet:
    """Offsets of the rings in the port's docking frame, and every side of the capture box."""
    figure = sheet(8.5, "Contact against the capture box", title)
    first, at_all = (content["capture"][name] for name in ("at_first_try", "at_all"))
    words = f"captured at first try {_share(first)}" + (f", at all {_share(at_all)}" if at_all != first else "")
    words += f"; {content['failed']} failed" if content["failed"] else ""
    across, up = figure.get_size_inches()
    figure.text(0.35 / across, 1.0 - 0.85 / up, f"{content['runs']} runs: {words}", fontsize=10, va="center")
    _offsets(panel(figure, 0.75, 2.75, 4.35, 4.45), flown, nominal, content["capture_box"]["lateral_offset_m"])
    for k, side in enumerate(SIDES):
        _against(panel(figure, 6.05, 6.45 - 1.45 * k, 4.3, 0.75), flown, nominal, content["capture_box"], side)
    for k, cost in enumerate(COSTS):
        _histogram(panel(figure, 0.75 + 2.55 * k, 0.6, 1.85, 1.3), flown, nominal, cost)
    return figure


def _share(p: Mapping) -> str:
    return f"{p['runs']} ({100 * p['wilson_low']:.1f} to {100 * p['wilson_high']:.1f} %, 95 % by Wilson)"


def _column(flown: Rows, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in flown])


def _offsets(axes: Axes, flown: Rows, nominal: Mapping, limit: float) -> None:
    axes.set_title("Ring from the port's axis at the touch")
    y, z, first_y, first_z = (
        100.0 * _column(flown, f"{what}_{axis}_m") for what in ("contact", "first_touch") for axis in "yz"
    )
    again = _column(flown, "tries") > 1.0
    size = 3.5 if len(flown) > 100 else 5.0
    axes.add_patch(Circle((0.0, 0.0), 100.0 * limit, fill=False, ec=ORANGE, lw=1.6, ls="-."))
    axes.plot([], [], color=ORANGE, lw=1.6, ls="-.", label=f"capture box: {100 * limit:g} cm")
    axes.plot(y, z, "o", ms=size, color=BLUE, alpha=0.55, mew=0, label="captured")
    missed = again & (np.hypot(first_y - y, first_z - z) > 0.0)
    if missed.any():
        axes.plot(
            first_y[missed],
            first_z[missed],
            "X",
            ms=size + 3,
            mfc=VERMILLION,
            mec="white",
            label="first touch of those that came again",
        )
    if nominal:
        axes.plot(
            100.0 * nominal["contact_y_m"],
            100.0 * nominal["contact_z_m"],
            "P",
            ms=9,
            mfc="white",
            mec=INK,
            mew=1.4,
            label="nominal",
            zorder=5,
        )
    reach = 1.15 * max(100.0 * limit, *np.abs(first_y), *np.abs(first_z))
    axes.set(
        xlim=(-reach, reach),
        ylim=(-reach, 1.2 * reach),
        aspect="equal",
        anchor="W",
        xlabel="y of the docking frame, cm",
        ylabel="z, cm",
    )
    axes.legend(loc="upper left", fontsize=8.5, handletextpad=0.4, borderaxespad=0.2, labelspacing=0.25, ncols=2)


def _against(axes: Axes, flown: Rows, nominal: Mapping, box: Mapping, side: tuple) -> None:
    """One side of the box: the runs as a histogram on the scale of what is captured."""
    name, words, unit, factor = side
    x, maximum = factor * _column(flown, name), factor * box[name]
    minimum = factor * box.get(name.replace("_m_s", "_least_m_s"), 0.0) if name == "closing_speed_m_s" else 0.0
    low = minimum - 0.1 * (maximum - minimum) if minimum else 0.0
    axes.hist(x, bins=np.linspace(low, max(1.1 * maximum, x.max()), 90).tolist(), color=BLUE, alpha=0.8)
    for limit in (minimum, maximum):
        if limit:
            axes.axvline(limit, color=ORANGE, lw=1.6, ls="-.")
    if nominal:
        axes.plot(factor * nominal[name], 0.0, "P", ms=8, mfc="white", mec=INK, mew=1.3, clip_on=False, zorder=5)
    came = (
        f"{x.min():.3g} to {x.max():.3g}; captured: {minimum:g} to {maximum:g}"
        if minimum
        else f"at most {x.max():.3g} of {maximum:g}"
    )
    axes.set_title(f"{words[0].upper()}{words[1:]}: {came} {unit}", fontsize=9.5)
    axes.set_xlim(low, max(1.1 * maximum, 1.02 * x.max()))
    axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    axes.tick_params(labelsize=8.5)
    axes.set_ylabel("runs", fontsize=8.5)


def _histogram(axes: Axes, flown: Rows, nominal: Mapping, cost: tuple) -> None:
    name, words, unit, factor = cost
    x = factor * _column(flown, name)
    axes.set_title(f"{words[0].upper()}{words[1:]}", fontsize=9.5)
    axes.hist(x, bins=min(40, max(8, len(x) // 12)), color=BLUE, alpha=0.75)
    if nominal:
        axes.axvline(factor * nominal[name], color=INK, lw=1.4)
    for share in (0.135, 99.865) if len(x) >= 300 else (5, 95):
        axes.axvline(float(np.percentile(x, share)), color=SOFT, lw=1.2, ls=":")
    axes.set(xlabel=unit, ylabel="runs")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.tick_params(labelsize=8.5)
