"""Sunlight through the edges of the shadow against brute force, and what it leaves of a day's position."""

import math

import numpy as np
import pytest

from kernels.constants import AU, MU_EARTH, R_EQUATOR
from kernels.orbit.forces import acceleration, scratch
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast, make_multistep
from kernels.orbit.propagate import SurfaceAreas, arc
from kernels.orbit.shadow import SUN_RADIUS, Occulter, illumination
from kernels.orbit.sunlight import MEAN, NOW, SHIFT, SPEED, dark, light_over
from kernels.records import Body, Radiation, make
from sim.propagation.propagate import STILL
from tests.tolerance import SUNLIGHT_DAY_M, SUNLIGHT_EDGE_REL, SUNLIGHT_NODE_REL
from tests.worlds import NO_NODES, field, turning, zonal

SPEED_OF_SUN = 3.0e4  # m/s across, as the real one has
SUN = make(
    Body, t0=-1.0e6, span=2.0e6, mu=0.0, coeffs=np.array([[[1.5e11, 0.0], [0.0, 1.0e6 * SPEED_OF_SUN], [0.0, 0.0]]])
)
PRESSURE = 4.56e-6
CRA_M = 0.02
BALL = field(zonal(), turning(7.292e-5), sun=SUN)._replace(radiation=make(Radiation, on=1, pressure=PRESSURE))


def orbit(radius, beta, u, e=0.0):
    """State at angle u from noon on an orbit whose plane is `beta` away from the Sun on x."""
    return np.array(elements_to_state(radius / (1.0 - e), e, beta, 0.5 * math.pi, -0.5 * math.pi, u, MU_EARTH))


def brute(t, h, state, count=200_001):
    """Both integrals of pressure times lit fraction over the step, by the trapezoid, along Kepler's orbit."""
    y, step, calm = np.append(state, 1.0), h / 400, BALL._replace(radiation=Radiation())
    path = [y[:3].copy()]
    for i in range(400):
        arc(
            t + i * step, t + (i + 1) * step, y, abs(step), calm, SurfaceAreas(drag=0.0, radiation=0.0), STILL, NO_NODES
        )
        path.append(y[:3].copy())
    x = np.linspace(0.0, h, count)
    order = np.sign(h)
    r = np.column_stack([np.interp(order * x, order * np.linspace(0.0, h, 401), p) for p in np.array(path).T])
    sun = np.column_stack([np.full(count, 1.5e11), SPEED_OF_SUN * (t + x), np.zeros(count)])
    ball, pole = Occulter(R_EQUATOR, 0.0, SUN_RADIUS), np.array([0.0, 0.0, 1.0])
    lit = np.array([illumination(a, b, pole, ball) for a, b in zip(r, sun, strict=True)])
    d = r - sun
    a = lit[:, None] * PRESSURE * CRA_M * AU**2 * d / np.linalg.norm(d, axis=1)[:, None] ** 3
    return np.trapezoid(a, x, axis=0), np.trapezoid((h - x)[:, None] * a, x, axis=0), a[0]


# Radius m, beta rad, angle from noon at the start, length of the step s: full light; umbra; an edge; both edges of a
# night that lasts seconds between two lit ends; the long penumbra of a stationary orbit; backwards.
LOW = 6.778e6
MET = math.asin(R_EQUATOR / LOW)  # where the shadow's middle edge is met in the plane of the Sun
STEPS = {
    "lit": (LOW, 0.3, 0.2, 30.0),
    "umbra": (LOW, 0.3, math.pi, 30.0),
    "into the shadow": (LOW, 0.0, math.pi - MET - 0.012, 30.0),
    "out of it": (LOW, 0.0, math.pi + MET - 0.02, 30.0),
    "grazing": (LOW, MET - 1e-4, math.pi - 0.015, 30.0),
    "stationary": (4.2164e7, 0.0, math.pi - math.asin(R_EQUATOR / 4.2164e7) - 0.004, 60.0),
    "backwards": (LOW, 0.0, math.pi - MET + 0.02, -30.0),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_the_integral(name):
    radius, beta, u, h = STEPS[name]
    state, t, light, work, a = orbit(radius, beta, u), 5000.0, dark(), scratch(), np.empty(3)
    acceleration(t, state[:3], state[3:], BALL, 0.0, work, a)
    light_over(t, h, state[:3], state[3:], a, BALL, CRA_M, work, light)
    speed, shift, now = brute(t, h, state)
    full = PRESSURE * CRA_M
    # As if an edge, which is a jump of `full`, lay so much of the penumbra off.
    bound = SUNLIGHT_EDGE_REL * 2.0 * SUN_RADIUS / 1.5e11 / math.sqrt(MU_EARTH / radius**3) * full
    assert np.abs(light[SPEED] - speed).max() < bound
    assert np.abs(light[SHIFT] - shift).max() < bound * abs(h)
    assert light[NOW] == pytest.approx(now, abs=SUNLIGHT_NODE_REL * full)
    assert light[MEAN] * h == pytest.approx(light[SPEED], rel=1e-12, abs=1e-25)
    share = np.linalg.norm(speed) / (full * abs(h))
    assert {"lit": share > 0.99, "umbra": share == 0.0}.get(name, 0.01 < share < 0.99)


@pytest.mark.parametrize("e", [0.0, 0.3])
def test_a_day_of_nights_does_not_depend_on_the_step(e):
    """30 s against 2 s and against DOP853 at 3 s; edges of shadow sampled as any force cost 7 to 20 mm at 10 s."""
    start = np.append(orbit(LOW, 0.2, 1.0, e), 1.0)
    ends = []
    for step in (30.0, 2.0):
        y = start.copy()
        coast(0.0, 86400.0, y, step, make_multistep(11), make_full(BALL, 0.0, CRA_M), NO_NODES)
        ends.append(y[:3])
    y = start.copy()
    arc(0.0, 86400.0, y, 3.0, BALL, SurfaceAreas(drag=0.0, radiation=CRA_M), STILL, NO_NODES)
    assert np.linalg.norm(ends[1] - y[:3]) < SUNLIGHT_DAY_M
    assert np.linalg.norm(ends[0] - y[:3]) < SUNLIGHT_DAY_M
    calm = start.copy()
    coast(0.0, 86400.0, calm, 30.0, make_multistep(11), make_full(BALL), NO_NODES)
    assert np.linalg.norm(calm[:3] - y[:3]) > 5.0


def test_nodes_carry_the_light():
    """The acceleration of a node is the whole one: gravity and, from nothing to full light, the Sun's."""
    nodes = np.empty((400, 11))
    y = np.append(orbit(LOW, 0.2, 1.0), 1.0)
    count = coast(0.0, 3000.0, y, 10.0, make_multistep(11), make_full(BALL, 0.0, CRA_M * 1e4), nodes)
    work, a = scratch(), np.empty(3)
    extra = []
    for node in nodes[:count]:
        acceleration(node[0], node[1:4], node[4:7], BALL, 0.0, work, a)
        extra.append(np.linalg.norm(node[7:10] - a))
    extra = np.array(extra) / (PRESSURE * CRA_M * 1e4)
    assert extra.min() < 1e-9 and 0.99 < extra.max() < 1.01
    assert np.array_equal(nodes[count - 1, 1:7], y[:6])
