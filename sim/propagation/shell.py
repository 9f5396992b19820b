"""Which air an orbit flies through: the heights of its table, the part of it that is filled, and where it ends."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import FLATTENING, R_EQUATOR
from sim.core.trajectory import Trajectory
from sim.environment.density_table import Part
from sim.environment.world import World
from sim.propagation.force_model import Orbit

LOWEST_KM, HIGHEST_KM = 80.0, 2000.0  # of a table of the air; above it goes on as its last rows do
MARGIN_KM, MAY_FALL_KM = 60.0, 200.0  # of a wider table beyond the heights that were flown; what comes lower may fall
RUNG_KM = 50.0  # to which the ends of a table are widened
NEAR_KM, SINKS_KM_A_DAY = 18.0, 2.0  # about the osculating apsides: the waves of the oblateness, and the fall
BETWEEN_KM = 1.0  # by which an orbit may be higher or lower between two nodes of its path than at either
TILT_DEG = 1.0  # between the equators of GCRF and of date in a century, and geodetic over geocentric latitude: 0.8
PART_KM, RUNG_DEG = 2.0, 5.0  # to which the ends of a part are widened
DAY = 86400.0


def aloft(orbit: Orbit, path: Trajectory, world: World) -> int:
    """How many nodes are above the ellipsoid and not in air that stops a craft within a step.

    The method does not follow such braking: what comes after it may be anywhere.
    """
    radius = np.linalg.norm(path.r, axis=1)
    if orbit.body is not None:
        with np.errstate(invalid="ignore"):
            sound = radius > orbit.body.radius
        return len(sound) if sound.all() else int(np.argmin(sound))
    sound = radius > R_EQUATOR
    if not sound.all():
        near = np.flatnonzero(~sound)
        sound[near] = world.geodetic(path.t[near], path.r[near])[2] > 0.0
    if world.forces.drag:
        duration = np.diff(path.t, append=path.t[-1])
        with np.errstate(all="ignore"):  # of what has burst after such a step
            fall = -world.forces.gravity.mu * path.r / radius[:, None] ** 3
            stopped = np.linalg.norm(path.a - fall, axis=1) * duration > np.linalg.norm(path.v, axis=1)
        for burn in orbit.burns:
            stopped &= (path.t < burn.start) | (path.t > burn.start + burn.duration)
        sound &= ~stopped
    return len(sound) if sound.all() else int(np.argmin(sound))


def shell_of(orbit: Orbit) -> tuple[float, float]:
    """The shell (km) that the air's table must cover: from perigee to apogee with a margin, also for flattening.

    An orbit that comes below MAY_FALL_KM may fall: its table begins at the bottom. Shells go by rungs, so that orbits
    that are much alike share a table.
    """
    perigee, apogee = (x / 1000.0 - 6378.0 for x in apsides(orbit))
    return _rungs(perigee - 40.0 if perigee > MAY_FALL_KM else LOWEST_KM, apogee + 60.0)


def wider(orbit: Orbit, path: Trajectory, world: World) -> tuple[float, float] | None:
    """The shell (km) to fly again in where engines or the air took the orbit out of the one of its start; or None."""
    if orbit.atmosphere.model != "nrlmsise00":
        return None
    low, high = shell_of(orbit)
    radius = np.sqrt(np.einsum("ij,ij->i", path.r, path.r))
    if radius.min() - R_EQUATOR >= 1000.0 * low and radius.max() - _radius(90.0) <= 1000.0 * high:
        return None  # however the ellipsoid lies under it
    count = max(aloft(orbit, path, world), 1)
    heights = world.geodetic(path.t[:count], path.r[:count])[2] / 1000.0
    lowest, highest = float(heights.min()), float(heights.max())
    too_low, too_high = lowest < low and low > LOWEST_KM, highest > high and high < HIGHEST_KM
    if not (too_low or too_high):
        return None
    below = lowest - MARGIN_KM if lowest > MAY_FALL_KM else LOWEST_KM
    return _rungs(below if too_low else low, highest + MARGIN_KM if too_high else high)


def _rungs(low: float, high: float) -> tuple[float, float]:
    """The next rungs of the ladder outside of two heights, km."""
    low = RUNG_KM * math.floor(min(max(low, LOWEST_KM), HIGHEST_KM - 2.0 * RUNG_KM) / RUNG_KM)
    low = max(low, LOWEST_KM)
    return low, RUNG_KM * math.ceil(min(max(high, low + 2.0 * RUNG_KM), HIGHEST_KM) / RUNG_KM)


def part_of(orbit: Orbit) -> Part | None:
    """The part of its table that an orbit without engines is expected to touch; None where it may be anywhere.

    A table takes four times as long to fill as the orbit to fly, and a near-circular orbit touches a fifth of it.
    """
    if orbit.burns or orbit.impulses:
        return None
    perigee, apogee = apsides(orbit)
    h = _momentum(orbit)
    inclination = math.degrees(math.atan2(math.hypot(h[0], h[1]), abs(h[2])))
    latitude = min(RUNG_DEG * math.ceil((inclination + 2.0 * TILT_DEG) / RUNG_DEG), 90.0)
    low = (perigee - R_EQUATOR) / 1000.0 - NEAR_KM - SINKS_KM_A_DAY * orbit.duration / DAY
    high = (apogee - _radius(latitude)) / 1000.0 + NEAR_KM
    bottom, top = shell_of(orbit)
    # By rungs, as shells are, so that orbits that are much alike share a table.
    low, high = PART_KM * math.floor(low / PART_KM), PART_KM * math.ceil(min(high, HIGHEST_KM) / PART_KM)
    inside = max(bottom, MAY_FALL_KM) <= low and high <= top
    return Part(low, high, latitude) if inside else None


def stayed(path: Trajectory, part: Part) -> bool:
    """Whether nothing of a path can have touched a node of the table outside of the part; no number counts as outside.

    Over the ellipsoid a point is as high as over a sphere between those of the equator and of its latitude.
    """
    radius = np.sqrt(np.einsum("ij,ij->i", path.r, path.r))
    farthest = math.degrees(math.asin(min(float(np.abs(path.r[:, 2] / radius).max()), 1.0)))
    return bool(
        radius.min() - R_EQUATOR >= 1000.0 * (part.low + BETWEEN_KM)
        and radius.max() - _radius(part.latitude) <= 1000.0 * (part.high - BETWEEN_KM)
        and (part.latitude >= 90.0 or farthest + TILT_DEG <= part.latitude)
    )


def _radius(latitude: float) -> float:
    """Of the ellipsoid at a geodetic latitude in deg, from the centre, m."""
    c, s = math.cos(math.radians(latitude)), math.sin(math.radians(latitude))
    pole = R_EQUATOR * (1.0 - FLATTENING)
    return math.sqrt(((R_EQUATOR**2 * c) ** 2 + (pole**2 * s) ** 2) / ((R_EQUATOR * c) ** 2 + (pole * s) ** 2))


def apsides(orbit: Orbit) -> tuple[float, float]:
    """Radii of perigee and apogee of the osculating orbit, m; the apogee of an open one is infinite."""
    mu = orbit.mu
    h = float(np.linalg.norm(_momentum(orbit)))
    binding = 2.0 / float(np.linalg.norm(orbit.r)) - float(orbit.v @ orbit.v) / mu  # 1 / a
    e = math.sqrt(max(0.0, 1.0 - h * h * binding / mu))
    return h * h / (mu * (1.0 + e)), h * h / (mu * (1.0 - e)) if e < 1.0 else math.inf


def _momentum(orbit: Orbit) -> np.ndarray:
    """r x v, (3,); numpy's own takes 60 us for one vector."""
    (x, y, z), (vx, vy, vz) = orbit.r, orbit.v
    return np.array([y * vz - z * vy, z * vx - x * vz, x * vy - y * vx])
