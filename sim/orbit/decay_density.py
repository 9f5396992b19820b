"""Decay rate of a near-circular orbit in NRLMSISE-00, averaged over revolutions, and what of the weather is known.

da/dt = -(Cd A / m) rho sqrt(mu a) (1 - w cos(i) / n)^2 for a circular orbit (King-Hele, Satellite Orbits in an
Atmosphere, 1987, section 4.3); the mean over the argument of latitude takes in the oblate Earth, the eccentricity and
the bulge of the day side. A forecast may use no weather that is younger than itself: `known_weather` keeps what was
measured before that day, and goes on with a regression on the past (`sim.orbit.weather_forecast`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kernels.constants import J2, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from sim.core.epoch import Epoch
from sim.environment.nrlmsise00 import log_densities

DAY = 86400.0
FLATTENING = 1.0 / 298.257
ARGUMENTS = 48  # of latitude, over a revolution
LATITUDES = np.linspace(-90.0, 90.0, 25)
LOCAL_TIMES = np.arange(24.0)
LAYER = 10.0  # km between heights; ln(density) is a straight line between them: below 0.1 %


class MeanPlane(NamedTuple):
    """What the mean drag takes of an orbit at `epoch`: inclination rad, node and argument of perigee rad with their
    rates rad/s, eccentricity."""

    epoch: Epoch
    inclination: float
    node: float
    node_rate: float
    perigee: float
    perigee_rate: float
    eccentricity: float


def decay_rates(
    plane: MeanPlane, times: Sequence[float] | np.ndarray, weather: np.ndarray, axes: Sequence[float] | np.ndarray
) -> np.ndarray:
    """da/dt in m/s for 1 m2/kg of Cd A / m, negative: (times, axes).

    times (n,) s from the plane's epoch, an instant each: some in a day together average the turning Earth. weather
    (n, 3): F10.7 of the day before, its 81-day mean, daily Ap. axes (k,): mean semi-major axes, m.
    """
    times, axes = np.asarray(times, float), np.asarray(axes, float)
    u = np.arange(ARGUMENTS) * (2.0 * math.pi / ARGUMENTS)
    node = plane.node + plane.node_rate * times
    perigee = plane.perigee + plane.perigee_rate * times
    sine = math.sin(plane.inclination) * np.sin(u)
    latitude = np.degrees(np.arcsin(sine))
    longitude = np.arctan2(math.cos(plane.inclination) * np.sin(u), np.cos(u))
    local = (np.degrees(node[:, None] + longitude - _sun(plane.epoch, times)[:, None]) / 15.0 + 12.0) % 24.0
    ground = R_EQUATOR * (1.0 - FLATTENING * sine**2)
    radius = axes[None, :, None] * (1.0 - plane.eccentricity * np.cos(u - perigee[:, None]))[:, None, :]
    squeeze = J2 * R_EQUATOR**2 / axes[None, :, None]  # of the oblate Earth on the radius, first order (SGP4)
    cosine2 = math.cos(plane.inclination) ** 2
    radius = radius - squeeze * (0.75 * (3.0 * cosine2 - 1.0) - 0.25 * (1.0 - cosine2) * np.cos(2.0 * u))
    heights = (radius - ground) / 1000.0
    levels = np.arange(heights.min() - 1.0, heights.max() + LAYER, LAYER)
    within = slice(*np.searchsorted(LATITUDES, [latitude.min(), latitude.max()]) + np.array([-1, 1]))
    moments = [plane.epoch.plus(float(t)).datetime() for t in times]
    table = log_densities(
        [m.timetuple().tm_yday for m in moments],
        [m.hour * 3600.0 + m.minute * 60.0 + m.second for m in moments],
        weather,
        levels,
        LATITUDES[within],
        LOCAL_TIMES,
    )
    density = np.exp(_at(table, heights, levels, latitude, LATITUDES[within], local))
    axes = axes[None, :]
    mean_motion = np.sqrt(MU_EARTH / axes**3)
    air = (1.0 - OMEGA_EARTH * math.cos(plane.inclination) / mean_motion) ** 2
    return -density.mean(axis=2) * np.sqrt(MU_EARTH * axes) * air


def _at(table, heights, levels, latitude, latitudes, local) -> np.ndarray:
    """ln(density) at heights (n, k, u), latitudes (u,) and local times (n, u) by straight lines between the nodes."""
    n = np.arange(len(local))[:, None, None]
    z = (heights - levels[0]) / LAYER
    k = np.minimum(z.astype(int), len(levels) - 2)
    y = (latitude - latitudes[0]) / (latitudes[1] - latitudes[0])
    j = np.minimum(y.astype(int), len(latitudes) - 2)
    i = local.astype(int) % 24
    wz, wy, wx = z - k, (y - j)[None, None, :], (local - np.floor(local))[:, None, :]
    j, i = np.broadcast_to(j, heights.shape), np.broadcast_to(i[:, None, :], heights.shape)

    def level(k):
        south = (1.0 - wx) * table[n, k, j, i] + wx * table[n, k, j, (i + 1) % 24]
        north = (1.0 - wx) * table[n, k, j + 1, i] + wx * table[n, k, j + 1, (i + 1) % 24]
        return (1.0 - wy) * south + wy * north

    return (1.0 - wz) * level(k) + wz * level(k + 1)


def beta_cosine(plane: MeanPlane, times: Sequence[float] | np.ndarray) -> np.ndarray:
    """Cosine (n,) of the angle between the Sun and the plane at `times` s from the plane's epoch."""
    times = np.asarray(times, float)
    right, declination = _sun_angles(plane.epoch, times)
    node = plane.node + plane.node_rate * times
    sine = math.cos(plane.inclination) * np.sin(declination)
    sine += math.sin(plane.inclination) * np.cos(declination) * np.sin(node - right)
    return np.sqrt(1.0 - sine**2)


def _sun(epoch: Epoch, times: np.ndarray) -> np.ndarray:
    """Right ascension of the Sun, rad."""
    return _sun_angles(epoch, times)[0]


def _sun_angles(epoch: Epoch, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Right ascension and declination of the Sun, rad, to 0.01 deg (Astronomical Almanac, low precision)."""
    whole, part = epoch.jd_utc()
    d = whole - 2451545.0 + part + times / DAY
    g = np.radians(357.529 + 0.98560028 * d)
    longitude = np.radians(280.459 + 0.98564736 * d + 1.915 * np.sin(g) + 0.020 * np.sin(2.0 * g))
    tilt = np.radians(23.439 - 3.6e-7 * d)
    right = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    return right, np.arcsin(np.sin(tilt) * np.sin(longitude))
