"""Two-body motion against 40-digit arithmetic, and against what it must conserve."""

import math

import numpy as np
import pytest

from kernels.orbit.kepler import (
    NOT_CONVERGED,
    OK,
    eccentric_to_mean,
    eccentric_to_true,
    elements_to_state,
    kepler_propagate,
    mean_to_eccentric,
    mean_to_true,
    period,
    state_to_elements,
    true_to_eccentric,
    true_to_mean,
)
from tests.kernels.reference import MU, ids, load, random_state
from tests.tolerance import ANOMALY_RAD, ELEMENTS_REL, INVARIANT_REL, RETURN_REL

CASES = load("kepler.json")["cases"]
ECCENTRICITIES = [0.0, 1e-14, 1e-9, 0.0005, 0.1, 0.73, 0.95, 1.05, 1.4, 5.0]


def step(r, v, dt, mu=MU):
    r_out, v_out = np.empty(3), np.empty(3)
    assert kepler_propagate(r, v, dt, mu, r_out, v_out) == OK
    return r_out, v_out


@pytest.mark.small
@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_states_of_forty_digit_arithmetic(case):
    mu = case["mu"] * 1e9
    r, v = step(1e3 * np.array(case["r0_km"]), 1e3 * np.array(case["v0_kmps"]), case["dt_s"], mu)
    assert np.abs(r * 1e-3 - case["r_km"]).max() < case["tol_km"]
    # The same relative error in the velocity: the time scale of the motion is r / v.
    rate = np.linalg.norm(case["v_kmps"]) / np.linalg.norm(case["r_km"])
    assert np.abs(v * 1e-3 - case["v_kmps"]).max() < 2.0 * rate * case["tol_km"]


def test_energy_and_momentum_stay_on_a_thousand_orbits():
    rng = np.random.default_rng(1)
    for _ in range(1000):
        e = rng.choice([rng.uniform(0.0, 0.95), rng.uniform(1.05, 3.0), 1.0 + rng.uniform(-1e-6, 1e-6)])
        r, v = random_state(rng, e, 10.0 ** rng.uniform(6.8, 7.6), nu_limit=2.0)
        r1, v1 = step(r, v, rng.uniform(-1e5, 1e5))
        h, h1 = np.cross(r, v), np.cross(r1, v1)
        energy, energy1 = v @ v / 2 - MU / math.sqrt(r @ r), v1 @ v1 / 2 - MU / math.sqrt(r1 @ r1)
        # Both are differences of terms of the size of mu / r and r v, which set their rounding.
        assert abs(energy1 - energy) < INVARIANT_REL * (MU / math.sqrt(r @ r) + MU / math.sqrt(r1 @ r1))
        assert np.abs(h1 - h).max() < INVARIANT_REL * max(np.linalg.norm(r1) * np.linalg.norm(v1), np.linalg.norm(h))


def test_there_and_back_again():
    rng = np.random.default_rng(2)
    for _ in range(300):
        e = rng.choice([rng.uniform(0.0, 0.9), rng.uniform(1.1, 3.0)])
        r, v = random_state(rng, e, 7e6, nu_limit=2.0)
        dt = rng.uniform(100.0, 5000.0)
        r1, v1 = step(*step(r, v, dt), -dt)
        assert np.linalg.norm(r1 - r) < RETURN_REL * np.linalg.norm(r)
        assert np.linalg.norm(v1 - v) < RETURN_REL * np.linalg.norm(v)


def test_two_steps_make_one():
    rng = np.random.default_rng(3)
    for e in (0.001, 0.5, 1.0, 2.0):
        r, v = random_state(rng, e, 7e6, nu_limit=2.0)
        whole = step(r, v, 3000.0)[0]
        halves = step(*step(r, v, 1234.5), 1765.5)[0]
        assert np.linalg.norm(whole - halves) < RETURN_REL * np.linalg.norm(whole)


@pytest.mark.small
def test_a_parabola_obeys_barker():
    # Barker's equation: dt = (D + D^3/3) sqrt(p^3/mu) / 2 with D = tan(nu/2), from the pericentre.
    q = 7e6
    r, v = np.array([q, 0.0, 0.0]), np.array([0.0, math.sqrt(2 * MU / q), 0.0])
    for nu in (0.3, 1.5, 2.5):
        d = math.tan(nu / 2)
        dt = 0.5 * math.sqrt((2 * q) ** 3 / MU) * (d + d**3 / 3)
        r1, _ = step(r, v, dt)
        expected = q * (1 + d * d) * np.array([math.cos(nu), math.sin(nu), 0.0])
        assert np.linalg.norm(r1 - expected) < RETURN_REL * np.linalg.norm(expected)


@pytest.mark.small
def test_circle_quarter_and_the_out_array_may_be_the_input():
    r, v = np.array([7e6, 0.0, 0.0]), np.array([0.0, 0.0, math.sqrt(MU / 7e6)])
    assert kepler_propagate(r, v, period(7e6, MU) / 4, MU, r, v) == OK
    assert np.abs(r - [0.0, 0.0, 7e6]).max() < RETURN_REL * 7e6
    assert np.abs(v - [-math.sqrt(MU / 7e6), 0.0, 0.0]).max() < RETURN_REL * 8e3


@pytest.mark.small
def test_no_time_is_no_motion():
    r, v = random_state(np.random.default_rng(4), 0.3, 7e6)
    r1, v1 = step(r, v, 0.0)
    assert np.array_equal(r1, r) and np.array_equal(v1, v)


@pytest.mark.small
@pytest.mark.parametrize(
    "r, v, dt",
    [
        ([0.0, 0.0, 0.0], [1.0, 0.0, 0.0], 1.0),
        ([7e6, 0.0, 0.0], [1e3, 0.0, 0.0], 1.0),
        ([7e6, 0.0, 0.0], [0.0, math.nan, 0.0], 1.0),
        ([7e6, 0.0, 0.0], [0.0, 7e3, 0.0], math.inf),
    ],
    ids=["centre", "radial", "nan", "endless"],
)
def test_what_has_no_orbit_says_so(r, v, dt):
    assert kepler_propagate(np.array(r), np.array(v), dt, MU, np.empty(3), np.empty(3)) == NOT_CONVERGED


@pytest.mark.parametrize("e", ECCENTRICITIES)
def test_elements_there_and_back(e):
    rng = np.random.default_rng(5)
    for _ in range(50):
        r, v = random_state(rng, e, 7e6, nu_limit=3.0)
        a, e1, i, raan, argp, nu, u = state_to_elements(r, v, MU)
        state = elements_to_state(a, e1, i, raan, argp, nu, MU)
        assert np.linalg.norm(state[:3] - r) < ELEMENTS_REL * np.linalg.norm(r) * (1.0 + 1.0 / abs(1.0 - e))
        assert np.linalg.norm(state[3:] - v) < ELEMENTS_REL * np.linalg.norm(v) * (1.0 + 1.0 / abs(1.0 - e))
        assert abs(e1 - e) < ELEMENTS_REL * (1.0 + e)
        assert math.cos(u - argp - nu) > 1.0 - ELEMENTS_REL


@pytest.mark.small
def test_elements_of_a_published_orbit():
    # Vallado, Fundamentals of Astrodynamics and Applications, example 2-5, printed to the digits below.
    r = 1e3 * np.array([6524.834, 6862.875, 6448.296])
    v = 1e3 * np.array([4.901327, 5.533756, -1.976341])
    a, e, i, raan, argp, nu, _ = state_to_elements(r, v, 398600.4418e9)
    # The textbook carries seven digits from step to step, so its energy (-5.516604 km2/s2) is known to 1e-7 and a to 4
    # m from that alone; the rest is half a unit of the last printed digit, doubled for the angles on the same ground.
    assert a == pytest.approx(36127.343e3, abs=10.0)
    assert e == pytest.approx(0.832853, abs=5e-7)
    assert np.degrees([i, raan, nu]) == pytest.approx([87.870, 227.898, 92.335], abs=1e-3)
    assert math.degrees(argp) == pytest.approx(53.38, abs=5e-3)


@pytest.mark.small
@pytest.mark.parametrize("incline", [0.0, math.pi])
@pytest.mark.parametrize("e", [0.0, 0.2])
def test_equatorial_orbits_measure_from_the_x_axis(incline, e):
    state = elements_to_state(8e6, e, incline, 0.0, 1.0, 0.5, MU)
    a, e1, i, raan, argp, nu, u = state_to_elements(state[:3].copy(), state[3:].copy(), MU)
    assert raan == 0.0
    assert [a / 8e6, e1, i, u] == pytest.approx([1.0, e, incline, 1.5], abs=ELEMENTS_REL)
    assert [argp, nu] == pytest.approx([0.0, 1.5] if e == 0.0 else [1.0, 0.5], abs=10 * ELEMENTS_REL)


@pytest.mark.small
@pytest.mark.parametrize("e", [0.0, 0.0005, 0.3, 0.95, 1.05, 1.4, 8.0])
def test_anomalies_there_and_back(e):
    reach = 3.1 if e < 1.0 else 0.9 * math.acos(-1.0 / e)
    for nu in np.linspace(-reach, reach, 31):
        anomaly = true_to_eccentric(nu, e)
        mean = eccentric_to_mean(anomaly, e)
        assert mean_to_eccentric(mean, e) == pytest.approx(anomaly, abs=ANOMALY_RAD)
        assert eccentric_to_true(anomaly, e) == pytest.approx(nu, abs=ANOMALY_RAD)
        assert mean_to_true(mean, e) == pytest.approx(nu, abs=10 * ANOMALY_RAD)
        assert true_to_mean(nu, e) == mean


@pytest.mark.small
def test_anomalies_keep_their_revolution_and_the_edges_hold():
    for turns in (-2, -1, 1, 3):
        assert mean_to_true(0.5 + 2 * math.pi * turns, 0.1) - mean_to_true(0.5, 0.1) == pytest.approx(
            2 * math.pi * turns, abs=ANOMALY_RAD
        )
    # Nearly radial ellipses and very late hyperbolas: put back into Kepler's equation.
    for mean, e in ((1e-6, 0.999999), (3.0, 0.999999), (1e-9, 1.000001), (1e8, 1.1)):
        assert eccentric_to_mean(mean_to_eccentric(mean, e), e) == pytest.approx(mean, rel=1e-9)
    assert math.isnan(true_to_eccentric(3.1, 1.4))


@pytest.mark.small
def test_period_by_keplers_third_law():
    assert period(4 * 7e6, MU) / period(7e6, MU) == pytest.approx(8.0, rel=ELEMENTS_REL)
    # A geosynchronous orbit (42164.17 km) turns in a sidereal day, 86164.1 s; the radius is known to 5 m.
    assert period(42164.17e3, MU) == pytest.approx(86164.1, abs=0.05)
    assert period(-7e6, MU) == math.inf
