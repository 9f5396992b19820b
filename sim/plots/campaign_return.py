"""Touchdown of dispersed returns about the site, against the published ellipse; load, heat, speeds and miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, INK, ORANGE, SOFT, VERMILLION, Look, panel, sheet

Rows = Sequence[Mapping[str, str]]
WIDE, TALL = 5.3, 6.7  # in, of the map
LEGEND = 1.2  # of its height, for the legend above the places
# Quantity, what it is called and its unit.
SIDES = (
    ("peak_load_g", "peak load at entry", "g"),
    ("peak_heat_flux_kw_m2", "peak heat flux", "kW/m²"),
    ("opening_miss_km", "miss at parachute opening", "km"),
    ("under_main_m_s", "speed under the main", "m/s"),
    ("touchdown_m_s", "speed at touchdown", "m/s"),
)


def touchdown(flown: Rows, content: Mapping, nominal: Mapping[str, float], title: str) -> Sheet:
    """Where the capsules come down, seen along the track, with the ellipses of their scatter; and five histograms."""
    figure = sheet(8.6, "Where dispersed returns come down", title)
    published, inside = content["published"], content["published"]["inside_ellipse"]
    across, up = figure.get_size_inches()
    words = (
        f"{inside['runs']} of {content['runs']} inside the published ellipse ({100 * inside['wilson_low']:.1f} to "
        f"{100 * inside['wilson_high']:.1f} %, 95 % by Wilson); {content['outcomes']['rule_broken']} break a rule, "
        f"{content['failed']} fail"
    )
    figure.text(0.35 / across, 1.0 - 0.85 / up, words, fontsize=10, va="center")
    _places(
        panel(figure, 0.75, 0.65, WIDE, TALL), flown, nominal, content["ellipse"], published["ellipse_semi_axes_km"]
    )
    for k, side in enumerate(SIDES):
        _histogram(panel(figure, 7.0, 6.55 - 1.45 * k, 3.4, 0.8), flown, nominal, side)
    return figure


def _column(flown: Rows, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in flown])


def _places(axes: Axes, flown: Rows, nominal: Mapping, scatter: Mapping, published: Sequence[float]) -> None:
    """Along the track is up, right of it is to the right."""
    axes.set_title("Touchdown about the site, along the track and across it")
    along, across = _column(flown, "along_km"), _column(flown, "across_km")
    broken = np.array([bool(row["rules_broken"]) for row in flown])
    size = 3.0 if len(flown) > 100 else 5.0
    full = f"published: {2 * published[0]:g} x {2 * published[1]:g} km"
    site = Ellipse((0.0, 0.0), 2.0 * published[1], 2.0 * published[0], fill=False, ec=ORANGE, lw=1.6, ls="-.")
    axes.add_patch(site)
    axes.plot([], [], color=ORANGE, lw=1.6, ls="-.", label=full)
    axes.plot(across[~broken], along[~broken], "o", ms=size, color=BLUE, alpha=0.45, mew=0, label="a run")
    if broken.any():
        crowded = len(flown) > 100 and broken.mean() > 0.3
        shape: Look = (
            {"marker": "o", "ms": size, "alpha": 0.45, "mew": 0} if crowded else {"marker": "X", "ms": size + 2}
        )
        axes.plot(across[broken], along[broken], ls="", mfc=VERMILLION, mec="white", label="breaks a rule", **shape)
    centre = scatter["centre_across_km"], scatter["centre_along_km"]
    round_all = max(scatter["shares"].values(), key=lambda found: found["semi_major_km"])["semi_major_km"]
    for (share, found), look in zip(scatter["shares"].items(), ("-", ":"), strict=True):
        # The major axis lies `direction_deg` from the track, which is up, toward the right.
        ellipse = Ellipse(
            centre,
            2.0 * found["semi_minor_km"],
            2.0 * found["semi_major_km"],
            angle=-scatter["direction_deg"],
            fill=False,
            ec=INK,
            lw=1.3,
            ls=look,
        )
        axes.add_patch(ellipse)
        words = f"{share} %: {2 * found['semi_major_km']:.1f} x {2 * found['semi_minor_km']:.1f} km"
        axes.plot([], [], color=INK, lw=1.3, ls=look, label=words)
    axes.plot(0.0, 0.0, "+", ms=12, color=INK, mew=1.6, label="the site")
    if nominal:
        axes.plot(
            nominal["across_km"],
            nominal["along_km"],
            "P",
            ms=8,
            mfc="white",
            mec=INK,
            mew=1.3,
            label="nominal",
            zorder=5,
        )
    (left, right), (low, high) = (
        (min(-site, at - round_all, float(x.min())), max(site, at + round_all, float(x.max())))
        for site, at, x in zip(published[::-1], centre, (across, along), strict=True)
    )
    tall = 1.05 * max(high - low, (right - left) * TALL / WIDE / LEGEND)
    wide, middle = 0.5 * LEGEND * tall * WIDE / TALL, 0.5 * (left + right)
    low = 0.5 * (low + high - tall)
    axes.set(
        xlim=(middle - wide, middle + wide),
        ylim=(low, low + LEGEND * tall),
        aspect="equal",
        anchor="SW",
        xlabel="right of the track, km",
        ylabel="beyond the site, km",
    )
    axes.legend(loc="upper left", fontsize=8.5, handletextpad=0.4, borderaxespad=0.2, labelspacing=0.25, ncols=2)


def _histogram(axes: Axes, flown: Rows, nominal: Mapping, side: tuple[str, str, str]) -> None:
    name, words, unit = side
    x = _column(flown, name)
    axes.hist(x, bins=min(50, max(8, len(x) // 12)), color=BLUE, alpha=0.75)
    if nominal:
        axes.axvline(nominal[name], color=INK, lw=1.4)
    for share in (0.135, 99.865) if len(x) >= 300 else (5, 95):
        axes.axvline(float(np.percentile(x, share)), color=SOFT, lw=1.2, ls=":")
    axes.set_title(f"{words[0].upper()}{words[1:]}: {_short(x.min())} to {_short(x.max())} {unit}", fontsize=9.5)
    axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.tick_params(labelsize=8.5)
    axes.set_ylabel("runs", fontsize=8.5)


def _short(x: float) -> str:
    return f"{x:.3g}" if abs(x) >= 0.1 else f"{x:.2f}"
