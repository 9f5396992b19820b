"""A programme in rows for other programs, and in lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.core.epoch import Epoch
from sim.planning.rotation import avoidances
from sim.planning.rotation.consumables import masses, person_days, stocks
from sim.planning.rotation.cover import Gap, cover, gaps, seats
from sim.planning.rotation.judgement import Breach, Verdict, date
from sim.planning.rotation.rules import verdicts
from sim.planning.rotation.rules_of_ships import latest_on_need
from sim.planning.rotation.specialist import Path, path
from sim.planning.rotation.timeline import DAY, Timeline, Vessel


@dataclass(frozen=True)
class View:
    """A timeline, its verdicts, and the span that is asked for; whatever lies outside is left out of the tables."""

    found: Timeline
    verdicts: tuple[Verdict, ...]
    start: Epoch
    end: Epoch

    def shows(self, start: Epoch, end: Epoch | None) -> bool:
        """Whether something from `start` to `end` (None: not ended) lies in the span, at least in part."""
        return start <= self.end and (end is None or end >= self.start)

    @property
    def broken(self) -> tuple[tuple[Verdict, Breach], ...]:
        """The broken rules of the span, with each place."""
        return tuple((v, b) for v in self.verdicts for b in v.breaches if self.shows(b.start, b.end))


def view(found: Timeline, start: Epoch | None = None, end: Epoch | None = None) -> View:
    """The timeline as judged over all its time, and shown over a span (the whole)."""
    return View(found, verdicts(found), start or found.start, end or found.end)


def content(shown: View) -> dict:
    """Everything as plain values: flights, people, ports, handovers, gaps, stocks, the specialist and the verdicts."""
    found = shown.found
    up, down = masses(found)
    broken = dict.fromkeys(v.rule for v, _ in shown.broken)
    spans = [c for c in cover(found) if shown.shows(c.start, c.end)]
    return {
        "status": "broken" if broken else "done",
        "broken": list(broken),
        "programme": found.programme.file.name,
        "station": found.programme.file.station.name,
        "from_utc": shown.start.utc(0),
        "until_utc": shown.end.utc(0),
        "flights": [_flight(found, v) for v in found.vessels if shown.shows(v.launch, v.landed)],
        "people": _people(shown),
        "ports": {
            name: [_span(s.start, s.end) | {"ship": s.ship} for s in stays if shown.shows(s.start, s.end)]
            for name, stays in found.ports().items()
        },
        "aboard": [{"from_utc": at.utc(0), "people": n} for at, n in found.counts() if at <= shown.end],
        "handovers": [
            {
                "arriving": h.arriving,
                "departing": h.departing,
                **_span(h.start, h.end),
                "days": round(h.days(found.end), 2),
                "people": h.people,
            }
            for h in found.handovers()
            if shown.shows(h.start, h.end)
        ],
        "lifeboats": [
            {**_span(c.start, c.end), "aboard": c.aboard, "seats": c.seats, "ships": list(c.ships)} for c in spans
        ],
        "lifeboat_gaps": [_gap(g) for g in gaps(cover(found)) if shown.shows(g.start, g.end)],
        "seats_at_end": [
            {"name": s.person.name, "ship": s.ship, "liner_moves": s.liner_moves}
            for s in seats(found, shown.end.plus(-1.0))
        ],
        "evas": [
            {**_span(e.start, e.end), "crew": list(e.crew), "hatch": e.hatch}
            for e in found.evas
            if shown.shows(e.start, e.end or e.start)
        ],
        "avoidances": avoidances.rows(found, shown.start, shown.end),
        "person_days": round(person_days(found, shown.start, shown.end), 1),
        "freight_up_kg": up,
        "freight_down_kg": down,
        "consumables": [_stock(s) for s in stocks(found)],
        "specialist": _specialist(path(found)),
        "on_need": [
            {"ship": v.name, "need_utc": v.unsafe.utc(0), "liftoff_by_utc": latest_on_need(found, v.unsafe).utc(0)}
            for v in found.vessels
            if v.unsafe is not None and shown.shows(v.unsafe, v.unsafe)
        ],
        "verdicts": [_verdict(shown, v) for v in shown.verdicts],
    }


def lines(shown: View) -> list[str]:
    """The same in words, as the command prints it."""
    found = shown.found
    head = f"{found.programme.file.name}: {date(shown.start)} to {date(shown.end)} UTC"
    rows = [
        (
            v.name + (" (planned)" if v.planned else ""),
            date(v.launch),
            ", ".join(dict.fromkeys(s.port for s in v.stays)),
            date(v.docked) if v.docked else "",
            _moment(v, "undocked", v.undocked),
            _moment(v, "landed", v.landed),
            str(sum(p.ship_up == v.name for p in found.people) or ""),
            str(sum(p.ship_down == v.name for p in found.people) or ""),
        )
        for v in found.vessels
        if shown.shows(v.launch, v.landed)
    ]
    columns = ("ship", "launch", "port", "docked", "undocked", "landed", "up", "down")
    text = [head, "", "flights", *_columns(columns, rows)]
    handovers = [
        (h.arriving, h.departing, date(h.start), f"{h.days(found.end):.1f}", str(h.people))
        for h in found.handovers()
        if shown.shows(h.start, h.end)
    ]
    if handovers:
        text += ["", "handovers", *_columns(("arriving", "departing with", "from", "days", "people"), handovers)]
    if past := avoidances.cells(found, shown.start, shown.end):
        text += ["", "burns past other objects", *_columns(avoidances.COLUMNS, past)]
    for gap in gaps(cover(found)):
        if shown.shows(gap.start, gap.end):
            text += ["", *_gap_lines(gap)]
    if training := path(found):
        text += ["", *_specialist_lines(training)]
    text += ["", f"rules ({person_days(found, shown.start, shown.end):.0f} person-days)"]
    for verdict in shown.verdicts:
        own = [b for v, b in shown.broken if v is verdict]
        text.append(f"  {'BROKEN' if own else 'kept':<7} {verdict.rule:<13} {verdict.words}: {verdict.closest}")
        for breach in own:
            text.append(f"          {date(breach.start)} to {date(breach.end)}: {breach.found}")
            text.append(f"          mended by: {breach.mend}")
    return text


def check_lines(shown: View, unsourced: tuple[str, ...]) -> list[str]:
    """What `check` says of a good file: its span, its ships, the specialist's margin, the rules in short."""
    found = shown.found
    kept = sum(v.held for v in shown.verdicts)
    text = [
        f"  {'programme':<9} {found.programme.file.name}",
        f"  {'span':<9} {date(shown.start)} to {date(shown.end)} UTC",
        f"  {'ships':<9} {len(found.vessels)}, with {len(found.people)} people up",
        f"  {'rules':<9} {kept} of {len(shown.verdicts)} are kept",
    ]
    if training := path(found):
        text += [f"  {line.strip()}" for line in _specialist_lines(training)]
    if unsourced:
        text.append(f"  {len(unsourced)} values without a source: {', '.join(unsourced[:12])}")
    return text


def flight_rows(body: dict) -> list[dict]:
    """The flights of the content, as rows of one table."""
    return [{**f, "stays": [f"{s['port']} from {s['from_utc']}" for s in f["stays"]]} for f in body["flights"]]


def _flight(found: Timeline, v: Vessel) -> dict:
    return {
        "ship": v.name,
        "kind": v.kind,
        "seats": v.seats,
        "planned": v.planned,
        "on_need": v.on_need,
        "launch_utc": v.launch.utc(0),
        "stays": [_span(s.start, s.end) | {"port": s.port} for s in v.stays],
        "landed_utc": v.landed.utc(0) if v.landed else None,
        "unsafe_utc": v.unsafe.utc(0) if v.unsafe else None,
        "known_by_day": list(v.by_day),
        "up": [p.name for p in found.people if p.ship_up == v.name],
        "down": [p.name for p in found.people if p.ship_down == v.name],
    }


def _people(shown: View) -> list[dict]:
    return [
        {
            "name": p.name,
            "role": p.role,
            "nation": p.nation,
            "ship_up": p.ship_up,
            "ship_down": p.ship_down,
            "up_utc": p.up.utc(0),
            "down_utc": p.down.utc(0) if p.down else None,
            "days": round(p.down.since(p.up) / DAY, 2) if p.down else None,
            "note": p.note,
        }
        for p in shown.found.people
        if shown.shows(p.up, p.down)
    ]


def _span(start: Epoch, end: Epoch | None) -> dict:
    return {"from_utc": start.utc(0), "until_utc": end.utc(0) if end else None}


def _gap(gap: Gap) -> dict:
    return {
        **_span(gap.start, gap.end),
        "days": round(gap.days, 4),
        "spans": [
            {**_span(s.start, s.end), "days": round(s.days, 4), "aboard": s.aboard, "seats": s.seats} for s in gap.spans
        ],
        "days_without_any": round(sum(s.days for s in gap.without_any), 4),
    }


def _gap_lines(gap: Gap) -> list[str]:
    text = [f"no seat for everyone from {date(gap.start)} to {date(gap.end)}, {_duration(gap.days)}"]
    for s in gap.spans:
        have = f"{s.seats} seats in {', '.join(s.ships)}" if s.seats else "no lifeboat at all"
        text.append(f"  {date(s.start)} to {date(s.end)}: {s.aboard} aboard, {have}, {_duration(s.days)}")
    return text


def _duration(days: float) -> str:
    """As a person writes it: days and hours to a tenth."""
    tenths = round(days * 240.0)
    return f"{tenths // 240} d {tenths % 240 / 10:.1f} h"


def _stock(stock) -> dict:
    low = stock.shortest
    return {
        "name": stock.name,
        "used_kg": round(stock.used_kg, 1),
        "brought_kg": round(stock.brought_kg, 1),
        "left_kg": round(stock.levels[-1].kg, 1),
        "reserve_days": stock.rule.reserve_days,
        "shortest_days": round(low.days_left, 1) if low else None,
        "shortest_utc": low.at.utc(0) if low else None,
    }


def _specialist(training: Path | None) -> dict | None:
    if training is None:
        return None
    return {
        "ship": training.ship,
        "flies": training.flies,
        "launch_utc": training.launch.utc(0),
        "candidates": {
            who: {
                "name": training.name(who),
                "ready_utc": training.ready[who].utc(0),
                "margin_days": round(training.margin(who), 2),
                "last_step": training.binding[who],
            }
            for who in training.ready
        },
        "steps": [
            {
                "name": s.name,
                "words": s.words,
                "who": s.who,
                "gate": s.gate,
                "passes": s.passes,
                "waits_for": s.waits_for,
            }
            | _span(s.start, s.end)
            for s in training.steps
        ],
    }


def _specialist_lines(training: Path) -> list[str]:
    text = [f"payload specialist of {training.ship}, launch {date(training.launch)}; flies: {training.flies}"]
    for who in training.judged:
        margin = training.margin(who)
        verdict = f"{margin:.1f} days before" if margin >= 0.0 else f"{-margin:.1f} days AFTER"
        text.append(f"  {who}, {training.name(who)}: ready {date(training.ready[who])}, {verdict} the launch")
    return text


def _verdict(shown: View, verdict: Verdict) -> dict:
    own = [b for v, b in shown.broken if v is verdict]
    return {
        "rule": verdict.rule,
        "words": verdict.words,
        "unit": verdict.unit,
        "kept": not own,
        "closest": verdict.closest,
        "breaches": [
            {**_span(b.start, b.end), "found": b.found, "mend": b.mend, "value": round(b.value, 3), "limit": b.limit}
            for b in own
        ],
    }


def _moment(v: Vessel, key: str, at: Epoch | None) -> str:
    """To the minute, or to the day where no more is known."""
    return "" if at is None else date(at)[:10] if key in v.by_day else date(at)


def _columns(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return ["  " + "  ".join(f"{x:<{w}}" for x, w in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)]
