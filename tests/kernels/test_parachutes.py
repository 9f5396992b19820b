"""Under the parachutes: terminal speed, the schedule, the heat shield and the retro rockets."""

import math

import numpy as np
import pytest

from kernels.atmosphere.us76 import us76
from kernels.constants import G0, MU_EARTH, OMEGA_EARTH
from kernels.entry.parachutes import DROGUE_OUT, FULL, MAIN_OUT, RETRO_FIRE, SHIELD_OFF, TOUCHDOWN, chute_area, descend
from kernels.orbit.forces import scratch
from kernels.records import Chutes, make
from sim.core.ground_site import Site
from tests.tolerance import CHUTE_TERMINAL_REL
from tests.worlds import field, zonal

MASS, CDA = 3240.0, 4.99 * 1.28
CANOPIES = make(
    Chutes,
    body_cda=CDA,
    drogue_cda=24.0 * 0.6,
    drogue_s=16.0,
    main_cda=1200.0 * 0.85,
    reefed=0.07,
    reefed_s=8.0,
    filling_s=3.0,
    shield_mass=300.0,
    shield_altitude=6e3,
    retro_height=1.0,
    retro_thrust=66e3,
    retro_s=0.22,
)
GROUND = 1000.0


def hang(world, chutes=CANOPIES, mass=MASS):
    """From 10 km over 41.6 N at 180 m/s, nearly straight down: nodes, extras, marks, mass at the end."""
    r, v = world.site_eci(Site("there", math.radians(41.6), math.radians(100.0), 10e3), 2000.0)
    y = np.concatenate([r, v - 180.0 * r / np.linalg.norm(r)])
    forces = field(zonal(), world.forces.orientation, sun=world.forces.sun, air=world.forces.air)
    nodes, extras, marks = np.empty((8000, 11)), np.empty((8000, 8)), np.empty((5, 3))
    n, mass = descend(2000.0, y, mass, chutes, forces, GROUND, scratch(), nodes, extras, marks)
    return nodes[:n], extras[:n], marks, mass


def test_terminal_speed_under_the_main_parachute(world):
    """sqrt(2 m g / (rho CdA)) with the weight that the turning Earth leaves, at every height from 7 km down."""
    nodes, extras, marks, mass = hang(world)
    for height in (5.5e3, 4e3, 2e3):
        i = int(np.argmin(np.abs(extras[:, 0] - height)))
        r = np.linalg.norm(nodes[i, 1:4])
        g = MU_EARTH / r**2 - OMEGA_EARTH**2 * r * math.cos(math.radians(41.4)) ** 2
        cda = CANOPIES.main_cda + CANOPIES.body_cda
        expected = math.sqrt(2.0 * nodes[i, 10] * g / (us76(extras[i, 0])[0] * cda))
        assert extras[i, 1] == pytest.approx(expected, rel=CHUTE_TERMINAL_REL)
    assert mass == MASS - CANOPIES.shield_mass
    # 7 to 8 m/s before the rockets fire, as published; without the shield a little less.
    assert 6.0 < marks[RETRO_FIRE, 2] < 8.0


def test_parachutes_open_on_time_and_in_order(world):
    nodes, extras, marks, _ = hang(world)
    assert marks[DROGUE_OUT, 0] == pytest.approx(2001.0, abs=0.051)
    assert marks[MAIN_OUT, 0] == pytest.approx(2017.0, abs=0.051)
    assert np.all(np.diff(marks[:, 0]) > 0.0) and np.all(np.diff(marks[:, 1]) < 0.0)
    assert marks[SHIELD_OFF, 1] == pytest.approx(6e3, abs=1.0)
    assert marks[RETRO_FIRE, 1] == pytest.approx(GROUND + 1.0, abs=0.02)
    assert marks[TOUCHDOWN, 1] == pytest.approx(GROUND, abs=0.02)
    assert extras[:, 3].max() < 6.0
    # 800 to 900 s from 10 km: the published quarter of an hour.
    assert 780.0 < marks[TOUCHDOWN, 0] - 2000.0 < 920.0


def test_retro_rockets_take_off_their_impulse(world):
    """F t / m, less what the canopy no longer carries."""
    _, _, with_fire, mass = hang(world)
    _, _, without, _ = hang(world, CANOPIES._replace(retro_thrust=0.0))
    burnt_s = min(CANOPIES.retro_s, with_fire[TOUCHDOWN, 0] - with_fire[RETRO_FIRE, 0])
    slower = without[TOUCHDOWN, 2] - with_fire[TOUCHDOWN, 2]
    impulse = CANOPIES.retro_thrust * burnt_s / mass
    # The canopy's drag, m g at first, falls with the square of the speed: it restores at most g times the time left.
    assert impulse - G0 * (with_fire[TOUCHDOWN, 0] - with_fire[RETRO_FIRE, 0]) < slower < impulse


@pytest.mark.small
def test_areas_of_the_canopies():
    areas = [chute_area(s, CANOPIES)[0] - CDA for s in (0.5, 1.5, 17.5, 18.5, 25.0, 26.5, 28.5)]
    main = CANOPIES.main_cda
    assert areas == pytest.approx(
        [0.0, 14.4, 0.25 * 0.07 * main, 0.07 * main, 0.07 * main, (0.07 + 0.93 * 0.25) * main, main], abs=1e-9
    )
    assert chute_area(100.0, CANOPIES)[1] == FULL
