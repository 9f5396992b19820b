"""Under the parachutes: terminal speed, the schedule, opening loads, drift, energy, and what breaks."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.atmosphere.air import CONSTANT, US76
from kernels.atmosphere.us76 import us76
from kernels.constants import G0, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.entry.parachutes import (
    BACKUP_OUT,
    COVER_OFF,
    DISREEFED,
    DROGUE,
    DROGUE_OUT,
    FILLING,
    FULL,
    MAIN_FAILED,
    MAIN_OUT,
    OF_BACKUP,
    OF_DROGUE,
    OF_MAIN,
    REEFED,
    RETRO_FIRE,
    SEATS_UP,
    SHIELD_OFF,
    TOUCHDOWN,
    WAITING,
    DescentWork,
    chute_area,
    chute_derivative,
    descend,
    descent_log,
    refresh_field,
)
from kernels.orbit.forces import scratch
from kernels.records import Air, Chutes, make
from sim.core.ground_site import Site
from tests.tolerance import CHUTE_STEP_M, CHUTE_STEP_M_S, CHUTE_TERMINAL_REL, CHUTE_WORK_REL, OPENING_LOAD_REL
from tests.worlds import field, turning, zonal

MASS, CDA = 3240.0, 4.99 * 1.28
CANOPIES = make(
    Chutes,
    body_cda=CDA,
    opening=10e3,
    drogue_cda=24.0 * 0.6,
    drogue_filling_s=0.5,
    drogue_s=16.0,
    main_cda=1200.0 * 0.85,
    reefed=0.07,
    reefed_filling_s=1.0,
    reefed_s=8.0,
    filling_s=3.0,
    backup_cda=760.0 * 0.85,
    backup_height=6e3,
    backup_drogue_s=8.0,
    shield_mass=300.0,
    shield_altitude=6e3,
    seats_s=10.0,
    retro_height=1.0,
    retro_thrust=66e3,
    retro_s=0.22,
)
GROUND = 1000.0
CALM = np.zeros((0, 3))
EMPTY = {"table": np.zeros((1, 2, 2, 1)), "ut0": 0.0, "x0": 4.0, "dx": 1.0, "scale": 1.0}


def hang(world, chutes=CANOPIES, mass=MASS, wind=CALM, capacity=8000, height=10e3):
    """From 10 km over 41.6 N at 180 m/s, straight down over the ground: log, rows of it, mass and state at the end."""
    r, v = world.site_eci(Site("there", math.radians(41.6), math.radians(100.0), height), 2000.0)
    y = np.concatenate([r, v - 180.0 * r / np.linalg.norm(r)])
    forces = field(zonal(), world.forces.orientation, sun=world.forces.sun, air=world.forces.air)
    log = descent_log(capacity)
    n, mass = descend(2000.0, y, mass, chutes, forces, wind, GROUND, scratch(), log)
    return log, n, mass, y


def still(model=US76, mu=MU_EARTH, speed=180.0, chutes=CANOPIES, ground=GROUND, **air):
    """The same over an Earth that does not turn, in air that stands still; any pull of gravity."""
    forces = field(zonal(mu), turning(0.0), air=make(Air, **EMPTY, model=model, wind=0.0, **air))
    y = np.array([R_EQUATOR + 10e3, 0.0, 0.0, -speed, 0.0, 0.0])
    log = descent_log(8000)
    n, _ = descend(0.0, y, MASS, chutes, forces, CALM, ground, scratch(), log)
    return log, n


def test_terminal_speed_under_the_main_parachute(world):
    """sqrt(2 m g / (rho CdA)) with the weight that the turning Earth leaves, at every height from 7 km down."""
    log, n, mass, _ = hang(world)
    nodes, extras = log.nodes[:n], log.extras[:n]
    for height in (5.5e3, 4e3, 2e3):
        i = int(np.argmin(np.abs(extras[:, 0] - height)))
        r = np.linalg.norm(nodes[i, 1:4])
        g = MU_EARTH / r**2 - OMEGA_EARTH**2 * r * math.cos(math.radians(41.4)) ** 2
        cda = CANOPIES.main_cda + CANOPIES.body_cda
        expected = math.sqrt(2.0 * nodes[i, 10] * g / (us76(extras[i, 0])[0] * cda))
        assert extras[i, 1] == pytest.approx(expected, rel=CHUTE_TERMINAL_REL)
    assert mass == MASS - CANOPIES.shield_mass
    # 7 to 8 m/s before the rockets fire, as published; without the shield a little less.
    assert 6.0 < log.marks[RETRO_FIRE, 2] < 8.0


def test_parachutes_open_on_time_and_in_order(world):
    log, n, _, _ = hang(world)
    marks = log.marks
    assert marks[DROGUE_OUT, 0] == pytest.approx(2001.0, abs=1e-5)
    assert marks[MAIN_OUT, 0] == pytest.approx(2017.0, abs=1e-5)
    assert marks[DISREEFED, 0] == pytest.approx(2025.0, abs=1e-5)
    order = (COVER_OFF, DROGUE_OUT, MAIN_OUT, DISREEFED, SHIELD_OFF, SEATS_UP, RETRO_FIRE, TOUCHDOWN)
    in_order = marks[list(order)]
    assert np.all(np.diff(in_order[:, 0]) > 0.0) and np.all(np.diff(in_order[:, 1]) < 0.0)
    assert not marks[[MAIN_FAILED, BACKUP_OUT]].any() and log.loads[OF_BACKUP, 0] == 0.0
    assert marks[SHIELD_OFF, 1] == pytest.approx(6e3, abs=6.0)  # a step of half a second at 10 m/s
    assert marks[SEATS_UP, 0] - marks[SHIELD_OFF, 0] == pytest.approx(10.0, abs=0.5)
    assert marks[RETRO_FIRE, 1] == pytest.approx(GROUND + 1.0, abs=0.02)
    assert marks[TOUCHDOWN, 1] == pytest.approx(GROUND, abs=1e-3)
    assert log.extras[:n, 3].max() < 6.0
    # 800 to 900 s from 10 km: the published quarter of an hour.
    assert 780.0 < marks[TOUCHDOWN, 0] - 2000.0 < 920.0


def test_a_descent_that_is_not_logged_is_the_same(world):
    """To the bit: where the steps end does not ask whether a row is kept."""
    whole, n, mass, y = hang(world)
    bare, none, same, end = hang(world, capacity=0)
    assert n > 1000 and none == 0 and same == mass
    assert np.array_equal(whole.marks, bare.marks) and np.array_equal(whole.loads, bare.loads)
    assert np.array_equal(y, end)


def test_retro_rockets_take_off_their_impulse(world):
    """F t / m, less what the canopy no longer carries."""
    with_fire, _, mass, _ = hang(world)
    without, *_ = hang(world, CANOPIES._replace(retro_thrust=0.0))
    burnt_s = min(CANOPIES.retro_s, with_fire.marks[TOUCHDOWN, 0] - with_fire.marks[RETRO_FIRE, 0])
    slower = without.marks[TOUCHDOWN, 2] - with_fire.marks[TOUCHDOWN, 2]
    impulse = CANOPIES.retro_thrust * burnt_s / mass
    # The canopy's drag, m g at first, falls with the square of the speed: it restores at most g times the time left.
    assert impulse - G0 * (with_fire.marks[TOUCHDOWN, 0] - with_fire.marks[RETRO_FIRE, 0]) < slower < impulse


@pytest.mark.small
def test_areas_of_the_canopies():
    stages = ((DROGUE, 0.25), (DROGUE, 1.0), (REEFED, 0.5), (REEFED, 2.0), (FILLING, 1.5), (FULL, 99.0), (WAITING, 5.0))
    areas = [chute_area(canopy, s, CANOPIES, 0) - CDA for canopy, s in stages]
    main = CANOPIES.main_cda
    expected = [3.6, 14.4, 0.25 * 0.07 * main, 0.07 * main, (0.07 + 0.93 * 0.25) * main, main, 0.0]
    assert areas == pytest.approx(expected, abs=1e-9)
    assert chute_area(FULL, 0.0, CANOPIES, 1) - CDA == pytest.approx(CANOPIES.backup_cda)


# ---- opening loads


def pflanz(ballistic: float) -> float:
    """The opening force of a canopy whose area grows with the square of the time, over the drag of the full one at the
    first speed: Pflanz' closed form (Knacke, NWC TP 6575, 5.4, n = 2), by A = 2 m / (rho v CdA t_f).

    v / v0 = 1 / (1 + x^3 / 3A) with x = t / t_f; F / F0 = x^2 (v / v0)^2 is largest where x^3 = 1.5 A, or at the end.
    """
    x = min(1.0, (1.5 * ballistic) ** (1.0 / 3.0))
    return x * x / (1.0 + x**3 / (3.0 * ballistic)) ** 2


@pytest.mark.parametrize("mass_ratio", [0.02, 0.1, 0.5, 3.0])
def test_opening_load_is_that_of_pflanz(mass_ratio):
    """Without gravity, in air of one density, without the capsule's own drag: finite mass from light to heavy."""
    rho, speed = 0.4, 150.0
    cda = 2.0 * MASS / (rho * speed * CANOPIES.drogue_filling_s * mass_ratio)
    alone = CANOPIES._replace(body_cda=1e-9, drogue_cda=cda, drogue_s=2.0, reefed=1e-9, opening=2e4)
    x = np.linspace(0.0, 1.0, 1001)
    flown = speed * CANOPIES.drogue_filling_s * np.trapezoid(1.0 / (1.0 + x**3 / (3.0 * mass_ratio)), x)
    ground = 10e3 - speed - 1.05 * flown  # a second under the pilot parachutes, and a little more than the filling
    log, _ = still(CONSTANT, mu=1.0, speed=speed, chutes=alone, ground=ground, density=rho)
    expected = pflanz(mass_ratio) * 0.5 * rho * speed**2 * cda
    assert log.loads[OF_DROGUE, 0] == pytest.approx(expected, rel=OPENING_LOAD_REL)


@pytest.mark.small
def test_pflanz_has_its_published_limits():
    """A heavy body is not slowed while the canopy fills: factor 1; a light one is, as A^(2/3) 1.5^(2/3) / 2.25."""
    assert pflanz(1e6) == pytest.approx(1.0, abs=1e-5)
    assert pflanz(1e-3) == pytest.approx((1.5e-3) ** (2.0 / 3.0) / 2.25, rel=1e-12)
    assert 0.09 < pflanz(0.1) < 0.14  # Knacke, fig 5-52: about 0.12


# ---- drift and energy


def test_a_uniform_wind_carries_the_capsule_wind_times_time(world):
    """Within what its inertia takes: it starts at rest over the ground, and goes along after v / g of a few seconds."""
    toward = 10.0
    wind = np.array([[0.0, toward, 0.0], [20e3, toward, 0.0]])
    calm, _, _, _ = hang(world)
    log, n, _, y = hang(world, wind=wind)
    t = log.marks[TOUCHDOWN, 0]
    latitude, longitude, _ = world.geodetic([t], [y[:3]])
    east = math.radians(longitude[0] - 100.0) * math.cos(math.radians(41.6)) * (R_EQUATOR + 10e3)
    late = toward * (t - 2000.0) - east
    assert 0.0 < late < toward * 8.0
    assert abs(latitude[0] - 41.6) < 1e-3
    assert t == pytest.approx(calm.marks[TOUCHDOWN, 0], abs=0.5)
    # Under the main it moves with the wind: the air that it meets comes from below.
    assert log.marks[RETRO_FIRE, 2] == pytest.approx(calm.marks[RETRO_FIRE, 2], rel=1e-4)


def test_energy_goes_into_the_air():
    """The specific energy lost is the work of the drag, load times speed through the still air, from edge to edge."""
    log, n = still(chutes=CANOPIES._replace(retro_thrust=0.0))
    t, extras = log.nodes[:n, 0], log.extras[:n]
    power = extras[:, 3] * G0 * extras[:, 1]
    work = float(np.sum(0.5 * np.diff(t) * (power[1:] + power[:-1])))
    assert extras[-1, 5] - extras[0, 5] == pytest.approx(work, rel=CHUTE_WORK_REL)


# ---- what breaks, and what is read wrongly


def test_a_main_parachute_that_fails_gives_way_to_its_back_up(world):
    """It falls on as a capsule alone to the height of the back-up, and comes down as fast as that is smaller."""
    log, n, mass, _ = hang(world, CANOPIES._replace(main_fails=1))
    marks, extras = log.marks, log.extras[:n]
    assert marks[MAIN_FAILED, 0] == pytest.approx(2017.0, abs=1e-5)
    assert marks[BACKUP_OUT, 1] == pytest.approx(6e3, abs=0.25 * 125.0)
    assert marks[MAIN_OUT, 0] - marks[BACKUP_OUT, 0] == pytest.approx(1.0 + CANOPIES.backup_drogue_s, abs=1e-5)
    assert marks[BACKUP_OUT, 2] > 100.0
    assert log.loads[OF_MAIN, 0] == 0.0 and log.loads[OF_BACKUP, 0] > 0.0
    g = MU_EARTH / np.linalg.norm(log.nodes[n - 1, 1:4]) ** 2 - OMEGA_EARTH**2 * 6.37e6 * math.cos(0.723) ** 2
    cda = CANOPIES.backup_cda + CANOPIES.body_cda
    expected = math.sqrt(2.0 * mass * g / (us76(GROUND)[0] * cda))
    assert marks[RETRO_FIRE, 2] == pytest.approx(expected, rel=CHUTE_TERMINAL_REL)
    assert extras[:, 3].max() < 8.0


def test_without_a_back_up_a_failed_main_parachute_is_the_end(world):
    """It falls to the ground as a capsule alone, at its terminal speed, and no mark says that anything else opened."""
    log, n, mass, _ = hang(world, CANOPIES._replace(main_fails=1, backup_cda=0.0))
    marks = log.marks
    assert not marks[[BACKUP_OUT, MAIN_OUT, DISREEFED, SHIELD_OFF, SEATS_UP, RETRO_FIRE]].any() and mass == MASS
    assert marks[TOUCHDOWN, 1] == pytest.approx(GROUND, abs=1e-3)
    assert marks[TOUCHDOWN, 2] == pytest.approx(math.sqrt(2.0 * MASS * 9.79 / (us76(GROUND)[0] * CDA)), rel=0.03)


def test_heights_are_those_that_are_read(world):
    """A barometer 150 m too high lets the cover go 150 m too low; one too low cannot open before the descent begins."""
    log, *_ = hang(world, CANOPIES._replace(barometer=150.0, altimeter=0.3))
    marks = log.marks
    assert marks[COVER_OFF, 1] == pytest.approx(10e3 - 150.0, abs=0.05 * 180.0 + 1.0)
    assert marks[SHIELD_OFF, 1] == pytest.approx(6e3 - 150.0, abs=6.0)
    assert marks[RETRO_FIRE, 1] == pytest.approx(GROUND + 0.7, abs=0.02)
    low, *_ = hang(world, CANOPIES._replace(barometer=-150.0, altimeter=-0.3))
    assert low.marks[COVER_OFF, 0] == 2000.0
    assert low.marks[SHIELD_OFF, 1] == pytest.approx(6e3 + 150.0, abs=6.0)
    assert low.marks[RETRO_FIRE, 1] == pytest.approx(GROUND + 1.3, abs=0.02)


def test_steps_and_a_field_that_is_kept_are_fine_enough(world):
    """A minute under the main in a wind that shears, against scipy at 1e-10 with the field taken anew at every call."""
    wind = np.array([[1e3, 5.0, -2.0], [3e3, 10.0, 0.0], [7e3, 14.0, 3.0], [10e3, 30.0, 8.0]])
    log, n, _, _ = hang(world, wind=wind)
    forces = field(zonal(), world.forces.orientation, sun=world.forces.sun, air=world.forces.air)
    work = DescentWork(scratch(), np.empty((4, 6)), np.empty(6), np.empty(6), np.empty(3))
    nodes, dy = log.nodes[:n], np.empty(6)
    first = int(np.searchsorted(nodes[:, 0], 2090.0))
    last = int(np.searchsorted(nodes[:, 0], 2150.0))
    area = CANOPIES.body_cda + CANOPIES.main_cda

    def right_hand_side(t, y):
        refresh_field(t, y, forces, work)
        chute_derivative(t, y, MASS, area, 0.0, forces, wind, work, dy)
        return dy.copy()

    span = nodes[first, 0], nodes[last, 0]
    y = solve_ivp(right_hand_side, span, nodes[first, 1:7].copy(), "LSODA", rtol=1e-10, atol=1e-6).y[:, -1]
    assert np.linalg.norm(y[:3] - nodes[last, 1:4]) < CHUTE_STEP_M
    assert np.linalg.norm(y[3:] - nodes[last, 4:7]) < CHUTE_STEP_M_S
