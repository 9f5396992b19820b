"""Seats: a seat in a docked, healthy ship for everyone aboard, or who has none, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.planning.rotation.timeline import DAY, Person, Timeline


@dataclass(frozen=True)
class Seat:
    """A person's way home at one time: the ship, None where there is no seat. `liner_moves`: the seat liner has to be
    carried there from the ship of the ascent."""

    person: Person
    ship: str | None
    liner_moves: bool


@dataclass(frozen=True)
class Cover:
    """A span with the same people and lifeboats: `aboard` people, `seats` in healthy docked ships (`ships`)."""

    start: Epoch
    end: Epoch
    aboard: int
    seats: int
    ships: tuple[str, ...]

    @property
    def short(self) -> int:
        """How many have no seat."""
        return max(0, self.aboard - self.seats)

    @property
    def days(self) -> float:
        return self.end.since(self.start) / DAY


@dataclass(frozen=True)
class Gap:
    """An unbroken time in which somebody has no seat, in `spans` of the same people and ships."""

    spans: tuple[Cover, ...]

    @property
    def start(self) -> Epoch:
        return self.spans[0].start

    @property
    def end(self) -> Epoch:
        return self.spans[-1].end

    @property
    def days(self) -> float:
        return self.end.since(self.start) / DAY

    @property
    def without_any(self) -> tuple[Cover, ...]:
        """The spans in which no ship could bring anybody home."""
        return tuple(span for span in self.spans if span.seats == 0)


def cover(found: Timeline) -> tuple[Cover, ...]:
    """The whole time in spans: how many are aboard, and how many seats there are for them."""
    spans: list[Cover] = []
    for start, end in pairwise(found.moments()):
        boats = tuple(v for v in found.vessels if v.lifeboat(start))
        aboard, seats = len(found.aboard(start)), sum(v.seats for v in boats)
        ships = tuple(v.name for v in boats)
        if spans and (spans[-1].aboard, spans[-1].ships) == (aboard, ships):
            spans[-1] = Cover(spans[-1].start, end, aboard, seats, ships)
        else:
            spans.append(Cover(start, end, aboard, seats, ships))
    return tuple(spans)


def gaps(spans: tuple[Cover, ...]) -> tuple[Gap, ...]:
    """The times in which somebody has no seat."""
    found: list[list[Cover]] = []
    for span in (s for s in spans if s.short):
        if found and found[-1][-1].end == span.start:
            found[-1].append(span)
        else:
            found.append([span])
    return tuple(Gap(tuple(group)) for group in found)


def seats(found: Timeline, at: Epoch) -> tuple[Seat, ...]:
    """Who has which seat then: in the ship down where that is docked, then in the ship up, then where one is free."""
    people = found.aboard(at)
    free = {v.name: v.seats for v in found.vessels if v.lifeboat(at)}
    taken: dict[int, str] = {}
    for first in ("ship_down", "ship_up", ""):
        for n, person in enumerate(people):
            ship = getattr(person, first) if first else next((name for name, left in free.items() if left), "")
            if n not in taken and free.get(ship, 0) > 0:
                taken[n] = ship
                free[ship] -= 1
    return tuple(
        Seat(person, taken.get(n), n in taken and taken[n] != person.ship_up) for n, person in enumerate(people)
    )
