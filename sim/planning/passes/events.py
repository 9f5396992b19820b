"""Passes as events of a calendar: of what an eye sees, the time in which it does; of the others, from rise to set."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.core.epoch import Epoch
from sim.interchange.ics import CalendarEvent
from sim.planning.passes.find import FoundPass, FoundPasses
from sim.planning.passes.sites import compass

HALF_HOUR = 1800.0  # newer elements move a pass by less, and the next one comes after 92 min


def events(found: FoundPasses) -> Iterator[CalendarEvent]:
    """One for each pass, in order of time."""
    for p in sorted(found.passes, key=lambda p: p.seen.start):
        yield _event(p, found.watched.zero)


def _event(p: FoundPass, zero: Epoch) -> CalendarEvent:
    seen, zone = p.seen, p.place.clock.zone
    ends, name = seen.ends, seen.craft.name.capitalize()
    top = f"{math.degrees(ends.elevation[1]):.0f}° {compass(ends.azimuth[1])}"
    best = seen.brightest if seen.seen else None
    bright = "" if best is None else f", mag {seen.track.in_air[best]:+.1f}"
    start, end = (seen.seen[0][0], seen.seen[-1][1]) if seen.seen else (seen.start, seen.end)

    def clock(t: float) -> str:
        return zero.plus(float(t)).text("%H:%M:%S", zone)

    words = ("rises", "is highest", "sets")
    steps = [
        f"{clock(t)} {word} at {math.degrees(e):.0f}° {compass(a)}"
        for t, word, e, a in zip(ends.t, words, ends.elevation, ends.azimuth, strict=True)
    ]
    by_eye = [f"seen by eye {clock(a)} to {clock(b)}" for a, b in seen.seen] or ["not seen by eye"]
    number = round(zero.plus(seen.top).since(Epoch.from_utc("2000-01-01T00:00:00Z")) / HALF_HOUR)
    return CalendarEvent(
        uid=f"{seen.craft.name}-{p.place.key}-{number}@tiangong-sim".replace(" ", "-"),
        start=zero.plus(start),
        end=zero.plus(end),
        summary=f"{name} by eye, {top}{bright}" if seen.seen else f"{name} overhead, {top}, not seen by eye",
        description="\n".join([f"clock {p.place.clock}", *steps, *by_eye, f"Sun: {seen.twilight}"]),
        location=p.place.name,
        categories=("seen by eye",) if seen.seen else ("not seen",),
        position=(p.place.latitude_deg, p.place.longitude_deg),
    )
