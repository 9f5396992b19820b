"""The timeline of the report: an event a row, the common quantities in columns of their own, the rest to unfold."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from html import escape

from sim.core.epoch import Epoch, elapsed
from sim.export.stored import PlotData
from sim.report.intervals import of_event
from sim.report.markup import ZONE, Cell, Html, joined, moment, number, section, table
from sim.report.names import quantity


@dataclass(frozen=True)
class Column:
    """A quantity of many events: its head, and the keys that hold it with a word for which of them it is."""

    head: str
    keys: Mapping[str, str]


COLUMNS = (
    Column("altitude, km", {"altitude_km": ""}),
    Column(
        "speed, m/s",
        {
            "speed_m_s": "",
            "speed_inertial_m_s": "inertial",
            "speed_air_m_s": "in the air",
            "closing_speed_m_s": "closing",
            "push_off_m_s": "push-off",
        },
    ),
    Column(
        "distance",
        {"range_m": "", "range_km": "", "downrange_km": "downrange", "miss_km": "from the site"},
    ),
    Column("Δv, m/s", {"delta_v_m_s": ""}),
    Column("propellant, kg", {"propellant_kg": ""}),
    Column("mass, kg", {"mass_kg": ""}),
    Column("load, g", {"load_g": ""}),
)
METRES = {"m": 1.0, "km": 1000.0}  # the distances are sorted whatever their unit
DAY = "%d %b %H:%M:%S"
AT_ONCE = 1  # so many of the other values stand in the row; more are unfolded

_FILTER = """<p class="filter" hidden><label>Show events with <input type="search" id="timeline-filter"
 placeholder="such as shenzhou-24 or burn" autocomplete="off"></label>
<output for="timeline-filter" id="timeline-count"></output></p>
"""


def timeline(data: PlotData) -> Html:
    """Every event on the clock that the reader has chosen and from lift-off, or else from the start."""
    events = data.record["events"]
    if not events:
        return Html()
    columns = [column for column in COLUMNS if any(_key(column, event["values"]) for event in events)]
    first = {name: index for index, name in reversed(list(enumerate(event["name"] for event in events)))}
    rows = []
    for index, event in enumerate(events):
        known = data if first[event["name"]] == index else None  # of which the forecast tells
        taken = {_key(column, event["values"]) for column in columns}
        rows.append(
            (
                joined(moment(Epoch.from_utc(event["utc"]), DAY), of_event(known, event["name"]) if known else ""),
                Cell(elapsed(event["met_s"]), event["met_s"]),
                event["name"].replace("_", " "),
                event["vehicle"],
                *(_cell(column, event, known) for column in columns),
                _rest(event, taken, known),
            )
        )
    origin = "from the start" if data.when("liftoff") is None else "from lift-off"
    heads = (ZONE, origin, "event", "craft", *(column.head for column in columns), "other values")
    numeric = range(4, 4 + len(columns))
    content = table(heads, rows, numeric, unbroken=(0, 1, 3), kind="timeline", words=_phases(data))
    return section("Timeline", Html(_FILTER), content)


def _phases(data: PlotData) -> list[str]:
    """Of each event the phase in which it lies, by which the filter finds it too."""
    legs = [(leg["start_met_s"], leg["phase"].replace("_", " ")) for leg in data.record["legs"]]
    return [
        next((phase for start, phase in reversed(legs) if start <= event["met_s"]), legs[0][1] if legs else "")
        for event in data.record["events"]
    ]


def _key(column: Column, values: Mapping) -> str:
    """The key of the column that the event has; the first of them, or empty."""
    return next((key for key in column.keys if isinstance(values.get(key), (int, float))), "")


def figure(value: float) -> str:
    """Four significant digits: what a column is read for; the whole number stands in flight.json."""
    return f"{value:.0f}" if abs(value) >= 999.95 else f"{value:#.4g}"


def _cell(column: Column, event: Mapping, known: PlotData | None) -> object:
    key = _key(column, event["values"])
    if not key:
        return ""
    value, unit = event["values"][key], quantity(key)[1]
    text = figure(value) if "," in column.head else f"{figure(value)} {unit}"
    word = Html(f' <span class="which">{escape(column.keys[key])}</span>') if column.keys[key] else ""
    behind = of_event(known, event["name"], key) if known else ""
    return Cell(joined(text, word, behind), value * METRES.get(unit, 1.0) if "," not in column.head else value)


def _rest(event: Mapping, taken: Container[str], known: PlotData | None) -> Html:
    """The values that have no column: one of them at once, several to unfold."""
    lines = []
    for key, value in event["values"].items():
        if key not in taken:
            words, unit = quantity(key)
            behind = of_event(known, event["name"], key, 3) if known else ""
            lines.append((words, joined(f"{number(value)} {unit}".strip(), behind)))
    if len(lines) <= AT_ONCE:
        return joined(*(joined(words, " ", value) for words, value in lines))
    inside = "".join(f"<div><dt>{escape(words)}</dt><dd>{value}</dd></div>" for words, value in lines)
    return Html(f"<details><summary>{len(lines)} values</summary><dl>{inside}</dl></details>")
