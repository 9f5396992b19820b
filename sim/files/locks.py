"""Locks that end with the process that holds them, however it ends: whoever finds one free may clean up.

`flock` of Unix: it belongs to the opened file, so two threads of one process exclude each other too, and no child of
ours inherits it. Where the system or the file system has none, the answer is NO_LOCKS, never a guess.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

HELD, TAKEN, NO_LOCKS = "held", "taken", "no locks"
_BUSY = {errno.EAGAIN, errno.EACCES}


def lock(descriptor: int, shared: bool = False) -> str:
    """Take the lock of an opened file or directory at once: HELD by us now, TAKEN by somebody else, or NO_LOCKS here.

    `shared`: with others who share it, but with none who wants it alone.
    """
    if sys.platform == "win32":  # it has locks of another kind, which a renamed directory does not survive
        return NO_LOCKS
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return TAKEN if error.errno in _BUSY else NO_LOCKS
    return HELD


def taken(directory: Path) -> bool:
    """Whether a living process holds the lock of a file `*.lock` in a directory: it writes there."""
    try:
        files = [path for path in directory.iterdir() if path.suffix == ".lock" and path.is_file()]
    except OSError:
        return False
    return any(_taken(file) for file in files)


def _taken(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return lock(descriptor, shared=True) == TAKEN
    finally:
        os.close(descriptor)


def claim(directory: Path) -> int | None:
    """Mark a directory as being written by this process until the descriptor is closed.

    None where it has gone, or where somebody is clearing it away: it cannot be used.
    """
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:
        return None
    if lock(descriptor, shared=True) == TAKEN or not same_file(descriptor, directory):
        os.close(descriptor)
        return None
    return descriptor


def same_file(descriptor: int, path: Path) -> bool:
    """Whether a path still leads to what was opened."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False
