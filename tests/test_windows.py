"""The plane condition against the record of real launches, SGP4's own planes, closed forms and known mistakes.

The record: lift-off times of Shenzhou-12 to -23 as in seeds/facts/missions.toml. The planes come from real element
sets, through SGP4 to a state and from there through our own propagator. The state is taken a sidereal day before the
launch, so that the waves of the Earth-fixed terms of the field, which SGP4 leaves out of it, have come round once.
"""

import math
from functools import lru_cache

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.constants import FLATTENING, OMEGA_EARTH
from sim.catalogue.element_sets import element_set
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import State
from sim.environment.world import sgp4_state
from sim.orbit.plane_crossing import branch_at, crossings, insertion_phase, out_of_plane, sun_elevation, window_at
from sim.orbit.propagate import fly, mean_plane, node_rate, phase_ahead
from tests.tolerance import (
    CLOSED_FORM_CROSSING_S,
    GEODETIC_MISTAKE_S,
    RECORD_2021_S,
    RECORD_S,
    SGP4_CROSSING_S,
    SUN_ELEVATION_DEG,
)
from tests.worlds import DAY, airless

PAD = Site("Jiuquan, pad 921", math.radians(40.9583), math.radians(100.2914), 1073.0)
SIDEREAL_DAY = 86164.1  # s
# Flight, and the element set nearest in time that holds no reboost in between.
FLIGHTS = {
    "sz_12": "css-2021-06-26",
    "sz_13": "css-2021-10-22",
    "sz_15": "css-2022-12-04",
    "sz_21": "css-2025-11-02",
    "sz_22": "css-2025-11-29",
    "sz_23": "css-2026-05-24-b",
}


@lru_cache(maxsize=len(FLIGHTS))
def record(flight):
    """World, station's path and seconds of the real lift-off, for one flight."""
    elements = element_set(FLIGHTS[flight])
    launch = Epoch.from_utc(fact(f"missions.{flight}").value["launch"])
    zero = launch.plus(-SIDEREAL_DAY)
    world = airless(zero, -DAY, 3 * DAY)
    start = State(*sgp4_state(elements.line1, elements.line2, zero), 1.0e5, 0.0)
    return world, fly(start, 0.0, 2.1 * DAY, world), SIDEREAL_DAY


def after_crossing(flight):
    """Seconds from the descending crossing nearest to the lift-off until the lift-off."""
    world, path, launch = record(flight)
    (crossing,) = crossings(path, PAD, world, launch - 3000.0, launch + 3000.0, "descending")
    return launch - crossing


@pytest.mark.parametrize("flight", ["sz_12", "sz_13"])
def test_the_first_flights_left_in_the_plane(flight):
    """No calibration at all: reached 43 s and 34 s before the crossing."""
    assert abs(after_crossing(flight)) < RECORD_2021_S


@pytest.mark.parametrize("flight", ["sz_21", "sz_22", "sz_23"])
def test_later_flights_follow_from_one(flight):
    """The offset seen on Shenzhou-15 foretells the others' lift-off: reached 8, 2 and 19 s. It is empirical."""
    assert after_crossing(flight) - after_crossing("sz_15") == pytest.approx(0.0, abs=RECORD_S)


def test_the_offset_of_shenzhou_15_is_the_configured_kind():
    """Some 400 s after the mean plane has passed: 1.7 deg of the Earth's turn, 0.2 deg north of the plane."""
    world, path, launch = record("sz_15")
    assert after_crossing("sz_15") == pytest.approx(394.0, abs=SGP4_CROSSING_S)
    assert math.degrees(out_of_plane(launch, path, PAD, world)) == pytest.approx(0.197, abs=0.005)


def sgp4_crossing(flight):
    """The same crossing without any of our code but the element set: SGP4's mean plane, TEME, sidereal time of 1982."""
    launch = Epoch.from_utc(fact(f"missions.{flight}").value["launch"])
    sgp4 = element_set(FLIGHTS[flight]).satrec()
    latitude = math.atan((1.0 - FLATTENING) ** 2 * math.tan(PAD.latitude))  # geocentric; the height adds 0.03 mdeg

    def height(t):
        jd, fr = launch.plus(t).jd_utc()
        sgp4.sgp4(jd, fr)
        c = (jd - 2451545.0 + fr) / 36525.0
        sidereal = 67310.54841 + (876600.0 * 3600.0 + 8640184.812866) * c + 0.093104 * c * c - 6.2e-6 * c**3
        angle = math.radians(sidereal / 240.0) + PAD.longitude - sgp4.Om
        return math.cos(sgp4.im) * math.sin(latitude) - math.sin(sgp4.im) * math.cos(latitude) * math.sin(angle)

    return brentq(height, -2500.0, 2500.0, xtol=1e-3)


@pytest.mark.parametrize("flight", FLIGHTS)
def test_crossing_is_that_of_sgp4s_mean_plane(flight):
    """Reached 1.5 s."""
    assert -after_crossing(flight) == pytest.approx(sgp4_crossing(flight), abs=SGP4_CROSSING_S)


@pytest.mark.parametrize("branch", ["ascending", "descending"])
def test_geodetic_latitude_would_be_seven_minutes_wrong(branch):
    """A site whose geocentric latitude is the pad's geodetic one: the classic mistake, as large as the real offset."""
    world, path, launch = record("sz_21")
    wrong = Site("mistaken", math.atan(math.tan(PAD.latitude) / (1.0 - FLATTENING) ** 2), PAD.longitude, PAD.height)
    window = launch - 10000.0, launch + 3000.0
    (right,) = crossings(path, PAD, world, *window, branch)
    (mistaken,) = crossings(path, wrong, world, *window, branch)
    sign = 1.0 if branch == "ascending" else -1.0
    assert sign * (mistaken - right) == pytest.approx(445.0, abs=GEODETIC_MISTAKE_S)


def test_crossings_are_where_the_closed_form_has_them():
    """theta + lon - node = asin(tan lat/tan i), ascending, or pi minus that, descending; 25 deg or 99 minutes apart."""
    world, path, launch = record("sz_21")
    found = {b: crossings(path, PAD, world, launch - 10000.0, launch + 3000.0, b) for b in ("ascending", "descending")}
    assert [len(x) for x in found.values()] == [1, 1]
    for branch, (t,) in found.items():
        inclination, node = mean_plane(path, t, world)
        place = world.true_of_date(t) @ world.site_eci(PAD, t)[0]
        latitude = math.asin(place[2] / np.linalg.norm(place))  # from the true pole: its motion is 0.2 s here
        from_node = math.atan2(place[1], place[0]) - node
        expected = math.asin(math.tan(latitude) / math.tan(inclination))
        expected = expected if branch == "ascending" else math.pi - expected
        assert math.remainder(from_node - expected, 2 * math.pi) / OMEGA_EARTH == pytest.approx(
            0.0, abs=CLOSED_FORM_CROSSING_S
        )
        assert branch_at(t, path, PAD, world) == branch
        assert abs(out_of_plane(t, path, PAD, world)) < 1e-7
    assert found["descending"][0] - found["ascending"][0] == pytest.approx(99.5 * 60.0, abs=60.0)
    # Between the two the pad stays within i - lat of the plane.
    middle = 0.5 * (found["descending"][0] + found["ascending"][0])
    assert math.degrees(abs(out_of_plane(middle, path, PAD, world))) == pytest.approx(
        math.degrees(mean_plane(path, middle, world)[0] - latitude), abs=0.002
    )


def test_every_day_has_one_28_minutes_earlier():
    """The next crossing follows after a turn of the Earth under the drifting node."""
    world, path, launch = record("sz_21")
    days = crossings(path, PAD, world, 3000.0, 2.05 * DAY, "descending")
    assert len(days) == 2
    nodal_day = 2.0 * math.pi / (OMEGA_EARTH - node_rate(6.765e6, math.radians(41.467)))
    assert days[1] - days[0] == pytest.approx(nodal_day, abs=15.0)  # 0.003 deg of inclination are 6 s, at both ends
    assert DAY - nodal_day == pytest.approx(27.7 * 60.0, abs=6.0)


def test_no_crossing_north_of_the_plane():
    world, path, launch = record("sz_21")
    baikonur = Site("Baikonur", math.radians(45.92), math.radians(63.34), 90.0)
    assert crossings(path, baikonur, world, 3000.0, 80000.0, "descending") == []


def test_insertion_phase_is_the_angle_left_to_catch_up():
    """In a plane through the pad: the station's angle from the pad's place, plus its way, less the ship's downrange."""
    world, path, launch = record("sz_21")
    crossing = launch - after_crossing("sz_21")
    downrange, after = math.radians(20.9), 589.0
    phase = insertion_phase(crossing, path, PAD, world, after, downrange)
    r, v, _ = path.at(crossing + after)
    normal = np.cross(r[0], v[0])
    pad, _ = world.site_eci(PAD, crossing)
    expected = phase_ahead(r[0], pad, normal / np.linalg.norm(normal)) - downrange
    assert phase == pytest.approx(math.remainder(expected, 2 * math.pi), abs=2e-3)
    # The record: the three fast flights found the station 10 deg ahead.
    assert math.degrees(insertion_phase(launch, path, PAD, world, after, downrange)) == pytest.approx(9.9, abs=1.0)


def test_sun_elevation_is_skyfields():
    from skyfield.api import wgs84

    from sim.environment.world import _ephemeris, skyfield_times

    world, _, _ = record("sz_21")
    ephemeris = _ephemeris()
    place = ephemeris["earth"] + wgs84.latlon(40.9583, 100.2914, elevation_m=1073.0)
    for t in (0.0, 30000.0, 60000.0):
        time = skyfield_times(world.zero, t)[0]
        altitude = place.at(time).observe(ephemeris["sun"]).apparent().altaz()[0].degrees
        assert math.degrees(sun_elevation(t, PAD, real_sun(world))) == pytest.approx(altitude, abs=SUN_ELEVATION_DEG)


def real_sun(world):
    """The same world with the Sun where it is."""
    from dataclasses import replace

    from tests.worlds import real_sun_and_moon

    sun, moon = real_sun_and_moon(world.zero, world.start, world.end)
    return replace(world, forces=world.forces._replace(sun=sun, moon=moon))


def test_a_window_holds_the_values_of_its_parts():
    world, path, launch = record("sz_21")
    world = real_sun(world)
    crossing = launch - after_crossing("sz_21")
    phase = insertion_phase(launch, path, PAD, world, 589.0, 0.365)
    window = window_at(crossing, launch, "descending", path, PAD, world, 589.0, 0.365, 13000.0, phase)
    assert (window.crossing, window.liftoff, window.branch) == (crossing, launch, "descending")
    assert window.phase == phase
    # The facts: beta of 20 deg at lift-off; launched near midnight local time; docked in sunlight.
    assert math.degrees(window.beta) == pytest.approx(fact("verify.sz_21").value["beta_deg"], abs=0.5)
    assert math.degrees(window.sun_elevation) < -30.0
    assert window.lit_at_docking
    # Trimmed all around the orbit, it docks in shadow as often as a station at 20 deg of beta is: 38 % of a revolution.
    turns = phase + np.linspace(0.0, 2.0 * math.pi, 36, endpoint=False)
    given = crossing, launch, "descending", path, PAD, world, 589.0, 0.365, 13000.0
    assert sum(not window_at(*given, turn).lit_at_docking for turn in turns) / 36 == pytest.approx(0.38, abs=0.05)
