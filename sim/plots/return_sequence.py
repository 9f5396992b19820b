"""The return beside the published one: events against altitude and time, and each figure in its band."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.export.stored import PlotData
from sim.plots.return_marks import HALO, places, through_the_air
from sim.plots.sheet import DPI, Sheet
from sim.plots.style import BLUE, FAINT, GREEN, INK, SOFT, VERMILLION, Labels, event_name, panel, sheet

EVENTS = (
    "orbital_module_separation",
    "deorbit_burn_start",
    "deorbit_burn_end",
    "service_module_separation",
    "trim_attitude",
    "entry_interface",
    "blackout_start",
    "peak_load",
    "blackout_end",
    "drogue_deployment",
    "main_chute_deployment",
    "heat_shield_jettison",
    "touchdown",
)
BANDS = {  # altitudes of the published sequence, by the row of the comparison, in words
    "module_separation_altitude": "modules part",
    "trim_altitude": "trim attitude",
    "blackout_start_altitude": "blackout begins",
    "blackout_end_altitude": "blackout ends",
    "opening_altitude": "pilot parachute",
    "heat_shield_altitude": "heat shield",
}
WIDEST = 3.0  # half bands, that a figure is drawn beside its band
ROW_IN = 0.265
LINE_PX = 21.0  # from one name to the next


def draw(data: PlotData) -> Sheet | None:
    rows, start = data.record.get("published_return", []), data.when("deorbit_burn_start")
    if not rows or start is None:
        return None
    compared = [row for row in rows if row["flown"] is not None]
    tall = ROW_IN * len(compared) + 0.25
    figure = sheet(5.9 + tall, "The return beside the published one", _subtitle(data, compared, start))
    time = panel(figure, 0.8, 1.35 + tall, 9.55, 3.4)
    _against_time(time, data, rows, start)
    _in_bands(panel(figure, 4.2, 0.45, 3.9, tall), compared)
    return figure


def _subtitle(data: PlotData, compared: list[dict], start: float) -> str:
    inside = sum(row["inside"] for row in compared)
    text = f"{data.record['name']} · deorbit burn {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    return f"{text} · {inside} of {len(compared)} published figures inside their bands"


def _against_time(axes: Axes, data: PlotData, rows: list[dict], start: float) -> None:
    ship = data.ship("deorbit_burn_start")
    tracks = [track for phase in ("deorbit", "entry", "descent") if (track := data.track(ship, phase))]
    t, altitude = (np.concatenate([track[key] for track in tracks]) for key in ("t_s", "altitude_km"))
    air = through_the_air(data)
    ground = float(air.altitude_km[-1]) if air is not None and data.descent is not None else 0.5
    early = (data.when("orbital_module_separation") or start) - 60.0
    shown = t >= early
    minutes = (t[shown] - start) / 60.0
    axes.set_title("Altitude (log) against time, with the altitudes and times that are published as bands")
    axes.plot(minutes, np.maximum(altitude[shown], 0.3), color=BLUE, lw=2.2, zorder=3)
    axes.set(yscale="log", ylabel="altitude, km", xlabel="minutes from the start of the deorbit burn")
    axes.set(ylim=(min(0.7, 0.7 * ground), 1100), xlim=(minutes[0] - 1.0, minutes[-1] + 4.0))
    axes.set_yticks([1, 2, 5, 10, 20, 50, 100, 200, 500], ["1", "2", "5", "10", "20", "50", "100", "200", "500"])
    axes.minorticks_off()
    by_name = {row["name"]: row for row in rows}
    _altitudes(axes, [(words, by_name[name]) for name, words in BANDS.items() if name in by_name])
    for name, words in (("deorbit_burn", "burn ends"), ("deorbit_to_landing", "landing")):
        if row := by_name.get(name):
            unit = 60.0 if row["unit"] == "s" else 1.0
            low, high = row["low"] / unit, row["high"] / unit
            right = high > 0.5 * minutes[-1]
            axes.axvspan(low, high, color=GREEN, alpha=0.2, lw=0, zorder=0.3)
            axes.annotate(
                f"{words}, {row['low']:g}–{row['high']:g} {row['unit']}",
                (low if right else high, 1.0),
                (-4 if right else 4, -3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                fontsize=8.5,
                ha="right" if right else "left",
                va="top",
                color=SOFT,
            )
    _events(axes, data, start, minutes, altitude[shown])


def _altitudes(axes: Axes, bands: list[tuple[str, dict]]) -> None:
    """Bands across the panel, each with its name at the left; names stand at least a line apart."""
    last = np.inf
    for words, row in sorted(bands, key=lambda band: -band[1]["published"]):
        axes.axhspan(row["low"], row["high"], color=FAINT, alpha=0.8, lw=0, zorder=0.3)
        level = float(axes.transData.transform((0.0, row["published"]))[1])
        y = min(level, last - LINE_PX)
        last = y
        axes.annotate(
            f"{words}, {row['published']:g} km",
            (0.0, row["published"]),
            (6, (y - level) * 72.0 / DPI),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=8.5,
            va="center",
            color=INK,
            zorder=4,
        )


def _events(axes: Axes, data: PlotData, start: float, minutes: np.ndarray, altitude: np.ndarray) -> None:
    found = places(data, EVENTS)
    points = [((p.t - start) / 60.0, max(p.altitude_km, 0.3)) for p in found]
    labels = Labels(axes, points)
    dense = np.linspace(minutes[0], minutes[-1], 200)
    labels.block(dense, np.interp(dense, minutes, np.maximum(altitude, 0.3)))
    labels.block_texts()
    for place, (x, y) in zip(found, points, strict=True):
        axes.plot(x, y, "D", ms=5.5, mfc="white", mec=INK, mew=1.3, zorder=4)
        labels.add(x, y, f"{event_name(place.name)} {x:+.1f}", fontsize=8.2, bbox=HALO)


def _in_bands(axes: Axes, rows: list[dict]) -> None:
    """Each figure by how many half widths it lies from the middle of its band."""
    axes.set_title("Each figure in its band")
    axes.set(xlim=(-WIDEST, WIDEST), ylim=(len(rows) - 0.4, -0.6))
    axes.axvspan(-1.0, 1.0, color=FAINT, alpha=0.7, lw=0, zorder=0.3)
    axes.axvline(0.0, color=SOFT, lw=0.8, zorder=0.5)
    for i, row in enumerate(rows):
        middle, half = 0.5 * (row["low"] + row["high"]), 0.5 * (row["high"] - row["low"])
        x = (row["flown"] - middle) / half
        beyond = abs(x) > WIDEST
        mark = (">" if x > 0 else "<") if beyond else "o" if row["inside"] else "X"
        colour = GREEN if row["inside"] else VERMILLION
        axes.plot(np.clip(x, -0.97 * WIDEST, 0.97 * WIDEST), i, mark, ms=8, mfc=colour, mec=INK, mew=0.8, zorder=4)
        text = f"{row['flown']:.4g} {row['unit']}" + ("" if row["inside"] else ", outside")
        axes.annotate(
            text,
            (1.0, i),
            (10, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=9,
            va="center",
            fontweight="normal" if row["inside"] else "bold",
        )
    names = [f"{row['what']}, {row['low']:.4g}–{row['high']:.4g} {row['unit']}" for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=8.6)
    axes.set_xticks([-1, 1], ["lower end", "upper end"])
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
