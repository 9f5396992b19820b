"""Marks of a path in a plane: burns, holds and off-nominal events, each with its label at the place where it
happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.core.histories import RelativeHistory
from sim.export.stored import PlotData
from sim.plots.style import GREEN, INK, SOFT, VERMILLION, YELLOW, Labels, Look, event_name
from sim.plots.zones import APPROACH, CentrePath, distance, holds

BURN: Look = {"marker": "^", "ms": 8, "mfc": "white", "mec": VERMILLION, "mew": 1.5, "zorder": 5}
PASSING: Look = {"marker": "D", "ms": 6.5, "mfc": "white", "mec": SOFT, "mew": 1.5, "zorder": 5}
HOLD: Look = {"marker": "o", "ms": 8, "mfc": "white", "mec": GREEN, "mew": 2.0, "zorder": 5}
TROUBLE: Look = {"marker": "X", "ms": 9, "mfc": YELLOW, "mec": INK, "mew": 1.2, "zorder": 5.5}
TROUBLES = ("fault", "thruster_isolated", "missed_contact", "camera_blinded", "back_off", "retreat")
CHANGE = "profile_change"  # in phasing, when the fast profile has become too expensive
HALO: Look = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}


@dataclass(frozen=True)
class Mark:
    """Something that happened at a place of the panel, in its unit; `look` is how its marker is drawn."""

    x: float
    z: float
    t: float
    text: str
    look: Look


def look_of(name: str) -> Look:
    if name == "hold_arrival":
        return HOLD
    return (
        PASSING
        if name in ("homing_start", "undocking", "turn_away")
        else TROUBLE
        if name in (CHANGE, *TROUBLES)
        else BURN
    )


def event_marks(
    data: PlotData, names: Iterable[str], history: CentrePath | RelativeHistory, unit_m: float
) -> list[Mark]:
    """The events of these names within the history, each where the ship was at its time."""
    found = []
    for name in names:
        for event in data.events(name):
            t = data.seconds(event["utc"])
            if not history.t_s[0] - 1.0 <= t <= history.t_s[-1] + 1.0:
                continue
            x, z = (float(np.interp(t, history.t_s, column)) / unit_m for column in (history.x_m, history.z_m))
            found.append(Mark(x, z, t, f"{short_text(event)} {data.clock(t)}", look_of(name)))
    return found


def short_text(event: Mapping) -> str:
    """An event in a few words, with what failed where it is known."""
    values = event["values"]
    more = values.get("fault") or values.get("thruster") or values.get("to")
    return event_name(event["name"]) + (f" ({more})" if more else "")


def crosses(data: PlotData) -> str:
    """What a subtitle adds where a picture has crosses in it."""
    return " · crosses: off-nominal events" if any(data.events(name) for name in TROUBLES) else ""


def hold_marks(
    data: PlotData,
    history: CentrePath | RelativeHistory,
    unit_m: float,
    least_m: float,
    phases: Iterable[str] = APPROACH,
) -> list[Mark]:
    """The holds of the phases from `least_m` on, each where the history has the ship."""
    found = []
    for hold in holds(data):
        if hold.range_m >= least_m and hold.phase in phases:
            until = f"–{data.clock(hold.end)}" if hold.end else ""
            text = f"hold {distance(hold.range_m)}\n{data.clock(hold.start)}{until}"
            x, z = (float(np.interp(hold.start, history.t_s, column)) / unit_m for column in (history.x_m, history.z_m))
            found.append(Mark(x, z, hold.start, text, HOLD))
    return found


def draw_marks(axes: Axes, labels: Labels, marks: list[Mark]) -> None:
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
        text = "\n".join(dict.fromkeys(mark.text for mark in group))
        labels.add(group[0].x, group[0].z, text, fontsize=8.5, bbox=HALO)
