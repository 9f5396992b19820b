"""The station's altitude over the mission: decay, the trim that sets the phase, and the ships that come and go."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.export.stored import PlotData
from sim.plots.lettered import lettered
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, PHASE_COLOUR, SKY, Labels, date_axis, event_name, panel, sheet

MARKS = ("station_trim", "docked", "undocking")
LONG_ENOUGH = 2 * 86400.0  # s: what wanders from day to day is no rate
KEY_AT = (0, -50)
HALO = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"}


def draw(data: PlotData) -> Sheet | None:
    station = data.table("station")
    if not station:
        return None
    t, mean = station["t_s"], station["mean_km"]
    subtitle = f"{data.record['name']} · distance from the Earth's centre less 6378.137 km · dates and times in UTC"
    figure = sheet(6.9, "Altitude of the station", subtitle)
    whole = panel(figure, 0.85, 4.0, 9.5, 1.9)
    close = panel(figure, 0.85, 1.1, 9.5, 2.0)
    whole.set_title("Lowest and highest point of each revolution")
    whole.fill_between(t, station["low_km"], station["high_km"], color=SKY, alpha=0.35, lw=0)
    whole.plot(t, mean, color=BLUE)
    close.set_title("Mean over one revolution")
    close.plot(t, mean, color=BLUE)
    spread = max(np.ptp(mean), 0.2)
    close.set_ylim(mean.min() - 0.25 * spread, mean.max() + 0.5 * spread)
    for axes in (whole, close):
        axes.set(xlim=(t[0], t[-1]), ylabel="km")
        date_axis(axes, data)
    _docked_band(close, data)
    _rates(close, data, t, mean)
    _letters(close, data)
    return figure


def _docked_band(axes: Axes, data: PlotData) -> None:
    docked, undocking = data.when("docked"), data.when("undocking")
    if docked is not None:
        axes.axvspan(
            docked, undocking or axes.get_xlim()[1], color=PHASE_COLOUR["docked"], alpha=0.10, lw=0, zorder=0.5
        )


def _letters(axes: Axes, data: PlotData) -> None:
    events = sorted(((data.seconds(event["utc"]), event) for name in MARKS for event in data.events(name)), key=_when)
    lettered(axes, [(when, _text(data, when, event)) for when, event in events], KEY_AT)


def _when(pair: tuple[float, dict]) -> float:
    return pair[0]


def _text(data: PlotData, when: float, event: dict) -> str:
    burn = event["values"].get("delta_v_m_s")
    size = "" if burn is None else f" {burn:+.2f} m/s"
    return f"{event_name(event['name'])}{size} {data.clock(when, '%d %b %H:%M')}"


def _rates(axes: Axes, data: PlotData, t: np.ndarray, mean: np.ndarray) -> None:
    """A ring at each event, and the rate of decay of each span between trims that is long enough to show one."""
    labels = Labels(axes)
    labels.block(t, mean)
    for name in MARKS:
        for event in data.events(name):
            when = data.seconds(event["utc"])
            axes.plot(when, np.interp(when, t, mean), "o", ms=6.5, mfc="white", mec=BLUE, mew=1.6, zorder=4)
    edges = [t[0], *(data.seconds(e["utc"]) for e in data.events("station_trim")), t[-1]]
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        quiet = (t > start + 6000.0) & (t < end - 6000.0)  # the mean over a revolution smears the trim itself
        if end - start > LONG_ENOUGH and quiet.sum() > 8:
            rate = np.polyfit(t[quiet] / 86400.0, mean[quiet] * 1e3, 1)[0]
            middle = (start + end) / 2
            y = float(np.interp(middle, t, mean))
            labels.add(middle, y, f"{rate:+.0f} m a day", color="#004b7a", fontweight="bold", bbox=HALO)
