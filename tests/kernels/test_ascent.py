"""The ascent kernel: bookkeeping of mass, the rocket equation in empty space, and a Long March from the real pad."""

import math
import tomllib

import numpy as np
import pytest

from kernels.ascent.ascent import HIT_GROUND, IN_ORBIT, OUT_OF_PROPELLANT, ascent_log, drag_coefficient, fly_ascent
from kernels.ascent.guidance import navigated_state
from kernels.ascent.launcher import DROP, EXIT, FLOW, THRUST
from kernels.ascent.steering import local_up
from kernels.ascent.upfg import CutoffTarget
from kernels.atmosphere.us76 import us76
from kernels.constants import G0, MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import state_to_elements
from sim.build.launcher import launch_vehicle
from sim.core.ground_site import Site
from sim.files.paths import VEHICLES
from sim.scenario.catalogue import LauncherFile
from tests.tolerance import (
    ASCENT_LOAD_REL,
    ASCENT_ROCKET_REL,
    ASCENT_STEP_M,
    BOOKKEEPING_KG,
    UPFG_APSIS_M,
    UPFG_PLANE_DEG,
)
from tests.worlds import field, turning, zonal

SEA_LEVEL_PA = 101325.0
PAD = Site("Jiuquan, pad 921", math.radians(40.9583), math.radians(100.2914), 1073.0)
LIFTOFF = 31.0  # s after the world's zero: 2025-04-24T09:17:31
KICK, AZIMUTH = math.radians(0.605), math.radians(102.90)  # as the search finds them for this vehicle and plane
PERIGEE, APOGEE = R_EQUATOR + 200e3, R_EQUATOR + 350e3
SPEED = math.sqrt(2.0 * MU_EARTH * (1.0 / PERIGEE - 1.0 / (PERIGEE + APOGEE)))


FILE = LauncherFile.model_validate(tomllib.loads((VEHICLES / "cz2f-g.toml").read_text(encoding="utf-8")))
VEHICLE = launch_vehicle(FILE)
ROCKET = VEHICLE.record._replace(payload=8082.0)
BOOSTERS, CORE, UPPER = FILE.stages
# Rows of the edges that the kernel marks: the four phases, then what the clock throws off
BOOSTER_ROW, STAGE_1, MAIN_CUTOFF, INSERTION, TOWER, FAIRING = range(6)


class Flight:
    """One call of the kernel with its histories: only a bag for the tests."""

    def __init__(self, world, rocket=ROCKET, kick=KICK, dt=0.25):
        self.r0, self.v0 = world.site_eci(PAD, LIFTOFF)
        self.normal = plane(world)
        log = ascent_log(rocket, 6000)
        self.events = log.marks
        target = CutoffTarget(normal=self.normal, radius=PERIGEE, speed=SPEED, climb=0.0)
        self.status, count, self.left, self.residual = fly_ascent(
            LIFTOFF, self.r0, self.v0, kick, AZIMUTH, target, rocket, world.forces._replace(drag=0), dt, log
        )
        self.nodes, self.extras, self.rocket = log.nodes[:count], log.extras[:count], rocket


def plane(world):
    """A plane of 41.467 deg, flown to the south-east, 0.2 deg south of the pad: as on all flights since 2022."""
    inclination, node = math.radians(41.467), math.radians(347.9587)
    h = [math.sin(inclination) * math.sin(node), -math.sin(inclination) * math.cos(node), math.cos(inclination)]
    return world.true_of_date(LIFTOFF).T @ np.array(h)


@pytest.fixture(scope="module")
def flight(world):
    return Flight(world)


def check_insertion(flight):
    r, v = flight.nodes[-1, 1:4], flight.nodes[-1, 4:7]
    a, e = state_to_elements(r, v, MU_EARTH)[:2]
    assert flight.status == IN_ORBIT
    assert a * (1.0 - e) == pytest.approx(PERIGEE, abs=UPFG_APSIS_M)
    assert a * (1.0 + e) == pytest.approx(APOGEE, abs=UPFG_APSIS_M)
    h = np.cross(r, v)
    assert math.degrees(math.acos(min(1.0, flight.normal @ h / np.linalg.norm(h)))) < UPFG_PLANE_DEG


def test_it_reaches_the_orbit(flight):
    """200 x 350 km in the plane; reached 0.1 and 0.4 km, 0.0002 deg, with 810 kg left in the second stage."""
    check_insertion(flight)
    assert flight.left == pytest.approx(810.0, abs=60.0)
    assert abs(flight.residual) < 0.1


def test_mass_closes(flight):
    """Lift-off mass is payload, everything dropped and everything burnt; each separation drops what the file says."""
    x = flight.rocket
    full = sum(s.count * (s.propellant_kg + s.dry_mass_kg) for s in FILE.stages)
    full += sum(j.mass_kg for j in FILE.jettisons) + x.payload
    assert flight.nodes[0, 10] == full
    assert flight.nodes[-1, 10] == pytest.approx(x.payload + UPPER.dry_mass_kg + flight.left, abs=BOOKKEEPING_KG)
    met, mass = flight.nodes[:, 0] - LIFTOFF, flight.nodes[:, 10]
    dropped = {
        TOWER: FILE.jettisons[0].mass_kg,
        BOOSTER_ROW: 4 * (BOOSTERS.dry_mass_kg + BOOSTERS.residual_kg),
        STAGE_1: CORE.dry_mass_kg + CORE.residual_kg,
        FAIRING: FILE.jettisons[1].mass_kg,
    }
    for row, expected in dropped.items():
        after = int(np.searchsorted(met, flight.events[row, 0] - 1e-7)) + 1  # an edge is a pair of nodes
        assert met[after] == met[after - 1]
        assert mass[after - 1] - mass[after] == pytest.approx(expected, abs=BOOKKEEPING_KG)
        assert flight.events[row, 1] == mass[after]
    burnt = full - mass[-1] - sum(dropped.values())
    propellant = sum(s.count * (s.propellant_kg - s.residual_kg) for s in FILE.stages)
    assert burnt == pytest.approx(propellant - flight.left, abs=BOOKKEEPING_KG)


def test_events_come_when_the_tanks_and_the_clock_say(flight):
    at = flight.events[:, 0]

    def duration(stage):
        engine = stage.engines[0]
        flow = engine.count * 1e3 * engine.thrust_vacuum_kn / (engine.isp_vacuum_s * G0)
        return (stage.propellant_kg - stage.residual_kg) / flow

    assert at[BOOSTER_ROW] == pytest.approx(duration(BOOSTERS), abs=1e-9)
    assert at[STAGE_1] == pytest.approx(duration(CORE), abs=1e-9)
    assert at[TOWER] == pytest.approx(120.0, abs=1e-9) and at[FAIRING] == pytest.approx(211.0, abs=1e-9)
    assert at[INSERTION] - at[MAIN_CUTOFF] == pytest.approx(flight.rocket.final_s, abs=3.0)  # it closes what was left
    # Published for the CZ-2F/G: boosters 155 s, first stage 160 s, main engine 460 s, separation 583 s.
    assert at[[BOOSTER_ROW, STAGE_1]] == pytest.approx([155.0, 160.0], abs=1.0)
    assert at[[MAIN_CUTOFF, INSERTION]] == pytest.approx([460.0, 583.0], rel=0.02)


def test_time_runs_and_no_step_crosses_an_edge(flight):
    met = flight.nodes[:, 0] - LIFTOFF
    assert np.all(np.diff(met) >= 0.0) and np.diff(met).max() <= 0.25 + 1e-9
    # Tower, boosters, stage 1, fairing, main engine cut-off, and the end of the kick: a pair of nodes each.
    assert int(np.sum(np.diff(met) == 0.0)) == 6
    for edge in (*flight.events[:, 0], flight.rocket.vertical, flight.rocket.kick_end):
        assert np.abs(met - edge).min() < 1e-7


def test_loads_at_liftoff_and_in_flight(flight):
    """Thrust at the pad's air pressure; dynamic pressure and Mach number from density and speed by hand."""
    p = us76(1073.0)[1]
    engine = CORE.engines[0]
    lost = (engine.thrust_vacuum_kn - engine.thrust_sea_level_kn) * p / SEA_LEVEL_PA
    thrust = 8e3 * (engine.thrust_vacuum_kn - lost)
    assert flight.extras[0, 2] == pytest.approx(thrust / (flight.nodes[0, 10] * G0), rel=ASCENT_LOAD_REL)
    assert flight.extras[0, 3] == pytest.approx(1073.0, abs=1e-3)
    worst = int(np.argmax(flight.extras[:, 0]))
    density, _, _, sound = us76(flight.extras[worst, 3])
    speed = flight.extras[worst, 1] * sound
    assert flight.extras[worst, 0] == pytest.approx(0.5 * density * speed**2, rel=1e-9)
    # Class of all launchers this size: 20 to 40 kPa near 11 km, just above Mach 1; 4 to 5 g before booster separation.
    assert 20e3 < flight.extras[worst, 0] < 40e3
    assert 9e3 < flight.extras[worst, 3] < 14e3
    assert 4.0 < flight.extras[:, 2].max() < 5.0


def test_step_is_fine_enough(world):
    """At the end of the first stage, before guidance: half the step moves the rocket by centimetres."""
    ends = []
    for dt in (0.25, 0.125):
        flown = Flight(world, dt=dt)
        i = int(np.searchsorted(flown.nodes[:, 0] - LIFTOFF, flown.events[STAGE_1, 0] - 1e-7))
        ends.append(flown.nodes[i, 1:4])
    assert np.linalg.norm(ends[0] - ends[1]) < ASCENT_STEP_M


def test_empty_space_is_the_rocket_equation():
    """No gravity, no air, straight up to stage separation: ve ln(m0/m1) of two engine mixes, and the tower between."""
    x = ROCKET._replace(vertical=1.0e4, kick_end=1.0e4)
    forces = field(zonal(1.0e-6), turning(0.0))
    r0 = np.array([R_EQUATOR + 2.0e6, 0.0, 0.0])
    log = ascent_log(x, 6000)
    target = CutoffTarget(normal=np.array([0.0, 0.0, 1.0]), radius=9e6, speed=10.0, climb=0.0)
    count = fly_ascent(0.0, r0, np.zeros(3), 0.0, 1.6, target, x, forces, 0.25, log)[1]
    nodes, events = log.nodes[:count], log.marks
    (both, core), ve = x.phases[:2, FLOW], CORE.engines[0].isp_vacuum_s * G0
    m0 = nodes[0, 10]
    gained = ve * math.log(m0 / (m0 - both * 120.0))
    m = m0 - both * 120.0 - FILE.jettisons[0].mass_kg
    more = both * (events[BOOSTER_ROW, 0] - 120.0)
    gained += ve * math.log(m / (m - more))
    m -= more + x.phases[0, DROP]
    end = nodes[np.searchsorted(nodes[:, 0], events[STAGE_1, 0] - 1e-7) - 1]  # the last before the core is dropped
    more = core * (end[0] - events[BOOSTER_ROW, 0])
    gained += ve * math.log(m / (m - more))
    assert end[4] == pytest.approx(gained, rel=ASCENT_ROCKET_REL)
    assert np.abs(end[5:7]).max() < 1e-9


def test_an_infeasible_flight_has_its_status(world):
    assert Flight(world, kick=math.radians(3.0)).status == HIT_GROUND
    assert Flight(world, ROCKET._replace(payload=12000.0)).status == OUT_OF_PROPELLANT


def test_the_same_twice(world, flight):
    again = Flight(world)
    assert again.nodes.tobytes() == flight.nodes.tobytes()


@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_the_guidance_reaches_its_orbit_with_a_nominal_engine_model(world, flight, factor):
    """Errors of 2 % in the second stage's thrust and flow, unknown to the guidance: it infers the mass from the
    measured acceleration. The burn is longer or shorter by as much, 6 s of 309, most of it of the main engine.
    """
    phases, draws = ROCKET.phases.copy(), ROCKET.draws.copy()
    phases[2:, [THRUST, EXIT, FLOW]] *= factor
    draws[2:] *= factor
    dispersed = Flight(world, ROCKET._replace(phases=phases, draws=draws, nominal=ROCKET.phases))
    check_insertion(dispersed)
    assert (dispersed.events[MAIN_CUTOFF, 0] - flight.events[MAIN_CUTOFF, 0]) * (1.0 - factor) > 0.0
    assert 3.0 < abs(dispersed.events[INSERTION, 0] - flight.events[INSERTION, 0]) < 9.0


@pytest.mark.small
def test_navigation_errs_outward_along_and_across():
    """A point on the x axis in the plane of x and y, flown anticlockwise; without an error it is the same bits."""
    y = np.array([7.0e6, 0.0, 0.0, 10.0, 7.5e3, 0.1, 1.0])
    r, v = navigated_state(y, np.array([0.0, 0.0, 1.0]), np.array([1.0, 2.0, 3.0, 0.1, 0.2, 0.3]))
    assert r == pytest.approx([7.0e6 + 1.0, 2.0, 3.0], rel=1e-15)
    assert v == pytest.approx([10.1, 7.5e3 + 0.2, 0.4], rel=1e-15)
    r, v = navigated_state(y, np.array([0.0, 0.0, 1.0]), np.zeros(6))
    assert r.tobytes() == y[:3].tobytes() and v.tobytes() == y[3:6].tobytes()


@pytest.mark.small
def test_the_rocket_stands_plumb():
    """The ellipsoid's normal, which geodetic latitude measures; 1 km of height leaves 6e-7 rad."""
    r, lat, lon = PAD.ecef(), PAD.latitude, PAD.longitude
    normal = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    up = np.empty(3)
    local_up(r, np.array([0.0, 0.0, 1.0]), up)
    assert np.linalg.norm(up - normal) < 1e-6
    assert np.linalg.norm(r / np.linalg.norm(r) - normal) > 3e-3  # the geocentric direction: 0.19 deg off


@pytest.mark.small
def test_drag_table_is_linear_and_held():
    assert drag_coefficient(1.0, ROCKET) == pytest.approx(0.67)
    assert drag_coefficient(0.9, ROCKET) == pytest.approx(0.42 + (0.62 - 0.42) * 0.1 / 0.15)
    assert drag_coefficient(25.0, ROCKET) == 0.32
