"""What the pictures of a programme show, as plain lists; times in days from the start of the span."""

from __future__ import annotations

from sim.core.epoch import Epoch
from sim.planning.rotation.consumables import stocks
from sim.planning.rotation.cover import cover, gaps
from sim.planning.rotation.table import View
from sim.planning.rotation.timeline import DAY


def chart(shown: View) -> dict:
    """Ships by port, crews, spacewalks, launches and landings, seats against people, and stocks in days."""
    found = shown.found

    def x(at: Epoch) -> float:
        return at.since(shown.start) / DAY

    def bar(start: Epoch, end: Epoch | None) -> tuple[float, float]:
        return max(0.0, x(start)), min(x(shown.end), x(end or found.end))

    crews = []
    for v in found.vessels:
        own = [p for p in found.people if p.ship_up == v.name]
        for down in dict.fromkeys(p.ship_down for p in own):
            group = [p for p in own if p.ship_down == down]
            if group[0].came is not None and shown.shows(group[0].came, group[0].left):
                names = [_short(p.name) for p in group]
                crews.append({"up": v.name, "down": down, "bar": bar(group[0].came, group[0].left), "names": names})
    return {
        "name": found.programme.file.name,
        "start": shown.start,
        "days": x(shown.end),
        "ports": [
            {
                "port": name,
                "stays": [
                    {
                        "ship": s.ship,
                        "kind": found.vessel(s.ship).kind,
                        "seats": found.vessel(s.ship).seats,
                        "planned": found.vessel(s.ship).planned,
                        "bar": bar(s.start, s.end),
                        "unsafe": x(unsafe) if (unsafe := found.vessel(s.ship).unsafe) and s.holds(unsafe) else None,
                    }
                    for s in stays
                    if shown.shows(s.start, s.end)
                ],
            }
            for name, stays in found.ports().items()
        ],
        "crews": crews,
        "launches": [
            {"x": x(v.launch), "seats": v.seats, "ship": v.name}
            for v in found.vessels
            if shown.start <= v.launch <= shown.end
        ],
        "landings": [
            {"x": x(v.landed), "seats": v.seats, "ship": v.name}
            for v in found.vessels
            if v.landed is not None and shown.start <= v.landed <= shown.end
        ],
        "evas": [x(e.start) for e in found.evas if shown.start <= e.start <= shown.end],
        "cover": [
            {"bar": bar(c.start, c.end), "aboard": c.aboard, "seats": c.seats}
            for c in cover(found)
            if shown.shows(c.start, c.end)
        ],
        "gaps": [
            {"bar": bar(s.start, s.end), "aboard": s.aboard, "seats": s.seats, "days": s.days}
            for g in gaps(cover(found))
            for s in g.spans
            if shown.shows(s.start, s.end)
        ],
        "stocks": [
            {
                "name": s.name,
                "reserve": s.rule.reserve_days,
                "x": [x(level.at) for level in s.levels if level.days_left is not None],
                "days": [level.days_left for level in s.levels if level.days_left is not None],
            }
            for s in stocks(found)
        ],
        "broken": list(dict.fromkeys(v.rule for v, _ in shown.broken)),
    }


def compare_chart(views: dict[str, View], since: Epoch) -> dict:
    """The plans beneath one another: who is aboard with which ship, from some days before they part;
    of the broken rules those from then on."""
    start = since.plus(-20.0 * DAY)
    plans = []
    for name, shown in views.items():
        found = shown.found
        people = [
            {
                "name": _short(p.name),
                "nation": p.nation,
                "up": p.ship_up,
                "down": p.ship_down,
                "bar": (
                    max(0.0, p.came.since(start) / DAY),
                    min(found.end, p.left or found.end).since(start) / DAY,
                ),
                "stays": p.left is None or p.left > found.end,
            }
            for p in found.people
            if p.came is not None and (p.left is None or p.left > start)
        ]
        broken = list(dict.fromkeys(v.rule for v, b in shown.broken if b.end > since))
        plans.append({"plan": name, "people": people, "broken": broken})
    first = next(iter(views.values())).found
    return {"name": first.programme.file.name, "start": start, "days": first.end.since(start) / DAY, "plans": plans}


def _short(name: str) -> str:
    """A name as it fits into a bar: without what stands in brackets."""
    return name.partition(" (")[0]
