"""The rules of the close range as facts, and where a place lies by them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.core.phasing_record import SafetyZones
from sim.core.simplification import Simplification
from sim.scenario import profile_file

ASSUMED = Simplification(
    "zones.assumed",
    "Zones, corridors and hold times of Tiangong are not public; they are assumed, the zones as at the ISS.",
    "zones",
)


@dataclass(frozen=True)
class Zones:
    """SI, rad. `ellipsoid` (3,): semi-axes along LVLH, about the station's centre of mass, as the sphere `keep_out` is.

    `corridor`: half-angle of a cone about a port's axis, its apex at the port. `speed_range` s, `speed_min` m/s: the
    speed limit is range over the one plus the other. Plume: no firing within `plume_angle` of the direction to the
    port nearer than `plume_range`; `plume_pressure` Pa on the axis of `plume_thrust` N at 10 m, falling off as
    cos^`plume_power` of the angle. Drift: its revolutions outside and inside the ellipsoid, how much of a stuck burn is
    flown.
    """

    ellipsoid: np.ndarray
    keep_out: float
    corridor: float
    speed_range: float
    speed_min: float
    plume_range: float
    plume_angle: float
    plume_pressure: float
    plume_thrust: float
    plume_power: float
    drift_outside: float
    drift_inside: float
    stuck: float

    @property
    def limits(self) -> SafetyZones:
        """What a leg that was judged by them records."""
        return SafetyZones(
            ellipsoid_m=self.ellipsoid,
            keep_out_m=self.keep_out,
            corridor_half_angle_deg=math.degrees(self.corridor),
            speed_range_s=self.speed_range,
            speed_least_m_s=self.speed_min,
        )


def zones(safety: profile_file.Safety) -> Zones:
    """From the profile's file."""
    plume, drift = safety.plume, safety.drift
    return Zones(
        ellipsoid=1e3 * np.array(safety.ellipsoid_km),
        keep_out=safety.keep_out_radius_m,
        corridor=math.radians(safety.corridor_half_angle_deg),
        speed_range=safety.speed_limit_per_range_s,
        speed_min=safety.speed_limit_least_m_s,
        plume_range=plume.range_m,
        plume_angle=math.radians(plume.half_angle_deg),
        plume_pressure=plume.pressure_at_10_m_pa,
        plume_thrust=plume.of_thrust_n,
        plume_power=plume.cosine_power,
        drift_outside=drift.revolutions_outside,
        drift_inside=drift.revolutions_inside,
        stuck=drift.stuck_burn_share,
    )


def outside_ellipsoid(position: np.ndarray, zones: Zones) -> np.ndarray:
    """How far places (n, 3) are from the ellipsoid along the line to the station, m; negative inside."""
    size = np.linalg.norm(position / zones.ellipsoid, axis=1)
    return np.linalg.norm(position, axis=1) * (1.0 - 1.0 / np.maximum(size, 1e-12))


def off_axis(ring: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of places (n, 3) of the ring from the port: how far out along the axis, m, and angle off it at the port, rad."""
    out = ring @ axis
    return out, np.arctan2(np.linalg.norm(ring - out[:, None] * axis, axis=1), out)
