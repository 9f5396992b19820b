"""Local time of the node of an orbit, and where it will be: the mean plane followed for years from one element set.

The normal of the mean orbit turns about the pole by the Earth's oblateness (the rate of SGP4 at the set, carried on
with axis and inclination) and is pulled by Sun and Moon, averaged over the craft's revolution alone:

    dn/dt = rate(a, i) z x n - 3/2 (1 + k2 (R/a)^5) strength / mean motion (n s) (n x s)

with s the direction of the body. In a sun-synchronous orbit the Sun stands still beside the plane, so that its pull
adds up: the inclination drifts by up to 0.05 deg a year, and with it the rate of the node. The tide that a body raises
in the Earth pulls the same way, with Love's number k2: a sixth more in a low orbit. Left out: the lag of the tide, that
of the oceans, and burns across the track.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.orbit import geostationary as theory
from sim.orbit.decay_arc import MeanSet, mean_set
from sim.orbit.decay_density import decay_rates
from sim.orbit.weather_forecast import known_weather, ordinal

DAY = 86400.0
LOVE = 0.30190  # k20 of the solid Earth, IERS Conventions (2010), table 6.3
STEP = 1.0 * DAY  # of the plane: 0.24 of the Moon's second harmonic in rad
AIR_STEP = 10.0 * DAY  # between two looks at the air
LOOK_BACK = 30.0  # days before the set, whose mean air its drag is taken to be of


@dataclass(frozen=True)
class NodeTime:
    """Local time of the ascending node, hours from 0 to 24: by the mean Sun, and by the Sun as it stands."""

    mean: float
    apparent: float


@dataclass(frozen=True)
class PlaneAhead:
    """The mean plane at `epoch`: node and inclination rad (TEME), axis m."""

    epoch: Epoch
    node: float
    inclination: float
    axis: float

    @property
    def local_time(self) -> NodeTime:
        return local_time(self.node, self.epoch)


def days_since_2000(at: Epoch) -> float:
    whole, part = at.jd_utc()
    return whole - 2451545.0 + part


def sun_longitudes(at: Epoch) -> tuple[float, float, float]:
    """Mean and true longitude of the Sun, rad, and its distance in astronomical units; 0.01 deg (Astronomical
    Almanac, low precision)."""
    d = days_since_2000(at)
    g = math.radians(357.529 + 0.98560028 * d)
    mean = math.radians(280.459 + 0.98564736 * d)
    true = mean + math.radians(1.915 * math.sin(g) + 0.020 * math.sin(2.0 * g))
    return mean, true, 1.00014 - 0.01671 * math.cos(g) - 0.00014 * math.cos(2.0 * g)


def local_time(node: float, at: Epoch) -> NodeTime:
    """Of a node (right ascension, rad) at an epoch."""
    mean, true, _ = sun_longitudes(at)
    ascension = math.atan2(math.cos(theory.OBLIQUITY) * math.sin(true), math.cos(true))
    return NodeTime(*((math.degrees(node - sun) / 15.0 + 12.0) % 24.0 for sun in (mean, ascension)))


def is_sun_synchronous(elements: ElementSet) -> bool:
    """Whether the node follows the Sun to 0.1 deg a day, in a low orbit that is nearly a circle."""
    low = elements.mean_motion_rev_day > 12.0 and elements.eccentricity < 0.05
    rate = math.degrees(elements.satrec().nodedot) * 1440.0
    return low and abs(rate - 360.0 / 365.2422) < 0.1


def at_set(elements: ElementSet) -> PlaneAhead:
    """The plane of a set at its epoch."""
    mean = mean_set(elements)
    return PlaneAhead(mean.epoch, mean.plane.node, mean.plane.inclination, mean.axis)


Axes = tuple[np.ndarray, np.ndarray]  # times s from a set's epoch, and axes m there


def predicted(elements: ElementSet, at: Epoch, axes: Axes | None = None) -> PlaneAhead:
    """The plane at a later time, from one set; `axes`: how the axis goes on (`falling`, `as_flown`), None where burns
    hold it."""
    start = mean_set(elements)
    seconds = at.since(start.epoch)
    node, tilt = start.plane.node, start.plane.inclination
    n = np.array([math.sin(tilt) * math.sin(node), -math.sin(tilt) * math.cos(node), math.cos(tilt)])
    steps = max(1, math.ceil(abs(seconds) / STEP))
    h = seconds / steps
    for k in range(steps):  # midpoint rule
        first = _rate(n, start, start.epoch.plus(k * h), _axis(start, axes, k * h))
        middle = (k + 0.5) * h
        n = n + h * _rate(n + 0.5 * h * first, start, start.epoch.plus(middle), _axis(start, axes, middle))
        n /= float(np.linalg.norm(n))
    return PlaneAhead(
        at, math.atan2(n[0], -n[1]) % (2.0 * math.pi), math.acos(float(n[2])), _axis(start, axes, seconds)
    )


def _rate(n: np.ndarray, start: MeanSet, at: Epoch, axis: float) -> np.ndarray:
    """dn/dt, 1/s."""
    plane, motion = start.plane, math.sqrt(theory.MU_EARTH / axis**3)
    turn = plane.node_rate * (start.axis / axis) ** 3.5 * n[2] / math.cos(plane.inclination)
    total = turn * np.array([-n[1], n[0], 0.0])
    _, true, distance = sun_longitudes(at)
    sun, moon = theory.sun(at), theory.moon(at)
    raised = 1.0 + LOVE * (theory.R_EQUATOR / axis) ** 5
    u = math.radians(218.3164477 + 13.17639648 * days_since_2000(at)) - theory.lunar_node(at)
    for body, angle, near in ((sun, true, distance**-3), (moon, u, 1.0)):
        s = math.cos(angle) * body.p + math.sin(angle) * body.q
        total = total - 1.5 * raised * body.strength * near / motion * float(n @ s) * np.cross(n, s)
    return total


def _axis(start: MeanSet, axes: Axes | None, t: float) -> float:
    return start.axis if axes is None else float(np.interp(t, *axes))


def as_flown(elements: ElementSet, later: Sequence[ElementSet]) -> Axes:
    """The axis of later sets, on straight lines: hindsight, in which the plane's error alone remains."""
    start = mean_set(elements)
    every = [start, *sorted((mean_set(e) for e in later if e.epoch > start.epoch), key=lambda m: m.epoch)]
    return np.array([m.epoch.since(start.epoch) for m in every]), np.array([m.axis for m in every])


def falling(elements: ElementSet, seconds: float) -> Axes:
    """The fall without burns: the set's own rate of the mean motion, which is that of the weeks before it, times how
    much denser or thinner the air is forecast to be than it was then, by what was known on the day of the set."""
    start = mean_set(elements)
    record = start.elements.satrec()
    now = -2.0 / 3.0 * start.axis * 2.0 * record.ndot / record.no_kozai / 60.0  # ndot: half the rate, rad/min2
    times = np.arange(0.0, seconds + AIR_STEP, AIR_STEP)
    weather = known_weather(start.epoch, back=LOOK_BACK + 30.0, ahead=seconds / DAY + 30.0)
    before = -np.arange(1.0, LOOK_BACK, 3.0)[::-1] * DAY
    drops = np.linspace(0.0, 40e3, 9)  # m below the start, where the fall is looked up
    day = ordinal(start.epoch)
    past = decay_rates(start.plane, before, weather.at(day + before / DAY), [start.axis]).mean()
    ahead = decay_rates(start.plane, times, weather.at(day + times / DAY), start.axis - drops) / past
    axis, axes = start.axis, [start.axis]
    for row in ahead[:-1]:
        axis += now * float(np.interp(start.axis - axis, drops, row)) * AIR_STEP
        axes.append(axis)
    return times, np.array(axes)
