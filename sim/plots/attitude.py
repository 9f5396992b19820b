"""Attitude of the ship against the port at close range, its body rates, and the station's attitude oscillation."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.core.docking_record import AttitudeHistory, ClosedLoopRecord, FlyAroundRecord
from sim.export.stored import PlotData
from sim.plots.marks import TROUBLE, TROUBLES, crosses
from sim.plots.pose import against_port, pointing_error
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, INK, ORANGE, SKY, SOFT, VERMILLION, panel, phase_name, sheet
from sim.plots.zones import closed_loop_legs

COLOUR = {"roll": ORANGE, "pitch": BLUE, "yaw": VERMILLION}
DASH = {"roll": "-", "pitch": "-", "yaw": (0, (4, 1.5))}
AXIS = {"roll": "x", "pitch": "y", "yaw": "z"}
GAP, TALL = 0.85, (2.05, 2.05, 2.05, 1.9)


def draw(data: PlotData) -> Sheet | None:
    legs = closed_loop_legs(data)
    if not legs:
        return None
    rows = np.cumsum([0.7, *(tall + GAP for tall in reversed(TALL))])[:4][::-1]
    figure = sheet(rows[0] + TALL[0] + 1.2, "Attitude at close range", _subtitle(data, legs[-1][1]))
    end = data.when("contact") or float(legs[-1][1].attitude.t_s[-1])
    what = "contact" if data.when("contact") else "the end"
    wide = 4.35 if len(legs) == 2 else 9.5
    for i, (_, leg) in enumerate(legs):
        left = 0.85 + i * (wide + 0.85)
        if not isinstance(leg, FlyAroundRecord):
            axes = [panel(figure, left, rows[1], wide, TALL[0] + GAP + TALL[1])]
            _against(axes[0], data, leg, end)
        else:
            axes = [panel(figure, left, row, wide, tall) for row, tall in zip(rows[:2], TALL, strict=False)]
            _round(axes[0], axes[1], leg, end)
        axes += [panel(figure, left, row, wide, tall) for row, tall in zip(rows[2:], TALL[2:], strict=True)]
        _rates(axes[-2], leg.attitude, end)
        _oscillation(axes[-1], leg.attitude, end)
        axes[-1].set_xlabel(f"minutes to {what}")
        times = np.round((leg.attitude.t_s[[0, -1]] - end) / 60.0, 2)
        for at in axes:
            at.axhline(0.0, color=SOFT, lw=0.8, zorder=1.2)
            at.set_xlim(*times)
            at.xaxis.set_major_locator(MaxNLocator(7, integer=True))
            _troubles(at, data, end, times)
    return figure


def _subtitle(data: PlotData, leg: ClosedLoopRecord) -> str:
    words = f" · control within ±{leg.control.attitude_deadband_deg:g}° of its estimate"
    return f"{data.record['name']} · true attitude{words}{crosses(data)}"


def _three(axes: Axes, t: np.ndarray, columns: dict[str, np.ndarray], names: dict[str, str], unit: str) -> None:
    """Curves by axis, with space above them for their names."""
    for turn, values in columns.items():
        axes.plot(t, values, color=COLOUR[turn], ls=DASH[turn], lw=1.2, label=names[turn])
    axes.set_ylabel(unit)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.28 * (high - low))
    axes.legend(loc="upper right", ncols=4, fontsize=9, columnspacing=1.2, handlelength=1.6)


def _band(axes: Axes, leg: ClosedLoopRecord) -> None:
    """The dead-band, and limits that show it."""
    band = leg.control.attitude_deadband_deg
    axes.axhspan(-band, band, color=SKY, alpha=0.18, lw=0, zorder=0.5, label=f"dead-band ±{band:g}°")
    for edge in (-band, band):
        axes.axhline(edge, color=SKY, lw=1.0, ls="--", zorder=1.3)


def _against(axes: Axes, data: PlotData, leg: ClosedLoopRecord, end: float) -> None:
    axes.set_title(f"{phase_name('docking').capitalize()}: ship against port")
    turned = against_port(leg)
    _band(axes, leg)
    columns = dict(zip(COLOUR, turned.turn_deg.T, strict=True))
    _three(axes, (turned.t_s - end) / 60.0, columns, {turn: turn for turn in COLOUR}, "deg")
    for event in data.events("contact"):
        values = event["values"]
        if "pitch_yaw_deg" in values:
            words = f"at contact: pitch and yaw at most {values['pitch_yaw_deg']:.2f}°, roll {values['roll_deg']:.2f}°"
            axes.annotate(
                words,
                (1.0, 0.0),
                (-6, 6),
                xycoords="axes fraction",
                textcoords="offset points",
                fontsize=9,
                ha="right",
                va="bottom",
            )
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.08 * (high - low), high)


def _round(upper: Axes, lower: Axes, leg: FlyAroundRecord, end: float) -> None:
    upper.set_title("Fly-around: ship against port")
    turned = against_port(leg)
    t = (turned.t_s - end) / 60.0
    columns = {"pitch": turned.pitch_deg, "yaw": turned.yaw_deg}
    _three(upper, t, columns, {turn: turn for turn in columns}, "deg")
    lower.set_title("Fly-around: nose against its commanded direction")
    error = pointing_error(leg)
    _band(lower, leg)
    names = {"pitch": "in the orbit plane", "yaw": "across"}
    _three(lower, t, {"pitch": error.in_plane_deg, "yaw": error.across_deg}, names, "deg")


def _rates(axes: Axes, flown: AttitudeHistory, end: float) -> None:
    axes.set_title("Body rates against the orbital frame")
    columns = dict(zip(COLOUR, flown.rate_deg_s.T, strict=True))
    names = {turn: f"{AXIS[turn]} ({turn})" for turn in COLOUR}
    _three(axes, (flown.t_s - end) / 60.0, columns, names, "deg/s")


def _oscillation(axes: Axes, flown: AttitudeHistory, end: float) -> None:
    axes.set_title("Attitude oscillation of the station")
    columns = dict(zip(COLOUR, flown.station_deg.T, strict=True))
    _three(axes, (flown.t_s - end) / 60.0, columns, {turn: turn for turn in COLOUR}, "deg")


def _troubles(axes: Axes, data: PlotData, end: float, times: np.ndarray) -> None:
    for name in TROUBLES:
        for event in data.events(name):
            at = (data.seconds(event["utc"]) - end) / 60.0
            if times[0] <= at <= times[1]:
                axes.axvline(at, color=INK, lw=0.8, ls=":", zorder=1.4)
                axes.plot(at, axes.get_ylim()[0], clip_on=False, **TROUBLE)
