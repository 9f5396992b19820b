"""The tables of an orbit file that hold a state, checked key by key: plain values, every problem at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from sim.files.problems import nearest, shown
from sim.interchange.problems import Faults


@dataclass(frozen=True)
class OneOf:
    """One of some words; the first where the key is missing."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A finite number from `low` to `high`, or less than `high` where that is `below`."""

    low: float = -math.inf
    high: float = math.inf
    required: bool = True
    below: bool = False

    @property
    def allowed(self) -> str:
        if self.low == -math.inf:
            return "a finite number"
        return f"a number from {self.low:g} to {'less than ' * self.below}{self.high:g}"

    def holds(self, value: float) -> bool:
        return math.isfinite(value) and self.low <= value <= self.high and not (self.below and value == self.high)


class Vector:
    """Three finite numbers."""


Kind = OneOf | Number | Vector
INERTIAL = ("gcrf", "eme2000", "teme")
FRAMES = (*INERTIAL, "itrf")
VECTOR: dict[str, Kind] = {"frame": OneOf(FRAMES), "position_m": Vector(), "velocity_m_s": Vector()}
KEPLERIAN: dict[str, Kind] = {
    "frame": OneOf(INERTIAL),
    "semi_major_axis_m": Number(),
    "eccentricity": Number(0.0, 1.0, below=True),
    "inclination_deg": Number(0.0, 180.0),
    "raan_deg": Number(-360.0, 360.0),
    "argument_of_perigee_deg": Number(-360.0, 360.0),
    "true_anomaly_deg": Number(-360.0, 360.0, required=False),
    "mean_anomaly_deg": Number(-360.0, 360.0, required=False),
}


def read_table(table: object, kinds: dict[str, Kind], key: str, faults: Faults) -> dict:
    """The values that are good, by key; what is wrong goes to `faults` under `key`."""
    if not isinstance(table, dict):
        faults.add(key, shown(table), f"a table of {', '.join(kinds)}")
        return {}
    for name in table.keys() - kinds.keys():
        faults.add(f"{key}.{name}", "an unknown key", ", ".join(kinds), nearest=nearest(str(name), kinds))
    given = {}
    for name, kind in kinds.items():
        where = f"{key}.{name}"
        if name not in table:
            if isinstance(kind, OneOf):
                given[name] = kind.words[0]
            elif isinstance(kind, Vector) or kind.required:
                faults.add(where, missing(name, table), allowed(kind))
        elif good(table[name], kind):
            given[name] = value_of(table[name], kind)
        else:
            faults.add(where, found(table[name]), allowed(kind), nearest=_nearest_word(table[name], kind))
    return given


def missing(name: str, keys: Iterable[str]) -> str:
    """`nothing`, or the key that may have been meant."""
    candidate = nearest(name, (str(word) for word in keys))
    return f"nothing (but '{candidate}')" if candidate and candidate != name else "nothing"


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def good(value: object, kind: Kind) -> bool:
    if isinstance(kind, OneOf):
        return value in kind.words if isinstance(value, str) else False
    if isinstance(kind, Vector):
        return isinstance(value, list | tuple) and len(value) == 3 and all(map(is_number, value))
    return is_number(value) and kind.holds(float(value))


def value_of(value, kind: Kind):
    if isinstance(kind, OneOf):
        return value
    return [float(x) for x in value] if isinstance(kind, Vector) else float(value)


def allowed(kind: Kind) -> str:
    if isinstance(kind, OneOf):
        return ", ".join(kind.words)
    return "three finite numbers" if isinstance(kind, Vector) else kind.allowed


def found(value: object) -> str:
    """The value, and of a short array its members, since one of them is at fault."""
    if isinstance(value, list | tuple) and len(value) == 3:
        return f"[{', '.join(shown(x) for x in value)}]"
    return shown(value)


def _nearest_word(value: object, kind: Kind) -> str | None:
    return nearest(value, kind.words) if isinstance(kind, OneOf) and isinstance(value, str) else None
