"""One campaign at a time in a directory: tried before anything flies, held until the campaign is written.

This module is imported before the others of the package, to refuse a directory at once: it imports nothing heavy.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sim.files.locks import HELD, TAKEN, lock, same_file
from sim.files.output_directory import ANOTHER, OutdirError, place

LOCK, PLAN = "campaign.lock", "campaign.plan.json"
PARTIAL, RUNS, SUMMARY, MANIFEST = "campaign.partial.csv", "runs.csv", "campaign.json", "manifest.json"
OWN = (LOCK, PLAN, PARTIAL, RUNS, SUMMARY, MANIFEST)
TRIES = 20  # to lock the file that is there, while campaigns before us end and take theirs away


def tried(directory: Path, force: bool = False, sweep: bool = False) -> None:
    """OutdirError where a campaign cannot be flown in a directory: it holds something else, cannot be made or written,
    or another campaign runs there. Nothing is left of the trial. A sweep knows itself what its directory may hold."""
    with held(directory):
        if not sweep:
            refuse_unless_ours(directory, force)


def refuse_unless_ours(directory: Path, force: bool) -> None:
    """OutdirError where a directory is neither empty nor that of a campaign, or where a link or a directory stands in
    the place of a file of the campaign."""
    for entry in sorted(directory.iterdir()):
        ours = entry.name in OWN or entry.suffix == ".png"  # to be written: elsewhere through a link, or not at all
        if ours and (entry.is_symlink() or not entry.is_file()):
            found = f"a link to {os.path.realpath(entry)}" if entry.is_symlink() else "no plain file"
            raise OutdirError(f"{entry} is {found} in the place of a campaign's file; take it away, or {ANOTHER}")
    if (directory / PLAN).is_file():
        return
    own = (LOCK, f".{PLAN}.new")  # what a campaign leaves that was killed as it began
    if others := sorted(entry.name for entry in directory.iterdir() if entry.name not in own):
        touched = ", so --force does not touch it" if force else ""
        raise OutdirError(
            f"{directory} exists and holds no campaign but {', '.join(others[:3])}{touched}; choose another --out"
        )


@contextmanager
def held(directory: Path) -> Iterator[tuple[str, ...]]:
    """Make a directory and lock it for one campaign; gives warnings. What was made goes again if it stays empty.

    The lock is that of the file `campaign.lock` in it, which names the holder; it ends with its process.
    """
    made = _made(directory)
    try:
        descriptor, locked = _locked(directory)
        try:
            yield () if locked else (f"{directory}: no file locks here; do not start a second campaign in it",)
        finally:
            with suppress(OSError):
                (directory / LOCK).unlink()
            os.close(descriptor)
    finally:
        for folder in made:
            try:
                folder.rmdir()
            except OSError:  # it is in use
                break


def _made(directory: Path) -> list[Path]:
    """Make a directory and those above it; the ones that were made, the deepest first."""
    made: list[Path] = []
    try:
        target = place(directory)
        for folder in reversed([p for p in (target, *target.parents) if not p.exists()]):
            folder.mkdir(exist_ok=True)  # another campaign may make it at the same time
            made.insert(0, folder)
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a null byte; RuntimeError: links in a circle
        for folder in made:
            folder.rmdir()
        reason = getattr(error, "strerror", None) or error
        raise OutdirError(f"{str(directory)!r} cannot be made: {reason}; choose another --out") from None
    return made


def _locked(directory: Path) -> tuple[int, bool]:
    """The opened file, and whether there is a lock on it; OutdirError where somebody else has it."""
    path = directory / LOCK
    for _ in range(TRIES):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as error:
            reason = "it is a link" if path.is_symlink() else error.strerror
            raise OutdirError(f"{path} cannot be written: {reason}; take it away, or {ANOTHER}") from None
        state = lock(descriptor)
        if state == TAKEN:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise OutdirError(
                f"a campaign is being flown in {directory} already{holder}; wait for its end, or choose another --out"
            )
        if same_file(descriptor, path):
            _sign(descriptor)
            return descriptor, state == HELD
        os.close(descriptor)  # its holder has just ended and taken the file away
    raise OutdirError(f"{path} changes hands all the time; choose another --out")


def _sign(descriptor: int) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": since})
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text.encode())
    except OSError:  # a full disk: the lock holds without a name
        return


def _holder(descriptor: int) -> str:
    """Who holds the lock, in words, as far as the file has it."""
    try:
        holder = json.loads(os.read(descriptor, 1000))
        return f" (process {int(holder['process'])} on {str(holder['host'])[:60]} since {str(holder['since'])[:20]})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
