"""Passes of an orbit over a landing site: when, and how far to the side. The flight and both planners search here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.root import roots
from sim.core.trajectory import TOGETHER
from sim.environment.world import World
from sim.orbit.propagate import semi_major_axis

MEAN_RADIUS = 6371e3  # m, of the Earth: turns the angle to the side into a distance on the ground
STEPS = 24.0  # of the search, a revolution
COARSE = 0.1  # rad: within a step the Earth's turn moves the angle to the side by 0.02


class Path(Protocol):
    """A trajectory, or what runs along one: at times (n,) s from `start` to `end` its states are r, v (n,3), GCRS."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...

    def at(self, times, /) -> tuple[np.ndarray, ...]: ...


class Paths(Protocol):
    """Several paths from `start` to `end` s that are asked together: states r, v (n,3), GCRS, at times (n,) s, each on
    the path with the number in `which` (n,), and to the last bit those that it has when it is asked alone."""

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...

    def each(self, which: np.ndarray, times: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]: ...


Spans = Sequence[tuple[float, float]]  # start and end of the search on each path, s


@dataclass(frozen=True)
class Landing:
    """`overflight`: when the orbit passes abeam of the site, s; `cross_track`: how far right of the track it is, m."""

    overflight: float
    cross_track: float


@dataclass(frozen=True)
class _Alone:
    """One path as several."""

    path: Path

    @property
    def start(self) -> float:
        return self.path.start

    @property
    def end(self) -> float:
        return self.path.end

    def each(self, _which: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r, v = self.path.at(times)[:2]
        return r, v


def landings(path: Path, site: Site, world: World, start: float, end: float, within: float = 400e3) -> list[Landing]:
    """Every pass abeam of the site between start and end with at most `within` m of cross-track; times to 1 ms."""
    return landings_each(_Alone(path), [(start, end)], site, world, within)[0]


def landings_each(paths: Paths, spans: Spans, site: Site, world: World, within: float = 400e3) -> list[list[Landing]]:
    """The same of several paths, each in its own span."""
    steps = _steps(paths, spans, site, world, within)
    found = iter(_abeam(paths, [(k, a, b) for k, these in enumerate(steps) for a, b, _ in these], site, world))
    passes = [[next(found) for _ in these] for these in steps]
    return [[landing for landing in these if abs(landing.cross_track) <= within] for these in passes]


def nearest_each(paths: Paths, spans: Spans, site: Site, world: World) -> list[Landing]:
    """Of all passes on each path in its span the one with the least cross-track, however much that is."""
    chosen = []
    for k, steps in enumerate(_steps(paths, spans, site, world, math.inf)):
        if not steps:
            start, end = spans[k]
            raise Failure(f"no pass abeam of {site.name} between {world.zero.plus(start)} and {world.zero.plus(end)}")
        a, b, _ = min(steps, key=lambda step: step[2])
        chosen.append((k, a, b))
    return _abeam(paths, chosen, site, world)


def _steps(
    paths: Paths, spans: Spans, site: Site, world: World, within: float
) -> list[list[tuple[float, float, float]]]:
    """Of each path the steps a, b s in which it comes abeam, and how far to the side of the site, rad, to some 1e-3."""
    if not spans:
        return []
    limits = [(max(start, paths.start), min(end, paths.end)) for start, end in spans]
    r, v = paths.each(np.arange(len(spans)), np.array([start for start, _ in limits]))
    axes = semi_major_axis(r, v).tolist()
    steps = [2.0 * math.pi * math.sqrt(a**3 / MU_EARTH) / STEPS for a in axes]
    times = [np.append(np.arange(*limit, step), limit[1]) for limit, step in zip(limits, steps, strict=True)]
    found, group = [], max(1, TOGETHER // max(len(t) for t in times))
    for k in range(0, len(spans), group):
        found += _steps_of_some(paths, k, times[k : k + group], site, world, within)
    return found


def _steps_of_some(
    paths: Paths, first: int, times: list[np.ndarray], site: Site, world: World, within: float
) -> list[list[tuple[float, float, float]]]:
    """The same of the paths from number `first` on, at the times of each."""
    ends = np.cumsum([len(t) for t in times])
    which, every = first + np.repeat(np.arange(len(times)), [len(t) for t in times]), np.concatenate(times)
    along, across = _beside(paths, which, every, site, world)
    a, b = along[:-1], along[1:]
    here = np.flatnonzero(
        (a > 0.0) & (b <= 0.0) & (a - b < math.pi) & (np.abs(across[:-1]) < within / MEAN_RADIUS + COARSE)
    )
    here = here[which[here] == which[here + 1]]  # not from one path to the next
    share = a[here] / (a[here] - b[here])
    middle = every[here] + share * (every[here + 1] - every[here])
    side = np.abs(_beside(paths, which[here], middle, site, world)[1])
    rows = list(zip(every[here].tolist(), every[here + 1].tolist(), side.tolist(), strict=True))
    cuts = [0, *np.searchsorted(here, ends).tolist()]
    return [rows[i:j] for i, j in zip(cuts[:-1], cuts[1:], strict=True)]


def _abeam(paths: Paths, steps: list[tuple[int, float, float]], site: Site, world: World) -> list[Landing]:
    """The pass in each step: number of the path, a, b s."""
    if not steps:
        return []
    which = np.array([k for k, _, _ in steps])
    low, high = (np.array([step[j] for step in steps]) for j in (1, 2))

    t = roots(
        lambda some, times: _beside(paths, which[some], times, site, world)[0],
        low,
        high,
        1e-3,
        f"pass abeam of {site.name}",
        lambda t: str(world.zero.plus(t)),
    )
    across = _beside(paths, which, t, site, world)[1]
    return [Landing(a, c * MEAN_RADIUS) for a, c in zip(t.tolist(), across.tolist(), strict=True)]


def _beside(
    paths: Paths, which: np.ndarray, times: np.ndarray, site: Site, world: World
) -> tuple[np.ndarray, np.ndarray]:
    """Angles (n,) along the ground track to the site (rad, positive ahead) and across it (positive to the right)."""
    place = site.ecef() / np.linalg.norm(site.ecef())
    r, v = paths.each(which, times)
    turn = world.ecef_each(times)
    p, d = np.einsum("nij,nj->ni", turn, r), np.einsum("nij,nj->ni", turn, v)
    d = d - OMEGA_EARTH * np.stack([-p[:, 1], p[:, 0], np.zeros(len(p))], axis=1)
    up = _unit(p)
    right = _unit(_cross(d, up))
    # Products of one row each: of many rows the library sums in another order, and one is not to depend on the others.
    ahead, up, right = (x[:, None, :] @ place for x in (_cross(up, right), up, right))
    return np.arctan2(ahead, up)[:, 0], np.arcsin(right)[:, 0]


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1)[:, None]


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of rows (n,3); numpy's own takes as long for the first one as this does for a hundred."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)
