"""Rigid bodies against closed forms (tops, Jacobi's functions, libration) and NASA's logs of two eight-hour flights."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ellipj

from kernels.craft.attitude import from_matrix, product, rigid, to_body, turn
from kernels.orbit.kepler import kepler_propagate
from kernels.relative.hill import lvlh_axes
from tests import tolerance as tol

PUBLISHED = json.loads((Path(__file__).parents[1] / "data" / "attitude.json").read_text())
NO_NODES = np.empty((0, 8))
START = np.array([0.5, -0.1, 0.7, 0.5])
START /= np.linalg.norm(START)


def flown(body, y, t_end, step=10.0):
    y = np.array(y, dtype=float)
    turn(0.0, t_end, y, step, body, NO_NODES)
    return y


def matrix(q):
    c = np.empty((3, 3))
    to_body(q, c)
    return c


def about(axis, angle):
    """The quaternion of a turn by an angle about one of the axes 0, 1, 2."""
    q = np.zeros(4)
    q[axis], q[3] = math.sin(0.5 * angle), math.cos(0.5 * angle)
    return q


def times(p, q):
    out = np.empty(4)
    product(p, q, out)
    return out


def two_body(r, v, mu, t_end, step):
    rows = []
    for t in np.arange(0.0, t_end + 0.5 * step, step):
        r_t, v_t = np.empty(3), np.empty(3)
        kepler_propagate(r, v, t, mu, r_t, v_t)
        rows.append([t, *r_t, *v_t, *(-mu / np.linalg.norm(r_t) ** 3 * r_t), 1.0])
    return np.array(rows)


# ---- quaternions
@pytest.mark.small
def test_a_quaternion_says_what_its_docstring_says():
    """A body turned by 30 deg about z sees inertial x 30 deg to its right; a second turn comes from the right."""
    q = about(2, math.radians(30.0))
    assert matrix(q) @ [1.0, 0.0, 0.0] == pytest.approx([math.sqrt(0.75), -0.5, 0.0], abs=tol.MATRIX)
    both = times(q, about(0, math.radians(90.0)))  # then about its own new x
    assert matrix(both)[1] == pytest.approx([0.0, 0.0, 1.0], abs=tol.MATRIX)
    assert matrix(both) == pytest.approx(matrix(about(0, math.radians(90.0))) @ matrix(q), abs=tol.MATRIX)


@pytest.mark.small
@pytest.mark.parametrize(
    "q", [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [0.1, 0.2, 0.3, 0.9], [0.9, -0.3, 0.2, 1e-9]]
)
def test_a_matrix_and_its_quaternion(q):
    q = np.array(q, dtype=float) / np.linalg.norm(q)
    c, back = matrix(q), np.empty(4)
    assert c @ c.T == pytest.approx(np.eye(3), abs=tol.MATRIX)
    from_matrix(c, back)
    assert abs(back @ q) == pytest.approx(1.0, abs=tol.MATRIX)


# ---- without torque
@pytest.mark.small
@pytest.mark.parametrize("moments", [(4.0, 4.0, 2.0), (3.0, 3.0, 5.0)])
def test_a_symmetric_top(moments):
    """Rate and attitude in closed form: Hughes 1986, section 4.2.

    The cross rate turns about the axis with (I3 - I1) w3 / I1; the attitude is a turn about the angular momentum by
    |H| t / I1 and one about the axis by -(I3 - I1) w3 t / I1.
    """
    i1, i3 = moments[0], moments[2]
    w = np.array([0.012, 0.0, 0.02])
    t = 200.0
    y = flown(rigid(moments), [*START, *w], t, 2.0)
    lag = (i3 - i1) / i1 * w[2]
    assert y[4:] == pytest.approx([w[0] * math.cos(lag * t), w[0] * math.sin(lag * t), w[2]], abs=tol.TOP_RAD_S)
    momentum = np.array(moments) * w
    h = np.linalg.norm(momentum)
    first = np.append(math.sin(0.5 * h * t / i1) * momentum / h, math.cos(0.5 * h * t / i1))
    expected = times(times(START, first), about(2, -lag * t))
    assert matrix(y[:4]) == pytest.approx(matrix(expected), abs=tol.TOP)


@pytest.mark.parametrize("moments", [(6.0, 4.0, 2.0), (2.0, 4.0, 5.5)])
def test_an_asymmetric_body_by_jacobi(moments):
    """Landau and Lifshitz, Mechanics, section 37, for a momentum that circles the third axis."""
    i1, i2, i3 = moments
    w = np.array([0.002, 0.0, 0.02])
    energy2, h2 = float(np.dot(moments, w * w)), float(np.dot(np.square(moments), w * w))
    assert (h2 - energy2 * i2) * (i3 - i2) > 0.0  # it circles the third axis indeed
    ratio = (i2 - i1) * (energy2 * i3 - h2) / ((i3 - i2) * (h2 - energy2 * i1))
    pace = math.sqrt((i3 - i2) * (h2 - energy2 * i1) / (i1 * i2 * i3))
    y = np.array([*START, *w])
    nodes = np.empty((101, 8))
    assert turn(0.0, 1000.0, y, 10.0, rigid(moments), nodes) == 101
    sn, cn, dn, _ = ellipj(pace * nodes[:, 0], ratio)
    high = math.sqrt((energy2 * i3 - h2) / (i2 * (i3 - i2)))
    expected = np.column_stack([w[0] * cn, math.copysign(high, i3 - i1) * sn, w[2] * dn])
    assert nodes[:, 5:] == pytest.approx(expected, abs=tol.TOP_RAD_S)


def test_energy_and_momentum_are_kept():
    """A tumble about the middle axis, which turns over again and again, for a day."""
    inertia = np.array([[8.0e3, 300.0, -500.0], [300.0, 5.5e4, 900.0], [-500.0, 900.0, 6.0e4]])
    y = np.array([*START, 1.0e-4, 0.01, 1.0e-5])
    nodes = np.empty((8641, 8))
    assert turn(0.0, 86400.0, y, 10.0, rigid(inertia), nodes) == 8641
    w = nodes[:, 5:]
    energy = 0.5 * np.einsum("ni,ij,nj->n", w, inertia, w)
    momentum = np.array([matrix(row[1:5]).T @ inertia @ row[5:] for row in nodes[::40]])
    assert w[:, 1].min() < -0.008  # it did turn over
    assert np.abs(energy / energy[0] - 1.0).max() < tol.DAY_KEPT_REL
    assert np.abs(momentum - momentum[0]).max() / np.linalg.norm(momentum[0]) < tol.DAY_KEPT_REL
    assert np.abs(np.linalg.norm(nodes[:, 1:5], axis=1) - 1.0).max() < tol.MATRIX


def test_the_order_is_eight():
    body, y = rigid([6.0, 4.0, 2.0]), [*START, 0.02, 0.001, 0.03]
    truth = flown(body, y, 640.0, 0.5)
    errors = [np.abs(flown(body, y, 640.0, step) - truth).max() for step in (40.0, 20.0)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(8.0, abs=tol.ATTITUDE_ORDER)


# ---- with torque
def test_a_torque_given_by_a_table():
    """About a principal axis the rate is the torque's integral; the angle the integral of that. Called node by node."""
    edges, push = np.array([0.0, 40.0, 50.0, 100.0]), np.array([0.0, 3.0, -1.0, 2.0])
    torque = np.zeros((4, 3))
    torque[:, 1] = push
    body = rigid([1.0e4, 2.0e4, 1.5e4], times=edges, torque=torque)
    y = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        turn(a, b, y, 5.0, body, NO_NODES)
    turn(100.0, 130.0, y, 5.0, body, NO_NODES)  # beyond the table the last value holds
    rate = angle = 0.0
    for h, p, q in [(40.0, 0.0, 3.0), (10.0, 3.0, -1.0), (50.0, -1.0, 2.0), (30.0, 2.0, 2.0)]:
        angle += rate * h + (p / 3.0 + q / 6.0) * h * h / 2.0e4
        rate += 0.5 * (p + q) * h / 2.0e4
    assert y[4:] == pytest.approx([0.0, rate, 0.0], abs=tol.TOP_RAD_S)
    assert matrix(y[:4]) == pytest.approx(matrix(about(1, angle)), abs=tol.TOP)


def test_a_constant_torque_spins_up_a_sphere():
    body = rigid([50.0, 50.0, 50.0], torque=[[0.3, -0.2, 0.1]])
    y = flown(body, [*START, 0.0, 0.0, 0.0], 100.0)
    assert y[4:] == pytest.approx(np.array([0.3, -0.2, 0.1]) * 2.0, abs=tol.TOP_RAD_S)


def test_a_small_libration_about_the_nadir():
    """Its long axis down on a circle, it oscillates in pitch with n sqrt(3 (Ix - Iz) / Iy): Hughes 1986, section
    9.3."""
    mu, r, moments = 3.986004415e14, 6.771e6, (5.5e4, 6.0e4, 8.0e3)
    n = math.sqrt(mu / r**3)
    position, velocity = np.array([r, 0.0, 0.0]), np.array([0.0, n * r, 0.0])
    body = rigid(moments, mu=mu, path=two_body(position, velocity, mu, 20000.0, 20.0))
    frame, tilt = np.empty((3, 3)), 1.0e-4
    lvlh_axes(position, velocity, frame)
    q = np.empty(4)
    from_matrix(frame, q)
    y = np.array([*times(q, about(1, tilt)), 0.0, -n, 0.0])
    nodes = np.empty((2001, 8))
    assert turn(0.0, 20000.0, y, 10.0, body, nodes) == 2001
    pitch = []
    for row in nodes:
        x = matrix(row[1:5])[0]  # the body's x axis
        ahead, down = (
            np.array([-math.sin(n * row[0]), math.cos(n * row[0]), 0.0]),
            -np.array([math.cos(n * row[0]), math.sin(n * row[0]), 0.0]),
        )
        pitch.append(-math.atan2(x @ down, x @ ahead))
    oscillation = n * math.sqrt(3.0 * (moments[0] - moments[2]) / moments[1])
    assert pitch == pytest.approx(tilt * np.cos(oscillation * nodes[:, 0]), abs=tol.LIBRATION_REL * tilt)


def passive(axis, angle):
    """The matrix that takes components to a frame turned by the angle about roll, pitch or yaw."""
    return matrix(about("RPY".index(axis), angle))


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["id"])
def test_eight_hours_of_nasa(case):
    mu, t_end = PUBLISHED["mu_m3_s2"], PUBLISHED["duration_s"]
    r, v = np.array(PUBLISHED["position_m"]), np.array(PUBLISHED["velocity_m_s"])
    frame = np.empty((3, 3))
    n = lvlh_axes(r, v, frame)
    start = frame
    for axis in "RPY":
        start = passive(axis, math.radians(case["angles_deg"][case["seq"].index(axis)])) @ start
    y = np.empty(7)
    from_matrix(start, y[:4])
    y[4:] = start @ frame.T @ [0.0, -n, 0.0] + np.radians(case["rate_degps"])
    path = two_body(r, v, mu, t_end, 30.0)
    body = rigid(PUBLISHED["inertia_kg_m2"][case["inertia"]], mu=mu if case["gg"] else 0.0, path=path)
    turn(0.0, t_end, y, 10.0, body, NO_NODES)
    assert np.abs(matrix(y[:4])[0] - case["expected_T_row0_28800"]).max() < tol.NESC_MATRIX
    assert np.abs(y[4:] - case["expected_rate_radps_28800"]).max() < tol.NESC_RAD_S
    # JEOD's quaternion has the scalar first and the other sign of the vector.
    scalar, *vector = case["expected_quaternion_JEOD_left_scalar_first"]
    assert abs(np.dot(y[:4], [*(-np.array(vector)), scalar])) == pytest.approx(1.0, abs=tol.NESC_MATRIX)


# ---- what is no body
@pytest.mark.parametrize(
    ("inertia", "more", "message"),
    [
        ([1.0, 2.0, 3.5], {}, "no body has them"),
        ([[1.0, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], {}, "expected a symmetric 3 x 3 matrix"),
        ([1.0, 1.0, 1.0], {"mu": 1.0}, "the gravity gradient needs"),
        ([1.0, 1.0, 1.0], {"times": [0.0, 0.0], "torque": np.zeros((2, 3))}, "expected .m,. growing"),
    ],
)
def test_no_such_body(inertia, more, message):
    with pytest.raises(ValueError, match=message):
        rigid(inertia, **more)
