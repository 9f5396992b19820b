"""The entry against time: load, heat flux, dynamic pressure and bank, with their limits and the blackout."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.export.stored import PlotData
from sim.plots.return_marks import HALO, draw_limit, limit_of, shade_blackout, through_the_air
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, PURPLE, SOFT, VERMILLION, Labels, clock, clock_axis, panel, sheet

AFTER_OPENING_S = 40.0  # drawn of the descent: the parachutes as they open
THICK_AIR_G = 0.05  # below it the bank turns nothing


def draw(data: PlotData) -> Sheet | None:
    entry, start = through_the_air(data), data.when("entry_interface")
    if entry is None or start is None:
        return None
    t = entry.t_s - start
    opened = data.descent.entry.t_s[0] - start if data.descent else t[-1]
    shown = t <= opened + AFTER_OPENING_S
    figure = sheet(8.3, "Entry: loads, heat and bank", _subtitle(data, start))
    load, heat = panel(figure, 0.8, 4.3, 4.35, 2.85), panel(figure, 6.0, 4.3, 4.35, 2.85)
    pressure, bank = panel(figure, 0.8, 0.65, 4.35, 2.85), panel(figure, 6.0, 0.65, 4.35, 2.85)
    x, before = t[shown], t[shown] < opened
    flux, kpa = entry.heat_flux_kw_m2[shown], entry.dynamic_pressure_pa[shown] / 1e3
    g, kw, q = (limit_of(data, "entry", unit) for unit in ("g", "kW/m2", "kPa"))
    _curve(load, x, entry.load_g[shown], "Load", "load, g", VERMILLION, "{:.2f} g at +{}", g, before)
    _curve(heat, x, flux, "Stagnation heat flux", "heat flux, kW/m²", PURPLE, "{:.0f} kW/m² at +{}", kw)
    _curve(pressure, x, kpa, "Dynamic pressure", "dynamic pressure, kPa", BLUE, "{:.1f} kPa at +{}", q, before)
    _bank(bank, data, start)
    for axes in (load, heat, pressure, bank):
        shade_blackout(axes, data, start)
        if data.descent is not None:
            axes.axvline(opened, color=SOFT, lw=0.9, ls=(0, (3, 3)), zorder=1.5)
        axes.set_xlim(0, x[-1])
        clock_axis(axes, 120.0 if x[-1] < 1000.0 else 300.0)
        axes.set_xlabel("time from the entry interface, min:s")
    return figure


def _subtitle(data: PlotData, start: float) -> str:
    text = f"{data.record['name']} · entry interface {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    return text + (" · dashed: the parachutes open" if data.descent is not None else "")


def _curve(
    axes: Axes,
    t: np.ndarray,
    y: np.ndarray,
    title: str,
    label: str,
    colour: str,
    words: str,
    limit: float | None,
    among: np.ndarray | bool = True,
) -> None:
    """A history with its limit, and its peak marked, which is one `among` some of the rows, as those in the entry."""
    axes.set_title(title)
    axes.plot(t, y, color=colour, zorder=3)
    axes.set(ylabel=label, ylim=(0, 1.3 * y.max()))
    i = int(np.argmax(np.where(among, y, -np.inf)))
    axes.plot(t[i], y[i], "o", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4)
    axes.set_xlim(0, t[-1])
    until = float(t[among][-1]) if isinstance(among, np.ndarray) else None  # of the entry, not of the parachutes
    draw_limit(axes, limit, f"limit {limit or 0.0:g} {label.rsplit(' ', 1)[1]}", until)
    labels = Labels(axes, [(t[i], y[i])])
    labels.block(t, y, 5)
    labels.block_texts()
    if limit is not None:
        labels.block(np.linspace(0.0, until or t[-1], 80), np.full(80, limit))
    labels.add(t[i], y[i], words.format(y[i], clock(t[i])), bbox=HALO)


def _bank(axes: Axes, data: PlotData, start: float) -> None:
    """Flown and, where it is recorded, commanded."""
    axes.set_title("Bank angle, positive to the right")
    if data.entry is None:
        return
    entry = data.entry.entry
    t, flown, command = entry.t_s - start, entry.bank_deg, data.entry.guidance.bank_command_deg
    if np.isfinite(command).any():
        axes.plot(t, command, color=INK, lw=1.1, ls=(0, (4, 2)), label="commanded", zorder=3)
    axes.plot(t, flown, color=GREEN, label="flown", zorder=2.5)
    both = np.abs(np.concatenate([flown, command[np.isfinite(command)]]))
    highest = max(100.0, 1.1 * float(both.max(initial=0.0)))
    ticks = [tick for tick in range(-180, 181, 45) if abs(tick) <= highest]
    axes.set(ylabel="bank, deg", ylim=(-highest, 1.25 * highest), yticks=ticks)
    axes.legend(loc="lower left", fontsize=8.5, ncols=2)
