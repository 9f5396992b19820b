"""When engines may burn: closed times with their reasons, and for each day an instant that is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.epoch import Epoch
from sim.planning.rotation.timeline import Timeline
from sim.scenario.keeping_file import Keeping

HOUR, DAY = 3600.0, 86400.0
BEIJING = 8.0 * HOUR
HALF = 2400.0  # s on each side of a raise: a quarter of a revolution, and half of the longest burn
STEP = HOUR
EVA_LASTS = 9.0 * HOUR  # where the length of a spacewalk was not released


@dataclass(frozen=True)
class Closed:
    """A time without burns, s, and why."""

    start: float
    end: float
    why: str


def closed_times(
    found: Timeline, rules: Keeping, first: Epoch, end: float, launches: Sequence[tuple[str, float]]
) -> tuple[Closed, ...]:
    """Of dockings, spacewalks, handovers, quiet weeks, and the days from the last trim to a lift-off; in order."""
    made = [*_comings(found, rules, first), *_walks(found, rules, first), *_quiet(found, rules, first)]
    last = min(rules.trim_days, default=0.0) * DAY
    made += [
        Closed(t - last + DAY / 2.0, t, f"the trim for {ship} is done") for ship, t in launches if last > DAY / 2.0
    ]
    return tuple(sorted((c for c in made if c.end > 0.0 and c.start < end), key=lambda c: (c.start, c.end)))


def _comings(found: Timeline, rules: Keeping, first: Epoch) -> Iterable[Closed]:
    margin = rules.clear_h * HOUR
    for vessel in found.vessels:
        for stay in vessel.stays:
            for at, word in ((stay.start, "docking"), (stay.end, "undocking")):
                if at is not None:
                    t = at.since(first)
                    yield Closed(t - margin, t + margin, f"{word} of {vessel.name}")


def _walks(found: Timeline, rules: Keeping, first: Epoch) -> Iterable[Closed]:
    margin = rules.eva_clear_h * HOUR
    for walk in found.evas:
        start = walk.start.since(first)
        end = walk.end.since(first) if walk.end else start + EVA_LASTS
        yield Closed(start - margin, end + margin, "spacewalk")


def _quiet(found: Timeline, rules: Keeping, first: Epoch) -> Iterable[Closed]:
    for block in rules.quiet:
        yield Closed(
            Epoch.from_utc(block.start_utc).since(first), Epoch.from_utc(block.end_utc).since(first), block.why
        )
    if rules.handover_quiet:
        for handover in found.handovers():
            if handover.end is not None:
                yield Closed(handover.start.since(first), handover.end.since(first), f"handover to {handover.arriving}")


def asleep(start: float, end: float, rules: Keeping, zero: Epoch) -> bool:
    """Whether any of a burn from `start` to `end` s lies outside of the hours in which engines may burn."""
    low, high = (h * HOUR for h in rules.awake_beijing_h)
    of_day = _of_day(start, zero)
    return not (low <= of_day and of_day + (end - start) <= high)


def why_not(start: float, end: float, closed: Iterable[Closed], rules: Keeping, zero: Epoch) -> str | None:
    """Why no burn may be from `start` to `end` s; None where it may."""
    for c in closed:
        if start < c.end and end > c.start:
            return c.why
    return "crew sleep" if asleep(start, end, rules, zero) else None


def open_instants(start: float, end: float, closed: Sequence[Closed], rules: Keeping, zero: Epoch) -> np.ndarray:
    """For each day of the span the open instant that is nearest to the middle of the crew's day, s."""
    found = []
    middle = 0.5 * sum(rules.awake_beijing_h) * HOUR
    day = start - _of_day(start, zero)
    while day < end:
        t = open_near(day + middle, start, end, closed, rules, zero)
        if t is not None:
            found.append(t)
        day += DAY
    return np.array(found)


def open_near(
    t: float, start: float, end: float, closed: Sequence[Closed], rules: Keeping, zero: Epoch, reach: float = DAY / 2.0
) -> float | None:
    """The open instant nearest to `t`, in whole hours from it, at most `reach` s away, and within the span."""
    for k in range(int(reach / STEP) + 1):
        for at in (t - k * STEP, t + k * STEP) if k else (t,):
            inside = start < at - HALF and at + HALF < end
            if inside and why_not(at - HALF, at + HALF, closed, rules, zero) is None:
                return at
    return None


def _of_day(t: float, zero: Epoch) -> float:
    """Seconds of Beijing's day."""
    h, m, s = (float(x) for x in zero.plus(t).utc(3)[11:-1].split(":"))
    return (3600.0 * h + 60.0 * m + s + BEIJING) % DAY
