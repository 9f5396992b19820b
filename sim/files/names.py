"""Names that are no valid text: what a file system or a shell hands over may be any bytes.

Python holds a byte that is not of the machine's encoding as a lone surrogate, U+DC80 to U+DCFF, so that the name still
opens its file. Written into a file or a picture it would be an error; there it is read as UTF-8, and a byte that is not
UTF-8 stands as `\\xe9`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

_LONE = re.compile("[\ud800-\udfff]+")


def readable(text: str) -> str:
    """The text with letters alone, for a person to read; most texts are that already."""
    return text if text.isascii() else _LONE.sub(_letters, text)


def as_path(name: str) -> str:
    """A path that stands in a file, which is UTF-8, as Python names it on this machine.

    They differ where the machine's encoding has not got these letters, as under LC_ALL=C without UTF-8 mode.
    """
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return os.fsdecode(name.encode("utf-8", "replace"))
    return name


def typed(text: str) -> str | None:
    """What was typed on a command line, as letters; None where its bytes are not UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return None


def as_json(
    value: object,
    encoding: str | None = "utf-8",
    default: Callable[[object], Any] | None = None,
    exact: bool = False,
) -> str:
    """JSON that every reader takes: NaN refused, names readable, and what the encoding has not got escaped.

    `exact`: for our own reading, where such names come back as they were; not every reader of JSON takes them.
    """
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=default)
    if not text.isascii():
        text = _LONE.sub(_escaped if exact else _letters_in_json, text)
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), indent=1)
    return text


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in found[0])


def _letters_in_json(found: re.Match[str]) -> str:
    return _letters(found).replace("\\", "\\\\")


def _letters(found: re.Match[str]) -> str:
    """Lone surrogates as the bytes that they stand for, read as UTF-8; others, which stand for none, as U+FFFD."""
    given = re.sub("[^\udc80-\udcff]", "\ufffd", found[0])
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
