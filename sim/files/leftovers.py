"""What a killed process leaves beside an output directory, taken away by the next run of the same directory.

A directory is filled as `.NAME.new-12345678` and replaced by way of `.NAME.old-12345678`; beside it may stand
`.NAME.live-12345678`, a page that shows a flight as it is computed. Its writer holds a shared lock on each; a lock ends
with its process, so one that can be had alone belongs to nobody.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from sim.files.locks import HELD, lock


def sweep(target: Path) -> None:
    """Remove what killed processes left of `target`; put the earlier results back where one was killed in between.

    What a living process still writes stays, and so does everything where the file system has no locks.
    """
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(new|old|live)-[0-9a-f]{{8}}")
    try:
        found = [(path, match[1]) for path in target.parent.iterdir() if (match := pattern.fullmatch(path.name))]
    except OSError:  # no such parent yet, or one that cannot be listed
        return
    for path, role in sorted(found, key=lambda one: one[1], reverse=True):  # the old first
        if path.is_dir() and not path.is_symlink():
            _clear(path, target, role)


def _clear(path: Path, target: Path, role: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        if lock(descriptor) != HELD:
            return
        if role == "old" and not os.path.lexists(target):
            os.rename(path, target)
        else:
            shutil.rmtree(path, ignore_errors=True)
    except OSError:  # somebody else was quicker
        return
    finally:
        os.close(descriptor)
