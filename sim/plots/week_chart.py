"""The week aboard: who does what, two days a panel, on three clocks, over strips of what the sky allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from sim.core.epoch import BEIJING, ISLAMABAD, Epoch
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, SOFT, VERMILLION, YELLOW, Look, pale, panel, sheet

# Nine disciplines and the duties: a colour, and a hatch where a colour comes twice.
LOOK = {
    "biology and medicine": (GREEN, ""),
    "ecology": (GREEN, "////"),
    "fluid mechanics": (BLUE, ""),
    "materials": (ORANGE, ""),
    "microgravity": (SKY, ""),
    "physics (applied)": (VERMILLION, ""),
    "aerospace": (PURPLE, ""),
    "radiation in space": (YELLOW, ""),
    "astronomy": (BLUE, "////"),
    "duty": (SOFT, ""),
}
REST = {
    "sleep": ("#ffffff", "xxxx"),
    "meal": ("#e4e7ea", ""),
    "meeting": ("#c3c9cf", ""),
    "exercise": ("#ffffff", "...."),
}
DAY_S, PER_PANEL = 86400.0, 2.0
LANE, STRIP, GAP = 0.2, 0.1, 0.62  # inches: of a person, of a strip, between panels
DIGIT = 0.3  # hours that a digit is wide


def draw(shown: Mapping[str, Any]) -> Sheet:
    """`week` as in week.json, `name` of the mission."""
    week = shown["week"]
    first = Epoch.from_utc(week["forecast"]["hatch_open_utc"])
    last = Epoch.from_utc(week["forecast"]["undocking_utc"])
    start = _beijing_midnight(first)
    panels = max(1, math.ceil(last.since(start) / (PER_PANEL * DAY_S)))
    strips = week["strips"]
    tall = LANE * len(week["people"]) + STRIP * len(strips) + 0.06
    codes = {name: i for i, name in enumerate(dict.fromkeys(e["activity"] for e in week["entries"]), 1)}
    titles = {e["activity"]: e["title"] for e in week["entries"]}
    key = [f"{number} {titles[name]}" for name, number in codes.items()]
    rows = _columns(key)
    foot = 0.62 + 0.155 * len(rows)
    height = 0.95 + panels * (tall + GAP) + foot
    figure = sheet(height, "The week aboard", _subtitle(shown["name"], week))
    for k in range(panels):
        bottom = height - 0.95 - (k + 1) * (tall + GAP) + 0.32
        axes = panel(figure, 1.75, bottom, 8.75, tall)
        _panel(axes, week, start.plus(k * PER_PANEL * DAY_S), codes)
    _legend(figure, height, foot)
    across = figure.get_size_inches()[0]
    for i, row in enumerate(rows):
        for j, words in enumerate(row):
            figure.text(
                (0.35 + 3.55 * j) / across, (foot - 0.52 - 0.155 * i) / height, words, fontsize=7.5, va="center"
            )
    return figure


def _subtitle(name: str, week: Mapping[str, Any]) -> str:
    worth = f"{week['value']} of {week['possible']} points"
    best = "optimal" if week["gap"] == 0.0 else f"at most {100.0 * week['gap']:.1f} % below the optimum"
    broken = week.get("recheck", {}).get("broken")
    judged = "" if broken is None else f" · {len(broken) or 'nothing'} broken in flight"
    return f"{name} · {worth}, {best}{judged}"


def _beijing_midnight(epoch: Epoch) -> Epoch:
    local = epoch.local(BEIJING)
    return epoch.plus(-(local.hour * 3600.0 + local.minute * 60.0 + local.second + local.microsecond * 1e-6))


def _columns(key: list[str]) -> list[list[str]]:
    """Three columns, read from top to bottom."""
    count = -(-len(key) // 3)
    return [[words for words in key[i::count]] for i in range(count)]


def _panel(axes: Axes, week: Mapping[str, Any], start: Epoch, codes: Mapping[str, int]) -> None:
    people, strips = [p["key"] for p in week["people"]], week["strips"]
    lane = {key: LANE * (i + 0.5) for i, key in enumerate(people)}
    below = LANE * len(people) + 0.05
    span = PER_PANEL * DAY_S
    axes.set(xlim=(0.0, span / 3600.0), ylim=(below + STRIP * len(strips) + 0.01, 0.0))

    def hours(utc: str) -> float:
        return Epoch.from_utc(utc).since(start) / 3600.0

    for kind, (face, hatch) in REST.items():
        _bars(axes, [b for b in week["blocks"] if b["kind"] == kind], lane, hours, face, SOFT, hatch)
    for discipline, (colour, hatch) in LOOK.items():
        these = [e for e in week["entries"] if e["discipline"] == discipline]
        _bars(axes, these, lane, hours, pale(colour), colour, hatch)
    for key in people:
        _numbers(axes, [e for e in week["entries"] if key in e["people"]], lane[key], hours, codes)
    for i, (name, spans) in enumerate(strips.items()):
        y = below + STRIP * (i + 0.5)
        bars = [(hours(a), hours(b) - hours(a)) for a, b in spans]
        axes.broken_barh(bars, (y - 0.36 * STRIP, 0.72 * STRIP), color=_strip_colour(name), lw=0)
    names = {p["key"]: f"{p['key'].replace('-', ' ')}: {_short(p)}" for p in week["people"]}
    ticks = [*(lane[key] for key in people), *(below + STRIP * (i + 0.5) for i in range(len(strips)))]
    axes.set_yticks(ticks, [*(names[key] for key in people), *strips])
    for label in axes.get_yticklabels():
        label.set_fontsize(7.0 if label.get_text() in names.values() else 5.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    axes.grid(True, axis="x", lw=0.4)
    _clocks(axes, start)
    for key, word in (("hatch_open_utc", "hatch opens"), ("undocking_utc", "undocking")):
        at = hours(week["forecast"][key])
        if 0.0 <= at <= span / 3600.0:
            axes.axvline(at, color=VERMILLION, lw=1.2, zorder=5)
            axes.annotate(
                word, (at, 0.0), (2, 1), textcoords="offset points", fontsize=6, color=VERMILLION, va="bottom"
            )


def _strip_colour(name: str) -> str:
    return INK if name == "night below" else BLUE if name.startswith("pass") else VERMILLION


def _short(person: Mapping[str, Any]) -> str:
    name = person["name"].split(" (")[0]
    return name if len(name) <= 17 else person["nation"]


def _bars(
    axes: Axes,
    these: list[dict],
    lane: Mapping[str, float],
    hours: Callable[[str], float],
    face: Any,
    edge: str,
    hatch: str,
) -> None:
    """Bars of one look, those that lie in the panel, as one collection: a bar by itself takes a millisecond."""
    left, right = axes.get_xlim()
    corners = []
    for one in these:
        a, b = hours(one["start_utc"]), hours(one["end_utc"])
        if a < right and b > left:
            for key in one["people"]:
                low, high = lane[key] - 0.43 * LANE, lane[key] + 0.43 * LANE
                corners.append([(a, low), (b, low), (b, high), (a, high)])
    axes.add_collection(
        PolyCollection(corners, facecolor=face, edgecolor=edge, lw=0.6, hatch=hatch or None, zorder=2), autolim=False
    )


def _numbers(
    axes: Axes, entries: list[dict], y: float, hours: Callable[[str], float], codes: Mapping[str, int]
) -> None:
    """The number of each activity in its bar; of two short ones side by side the second has none."""
    left, right = axes.get_xlim()
    free = left
    for entry in entries:
        code = str(codes[entry["activity"]])
        middle, half = 0.5 * (hours(entry["start_utc"]) + hours(entry["end_utc"])), 0.5 * DIGIT * len(code)
        if middle - half < free or middle + half > right:
            continue
        free = middle + half
        paper: Look = {"fc": "white", "ec": "none", "pad": 0.3} if LOOK[entry["discipline"]][1] else {}
        look: Look = {"ha": "center", "va": "center", "fontsize": 5.5, "zorder": 4, "color": INK}
        axes.text(middle, y, code, bbox=paper or None, **look)


def _clocks(axes: Axes, start: Epoch) -> None:
    """Every third hour on three clocks, Beijing's with its date at midnight."""
    at = [3.0 * i for i in range(int(PER_PANEL * 8) + 1)]
    words = []
    for hour in at:
        epoch = start.plus(hour * 3600.0)
        beijing = epoch.text("%H", BEIJING)
        words.append(f"{beijing}\n{epoch.text('%H')}\n{epoch.text('%H', ISLAMABAD)}")
    axes.set_xticks(at, words)
    for label in axes.get_xticklabels():
        label.set_fontsize(6.5)
        label.set_linespacing(1.0)
    axes.tick_params(axis="x", length=2, pad=1)
    for day in range(int(PER_PANEL) + 1):
        axes.axvline(24.0 * day, color=INK, lw=0.8, zorder=3)
        if day < PER_PANEL:
            date = start.plus(day * DAY_S + 60.0).text("%a %d %b", BEIJING)
            axes.annotate(
                date,
                (24.0 * day + 12.0, 0.0),
                (0, 2),
                textcoords="offset points",
                fontsize=8,
                fontweight="bold",
                ha="center",
                va="bottom",
                annotation_clip=False,
            )
    for i, zone in enumerate(("Beijing", "UTC", "Islamabad")):
        axes.annotate(
            zone,
            (0.0, 0.0),
            (-14, -6.6 - 6.3 * i),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=6.5,
            ha="right",
            va="center",
            color=SOFT,
            annotation_clip=False,
        )


def _legend(figure: Sheet, height: float, foot: float) -> None:
    patches = [Patch(fc=pale(c), ec=c, hatch=h, label=name) for name, (c, h) in LOOK.items()]
    patches += [Patch(fc=c, ec=SOFT, hatch=h, label=name) for name, (c, h) in REST.items()]
    figure.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(0.02, (foot - 0.44) / height),
        ncol=7,
        fontsize=7,
        frameon=False,
        handlelength=1.6,
        columnspacing=1.2,
    )
