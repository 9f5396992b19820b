"""The pictures of a campaign: the results of the runs, and what drove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from sim.plots.campaign_docking import contact
from sim.plots.campaign_return import touchdown
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, FAINT, INK, ORANGE, SOFT, VERMILLION, context, panel, save, sheet

Rows = Sequence[Mapping[str, str]]
SIGMAS = 3.0  # of what is allowed, drawn as a box
BARS = 9  # causes shown of one quantity
WORDS = {
    "semi_major_axis_km": "semi-major axis",
    "inclination_deg": "inclination",
    "propellant_left_kg": "propellant left",
    "raan_deg": "node",
    "perigee_km": "perigee",
    "apogee_km": "apogee",
    "plane_error_deg": "plane error",
    "argument_of_latitude_deg": "argument of latitude",
    "lateral_offset_m": "lateral offset",
    "propellant_kg": "propellant",
    "approach_s": "time to contact",
    "along_km": "touchdown along the track",
    "across_km": "touchdown across it",
    "peak_load_g": "peak load",
}


@context()
def draw(
    rows: Rows, content: Mapping, nominal: Mapping[str, float], title: str, pictured: Sequence[str], out: Path
) -> list[Path]:
    """Write the pictures that the phase's quantities allow into `out`; returns their paths.

    `content` as in campaign.json; `pictured`: the quantities whose causes are shown.
    """
    flown = [row for row in rows if row["status"] == "flown"]
    if len(flown) < 2:
        return []
    made = {"influence.png": influence(content, title, pictured)}
    if "perigee_km" in nominal:
        made = {"insertion.png": insertion(flown, content, nominal, title)} | made
    if "capture_box" in content:
        made = {"contact.png": contact(flown, content, nominal, title)} | made
    if "ellipse" in content:
        made = {"touchdown.png": touchdown(flown, content, nominal, title)} | made
    for name, figure in made.items():
        save(figure, out / name)
    return [out / name for name in made]


# ---- insertion


def insertion(flown: Rows, content: Mapping, nominal: Mapping[str, float], title: str) -> Sheet:
    """Apsides, plane, place in the orbit and propellant at cut-off, with the nominal and what is allowed."""
    figure = sheet(9.0, "Where dispersed ascents cut off", f"{title} · {_counted(content)}")
    allowed = {name: r["sigma_allowed"] for name, r in content["requirements"].items()}
    apsides, plane = panel(figure, 0.95, 4.75, 4.1, 3.2), panel(figure, 6.2, 4.75, 4.1, 3.2)
    place, left = panel(figure, 0.95, 0.7, 4.1, 2.95), panel(figure, 6.2, 0.7, 4.1, 2.95)
    _apsides(apsides, flown, nominal, allowed.get("semi_major_axis_km"))
    _plane(plane, flown, nominal, allowed)
    _histogram(place, flown, nominal, "argument_of_latitude_deg", allowed.get("argument_of_latitude_deg"))
    _histogram(left, flown, nominal, "propellant_left_kg", None)
    return figure


def _counted(content: Mapping) -> str:
    outcomes = content["outcomes"]
    p = content["probability"]["success"]
    return (
        f"{outcomes['success']} succeed ({100 * p['wilson_low']:.1f} to {100 * p['wilson_high']:.1f} %), "
        f"{outcomes['rule_broken']} break a rule, {outcomes['failed']} fail"
    )


def _apsides(axes: Axes, flown: Rows, nominal: Mapping, allowed: float | None) -> None:
    axes.set_title("Apsides over the equator's radius")
    x0, y0 = nominal["perigee_km"], nominal["apogee_km"]
    _points(axes, flown, "perigee_km", "apogee_km", nominal, (0.0, 2.0 * SIGMAS * (allowed or 0.0)))
    if allowed:  # a semi-major axis is half the sum of both
        reach = np.array([-1e3, 1e3])
        for side in (-1.0, 1.0):
            axes.plot(
                x0 + reach,
                y0 - reach + 2.0 * side * SIGMAS * allowed,
                color=ORANGE,
                lw=1.4,
                ls="-.",
                label=f"semi-major axis ± {SIGMAS * allowed:g} km (3 sigma)" if side > 0 else None,
            )
    axes.set(xlabel="perigee, km", ylabel="apogee, km")
    _legend(axes)


def _plane(axes: Axes, flown: Rows, nominal: Mapping, allowed: Mapping[str, float]) -> None:
    axes.set_title("Plane at cut-off")
    wide, tall = (SIGMAS * allowed.get(name, 0.0) for name in ("inclination_deg", "raan_deg"))
    _points(axes, flown, "inclination_deg", "raan_deg", nominal, (wide, tall))
    axes.set(xlabel="inclination, deg", ylabel="right ascension of the node, deg")
    if wide and tall:
        corner = nominal["inclination_deg"] - wide, nominal["raan_deg"] - tall
        axes.add_patch(
            Rectangle(
                corner,
                2 * wide,
                2 * tall,
                fill=False,
                ec=ORANGE,
                lw=1.4,
                ls="-.",
                label=f"allowed, 3 sigma: ± {wide:.3g}°, ± {tall:.3g}°",
            )
        )
    axes.ticklabel_format(useOffset=False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    _legend(axes)


def _points(axes: Axes, flown: Rows, across: str, up: str, nominal: Mapping, beside: tuple[float, float]) -> None:
    """The runs and the nominal, with a margin for what is allowed `beside` the nominal, across and up."""
    x, y = (np.array([float(row[name]) for row in flown]) for name in (across, up))
    broken = np.array([bool(row["rules_broken"]) for row in flown])
    size = 3.5 if len(flown) > 100 else 5.0
    axes.plot(x[~broken], y[~broken], "o", ms=size, color=BLUE, alpha=0.55, mew=0, label="a run")
    if broken.any():
        axes.plot(x[broken], y[broken], "X", ms=size + 3, mfc=VERMILLION, mec="white", label="breaks a rule")
    axes.plot(
        nominal[across],
        nominal[up],
        "P",
        ms=9,
        mfc="white",
        mec=INK,
        mew=1.4,
        label="nominal",
        zorder=5,
    )
    axes.set_xlim(*_around([*x, nominal[across]], beside[0], 1.0))
    axes.set_ylim(*_around([*y, nominal[up]], beside[1], 4.0))  # the legend stands above


def _around(x: Sequence[float], beside: float, above: float) -> tuple[float, float]:
    """Limits that hold all of x, and `beside` on either side of the last, with a margin that is larger above."""
    low, high = min(*x, x[-1] - beside), max(*x, x[-1] + beside)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + above * margin


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper left", fontsize=8.5, handletextpad=0.4, borderaxespad=0.2, labelspacing=0.25)


def _histogram(axes: Axes, flown: Rows, nominal: Mapping, name: str, allowed: float | None) -> None:
    x = np.array([float(row[name]) for row in flown])
    unit = name.rpartition("_")[2]
    axes.set_title(WORDS.get(name, name)[0].upper() + WORDS.get(name, name)[1:] + " at cut-off")
    axes.hist(x, bins=min(40, max(8, len(x) // 12)), color=BLUE, alpha=0.75)
    axes.axvline(nominal[name], color=INK, lw=1.4, label=f"nominal {nominal[name]:.6g} {unit}")
    for share, look in ((0.135, ":"), (99.865, ":")) if len(x) >= 300 else ((5, ":"), (95, ":")):
        at = float(np.percentile(x, share))
        axes.axvline(at, color=SOFT, lw=1.2, ls=look, label=f"{share:g} % lie below {at:.6g} {unit}")
    if allowed:
        for side in (-1.0, 1.0):
            axes.axvline(
                nominal[name] + side * SIGMAS * allowed,
                color=ORANGE,
                lw=1.4,
                ls="-.",
                label=f"allowed, 3 sigma: ± {SIGMAS * allowed:.3g} {unit}" if side > 0 else None,
            )
    axes.set(xlabel=f"{WORDS.get(name, name)}, {unit}", ylabel="runs")
    axes.set_ylim(0, 1.45 * axes.get_ylim()[1])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.ticklabel_format(axis="x", useOffset=False)
    _legend(axes)


# ---- influence


def influence(content: Mapping, title: str, pictured: Sequence[str]) -> Sheet:
    """Tornadoes: the rank correlation of each quantity with what was drawn, the strongest first."""
    shown = [name for name in pictured if name in content["influence"]]
    figure = sheet(5.9, "What drives the scatter", title)
    wide, up = figure.get_size_inches()
    words = "Spearman's rank correlation; grey: 95 % of draws without any correlation"
    figure.text(0.35 / wide, 1.0 - 0.85 / up, words, fontsize=10, va="center")
    n = content["completed"]
    uncorrelated = 1.96 / np.sqrt(max(n - 1, 1))
    for k, name in enumerate(shown):
        _tornado(panel(figure, 1.72 + 3.52 * k, 0.65, 1.75, 4.0), content["influence"][name], name, uncorrelated)
    return figure


def _tornado(axes: Axes, causes: Mapping[str, float], name: str, uncorrelated: float) -> None:
    first = sorted(causes.items(), key=lambda item: -abs(item[1]))[:BARS][::-1]
    y = np.arange(len(first))
    rho = np.array([value for _, value in first])
    axes.axvspan(-uncorrelated, uncorrelated, color=FAINT, zorder=0)
    axes.barh(y, rho, color=[BLUE if r > 0 else VERMILLION for r in rho], height=0.7)
    axes.set_yticks(y, [_cause(cause) for cause, _ in first], fontsize=8)
    axes.set(xlim=(-1.6, 1.6), xlabel="rank correlation", ylim=(-0.6, len(first) - 0.4))
    axes.set_title(WORDS.get(name, name), fontsize=10)
    axes.grid(axis="y", visible=False)
    for at, r in enumerate(rho):
        axes.text(
            r + (0.05 if r >= 0 else -0.05),
            at,
            f"{r:+.2f}",
            fontsize=7.5,
            va="center",
            ha="left" if r >= 0 else "right",
        )


def _cause(column: str) -> str:
    """`launcher.stage-2.isp_percent` as `stage-2 isp`."""
    for unit in ("_percent", "_m_s", "_m", "_deg_s", "_deg"):
        column = column.removesuffix(unit)
    return column.removeprefix("launcher.").replace(".", " ").replace("_", " ").replace("navigation", "nav.")
