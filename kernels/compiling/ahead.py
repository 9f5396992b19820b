"""Compiling ahead: other processes make machine code that the program will need, while it begins to fly.

Each takes the kernels of `signatures.json` in turn, the dearest first, passes by what is kept or what another process
is at, and ends. The program compiles what it needs itself, unless it finds it kept, or waits where another process is
at it. So nothing depends on these processes: where one ends early, or cannot begin, the program takes longer.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from numba import config
from numba.core.errors import NumbaError

from kernels import writable
from kernels.compiling import signatures
from kernels.compiling.code_files import kept

MAXIMUM = 3  # processes beside the program: the dearest kernel takes about a quarter of all

_asked = []  # what this process has asked others to compile


def folder():
    """Where code is kept."""
    return Path(config.CACHE_DIR)


def missing(without=()) -> list:
    """Rows (module, name) of the listed kernels of which no code is kept; a file is looked for, not into.

    `without`: packages of kernels that will not be needed, such as "ascent".
    """
    if config.DISABLE_JIT:
        return []
    found = kept(folder())
    return [row for row in signatures.listed() if row[0].split(".")[1] not in without and row not in found]


def start(without=(), processes=None) -> list:
    """Begin to compile what is missing, in as many processes as there are other cores; returns them, for `stop`."""
    asked = missing(without)
    _asked[:] = asked
    number = min(_cores() - 1, MAXIMUM, len(asked)) if processes is None else min(processes, len(asked))
    if not asked or not writable(folder()):  # what others compile could not be handed over
        return []
    if not sys.executable or getattr(sys, "frozen", False):  # this is no Python that could be started again
        return []
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from kernels.compiling.ahead import main; main()"
    command = [sys.executable, "-P", "-c", code, *sorted({f"{m}.{n}" for m, n in asked})]
    started = []
    for _ in range(number):
        try:
            started.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
        except OSError:  # no more processes: the program compiles alone
            break
    return started


def _cores():
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def progress():
    """How many kernels of those that this process asked for are kept, and how many it asked for; (0, 0) for none."""
    found = kept(folder()) if _asked else {}
    return sum(row in found for row in _asked), len(_asked)


def compile_all(report):
    """Compile all listed kernels that are missing, with all cores; returns how many. report(done, of) now and then."""
    started = start()
    of = len(_asked)
    asked = {f"{module}.{name}" for module, name in _asked}
    try:
        for patience in (False, True):  # what others are at is waited for, once there is nothing else
            for kernel, signature in signatures.read() if of else ():
                if f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}" in asked:
                    report(*progress())
                    (kernel.compile if patience else kernel.compile_unless_claimed)(signature)
    finally:
        stop(started)
    return of - sum(row not in kept(folder()) for row in _asked)


def stop(started) -> None:
    """End the processes: what they were at is lost, what they kept is not."""
    for process in started:
        process.kill()
    for process in started:
        process.wait()
        process.stdin.close()


def main() -> None:
    """One of the processes; its arguments are the kernels that it may compile. It ends when its standard input does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the program ends us
    threading.Thread(target=_end_with_input, daemon=True).start()
    asked = set(sys.argv[1:])
    for kernel, signature in signatures.read():
        if f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}" in asked:
            with suppress(NumbaError):  # the program will report it when it comes to it
                kernel.compile_unless_claimed(signature)


def _end_with_input():
    """The program has gone, however it ended, when nothing can come from it any more."""
    sys.stdin.buffer.read()
    os._exit(0)
