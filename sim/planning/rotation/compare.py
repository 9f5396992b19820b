"""A programme beside its alternatives: the same figures of each, in rows."""

from __future__ import annotations

from sim.core.epoch import Epoch
from sim.planning.rotation.consumables import person_days, stocks
from sim.planning.rotation.specialist import path
from sim.planning.rotation.table import View, view
from sim.planning.rotation.timeline import DAY, Timeline, timeline
from sim.scenario.programme import Programme, alternative

VISITOR = "Pakistan"


def plans(programme: Programme, start: Epoch | None = None, end: Epoch | None = None) -> dict[str, View]:
    """The plan itself and each of its alternatives, by name."""
    views = {"plan": view(timeline(programme), start, end)}
    for other in programme.file.alternatives:
        views[other.name] = view(timeline(alternative(programme, other.name)), start, end)
    return views


def compared(views: dict[str, View]) -> list[dict]:
    """One row a plan. What was the same before they part is counted in none: a span starts where the plans first
    differ, and ends with the judged time."""
    since = differ_from([v.found for v in views.values()])
    words = {a.name: a.words for a in views["plan"].found.programme.file.alternatives}
    return [_row(name, words.get(name, "the plan of the file"), shown, since) for name, shown in views.items()]


def differ_from(found: list[Timeline]) -> Epoch:
    """The first coming or going that is not the same in all; the end of the first where all are."""
    events = []
    for one in found:
        people = {(p.name, "up", p.ship_up, p.up) for p in one.people}
        people |= {(p.name, "down", p.ship_down, p.left) for p in one.people if p.left is not None}
        events.append(people | {(v.name, "leaves", "", v.undocked) for v in one.vessels if v.undocked is not None})
    common = set.intersection(*events)
    return min((at for one in events for *_, at in one - common), default=found[0].end)


def _row(name: str, words: str, shown: View, since: Epoch) -> dict:
    found = shown.found
    training = path(found)
    visitors = [p for p in found.people if p.nation == VISITOR]
    visitor = visitors[0] if visitors else None
    late = [v for v in shown.broken if v[1].end > since]
    six = sum(h.days(found.end) for h in found.handovers() if h.start >= since and h.people > 3)
    food = next((s for s in stocks(found) if s.name == "food"), None)
    low = min((x.days_left for x in food.levels if x.at >= since and x.days_left), default=None) if food else None
    margins = [training.margin(who) for who in training.judged] if training else []
    crewed = [p for p in found.people if (p.left or found.end) > since]
    longest = max(crewed, key=lambda p: (p.down or found.end).since(p.up))
    return {
        "plan": name,
        "words": words,
        "visitor_up": visitor.ship_up if visitor else "",
        "visitor_down": visitor.ship_down if visitor else "",
        "visitor_days": round((visitor.down or found.end).since(visitor.up) / DAY, 1) if visitor else None,
        "launch_utc": visitor.up.utc(0) if visitor else None,
        "landed_utc": visitor.down.utc(0) if visitor and visitor.down else None,
        "ready_margin_days": round(min(margins), 1) if margins else None,
        "days_of_six": round(six, 1),
        "person_days": round(person_days(found, since, found.end), 1),
        "food_shortest_days": round(low, 1) if low is not None else None,
        "longest_stay_days": round((longest.down or found.end).since(longest.up) / DAY, 1),
        "longest_stay": longest.name,
        "broken": list(dict.fromkeys(v.rule for v, _ in late)),
        "why": [f"{b.found}" for _, b in late],
    }


def compare_lines(rows: list[dict]) -> list[str]:
    """The rows as a table for people, and beneath it what is broken."""
    head = ("", *(row["plan"] for row in rows))
    keys = {
        "visitor_up": "visitor up",
        "visitor_down": "visitor down",
        "visitor_days": "days of the visitor",
        "launch_utc": "launch",
        "landed_utc": "landing",
        "ready_margin_days": "ready before launch, days",
        "days_of_six": "days of more than three",
        "person_days": "person-days",
        "food_shortest_days": "food at the least, days",
        "longest_stay_days": "longest stay, days",
        "longest_stay": "whose",
        "broken": "broken rules",
    }
    table = [head, *((label, *(_cell(row[key]) for row in rows)) for key, label in keys.items())]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    text = ["  ".join(f"{x:<{w}}" for x, w in zip(line, widths, strict=True)).rstrip() for line in table]
    text += ["", *(f"{row['plan']}: {row['words']}" for row in rows)]
    return text + [f"{row['plan']}: broken: {why}" for row in rows for why in row["why"]]


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    text = "-" if value in (None, "") else str(value)
    return text[:16].replace("T", " ") if text.endswith("Z") and "T" in text else text
