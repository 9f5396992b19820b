"""The rendezvous in the station's V-bar/R-bar plane, in three zooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Polygon

from sim.export.stored import PlotData
from sim.plots.style import (
    BLACK,
    GREEN,
    ORANGE,
    PHASE_COLOUR,
    SOFT,
    VERMILLION,
    Labels,
    event_name,
    panel,
    phase_name,
    sheet,
)  # fmt: skip
from sim.plots.zones import APPROACH, approach, distance, holds, port

FAR_TIMES_HOMING = 4.0  # the first zoom shows this many times the distance at which homing starts
FAR_EVENTS, NEAR_EVENTS = ("phasing_burn", "homing_start"), ("homing_burn", "transfer_burn")
BURN = {"marker": "^", "ms": 8, "mfc": "white", "mec": VERMILLION, "mew": 1.5, "zorder": 5}
PASSING = {"marker": "D", "ms": 6.5, "mfc": "white", "mec": SOFT, "mew": 1.5, "zorder": 5}
HOLD = {"marker": "o", "ms": 8, "mfc": "white", "mec": GREEN, "mew": 2.0, "zorder": 5}
HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}


def draw(data: PlotData) -> Figure | None:
    homing = data.series("homing", "relative")
    if not homing:
        return None
    figure = sheet(9.75, "Rendezvous in the station's orbital frame", _subtitle(data))
    far = panel(figure, 0.85, 5.7, 9.5, 3.0)
    near = panel(figure, 0.85, 0.75, 4.45, 4.1)
    last = panel(figure, 6.05, 0.75, 4.3, 4.1)
    _far(far, data, homing)
    _near(near, data)
    if data.series("docking", "relative"):
        _last(last, data)
    else:
        last.set_axis_off()
    return figure


def _subtitle(data: PlotData) -> str:
    return f"{data.record['name']} · +V-bar (ahead) to the right, +R-bar (to Earth) down"


def _path(axes, data: PlotData, unit_m: float, phases=APPROACH) -> None:
    for phase in phases:
        history = data.series(phase, "relative")
        if history:
            x, z = history["x_m"] / unit_m, history["z_m"] / unit_m
            axes.plot(x, z, color=PHASE_COLOUR[phase], label=phase_name(phase), zorder=3)


def _frame(axes, title: str, unit: str, x: tuple, z: tuple) -> None:
    axes.set_title(title)
    axes.set(xlim=x, ylim=(z[1], z[0]), xlabel=f"V-bar, {unit}  (ahead →)", ylabel=f"R-bar, {unit}  (↓ to Earth)")
    axes.axhline(0.0, color=SOFT, lw=0.8, zorder=1.2)
    axes.axvline(0.0, color=SOFT, lw=0.8, zorder=1.2)


def _far(axes, data: PlotData, homing) -> None:
    """The end of phasing; the two axes have different scales."""
    reach = FAR_TIMES_HOMING * homing["range_m"][0] / 1e3
    whole = approach(data)
    seen = np.abs(whole["x_m"]) < reach * 1e3
    low, high = whole["z_m"][seen].min() / 1e3, whole["z_m"][seen].max() / 1e3
    slack = 0.25 * (high - low) + 1.0
    _frame(
        axes, "End of phasing, and homing (scales differ)", "km", (-reach, 0.12 * reach), (low - slack, high + slack)
    )
    _path(axes, data, 1e3)
    axes.plot(0, 0, "s", ms=8, color=BLACK, zorder=5)
    x, z = whole["x_m"] / 1e3, whole["z_m"] / 1e3
    marks = [*event_marks(data, FAR_EVENTS, whole, 1e3), *hold_marks(data, 1e3, at_least_m=1000.0)]
    marks = [mark for mark in marks if -reach < mark.x < 0.12 * reach]
    for look, words in ((BURN, "burn"), (PASSING, "begin of homing"), (HOLD, "hold")):
        axes.plot([], [], ls="none", label=words, **look)
    axes.legend(loc="upper left", ncols=7, columnspacing=1.2, handlelength=1.4)
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    labels.block(x, z, 10)
    labels.block_legend()
    _draw_marks(axes, labels, marks)
    labels.add(0, 0, "station", fontweight="bold", bbox=HALO)


def _near(axes, data: PlotData) -> None:
    """Six kilometres around the station, shapes true."""
    wide = 6.6
    _frame(axes, "Within 6 km", "km", (-wide, 0.5 * wide), (-0.8 * wide, 0.8 * wide))
    _true_shape(axes, 4.45, 4.1)
    ellipsoid = data.setting("named.profile.safety.ellipsoid_km")
    radius = data.setting("named.profile.safety.keep_out_radius_m") / 1e3
    axes.add_patch(
        Ellipse((0, 0), 2 * ellipsoid[0], 2 * ellipsoid[2], fill=False, ec=ORANGE, lw=1.6, ls="--", zorder=2)
    )
    axes.add_patch(Circle((0, 0), radius, fc=VERMILLION, alpha=0.25, ec=VERMILLION, zorder=2))
    _path(axes, data, 1e3, APPROACH[:3])
    whole = approach(data, *APPROACH[:3])
    marks = [*event_marks(data, NEAR_EVENTS, whole, 1e3), *hold_marks(data, 1e3, at_least_m=150.0)]
    marks = [mark for mark in marks if abs(mark.x) < wide]
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    around = np.linspace(0.0, 2 * np.pi, 60)
    labels.block(ellipsoid[0] * np.cos(around), ellipsoid[2] * np.sin(around))
    labels.block(whole["x_m"] / 1e3, whole["z_m"] / 1e3, 5)
    _draw_marks(axes, labels, marks)
    words = "approach ellipsoid\n" + " × ".join(f"{2 * a:g}" for a in ellipsoid) + " km"
    labels.add(-0.7 * ellipsoid[0], -0.7 * ellipsoid[2], words, color="#8a5f00", fontsize=8.5, bbox=HALO)
    labels.add(
        -radius * 0.7, -radius * 0.7, f"keep-out sphere\n{radius * 1e3:.0f} m", color="#9c4500", fontsize=8.5, bbox=HALO
    )


def _true_shape(axes, width: float, height: float) -> None:
    """Make a metre as long on both axes by widening the shorter one, the drawing box kept."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    middle, half = (low + high) / 2, (right - left) * height / width / 2
    axes.set_ylim(middle + half * np.sign(low - high), middle - half * np.sign(low - high))


@dataclass(frozen=True)
class Mark:
    """Something that happened at a place of the panel, in its unit; `look` is how its marker is drawn."""

    x: float
    z: float
    t: float
    text: str
    look: Mapping[str, object]


def event_marks(data: PlotData, names, history: dict, unit_m: float) -> list[Mark]:
    """The events of these names, each where the ship was at its time."""
    found = []
    for name in names:
        for event in data.events(name):
            t = data.seconds(event["utc"])
            x, z = (float(np.interp(t, history["t_s"], history[key])) / unit_m for key in ("x_m", "z_m"))
            look = PASSING if name == "homing_start" else BURN
            found.append(Mark(x, z, t, f"{event_name(name)} {data.clock(t)}", look))
    return found


def hold_marks(data: PlotData, unit_m: float, at_least_m: float, phases=APPROACH) -> list[Mark]:
    found = []
    for hold in holds(data):
        if hold["range_m"] >= at_least_m and hold["phase"] in phases:
            until = f"–{data.clock(hold['end'])}" if hold["end"] else ""
            text = f"hold {distance(hold['range_m'])}\n{data.clock(hold['start'])}{until}"
            found.append(Mark(hold["x_m"] / unit_m, hold["z_m"] / unit_m, hold["start"], text, HOLD))
    return found


def _draw_marks(axes, labels: Labels, marks: list[Mark]) -> None:
    """Every marker, and one label for those that lie on one another, its lines in the order of time."""
    here: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.t):
        axes.plot(mark.x, mark.z, ls="none", **mark.look)
        group = next((g for g in here if labels.same_place((mark.x, mark.z), (g[0].x, g[0].z))), None)
        if group is None:
            here.append([mark])
        else:
            group.append(mark)
    for group in here:
        labels.add(group[0].x, group[0].z, "\n".join(mark.text for mark in group), fontsize=8.5, bbox=HALO)


def _last(axes, data: PlotData) -> None:
    """The last 250 m: docking ring against port, with the corridor."""
    (place, axis), radius = port(data), data.setting("named.profile.safety.keep_out_radius_m")
    angle = np.radians(data.setting("named.profile.safety.corridor_half_angle_deg"))
    middle = axis * 0.45 * radius
    half = 0.85 * radius
    _frame(
        axes,
        "Final approach: docking ring from port",
        "m",
        (middle[0] - half, middle[0] + half),
        (middle[1] - half, middle[1] + half),
    )
    _true_shape(axes, 4.3, 4.1)
    axes.add_patch(Circle(-place, radius, fc=VERMILLION, alpha=0.07, ec=VERMILLION, lw=1.4, zorder=1))
    side = np.array([-axis[1], axis[0]]) * np.tan(angle)
    cone = np.array([[0.0, 0.0], axis + side, axis - side]) * radius * 1.1
    axes.add_patch(Polygon(cone, closed=True, fc=GREEN, alpha=0.16, ec=GREEN, lw=1.2, zorder=1.5))
    _path(axes, data, 1.0, APPROACH[3:])
    final = data.series("docking", "relative")
    contact = data.events("contact")
    marks = hold_marks(data, 1.0, at_least_m=0.0, phases=APPROACH[3:])
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    labels.block(final["x_m"], final["z_m"], 10)
    axes.plot(0, 0, "s", ms=9, color=BLACK, zorder=5)
    _draw_marks(axes, labels, marks)
    if contact:
        v = contact[0]["values"]
        text = f"contact {data.clock(data.when('contact'))}\n{v['closing_speed_m_s']:.3f} m/s"
        text += f", {100 * v['lateral_offset_m']:.1f} cm off"
        labels.add(0, 0, text, fontweight="bold", fontsize=8.5, bbox=HALO)
    edge = (axis + side) * radius * 0.75
    labels.add(*edge, f"corridor ±{np.degrees(angle):.0f}°", color="#00664a", fontsize=8.5, bbox=HALO)
    rim = -np.array([axis[1], axis[0]]) * radius * 0.7 + axis * radius * 0.7
    labels.add(*rim, f"keep-out sphere {radius:.0f} m", color="#9c4500", fontsize=8.5, bbox=HALO)
