"""The week aboard, of a flight that carries one."""

from __future__ import annotations

from sim.export.stored import PlotData
from sim.plots import week_chart
from sim.plots.sheet import Sheet


def draw(data: PlotData) -> Sheet | None:
    week = data.record.get("week")
    return None if week is None else week_chart.draw({"week": week, "name": data.record["name"]})
