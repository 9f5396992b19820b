"""When the station's plane passes over the pad, what the phase is then, and the trim that puts it right.

The plane test uses the pad's geocentric position (the geodetic latitude would be 445 s wrong at Jiuquan) and the
station's mean plane (the osculating one 20 to 40 s).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from kernels.constants import OMEGA_EARTH
from sim.orbits import beta_angle, mean_plane, phase_ahead, plane_normal, sunlit
from sim.trajectory import Trajectory
from sim.world import Site, World


@dataclass(frozen=True)
class Window:
    """One day's chance. Times s, angles rad; `phase` is station ahead of ship at insertion, untrimmed."""

    crossing: float
    liftoff: float
    branch: str
    phase: float
    beta: float
    sun_elevation: float
    lit_at_docking: bool


def out_of_plane(t: float, path: Trajectory, site: Site, world: World) -> float:
    """Angle of the site above the station's mean plane, rad, positive on the side of the orbit normal."""
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    r, _ = world.site_eci(site, t)
    return math.asin(float(normal @ r) / float(np.linalg.norm(r)))


def crossings(path: Trajectory, site: Site, world: World, start: float, end: float, branch: str) -> list[float]:
    """Instants between start and end at which the site passes through the mean plane on one branch.

    On the descending branch the station flies to the south-east over the site, on the ascending one to the north-east.
    None where the site lies further from the equator than the plane reaches.
    """
    inclination, _ = mean_plane(path, start, world)
    r = site.ecef()
    latitude = math.asin(r[2] / float(np.linalg.norm(r)))
    if abs(latitude) >= inclination:
        return []
    # Between the two passes of a day the site stays on one side of the plane for 99 minutes at Tiangong's inclination
    # and Jiuquan's latitude; a quarter of the shortest such stay is fine enough a grid to see every sign change.
    apart = 2.0 * (math.pi / 2.0 - math.asin(math.tan(latitude) / math.tan(inclination))) / OMEGA_EARTH
    step = max(60.0, min(1800.0, 0.25 * apart))
    grid = np.append(np.arange(start, end, step), end)
    values = [out_of_plane(t, path, site, world) for t in grid]
    found = []
    for a, b, fa, fb in zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True):
        if fa * fb < 0.0:
            t = float(brentq(out_of_plane, a, b, args=(path, site, world), xtol=1e-3))
            if branch_at(t, path, site, world) == branch:
                found.append(t)
    return found


def branch_at(t: float, path: Trajectory, site: Site, world: World) -> str:
    """Whether a craft in the station's plane over the site at `t` flies north (ascending) or south (descending)."""
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    r, _ = world.site_eci(site, t)
    pole = world.true_of_date(t)[2]
    return "ascending" if float(np.cross(normal, r) @ pole) > 0.0 else "descending"


def insertion_phase(t: float, path: Trajectory, site: Site, world: World, after: float, downrange: float) -> float:
    """Angle from the ship to the station at insertion, rad, for a lift-off at `t`.

    The ship is taken to be `downrange` (inertial angle in the plane) past the pad's place at lift-off, `after` s later.
    """
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    pad, _ = world.site_eci(site, t)
    flat = pad - (pad @ normal) * normal
    ship = math.cos(downrange) * flat + math.sin(downrange) * np.cross(normal, flat)
    return phase_ahead(path.at(t + after)[0][0], ship, normal)


def sun_elevation(t: float, site: Site, world: World) -> float:
    """Of the Sun's centre above the geocentric horizon of a site, rad; no refraction."""
    r, _ = world.site_eci(site, t)
    s = world.sun(t)
    return math.asin(float(r @ s) / float(np.linalg.norm(r) * np.linalg.norm(s)))


def window_at(
    crossing: float, liftoff: float, branch: str, path: Trajectory, site: Site, world: World, after: float,
    downrange: float, docking_after: float,
) -> Window:  # fmt: skip
    """Everything that a planner asks about one lift-off time."""
    normal = plane_normal(liftoff, *mean_plane(path, liftoff, world), world)
    docking = liftoff + docking_after
    return Window(
        crossing=crossing,
        liftoff=liftoff,
        branch=branch,
        phase=insertion_phase(liftoff, path, site, world, after, downrange),
        beta=beta_angle(liftoff, normal, world),
        sun_elevation=sun_elevation(liftoff, site, world),
        lit_at_docking=sunlit(docking, path.at(docking)[0][0], world) if docking <= path.end else False,
    )


def wrapped(angle: float) -> float:
    """Into (-pi, pi]."""
    return math.pi - (math.pi - angle) % (2.0 * math.pi)
