"""Forecasts of a flight with their error bars, and how its own truth was drawn."""

from __future__ import annotations

from collections.abc import Mapping

from sim.export.stored import PlotData
from sim.report.intervals import bar
from sim.report.markup import ZONE, Html, joined, moment, paragraph, section, table

QUANTITIES = {  # of the campaign: in words, with the digits that are worth a look; None: seconds that are a date
    "liftoff_s": ("lift-off (UTC)", None),
    "phase_deg": ("phase at insertion, deg", 2),
    "trim_m_s": ("trim of the station, m/s", 2),
    "second_stage_propellant_kg": ("propellant left in the second stage, kg", 0),
    "phasing_m_s": ("burns of phasing, m/s", 1),
    "contact_met_s": ("contact, s after lift-off", 0),
    "docked_met_s": ("hard mate, s after lift-off", 0),
    "propellant_docked_kg": ("propellant of the ship when docked, kg", 0),
    "undocking_s": ("undocking (UTC)", None),
    "deorbit_m_s": ("deorbit burn, m/s", 1),
    "propellant_landing_kg": ("propellant after the deorbit burn, kg", 0),
    "entry_load_g": ("load at entry, g", 2),
    "touchdown_s": ("touchdown (UTC)", None),
    "touchdown_latitude_deg": ("touchdown, latitude, deg", 3),
    "touchdown_longitude_deg": ("touchdown, longitude, deg", 3),
    "miss_km": ("touchdown, from the site, km", 1),
    "touchdown_m_s": ("speed at touchdown, m/s", 1),
}


EVENTS = {  # times of the campaign -> the event of the record whose basis they have
    "liftoff_s": "liftoff",
    "contact_met_s": "docked",
    "docked_met_s": "docked",
    "undocking_s": "undocking",
    "touchdown_s": "touchdown",
}
KINDS = {"input": ", from an input", "calibrated": ", calibrated"}  # no forecast of the flight that was flown again


def forecasts(data: PlotData) -> str:
    """The error bars, where a campaign was flown for them; else how to have them."""
    found = data.record.get("forecast")
    if found is None:
        how = joined(
            "This flight is one of those that may come: what is true was drawn by the uncertainty of the mission. ",
            Html("<code>tiangong run ... --intervals 100</code>"),
            " flies a hundred others and gives each forecast its 95 % interval.",
        )
        return section("Forecasts", paragraph(how)) if data.record.get("drawn") else ""
    rows, real = [], found.get("real_flight")
    for name, (words, digits) in QUANTITIES.items():
        q = found["quantities"][name]
        cells = [_shown(data, q[key], digits) for key in ("median", "low", "high", "this_flight")]
        rows.append((joined(_named(words, digits), _kind(data, name, q)), *cells, _bar(q)))
        if name == "docked_met_s" and real:
            rows.append(_real(real[name]))
    text = (
        f"From a small campaign of {found['flights']} whole flights, {found['failed']} of which did not come to their "
        "end: what is known is the same in all, what is true is drawn for each. "
        f"The interval is to hold {100 * found['share']:.0f} % of such flights"
        + (f", known to {100 * found['share_sigma']:.1f} % (one sigma)" if "share_sigma" in found else "")
        + ". It has what the uncertainty of the mission draws. How well a profile's times stand for a real flight "
        + ("is in the line of a real flight: " + real["docked_met_s"]["basis"] if real else "is not in it")
        + "."
    )
    text += " In the drawing the stroke is the median and the dot is this flight; each has a scale of its own."
    heads = ("forecast", "median", "from", "to", "this flight", "interval")
    return section("Forecasts", paragraph(text), table(heads, rows, numeric=(1, 2, 3, 4), sort=False))


def _named(words: str, digits: int | None) -> Html:
    """A quantity in words; of a date with the name of the reader's clock."""
    return joined(words) if digits is not None else joined(words.removesuffix("(UTC)"), "(", ZONE, ")")


def _bar(q: Mapping) -> Html:
    return Html() if q["median"] is None else bar(q["low"], q["median"], q["high"], q["this_flight"])


def _kind(data: PlotData, name: str, q: Mapping) -> str:
    """What a quantity is, where it is not a forecast: an input, or by the record what the flight was made to match."""
    if q["low"] == q["high"]:
        return ", an input"
    return KINDS.get(data.record.get("record", {}).get(EVENTS.get(name), {}).get("basis"), "")


def _real(real: Mapping) -> tuple[str, ...]:
    """The line of a real flight's hard mate, which no flight of the campaign stands for."""
    cells = (f"{real[key]:.0f}" for key in ("value", "low", "high"))
    drawn = bar(real["low"], real["value"], real["high"], None)
    return "hard mate of a real flight of the profile, s after lift-off", *cells, "–", drawn


def _shown(data: PlotData, value: float | None, digits: int | None) -> str:
    if value is None:
        return "–"
    return moment(data.zero.plus(value)) if digits is None else f"{value:.{digits}f}"
