"""Limits of what is counted in a campaign: runs, processes, root seeds. Checked before anything heavy is imported."""

from __future__ import annotations

from numbers import Integral, Real
from typing import SupportsInt

from sim.files.errors import BadInput

MOST_RUNS = 1_000_000
MOST_WORKERS = 1024  # processes; more than the cores of any one machine of today
FEWEST_FLIGHTS = 40  # with fewer the 95 % would be all of them
LARGEST_SEED = 2**64 - 1  # the random generator's key has 64 bits


def checked_counts(
    n: SupportsInt | None, seed: SupportsInt | None, workers: SupportsInt | None
) -> tuple[int | None, int | None, int | None]:
    """The three as plain integers, None where left out; BadInput where one is not a whole number within its limits."""
    return (
        _whole("n", n, 1, MOST_RUNS, "leave it out for as many runs as the campaign says"),
        _whole("seed", seed, 0, LARGEST_SEED, "leave it out for the campaign's own"),
        _whole("workers", workers, 1, MOST_WORKERS, "leave it out for as many processes as the machine has cores"),
    )


def checked_run(number: SupportsInt) -> int:
    """The number of a run, counted from 0; BadInput where none has it."""
    return int(_whole("run", number, 0, MOST_RUNS - 1, "look it up in the column 'run' of runs.csv") or 0)


def checked_flights(value: SupportsInt) -> int:
    """How many flights a forecast's intervals come from, 0 for none; BadInput for too few to give any."""
    found = _whole("intervals", value, 0, MOST_RUNS, "leave it out for none") or 0
    if 0 < found < FEWEST_FLIGHTS:
        raise BadInput(f"intervals: found {found}; write {FEWEST_FLIGHTS} flights or more, or 0 for none")
    return found


def checked_halfwidth(value: float, name: str = "until_halfwidth") -> float:
    """How well a probability is to be known; BadInput where that is no number that makes sense."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0.0 < float(value) < 0.5:
        raise BadInput(f"{name}: found {_shown(value)}; write a number between 0 and 0.5, such as 0.01")
    return float(value)


def _whole(name: str, value: object, low: int, high: int, otherwise: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        raise BadInput(f"{name}: found {_shown(value)}; write a whole number from {low} to {high}, or {otherwise}")
    return int(value)


def _shown(value: object) -> str:
    """In a few characters: Python itself refuses to write an integer of some thousands of digits."""
    if isinstance(value, int) and abs(value) >= 10**30:
        return "an integer of more than 30 digits"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
