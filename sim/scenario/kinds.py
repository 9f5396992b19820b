"""The building blocks of the file models: strict tables, numbers with a range, times, names and sources."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.fields import FieldInfo

from sim.core.dates import EARLIEST_UTC, LATEST_UTC, WHY, flown
from sim.core.epoch import Epoch

_LIKE = "a UTC time like 2026-10-24T15:06:00Z"


class Table(BaseModel):
    """A TOML table: no unknown keys, no conversions between types, no NaN and no infinity."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def within(low: float, high: float) -> FieldInfo:
    """The limits of a number, both included: `mass_kg: Annotated[float, within(1, 9)]`."""
    return Field(ge=low, le=high)


def length(shortest: int, longest: int) -> FieldInfo:
    """How many items an array has: `Annotated[tuple[Burn, ...], length(1, 9)]`. TOML has lists only: not strict."""
    return Field(min_length=shortest, max_length=longest, strict=False)


Item = TypeVar("Item")
Pair = Annotated[tuple[Item, ...], length(2, 2)]
Triple = Annotated[tuple[Item, ...], length(3, 3)]  # a vector: `Triple[Annotated[float, within(-1, 1)]]`


def _utc(text: str) -> str:
    if not flown(Epoch.from_utc(text)):
        raise ValueError(f"a time between {EARLIEST_UTC} and {LATEST_UTC}")
    return text


Utc = Annotated[
    str,
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "description": f"{_LIKE}, from {EARLIEST_UTC} to {LATEST_UTC}: {WHY}"}),
]


def _day(text: str) -> str:
    _utc(f"{text}T00:00:00Z")
    return text


Day = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a day of UTC, like 2026-10-24"),
    AfterValidator(_day),
]

# A craft's name becomes part of a file name, so it may hold nothing that means something to a file system.
Craft = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="a name of lower-case letters, digits and dashes"),
]
Words = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,300}$", description="one line of text, 300 characters at most")
]
# It becomes a line of an OEM, which may have 254 characters with the key before it (CCSDS 502.0).
Name = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$", description="one line of text, 200 characters at most")
]
Reference = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,300}$", description="a catalogue name, or a path ending in .toml")
]
Elements = Annotated[
    str,
    Field(
        pattern=r"^[^\x00-\x1f\x7f]{1,300}$", description="a shipped set, or the path of a TLE or OMM file from here"
    ),
]
SetIndex = Annotated[
    int, within(0, 1_000_000), Field(description="which element set of the file, from 0 in the order of the file")
]
CatalogueNumber = Annotated[
    int, within(0, 999_999_999), Field(description="the catalogue number of the object, where the file holds several")
]
Source = Annotated[
    str,
    Field(
        pattern=r"^(fact:[a-z0-9_.-]+|record:[a-z_]+|assumed(:\s.*)?)$",
        description="'fact:NAME', 'record:EVENT', 'assumed' or 'assumed: WHY'",
    ),
]
Sources = dict[str, Source]


class File(Table):
    """What every file begins with: the version of the format, what kind of thing it is, its name in words."""

    schema_: Annotated[int, Field(ge=1, le=1, alias="schema")]
    name: Name
    sources: Sources = {}
