"""The two burns by which a ship that has backed off a station leaves for good, planned from fixes by Hill's equations.

The first leads down (or up), onto a loop that leaves the station; the second, half a revolution later, backward, and
sets the rate at which the ship then drifts ahead. LVLH of the station: x forward, y against the orbit normal, z to the
nadir; m, m/s. The station is taken to be on a circle.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import MU_EARTH
from kernels.relative.hill import hcw_stm
from sim.core.scene import KnownState
from sim.core.simplification import Simplification
from sim.orbit.propagate import semi_major_axis
from sim.rendezvous.relative import relative_state

HILL = Simplification(
    "departure.hill",
    "The separation burns are planned by Hill's equations, for a station on a circle without drag; by what the orbit "
    "differs from that the drift after them does.",
    "departure",
)

CLEAR = 1.25  # times the keep-out sphere: for the errors of the fix, of the burn, and of Hill's equations
STARTS = 0.95  # of the distance at the burn: a ship nearer than that has turned back
STEP = 30.0  # s between the places of a drift that are looked at


def mean_motion(station: KnownState) -> float:
    """rad/s."""
    return math.sqrt(MU_EARTH / float(semi_major_axis(station.r, station.v)[0]) ** 3)


def carried(station: KnownState, ship: KnownState, after: float) -> tuple[np.ndarray, np.ndarray]:
    """Place (3,) m and velocity (3,) m/s of the ship, `after` s of free drift from a fix."""
    d, rate = relative_state(station, ship)
    phi = np.empty((6, 6))
    hcw_stm(mean_motion(station), after, phi)
    later = phi @ np.concatenate([d, rate])
    return later[:3], later[3:]


def nearest(d: np.ndarray, rate: np.ndarray, n: float, duration: float) -> float:
    """How near the ship comes on a free drift from there, m."""
    state, phi, distances = np.concatenate([d, rate]), np.empty((6, 6)), [float(np.linalg.norm(d))]
    for t in np.linspace(0.0, duration, max(2, int(duration / STEP) + 1))[1:]:
        hcw_stm(n, float(t), phi)
        distances.append(float(np.linalg.norm(phi[:3] @ state)))
    return min(distances)


def is_clear(d: np.ndarray, rate: np.ndarray, n: float, duration: float, keep_out: float) -> bool:
    """Whether a free drift neither turns back nor comes within CLEAR times the sphere `keep_out` m."""
    return nearest(d, rate, n, duration) >= min(STARTS * float(np.linalg.norm(d)), CLEAR * keep_out)


def leaving_burn(
    station: KnownState, ship: KnownState, after: float, size: float, duration: float, keep_out: float
) -> np.ndarray:
    """The burn (3,), m/s, `after` s after the fix, which leaves the ship at `size` m/s toward the nadir and at no other
    speed; toward the zenith where only that leads away for `duration` s, as behind the station."""
    (d, rate), n = carried(station, ship, after), mean_motion(station)
    down, up = np.array([0.0, 0.0, size]), np.array([0.0, 0.0, -size])
    if is_clear(d, down, n, duration, keep_out):
        return down - rate
    return max((down, up), key=lambda v: nearest(d, v, n, duration)) - rate


def lowering_burn(
    station: KnownState, ship: KnownState, after: float, size: float, duration: float, keep_out: float
) -> np.ndarray | None:
    """The burn along the track (3,), m/s, `after` s after the fix, which leaves the ship on an orbit as much lower as
    `size` m/s backward would from the station's own: it drifts ahead by 3 `size`. None where the drift after it would
    come back within `duration` s."""
    (d, rate), n = carried(station, ship, after), mean_motion(station)
    left = rate.copy()
    left[0] = 2.0 * n * d[2] - size  # Hill: the mean drift along the track is 6 n z - 3 vx
    return left - rate if is_clear(d, left, n, duration, keep_out) else None
