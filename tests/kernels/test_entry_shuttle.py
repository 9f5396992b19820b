"""The Space Shuttle's entry that leads furthest north, as published: the controls that our own optimiser found
(`python -m benches shuttle_entry`), flown by the kernel's right-hand side in three dimensions.

Source of the optimum: Betts, Practical Methods for Optimal Control. Angle of attack and bank are steered, so lift and
drag are another capsule's at every instant.
"""

import json
import math

import pytest
from scipy.interpolate import CubicSpline

from kernels.records import Capsule, make
from tests.kernels.reference import DATA, load
from tests.made_entry import HEIGHT, SPEED, flown, planet, start
from tests.tolerance import SHUTTLE_END_REL, SHUTTLE_HEATING, SHUTTLE_REL

PUBLISHED, CONTROLS = load("reentry.json")["betts"], json.loads((DATA / "shuttle_entry.json").read_text())
FT, SLUG_FT3 = 0.3048, 14.593902937 / 0.3048**3  # m; kg/m3
CONSTANTS, FIRST, LAST = (PUBLISHED[k] for k in ("constants", "initial", "final"))
BALL = CONSTANTS["Re_ft"] * FT
MASS = CONSTANTS["w_lb"] / CONSTANTS["g0"] * 14.593902937  # kg


@pytest.fixture(scope="module", params=["free", "heating"])
def shuttle(request):
    """The flight to the published height, and its angle of attack by time."""
    held = CONTROLS[request.param]
    even = [i * held["t_f_s"] / (len(held["alpha_deg"]) - 1) for i in range(len(held["alpha_deg"]))]
    alpha, bank = (CubicSpline(even, held[key]) for key in ("alpha_deg", "bank_deg"))
    per_kg = CONSTANTS["S_ft2"] * FT**2 / MASS

    def vehicle(t, y):
        a = float(alpha(t))
        lift, drag = -0.20704 + 0.029244 * a, 0.07854 - 0.61592e-2 * a + 0.621408e-3 * a * a
        craft = make(Capsule, cda=per_kg * drag, cla=per_kg * lift, nose=1.0, bank_rate=1.0)
        return craft, math.radians(float(bank(t)))

    forces = planet(BALL, CONSTANTS["rho0"] * SLUG_FT3, CONSTANTS["hr_ft"] * FT, CONSTANTS["mu_ft3s2"] * FT**3)
    y = start(BALL, FIRST["h_ft"] * FT, FIRST["v_ftps"] * FT, math.radians(FIRST["gamma_deg"]))
    path = flown(forces, y, vehicle, LAST["h_ft"] * FT, rtol=1e-9, atol=1e-3)
    optimum = PUBLISHED["optimum"]
    return path, alpha, optimum if request.param == "free" else optimum["with_q_le_70"]


def test_it_ends_as_asked_and_as_far_north_as_published(shuttle):
    path, _, optimum = shuttle
    y = path.state(path.end)
    assert path.seen(path.end)[SPEED] / FT == pytest.approx(LAST["v_ftps"], rel=SHUTTLE_END_REL)
    assert math.degrees(path.angle(path.end)) == pytest.approx(LAST["gamma_deg"], rel=SHUTTLE_END_REL)
    north = math.degrees(math.atan2(y[2], math.hypot(y[0], y[1])))
    assert north == pytest.approx(optimum["theta_deg"], rel=SHUTTLE_REL)
    assert path.end == pytest.approx(optimum["t_f_s"], rel=SHUTTLE_REL)


def test_its_heating_keeps_the_limit_that_it_was_found_with(shuttle):
    """BTU/ft2/s, by the published formula; without the limit it is more than twice as hot."""
    path, alpha, optimum = shuttle

    def hot(t):
        a, (height, speed) = float(alpha(t)), path.seen(t)[[HEIGHT, SPEED]] / FT
        factor = 1.0672181 + a * (-0.19213774e-1 + a * (0.21286289e-3 - a * 0.10117249e-5))
        rho = CONSTANTS["rho0"] * math.exp(-height / CONSTANTS["hr_ft"])
        return factor * 17700.0 * math.sqrt(rho) * (1e-4 * speed) ** 3.07

    hottest = max(hot(i * path.end / 300.0) for i in range(301))
    if optimum is PUBLISHED["optimum"]:
        assert hottest > 140.0
    else:
        assert hottest == pytest.approx(70.0, abs=SHUTTLE_HEATING)
