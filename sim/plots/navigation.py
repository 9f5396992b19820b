"""Errors of the ship's navigation at close range, against the three sigma of its own filters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from sim.core.docking_record import ClosedLoopRecord, NavigationHistory
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import INK, PHASE_COLOUR, SOFT, VERMILLION, pale, panel, phase_name, sheet
from sim.plots.zones import closed_loop_legs

SIGMAS = 3.0
EXPECTED = 0.0027  # share of normal errors beyond three sigma
PLACES = ("along V-bar", "across the orbit", "along R-bar")
# Title, what its three columns are, the unit drawn, and what a stored number is multiplied with.
ROWS = (
    ("Position", PLACES, "cm", 100.0),
    ("Velocity", PLACES, "mm/s", 1e3),
    ("Attitude", ("roll", "pitch", "yaw"), "0.001 deg", 1e3),
)
Legs = list[tuple[str, ClosedLoopRecord]]
SETTLED_S = 90.0  # a new filter settles at the start of a leg; that may run out of the frame


def draw(data: PlotData) -> Sheet | None:
    legs = closed_loop_legs(data)
    if not legs:
        return None
    outside, samples = outside_of(record.navigation for _, record in legs)
    share = outside / samples
    title = f"Navigation: {outside} of {samples} errors outside their own 3 sigma ({100 * share:.2g} %)"
    words = f"{data.record['name']} · {100 * EXPECTED:g} % of independent normal errors would be"
    figure = sheet(10.0, title, words + " · error: navigated less true")
    end = data.when("contact") or float(legs[-1][1].navigation.t_s[-1])
    for i, (name, axes_names, unit, by) in enumerate(ROWS):
        for j, axis in enumerate(axes_names):
            axes = panel(figure, 0.9 + 3.3 * j, 6.5 - 2.9 * i, 2.75, 2.1)
            axes.set_title(f"{name}, {axis}", fontsize=10)
            _one(axes, legs, (i, j), by, end)
            axes.set_ylabel(unit if j == 0 else "")
            if i == len(ROWS) - 1:
                axes.set_xlabel("minutes to contact" if data.when("contact") else "minutes to the end")
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="upper left", bbox_to_anchor=(0.03, 0.925), ncols=4, borderaxespad=0.0)
    return figure


def errors(known: NavigationHistory) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Errors and their sigma (n, 3) each: of position, velocity and attitude, as in ROWS."""
    return (
        (known.position_error_m, known.position_sigma_m),
        (known.velocity_error_m_s, known.velocity_sigma_m_s),
        (known.attitude_error_deg, known.attitude_sigma_deg),
    )


def outside_of(legs: Iterable[NavigationHistory]) -> tuple[int, int]:
    """How many errors lie beyond three of their own sigma, of how many, over all axes of the legs."""
    pairs = [pair for known in legs for pair in errors(known)]
    beyond = sum(int((np.abs(error) > SIGMAS * sigma).sum()) for error, sigma in pairs)
    return beyond, sum(error.size for error, _ in pairs)


def _one(axes: Axes, legs: Legs, which: tuple[int, int], by: float, end: float) -> None:
    """One axis of one row of ROWS, over all legs."""
    highest, beyond, ends = 0.0, 0, []
    last = legs[-1][0]
    for phase, record in legs:
        history = record.navigation
        error, sigma = (part[:, which[1]] for part in errors(history)[which[0]])
        t, error, sigma = (history.t_s - end) / 60.0, by * error, by * SIGMAS * sigma
        colour = PHASE_COLOUR[phase]
        axes.fill_between(t, -sigma, sigma, color=pale(colour), alpha=0.5, lw=0, label=f"±3 sigma, {phase_name(phase)}")
        axes.plot(t, sigma, color=colour, lw=0.8)
        axes.plot(t, -sigma, color=colour, lw=0.8)
        axes.plot(t, error, color=INK, lw=0.7, label="error" if phase == last else None)
        out = np.abs(error) > sigma
        axes.plot(t[out], error[out], ".", ms=4, color=VERMILLION, zorder=4, label="outside" if phase == last else None)
        settled = history.t_s > history.t_s[0] + min(SETTLED_S, 0.2 * np.ptp(history.t_s))
        highest = max(highest, sigma[settled].max(), np.abs(error[settled]).max())
        beyond += int(out.sum())
        ends += [t[0], t[-1]]
    axes.set(xlim=(min(ends), max(ends)), ylim=(-1.35 * highest, 1.35 * highest))
    axes.axhline(0.0, color=SOFT, lw=0.8, zorder=1.2)
    axes.annotate(
        f"{beyond} outside",
        (1.0, 1.0),
        (-3, -3),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8.5,
        ha="right",
        va="top",
        color="#9c4500" if beyond else SOFT,
    )
