"""The fast field against Cunningham's recursion, Legendre functions of others, closed forms, and Laplace's equation."""

import math

import numpy as np
import pytest
from numpy.polynomial import Legendre

from kernels.constants import MU_EARTH, R_GRAVITY
from kernels.orbit.harmonics import harmonic_acceleration, harmonic_many, make_field
from sim.files.paths import ASSETS
from tests.kernels.cunningham import gravity_body, make_gravity
from tests.kernels.test_gravity import points, potential
from tests.tolerance import FIELD_GRADIENT_M_S2, FIELD_REL, FIELD_TERM_REL, HARMONIC_REL


def normalised(degree):
    with np.load(ASSETS / "egm70.npz") as file:
        return file["C"][: degree + 1, : degree + 1].copy(), file["S"][: degree + 1, : degree + 1].copy()


def rough_field(degree):
    """Coefficients as large as Kaula's rule says, 1e-5/n^2, all of them different from zero."""
    rng = np.random.default_rng(5)
    n = np.arange(degree + 1.0)[:, None]
    c, s = (np.tril(rng.normal(size=(degree + 1, degree + 1)) * 1e-5 / np.maximum(n, 1) ** 2) for _ in range(2))
    s[:, 0] = 0.0
    return c, s


def few(degree):
    """What rounding may do to a term of this degree, relative."""
    return FIELD_TERM_REL * (20 + degree * (degree + 1))


def fast(p, field):
    out = np.empty(3)
    harmonic_acceleration(*p, field, out)
    return out


def slow(p, c, s, degree):
    """Cunningham's recursion with the same coefficients, unnormalised."""
    gravity = make_gravity(MU_EARTH, R_GRAVITY, degree, c, s)
    out, size = np.empty(3), degree + 3
    gravity_body(*p, gravity, np.empty((size, size)), np.empty((size, size)), out)
    return out, gravity


POLES = [np.array(p) for p in ([0.0, 0.0, 6.8e6], [0.0, 0.0, -6.7e6], [1.0, 0.0, 6.7e6], [0.0, 7e6, 0.0])]


@pytest.mark.small
@pytest.mark.parametrize("degree", [0, 1, 2, 6, 7, 8, 20])
def test_same_as_cunningham(degree):
    """On both sides of the edges of a block of eight orders, and at the poles."""
    c, s = normalised(degree)
    field = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
    for p in [*points(5), *POLES]:
        expected, _ = slow(p, c, s, degree)
        assert np.linalg.norm(fast(p, field) - expected) < FIELD_REL * np.linalg.norm(expected)


@pytest.mark.parametrize("degree", [8, 20, 36])
def test_every_term_weighs_the_same(degree):
    """Without the two large terms what is compared is 1e-4 m/s2: here a slip in one coefficient of degree 36 shows."""
    c, s = rough_field(degree)
    c[0, 0] = 0.0
    field = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
    for p in [*points(10), *POLES]:
        expected, _ = slow(p, c, s, degree)
        assert np.linalg.norm(fast(p, field) - expected) < few(degree) * np.linalg.norm(expected)


@pytest.mark.small
@pytest.mark.parametrize(("degree", "order"), [(8, 0), (8, 3), (20, 7), (20, 8), (12, 6)])
def test_an_order_below_the_degree_is_a_cut(degree, order):
    c, s = rough_field(degree)
    kept = np.arange(degree + 1)[None, :] <= order
    cut = make_field(MU_EARTH, R_GRAVITY, c, s, degree, order)
    whole = make_field(MU_EARTH, R_GRAVITY, c * kept, s * kept, degree)
    for p in points(4):
        assert np.linalg.norm(fast(p, cut) - fast(p, whole)) < few(degree) * np.linalg.norm(fast(p, whole))


def test_gradient_of_the_potential():
    c, s = normalised(8)
    field = make_field(MU_EARTH, R_GRAVITY, c, s, 8)
    _, gravity = slow(points(1)[0], c, s, 8)
    h = 40.0
    for p in points(4):
        slope = np.empty(3)
        for i, e in enumerate(np.eye(3) * h):
            u = [potential(p + k * e, gravity) for k in (-2, -1, 1, 2)]
            slope[i] = (u[0] - 8 * u[1] + 8 * u[2] - u[3]) / (12 * h)
        assert np.allclose(fast(p, field), slope, rtol=0.0, atol=FIELD_GRADIENT_M_S2)


@pytest.mark.parametrize("degree", [20, 70, 120])
def test_laplace(degree):
    """Outside the masses divergence and curl vanish."""
    c, s = rough_field(degree)
    c[0, 0] = 0.0
    field = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
    h = 2000.0 / degree  # m, so that the differences err alike at every degree
    for p in points(5):
        jacobian = np.empty((3, 3))
        for i, e in enumerate(np.eye(3) * h):
            a = [fast(p + k * e, field) for k in (-2, -1, 1, 2)]
            jacobian[:, i] = (a[0] - 8 * a[1] + 8 * a[2] - a[3]) / (12 * h)
        size = np.abs(jacobian).max()
        assert abs(np.trace(jacobian)) < HARMONIC_REL * size
        assert np.abs(jacobian - jacobian.T).max() < HARMONIC_REL * size


@pytest.mark.parametrize("degree", [2, 31, 70, 120])
def test_sectoral_closed_form(degree):
    """U = mu R^n N Re[(x - iy)^n (C + iS)] / r^(2n+1), N the norm of P_nn = (2n-1)!! cos^n."""
    n = degree
    c, s = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    c[n, n], s[n, n] = 0.7e-6, -0.4e-6
    field = make_field(MU_EARTH, R_GRAVITY, c, s, n)
    norm = math.sqrt(2 * (2 * n + 1) * math.prod(range(1, 2 * n, 2)) ** 2 / math.factorial(2 * n))
    for p in points(4):
        r = math.sqrt(p @ p)
        turn = (complex(p[0], -p[1]) / r) ** (n - 1) * complex(c[n, n], s[n, n])
        wave = (turn * complex(p[0], -p[1]) / r).real
        front = MU_EARTH / r**2 * norm * (R_GRAVITY / r) ** n
        expected = front * (n * np.array([turn.real, turn.imag, 0.0]) - (2 * n + 1) * wave * p / r)
        assert np.linalg.norm(fast(p, field) - expected) < few(degree) * np.linalg.norm(expected)


@pytest.mark.parametrize("degree", [2, 31, 70, 120])
def test_zonal_closed_form(degree):
    """U = mu/r (R/r)^n sqrt(2n+1) C P_n(u), P_n and its derivative by numpy."""
    n = degree
    c = np.zeros((n + 1, n + 1))
    c[n, 0] = 1e-6
    field = make_field(MU_EARTH, R_GRAVITY, c, np.zeros_like(c), n)
    for p in [*points(4), *POLES]:
        r = math.sqrt(p @ p)
        u = p[2] / r
        legendre, slope = Legendre.basis(n)(u), Legendre.basis(n).deriv()(u)
        front = MU_EARTH / r**2 * (R_GRAVITY / r) ** n * math.sqrt(2 * n + 1.0) * c[n, 0]
        expected = front * (slope * np.array([0.0, 0.0, 1.0]) - ((n + 1) * legendre + u * slope) * p / r)
        assert np.linalg.norm(fast(p, field) - expected) < few(degree) * np.linalg.norm(expected)


@pytest.mark.parametrize("degree", [8, 70])
def test_a_turned_field_turns_the_pull(degree):
    c, s = rough_field(degree)
    angle = 0.9
    turned = (c + 1j * s) * np.exp(1j * angle * np.arange(degree + 1))[None, :]
    here = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
    rotated = make_field(MU_EARTH, R_GRAVITY, turned.real, turned.imag, degree)
    rotation = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1.0]])
    for p in points(4):
        expected = rotation @ fast(p, here)
        assert np.linalg.norm(fast(rotation @ p, rotated) - expected) < few(degree) * np.linalg.norm(expected)


@pytest.mark.small
@pytest.mark.parametrize("count", [1, 8, 13])
def test_many_points_are_the_single_ones(count):
    """Lanes of points instead of lanes of orders: the same sums in another order."""
    c, s = normalised(12)
    field = make_field(MU_EARTH, R_GRAVITY, c, s, 12)
    r = np.ascontiguousarray(points(count).T)
    out = np.full((3, count), np.nan)
    harmonic_many(r, field, out)
    for i in range(count):
        single = fast(r[:, i], field)
        assert np.linalg.norm(out[:, i] - single) < FIELD_REL * np.linalg.norm(single)


@pytest.mark.small
def test_degrees_that_the_coefficients_do_not_have():
    c, s = normalised(8)
    for degree, order in ((9, 9), (8, 9), (-1, 0), (4, -1)):
        with pytest.raises(ValueError, match="expected 0 <= order <= degree"):
            make_field(MU_EARTH, R_GRAVITY, c, s, degree, order)
