"""The rendezvous in the station's V-bar/R-bar plane, in four zooms, with the drifts after burns that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from sim.core.docking_record import DockingRecord
from sim.core.histories import RelativeHistory
from sim.core.phasing_record import SafetyZones
from sim.export.stored import PlotData
from sim.plots.marks import BURN, CHANGE, HALO, HOLD, PASSING, TROUBLE, TROUBLES, draw_marks, event_marks, hold_marks
from sim.plots.orbital_plane import DRIFT, DRIFT_COLOUR, TALL, WIDE, cone, corridor_label, draw_zones, frame, square
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLACK,
    PHASE_COLOUR,
    VERMILLION,
    Labels,
    Look,
    panel,
    phase_name,
    sheet,
)
from sim.plots.zones import (
    APPROACH,
    IN_SIX,
    CentrePath,
    approach,
    centres,
    closed_loop_legs,
    docked_place,
    drifts,
    in_plane,
    legs_of,
    zones_of,
)

FAR_TIMES_HOMING = 4.0  # the first zoom shows this many times the distance at which homing starts
FAR_EVENTS, NEAR_EVENTS = ("phasing_burn", CHANGE, "homing_start"), ("homing_burn", "transfer_burn")
NEAR_KM = 6.6
AROUND_SPHERES = 4.0
DRIFT_NAME = {0.0: "missed, or no thrust from there on", 0.5: "half of it", 1.0: "stuck: longer than planned"}
DRIFT_KM = 9.0


def draw(data: PlotData) -> Sheet | None:
    homing, last, whole, zones = data.homing, data.docking, centres(data), zones_of(data)
    if homing is None or whole is None or zones is None:
        return None
    tall = 14.9 if last else 9.95
    figure = sheet(tall, "Rendezvous in the station's orbital frame", _subtitle(data))
    _far(panel(figure, 0.85, tall - 4.3, 9.5, 3.0), data, homing.relative, whole)
    _near(panel(figure, 0.85, tall - 9.25, WIDE, TALL), data, zones, whole)
    around = panel(figure, 6.05, tall - 9.25, WIDE, TALL)
    if legs_of(data, APPROACH[2:]):
        _around(around, data, zones, whole)
    else:
        around.set_axis_off()
    if last:
        _last(panel(figure, 0.85, 0.75, WIDE, TALL), data, last)
        _failures(panel(figure, 6.05, 0.75, WIDE, TALL), data, zones)
    return figure


def _subtitle(data: PlotData) -> str:
    return f"{data.record['name']} · +V-bar (ahead) to the right, +R-bar (to Earth) down · times in UTC"


def _path(
    axes: Axes,
    data: PlotData,
    unit_m: float,
    phases: Iterable[str] = APPROACH,
    of: Callable[[PlotData, str], CentrePath | RelativeHistory | None] = centres,
) -> None:
    for phase in phases:
        history = of(data, phase)
        if history is not None:
            x, z = history.x_m / unit_m, history.z_m / unit_m
            axes.plot(x, z, color=PHASE_COLOUR[phase], label=phase_name(phase), zorder=3)


def _drift(
    axes: Axes, data: PlotData, unit_m: float, phases: Iterable[str], shift: Sequence[float] | np.ndarray = (0.0, 0.0)
) -> None:
    for phase in phases:
        for x, z, kind in drifts(data, phase):
            axes.plot((x - shift[0]) / unit_m, (z - shift[1]) / unit_m, color=DRIFT_COLOUR[kind], **DRIFT)


def _far(axes: Axes, data: PlotData, homing: RelativeHistory, history: CentrePath) -> None:
    """The end of phasing; the two axes have different scales."""
    reach = FAR_TIMES_HOMING * homing.range_m[0] / 1e3
    whole = approach(data) or homing
    seen = np.abs(whole.x_m) < reach * 1e3
    low, high = whole.z_m[seen].min() / 1e3, whole.z_m[seen].max() / 1e3
    slack = 0.25 * (high - low) + 1.0
    frame(axes, "End of phasing, and homing (scales differ)", "km", (-reach, 0.12 * reach), (low - slack, high + slack))
    _path(axes, data, 1e3)
    axes.plot(0, 0, "s", ms=8, color=BLACK, zorder=5)
    x, z = whole.x_m / 1e3, whole.z_m / 1e3
    marks = [*event_marks(data, FAR_EVENTS, history, 1e3), *hold_marks(data, history, 1e3, 1000.0)]
    marks = [mark for mark in marks if -reach < mark.x < 0.12 * reach]
    for look, words in ((BURN, "burn"), (PASSING, "begin of homing"), (HOLD, "hold"), *_troubles(data)):
        axes.plot([], [], ls="none", label=words, **look)
    axes.figure.legend(
        *axes.get_legend_handles_labels(),
        loc="upper left",
        bbox_to_anchor=(0.03, 1.0 - 0.78 / _tall(axes)),
        ncols=9,
        columnspacing=1.0,
        handlelength=1.2,
        handletextpad=0.5,
        borderaxespad=0.0,
        fontsize=9,
    )
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    labels.block(x, z, 10)
    draw_marks(axes, labels, marks)
    labels.add(0, 0, "station", fontweight="bold", bbox=HALO)


def _tall(axes: Axes) -> float:
    figure = axes.figure
    assert isinstance(figure, Sheet)  # the whole sheet, not a part of one
    return figure.get_size_inches()[1]


def _troubles(data: PlotData) -> list[tuple[Look, str]]:
    return [(TROUBLE, "trouble")] if any(data.events(name) for name in (CHANGE, *TROUBLES)) else []


def _near(axes: Axes, data: PlotData, zones: SafetyZones, whole: CentrePath) -> None:
    """Six kilometres around the station, shapes true."""
    square(axes, "Within 6 km", "km", (-0.25 * NEAR_KM, 0.0), 0.75 * NEAR_KM)
    ellipsoid, radius = draw_zones(axes, zones, 1e3)
    _path(axes, data, 1e3)
    marks = [*event_marks(data, NEAR_EVENTS, whole, 1e3), *hold_marks(data, whole, 1e3, 1000.0)]
    marks = [mark for mark in marks if abs(mark.x) < NEAR_KM]
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    around = np.linspace(0.0, 2 * np.pi, 60)
    labels.block(ellipsoid[0] * np.cos(around), ellipsoid[2] * np.sin(around))
    labels.block(whole.x_m / 1e3, whole.z_m / 1e3, 5)
    draw_marks(axes, labels, marks)
    words = "approach ellipsoid\n" + " × ".join(f"{2 * a:g}" for a in ellipsoid) + " km"
    labels.add(0.7 * ellipsoid[0], -0.7 * ellipsoid[2], words, color="#8a5f00", fontsize=8.5, bbox=HALO)
    labels.add(
        -radius * 0.7, -radius * 0.7, f"keep-out sphere\n{radius * 1e3:.0f} m", color="#9c4500", fontsize=8.5, bbox=HALO
    )


def _around(axes: Axes, data: PlotData, zones: SafetyZones, every: CentrePath) -> None:
    """From where the transfer ends to the port: centre of mass from the station's."""
    legs, radius = closed_loop_legs(data), zones.keep_out_m
    whole = centres(data, *([phase for phase, _ in legs] or ("transfer",))) or every
    places = np.column_stack([whole.x_m, whole.z_m])
    places = places[np.hypot(*places.T) < AROUND_SPHERES * radius]  # a retreat leads far away
    ends = np.vstack([places, [[-radius, -radius], [radius, radius]]])
    low, high = ends.min(axis=0), ends.max(axis=0)
    half = 0.62 * max(high[0] - low[0], (high[1] - low[1]) * WIDE / TALL)
    square(axes, "To the port: ship's centre of mass", "m", (low + high) / 2, half)
    draw_zones(axes, zones, 1.0)
    edge = None
    if legs:
        end = legs[-1][1]
        apex = docked_place(end) if isinstance(end, DockingRecord) else end.port.position_m
        edge = cone(axes, end, in_plane(apex), 1.1 * radius)
    _path(axes, data, 1.0)
    axes.plot(0, 0, "s", ms=6, color=BLACK, zorder=5)
    _drift(axes, data, 1.0, ("docking",))
    marks = [*event_marks(data, ("transfer_burn", *TROUBLES), every, 1.0), *hold_marks(data, every, 1.0, 50.0)]
    (x0, x1), (z1, z0) = axes.get_xlim(), axes.get_ylim()
    marks = [mark for mark in marks if x0 < mark.x < x1 and z0 < mark.z < z1]
    labels = Labels(axes, [(mark.x, mark.z) for mark in marks])
    labels.block([0.0], [0.0])
    labels.block(every.x_m, every.z_m, 10)
    draw_marks(axes, labels, marks)
    if edge is not None:
        labels.add(float(edge[0]), float(edge[1]), corridor_label(zones), color="#00664a", fontsize=8.5, bbox=HALO)
    words = f"keep-out sphere {radius:.0f} m"
    labels.add(-0.7 * radius, -0.7 * radius, words, color="#9c4500", fontsize=8.5, bbox=HALO)


def _last(axes: Axes, data: PlotData, docking: DockingRecord) -> None:
    """The last 200 m: docking ring against port, with the corridor."""
    place, axis, radius = in_plane(docking.port.position_m), in_plane(docking.port.axis), docking.zones.keep_out_m
    square(axes, "Final approach: docking ring from port", "m", axis * 0.45 * radius, 0.85 * radius)
    axes.add_patch(Circle((-place[0], -place[1]), radius, fc=VERMILLION, alpha=0.07, ec=VERMILLION, lw=1.4, zorder=1))
    edge = cone(axes, docking, np.zeros(2), 1.1 * radius)
    _path(axes, data, 1.0, IN_SIX, approach)
    _drift(axes, data, 1.0, ("docking",), in_plane(docked_place(docking)))
    final = docking.relative
    contact = data.events("contact")
    marks = [*hold_marks(data, final, 1.0, 0.0, ("docking",)), *event_marks(data, TROUBLES, final, 1.0)]
    labels = Labels(axes, [(0, 0), *((mark.x, mark.z) for mark in marks)])
    labels.block(final.x_m, final.z_m, 10)
    axes.plot(0, 0, "s", ms=9, color=BLACK, zorder=5)
    draw_marks(axes, labels, marks)
    if contact:
        v = contact[0]["values"]
        text = f"contact {data.clock(data.seconds(contact[0]['utc']))}\n{v['closing_speed_m_s']:.3f} m/s"
        text += f", {100 * v['lateral_offset_m']:.1f} cm from the axis"
        labels.add(0, 0, text, fontweight="bold", fontsize=8.5, bbox=HALO)
    labels.add(float(edge[0]), float(edge[1]), corridor_label(docking.zones), color="#00664a", fontsize=8.5, bbox=HALO)
    rim = -np.array([axis[1], axis[0]]) * radius * 0.7 + axis * radius * 0.7
    labels.add(
        float(rim[0]), float(rim[1]), f"keep-out sphere {radius:.0f} m", color="#9c4500", fontsize=8.5, bbox=HALO
    )


def _failures(axes: Axes, data: PlotData, zones: SafetyZones) -> None:
    """Where the ship goes when a burn fails, or when it stops thrusting on the approach."""
    square(axes, "Drift after a burn that fails", "km", (0.0, 0.0), DRIFT_KM)
    draw_zones(axes, zones, 1e3)
    _path(axes, data, 1e3)
    _drift(axes, data, 1e3, ("homing", "transfer", "docking"))
    for kind, words in DRIFT_NAME.items():
        axes.plot([], [], color=DRIFT_COLOUR[kind], label=words, **DRIFT)
    handles, names = axes.get_legend_handles_labels()
    last = slice(-len(DRIFT_NAME), None)
    axes.legend(handles[last], names[last], loc="lower right", fontsize=8.5, handlelength=2.2)
