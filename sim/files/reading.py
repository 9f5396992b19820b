"""The one reader of what a user wrote: the bytes of a file, if it is a plain file within a size limit.

Every reader of a user's file comes through here; `tests/test_reading.py` reads the source and holds that. What stands
under a name may be a pipe that nobody writes to, a device without an end, or a disk image: none of them may hang the
program or fill the memory. Only the size is limited here; what the bytes mean is the caller's question.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sim.files.errors import TiangongError

LARGEST_RESULT = 256_000_000  # bytes of a file that the program wrote: ten times the histories of a long mission

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Unreadable(TiangongError):
    """No plain file of that size under the name: `found` says what is there instead, as the end of "found ..."."""

    def __init__(self, path: Path, found: str, missing: bool = False):
        self.path, self.found, self.missing = path, found, missing
        super().__init__(f"{path}: found {found}")


def data(path: Path, largest: int) -> bytes:
    """The bytes of a plain file of at most `largest` bytes; Unreadable where there is none."""
    with _opened(path, largest) as stream:
        found = stream.read(largest + 1)  # files that the system makes up (/proc) have no size before they are read
    if found is None:  # as from a log of the system's, opened without waiting, that has nothing new
        raise Unreadable(path, "a file that gives nothing when it is read")
    if len(found) > largest:
        raise Unreadable(path, f"more than {size(largest)}")
    return found


def lines(path: Path, largest: int, longest: int = 10_000) -> Iterator[str]:
    """The lines of a plain file of at most `largest` bytes, one by one, with question marks for what is no UTF-8.

    For files of which not all is kept. Unreadable where there is no such file, and at a line of more than `longest`
    bytes: what has no line ends is no text.
    """
    with _opened(path, largest) as stream:
        read = 0
        while line := stream.readline(longest + 1):
            read += len(line)
            if len(line) > longest:
                raise Unreadable(path, f"a line of more than {longest} bytes")
            if read > largest:
                raise Unreadable(path, f"more than {size(largest)}")
            yield line.decode("utf-8", "replace")


def text_of(path: Path, largest: int) -> str:
    """The bytes of `data` as text, UTF-8 with or without a byte-order mark; Unreadable where that is none, or blank."""
    return decoded(path, data(path, largest))


def decoded(path: Path, raw: bytes, code: str = "utf-8-sig", null: str = "") -> str:
    """Bytes of a file as such a text; `code` is another way to write text, where the caller takes one.

    `null`: what stands for a null byte, of a caller that reads past them; one in a hundred bytes is no text.
    """
    if code == "utf-8-sig" and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(path, "text in UTF-16, not UTF-8")
    try:
        text = raw.decode(code)
    except UnicodeDecodeError as error:
        name = "UTF-8" if code == "utf-8-sig" else code.upper()
        raise Unreadable(path, f"something that is not text (byte {error.start} is not {name})") from None
    if null and text.count("\x00") <= len(text) / 100:
        text = text.replace("\x00", null)
    if "\x00" in text:
        raise Unreadable(path, "something that is not text (it holds null bytes)")
    if not text.strip():
        raise Unreadable(path, "an empty file")
    return text


def size(limit: int) -> str:
    """A number of bytes as it is written for a user: 200 kB, 64 MB."""
    return f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1000} kB"


@contextmanager
def _opened(path: Path, largest: int) -> Iterator[BinaryIO]:
    """A plain file, open to be read; a link is followed. What the system says against it becomes an Unreadable.

    What kind of file it is is asked before it is opened, since to open a device may do something, and again of what was
    opened, since it may be another one by then. Opened without waiting, a pipe that nobody writes to cannot hang.
    """
    try:
        _refuse_all_but_files(path, os.stat(path))
        with open(os.open(path, _FLAGS), "rb") as stream:
            status = os.fstat(stream.fileno())
            _refuse_all_but_files(path, status)
            if status.st_size > largest:
                raise Unreadable(path, f"more than {size(largest)}")
            yield stream
    except (FileNotFoundError, NotADirectoryError):
        raise Unreadable(path, "no such file", missing=True) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise Unreadable(path, f"a file that cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _refuse_all_but_files(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(path, "a directory")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(path, "neither a file nor a directory")
