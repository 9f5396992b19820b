"""Departure for the Moon: a perigee in a plane through the launch site, and the conic that leads to the Moon."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.epoch import Epoch
from sim.core.root import root
from sim.environment.orientation import earth_turn
from sim.propagation.centres import shift

ANOMALIES = (1.2, 5.0)  # eccentric, rad, of an arrival: two days after perigee, and long after apogee


@dataclass(frozen=True)
class LaunchSite:
    """Geocentric direction of a site: latitude and east longitude, deg (geodetic: 0.1 deg of arc at most)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Departure:
    """A perigee at `epoch`, `radius` m from the centre, in the plane that leaves the site at `azimuth` rad (inertial,
    from north through east) at `lift_off`, `arc` rad along it from the site, at `speed` m/s."""

    site: LaunchSite
    lift_off: Epoch
    epoch: Epoch
    radius: float
    azimuth: float
    arc: float
    speed: float

    def state(self) -> tuple[np.ndarray, np.ndarray]:
        """Position (3,) m and velocity (3,) m/s, GCRF."""
        up, along = _axes(self.site, self.lift_off, self.azimuth)
        c, s = math.cos(self.arc), math.sin(self.arc)
        return self.radius * (c * up + s * along), self.speed * (c * along - s * up)


def _axes(site: LaunchSite, lift_off: Epoch, azimuth: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (3,) in GCRF: up at the site at lift-off, and the horizontal direction of the azimuth."""
    up, pole = _up(site, lift_off)
    east = np.cross(pole, up)
    east /= np.linalg.norm(east)
    return up, math.cos(azimuth) * np.cross(up, east) + math.sin(azimuth) * east


def _up(site: LaunchSite, lift_off: Epoch) -> tuple[np.ndarray, np.ndarray]:
    turn, pole = earth_turn(lift_off)
    lat, lon = math.radians(site.latitude), math.radians(site.longitude)
    up = turn.T @ [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    return up, pole


def conic(site: LaunchSite, lift_off: Epoch, epoch: Epoch, radius: float, arrival: Epoch) -> Departure:
    """The departure whose conic about the Earth alone, eastward, meets the centre of the Moon at `arrival`.

    Past its apogee, too, where the time is long. Failure for a time that no ellipse takes.
    """
    up, pole = _up(site, lift_off)
    time = arrival.since(epoch)
    target = shift("earth", "moon", epoch, 0.0, time).at(time)[0][0]
    distance = float(np.linalg.norm(target))
    normal = np.cross(up, target)
    normal *= math.copysign(1.0 / float(np.linalg.norm(normal)), float(normal @ pole))
    along = np.cross(normal, up)

    def shape(eccentric: float) -> tuple[float, float]:
        """Semi-major axis m and eccentricity of the ellipse that is at the Moon's distance at this anomaly."""
        a = (distance - radius * math.cos(eccentric)) / (1.0 - math.cos(eccentric))
        return a, 1.0 - radius / a

    def late(eccentric: float) -> float:
        a, e = shape(eccentric)
        return (eccentric - e * math.sin(eccentric)) * math.sqrt(a**3 / MU_EARTH) - time

    eccentric = root(late, *ANOMALIES, 1.0e-9, "departure conic", "{:.2f} rad of eccentric anomaly".format, " s")
    a, e = shape(eccentric)
    anomaly = 2.0 * math.atan2(
        math.sqrt(1.0 + e) * math.sin(eccentric / 2), math.sqrt(1.0 - e) * math.cos(eccentric / 2)
    )
    angle = math.atan2(float(target @ along), float(target @ up)) % (2.0 * math.pi)
    north = np.cross(up, np.cross(pole, up) / np.linalg.norm(np.cross(pole, up)))
    azimuth = math.acos(min(max(float(along @ north), -1.0), 1.0))
    arc = (angle - anomaly) % (2.0 * math.pi)
    return Departure(site, lift_off, epoch, radius, azimuth, arc, math.sqrt(MU_EARTH * (2.0 / radius - 1.0 / a)))
