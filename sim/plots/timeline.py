"""The mission as bars: who is docked where, who is aboard what, and the two busy days enlarged."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes

from sim.core.docking_record import ClosedLoopRecord
from sim.export.stored import PlotData
from sim.plots.lettered import lettered
from sim.plots.marks import CHANGE, TROUBLE, TROUBLES, short_text
from sim.plots.sheet import Sheet, renderer_of
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PHASE_COLOUR,
    PURPLE,
    SKY,
    SOFT,
    VERMILLION,
    YELLOW,
    date_axis,
    event_name,
    pale,
    panel,
    phase_name,
    sheet,
)

MARKS = ("station_trim", "liftoff", "docked", "hatch_open", "handover_complete", "undocking", "touchdown")
SHIP_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION)
BEFORE_S = 6 * 86400.0
KEY_AT = (-170, -48)  # of the key of letters, points from the corner of the lanes
LINE = 130  # letters of a line under the panels
LAUNCH_DAY = ("ascent", "phasing", "homing", "transfer", "fly_around", "docking")
RELOCATION = ("undocking", "fly_around", "docking")
RETURN_DAY = ("undocking", "departure", "deorbit", "entry", "descent")


def draw(data: PlotData) -> Sheet | None:
    legs = data.record["legs"]
    liftoff = data.when("liftoff")
    end = _ends(data)[-1]
    start = max(data.seconds(legs[0]["start_utc"]), (liftoff or 0.0) - BEFORE_S)
    stays, crew = port_stays(data, start, end), data.record["crew"]
    ports = list(dict.fromkeys(stay["port"] for stay in stays))
    tall = 0.36 * (len(ports) + len(crew)) + 0.3
    rows = _trouble_rows(data)
    foot = 0.62 + (0.35 + 0.22 * len(rows) if rows else 0.0)
    figure = sheet(4.98 + foot + tall, "Mission timeline", _subtitle(data))
    lanes = panel(figure, 2.75, 3.58 + foot, 7.6, tall)
    _lanes(lanes, data, stays, ports, crew, start, end)
    if liftoff is not None:
        _day(panel(figure, 2.1, foot, 3.35, 2.1), data, LAUNCH_DAY, "liftoff", "Launch day: hours from lift-off")
    elif data.when("undocking") is not None and data.when("docked") is not None:
        _day(panel(figure, 2.1, foot, 3.35, 2.1), data, RELOCATION, "undocking", "Relocation: hours from undocking")
    if data.when("undocking") is not None and any(leg["phase"] in RETURN_DAY for leg in legs):
        _day(panel(figure, 6.75, foot, 3.6, 2.1), data, RETURN_DAY, "undocking", "Return day: hours from undocking")
    across, up = figure.get_size_inches()
    for i, row in enumerate(rows):
        figure.text(0.35 / across, (foot - 0.6 - 0.22 * i) / up, row, fontsize=9, va="center")
    return figure


def _ends(data: PlotData) -> list[float]:
    """When each leg ended, mission seconds; one that failed by its history, for it left no later scene."""
    ends = []
    for leg, stored in zip(data.record["legs"], data.legs, strict=True):
        if stored.status == "failed" and isinstance(stored.record, ClosedLoopRecord):
            ends.append(float(stored.record.relative.t_s[-1]))
        else:
            ends.append(data.seconds(leg["end_utc"]))
    return ends


def _trouble_rows(data: PlotData) -> list[str]:
    """The off-nominal events with their times, as lines that fit the sheet; none where all was nominal."""
    happened = [event for event in data.record["events"] if event["name"] in (CHANGE, *TROUBLES)]
    rows, line = [], "crosses: " if happened else ""
    for event in happened:
        words = f"{short_text(event)} {data.clock(data.seconds(event['utc']))}"
        if len(line) + len(words) > LINE and line.strip():
            rows.append(line)
            line = ""
        line += words + "     "
    return [row.rstrip() for row in (*rows, line) if row]


def _subtitle(data: PlotData) -> str:
    return f"{data.record['name']} · dates (at 0 h) and times in UTC · letters mark the events listed below the lanes"


def port_stays(data: PlotData, start: float, end: float) -> list[dict]:
    """Which ship is on which port from when to when, in mission seconds within the chart."""
    stays = [{"ship": s["ship"], "port": s["port"], "from": start, "to": end} for s in data.scenario.get("docked", ())]
    for event in data.events("docked"):
        stays.append(
            {
                "ship": event["vehicle"],
                "port": event["values"]["port"],
                "from": data.seconds(event["utc"]),
                "to": end,
            }
        )
    for event in data.events("undocking"):
        left = data.seconds(event["utc"])
        for stay in stays:
            if stay["ship"] == event["vehicle"] and stay["from"] <= left < stay["to"]:
                stay["to"] = left
    order = {"forward": 0, "nadir": 1, "aft": 2}
    return sorted(stays, key=lambda s: (order.get(s["port"], 3), s["from"]))


def _bar(axes: Axes, y: int, start: float, end: float, colour: str, text: str, tall: float = 0.66) -> None:
    axes.barh(y, end - start, left=start, height=tall, color=pale(colour), ec=colour, lw=1.2, zorder=2)
    words = axes.annotate(text, (start, y), (5, 0), textcoords="offset points", fontsize=9, va="center", zorder=4)
    measure = renderer_of(axes)
    if words.get_window_extent(measure).x1 > axes.get_window_extent(measure).x1:
        words.set(ha="right", position=(-5, 0))


def _lanes(
    axes: Axes, data: PlotData, stays: list[dict], ports: list[str], crew: list[dict], start: float, end: float
) -> None:
    ships = list(dict.fromkeys([*(s["ship"] for s in stays), *(c["ship_up"] for c in crew)]))
    colour = {ship: SHIP_COLOURS[i % len(SHIP_COLOURS)] for i, ship in enumerate(ships)}
    names = [f"port: {port}" for port in ports] + [_who(c) for c in crew]
    axes.set(xlim=(start, end + 0.02 * (end - start)), ylim=(len(names) - 0.4, -0.6))
    for stay in stays:
        _bar(axes, ports.index(stay["port"]), stay["from"], stay["to"], colour[stay["ship"]], stay["ship"].capitalize())
    for i, seat in enumerate(crew, len(ports)):
        if seat["up_utc"] is None:
            continue
        up = max(data.seconds(seat["up_utc"]), start)
        down = data.seconds(seat["down_utc"]) if seat["down_utc"] else end
        text = (
            f"{seat['days']:.1f} d, landed in {seat['ship_down'].capitalize()}"
            if seat["down_utc"]
            else f"{seat['days']:.1f} d so far"
        )
        _bar(axes, i, up, down, colour[seat["ship_up"]], f"up in {seat['ship_up'].capitalize()}: {text}", 0.5)
        if seat["down_utc"]:
            axes.plot(down, i, "v", ms=8, color=colour[seat["ship_down"]], mec=INK, mew=0.8, zorder=3)
        else:
            axes.plot(end, i, ">", ms=8, color=colour[seat["ship_up"]], clip_on=False, zorder=3)
    axes.axhline(len(ports) - 0.5, color=SOFT, lw=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    date_axis(axes, data)
    _letters(axes, data)


def _who(seat: dict) -> str:
    """A name that fits beside its lane: what stands in brackets is in the report."""
    name = seat["name"].split(" (")[0]
    return name if len(name) <= 32 else name[:31] + "…"


def _letters(axes: Axes, data: PlotData) -> None:
    events = sorted((data.seconds(event["utc"]), name) for name in MARKS for event in data.events(name))
    lettered(axes, [(when, f"{event_name(name)} {data.clock(when, '%d %b %H:%M')}") for when, name in events], KEY_AT)


def _duration(axes: Axes, y: int, start: float, end: float, first: float, last: float) -> None:
    """The length of a bar in minutes: to its right, else to its left, else inside."""
    space = 0.22 * (last - first)
    minutes = f"{(end - start) * 60.0:.0f} min"
    x, offset, side = (
        (end, 7, "left")
        if last - end > space
        else (start, -7, "right")
        if start - first > space
        else ((start + end) / 2, 0, "center")
    )
    axes.annotate(minutes, (x, y), (offset, 0), textcoords="offset points", fontsize=9, va="center", ha=side, zorder=3)


def _day(axes: Axes, data: PlotData, phases: Iterable[str], origin: str, title: str) -> None:
    """The phases of one busy day, one row each, with the events as diamonds."""
    pairs = zip(data.record["legs"], _ends(data), strict=True)
    chosen = [(leg, end) for leg, end in pairs if leg["phase"] in phases]
    legs, zero = [leg for leg, _ in chosen], data.when(origin)
    if not legs or zero is None:
        axes.set_axis_off()
        return
    hours = [((data.seconds(leg["start_utc"]) - zero) / 3600.0, (end - zero) / 3600.0) for leg, end in chosen]
    axes.set_title(title)
    whole = hours[-1][1] - hours[0][0]
    axes.set(xlim=(hours[0][0], hours[-1][1] + max(0.02 * whole, 0.01)), ylim=(len(legs) - 0.4, -0.6))
    for i, (leg, (start, end)) in enumerate(zip(legs, hours, strict=True)):
        colour = PHASE_COLOUR[leg["phase"]]
        axes.barh(i, end - start, left=start, height=0.62, color=pale(colour), ec=colour, lw=1.2, zorder=2)
        _duration(axes, i, start, end, hours[0][0], hours[-1][1])
        for event in data.record["events"]:
            at = (data.seconds(event["utc"]) - zero) / 3600.0
            if start - 1e-6 <= at <= end and event["name"] not in MARKS:
                wrong = event["name"] in (CHANGE, *TROUBLES)
                look = {**TROUBLE, "ms": 7.5} if wrong else {"marker": "D", "ms": 4.5, "mfc": YELLOW, "zorder": 4}
                axes.plot(at, i, **{"mec": INK, "mew": 0.8, **look})
    axes.set_yticks(range(len(legs)), [phase_name(leg["phase"]) for leg in legs])
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
