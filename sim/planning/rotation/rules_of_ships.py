"""The rules of ships: a seat for everyone, a port for each arrival, and the lives of ships."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.planning.rotation.cover import Cover, Gap, cover, gaps
from sim.planning.rotation.judgement import HOUR, Breach, Verdict, date
from sim.planning.rotation.timeline import DAY, Timeline, Vessel
from sim.scenario.programme_record import instant


def lifeboat(found: Timeline) -> Verdict:
    """A seat in a docked, healthy ship for everyone aboard, at all times."""
    limit = found.programme.file.rules.lifeboat_gap_h
    every = gaps(cover(found))
    breaches = tuple(
        Breach(g.start, g.end, _gap_words(g), _gap_mend(found, g), g.days * DAY / HOUR, limit)
        for g in every
        if g.days * DAY > limit * HOUR
    )
    free = min((c.seats - c.aboard for c in cover(found) if c.aboard), default=0)
    words = f"{-free} people without a seat at the worst" if free < 0 else f"{free} free seats at the least"
    return Verdict("lifeboat", "a seat in a docked, healthy ship for everyone aboard", "h", breaches, words)


def port(found: Timeline) -> Verdict:
    """A free port for each arrival: the ship before has left long enough ago, and the port is not blocked."""
    minimum = found.programme.file.rules.turnaround_h
    breaches, shortest = [], None
    for name, stays in found.ports().items():
        for before, after in pairwise(stays):
            if before.end is None or before.ship == after.ship:
                continue
            hours = after.start.since(before.end) / HOUR
            if shortest is None or hours < shortest[0]:
                shortest = (hours, before.ship, after.ship, name)
            if hours < minimum:
                found_words = f"{after.ship} docks at {name} {hours:.1f} h after {before.ship} left it"
                mend = f"{after.ship} docks {minimum - hours:.1f} h later, or {before.ship} leaves as much earlier"
                breaches.append(Breach(before.end, after.start, found_words, mend, hours, minimum))
    breaches += _blocked(found)
    words = "no port is used twice"
    if shortest:
        words = f"shortest {shortest[0] / 24:.1f} days, from {shortest[1]} to {shortest[2]} at {shortest[3]}"
    return Verdict("port", "a free port for each arrival", "h", tuple(breaches), words)


def docked_life(found: Timeline) -> Verdict:
    """No ship is somebody's way home for longer than it is made for; freight has a life as well."""
    breaches, longest = [], None
    for v in found.vessels:
        limit = v.limits.docked_life_days
        if limit is None or v.docked is None:
            continue
        ends = [t for t in (v.undocked, v.unsafe if v.seats else None) if t is not None]
        end = min(ends, default=found.end)
        days = end.since(v.docked) / DAY
        if longest is None or days / limit > longest[0]:
            longest = (days / limit, v.name, days, limit)
        if days > limit:
            words = f"{v.name} is docked for {days:.1f} days, made for {limit:g}"
            mend = f"{v.name} leaves by {date(v.docked.plus(limit * DAY))}, {days - limit:.1f} days earlier"
            breaches.append(Breach(v.docked.plus(limit * DAY), end, words, mend, days, limit))
    closest = f"{longest[1]}, {longest[2]:.0f} of {longest[3]:g} days" if longest else "no ship has a limit"
    return Verdict("docked-life", "docked life, while a ship is somebody's way home", "days", tuple(breaches), closest)


def free_flight(found: Timeline) -> Verdict:
    """No ship flies by itself for longer than it can."""
    breaches, longest = [], None
    for v in found.vessels:
        limit = v.limits.free_flight_days
        for start, end in _alone(v):
            if limit is None:
                continue
            days = end.since(start) / DAY
            if longest is None or days / limit > longest[0]:
                longest = (days / limit, v.name, days, limit)
            if days > limit:
                words = f"{v.name} flies alone for {days:.1f} days, made for {limit:g}"
                mend = f"it docks or lands by {date(start.plus(limit * DAY))}, {days - limit:.1f} days earlier"
                breaches.append(Breach(start.plus(limit * DAY), end, words, mend, days, limit))
    closest = f"{longest[1]}, {longest[2]:.1f} of {longest[3]:g} days" if longest else "no ship has a limit"
    return Verdict("free-flight", "free-flight life", "days", tuple(breaches), closest)


def standby(found: Timeline) -> Verdict:
    """After a ship is declared unsafe and somebody lacks a seat, the next ship rises as soon as a standby could."""
    breaches, words = [], "no launch on need"
    for v in found.vessels:
        if v.unsafe is None or not any(g.start <= v.unsafe < g.end for g in gaps(cover(found))):
            continue
        by = latest_on_need(found, v.unsafe)
        sent = next((x for x in found.vessels if x.seats and x.launch > v.unsafe), None)
        if sent is None:
            mend = f"a ship sent up by {date(by)}"
            breaches.append(Breach(by, found.end, f"no ship is launched after {v.name} is unsafe", mend, 0.0, 0.0))
            continue
        days, limit = sent.launch.since(v.unsafe) / DAY, by.since(v.unsafe) / DAY
        words = f"{sent.name} rose {days:.1f} days after {v.name} was unsafe, within {limit:.1f}"
        if days > limit:
            mend = f"{sent.name} rises by {date(by)}, {days - limit:.1f} days earlier"
            text = f"{sent.name} rises {days:.1f} days after {v.name} is unsafe; a standby takes {limit:.1f}"
            breaches.append(Breach(by, sent.launch, text, mend, days, limit))
    return Verdict("standby", "the standby launcher within its days", "days", tuple(breaches), words)


def latest_on_need(found: Timeline, need: Epoch) -> Epoch:
    """By when a launch on need, asked for at `need`, has to rise: the standby is whole again `recovery_days` after the
    launch before, is ready `ready_days` later, and waits for the station's plane."""
    rule = found.programme.file.standby
    before = [v.launch for v in found.vessels if v.seats and v.launch <= need]
    whole = max(before).plus(rule.recovery_days * DAY) if before else need
    return max(need, whole).plus((rule.ready_days + rule.window_days) * DAY)


def _gap_words(gap: Gap) -> str:
    parts = [
        f"{date(s.start)} to {date(s.end)}: {s.aboard} aboard, "
        + (f"{s.seats} seats in {', '.join(s.ships)}" if s.seats else f"no lifeboat, {s.days:.2f} days")
        for s in gap.spans
    ]
    return "; ".join(parts)


def _gap_mend(found: Timeline, gap: Gap) -> str:
    """What would close each span: a ship that comes earlier, one that stays, or fewer people."""
    return "; ".join(_span_mend(found, span) for span in gap.spans)


def _span_mend(found: Timeline, span: Cover) -> str:
    after = next((v for v in found.vessels if v.seats and v.docked == span.end), None)
    left = next((v for v in found.vessels if v.seats and v.undocked == span.start), None)
    unsafe = next((v for v in found.vessels if v.unsafe == span.start), None)
    options = []
    if unsafe is not None:
        by = latest_on_need(found, span.start)
        if by < span.end:  # later it closes nothing of this span
            options.append(f"a launch on need for {unsafe.name}, which can rise by {date(by)}")
    if after is not None:
        options.append(f"{after.name} docks {span.days:.1f} days earlier, by {date(span.start)}")
    if left is not None:
        options.append(f"{left.name} stays until {date(span.end)}")
    return " or ".join([*options, f"{span.short} fewer aboard from {date(span.start)} on"])


def _blocked(found: Timeline) -> Iterator[Breach]:
    for c in found.contingencies:
        if c.kind != "port-blocked":
            continue
        start, end = instant(c.utc), instant(c.until_utc) if c.until_utc else found.end
        for v in found.vessels:
            for stay in v.stays:
                if stay.port == c.port and start <= stay.start < end:
                    free = [p for p in found.programme.ports if not _held(found, p, stay.start) and p != c.port]
                    mend = f"another port ({', '.join(free) or 'none is free'}), or after {date(end)}"
                    words = f"{v.name} docks at {c.port}, which is blocked until {date(end)}"
                    hours = end.since(stay.start) / HOUR
                    yield Breach(stay.start, end, words, mend, hours, 0.0)


def _held(found: Timeline, name: str, at: Epoch) -> bool:
    return any(stay.holds(at) for stay in found.ports()[name])


def _alone(v: Vessel) -> Iterator[tuple[Epoch, Epoch]]:
    """The spans in which a ship flies by itself."""
    before: Epoch | None = v.launch
    for stay in v.stays:
        if before is not None:
            yield before, stay.start
        before = stay.end
    if before is not None and v.landed is not None:
        yield before, v.landed
