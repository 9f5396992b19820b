"""What becomes of the modules: how near they come to the ship after they have left it, and their own ends."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.forces import acceleration, scratch
from sim.ascent.range_safety.impact import footprint
from sim.ascent.range_safety.parts import Piece
from sim.core.ground_site import Site
from sim.core.module_ends import FallenParts, ModuleTrack
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Fragments
from sim.environment.world import World
from sim.orbit.propagate import fly
from sim.reentry.fall import fall

DAY = 86400.0
LOWEST = 120e3  # m, below which an orbit is the last one
SHELLS, PLACES = 14, 12  # heights, and places around the orbit, at which the air is asked
EVERY = 5.0  # s, of the distances


def pushed_apart(ship: State, module: float, cda: float, push: float) -> tuple[State, State]:
    """Ship and module after pushers between them gave `push` m/s, the ship to the left of the track; `ship`: both
    together; `module` kg of the one that leaves, which has `cda` m2."""
    left = np.cross(ship.r, ship.v)
    left /= np.linalg.norm(left)
    stays = ship.mass - module
    return (
        State(ship.r, ship.v + push * module / ship.mass * left, stays, ship.cda),
        State(ship.r, ship.v - push * stays / ship.mass * left, module, cda),
    )


def track(module: Trajectory, ship: Trajectory, world: World) -> ModuleTrack:
    """A module's track, and its distance from the ship for as long as both are flown."""
    end = min(module.end, ship.end)
    times = np.append(np.arange(module.start, end, EVERY), end)
    r = module.at(times)[0]
    latitude, longitude, height = world.geodetic(times, r)
    return ModuleTrack(
        t_s=times,
        altitude_km=height / 1e3,
        latitude_deg=latitude,
        longitude_deg=longitude,
        range_m=np.linalg.norm(r - ship.at(times)[0], axis=1),
    )


def nearest(track: ModuleTrack, since: float) -> tuple[float, float]:
    """The least distance from the ship from `since` s on, m, and when."""
    later = np.flatnonzero(track.t_s >= since - 1e-6)
    closest = int(later[np.argmin(track.range_m[later])]) if len(later) else -1
    return float(track.range_m[closest]), float(track.t_s[closest])


def life_days(state: State, t: float, world: World) -> float:
    """How long a body stays in orbit, days: the decay of a circular orbit in the air of this day, held.

    dt = -m da / (rho C_D A sqrt(mu a)), with the density averaged around the orbit at each height.
    """
    period = 2.0 * math.pi * math.sqrt(float(np.linalg.norm(state.r)) ** 3 / MU_EARTH)
    around = fly(state, t, t + period, world)
    r, v, _ = around.at(t + period * (np.arange(PLACES) + 0.5) / PLACES)
    out, low = float(np.linalg.norm(r, axis=1).mean()), R_EQUATOR + LOWEST
    if out <= low:
        return 0.0
    radii = R_EQUATOR + np.geomspace(LOWEST, out - R_EQUATOR, SHELLS)
    work, still, pull, drawn = scratch(), world.forces._replace(drag=0), np.empty(3), np.empty(3)
    slowness = np.empty(SHELLS)  # s/m
    for k, radius in enumerate(radii):
        drag = 0.0
        for place, speed in zip(r, v, strict=True):
            at = radius / np.linalg.norm(place) * place
            moving = math.sqrt(MU_EARTH / radius) / np.linalg.norm(speed) * speed
            acceleration(t, at, moving, world.forces, state.cda / state.mass, work, drawn)
            acceleration(t, at, moving, still, 0.0, work, pull)
            drag -= float((drawn - pull) @ moving) / float(np.linalg.norm(moving)) / PLACES
        # da/dt = -2 a_drag sqrt(a^3/mu) of a circle
        slowness[k] = 1.0 / (2.0 * drag * math.sqrt(radius**3 / MU_EARTH))
    x = np.log(radii - R_EQUATOR)
    return float(np.trapezoid(slowness * (radii - R_EQUATOR), x)) / DAY


def fallen(
    module: State, t: float, altitude: float, fragments: tuple[Fragments, ...], site: Site, world: World
) -> tuple[Trajectory, FallenParts]:
    """The fall of a module to the height where it breaks up, and where its pieces come down; no wind."""
    path = fall(module, t, altitude, world)
    r, v, _ = path.last()
    found = [
        footprint(Piece(f.name, "breakup", f.count, f.mass, f.cda, f.spread, f.kick), path.end, r, v, site, world)
        for f in fragments
    ]
    columns = ("latitude_deg", "longitude_deg", "half_length_km", "half_width_km", "heading_deg", "speed_m_s")
    parts = FallenParts(
        name=np.array([one.name for one in found]),
        count=np.array([one.count for one in found]),
        impact_s=np.array([path.end + one.falls_for_s for one in found]),
        mass_per_drag_area_kg_m2=np.array([one.mass_per_drag_area_kg_m2 for one in found]),
        **{key: np.array([getattr(one, key) for one in found]) for key in columns},
    )
    return path, parts
