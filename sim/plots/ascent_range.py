"""The range of an ascent: ground track, impact point with its times, debris ellipses, recovery areas."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.core.ascent_record import AscentStudy, RecoveryArea
from sim.export.stored import PlotData
from sim.plots.areas import HATCH, ON, beside, draw_areas, region
from sim.plots.sheet import Sheet
from sim.plots.style import INK, ORANGE, PURPLE, VERMILLION, Labels, pale, panel, sheet

HALO = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.85}
WIDE = 9.87  # in, of both panels
TICKS = (60, 120, 180, 240, 300, 360, 400, 420, 440, 450, 460)  # s, where the impact point is marked
KM_A_DEGREE = 111.2

Track = tuple[np.ndarray, np.ndarray]  # longitude and latitude, deg
Trace = tuple[np.ndarray, np.ndarray, np.ndarray]  # and s after lift-off


def draw(data: PlotData) -> Sheet | None:
    flown, start = data.ascent, data.when("liftoff")
    if flown is None or flown.study is None or flown.impact is None or start is None:
        return None
    study, ascent, impact = flown.study, flown.ascent, flown.impact
    middle = float(ascent.longitude_deg[0])
    track = beside(ascent.longitude_deg, middle), ascent.latitude_deg
    trace = beside(impact.longitude_deg, middle), impact.latitude_deg, impact.t_s - start
    figure = sheet(11.3, "Where an ascent may come down", _subtitle(data))
    whole = panel(figure, 0.55, 4.75, WIDE, 5.55)
    near = panel(figure, 0.55, 0.55, WIDE, 3.35)
    _whole(whole, study, track, trace, middle)
    _near(near, study, track, trace, middle)
    return figure


def _subtitle(data: PlotData) -> str:
    text = "impact point: Kepler orbit to the ellipsoid, without air"
    return f"{data.record['name']} · {text}"


def _lines(axes: Axes, track: Track, trace: Trace) -> None:
    axes.plot(*trace[:2], color=PURPLE, lw=1.6, ls=(0, (4, 2)), zorder=3)
    axes.plot(*track, color=VERMILLION, lw=2.6, zorder=3.2)
    axes.plot(track[0][0], track[1][0], "s", ms=8, mfc="white", mec=INK, mew=1.4, zorder=5)


def _whole(axes: Axes, study: AscentStudy, track: Track, trace: Trace, middle: float) -> None:
    areas = study.areas or ()
    corners = np.array([corner for area in areas for corner in area.corners_deg]).reshape(-1, 2)
    lon = np.concatenate([track[0], beside(corners[:, 1], middle)])
    lat = np.concatenate([track[1], corners[:, 0]])
    region(axes, lon, lat, 5.55 / WIDE, 5)
    axes.set_title("From the pad to orbit: ground track, impact point with seconds after lift-off, recovery areas")
    named = draw_areas(axes, areas, middle)
    _lines(axes, track, trace)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    ticks = [(s, float(np.interp(s, trace[2], trace[0])), float(np.interp(s, trace[2], trace[1]))) for s in TICKS]
    ticks = [(s, x, y) for s, x, y in ticks if s < trace[2][-1] and left < x < right and low < y < high]
    _pieces(axes, study, middle)
    _legend(axes, areas)
    labels = Labels(axes, [(x, y) for _, x, y in ticks] + [(track[0][-1], track[1][-1]), (track[0][0], track[1][0])])
    labels.block_legend()
    labels.block(trace[0], trace[1], 20)
    labels.block(track[0], track[1], 20)
    for _, x, y in ticks:
        axes.plot(x, y, "o", ms=5, mfc="white", mec=PURPLE, mew=1.4, zorder=4)
    axes.plot(track[0][-1], track[1][-1], "D", ms=7, mfc="white", mec=VERMILLION, mew=1.5, zorder=5)
    labels.add(track[0][-1], track[1][-1], "insertion", bbox=HALO, fontweight="bold", fontsize=9)
    labels.add(track[0][0], track[1][0], "pad", bbox=HALO, fontweight="bold", fontsize=9)
    for s, x, y in ticks[1:]:
        labels.add(x, y, f"{s} s", bbox=HALO, fontsize=8.5, color=INK)
    for x, y, name in named:
        labels.add(x, y, name, bbox=HALO, fontsize=9, style="italic")


def _near(axes: Axes, study: AscentStudy, track: Track, trace: Trace, middle: float) -> None:
    debris = study.debris
    lon = np.concatenate([track[0][:1], beside([d.longitude_deg for d in debris], middle)])
    lat = np.concatenate([track[1][:1], [d.latitude_deg for d in debris]])
    region(axes, [*lon, lon.min() - 0.5, lon.max() + 0.8], lat, 3.35 / WIDE, 1)
    axes.set_title("Spent pieces: 99 % ellipses, falling with drag, without wind")
    _lines(axes, track, trace)
    _pieces(axes, study, middle)
    points = [(float(beside(d.longitude_deg, middle)), d.latitude_deg) for d in debris]
    labels = Labels(axes, [*points, (track[0][0], track[1][0])])
    labels.block(track[0], track[1], 5)
    labels.block(trace[0], trace[1], 2)
    labels.add(track[0][0], track[1][0], "pad", bbox=HALO, fontweight="bold", fontsize=9)
    for d, (x, y) in zip(debris, points, strict=True):
        name = d.name if d.count == 1 else f"{d.count} × {d.name}"
        size = f"{2 * d.half_length_km:.0f} × {2 * d.half_width_km:.0f} km"
        labels.add(x, y, f"{name}\n{d.downrange_km:.0f} km, {size}", bbox=HALO, fontsize=8.5)


def _pieces(axes: Axes, study: AscentStudy, middle: float) -> None:
    for d in study.debris:
        x, y = float(beside(d.longitude_deg, middle)), d.latitude_deg
        # An ellipse of kilometres on a map of degrees: its outline point by point.
        along = np.radians(d.heading_deg)
        turn = np.linspace(0.0, 2.0 * np.pi, 73)
        a, b = d.half_length_km * np.cos(turn), d.half_width_km * np.sin(turn)
        north, east = a * np.cos(along) - b * np.sin(along), a * np.sin(along) + b * np.cos(along)
        lon = x + east / (KM_A_DEGREE * np.cos(np.radians(y)))
        axes.fill(lon, y + north / KM_A_DEGREE, fc=pale(ORANGE), ec=INK, lw=0.9, zorder=3.6)
        axes.plot(x, y, "+", ms=5, color=INK, mew=1.0, zorder=3.8)


def _legend(axes: Axes, areas: Iterable[RecoveryArea]) -> None:
    handles = [
        Line2D([], [], color=VERMILLION, lw=2.6, label="ground track"),
        Line2D([], [], color=PURPLE, lw=1.6, ls=(0, (4, 2)), label="impact point"),
        Patch(fc=pale(ORANGE), ec=INK, label="spent pieces"),
    ]
    for on in dict.fromkeys(area.on for area in areas):
        words = f"recovery area, {on}"
        handles.append(Patch(fc=(*pale(ON[on]), 0.35), ec=ON[on], hatch=HATCH[on], label=words))
    axes.legend(handles=handles, loc="lower left")
