"""Records as named arrays, and back: one way for every kind, led by the fields of its dataclasses.

A history or a group of limits is stored as `name/column`. Of several histories in a field `views` the first is stored
under `view_0`. A column that is a mapping, as `on_s`, is stored as one column a key, with the field's unit behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from sim.core.figures import choices
from sim.files.errors import TiangongError

T = TypeVar("T")
Arrays = Mapping[str, np.ndarray]


class MissingArray(TiangongError):
    """An array that a stored flight has not got: it was written by another version."""


def record_arrays(record: Any) -> dict[str, np.ndarray]:
    """Every array of a record but its figures, as `history/column`."""
    found: dict[str, np.ndarray] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "figures" or value is None:
            continue
        if isinstance(value, tuple):
            for i, part in enumerate(value):
                found |= {f"{_numbered(field.name, i)}/{key}": column for key, column in _columns(part).items()}
        else:
            found |= {f"{field.name}/{key}": column for key, column in _columns(value).items()}
    return found


def read_record(kind: type[T], figures: Any, arrays: Arrays) -> T:
    """The record of a kind from its figures and its arrays by name; MissingArray where one is not there."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # the class of a record, a dataclass
        hint = hints[field.name]
        (part,) = choices(hint)
        if field.name == "figures":
            values["figures"] = figures
        elif get_origin(part) is tuple:
            count = 0
            while _under(_numbered(field.name, count), arrays):
                count += 1
            groups = (_under(_numbered(field.name, i), arrays) for i in range(count))
            values[field.name] = tuple(_read_group(get_args(part)[0], group, kind.__name__) for group in groups)
        else:
            group = _under(field.name, arrays)
            lacking = not group and field.default is None
            values[field.name] = None if lacking else _read_group(part, group, f"{kind.__name__}.{field.name}")
    return kind(**values)


def figures_kind(kind: type) -> Any:
    """The dataclass of the figures that a kind of record has."""
    (found,) = choices(get_type_hints(kind)["figures"])
    return found


def _numbered(name: str, i: int) -> str:
    return f"{name.removesuffix('s')}_{i}"


def _under(name: str, arrays: Arrays) -> dict[str, np.ndarray]:
    start = name + "/"
    return {key[len(start) :]: value for key, value in arrays.items() if key.startswith(start)}


def _unit(name: str) -> str:
    """`on_s` -> `_s`."""
    return name[name.index("_") :]


def _columns(group: Any) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for field in fields(group):
        value = getattr(group, field.name)
        if isinstance(value, Mapping):
            found |= {f"{key}{_unit(field.name)}": np.asarray(column) for key, column in value.items()}
        else:
            found[field.name] = np.asarray(value)
    return found


def _read_group(kind: type[Any], stored: dict[str, np.ndarray], where: str) -> Any:
    """A history or a group of limits from its columns."""
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    values: dict[str, Any] = {}
    for field in fields(kind):
        hint = hints[field.name]
        if get_origin(hint) is not None:
            unit = _unit(field.name)  # of several such fields each takes the columns with its own
            rest = {key: column for key, column in stored.items() if key not in names and key.endswith(unit)}
            values[field.name] = {key.removesuffix(unit): column for key, column in rest.items()}
        elif field.name not in stored:
            raise MissingArray(f"{where} has no '{field.name}'; it has {', '.join(stored) or 'nothing'}")
        else:
            column = stored[field.name]
            values[field.name] = column if hint is np.ndarray else hint(column.item())
    return kind(**values)
