"""The instantaneous impact point along a flight, and where dropped pieces come down."""

from __future__ import annotations

import math

import numpy as np

from kernels.ascent.abort import END, LATITUDE, LONGITUDE, RESULT_COLUMNS, AbortDescent, EscapeBurn, fly_abort
from kernels.ascent.impact import impact_trace
from kernels.constants import MU_EARTH, OMEGA_EARTH
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from sim.ascent.range_safety.parts import Piece, distance, offset
from sim.core.ascent_record import DebrisFootprint, ImpactHistory
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World

GATE = 120.0e3  # m, below which the fall is flown in the steps of an entry
STEP = 1.0  # s: RK4 of a fall that settles in v/2g, which is more than a second for all that falls faster than 20 m/s
SIGMAS = 3.0  # of the ellipse that is drawn: 98.9 % of a normal law in two dimensions
NO_THRUST = np.array([1.0, 0.0, 0.0])


def impact_history(path: Trajectory, site: Site, world: World) -> ImpactHistory:
    """Where it would fall in vacuum, were the engines to stop at each node; ends where its orbit clears the ground."""
    out = np.empty((len(path.t), 3))
    found = impact_trace(path.t, path.r, path.v, world.forces.orientation, MU_EARTH, out)
    t, out = path.t[:found], out[:found]
    return ImpactHistory(
        t_s=t,
        latitude_deg=np.degrees(out[:, 0]),
        longitude_deg=np.degrees(out[:, 1]),
        time_to_go_s=out[:, 2],
        downrange_km=1e-3 * distance(site.latitude, site.longitude, out[:, 0], out[:, 1]),
    )


def fall(piece: Piece, t: float, r: np.ndarray, v: np.ndarray, cda: float, world: World) -> tuple[np.ndarray, float]:
    """Fall of a dropped at `t` to the ellipsoid: the result of `fly_abort`, and its airspeed at impact, m/s.

    No lift, no wind, one drag coefficient at all speeds.
    """
    y, result = np.concatenate([r, v]), np.zeros(RESULT_COLUMNS)
    body = make(Capsule, cda=cda, cla=0.0, nose=1.0, bank_rate=1.0)
    burn = make(EscapeBurn, force=0.0, flow=0.0, direction=NO_THRUST, duration=0.0)
    descent = make(AbortDescent, gate=GATE, mass=piece.mass, capsule=body, bank=0.0, opening_altitude=0.0, step=STEP)
    fly_abort(t, y, piece.mass, burn, body, descent, world.coarse, scratch(), result)
    flow = y[3:] - np.cross(OMEGA_EARTH * world.true_of_date(result[END])[2], y[:3])
    return result, float(np.linalg.norm(flow))


def footprint(piece: Piece, t: float, r: np.ndarray, v: np.ndarray, site: Site, world: World) -> DebrisFootprint:
    """Where a piece comes down, and the ellipse about it from eight more runs (half differences, squared and added)."""
    result, speed = fall(piece, t, r, v, piece.cda, world)
    position = result[LATITUDE], result[LONGITUDE]

    def end(cda: float, kick: np.ndarray) -> np.ndarray:
        other, _ = fall(piece, t, r, v + kick, cda, world)
        return np.array(offset(*position, other[LATITUDE], other[LONGITUDE]))

    still = np.zeros(3)
    up = r / np.linalg.norm(r)
    across = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    shifts = [end(piece.cda * (1.0 - piece.spread), still) - end(piece.cda / (1.0 - piece.spread), still)]
    kicks = [piece.kick * d for d in (up, across, np.cross(across, up))]
    shifts += [end(piece.cda, kick) - end(piece.cda, -kick) for kick in kicks]
    half = 0.5 * np.array(shifts)
    sizes, axes = np.linalg.eigh(half.T @ half)
    heading = math.degrees(math.atan2(axes[1, 1], axes[0, 1])) % 180.0
    return DebrisFootprint(
        name=piece.name,
        count=piece.count,
        event=piece.event,
        latitude_deg=math.degrees(position[0]),
        longitude_deg=math.degrees(position[1]),
        downrange_km=1e-3 * float(distance(site.latitude, site.longitude, *position)),
        half_length_km=1e-3 * SIGMAS * math.sqrt(max(sizes[1], 0.0)),
        half_width_km=1e-3 * SIGMAS * math.sqrt(max(sizes[0], 0.0)),
        heading_deg=heading,
        falls_for_s=float(result[END]) - t,
        speed_m_s=speed,
        mass_per_drag_area_kg_m2=piece.mass / piece.cda,
    )
