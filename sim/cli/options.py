"""Options of the command: those that several commands share, and a way to hand many of them over as one record."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional, get_type_hints

import typer

if TYPE_CHECKING:
    from sim.api.time_span import ElementFile

# `Optional` all over: older versions of typer know no other spelling.
Text = Optional[str]  # noqa: UP007, UP045
Place = Optional[Path]  # noqa: UP007, UP045
Amount = Optional[float]  # noqa: UP007, UP045
Count = Optional[int]  # noqa: UP007, UP045
Many = Optional[list[str]]  # noqa: UP007, UP045


def shipped_names(*kinds: str) -> Callable[[str], list[tuple[str, str]]]:
    """What a shell may complete: (name, title) of the shipped files of these kinds (keys of `list --json`) that begin
    with what is typed; where none does, the shell completes files of its own."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        from sim.catalogue.listing import listing

        known = listing()
        entries = [entry for kind in kinds for entry in known[kind]]
        return [(entry["name"], entry["title"]) for entry in entries if entry["name"].startswith(incomplete)]

    return complete


SetIndex = Annotated[
    Count, typer.Option("--elements-index", metavar="N", help="Which set of that file, from 0 in its order.")
]
SetNumber = Annotated[
    Count, typer.Option("--elements-number", metavar="N", help="The catalogue number of the object in that file.")
]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A mission file, or the name of one that `list` shows.",
        autocompletion=shipped_names("missions"),
    ),
]
Sets = Annotated[
    Many,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key, as launch.perigee_km=205.0; KEY= takes it out."),
]
ProgrammeFile = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A programme file, or the name of one that `list` shows.",
        autocompletion=shipped_names("rotations"),
    ),
]
OF_SCREENING = {  # what a fault calls it -> its option
    "catalogue": "--catalog",
    "start": "--from",
    "days": "--days",
    "within": "--within",
    "radius": "--radius",
    "skip": "--skip",
    "overrides": "--set",
}
CATALOGUE = typer.Option("--catalog", metavar="FILE", help="The catalogue: TLE, or OMM as CSV, JSON, XML or KVN.")
Begin = Annotated[Text, typer.Option("--from", metavar="DATE", help="Begin, UTC: 2026-07-05T12:00:00Z.")]
Days = Annotated[Amount, typer.Option("--days", metavar="N", help="How many days.")]
Skip = Annotated[
    list[int] | None,
    typer.Option("--skip", metavar="NUMBER", help="A catalogue number to leave out; give it again for more."),
]
Raises = Annotated[
    Place,
    typer.Option("--raises", metavar="FILE", help="A plan of raises: station.json, or what `station --json` printed."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go; must not exist yet.")]
Flight = Annotated[
    Text,
    typer.Option("--flight", metavar="SHIP", help="Of a programme: the ship whose flight is flown, as shenzhou-20."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
Pictures = Annotated[
    str,
    typer.Option(
        "--pictures",
        metavar="none|key|all",
        help="Pictures to draw: none, the seven key ones, or all; `tiangong plot DIR` draws the others later.",
    ),
]
Language = Annotated[
    str, typer.Option("--language", metavar="en|zh|ur", help="The language of the plain words: en, zh or ur.")
]
Intervals = Annotated[
    int,
    typer.Option(
        "--intervals", metavar="N", help="Fly N other flights with other truths for the error bars of the forecasts."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace DIR if it holds results of an earlier run.")]


def element_file(path: Path | None, index: int | None, number: int | None) -> ElementFile | None:
    """The file of a target and which set of it; BadInput for a choice without a file to choose from."""
    from sim.api.time_span import ElementFile
    from sim.files.errors import BadInput

    for option, value in (("--elements-index", index), ("--elements-number", number)):
        if value is not None and path is None:
            raise BadInput(f"{option}: found {value} without a file; write --elements FILE beside it")
    return None if path is None else ElementFile(path, index, number)


def with_options(kind: type) -> Callable[[Callable[[Any], None]], Callable[..., None]]:
    """Make a command of one argument, the record `kind`, into a function with a parameter for each of its fields.

    typer reads parameters off a function. A field of the frozen dataclass `kind` is annotated as the parameter would
    be; its default is the option's.
    """
    hints = get_type_hints(kind, include_extras=True)
    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(kind)
    ]

    def decorate(command: Callable[[Any], None]) -> Callable[..., None]:
        @functools.wraps(command)
        def parsed(**values: Any) -> None:
            command(kind(**values))

        parsed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # a function may have one
        parsed.__annotations__ = {name: hints[name] for name in hints} | {"return": None}
        return parsed

    return decorate
