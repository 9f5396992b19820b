"""What each time that is held against the record rests on: an input, calibrated, or a forecast.

It follows from the data of the mission: the sources of the keys that steer an event, and the flights that the profile's
times were fitted to. A key whose source is the record of the very flight that is compared makes its event an input. A
key that rests on that flight among others, on a later one, or on an element set younger than the lift-off makes it
calibrated. What is left is a forecast, and it alone is evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.catalogue.element_sets import element_set, names
from sim.catalogue.facts import facts
from sim.core.epoch import Epoch

OF_RECORD = "record:"  # a source that names an event of [record]
# Event -> the last step of the keys that steer it, and the event that it is counted from.
STEERED = {
    "docked": ((), "liftoff"),
    "contact": ((), "liftoff"),
    "undocking": (("handover_days",), "docked"),
    "touchdown": (("undock_to_landing_h",), "undocking"),
}
APPROACH = ("docked", "contact")


@dataclass(frozen=True)
class Basis:
    """`kind`: "input", "calibrated" or "forecast"; `rests_on`: keys with what stands behind them; `given`: the event
    that it is counted from, itself not a forecast, or empty."""

    kind: str
    rests_on: tuple[str, ...]
    given: str = ""


def basis_of(event: str, raw: Mapping) -> Basis:
    """Of one event of [record]; `raw` is the resolved scenario, as plain tables."""
    sources = raw.get("sources", {})
    own = frozenset(
        name for key, text in sources.items() if key.startswith("record.") for name in _flights(_fact(text))
    )
    found = list(_behind(event, raw, sources))
    inputs = [why for why, flights in found if flights is None or (flights and flights <= own)]
    calibrated = [why for why, flights in found if flights and not flights <= own and _late(flights, own, raw)]
    calibrated += [why for why, flights in _phases(event, raw) if _late(flights, own, raw)]
    before = STEERED.get(event, ((), ""))[1]
    if before not in raw.get("record", {}) or basis_of(before, raw).kind == "forecast":
        before = ""
    if inputs:
        return Basis("input", tuple(inputs), before)
    return Basis("calibrated", tuple(calibrated), before) if calibrated else Basis("forecast", (), before)


def _behind(event: str, raw: Mapping, sources: Mapping[str, str]) -> Iterator[tuple[str, frozenset[str] | None]]:
    """What steers an event in words, and the flights behind it; None where that is the record itself."""
    if event == "liftoff":
        yield from _lift_off(raw, sources)
        return
    if event in APPROACH:
        for name, profile in _profiles(raw):
            yield _fitted(f"the times of the profile {name}", profile.get("fitted_to", ()))
        yield from _younger_elements(raw)
        return
    for key in _keys(raw, STEERED.get(event, ((), ""))[0]):
        yield from _of_source(key, sources.get(key, ""))


def _phases(event: str, raw: Mapping) -> Iterator[tuple[str, frozenset[str]]]:
    """The phases that profiles of the approach begin with, and the flights behind them: no time of the record."""
    if event in APPROACH:
        for name, profile in _profiles(raw):
            yield _fitted(f"the phase of the profile {name}", profile.get("phase_fitted_to", ()))


def _fitted(what: str, named: Sequence[str]) -> tuple[str, frozenset[str]]:
    return f"{what}: {', '.join(named)}", frozenset(name for fact in named for name in _flights(fact))


def _lift_off(raw: Mapping, sources: Mapping[str, str]) -> Iterator[tuple[str, frozenset[str] | None]]:
    given = list(_keys(raw, ("liftoff_utc",)))
    for key in given or _keys(raw, ("plane_bias_s",)):
        yield from _of_source(key, sources.get(key, ""))
    if not given:
        yield from _younger_elements(raw)


def _younger_elements(raw: Mapping) -> Iterator[tuple[str, frozenset[str]]]:
    """The set that the station flies from, where it is younger than the lift-off."""
    name, recorded = raw["station"].get("elements"), raw.get("record", {}).get("liftoff")
    if name in names() and recorded and element_set(name).epoch > Epoch.from_utc(recorded):
        yield f"station.elements: {name}, younger than the lift-off", frozenset({"later"})


def _of_source(key: str, text: str) -> Iterator[tuple[str, frozenset[str] | None]]:
    if text.startswith(OF_RECORD):
        yield f"{key}: {text}", None
    elif name := _fact(text):
        yield f"{key}: {name}", frozenset(_flights(name))


def _fact(text: str) -> str:
    return text.removeprefix("fact:") if text.startswith("fact:") else ""


def _keys(raw: Mapping, last: tuple[str, ...]) -> Iterator[str]:
    """Where the blocks and the sequence of a mission hold keys of these names."""
    for block in ("launch", "stay", "return"):
        yield from (f"{block}.{name}" for name in raw.get(block, {}) if name in last)
    for i, entry in enumerate(raw.get("sequence", ())):
        yield from (f"sequence.{i}.{name}" for name in entry if name in last)


def _profiles(raw: Mapping) -> Iterator[tuple[str, Mapping]]:
    named = raw.get("named", {})
    if "profile" in named:
        yield raw["rendezvous"]["profile"], named["profile"]
    yield from named.get("profiles", {}).items()


def _flights(name: str) -> Iterator[str]:
    """The flights of the record from which a fact, or a part of one, is derived."""
    whole = ".".join(name.split(".")[:2])
    fact = facts().get(whole)
    if fact is None:
        return
    if isinstance(fact.value, Mapping) and "launch" in fact.value:
        yield whole
    for other in _names_in((fact.derive or {}).get("of", ())):
        yield from _flights(other)


def _names_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _names_in(value.get("of", ()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _names_in(part)


def _late(flights: frozenset[str], own: frozenset[str], raw: Mapping) -> bool:
    """Whether one of the flights is compared with, or left later than the one that is."""
    if flights & (own | {"later"}):
        return True
    recorded = raw.get("record", {}).get("liftoff")
    when = Epoch.from_utc(recorded) if recorded else None
    return when is not None and any(Epoch.from_utc(facts()[f].table["launch"]) > when for f in flights)
