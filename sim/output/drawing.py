"""Pictures drawn by other processes while the mission flies, each as soon as the phases that it shows are flown.

matplotlib needs as long for the pictures as the flight itself takes, and the flight leaves the other cores idle. Where
there is one core alone, or no process can be started, this process draws them at the end.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import current_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from sim.core.processes import cores, end_with_parent, sendable, started, undisturbed
from sim.export import pictures
from sim.export.stored import PlotData

MOST_WORKERS = 3  # more would end no sooner: the last picture waits for the touchdown
WORTH_A_WORKER = 3  # pictures; a process that draws needs half a second before its first
FORM = "svg"  # a third faster than a PNG, a fifth of its size, and sharp at any size
BEHIND = 5  # steps of courtesy (`nice`), by which they stand behind the flight, which everything waits for
LIMIT_S = 120.0  # without a picture, of a worker whose turn it is; the slowest takes half a second
Data = Callable[[], PlotData]


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    names: list[str] = field(default_factory=list)  # handed out and not yet back


@contextmanager
def drawing(directory: Path, names: Sequence[str], workers: int | None = None) -> Iterator[Drawing]:
    """Draw pictures of a flight into `directory / "plots"` while it is flown; `workers`: how many processes do, if not
    as many as there are cores left.

    Processes are started at once, and are gone when the block ends. What goes wrong in them is raised here.
    """
    beside: list[_Worker] = []
    try:
        with suppress(OSError):  # the machine allows no more processes: those that there are draw, or this one
            for _ in range(_workers(names) if workers is None else workers):
                with undisturbed():
                    beside.append(_Worker(*started(_serve, str(directory / "plots"))))
        if names and not beside:
            import_module("sim.plots")  # where that cannot be, it is said now and not when all was computed
        yield Drawing(directory, list(names), beside)
    finally:
        for worker in beside:
            worker.process.kill()  # no picture is wanted any more, or all are there
        for worker in beside:
            worker.process.join()
            worker.connection.close()


def _workers(names: Sequence[str]) -> int:
    """Beside this process; none where it may have no children, as in a worker of somebody's pool."""
    if not sys.executable or current_process().daemon:
        return 0
    return min(cores(), MOST_WORKERS, len(names) // WORTH_A_WORKER) if cores() > 1 else 0


class Drawing:
    """What is still to be drawn of a flight, and by whom."""

    def __init__(self, directory: Path, names: list[str], workers: list[_Worker]):
        self.directory, self.left, self.workers = directory, names, workers
        self.left_out = pictures.missing(names)
        self.done: dict[str, Path | None] = {}  # by name; None: the flight has nothing that it shows
        self.handed_over = 0

    def flown(self, ahead: Iterable[str], data: Data) -> None:
        """Hand over the pictures to which the phases `ahead` add nothing; `data`: of the flight so far, if needed."""
        self.check()
        if self.workers and (now := pictures.finished(self.left, ahead)):
            self._hand_over(now, data())

    def check(self) -> None:
        """Raise what a process has reported, if one has."""
        for worker in self.workers:
            while worker.connection.poll() and self._received(worker):
                pass

    def finish(self, data: PlotData) -> list[Path]:
        """Draw what is left of the flight, which has ended; the pictures written, in the order of the report."""
        if self.workers and self.left:
            self._hand_over(list(self.left), data)
        lost = self._collected()
        if lost or self.left:
            from sim.plots import draw_one

            for name in (*self.left, *lost):
                self.done[name] = draw_one(data, self.directory / "plots", name, FORM)
            self.left.clear()
        for file in self.directory.glob(".flight-*.pickle"):
            file.unlink()
        return [path for name in pictures.NAMES if (path := self.done.get(name)) is not None]

    def _hand_over(self, names: list[str], data: PlotData) -> None:
        """To the workers in turn. The data go by a file: a pipe would hold this process up until they are read."""
        self.handed_over += 1
        file = self.directory / f".flight-{self.handed_over}.pickle"
        file.write_bytes(pickle.dumps(data, pickle.HIGHEST_PROTOCOL))
        self.left = [name for name in self.left if name not in names]
        for i, name in enumerate(names):
            worker = self.workers[i % len(self.workers)]
            worker.names.append(name)
            with suppress(OSError):  # it has ended; that is found when its pictures are collected
                worker.connection.send((str(file), name))

    def _collected(self) -> list[str]:
        """Wait until every worker has drawn what it was given; the names that one did not bring back."""
        lost: list[str] = []
        while waiting := [worker for worker in self.workers if worker.names]:
            came = wait([worker.connection for worker in waiting], LIMIT_S)
            for worker in waiting:
                if not came:
                    worker.process.kill()
                if not came or (worker.connection in came and not self._received(worker)):
                    lost += worker.names
                    worker.names = []
        return lost

    def _received(self, worker: _Worker) -> bool:
        """Take in one message of a worker; whether it is still there."""
        try:
            name, path, error = worker.connection.recv()
        except (EOFError, OSError):
            return False
        if error is not None:
            raise error
        worker.names.remove(name)
        self.done[name] = path
        return True


# ---- what runs beside


def _serve(connection: Connection, folder: str) -> None:
    """Draw what comes until nothing comes any more."""
    with suppress(OSError, ValueError):  # Ctrl-C is for the parent, which ends this process
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    try:
        draw = _prepared()
        known: tuple[str, PlotData | None] = "", None
        while True:
            file, name = connection.recv()
            if file != known[0]:
                known = file, pickle.loads(Path(file).read_bytes())
            connection.send((name, draw(known[1], Path(folder), name, FORM), None))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except BaseException as error:  # it is raised where the pictures were asked for
        error.add_note(f"in the process that draws:\n{traceback.format_exc()}")
        with suppress(OSError):
            connection.send(("", None, sendable(error)))
        os._exit(1)


def _prepared() -> Callable:
    """Everything loaded that a picture needs. Figures refer to themselves in circles, and to look for such circles
    among all that was loaded takes a tenth of the time."""
    from sim.plots import draw_one, load_all

    load_all()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    return draw_one
