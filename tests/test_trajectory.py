"""The dense trajectory: exact where it must be, as near the integrator as it says, and no edge smoothed."""

from dataclasses import replace

import numpy as np
import pytest

from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import fly
from tests.tolerance import QUINTIC_M, QUINTIC_M_S
from tests.worlds import field, zonal

START = State(
    np.array([-5415058.38480501, 2859966.5077057485, 2880804.7068259646]),
    np.array([-1349.3030345472844, -6476.047472247062, 3894.4786946425047]),
    8000.0,
    0.0,
)
ENGINE = Engine(5000.0, 290.0)


def polynomial(t, order):
    """Positions that are a polynomial of that order in time, with their derivatives, at t (n,)."""
    powers = np.arange(order + 1)
    coefficients = np.random.default_rng(order).normal(size=(3, order + 1))

    def sample(d):
        falling = np.prod([np.maximum(powers - k, 0) for k in range(d)], axis=0) if d else np.ones(order + 1)
        return (coefficients * falling) @ np.power(t[None, :], np.maximum(powers - d, 0)[:, None]) * 1.0

    return sample(0).T, sample(1).T, sample(2).T


def test_a_quintic_is_given_back():
    """Six conditions on each side of an interval determine a polynomial of the fifth order, whatever the spacing."""
    t = np.array([0.0, 0.7, 1.1, 2.0])
    r, v, a = polynomial(t, 5)
    path = Trajectory(t, r, v, a, np.ones(4))
    times = np.linspace(0.0, 2.0, 41)
    expected_r, expected_v, _ = polynomial(times, 5)
    got_r, got_v, _ = path.at(times)
    assert np.abs(got_r - expected_r).max() < 1e-12
    assert np.abs(got_v - expected_v).max() < 1e-11


def test_between_nodes_it_follows_the_integrator(world):
    """An orbit at 60 s against the same orbit flown at 15 s, whose nodes lie between."""
    coarse = fly(START, 0.0, 7200.0, world)
    fine = fly(START, 0.0, 7200.0, World(world.zero, world.start, world.end, world.forces, 15.0))
    r, v, _ = coarse.at(fine.t)
    assert np.linalg.norm(r - fine.r, axis=1).max() < QUINTIC_M
    assert np.linalg.norm(v - fine.v, axis=1).max() < QUINTIC_M_S


def test_nodes_and_mass_come_back(world):
    path = fly(START, 0.0, 1800.0, world, [[900.0, 30.0, 0.0, 0.0]], ENGINE)
    r, v, mass = path.at(path.t)
    assert np.abs(r - path.r).max() < 1e-8 and np.abs(v - path.v).max() < 1e-11
    assert mass == pytest.approx(path.mass, rel=1e-14)
    # Mass in between: a straight line at a constant flow.
    q = ENGINE.thrust / (ENGINE.isp * 9.80665)
    on = path.t[np.argmax(path.mass < START.mass) - 1]
    assert path.at(on + 10.0)[2][0] == pytest.approx(START.mass - 10.0 * q, rel=1e-12)
    # And on a coast the same to the last bit wherever it is asked: a rounding would read as a burn.
    odd = fly(replace(START, mass=7894.6781237997475), 0.0, 600.0, world)
    assert (odd.at(np.linspace(0.0, 600.0, 1001))[2] == odd.mass[0]).all()


def test_an_edge_is_not_smoothed(world):
    """The acceleration jumps at ignition, by second differences of what the trajectory answers on the two sides."""
    path = fly(START, 0.0, 1800.0, world, [[900.0, 30.0, 0.0, 0.0]], ENGINE)
    edge = float(path.t[1:][np.diff(path.t) == 0.0][0])
    h = 0.5

    def acceleration(t):
        return (path.at(t + h)[1][0] - path.at(t - h)[1][0]) / (2 * h)

    jump = np.linalg.norm(acceleration(edge + 0.6) - acceleration(edge - 0.6))
    # Gravity turns by 1.2 s * 1.1e-3 rad/s of 9 m/s2 meanwhile.
    assert jump == pytest.approx(ENGINE.thrust / START.mass, abs=0.013)


def test_until_cuts_and_leaves_the_curve_as_it_was():
    path = fly(START, 0.0, 1200.0, World(None, 0.0, 1200.0, field(zonal()), 60.0))
    for end in (7.25, 158.3, 900.0, 1000.5):
        cut = path.until(end)
        times = np.linspace(0.0, end, 300)
        assert cut.end == end
        assert np.abs(cut.at(times)[0] - path.at(times)[0]).max() < 1e-7
    assert np.array_equal(path.until(1200.0).t, path.t)


def test_a_cut_at_ignition_ends_before_the_thrust(world):
    path = fly(START, 0.0, 1800.0, world, [[900.0, 30.0, 0.0, 0.0]], ENGINE)
    edge = float(path.t[1:][np.diff(path.t) == 0.0][0])
    coast = fly(START, 0.0, edge, world)
    assert np.abs(path.until(edge).a[-1] - coast.a[-1]).max() < 1e-9


def test_joined_is_one():
    world = World(None, 0.0, 1200.0, field(zonal()), 60.0)
    path, first = fly(START, 0.0, 1200.0, world), fly(START, 0.0, 600.0, world)
    whole = joined([first, fly(State(*first.last(), 0.0), 600.0, 1200.0, world)])
    times = [30.0, 600.0, 900.0, 1200.0]
    assert np.array_equal(whole.at(times)[0], path.at(times)[0])


def test_outside_it_refuses():
    path = fly(START, 0.0, 600.0, World(None, 0.0, 600.0, field(zonal()), 60.0))
    with pytest.raises(ValueError, match=r"asked for 601\.000\.\.601\.000 s; .* covers 0\.000\.\.600\.000 s"):
        path.at(601.0)


def test_many_times_are_answered_as_each_alone(monkeypatch):
    from sim.core import trajectory

    draw = np.random.default_rng(1)
    nodes = [draw.normal(size=(40, 3)) for _ in range(3)]
    path = trajectory.Trajectory(np.arange(40.0), *nodes, draw.uniform(1.0, 2.0, 40))
    times = np.append(draw.uniform(0.0, 39.0, 50), [0.0, 7.0, 39.0])
    whole = path.at(times)
    monkeypatch.setattr(trajectory, "TOGETHER", 7)
    for name, at in (
        ("blocks", path.at(times)),
        ("one", [np.concatenate(x) for x in zip(*map(path.at, times), strict=True)]),
    ):
        assert all(np.array_equal(a, b) for a, b in zip(whole, at, strict=True)), name
