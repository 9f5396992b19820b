"""Standard input, output and error of the command, whatever the shell has made of them.

What is printed is what the user asked for, so what cannot be printed ends the command: quietly where the reader has
gone (`| head`), else in one line and with exit code 4. What is reported on standard error is reported where it can be.
"""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

CLOSED_PIPE = 141  # as a shell reports SIGPIPE, 128 + 13
TERMINATED = 128 + signal.SIGTERM
UNPRINTED = 4  # environment
LETTERS = "tiangong-letters"  # our handler of what an encoding has not got


@contextmanager
def prepared() -> Iterator[None]:
    """Have `sys.stdout` and `sys.stderr` behave as above while the block runs.

    What is held back at the end is printed too, but where a signal ends the block: it may be held back because nobody
    reads it.
    """
    prepare()
    with _unread_let_go():
        try:
            with _unread_let_go():
                yield
        finally:
            sys.stdout.flush()


@contextmanager
def _unread_let_go() -> Iterator[None]:
    try:
        yield
    except SystemExit as end:
        if end.code == TERMINATED and isinstance(sys.stdout, _Stream):
            sys.stdout.to_nowhere()
        raise


def prepare() -> None:
    """Put `sys.stdout` and `sys.stderr` in order; SystemExit, in words, where there is no standard output.

    A file that is opened takes the lowest free number. So that none becomes standard input, output or error, the null
    device stands in for those that are closed.
    """
    codecs.register_error(LETTERS, _as_it_came)
    without_output = sys.stdout is None
    for number in range(3):
        _occupied(number)
    if sys.stderr is None:
        sys.stderr = _Reports(os.fdopen(2, "wb"), encoding="utf-8", errors=LETTERS, line_buffering=True)
    sys.stderr = _Reports.around(sys.stderr)
    if without_output:
        print("there is no standard output (it is closed); to print nothing, send it to /dev/null", file=sys.stderr)
        raise SystemExit(UNPRINTED)
    sys.stdout = _Printed.around(sys.stdout)


def _occupied(number: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if null != number:
            os.dup2(null, number)
            os.close(null)


def _as_it_came(error: UnicodeError) -> tuple[str | bytes, int]:
    """Bytes of a name that are no valid text as these bytes; a character that the encoding lacks as a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    part = error.object[error.start : error.end]
    return b"".join(bytes([ord(c) - 0xDC00]) if 0xDC80 <= ord(c) <= 0xDCFF else b"?" for c in part), error.end


class _Stream(io.TextIOWrapper):
    """A standard stream that hands on what the system says against writing."""

    @classmethod
    def around(cls, stream: TextIO) -> TextIO:
        """The same stream; one that is not the system's own, as in a notebook, is left alone."""
        if not isinstance(stream, io.TextIOWrapper):
            return stream
        return cls(
            open(stream.fileno(), "wb", buffering=0 if stream.write_through else -1, closefd=False),
            encoding=stream.encoding,
            errors=LETTERS,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            return self._refused(error, len(text))

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._refused(error, 0)

    def _refused(self, error: OSError, length: int) -> int:
        """What the system does not take is lost; `length` is what `write` was to write."""
        self.to_nowhere()
        return length

    def to_nowhere(self) -> None:
        """What is still held back, and all that comes, goes to the null device: Python flushes again as it ends."""
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.fileno())
        os.close(null)


class _Printed(_Stream):
    """Standard output: what it does not take ends the command."""

    def _refused(self, error: OSError, length: int) -> int:
        self.to_nowhere()
        if isinstance(error, BrokenPipeError):
            raise SystemExit(CLOSED_PIPE) from None
        print(f"standard output cannot be written: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(UNPRINTED) from None


class _Reports(_Stream):
    """Standard error: what it does not take is lost, since there is nowhere to report it; the exit code is left."""
