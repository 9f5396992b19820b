"""Pictures of a plan, drawn by another process: it loads matplotlib while this one computes what they show.

Loading takes half a second and a picture as long again, and a planner leaves the other cores idle. Where there is one
core alone, or no process can be started, this process draws.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import current_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import SimpleQueue

from sim.core.processes import cores, end_with_parent, sendable, started, undisturbed

LIMIT_S = 120.0  # without a picture, of a process whose turn it is; the slowest takes a second
Asked = tuple[str, dict, str]  # module of `sim.plots` whose `draw` draws it, what it shows, its file


@contextmanager
def drawing(modules: Sequence[str]) -> Iterator[Beside]:
    """What draws with these modules of `sim.plots`; its process, if it has one, is gone when the block ends."""
    beside = Beside()
    if sys.executable and cores() > 1 and not current_process().daemon:
        with suppress(OSError), undisturbed():  # the machine allows no more processes
            beside.process, beside.connection = started(_serve, tuple(modules))
    else:
        _load(modules)
    try:
        yield beside
    finally:
        beside.end()


class Beside:
    """Pictures that were asked for and are not drawn yet, and the process that draws them, while there is one."""

    def __init__(self) -> None:
        self.process: SpawnProcess | None = None
        self.connection: Connection | None = None
        self.asked: list[Asked] = []

    def draw(self, module: str, shown: dict, file: Path) -> None:
        """Have a picture drawn; it is there when `finish` returns."""
        self.asked.append((module, shown, str(file)))
        if self.connection is not None:
            with suppress(OSError):  # it has ended; that is found when its pictures are collected
                self.connection.send(self.asked[-1])

    def look(self) -> None:
        """Raise what the process has met so far, such as a matplotlib that cannot be loaded."""
        with suppress(EOFError, OSError):
            while self.connection is not None and self.connection.poll():
                self._receive(self.connection)

    def finish(self) -> None:
        """Wait until all is drawn; what the process did not bring back is drawn here."""
        with suppress(EOFError, OSError):
            while self.asked and self.connection is not None and self.connection.poll(LIMIT_S):
                self._receive(self.connection)
        for picture in self.asked:
            _drawn(*picture)
        self.asked.clear()

    def end(self) -> None:
        """All pictures are there, or none is to be drawn any more."""
        if self.process is not None and self.connection is not None:
            self.process.kill()
            self.process.join()
            self.connection.close()
        self.process = self.connection = None

    def _receive(self, connection: Connection) -> None:
        error = connection.recv()
        if error is not None:
            raise error
        self.asked.pop(0)


def _load(modules: Sequence[str]) -> None:
    """DataError where matplotlib cannot draw here."""
    for module in modules:
        import_module(f"sim.plots.{module}")


def _drawn(module: str, shown: dict, file: str) -> None:
    from sim.plots.style import save

    save(import_module(f"sim.plots.{module}").draw(shown), Path(file))


def _take(connection: Connection, asked: SimpleQueue[Asked | None]) -> None:
    """Pictures that are asked for, as long as there come any; then None."""
    try:
        while True:
            asked.put(connection.recv())
    except (EOFError, OSError):
        asked.put(None)


def _serve(connection: Connection, modules: Sequence[str]) -> None:
    """In the other process: draw what comes until nothing comes any more, and say of each that it is there."""
    with suppress(OSError, ValueError):  # Ctrl-C is for the parent, which ends this process
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    # Before there are two threads: what is asked for holds arrays, and numpy cannot be loaded by both at once.
    import_module("numpy")
    asked: SimpleQueue[Asked | None] = SimpleQueue()
    # What is asked for is taken at once: a pipe holds little, and the parent would wait until it is read.
    threading.Thread(target=_take, args=(connection, asked), daemon=True).start()
    try:
        _load(modules)
        while (picture := asked.get()) is not None:
            _drawn(*picture)
            connection.send(None)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except BaseException as error:  # it is raised where the picture was asked for
        with suppress(OSError):
            connection.send(sendable(error))
        os._exit(1)
