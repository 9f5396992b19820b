"""An outside file as text, or the reason why it is none."""

from __future__ import annotations

from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path

from sim.files.text import label
from sim.interchange.problems import InterchangeError, refusal

LARGEST_BYTES = 64_000_000  # a catalogue of 400,000 objects, or a year of ephemeris at one row a minute

__all__ = ["LARGEST_BYTES", "label", "read_text"]


def read_text(path: Path, what: str) -> str:
    """The text of a file without a byte-order mark; `what` names the kind of file that is expected, in errors."""

    def refuse(found: str) -> InterchangeError:
        return refusal(label(path), "", found, f"{what}, a text file of at most {LARGEST_BYTES // 1_000_000} MB")

    try:
        if path.is_dir():
            raise refuse("a directory")
        if exists(path) and not path.is_file():  # a pipe or a device might never end
            raise refuse("neither a file nor a directory")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise refuse("no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise refuse(f"a file that cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(data) > LARGEST_BYTES:
        raise refuse(f"more than {LARGEST_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(f"something that is not text (byte {error.start} is not UTF-8)") from None
    if not text.strip():
        raise refuse("an empty file")
    if "\x00" in text:
        raise refuse("something that is not text (it holds null bytes)")
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise refuse("a web page (HTML), as servers send with an error")
    return text
