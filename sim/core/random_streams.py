"""Random streams: one for every (root seed, run, name), the same on every machine and in every version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kernels.maths.random import Stream
from kernels.maths.random import stream as numbered


def number(name: str) -> int:
    """The number of a stream's name: the first four bytes, big end first, of the SHA-256 of its UTF-8."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def stream(seed: int, run: int, name: str) -> Stream:
    """The stream of a root seed, a run (both counted from 0) and a use, such as "nav.noise".

    Every use needs a name of its own: two uses of one name draw the same numbers.
    """
    return numbered(seed, run, number(name))


@dataclass(frozen=True)
class RandomDraws:
    """Random draws of a phase: the root `seed` of the mission or campaign, the number of the `run`,
    and which flight of the phase this is in its mission, counted from 1."""

    seed: int
    run: int = 0
    flight: int = 1

    def stream(self, name: str) -> Stream:
        """The stream of one use, such as "docking.sensors"."""
        return stream(self.seed, self.run, name if self.flight == 1 else f"{name}.{self.flight}")
