"""What a day looks like from the station: light, links to the ground, and the landing passes soon after docking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.orbit.shadow import ELLIPSOID, illumination_table
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.plane_crossing import sun_elevation
from sim.orbit.site_passes import nearest_each
from sim.orbit.tracking import Links, earth_fixed
from sim.orbit.tracking import links as links  # whoever asks for the sky asks for its links here

EVERY = 30.0  # s
HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class Shifted:
    """A path on which the station runs `shift` rad further along its orbit than it would: after a trim."""

    path: Trajectory
    shift: float

    @property
    def start(self) -> float:
        return self.path.start

    @property
    def end(self) -> float:
        return self.path.end

    def at(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions (n,3) m and velocities (n,3) m/s, turned about the orbit's own normal."""
        r, v, _ = self.path.at(times)
        if self.shift == 0.0:
            return r, v
        return turned(r, v, math.cos(self.shift), math.sin(self.shift))


@dataclass(frozen=True)
class ShiftedEach:
    """Several such: one path, `shifts` (k,) rad."""

    path: Trajectory
    shifts: np.ndarray

    @property
    def start(self) -> float:
        return self.path.start

    @property
    def end(self) -> float:
        return self.path.end

    def each(self, which: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions (n,3) m and velocities (n,3) m/s at `times` (n,), on the path with the number of each."""
        r, v, _ = self.path.at(times)
        c, s = (np.array([f(x) for x in self.shifts.tolist()])[which, None] for f in (math.cos, math.sin))
        further = turned(r, v, c, s)
        as_they_are = (self.shifts == 0.0)[which, None]
        return np.where(as_they_are, r, further[0]), np.where(as_they_are, v, further[1])


def turned(r: np.ndarray, v: np.ndarray, c, s) -> tuple[np.ndarray, np.ndarray]:
    """States (n,3) turned about the orbit's own normal, by the angle of cosine `c` and sine `s`."""
    # h x r and h x v over the length of h = r x v, written out: a quarter of a turn ahead of r and of v.
    rr, rv, vv = (np.einsum("ij,ij->i", a, b)[:, None] for a, b in ((r, r), (r, v), (v, v)))
    h = np.sqrt(rr * vv - rv * rv)
    return c * r + s * ((rr * v - rv * r) / h), c * v + s * ((rv * v - vv * r) / h)


def light(path: Shifted, times: np.ndarray, world: World) -> np.ndarray:
    """How much of the Sun's disc the station sees, 0 to 1, at each of `times`."""
    middle = float(times[len(times) // 2])
    sun, pole = world.sun(middle), world.true_of_date(middle)[2]
    out = np.empty(len(times))
    illumination_table(np.ascontiguousarray(path.at(times)[0]), sun, pole, ELLIPSOID, out)
    return out


def coverage(path: Shifted, end: float, world: World, seen_by: Links) -> tuple[float, float]:
    """Share of the hour before `end` in which some relay or station is seen, and the longest gap, s."""
    times = end - HOUR + EVERY * np.arange(round(HOUR / EVERY) + 1)
    p = earth_fixed(path.at(times)[0], times, world)
    seen = np.asarray(seen_by.seen(p).any(axis=1))
    longest = run = 0
    for visible in seen:
        run = 0 if visible else run + 1
        longest = max(longest, run)
    return float(seen.mean()), EVERY * longest


@dataclass(frozen=True)
class LandingPass:
    """The best pass over the landing site on one day: `t` s, `side` m beside the track, Sun `elevation` rad there."""

    t: float
    side: float
    elevation: float


def landing_passes(
    paths: ShiftedEach, docked: Sequence[float], site: Site, world: World, day: int
) -> list[LandingPass]:
    """On each path the pass nearest to the landing site from 12 h before to 12 h after `day` days after docking."""
    spans = [(t + (day - 0.5) * DAY, t + (day + 0.5) * DAY) for t in docked]
    found = nearest_each(paths, spans, site, world)
    return [LandingPass(x.overflight, x.cross_track, sun_elevation(x.overflight, site, world)) for x in found]


def landing_pass(path: Shifted, docked: float, site: Site, world: World, day: int) -> LandingPass:
    """The same of one path."""
    return landing_passes(ShiftedEach(path.path, np.array([path.shift])), [docked], site, world, day)[0]
