"""iCalendar (RFC 5545): events with their times in UTC, written so that any calendar reads them.

Lines end with CR LF and are folded at 75 octets; texts are escaped. Times have whole seconds, as the format has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.core.epoch import Epoch

LONGEST_OCTETS = 75
PRODUCT = "-//tiangong-sim//tiangong-sim calendar//EN"  # of whatever events: passes, a flight
ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


@dataclass(frozen=True)
class CalendarEvent:
    """One event; `uid` names it for ever, so that a later file replaces it. `position`: latitude and longitude, deg."""

    uid: str
    start: Epoch
    end: Epoch
    summary: str
    description: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()
    position: tuple[float, float] | None = None


def calendar(name: str, events: Iterable[CalendarEvent], created: Epoch) -> str:
    """The text of a calendar file; write it with `newline=""`, since its lines end as they have to."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in events:
        lines += _event(event, created)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(event: CalendarEvent, created: Epoch) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{stamp(created)}",
        f"DTSTART:{stamp(event.start)}",
        f"DTEND:{stamp(event.end, up=True)}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    texts = (("DESCRIPTION", event.description), ("LOCATION", event.location))
    lines += [f"{key}:{escaped(text)}" for key, text in texts if text]
    if event.position is not None:
        lines.append(f"GEO:{event.position[0]:.6f};{event.position[1]:.6f}")
    if event.categories:
        lines.append(f"CATEGORIES:{','.join(escaped(word) for word in event.categories)}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def stamp(epoch: Epoch, up: bool = False) -> str:
    """UTC as the format has it, to the second before, or with `up` to the one after."""
    text = epoch.utc(9)  # 2026-11-04T14:46:49.812345678Z
    if up and text[20:29].strip("0"):
        text = epoch.plus(1.0).utc(9)
    return text[:19].replace("-", "").replace(":", "") + "Z"


def escaped(text: str) -> str:
    for what, instead in ESCAPES:
        text = text.replace(what, instead)
    return "".join(c for c in text if c.isprintable())


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each but the first begun with a space; no letter is cut in two."""
    pieces, capacity = [""], LONGEST_OCTETS
    for letter in line:
        size = len(letter.encode("utf-8"))
        if size > capacity:
            pieces.append(" ")
            capacity = LONGEST_OCTETS - 1
        pieces[-1] += letter
        capacity -= size
    return "\r\n".join(pieces)
