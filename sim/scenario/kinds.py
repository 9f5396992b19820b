"""The building blocks of the file models: strict tables, numbers with a range, times, names and sources."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from sim.core.epoch import Epoch

EARLIEST_UTC, LATEST_UTC = "1972-01-01T00:00:00Z", "2050-01-01T00:00:00Z"  # leap seconds begin; the ephemeris ends
_LIKE = "a UTC time like 2026-10-24T15:06:00Z"
_EARLIEST, _LATEST = Epoch.from_utc(EARLIEST_UTC), Epoch.from_utc(LATEST_UTC)


class Table(BaseModel):
    """A TOML table: no unknown keys, no conversions between types, no NaN and no infinity."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def number(low: float, high: float):
    """The type of a number from `low` to `high`, both included."""
    return Annotated[float, Field(ge=low, le=high)]


def count(low: int, high: int):
    """The type of a whole number from `low` to `high`, both included."""
    return Annotated[int, Field(ge=low, le=high)]


def series(item, shortest: int, longest: int):
    """The type of an array of `shortest` to `longest` items. TOML has lists only, hence not strict."""
    return Annotated[tuple[item, ...], Field(min_length=shortest, max_length=longest, strict=False)]


def triple(item):
    """The type of a vector of three."""
    return series(item, 3, 3)


def _utc(text: str) -> str:
    if not _EARLIEST <= Epoch.from_utc(text) <= _LATEST:
        raise ValueError(f"a time between {EARLIEST_UTC} and {LATEST_UTC}")
    return text


Utc = Annotated[
    str,
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "description": f"{_LIKE}, from {EARLIEST_UTC} to {LATEST_UTC}"}),
]

# A craft's name becomes part of a file name, so it may hold nothing that means something to a file system.
Craft = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="a name of lower-case letters, digits and dashes"),
]
Words = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,300}$", description="one line of text, 300 characters at most")
]
Reference = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,300}$", description="a catalogue name, or a path ending in .toml")
]
Source = Annotated[
    str, Field(pattern=r"^(fact:[a-z0-9_.-]+|assumed(:\s.*)?)$", description="'fact:NAME', 'assumed' or 'assumed: WHY'")
]
Sources = dict[str, Source]


class File(Table):
    """What every file begins with: the version of the format, what kind of thing it is, its name in words."""

    schema_: Annotated[int, Field(ge=1, le=1, alias="schema")]
    name: Words
    sources: Sources = {}
