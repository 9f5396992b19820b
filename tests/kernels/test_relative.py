"""Relative motion against other hands' numbers, exact two-body pairs, and the frames' own definitions."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.orbit.kepler import kepler_propagate
from kernels.relative.hill import (
    OK,
    SINGULAR_CROSS_TRACK,
    SINGULAR_TIME,
    from_curvilinear,
    from_lvlh,
    glideslope_distance,
    glideslope_slope,
    glideslope_speed,
    glideslope_time,
    hcw_stm,
    hcw_two_impulse,
    lvlh_axes,
    to_curvilinear,
    to_lvlh,
)
from tests.kernels.reference import MU, ids, load, lvlh_from_rtn, random_state
from tests.tolerance import (
    CW_TABLE_REL,
    ELEMENTS_REL,
    FRAME_M,
    FRAME_M_S,
    FRAME_RATE_M_S,
    GLIDESLOPE_REL,
    HCW_LINEAR_M,
    HCW_REL,
    HOP_M_S,
    J2_DIFFERENCE_M,
    J2_DIFFERENCE_M_S,
    TWO_BODY_DIFFERENCE_M,
    TWO_BODY_DIFFERENCE_M_S,
)

CW = load("cw.json")
PAIRS = load("rel_two_body.json")["cases"]
MOTION = load("relative_motion.json")
ZERO = np.zeros(3)


def pair_of(function, *arrays):
    """The two (3,) results of a kernel that fills its last two arguments."""
    a, b = np.empty(3), np.empty(3)
    function(*arrays, a, b)
    return a, b


def stm(n, t):
    phi = np.empty((6, 6))
    hcw_stm(n, t, phi)
    return phi


def kepler(r, v, dt, mu=MU):
    return pair_of(kepler_propagate, r, v, dt, mu)


def two_impulse(n, t, d0, v0=ZERO, df=ZERO, vf=ZERO):
    dv1, dv2 = np.empty(3), np.empty(3)
    arrays = [np.array(a, dtype=float) for a in (d0, v0, df, vf)]
    return hcw_two_impulse(n, t, *arrays, dv1, dv2), dv1, dv2


def circular_target(radius=6.771e6):
    """Target (r, v) on a circle of 41.47 deg inclination, and its mean motion."""
    i = math.radians(41.47)
    n = math.sqrt(MU / radius**3)
    return np.array([radius, 0.0, 0.0]), n * radius * np.array([0.0, math.cos(i), math.sin(i)]), n


# The frame --------------------------------------------------------------------------------------------------------


@pytest.mark.small
def test_axes_of_a_circular_equatorial_target():
    c = np.empty((3, 3))
    n = lvlh_axes(np.array([7e6, 0.0, 0.0]), np.array([0.0, 7.5e3, 0.0]), c)
    # On the x axis flying towards y: V-bar is y, the orbit normal z, and down is -x.
    assert np.array_equal(c, [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])
    assert n == pytest.approx(7.5e3 / 7e6, rel=ELEMENTS_REL)


@pytest.mark.small
def test_axes_are_a_right_handed_rotation():
    rng = np.random.default_rng(20)
    for _ in range(20):
        r, v = random_state(rng, rng.uniform(0.0, 0.7), 7e6)
        c = np.empty((3, 3))
        n = lvlh_axes(r, v, c)
        assert np.abs(c @ c.T - np.eye(3)).max() < ELEMENTS_REL
        assert np.linalg.det(c) == pytest.approx(1.0, abs=ELEMENTS_REL)
        assert n == pytest.approx(np.linalg.norm(np.cross(r, v)) / (r @ r), rel=ELEMENTS_REL)


@pytest.mark.small
@pytest.mark.parametrize("forward, back", [(to_lvlh, from_lvlh), (to_curvilinear, from_curvilinear)])
def test_frames_there_and_back(forward, back):
    rng = np.random.default_rng(21)
    for _ in range(50):
        rt, vt = random_state(rng, rng.uniform(0.0, 0.3), 6.8e6)
        rc, vc = rt + rng.normal(size=3) * 3e4, vt + rng.normal(size=3) * 30.0
        r, v = pair_of(back, rt, vt, *pair_of(forward, rt, vt, rc, vc))
        assert np.abs(r - rc).max() < FRAME_M
        assert np.abs(v - vc).max() < FRAME_M_S


@pytest.mark.small
def test_curved_frame_reaches_round_the_orbit():
    rt, vt, _ = circular_target()
    for ahead in (3.0, -3.0):
        d = np.array([ahead * 6.771e6, 1e5, 2e4])
        ddot = np.array([30.0, -2.0, 5.0])
        again = pair_of(to_curvilinear, rt, vt, *pair_of(from_curvilinear, rt, vt, d, ddot))
        assert np.abs(again[0] - d).max() < FRAME_M
        assert np.abs(again[1] - ddot).max() < FRAME_M_S


@pytest.mark.small
@pytest.mark.parametrize("forward", [to_lvlh, to_curvilinear])
def test_the_velocity_is_the_derivative_of_the_position(forward):
    rng = np.random.default_rng(22)
    for _ in range(10):
        # An eccentric target too: its radius and its turning rate then change.
        rt, vt = random_state(rng, 0.2, 6.8e6)
        rc, vc = rt + rng.normal(size=3) * 2e4, vt + rng.normal(size=3) * 20.0
        dt = 0.1
        late = pair_of(forward, *kepler(rt, vt, dt), *kepler(rc, vc, dt))[0]
        early = pair_of(forward, *kepler(rt, vt, -dt), *kepler(rc, vc, -dt))[0]
        _, ddot = pair_of(forward, rt, vt, rc, vc)
        assert np.abs((late - early) / (2 * dt) - ddot).max() < FRAME_RATE_M_S


@pytest.mark.small
def test_both_frames_agree_close_by():
    rt, vt, _ = circular_target()
    d, ddot = np.array([10.0, -4.0, 6.0]), np.array([0.1, 0.02, -0.05])
    rc, vc = pair_of(from_lvlh, rt, vt, d, ddot)
    curved = pair_of(to_curvilinear, rt, vt, rc, vc)
    # They part by d^2 / r = 2e-5 m, and by d * d_dot / r = 2e-7 m/s.
    assert np.abs(curved[0] - d).max() < 2e-5
    assert np.abs(curved[1] - ddot).max() < 2e-7


@pytest.mark.small
def test_signs_ahead_below_and_against_the_normal():
    rt, vt, _ = circular_target()
    up, normal = rt / np.linalg.norm(rt), np.cross(rt, vt) / np.linalg.norm(np.cross(rt, vt))
    ahead = np.cross(normal, up)
    for forward in (to_lvlh, to_curvilinear):
        for direction, axis in ((ahead, 0), (-normal, 1), (-up, 2)):
            d, _ = pair_of(forward, rt, vt, rt + 100.0 * direction, vt)
            # 100 m off: the curved frame adds d^2 / 2r = 0.7 mm.
            assert np.abs(d - 100.0 * np.eye(3)[axis]).max() < 1e-3


@pytest.mark.small
@pytest.mark.parametrize("below", [1e3, 1e4, -1e4])
def test_a_coelliptic_orbit_drifts_at_three_halves_n_z(below):
    rt, vt, n = circular_target()
    radius = np.linalg.norm(rt) - below
    angle = -0.005
    i = math.radians(41.47)
    side = np.array([0.0, math.cos(i), math.sin(i)])
    outward = math.cos(angle) * rt / np.linalg.norm(rt) + math.sin(angle) * side
    forward = -math.sin(angle) * rt / np.linalg.norm(rt) + math.cos(angle) * side
    rc, vc = radius * outward, math.sqrt(MU / radius) * forward
    d, ddot = pair_of(to_curvilinear, rt, vt, rc, vc)
    assert np.abs(d - [angle * 6.771e6, 0.0, below]).max() < FRAME_M
    assert np.abs(ddot[1:]).max() < FRAME_M_S
    # The next term of (1 - z/r)^-1.5 is 15/8 (z/r)^2, that is 5/4 z/r of the first.
    assert ddot[0] == pytest.approx(1.5 * n * below, rel=1.3 * abs(below) / 6.771e6)
    exact = 6.771e6 * (math.sqrt(MU / radius**3) - n)
    assert ddot[0] == pytest.approx(exact, abs=FRAME_M_S)


# Pairs of orbits ----------------------------------------------------------------------------------------------------


@pytest.mark.small
@pytest.mark.parametrize("case", PAIRS, ids=ids(PAIRS))
def test_two_orbits_in_forty_digits(case):
    mu = case["mu"] * 1e9
    rt, vt = 1e3 * np.array(case["target_r_km"]), 1e3 * np.array(case["target_v_kmps"])
    d0, ddot0 = lvlh_from_rtn(case["rel_pos_m"]), lvlh_from_rtn(case["rel_vel_mps"])
    rc, vc = pair_of(from_lvlh, rt, vt, d0, ddot0)
    target, chaser = kepler(rt, vt, case["t_s"], mu), kepler(rc, vc, case["t_s"], mu)
    d, ddot = pair_of(to_lvlh, *target, *chaser)
    assert np.abs(d - lvlh_from_rtn(case["expected_rel_pos_m"])).max() < case["tol_m"]
    assert np.abs(ddot - lvlh_from_rtn(case["expected_rel_vel_mps"])).max() < case["tol_mps"]


@pytest.mark.parametrize("case", MOTION["cases"], ids=ids(MOTION["cases"]))
def test_relative_motion_linear_and_exact(case):
    mu, n = MOTION["GM"], MOTION["mean_motion_rad_s"]
    chief, chaser = np.array(case["chief_state0"]), np.array(case["chaser_state0"])
    rel0 = np.array(case["rel0"])
    start = np.concatenate([lvlh_from_rtn(rel0[:3]), lvlh_from_rtn(rel0[3:])])
    for t, linear, exact in zip(case["t_s"], case["hcw"], case["twobody"], strict=True):
        # Positions and velocities are judged by the largest of the whole curve's terms: 3 pi d and 3 pi n d a turn.
        scale = np.linalg.norm(start[:3]) + np.linalg.norm(start[3:]) / n
        ours = stm(n, t) @ start
        error = np.abs(ours - np.concatenate([lvlh_from_rtn(linear[:3]), lvlh_from_rtn(linear[3:])]))
        assert error[:3].max() < 20.0 * HCW_REL * scale
        assert error[3:].max() < 20.0 * HCW_REL * scale * n
        target = kepler(chief[:3].copy(), chief[3:].copy(), t, mu)
        d, ddot = pair_of(to_lvlh, *target, *kepler(chaser[:3].copy(), chaser[3:].copy(), t, mu))
        assert np.abs(d - lvlh_from_rtn(exact[:3])).max() < TWO_BODY_DIFFERENCE_M
        assert np.abs(ddot - lvlh_from_rtn(exact[3:])).max() < TWO_BODY_DIFFERENCE_M_S


@pytest.mark.parametrize("case", MOTION["cases"], ids=ids(MOTION["cases"]))
def test_relative_motion_under_j2(case):
    # An integrator of scipy's and J2 written here: the kernel under test is the frame that turns with the target.
    mu, radius, j2 = MOTION["GM"], MOTION["Re"], MOTION["J2"]

    def slope(_, y):
        r = y[:3]
        r2 = r @ r
        k = 1.5 * j2 * radius**2 / r2
        g = -mu / r2**1.5 * r * (1.0 + k * (np.array([1.0, 1.0, 3.0]) - 5.0 * r[2] ** 2 / r2))
        return np.concatenate([y[3:], g])

    def orbit(state):
        times = case["t_s"]
        return solve_ivp(slope, (0.0, times[-1]), state, "DOP853", times, rtol=1e-13, atol=1e-9).y.T

    chief, chaser = orbit(case["chief_state0"]), orbit(case["chaser_state0"])
    for t, c, x in zip(case["j2"], chief, chaser, strict=True):
        d, ddot = pair_of(to_lvlh, c[:3].copy(), c[3:].copy(), x[:3].copy(), x[3:].copy())
        assert np.abs(d - lvlh_from_rtn(t[:3])).max() < J2_DIFFERENCE_M
        assert np.abs(ddot - lvlh_from_rtn(t[3:])).max() < J2_DIFFERENCE_M_S


def test_hcw_is_the_limit_of_two_orbits_a_metre_apart():
    rt, vt, n = circular_target()
    rng = np.random.default_rng(23)
    for _ in range(20):
        d0 = rng.normal(size=3)
        d0 /= np.linalg.norm(d0)
        # Speeds of the same weight as the distance, no drift, and the whole scaled so that it stays within the metre.
        ddot0 = n * rng.normal(size=3)
        ddot0[0] = 2.0 * n * d0[2]
        turn = [stm(n, t) @ np.concatenate([d0, ddot0]) for t in np.linspace(0.0, 2.0 * math.pi / n, 60)]
        farthest = np.linalg.norm(np.array(turn)[:, :3], axis=1).max()
        d0, ddot0 = d0 / farthest, ddot0 / farthest
        rc, vc = pair_of(from_lvlh, rt, vt, d0, ddot0)
        for part in (0.25, 0.5, 1.0):
            t = part * 2.0 * math.pi / n
            d, _ = pair_of(to_lvlh, *kepler(rt, vt, t), *kepler(rc, vc, t))
            assert np.abs(d - (stm(n, t) @ np.concatenate([d0, ddot0]))[:3]).max() < HCW_LINEAR_M


# Hill's equations -----------------------------------------------------------------------------------------------------


@pytest.mark.small
def test_the_transition_matrix_solves_hills_equations():
    n = 0.0011335
    # x'' = 2 n z', y'' = -n^2 y, z'' = 3 n^2 z - 2 n x': Fehse 2003 eq 3.18, as a first-order system.
    a = np.zeros((6, 6))
    a[:3, 3:] = np.eye(3)
    a[3, 5], a[4, 1], a[5, 2], a[5, 3] = 2 * n, -n * n, 3 * n * n, -2 * n
    assert np.array_equal(stm(n, 0.0), np.eye(6))
    for t in (100.0, 2000.0, 7000.0):
        slope = (stm(n, t + 0.5) - stm(n, t - 0.5)) / 1.0
        # Position rows in units of time for speeds; a central difference over 1 s errs by n^2/24 = 5e-8 of a rate.
        scale = np.outer([1.0, 1.0, 1.0, n, n, n], [n, n, n, 1.0, 1.0, 1.0])
        assert (np.abs(slope - a @ stm(n, t)) < 1e-6 * scale).all()
        # And two steps make one.
        both = stm(n, t - 40.0) @ stm(n, 40.0)
        assert (np.abs(both - stm(n, t)) < 100 * HCW_REL * scale / n).all()


@pytest.mark.small
@pytest.mark.parametrize("case", CW["cases"], ids=ids(CW["cases"]))
def test_states_and_impulses_of_the_textbooks(case):
    n, t = case["n"], float(case["t_s"])
    x0 = np.array(case["x0"], dtype=float)
    d0, v0 = lvlh_from_rtn(x0[:3]), lvlh_from_rtn(x0[3:])
    end = stm(n, t) @ np.concatenate([d0, v0])
    expected = np.array(case["expected_state"])
    # Zeros of the table are sums that cancel: judge by the whole vector.
    assert np.abs(end[:3] - lvlh_from_rtn(expected[:3])).max() < CW_TABLE_REL * np.linalg.norm(expected[:3])
    assert np.abs(end[3:] - lvlh_from_rtn(expected[3:])).max() < CW_TABLE_REL * np.linalg.norm(expected[:3]) * n
    status, dv1, dv2 = two_impulse(n, t, d0, v0)
    pulses = case["two_impulse_to_origin"]
    assert status == OK
    assert np.abs(dv1 - lvlh_from_rtn(pulses["dv1"])).max() < CW_TABLE_REL * pulses["total"]
    assert np.abs(dv2 - lvlh_from_rtn(pulses["dv2"])).max() < CW_TABLE_REL * pulses["total"]
    assert np.linalg.norm(dv1) + np.linalg.norm(dv2) == pytest.approx(pulses["total"], rel=CW_TABLE_REL)


@pytest.mark.small
def test_curtis_rendezvous_as_another_tool_has_it():
    check = CW["orekit_check"]
    x0 = np.array(CW["cases"][0]["x0"], dtype=float)
    status, dv1, dv2 = two_impulse(check["n"], float(check["t"]), lvlh_from_rtn(x0[:3]), lvlh_from_rtn(x0[3:]))
    assert status == OK
    assert np.abs(dv1 - lvlh_from_rtn(check["dv1"])).max() < CW_TABLE_REL * 70.0
    assert np.abs(dv2 - lvlh_from_rtn(check["dv2"])).max() < CW_TABLE_REL * 70.0


@pytest.mark.small
@pytest.mark.parametrize("hop", CW["v_bar_hops"], ids=["4600m", "260m"])
def test_v_bar_hops(hop):
    n, dx = hop["n"], float(hop["dx_m"])
    start, end = np.array([-dx, 0.0, 0.0]), ZERO
    # Half a revolution by a radial pulse: y is uncontrollable then, and needs nothing.
    half = math.pi / n
    assert half == pytest.approx(hop["radial_time_s"], rel=HCW_REL)
    status, dv1, dv2 = two_impulse(n, half, start, df=end)
    assert status == OK
    assert np.abs(dv1) == pytest.approx([0.0, 0.0, hop["radial_two_pulse_dv_each"]], abs=HCW_REL * dx)
    assert np.abs(dv2) == pytest.approx([0.0, 0.0, hop["radial_two_pulse_dv_each"]], abs=HCW_REL * dx)
    top = stm(n, half / 2) @ np.concatenate([start, dv1])
    assert abs(top[2]) == pytest.approx(hop["radial_excursion_m"], rel=10 * HCW_REL)
    # A whole revolution by a tangential pulse, dx n / 6 pi backwards in LVLH: the table's kind, by its own pulse.
    whole = hop["tangential_time_s"]
    pulse = np.array([-hop["tangential_dv_each"], 0.0, 0.0])
    arrived = stm(n, whole) @ np.concatenate([start, pulse])
    assert np.abs(arrived[:3]).max() < 100 * HCW_REL * dx
    assert arrived[3:] == pytest.approx(pulse, abs=HCW_REL * dx)


@pytest.mark.small
def test_hop_from_5000_to_400_m():
    n = 2.0 * math.pi / 5541.0
    status, dv1, dv2 = two_impulse(n, 2770.0, [-5000.0, 0.0, 0.0], df=[-400.0, 0.0, 0.0])
    assert status == OK
    assert np.linalg.norm(dv1) == pytest.approx(1.304, abs=HOP_M_S)
    assert np.linalg.norm(dv2) == pytest.approx(1.304, abs=HOP_M_S)


@pytest.mark.small
def test_two_impulses_bring_the_chaser_where_it_was_sent():
    rng = np.random.default_rng(24)
    n = 0.0011335
    for t in (500.0, 1800.0, 4000.0, 6500.0):
        d0, v0, df, vf = (scale * rng.normal(size=3) for scale in (3e3, 3.0, 500.0, 0.3))
        status, dv1, dv2 = two_impulse(n, t, d0, v0, df, vf)
        assert status == OK
        end = stm(n, t) @ np.concatenate([d0, v0 + dv1])
        end[3:] += dv2
        scale = np.linalg.norm(d0) + np.linalg.norm(v0 + dv1) / n
        assert np.abs(end[:3] - df).max() < 100 * HCW_REL * scale
        assert np.abs(end[3:] - vf).max() < 100 * HCW_REL * scale * n


@pytest.mark.small
def test_times_at_which_nothing_can_be_chosen():
    n = 0.0011335
    turn = 2.0 * math.pi / n
    for t, y, expected in (
        (turn, 0.0, SINGULAR_TIME),
        (2.0 * turn, 0.0, SINGULAR_TIME),
        (0.0, 0.0, SINGULAR_TIME),
        (math.nan, 0.0, SINGULAR_TIME),
        (0.5 * turn, 5.0, SINGULAR_CROSS_TRACK),
        (0.5 * turn, 0.0, OK),
    ):
        status, dv1, dv2 = two_impulse(n, t, [-1000.0, y, 0.0])
        assert status == expected
        assert np.isnan(dv1).all() == (expected != OK) and np.isnan(dv2).all() == (expected != OK)
    # At half a revolution y has changed sign by itself: sent there, it needs no burn.
    status, dv1, _ = two_impulse(n, 0.5 * turn, [-1000.0, 5.0, 0.0], [0.0, 0.01, 0.0], df=[0.0, -5.0, 0.0])
    assert status == OK and dv1[1] == 0.0


# The glideslope -----------------------------------------------------------------------------------------------------


@pytest.mark.small
@pytest.mark.parametrize("rho0, speed0, speed_end", [(200.0, -0.8, -0.3), (400.0, -0.5, -0.05), (100.0, -0.3, -0.3)])
def test_glideslope_ends_where_and_as_it_should(rho0, speed0, speed_end):
    duration = glideslope_time(rho0, speed0, speed_end)
    slope = glideslope_slope(rho0, speed0, speed_end)
    assert glideslope_distance(0.0, rho0, speed0, speed_end) == rho0
    assert glideslope_distance(duration, rho0, speed0, speed_end) == pytest.approx(0.0, abs=GLIDESLOPE_REL * rho0)
    assert glideslope_speed(duration, rho0, speed0, speed_end) == pytest.approx(speed_end, rel=GLIDESLOPE_REL)
    for t in np.linspace(0.0, duration, 7):
        rho = glideslope_distance(t, rho0, speed0, speed_end)
        speed = glideslope_speed(t, rho0, speed0, speed_end)
        # The law that defines it: the speed is a straight line over the distance to go.
        assert speed == pytest.approx(slope * rho + speed_end, rel=GLIDESLOPE_REL)
    if speed0 == speed_end:
        assert duration == pytest.approx(-rho0 / speed0, rel=GLIDESLOPE_REL)


@pytest.mark.small
def test_glideslope_by_hand():
    # 200 m from 0.8 to 0.3 m/s: a = -0.5 / 200, T = ln(0.3 / 0.8) / a = 392.33 s.
    assert glideslope_slope(200.0, -0.8, -0.3) == pytest.approx(-0.0025, rel=GLIDESLOPE_REL)
    assert glideslope_time(200.0, -0.8, -0.3) == pytest.approx(392.3317, abs=5e-5)
