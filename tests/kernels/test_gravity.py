"""The field against a potential written by another road, a closed form, and orbits flown by other programs."""

import math

import numpy as np
import pytest
from scipy.special import lpmv

from kernels.constants import MU_EARTH, R_GRAVITY
from kernels.orbit.harmonics import harmonic_acceleration, make_field
from kernels.orbit.propagate import propagate
from sim.core.epoch import Epoch
from sim.environment.gravity import egm2008
from sim.files.paths import ASSETS
from tests.kernels.reference import load
from tests.tolerance import (
    FIELD_CLOSED_FORM_REL,
    FIELD_GRADIENT_M_S2,
    HARMONIC_REL,
    ORBIT_8X8_M,
    ORBIT_EARTH_M,
)
from tests.worlds import DAY, NO_BURNS, NO_NODES, field, real_orientation, real_sun_and_moon, turning, zonal

ORBITS = load("orbits.json")


def acceleration(p, gravity):
    out = np.empty(3)
    harmonic_acceleration(*p, gravity, out)
    return out


def coefficients():
    """The packaged EGM2008, fully normalised."""
    with np.load(ASSETS / "egm70.npz") as file:
        return file["C"], file["S"]


def potential(p, gravity):
    """mu/r sum (R/r)^n P_nm(sin lat) (C cos m lon + S sin m lon), with scipy's Legendre functions."""
    c, s = coefficients()
    r = math.sqrt(p @ p)
    sine, lon = p[2] / r, math.atan2(p[1], p[0])
    total = 0.0
    for n in range(gravity.degree, -1, -1):
        for m in range(n + 1):
            legendre = (-1) ** m * lpmv(m, n, sine)  # scipy's carries the phase of Condon and Shortley
            ratio = math.factorial(n - m) / math.factorial(n + m)
            norm = math.sqrt((2 - (m == 0)) * (2 * n + 1) * ratio)
            wave = c[n, m] * math.cos(m * lon) + s[n, m] * math.sin(m * lon)
            total += (gravity.radius / r) ** n * norm * legendre * wave
    return gravity.mu / r * total


def points(count, low=6.65e6, high=7.2e6):
    rng = np.random.default_rng(11)
    directions = rng.normal(size=(count, 3))
    return rng.uniform(low, high, size=(count, 1)) * directions / np.linalg.norm(directions, axis=1)[:, None]


@pytest.mark.small
@pytest.mark.parametrize("degree", [2, 8])
def test_field_is_the_gradient_of_the_potential(degree):
    gravity = egm2008(degree)
    h = 40.0  # m; five-point formula: error h^4 U^(5)/30, rounding 7e-9/h
    for p in points(4):
        slope = np.empty(3)
        for i, e in enumerate(np.eye(3) * h):
            u = [potential(p + k * e, gravity) for k in (-2, -1, 1, 2)]
            slope[i] = (u[0] - 8 * u[1] + 8 * u[2] - u[3]) / (12 * h)
        assert np.allclose(acceleration(p, gravity), slope, rtol=0.0, atol=FIELD_GRADIENT_M_S2)


@pytest.mark.parametrize("degree", [20, 36])
def test_high_degrees_obey_laplace(degree):
    """Outside the masses the divergence and the curl vanish; a wrong term in the recursion breaks one of them."""
    c, s = (x.copy() for x in coefficients())
    c[0, 0] = c[2, 0] = 0.0  # what remains is 1e-4 m/s2, so that rounding does not hide it
    gravity = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
    h = 50.0
    for p in points(5):
        jacobian = np.empty((3, 3))
        for i, e in enumerate(np.eye(3) * h):
            a = [acceleration(p + k * e, gravity) for k in (-2, -1, 1, 2)]
            jacobian[:, i] = (a[0] - 8 * a[1] + 8 * a[2] - a[3]) / (12 * h)
        size = np.abs(jacobian).max()
        assert abs(np.trace(jacobian)) < HARMONIC_REL * size
        assert np.abs(jacobian - jacobian.T).max() < HARMONIC_REL * size


@pytest.mark.small
def test_j2_closed_form():
    """a = -mu/r^3 [x (1 - k(5 z^2/r^2 - 1)), .., z (1 - k(5 z^2/r^2 - 3))], k = 3/2 J2 (R/r)^2: Vallado eq 8-30."""
    mu, radius, j2 = 3.986004415e14, 6378136.3, 1.08262617e-3
    gravity = zonal(mu, radius, j2)
    for p in [*points(6), np.array([0.0, 0.0, 6.8e6]), np.array([0.0, -6.7e6, 0.0])]:
        r = math.sqrt(p @ p)
        k, q = 1.5 * j2 * (radius / r) ** 2, 5.0 * (p[2] / r) ** 2
        expected = -mu / r**3 * p * (1.0 - k * (q - np.array([1.0, 1.0, 3.0])))
        assert np.linalg.norm(acceleration(p, gravity) - expected) < FIELD_CLOSED_FORM_REL * mu / r**2


@pytest.mark.small
def test_egm2008_leading_coefficients():
    """As printed in the tide-free EGM2008 file of NGA: fully normalised C20, C22, S22, C33."""
    read_c, read_s = coefficients()
    for n, m, c, s in (
        (2, 0, -0.484165143790815e-03, 0.0),
        (2, 2, 0.243938357328313e-05, -0.140027370385934e-05),
        (3, 3, 0.721321757121568e-06, 0.141434926192941e-05),
    ):
        assert read_c[n, m] == pytest.approx(c, rel=1e-14)
        assert read_s[n, m] == pytest.approx(s, rel=1e-14)


def position_errors(case, forces, cda=0.0, mass=1.0):
    """Distance (m) from the other program's orbit at each of its rows, flown through without a restart."""
    rows = np.array(case["rows"])
    y, t, errors = np.append(rows[0, 1:7], mass), 0.0, []
    for row in rows[1:]:
        propagate(t, row[0], y, 60.0, forces, cda, NO_BURNS, 1.0, 300.0, NO_NODES)
        t = row[0]
        errors.append(float(np.linalg.norm(y[:3] - row[1:4])))
    return errors


def test_orbit_8x8_over_a_steadily_turning_earth():
    """heyoka in 80 bits; reached 4e-6 m after a day."""
    case = ORBITS["egm2008_8x8_uniform"]
    gravity = egm2008(8)
    assert (gravity.mu, gravity.radius) == (case["mu_m3_s2"], case["radius_m"])
    errors = position_errors(case, field(gravity, turning(case["omega_rad_s"], case["theta0_rad"])))
    assert max(errors) < ORBIT_8X8_M


def earth():
    zero = Epoch.from_utc(ORBITS["epoch_utc"])
    return zero, real_orientation(zero, -DAY, 2 * DAY)


def test_orbit_20x20_over_the_real_earth():
    """Orekit with full Earth orientation; reached 2.5 mm after a day, the spread between trusted tools."""
    _, orientation = earth()
    errors = position_errors(ORBITS["egm2008_20x20"], field(egm2008(20), orientation))
    assert max(errors) < ORBIT_EARTH_M


def test_orbit_20x20_with_sun_and_moon():
    """Orekit with DE440; reached 2.5 mm as without them, so Sun and Moon add nothing that shows."""
    case = ORBITS["egm2008_20x20_sun_moon"]
    zero, orientation = earth()
    sun, moon = real_sun_and_moon(zero, -DAY, 2 * DAY)
    both = field(egm2008(20), orientation, sun, moon, third_body=1)
    assert max(position_errors(case, both)) < ORBIT_EARTH_M
    # They move the orbit by far more than that: the agreement is not an accident of two small numbers.
    alone = position_errors(case, field(egm2008(20), orientation))
    assert alone[-1] > 100.0
