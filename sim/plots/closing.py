"""How fast the ship closes in: range and its rate against time, closing speed and offset against range with limits."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter

from sim.core.closing import axial_and_lateral, closing_speed
from sim.core.docking_record import CaptureBox, ClosedLoopRecord, DockingRecord
from sim.core.histories import RelativeHistory
from sim.core.phasing_record import SafetyZones, TransferRecord
from sim.export.stored import PlotData
from sim.plots.marks import HALO, TROUBLE, TROUBLES, crosses
from sim.plots.sheet import Sheet
from sim.plots.style import GREEN, INK, PHASE_COLOUR, VERMILLION, Labels, Look, panel, phase_name, sheet
from sim.plots.zones import (
    APPROACH,
    IN_SIX,
    approach,
    capture_box,
    closed_loop_legs,
    distance,
    holds,
    legs_of,
    zones_of,
)

NEAREST_M, SLOWEST_M_S, LEAST_OFFSET_M = 0.1, 0.01, 0.001
CONE_ENDS_M = 2.0  # nearer than this the capture box rules, not the corridor
GATE: Look = {"color": VERMILLION, "lw": 1.5, "ls": "--"}


def draw(data: PlotData) -> Sheet | None:
    whole = approach(data)
    if data.homing is None or whole is None:
        return None
    contact = data.when("contact")
    end = contact or float(whole.t_s[-1])
    touch = f" · contact {data.clock(end, '%d %b %Y %H:%M:%S')} UTC" if contact else ""
    close = closed_loop_legs(data)
    figure = sheet(11.1 if close else 5.9, "Closing in", data.record["name"] + touch + crosses(data))
    up = 5.95 if close else 0.75
    _against_time(
        panel(figure, 0.85, up, 4.35, 4.05),
        data,
        whole,
        data.homing.relative.t_s[0],
        end,
        "contact" if contact else "the end",
    )
    _against_range(panel(figure, 6.05, up, 4.3, 4.05), data, data.homing)
    if close:
        _rate(panel(figure, 0.85, 0.75, 4.35, 4.2), data, end, "contact" if contact else "the end")
        _offset(panel(figure, 6.05, 0.75, 4.3, 4.2), data, close[-1][1])
    return figure


def _metres(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / 1e3:g} km" if v >= 1e3 else f"{v:g} m"))


def _plain(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))


def _against_time(axes: Axes, data: PlotData, whole: RelativeHistory, start: float, end: float, what: str) -> None:
    axes.set_title("Range to the port")
    for phase, record in legs_of(data):
        history = record.relative
        t = (history.t_s - end) / 60.0
        axes.plot(t, np.maximum(history.range_m, NEAREST_M), color=PHASE_COLOUR[phase], label=phase_name(phase))
    axes.set(yscale="log", xlim=((start - end) / 60.0 * 1.25, 0), xlabel=f"minutes to {what}")
    _metres(axes.yaxis)
    seen = whole.t_s > end + axes.get_xlim()[0] * 60.0
    axes.set_ylim(NEAREST_M, whole.range_m[seen].max() * 2)
    axes.legend(loc="lower left")
    found = [((hold.start - end) / 60.0, hold) for hold in holds(data)]
    labels = Labels(axes, [(x, hold.range_m) for x, hold in found])
    labels.block((whole.t_s[seen] - end) / 60.0, np.maximum(whole.range_m[seen], NEAREST_M), 10)
    labels.block_legend()
    for x, hold in found:
        axes.plot(x, hold.range_m, "o", ms=7, mfc="white", mec=GREEN, mew=1.8, zorder=5)
        labels.add(x, hold.range_m, f"hold {distance(hold.range_m)}", fontweight="bold", bbox=HALO)


def _against_range(axes: Axes, data: PlotData, homing: TransferRecord) -> None:
    axes.set_title("Closing speed (final approach: along the port's axis)")
    fastest, ranges, speeds = 1.0, [], []
    for phase, record in legs_of(data, APPROACH[1:]):
        speed = closing_speed(record)
        ranges.append(np.maximum(record.relative.range_m, NEAREST_M))
        speeds.append(np.where(speed > SLOWEST_M_S, speed, np.nan))
        axes.plot(ranges[-1], speeds[-1], color=PHASE_COLOUR[phase])
        fastest = max(fastest, speed.max())
    far = homing.relative.range_m.max()
    axes.set(xscale="log", yscale="log", xlim=(far * 1.3, NEAREST_M), ylim=(SLOWEST_M_S, 1.6 * fastest), ylabel="m/s")
    axes.set_xlabel("range to the port")
    _metres(axes.xaxis)
    _plain(axes.yaxis)
    box, zones = capture_box(data), zones_of(data) or homing.zones
    gap = np.geomspace(NEAREST_M, data.docking.relative.range_m.max() if data.docking else zones.keep_out_m, 200)
    gate = speed_gate(zones, box, gap)
    axes.plot(gap, gate, **GATE)
    labels = Labels(axes, [(NEAREST_M, box.closing_min_m_s)] if box else [])
    if box:
        axes.fill_between([NEAREST_M, 1.0], box.closing_min_m_s, box.closing_max_m_s, color=GREEN, alpha=0.25, lw=0)
    r, v = np.concatenate(ranges), np.concatenate(speeds)
    labels.block(r[np.isfinite(v)], v[np.isfinite(v)], 3)
    labels.block(gap, gate, 3)
    if box:
        words = f"capture box\n{box.closing_min_m_s:g}–{box.closing_max_m_s:g} m/s"
        labels.add(0.35, box.closing_min_m_s, words, color="#00664a")
    labels.add(gap[-1], gate[-1], "speed limit", color="#9c4500", bbox=HALO)
    for event in data.events("contact"):
        v = event["values"]["closing_speed_m_s"]
        axes.plot(NEAREST_M, v, "D", ms=7, mfc="white", mec=INK, mew=1.5, zorder=5, clip_on=False)
        labels.add(NEAREST_M, v, f"{v:.3f} m/s at contact", fontweight="bold", bbox=HALO)


def speed_gate(zones: SafetyZones, box: CaptureBox | None, gap: np.ndarray) -> np.ndarray:
    """The rule on the closing speed, m/s, at gaps m from the port; never below what the mechanism needs."""
    allowed = gap / zones.speed_range_s + zones.speed_least_m_s
    return np.maximum(allowed, box.closing_max_m_s) if box else allowed


def _rate(axes: Axes, data: PlotData, end: float, what: str) -> None:
    """The legs in closed loop: how fast the ring comes nearer, with what the rule allows at that range."""
    axes.set_title("Range rate of the ring, and the limit of the rule")
    labelled = []
    for phase, record in legs_of(data, IN_SIX):
        t = (record.relative.t_s - end) / 60.0
        axes.plot(t, -closing_speed(record), color=PHASE_COLOUR[phase], lw=1.4, label=phase_name(phase))
        labelled.append((t[0], t[-1]))
        if isinstance(record, DockingRecord):
            out, _ = axial_and_lateral(record)
            axes.plot(t, -speed_gate(record.zones, record.box, np.maximum(out, 0.0)), label="limit", **GATE)
    axes.set(xlabel=f"minutes to {what}", ylabel="m/s  (negative: nearer)", xlim=(labelled[0][0], 0.0))
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.05 * (high - low), high + 0.25 * (high - low))
    axes.axhline(0.0, color=INK, lw=0.8)
    for name in TROUBLES:
        for event in data.events(name):
            axes.plot((data.seconds(event["utc"]) - end) / 60.0, 0.0, **TROUBLE)
    axes.legend(loc="upper left", ncols=2, fontsize=9, columnspacing=1.0, handlelength=1.4)


def _offset(axes: Axes, data: PlotData, leg: ClosedLoopRecord) -> None:
    """Offset from the axis against the distance to go: the corridor far out, the capture box at the port."""
    axes.set_title("Offset of the ring from the port's axis")
    far = 250.0
    angle = np.radians(leg.zones.corridor_half_angle_deg)
    axes.set(xscale="log", yscale="log", xlim=(far, NEAREST_M), ylim=(LEAST_OFFSET_M, 100.0))
    gap = np.array([CONE_ENDS_M, far])
    axes.plot(gap, gap * np.tan(angle), **GATE)
    lateral_max = leg.box.lateral_offset_m
    axes.fill_between([NEAREST_M, 1.0], LEAST_OFFSET_M, lateral_max, color=GREEN, alpha=0.18, lw=0)
    drawn = [(gap, gap * np.tan(angle))]
    if data.docking:
        out, lateral = axial_and_lateral(data.docking)
        ahead = out > 0.5 * NEAREST_M
        x, y = np.maximum(out[ahead], NEAREST_M), np.maximum(lateral[ahead], LEAST_OFFSET_M)
        axes.plot(x, y, color=PHASE_COLOUR["docking"], lw=1.2)
        drawn.append((x, y))
    axes.set_xlabel("distance to go along the axis")
    _metres(axes.xaxis)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g} m" if v >= 1.0 else f"{100 * v:g} cm"))
    labels = Labels(axes, [(NEAREST_M, lateral_max)])
    for x, y in drawn:
        labels.block(x, y, 2)
    labels.add(30.0, 30.0 * np.tan(angle), f"corridor ±{np.degrees(angle):.0f}°", color="#9c4500", bbox=HALO)
    labels.add(0.35, lateral_max, f"capture box ≤ {100 * lateral_max:.0f} cm", color="#00664a", bbox=HALO)
    for event in data.events("contact"):
        at = max(event["values"]["lateral_offset_m"], LEAST_OFFSET_M)
        axes.plot(NEAREST_M, at, "D", ms=7, mfc="white", mec=INK, mew=1.5, zorder=5, clip_on=False)
        labels.add(NEAREST_M, at, f"{100 * at:.1f} cm at contact", fontweight="bold", bbox=HALO)
