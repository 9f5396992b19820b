"""What a planner asks of an orbit, against SGP4's mean elements, the catalogue, Orekit's Sun and shadow."""

import math

import numpy as np
import pytest

from kernels.constants import G0, J2, MU_EARTH, R_EQUATOR
from sim.catalogue.element_sets import element_set
from sim.core.scene import State
from sim.core.vehicle import Engine
from sim.environment.world import World, sgp4_state
from sim.orbit.propagate import (
    arrive,
    beta_angle,
    fly,
    mean_plane,
    node_rate,
    osculating_plane,
    phase_ahead,
    plane_normal,
    semi_major_axis,
    sunlit,
)
from tests.kernels.reference import load
from tests.tolerance import (
    BETA_DEG,
    MEAN_PLANE_DEG,
    MEAN_PLANE_J2_DEG,
    NODE_RATE_REL,
    SHADOW_S,
)
from tests.worlds import DAY, airless, field, turning, zonal

SUNLIGHT = load("frames.json")["sunlight"]
SETS = ("css-2021-08-23", "css-2022-12-04", "css-2024-11-17", "css-2025-11-07", "css-2026-06-13", "css-2026-10-06")


def circular(a, inclination, e=0.0):
    """At perigee over the node: State of 100 t."""
    v = math.sqrt(MU_EARTH / a * (1.0 + e) / (1.0 - e))
    r = np.array([a * (1.0 - e), 0.0, 0.0])
    return State(r, v * np.array([0.0, math.cos(inclination), math.sin(inclination)]), 1.0e5, 0.0)


def apart_deg(a, b):
    return abs(math.degrees(math.remainder(a - b, 2.0 * math.pi)))


@pytest.mark.parametrize("e", [0.0, 7.0e-4])
def test_node_rate_is_that_of_a_flown_orbit(e):
    """Ten days in a J2 field, the node of the osculating plane fitted by a line; reached 0.16 %."""
    world = World(None, 0.0, 10 * DAY, field(zonal(radius=R_EQUATOR, j2=J2)), 60.0)
    path = fly(circular(6.765e6, math.radians(41.467), e), 0.0, 10 * DAY, world)
    times = np.arange(0.0, 10 * DAY, 60.0)
    r, v, _ = path.at(times)
    inclination, node, _ = osculating_plane(0.0, r, v, world)
    flown = np.polyfit(times, np.unwrap(node), 1)[0]
    formula = node_rate(float(semi_major_axis(r, v).mean()), float(inclination.mean()))
    assert flown == pytest.approx(formula, rel=NODE_RATE_REL)
    assert math.degrees(formula) * DAY == pytest.approx(-6.10, abs=0.02)


@pytest.mark.parametrize(
    ("first", "second"),
    [("css-2025-11-02", "css-2025-11-07"), ("css-2026-06-16", "css-2026-06-26"), ("css-2026-08-10", "css-2026-08-22")],
)
def test_node_rate_is_that_of_the_catalogue(first, second):
    """Real element sets days apart, with no reboost between: Tiangong's node; reached 0.09 % three times."""
    a, b = element_set(first), element_set(second)
    seconds = b.epoch.since(a.epoch)
    motion = 0.5 * (a.mean_motion_rev_day + b.mean_motion_rev_day) * 2.0 * math.pi / DAY
    formula = node_rate((MU_EARTH / motion**2) ** (1 / 3), math.radians(a.inclination_deg))
    moved = math.radians(b.raan_deg - a.raan_deg)
    moved += 2.0 * math.pi * round((formula * seconds - moved) / (2.0 * math.pi))
    assert moved / seconds == pytest.approx(formula, rel=NODE_RATE_REL)


@pytest.mark.parametrize("name", SETS)
def test_mean_plane_is_sgp4s(name):
    """Flown for a sidereal day from SGP4's state in the full 8x8 field; SGP4's own mean inclination and node there."""
    elements = element_set(name)
    world = airless(elements.epoch, -DAY, 3 * DAY)
    start = State(*sgp4_state(elements.line1, elements.line2, elements.epoch), 1.0e5, 0.0)
    path = fly(start, 0.0, 1.2 * DAY, world)
    for t in (3000.0, 21600.0, 43200.0, 86164.0):
        inclination, node = mean_plane(path, t, world)
        sgp4 = elements.satrec()
        sgp4.sgp4(*elements.epoch.plus(t).jd_utc())
        assert apart_deg(inclination, sgp4.im) < MEAN_PLANE_DEG[0]
        assert apart_deg(node, sgp4.Om) < MEAN_PLANE_DEG[1]


def test_mean_plane_of_a_j2_orbit_does_not_wave():
    """In a pure J2 field nothing is left of the 0.02 deg wave of the osculating plane but the square of J2."""
    world = World(None, 0.0, DAY, field(zonal(j2=J2), turning(0.0)), 60.0)
    path = fly(circular(6.765e6, math.radians(41.467)), 0.0, 0.5 * DAY, world)
    times = np.linspace(4000.0, 40000.0, 60)
    planes = np.array([mean_plane(path, t, world) for t in times])
    r, v, _ = path.at(times)
    osculating, _, _ = osculating_plane(0.0, r, v, world)
    assert np.degrees(np.ptp(osculating)) > 0.03
    assert np.degrees(np.ptp(planes[:, 0])) < MEAN_PLANE_J2_DEG
    straight = np.polyval(np.polyfit(times, planes[:, 1], 1), times)
    assert np.degrees(np.abs(planes[:, 1] - straight).max()) < MEAN_PLANE_J2_DEG
    # Also where less than half a revolution lies on one side of the asked time.
    for t in (0.0, 43200.0):
        edge = mean_plane(path, t, world)
        assert math.degrees(abs(edge[0] - planes[:, 0].mean())) < MEAN_PLANE_J2_DEG
        assert math.degrees(abs(edge[1] - np.polyval(np.polyfit(times, planes[:, 1], 1), t))) < 2 * MEAN_PLANE_J2_DEG


def test_plane_angles_and_normal_are_one(world):
    """osculating_plane and plane_normal undo each other; u counts from the node along the flight."""
    for inclination, node, u in ((0.724, 2.0, 1.2), (0.3, -1.0, 4.0), (1.9, 0.1, -2.5)):
        c, s = math.cos(node), math.sin(node)
        ascending = np.array([c, s, 0.0])
        ahead = np.array([-s * math.cos(inclination), c * math.cos(inclination), math.sin(inclination)])
        turn = world.true_of_date(500.0).T
        r = turn @ (math.cos(u) * ascending + math.sin(u) * ahead)
        v = turn @ (-math.sin(u) * ascending + math.cos(u) * ahead)
        found = [float(x[0]) for x in osculating_plane(500.0, 7e6 * r, 7.5e3 * v, world)]
        assert found[0] == pytest.approx(inclination, abs=1e-12)
        assert math.remainder(found[1] - node, 2 * math.pi) == pytest.approx(0.0, abs=1e-12)
        assert math.remainder(found[2] - u, 2 * math.pi) == pytest.approx(0.0, abs=1e-12)
        assert plane_normal(500.0, inclination, node, world) == pytest.approx(np.cross(r, v), abs=1e-12)


def test_phase_is_positive_ahead():
    normal = np.array([0.0, 0.0, 1.0])
    here = np.array([7e6, 0.0, 1e5])  # what lies off the plane does not count
    for angle in (0.1, -0.1, 3.0, -3.0):
        there = 6.8e6 * np.array([math.cos(angle), math.sin(angle), -0.02])
        assert phase_ahead(there, here, normal) == pytest.approx(angle, abs=1e-14)


@pytest.mark.parametrize("row", SUNLIGHT["beta"], ids=lambda row: f"{row[0]:.0f}s")
def test_beta_is_orekits(row, world):
    t, beta, *state = row
    normal = np.cross(state[:3], state[3:])
    assert math.degrees(beta_angle(t, normal / np.linalg.norm(normal), world)) == pytest.approx(beta, abs=BETA_DEG)


def test_sunlight_begins_and_ends_between_umbra_and_penumbra(world):
    """Orekit's umbra (ellipsoid, cone) and penumbra events of the first two nights."""
    t0, _, *state = SUNLIGHT["beta"][0]
    path = fly(State(np.array(state[:3]), np.array(state[3:]), 1e5, 0.0), t0, 14400.0, world)
    events = {(kind, what): t for kind, what, t in reversed(SUNLIGHT["events"])}
    for what, lit_after in (("exit", True), ("entry", False)):
        umbra, penumbra = events["umbra", what], events["penumbra", what]
        first, last = min(umbra, penumbra) - SHADOW_S, max(umbra, penumbra) + SHADOW_S
        assert sunlit(last, path.at(last)[0][0], world) is lit_after
        assert sunlit(first, path.at(first)[0][0], world) is not lit_after


def test_fly_and_arrive_are_the_same_flight(world):
    """With burns, and with more nodes than a coast would have: none is lost."""
    state, engine = State(circular(6.77e6, 0.72).r, circular(6.77e6, 0.72).v, 8000.0, 40.0), Engine(300.0, 290.0)
    burns = [[1200.0, 10.0, 0.0, 0.0], [2400.0, 0.0, 5.0, 0.0]]
    path = fly(state, 0.0, 3600.0, world, burns, engine)
    r, v, mass = arrive(state, 0.0, 3600.0, world, burns, engine)
    assert path.end == 3600.0
    assert np.array_equal(path.r[-1], r) and np.array_equal(path.v[-1], v)
    assert mass == pytest.approx(8000.0 * math.exp(-15.0 / (290.0 * G0)), rel=1e-12)
    assert np.diff(path.t).max() <= world.step + 1e-9


def test_axis_is_vis_viva():
    state = circular(6.9e6, 0.5, 0.02)
    assert float(semi_major_axis(state.r, state.v)[0]) == pytest.approx(6.9e6, rel=1e-14)
