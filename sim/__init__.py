"""tiangong-sim: a Tiangong crew rotation as one continuous state, from pad to landing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Before scipy brings its linear algebra: the matrices here are small, and its threads only wait for each other. The
# search for phasing burns took 25 s instead of 4 on two busy cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from sim.core.trajectory import Trajectory
    from sim.propagation.force_model import Orbit

__version__ = "0.1.0"


def propagate(orbit: Orbit) -> Trajectory:
    """Fly one orbit with the forces that it names; the trajectory answers at any time of its span.

    >>> import numpy as np, sim
    >>> from sim.core.epoch import Epoch
    >>> from sim.propagation.force_model import GravityChoice, Orbit, ThirdBodyChoice
    >>> r, v = np.array([6.771e6, 0.0, 0.0]), np.array([0.0, 5.749e3, 5.080e3])  # GCRF, m and m/s
    >>> orbit = Orbit("mine", Epoch.from_utc("2026-10-24T00:00:00Z"), r, v, duration=86400.0, step=60.0,
    ...               gravity=GravityChoice("egm2008", degree=20, order=20),
    ...               third_body=ThirdBodyChoice(sun=True, moon=True))
    >>> position, velocity, mass = sim.propagate(orbit).at([0.0, 5400.0])  # (2, 3) m, (2, 3) m/s, (2,) kg
    >>> position.shape
    (2, 3)

    Times are seconds from the epoch; `sim.propagation.propagate.propagate` gives the world with its Earth, Sun and Moon
    too.
    """
    from sim.propagation.propagate import propagate as fly

    return fly(orbit).trajectory
