"""Published entries: planar ones by an integration of their own four equations, and Allen and Eggers' closed form.

`tests/data/reentry.json` has what another program found for them. The kernel's right-hand side flies them under SciPy,
and the kernel's own loop flies one. Peaks are found between the nodes.
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from kernels.constants import G0
from kernels.entry.dynamics import SUTTON_GRAVES, entry_vehicle
from kernels.entry.entry import OPENED, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import BankSchedule, EntryTarget
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from tests.kernels.reference import ids, load
from tests.made_entry import FLUX, HEIGHT, LOAD, SPEED, flown, planet, start
from tests.tolerance import (
    ALLEN_EGGERS_REL,
    ENTRY_LOOP_REL,
    ENTRY_PEAK_S,
    ENTRY_PLANAR_REL,
    ENTRY_PUBLISHED_REL,
)

CASES = load("reentry.json")
BALL, DENSITY, SCALE_HEIGHT, MU = 6.371e6, 1.225, 7200.0, 3.986004418e14


def capsule(i, lift=1.0):
    """Of 1 kg: the case's area over its mass; of its lift the part in the plane."""
    cda = i["CD"] * i["area_m2"] / i["mass_kg"]
    return make(Capsule, cda=cda, cla=lift * cda * i["L_over_D"], nose=i["nose_radius_m"], bank_rate=1.0)


def planar(i):
    """The published equations themselves, in radius, downrange angle, speed and flight-path angle, at 1e-12."""
    drag_area, bank = i["CD"] * i["area_m2"] / i["mass_kg"], math.radians(i["bank_deg"])

    def air(y):
        rho = DENSITY * math.exp(-(y[0] - BALL) / SCALE_HEIGHT)
        return rho, 0.5 * rho * y[2] ** 2 * drag_area

    def rate(_, y):
        r, _, v, g = y[:4]
        rho, drag = air(y)
        pull, lift = MU / r**2, drag * i["L_over_D"] * math.cos(bank)
        flux = SUTTON_GRAVES * math.sqrt(rho / i["nose_radius_m"]) * v**3
        turn = (lift - (pull - v * v / r) * math.cos(g)) / v
        return [v * math.sin(g), v * math.cos(g) / r, -drag - pull * math.sin(g), turn, flux]

    def low(_, y):
        return y[0] - BALL - i["h_end_m"]

    def load(t):
        return air(run.sol(t))[1] * math.hypot(1.0, i["L_over_D"]) / G0

    low.terminal = True
    y = [BALL + i["h0_m"], 0.0, i["V0_m_s"], math.radians(i["gamma0_deg"]), 0.0]
    run = solve_ivp(rate, (0.0, 2000.0), y, "DOP853", rtol=1e-12, atol=1e-9, events=low, dense_output=True)
    times = np.linspace(0.0, run.t[-1], 1000)
    near = times[int(np.argmax([load(t) for t in times]))]
    t = minimize_scalar(
        lambda t: -load(t), bounds=(near - 2.0, near + 2.0), method="bounded", options={"xatol": 1e-7}
    ).x
    return {
        "t_end_s": run.t[-1],
        "V_end_m_s": run.y[2, -1],
        "gamma_end_deg": math.degrees(run.y[3, -1]),
        "downrange_m": BALL * run.y[1, -1],
        "peak_load_g": load(t),
        "t_peak_load_s": t,
        "h_peak_load_m": run.sol(t)[0] - BALL,
        "heat_load_J_m2": run.y[4, -1],
    }


def found(path, i):
    """The same of a flight by the kernel's right-hand side, and the peak of the heat flux."""
    y, out_of_plane = path.state(path.end), math.hypot(1.0, i["L_over_D"])
    in_plane = math.hypot(1.0, i["L_over_D"] * math.cos(math.radians(i["bank_deg"])))
    (t, load), (hot, flux) = path.peak(LOAD), path.peak(FLUX)
    return {
        "t_end_s": path.end,
        "V_end_m_s": path.seen(path.end)[SPEED],
        "gamma_end_deg": math.degrees(path.angle(path.end)),
        "downrange_m": BALL * math.atan2(y[1], y[0]),
        "peak_load_g": load * out_of_plane / in_plane,
        "t_peak_load_s": t,
        "h_peak_load_m": path.seen(t)[HEIGHT],
        "heat_load_J_m2": path.integral(FLUX),
        "peak_heat_flux_W_m2": flux,
        "t_peak_heat_s": hot,
    }


@pytest.mark.parametrize("case", CASES["planar"], ids=ids(CASES["planar"]))
def test_planar_entry(case):
    """Ballistic, lifting, and lift at 60 deg of bank, of which half acts in the plane."""
    i, expected = case["inputs"], case["expected"]
    forces = planet(BALL, DENSITY, SCALE_HEIGHT, MU)
    craft = capsule(i, lift=math.cos(math.radians(i["bank_deg"])))
    y = start(BALL, i["h0_m"], i["V0_m_s"], math.radians(i["gamma0_deg"]))
    ours, own = found(flown(forces, y, lambda t, y: (craft, 0.0), i["h_end_m"]), i), planar(i)
    for name, value in own.items():
        if name.startswith("t_peak"):
            assert ours[name] == pytest.approx(value, abs=ENTRY_PEAK_S), name
        else:
            assert ours[name] == pytest.approx(value, rel=ENTRY_PLANAR_REL), name
    for name, value in ours.items():
        if name.startswith("t_peak"):
            assert value == pytest.approx(expected[name], abs=ENTRY_PEAK_S), name
        else:
            assert value == pytest.approx(expected[name], rel=ENTRY_PUBLISHED_REL), name


@pytest.mark.parametrize("case", CASES["planar"], ids=ids(CASES["planar"]))
def test_the_kernels_own_loop_flies_it_too(case):
    """In steps of 0.1 s, unguided; the peaks by the parabola through three nodes."""
    i, expected = case["inputs"], case["expected"]
    log = entry_log(20000)
    status, n = fly_entry(
        0.0,
        start(BALL, i["h0_m"], i["V0_m_s"], math.radians(i["gamma0_deg"])),
        entry_vehicle(1.0, capsule(i, lift=math.cos(math.radians(i["bank_deg"])))),
        *2 * (planet(BALL, DENSITY, SCALE_HEIGHT, MU),),
        EntryTarget(position=BALL * np.array([0.0, 1.0, 0.0]), opening_altitude=i["h_end_m"]),
        BankSchedule(start=0.0, end=0.0, end_energy=1.0),
        EntryControl(guided=0, step=0.1, limit=5000.0, side=1.0),
        scratch(),
        log,
    )
    assert status == OPENED
    t, r = log.nodes[:n, 0], log.nodes[:n, 1:4]
    assert t[-1] == pytest.approx(expected["t_end_s"], rel=ENTRY_LOOP_REL)
    assert BALL * math.atan2(r[-1, 1], r[-1, 0]) == pytest.approx(expected["downrange_m"], rel=ENTRY_LOOP_REL)
    at, flux = parabola(t, log.extras[:n, FLUX])
    assert flux == pytest.approx(expected["peak_heat_flux_W_m2"], rel=ENTRY_LOOP_REL)
    assert at == pytest.approx(expected["t_peak_heat_s"], abs=ENTRY_PEAK_S)
    assert parabola(t, log.extras[:n, LOAD])[0] == pytest.approx(expected["t_peak_load_s"], abs=ENTRY_PEAK_S)


def parabola(t, values):
    """Time and value of the largest, by the parabola through it and its neighbours."""
    i = int(np.argmax(values))
    a, b, c = np.polyfit(t[i - 1 : i + 2] - t[i], values[i - 1 : i + 2], 2)
    return t[i] - b / (2 * a), c - b * b / (4 * a)


# A straight line and no gravity: a planet so large that it is flat, and air as it is. Lift has no direction at 90 deg.
FLAT, STRAIGHT_DOWN = 1.0e12, 89.99


@pytest.mark.parametrize("case", CASES["allen_eggers"], ids=lambda c: f"{c['inputs']['gamma_deg']} deg")
def test_allen_eggers(case):
    """Largest load and heat flux, where and how fast, and the whole profile of the speed."""
    i, expected = case["inputs"], case["expected"]
    angle = math.radians(min(i["gamma_deg"], STRAIGHT_DOWN))
    craft = make(Capsule, cda=1.0 / i["beta_kgm2"], cla=0.0, nose=1.0, bank_rate=1.0)
    y = start(FLAT, 1.5e5, i["V_e"], -angle)
    forces, end = planet(FLAT, i["rho0"], i["H"], 1e-6), max(expected["h_at_a_max"] - 8e3, 0.0)
    path = flown(forces, y, lambda t, y: (craft, 0.0), end, rtol=1e-9, atol=1e-4)
    (slow, load), (hot, _) = path.peak(LOAD), path.peak(FLUX)
    assert load == pytest.approx(expected["a_max_g"], rel=ALLEN_EGGERS_REL)
    for t, name in ((slow, "a_max"), (hot, "qdot_max")):
        assert path.seen(t)[HEIGHT] == pytest.approx(expected[f"h_at_{name}"], abs=ALLEN_EGGERS_REL * i["H"])
        assert path.seen(t)[SPEED] == pytest.approx(expected[f"V_at_{name}"], rel=ALLEN_EGGERS_REL)
    for t in np.linspace(0.0, path.end, 50):
        height, speed = path.seen(t)[:2]
        rho = i["rho0"] * math.exp(-height / i["H"])
        closed = i["V_e"] * math.exp(-rho * i["H"] / (2.0 * i["beta_kgm2"] * math.sin(angle)))
        assert speed == pytest.approx(closed, rel=ALLEN_EGGERS_REL)
