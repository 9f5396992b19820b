"""Where the Sun, the Earth's axes and a site are at many times: the world's answers, stacked."""

from __future__ import annotations

import numpy as np

from sim.environment.world import World

LIGHT_M_S = 299792458.0


def of_date(world: World, times: np.ndarray) -> np.ndarray:
    """Rotations (n,3,3) from GCRF to the true equator and equinox of date."""
    return np.array([world.true_of_date(t) for t in times]).reshape(-1, 3, 3)


def earth_fixed(world: World, times: np.ndarray) -> np.ndarray:
    """Rotations (n,3,3) from GCRF to ITRF."""
    return world.ecef_each(np.asarray(times, dtype=float))


def turning(world: World, times: np.ndarray) -> np.ndarray:
    """The Earth's angular velocity (n,3) in GCRF, rad/s."""
    return world.forces.orientation.rate * of_date(world, times)[:, 2]


def sun(world: World, times: np.ndarray, apparent: bool = True) -> np.ndarray:
    """Geocentric Sun (n,3) in GCRF, m; `apparent`: from where its light comes that arrives at `times`.

    Seen from the moving Earth, light comes from where the Sun was, relative to the Earth, when it left: light time and
    aberration in one (planetary aberration, Explanatory Supplement (2013) 7.2.3), good to the Earth's acceleration over
    8 minutes, 5e-9 rad. A craft's own speed does not count: it moves through shadow that lies still beside the Earth.
    """
    here = np.array([world.sun(t) for t in times]).reshape(-1, 3)
    if not apparent:
        return here
    then = times - np.linalg.norm(here, axis=1) / LIGHT_M_S
    return np.array([world.sun(t) for t in then]).reshape(-1, 3)
