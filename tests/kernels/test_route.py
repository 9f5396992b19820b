"""Arcs about a station, poses and dead-bands of the closed loop: derivatives, other hands, limit cycles."""

import math

import numpy as np
import pytest
import tolerance
from scipy.spatial.transform import Rotation

from kernels.craft.steering import ControlLaw, off_pointing, rate_demand, velocity_demand
from kernels.docking.route import arc, closing_speed, hill_acceleration, pointing, rest_to_rest
from kernels.relative.hill import hcw_stm

LAW = ControlLaw(period=0.5, deadband=0.003, widens=1e-4, gain=0.06, angle=0.01, angle_gain=0.05, rate_max=0.01)
BEHIND, BELOW = np.array([-400.0, 0.0, 0.0]), np.array([3.0, 0.0, 207.0])


def at(t, start=BEHIND, end=BELOW, duration=900.0):
    p, v, a, turn = (np.empty(3) for _ in range(4))
    arc(start, end, duration, t, p, v, a, turn)
    return p, v, a, turn


@pytest.mark.small
@pytest.mark.parametrize("t", [100.0, 450.0, 777.0])
@pytest.mark.parametrize("end", [BELOW, np.array([-200.0, 0.0, 0.0]), np.array([50.0, 120.0, 150.0])])
def test_velocity_and_acceleration_are_derivatives_of_the_place(t, end):
    h = 1e-3
    before, now, after = at(t - h, end=end), at(t, end=end), at(t + h, end=end)
    assert now[1] == pytest.approx((after[0] - before[0]) / (2 * h), abs=tolerance.DIFFERENCED)
    assert now[2] == pytest.approx((after[1] - before[1]) / (2 * h), abs=tolerance.DIFFERENCED)
    u = [x[0] / np.linalg.norm(x[0]) for x in (before, now, after)]
    assert np.cross(now[3], u[1]) == pytest.approx((u[2] - u[0]) / (2 * h), abs=tolerance.DIFFERENCED)


@pytest.mark.small
def test_an_arc_leads_from_rest_to_rest():
    first, last = at(0.0), at(900.0)
    assert np.array_equal(first[0], BEHIND) and last[0] == pytest.approx(BELOW, abs=1e-12)
    assert not first[1].any() and not last[1].any() and not first[2].any() and not last[2].any()
    assert at(2000.0)[0] == pytest.approx(BELOW, abs=1e-12)
    speeds = [rest_to_rest(x)[1] for x in np.linspace(0.0, 1.0, 1001)]
    assert max(speeds) == pytest.approx(15 / 8, abs=1e-6)


@pytest.mark.small
@pytest.mark.parametrize("ahead", [(1.0, 0.0, 0.0), (0.0, 0.0, -3.0), (-2.0, 0.1, 0.4)])
def test_a_pose_looks_ahead_with_y_as_it_was(ahead):
    c = np.empty((3, 3))
    pointing(np.array(ahead), c)
    assert c @ c.T == pytest.approx(np.eye(3), abs=1e-15) and np.linalg.det(c) == pytest.approx(1.0)
    assert c @ (np.array(ahead) / np.linalg.norm(ahead)) == pytest.approx([1.0, 0.0, 0.0], abs=1e-15)
    assert c[1, 1] >= max(abs(c[0, 1]), abs(c[2, 1])) and abs(c[2, 1]) < 1e-15


@pytest.mark.small
def test_attitude_error_by_independent_rotation():
    """Against scipy's rotation vectors: equal for small turns, the sine of the angle for large ones."""
    rng = np.random.default_rng(5)
    for size in (1e-4, 1e-2, 1.5):
        axis = rng.standard_normal(3)
        turn = size * axis / np.linalg.norm(axis)
        command = Rotation.random(random_state=3).as_matrix()
        body = Rotation.from_rotvec(-turn).as_matrix() @ command  # to body axes: the body turned by +turn
        angle = np.empty(3)
        off_pointing(np.ascontiguousarray(body), np.ascontiguousarray(command), angle)
        assert angle == pytest.approx(turn * math.sin(size) / size, rel=1e-10)


@pytest.mark.small
def test_hills_acceleration_is_what_its_solution_does():
    n, h = 1.13e-3, 0.1
    state = np.array([-200.0, 15.0, 60.0, 0.3, -0.1, 0.05])
    phi, a = np.empty((6, 6)), np.empty(3)
    hcw_stm(n, h, phi)
    hill_acceleration(state[:3], state[3:], n, a)
    later = phi @ state
    hcw_stm(n, -h, phi)
    earlier = phi @ state
    assert a == pytest.approx((later[3:] - earlier[3:]) / (2 * h), abs=1e-9)  # h^2 n^2 / 6 of it


@pytest.mark.small
def test_the_strip_holds_an_attitude_in_its_dead_band():
    """A body that drifts under a constant torque stays within the dead-band and what a period adds to it."""
    steering = LAW._replace(angle=math.radians(0.5), rate_max=math.radians(0.5))
    angle, rate, dw = np.array([0.02, 0.0, -0.03]), np.zeros(3), np.empty(3)
    push, worst = np.array([1e-6, -2e-6, 5e-7]), 0.0
    for k in range(8000):
        rate_demand(angle, rate, steering, dw)
        rate += dw + push * 0.5
        angle += rate * 0.5
        worst = max(worst, np.abs(angle).max()) if k > 2000 else worst
    assert math.radians(0.3) < worst < math.radians(0.5) * 1.05


@pytest.mark.small
def test_velocity_is_left_alone_inside_its_dead_band_which_widens_with_the_distance():
    steering = LAW
    zero, dv = np.zeros(3), np.empty(3)
    velocity_demand(np.array([0.0029, 0.0031, -0.5]), zero, zero, zero, 0.0, steering, dv)
    assert dv.tolist() == [0.0, 0.0031, -0.5]
    velocity_demand(np.array([0.0229, 0.0231, -0.5]), zero, zero, zero, 200.0, steering, dv)
    assert dv.tolist() == [0.0, 0.0231, -0.5]


@pytest.mark.small
def test_the_glide_is_slow_at_the_port_and_at_a_stop():
    assert closing_speed(0.0, 19.0, 0.8, 0.004, 0.03) == 0.03
    assert closing_speed(500.0, 500.0, 0.8, 0.004, 0.03) == 0.8
    speeds = [closing_speed(1e3, gap, 0.8, 0.004, 0.13) for gap in np.linspace(0.0, 100.0, 50)]
    assert np.diff(speeds).min() >= 0.0 and speeds[0] == 0.05
