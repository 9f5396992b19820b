"""Consumables: what those aboard and the station use, what ships bring, and how many days the stock would last.

A stock falls by what is not recycled. How long it would last is asked for a day on which the machines
that recycle stop: then all that people use comes out of the stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.planning.rotation.timeline import DAY, Timeline
from sim.scenario.programme_file import Consumable


@dataclass(frozen=True)
class Level:
    """A stock at one instant, kg, just after what a ship brought; `days_left`: how long it would last for those aboard
    without recycling, None where nobody uses any."""

    at: Epoch
    kg: float
    aboard: int
    days_left: float | None


@dataclass(frozen=True)
class Stock:
    """One consumable over the time. `shortest`: where it would last shortest, None where it is never used."""

    name: str
    rule: Consumable
    levels: tuple[Level, ...]
    used_kg: float
    brought_kg: float

    @property
    def shortest(self) -> Level | None:
        return min((x for x in self.levels if x.days_left is not None), key=lambda x: x.days_left or 0.0, default=None)


def stocks(found: Timeline) -> tuple[Stock, ...]:
    """Every consumable of the programme from the first event to the last."""
    rules = found.programme.file.consumables
    return tuple(_stock(found, name, rule) for name, rule in rules if isinstance(rule, Consumable))


def person_days(found: Timeline, start: Epoch | None = None, end: Epoch | None = None) -> float:
    """Days in the station, summed over everybody, between two instants (the whole time)."""
    first, last = start or found.start, end or found.end
    days = 0.0
    for p in found.people:
        if p.came is not None:
            stay = min(p.left or last, last).since(max(p.came, first)) / DAY
            days += max(0.0, stay)
    return days


def masses(found: Timeline) -> tuple[float, float]:
    """Freight up and down, kg, over the whole time: what ships bring, and what lands with the crews."""
    up = sum(sum(v.supplies.model_dump().values()) for v in found.vessels if v.docked is not None)
    return up, sum(v.down_kg for v in found.vessels if v.landed is not None and v.seats)


def _stock(found: Timeline, name: str, rule: Consumable) -> Stock:
    """Nothing is used before the first crew, or, by the station itself, before the first ship that docks."""
    brought = _brought(found, name)
    first = min((p.came for p in found.people if p.came is not None), default=found.start)
    kg, used = rule.start_kg, 0.0
    levels: list[Level] = []
    moments = found.moments()
    for at, then in (*pairwise(moments), (moments[-1], moments[-1])):
        aboard = len(found.aboard(at))
        started = at >= first
        if levels:  # just before what comes now, with those who were aboard until now
            levels.append(_level(at, kg, levels[-1].aboard, rule, started))
        kg += brought.get(at, 0.0)
        levels.append(_level(at, kg, aboard, rule, started))
        days = then.since(at) / DAY
        rate = aboard * rule.use_kg_person_day * (1.0 - rule.recycled) + (rule.use_kg_day if started else 0.0)
        kg -= rate * days
        used += rate * days
    return Stock(name, rule, tuple(levels), used, sum(brought.values()))


def _level(at: Epoch, kg: float, aboard: int, rule: Consumable, started: bool) -> Level:
    rate = aboard * rule.use_kg_person_day + (rule.use_kg_day if started else 0.0)
    return Level(at, kg, aboard, kg / rate if rate > 0.0 else None)


def _brought(found: Timeline, name: str) -> Mapping[Epoch, float]:
    brought: dict[Epoch, float] = {}
    for v in found.vessels:
        if v.docked is not None:
            kg = float(getattr(v.supplies, f"{name}_kg"))
            brought[v.docked] = brought.get(v.docked, 0.0) + kg
    return brought
