"""The day cards of a week: for each person one page a day, as text and as HTML to be printed; three clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from html import escape

from sim.core.epoch import BEIJING, ISLAMABAD, Epoch
from sim.core.week import HOUR, Person, Waking, WeekPlan

_STYLE = """
@page { size: A4; margin: 14mm; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; background: #fff; color: #1a1a1a;
  font: 15px/1.35 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
section { break-after: page; margin: 0 0 2rem; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1rem; font-weight: 400; color: #5c6670; margin: 0 0 0.5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.22rem 0.5rem; border-bottom: 1px solid #d5dade; }
th { background: #f3f5f7; } td.t { white-space: nowrap; } td.b { font-weight: 600; }
tr.rest td { color: #5c6670; background: #fafbfc; } .soft { color: #5c6670; font-size: 0.85rem; font-weight: 400; }
.box { display: inline-block; width: 0.8rem; height: 0.8rem; border: 1px solid #5c6670; }
"""


@dataclass(frozen=True)
class Line:
    """One line of a card, s; `rest`: sleep, meals and exercise, which have no box to tick."""

    start: float
    end: float
    title: str
    notes: str
    rest: bool


@dataclass(frozen=True)
class Card:
    """The day of one person, from waking to the end of the sleep after it."""

    number: int
    lines: tuple[Line, ...]


def cards(plan: WeekPlan, person: Person) -> Iterator[Card]:
    """One for each waking time; sleep stands at the end of the day before it."""
    lines = sorted(_lines(plan, person), key=lambda line: (line.start, line.end))
    starts = [waking.start for waking in plan.waking]
    for k, start in enumerate(starts):
        after = starts[k + 1] if k + 1 < len(starts) else float("inf")
        yield Card(k, tuple(line for line in lines if start <= line.start < after))


def _lines(plan: WeekPlan, person: Person) -> Iterator[Line]:
    names = {p.key: short_name(p) for p in plan.rules.people}
    for e in plan.entries:
        if person.key not in e.people:
            continue
        a = plan.rules.activity(e.activity)
        title = a.title + (f" ({e.number} of {a.times})" if a.times > 1 else "")
        others = [names[key] for key in e.people if key != person.key]
        with_ = "with all" if len(e.people) == len(names) else f"with {', '.join(others)}" if others else ""
        runs = f"runs on for {_length(a.run)}" if a.run else ""
        notes = "; ".join(x for x in (plan.rules.racks.get(a.rack, ""), with_, a.conditions.words, runs) if x)
        yield Line(e.start, e.end, title, notes, False)
    for b in plan.blocks:
        if person.key in b.people:
            yield Line(b.start, b.end, b.title, "", not b.work)


def _length(minutes: int) -> str:
    return f"{minutes} min" if minutes < 60 else f"{minutes / 60.0:.3g} h"


def short_name(person: Person) -> str:
    """Who it is, in few words: a name without what stands in brackets; a role where nobody is named yet."""
    name = person.name.split(" (")[0]
    return name if len(name) <= 24 else person.role


def text(plan: WeekPlan, person: Person, zero: Epoch) -> str:
    """All cards of a person as plain text."""
    found = [f"{person.name}: {person.role}, {person.nation}", plan.rules.name]
    for card in cards(plan, person):
        found += ["", _heading(plan, card, zero), f"{'UTC':<12} {'Beijing':<12} {'Islamabad':<12}"]
        for line in card.lines:
            clocks = "  ".join(_span(zero, line, zone) for zone in (UTC, BEIJING, ISLAMABAD))
            notes = f"  [{line.notes}]" if line.notes else ""
            found.append(f"{clocks}  {' ' if line.rest else '_'} {line.title}{notes}")
    found += ["", _foot(plan)]
    return "\n".join(found) + "\n"


def html(plan: WeekPlan, person: Person, zero: Epoch) -> str:
    """The same as one HTML file, a printed page for each day."""
    pages = []
    for card in cards(plan, person):
        rows = []
        for line in card.lines:
            clocks = "".join(f'<td class="t">{_span(zero, line, zone)}</td>' for zone in (UTC, BEIJING, ISLAMABAD))
            box = "" if line.rest else '<span class="box"></span>'
            notes = f'<div class="soft">{escape(line.notes)}</div>' if line.notes else ""
            what = f'<td class="{"" if line.rest else "b"}">{escape(line.title)}{notes}</td>'
            rows.append(f'<tr class="{"rest" if line.rest else ""}">{clocks}<td>{box}</td>{what}</tr>\n')
        head = "<tr><th>UTC</th><th>Beijing</th><th>Islamabad</th><th></th><th>what</th></tr>\n"
        pages.append(
            f"<section>\n<h1>{escape(person.name)}</h1>\n<h2>{escape(person.role)}, {escape(person.nation)} · "
            f"{escape(_heading(plan, card, zero))}</h2>\n<table>{head}{''.join(rows)}</table>\n"
            f'<p class="soft">{escape(_foot(plan))}</p>\n</section>\n'
        )
    title = escape(f"Day cards: {short_name(person)}")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n{''.join(pages)}</body></html>\n"
    )


def _heading(plan: WeekPlan, card: Card, zero: Epoch) -> str:
    waking = plan.waking[card.number]
    day = "day of arrival" if card.number == 0 else "day of return" if card.number == len(plan.waking) - 1 else ""
    words = f"day {card.number}, {dates(zero, waking, ' %Y')} in Beijing"
    return words + (f", {day}" if day else "") + f", awake {waking.hours:.1f} h"


def dates(zero: Epoch, waking: Waking, year: str = "") -> str:
    """The day of a waking time by Beijing's clock; both where midnight lies in it. `year`: a format, or nothing."""
    first, last = (zero.plus(t).text("%A %d %B", BEIJING) for t in (waking.start, waking.end))
    return (first if first == last else f"{first} to {last}") + (
        zero.plus(waking.end).text(year, BEIJING) if year else ""
    )


def _foot(plan: WeekPlan) -> str:
    moved = (plan.undocking - plan.waking[-1].start) / HOUR
    return f"Times stay as they are, whatever the orbit does; those of the last {moved:.0f} h move with the undocking."


def _span(zero: Epoch, line: Line, zone) -> str:
    return f"{zero.plus(line.start).text('%H:%M', zone)}-{zero.plus(line.end).text('%H:%M', zone)}"
