"""The processes that fly a campaign's runs: they begin together, and none outlives the process that started it.

One that is killed is replaced, and what it flew is flown again; one that does not come back is ended after a limit.
This module is the first that a new worker imports, so it imports nothing heavy itself: what a worker flies comes as
bytes and brings its modules with it, when the worker is tied to its parent already.
"""

from __future__ import annotations

import gc
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import SpawnProcess
from typing import Any

from sim.core.processes import end_with_parent, sendable, started

AHEAD = 8  # runs handed out in advance to each worker
RUN_LIMIT_S = 120.0  # of one run; the slowest takes a tenth of a second
FIRST_LIMIT_S = 1800.0  # of a worker's first run, for which it may have to compile everything
ATTEMPTS = 3  # at a run whose worker was ended; then the run itself is taken to be the cause
_TICK_S = 1.0  # the longest wait; what a stopped computer or command sleeps through counts as one of them
_READY = "ready"


@dataclass(frozen=True)
class Limits:
    """Of the time for one run, s."""

    run_s: float = RUN_LIMIT_S
    first_s: float = FIRST_LIMIT_S


@dataclass(frozen=True)
class Lost:
    """A run that did not come back, and why: its worker was ended again and again, or took too long."""

    reason: str


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    numbers: deque[int] = field(default_factory=deque)  # handed out; the first is the one in flight
    ready: bool = False
    flown: bool = False  # one at least
    spent_s: float = 0.0  # on the run in flight


def fly_all(
    job: Callable[[int], Any],
    numbers: Iterable[int],
    workers: int,
    undisturbed: Callable[[], AbstractContextManager[None]] = nullcontext,
    limits: Limits = Limits(),
) -> Iterator[tuple[int, Any]]:
    """Each number with what the job returns for it, or `Lost`, as they come. An exception of the job is raised here.

    `undisturbed`: a context in which processes are started. OSError where workers end before they have flown anything,
    or one after the other. Left by an exception, it ends the workers in what they fly.
    """
    crew = _Crew(pickle.dumps(job), deque(), iter(numbers), undisturbed, limits)
    try:
        crew.fill(workers)
        while crew.workers:
            yield from crew.step()
    finally:
        # A run cannot be asked to stop: it is in a kernel, which looks at nothing. No worker writes files, so nothing
        # is lost but the runs in flight.
        for worker in crew.workers:
            worker.process.kill()
        for worker in crew.workers:
            worker.process.join()
            worker.connection.close()


class _Crew:
    """The workers and what is left for them."""

    def __init__(
        self,
        job: bytes,
        again: deque[int],
        numbers: Iterator[int],
        undisturbed: Callable[[], AbstractContextManager[None]],
        limits: Limits,
    ):
        self.job, self.again, self.numbers, self.undisturbed, self.limits = job, again, numbers, undisturbed, limits
        self.workers: list[_Worker] = []
        self.ended: dict[int, int] = {}  # how often a worker was ended in a run
        self.in_turn = 0  # workers that were ended since the last result
        self.clock = time.monotonic()

    def fill(self, workers: int) -> None:
        """Start workers until there are so many, as long as there is something to fly for each."""
        while len(self.workers) < workers:
            first = self._next()
            if first is None:
                return
            self.again.appendleft(first)
            self.workers.append(self._started())
            self._hand_out(self.workers[-1])

    def step(self) -> Iterator[tuple[int, Any]]:
        """Wait for what comes next, a result or the end of a worker, and deal with it."""
        came = set(wait_for([worker.connection for worker in self.workers], _TICK_S))
        now = time.monotonic()
        passed, self.clock = min(now - self.clock, 2.0 * _TICK_S), now
        for worker in list(self.workers):
            if worker.connection in came:
                yield from self._received(worker)
                continue
            worker.spent_s += passed
            limit = self.limits.run_s if worker.flown else self.limits.first_s
            if worker.spent_s > limit:
                yield self._overdue(worker, limit)

    def _received(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._replaced(worker)
            return
        worker.spent_s = 0.0
        if message == _READY:
            worker.ready = True
            return
        result, error = message
        if error is not None:
            raise error
        self.in_turn, worker.flown = 0, True
        yield worker.numbers.popleft(), result
        self._hand_out(worker)
        if not worker.numbers:
            self._dismiss(worker)

    def _replaced(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        """Somebody ended it: the run in flight is tried again, a few times."""
        workers = len(self.workers)
        self._dismiss(worker)
        code = worker.process.exitcode or 0
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        self.in_turn += 1
        if self.in_turn > ATTEMPTS + 2 * workers:
            what = "end one after the other" if worker.ready else "end before they can fly"
            raise OSError(f"workers {what}, the last one {how}; the runs so far are kept, the same command goes on")
        number = worker.numbers[0]
        if worker.ready:
            self.ended[number] = self.ended.get(number, 0) + 1
        if self.ended.get(number, 0) >= ATTEMPTS:
            worker.numbers.popleft()
            yield number, Lost(f"worker ended: {ATTEMPTS} times in this run and the last time {how}")
        self.again.extendleft(reversed(worker.numbers))
        self.fill(workers)

    def _overdue(self, worker: _Worker, limit: float) -> tuple[int, Any]:
        workers = len(self.workers)
        worker.process.kill()
        self._dismiss(worker)
        number = worker.numbers.popleft()
        self.again.extendleft(reversed(worker.numbers))
        self.fill(workers)
        return number, Lost(f"timed out: no result within {limit:g} s")

    def _dismiss(self, worker: _Worker) -> None:
        """Take one out, whose connection is at its end or which has nothing left to fly."""
        worker.connection.close()
        worker.process.join(_TICK_S)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        self.workers.remove(worker)

    def _started(self) -> _Worker:
        with self.undisturbed():
            return _Worker(*started(_serve, self.job))

    def _next(self) -> int | None:
        return self.again.popleft() if self.again else next(self.numbers, None)

    def _hand_out(self, worker: _Worker) -> None:
        while len(worker.numbers) < AHEAD and (number := self._next()) is not None:
            worker.numbers.append(number)
            try:
                worker.connection.send(number)
            except OSError:  # it has ended; that is found when it is read from
                return


# ---- what runs in a worker


def _serve(connection: Connection, job: bytes) -> None:
    """Fly what comes until nothing comes any more."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    fly = pickle.loads(job)
    gc.freeze()  # what was loaded is no longer looked through for circles, 100 times a run
    gc.set_threshold(50_000, 20, 20)
    connection.send(_READY)
    while True:
        try:
            number = connection.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, BaseException | None]
        try:
            answer = fly(number), None
        except BaseException as error:  # it is raised where the run was asked for
            answer = None, sendable(error)
        connection.send(answer)
