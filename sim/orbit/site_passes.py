"""Passes of an orbit over a landing site: when, and how far to the side. The flight and both planners search here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.flight import Failure
from sim.core.root import root
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


@dataclass(frozen=True)
class Landing:
    """`overflight`: when the orbit passes abeam of the site, s; `cross_track`: how far right of the track it is, m."""

    overflight: float
    cross_track: float


def landings(path: Path, site: Site, world: World, start: float, end: float, within: float = 400e3) -> list[Landing]:
    """Every pass abeam of the site between start and end with at most `within` m of cross-track; times to 1 ms."""
    found = [_abeam(a, b, path, site, world) for a, b, _ in _steps(path, site, world, start, end, within)]
    return [landing for landing in found if abs(landing.cross_track) <= within]


def nearest(path: Path, site: Site, world: World, start: float, end: float) -> Landing:
    """Of all passes between start and end the one with the least cross-track, however much that is."""
    steps = _steps(path, site, world, start, end, math.inf)
    if not steps:
        raise Failure(f"no pass abeam of {site.name} between {world.zero.plus(start)} and {world.zero.plus(end)}")
    a, b, _ = min(steps, key=lambda step: step[2])
    return _abeam(a, b, path, site, world)


def _steps(
    path: Path, site: Site, world: World, start: float, end: float, within: float
) -> list[tuple[float, float, float]]:
    """The steps a, b s of the search in which the path comes abeam, and how far to the side, rad, to some 1e-3."""
    start, end = max(start, path.start), min(end, path.end)
    r, v = path.at(start)[:2]
    period = 2.0 * math.pi * math.sqrt(float(semi_major_axis(r, v)[0]) ** 3 / MU_EARTH)
    times = np.append(np.arange(start, end, period / STEPS), end)
    along, across = _beside(times, path, site, world)
    a, b = along[:-1], along[1:]
    here = np.flatnonzero(
        (a > 0.0) & (b <= 0.0) & (a - b < math.pi) & (np.abs(across[:-1]) < within / MEAN_RADIUS + COARSE)
    )
    if here.size == 0:
        return []
    share = a[here] / (a[here] - b[here])
    side = np.abs(_beside(times[here] + share * (times[here + 1] - times[here]), path, site, world)[1])
    return list(zip(times[here].tolist(), times[here + 1].tolist(), side.tolist(), strict=True))


def _abeam(start: float, end: float, path: Path, site: Site, world: World) -> Landing:
    """The pass in one step."""

    def ahead(t: float) -> float:
        return float(_beside(np.array([t]), path, site, world)[0][0])

    t = root(ahead, start, end, 1e-3, f"pass abeam of {site.name}", lambda t: str(world.zero.plus(t)))
    return Landing(t, float(_beside(np.array([t]), path, site, world)[1][0]) * MEAN_RADIUS)


def _beside(times: np.ndarray, path: Path, site: Site, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Angles (n,) along the ground track to the site (rad, positive ahead) and across it (positive to the right)."""
    place = site.ecef() / np.linalg.norm(site.ecef())
    r, v = path.at(times)[:2]
    turn = np.stack([world.ecef(t) for t in times.tolist()])
    p, d = np.einsum("nij,nj->ni", turn, r), np.einsum("nij,nj->ni", turn, v)
    d = d - OMEGA_EARTH * np.stack([-p[:, 1], p[:, 0], np.zeros(len(p))], axis=1)
    up = _unit(p)
    right = _unit(np.cross(d, up))
    ahead = np.cross(up, right)
    return np.arctan2(ahead @ place, up @ place), np.arcsin(right @ place)


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1)[:, None]
