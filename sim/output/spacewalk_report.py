"""A report of spacewalks for people: each with egress, return, duration, crew and suits, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.planning.spacewalks.judging import HOUR, WORDS
from sim.planning.spacewalks.record import Judged
from sim.planning.spacewalks.table import Found, verdict
from sim.planning.spacewalks.windows import Season

HEAD = ("no.", "ship", "egress, UTC", "return, UTC", "duration", "crew outside", "suits", "verdict")
UNKNOWN = "unknown"


def suits() -> str:
    """What is known of the suits, by the facts."""
    known = fact("aboard.spacewalk_suits").table
    return (
        "Suits: no source of this record says which suit was worn, so the column says unknown. Reported: the second "
        f"Feitian suit is made for {known['outings']} outings in {known['years']} years, the lot of July 2025 for "
        f"{known['outings_2025']} in {known['years_2025']}; one suit had been worn {known['most_flown']} times."
    )


def report(found: Found) -> str:
    """The page: the record judged, the windows of a crew, and the plan with what was found on each trajectory."""
    parts = [f"# Spacewalks\n\n{found.title}; rules: {found.rules}."]
    if found.record:
        outings = sum(len(j.walk.crew) for j in found.record)
        parts += ["## The record", _table(_of_record(j) for j in found.record)]
        parts += [
            f"{len(found.record)} spacewalks, {outings} outings of one person. {suits()}",
            "![record](record.png)",
        ]
    if found.season is not None:
        parts += ["## Windows", _windows(found.season, found.raises), "![windows](windows.png)"]
    elif found.why:
        parts.append(found.why)
    if found.season is not None and found.plan is not None:
        parts += ["## The plan", _table(_of_plan(found)), *_flights(found)]
        parts += [suits()] if not found.record else []
    return "\n\n".join(parts) + "\n"


def _table(rows: Iterator[Sequence[str]]) -> str:
    made = [HEAD, ("---",) * len(HEAD), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in made)


def _clock(at: Epoch) -> str:
    return at.text("%Y-%m-%d %H:%M")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _of_record(j: Judged) -> Sequence[str]:
    walk, known = j.walk, j.length_known
    named = j.broken or j.depends
    words = verdict(j) + (": " + ", ".join(f"{WORDS[s.rule]} ({s.found})" for s in named) if named else "")
    egress = _clock(walk.start) if known else f"{walk.start.text('%Y-%m-%d')}, hour not released"
    back, length = (_clock(walk.end), _duration(walk.end.since(walk.start))) if known else ("not released",) * 2
    return str(j.number), j.ship, egress, back, length, ", ".join(walk.crew) or UNKNOWN, UNKNOWN, words


def _of_plan(found: Found) -> Iterator[Sequence[str]]:
    season, plan = found.season, found.plan
    assert season is not None and plan is not None  # asked for where there are both
    for w in plan.walks:
        start, end = season.zero.plus(w.start), season.zero.plus(w.end)
        broken = sorted({WORDS[b.rule] for f in found.flights for b in f.broken if b.number == w.number})
        words = f"breaks: {', '.join(broken)}" if broken else "no rule broken on any trajectory"
        people = ", ".join(w.people)
        length = _duration(w.end - w.start)
        yield str(w.number), season.crew.ship, _clock(start), _clock(end), length, people, UNKNOWN, words


def _windows(season: Season, raises: str) -> str:
    days = {season.zero.plus(a).text("%Y-%m-%d") for a, _ in season.spans()}
    length = season.rules.spacewalk.length_h * HOUR
    of = f"the raises of {raises}" if raises else "raises of its own"
    return (
        f"The crew of {season.crew.ship} may go out for {_duration(length)} on {len(days)} days, by a forecast from "
        f"{season.orbit.elements.name} with {of}."
    )


def _flights(found: Found) -> Iterator[str]:
    for f in found.flights:
        count = len(f.broken)
        words = "no violation" if not count else f"{count} violations"
        yield f"Flown again in {f.done.density:g} of the forecast's air: {words}."
