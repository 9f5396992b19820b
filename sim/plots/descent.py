"""The descent: altitude and speed under the parachutes, the loads as they open, and the last seconds to the ground."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData
from sim.plots.return_marks import HALO, draw_limit, limit_of, through_the_air
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    SOFT,
    VERMILLION,
    Labels,
    clock,
    clock_axis,
    event_name,
    panel,
    sheet,
)

EVENTS = (
    "drogue_deployment",
    "main_chute_deployment",
    "main_chute_disreef",
    "main_chute_failure",
    "backup_chute_deployment",
    "heat_shield_jettison",
    "seats_lifted",
    "retro_fire",
    "touchdown",
)
OPENINGS = ("drogue_deployment", "main_chute_deployment", "main_chute_disreef", "backup_chute_deployment")
BEFORE_S = 20.0  # drawn of the entry
OPENINGS_S = 60.0  # from the opening, in which the loads are
LAST_S = 2.0  # before the touchdown


def draw(data: PlotData) -> Sheet | None:
    air = through_the_air(data)
    if data.descent is None or air is None:
        return None
    opened, down = float(data.descent.entry.t_s[0]), float(air.t_s[-1])
    figure = sheet(8.3, "Descent under parachutes", _subtitle(data, opened))
    height, speed = panel(figure, 0.8, 4.3, 4.35, 2.85), panel(figure, 6.0, 4.3, 4.35, 2.85)
    load, last = panel(figure, 0.8, 0.65, 4.35, 2.85), panel(figure, 6.0, 0.65, 4.35, 2.85)
    _height(height, data, air, opened, down)
    _speed(speed, data, air, opened, down)
    _load(load, data, air, opened, down)
    _last(last, data, air, down)
    return figure


def _subtitle(data: PlotData, opened: float) -> str:
    text = f"{data.record['name']} · parachutes open {data.clock(opened, '%d %b %Y %H:%M:%S')} UTC"
    return text + "".join(f" · touchdown {data.clock(data.seconds(e['utc']))}" for e in data.events("touchdown")[:1])


def _rows(air: EntryHistory, start: float, end: float) -> np.ndarray:
    return (air.t_s >= start) & (air.t_s <= end)


def _time(axes: Axes, start: float, end: float, step: float) -> None:
    axes.set_xlim(start, end)
    clock_axis(axes, step)
    axes.set_xlabel("time from the opening, min:s")


def _step(span: float) -> float:
    return next(step for step in (30.0, 60.0, 120.0, 180.0, 300.0, 600.0) if span / step <= 8 or step == 600.0)


def _height(axes: Axes, data: PlotData, air: EntryHistory, opened: float, down: float) -> None:
    axes.set_title("Altitude")
    shown = _rows(air, opened - BEFORE_S, down)
    t, y = air.t_s[shown] - opened, air.altitude_km[shown]
    axes.plot(t, y, color=BLUE)
    axes.set(ylabel="altitude over the ellipsoid, km", ylim=(0, 1.12 * y.max()))
    _time(axes, -BEFORE_S, 1.24 * (down - opened), _step(down - opened))
    axes.axhline(y[-1], color=SOFT, lw=1.0)
    axes.annotate(
        f"ground, {y[-1]:.2f} km",
        (0.0, y[-1]),
        (4, -3),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=8.5,
        va="top",
        color=SOFT,
    )
    shown_events = [name for name in EVENTS if name != "retro_fire"]  # which is where the touchdown is, to the eye
    found = [(name, when - opened) for name in shown_events if (when := data.when(name)) is not None]
    points = [(w, float(np.interp(w, t, y))) for _, w in found]
    labels = Labels(axes, points)
    labels.block(t, y, 3)
    labels.block(np.linspace(*axes.get_xlim(), 60), np.full(60, y[-1]))
    labels.block_texts()
    for (name, when), (a, b) in zip(found, points, strict=True):
        axes.plot(a, b, "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=4)
        labels.add(a, b, f"{event_name(name)} +{clock(when)}", fontsize=8.5, bbox=HALO)


def _speed(axes: Axes, data: PlotData, air: EntryHistory, opened: float, down: float) -> None:
    """Logarithmic, with the published steps as bands."""
    axes.set_title("Speed relative to the air (log); bands: published")
    shown = _rows(air, opened - BEFORE_S, down)
    t, y = air.t_s[shown] - opened, np.maximum(air.speed_air_m_s[shown], 0.5)
    axes.plot(t, y, color=VERMILLION, zorder=3)
    axes.set(ylabel="speed, m/s", yscale="log", ylim=(0.8 * min(y.min(), 1.0), 400))
    axes.set_yticks([1, 2, 5, 10, 20, 50, 100, 200], ["1", "2", "5", "10", "20", "50", "100", "200"])
    axes.minorticks_off()
    _time(axes, -BEFORE_S, 1.03 * (down - opened), _step(down - opened))
    for row in published_speeds(data):
        axes.axhspan(row["low"], row["high"], color=FAINT, alpha=0.7, lw=0, zorder=0.3)
        below = row["name"] == "descent_speed"  # above it the capsule still sinks faster
        axes.annotate(
            f"{row['low']:g}–{row['high']:g} m/s",
            (0.85, row["low"] if below else row["high"]),
            (0, -2 if below else 2),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=8.5,
            ha="right",
            va="top" if below else "bottom",
            color=SOFT,
            zorder=4,
        )
    limit = limit_of(data, "descent", "m/s")
    if limit is not None:
        axes.axhline(limit, color=ORANGE, lw=1.2, ls="-.", zorder=2)


def published_speeds(data: PlotData) -> list[dict]:
    """The published speeds of the descent with their bands, as the flight's record compares them."""
    names = ("speed_at_opening", "speed_after_drogue", "speed_after_reefing", "descent_speed", "touchdown_speed")
    return [row for row in data.record.get("published_return", ()) if row["name"] in names]


def _load(axes: Axes, data: PlotData, air: EntryHistory, opened: float, down: float) -> None:
    axes.set_title("Load as the parachutes open")
    end = min(opened + OPENINGS_S, down)
    shown = _rows(air, opened - 5.0, end)
    t, y = air.t_s[shown] - opened, air.load_g[shown]
    axes.plot(t, y, color=VERMILLION)
    axes.set(ylabel="load, g", ylim=(0, 1.35 * y.max()), xlim=(-5.0, end - opened))
    draw_limit(axes, limit_of(data, "descent", "g"), f"limit {limit_of(data, 'descent', 'g') or 0.0:g} g")
    clock_axis(axes, 10.0)
    axes.set_xlabel("time from the opening, min:s")
    found = [(n, w - opened) for n in OPENINGS if (w := data.when(n)) is not None and opened <= w <= end]
    found.sort(key=lambda event: event[1])
    edges = [*(w for _, w in found), end - opened]
    peaks = []
    for (name, when), until in zip(found, edges[1:], strict=True):
        near = (t >= when - 0.5) & (t <= until - 0.5)
        if near.any():
            i = int(np.argmax(np.where(near, y, -np.inf)))
            peaks.append((name, float(t[i]), float(y[i])))
    labels = Labels(axes, [(x, g) for _, x, g in peaks])
    labels.block(t, y, 2)
    for name, x, g in peaks:
        axes.plot(x, g, "o", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4)
        labels.add(x, g, f"{event_name(name)}\n{g:.2f} g", fontsize=8.5, bbox=HALO)


def _last(axes: Axes, data: PlotData, air: EntryHistory, down: float) -> None:
    """Sink and height in the last seconds, where the retro rockets fire."""
    axes.set_title("The last seconds")
    t = np.linspace(-LAST_S, 0.0, 241)
    speed, altitude = (np.interp(down + t, air.t_s, column) for column in (air.speed_air_m_s, air.altitude_km))
    height = 1000.0 * (altitude - altitude[-1])
    axes.plot(t, speed, color=VERMILLION, label="speed, m/s", zorder=3)
    axes.plot(t, height, color=GREEN, ls=(0, (5, 2)), label="height over the ground, m", zorder=3)
    axes.set(ylabel="m/s and m", xlabel="time to touchdown, s", xlim=(-LAST_S, 0.4), ylim=(0, 1.6 * speed.max()))
    fired = data.when("retro_fire")
    if fired is not None and fired >= down - LAST_S:
        axes.axvline(fired - down, color=SOFT, lw=0.9, ls=(0, (3, 3)))
    labels = Labels(axes, [(0.0, float(speed[-1]))])
    labels.block(t, speed, 2)
    labels.block(t, np.minimum(height, 2.0 * speed.max()), 2)
    for event in data.events("touchdown")[:1]:
        axes.plot(0.0, speed[-1], "o", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4, clip_on=False)
        labels.add(0.0, float(speed[-1]), f"touchdown\n{event['values']['speed_m_s']:.1f} m/s", fontsize=8.5, bbox=HALO)
    if fired is not None:
        v = data.events("retro_fire")[0]["values"]["speed_m_s"]
        at = fired - down, float(np.interp(fired - down, t, speed))
        labels.add(*at, f"retro rockets\n{v:.1f} m/s", fontsize=8.5, bbox=HALO)
    axes.legend(loc="upper left", fontsize=8.5)
