"""One finding about an installation: what was looked at, what was found, and what to do about it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from zipfile import BadZipFile

from sim.files.errors import TiangongError

OK, NOTE, WRONG = "ok", "note", "wrong"  # as it should be; works, but look at it; stops a flight
AGAIN = "install tiangong-sim again, in an environment of its own"
# What a package raises that is missing, broken, of another version, or lies on a disk that fails.
BROKEN = (
    *(ImportError, AttributeError, NameError, TypeError, SyntaxError),
    *(OSError, EOFError, ValueError, LookupError, RuntimeError, struct.error, zlib.error, BadZipFile, TiangongError),
)


@dataclass(frozen=True)
class Finding:
    """`kind`: "ok", "note" or "wrong"; `what` was looked at, what was `found`, and what to `do` (empty: nothing)."""

    kind: str
    what: str
    found: str
    do: str = ""

    def __str__(self) -> str:
        return f"{self.kind:<5}  {self.what}: {self.found}" + (f"; {self.do}" if self.do else "")


def of_error(what: str, error: BaseException, kind: str = WRONG) -> list[Finding]:
    """What an error says, a finding for each of its lines; an error of the program ends in what to do."""
    if not isinstance(error, TiangongError):
        why = " ".join(str(error).split())[:200] or type(error).__name__
        return [Finding(kind, what, f"it cannot be looked at ({why})", AGAIN)]
    found = []
    for line in str(error).splitlines():
        text, _, do = line.partition("; ")
        found.append(Finding(kind, what, text, do))
    return found
