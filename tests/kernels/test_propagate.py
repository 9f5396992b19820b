"""The orbit propagator against heyoka's 80-bit orbits, conserved quantities, its own order, and the rocket equation."""

import math

import numpy as np
import pytest

from kernels.constants import G0
from kernels.orbit.propagate import propagate
from sim.environment.gravity import egm2008
from tests.kernels.reference import load
from tests.kernels.test_gravity import position_errors, potential
from tests.tolerance import (
    BURN_REL,
    ENERGY_REL,
    ORBIT_J2_15_DAYS_M,
    ORBIT_TWO_BODY_M,
    ORDER_SLOPE,
    SPLIT_M,
)
from tests.worlds import NO_BURNS, NO_NODES, field, turning, zonal

ORBITS = load("orbits.json")
START = np.array([*ORBITS["twobody"]["rows"][0][1:7], 8000.0])


def flown(t0, t1, y0=START, step=60.0, forces=None, burns=NO_BURNS, thrust=5000.0, isp=290.0, capacity=400):
    """End state (7,) and node rows of one call."""
    y, nodes = y0.copy(), np.empty((capacity, 11))
    forces = field(zonal()) if forces is None else forces
    n = propagate(t0, t1, y, step, forces, 0.0, np.array(burns, dtype=float).reshape(-1, 4), thrust, isp, nodes)
    return y, nodes[:n]


def test_two_bodies():
    """Reached 1.4e-6 m after a day."""
    case = ORBITS["twobody"]
    assert max(position_errors(case, field(zonal(case["mu_m3_s2"])))) < ORBIT_TWO_BODY_M


def test_j2_for_fifteen_days():
    """Reached 4e-6 m after a day and 1.1 mm after fifteen."""
    case = ORBITS["j2"]
    errors = position_errors(case, field(zonal(case["mu_m3_s2"], case["radius_m"], case["j2"])))
    assert errors[2] < ORBIT_TWO_BODY_M
    assert errors[-1] < ORBIT_J2_15_DAYS_M


@pytest.mark.parametrize("rate", [0.0, 7.292115e-5], ids=["energy, field at rest", "Jacobi constant, turning field"])
def test_conserved_quantity(rate):
    """v^2/2 - U - omega (r x v)_z over a day in the 8x8 field, the potential by scipy's Legendre functions."""
    gravity = egm2008(8)
    forces = field(gravity, turning(rate, 0.4))

    def constant(t, y):
        c, s = math.cos(0.4 + rate * t), math.sin(0.4 + rate * t)
        fixed = np.array([c * y[0] + s * y[1], c * y[1] - s * y[0], y[2]])
        spin = rate * (y[0] * y[4] - y[1] * y[3])
        return 0.5 * y[3:6] @ y[3:6] - potential(fixed, gravity) - spin

    first = constant(0.0, START)
    y, t = START, 0.0
    for end in (7200.0, 43200.0, 86400.0):
        y, _ = flown(t, end, y, forces=forces, capacity=0)
        t = end
        assert abs(constant(t, y) / first - 1.0) < ENERGY_REL


def test_order_is_eight():
    """Error after an hour in the 8x8 field against the same flown at 15 s: a tenth less step, 2.3 times less error."""
    forces = field(egm2008(8), turning(7.292115e-5))
    exact, _ = flown(0.0, 3600.0, step=15.0, forces=forces, capacity=0)
    steps = np.array([400.0, 300.0, 240.0, 180.0, 120.0])
    ends = [flown(0.0, 3600.0, step=step, forces=forces, capacity=0)[0] for step in steps]
    errors = [np.linalg.norm(y[:3] - exact[:3]) for y in ends]
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert slope == pytest.approx(8.0, abs=ORDER_SLOPE)


@pytest.mark.small
def test_burn_in_empty_space_is_the_rocket_equation():
    """No field, straight flight: speed, mass and way of a constant thrust in closed form."""
    empty = field(zonal(1.0e-6))
    y0 = np.array([1.0e12, 0.0, 0.0, 0.0, 1.0, 0.0, 8000.0])  # so far out that LVLH stands still
    dv, thrust, ve = 90.0, 5000.0, 290.0 * G0
    burn = 8000.0 * (1.0 - math.exp(-dv / ve)) * ve / thrust
    y, nodes = flown(0.0, 1000.0, y0, forces=empty, burns=[[500.0, dv, 0.0, 0.0]], thrust=thrust)
    assert y[4] - y0[4] == pytest.approx(dv, rel=BURN_REL)
    assert y[6] == pytest.approx(8000.0 * math.exp(-dv / ve), rel=BURN_REL)
    # Way while burning, from m(t) = m0 - q t: ve [T - (m1/q) ln(m0/m1)], counted from the speed at ignition.
    q, m1 = thrust / ve, y[6]
    displacement = ve * (burn - m1 / q * math.log(8000.0 / m1)) + dv * (500.0 - 0.5 * burn) + 1.0 * 1000.0
    assert y[1] == pytest.approx(displacement, rel=BURN_REL)
    assert np.abs(y[[0, 2]] - y0[[0, 2]]).max() < 1e-3  # the last digit at 1e12 m is 1e-4 m
    # Mass falls in a straight line between ignition and cut-off.
    inside = nodes[np.abs(nodes[:, 0] - 500.0) < 0.5 * burn]
    assert inside[:, 10] == pytest.approx(8000.0 - q * (inside[:, 0] - 500.0 + 0.5 * burn), rel=BURN_REL)


@pytest.mark.small
def test_ignition_and_cutoff_are_nodes_with_two_accelerations():
    dv, ve = 40.0, 290.0 * G0
    burn = 8000.0 * (1.0 - math.exp(-dv / ve)) * ve / 5000.0
    _, nodes = flown(0.0, 900.0, burns=[[450.0, dv, 0.0, 0.0]])
    assert np.all(np.diff(nodes[:, 0]) >= 0.0)
    for edge, mass in ((450.0 - 0.5 * burn, 8000.0), (450.0 + 0.5 * burn, 8000.0 * math.exp(-dv / ve))):
        pair = nodes[np.abs(nodes[:, 0] - edge) < 1e-9]
        assert len(pair) == 2
        assert np.array_equal(pair[0, 1:7], pair[1, 1:7])
        assert np.linalg.norm(pair[1, 7:10] - pair[0, 7:10]) == pytest.approx(5000.0 / mass, rel=1e-12)
    # No step is longer than asked, and none crosses an edge.
    assert np.diff(nodes[:, 0]).max() <= 60.0 + 1e-9


@pytest.mark.small
def test_a_burn_that_does_not_fit_is_moved_or_cut():
    """One whose middle is too early begins at once with its whole length; one that runs past the end is cut there."""
    ve = 290.0 * G0
    y, nodes = flown(100.0, 400.0, burns=[[90.0, 20.0, 0.0, 0.0]])
    assert nodes[0, 0] == 100.0
    assert y[6] == pytest.approx(8000.0 * math.exp(-20.0 / ve), rel=BURN_REL)
    y, _ = flown(0.0, 100.0, burns=[[100.0, 20.0, 0.0, 0.0]])
    burn = 8000.0 * (1.0 - math.exp(-20.0 / ve)) * ve / 5000.0
    assert y[6] == pytest.approx(8000.0 - 0.5 * burn * 5000.0 / ve, rel=BURN_REL)
    # Two that overlap follow one another, and together burn what two apart would.
    y, _ = flown(0.0, 300.0, burns=[[150.0, 20.0, 0.0, 0.0], [151.0, 0.0, 10.0, 0.0]])
    assert y[6] == pytest.approx(8000.0 * math.exp(-30.0 / ve), rel=BURN_REL)


@pytest.mark.small
def test_two_legs_are_one_and_twice_is_the_same():
    forces = field(zonal(j2=1.08e-3))
    whole, nodes = flown(0.0, 1200.0, forces=forces)
    half, first = flown(0.0, 600.0, forces=forces)
    rest, second = flown(600.0, 1200.0, half, forces=forces)
    assert np.array_equal(rest, whole)  # the same steps: the same bits
    assert np.array_equal(np.vstack([first, second[1:]]), nodes)
    again, repeated = flown(0.0, 1200.0, forces=forces)
    assert again.tobytes() == whole.tobytes() and repeated.tobytes() == nodes.tobytes()
    # Cut elsewhere the steps differ, and so does the truncation error, by no more than its size.
    odd, _ = flown(0.0, 437.0, forces=forces)
    odd, _ = flown(437.0, 1200.0, odd, forces=forces)
    assert np.linalg.norm(odd[:3] - whole[:3]) < SPLIT_M
    # Without space for nodes it still arrives at the same place, and returns how many it wrote.
    y, none = flown(0.0, 1200.0, forces=forces, capacity=0)
    assert np.array_equal(y, whole) and len(none) == 0
    y = START.copy()
    assert propagate(5.0, 5.0, y, 60.0, forces, 0.0, NO_BURNS, 1.0, 300.0, NO_NODES) == 0
    assert np.array_equal(y, START)
