"""Off the rocket and down: SciPy flies the push, Allen and Eggers and a flown abort say what the fall costs."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.ascent.abort import (
    APEX,
    BURNT,
    ENTRY_LOAD,
    HEIGHT,
    LATITUDE,
    LONGITUDE,
    PEAK_LOAD,
    PUSH_LOAD,
    RESULT_COLUMNS,
    AbortDescent,
    EscapeBurn,
    fly_abort,
    push_off,
    reached,
)
from kernels.atmosphere.us76 import us76
from kernels.constants import G0, MU_EARTH, R_EQUATOR
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from sim.catalogue.facts import value
from tests.tolerance import ABORT_ALLEN_EGGERS_REL, ABORT_PUSH_M, ABORT_PUSH_M_S, MS10_G
from tests.worlds import field, zonal

CAPSULE = make(Capsule, cda=4.99 * 1.28, cla=0.0, nose=2.5, bank_rate=0.26)
MASS, OPEN_AT, GATE = 3240.0, 10e3, 120e3
TURN = 350.0  # m/s, of the air there toward the east


def coarse(world):
    return world.forces._replace(drag=0, third_body=0, gravity=zonal(j2=1.0826e-3))


def fall(world, height, level, climb, capsule=CAPSULE, bank=0.0, dt=0.5, force=0.0, duration=0.0):
    """From `height` m over 41 N with the speeds `level` and `climb` through the air, m/s; the result of `fly_abort`."""
    c = world.ecef(0.0)
    up = c.T @ np.array([math.cos(0.71), 0.0, math.sin(0.71)])
    east = np.cross(world.true_of_date(0.0)[2], up)
    east /= np.linalg.norm(east)
    r = (6.3690e6 + height) * up
    air = np.cross(7.292115e-5 * world.true_of_date(0.0)[2], r)
    y, result = np.concatenate([r, air + level * east + climb * up]), np.zeros(RESULT_COLUMNS)
    burn = EscapeBurn(force=force, flow=0.0, direction=up, duration=duration)
    descent = AbortDescent(gate=GATE, mass=MASS, capsule=capsule, bank=bank, opening_altitude=OPEN_AT, step=dt)
    status = fly_abort(0.0, y, MASS, burn, CAPSULE, descent, coarse(world), scratch(), result)
    assert reached(status)
    return result


def test_a_push_is_scipys(world):
    """Thrust of 10 kN and its flow for 100 s in free space over a sphere, then a coast; no air."""
    forces = field(zonal(), world.forces.orientation)
    force, flow, duration = 10e3, 10e3 / (290.0 * G0), 100.0
    r, v = np.array([R_EQUATOR + 250e3, 0.0, 0.0]), np.array([-300.0, 6000.0, 900.0])
    aim = np.array([0.6, 0.64, 0.48])
    y, result = np.concatenate([r, v]), np.zeros(RESULT_COLUMNS)
    body = CAPSULE._replace(cda=0.0)
    burn = EscapeBurn(force=force, flow=flow, direction=aim, duration=duration)
    t, mass = push_off(0.0, y, 8082.0, burn, body, forces, GATE, scratch(), result)
    assert result[BURNT] == pytest.approx(flow * duration, abs=1e-9) and mass == pytest.approx(8082.0 - flow * duration)
    assert result[PUSH_LOAD] == pytest.approx(
        force / (8082.0 - flow * duration) / G0, rel=5e-3
    )  # of the last step's start

    def rate(s, q):
        push = force / (8082.0 - flow * s) * aim if s < duration else 0.0
        return np.concatenate([q[3:], -MU_EARTH * q[:3] / np.linalg.norm(q[:3]) ** 3 + push])

    q = np.concatenate([r, v])
    for span in ((0.0, duration - 1e-12), (duration, t)):
        q = solve_ivp(rate, span, q, method="DOP853", rtol=1e-12, atol=1e-6).y[:, -1]
    assert np.linalg.norm(y[:3] - q[:3]) < ABORT_PUSH_M and np.linalg.norm(y[3:] - q[3:]) < ABORT_PUSH_M_S


def test_load_of_motors_in_the_air_is_less_the_drag(world):
    """On the spot, at rest in the air at sea level: the load is the push alone, and it goes up."""
    result = fall(world, 1000.0, 0.1, 0.1, force=11.0 * G0 * MASS, duration=3.0)
    assert result[PUSH_LOAD] == pytest.approx(11.0, rel=1e-3)
    assert 800.0 < result[APEX] - 1000.0 < 0.5 * 10.0 * G0 * 9.0 + (30.0 * G0) ** 2 / (2.0 * G0)  # drag takes its part
    assert result[HEIGHT] < OPEN_AT and result[PEAK_LOAD] >= result[PUSH_LOAD]


def test_load_of_soyuz_ms10_is_the_published_one(world):
    """Its failure near 50 km with an apex of 93 km, some 400 km of way: 6.7 g, in a fall without lift.

    Our capsule is another (500 for 590 kg/m2), which counts little: the peak does not depend on it in Allen and Eggers.
    """
    result = fall(world, 50e3, 1550.0, 905.0)
    assert result[APEX] == pytest.approx(93e3, abs=3e3)
    assert result[ENTRY_LOAD] == pytest.approx(value("abort.soyuz_ms10_load"), abs=MS10_G)


@pytest.mark.parametrize("level", [3500.0, 4500.0, 5200.0])
def test_peak_load_without_lift_is_allen_and_eggers(world, level):
    """a = v^2 sin(g) / (2 e H), NACA TR 1381 (1958), with speed, angle and scale height that hold at the peak.

    Gravity bends the fall and adds to it, so speed and angle are those of the airless path at the height of the peak,
    where the density is m sin(g) / (cda H).
    """
    apex, down = 190e3, 35e3
    for _ in range(20):
        middle = R_EQUATOR + 0.5 * (apex + down)
        fall_off = MU_EARTH / middle**2 - (level + TURN) ** 2 / middle  # gravity less what the way round takes of it
        sink = math.sqrt(2.0 * (apex - down) * fall_off)
        speed = math.hypot(level, sink)
        rho, pressure, *_ = us76(down)
        scale = pressure / rho / 9.7
        expected = MASS * sink / speed / (CAPSULE.cda * scale)
        down += scale * math.log(rho / expected)
    result = fall(world, apex, level, 0.0)
    allen_eggers = speed * sink / (2.0 * math.e * scale) / G0
    assert result[ENTRY_LOAD] == pytest.approx(allen_eggers, rel=ABORT_ALLEN_EGGERS_REL)


def test_lift_upward_is_gentler_and_flies_further(world):
    straight = fall(world, 190e3, 5000.0, 0.0)
    lifting = fall(world, 190e3, 5000.0, 0.0, capsule=CAPSULE._replace(cla=0.3 * CAPSULE.cda))
    assert lifting[ENTRY_LOAD] < 0.85 * straight[ENTRY_LOAD]
    assert lifting[LONGITUDE] > straight[LONGITUDE] and lifting[LATITUDE] != straight[LATITUDE]


def test_the_step_of_the_search_is_fine_enough(world):
    """2 s against 0.25 s: the peak is a parabola of some 20 s, sampled within a second; the place to 100 m."""
    fine, quick = fall(world, 190e3, 5000.0, 0.0, dt=0.25), fall(world, 190e3, 5000.0, 0.0, dt=2.0)
    assert quick[ENTRY_LOAD] == pytest.approx(fine[ENTRY_LOAD], rel=0.01)
    assert quick[[LATITUDE, LONGITUDE]] == pytest.approx(fine[[LATITUDE, LONGITUDE]], abs=100.0 / 6.37e6)
