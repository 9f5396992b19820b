"""The facts that every run grows from: each with unit, uncertainty, kind and source (seeds/facts, seeds/sources.toml).

Where an article and the record disagree both stand, and point at each other. A derived fact carries the recipe it was
made with, in a closed vocabulary (`OPERATIONS`) that is looked up and never evaluated as code.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from typing import Any

from sim.catalogue import element_sets
from sim.catalogue.element_sets import UnknownName
from sim.core.epoch import Epoch
from sim.files import packaged
from sim.files.problems import index

KINDS = {
    "reported": "a text says it",
    "record": "the public record",
    "derived": "recomputed from other facts",
    "assumed": "chosen, nothing is published",
}
SEVERAL = ("source", "corrects", "corrected_by", "see")  # keys that hold one name or several
EARTH_FLATTENING = 1.0 / 298.257223563  # WGS-84
EARTH_RADIUS_KM = 6378.137
MU_KM3_S2 = 398600.4418


@dataclass(frozen=True)
class Source:
    """Where facts come from; `title` is the publication's own where known, else a description."""

    key: str
    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    note: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title, self.publisher, self.date, self.url) if part)


@dataclass(frozen=True)
class Fact:
    """One entry: `name` is `topic.name`; `value` a number, text, list or table; times are UTC, ISO 8601."""

    name: str
    value: object
    unit: str
    kind: str
    source: tuple[str, ...]
    uncertainty: str = ""
    confidence: str = ""
    note: str = ""
    where: str = ""  # place in the source
    derive: Mapping | None = None  # recipe: {op, of, digits}
    method: str = ""  # for what was computed from more than facts: how
    corrects: tuple[str, ...] = ()
    corrected_by: tuple[str, ...] = ()
    see: tuple[str, ...] = ()  # the record's own figure where it agrees, or goes further

    @property
    def topic(self) -> str:
        return self.name.partition(".")[0]

    @property
    def number(self) -> float:
        """The value of a fact that is one number, as its file writes it; TypeError for another."""
        return self._as(float, int)

    @property
    def numbers(self) -> list[float]:
        """The value of a fact that is a list of numbers."""
        return self._as(list)

    @property
    def table(self) -> dict[str, Any]:
        """The value of a fact that is a table, such as a mission's times."""
        return self._as(dict)

    def _as(self, *kinds: type) -> Any:
        if not isinstance(self.value, kinds):
            raise TypeError(f"{self.name} is {_text(self.value)}, not a {' or '.join(k.__name__ for k in kinds)}")
        return self.value

    def __str__(self) -> str:
        unit = "" if self.unit in ("-", "date", "UTC") else f" {self.unit}"  # a date shows that it is one
        spread = f" +- {self.uncertainty}" if re.match(r"[\d.]", self.uncertainty) else ""
        return f"{self.name} = {_text(self.value)}{spread}{unit}"


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Fact]:
    """All facts by name; the topic is the name of the file."""
    found = {}
    for file in packaged.names("seeds/facts"):
        for topic, entries in packaged.toml(file).items():
            for key, entry in entries.items():
                name = f"{topic}.{key}"
                keys: dict[str, Any] = {k: _several(v) if k in SEVERAL else v for k, v in entry.items()}
                found[name] = Fact(name, **keys)
    return found


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Source]:
    """All sources by key."""
    return {key: Source(key, **entry) for key, entry in packaged.toml("seeds/sources.toml").items()}


def fact(name: str) -> Fact:
    """The fact of that name, e.g. `shenzhou.launch_mass`."""
    if name not in facts():
        raise UnknownName("fact", name, facts())
    return facts()[name]


def value(path: str) -> object:
    """The value of a fact, or a part of it: `missions.sz_19.landed`, `jiuquan.insertion_orbit.0`."""
    topic, _, rest = path.partition(".")
    key, *parts = rest.split(".")
    found = fact(f"{topic}.{key}").value
    for part in parts:
        if isinstance(found, list) and (place := index(part)) is not None and place < len(found):
            found = found[place]
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            raise UnknownName(f"part of the fact {topic}.{key}", part, found if isinstance(found, Mapping) else ())
    return found


def search(text: str) -> list[Fact]:
    """Facts that hold every word of `text` in their name, value, note or source; all facts for an empty text."""
    words = text.lower().split()

    def page(f: Fact) -> str:
        return " ".join((str(f), f.note, f.kind, *(f"{key} {sources()[key]}" for key in f.source))).lower()

    return [f for f in facts().values() if all(word in page(f) for word in words)]


def recompute(f: Fact) -> object | None:
    """The value that the recipe of a derived fact gives today, rounded as the recipe says; None without a recipe."""
    if f.derive is None:
        return None
    found, digits = _evaluate(f.derive), f.derive.get("digits")
    if digits is None:
        return found
    if isinstance(found, list):
        return [round(x, digits) for x in found]
    assert isinstance(found, int | float), f"{f.name} has digits, so its recipe makes a number"
    return round(found, digits)


def explain(f: Fact) -> list[str]:
    """Lines for a fact: value, source, derivation, and values that disagree with it."""
    lines = [str(f), f"  kind: {f.kind} ({KINDS[f.kind]}); confidence: {f.confidence}"]
    lines += [f"  source: {sources()[key]} [{key}]" for key in f.source]
    if f.where:
        lines.append(f"  where: {f.where}")
    if f.derive is not None:
        lines.append(f"  recipe: {_recipe(f.derive)} = {_text(recompute(f))}")
    if f.method:
        lines.append(f"  method: {f.method}")
    if f.note:
        lines.append(f"  note: {f.note}")
    lines += [f"  corrects: {fact(name)}" for name in f.corrects]
    lines += [f"  corrected by: {fact(name)}" for name in f.corrected_by]
    return lines + [f"  see also: {fact(name)}" for name in f.see]


def _several(entry: str | list[str]) -> tuple[str, ...]:
    """One name or several."""
    return (entry,) if isinstance(entry, str) else tuple(entry)


def _text(x: object) -> str:
    if isinstance(x, Mapping):
        return "{" + ", ".join(f"{key}: {_text(part)}" for key, part in x.items()) + "}"
    if isinstance(x, list):
        return "[" + ", ".join(map(_text, x)) + "]"
    return str(x)


def _recipe(recipe: Mapping) -> str:
    return f"{recipe['op']}({', '.join(_recipe(x) if isinstance(x, Mapping) else str(x) for x in recipe['of'])})"


def _evaluate(recipe: Mapping) -> object:
    if recipe["op"] not in OPERATIONS:
        raise UnknownName("operation", recipe["op"], OPERATIONS)
    return OPERATIONS[recipe["op"]](*(_argument(x) for x in recipe["of"]))


def _argument(x: object) -> object:
    """A number, a time, a nested recipe, a fact, or `elements:NAME.field` (with * in NAME: a list over the sets)."""
    if isinstance(x, Mapping):
        return _evaluate(x)
    if not isinstance(x, str) or re.match(r"\d{4}-\d\d", x):
        return x
    if not x.startswith("elements:"):
        return value(x)
    pattern, _, field = x.removeprefix("elements:").rpartition(".")
    if "*" not in pattern:
        return getattr(element_sets.element_set(pattern), field)
    return [getattr(element_sets.element_set(name), field) for name in element_sets.names() if fnmatch(name, pattern)]


def _flat(args: tuple) -> list:
    return [x for arg in args for x in (arg if isinstance(arg, list) else [arg])]


def _seconds(start, end) -> float:
    start, end = (t if isinstance(t, Epoch) else Epoch.from_utc(t) for t in (start, end))
    return end.since(start)


def _mean_altitude_km(rev_day: float) -> float:
    """Semi-major axis of a mean motion by Kepler's third law, less the equatorial radius."""
    return (MU_KM3_S2 / (rev_day * 2.0 * math.pi / 86400.0) ** 2) ** (1.0 / 3.0) - EARTH_RADIUS_KM


def _launch_azimuth_deg(inclination_deg: float, latitude_deg: float) -> float:
    """Inertial azimuth into a plane on the ascending branch: sin A = cos i / cos latitude."""
    return math.degrees(math.asin(math.cos(math.radians(inclination_deg)) / math.cos(math.radians(latitude_deg))))


def _geocentric_latitude_deg(geodetic_deg: float) -> float:
    """On the ellipsoid: tan(geocentric) = (1 - f)^2 tan(geodetic)."""
    return math.degrees(math.atan((1.0 - EARTH_FLATTENING) ** 2 * math.tan(math.radians(geodetic_deg))))


OPERATIONS: dict[str, Callable[..., Any]] = {  # of numbers, times and lists, whatever a recipe gives them
    "sum": lambda *a: sum(_flat(a)),
    "difference": lambda a, b: a - b,
    "product": lambda *a: math.prod(_flat(a)),
    "ratio": lambda a, b: a / b,
    "mean": lambda *a: statistics.mean(_flat(a)),
    "median": lambda *a: statistics.median(_flat(a)),
    "count": lambda *a: len(_flat(a)),
    "list": lambda *a: list(a),
    "seconds_between": _seconds,
    "minutes_between": lambda a, b: _seconds(a, b) / 60.0,
    "hours_between": lambda a, b: _seconds(a, b) / 3600.0,
    "days_between": lambda a, b: _seconds(a, b) / 86400.0,
    "mean_altitude_km": _mean_altitude_km,
    "launch_azimuth_deg": _launch_azimuth_deg,
    "geocentric_latitude_deg": _geocentric_latitude_deg,
}
