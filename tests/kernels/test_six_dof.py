"""Six degrees of freedom: against two craft flown apart, Hill's equations, rockets' closed forms, SciPy's DOP853."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from kernels.constants import MU_EARTH
from kernels.craft.attitude import rigid, turn
from kernels.craft.six_dof import (
    StationPath,
    fly_period,
    rigid_body,
    rigid_body_workspace,
    station_attitude,
    station_motion,
)
from kernels.orbit.forces import acceleration, scratch
from kernels.relative.hill import from_lvlh, hcw_stm, to_lvlh
from sim.build.vehicles import ship_of
from sim.core.scene import State
from sim.orbit.propagate import fly
from sim.scenario.load import load_named
from tests import tolerance as tol
from tests.worlds import field, zonal

SHIP = ship_of(load_named("shenzhou", "ship"))
JETS, NAMES = SHIP.thrusters.record._replace(lag=0.0, longer=0.0), SHIP.thrusters.names
M = len(NAMES)
OFF = np.zeros(M)
MASS, STATION_MASS = 7900.0, 1.05e5
A = 6.77e6
N = math.sqrt(MU_EARTH / A**3)
INCLINATION = 0.724
STATION = State(
    np.array([A, 0.0, 0.0]),
    math.sqrt(MU_EARTH / A) * np.array([0.0, math.cos(INCLINATION), math.sin(INCLINATION)]),
    STATION_MASS,
    900.0,
)
CRAFT = rigid_body(SHIP.inertia, SHIP.cda)
TILTED = np.array([0.1, -0.3, 0.2, 0.9]) / np.linalg.norm([0.1, -0.3, 0.2, 0.9])
# Negligible gravity, and a station that coasts along a line: only thrust and turning are left.
NOTHING = field(zonal(mu=1.0e-6))
LINE = np.array([[t, A + 100.0 * t, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, STATION_MASS] for t in (0.0, 5e3)])


def target(nodes):
    """The station as `fly_period` takes it, along nodes (k, 11)."""
    return StationPath(nodes=nodes, cda=STATION.cda)


def rows(path):
    return np.column_stack([path.t, path.r, path.v, path.a, path.mass])


def circle(t_end, step=30.0):
    """The station's nodes about a point mass, in closed form."""
    out = []
    y = np.cross([0.0, -math.sin(INCLINATION), math.cos(INCLINATION)], [1.0, 0.0, 0.0])
    for t in np.arange(0.0, t_end + 1.5 * step, step):
        r = A * (math.cos(N * t) * np.array([1.0, 0.0, 0.0]) + math.sin(N * t) * y)
        v = N * A * (-math.sin(N * t) * np.array([1.0, 0.0, 0.0]) + math.cos(N * t) * y)
        out.append([t, *r, *v, *(-N * N * r), STATION_MASS])
    return np.array(out)


def state(rho=(0.0, 0.0, 0.0), rho_dot=(0.0, 0.0, 0.0), q=(0.0, 0.0, 0.0, 1.0), w=(0.0, 0.0, 0.0), mass=MASS):
    return np.array([*rho, *rho_dot, *q, *w, mass], dtype=float)


def flown(y, t_end, dt, path, forces, on=OFF, jets=JETS):
    """The state after equal periods with the same pulses in each."""
    y, work, increments = y.copy(), rigid_body_workspace(M), np.zeros(9)
    for k in range(round(t_end / dt)):
        fly_period(k * dt, dt, y, on, jets, CRAFT, target(path), forces, work, increments)
    return y


def beside(d, rate):
    r, v = np.empty(3), np.empty(3)
    from_lvlh(STATION.r, STATION.v, np.array(d, float), np.array(rate, float), r, v)
    return State(r, v, MASS, SHIP.cda)


def firing(**seconds):
    return np.array([seconds.get(name, 0.0) for name in NAMES])


def turned(q, vector):
    """A vector of the body in inertial axes, by SciPy."""
    return Rotation.from_quat(q).apply(vector)


# ---- translation
@pytest.mark.parametrize(
    ("d", "rate"),
    [
        ((-200.0, 0.0, 0.0), (0.3, 0.0, 0.0)),
        ((0.0, 0.0, 200.0), (0.0, 0.0, 0.0)),
        ((-5000.0, 100.0, 800.0), (1.0, 0.3, -0.5)),
    ],
)
def test_free_drift_is_the_difference_of_two_craft_flown_apart(world, d, rate):
    """1,500 s in the full model at 0.5 s: 0.03 to 0.16 mm, of the second order in the period."""
    ship, fine = beside(d, rate), replace(world, step=10.0)
    station_path = fly(STATION, 0.0, 1500.0, fine)
    r, v, _ = fly(ship, 0.0, 1500.0, fine).last()
    rs, vs, _ = station_path.last()
    start = state(ship.r - STATION.r, ship.v - STATION.v)
    errors = []
    for dt in (0.5, 5.0):
        y = flown(start, 1500.0, dt, rows(station_path), world.forces)
        errors.append(np.linalg.norm(y[:3] - (r - rs)))
        assert np.linalg.norm(y[3:6] - (v - vs)) < errors[-1] * tol.SIX_DOF_SPEED_PER_S
    assert errors[0] < tol.SIX_DOF_M
    assert errors[1] / errors[0] == pytest.approx(100.0, rel=0.02)


def test_the_stations_path_may_have_long_steps(world):
    """Nodes 60 s apart, and 10 s: the quintic between them."""
    ship = beside((-200.0, 0.0, 0.0), (0.3, 0.0, 0.0))
    start = state(ship.r - STATION.r, ship.v - STATION.v)
    ends = [
        flown(start, 600.0, 0.5, rows(fly(STATION, 0.0, 600.0, replace(world, step=step))), world.forces)
        for step in (10.0, 60.0)
    ]
    assert ends[0][:3] == pytest.approx(ends[1][:3], abs=tol.SIX_DOF_PATH_M)


@pytest.mark.parametrize("d", [(-4.0, 2.0, 1.0), (1.0, -3.0, 5.0)])
def test_free_drift_nearby_is_hills(d):
    rate = np.array([0.003, -0.002, 0.004])
    ship, path = beside(d, rate), circle(1500.0)
    y = flown(state(ship.r - STATION.r, ship.v - STATION.v), 1500.0, 0.5, path, field(zonal()))
    phi, found, found_rate = np.empty((6, 6)), np.empty(3), np.empty(3)
    hcw_stm(N, 1500.0, phi)
    expected = phi @ np.concatenate([d, rate])
    (rs, vs) = path[50, 1:4], path[50, 4:7]
    assert path[50, 0] == 1500.0
    to_lvlh(rs, vs, rs + y[:3], vs + y[3:6], found, found_rate)
    # What Hill leaves out: see DRIFT_ORDER_2; here n t is 1.7, and the distance the largest on the way.
    largest = max(np.linalg.norm(d), np.linalg.norm(expected[:3]))
    bound = tol.DRIFT_ORDER_2 * (N * 1500.0) ** 2 * largest**2 / A + tol.SIX_DOF_HCW_M
    assert found == pytest.approx(expected[:3], abs=bound)


def test_a_pulse_is_a_rocket():
    """Two opposite thrusters, so that nothing turns, on for 0.3 s of 0.5: Tsiolkovsky and his way."""
    on = firing(push1=0.3, push3=0.3)
    j = NAMES.index("push1")
    flow, force = 2.0 * JETS.flow[j], 300.0
    start = state(rho=(3.0, -2.0, 1.0), rho_dot=(0.01, 0.02, -0.03), q=TILTED)
    y = flown(start, 0.5, 0.5, LINE, NOTHING, on)
    exhaust, left = force / flow, MASS - 0.3 * flow
    growth = math.log1p(0.3 * flow / left)
    speed, displacement = exhaust * growth, exhaust * (0.3 - left / flow * growth + 0.2 * growth)
    assert y[3:6] - start[3:6] == pytest.approx(turned(TILTED, [speed, 0.0, 0.0]), rel=1e-9, abs=1e-14)
    assert y[:3] - start[:3] - 0.5 * start[3:6] == pytest.approx(
        turned(TILTED, [displacement, 0.0, 0.0]), rel=1e-9, abs=1e-14
    )
    assert y[13] == pytest.approx(left, rel=1e-15)
    assert y[6:13] == pytest.approx(start[6:13], abs=1e-15)


def test_thrust_turns_with_the_body():
    """A body that turns about its z axis at 6 deg/s and pushes along x: the arc's closed form, over one long period."""
    w, on = math.radians(6.0), firing(push1=2.0, push3=2.0)
    y = flown(state(w=(0.0, 0.0, w)), 2.0, 2.0, LINE, NOTHING, on, JETS._replace(flow=np.zeros(M)))
    a, angle = 300.0 / MASS, 2.0 * w
    expected = a / w * np.array([math.sin(angle), 1.0 - math.cos(angle), 0.0])
    displacement = a / w**2 * np.array([1.0 - math.cos(angle), angle - math.sin(angle), 0.0])
    assert y[3:6] == pytest.approx(expected, abs=tol.SIX_DOF_ARC_REL * a * 2.0)
    assert y[:3] == pytest.approx(displacement, abs=tol.SIX_DOF_ARC_REL * a * 2.0)


def test_propellant_is_what_the_pulses_took():
    rng = np.random.default_rng(4)
    y, work, increments, burnt = state(), rigid_body_workspace(M), np.zeros(9), 0.0
    for k in range(50):
        on = np.where(rng.random(M) < 0.4, rng.uniform(0.0, 0.7, M), 0.0)  # some longer than the period
        fly_period(0.5 * k, 0.5, y, on, JETS, CRAFT, target(LINE), NOTHING, work, increments)
        burnt += JETS.flow @ np.minimum(on, 0.5)
    assert MASS - y[13] == pytest.approx(burnt, abs=tol.SIX_DOF_KG)


# ---- attitude
def test_momentum_is_kept_where_nothing_pulls():
    """1,500 s of a tumble at some deg/s; inertial components."""
    start = state(q=TILTED, w=(0.02, -0.05, 0.03))
    y = flown(start, 1500.0, 0.5, LINE, NOTHING)
    momenta = [turned(s[6:10], SHIP.inertia @ s[10:13]) for s in (start, y)]
    assert momenta[1] == pytest.approx(momenta[0], abs=tol.SIX_DOF_RAD * np.linalg.norm(momenta[0]))


@pytest.mark.parametrize("w", [(0.001, -0.0015, 0.0005), (0.02, -0.05, 0.03)], ids=["near rest", "3.5 deg/s"])
def test_attitude_is_that_of_the_rigid_body(w):
    """1,500 s in the gravity gradient, against the eighth-order method at 0.5 s."""
    path = circle(1500.0)
    y = flown(state(q=TILTED, w=w), 1500.0, 0.5, path, field(zonal()))
    expected = np.array([*TILTED, *w])
    turn(0.0, 1500.0, expected, 0.5, rigid(SHIP.inertia, mu=MU_EARTH, path=path), np.empty((0, 8)))
    assert y[6:10] == pytest.approx(expected[:4], abs=tol.SIX_DOF_RAD)
    assert y[10:13] == pytest.approx(expected[4:], abs=tol.SIX_DOF_RAD * 0.1)


def test_a_lag_shifts_a_pulse_and_what_is_left_burns_in_the_next_period():
    """A pulse of 0.45 s that begins 0.1 s late ends 0.05 s into the second period: the same impulse, a tenth of a
    second less way by it. One that is 20 ms longer than commanded has so much more of it."""
    on, more = firing(push1=0.45, push3=0.45), 0.02
    ends = {}
    for name, lag, longer in (("ideal", 0.0, 0.0), ("late", 0.1, 0.0), ("longer", 0.1, more)):
        jets = JETS._replace(flow=np.zeros(M), lag=lag, longer=longer)
        y, work, increments, moved = state(), rigid_body_workspace(M), np.zeros(9), []
        for k, command in enumerate((on, OFF, OFF)):
            fly_period(0.5 * k, 0.5, y, command, jets, CRAFT, target(LINE), NOTHING, work, increments)
            moved.append(increments[0])
        ends[name] = y.copy(), moved
    ideal, late, longer = (ends[name][0] for name in ("ideal", "late", "longer"))
    speed = 300.0 * 0.45 / MASS
    assert late[3:6] == pytest.approx(ideal[3:6], abs=1e-12) and ideal[3] == pytest.approx(speed, rel=1e-12)
    assert late[0] == pytest.approx(ideal[0] - 0.1 * speed, abs=1e-12)
    assert ends["late"][1] == pytest.approx([speed * 40.0 / 45.0, speed * 5.0 / 45.0, 0.0], abs=1e-12)
    assert longer[3] == pytest.approx(speed * (1.0 + more / 0.45), rel=1e-12)


def test_pulses_in_the_full_model_against_scipy(world):
    """Twelve periods of pulses at random, everything at once, flown from switch to switch by DOP853 as two craft."""
    rng = np.random.default_rng(9)
    ship = beside((-60.0, 3.0, 2.0), (0.2, 0.0, 0.0))
    path = rows(fly(STATION, 0.0, 60.0, replace(world, step=10.0)))
    work, increments, mine = rigid_body_workspace(M), np.zeros(9), scratch()
    y = state(ship.r - STATION.r, ship.v - STATION.v, TILTED, (0.01, -0.02, 0.015))
    both = np.concatenate([STATION.r, STATION.v, ship.r, ship.v, y[6:]])
    inverse = np.linalg.inv(SHIP.inertia)

    def slope(t, z, on):
        a, b = np.empty(3), np.empty(3)
        acceleration(t, z[:3].copy(), z[3:6].copy(), world.forces, STATION.cda / STATION_MASS, mine, a)
        acceleration(t, z[6:9].copy(), z[9:12].copy(), world.forces, SHIP.cda / z[19], mine, b)
        q, w = Rotation.from_quat(z[12:16]), z[16:19]
        r = q.inv().apply(z[6:9])
        torque = 3.0 * MU_EARTH / np.linalg.norm(r) ** 5 * np.cross(r, SHIP.inertia @ r)
        wrench = JETS.wrench @ on
        dq = 0.5 * np.array([*(z[15] * w + np.cross(z[12:15], w)), -z[12:15] @ w])
        dw = inverse @ (torque + wrench[3:] - np.cross(w, SHIP.inertia @ w))
        return np.concatenate([z[3:6], a, z[9:12], b + q.apply(wrench[:3]) / z[19], dq, dw, [-JETS.flow @ on]])

    for k in range(12):
        on = np.where(rng.random(M) < 0.3, rng.uniform(0.02, 0.5, M), 0.0)
        fly_period(0.5 * k, 0.5, y, on, JETS, CRAFT, target(path), world.forces, work, increments)
        edges = np.unique(np.concatenate([[0.0, 0.5], on[on > 0.0]]))
        for a, b in zip(edges, edges[1:], strict=False):
            span, still_on = (0.5 * k + a, 0.5 * k + b), (on > a).astype(float)
            both = solve_ivp(slope, span, both, "DOP853", args=(still_on,), rtol=1e-12, atol=1e-12).y[:, -1]
    assert y[:3] == pytest.approx(both[6:9] - both[:3], abs=tol.SIX_DOF_PULSES_M)
    assert y[3:6] == pytest.approx(both[9:12] - both[3:6], abs=tol.SIX_DOF_PULSES_M)
    assert y[6:10] == pytest.approx(both[12:16], abs=tol.SIX_DOF_RAD)
    assert y[10:13] == pytest.approx(both[16:19], abs=tol.SIX_DOF_RAD)
    assert y[13] == pytest.approx(both[19], abs=tol.SIX_DOF_KG)


@pytest.mark.small
def test_increments_are_the_motion():
    """Without gravity: the velocity change seen from the attitude half-way, and the turn that leads from q to q."""
    y, work, increments = state(q=-TILTED, w=(0.1, -0.04, 0.06)), rigid_body_workspace(M), np.zeros(9)
    before = y.copy()
    fly_period(
        0.0, 0.5, y, firing(push2=0.2, aft3=0.4, fore1=0.1), JETS, CRAFT, target(LINE), NOTHING, work, increments
    )
    step = Rotation.from_quat(before[6:10]).inv() * Rotation.from_quat(y[6:10])
    assert increments[3:6] == pytest.approx(step.as_rotvec(), abs=1e-14)
    assert np.linalg.norm(increments[3:6]) > 0.05
    middle = Rotation.from_quat(before[6:10]) * Rotation.from_rotvec(0.5 * increments[3:6])
    assert middle.apply(increments[:3]) == pytest.approx(y[3:6] - before[3:6], abs=1e-14)
    assert middle.apply(increments[6:]) == pytest.approx(y[:3] - before[:3] - 0.5 * before[3:6], abs=1e-12)
    assert np.linalg.norm(increments[:3]) > 0.003


# ---- the station's own attitude
def test_the_stations_rate_is_the_slope_of_its_attitude():
    oscillation = np.radians([0.3, 0.2, 0.4]), (600.0, 700.0, 800.0), (0.3, 1.0, 2.0)
    motion = station_motion(*oscillation, 400.0, (0.0, 0.002, 0.0))
    before, after, out = np.empty(6), np.empty(6), np.empty(6)
    for t in (0.0, 123.0, 399.0, 401.0, 900.0):
        station_attitude(t, motion, out)
        station_attitude(t - 0.5, motion, before)
        station_attitude(t + 0.5, motion, after)
        # The next term of the difference: a (2 pi / period)^3 / 24.
        assert after[:3] - before[:3] == pytest.approx(out[3:], abs=1e-9)
    assert out[1] == pytest.approx(math.radians(0.2) * math.sin(2.0 * math.pi * 900.0 / 700.0 + 1.0) + 0.002 * 500.0)
    station_attitude(1e4, station_motion(), out)
    assert not out.any()
