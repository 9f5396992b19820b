"""Theory of a geostationary slot: what moves a craft out of it in a year, in closed form, and what the keeping costs.

Soop, Handbook of Geostationary Orbits (1994), chapters 4 to 7; the formulas are derived in
docs/decisions/geostationary_slot.md. Angles rad, SI; vectors of the plane and of the eccentricity on the true equator
of date, x toward the equinox.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR, R_GRAVITY
from sim.core.epoch import Epoch

DAY = 86400.0
YEAR = 365.25 * DAY
OBLIQUITY = math.radians(23.4392911)  # J2000, IAU 2006; 0.013 deg a century
LUNAR_INCLINATION = math.radians(5.145396)  # of the Moon's mean orbit to the ecliptic
RADIUS = 42164172.0  # m, where the mean motion is the Earth's turn, without oblateness
SPEED = math.sqrt(MU_EARTH / RADIUS)
TURN = SPEED / RADIUS  # rad/s
# Fully normalised C, S of EGM2008 (Pavlis et al. 2012), whose waves a craft that stands over the equator feels: n - m
# even. What is left out moves the acceleration by less than 0.1 %.
TESSERALS = {
    (2, 2): (2.43938357328313e-06, -1.40027370385934e-06),
    (3, 1): (2.03046201047864e-06, 2.48200415856872e-07),
    (3, 3): (7.21321757121568e-07, 1.41434926192941e-06),
    (4, 2): (3.50501623962649e-07, 6.62480026275829e-07),
    (4, 4): (-1.88519633023033e-07, 3.08803882149194e-07),
    (5, 1): (-6.29211923042529e-08, -9.43698073395769e-08),
    (5, 3): (-4.51847152328843e-07, -2.14955408306046e-07),
    (5, 5): (1.74811795496002e-07, -6.69379935180165e-07),
}
SUN_PRESSURE = 4.56e-6  # N/m2 at one astronomical unit


@dataclass(frozen=True)
class Body:
    """Sun or Moon on its mean orbit: `strength` mu / (a^3 (1 - e^2)^1.5) 1/s2, mean motion `rate` rad/s, `p` and `q`
    (3,) in its plane, `pole` (3,) of it."""

    strength: float
    rate: float
    p: np.ndarray
    q: np.ndarray

    @property
    def pole(self) -> np.ndarray:
        return np.cross(self.p, self.q)


def centuries(at: Epoch) -> float:
    """Julian centuries since J2000."""
    day, fraction = at.jd_utc()
    return (day - 2451545.0 + fraction) / 36525.0


def lunar_node(at: Epoch) -> float:
    """Of the Moon's mean orbit on the ecliptic, rad: Chapront-Touze and Chapront (1988), linear term."""
    return math.radians((125.0445550 - 1934.1361849 * centuries(at)) % 360.0)


def sun(_at: Epoch) -> Body:
    """The Sun's mean orbit about the Earth."""
    return _body(1.32712440018e20, 1.495978707e11, 0.016709, 1.99098659e-7, 0.0, 0.0)


def moon(at: Epoch) -> Body:
    """The Moon's mean orbit with its node at `at`. The distance is that of the constant of the parallax, 3422.45"."""
    return _body(4.9028e12, 3.8439883e8, 0.0549, 2.6616995e-6, LUNAR_INCLINATION, lunar_node(at))


def _body(mu: float, a: float, e: float, rate: float, inclination: float, node: float) -> Body:
    c, s = math.cos(node), math.sin(node)
    ci, si = math.cos(inclination), math.sin(inclination)
    tilt = np.array(
        [
            [1.0, 0.0, 0.0],
            [0.0, math.cos(OBLIQUITY), -math.sin(OBLIQUITY)],
            [0.0, math.sin(OBLIQUITY), math.cos(OBLIQUITY)],
        ]
    )
    p, q = tilt @ np.array([c, s, 0.0]), tilt @ np.array([-s * ci, c * ci, si])
    return Body(mu / (a**3 * (1.0 - e * e) ** 1.5), rate, p, q)


# ---- north and south: the plane


def plane_drift(at: Epoch) -> np.ndarray:
    """Secular rate (2,) rad/s of the normal of an orbit that lies in the equator: x, y of the equator.

    A body that runs about N pulls the normal n, averaged over both revolutions, by
    dn/dt = -3/4 strength / turn (n N) (N x n); with n the pole this is 3/4 strength / turn N_z (-N_y, N_x).
    """
    return sum((_drift(body) for body in (sun(at), moon(at))), np.zeros(2))


def _drift(body: Body) -> np.ndarray:
    x, y, z = body.pole
    return 0.75 * body.strength / TURN * z * np.array([-y, x])


def plane_wave(body: Body, toward: np.ndarray) -> np.ndarray:
    """What the double frequency of a body adds to the normal (2,), rad, when the body is seen `toward` (3,).

    Averaged over the craft's revolution alone the rate is 3/2 strength / turn s_z (s_y, -s_x); what oscillates of it,
    integrated over the body's mean motion.
    """
    p, q = body.p, body.q
    u = math.atan2(float(q @ toward), float(p @ toward))
    cosine = 0.5 * np.array([p[2] * p[1] - q[2] * q[1], -(p[2] * p[0] - q[2] * q[0])])
    sine = 0.5 * np.array([p[2] * q[1] + q[2] * p[1], -(p[2] * q[0] + q[2] * p[0])])
    wave = (cosine * math.sin(2.0 * u) - sine * math.cos(2.0 * u)) / (2.0 * body.rate)
    return 1.5 * body.strength / TURN * wave


def north_south(start: Epoch, seconds: float) -> float:
    """Velocity change, m/s, that undoes the drift of the plane over a span: speed times its length, the Moon's node
    moving on. 41 m/s a year with the node at 180 deg, 51 with it at 0."""
    parts = max(1, math.ceil(seconds / (30.0 * DAY)))
    middles = (np.arange(parts) + 0.5) / parts * seconds
    drift = [float(np.linalg.norm(plane_drift(start.plus(t)))) for t in middles.tolist()]
    return SPEED * math.fsum(drift) / parts * seconds


# ---- east and west: the longitude


def longitude_acceleration(longitude: float) -> float:
    """Of a craft that stands over `longitude` (rad), rad/s2, positive to the east: -3 T / r, with the tangential
    T = mu/r^2 sum (R/r)^n m Pnm(0) (S cos m longitude - C sin m longitude)."""
    tangential = 0.0
    for (n, m), (c, s) in TESSERALS.items():
        wave = s * math.cos(m * longitude) - c * math.sin(m * longitude)
        tangential += (R_GRAVITY / RADIUS) ** n * m * _legendre_on_the_equator(n, m) * wave
    return -3.0 * MU_EARTH / RADIUS**3 * tangential


def _legendre_on_the_equator(n: int, m: int) -> float:
    """Fully normalised P_nm(0), n - m even: (-1)^k (n+m)! / (2^n k! ((n+m)/2)!), k = (n-m)/2, times the norm."""
    k, f = (n - m) // 2, math.factorial
    plain = (-1) ** k * f(n + m) / (2**n * f(k) * f((n + m) // 2))
    return plain * math.sqrt((1 if m == 0 else 2) * (2 * n + 1) * f(n - m) / f(n + m))


def east_west(longitude: float, seconds: float) -> float:
    """Velocity change, m/s, that holds a craft over `longitude` against the Earth's shape over a span."""
    return abs(longitude_acceleration(longitude)) * RADIUS / 3.0 * seconds


def drift_of(tangential: float) -> float:
    """Rate of the longitude, rad/s, that a velocity change along the motion makes: -3 dv / r."""
    return -3.0 * tangential / RADIUS


# ---- the eccentricity


def free_eccentricity(area_over_mass: float) -> float:
    """Radius of the circle that sunlight draws of the eccentricity in a year: 3/2 P (Cr A/m) / (speed Sun's rate);
    with it the longitude goes to and fro by twice that a day. `area_over_mass`: Cr A/m, m2/kg."""
    return 1.5 * SUN_PRESSURE * area_over_mass / (SPEED * sun(Epoch(0)).rate)


# ---- what it sees


def coverage(elevation: float) -> float:
    """Angle at the Earth's centre from under the craft to where it stands at an elevation on the equator; rad."""
    return math.acos(R_EQUATOR / RADIUS * math.cos(elevation)) - elevation
