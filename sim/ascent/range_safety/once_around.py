"""Abort once around: nearly in orbit, one revolution, and landing as near to the landing area as the orbit passes."""

from __future__ import annotations

import math

import numpy as np

from kernels.ascent.abort import (
    ENTRY_LOAD,
    LATITUDE,
    LONGITUDE,
    RESULT_COLUMNS,
    AbortDescent,
    EscapeBurn,
    fly_abort,
    reached,
)
from kernels.constants import MU_EARTH
from kernels.orbit.forces import scratch
from kernels.records import make
from sim.ascent.range_safety.parts import Escape, distance
from sim.core import minimum
from sim.core.scene import State
from sim.core.vehicle import Ship
from sim.environment.world import World
from sim.orbit.propagate import arrive

SHARES = np.linspace(0.35, 0.85, 7)  # of a revolution, when the deorbit burn is tried
STEP = 60.0  # s of the coast
ENTRY_STEP = 2.0  # s
# m, of a burn after which it does not come down: farther than any place on Earth. Not infinite, since the
# search takes differences of misses, and infinity less infinity is no number.
NO_LANDING = 1.0e8


def once_around(
    t: float,
    r: np.ndarray,
    v: np.ndarray,
    deorbit: float,
    escape: Escape,
    ship: Ship,
    home: tuple[float, float],
    world: World,
) -> tuple[float, tuple[float, float]] | None:
    """Largest load of the entry, g, and landing place, rad, nearest to `home` (rad); None where no burn brings it down.

    r, v (3,) after the burn that raised the perigee; `deorbit` m/s backward, as an impulse.
    """
    period = 2.0 * math.pi / math.sqrt(MU_EARTH * (2.0 / np.linalg.norm(r) - v @ v / MU_EARTH) ** 3)

    def landing(share: float) -> np.ndarray | None:
        at = t + share * period
        position, velocity, _ = arrive(State(r, v, ship.mass, ship.cda), t, at, world, forces=world.coarse, step=STEP)
        y = np.concatenate([position, velocity * (1.0 - deorbit / np.linalg.norm(velocity))])
        result = np.zeros(RESULT_COLUMNS)
        status = fly_abort(
            at,
            y,
            ship.mass,
            make(EscapeBurn, force=0.0, flow=0.0, direction=velocity, duration=0.0),
            ship.hypersonic_lander,
            make(
                AbortDescent,
                gate=escape.release,
                mass=ship.return_module,
                capsule=ship.hypersonic_lander,
                bank=0.0,
                opening_altitude=ship.opening_altitude,
                step=ENTRY_STEP,
            ),
            world.coarse,
            scratch(),
            result,
        )
        return result if reached(status) else None

    def miss(share: float) -> float:
        result = landing(share)
        if result is None:
            return NO_LANDING
        return float(distance(*home, result[LATITUDE], result[LONGITUDE]))

    misses = np.array([miss(s) for s in SHARES])
    if misses.min() == NO_LANDING:
        return None
    best, width = float(SHARES[int(np.argmin(misses))]), float(SHARES[1] - SHARES[0])
    near = minimum.between(miss, best - width, best + width, within=1e-3)[0]
    result = landing(near)
    if result is None:  # at the edge of what comes down the search may end beyond it
        result = landing(best)
    return None if result is None else (float(result[ENTRY_LOAD]), (float(result[LATITUDE]), float(result[LONGITUDE])))
