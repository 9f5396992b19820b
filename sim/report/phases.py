"""The phases one by one: when, their figures, and the pictures that belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import quote

from sim.core.epoch import Epoch
from sim.core.flight import phase_name
from sim.core.records import PhaseRecord
from sim.export.stored import PlotData
from sim.report.ascent import study_tables
from sim.report.embedded import png
from sim.report.markup import ZONE, joined, moment, number, paragraph, section, table
from sim.report.names import quantity

LABEL = re.compile(r'aria-label="[^"]*"')  # of a picture by itself: its headline
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
# Picture -> the phase it stands with, and what it shows, for those who cannot see it. Of several phases, parted by a
# comma, the first that was flown.
STANDS_WITH = {
    "docking_windows": ("await_launch", "Lift-off and docking times of each day, phase, trim and Sun angle"),
    "station_altitude": ("await_launch", "Altitude of the station against date, with its trim"),
    "ascent": ("ascent", "Altitude, speed, dynamic pressure and load against time from lift-off"),
    "ascent_range": ("ascent", "Map: ground track, impact point with its times, debris ellipses, recovery areas"),
    "ascent_view": ("ascent", "Sky chart and height over the horizon of the ascent from places on the ground"),
    "aborts": ("ascent", "Largest load and place of landing against the time of an abort, with the recovery areas"),
    "rendezvous": ("docking", "Path of the ship in the station's V-bar/R-bar plane in four zooms, with its drifts"),
    "closing": (
        "docking",
        "Range and its rate against time, closing speed and offset against range, with their limits",
    ),
    "attitude": (
        "docking,capture",
        "Attitude of the ship against the port, its rates, and the station's attitude oscillation, against time",
    ),
    "navigation": ("docking,capture", "Error of the navigated position, velocity and attitude against its own 3 sigma"),
    "thrusters": ("docking,capture", "When each thruster fired, and the propellant used"),
    "camera": ("docking", "The port as the docking camera sees it at six distances, with a target of assumed shape"),
    "contact": ("docking", "Force, stroke, relative speed and angle of the rings after the touch"),
    "arm": (
        "capture,transposition",
        "Arm and craft from two sides, angles and rates of the joints, turn of the station against time",
    ),
    "departure": (
        "departure,undocking",
        "Path off the port in the V-bar/R-bar plane with keep-out sphere and drifts after failed burns; range",
    ),
    "return_sequence": (
        "deorbit",
        "Altitude against time from the deorbit burn with the published bands, and each figure in its band",
    ),
    "footprint": ("entry", "Map: ground track, footprint, ballistic point, places of events; the site enlarged; drift"),
    "entry_corridor": ("entry", "Altitude against speed with the limits of load and heat, and against range to go"),
    "entry": ("entry", "Load, heat flux, dynamic pressure and bank angle against time, with limits and the blackout"),
    "descent": ("descent", "Altitude, speed, load and the last seconds under the parachutes against time"),
}
FRONT = {
    "ground_track": "World map with ascent, rendezvous and return",
    "week": "Who does what on each day of the week, on three clocks, over strips of night, anomaly, passes and relay",
    "timeline": "Who is docked where and who is aboard what, against date",
}


def picture(path: Path, words: str) -> str:
    """A picture inside the page with its caption, which leads to its file: an SVG as lines and texts, which can be
    searched.

    An SVG stands in `noscript`, which a browser that runs scripts keeps as text: to read a million characters of lines
    would delay the first paint. `page/pictures.js` puts it in its place as the reader comes near, and soon anyway.
    """
    if path.suffix == ".svg":
        text = LABEL.sub(lambda _: f'aria-label="{escape(words)}"', path.read_text(encoding="utf-8"), count=1)
        drawn = f'<div class="sheet" style="--shape: {_shape(text):.4f}"><noscript>{text}</noscript></div>'
    else:
        source, size = png(path.read_bytes())
        drawn = f'<img alt="{escape(words)}" decoding="async"{size} src="{source}">'
    file = escape(quote(f"{path.parent.name}/{path.name}"))
    caption = f'{escape(words)}. <a href="{file}">The picture alone</a>'
    return f'<figure class="picture">{drawn}<figcaption>{caption}</figcaption></figure>\n'


def _shape(svg: str) -> float:
    """Width over height, so that its place on the page is known before it is there."""
    wide, tall = (float(number) for number in SIZE.search(svg).group(1, 2))  # type: ignore[union-attr]  # of our writer
    return wide / tall


def front_pictures(pictures: Iterable[Path]) -> str:
    """Those that show the whole flight, in a section of their own."""
    by_name = {path.stem: path for path in pictures}
    return section("Overview", *(picture(by_name[name], words) for name, words in FRONT.items() if name in by_name))


def phases(data: PlotData, pictures: Iterable[Path]) -> str:
    """A section for each phase that was flown, inside one for all of them."""
    by_name = {path.stem: path for path in pictures}
    legs = list(zip(data.record["legs"], data.legs, strict=True))
    place = standing([leg["phase"] for leg, _ in legs])
    found = []
    for i, (leg, stored) in enumerate(legs):
        here = [picture(by_name[n], STANDS_WITH[n][1]) for n, at in place.items() if at == i and n in by_name]
        found.append(_phase(leg, here, stored.record))
    return section("Phases", *found)


def standing(flown: list[str]) -> dict[str, int]:
    """Picture -> index of the phase among those `flown` that it stands with; of one flown twice it shows the first."""
    named = ((name, (p for p in phases.split(",") if p in flown)) for name, (phases, _) in STANDS_WITH.items())
    return {name: flown.index(phase) for name, found in named for phase in [next(found, None)] if phase}


def _phase(leg: dict, shown: list[str], record: PhaseRecord | None) -> str:
    start, end = (Epoch.from_utc(leg[key]) for key in ("start_utc", "end_utc"))
    minutes = (leg["end_met_s"] - leg["start_met_s"]) / 60.0
    duration = f"{minutes:.0f} min" if minutes < 600 else f"{minutes / 1440.0:.1f} days"
    ended = f", {duration}; {leg['status']}. {leg.get('reason', '')}"
    head = paragraph(joined(moment(start), " to ", moment(end, zone=True), ended))
    plain = {key: value for key, value in leg["notes"].items() if key != "study"}
    rows = [(words, *_value(value, unit)) for key, value in plain.items() for words, unit in [quantity(key)]]
    figures = table(("quantity", "value", "unit"), rows, numeric=(1,), sort=False) if rows else ""
    return section(phase_name(leg["phase"]).capitalize(), head, *shown, figures, study_tables(record), level=3)


def _value(value: object, unit: str) -> tuple[object, object]:
    """A figure and its unit; a time of UTC is one that the clock switch writes anew."""
    if unit == "UTC" and isinstance(value, str):
        return moment(Epoch.from_utc(value)), ZONE
    return number(value), unit
