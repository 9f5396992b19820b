"""The retreat: figures of others for single drifts, and what it chooses flown with gravity as it is."""

import math

import numpy as np
import pytest

from kernels.orbit.kepler import kepler_propagate
from kernels.relative.hill import from_lvlh, to_lvlh
from kernels.relative.retreat import FOUND, MIN_SHORTFALL, drifted, nearest, retreat, shortfall
from tests.kernels.reference import MU
from tests.tolerance import BRIEF_M, BURN_ERROR_M_S, RETREAT_RECEDES_M

RADIUS = 6.7715e6
N = math.sqrt(MU / RADIUS**3)
PERIOD = 2.0 * math.pi / N
KEEP_OUT, BODY = 200.0, 20.0
# Where the ship's centre of mass is at contact, and the way out, of the ports forward, nadir and aft.
PORTS = {
    "forward": ((9.9, 0.0, 0.0), (1, 0, 0)),
    "nadir": ((3.0, 0.0, 7.9), (0, 0, 1)),
    "aft": ((-19.9, 0.0, 0.0), (-1, 0, 0)),
}


def chosen(place, speed, keep_out=KEEP_OUT):
    """Status of the retreat from there, and the velocity after its burn."""
    state, dv = np.array([*place, *speed], dtype=float), np.empty(3)
    status = retreat(state, N, keep_out, BODY, dv)
    return status, state[3:] + dv


def flown(place, speed, times):
    """Distance (n,) from a station on a circle: both on Kepler orbits."""
    slant = math.radians(41.47)
    rt, vt = np.array([RADIUS, 0.0, 0.0]), N * RADIUS * np.array([0.0, math.cos(slant), math.sin(slant)])
    rc, vc = np.empty(3), np.empty(3)
    from_lvlh(rt, vt, np.array(place, dtype=float), np.array(speed, dtype=float), rc, vc)
    a, b, c, d, rate = (np.empty(3) for _ in range(5))
    places = np.empty((len(times), 3))
    for i, t in enumerate(times):
        kepler_propagate(rt, vt, t, MU, a, b)
        kepler_propagate(rc, vc, t, MU, c, d)
        to_lvlh(a, b, c, d, places[i], rate)
    return np.linalg.norm(places, axis=1)


@pytest.mark.small
def test_drifts_of_the_brief():
    """-200 m on V-bar at 0.3 m/s comes to 110 m, +200 m on R-bar to 147 m; 0.3 m/s back passes 378 m below."""
    assert nearest(np.array([-200.0, 0, 0]), np.array([0.3, 0, 0]), N, 1.0)[0] == pytest.approx(110.0, abs=BRIEF_M)
    assert nearest(np.array([0.0, 0, 200]), np.array([0.0, 0, -0.3]), N, 1.0)[0] == pytest.approx(147.0, abs=BRIEF_M)
    tau = 1.2757  # 4 sin tau = 3 tau
    x, _, z = drifted(N, tau, np.array([-30.0, 0, 0]), np.array([-0.3, 0, 0]))
    assert tau / N / 60.0 == pytest.approx(18.8, abs=0.05) and x == pytest.approx(-30.0, abs=BRIEF_M)
    assert z == pytest.approx(378.0, rel=0.01)  # published for another altitude: n within 1 %


@pytest.mark.small
def test_the_retreats_of_the_brief():
    """V-bar: straight back, 0.3 m/s, stronger in the last 20 m; R-bar: down, 0.3 m/s, with a little sideways."""
    for port, sign in (("aft", -1.0), ("forward", 1.0)):
        (x, _, _), _ = PORTS[port]
        for separation, minimum in ((1.0, 0.5), (60.0, 0.3), (180.0, 0.3)):
            status, after = chosen((x + sign * separation, 0, 0), (-0.2 * sign, 0, 0))
            assert status == FOUND
            np.testing.assert_allclose(after, (sign * minimum, 0, 0), atol=1e-12)
    status, after = chosen(PORTS["nadir"][0], (0, 0, -0.13))
    assert status == FOUND and after[2] == pytest.approx(0.3) and 0.0 < abs(after[0]) < 0.1


@pytest.mark.parametrize("port", PORTS)
def test_from_200_m_to_contact_a_retreat_exists(port):
    """On the axis and in the corridor's edge, at the speed limit and at half of it, it leaves the sphere for good."""
    contact, axis = (np.array(a, dtype=float) for a in PORTS[port])
    side = np.array([0.0, 0.0, 1.0]) if axis[0] else np.array([1.0, 0.0, 0.0])
    times = np.linspace(0.0, PERIOD, 400)
    for gap in (0.0, 0.5, 3.0, 10.0, 19.0, 30.0, 70.0, 120.0, 200.0):
        for lean in (0.0, math.tan(math.radians(10.0)), -math.tan(math.radians(10.0))):
            for share in (1.0, 0.5):
                place = contact + gap * axis + gap * lean * side
                status, after = chosen(place, -share * max(0.18, 0.05 + gap / 200.0) * axis)
                assert status == FOUND
                assert after @ axis >= 0.3 - 1e-12  # backs out: with the corridor, not across it
                judge(flown(place, after, times))


def test_random_states_inside_the_sphere():
    """Any place within 200 m at up to 0.5 m/s each way: flown by Kepler, with the burn off by its 3 sigma too."""
    rng = np.random.default_rng(20)
    times = np.linspace(0.0, PERIOD, 200)
    for _ in range(150):
        direction = rng.normal(size=3)
        place = rng.uniform(10.0, 200.0) * direction / np.linalg.norm(direction)
        status, after = chosen(place, rng.uniform(-0.5, 0.5, 3))
        assert status == FOUND
        for error in (0.0, BURN_ERROR_M_S, -BURN_ERROR_M_S):
            judge(flown(place, after + (error, 0.0, 0.0), times), recedes=error == 0.0)


def judge(distance, recedes=True):
    """It recedes until it is out, gets out, and does not come back."""
    out = int(np.argmax(distance > KEEP_OUT))
    assert distance[out] > KEEP_OUT
    if recedes:
        assert np.diff(distance[: out + 1]).min(initial=1.0) > -RETREAT_RECEDES_M
    assert distance[out:].min() > KEEP_OUT


def test_no_burn_where_drifting_is_safe():
    dv = np.empty(3)
    assert retreat(np.array([0.0, 0, 1500.0, 2.5, 0, 0]), N, KEEP_OUT, BODY, dv) == FOUND
    assert not dv.any()


def test_smallest_shortfall_where_no_candidate_will_do():
    """Too fast a turn to be had: a sphere so large that no candidate leaves it in two revolutions."""
    status, after = chosen((0, 0, 10.0), (0, 0, 0), keep_out=1.0e6)
    assert status == MIN_SHORTFALL and after[2] > 0.0 and np.isfinite(after).all()


def test_smallest_burn_of_all_candidates():
    """No candidate of its own list, tried one by one, is smaller and leaves for good."""
    place, speed = np.array([40.0, 5.0, 80.0]), np.array([0.1, 0.05, -0.3])
    status, after = chosen(place, speed)
    assert status == FOUND and shortfall(place, after, N, 1.25 * KEEP_OUT, math.inf) == 0.0
    for out in (0.3, 0.5, 0.7, 1.0, 1.5):
        for tilt in (0.0, -0.25, 0.25, -1.0, 1.0):
            other = np.array([tilt * out, 0.0, out])
            if np.linalg.norm(other - speed) < np.linalg.norm(after - speed) - 1e-12:
                assert shortfall(place, other, N, 1.25 * KEEP_OUT, math.inf) > 0.0
