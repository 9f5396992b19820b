"""Jobs for the workers of a campaign that fly nothing: they come back, are killed, hang, fail. They import nothing."""

import os
import signal
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def killed(folder: Path, numbers: tuple[int, ...], times: int, number: int) -> int:
    """Killed in some runs, that often in each."""
    if number in numbers and len(list(folder.glob(f"{number}-*"))) < times:
        (folder / f"{number}-{os.getpid()}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def hangs(at: int, number: int) -> int:
    time.sleep(60.0 if number == at else 0.0)
    return square(number)


def refuses(number: int) -> int:
    raise ValueError(f"run {number} cannot be")


class NoJob:
    """One that cannot even be read by a worker."""

    def __call__(self, number: int) -> int:
        return square(number)

    def __setstate__(self, state: dict) -> None:
        os._exit(3)

    def __getstate__(self) -> dict:
        return {"a": 1}
