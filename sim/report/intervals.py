"""What the forecast of a flight holds of a single figure: its interval, beside the value that was flown."""

from __future__ import annotations

from html import escape

from sim.export.stored import PlotData
from sim.report.markup import Html

# (event, key of its value; "" its time) -> the quantity of the forecast that is the same figure.
OF_EVENTS = {
    ("liftoff", ""): "liftoff_s",
    ("contact", ""): "contact_met_s",
    ("docked", ""): "docked_met_s",
    ("undocking", ""): "undocking_s",
    ("touchdown", ""): "touchdown_s",
    ("orbit_insertion", "phase_deg"): "phase_deg",
    ("deorbit_burn_end", "delta_v_m_s"): "deorbit_m_s",
    ("peak_load", "load_g"): "entry_load_g",
    ("touchdown", "latitude_deg"): "touchdown_latitude_deg",
    ("touchdown", "longitude_deg"): "touchdown_longitude_deg",
    ("touchdown", "miss_km"): "miss_km",
    ("touchdown", "speed_m_s"): "touchdown_m_s",
}


def bounds(data: PlotData, name: str) -> tuple[float, float] | None:
    """The ends of the interval of a quantity of the campaign; None without one, and for what is an input."""
    found = data.record.get("forecast", {}).get("quantities", {}).get(name)
    if found is None or found["low"] is None or found["low"] == found["high"]:
        return None
    return found["low"], found["high"]


def of_event(data: PlotData, event: str, key: str = "", digits: int = 2) -> Html:
    """The interval of a value of an event, as the text behind the value; empty where there is none.

    Of a time it is what may be earlier and later, in seconds.
    """
    name = OF_EVENTS.get((event, key), "")
    found = bounds(data, name)
    if found is None:
        return Html()
    if not key:
        this = data.record["forecast"]["quantities"][name]["this_flight"]
        if this is None:
            return Html()
        return _behind(f"{found[0] - this:+.0f} to {found[1] - this:+.0f} s", data)
    return _behind(f"{found[0]:.{digits}f} to {found[1]:.{digits}f}", data)


def _behind(text: str, data: PlotData) -> Html:
    share = 100 * data.record["forecast"]["share"]
    return Html(f' <span class="interval" title="{share:.0f} % of such flights">{escape(text)}</span>')


def bar(low: float, median: float, high: float, this: float | None) -> Html:
    """The interval as a line, its median as a stroke and the flight as a dot, on the scale of the row itself."""
    ends = [low, high, *([] if this is None else [this])]
    start, width = min(ends), max(ends) - min(ends)
    if width == 0.0:
        return Html()

    def at(value: float) -> str:
        return f"{6 + 108 * (value - start) / width:.1f}"

    dot = "" if this is None else f'<circle cx="{at(this)}" cy="8" r="4"/>'
    return Html(
        '<svg class="bar" viewBox="0 0 120 16" width="120" height="16" aria-hidden="true">'
        f'<path d="M{at(low)} 8H{at(high)}M{at(low)} 4v8M{at(high)} 4v8M{at(median)} 2v12"/>{dot}</svg>'
    )
