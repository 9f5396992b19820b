"""The study of an ascent, on the flown one: the issue's own figures, laws, and other ways to the same answer."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kernels.ascent.abort import LATITUDE, LONGITUDE
from kernels.constants import G0, MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import state_to_elements
from sim.ascent.range_safety.aborts import SHARES, AbortSetup, abort, abort_times, needed, smallest_share
from sim.ascent.range_safety.impact import fall, impact_history
from sim.ascent.range_safety.parts import Area, distance, offset
from sim.ascent.range_safety.published import Published, against_published, worst
from sim.ascent.range_safety.study import plane_error
from sim.ascent.range_safety.views import view
from sim.build.mission import build
from sim.catalogue import facts
from sim.core.ascent_record import AscentRecord, AscentStudy, HiddenView, PublishedEvent, SightedView
from sim.core.ground_site import Site
from sim.mission import reach
from sim.scenario import load
from tests.tolerance import DEBRIS_VACUUM_M, FINITE_BURN_M, SEEN_DEG


@pytest.fixture(scope="module")
def leg(april_2025):
    return april_2025.leg("ascent")


@pytest.fixture(scope="module")
def ascent(april_2025):
    return april_2025.phase("ascent")


@pytest.fixture(scope="module")
def path(april_2025):
    return april_2025.path("ascent", april_2025.up)


@pytest.fixture(scope="module")
def edges(leg):
    return {event.name: event.t for event in leg.events}


@pytest.fixture(scope="module")
def leaving(april_2025, ascent, path, edges):
    h = np.cross(path.r[-1], path.v[-1])
    return AbortSetup(
        study=ascent.study,
        ship=ascent.ship,
        path=path,
        normal=h / np.linalg.norm(h),
        edges=edges,
        world=april_2025.mission.world,
    )


# ---- what the issue asks for


def test_orbit_and_plane_that_were_aimed_at(leg):
    """200 x 350 km with 8082 kg, the apogee within 2 km, the plane within 0.005 deg of the one that is flown to."""
    assert leg.record.figures.ship_mass_kg == 8082.0
    assert leg.record.figures.orbit.apogee_km == pytest.approx(350.0, abs=2.0)
    assert leg.record.figures.orbit.perigee_km == pytest.approx(200.0, abs=2.0)
    assert leg.record.figures.orbit.inclination_deg == pytest.approx(41.47, abs=0.03)  # J2's wave at insertion is 0.02
    assert leg.record.figures.plane_from_target_deg < 0.005


def test_events_come_at_the_published_times(leg, edges):
    """Within 2.5 % of the record's own figures, taken from the facts and not from the vehicle's file."""
    reported = {
        "booster_separation": "ascent.fg_booster_separation",
        "stage_1_separation": "ascent.fg_stage1_separation",
        "fairing_separation": "ascent.fg_fairing_separation",
        "main_engine_cutoff": "ascent.stage2_main_cutoff",
        "orbit_insertion": "ascent.vernier_cutoff",
    }
    for event, fact in reported.items():
        assert (edges[event] - edges["liftoff"]) / facts.value(fact) == pytest.approx(1.0, abs=0.025), event
    chosen = [s for s in leg.record.figures.study.published if s.chosen]
    assert len(chosen) == 1 and len(leg.record.figures.study.published) == 2
    assert {row.event for row in chosen[0].events} >= set(reported)


def test_the_study_changes_nothing_in_the_flight(april_2025, leg):
    bare = april_2025.again("ascent", study=None).legs[0]
    assert bare.record.study is None and bare.record.impact is None and bare.record.views == ()
    (one, other) = (x.trajectories[april_2025.up] for x in (leg, bare))
    assert one.r.tobytes() == other.r.tobytes() and one.v.tobytes() == other.v.tobytes()


def test_dynamic_pressure_times_angle_of_attack_is_their_product(leg):
    history = leg.record.ascent
    product = 1e-3 * history.dynamic_pressure_pa * history.angle_of_attack_deg
    assert history.q_alpha_kpa_deg == pytest.approx(product, rel=1e-12)
    # Without wind the nose follows the flow: 2000 Pa rad, 115 kPa deg, is what a launcher may bear.
    assert 0.0 < leg.record.figures.most_q_alpha_kpa_deg < 115.0


def test_the_worst_event_is_that_of_the_chosen_list():
    lists = (Published("a", True, {"x": 100.0, "y": 200.0}), Published("b", False, {"x": 50.0}))
    found = against_published(lists, {"x": 101.0, "y": 199.0, "z": 3.0})
    assert worst(found) == PublishedEvent(event="x", published_s=100.0, flown_s=101.0, off_percent=1.0)
    assert found[1].events[0].off_percent == 102.0 and worst([]) is None


# ---- impact and debris


def test_impact_point_leads_the_way_and_leaves_the_earth_under_the_verniers(leg, path, edges, april_2025, ascent):
    history = impact_history(path, ascent.site, april_2025.mission.world)
    turned = edges["liftoff"] + 30.0
    moving = history.t_s > turned
    assert (np.diff(history.downrange_km[moving]) > -1e-6).all()
    assert edges["main_engine_cutoff"] < history.t_s[-1] < edges["orbit_insertion"]  # then its perigee has risen
    flown = np.interp(history.t_s[moving], leg.record.ascent.t_s, leg.record.ascent.downrange_km)
    assert (history.downrange_km[moving] > flown).all()


@pytest.mark.parametrize("which", range(4))
def test_a_piece_without_drag_falls_on_the_impact_point_and_drag_holds_it_back(which, ascent, path, edges, april_2025):
    """The fall's own integrator, oblate field and all, against Kepler; between them stands J2 over a few minutes."""
    piece, world = ascent.study.pieces[which], april_2025.mission.world
    t = edges[piece.event]
    r, v, _ = path.at(t)
    heavy, _ = fall(piece, t, r[0], v[0], 1e-9, world)
    real, speed = fall(piece, t, r[0], v[0], piece.cda, world)
    history = impact_history(path, ascent.site, world)
    i = int(np.searchsorted(history.t_s, t))
    vacuum = np.radians([history.latitude_deg[i], history.longitude_deg[i]])
    assert distance(*vacuum, heavy[LATITUDE], heavy[LONGITUDE]) < DEBRIS_VACUUM_M
    pad = ascent.site.latitude, ascent.site.longitude
    assert distance(*pad, real[LATITUDE], real[LONGITUDE]) < distance(*pad, heavy[LATITUDE], heavy[LONGITUDE])
    # It ends near its terminal speed in the air of the ground, rho v^2 cda / 2 = m g, and lags behind by v^2/(4 g H).
    settled = math.sqrt(2.0 * piece.mass * G0 / (1.225 * piece.cda))
    assert speed == pytest.approx(settled * (1.0 + settled**2 / (4.0 * G0 * 10.4e3)), rel=0.01)


def test_debris_ellipses_lie_along_the_track(leg):
    found = {d.name: d for d in leg.record.figures.study.debris}
    assert set(found) == {"booster", "first stage", "escape tower", "fairing half"}
    for d in found.values():
        assert d.half_length_km > d.half_width_km > 0.5
        assert d.heading_deg == pytest.approx(108.0, abs=8.0)  # the launch azimuth, turned by the way
    order = [found[n].downrange_km for n in ("escape tower", "booster", "first stage", "fairing half")]
    assert order == sorted(order)


# ---- the view


def test_a_view_is_skyfields(leg, path, april_2025, ascent):
    """Azimuth, elevation and range from Beijing: its ellipsoid, moved a little, gives the place and the horizon."""
    from skyfield.api import wgs84

    world, site = april_2025.mission.world, next(v for v in ascent.study.viewers if v.name == "Beijing")
    history, reported = view(site, path, world)

    def place(north_deg=0.0, up_m=0.0):
        latitude, longitude = math.degrees(site.latitude) + north_deg, math.degrees(site.longitude)
        return wgs84.latlon(latitude, longitude, site.height + up_m).itrs_xyz.m

    up = (place(up_m=1e3) - place()) / 1e3
    north = place(north_deg=1e-3) - place(north_deg=-1e-3)
    north = north / np.linalg.norm(north)
    east = np.cross(north, up)
    for k in (0, len(history.t_s) // 2, -1):
        t = float(history.t_s[k])
        d = world.ecef(t) @ path.at(t)[0][0] - place()
        away = np.linalg.norm(d)
        assert history.elevation_deg[k] == pytest.approx(math.degrees(math.asin(d @ up / away)), abs=SEEN_DEG)
        azimuth = math.degrees(math.atan2(d @ east, d @ north)) % 360.0
        assert history.azimuth_deg[k] == pytest.approx(azimuth, abs=SEEN_DEG)
        assert history.range_km[k] == pytest.approx(1e-3 * away, abs=1e-3)
    assert reported.visible and reported.sets_s is None


def test_it_rises_where_the_horizon_ends(path, april_2025, ascent):
    """At rise the line of sight is level; whom the Earth hides does not see it: cos(angle) = R/(R + h)."""
    from sim.events.ground import look

    world = april_2025.mission.world
    for site in ascent.study.viewers:
        history, reported = view(site, path, world)
        if isinstance(reported, SightedView) and reported.rises_s is not None:
            elevation = look(path, world, site, np.array([path.start + reported.rises_s]))[0][0]
            assert math.degrees(elevation) == pytest.approx(0.0, abs=SEEN_DEG)
    islamabad = next(v for v in ascent.study.viewers if v.name == "Islamabad")
    history, reported = view(islamabad, path, world)
    latitude, longitude, height = world.geodetic(path.t, path.r)
    angle = distance(islamabad.latitude, islamabad.longitude, np.radians(latitude), np.radians(longitude)) / 6.371e6
    assert not reported.visible and len(history.t_s) == 0
    assert (angle > np.arccos(6.371e6 / (6.371e6 + height)) + math.radians(1.0)).all()


def test_who_stands_on_the_pad_sees_it_go_straight_up(path, april_2025, ascent):
    history, _ = view(ascent.site, path, april_2025.mission.world)
    assert history.t_s[0] == path.start + 1.0 and history.elevation_deg[0] > 85.0


# ---- aborts


def test_each_time_has_the_escape_that_applies(leaving, edges):
    times = abort_times(leaving)
    for t, motors in times:
        name = motors.name if motors else None
        expected = "escape tower" if t < edges["tower_jettison"] else "high-altitude motors"
        assert name == (expected if t < edges["fairing_separation"] else None)
    assert len(times) >= 60 and times[0][0] == leaving.path.start and times[-1][0] == leaving.path.end


def test_a_launcher_without_escape_motors_is_left_by_the_ship_alone_once_it_flies(leaving):
    """As from a Delta III, which drops no tower: nothing at rest on the pad, where the air has no direction."""
    times = abort_times(replace(leaving, edges={}))
    assert all(motors is None for _, motors in times)
    t, motors = times[0]
    assert t > leaving.path.start
    assert np.isfinite(abort(t, motors, leaving).load)


def test_without_a_push_nothing_jumps_between_the_modes(leaving, edges):
    """Motors of no pull and an empty ship: either side of an edge is then the same fall, a millisecond apart."""
    escape = leaving.study.escape
    still = tuple(replace(m, acceleration=0.0) for m in escape.motors)
    mass_cda = replace(escape, motors=still, mass=leaving.ship.mass, cda=leaving.ship.cda, usable=1e-6)
    quiet = replace(leaving, study=replace(leaving.study, escape=mass_cda))
    pairs = [(m, t) for (t, m) in abort_times(quiet) if m and abs(t - edges[m.until]) < 0.01]
    assert len(pairs) == 2
    for motors, t in pairs:
        after = {"escape tower": quiet.study.escape.motors[1], "high-altitude motors": None}[motors.name]
        one, other = abort(t, motors, quiet), abort(edges[motors.until], after, quiet)
        assert (
            distance(*one.position, *other.position) < 50.0
        )  # 2.4 km/s for a millisecond, and the thousandth of a g in it
        assert one.ballistic == pytest.approx(other.ballistic, rel=2e-3)


def test_loads_of_the_escapes(leg, ascent):
    """The tower's pull less what the air takes; a fall without lift is the harder one; the worst is in the middle.

    A Soyuz that left its rocket at 145 km and 5.5 km/s met 21 g, with its lift downward: without lift it is less.
    """
    a = leg.record.aborts
    modes = [m.mode for m in leg.record.figures.study.aborts]
    assert modes == ["escape tower", "high-altitude motors", "separation", "once around", "to orbit"]
    tower, ship = a.mode == 0, a.mode == 2
    pull = ascent.study.escape.motors[0].acceleration / G0
    assert (a.load_g[tower] <= pull + 1e-6).all() and (a.load_g[tower] > 0.85 * pull).all()
    assert (a.load_g[ship] < a.ballistic_load_g[ship]).all()
    assert 15.0 < a.ballistic_load_g[ship].max() < facts.value("abort.soyuz_1975_load")
    ms10 = np.interp(140.0, a.t_s - leg.start, a.ballistic_load_g)
    assert 5.5 < ms10 < 7.5  # that speed and height come 20 s later than in the Soyuz of 2018


def test_landing_places_and_areas_agree(leg, ascent):
    """Matplotlib's own polygons say in which area each landing lies."""
    from matplotlib.path import Path

    a = leg.record.aborts
    shapes = [Path(np.degrees(area.corners)) for area in ascent.study.areas]
    for latitude, longitude, number in zip(a.latitude_deg, a.longitude_deg, a.area, strict=True):
        inside = [i for i, shape in enumerate(shapes) if shape.contains_point((latitude, longitude))]
        assert number == (inside[0] if inside else -1)
    burnt = (np.abs(a.delta_v_m_s) > 0.0) & (a.mode == 2)
    assert burnt.any() and (a.area[burnt] >= 0).all()  # who burns, burns to reach an area
    assert (a.area[a.mode < 2] == 0).all()  # whom the motors carry, lands between pad and coast


def test_the_burn_to_orbit_holds_when_it_takes_its_time(leg, path, ascent):
    """The impulse of the closed form, flown as the finite burn that it is, over a point mass."""
    ship, escape = ascent.ship, ascent.study.escape
    a = leg.record.aborts
    flow = escape.thrust / (escape.isp * G0)
    for t in a.t_s[a.mode == 4][:4]:
        r, v = (x[0] for x in path.at(t)[:2])
        change = needed(r, v, R_EQUATOR + escape.orbit_perigee)
        size = float(np.linalg.norm(change))
        duration = ship.mass * (1.0 - math.exp(-size / (escape.isp * G0))) / flow

        def rate(s, q, aim=change / size):
            push = escape.thrust / (ship.mass - flow * s) * aim
            return np.concatenate([q[3:], -MU_EARTH * q[:3] / np.linalg.norm(q[:3]) ** 3 + push])

        q = solve_ivp(rate, (0.0, duration), np.concatenate([r, v]), rtol=1e-9, atol=1e-3).y[:, -1]
        axis, e = state_to_elements(q[:3], q[3:], MU_EARTH)[:2]
        assert axis * (1.0 - e) - R_EQUATOR == pytest.approx(escape.orbit_perigee, abs=FINITE_BURN_M)
    assert not needed(path.r[-1], path.v[-1], R_EQUATOR + escape.orbit_perigee).any()


def test_a_ship_without_escape_and_a_launcher_without_lists_are_flown_too(april_2025, ascent):
    bare = replace(ascent.study, escape=None, pieces=(), published=(), viewers=())
    leg = april_2025.again("ascent", study=bare).legs[0]
    assert leg.record.aborts is None and len(leg.record.impact.t_s) > 100 and leg.status == "flown"
    assert leg.record.figures.study == AscentStudy(published=(), debris=(), views=())


# ---- small geometry


def test_the_smallest_share_reaches_just_into_an_area():
    """Landings on a meridian, one degree for a tenth of the propellant; an area from 2.3 to 5 degrees ahead."""
    latitude = np.radians(10.0 + 10.0 * SHARES)
    area = Area("box", "sea", np.radians([[12.3, -1.0], [12.3, 1.0], [15.0, 1.0], [15.0, -1.0]]))
    share = smallest_share(latitude, np.zeros_like(latitude), (area,))
    assert 0.23 < share < 0.30
    assert smallest_share(latitude, np.full_like(latitude, 1.0), (area,)) == 0.0


def test_offsets_are_great_circles():
    north, east = offset(0.7, 1.0, np.array([0.7 + 1e-4]), np.array([1.0]))
    assert (north[0], east[0]) == (pytest.approx(637.1, rel=1e-9), pytest.approx(0.0, abs=1e-9))
    assert distance(0.0, 0.0, 0.0, 1.0) == pytest.approx(6.371e6) and distance(0.3, 0.2, 0.3, 0.2) == 0.0


def test_plane_error_is_the_angle_of_the_normals():
    normal = np.array([0.0, -math.sin(1e-4), math.cos(1e-4)])
    r, v = np.array([7e6, 0.0, 0.0]), np.array([0.0, 7e3, 0.0])
    assert plane_error(normal, r, v) == pytest.approx(math.degrees(1e-4))


def test_anybody_may_look(path, april_2025):
    """A viewer at the antipode sees nothing, and the study holds how far below the horizon it stays."""
    _, reported = view(Site("there", math.radians(-40.0), math.radians(-80.0), 0.0), path, april_2025.mission.world)
    assert reported == HiddenView("there", False, pytest.approx(80.0, abs=10.0))


@pytest.mark.parametrize("orbit_km", [(250.0, 380.0), (200.0, 320.0)])
def test_the_study_of_another_orbit_is_numbers_without_a_warning(orbit_km):
    """Higher up, a burn once around the Earth may not bring the ship down: a search then met infinities."""
    perigee, apogee = orbit_km
    settings = [f"launch.perigee_km={perigee}", f"launch.apogee_km={apogee}"]
    mission = build(load("shenzhou-20", settings))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, _, legs = reach(mission, "phasing")
    record = legs[-1].record
    assert isinstance(record, AscentRecord) and record.aborts is not None
    assert len(record.aborts.t_s) > 5
    assert np.isfinite(record.aborts.load_g).all()
