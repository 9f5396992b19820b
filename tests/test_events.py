"""Events against Orekit, Skyfield and orbits known in closed form."""

import dataclasses
import math

import numpy as np
import pytest

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.shadow import SPHERE, SUN_RADIUS, Occulter
from kernels.records import Body, make
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import State
from sim.core.trajectory import Trajectory, joined
from sim.environment.orientation import skyfield_times
from sim.environment.world import Weather, World, build_world
from sim.events import altitudes, approaches, apsides, eclipses, nodes, passes, ranges, thresholds
from sim.events.sky import sun as sun_at
from sim.orbit.propagate import fly
from tests.kernels.reference import load
from tests.tolerance import (
    APPARENT_SUN_RAD,
    CULMINATION_S,
    ECLIPSE_OREKIT_S,
    ECLIPSE_SPHERE_S,
    EVENT_S,
    PASS_OREKIT_S,
    PASS_SHAPE,
)
from tests.worlds import DAY, airless, field, real_sun_and_moon, turning, zonal

DATA = load("events.json")


# Orbits in closed form ------------------------------------------------------------------------------------------------
def kepler(a, e, i, argp, nu, t):
    """Kepler's orbit at t (n,) as a trajectory, from the node at x; true anomaly nu at t = 0. Angles rad."""
    n = math.sqrt(MU_EARTH / a**3)
    mean = mean_of(nu, e) + n * t
    anomaly = mean.copy()
    for _ in range(40):
        anomaly -= (anomaly - e * np.sin(anomaly) - mean) / (1.0 - e * np.cos(anomaly))
    true = 2.0 * np.arctan2(math.sqrt(1 + e) * np.sin(anomaly / 2), math.sqrt(1 - e) * np.cos(anomaly / 2))
    state = np.array([elements_to_state(a, e, i, 0.0, argp, float(x), MU_EARTH) for x in true])
    r = state[:, :3]
    pull = -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return Trajectory(t, r, state[:, 3:], pull, np.ones(t.size))


def mean_of(nu, e):
    anomaly = 2.0 * math.atan2(math.sqrt(1 - e) * math.sin(nu / 2), math.sqrt(1 + e) * math.cos(nu / 2))
    return anomaly - e * math.sin(anomaly)


def passages(a, e, nu0, nu, end):
    """Times in [0, end] at which true anomaly nu is passed."""
    n = math.sqrt(MU_EARTH / a**3)
    first = (mean_of(nu, e) - mean_of(nu0, e)) % (2.0 * math.pi) / n
    return np.arange(first, end, 2.0 * math.pi / n)


def times(found, kind):
    return np.array([x.t for x in found if x.kind == kind])


ORBITS = [(6.77e6, 0.001), (6.9e6, 0.02), (2.65e7, 0.74)]


@pytest.mark.parametrize(("a", "e"), ORBITS)
def test_apsides_and_nodes_are_keplers(a, e):
    """Two days of nodes 10 s apart, where the quintic itself is good to a nanometre."""
    i, argp, nu = 0.8, 1.1, 2.0
    end = 86400.0
    path = kepler(a, e, i, argp, nu, np.arange(0.0, end + 5.0, 10.0))
    found = apsides(path)
    assert {x.kind for x in found} == {"periapsis", "apoapsis"}
    for kind, anomaly, radius in (("periapsis", 0.0, a * (1 - e)), ("apoapsis", math.pi, a * (1 + e))):
        assert times(found, kind) == pytest.approx(passages(a, e, nu, anomaly, end), abs=EVENT_S)
        assert [x.values["radius_m"] for x in found if x.kind == kind][0] == pytest.approx(radius, abs=1e-6)
    found = nodes(path)
    for kind, anomaly, ascension in (("ascending_node", -argp, 0.0), ("descending_node", math.pi - argp, 180.0)):
        assert times(found, kind) == pytest.approx(passages(a, e, nu, anomaly, end), abs=EVENT_S)
        ascensions = [x.values["right_ascension_deg"] for x in found if x.kind == kind]
        assert max(abs(math.remainder(x - ascension, 360.0)) for x in ascensions) < 1e-9
    assert [x.t for x in found] == sorted(x.t for x in found)


def test_nodes_of_date_lie_where_precession_has_moved_the_equator(world):
    """The line that an orbit's plane shares with the true equator, by their two normals: seconds away from GCRF's."""
    i = math.radians(41.5)
    path = kepler(6.9e6, 0.0, i, 0.0, 1.0, np.arange(0.0, 12000.0, 20.0))
    gcrf, date = nodes(path), nodes(path, world)
    assert len(gcrf) == len(date) == 4
    n = math.sqrt(MU_EARTH / 6.9e6**3)
    line = np.cross(world.true_of_date(0.0)[2], [0.0, -math.sin(i), math.cos(i)])
    angle = math.atan2(line[2] / math.sin(i), line[0])  # in the plane, from x
    for a, b in zip(gcrf, date, strict=True):
        # 1e-8 rad is what the pole moves in three hours.
        assert (b.t - a.t) * n == pytest.approx(math.remainder(angle, math.pi), abs=1e-8)
        assert b.kind == a.kind
    assert abs(angle) > 1e-3


def test_a_circle_has_no_apsides_and_an_equatorial_orbit_no_nodes():
    """Nodes a minute apart: the ripple between them makes no events of its own, nor beside an eccentricity of 2e-7."""
    t = np.arange(0.0, 20000.0, 60.0)
    assert nodes(kepler(6.77e6, 0.0, 0.0, 0.0, 0.0, t)) == []
    assert apsides(kepler(6.77e6, 0.0, 0.5, 0.0, 0.0, t)) == []
    assert len(apsides(kepler(6.77e6, 2e-7, 0.5, 0.0, 1.0, t))) == 7


def test_altitude_over_the_equator_is_keplers():
    """An equatorial ellipse, where the height over the ellipsoid is r - R; up and down each revolution."""
    a, e, nu = 7.0e6, 0.05, 0.3
    height = 6.0e5
    path = kepler(a, e, 0.0, 0.0, nu, np.arange(0.0, 40000.0, 10.0))
    here = World(None, 0.0, 40000.0, field(zonal(), turning(7.292115e-5)), 60.0)
    at = math.acos((a * (1 - e * e) / (R_EQUATOR + height) - 1.0) / e)
    found = altitudes(path, here, height)
    assert times(found, "altitude_up") == pytest.approx(passages(a, e, nu, at, path.end), abs=EVENT_S)
    assert times(found, "altitude_down") == pytest.approx(passages(a, e, nu, -at, path.end), abs=EVENT_S)
    assert all(x.values["altitude_m"] == pytest.approx(height, abs=1e-5) for x in found)
    # The apogee's height from below and above, by a millimetre: two crossings close together, or none; never one.
    top = a * (1 + e) - R_EQUATOR
    apogees = len(passages(a, e, nu, math.pi, path.end))
    assert len(altitudes(path, here, top - 1e-3)) == 2 * apogees
    assert len(altitudes(path, here, top + 1e-3)) == 0


def test_thresholds_of_the_users_own():
    """Speed of an ellipse against vis-viva, in one direction."""
    a, e = 7.0e6, 0.05
    path = kepler(a, e, 0.4, 0.0, 0.3, np.arange(0.0, 40000.0, 10.0))
    speed = 7500.0
    p = a * (1 - e * e)
    at = math.acos((p * (speed**2 / MU_EARTH + 1 / a) / 2.0 - 1.0) / e)
    found = thresholds(path, lambda t, r, v: np.linalg.norm(v, axis=1) - speed, "fast", direction=1)
    assert [x.t for x in found] == pytest.approx(passages(a, e, 0.3, -at, path.end), abs=EVENT_S)
    assert {x.kind for x in found} == {"fast"} and {x.direction for x in found} == {1}
    event = found[0].event("Tiangong")
    assert (event.name, event.t, event.vehicle) == ("fast", found[0].t, "Tiangong")


def test_an_impulse_through_an_apsis_is_one_event_at_the_impulse():
    """Climbing before, descending after: r.v jumps through zero on the seam of two trajectories."""
    first = kepler(7.0e6, 0.05, 0.4, 0.0, 1.0, np.arange(0.0, 601.0, 10.0))
    mirrored = dataclasses.replace(first, t=600.0 + first.t, r=first.r[::-1], v=-first.v[::-1], a=first.a[::-1])
    found = apsides(joined([first, mirrored]))
    assert [(x.kind, x.direction) for x in found] == [("apoapsis", -1)]
    assert found[0].t == pytest.approx(600.0, abs=EVENT_S)


# Two craft ------------------------------------------------------------------------------------------------------------
RADIUS, TILT, LEAD = 6.9e6, 0.3, 0.004


def crossing_circles(end=20000.0):
    """Two circles of one radius whose planes differ by TILT, the second LEAD rad ahead at the common node."""
    t = np.arange(0.0, end, 10.0)
    return kepler(RADIUS, 0.0, 0.0, 0.0, 0.5, t), kepler(RADIUS, 0.0, TILT, 0.0, 0.5 + LEAD, t)


def test_closest_approaches_of_crossing_circles():
    """cos(angle) = [cos d (1 + cos i) + cos(2u + d)(1 - cos i)]/2: closest where 2u + d is a whole turn."""
    a, b = crossing_circles()
    n = math.sqrt(MU_EARTH / RADIUS**3)
    found = approaches(a, b)
    k = np.arange(1, 40)
    expected = (math.pi * k - LEAD / 2.0 - 0.5) / n
    assert [x.t for x in found] == pytest.approx(expected[expected < a.end], abs=EVENT_S)
    cosine = 0.5 * (math.cos(LEAD) * (1 + math.cos(TILT)) + 1 - math.cos(TILT))
    least = RADIUS * math.sqrt(2.0 - 2.0 * cosine)
    assert [x.values["range_m"] for x in found] == pytest.approx([least] * len(found), abs=1e-3)
    assert approaches(a, b, within_m=least - 1.0) == []
    assert len(approaches(b, a, within_m=least + 1.0)) == len(found)


@pytest.mark.parametrize("beyond", [1.0, 1e3, 1e6])
def test_range_is_passed_inwards_and_outwards(beyond):
    """One metre above the least distance the two passages lie 0.2 s apart."""
    a, b = crossing_circles()
    n = math.sqrt(MU_EARTH / RADIUS**3)
    half = 0.5 * (math.cos(LEAD) * (1 + math.cos(TILT)))
    least = RADIUS * math.sqrt(2.0 - 2.0 * (half + 0.5 * (1 - math.cos(TILT))))
    distance = least + beyond
    angle = math.acos((1.0 - 0.5 * (distance / RADIUS) ** 2 - half) / (0.5 * (1 - math.cos(TILT))))
    k = np.arange(40) * 2.0 * math.pi
    found = ranges(a, b, distance)
    for kind, way in (("range_in", -1.0), ("range_out", 1.0)):
        expected = (0.5 * (k + way * angle - LEAD) - 0.5) / n
        expected = expected[(expected > 0.0) & (expected < a.end)]
        # A metre above the least distance the range changes by 10 m/s only: the quintic's nanometres count the more.
        assert times(found, kind) == pytest.approx(expected, abs=20.0 * EVENT_S)
    assert ranges(a, b, least - 1e-3) == []


def test_a_craft_beside_itself_has_no_events_and_two_without_common_time_are_refused():
    a, _ = crossing_circles(3000.0)
    assert approaches(a, a) == []
    later = dataclasses.replace(a, t=a.t + 1e5)
    with pytest.raises(ValueError, match="share no time: latest start 100000.000 s, earliest end 2990.000 s"):
        ranges(a, later, 1e5)
    with pytest.raises(ValueError, match="distance_m is 0.0; it must be above zero"):
        ranges(a, a, 0.0)


# Shadow ---------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def orekit_flight():
    """The orbit of the reference flown for its three days: 20x20, Sun and Moon."""
    case = DATA["eclipses"]
    end = case["days"] * DAY
    full = build_world(
        Epoch.from_utc(case["epoch_utc"]),
        0.0,
        end,
        degree=20,
        sun=True,
        moon=True,
        weather=Weather(150.0, 150.0, 4.0),
        step=60.0,
    )
    here = dataclasses.replace(full, forces=full.forces._replace(drag=0))
    return fly(State(np.array(case["r_gcrf_m"]), np.array(case["v_gcrf_m_s"]), 1e5, 0.0), 0.0, end, here), here


def test_eclipses_are_orekits(orekit_flight):
    """186 edges of umbra and penumbra in three days, each once."""
    path, here = orekit_flight
    case = DATA["eclipses"]
    found = eclipses(path, here, Occulter(sun_radius=case["sun_radius_m"]), apparent=False)
    assert len(found) == 186
    for kind, expected in case["events_t_s"].items():
        assert times(found, kind) == pytest.approx(expected, abs=ECLIPSE_OREKIT_S)
    night = [x.kind for x in found[2:6]]
    assert night == ["penumbra_entry", "umbra_entry", "umbra_exit", "penumbra_exit"]


def test_light_moves_the_shadow_back(orekit_flight):
    """The apparent Sun is the geometric one of 8.4 minutes ago: as if its table ran late by r/c."""
    path, here = orekit_flight
    day = path.until(DAY)
    apparent = np.array([x.t for x in eclipses(day, here)])
    geometric = np.array([x.t for x in eclipses(day, here, apparent=False)])
    table = here.forces.sun
    late = table._replace(t0=table.t0 + np.linalg.norm(here.sun(0.5 * DAY)) / 299792458.0)
    moved = dataclasses.replace(here, forces=here.forces._replace(sun=late))
    # The Sun recedes by 0.07 light seconds in half a day; of a delay, 3e-4 reach the time of an edge.
    assert apparent == pytest.approx([x.t for x in eclipses(day, moved, apparent=False)], abs=3e-5)
    # 20.5 arcsec along the ecliptic are 0.09 s of an orbit in that plane, and more where the shadow is cut at a slant.
    assert np.all((geometric - apparent > 0.05) & (geometric - apparent < 0.25))


@pytest.mark.filterwarnings("ignore:The file finals2000A")  # only its de421.bsp is read
def test_apparent_sun_is_skyfields(world, request):
    """Skyfield: light time and the Earth's aberration, in the barycentric frame, step by step."""
    from skyfield.api import load_file
    from skyfield_data import get_skyfield_data_path

    bodies = load_file(f"{get_skyfield_data_path()}/de421.bsp")
    request.addfinalizer(bodies.close)
    earth, star = bodies["earth"], bodies["sun"]
    t = np.linspace(0.0, DAY, 5)
    theirs = earth.at(skyfield_times(world.zero, t)).observe(star).apparent().position.m.T
    ours = sun_at(world, t)
    ours, theirs = (x / np.linalg.norm(x, axis=1)[:, None] for x in (ours, theirs))
    assert np.linalg.norm(ours - theirs, axis=1).max() < APPARENT_SUN_RAD


def test_sphere_is_orekits_test():
    """A Kepler orbit of 1969 around a ball of 6400 km; the times that Orekit's own test asserts."""
    case = DATA["sphere"]
    day, part = case["tt_jd"]
    zero = Epoch(round((day - 2451544.5 + part) * 86400e9) - 32_184_000_000)
    sun, _ = real_sun_and_moon(zero, -DAY, 2 * DAY)
    here = World(zero, 0.0, case["duration_s"], field(zonal(mu=case["mu"]), turning(0.0), sun=sun), 10.0)
    path = fly(State(np.array(case["r0_m"]), np.array(case["v0_mps"]), 1e3, 0.0), 0.0, case["duration_s"], here)
    ball = Occulter(radius=case["R_earth_sphere_m"], flattening=0.0, sun_radius=case["R_sun_m"])
    found = eclipses(path, here, ball, apparent=False)
    assert [x.kind for x in found] == [kind for kind, _ in case["events"]]
    assert [x.t for x in found] == pytest.approx([t for _, t in case["events"]], abs=ECLIPSE_SPHERE_S)


AU = 1.5e11
STILL_SUN = make(Body, t0=-1.0e9, span=2.0e9, mu=0.0, coeffs=np.array([[[AU], [0.0], [0.0]]]))


def shadow_angle(radius, side):
    """Angle at the Earth's centre from midnight to the edge of the penumbra (side 1) or umbra (-1) of a ball, rad.

    The triangle of craft, Earth and Sun with the angle b + a or b - a at the craft.
    """
    b, a = math.asin(R_EQUATOR / radius), SUN_RADIUS / AU
    for _ in range(20):
        c = b + side * a
        angle = c + math.asin(radius * math.sin(c) / AU)
        a = math.asin(SUN_RADIUS * math.sin(c) / (AU * math.sin(angle)))
    return angle


def circle_at(radius, beta):
    """One revolution in the plane spanned by y and by what is `beta` rad away from the Sun on x; midnight half-way."""
    n = math.sqrt(MU_EARTH / radius**3)
    t = np.arange(0.0, 2.0 * math.pi / n, 10.0)
    u = n * t[:, None]
    x, y = np.array([math.cos(beta), 0.0, math.sin(beta)]), np.array([0.0, 1.0, 0.0])
    r = radius * (np.cos(u) * x + np.sin(u) * y)
    return Trajectory(t, r, n * radius * (np.cos(u) * y - np.sin(u) * x), -n * n * r, np.ones(t.size))


UNDER_STILL_SUN = World(None, 0.0, DAY, field(zonal(), turning(0.0), sun=STILL_SUN), 60.0)


@pytest.mark.parametrize("beta_deg", [0.0, 30.0, 60.0, 69.0, 70.0, 70.8])
def test_eclipse_fraction_against_beta(beta_deg):
    """cos(half the arc) = cos(angle to the edge) / cos(beta) on a circle around a ball; none where that exceeds 1."""
    radius, beta = 6.77e6, math.radians(beta_deg)
    n = math.sqrt(MU_EARTH / radius**3)
    found = eclipses(circle_at(radius, beta), UNDER_STILL_SUN, SPHERE)
    for name, side in (("penumbra", 1), ("umbra", -1)):
        cosine = math.cos(shadow_angle(radius, side)) / math.cos(beta)
        entry, exit_ = times(found, f"{name}_entry"), times(found, f"{name}_exit")
        if cosine > 1.0:
            assert entry.size == exit_.size == 0
            continue
        arc = math.acos(cosine)
        slant = 1.0 / math.sin(arc)  # a grazing passage is so much more sensitive
        assert entry == pytest.approx([(math.pi - arc) / n], abs=EVENT_S * slant)
        assert exit_ == pytest.approx([(math.pi + arc) / n], abs=EVENT_S * slant)
    # The middle of the two is the book's cylinder: sqrt(h^2 + 2Rh) / ((R + h) cos beta).
    if beta_deg < 65.0:
        share = math.acos(math.sqrt(radius**2 - R_EQUATOR**2) / (radius * math.cos(beta))) / math.pi
        lasted = times(found, "penumbra_exit") - times(found, "penumbra_entry")
        lasted = 0.5 * (lasted + times(found, "umbra_exit") - times(found, "umbra_entry"))
        assert lasted[0] * n / (2.0 * math.pi) == pytest.approx(share, abs=2e-4)


def test_a_shadow_that_is_just_met_and_just_missed():
    """A billionth of a radian either way of the beta at which the penumbra is touched: both edges, or nothing."""
    radius = 6.77e6
    limit = shadow_angle(radius, 1)
    met = eclipses(circle_at(radius, limit - 1e-9), UNDER_STILL_SUN, SPHERE)
    assert [x.kind for x in met] == ["penumbra_entry", "penumbra_exit"]
    # cos(half arc) = cos(limit) / cos(beta): a half arc of sqrt(2e-9 tan(limit)).
    n = math.sqrt(MU_EARTH / radius**3)
    assert met[1].t - met[0].t == pytest.approx(2.0 * math.sqrt(2e-9 * math.tan(limit)) / n, rel=0.01)
    assert eclipses(circle_at(radius, limit + 1e-9), UNDER_STILL_SUN, SPHERE) == []


# Passes ---------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sgp4_flight():
    """The element set of the reference by SGP4, a node a minute; between them the quintic with the Kepler pull."""
    from sgp4.api import Satrec
    from skyfield.sgp4lib import TEME

    case = DATA["passes"]
    zero = Epoch.from_utc(case["start_utc"])
    t = np.arange(0.0, case["days"] * DAY + 1.0, 60.0)
    jd = np.array([zero.plus(float(s)).jd_utc() for s in t])
    _, r, v = Satrec.twoline2rv(*case["tle"]).sgp4_array(jd[:, 0].copy(), jd[:, 1].copy())
    turn = TEME.rotation_at(skyfield_times(zero, t))
    r, v = (1e3 * np.einsum("jin,nj->ni", turn, x) for x in (r, v))
    pull = -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return Trajectory(t, r, v, pull, np.ones(t.size)), airless(zero, 0.0, case["days"] * DAY)


@pytest.mark.parametrize("name", ["Karachi", "Jiuquan"])
@pytest.mark.parametrize("mask", [5.0, 10.0])
def test_passes_are_orekits(name, mask, sgp4_flight):
    path, here = sgp4_flight
    latitude, longitude, height = DATA["passes"]["sites_lat_deg_lon_deg_height_m"][name]
    site = Site(name, math.radians(latitude), math.radians(longitude), height)
    found = passes(path, here, site, mask)
    rows = [row for row in DATA["passes"]["rows"] if row[:2] == [name, mask]]
    assert [x.kind for x in found] == ["aos", "culmination", "los"] * len(rows)
    for (aos, top, los), row in zip(zip(*[iter(found)] * 3, strict=True), rows, strict=True):
        _, _, rise, highest, elevation, azimuth, distance, fall = row
        assert aos.t == pytest.approx(rise, abs=PASS_OREKIT_S)
        assert los.t == pytest.approx(fall, abs=PASS_OREKIT_S)
        assert aos.values["elevation_deg"] == pytest.approx(mask, abs=1e-9)
        # Highest point in the reference: searched in steps of 0.2 s. The azimuth runs quickest under the zenith.
        assert top.t == pytest.approx(highest, abs=PASS_SHAPE["t_s"])
        assert top.values["elevation_deg"] == pytest.approx(elevation, abs=PASS_SHAPE["elevation_deg"])
        turn = math.remainder(top.values["azimuth_deg"] - azimuth, 360.0) * math.cos(math.radians(elevation))
        assert turn == pytest.approx(0.0, abs=PASS_SHAPE["azimuth_deg"])
        assert top.values["range_m"] == pytest.approx(distance, abs=PASS_SHAPE["range_m"])


def test_culmination_is_where_skyfield_has_its_maximum(sgp4_flight):
    from skyfield.api import EarthSatellite, wgs84

    path, here = sgp4_flight
    latitude, longitude, height = DATA["passes"]["sites_lat_deg_lon_deg_height_m"]["Karachi"]
    site = Site("Karachi", math.radians(latitude), math.radians(longitude), height)
    scale = skyfield_times(here.zero, 0.0).ts
    craft = EarthSatellite(*DATA["passes"]["tle"], ts=scale) - wgs84.latlon(latitude, longitude, height)
    tops = [x for x in passes(path, here, site, 5.0) if x.kind == "culmination"]
    for top in tops[:6]:
        around = np.linspace(-2.0, 2.0, 81)
        elevation = craft.at(skyfield_times(here.zero, top.t + around)).altaz()[0].degrees
        bend, slope, _ = np.polyfit(around, elevation, 2)
        assert -slope / (2.0 * bend) == pytest.approx(0.0, abs=CULMINATION_S)


def test_a_pass_that_just_touches_the_mask(sgp4_flight):
    """The mask at the highest point: above it nothing, below it rise and set close together."""
    path, here = sgp4_flight
    latitude, longitude, height = DATA["passes"]["sites_lat_deg_lon_deg_height_m"]["Karachi"]
    site = Site("Karachi", math.radians(latitude), math.radians(longitude), height)
    day = path.until(DAY)
    top = max(x.values["elevation_deg"] for x in passes(day, here, site, 5.0) if x.kind == "culmination")
    assert passes(day, here, site, top + 1e-7) == []
    below = passes(day, here, site, top - 1e-7)
    assert [x.kind for x in below] == ["aos", "culmination", "los"]
    assert below[2].t - below[0].t < 0.1
    touching = passes(day, here, site, top)
    assert [(x.kind, x.direction) for x in touching] == [("culmination", 0)]
    assert touching[0].event("Tiangong").name == "culmination_grazing"


def test_a_pass_under_way_has_no_rise():
    """A trajectory that begins and ends over the site: only what happens inside it."""
    here = World(None, 0.0, 1200.0, field(zonal(), turning(0.0)), 60.0)
    path = kepler(6.9e6, 0.0, 0.0, 0.0, -0.1, np.arange(0.0, 181.0, 10.0))
    assert [x.kind for x in passes(path, here, Site("under", 0.0, 0.0, 0.0), 5.0)] == ["culmination"]
    n = math.sqrt(MU_EARTH / 6.9e6**3)
    assert passes(path, here, Site("under", 0.0, 0.0, 0.0), 5.0)[0].t == pytest.approx(0.1 / n, abs=EVENT_S)
