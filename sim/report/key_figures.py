"""The figures that most readers look for, each with its unit and, where a campaign was flown, its interval."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sim.core.epoch import Epoch
from sim.export.stored import PlotData
from sim.report.intervals import of_event
from sim.report.markup import Html, joined, moment

# Event, key of its value, name of the figure, unit, digits behind the point.
FIGURES = (
    ("contact", "closing_speed_m_s", "closing speed at contact", "m/s", 3),
    ("deorbit_burn_end", "delta_v_m_s", "deorbit burn", "m/s", 1),
    ("peak_load", "load_g", "greatest load at entry", "g", 2),
    ("touchdown", "miss_km", "landing from the site", "km", 1),
    ("touchdown", "speed_m_s", "speed at touchdown", "m/s", 1),
)


def key_figures(data: PlotData) -> Html:
    """A list of them; nothing for a flight that has none."""
    inside = "".join(f"<div><dt>{escape(name)}</dt><dd>{text}</dd></div>\n" for name, text in _found(data))
    return Html(f'<dl class="key">\n{inside}</dl>\n' if inside else "")


def _found(data: PlotData) -> Iterator[tuple[str, Html]]:
    events = {event["name"]: event for event in reversed(data.record["events"])}  # of each name the first
    for name, words in (("liftoff", "lift-off"), ("docked", "hard mate"), ("touchdown", "touchdown")):
        if name in events:
            when = moment(Epoch.from_utc(events[name]["utc"]), "%d %b %H:%M:%S", zone=True)
            yield words, joined(when, of_event(data, name))
    if "liftoff" in events and "docked" in events and (after := _seconds(events, "liftoff", "docked")) > 0.0:
        hours, minutes = divmod(round(after / 60.0), 60)
        yield "from lift-off to hard mate", joined(f"{hours} h {minutes:02d} min")
    for name, key, words, unit, digits in FIGURES:
        value = events.get(name, {"values": {}})["values"].get(key)
        if value is not None:
            yield words, joined(f"{value:.{digits}f} {unit}", of_event(data, name, key, digits))
    if rules := data.record["verdicts"]:
        held = sum(rule["passed"] for rule in rules)
        yield "flight rules that hold", joined(f"{held} of {len(rules)}")


def _seconds(events: dict, start: str, end: str) -> float:
    return Epoch.from_utc(events[end]["utc"]).since(Epoch.from_utc(events[start]["utc"]))
