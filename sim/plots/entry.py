"""The return through the air: altitude against speed, load, heating and bank."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.core.histories import joined
from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    PURPLE,
    VERMILLION,
    Labels,
    clock,
    clock_axis,
    event_name,
    load_limit,
    panel,
    sheet,
)

MARKS = (
    "entry_interface",
    "peak_load",
    "drogue_deployment",
    "main_chute_deployment",
    "heat_shield_jettison",
    "touchdown",
)
PROFILE_MARKS = ("entry_interface", "peak_load", "main_chute_deployment")
HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"}


def through_the_air(data: PlotData) -> EntryHistory | None:
    """Entry and descent as one history; None where neither was flown."""
    flown = [record.entry for record in (data.entry, data.descent) if record is not None]
    return joined(flown) if flown else None


def draw(data: PlotData) -> Sheet | None:
    entry, start = through_the_air(data), data.when("entry_interface")
    if entry is None or start is None:
        return None
    t = entry.t_s - start
    figure = sheet(8.9, "Entry and landing", _subtitle(data, start))
    profile = panel(figure, 0.75, 4.75, 4.55, 2.95)
    height = panel(figure, 6.05, 4.75, 4.3, 2.95)
    load, heat, bank = (panel(figure, 0.75 + 3.32 * i, 0.62, 2.75, 3.35) for i in range(3))
    _profile(profile, data, entry)
    _height(height, data, entry, t, start)
    hot = t <= (data.when("drogue_deployment") or entry.t_s[-1]) - start + 60.0
    _curve(load, t[hot], entry.load_g[hot], "Load", "g", VERMILLION, "{:.2f} g at +{}", t[hot] < t[hot][-1] - 60.0)
    load_limit(load, data, "entry", 10.0)
    _curve(heat, t[hot], entry.heat_flux_kw_m2[hot], "Stagnation heat flux", "kW/m²", PURPLE, "{:.0f} kW/m² at +{}")
    _bank(bank, t[hot], entry.bank_deg[hot])
    for axes in (load, heat, bank):
        axes.set_xlim(0, t[hot][-1])
        clock_axis(axes, 120.0)
        axes.set_xlabel("time from entry interface, min:s")
    return figure


def _subtitle(data: PlotData, start: float) -> str:
    text = f"{data.record['name']} · entry interface {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    for event in data.events("touchdown"):
        landed = data.clock(data.seconds(event["utc"]))
        text += f" · touchdown {landed}, {event['values']['miss_km']:.1f} km from the site"
    return text


def _profile(axes: Axes, data: PlotData, entry: EntryHistory) -> None:
    axes.set_title("Altitude against speed")
    speed, altitude = entry.speed_air_m_s / 1e3, entry.altitude_km
    axes.plot(speed, altitude, color=BLUE)
    axes.set(
        xlabel="speed relative to the air, km/s",
        ylabel="altitude, km",
        ylim=(0, altitude.max() * 1.12),
        xlim=(-0.1, 8.6),
    )
    found = [(n, when) for n in PROFILE_MARKS if (when := data.when(n)) is not None]
    points = [(np.interp(w, entry.t_s, speed), np.interp(w, entry.t_s, altitude)) for _, w in found]
    labels = Labels(axes, points)
    labels.block(speed, altitude, 5)
    for (name, _), (x, y) in zip(found, points, strict=True):
        axes.plot(x, y, "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=4)
        labels.add(x, y, f"{event_name(name)}\n{y:.1f} km", fontsize=8.5, bbox=HALO)


def _height(axes: Axes, data: PlotData, entry: EntryHistory, t: np.ndarray, start: float) -> None:
    """The same altitude against time, logarithmic so that the parachutes are seen."""
    axes.set_title("Altitude against time (log)")
    ground = max(entry.altitude_km.min(), 0.1)
    axes.plot(t, np.maximum(entry.altitude_km, 0.1), color=BLUE)
    axes.set(ylabel="altitude, km", yscale="log", ylim=(ground * 0.7, 250), xlim=(0, t[-1] * 1.02))
    axes.set_yticks([1, 2, 5, 10, 20, 50, 100, 200], ["1", "2", "5", "10", "20", "50", "100", "200"])
    axes.minorticks_off()
    clock_axis(axes, 300.0)
    axes.set_xlabel("time from entry interface, min:s")
    found = [(n, when - start) for n in MARKS if (when := data.when(n)) is not None]
    points = [(w, float(np.interp(w, t, entry.altitude_km))) for _, w in found]
    labels = Labels(axes, points)
    labels.block(t, np.maximum(entry.altitude_km, 0.1), 5)
    for (name, when), (x, y) in zip(found, points, strict=True):
        axes.plot(x, y, "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=4)
        labels.add(x, y, f"{event_name(name)} +{clock(when)}", fontsize=8.5, bbox=HALO)


def _curve(
    axes: Axes,
    t: np.ndarray,
    y: np.ndarray,
    title: str,
    unit: str,
    colour: str,
    words: str,
    among: np.ndarray | bool = True,
) -> None:
    """A history with its peak marked; `among` keeps the peak to some of the rows, as those before the parachutes."""
    axes.set_title(title)
    axes.plot(t, y, color=colour)
    axes.set(ylabel=unit, ylim=(0, 1.3 * y.max()))
    i = int(np.argmax(np.where(among, y, -np.inf)))
    axes.plot(t[i], y[i], "o", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4)
    labels = Labels(axes, [(t[i], y[i])])
    labels.block(t, y, 5)
    labels.add(t[i], y[i], words.format(y[i], clock(t[i])), bbox=HALO)


def _bank(axes: Axes, t: np.ndarray, bank: np.ndarray) -> None:
    axes.set_title("Bank angle")
    axes.plot(t, bank, color=GREEN)
    axes.set(ylabel="deg", ylim=(-100, 100), yticks=[-90, -60, -30, 0, 30, 60, 90])
