"""Spoilt files of every kind, thousands of them: each is accepted, or refused in words and in time.

Never `internal error`, never more than five seconds, never a traceback or a line break in what is said. The cases are
the same at every run. `TIANGONG_FUZZ_SEED=n` draws 20,000 others; 25 seeds make half a million.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from random import Random

import pytest

from sim.cli import conventions
from sim.files import packaged
from sim.interchange.problems import InterchangeError
from sim.interchange.tle import read_tle
from tests.fuzz.mutations import drawn, edited
from tests.fuzz.originals import KINDS
from tests.messages import CSS, GOOD

SEED = int(os.environ.get("TIANGONG_FUZZ_SEED", "0"))
LONGEST = 5.0  # s of processor time for one file
LARGEST = 300_000_000  # bytes, beside what the process holds before


class TooLong(BaseException):
    """No handler of the program may take it for a fault of the file."""


@contextlib.contextmanager
def within_limits() -> Iterator[None]:
    """Ends what takes too long, and refuses memory to what takes too much of it."""

    def end(number: int, frame: object) -> None:
        raise TooLong(f"more than {LONGEST:g} s")

    before = signal.signal(signal.SIGPROF, end)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used() + LARGEST, hard))
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


def used() -> int:
    """Bytes of this process's address space."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def outcome(read, path: Path) -> bool:
    """Whether the file is accepted; the test fails where it is refused in another way than it should be."""
    try:
        with within_limits():
            read(path)
    except Exception as error:
        code, _, lines = conventions._fault(error)
        if code == conventions.INTERNAL:
            raise
        assert code == conventions.BAD_INPUT, (code, lines)
        assert lines and all(line.strip() and line.isprintable() and len(line) <= 1000 for line in lines), lines
        return False
    return True


@pytest.fixture(autouse=True)
def compared_once(monkeypatch):
    """`check` compares what comes with the program, whatever the file holds: here once, not before each of 5,000."""
    count = packaged.compare_all()
    monkeypatch.setattr(packaged, "compare_all", lambda: count)


@pytest.mark.parametrize("name", KINDS)
def test_a_good_file_is_accepted(name, tmp_path):
    """Else the fuzzer would see one refusal 20,000 times."""
    kind = KINDS[name]
    for other, text in kind.beside:
        (tmp_path / other).write_text(text)
    taken = []
    for text in kind.texts:
        (tmp_path / "spoilt.toml").write_text(text)
        taken.append(outcome(kind.read, tmp_path / "spoilt.toml"))
    assert all(taken)


@pytest.mark.parametrize("name", KINDS)
def test_a_spoilt_file_is_accepted_or_refused_in_words(name, tmp_path):
    kind = KINDS[name]
    for other, text in kind.beside:
        (tmp_path / other).write_text(text)

    texts, path = [text.encode() for text in kind.texts], tmp_path / "spoilt.toml"

    def fault(content: bytes) -> BaseException | None:
        path.write_bytes(content)
        try:
            outcome(kind.read, path)
        except (Exception, TooLong) as error:
            return error
        return None

    for case in range(kind.cases):
        text, edits = drawn(texts, Random(f"{SEED} {name} {case}"))
        if found := fault(edited(text, edits)):
            for edit in tuple(edits):  # those that it takes
                fewer = [other for other in edits if other is not edit]
                if again := fault(edited(text, fewer)):
                    edits, found = fewer, again
            content = edited(text, edits)
            path.write_bytes(content)
            raise AssertionError(f"case {case} of {name}, in {path}: {content!r}") from found


@pytest.mark.parametrize("number", [1, 2])
def test_no_changed_character_of_a_tle_changes_a_number_in_silence(number):
    """Every character of both lines, changed for every other that files hold: refused, read as the same numbers, or
    named in a warning. The checksum takes letters, signs and blanks for zero, so the columns have to find those."""
    lines = [GOOD.line1, GOOD.line2]
    line = lines[number - 1]
    numbers = [f.name for f in fields(CSS) if f.name not in ("name", "designator", "classification", "source")]
    silent = []
    for at in range(len(line)):
        for other in set(string.printable) - {line[at]}:
            lines[number - 1] = line[:at] + other + line[at + 1 :]
            try:
                (read,) = read_tle("\n".join(lines), "x")
            except InterchangeError:
                continue
            if any(getattr(read, key) != getattr(CSS, key) for key in numbers):
                silent.append((at + 1, line[at], other))
    assert silent == []
