"""Figures of a phase as the plain table that `flight.json` holds, and back.

A record's figures are a frozen dataclass: numbers, words, lists and further tables, each key with its unit. A field
with the default None is left out of the table while it is None; any other None is written as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Inline:
    """Marks figures whose keys stand among those of the table that holds them, and not in a table of their own."""


def as_table(figures: Any) -> dict[str, Any]:
    """The keys and values of figures, in the order of their fields; empty for None."""
    table: dict[str, Any] = {}
    if figures is None:
        return table
    for field in fields(figures):
        value = getattr(figures, field.name)
        if value is None and _may_lack(field):
            continue
        if isinstance(value, Inline):
            table |= as_table(value)
        else:
            table[field.name] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_table(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def from_table(kind: type[T], table: Mapping[str, Any]) -> T:
    """Figures of a kind from their table; KeyError with the name of a key that is missing."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # the class of a record, a dataclass
        hint, may_lack = hints[field.name], _may_lack(field)
        inner = _inline(hint)
        if inner is not None:
            present = any(f.name in table for f in fields(inner))
            values[field.name] = None if may_lack and not present else from_table(inner, table)
        elif field.name in table:
            values[field.name] = _read(hint, table[field.name])
        elif not may_lack:
            raise KeyError(f"{kind.__name__} has no '{field.name}'; it has {', '.join(table) or 'nothing'}")
    return kind(**values)


def _may_lack(field: Field) -> bool:
    return field.default is None


def choices(hint: Any) -> list[Any]:
    """The types that a hint allows, without None."""
    found = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return [kind for kind in found if kind is not NoneType]


def _inline(hint: Any) -> Any:
    return next((k for k in choices(hint) if isinstance(k, type) and issubclass(k, Inline)), None)


def _read(hint: Any, value: Any) -> Any:
    """A value of the table in the form that the hint asks for; of several dataclasses the one with these keys."""
    if value is None:
        return None
    for kind in choices(hint):
        if get_origin(kind) is tuple:
            inner = get_args(kind)
            several = inner[0] if inner[-1] is Ellipsis else None
            hints = [several] * len(value) if several is not None else list(inner)
            return tuple(_read(one, item) for one, item in zip(hints, value, strict=True))
        if isinstance(value, Mapping) and is_dataclass(kind):
            if set(value) <= {field.name for field in fields(kind)}:
                return from_table(kind, value)  # type: ignore[arg-type]  # a class, as `fields` above found it
        elif not is_dataclass(kind):
            return value
    raise TypeError(f"{value!r} is none of {', '.join(str(kind) for kind in choices(hint))}")
