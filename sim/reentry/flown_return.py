"""What a flight left of its return, as those who compare and report it ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.flight import Event, Flight, Leg
from sim.core.histories import joined, rows
from sim.core.return_record import DescentRecord, EntryHistory, EntryRecord
from sim.core.trajectory import Trajectory


@dataclass(frozen=True)
class FlownReturn:
    """The last return of a flight: its ship, the first event of each name, the histories in the air, the ship's path.

    `air`: entry and descent as one, in the order of time; None where neither was flown.
    """

    ship: str
    events: Mapping[str, Event]
    air: EntryHistory | None
    opening: EntryHistory | None
    paths: tuple[Trajectory, ...]

    @classmethod
    def of(cls, flight: Flight) -> FlownReturn | None:
        """None for a flight without a deorbit burn."""
        burns = [event for event in flight.events if event.name == "deorbit_burn_start"]
        if not burns:
            return None
        ship = burns[-1].vehicle
        first: dict[str, Event] = {}
        for event in flight.events:
            if event.vehicle == ship:
                first.setdefault(event.name, event)
        air, opening = _air(leg for leg in flight.legs if ship in leg.trajectories)
        return cls(ship, first, air, opening, tuple(path for _, path in flight.parts(ship)))

    def when(self, name: str) -> float | None:
        event = self.events.get(name)
        return None if event is None else event.t

    def value(self, name: str, key: str, scale: float = 1.0) -> float | None:
        """A number of the first event of this name, times `scale`; None where there is none."""
        event = self.events.get(name)
        found = None if event is None else event.values.get(key)
        return scale * float(found) if isinstance(found, int | float) else None

    def between(self, first: str, last: str, unit_s: float) -> float | None:
        """From one event to another in units of so many seconds."""
        start, end = self.when(first), self.when(last)
        return None if start is None or end is None else (end - start) / unit_s

    def altitude(self, name: str) -> float | None:
        """Altitude of an event, km: its own, or else that of the history at its time."""
        own = self.value(name, "altitude_km")
        return self.air_at(self.when(name), "altitude_km") if own is None else own

    def air_at(self, t: float | None, column: str) -> float | None:
        """A column of the history in the air at a time; None outside of it."""
        if t is None or self.air is None or not self.air.t_s[0] <= t <= self.air.t_s[-1]:
            return None
        return float(np.interp(t, self.air.t_s, getattr(self.air, column)))

    def at_opening(self, column: str) -> float | None:
        """As the pilot parachute comes out: where the entry ends."""
        return None if self.opening is None else float(getattr(self.opening, column)[-1])

    @property
    def opening_t(self) -> float | None:
        return None if self.opening is None else float(self.opening.t_s[-1])

    def over_ground(self, name: str) -> float | None:
        """Height of an event over the place of the touchdown, m."""
        altitude, t = self.value(name, "altitude_km"), self.when("touchdown")
        ground = self.air_at(t, "altitude_km")
        return None if altitude is None or ground is None else 1000.0 * (altitude - ground)

    def mass(self, t: float) -> float | None:
        """Of the ship, kg."""
        path = next((p for p in reversed(self.paths) if p.start <= t <= p.end), None)
        return None if path is None else float(np.interp(t, path.t, path.mass))


def _air(legs: Iterable[Leg]) -> tuple[EntryHistory | None, EntryHistory | None]:
    """Entry and descent as one history, and the rows of it that belong to the entry."""
    records = [leg.record for leg in legs if isinstance(leg.record, EntryRecord | DescentRecord)]
    entries = [record.entry for record in records if isinstance(record, EntryRecord)]
    if not records:
        return None, None
    whole = joined([record.entry for record in records])
    order = np.argsort(whole.t_s, kind="stable")
    complete = len(records) > len(entries)  # the parachutes opened
    return rows(whole, order), entries[-1] if entries and complete else None
