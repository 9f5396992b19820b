"""The days on which the ship could have been launched: times, phase, trim, and light."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.core.ascent_record import AwaitLaunchRecord, LaunchOpportunities
from sim.core.epoch import BEIJING
from sim.core.ground_site import GroundSite
from sim.export.stored import PlotData
from sim.plots import sun
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SOFT, VERMILLION, YELLOW, Look, panel, sheet, with_year

NIGHT = "#1b2a41"
FEW = 3  # fewer columns than this leave space for words beside them
HALO = {"boxstyle": "square,pad=0.08", "fc": "white", "ec": "none", "alpha": 0.75}


def draw(data: PlotData) -> Sheet | None:
    if data.await_launch is None:
        return None
    windows = data.await_launch.windows
    count = len(windows.t_liftoff_s)
    accepted, chosen = windows.accepted > 0.5, windows.chosen > 0.5
    figure = sheet(9.9, "Launch and docking windows", _subtitle(data, windows))
    few = count < FEW
    rows = [
        panel(figure, 0.85, bottom, 4.4 if few else 9.5, tall)
        for bottom, tall in ((5.5, 2.9), (3.55, 1.2), (1.95, 1.1), (0.6, 0.85))
    ]
    x, middle, wide = np.arange(count), (count - 1) / 2.0, max(count, 3)
    for axes in rows:
        axes.set_xlim(middle - 0.1 - wide / 2, middle + 0.1 + wide / 2)
        axes.grid(False, axis="x")
        for i in x:
            colour = YELLOW if chosen[i] else GREEN if accepted[i] else SOFT
            alpha = 0.38 if chosen[i] else 0.13 if accepted[i] else 0.07
            axes.axvspan(i - 0.46, i + 0.46, color=colour, alpha=alpha, lw=0, zorder=0)
    _clock(rows[0], data, data.await_launch, x)
    _phase(rows[1], windows, x, few)
    _trim(rows[2], data, windows, x, few)
    _beta(rows[3], windows, x)
    every = 1 + (count - 1) // 16
    days = with_year([data.clock(t, "%d %b %Y", BEIJING) for t in windows.t_liftoff_s[::every]])
    for axes in rows:
        axes.set_xticks(x[::every], [""] * len(x[::every]))
    rows[0].set_xticks(x[::every], days)
    rows[3].set_xticks(x[::every], days)
    if few:
        _in_words(figure, data, data.await_launch)
    return figure


def _subtitle(data: PlotData, windows: LaunchOpportunities) -> str:
    text = f"{data.record['name']} · dates of lift-off in Beijing · yellow: flown"
    return text if (windows.chosen > 0.5).any() else text + "; none was open"


def _in_words(figure: Sheet, data: PlotData, flown: AwaitLaunchRecord) -> None:
    """Beside a chart of very few days: what they are, and the figures."""
    windows, given = flown.windows, flown.search.liftoff_given
    text = "The lift-off was given in the scenario;\nno other day was examined." if given else ""
    for i, t in enumerate(_flown(data, windows)[0]):
        text += (
            f"\n\nLift-off {data.clock(t, '%d %b %Y %H:%M:%S', BEIJING)} in Beijing\n"
            f"station ahead at insertion: {windows.phase_deg[i]:+.1f}°, "
            f"required {windows.phase_wanted_deg[i]:+.1f}°\n"
            f"trim of the station, estimate: {windows.trim_m_s[i]:+.2f} m/s\n"
            f"Sun over the orbit plane: {windows.beta_deg[i]:+.1f}°\n"
            f"Sun at the pad: {windows.sun_elevation_pad_deg[i]:+.1f}°"
        )
    across, up = figure.get_size_inches()
    figure.text(5.75 / across, 8.4 / up, text.strip(), fontsize=10, va="top", linespacing=1.6)


def _hours(data: PlotData, times: np.ndarray) -> np.ndarray:
    """Time of day in Beijing, hours."""
    read = [data.clock(t, "%H %M %S", BEIJING).split() for t in times]
    return np.array([int(h) + int(m) / 60.0 + int(s) / 3600.0 for h, m, s in read])


def _flown(data: PlotData, windows: LaunchOpportunities) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lift-off and docking of each day, s, and which day was chosen: the plan's times, but that day's as flown."""
    chosen = windows.chosen > 0.5
    liftoff, docking = windows.t_liftoff_s.copy(), windows.docking_t_s.copy()
    for times, name in ((liftoff, "liftoff"), (docking, "docked")):
        if (when := data.when(name)) is not None:
            times[chosen] = when
    return liftoff, docking, chosen


def _clock(axes: Axes, data: PlotData, flown: AwaitLaunchRecord, x: np.ndarray) -> None:
    """Lift-off and docking by the clock; a docking after midnight stands below 24 h, in the column of its lift-off."""
    windows, title = flown.windows, "Time of day in Beijing; shaded: night at the pad"
    axes.set_title(title if len(x) < FEW else f"{title}; times written: as flown")
    liftoff, docking, chosen = _flown(data, windows)
    up = _hours(data, liftoff)
    dock = up + (docking - liftoff) / 3600.0
    last = max(24.0, 3.0 * np.ceil((dock.max() + 1.0) / 3.0))
    axes.set(ylim=(last, 0), ylabel="hour (UTC+8)")
    ticks = np.arange(0.0, last + 1.0, 3.0)
    axes.set_yticks(ticks, [f"{h % 24:.0f}" + (" (+1)" if h == 24 else "") for h in ticks])
    _night(axes, data, flown.pad, liftoff - up * 3600.0, last)
    axes.vlines(x, up, dock, color=SOFT, lw=1.0, zorder=2)
    lit, accepted = windows.sunlit_at_docking > 0.5, windows.accepted > 0.5
    kinds: tuple[tuple[np.ndarray, np.ndarray, Look, str], ...] = (
        (accepted, up, {"marker": "o", "ms": 9, "mfc": BLUE, "mec": "white"}, "lift-off, open: trim within its limit"),
        (~accepted, up, {"marker": "X", "ms": 9, "mfc": VERMILLION, "mec": "white"}, "closed: trim beyond it"),
        (lit, dock, {"marker": "D", "ms": 7, "mfc": "white", "mec": INK, "mew": 1.3}, "docking in sunlight"),
        (~lit, dock, {"marker": "D", "ms": 7, "mfc": INK, "mec": INK}, "docking in shadow"),
    )
    for these, hours, look, words in kinds:
        axes.plot(x[these], hours[these], ls="none", zorder=4, label=words, **look)
    for i in np.flatnonzero(chosen):
        for hour, t, lift in ((up[i], liftoff[i], 14), (dock[i], docking[i], -14)):
            axes.annotate(
                data.clock(t, zone=BEIJING),
                (i, hour),
                (0, lift),
                textcoords="offset points",
                fontsize=9,
                va="center",
                ha="center",
                fontweight="bold",
                bbox=HALO,
                zorder=5,
            )
    axes.legend(
        loc="lower left",
        ncols=2 if len(x) < FEW else 4,
        bbox_to_anchor=(-0.01, 1.07),
        handletextpad=0.2,
        borderaxespad=0.1,
        columnspacing=1.2,
    )


def _night(axes: Axes, data: PlotData, pad: GroundSite, midnights: np.ndarray, last: float) -> None:
    """Shade the hours when the Sun is below the pad's horizon; a column is a day that starts at its midnight."""
    latitude, longitude = pad.latitude_deg, pad.longitude_deg
    hours = np.arange(0.0, last, 0.25)
    for i, midnight in enumerate(midnights):
        dark = [sun.elevation_deg(data.zero.plus(midnight + 3600.0 * h), latitude, longitude) < 0.0 for h in hours]
        edges = np.flatnonzero(np.diff([0, *map(int, dark), 0]))
        for start, end in edges.reshape(-1, 2):
            axes.fill_between(
                [i - 0.46, i + 0.46], hours[start], hours[end - 1] + 0.25, color=NIGHT, alpha=0.13, lw=0, zorder=0.6
            )


def _phase(axes: Axes, windows: LaunchOpportunities, x: np.ndarray, few: bool) -> None:
    words = "Station ahead of the ship at insertion"
    axes.set_title(words if few else f"{words}: found (dots), required (line), before any trim")
    axes.set(ylim=(-180, 180), ylabel="deg", yticks=[-180, -90, 0, 90, 180])
    axes.hlines(windows.phase_wanted_deg, x - 0.46, x + 0.46, color=GREEN, lw=2.0)
    ahead = (windows.phase_deg + 180.0) % 360.0 - 180.0
    axes.plot(x, ahead, "o", ms=7, mfc="white", mec=BLUE, mew=1.8, zorder=4)


def _trim(axes: Axes, data: PlotData, windows: LaunchOpportunities, x: np.ndarray, few: bool) -> None:
    """Every bar whole; what was flown stands in the title, for the chosen day's bar is an estimate as the others
    are."""
    limit = float(windows.trim_limit_m_s[0])
    words = "Trim, estimate" if few else "Price: estimated speed change of the station's trim"
    parts = [f"dashed: limit of {limit:g} m/s"]
    if flown := [float(e["values"]["delta_v_m_s"]) for e in data.events("station_trim")]:
        burns = f" in {len(flown)} burns" if len(flown) > 1 else ""
        parts += [f"flown: {sum(map(abs, flown)) if burns else flown[0]:{'.2f' if burns else '+.2f'}} m/s{burns}"]
    axes.set_title(f"{words} ({'; '.join(parts)})", fontsize=9.0 if few else None)
    size = np.abs(windows.trim_m_s)
    axes.set(ylim=(0, 1.35 * max(limit, size.max())), ylabel="m/s")
    axes.bar(x, size, width=0.5, color=[PURPLE if s <= limit else "#c3c9cf" for s in size], zorder=2)
    axes.axhline(limit, color=VERMILLION, lw=1.4, ls="--", zorder=3)
    for i in x:
        axes.annotate(
            f"{windows.trim_m_s[i]:+.1f}",
            (i, size[i]),
            (0, 3),
            textcoords="offset points",
            fontsize=8.5,
            ha="center",
            va="bottom",
            zorder=4,
            bbox=HALO,
        )


def _beta(axes: Axes, windows: LaunchOpportunities, x: np.ndarray) -> None:
    axes.set_title("Angle of the Sun over the orbit plane (beta)")
    beta = windows.beta_deg
    axes.plot(x, beta, "-o", ms=5, color=ORANGE)
    axes.axhline(0.0, color=SOFT, lw=0.8)
    reach = 30.0 * np.ceil((np.abs(beta).max() + 5.0) / 30.0)
    axes.set(ylim=(-reach, reach), ylabel="deg", yticks=[-reach, 0, reach])
