"""The command `man`: the manual page of `tiangong`, made from what the commands say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from sim import __version__
from sim.cli.conventions import ENVIRONMENT, INTERRUPTED
from sim.cli.options import Place

FILES = (
    ("report.html", "one page with everything: summary, rules with margins, timeline, pictures, assumed values"),
    ("flight.json", "legs, events, crew, rule checks; the same bytes for the same mission file"),
    ("events.csv", "the timeline in UTC, mission time and Beijing time"),
    ("manifest.json", "versions, hashes of the data, the mission as it was resolved"),
)
CODES = (
    (0, "done"),
    (2, "bad input: a file, a key, an option, a place for results"),
    (3, "the mission cannot be flown, or flew and broke a rule"),
    (ENVIRONMENT, "the machine, or the data that come with the program"),
    (INTERRUPTED, "interrupted"),
)
VARIABLES = (
    ("NUMBA_CACHE_DIR", "where compiled code is kept, instead of the user's cache"),
    ("TIANGONG_DEBUG", "1 shows where an internal error happened"),
)


def man(
    ctx: typer.Context,
    out: Annotated[
        Place,
        typer.Option("--out", metavar="FILE", help="Write the page to FILE, as tiangong.1, instead of printing it."),
    ] = None,
) -> None:
    """Print the manual page: tiangong man | man -l -"""
    page = "\n".join(roff(ctx.find_root().command)) + "\n"
    if out is None:
        print(page, end="")
        return
    from sim.files.errors import BadInput

    try:
        out.write_text(page, "utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise BadInput(
            f"{out}: cannot be written ({error.strerror}); choose a file in a directory that is there"
        ) from None
    print(out)


def roff(command: Any) -> Iterator[str]:
    """The page in the man macros of roff, line by line, from the parser of the whole command."""
    yield f'.TH TIANGONG 1 "" "tiangong-sim {__version__}" "User Commands"'
    yield from (".SH NAME", f"tiangong \\- {_text(_first(command.help)).rstrip('.')}")
    yield from (".SH SYNOPSIS", ".B tiangong", ".I COMMAND", "[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]")
    yield from (".SH DESCRIPTION", *_paragraphs(command.help))
    yield from (".SH OPTIONS", *_parameters(command))
    yield ".SH COMMANDS"
    for name, inner in _commands(command, ""):
        yield from (f".SS {_text(_usage(name, inner))}", *_paragraphs(inner.help), *_parameters(inner))
    yield from (".SH EXIT STATUS", *_list([(str(code), words) for code, words in CODES]))
    yield from (".SH ENVIRONMENT", *_list(VARIABLES))
    yield from (".SH FILES", "In the directory that \\fB\\-\\-out\\fR of \\fBrun\\fR names:", *_list(FILES))
    yield from (".SH EXAMPLES", ".nf", "tiangong run shenzhou\\-24\\-pakistan \\-\\-out flight")
    yield from ("tiangong init \\-\\-from shenzhou\\-24\\-pakistan my\\-mission.toml", ".fi")


def _commands(command: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, a group before what it holds."""
    for name, inner in sorted(command.commands.items()):
        if not inner.hidden:
            yield f"{before}{name}", inner
            if getattr(inner, "commands", None):
                yield from _commands(inner, f"{before}{name} ")


def _usage(name: str, command: Any) -> str:
    words = [name]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            word = parameter.metavar or parameter.name.upper()
            words.append(word if parameter.required or word.startswith("[") else f"[{word}]")
    return " ".join(words)


def _parameters(command: Any) -> Iterator[str]:
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            shown = f"\\fI{_text(parameter.metavar or parameter.name.upper())}\\fR"
        else:
            value = "" if parameter.is_flag else f" \\fI{_text(parameter.metavar or 'VALUE')}\\fR"
            shown = (
                ", ".join(f"\\fB{_text(option)}\\fR" for option in (*parameter.opts, *parameter.secondary_opts)) + value
            )
        yield from (".TP", shown, _line(getattr(parameter, "help", None) or ""))


def _list(rows: Any) -> Iterator[str]:
    for term, words in rows:
        yield from (".TP", f"\\fB{_text(term)}\\fR", _line(words))


def _paragraphs(words: str | None) -> Iterator[str]:
    for block in (words or "").replace("\f", "").split("\n\n"):
        yield from (".PP", _line(block.replace("\b", "")))


def _first(words: str | None) -> str:
    return (words or "").split("\n\n")[0].replace("\n", " ")


def _line(words: str) -> str:
    """A text as one line; one that begins with a dot or an apostrophe would be a command of roff."""
    line = _text(" ".join(words.split()))
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _text(words: str) -> str:
    return words.replace("\\", "\\e").replace("-", "\\-")
