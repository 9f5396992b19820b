"""Passes of an orbit over a landing site: when, and how far to the side. The flight and both planners search here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.flight import Failure
from sim.core.root import roots
from sim.environment.world import Site, World
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
    """Several paths that are asked together: `of(k)` is one of them; `each` has the states r, v (n,3) at times (n,) s,
    each on the path with the number in `which` (n,), as that path alone has them, to the last bit."""

    def of(self, k: int, /) -> Path: ...

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

    def of(self, _k: int) -> Path:
        return self.path

    def each(self, _which: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r, v = self.path.at(times)[:2]
        return r, v


def landings(path: Path, site: Site, world: World, start: float, end: float, within: float = 400e3) -> list[Landing]:
    """Every pass abeam of the site between start and end with at most `within` m of cross-track; times to 1 ms."""
    return landings_each(_Alone(path), [(start, end)], site, world, within)[0]


def landings_each(paths: Paths, spans: Spans, site: Site, world: World, within: float = 400e3) -> list[list[Landing]]:
    """The same of several paths, each in its own span."""
    steps = [_steps(paths.of(k), site, world, *span, within) for k, span in enumerate(spans)]
    found = iter(_abeam(paths, [(k, a, b) for k, these in enumerate(steps) for a, b, _ in these], site, world))
    passes = [[next(found) for _ in these] for these in steps]
    return [[landing for landing in these if abs(landing.cross_track) <= within] for these in passes]


def nearest_each(paths: Paths, spans: Spans, site: Site, world: World) -> list[Landing]:
    """Of all passes on each path in its span the one with the least cross-track, however much that is."""
    chosen = []
    for k, (start, end) in enumerate(spans):
        steps = _steps(paths.of(k), site, world, start, end, math.inf)
        if not steps:
            raise Failure(f"no pass abeam of {site.name} between {world.zero.plus(start)} and {world.zero.plus(end)}")
        a, b, _ = min(steps, key=lambda step: step[2])
        chosen.append((k, a, b))
    return _abeam(paths, chosen, site, world)


def _steps(
    path: Path, site: Site, world: World, start: float, end: float, within: float
) -> list[tuple[float, float, float]]:
    """The steps a, b s of the search in which the path comes abeam, and how far to the side, rad, to some 1e-3."""
    start, end = max(start, path.start), min(end, path.end)
    r, v = path.at(start)[:2]
    period = 2.0 * math.pi * math.sqrt(float(semi_major_axis(r, v)[0]) ** 3 / MU_EARTH)
    times = np.append(np.arange(start, end, period / STEPS), end)

    def beside(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ahead, up, right, place = _axes(times, *path.at(times)[:2], site, world)
        return np.arctan2(ahead @ place, up @ place), np.arcsin(right @ place)

    along, across = beside(times)
    a, b = along[:-1], along[1:]
    here = np.flatnonzero(
        (a > 0.0) & (b <= 0.0) & (a - b < math.pi) & (np.abs(across[:-1]) < within / MEAN_RADIUS + COARSE)
    )
    if here.size == 0:
        return []
    share = a[here] / (a[here] - b[here])
    side = np.abs(beside(times[here] + share * (times[here + 1] - times[here]))[1])
    return list(zip(times[here].tolist(), times[here + 1].tolist(), side.tolist(), strict=True))


def _abeam(paths: Paths, steps: list[tuple[int, float, float]], site: Site, world: World) -> list[Landing]:
    """The pass in each step: number of the path, a, b s."""
    if not steps:
        return []
    which = np.array([k for k, _, _ in steps])
    low, high = (np.array([step[j] for step in steps]) for j in (1, 2))

    def beside(some: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ahead, up, right, place = _axes(times, *paths.each(which[some], times), site, world)
        # Products of one row each: of many rows the library sums in another order.
        ahead, up, right = (x[:, None, :] @ place for x in (ahead, up, right))
        return np.arctan2(ahead, up)[:, 0], np.arcsin(right)[:, 0]

    t = roots(
        lambda some, times: beside(some, times)[0],
        low,
        high,
        1e-3,
        f"pass abeam of {site.name}",
        lambda t: str(world.zero.plus(t)),
    )
    across = beside(np.arange(len(t)), t)[1]
    return [Landing(a, c * MEAN_RADIUS) for a, c in zip(t.tolist(), across.tolist(), strict=True)]


def _axes(times: np.ndarray, r: np.ndarray, v: np.ndarray, site: Site, world: World):
    """Earth-fixed unit vectors (n,3) forward along the ground track, up and to the right, and to the site (3,).

    The angle to the site along the track is positive ahead, the one across it to the right.
    """
    place = site.ecef() / np.linalg.norm(site.ecef())
    turn = world.ecef_each(times)
    p, d = np.einsum("nij,nj->ni", turn, r), np.einsum("nij,nj->ni", turn, v)
    d = d - OMEGA_EARTH * np.stack([-p[:, 1], p[:, 0], np.zeros(len(p))], axis=1)
    up = _unit(p)
    right = _unit(_cross(d, up))
    return _cross(up, right), up, right, place


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1)[:, None]


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of rows (n,3); numpy's own takes as long for the first one as this does for a hundred."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)
