"""What takes long to make and is made once a session, whichever of the processes of `pytest -n` asks for it first."""

from __future__ import annotations

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], T]) -> T:
    """`make()`, kept as a pickle in the session's temporary folder under `name`; who comes second waits and reads it.

    The folder is new in every session, so that nothing is older than the sources. Each process has a copy of its own.
    """
    own = factory.getbasetemp()
    folder = own.parent if own.name.startswith("popen-") else own  # xdist: a folder below for each worker
    kept = Path(folder, f"shared-{name}.pickle")
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            part = kept.with_suffix(".part")
            part.write_bytes(pickle.dumps(make(), protocol=pickle.HIGHEST_PROTOCOL))
            part.replace(kept)
    return pickle.loads(kept.read_bytes())
