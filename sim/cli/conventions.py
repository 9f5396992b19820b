"""Conventions of the command line: exit codes, faults in one line, progress on stderr, one JSON object on stdout."""

from __future__ import annotations

import _thread
import functools
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import typer

from sim import __version__
from sim.files.errors import BadInput, DataError, MissionFailed, TiangongError
from sim.files.names import as_json
from sim.files.own_packages import broken

__all__ = [
    "BadInput",
    "MissionFailed",
    "end_when_asked",
    "options_named",
    "progress",
    "say_json",
    "reporting_errors",
    "warn",
]

DONE, INTERNAL, BAD_INPUT, MISSION_FAILED, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 4, 130
TERMINATED = 128 + signal.SIGTERM
JSON_SCHEMA = 1  # of what --json prints; raised when a key changes its meaning or goes away

Tick = Callable[[str, float], None]  # (phase, fraction of the whole flight)


def reporting_errors(command: Callable) -> Callable:
    """Make a command end with an exit code and a line on stderr whatever happens in it."""

    @functools.wraps(command)
    def mannered(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except typer.Exit:
            raise
        except KeyboardInterrupt:  # reported in here: while it is handled, it is not raised again
            _end_with(command, kwargs, INTERRUPTED, *_STOPPED)
        except Exception as error:
            if _ASKED:  # some code makes an error of its own of the exception: it is the end all the same
                if signal.SIGTERM in _ASKED:
                    raise SystemExit(TERMINATED) from None
                _end_with(command, kwargs, INTERRUPTED, *_STOPPED)
            if os.environ.get("TIANGONG_DEBUG"):
                traceback.print_exc()
            _end_with(command, kwargs, *_fault(error))

    return mannered


_STOPPED: tuple[dict, list[str]] = (
    {"status": "interrupted", "reason": "interrupted; nothing was changed"},
    ["interrupted; nothing was changed"],
)


def _end_with(command: Callable, options: dict, code: int, fault: dict, lines: list[str]) -> NoReturn:
    if options.get("as_json"):
        say_json(command.__name__.strip("_").replace("_", "-"), fault)
    for line in lines:
        print(line, file=sys.stderr)
    raise typer.Exit(code)


def _fault(error: Exception) -> tuple[int, dict, list[str]]:
    """Exit code, the content of --json, and the lines for stderr."""
    text = str(error)
    problems = getattr(error, "problems", None)  # a ScenarioError; its module would bring pydantic to every start
    if problems is not None:
        found = {"status": "bad input", "problems": [p.as_dict() for p in problems]}
        return BAD_INPUT, found, [str(p) for p in problems]
    if isinstance(error, MissionFailed):
        return MISSION_FAILED, {"status": "failed", "phase": error.phase, "reason": error.reason}, [text]
    if isinstance(error, DataError):
        return ENVIRONMENT, {"status": "environment", "reason": text}, text.splitlines()
    if isinstance(error, TiangongError):
        from sim.core.flight import Failure  # here, since it brings numpy, which no start of the command may wait for

        if isinstance(error, Failure):
            return MISSION_FAILED, {"status": "failed", "reason": text}, [text]
        return BAD_INPUT, {"status": "bad input", "reason": text}, [text]
    if isinstance(error, ImportError) and (lost := broken(error)):
        return ENVIRONMENT, {"status": "environment", "reason": lost}, [lost]
    if isinstance(error, ModuleNotFoundError):
        text = f"the package '{error.name}' is missing; install tiangong-sim again"
        return ENVIRONMENT, {"status": "environment", "reason": text}, [text]
    if isinstance(error, ImportError | SyntaxError):  # of another package, or of a file that hides one
        why = " ".join(text.split())
        text = f"a package cannot be loaded ({why}); install tiangong-sim in an environment of its own"
        return ENVIRONMENT, {"status": "environment", "reason": text}, [text]
    if isinstance(error, OSError | MemoryError):
        text = f"the machine refused: {text or 'out of memory'}"
        return ENVIRONMENT, {"status": "environment", "reason": text}, [text]
    text = f"internal error, {type(error).__name__}: {' '.join(text.split())} (TIANGONG_DEBUG=1 shows where)"
    return INTERNAL, {"status": "internal error", "reason": text}, [text]


_ASKED: list[int] = []  # signals that have come
_LEFT: list[bool] = []  # holds True once the command has been left
_COMING: set[int] = set()  # signals that are about to be sent once more


@contextmanager
def end_when_asked() -> Iterator[None]:
    """Have SIGTERM end the block as Ctrl-C does, by an exception that takes unfinished directories away.

    Python raises it wherever it happens to be, which may be where no exception leaves: in a finalizer, in a callback
    from compiled code (numba has them while it loads a kernel), in an attribute that C code only asks for, in other
    people's `except BaseException`; pydantic makes an error of its own of it. So the signal is sent again every 10 ms
    and raises again, until the block is left, which then ends as asked; while the exception is on its way out and
    things are tidied up, it is let be.
    """
    _LEFT.clear()
    _ASKED.clear()
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else a shell has it ignored
        signal.signal(signal.SIGINT, _end)
    sys.unraisablehook = _show_unless_an_end
    try:
        yield
    finally:
        _LEFT.append(True)
        asked = tuple(_ASKED)
        _ASKED.clear()
        if asked and not _is_end(sys.exc_info()[1]):
            raise SystemExit(TERMINATED if signal.SIGTERM in asked else INTERRUPTED)


def _end(number: int, frame: FrameType | None) -> None:
    if _LEFT:
        return
    _ASKED.append(number)
    _send_again(number)
    if _is_end(sys.exc_info()[1]):
        return
    while frame is not None:
        if frame.f_code is _show_unless_an_end.__code__:  # nothing leaves that one
            return
        frame = frame.f_back
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(TERMINATED)


def _is_end(error: BaseException | None) -> bool:
    """Whether an exception, or one in whose handling it was raised, is what `_end` raises."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or (isinstance(error, SystemExit) and error.code == TERMINATED):
            return True
        error = error.__context__
    return False


def _show_unless_an_end(ignored: sys.UnraisableHookArgs) -> None:
    if not _is_end(ignored.exc_value):
        sys.__unraisablehook__(ignored)


def _send_again(number: int) -> None:
    """A moment later, from a thread; a plain one, since a finalizer may run while `threading` holds its lock."""
    if number in _COMING:
        return
    _COMING.add(number)

    def send() -> None:
        time.sleep(0.01)
        _COMING.discard(number)
        main = threading.main_thread().ident
        if main is not None and hasattr(signal, "pthread_kill"):  # the main thread may wait for something by then
            signal.pthread_kill(main, number)
        else:
            signal.raise_signal(number)

    _thread.start_new_thread(send, ())


def warn(warnings: Iterable[str]) -> None:
    """Warnings on stderr, each in a line."""
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


def say_json(command: str, content: dict) -> None:
    """One JSON object on stdout, with the versions first. NaN has no place in it."""
    head = {"tiangong": __version__, "schema": JSON_SCHEMA, "verb": command}
    print(as_json({**head, **content}, sys.stdout.encoding, default=str))


@contextmanager
def options_named(names: Mapping[str, str]) -> Iterator[None]:
    """A fault of a function's parameter is reported by the option that the parameter is on the command line."""
    from dataclasses import replace

    from sim.files.problems import ScenarioError

    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(replace(p, file=names.get(p.file, p.file)) for p in error.problems) from None
    except BadInput as error:
        name, colon, rest = str(error).partition(": ")
        if not colon or name not in names:
            raise
        raise BadInput(f"{names[name]}: {rest}") from None


@contextmanager
def progress(quiet: bool) -> Iterator[Tick]:
    """A function that receives the progress; it draws a bar on stderr if that is a terminal, and nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda phase, fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description:<14}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, last = bar.add_task("starting", total=1.0), ["starting"]

        def tick(phase: str, fraction: float) -> None:
            last[0] = phase
            bar.update(task, description=_with_compiling(phase), completed=fraction)

        over = threading.Event()
        watch = threading.Thread(
            target=_until, args=(over, lambda: bar.update(task, description=_with_compiling(last[0]))), daemon=True
        )
        watch.start()
        try:
            yield tick
        finally:
            over.set()
            watch.join()


def _until(over: threading.Event, do: Callable[[], None]) -> None:
    """Twice a second, until it is over."""
    while not over.wait(0.5):
        do()


def _with_compiling(phase: str) -> str:
    """A phase, and how far the kernels are compiled if the first flight of a machine has to do that."""
    ahead = sys.modules.get("kernels.compiling.ahead")  # where nobody has asked for it, nothing is compiled ahead
    done, of = ahead.progress() if ahead else (0, 0)
    return f"{phase}, compiling {done} of {of}, once" if done < of else phase
