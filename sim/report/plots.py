"""Interactive plots of the report: their curves, packed, and the elements that `page/plots.js` fills.

A plot is made when it comes into view. Without scripts, and for those who cannot see it, its extremes stand in a table.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import numpy as np

from sim.export.stored import PlotData
from sim.report.curves import Panel, Plot, plots
from sim.report.decimation import kept_rows
from sim.report.markup import ZONE, joined, moment, table

VENDOR = Path(__file__).with_name("vendor")


def interactive(data: PlotData) -> str:
    """The plots of a flight as HTML, behind them the library that draws them; empty where it has no history."""
    made = "".join(_figure(data, plot) for plot in plots(data))
    return made + _library() if made else ""


@cache
def _library() -> str:
    """As text, which the page's script runs when the first plot comes into view."""
    style, script = (VENDOR.joinpath(f"uPlot.min.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return (
        f'<template id="plot-style"><style>{style}</style></template>\n'
        f'<script type="text/plain" id="plot-library">{script}</script>\n'
    )


def _figure(data: PlotData, plot: Plot) -> str:
    start = data.zero.plus(plot.start_s)
    content = {
        "start": start.datetime().timestamp(),
        "length": plot.end_s - plot.start_s,
        "marks": list(_marks(data, plot)),
        "panels": [_packed(panel, plot.start_s) for panel in plot.panels],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    title, about = escape(plot.title), escape(plot.about)
    rows = [row for panel in plot.panels for row in _extremes(data, panel)]
    at = joined("at (", ZONE, ")")
    values = table(("quantity", "unit", "lowest", at, "highest", at, "at the end"), rows, (2, 4, 6), unbroken=(3, 5))
    return (
        f'<figure class="plot" id="plot-{escape(plot.key)}" style="--panels: {len(plot.panels)}" '
        f'aria-label="{title}: {about}">\n'
        f"<figcaption><strong>{title}</strong> · {about}</figcaption>\n"
        f'<script type="application/json">{text}</script>\n'
        f"<details><summary>{title} in numbers</summary>\n{values}</details>\n</figure>\n"
    )


def _marks(data: PlotData, plot: Plot) -> Iterator[tuple[float, str]]:
    """Time, s from the start of the plot, and name of each event that falls into it."""
    for event in data.record["events"]:
        t = data.seconds(event["utc"])
        if plot.start_s <= t <= plot.end_s:
            yield round(t - plot.start_s, 3), event["name"].replace("_", " ")


def _packed(panel: Panel, start_s: float) -> dict:
    rows = kept_rows(panel.t_s, [curve.values for curve in panel.curves])
    limit = {} if panel.limit is None else {"limit": panel.limit}
    return {
        "title": panel.title,
        "unit": panel.unit,
        "decimals": panel.decimals,
        "log": panel.logarithmic,
        "names": [curve.name for curve in panel.curves],
        "t": packed(panel.t_s[rows] - start_s),
        "y": [packed(curve.values[rows]) for curve in panel.curves],
        **limit,
    }


def packed(values: np.ndarray) -> str:
    """Numbers in single precision, seven digits, as base64 of their bytes, least significant first."""
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def _extremes(data: PlotData, panel: Panel) -> Iterator[tuple[object, ...]]:
    for curve in panel.curves:
        known = np.flatnonzero(np.isfinite(curve.values))
        if not len(known):
            continue
        values, t = curve.values[known], panel.t_s[known]
        low, high = int(np.argmin(values)), int(np.argmax(values))
        words = panel.title if len(panel.curves) == 1 else f"{panel.title}, {curve.name}"
        number = [f"{values[i]:.{panel.decimals}f}" for i in (low, high, -1)]
        times = [moment(data.zero.plus(float(t[i])), "%d %b %H:%M:%S") for i in (low, high)]
        yield words, panel.unit, number[0], times[0], number[1], times[1], number[2]
