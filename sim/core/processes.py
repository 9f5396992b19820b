"""Processes beside this one: they run no script of the user again, and none outlives the one that started it.

Whatever a new process imports before it is tied to its parent may leave it behind; so nothing heavy is imported here.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import SpawnProcess
from typing import Any

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def started(serve: Callable[..., None], *given: Any) -> tuple[SpawnProcess, Connection]:
    """A new process that runs `serve(connection, *given)`, and our end of the connection; OSError where none can be."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs, *given), daemon=True)
    with main_left_out():
        process.start()
    theirs.close()
    return process, ours


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; those that are started in here leave it to us.

    They inherit that it is blocked. For us it waits until the block ends; where signals cannot be blocked (Windows) it
    is lost.
    """
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # started in the block, it would end the block's hold on the signal
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return
    here = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if here else None
    try:
        yield
    finally:
        if here:
            signal.signal(signal.SIGINT, handler)


@contextmanager
def main_left_out() -> Iterator[None]:
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


# ---- what runs in the new process


def sendable(error: BaseException) -> BaseException:
    """The error itself, or one that says the same where it cannot be sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")


def end_with_parent() -> None:
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
