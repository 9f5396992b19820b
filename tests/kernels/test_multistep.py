"""The multistep integrator against printed coefficients, heyoka's 80-bit orbits, its own order, and Runge-Kutta."""

import math
from fractions import Fraction

import numpy as np
import pytest

from kernels.constants import MU_EARTH, R_GRAVITY
from kernels.orbit.between import at_times
from kernels.orbit.harmonics import make_field
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.motion import make_full, make_turning, make_zonal
from kernels.orbit.multistep import SPAN, STABLE_RAD, coast, longest_step, make_multistep
from kernels.orbit.multistep_many import coast_many
from kernels.orbit.propagate import propagate
from sim.environment.gravity import egm2008
from sim.files.paths import ASSETS
from tests.kernels.reference import load
from tests.tolerance import (
    MULTISTEP_8X8_M,
    MULTISTEP_COEFFICIENT_REL,
    MULTISTEP_ENERGY_REL,
    MULTISTEP_FULL_M,
    MULTISTEP_GROWTH,
    MULTISTEP_HANDOVER_M,
    MULTISTEP_J2_15_DAYS_M,
    MULTISTEP_J2_M,
    MULTISTEP_MANY_M,
    MULTISTEP_NODE_M,
    MULTISTEP_ORDER,
    MULTISTEP_RESTART_M,
    MULTISTEP_RETURN_M,
    MULTISTEP_STABLE_REL,
)
from tests.worlds import NO_BURNS, NO_NODES, field, turning, zonal

ORBITS = load("orbits.json")
J2 = ORBITS["j2"]
ZONAL = make_zonal(J2["mu_m3_s2"], J2["radius_m"], J2["j2"])
START = np.array([*J2["rows"][0][1:7], 8000.0])
DAY = 86400.0


def flown(t0, t1, y0=START, step=45.0, order=12, dynamics=ZONAL, capacity=0):
    y, nodes = y0.copy(), np.full((capacity, 11), np.nan)
    count = coast(t0, t1, y, step, make_multistep(order), dynamics, nodes)
    return y, nodes[:count]


def earth_field(degree, rate=ORBITS["egm2008_8x8_uniform"]["omega_rad_s"]):
    with np.load(ASSETS / "egm70.npz") as file:
        ready = make_field(MU_EARTH, R_GRAVITY, file["C"], file["S"], degree)
    return make_turning(ready, ORBITS["egm2008_8x8_uniform"]["theta0_rad"], rate)


def differences(weights, order):
    """Weights of values, the newest last, as weights of backward differences."""
    newest_first = weights[::-1][:order]
    return [sum((-1) ** i * math.comb(m, i) * newest_first[m] for m in range(i, order)) for i in range(order)]


@pytest.mark.small
def test_printed_coefficients():
    """Hairer, Norsett, Wanner I, table III.10.1 (Stoermer), III.10.2 (Cowell), III.1.1 and III.1.2 (Adams)."""
    method = make_multistep(8)
    stoermer = "1/12 1/12 19/240 3/40 863/12096 275/4032 33953/518400 8183/129600"
    cowell = "1/12 0 -1/240 -1/240 -221/60480 -19/6048 -9829/3628800 -407/172800"
    bashforth = "1/2 5/12 3/8 251/720 95/288 19087/60480 5257/17280 1070017/3628800"
    moulton = "-1/2 -1/12 -1/24 -19/720 -3/160 -863/60480 -275/24192 -33953/3628800"
    for weights, printed in (
        (method.predict_r, stoermer),
        (method.result_r, cowell),
        (method.predict_v, bashforth),
        (method.result_v, moulton),
    ):
        expected = [float(Fraction(x)) for x in printed.split()]
        assert differences(weights, 8) == pytest.approx(expected, rel=MULTISTEP_COEFFICIENT_REL, abs=1e-13)


@pytest.mark.small
@pytest.mark.parametrize("order", range(6, SPAN + 1))
def test_stable_steps(order):
    """The largest root for y'' = -w^2 y stays on the unit circle below the printed w h and leaves it above."""
    weights = make_multistep(order).predict_r[::-1][:order]
    pull = np.convolve(weights, [1.0, -2.0, 1.0])
    pull[0] += 1.0

    def growth(wh):
        polynomial = np.zeros(order + 3)
        polynomial[:3] = 1.0, -2.0, 1.0
        polynomial[1:] += wh * wh * pull
        return np.abs(np.roots(polynomial)).max() - 1.0

    limit = STABLE_RAD[order - 6]
    assert growth(limit * (1.0 - MULTISTEP_STABLE_REL)) < MULTISTEP_GROWTH
    assert growth(limit * (1.0 + MULTISTEP_STABLE_REL)) > MULTISTEP_GROWTH


@pytest.mark.small
def test_orders_that_do_not_exist():
    for order in (5, 15):
        with pytest.raises(ValueError, match="6 to 14"):
            make_multistep(order)


@pytest.mark.parametrize(("order", "step"), [(9, 30.0), (10, 45.0), (12, 45.0), (13, 30.0)])
def test_j2_against_heyoka(order, step):
    """Reached 4e-7 to 1.3e-6 m after a day."""
    for row in J2["rows"][1:4]:
        y, _ = flown(0.0, row[0], step=step, order=order)
        assert np.linalg.norm(y[:3] - row[1:4]) < MULTISTEP_J2_M


def test_two_bodies_against_heyoka():
    case = ORBITS["twobody"]
    rows = case["rows"]
    y, _ = flown(0.0, rows[-1][0], np.array([*rows[0][1:7], 1.0]), dynamics=make_zonal(case["mu_m3_s2"]))
    assert np.linalg.norm(y[:3] - rows[-1][1:4]) < MULTISTEP_J2_M


def test_j2_for_fifteen_days():
    """Reached 2e-5 m; without the sums' own rounding carried along 3e-4 m."""
    row = J2["rows"][-1]
    y, _ = flown(0.0, row[0])
    assert np.linalg.norm(y[:3] - row[1:4]) < MULTISTEP_J2_15_DAYS_M


def test_8x8_against_heyoka():
    """Reached 4e-6 m."""
    rows = ORBITS["egm2008_8x8_uniform"]["rows"]
    for row in rows[1:]:
        y, _ = flown(0.0, row[0], np.array([*rows[0][1:7], 1.0]), dynamics=earth_field(8))
        assert np.linalg.norm(y[:3] - row[1:4]) < MULTISTEP_8X8_M


@pytest.mark.parametrize("order", [6, 7])
def test_order_of_convergence(order):
    """Part of an eccentric orbit: the first difference that the start leaves out moves its speed by h^(order+1)."""
    y0 = np.array([7.0e6, 0.0, 0.0, 0.0, 8500.0, 800.0, 1.0])
    steps = 5000.0 / np.array([240.0, 300.0, 360.0, 420.0])
    exact, _ = flown(0.0, 5000.0, y0, step=2.5, dynamics=make_zonal(MU_EARTH))
    ends = [flown(0.0, 5000.0, y0, step=step, order=order, dynamics=make_zonal(MU_EARTH))[0] for step in steps]
    errors = [np.linalg.norm(y[:3] - exact[:3]) for y in ends]
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert abs(slope - (order + 1.0)) < MULTISTEP_ORDER


def test_there_and_back():
    end, _ = flown(0.0, DAY)
    back, _ = flown(DAY, 0.0, end)
    assert np.linalg.norm(back[:3] - START[:3]) < MULTISTEP_RETURN_M


def test_energy_for_fifteen_days():
    """v^2/2 - U with J2: all that a drift along the track would show in."""

    def energy(y):
        r2 = y[:3] @ y[:3]
        u = ZONAL.mu / math.sqrt(r2) * (1.0 - ZONAL.k / r2 * (y[2] ** 2 / r2 - 1.0 / 3.0))
        return 0.5 * y[3:6] @ y[3:6] - u

    _, nodes = flown(0.0, 15 * DAY, capacity=40000)
    energies = np.array([energy(node[1:7]) for node in nodes[::97]])
    assert np.abs(energies / energy(START) - 1.0).max() < MULTISTEP_ENERGY_REL


@pytest.mark.small
def test_nodes():
    """From the first instant to the last, evenly; the end does not depend on whether anybody looks."""
    y, nodes = flown(100.0, 1690.0, capacity=60)
    blind, _ = flown(100.0, 1690.0)
    assert np.array_equal(y, blind)
    assert nodes[0, 0] == 100.0 and nodes[-1, 0] == 1690.0
    assert np.array_equal(nodes[0, 1:7], START[:6])
    assert np.array_equal(nodes[-1, 1:7], y[:6])
    steps = np.diff(nodes[:, 0])
    assert steps.max() <= 45.0 + 1e-9 and np.ptp(steps) < 1e-9
    assert np.all(nodes[:, 10] == START[6])
    again, repeated = flown(100.0, 1690.0, capacity=60)
    assert again.tobytes() == y.tobytes() and repeated.tobytes() == nodes.tobytes()
    few, some = flown(100.0, 1690.0, capacity=20)  # too small an array: it still arrives, and returns how many it wrote
    assert np.array_equal(few, y) and np.array_equal(some, nodes[:20])
    reference = field(zonal(J2["mu_m3_s2"], J2["radius_m"], J2["j2"]))
    for node in nodes[1::7]:
        other = START.copy()
        propagate(100.0, node[0], other, 30.0, reference, 0.0, NO_BURNS, 1.0, 300.0, NO_NODES)
        assert np.linalg.norm(node[1:4] - other[:3]) < MULTISTEP_NODE_M


@pytest.mark.small
@pytest.mark.parametrize("steps", [0.4, 1, 10, 11, 12, 13])
def test_short_arcs(steps):
    """Fewer steps than the order, as many, and one or two more: Runge-Kutta alone, or handed over."""
    end = 45.0 * steps
    y, nodes = flown(0.0, end, capacity=20)
    reference = field(zonal(J2["mu_m3_s2"], J2["radius_m"], J2["j2"]))
    other = START.copy()
    propagate(0.0, end, other, 15.0, reference, 0.0, NO_BURNS, 1.0, 300.0, NO_NODES)
    assert len(nodes) == math.ceil(steps) + 1 and nodes[-1, 0] == end
    assert np.linalg.norm(y[:3] - other[:3]) < MULTISTEP_NODE_M


def test_clean_restart():
    """Cut anywhere, an arc ends where the whole one does: nothing is remembered but the state."""
    whole, _ = flown(0.0, DAY / 4)
    y = START
    t = 0.0
    for end in (437.0, 5000.0, 5020.0, 13001.5, DAY / 4):
        y, _ = flown(t, end, y)
        t = end
    assert np.linalg.norm(y[:3] - whole[:3]) < MULTISTEP_RESTART_M


def test_an_arc_hands_over_what_the_next_one_needs():
    """A 20x20 orbit at 30 s cut after 50 minutes: the end's speed alone was 1e-8 m/s off, 2 mm a day."""
    forces = field(egm2008(20), turning(7.292115e-5))
    start = np.append(elements_to_state(7.22e6, 0.038, 2.1, 1.0, 2.0, 3.0, MU_EARTH), 1.0)
    whole = make_full(forces)
    cut, exact = start.copy(), start.copy()
    for t, end in ((0.0, 3000.0), (3000.0, 9000.0), (9000.0, DAY)):
        coast(t, end, cut, 30.0, make_multistep(11), whole, NO_NODES)
    propagate(0.0, DAY, exact, 7.5, forces, 0.0, NO_BURNS, 1.0, 300.0, NO_NODES)
    assert np.linalg.norm(cut[:3] - exact[:3]) < MULTISTEP_HANDOVER_M


@pytest.mark.small
@pytest.mark.parametrize("end", [2000.0, -2000.0])
def test_between_nodes(end):
    """At any time, in both directions of flight, at the nodes themselves and at both ends."""
    _, nodes = flown(0.0, end, capacity=60)
    times = np.array([0.0, 0.001, 0.3, nodes[17, 0] / end, 0.62, 1.0]) * end
    out = np.empty((len(times), 11))
    at_times(nodes, len(nodes), times, ZONAL, out)
    assert np.array_equal(out[[0, 3, 5]], nodes[[0, 17, -1]])
    finer, dense = flown(0.0, end, step=2.0, order=10, capacity=1100)
    for row in out:
        near = np.empty((1, 11))
        at_times(dense, len(dense), row[:1], ZONAL, near)
        assert np.linalg.norm(row[1:4] - near[0, 1:4]) < MULTISTEP_NODE_M
        assert row[7:10] == pytest.approx(near[0, 7:10], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("degree", [8, 20])
def test_all_of_the_forces_against_runge_kutta(world, degree):
    """Field, orientation, Sun, Moon and air, DOP853 at 10 s: the air takes the predicted velocity."""
    forces = world.forces._replace(gravity=egm2008(degree))
    cda_m = 0.02
    y, _ = flown(0.0, DAY / 4, step=20.0, order=11, dynamics=make_full(forces, cda_m))
    other = START.copy()
    propagate(0.0, DAY / 4, other, 10.0, forces, cda_m * other[6], NO_BURNS, 1.0, 300.0, NO_NODES)
    assert np.linalg.norm(y[:3] - other[:3]) < MULTISTEP_FULL_M
    calm = START.copy()
    propagate(0.0, DAY / 4, calm, 10.0, forces, 0.0, NO_BURNS, 1.0, 300.0, NO_NODES)
    assert np.linalg.norm(calm[:3] - other[:3]) > 100.0


def test_the_kinds_of_dynamics_agree():
    """One field as `Turning` and through all of the forces, one of them rotated by the orientation table."""
    case = ORBITS["egm2008_8x8_uniform"]
    forces = field(egm2008(8), turning(case["omega_rad_s"], case["theta0_rad"]))
    one, _ = flown(0.0, 7200.0, dynamics=earth_field(8))
    other, _ = flown(0.0, 7200.0, dynamics=make_full(forces))
    assert np.linalg.norm(one[:3] - other[:3]) < MULTISTEP_NODE_M


@pytest.mark.small
@pytest.mark.parametrize("order", [11, 12, 13])
def test_longest_step(order):
    """A circle stays one at the longest step, and breaks up at half as much again."""
    y0 = np.array([7.0e6, 0.0, 0.0, 0.0, math.sqrt(MU_EARTH / 7.0e6), 0.0, 1.0])
    step = longest_step(order, MU_EARTH, 7.0e6)
    good, _ = flown(0.0, 600 * step, y0, step, order, make_zonal(MU_EARTH))
    bad, _ = flown(0.0, 900 * step, y0, 1.5 * step, order, make_zonal(MU_EARTH))
    distance = [math.sqrt(y[:3] @ y[:3]) for y in (good, bad)]
    assert abs(distance[0] - 7.0e6) < 0.01
    assert not abs(distance[1] - 7.0e6) < 1.0e3


def scattered(count):
    """Neighbours of the start, kilometres and metres a second apart: (6, count)."""
    rng = np.random.default_rng(3)
    spread = np.array([3e3] * 3 + [3.0] * 3)[:, None]
    return np.ascontiguousarray(START[:6, None] + spread * rng.normal(size=(6, count)))


@pytest.mark.small
@pytest.mark.parametrize("span", [200.0, 1500.0, -1500.0])
def test_many_are_the_single_ones(span):
    """Eleven, which are a full register and three; a start alone, and with steps after it."""
    y = scattered(11)
    ends = y.copy()
    coast_many(0.0, span, ends, 60.0, make_multistep(10), ZONAL)
    for i in range(11):
        single, _ = flown(0.0, span, np.append(y[:, i], 1.0), 60.0, 10)
        assert np.linalg.norm(ends[:3, i] - single[:3]) < MULTISTEP_NODE_M


@pytest.mark.parametrize("dynamics", [ZONAL, earth_field(8)], ids=["J2", "8x8"])
def test_many_for_a_day(dynamics):
    y = scattered(9)
    ends = y.copy()
    coast_many(0.0, DAY, ends, 45.0, make_multistep(11), dynamics)
    for i in (0, 8):
        single, _ = flown(0.0, DAY, np.append(y[:, i], 1.0), 45.0, 11, dynamics)
        assert np.linalg.norm(ends[:3, i] - single[:3]) < MULTISTEP_MANY_M


@pytest.mark.small
def test_company_makes_no_difference():
    """To the bit: alone, among seven others, in another place among nine others."""
    y = scattered(10)
    all_of_them, reversed_, alone = y.copy(), np.ascontiguousarray(y[:, ::-1]), np.ascontiguousarray(y[:, 4:5])
    for states in (all_of_them, reversed_, alone):
        coast_many(0.0, 1500.0, states, 60.0, make_multistep(10), ZONAL)
    assert np.array_equal(all_of_them, reversed_[:, ::-1])
    assert np.array_equal(all_of_them[:, 4:5], alone)
