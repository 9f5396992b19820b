"""The days on which the ship could have gone: when, how far out of phase, at what price, in what light."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.epoch import BEIJING
from sim.export.stored import PlotData
from sim.plots import sun
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SOFT, VERMILLION, YELLOW, panel, sheet

NIGHT = "#1b2a41"
HALO = {"boxstyle": "square,pad=0.08", "fc": "white", "ec": "none", "alpha": 0.75}


def draw(data: PlotData) -> Figure | None:
    windows = data.series("await_launch", "windows")
    if not windows:
        return None
    count = len(windows["t_liftoff_s"])
    accepted, chosen = windows["accepted"] > 0.5, windows["chosen"] > 0.5
    figure = sheet(9.9, "Launch and docking windows", _subtitle(data, windows))
    rows = [
        panel(figure, 0.85, bottom, 9.5, tall) for bottom, tall in ((5.35, 3.15), (3.55, 1.3), (1.95, 1.1), (0.45, 1.0))
    ]
    x, middle, wide = np.arange(count), (count - 1) / 2.0, max(count, 5)
    for axes in rows:
        axes.set_xlim(middle - 0.1 - wide / 2, middle + 0.1 + wide / 2)
        axes.grid(False, axis="x")
        for i in x:
            colour = YELLOW if chosen[i] else GREEN if accepted[i] else SOFT
            axes.axvspan(
                i - 0.46,
                i + 0.46,
                color=colour,
                alpha=0.38 if chosen[i] else 0.13 if accepted[i] else 0.07,
                lw=0,
                zorder=0,
            )
    _clock(rows[0], data, windows, x)
    _phase(rows[1], windows, x)
    _trim(rows[2], windows, x)
    _beta(rows[3], windows, x)
    days = [data.zero.plus(float(t)).local(BEIJING) for t in windows["t_liftoff_s"]]
    every = 1 + (count - 1) // 16
    for axes in rows:
        axes.set_xticks(x[::every], [""] * len(x[::every]))
    rows[0].set_xticks(x[::every], [f"{d:%d %b}" for d in days[::every]])
    rows[3].set_xticks(x[::every], [f"{d:%d %b}" for d in days[::every]])
    return figure


def _subtitle(data: PlotData, windows) -> str:
    chosen = np.flatnonzero(windows["chosen"] > 0.5)
    text = f"{data.record['name']} · columns: dates of lift-off in Beijing; yellow: flown, green: open, grey: closed"
    return text if len(chosen) else text + "; none was open"


def _hours(data: PlotData, times) -> np.ndarray:
    """Time of day in Beijing, hours."""
    local = [data.zero.plus(float(t)).local(BEIJING) for t in times]
    return np.array([d.hour + d.minute / 60.0 + d.second / 3600.0 for d in local])


def _clock(axes, data: PlotData, windows, x) -> None:
    """Lift-off and docking by the clock; a docking after midnight stands below 24 h, in the column of its lift-off."""
    axes.set_title("Time of day in Beijing; shaded: night at the pad")
    up = _hours(data, windows["t_liftoff_s"])
    dock = up + (windows["docking_t_s"] - windows["t_liftoff_s"]) / 3600.0
    last = max(24.0, 3.0 * np.ceil((dock.max() + 1.0) / 3.0))
    axes.set(ylim=(last, 0), ylabel="hour (UTC+8)")
    ticks = np.arange(0.0, last + 1.0, 3.0)
    axes.set_yticks(ticks, [f"{h % 24:.0f}" + (" (+1)" if h == 24 else "") for h in ticks])
    _night(axes, data, windows["t_liftoff_s"] - up * 3600.0, last)
    axes.vlines(x, up, dock, color=SOFT, lw=1.0, zorder=2)
    lit, accepted = windows["sunlit_at_docking"] > 0.5, windows["accepted"] > 0.5
    kinds = (
        (accepted, up, {"marker": "o", "ms": 9, "mfc": BLUE, "mec": "white"}, "lift-off, open"),
        (~accepted, up, {"marker": "X", "ms": 9, "mfc": VERMILLION, "mec": "white"}, "lift-off, closed"),
        (lit, dock, {"marker": "D", "ms": 7, "mfc": "white", "mec": INK, "mew": 1.3}, "docking in sunlight"),
        (~lit, dock, {"marker": "D", "ms": 7, "mfc": INK, "mec": INK}, "docking in shadow"),
    )
    for these, hours, look, words in kinds:
        axes.plot(x[these], hours[these], ls="none", zorder=4, label=words, **look)
    for i in np.flatnonzero(windows["chosen"] > 0.5):
        for hour in (up[i], dock[i]):
            axes.annotate(
                _text(hour), (i, hour), (8, 0), textcoords="offset points", fontsize=9, va="center", fontweight="bold"
            )
    axes.legend(loc="lower left", ncols=4, bbox_to_anchor=(-0.01, 1.07), handletextpad=0.2, borderaxespad=0.1)


def _text(hours: float) -> str:
    minutes = round(hours * 60.0) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _night(axes, data: PlotData, midnights, last: float) -> None:
    """Shade the hours when the Sun is below the pad's horizon; a column is a day that starts at its midnight."""
    latitude, longitude = (data.setting(f"named.launch_site.{key}") for key in ("latitude_deg", "longitude_deg"))
    hours = np.arange(0.0, last, 0.25)
    for i, midnight in enumerate(midnights):
        dark = [sun.elevation_deg(data.zero.plus(midnight + 3600.0 * h), latitude, longitude) < 0.0 for h in hours]
        edges = np.flatnonzero(np.diff([0, *map(int, dark), 0]))
        for start, end in edges.reshape(-1, 2):
            axes.fill_between(
                [i - 0.46, i + 0.46], hours[start], hours[end - 1] + 0.25, color=NIGHT, alpha=0.13, lw=0, zorder=0.6
            )


def _phase(axes, windows, x) -> None:
    axes.set_title("Station ahead of the ship at insertion: found (dots), wanted (line), before any trim")
    axes.set(ylim=(-180, 180), ylabel="deg", yticks=[-180, -90, 0, 90, 180])
    axes.hlines(windows["phase_wanted_deg"], x - 0.46, x + 0.46, color=GREEN, lw=2.0)
    found = (windows["phase_deg"] + 180.0) % 360.0 - 180.0
    axes.plot(x, found, "o", ms=7, mfc="white", mec=BLUE, mew=1.6, clip_on=False)


def _trim(axes, windows, x) -> None:
    limit = float(windows["trim_limit_m_s"][0])
    axes.set_title(f"Price: speed change of the station's trim (dashed: limit of {limit:g} m/s)")
    size = np.abs(windows["trim_m_s"])
    top = max(1.6 * limit, 1.3 * size[windows["accepted"] > 0.5].max(initial=0.0))
    axes.set(ylim=(0, top), ylabel="m/s")
    axes.bar(x, np.minimum(size, top), width=0.5, color=[PURPLE if s <= limit else "#c3c9cf" for s in size], zorder=2)
    axes.axhline(limit, color=VERMILLION, lw=1.4, ls="--", zorder=3)
    for i in x:
        above = size[i] > 0.8 * top
        axes.text(
            i,
            top * 0.97 if above else size[i] + 0.03 * top,
            f"{windows['trim_m_s'][i]:+.1f}",
            fontsize=8.5,
            ha="center",
            va="top" if above else "bottom",
            zorder=4,
            bbox=HALO,
        )


def _beta(axes, windows, x) -> None:
    axes.set_title("Angle of the Sun over the orbit plane (beta)")
    beta = windows["beta_deg"]
    axes.plot(x, beta, "-o", ms=5, color=ORANGE)
    axes.axhline(0.0, color=SOFT, lw=0.8)
    reach = 30.0 * np.ceil((np.abs(beta).max() + 5.0) / 30.0)
    axes.set(ylim=(-reach, reach), ylabel="deg", yticks=[-reach, 0, reach])
