"""Where a file's values come from: sources stand at keys of the file, and a fact agrees with what it is given for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from sim.catalogue.element_sets import UnknownName
from sim.catalogue.facts import facts
from sim.catalogue.facts import value as value_of
from sim.core.epoch import Epoch
from sim.files.problems import Path, at, dotted, index, listed, nearest
from sim.scenario.view import Finding, View

# unit -> (what it measures, how many of the first unit of that kind); any other unit agrees with itself alone
UNITS = {
    "m": ("length", 1.0),
    "km": ("length", 1e3),
    "kg": ("mass", 1.0),
    "t": ("mass", 1e3),
    "N": ("force", 1.0),
    "kN": ("force", 1e3),
    "s": ("time", 1.0),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "days": ("time", 86400.0),
}
# how the keys write a unit; the longest ending that fits is the one
ENDINGS = {
    "m": "m",
    "km": "km",
    "kg": "kg",
    "t": "t",
    "n": "N",
    "kn": "kN",
    "s": "s",
    "min": "min",
    "h": "h",
    "days": "days",
    "deg": "deg",
    "m2": "m^2",
    "g": "g",
    "m_s": "m/s",
    "km_s": "km/s",
    "deg_s": "deg/s",
    "rad_s": "rad/s",
    "per_s": "1/s",
    "n_m2": "N/m^2",
    "kg_m3": "kg/m^3",
    "m_s2": "m/s^2",
}
EQUAL = 1e-9  # what binary rounding in a change of units may take, as a fraction


def source_keys(view: View) -> Iterator[Finding]:
    """A source is given for something that stands in the file, and a fact that it names is one."""
    missing = {tuple(str(step) for step in path) for path in view.bad}
    for key in view.keys("sources"):
        try:
            at(view.raw, key.split("."))
        except KeyError:
            if tuple(key.split(".")) in missing:  # that it is not there has a line of its own
                continue
            paths = [dotted(p) for p in _paths(view.raw) if p[0] != "sources"]
            found = "a source for a key that is not in the file"
            yield Finding(("sources", key), found, "a key path of it", nearest(key, paths))
        name = _fact_named(view, key)
        if name and not _known(name):
            whole = facts().get(_whole(name))
            allowed = f"a part of {whole}" if whole else "a fact that `tiangong facts` knows"
            yield Finding(("sources", key), f"'fact:{name}'", allowed, None if whole else nearest(name, facts()))


def source_values(view: View) -> Iterator[Finding]:
    """A number or an instant whose source is a fact is that fact's, within its uncertainty."""
    for key in view.keys("sources"):
        name = _fact_named(view, key)
        steps = key.split(".")
        value = view(*(step if (place := index(step)) is None else place for step in steps))
        if value is None or not name or not _known(name):
            continue
        known, allowed = value_of(name), None
        if _numeric(value):
            unit, its = unit_of(key), _unit_of_fact(name)
            if isinstance(known, Mapping):
                allowed = f"a part of it that is a number, of {listed(f'{name}.{part}' for part in known)}"
            elif _numeric(known) and unit and not _same_kind(unit, its):
                allowed = f"a fact in {unit}; this one is in {its}"
            elif _numeric(known) and not _agree(value, known, name, _factor(unit, its)):
                allowed = f"what the fact says, {_value_in_words(name)}"
            value = f"{value} {unit}".rstrip()
        elif (instant := _instant(value)) and (other := _instant(known)) and instant != other:
            allowed = f"what the fact says, {known}"
        if allowed:
            yield Finding(("sources", key), f"'fact:{name}' for {value}", f'{allowed}; or "assumed: why {value}"')


SOURCES = (source_keys, source_values)


def without_source(raw: dict) -> list[str]:
    """The numbers of a file (an array of numbers is one) that neither a source of their own nor one of a table around
    them covers, by key path."""
    outer = (*raw.get("sources", {}),)
    tables = tuple(f"{key}." for key in outer)
    return [
        key
        for path, value, holder in _entries(raw)
        if _numeric(value)
        and path[0] not in ("sources", "schema")
        and not isinstance(holder, list)  # its array has the source
        and not (isinstance(holder, dict) and "source" in holder)  # a dispersion has its own
        and not ((key := dotted(path)) in outer or key.startswith(tables))
    ]


def unit_of(key: str) -> str:
    """The unit that the name of a key ends with; empty for a key without one."""
    words = next((step for step in reversed(key.split(".")) if not step.isdecimal()), "").split("_")
    endings = ("_".join(words[i:]) for i in range(1, len(words)))
    return next((ENDINGS[ending] for ending in endings if ending in ENDINGS), "")


# ---- facts, by the name of a whole one or of a part


def _fact_named(view: View, key: str) -> str | None:
    source = view("sources", key)
    return source.removeprefix("fact:") if source and source.startswith("fact:") else None


def _known(name: str) -> bool:
    try:
        value_of(name)
    except UnknownName:
        return False
    return True


def _whole(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _unit_of_fact(name: str) -> str:
    """The unit of a table's part stands in the part's name; `deg E` and `deg N (geodetic)` are degrees."""
    unit = unit_of(name) if name != _whole(name) else ""
    unit = unit or facts()[_whole(name)].unit
    return "deg" if unit.startswith("deg ") else unit


def _spread(name: str) -> float:
    """The uncertainty of a fact as a number in its unit; 0 where it is written in words or not at all."""
    try:
        return float(facts()[_whole(name)].uncertainty)
    except ValueError:
        return 0.0


def _value_in_words(name: str) -> str:
    spread = f" +- {_spread(name):g}" if _spread(name) else ""
    return f"{value_of(name)}{spread} {_unit_of_fact(name)}"


# ---- agreement


def _numeric(x: object) -> bool:
    if isinstance(x, list):
        return bool(x) and all(_numeric(item) for item in x)
    return isinstance(x, int | float) and not isinstance(x, bool)


def _same_kind(unit: str, other: str) -> bool:
    return UNITS.get(unit, (unit,))[0] == UNITS.get(other, (other,))[0]


def _factor(unit: str, its: str) -> float:
    """How many of the fact's unit one of the key's is. A key without a unit is taken in the fact's."""
    return UNITS.get(unit, (unit, 1.0))[1] / UNITS.get(its, (its, 1.0))[1] if unit else 1.0


def _agree(value, known, name: str, factor: float) -> bool:
    """An array agrees item by item. A number agrees with a range of two when it lies in it, ends included: the ends are
    its uncertainty; with a longer list, when it is one of it."""
    spread = _spread(name)
    if isinstance(value, list):
        same_shape = isinstance(known, list) and len(known) == len(value)
        return same_shape and all(_agree(a, b, name, factor) for a, b in zip(value, known, strict=True))
    if isinstance(known, list) and len(known) == 2 and not any(isinstance(x, list) for x in known):
        return any(_near(value * factor, x, 0.0) for x in known) or min(known) < value * factor < max(known)
    if isinstance(known, list):
        return any(_agree(value, x, name, factor) for x in known)
    return _near(value * factor, known, spread)


def _near(a: float, b: float, spread: float) -> bool:
    """Within the spread, its edge left out: who writes the edge has chosen it, and can say why."""
    return math.isclose(a, b, rel_tol=EQUAL) or (abs(a - b) < spread and not math.isclose(abs(a - b), spread))


def _instant(x: object) -> Epoch | None:
    try:
        return Epoch.from_utc(x) if isinstance(x, str) else None
    except ValueError:
        return None


# ---- key paths


def _paths(value: object) -> Iterator[Path]:
    return (path for path, _, _ in _entries(value))


def _entries(holder: object, path: Path = ()) -> Iterator[tuple[Path, object, object]]:
    """(path, value, the table or array that holds it) of everything inside, from the outside in."""
    items = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
    for step, value in items:
        yield (*path, step), value, holder
        yield from _entries(value, (*path, step))
