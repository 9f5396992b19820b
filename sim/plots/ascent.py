"""The ascent: altitude, speed, dynamic pressure and load against time from lift-off, with the staging."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.core.ascent_record import AscentHistory
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    PURPLE,
    SOFT,
    VERMILLION,
    Labels,
    clock,
    clock_axis,
    event_name,
    load_limit,
    panel,
    sheet,
    upright,
)

STAGING = (
    "tower_jettison",
    "booster_separation",
    "stage_1_separation",
    "fairing_separation",
    "main_engine_cutoff",
    "orbit_insertion",
)


def draw(data: PlotData) -> Sheet | None:
    start = data.when("liftoff")
    if data.ascent is None or start is None:
        return None
    ascent = data.ascent.ascent
    t = ascent.t_s - start
    marks = [(name, when - start) for name in STAGING if (when := data.when(name)) is not None]
    figure = sheet(8.9, "Ascent to orbit", _subtitle(data, start))
    altitude = panel(figure, 0.75, 4.75, 9.6, 2.95)
    speed, pressure, load = (panel(figure, 0.75 + 3.32 * i, 0.62, 2.75, 3.35) for i in range(3))
    for axes, end, step in ((altitude, t[-1] * 1.01, 60), (speed, t[-1], 120), (pressure, 240, 60), (load, t[-1], 120)):
        axes.set_xlim(0, end)
        clock_axis(axes, step)
        for _, when in marks:
            upright(axes, when)
    _altitude(altitude, ascent, t, marks)
    _speed(speed, ascent, t)
    _pressure(pressure, ascent, t)
    _load(load, data, ascent, t)
    for axes in (speed, pressure, load):
        axes.set_xlabel("time from lift-off, min:s")
    return figure


def _subtitle(data: PlotData, start: float) -> str:
    text = f"{data.record['name']} · lift-off {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    orbit = data.events("orbit_insertion")
    if orbit:
        v = orbit[0]["values"]
        text += f" · {v['perigee_km']:.1f} × {v['apogee_km']:.1f} km, {v['inclination_deg']:.2f}°"
    return text


def _altitude(axes: Axes, ascent: AscentHistory, t: np.ndarray, marks: list[tuple[str, float]]) -> None:
    axes.set_title("Altitude (dashed lines in every panel: staging)")
    axes.set(ylabel="altitude, km", ylim=(0, ascent.altitude_km.max() * 1.3))
    axes.plot(t, ascent.altitude_km, color=BLUE)
    points = [(when, float(np.interp(when, t, ascent.altitude_km))) for _, when in marks]
    labels = Labels(axes, points)
    labels.block(t, ascent.altitude_km, 4)
    placed = list(zip(marks, points, strict=True))
    for (name, when), (x, y) in placed[-1:] + placed[:-1]:  # the last stands at the edge and has the least space
        axes.plot(x, y, "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=4)
        downrange = np.interp(when, t, ascent.downrange_km)
        text = f"{event_name(name)} T+{clock(when)}\n{y:.0f} km up\n{downrange:.0f} km downrange"
        labels.add(x, y, text, fontsize=8.5, bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"})


def _speed(axes: Axes, ascent: AscentHistory, t: np.ndarray) -> None:
    axes.set_title("Speed")
    axes.set_ylabel("km/s")
    axes.plot(t, ascent.speed_inertial_m_s / 1e3, color=VERMILLION, label="inertial")
    axes.plot(t, ascent.speed_air_m_s / 1e3, color=SOFT, ls="--", label="relative to the air")
    axes.set_ylim(0, 8.6)
    axes.legend(loc="upper left")


def _pressure(axes: Axes, ascent: AscentHistory, t: np.ndarray) -> None:
    axes.set_title("Dynamic pressure (first 4 min)")
    q = ascent.dynamic_pressure_pa / 1e3
    axes.plot(t, q, color=PURPLE)
    axes.set(ylabel="kPa", ylim=(0, q.max() * 1.2))
    i = int(np.argmax(q))
    _peak(
        axes,
        t[i],
        q[i],
        f"{q[i]:.1f} kPa at T+{clock(t[i])}\nMach {ascent.mach[i]:.2f}, {ascent.altitude_km[i]:.1f} km",
    )


def _load(axes: Axes, data: PlotData, ascent: AscentHistory, t: np.ndarray) -> None:
    axes.set_title("Axial load")
    g = ascent.axial_load_g
    axes.plot(t, g, color=GREEN)
    axes.set(ylabel="g", ylim=(0, 1.25 * g.max()))
    load_limit(axes, data, "ascent", t[-1] * 0.02)
    i = int(np.argmax(g))
    _peak(axes, t[i], g[i], f"{g[i]:.2f} g at T+{clock(t[i])}")


def _peak(axes: Axes, x: float, y: float, text: str) -> None:
    axes.plot(x, y, "o", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4)
    Labels(axes, [(x, y)]).add(x, y, text, bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"})
