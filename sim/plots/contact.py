"""From the touch to the hard mate: force and stroke of the mechanism, and relative speed and angle coming to rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.core.histories import ContactHistory, rows
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, ORANGE, PURPLE, SOFT, VERMILLION, Labels, panel, sheet

WHITE = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}
LEFT, RIGHT, WIDE, TALL = 0.85, 6.1, 4.3, 1.95
ROWS = (6.2, 3.5, 0.7)
COARSER = 3.0  # rows that lie so many times farther apart than the first ones follow the damping


def draw(data: PlotData) -> Sheet | None:
    history = data.docking.contact if data.docking else None
    if history is None:
        return None
    start = float(history.t_s[0])
    t = history.t_s - start
    damped = 1 + int(np.argmax(np.diff(t, append=np.inf) > COARSER * (t[1] - t[0])))
    transient = replace(rows(history, slice(damped)), t_s=t[:damped])
    words = f"{data.record['name']} · contact {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    words += f" · at rest to each other {t[damped - 1]:.0f} s later"
    figure = sheet(9.25, "Contact, capture and hard mate", words)
    left, right = ([panel(figure, at, row, WIDE, TALL) for row in ROWS] for at in (LEFT, RIGHT))
    _force(left[0], transient)
    _stroke(left[1], transient)
    _drawn_in(left[2], t / 60.0, 100.0 * history.stroke_m)
    _speed(right[0], transient)
    _angle(right[1], transient.t_s, transient.angle_deg, "Angle between the rings", "deg")
    _angle(right[2], transient.t_s, transient.rate_deg_s, "Its rate", "deg/s")
    for axes in (left[0], left[1], *right):
        axes.set(xlim=(0.0, transient.t_s[-1]), xlabel="seconds after the touch" if axes in (left[1], right[2]) else "")
    return figure


def _headroom(axes: Axes, *columns: np.ndarray) -> None:
    """Limits with space above for a legend."""
    low, high = min(0.0, *(c.min() for c in columns)), max(c.max() for c in columns)
    axes.set_ylim(low - 0.08 * (high - low), high + 0.22 * (high - low))


def _force(axes: Axes, transient: ContactHistory) -> None:
    axes.set_title("Force between the rings")
    t, axial, side = transient.t_s, transient.force_n, transient.side_force_n
    axes.axhline(0.0, color=SOFT, lw=0.8)
    axes.plot(t, axial, color=BLUE, label="along the axis (pressing is up)")
    axes.plot(t, side, color=VERMILLION, ls="--", label="across")
    axes.set_ylabel("N")
    _headroom(axes, axial, side)
    axes.legend(loc="upper right")
    at = int(np.argmax(axial))
    axes.plot(t[at], axial[at], "o", ms=6, mfc="white", mec=BLUE, mew=1.6, zorder=5)
    labels = Labels(axes, [(t[at], axial[at])])
    labels.block(t, axial, 2)
    labels.block(t, side, 2)
    labels.block_legend()
    labels.add(t[at], axial[at], f"{axial[at]:.0f} N", fontweight="bold", bbox=WHITE)


def _stroke(axes: Axes, transient: ContactHistory) -> None:
    axes.set_title("Stroke of the ring, and its offset from the axis")
    stroke, offset = 100.0 * transient.stroke_m, 100.0 * transient.offset_m
    axes.axhline(0.0, color=SOFT, lw=0.8)
    axes.plot(transient.t_s, stroke, color=ORANGE, label="stroke")
    axes.plot(transient.t_s, offset, color=PURPLE, ls="--", label="offset from the axis")
    axes.set_ylabel("cm")
    _headroom(axes, stroke, offset)
    axes.legend(loc="upper right")


def _speed(axes: Axes, transient: ContactHistory) -> None:
    axes.set_title("Relative speed of the rings")
    speed = 1000.0 * transient.relative_speed_m_s
    axes.plot(transient.t_s, speed, color=GREEN)
    axes.set(yscale="log", ylabel="mm/s", ylim=(0.3, 3.0 * speed.max()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axes.plot(0.0, speed[0], "o", ms=6, mfc="white", mec=GREEN, mew=1.6, zorder=5, clip_on=False)
    labels = Labels(axes, [(0.0, speed[0])])
    labels.block(transient.t_s, speed, 2)
    labels.add(0.0, float(speed[0]), f"{speed[0]:.0f} mm/s", fontweight="bold", bbox=WHITE)


def _angle(axes: Axes, t: np.ndarray, values: np.ndarray, title: str, unit: str) -> None:
    axes.set_title(title)
    axes.plot(t, values, color=PURPLE)
    axes.set_ylabel(unit)
    axes.set_ylim(0.0, 1.1 * values.max() + 1e-3)


def _drawn_in(axes: Axes, minutes: np.ndarray, stroke: np.ndarray) -> None:
    axes.set_title("Ring drawn in, until the hooks close")
    axes.plot(minutes, stroke, color=ORANGE)
    axes.set(ylabel="cm", xlabel="minutes after the touch", xlim=(0.0, minutes[-1]))
