"""The station's altitude over the mission: decay, the trim that sets the phase, and the ships that come and go."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, PHASE_COLOUR, SKY, Labels, date_axis, event_name, panel, sheet, upright

MARKS = ("station_trim", "docked", "undocking")
HALO = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"}


def draw(data: PlotData) -> Sheet | None:
    station = data.table("station")
    if not station:
        return None
    t, mean = station["t_s"], station["mean_km"]
    subtitle = f"{data.record['name']} · distance from the Earth's centre less 6378.137 km · dates and times in UTC"
    figure = sheet(6.3, "Altitude of the station", subtitle)
    whole = panel(figure, 0.85, 3.35, 9.5, 1.9)
    close = panel(figure, 0.85, 0.55, 9.5, 2.05)
    whole.set_title("Lowest and highest point of each revolution")
    whole.fill_between(t, station["low_km"], station["high_km"], color=SKY, alpha=0.35, lw=0)
    whole.plot(t, mean, color=BLUE)
    close.set_title("Mean over one revolution")
    close.plot(t, mean, color=BLUE)
    spread = max(np.ptp(mean), 0.2)
    close.set_ylim(mean.min() - 0.25 * spread, mean.max() + 0.6 * spread)
    for axes in (whole, close):
        axes.set(xlim=(t[0], t[-1]), ylabel="km")
        date_axis(axes, data)
        for name in MARKS:
            for event in data.events(name):
                upright(axes, data.seconds(event["utc"]))
    _docked_band(close, data)
    _labels(close, data, t, mean)
    return figure


def _docked_band(axes: Axes, data: PlotData) -> None:
    docked, undocking = data.when("docked"), data.when("undocking")
    if docked is not None:
        axes.axvspan(
            docked, undocking or axes.get_xlim()[1], color=PHASE_COLOUR["docked"], alpha=0.10, lw=0, zorder=0.5
        )


def _labels(axes: Axes, data: PlotData, t: np.ndarray, mean: np.ndarray) -> None:
    """Event names at the line, and the rate of decay between trims."""
    labels = Labels(axes)
    labels.block(t, mean)
    for name in MARKS:
        for event in data.events(name):
            when = data.seconds(event["utc"])
            y = float(np.interp(when, t, mean))
            axes.plot(when, y, "o", ms=6.5, mfc="white", mec=BLUE, mew=1.6, zorder=4)
            text = event_name(name)
            if "delta_v_m_s" in event["values"]:
                text += f" {event['values']['delta_v_m_s']:+.2f} m/s"
            labels.add(when, y, f"{text}\n{data.clock(when, '%d %b %H:%M')}", fontsize=8.5, bbox=HALO)
    edges = [t[0], *(data.seconds(e["utc"]) for e in data.events("station_trim")), t[-1]]
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        quiet = (t > start + 6000.0) & (t < end - 6000.0)  # the mean over a revolution smears the trim itself
        if quiet.sum() > 8:
            rate = np.polyfit(t[quiet] / 86400.0, mean[quiet] * 1e3, 1)[0]
            middle = (start + end) / 2
            y = float(np.interp(middle, t, mean))
            labels.add(middle, y, f"{rate:+.0f} m a day", color="#004b7a", fontweight="bold", bbox=HALO)
