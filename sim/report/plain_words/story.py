"""What the plain words are made from: the events of each ship in order, who is aboard, what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import pi, sqrt

from sim.core.epoch import Epoch
from sim.export.stored import PlotData

EARTH_RADIUS_KM, GM_KM3_S2 = 6371.0, 398600.4418
CHINESE = ("tiangong",)  # stations whose flights are dated in Beijing time
# Parts of a flight, each begun by the first of its events: at the launch pad, near the station, aboard, leaving, down.
PARTS = {
    "liftoff": "going_up",
    "orbit_insertion": "chase",
    "homing_start": "chase",
    "contact": "chase",
    "docked": "chase",
    "retreat": "chase",
    "hatch_open": "aboard",
    "handover_complete": "aboard",
    "undocking": "leaving",
    "orbital_module_separation": "coming_down",
    "deorbit_burn_start": "coming_down",
    "entry_interface": "coming_down",
    "drogue_deployment": "coming_down",
    "touchdown": "coming_down",
}


@dataclass(frozen=True)
class Part:
    """One part of the flight: its kind (of `PARTS`), the ship, and that ship's events until its next part."""

    kind: str
    ship: str
    events: tuple[Mapping, ...]

    def first(self, name: str) -> Mapping | None:
        return next((event for event in self.events if event["name"] == name), None)

    def last(self, name: str) -> Mapping | None:
        return next((event for event in reversed(self.events) if event["name"] == name), None)

    def count(self, *names: str) -> int:
        return sum(event["name"] in names for event in self.events)

    def value(self, name: str, key: str) -> float | None:
        """A number of the last event of that name; None where there is none."""
        event = self.last(name)
        value = event["values"].get(key) if event else None
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Story:
    """A flight, as `flight.json` has it."""

    data: PlotData

    @property
    def record(self) -> Mapping:
        return self.data.record

    @cached_property
    def station(self) -> str:
        return str(self.data.scenario.get("station", {}).get("name", ""))

    @property
    def at_length(self) -> bool:
        """Whether there is space for more than the main points: a flight that does not both begin and end on Earth."""
        return not (self.data.events("liftoff") and self.data.events("touchdown"))

    @property
    def chinese(self) -> bool:
        return self.station in CHINESE

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """In the order in which they begin."""
        made: list[tuple[str, str, list[Mapping]]] = []
        current: dict[str, int] = {}  # of a ship: its part
        for event in self.record["events"]:
            ship, kind = event["vehicle"], PARTS.get(event["name"])
            at = current.get(ship)
            if kind is not None and (at is None or made[at][0] != kind):
                made.append((kind, ship, []))
                at = current[ship] = len(made) - 1
            if at is not None:
                made[at][2].append(event)
        return tuple(Part(kind, ship, tuple(events)) for kind, ship, events in made)

    @cached_property
    def before(self) -> Mapping[str, int]:
        """The place in `parts` of each part of a kind: where that kind comes first."""
        return {part.kind: at for at, part in reversed(list(enumerate(self.parts)))}

    def when(self, event: Mapping) -> Epoch:
        return Epoch.from_utc(event["utc"])

    def seconds(self, later: Mapping, earlier: Mapping) -> float:
        return self.when(later).since(self.when(earlier))

    def earlier(self, event: Mapping, name: str, ship: str) -> Mapping | None:
        """The last event of that name and ship before an event."""
        found = [e for e in self.data.events(name) if e["vehicle"] == ship and self.seconds(event, e) > 0.0]
        return found[-1] if found else None

    @property
    def crew(self) -> Sequence[Mapping]:
        """Empty where the mission names nobody: then nothing is known of who is aboard."""
        return self.record["crew"]

    def going_up(self, ship: str) -> list[Mapping]:
        return [seat for seat in self.crew if seat["ship_up"] == ship and seat["status"] != "not launched"]

    def coming_down(self, ship: str) -> list[Mapping]:
        return [seat for seat in self.crew if seat["ship_down"] == ship and seat["status"] == "landed"]

    @cached_property
    def launched(self) -> list[str]:
        return [event["vehicle"] for event in self.data.events("liftoff")]

    @property
    def visitors(self) -> list[Mapping]:
        """Those who are up and down within this flight."""
        return [s for s in self.crew if s["status"] == "landed" and s["ship_up"] in self.launched]

    @property
    def pakistani(self) -> list[Mapping]:
        return [seat for seat in self.crew if seat["nation"] == "Pakistan" and seat["status"] != "not launched"]

    @property
    def failed(self) -> Mapping | None:
        return next((leg for leg in self.record["legs"] if leg["status"] == "failed"), None)

    @cached_property
    def station_height_km(self) -> float | None:
        """Where a ship was while it docked or undocked, or None where none did."""
        for event, phase, row in (
            ("docked", "docking", -1),
            ("undocking", "undocking", 0),
            ("undocking", "departure", 0),
        ):
            heights = self.data.track(self.data.ship(event), phase).get("altitude_km")
            if heights is not None and len(heights):
                return float(heights[row])
        return None

    def published(self) -> tuple[int, int]:
        """How many figures of the return agree with published ones, and of how many."""
        rows = [row for row in self.record.get("published_return", ()) if row.get("flown") is not None]
        return sum(bool(row["inside"]) for row in rows), len(rows)

    def worst(self, rule: str) -> float | None:
        """The worst value that was judged by a rule."""
        return next((float(v["value"]) for v in self.record["verdicts"] if v["rule"] == rule), None)


def orbital_speed_km_s(height_km: float) -> float:
    """On a round orbit at this height over a sphere."""
    return sqrt(GM_KM3_S2 / (EARTH_RADIUS_KM + height_km))


def period_min(height_km: float) -> float:
    """Of a round orbit at this height over a sphere, by Kepler's third law."""
    return 2.0 * pi * sqrt((EARTH_RADIUS_KM + height_km) ** 3 / GM_KM3_S2) / 60.0
