"""The departure: how the ship backs off from its port and leaves, with the zones and the drifts after failed burns.

Where a flight undocks several times it is the first of them, as in the other pictures.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter

from sim.core.docking_record import ClosedLoopRecord, DepartureRecord
from sim.core.histories import RelativeHistory
from sim.core.phasing_record import SafetyZones
from sim.core.undocking_record import UndockingRecord
from sim.export.stored import PlotData
from sim.plots.marks import HALO, TROUBLES, Mark, crosses, draw_marks, event_marks
from sim.plots.orbital_plane import DRIFT, DRIFT_COLOUR, TALL, WIDE, cone, corridor_label, draw_zones, square
from sim.plots.sheet import Sheet
from sim.plots.style import BLACK, INK, PHASE_COLOUR, Labels, panel, phase_name, sheet, upright
from sim.plots.zones import CentrePath, in_plane

EVENTS = ("undocking", "hold_arrival", "turn_away", "separation_burn", *TROUBLES)
NEAREST_M = 0.1
HALF_SPHERES = 1.35  # of the near panel, in radii of the keep-out sphere
HALF_ELLIPSOIDS = 2.4  # of the far panel, in the longest semi-axis of the approach ellipsoid
DRIFT_NAME = {0.0: "missed, and all after it", 0.5: "ended half-way"}
KEEP_OUT, APPROACH_ELLIPSOID, CORRIDOR = "#9c4500", "#8a5f00", "#00664a"  # of their labels: dark enough to read
Leg = tuple[str, UndockingRecord | DepartureRecord]


def draw(data: PlotData) -> Sheet | None:
    legs = _legs(data)
    start = data.when("undocking")
    if not legs or start is None:
        return None
    zones = legs[-1][1].zones
    text = f"{data.record['name']} · {data.ship('undocking')} undocks {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    figure = sheet(10.3, "Departure from the station", text + crosses(data))
    _near(panel(figure, 0.85, 4.95, WIDE, TALL), data, legs, zones)
    _far(panel(figure, 6.05, 4.95, WIDE, TALL), data, legs, zones)
    _against_time(figure, data, legs, zones, start)
    return figure


def _legs(data: PlotData) -> list[Leg]:
    """The legs from the first undocking on, as far as they left a record; none where another phase is between them."""
    found: list[Leg] = [("undocking", data.undocking)] if data.undocking is not None else []
    after = data.departure
    if after is not None and (not found or abs(after.relative.t_s[0] - found[0][1].relative.t_s[-1]) < 1.0):
        found.append(("departure", after))
    return found


def _path(record: UndockingRecord | DepartureRecord) -> CentrePath | RelativeHistory:
    """The ship's centre of mass from the station's."""
    if not isinstance(record, ClosedLoopRecord):
        return record.relative
    g = record.guidance
    return CentrePath(g.t_s, g.place_x_m, g.place_y_m, g.place_z_m)


def _plane(axes: Axes, legs: list[Leg], unit_m: float) -> None:
    """The flown path by phase, the station, and the drifts."""
    for phase, record in legs:
        path = _path(record)
        axes.plot(path.x_m / unit_m, path.z_m / unit_m, color=PHASE_COLOUR[phase], label=phase_name(phase), zorder=3)
        if isinstance(record, DepartureRecord):
            drift = record.drift
            for number in np.unique(drift.arc):
                arc = drift.arc == number
                colour = DRIFT_COLOUR[float(drift.missed[arc][0])]
                axes.plot(drift.x_m[arc] / unit_m, drift.z_m[arc] / unit_m, color=colour, **DRIFT)
    axes.plot(0, 0, "s", ms=7, color=BLACK, zorder=5)


def _marks(axes: Axes, data: PlotData, legs: list[Leg], unit_m: float) -> Labels:
    """Events of the legs inside the panel, with their labels; returns what places more of them."""
    marks: dict[tuple[str, float], Mark] = {}
    for _, record in legs:
        for mark in event_marks(data, EVENTS, _path(record), unit_m):
            marks.setdefault((mark.text, mark.t), mark)  # one at the seam of two legs is in both
    (x0, x1), (z1, z0) = axes.get_xlim(), axes.get_ylim()
    inside = [mark for mark in marks.values() if x0 < mark.x < x1 and z0 < mark.z < z1]
    labels = Labels(axes, [(0.0, 0.0), *((mark.x, mark.z) for mark in inside)])
    for _, record in legs:
        path = _path(record)
        labels.block(path.x_m / unit_m, path.z_m / unit_m, 5)
    draw_marks(axes, labels, inside)
    return labels


def _near(axes: Axes, data: PlotData, legs: list[Leg], zones: SafetyZones) -> None:
    """The keep-out sphere and the corridor of the port that the ship leaves."""
    radius = zones.keep_out_m
    square(axes, "Off the port: ship's centre of mass", "m", (0.0, 0.0), HALF_SPHERES * radius)
    draw_zones(axes, zones, 1.0)
    first, edge = legs[0][1], None
    if isinstance(first, UndockingRecord):
        edge = cone(axes, first, in_plane(first.port.position_m), 1.1 * radius)
    _plane(axes, legs, 1.0)
    labels = _marks(axes, data, legs, 1.0)
    if edge is not None:
        labels.add(float(edge[0]), float(edge[1]), corridor_label(zones), color=CORRIDOR, fontsize=8.5, bbox=HALO)
    rim = -0.7 * radius
    labels.add(rim, rim, f"keep-out sphere {radius:.0f} m", color=KEEP_OUT, fontsize=8.5, bbox=HALO)


def _far(axes: Axes, data: PlotData, legs: list[Leg], zones: SafetyZones) -> None:
    """Out of the approach ellipsoid, with where the ship would go after a burn that fails."""
    reach = HALF_ELLIPSOIDS * float(zones.ellipsoid_m.max()) / 1e3
    square(axes, "Out of the ellipsoid; drifts after a failed burn", "km", (0.0, 0.0), reach)
    ellipsoid, radius = draw_zones(axes, zones, 1e3)
    _plane(axes, legs, 1e3)
    kinds = {float(kind) for _, r in legs if isinstance(r, DepartureRecord) for kind in np.unique(r.drift.missed)}
    for kind, words in DRIFT_NAME.items():
        if kind in kinds:
            axes.plot([], [], color=DRIFT_COLOUR[kind], label=f"burn {words}", **DRIFT)
    axes.legend(loc="lower right", fontsize=8.5, handlelength=2.2)
    labels = _marks(axes, data, legs[-1:], 1e3)
    labels.block_legend()
    words = "approach ellipsoid\n" + " × ".join(f"{2 * a:g}" for a in ellipsoid) + " km"
    labels.add(0.7 * ellipsoid[0], -0.7 * ellipsoid[2], words, color=APPROACH_ELLIPSOID, fontsize=8.5, bbox=HALO)


def _against_time(figure: Sheet, data: PlotData, legs: list[Leg], zones: SafetyZones, start: float) -> None:
    """Range and its rate from the undocking on."""
    far = panel(figure, 0.85, 0.75, WIDE, 3.25)
    rate = panel(figure, 6.05, 0.75, WIDE, 3.25)
    far.set_title("Range between the centres of mass")
    rate.set_title("Range rate, positive: away")
    for phase, record in legs:
        t, range_m, rate_m_s = _motion(record)
        colour = PHASE_COLOUR[phase]
        far.plot((t - start) / 60.0, range_m, color=colour, label=phase_name(phase))
        rate.plot((t - start) / 60.0, rate_m_s, color=colour, label=phase_name(phase))
    end = (legs[-1][1].relative.t_s[-1] - start) / 60.0
    for axes in (far, rate):
        axes.set(xlim=(0.0, end), xlabel="minutes from the undocking")
        for event in data.events("separation_burn"):
            upright(axes, (data.seconds(event["utc"]) - start) / 60.0)
    far.set_yscale("log")
    _metres(far.yaxis)
    far.axhline(zones.keep_out_m, color=KEEP_OUT, lw=1.2, ls="--")
    far.text(end, zones.keep_out_m, "keep-out sphere ", color=KEEP_OUT, fontsize=8.5, ha="right", va="bottom")
    rate.set_ylabel("m/s  (dashed upright: separation burns)")
    rate.axhline(0.0, color=INK, lw=0.8)
    far.legend(loc="lower right", bbox_to_anchor=(1.0, 0.05), fontsize=9)


def _motion(record: UndockingRecord | DepartureRecord) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mission seconds, range m and range rate m/s between the centres of mass; those of a leg in closed loop from the
    places that it recorded."""
    path = _path(record)
    if isinstance(path, RelativeHistory):
        return path.t_s, np.maximum(path.range_m, NEAREST_M), path.range_rate_m_s
    apart = np.linalg.norm(np.column_stack([path.x_m, path.y_m, path.z_m]), axis=1)
    return path.t_s, np.maximum(apart, NEAREST_M), np.gradient(apart, path.t_s)


def _metres(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / 1e3:g} km" if v >= 1e3 else f"{v:g} m"))
