"""The vacuum impact point against Kepler's closed form on a sphere, and another propagator over the ellipsoid."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.ascent.impact import MEETS, NEVER, ellipsoid_radius, impact_point, impact_trace
from kernels.constants import FLATTENING, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.orbit.kepler import kepler_propagate
from kernels.orbit.orientation import eci_to_ecef, geodetic
from tests.tolerance import IMPACT_M, IMPACT_RAD
from tests.worlds import turning

EARTH = turning(OMEGA_EARTH, start_angle=1.2)


def impact(r, v, t=100.0, orientation=EARTH):
    out = np.full(3, np.nan)
    return impact_point(t, r, v, orientation, MU_EARTH, np.empty(12), np.empty((3, 3)), out), out


def ground(t, r, orientation=EARTH):
    c = np.empty((3, 3))
    eci_to_ecef(t, orientation, np.empty(12), c)
    return geodetic(*(c @ r))


STATES = [
    (np.array([4.2e6, 2.5e6, 4.2e6]), np.array([-800.0, 2300.0, 900.0])),  # climbing, first stage
    (np.array([6.5e6, 2.0e5, 4.0e5]), np.array([300.0, 5200.0, 2800.0])),  # fast, nearly level
    (np.array([6.5e6, 2.0e5, 4.0e5]), np.array([-500.0, 5200.0, -2800.0])),  # sinking
    (np.array([1.0e5, 6.6e6, -1.0e5]), np.array([-7500.0, 120.0, 300.0])),  # 0.3 km/s short of orbit: half round
]


@pytest.mark.small
@pytest.mark.parametrize("state", STATES)
def test_it_is_where_another_kepler_first_meets_the_ellipsoid(state):
    """Universal variables propagate, Brent finds the height's zero: none of it knows of true anomalies."""
    r, v = state
    status, (latitude, longitude, after) = impact(r, v)
    assert status == MEETS

    def height(s):
        position, speed = np.empty(3), np.empty(3)
        kepler_propagate(r, v, s, MU_EARTH, position, speed)
        return ground(100.0 + s, position)[2], position

    steps = np.arange(1.0, after + 200.0, 5.0)
    below = next(s for s in steps if height(s)[0] < 0.0)
    first = brentq(lambda s: height(s)[0], max(below - 5.0, 0.0), below, xtol=1e-9)
    assert after == pytest.approx(first, abs=IMPACT_M / np.linalg.norm(v))
    place = ground(100.0 + first, height(first)[1])
    assert latitude == pytest.approx(place[0], abs=IMPACT_RAD)
    assert longitude == pytest.approx(place[1], abs=IMPACT_RAD)


@pytest.mark.small
def test_range_of_a_symmetric_arc_is_the_published_one():
    """From the ground to the ground: tan(half the range) = sin g cos g / (1/Q - cos^2 g), Q = v^2 r/mu.

    Wheelon, ARS J. 29 (1959); in the equator's plane, where the ellipsoid is a circle, without the Earth's turn.
    """
    still = turning(0.0)
    speed, climb = 4000.0, math.radians(35.0)
    r = np.array([R_EQUATOR + 1e-6, 0.0, 0.0])
    v = speed * np.array([math.sin(climb), math.cos(climb), 0.0])
    q = speed**2 * R_EQUATOR / MU_EARTH
    half = math.atan2(math.sin(climb) * math.cos(climb), 1.0 / q - math.cos(climb) ** 2)
    status, (latitude, longitude, _) = impact(r, v, 0.0, still)
    assert status == MEETS and latitude == pytest.approx(0.0, abs=1e-12)
    assert longitude == pytest.approx(2.0 * half, abs=IMPACT_RAD)


@pytest.mark.small
def test_the_earth_turns_below_it():
    r, v = STATES[0]
    stopped = turning(0.0, start_angle=1.2 + OMEGA_EARTH * 100.0)  # as it stands at the moment of the state
    with_turn, without = impact(r, v)[1], impact(r, v, orientation=stopped)[1]
    assert with_turn[1] - without[1] == pytest.approx(-OMEGA_EARTH * with_turn[2], abs=IMPACT_RAD)


@pytest.mark.small
def test_an_orbit_above_the_ground_has_none():
    r = np.array([R_EQUATOR + 200e3, 0.0, 0.0])
    assert impact(r, np.array([0.0, math.sqrt(MU_EARTH / r[0]), 0.0]))[0] == NEVER
    assert impact(r, np.array([12e3, 0.0, 1.0]))[0] == NEVER  # and what leaves for good does not come back either


@pytest.mark.small
def test_a_trace_ends_where_its_first_orbit_clears_the_ground():
    r = np.array([[R_EQUATOR + 200e3, 0.0, 0.0]] * 4)
    v = np.array([[0.0, speed, 0.0] for speed in (6000.0, 7000.0, 7790.0, 7000.0)])
    out = np.empty((4, 3))
    assert impact_trace(np.zeros(4), r, v, EARTH, MU_EARTH, out) == 2
    assert np.isfinite(out[:2]).all() and np.isnan(out[2:]).all()


@pytest.mark.small
@pytest.mark.parametrize("latitude", [0.0, 0.4, 1.1, 0.5 * math.pi])
def test_the_ellipsoid_has_no_height(latitude):
    """A point at that distance in that geocentric direction lies on it."""
    size = ellipsoid_radius(math.sin(latitude))
    assert geodetic(size * math.cos(latitude), 0.0, size * math.sin(latitude))[2] == pytest.approx(0.0, abs=1e-6)
    assert ellipsoid_radius(1.0) == pytest.approx(R_EQUATOR * (1.0 - FLATTENING), abs=1e-6)
