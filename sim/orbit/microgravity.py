"""Quasi-steady acceleration aboard: how a thing that floats free at some place begins to move against the station.

Three parts: the Earth pulls less where it is farther away, the station turns once a revolution with its axes along
LVLH, and the air slows the station but not what floats in it. In Hill's limit, a circle without air, this is
(0, -n^2 y, 3 n^2 z). Left out: vibration, people, engines, the station's own gravity, and its oscillation about LVLH.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.trajectory import Trajectory
from sim.environment.world import World

MICRO_G = 9.80665e-6  # m/s2


@dataclass(frozen=True)
class Motion:
    """The station's orbit at times `t` (n,) s: turn rate `n` (n,) rad/s and its change, pull of the Earth by the radius
    `tide` (n,) 1/s2, and `drag` (n,3) m/s2 in LVLH, by which the air slows it."""

    t: np.ndarray
    n: np.ndarray
    n_rate: np.ndarray
    tide: np.ndarray
    drag: np.ndarray

    def at(self, place: np.ndarray) -> np.ndarray:
        """Acceleration (n,3) m/s2 in LVLH of what floats at a place (3,) m from the centre of mass (LVLH)."""
        x, y, z = (float(c) for c in place)
        n2 = self.n**2
        forward = (n2 - self.tide) * x + self.n_rate * z
        aside = -self.tide * y
        down = (n2 + 2.0 * self.tide) * z - self.n_rate * x
        return np.stack([forward, aside, down], axis=1) - self.drag


def motion(path: Trajectory, world: World, every: int = 1) -> Motion:
    """At every n-th node of a coast, where the trajectory knows its acceleration; the drag is what of that is not
    gravity, Sun and Moon."""
    nodes = slice(None, None, every)
    t, r, v, a = path.t[nodes], path.r[nodes], path.v[nodes], path.a[nodes]
    radius = np.linalg.norm(r, axis=1)
    momentum = np.cross(r, v)
    h = np.linalg.norm(momentum, axis=1)
    n = h / radius**2
    down, aside = -r / radius[:, None], -momentum / h[:, None]
    axes = np.stack([np.cross(aside, down), aside, down], axis=1)
    climb = np.einsum("ij,ij->i", r, v) / radius
    slowed = a - world.without_air(t, r, v)
    return Motion(t, n, -2.0 * n * climb / radius, MU_EARTH / radius**3, np.einsum("nij,nj->ni", axes, slowed))
