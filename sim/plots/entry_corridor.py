"""The entry corridor: altitude against speed and against range to go, between what the crew and the shield bear."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from kernels.constants import G0, R_EQUATOR
from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData
from sim.plots.return_marks import HALO, blackout, distance_km, limit_of
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, ORANGE, PURPLE, SOFT, Labels, clock, event_name, panel, sheet

MARKS = ("entry_interface", "blackout_start", "peak_load", "blackout_end")
THIN_PA = 0.5  # below so little dynamic pressure the air's density is not read from it
SLOWEST_KM_S = 0.35  # the lines of the corridor are drawn down to here
MINUTE_S = 60.0


def draw(data: PlotData) -> Sheet | None:
    start = data.when("entry_interface")
    if data.entry is None or start is None:
        return None
    entry = data.entry.entry
    figure = sheet(6.2, "Entry corridor", _subtitle(data, start))
    by_speed, by_range = panel(figure, 0.75, 1.15, 5.35, 3.95), panel(figure, 6.95, 1.15, 3.4, 3.95)
    _by_speed(by_speed, data, entry, start)
    _by_range(by_range, data, entry, start)
    return figure


def _subtitle(data: PlotData, start: float) -> str:
    return f"{data.record['name']} · entry interface {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"


def _by_speed(axes: Axes, data: PlotData, entry: EntryHistory, start: float) -> None:
    axes.set_title("Altitude against speed")
    top = 1.13 * float(entry.altitude_km.max())
    axes.set(xlabel="speed relative to the air, km/s", ylabel="altitude, km", xlim=(0, 8.4), ylim=(0, top))
    air = AirAsFlown(entry)
    speed = np.linspace(SLOWEST_KM_S, 8.4, 200)
    load, heat = limit_of(data, "entry", "g"), limit_of(data, "entry", "kW/m2")
    if load is not None:
        line = air.at_load(speed, load)
        axes.fill_between(speed, 0.0, line, fc="none", ec=ORANGE, alpha=0.5, hatch="////", lw=0, zorder=1)
        axes.plot(speed, line, color=ORANGE, lw=1.6, ls="-.", label=f"load limit, {load:g} g", zorder=2)
    if heat is not None:
        line = air.at_heat(speed, heat)
        axes.plot(speed, line, color=PURPLE, lw=1.6, ls=(0, (5, 2)), label=f"heat flux limit, {heat:g} kW/m²", zorder=2)
    capsule, turning = data.entry.capsule if data.entry else None, _turning(data)
    if capsule is not None:
        line = air.glide(speed, capsule.lift_to_drag, turning)
        label = f"equilibrium glide, lift up, L/D {capsule.lift_to_drag:.2f}"
        axes.plot(speed, line, color=GREEN, lw=1.6, ls=(0, (1, 1.2)), label=label, zorder=2)
    x, y = entry.speed_air_m_s / 1e3, entry.altitude_km
    _flown(axes, data, entry, x, y)
    if span := blackout(data):
        inside = (entry.t_s >= span[0]) & (entry.t_s <= span[1])
        axes.plot(
            x[inside], y[inside], color=SOFT, lw=7, alpha=0.35, solid_capstyle="butt", label="blackout", zorder=2.4
        )
    _marked(axes, data, entry, x, y)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.13), ncols=3, fontsize=8.5, columnspacing=1.2)


def _by_range(axes: Axes, data: PlotData, entry: EntryHistory, start: float) -> None:
    """To where the parachutes open."""
    end = entry.latitude_deg[-1], entry.longitude_deg[-1]
    x = distance_km(entry.latitude_deg, entry.longitude_deg, float(end[0]), float(end[1]))
    y = entry.altitude_km
    axes.set_title("Altitude against range to go")
    axes.set(xlabel="range to the opening of the parachutes, km", ylabel="altitude, km")
    axes.set(xlim=(1.04 * x.max(), -0.03 * x.max()), ylim=(0, 1.13 * y.max()))
    _flown(axes, data, entry, x, y)
    if span := blackout(data):
        inside = (entry.t_s >= span[0]) & (entry.t_s <= span[1])
        axes.plot(x[inside], y[inside], color=SOFT, lw=7, alpha=0.35, solid_capstyle="butt", zorder=2.4)
    minutes = np.arange(start + MINUTE_S, entry.t_s[-1], MINUTE_S)
    at = [np.interp(minutes, entry.t_s, column) for column in (x, y)]
    axes.plot(*at, "|", ms=9, color=BLUE, mew=1.2, zorder=3, label="each minute")
    labels = Labels(axes, zip(*at, strict=True))
    labels.block(x, y, 5)
    for when, a, b in zip(minutes[::2], *(part[::2] for part in at), strict=True):
        labels.add(a, b, f"+{clock(when - start)}", fontsize=8.5, color=SOFT)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.04, -0.13), fontsize=8.5)


def _flown(axes: Axes, data: PlotData, entry: EntryHistory, x: np.ndarray, y: np.ndarray) -> None:
    axes.plot(x, y, color=BLUE, lw=2.2, zorder=3, label="flown" if axes.get_xlim()[0] < axes.get_xlim()[1] else None)


def _marked(axes: Axes, data: PlotData, entry: EntryHistory, x: np.ndarray, y: np.ndarray) -> None:
    found = [(name, when) for name in MARKS if (when := data.when(name)) is not None]
    points = [(float(np.interp(when, entry.t_s, x)), float(np.interp(when, entry.t_s, y))) for _, when in found]
    labels = Labels(axes, points)
    for line in axes.lines:
        labels.block(*line.get_data(), 3)
    for (name, _), (a, b) in zip(found, points, strict=True):
        axes.plot(a, b, "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=4)
        labels.add(a, b, f"{event_name(name)}\n{b:.0f} km", fontsize=8.5, bbox=HALO)


def _turning(data: PlotData) -> float:
    """How much faster than relative to the air the capsule flies about the Earth's centre, m/s, at the entry
    interface."""
    (event, *_) = data.events("entry_interface")
    both = [event["values"].get(key) for key in ("speed_inertial_m_s", "speed_air_m_s")]
    return float(both[0] - both[1]) if None not in both else 0.0


class AirAsFlown:
    """Density against altitude, and what load and heat a density gives at a speed, as the history of an entry has them.

    The density is that of the dynamic pressure; between the rows its logarithm is linear in the altitude, and beyond
    them it goes on as at the ends.
    """

    def __init__(self, entry: EntryHistory):
        used = entry.dynamic_pressure_pa > THIN_PA
        speed, pressure = entry.speed_air_m_s[used], entry.dynamic_pressure_pa[used]
        density, altitude = 2.0 * pressure / speed**2, entry.altitude_km[used]
        order = np.argsort(altitude)
        self.altitude_km, self.log_density = altitude[order], np.log(density[order])
        by_speed = np.argsort(speed)
        self.speed = speed[by_speed]
        self.load = (entry.load_g[used] / pressure)[by_speed]  # g a Pa
        hot = entry.heat_flux_kw_m2[used] > 0.0
        self.heat = float(np.median((entry.heat_flux_kw_m2[used] / (np.sqrt(density) * speed**3))[hot]))

    def altitude(self, density: np.ndarray) -> np.ndarray:
        """km, where the air has so much density, kg/m3."""
        x, y = self.log_density[::-1], self.altitude_km[::-1]
        logs = np.log(density)
        found = np.interp(logs, x, y)
        k = min(40, len(x) - 1)
        low, high = ((y[i] - y[j]) / (x[i] - x[j]) for i, j in ((0, k), (-1, -1 - k)))
        found = np.where(logs < x[0], y[0] + low * (logs - x[0]), found)
        return np.where(logs > x[-1], y[-1] + high * (logs - x[-1]), found)

    def at_load(self, speed_km_s: np.ndarray, load_g: float) -> np.ndarray:
        """Altitude, km, where the load is `load_g`."""
        v = 1e3 * speed_km_s
        return self.altitude(2.0 * load_g / (np.interp(v, self.speed, self.load) * v**2))

    def at_heat(self, speed_km_s: np.ndarray, heat_kw_m2: float) -> np.ndarray:
        """Altitude, km, where the heat flux is `heat_kw_m2`; as the square root of the density and the cubed speed."""
        return self.altitude((heat_kw_m2 / (self.heat * (1e3 * speed_km_s) ** 3)) ** 2)

    def glide(self, speed_km_s: np.ndarray, lift_to_drag: float, turning_m_s: float) -> np.ndarray:
        """Altitude, km, where all the lift upward holds the weight less the centrifugal force; NaN where none is
        needed. `turning_m_s` faster about the Earth's centre than relative to the air."""
        v = 1e3 * speed_km_s
        needed = 1.0 - (v + turning_m_s) ** 2 / (G0 * R_EQUATOR)
        lift = np.interp(v, self.speed, self.load) * lift_to_drag / np.hypot(1.0, lift_to_drag)
        density = np.where(needed > 0.0, 2.0 * np.maximum(needed, 1e-9) / (lift * v**2), np.nan)
        return self.altitude(density)
