"""Into the South Atlantic Anomaly and out of it, by the proxy of `sim.orbit.radiation`."""

from __future__ import annotations

import math

import numpy as np

from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.crossing import Crossing, first_step, listed, on_path, seams
from sim.events.search import zeros
from sim.orbit.radiation import EDGE, anomaly

TOLERANCE = 1.0e-9  # of the logarithm of the protons, which moves by some 0.01 a second


def anomaly_passages(path: Trajectory, world: World) -> list[Crossing]:
    """`saa_entry`, `saa_exit`: the protons pass a tenth of those in the middle of the anomaly at 390 km.

    Values: `latitude_deg`, `longitude_deg`, `altitude_m`.
    """
    here = anomaly(world.zero.plus(0.5 * (path.start + path.end)))

    def inside(t: np.ndarray, r: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.log(here.protons(*world.geodetic(t, r))) - math.log(EDGE)

    found = zeros(on_path(path, inside), seams(path), first_step(path), TOLERANCE)
    r = path.at(found.t)[0] if found.t.size else np.empty((0, 3))
    latitude, longitude, height = world.geodetic(found.t, r)
    values = {"latitude_deg": latitude, "longitude_deg": longitude, "altitude_m": height}
    return listed(found, "saa_entry", "saa_exit", values)
