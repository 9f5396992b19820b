"""The closed loop against linear control theory, and against the same law written step by step in numpy."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.linalg import expm, solve_discrete_are, solve_discrete_lyapunov

from kernels.maths.random import LANES, normals, stream
from kernels.relative.closed_loop import demands, loop, track
from kernels.relative.hill import hcw_push
from sim.rendezvous.closed_loop import fly_closed_loop
from tests import tolerance as tol

N, DT = 0.0011335, 1.0
NOISE = np.array([1.0, 2.0, 0.5, 0.01, 0.02, 0.03])
NEVER = 1.0e9  # m/s2, a limit that is not met
WHOSE = stream(7, 0, 3)


def quadratic(limit=NEVER, noise=NOISE, weight=1.0e8):
    """The loop with the gain that is best for the sum of d^2 + weight a^2, the solution of its Riccati equation too."""
    free = loop(N, DT, np.zeros((3, 6)), noise, limit)
    costs = np.diag([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]), weight * np.eye(3)
    p = solve_discrete_are(free.phi, free.push, *costs)
    gain = np.linalg.solve(costs[1] + free.push.T @ p @ free.push, free.push.T @ p @ free.phi)
    gain[[0, 0, 2, 2], [1, 4, 1, 4]] = 0.0  # zero but for rounding
    gain[1, [0, 2, 3, 5]] = 0.0
    return loop(N, DT, gain, noise, limit), p, costs


def flown(law, starts, periods, runs=None, plan=None, thrust=None, first=0):
    y = np.array(starts, dtype=float)
    delta_v = np.zeros(len(y))
    runs = np.arange(len(y)) if runs is None else runs
    plan = np.zeros((periods, 6)) if plan is None else plan
    thrust = np.zeros((periods, 3)) if thrust is None else thrust
    demand = demands(law, plan, thrust)
    track(y, delta_v, demand, law, WHOSE.low, WHOSE.high, WHOSE.name, runs.astype(np.uint64), np.uint64(first))
    return y, delta_v


def scattered(n):
    draw = np.empty(6 * n)
    normals(stream(1, 2, 3), 0, draw)
    return draw.reshape(n, 6) * [300.0, 100.0, 100.0, 0.5, 0.2, 0.2] - [2000.0, 0, 0, 0, 0, 0]


@pytest.mark.small
@pytest.mark.parametrize("t", [1.0, 60.0, 3000.0])
def test_a_constant_push_by_the_matrix_exponential(t):
    whole = np.zeros((9, 9))
    whole[:3, 3:6] = whole[3:6, 6:] = np.eye(3)
    whole[3, 5], whole[5, 3], whole[4, 1], whole[5, 2] = 2 * N, -2 * N, -N * N, 3 * N * N
    push = np.empty((6, 3))
    hcw_push(N, t, push)
    expected = expm(whole * t)[:6, 6:]
    scale = np.array([[t * t]] * 3 + [[t]] * 3)
    assert np.abs((push - expected) / scale).max() < tol.HCW_PUSH_REL


@pytest.mark.small
def test_the_law_written_out_in_numpy():
    """With noise, a moving plan, the thrust cut on every axis, and more lanes than trajectories."""
    law, _, _ = quadratic(limit=[2.0e-3, 1.0e-3, 3.0e-3])
    periods, runs = 37, np.array([4, 900, 31])
    t = np.arange(periods) * DT
    plan = np.zeros((periods, 6))
    plan[:, 0], plan[:, 3] = -1000.0 + 0.5 * t, 0.5
    thrust = np.zeros((periods, 3))
    thrust[:, 2] = 2 * N * 0.5
    starts = scattered(3) * 0.1 + plan[0]
    y, delta_v = flown(law, starts, periods, runs, plan, thrust)
    cut = set()
    for i, run in enumerate(runs):
        z = np.empty(6 * periods)
        normals(stream(7, int(run), 3), 0, z)
        s, used = starts[i].copy(), 0.0
        for k in range(periods):
            demand = thrust[k] - law.gain @ (s + NOISE * z[6 * k : 6 * k + 6] - plan[k])
            a = np.clip(demand, -law.limit, law.limit)
            cut |= set(np.flatnonzero(a != demand)) | ({"free"} if (a == demand).any() else set())
            s, used = law.phi @ s + law.push @ a, used + DT * np.abs(a).sum()
        assert np.abs(y[i] - s).max() < tol.LOOP_STEPS
        assert abs(delta_v[i] - used) < tol.LOOP_STEPS
    assert cut == {0, 1, 2, "free"}


def test_without_noise_it_costs_what_riccati_says():
    """The sum of d^2 + weight a^2 from a start to rest is its quadratic form; flown period by period."""
    law, p, (q, r) = quadratic(noise=np.zeros(6))
    y = scattered(3)
    expected = np.einsum("ni,ij,nj->n", y, p, y)
    cost = np.zeros(3)
    for _ in range(4000):
        a = -y @ law.gain.T
        cost += np.einsum("ni,ij,nj->n", y, q, y) + np.einsum("ni,ij,nj->n", a, r, a)
        y, _ = flown(law, y, 1)
    assert np.abs(cost / expected - 1.0).max() < tol.RICCATI_REL


def test_noise_settles_to_the_covariance_of_lyapunov():
    """Nothing but the noise matters after four thousand seconds; whitened by theory, its covariance is one."""
    law, _, _ = quadratic()
    closed, drive = law.phi - law.push @ law.gain, law.push @ law.gain * NOISE
    expected = solve_discrete_lyapunov(closed, drive @ drive.T)
    n = 100 * LANES
    y, _ = flown(law, scattered(n), 4000)
    white = np.linalg.solve(np.linalg.cholesky(expected), y.T)
    assert np.abs(white.mean(axis=1)).max() < tol.SIGMAS / math.sqrt(n)
    # A variance is known to sqrt(2 / n), a covariance to sqrt(1 / n).
    apart = np.abs(white @ white.T / n - np.eye(6)) / np.sqrt((1.0 + np.eye(6)) / n)
    assert apart.max() < tol.SIGMAS


def test_a_weak_thruster_never_arrives():
    """A limit below the Coriolis term of the commanded speed, as bad gains ask for, is seen for what it is."""
    law, _, _ = quadratic(limit=1.0e-5)
    strong, _, _ = quadratic(limit=0.02)
    starts = scattered(LANES)
    far, delta_v = flown(law, starts, 5000)
    near, _ = flown(strong, starts, 5000)
    assert np.median(np.linalg.norm(far[:, :3], axis=1)) > 1000.0 > 10.0 > np.linalg.norm(near[:, :3], axis=1).max()
    assert (delta_v <= 3 * 1.0e-5 * 5000 * (1 + 1e-12)).all()


def test_neither_company_nor_place_nor_thread_changes_a_bit():
    law, _, _ = quadratic(limit=0.02)
    n, periods = 2 * LANES + 5, 50
    starts = scattered(n)
    together, delta_v = flown(law, starts, periods)
    order = np.arange(n)[::-1]
    backwards, delta_v_back = flown(law, starts[order], periods, order)
    assert (backwards[order] == together).all() and (delta_v_back[order] == delta_v).all()
    for i in (0, LANES, n - 1):
        alone, one = flown(law, starts[i : i + 1], periods, np.array([i]))
        assert (alone[0] == together[i]).all() and one[0] == delta_v[i]
    halves = [slice(0, n // 2), slice(n // 2, n)]
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda part: flown(law, starts[part], periods, np.arange(n)[part]), halves))
    assert (np.concatenate([y for y, _ in parts]) == together).all()


def test_a_flight_in_two_parts_is_one_flight():
    law, _, _ = quadratic()
    starts = scattered(5)
    whole, delta_v = flown(law, starts, 90)
    half, first = flown(law, starts, 33)
    rest, second = flown(law, half, 57, first=33)
    assert (rest == whole).all()
    assert np.abs(first + second - delta_v).max() < tol.LOOP_STEPS


def test_threads_of_the_simulator():
    law, _, _ = quadratic(limit=0.02)
    plan, thrust = np.zeros((40, 6)), np.zeros((40, 3))
    starts = scattered(3 * LANES + 1)
    one = fly_closed_loop(law, starts, plan, thrust, seed=5)
    two = fly_closed_loop(law, starts, plan, thrust, seed=5, threads=2)
    assert (one.states == two.states).all() and (one.delta_v == two.delta_v).all()
    late = fly_closed_loop(law, starts[200:210], plan, thrust, seed=5, first_run=200)
    assert (late.states == one.states[200:210]).all()
    other = fly_closed_loop(law, starts[:5], plan, thrust, seed=6)
    assert (other.states != one.states[:5]).any(axis=1).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"starts": np.zeros((3, 5))}, "starts has the shape"),
        ({"plan": np.full((4, 6), np.nan)}, "plan holds numbers that are not finite"),
        ({"thrust": np.zeros((5, 3))}, "thrust has the shape"),
        ({"threads": 0}, "threads = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"first_run": 2**32 - 1}, "run = 4294967297"),
    ],
)
def test_what_cannot_be_flown_is_refused(change, message):
    law, _, _ = quadratic()
    given = {"starts": np.zeros((3, 6)), "plan": np.zeros((4, 6)), "thrust": np.zeros((4, 3)), "seed": 1} | change
    starts, plan, thrust = given.pop("starts"), given.pop("plan"), given.pop("thrust")
    with pytest.raises(ValueError, match=message):
        fly_closed_loop(law, starts, plan, thrust, **given)


def test_a_gain_that_mixes_what_hill_parts_is_refused():
    gain = np.zeros((3, 6))
    gain[1, 0] = 1e-4
    with pytest.raises(ValueError, match="gain mixes y with x or z"):
        loop(N, DT, gain, NOISE, 1.0)
