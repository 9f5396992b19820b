"""Intervals of time that know what opens and what closes them, with and, or, not.

A list is a tuple of intervals in order, none touching the next. An interval is open at its ends: two that only meet
in a point have nothing in common, and two of a union that meet in one are one. Where several constraints change at
the same instant, every one of them is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

SPAN = "span"  # what ends an interval where nothing else does: the time looked through


@dataclass(frozen=True)
class Interval:
    """From `start` to `end` s; `opened`, `closed`: the names of what changes there, in the order of the alphabet."""

    start: float
    end: float
    opened: tuple[str, ...]
    closed: tuple[str, ...]

    @property
    def length(self) -> float:
        return self.end - self.start


Intervals = tuple[Interval, ...]


def whole(start: float, end: float) -> Intervals:
    """The span itself."""
    return (Interval(start, end, (SPAN,), (SPAN,)),) if end > start else ()


def both(a: Intervals, b: Intervals) -> Intervals:
    """Where both hold. An end is the reason of whichever list ends there, of both where they end together."""
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        one, two = a[i], b[j]
        start, end = max(one.start, two.start), min(one.end, two.end)
        if start < end:
            opened = _names(x.opened for x in (one, two) if x.start == start)
            closed = _names(x.closed for x in (one, two) if x.end == end)
            found.append(Interval(start, end, opened, closed))
        i, j = (i + 1, j) if one.end <= two.end else (i, j + 1)
    return tuple(found)


def either(a: Intervals, b: Intervals) -> Intervals:
    """Where one of them holds, or both."""
    return some((a, b))


def negated(a: Intervals, start: float, end: float) -> Intervals:
    """Where `a` does not hold between `start` and `end`: it ends where `a` begins, for the same reason."""
    found: list[Interval] = []
    at = start
    why: tuple[str, ...] = (SPAN,)
    for x in (x for x in a if x.end > start and x.start < end):
        if x.start > at:
            found.append(Interval(at, x.start, why, x.opened))
        at, why = x.end, x.closed
    if at < end:
        found.append(Interval(at, end, why, (SPAN,)))
    return tuple(found)


def every(lists: Iterable[Intervals], start: float, end: float) -> Intervals:
    """Where all of the lists hold; the whole span where there is none."""
    found = whole(start, end)
    for one in lists:
        found = both(found, one)
    return found


def some(lists: Iterable[Intervals]) -> Intervals:
    """Where at least one of the lists holds."""
    found: list[Interval] = []
    for x in sorted((x for one in lists for x in one), key=lambda x: (x.start, -x.end)):
        if not found or x.start > found[-1].end:
            found.append(x)
            continue
        last = found[-1]
        if x.start == last.start:
            last = replace(last, opened=_names((last.opened, x.opened)))
        if x.end == last.end:
            last = replace(last, closed=_names((last.closed, x.closed)))
        elif x.end > last.end:
            last = replace(last, end=x.end, closed=x.closed)
        found[-1] = last
    return tuple(found)


def within(a: Intervals, start: float, end: float) -> Intervals:
    """What of `a` lies between `start` and `end`; the span alone ends what reaches its ends."""
    cut = (replace(x, opened=(SPAN,)) if x.start == start else x for x in both(whole(start, end), a))
    return tuple(replace(x, closed=(SPAN,)) if x.end == end else x for x in cut)


def holding(a: Intervals, t: float) -> Interval | None:
    """The interval that `t` lies in; an end counts."""
    return next((x for x in a if x.start <= t <= x.end), None)


def _names(reasons: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for names in reasons for name in names}))
