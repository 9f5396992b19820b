"""The processes that fly a campaign's runs: they begin together, and none outlives the process that started it.

This module is the first that a new worker imports, so it imports nothing heavy itself: what a worker flies comes as
bytes and brings its modules with it, when the worker is tied to its parent already.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from typing import Any

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_JOB: list[Callable] = []  # of a worker, for its whole life


@contextmanager
def pool(workers: int, job: Callable) -> Iterator[ProcessPoolExecutor]:
    """Processes to which numbers are submitted with `fly`; left by an exception, it ends them in what they fly."""
    with _quiet_tracker():
        executor = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (pickle.dumps(job),))
    try:
        with _main_left_out():
            yield executor
    except BaseException:
        # What ProcessPoolExecutor.kill_workers does from Python 3.14 on. A run cannot be asked to stop: it is in a
        # kernel, which looks at nothing. No worker writes files, so nothing is lost but the runs in flight.
        for process in list((executor._processes or {}).values()):
            process.kill()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _main_left_out() -> Iterator[None]:
    """Keep new processes from running the user's script again, as multiprocessing would to find functions in it.

    A script that calls `sim.montecarlo` without `if __name__ == "__main__":` would fly in every worker, without end.
    What a worker flies comes from this package alone.
    """
    main = sys.modules["__main__"]
    kept: dict[str, Any] = {name: vars(main)[name] for name in ("__file__", "__spec__") if name in vars(main)}
    main.__dict__.update(dict.fromkeys(kept))
    try:
        yield
    finally:
        main.__dict__.update(kept)


def fly(number: int) -> Any:
    """The job of this worker for one run: whatever that returns."""
    return _JOB[0](number)


def _begin(job: bytes) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    _JOB[:] = [pickle.loads(job)]


def _end_with_parent() -> None:
    """Have this process ended when its parent ends, however that ends: a worker would wait for work for ever.

    On Linux the kernel sees to it, at once. Strictly it is the parent's thread that started this process whose end
    counts, and that one waits for the runs. Elsewhere a thread watches the parent; it has its turn when the numba
    kernel that is flying releases the interpreter, some seconds later at the worst.
    """
    parent = parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:  # it ended before the kernel was asked
            os._exit(1)
    threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


@contextmanager
def _quiet_tracker() -> Iterator[None]:
    """Start Python's tracker of shared semaphores so that it cleans up without a warning after a killed campaign.

    It is a process of its own, which starts with the first semaphore, takes its filters of warnings from the
    environment, and would report on stderr how many semaphores the killed process had left.
    """
    before = os.environ.get("PYTHONWARNINGS")
    quiet = "ignore:resource_tracker:UserWarning"
    os.environ["PYTHONWARNINGS"] = quiet if before is None else f"{before},{quiet}"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before
