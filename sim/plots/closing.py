"""How fast the ship closes in: range against time, and closing speed against range, both logarithmic."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.export.stored import PlotData
from sim.plots.style import (
    GREEN,
    INK,
    PHASE_COLOUR,
    Labels,
    panel,
    phase_name,
    sheet,
)  # fmt: skip
from sim.plots.zones import APPROACH, approach, distance, holds, port

NEAREST_M, SLOWEST_M_S = 0.1, 0.01
HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}
CAPTURE_M_S = (0.08, 0.18)  # axial closing speed of the docking mechanism, SAST product sheet


def draw(data: PlotData) -> Figure | None:
    if not data.series("homing", "relative"):
        return None
    contact = data.when("contact")
    end = contact or approach(data)["t_s"][-1]
    text = data.record["name"] + (f" · contact {data.clock(end, '%d %b %Y %H:%M:%S')} UTC" if contact else "")
    figure = sheet(6.6, "Closing in", text)
    time = panel(figure, 0.85, 0.75, 4.35, 4.75)
    speed = panel(figure, 6.05, 0.75, 4.3, 4.75)
    _against_time(time, data, end)
    _against_range(speed, data)
    return figure


def closing_speed(data: PlotData, phase: str) -> np.ndarray:
    """How fast the ship comes nearer, m/s: the range by time; in the final approach along the axis of the port.

    In the last metre the range turns from the axis to the lateral offset, and its rate with it.
    """
    history = data.series(phase, "relative")
    if phase != "docking":
        return -history["range_rate_m_s"]
    _, axis = port(data)
    return -(axis[0] * history["vx_m_s"] + axis[1] * history["vz_m_s"])


def _metres(axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / 1e3:g} km" if v >= 1e3 else f"{v:g} m"))


def _against_time(axes, data: PlotData, end: float) -> None:
    axes.set_title("Range to the port")
    start = data.series("homing", "relative")["t_s"][0]
    for phase in APPROACH:
        history = data.series(phase, "relative")
        if history:
            t = (history["t_s"] - end) / 60.0
            axes.plot(t, np.maximum(history["range_m"], NEAREST_M), color=PHASE_COLOUR[phase], label=phase_name(phase))
    axes.set(yscale="log", xlim=((start - end) / 60.0 * 1.25, 0), xlabel="minutes to contact")
    _metres(axes.yaxis)
    whole = approach(data)
    seen = whole["t_s"] > end + axes.get_xlim()[0] * 60.0
    axes.set_ylim(NEAREST_M, whole["range_m"][seen].max() * 2)
    labels = Labels(axes)
    labels.block((whole["t_s"][seen] - end) / 60.0, np.maximum(whole["range_m"][seen], NEAREST_M), 10)
    for hold in holds(data):
        x = (hold["start"] - end) / 60.0
        axes.plot(x, hold["range_m"], "o", ms=7, mfc="white", mec=GREEN, mew=1.8, zorder=5)
        labels.add(x, hold["range_m"], f"hold {distance(hold['range_m'])}", fontweight="bold", bbox=HALO)
    axes.legend(loc="lower left")


def _against_range(axes, data: PlotData) -> None:
    axes.set_title("Closing speed (final approach: along the port's axis)")
    fastest = 1.0
    for phase in APPROACH[1:]:
        history = data.series(phase, "relative")
        if history:
            speed = closing_speed(data, phase)
            axes.plot(
                np.maximum(history["range_m"], NEAREST_M),
                np.where(speed > SLOWEST_M_S, speed, np.nan),
                color=PHASE_COLOUR[phase],
            )
            fastest = max(fastest, speed.max())
    axes.fill_between([NEAREST_M, 1.0], *CAPTURE_M_S, color=GREEN, alpha=0.25, lw=0)
    far = data.series("homing", "relative")["range_m"].max()
    axes.set(xscale="log", yscale="log", xlim=(far * 1.3, NEAREST_M), ylim=(SLOWEST_M_S, 1.6 * fastest), ylabel="m/s")
    axes.set_xlabel("range to the port")
    _metres(axes.xaxis)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axes.text(
        1.15 * NEAREST_M,
        0.2,
        "capture box\n{:g}–{:g} m/s".format(*CAPTURE_M_S),
        fontsize=9,
        color="#00664a",
        ha="right",
        va="bottom",
    )
    for event in data.events("contact"):
        v = event["values"]["closing_speed_m_s"]
        axes.plot(NEAREST_M, v, "D", ms=7, mfc="white", mec=INK, mew=1.5, zorder=5, clip_on=False)
        axes.annotate(
            f"{v:.3f} m/s", (NEAREST_M, v), (-9, -12), textcoords="offset points", fontsize=9, ha="right", va="center"
        )
