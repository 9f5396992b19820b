"""Limit cases of a lifting entry: the range of an equilibrium glide, the closed form of a skip, and Chapman's loads.

Chapman (NASA TR R-11, 1959) brings the equations of an entry to one of second order, in Z = rho/2 (cd A/m) sqrt(r/beta)
u against u = v cos(angle)/sqrt(g r), by leaving out what is small in 1/(beta r), 0.1 % for the Earth. It is integrated
here by itself.
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from kernels.constants import G0
from kernels.records import Capsule, make
from tests.made_entry import HEIGHT, LOAD, SPEED, flown, planet, start
from tests.tolerance import CHAPMAN_DEG, CHAPMAN_REL, GLIDE_RANGE_REL, SKIP_REL

BALL, DENSITY, SCALE_HEIGHT, MU = 6.371e6, 1.225, 7200.0, 3.986004418e14
CDA = 1.0 / 450.0  # m2/kg, of Shenzhou's kind
FROM, SPEED_0 = 85e3, 7700.0  # m, m/s: low, for Chapman leaves out what is gained by falling through air so thin
AMID = BALL + 50e3  # m: his radius and his gravity are constants
GRAVITY = MU / AMID**2


def craft(ratio, cda=CDA):
    return make(Capsule, cda=cda, cla=ratio * cda, nose=1.0, bank_rate=1.0)


def always(capsule, bank=0.0):
    return lambda t, y: (capsule, bank)


# ---- the glide in equilibrium


@pytest.mark.parametrize(("ratio", "limit"), GLIDE_RANGE_REL.items())
def test_range_of_a_glide_in_equilibrium(ratio, limit):
    """R = (r/2) (L/D) ln(1/(1 - V^2/Vc^2)), full lift up from where lift and weight agree: Saenger's formula. It leaves
    out the angle of the path, which grows as the lift falls."""
    # Lift carries what the path's curvature does not, V^2/r: there is just this density at the speed it begins with.
    capsule, speed, radius = craft(ratio), 7000.0, BALL + 60e3
    density = 2.0 * (MU / radius**2 - speed**2 / radius) / (speed**2 * capsule.cla)
    height = -SCALE_HEIGHT * math.log(density / DENSITY)
    # The path that stays in equilibrium: d(rho)/dt by the drag, divided by the scale height.
    circular = math.sqrt(MU / (BALL + height))
    angle = -2.0 * SCALE_HEIGHT / (BALL + height) * (circular / speed) ** 2 / ratio
    path = flown(
        planet(BALL, DENSITY, SCALE_HEIGHT, MU), start(BALL, height, speed, angle), always(capsule), 25e3, rtol=1e-8
    )

    def travelled(t):
        y = path.state(t)
        return BALL * math.atan2(y[1], y[0])

    slow = 2000.0
    late = path.crossing(SPEED, slow)
    formula = 0.5 * BALL * ratio * math.log((1.0 - (slow / circular) ** 2) / (1.0 - (speed / circular) ** 2))
    assert travelled(late) == pytest.approx(formula, rel=limit)


# ---- the skip


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.5])
def test_a_skip_leaves_at_the_angle_it_came_with(ratio):
    """Without gravity the angle turns by the lift alone: V = V0 exp((a0 - a)/(L/D)) all the way, and the deepest air is
    (1 - cos a0) 2/(H cl A/m): Eggers, Allen and Neice, NACA TN 4046 (1957)."""
    ball, angle, speed = 1.0e12, math.radians(-8.0), 9000.0
    capsule = craft(ratio)
    y = start(ball, 1.5e5, speed, angle)
    deepest = (1.0 - math.cos(angle)) * 2.0 / (SCALE_HEIGHT * capsule.cla)
    lowest = -SCALE_HEIGHT * math.log(deepest / DENSITY)
    path = flown(
        planet(ball, DENSITY, SCALE_HEIGHT, 1e-6), y, always(capsule), -1e9, span=(0.0, 400.0), until=1.5e5, atol=1e-4
    )
    times = np.linspace(0.0, path.end, 300)
    heights = np.array([path.seen(t)[HEIGHT] for t in times])
    assert heights.min() == pytest.approx(lowest, abs=SKIP_REL * SCALE_HEIGHT + 5.0)  # 5 m: between two samples
    assert path.angle(path.end) == pytest.approx(-angle, rel=SKIP_REL)
    for t in times[::20]:
        law = speed * math.exp((angle - path.angle(t)) / ratio)
        assert path.seen(t)[SPEED] == pytest.approx(law, rel=SKIP_REL)


# ---- Chapman's equation


def chapman(ratio, degrees):
    """Largest load, g, of an entry at this angle from the interface, by Chapman's equation."""
    angle, root = math.radians(degrees), math.sqrt(AMID / SCALE_HEIGHT)
    u = SPEED_0 * math.cos(angle) / math.sqrt(GRAVITY * AMID)
    z = 0.5 * DENSITY * math.exp(-FROM / SCALE_HEIGHT) * CDA * math.sqrt(AMID * SCALE_HEIGHT) * u

    def rate(s, y):  # s = -u, so that it grows
        u, (z, slope) = -s, y
        sine = (slope - z / u) / root
        cosine = math.sqrt(max(1.0 - sine * sine, 1e-12))
        second = ((slope - z / u) + (1.0 - u * u) / (u * z) * cosine**4 - root * ratio * cosine**3) / u
        return [-slope, -second]

    run = solve_ivp(rate, (-u, -0.1), [z, root * math.sin(angle) + z / u], "LSODA", rtol=1e-9, atol=1e-14)
    sine = (run.y[1] + run.y[0] / run.t) / root
    load = root * -run.t * run.y[0] * GRAVITY / G0 / (1.0 - np.clip(sine * sine, 0.0, 0.9))
    return float(load.max()) * math.hypot(1.0, ratio)


def ours(ratio, degrees):
    y = start(BALL, FROM, SPEED_0, math.radians(degrees))
    return flown(planet(BALL, DENSITY, SCALE_HEIGHT, MU), y, always(craft(ratio)), 15e3, rtol=1e-7, atol=1e-3).peak(
        LOAD
    )[1]


@pytest.mark.parametrize("ratio", [0.0, 0.15, 0.3])
@pytest.mark.parametrize("degrees", [-1.5, -2.5, -4.0])
def test_largest_load_is_chapmans(ratio, degrees):
    assert ours(ratio, degrees) == pytest.approx(chapman(ratio, degrees), rel=CHAPMAN_REL)


@pytest.mark.parametrize(("ratio", "limit"), [(0.0, 12.0), (0.3, 6.0)], ids=["12 g without lift", "6 g with lift"])
def test_overload_boundary_is_chapmans(ratio, limit):
    """The steepest entry whose load stays under a limit."""
    steepest = [brentq(lambda x, how=how: how(ratio, x) - limit, -5.5, -1.5, xtol=2e-3) for how in (ours, chapman)]
    assert steepest[0] == pytest.approx(steepest[1], abs=CHAPMAN_DEG)
