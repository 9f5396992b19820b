"""Lambert's problem against three textbooks, another solver, and the orbits it claims to have found."""

import math

import numpy as np
import pytest

from kernels.orbit.kepler import kepler_propagate
from kernels.orbit.lambert import BAD_INPUT, NO_SUCH_REVOLUTIONS, OK, PLANE_UNDEFINED, fastest, lambert, time_of
from tests.kernels.reference import MU, ids, load, random_state
from tests.tolerance import LAMBERT_CLOSURE_M, LAMBERT_M_S, LAMBERT_RECOVERY_REL, SHORT_HOP_M

TEXTBOOKS = load("lambert_books.json")["cases"]
GRID = load("lambert_grid.json")["cases"]
GRID_IDS = [f"{c['name']}-{c['tof_s']}s-{c['revs']}{'retro' * c['retrograde']}" for c in GRID]


def solve(r1, r2, tof, mu=MU, prograde=True, revs=0, low_path=True):
    v1, v2 = np.empty(3), np.empty(3)
    status = lambert(np.array(r1, float), np.array(r2, float), float(tof), mu, prograde, revs, low_path, v1, v2)
    return status, v1, v2


@pytest.mark.small
@pytest.mark.parametrize("case", TEXTBOOKS, ids=ids(TEXTBOOKS))
def test_textbook_examples(case):
    status, v1, v2 = solve(
        1e3 * np.array(case["r1"]), 1e3 * np.array(case["r2"]), case["tof_s"], case["mu"] * 1e9, case["prograde"]
    )
    assert status == OK
    assert np.abs(v1 * 1e-3 - case["v1"]).max() < case["tol_kmps"]
    assert np.abs(v2 * 1e-3 - case["v2"]).max() < case["tol_kmps"]


@pytest.mark.small
@pytest.mark.parametrize("case", GRID, ids=GRID_IDS)
def test_another_solver_and_the_orbit_itself(case):
    # Its branches: 0 without revolutions, then 2 revs - 1 for the smaller x and 2 revs for the larger.
    status, v1, v2 = solve(
        case["r1"], case["r2"], case["tof_s"], case["mu"], not case["retrograde"], case["revs"], case["branch"] % 2 == 0
    )
    assert status == OK
    assert np.abs(v1 - case["v1"]).max() < LAMBERT_M_S
    assert np.abs(v2 - case["v2"]).max() < LAMBERT_M_S
    r, v = np.empty(3), np.empty(3)
    assert kepler_propagate(np.array(case["r1"]), v1, float(case["tof_s"]), case["mu"], r, v) == OK
    assert np.linalg.norm(r - case["r2"]) < LAMBERT_CLOSURE_M


def test_known_orbits_come_back():
    rng = np.random.default_rng(11)
    tried = 0
    while tried < 1000:
        near_parabola = 1.0 + rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-6.0, -2.0)
        e = rng.choice([rng.uniform(0.0, 0.8), rng.uniform(1.1, 2.5), near_parabola])
        r1, v1 = random_state(rng, e, 10.0 ** rng.uniform(6.8, 7.6), nu_limit=2.5)
        turn = 2 * math.pi / math.sqrt(MU) * (2 / np.linalg.norm(r1) - v1 @ v1 / MU) ** -1.5 if e < 1.0 else math.inf
        tof = rng.uniform(0.05, min(4.0 * turn, 5e4))
        r2, v2 = np.empty(3), np.empty(3)
        kepler_propagate(r1, v1, tof, MU, r2, v2)
        h = np.cross(r1, v1)
        sine = np.linalg.norm(np.cross(r1, r2)) / np.linalg.norm(r1) / np.linalg.norm(r2)
        if sine < 0.01:
            continue  # the plane itself is then lost in rounding
        tried += 1
        revs = int(tof // turn)
        found = [solve(r1, r2, tof, MU, bool(h[2] > 0), revs, low) for low in (True, False)]
        assert all(status == OK for status, _, _ in found)
        errors = [max(np.linalg.norm(w1 - v1), np.linalg.norm(w2 - v2)) for _, w1, w2 in found]
        assert min(errors) < LAMBERT_RECOVERY_REL * max(np.linalg.norm(v1), np.linalg.norm(v2)), (e, tof / turn, sine)


@pytest.mark.small
def test_a_short_hop_is_as_sharp_as_its_ends():
    r1, v1 = np.array([6.771e6, 0.0, 0.0]), np.array([30.0, 5e3, 5.8e3])
    for tof in (1.0, 10.0, 100.0):
        r2, v2 = np.empty(3), np.empty(3)
        kepler_propagate(r1, v1, tof, MU, r2, v2)
        status, w1, w2 = solve(r1, r2, tof)
        assert status == OK
        # r2 is rounded to 1e-9 m, which over the time is a speed; below that, the solver's own level.
        assert max(np.linalg.norm(w1 - v1), np.linalg.norm(w2 - v2)) < LAMBERT_M_S + SHORT_HOP_M / tof


@pytest.mark.small
def test_the_two_ways_of_more_revolutions_merge_at_the_shortest_time():
    r1, r2 = np.array([7e6, 0.0, 0.0]), np.array([0.0, 8e6, 1e6])
    c = np.linalg.norm(r2 - r1)
    s = 0.5 * (7e6 + math.sqrt(65e12) + c)
    kappa = c / s
    lam = math.sqrt(1 - kappa)
    x = fastest(lam, kappa, 1)
    minimum = time_of(x, lam, kappa, 1) / math.sqrt(2 * MU / s**3)
    assert solve(r1, r2, minimum * (1 - 1e-9), revs=1)[0] == NO_SUCH_REVOLUTIONS
    status_low, v_low, _ = solve(r1, r2, minimum * (1 + 1e-9), revs=1, low_path=True)
    status_high, v_high, _ = solve(r1, r2, minimum * (1 + 1e-9), revs=1, low_path=False)
    assert status_low == OK and status_high == OK
    # T grows with the square of the distance from its minimum: 1e-9 of time is some 3e-5 of x, or of speed.
    assert 1e-6 < np.linalg.norm(v_low - v_high) / np.linalg.norm(v_low) < 3e-4
    # Farther off, both are there, and both arrive.
    for low in (True, False):
        status, v1, _ = solve(r1, r2, 1.5 * minimum, revs=1, low_path=low)
        r, v = np.empty(3), np.empty(3)
        kepler_propagate(r1, v1, 1.5 * minimum, MU, r, v)
        assert status == OK and np.linalg.norm(r - r2) < LAMBERT_CLOSURE_M


@pytest.mark.small
def test_prograde_turns_with_the_pole_and_retrograde_against_it():
    r1, r2 = np.array([7e6, 1e5, 3e5]), np.array([-3e6, 6.5e6, 1e6])
    for prograde, sign in ((True, 1.0), (False, -1.0)):
        status, v1, v2 = solve(r1, r2, 3000.0, prograde=prograde)
        assert status == OK
        assert sign * np.cross(r1, v1)[2] > 0.0 and sign * np.cross(r2, v2)[2] > 0.0


@pytest.mark.small
def test_the_parabola_in_between_is_smooth():
    # Euler's equation for the parabola: 6 sqrt(mu) t = (r1 + r2 + c)^1.5 - (r1 + r2 - c)^1.5 (short way).
    r1, r2 = np.array([7e6, 0.0, 0.0]), np.array([0.0, 9e6, 0.0])
    c = np.linalg.norm(r2 - r1)
    tof = ((16e6 + c) ** 1.5 - (16e6 - c) ** 1.5) / (6 * math.sqrt(MU))
    status, v1, _ = solve(r1, r2, tof)
    assert status == OK
    # Escape speed exactly; the formula cancels to about 1e-15 of v^2.
    assert v1 @ v1 == pytest.approx(2 * MU / 7e6, rel=1e-13)


@pytest.mark.small
@pytest.mark.parametrize(
    "r1, r2, tof, revs, exact",
    [
        ([7e6, 0, 0], [-8e6, 0, 0], 3000.0, 0, PLANE_UNDEFINED),
        ([7e6, 0, 0], [7e6, 0, 0], 3000.0, 0, PLANE_UNDEFINED),
        ([0, 0, 0], [7e6, 0, 0], 3000.0, 0, PLANE_UNDEFINED),
        ([7e6, 0, 0], [0, 8e6, 0], 3000.0, 1, NO_SUCH_REVOLUTIONS),
        ([7e6, 0, 0], [0, 8e6, 0], 0.0, 0, BAD_INPUT),
        ([7e6, 0, 0], [0, 8e6, 0], -1.0, 0, BAD_INPUT),
        ([7e6, 0, 0], [0, math.nan, 0], 1.0, 0, BAD_INPUT),
        ([7e6, 0, 0], [0, 8e6, 0], 3000.0, -1, BAD_INPUT),
    ],
)
def test_what_has_no_answer_says_so_and_leaves_nan(r1, r2, tof, revs, exact):
    status, v1, v2 = solve(r1, r2, tof, revs=revs)
    assert status == exact
    assert np.isnan(v1).all() and np.isnan(v2).all()


@pytest.mark.small
@pytest.mark.parametrize("revs", [0, 1, 3])
def test_absurd_times_end_in_a_status(revs):
    for tof in 10.0 ** np.arange(-6.0, 30.0, 2.0):
        for low in (True, False):
            status, v1, _ = solve([7e6, 0, 0], [0, 8e6, 1e6], tof, revs=revs, low_path=low)
            assert np.isfinite(v1).all() == (status == OK)
            assert status in (OK, NO_SUCH_REVOLUTIONS)
