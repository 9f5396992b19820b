"""Environment variables that other packages read as numbers as they are imported."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sim.files.problems import index

WHOLE_NUMBERS = {"SOURCE_DATE_EPOCH": 0, "NUMBA_NUM_THREADS": 1}  # by name, the smallest one; numpy and numba


def without_unusable() -> Iterator[str]:
    """Take those that are no such number out of this process's environment: a sentence for each."""
    for name, smallest in WHOLE_NUMBERS.items():
        given = os.environ.get(name)
        if given is None or ((number := index(given.strip())) is not None and number >= smallest):
            continue
        del os.environ[name]
        yield f"{name}: found '{given[:40]}'; it is no whole number from {smallest} on, and left out"
