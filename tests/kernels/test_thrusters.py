"""Which thrusters fire: against HiGHS, for the set of the shipped craft; pulses against their sums."""

import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.spatial.transform import Rotation

from kernels.craft.thruster_selection import SATURATED, SELECTED, UNREACHABLE, select, selection_workspace
from kernels.craft.thrusters import as_built, clear_of, copied, pulses, thrusters
from sim.build.vehicles import ship_of
from sim.scenario.load import load_named
from tests import tolerance as tol

SET = ship_of(load_named("shenzhou", "ship")).thrusters
JETS, WRENCH = SET.record, SET.record.wrench
M = len(SET.names)
ALL = np.ones(M, np.uint8)
CLEAR = clear_of(JETS, (1.0, 0.0, 0.0), math.radians(45.0))
PERIOD = 0.5
AXES = [sign * axis for axis in np.eye(6) for sign in (1.0, -1.0)]


def selected(demand, usable=ALL, period=PERIOD):
    on = np.full(M, np.nan)
    status = select(np.asarray(demand, dtype=float), period, usable, JETS, selection_workspace(M), on)
    return status, on


def without(usable, *out):
    mask = usable.copy()
    mask[list(out)] = 0
    return mask


def demands(count, rng):
    """Demands from a hundredth of the set's reach to some times that, each with a mask of its own."""
    for i in range(count):
        demand = rng.normal(size=6) * (12.0, 4.0, 4.0, 6.0, 14.0, 14.0) * 10.0 ** rng.uniform(-2.0, 1.5)
        demand[rng.random(6) < 0.3] = 0.0
        mask = (ALL, CLEAR, without(ALL, rng.integers(M)), without(CLEAR, rng.integers(M)))[i % 4]
        yield demand, mask


def boxes(usable):
    return [(0.0, PERIOD * u) for u in usable]


def checked(demand, usable):
    """The status of a demand, its answer held against HiGHS."""
    status, on = selected(demand, usable)
    assert (on >= 0.0).all() and (on <= PERIOD * usable).all()
    best = linprog(JETS.flow, A_eq=WRENCH, b_eq=demand, bounds=boxes(usable), method="highs")
    share = 1.0
    if best.status == 2:  # infeasible: the largest share, and then the least propellant for it
        reach = linprog(
            np.append(np.zeros(M), -1.0),
            A_eq=np.column_stack([WRENCH, -demand]),
            b_eq=np.zeros(6),
            bounds=[*boxes(usable), (0.0, None)],
            method="highs",
        )
        share = -reach.fun
        assert status == (SATURATED if share > 0.0 else UNREACHABLE)
    else:
        assert status == SELECTED
        assert JETS.flow @ on == pytest.approx(best.fun, rel=tol.SELECTION_REL)
    scale = np.abs(WRENCH).max() * PERIOD
    assert WRENCH @ on == pytest.approx(share * demand, abs=tol.SELECTION_REL * scale)
    return status


def test_selection_is_the_optimum_of_highs():
    """800 demands, of which enough lie beyond reach; with masks of braking thrusters and of any one."""
    rng = np.random.default_rng(20261024)
    found = [checked(demand, mask) for demand, mask in demands(800, rng)]
    assert found.count(SELECTED) > 500 and found.count(SATURATED) > 100


@pytest.mark.small
def test_a_saturated_demand_costs_as_much_as_its_share():
    """The delivered share of a demand beyond reach costs no more than the same wrench by HiGHS, a little inside the
    edge."""
    rng = np.random.default_rng(5)
    for _ in range(5):
        demand = 1e3 * rng.normal(size=6)
        status, on = selected(demand)
        assert status == SATURATED
        inside = (1.0 - 1e-7) * (WRENCH @ on)
        best = linprog(JETS.flow, A_eq=WRENCH, b_eq=inside, bounds=boxes(ALL), method="highs")
        # At the edge the answer is one corner: HiGHS may go elsewhere by the 1e-7 that it was given.
        assert JETS.flow @ on <= best.fun * (1.0 + 1e-5)


@pytest.mark.small
def test_the_same_demand_has_the_same_answer_whatever_came_before():
    rng = np.random.default_rng(3)
    work, on = selection_workspace(M), np.empty(M)
    for demand, mask in demands(12, rng):
        select(demand, PERIOD, mask, JETS, work, on)
        assert np.array_equal(on, selected(demand, mask)[1])


def test_nothing_is_asked_and_nothing_fires():
    status, on = selected(np.zeros(6))
    assert status == SELECTED and not on.any()


def test_a_direction_that_no_usable_thruster_has_is_unreachable():
    backward = [i for i in range(M) if JETS.force[i, 0] < 0.0]
    status, on = selected([-10.0, 0.0, 0.0, 0.0, 0.0, 0.0], without(ALL, *backward))
    assert status == UNREACHABLE and not on.any()
    status, on = selected([10.0, 0.0, 0.0, 0.0, 0.0, 0.0], without(ALL, *backward))
    assert status == SELECTED and JETS.force[:, 0] @ on == pytest.approx(10.0)


def spans(usable):
    """Whether every wrench is a non-negative firing: rank six, and a firing of all of them that does nothing."""
    inside = WRENCH[:, usable.astype(bool)]
    m = inside.shape[1]
    minimum = linprog(
        np.append(np.zeros(m), -1.0),
        A_eq=np.column_stack([inside, np.zeros(6)]),
        b_eq=np.zeros(6),
        A_ub=np.column_stack([-np.eye(m), np.ones(m)]),
        b_ub=np.zeros(m),
        bounds=[(0.0, 1.0)] * (m + 1),
        method="highs",
    )
    return np.linalg.matrix_rank(inside) == 6 and -minimum.fun > 0.01


@pytest.mark.parametrize("usable", [ALL, CLEAR], ids=["all", "clear of the station"])
def test_every_wrench_is_made_without_any_one_thruster(usable):
    assert spans(usable)
    for out in np.flatnonzero(usable):
        assert spans(without(usable, out)), SET.names[out]
        for axis in AXES:  # and selection finds it
            assert selected(axis, without(usable, out))[0] == SELECTED
    backward = [i for i in range(M) if JETS.force[i, 0] < 0.0]
    assert not spans(without(usable, *backward))  # the test can fail


def test_braking_near_the_station_is_left_to_canted_pairs():
    """Those that blow along the docking axis are the four straight ones; the rest brake with 100 N and do not turn."""
    assert [n for n, clear in zip(SET.names, CLEAR, strict=True) if not clear] == [f"brake{i}" for i in range(1, 5)]
    status, on = selected([-40.0, 0.0, 0.0, 0.0, 0.0, 0.0], CLEAR)
    assert status == SELECTED and not on[~CLEAR.astype(bool)].any()
    status, on = selected([-1e3, 0.0, 0.0, 0.0, 0.0, 0.0], CLEAR)
    assert status == SATURATED and -(WRENCH @ on)[0] / PERIOD == pytest.approx(100.0, rel=1e-4)  # 8 x 25 N x cos 60 deg


def test_pulses_add_up_to_what_was_asked_and_none_is_short():
    rng = np.random.default_rng(11)
    carry, given, asked = np.zeros(M), np.zeros(M), np.zeros(M)
    for _ in range(500):
        on = rng.uniform(0.0, 1.0, M) ** 4 * PERIOD
        on[rng.random(M) < 0.3] = 0.0
        asked += on
        expected = on.copy()
        pulses(on, carry, JETS.min_on, PERIOD)
        assert ((on == 0.0) | ((on >= JETS.min_on) & (on <= PERIOD))).all()
        # Never more than half a pulse of error of either sign, so that none fires long after it was asked for.
        assert np.abs(carry).max() <= 0.5 * JETS.min_on + 1e-15
        assert np.abs(on - expected).max() <= JETS.min_on + 1e-15
        given += on
    assert given + carry == pytest.approx(asked, abs=1e-11)
    assert np.abs(given - asked).max() <= 0.5 * JETS.min_on + 1e-11


def test_a_small_steady_demand_becomes_rare_pulses():
    """A millisecond a period makes one pulse of 20 ms in twenty."""
    carry, fired = np.zeros(1), []
    for _ in range(200):
        on = np.array([0.001])
        pulses(on, carry, 0.02, PERIOD)
        fired.append(on[0])
    assert fired.count(0.02) == 10 and fired.count(0.0) == 190


def test_as_built_is_stronger_and_turned():
    rng = np.random.default_rng(2)
    factor, tilt = 1.0 + 0.03 * rng.normal(size=M), 0.009 * rng.normal(size=(M, 3))
    real = copied(JETS)
    as_built(JETS, factor, tilt, real)
    turned = factor[:, None] * Rotation.from_rotvec(tilt).apply(JETS.force)
    # A turn by its first power, and brought back to length: the square of some 0.02 rad is left.
    assert real.force == pytest.approx(turned, abs=150.0 * np.sum(tilt**2, axis=1).max())
    assert np.linalg.norm(real.force, axis=1) == pytest.approx(factor * np.linalg.norm(JETS.force, axis=1), rel=1e-14)
    assert real.wrench == pytest.approx(np.vstack([real.force.T, np.cross(JETS.position, real.force).T]), abs=1e-12)
    assert real.flow == pytest.approx(factor * JETS.flow)
    assert np.array_equal(JETS.wrench, SET.record.wrench) and real.wrench is not JETS.wrench


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p, f, q: (p, f * [1.0, 0.0, 0.0], q), "span 2 directions"),
        (lambda p, f, q: (p, f, -q), "positive"),
        (lambda p, f, q: (p[:5], f, q), "position"),
    ],
)
def test_a_set_that_is_none_is_refused(change, message):
    flat = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)] * 4
    position = np.array([(x, y, z) for x in (1.0, -1.0) for y in (1.0, -1.0) for z in (1.0, -1.0, 2.0)])
    with pytest.raises(ValueError, match=message):
        thrusters(*change(position, np.array(flat), np.ones(12)))
