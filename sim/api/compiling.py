"""Machine code of the kernels: made once for a machine, by all its cores, while the first flight begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sim.scenario import Scenario

# The packages of kernels that are called only where one of these phases is flown.
ONLY_FOR = {
    "ascent": {"ascent"},
    "docking": {"docking", "fly-around", "undocking"},
    "sensors": {"docking", "fly-around", "undocking"},
    "craft": {"docking", "fly-around", "undocking"},
    "entry": {"deorbit", "entry", "descent"},
}


@contextmanager
def compiled_ahead(scenario: Scenario) -> Iterator[bool]:
    """Let other processes compile what a mission will call, if that was never done; they end with the block. Whether
    any has begun."""
    from kernels.compiling import ahead

    started = ahead.start(_not_needed(entry.phase for entry in scenario.sequence))
    try:
        yield bool(started)
    finally:
        ahead.stop(started)


def _not_needed(phases: Iterable[str]) -> list[str]:
    flown = set(phases)
    return [package for package, of in ONLY_FOR.items() if not of & flown]
