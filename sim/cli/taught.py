"""What a command says of an option whose value is no number: what was found, and what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand

# What typer says, in its own words or in those of click or pydantic, and what to write instead.
KINDS = {
    "valid integer": "a whole number, such as 7",
    "valid int": "a whole number, such as 7",
    "valid number": "a number, such as 7 or 0.5",
    "valid float": "a number, such as 7 or 0.5",
}


class Command(TyperCommand):
    """A command of typer's; other packages' words about a value that is no number are replaced."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = list(args)  # it is used up while it is read
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            # Versions of typer have an exception of click's or of their own; both hold a message and the parameter.
            words, parameter = getattr(error, "message", None), getattr(error, "param", None)
            if isinstance(words, str) and parameter is not None:
                error.message = taught(words, _value(given, parameter))  # type: ignore[attr-defined]  # as was looked at
            raise


class Teaching(typer.Typer):
    """An app whose commands are such ones."""

    def command(self, name: str | None = None, **options: Any) -> Any:
        return super().command(name, **{"cls": Command, **options})


def taught(words: str, value: str | None) -> str:
    """The sentence, where it is about a number; any other as it is."""
    allowed = next((kind for phrase, kind in KINDS.items() if phrase in words), None)
    if allowed is None:
        return words
    return f"found '{value}'; write {allowed}" if value is not None else f"found no number; write {allowed}"


def _value(given: Sequence[str], parameter: Any) -> str | None:
    """What stands behind the option on the command line; None for an argument, or where it is not found."""
    names = (*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ()))
    found = None
    for k, word in enumerate(given):
        name, equal, value = word.partition("=")
        if name in names:
            found = value if equal else (given[k + 1] if k + 1 < len(given) else None)
    return found
