"""What a capsule reads of its height: a barometer that opens the parachutes, an altimeter that fires the rockets."""

from __future__ import annotations

import math

import numpy as np

from kernels.atmosphere.us76 import us76
from kernels.constants import G0
from kernels.maths.random import normals
from sim.core.random_streams import RandomDraws
from sim.core.vehicle import Ship
from sim.environment.world import World


def barometer_error(ship: Ship, world: World, draws: RandomDraws) -> float:
    """By how much (m) the barometer reads higher than the truth, at the height where the parachutes open.

    One offset of the instrument, drawn, and the air's: where its density is f times that of the standard atmosphere, so
    is its pressure, and the height of a pressure lies H ln f higher, H = p / (rho g) there.
    """
    density, pressure, *_ = us76(ship.opening_altitude)
    scale = pressure / (density * G0)
    return _drawn(ship.landing.barometer, draws, "descent.barometer") - scale * math.log(world.forces.air.factor)


def altimeter_error(ship: Ship, draws: RandomDraws) -> float:
    """By how much (m) the altimeter reads higher than the truth, near the ground: one offset, drawn."""
    return _drawn(ship.landing.altimeter, draws, "descent.altimeter")


def _drawn(sigma: float, draws: RandomDraws, name: str) -> float:
    if sigma == 0.0:
        return 0.0
    z = np.empty(1)
    normals(draws.stream(name), 0, z)
    return sigma * float(z[0])
