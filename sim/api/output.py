"""Where results are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sim.api.asked import path
from sim.files import packaged
from sim.files.output_directory import whole

Progress = Callable[[str, float], None]  # (what is done now, fraction of the whole from 0 to 1)


def silent(phase: str, fraction: float) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Output:
    """A directory for results. It must not exist yet; with `force` it may hold results of ours, and is replaced."""

    directory: Path
    force: bool = False


Where = str | Path | Output


def output(where: Where) -> Output:
    """A name or a path as an `Output` that replaces nothing; BadInput for what is neither."""
    if isinstance(where, Output):
        return Output(path(where.directory, "out", "a directory that does not exist yet"), bool(where.force))
    return Output(path(where, "out", "a directory that does not exist yet"))


def load_pictures() -> None:
    """Load what draws the pictures; where that cannot be, DataError is raised now and not when all was computed."""
    import_module("sim.plots")


@contextmanager
def directory(where: Where | None, loads: bool = True) -> Iterator[Path | None]:
    """An empty directory that takes its place when the block ends without an exception; None where none is asked for.

    OutdirError where it cannot be used. `loads`: whether this process loads what draws pictures.
    """
    if where is None:
        yield None
        return
    found = output(where)
    packaged.compare_all()  # the manifest names all of them: nothing is flown that it would refuse at the end
    if loads:
        load_pictures()
    with whole(found.directory, found.force) as place:
        yield place
