"""What a finder returns, and what all finders share: spans, steps and functions of a trajectory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.core.flight import Event
from sim.core.trajectory import Trajectory
from sim.events.search import END_S, Zeros

# What counts as zero for lengths: 1e-12 of 7000 km. A position is rounded to 1e-9 m, and 7 m/s cross this in 1e-6 s.
TOUCH_M = 7.0e-6
TURN_RAD = 0.5  # how far an orbit turns, at its quickest, in the first cut of a search


@dataclass(frozen=True)
class Crossing:
    """One event: `t` s; `kind`, a word; `direction` 1, -1 or 0 (grazing: it touched and went back); `values` with the
    unit in the key, as each finder's docstring lists them."""

    t: float
    kind: str
    direction: int
    values: Mapping[str, float] = field(default_factory=dict)

    def event(self, vehicle: str) -> Event:
        """As it goes to files: a grazing one says so in its name."""
        return Event(self.kind if self.direction else f"{self.kind}_grazing", self.t, vehicle, dict(self.values))


def seams(*paths: Trajectory) -> list[tuple[float, float]]:
    """Smooth pieces of the time that all paths cover, cut wherever one of them has two nodes at one time.

    What begins only at the end, after an impulse there, is not searched.
    """
    start, end = max(p.start for p in paths), min(p.end for p in paths)
    if not start < end:
        raise ValueError(f"the trajectories share no time: latest start {start:.3f} s, earliest end {end:.3f} s")
    if any(p.t[-2] == end for p in paths):
        end = float(np.nextafter(end, start))
    cuts = np.concatenate([p.t[1:][np.diff(p.t) == 0.0] for p in paths])
    cuts = np.unique(np.concatenate([[start], cuts[(cuts > start) & (cuts < end)], [end]]))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


def first_step(*paths: Trajectory) -> float:
    """Time in which the quickest of the paths turns by TURN_RAD about the Earth's centre, s."""
    rates = [np.linalg.norm(p.v, axis=1) / np.linalg.norm(p.r, axis=1) for p in paths]
    return TURN_RAD / max(float(rate.max()) for rate in rates)


def on_path(path: Trajectory, g: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """g(t, r, v) along a trajectory, as a function of time only."""

    def of_time(times):
        r, v, _ = path.at(times)
        return g(times, r, v)

    return of_time


def listed(
    found: Zeros, rising: str, falling: str, values: Mapping[str, np.ndarray], touching: str = ""
) -> list[Crossing]:
    """Crossings in order, named after their direction; `values` hold one number for each zero."""
    names = {1: rising, -1: falling, 0: touching or rising}
    rows: Iterable[tuple[float, ...]] = [()] * found.t.size
    if values:
        rows = zip(*(np.asarray(v, dtype=float).tolist() for v in values.values()), strict=True)
    return [
        Crossing(t, names[direction], direction, dict(zip(values, row, strict=True)))
        for t, direction, row in zip(found.t.tolist(), found.direction.tolist(), rows, strict=True)
    ]


def united(*parts: Iterable[Crossing]) -> list[Crossing]:
    """The crossings of spans that follow each other, in the order of time: what two of them found on their common end
    counts once.

    `parts`: what one finder returned for each span.
    """
    found: list[Crossing] = []
    for crossing in sorted((c for part in parts for c in part), key=lambda c: c.t):
        again = (c.kind == crossing.kind and crossing.t - c.t < 2.0 * END_S for c in reversed(found[-4:]))
        if not any(again):
            found.append(crossing)
    return found
