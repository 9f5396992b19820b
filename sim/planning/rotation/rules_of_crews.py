"""The rules of people: handovers, how many are aboard, what they live on, who comes home early, who is ready."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.planning.rotation.consumables import Level, Stock, stocks
from sim.planning.rotation.judgement import Breach, Verdict, date
from sim.planning.rotation.specialist import path
from sim.planning.rotation.timeline import DAY, Handover, Timeline
from sim.scenario.programme_record import instant


def handover(found: Timeline) -> Verdict:
    """Two crews are together for long enough to hand over, and no longer than the station carries them."""
    shortest, longest = found.programme.file.rules.handover_days
    every = [(h, h.days(found.end)) for h in found.handovers()]
    breaches = [b for h, days in every if (b := _handover_breach(found, h, days, shortest, longest)) is not None]
    closest = "no crew met another"
    if every:
        low, high = min(every, key=lambda x: x[1]), max(every, key=lambda x: x[1])
        closest = f"{low[1]:.1f} days ({low[0].arriving}) to {high[1]:.1f} days ({high[0].arriving})"
    return Verdict("handover", f"handovers of {shortest:g} to {longest:g} days", "days", tuple(breaches), closest)


def people(found: Timeline) -> Verdict:
    """No more are aboard than the station holds."""
    limit = found.programme.file.station.people_max
    counts = (*found.counts(), (found.end, 0))
    breaches = []
    for (start, number), (end, _) in pairwise(counts):
        if number > limit:
            mend = f"{number - limit} leave by {date(start)}, or come after {date(end)}"
            breaches.append(Breach(start, end, f"{number} people aboard", mend, number, limit))
    largest = max(number for _, number in counts)
    return Verdict("people", f"at most {limit} aboard", "people", tuple(breaches), f"{largest} at the most")


def reserves(found: Timeline) -> Verdict:
    """Of every consumable so much is left that it days_left its days, at all times."""
    breaches, nearest = [], None
    for stock in stocks(found):
        low, limit = stock.shortest, stock.rule.reserve_days
        if low is None or low.days_left is None:
            continue
        share = low.days_left - limit
        if nearest is None or share < nearest[0]:
            nearest = (share, stock.name, low.days_left, limit)
        breaches += list(_reserve_breaches(stock, found.end))
    closest = f"{nearest[1]}, {nearest[2]:.0f} days of {nearest[3]:g}" if nearest else "nothing is used"
    return Verdict("reserves", "reserves of consumables", "days", tuple(breaches), closest)


def early_return(found: Timeline) -> Verdict:
    """Who has to come home early does."""
    breaches = []
    asked = [c for c in found.contingencies if c.kind == "early-return"]
    for c in asked:
        by = instant(c.utc)
        for p in found.people:
            if p.name == c.person and p.up <= by and (p.down is None or p.down > by):
                home = p.down or found.end
                text = f"{p.name} is down in {p.ship_down} on {date(home)}"
                ships = ", ".join(v.name for v in found.vessels if v.lifeboat(by)) or "none is docked"
                late = home.since(by) / DAY
                breaches.append(Breach(by, home, text, f"down by {date(by)}; ships then: {ships}", late, 0.0))
    words = f"{len(asked)} asked for" if asked else "none is asked for"
    return Verdict("early-return", "early returns", "days", tuple(breaches), words)


def spacewalks(found: Timeline) -> Verdict:
    """Who goes outside is aboard, and somebody stays inside."""
    breaches = []
    for eva in found.evas:
        aboard = [p.name for p in found.aboard(eva.start)]
        absent = [name for name in eva.crew if name not in aboard]
        text = f"{', '.join(absent)} not aboard" if absent else "nobody stays inside"
        if absent or len(aboard) <= len(eva.crew):
            mend = f"others go outside ({', '.join(aboard) or 'nobody is aboard'}), or another day"
            breaches.append(Breach(eva.start, eva.end or eva.start, text, mend, len(absent), 0.0))
    words = f"{len(found.evas)} spacewalks"
    return Verdict("spacewalks", "who goes outside is aboard", "people", tuple(breaches), words)


def readiness(found: Timeline) -> Verdict:
    """The payload specialist, and the back-up as long as there is one, are ready before the launch."""
    training = path(found)
    if training is None:
        return Verdict("readiness", "the payload specialist is ready", "days", (), "no payload specialist")
    breaches = []
    for who in training.judged:
        margin = training.margin(who)
        if margin < 0.0:
            ready = date(training.ready[who])
            text = f"{training.name(who)} ({who}) is ready on {ready}, {-margin:.1f} days after the launch"
            mend = f"the launch of {training.ship} on {ready} or later; the last step is {training.binding[who]}"
            breaches.append(Breach(training.launch, training.ready[who], text, mend, margin, 0.0))
    words = ", ".join(f"{who} ready {training.margin(who):.1f} days before the launch" for who in training.judged)
    return Verdict("readiness", "the payload specialist is ready", "days", tuple(breaches), words)


def _handover_breach(found: Timeline, h: Handover, days: float, shortest: float, longest: float) -> Breach | None:
    """None where it is as long as it should be; one that has not ended is not too short."""
    end = h.end or found.end
    if days > longest:
        by = h.start.plus(longest * DAY)
        mend = f"{h.departing or 'a ship'} leaves by {date(by)}, {days - longest:.1f} d earlier"
        if h.departing and (found.vessel(h.departing).docked or by) > by:
            mend = f"people leave by {date(by)} in a ship that is docked by then; {h.departing} comes too late"
        text = f"{h.people} aboard for {days:.1f} days after {h.arriving} came"
        return Breach(h.start.plus(longest * DAY), end, text, mend, days, longest)
    if h.end is not None and days < shortest:
        mend = f"{h.departing} leaves {shortest - days:.1f} days later, or {h.arriving} comes as much earlier"
        text = f"{h.arriving} hands over within {days:.1f} days, then {h.departing} leaves"
        return Breach(h.start, end, text, mend, days, shortest)
    return None


def _reserve_breaches(stock: Stock, until: Epoch) -> Iterator[Breach]:
    """From the first instant below the reserve until it is above it again."""
    limit, begun, worst = stock.rule.reserve_days, None, 0.0
    before: Level | None = None
    for level in stock.levels:
        left = level.days_left
        low = left is not None and left < limit
        if low and begun is None:
            begun, worst = _crossing(before, level, limit), left or 0.0
        elif low:
            worst = min(worst, left or 0.0)
        elif begun is not None:
            yield _reserve_breach(stock, begun, level.at, worst)
            begun = None
        before = level
    if begun is not None:
        yield _reserve_breach(stock, begun, until, worst)


def _crossing(before: Level | None, after: Level, limit: float) -> Epoch:
    """When a stock that falls evenly passes the limit; the later instant where it jumps."""
    if before is None or before.days_left is None or after.days_left is None or before.days_left <= after.days_left:
        return after.at
    share = (before.days_left - limit) / (before.days_left - after.days_left)
    return before.at.plus(share * after.at.since(before.at))


def _reserve_breach(stock: Stock, start: Epoch, end: Epoch, worst: float) -> Breach:
    rate = max(((x.kg / x.days_left) if x.days_left else 0.0) for x in stock.levels if start <= x.at <= end) or 0.0
    more = (stock.rule.reserve_days - worst) * rate
    text = f"{stock.name} would last {worst:.1f} days, and {stock.rule.reserve_days:g} are to be left"
    mend = f"{more:.0f} kg more of it aboard by {date(start)}"
    return Breach(start, end, text, mend, worst, stock.rule.reserve_days)
