"""What flight.json and the manifest of two flights say differently: keys, events, rules, landings, data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.compared_files import FinishedFlight

EARTH_RADIUS_KM = 6371.0
MISSING = "(not there)"
APART = ("legs", "events", "verdicts", "schema", "zero_utc")  # parts of flight.json that are compared by themselves


@dataclass(frozen=True)
class Changed:
    """A value that differs, by its key with dots; `MISSING` where one has none."""

    key: str
    first: Any
    second: Any


@dataclass(frozen=True)
class EventPair:
    """An event of both flights, of the same name, vehicle and place among those; None where one has none.

    `values`: those that differ. `zero_s`, `liftoff_s`: second less first, s, as UTC and from each flight's lift-off.
    """

    name: str
    vehicle: str
    number: int
    first: Mapping | None
    second: Mapping | None
    values: tuple[Changed, ...] = ()
    zero_s: float = 0.0
    liftoff_s: float = 0.0

    @property
    def equal(self) -> bool:
        return self.first is not None and self.first == self.second


@dataclass(frozen=True)
class RulePair:
    """A rule judged in both flights, of the same name and phase and place among those; None where one has none."""

    rule: str
    phase: str
    number: int
    first: Mapping | None
    second: Mapping | None

    @property
    def equal(self) -> bool:
        return self.first is not None and self.first == self.second

    @property
    def turned(self) -> bool:
        """Whether it holds in one flight and not in the other."""
        return bool(self.first and self.second and self.first["passed"] != self.second["passed"])


def changed(first: Any, second: Any, key: str = "") -> Iterator[Changed]:
    """Every value that differs between two plain tables, down to lists and their places."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for name in dict.fromkeys((*first, *second)):
            inner = f"{key}.{name}" if key else str(name)
            yield from changed(first.get(name, MISSING), second.get(name, MISSING), inner)
    elif isinstance(first, list) and isinstance(second, list):
        for i in range(max(len(first), len(second))):
            one, other = (row[i] if i < len(row) else MISSING for row in (first, second))
            yield from changed(one, other, f"{key}.{i}")
    elif first != second or type(first) is not type(second):
        yield Changed(key, first, second)


def count(table: Any) -> int:
    """How many values a plain table holds."""
    if isinstance(table, Mapping):
        return sum(map(count, table.values()))
    return sum(map(count, table)) if isinstance(table, list) else 1


def liftoff(flight: FinishedFlight) -> str | None:
    """UTC of the first lift-off."""
    return next((event["utc"] for event in flight.record["events"] if event["name"] == "liftoff"), None)


def _numbered(rows: Iterable[Mapping], key: str, of: str) -> dict[tuple[str, str, int], Mapping]:
    """The rows by what they have for two keys, and their place among those of both, from 1."""
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for row in rows:
        named = row[key], row[of]
        seen[named] += 1
        found[*named, seen[named]] = row
    return found


def events(first: FinishedFlight, second: FinishedFlight) -> list[EventPair]:
    """Every event of one or the other, in the order of the first flight."""
    one, other = (_numbered(flight.record["events"], "name", "vehicle") for flight in (first, second))
    offs = (liftoff(first), liftoff(second))
    shift = second.seconds(offs[1]) - first.seconds(offs[0]) if offs[0] and offs[1] else 0.0
    shift += second.zero.since(first.zero)
    pairs = []
    for key in dict.fromkeys((*one, *other)):
        a, b = one.get(key), other.get(key)
        if a is None or b is None:
            pairs.append(EventPair(*key, a, b))
            continue
        seconds = first.seconds(b["utc"]) - first.seconds(a["utc"])
        pairs.append(EventPair(*key, a, b, tuple(changed(a["values"], b["values"])), seconds, seconds - shift))
    return sorted(pairs, key=lambda pair: first.seconds((pair.first or pair.second or {})["utc"]))


def rules(first: FinishedFlight, second: FinishedFlight) -> list[RulePair]:
    """Every rule that was judged in one or the other."""
    one, other = (_numbered(flight.record["verdicts"], "rule", "phase") for flight in (first, second))
    return [RulePair(*key, one.get(key), other.get(key)) for key in dict.fromkeys((*one, *other))]


def rest(first: FinishedFlight, second: FinishedFlight) -> list[Changed]:
    """What differs in flight.json beside legs, events and rules."""
    one, other = ({k: v for k, v in flight.record.items() if k not in APART} for flight in (first, second))
    return list(changed(one, other))


def setting(first: FinishedFlight, second: FinishedFlight) -> list[Changed]:
    """Versions and data that differ: of the program, its packages, and the files it read."""
    keys = ("tiangong_sim", "python", "packages", "data_sha256")
    one, other = ({key: flight.manifest.get(key) for key in keys} for flight in (first, second))
    return list(changed(one, other))


def landing(first: FinishedFlight, second: FinishedFlight) -> dict[str, Any]:
    """How far apart the touchdowns are, km, and the ellipses of the landing with what differs; empty without one."""
    one, other = (flight.record.get("landing") for flight in (first, second))
    if not one or not other:
        return {}
    found: dict[str, Any] = {
        "apart_km": round(_apart_km(one, other), 6),
        "first": {key: one[key] for key in ("latitude_deg", "longitude_deg", "from_site_km", "site")},
        "second": {key: other[key] for key in ("latitude_deg", "longitude_deg", "from_site_km", "site")},
    }
    ellipses = [_ellipse(flight) for flight in (first, second)]
    if all(ellipses):
        found["ellipse_first"], found["ellipse_second"] = ellipses
    return found


def _ellipse(flight: FinishedFlight) -> dict[str, float]:
    start = "series/descent/ellipse/"
    rows = {key.removeprefix(start): array for key, array in flight.arrays.items() if key.startswith(start)}
    return {name: float(array) for name, array in rows.items() if array.ndim == 0 and np.isfinite(array)}


def _apart_km(one: Mapping, other: Mapping) -> float:
    """Along a great circle of a round Earth, to half a percent."""
    lat1, lon1, lat2, lon2 = (math.radians(row[f"{k}_deg"]) for row in (one, other) for k in ("latitude", "longitude"))
    half = math.sin(0.5 * (lat2 - lat1)) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(0.5 * (lon2 - lon1)) ** 2
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
