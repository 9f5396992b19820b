"""Chang'e-6 to the Moon and ICUBE-Q's orbit: targeted, flown, and held against the record."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
from kernels.orbit.kepler import elements_to_state, state_to_elements
from sim.build.orbit import load_orbit
from sim.core.flight import Failure
from sim.files.errors import BadInput
from sim.output.orbit import events
from sim.output.orbit_views import views
from sim.planning.lunar.arrival import hyperbola, impact_vector
from sim.planning.lunar.corrector import corrected
from sim.planning.lunar.departure import conic
from sim.planning.lunar.sight import local_sky
from sim.planning.lunar.translunar import transfer
from sim.plots.orbit_path import draw
from sim.propagation.centres import moved
from sim.propagation.propagate import propagate
from sim.verification import moon
from tests.texts import texts_apart

MU = 4.902799806931690e12
# Arguments E1 to E13, deg and deg a day, and their coefficients in right ascension, declination and rotation, deg.
IAU_2009 = (
    (125.045, -0.0529921, -3.8787, 1.5419, 3.561),
    (250.089, -0.1059842, -0.1204, 0.0239, 0.1208),
    (260.008, 13.0120009, 0.07, -0.0278, -0.0642),
    (176.625, 13.3407154, -0.0172, 0.0068, 0.0158),
    (357.529, 0.9856003, 0.0, 0.0, 0.0252),
    (311.589, 26.4057084, 0.0072, -0.0029, -0.0066),
    (134.963, 13.064993, 0.0, 0.0009, -0.0047),
    (276.617, 0.3287146, 0.0, 0.0, -0.0046),
    (34.226, 1.7484877, 0.0, 0.0, 0.0028),
    (15.134, -0.1589763, -0.0052, 0.0008, 0.0052),
    (119.743, 0.0036096, 0.0, 0.0, 0.004),
    (239.961, 0.1643573, 0.0, 0.0, 0.0019),
    (25.053, 12.9590088, 0.0043, -0.0009, -0.0044),
)


KINDS = {"flight", "plane", "icube-q", "picture", "light", "lifetime"}


@pytest.fixture(scope="module")
def again():
    """The shipped flight targeted once more: 40 flights, 3 s."""
    return moon.solved()


@pytest.fixture(scope="module")
def flown():
    return propagate(load_orbit("change-6").orbit)


def test_the_shipped_departure_and_burn_are_what_the_corrector_finds(again):
    """To 1 mm, 1 um/s and 1 ms: the file's digits are 0.1 mm, 0.01 um/s and 0.1 ms."""
    orbit, found = load_orbit("change-6").orbit, again.orbit
    assert np.abs(found.r - orbit.r).max() < 1e-3 and np.abs(found.v - orbit.v).max() < 1e-6
    assert found.burns[0].start == pytest.approx(orbit.burns[0].start, abs=1e-3)
    assert found.burns[0].duration == pytest.approx(orbit.burns[0].duration, abs=1e-3)
    assert max(again.corrections) <= 5
    r, v = again.departure.state()
    assert float(r @ v) == pytest.approx(0.0, abs=1.0)  # a perigee
    assert np.linalg.norm(r) - 6378137.0 == pytest.approx(2.0e5, abs=1e-3)


def test_the_flight_meets_the_record(again):
    """Times to 1 h, perilune to 50 km, period and heights to 2 %: what is asked for. The targets themselves are met far
    closer; the rest is what the Earth does in the hours between the targets and the perilune."""
    rows = [*moon.flight(again), *moon.revolutions()]
    assert len(rows) == 7 and moon.held(rows)
    assert not moon.held([moon._row("flight", "x", 252.0, 200.0, 50.0)])


def test_another_day_is_targeted_too():
    """Ten days later, 2 s. Aimed only from the change of centre, that approach struck the Moon."""
    target, orbit, later = moon.target(), load_orbit("change-6").orbit, 10.0 * 86400.0
    times = {name: getattr(target, name).plus(later) for name in ("lift_off", "departure", "insertion", "judged")}
    made = transfer(replace(target, **times), orbit.other_centre, orbit.gravity)
    assert max(made.corrections) <= 5
    r, v, _ = propagate(made.orbit).trajectory.last()
    r, v = moved(r, v, times["judged"], "earth", "moon")
    a, e = state_to_elements(r, v, MU)[:2]
    assert a * (1.0 - e) - 1737400.0 == pytest.approx(2.0e5, abs=2.0)
    assert a * (1.0 + e) - 1737400.0 == pytest.approx(8.6e6, abs=2.0)


def test_events_of_the_flight_are_about_the_centre_that_it_has_there(flown):
    found = events(flown)
    names = [(e.name, e.values.get("body")) for e in found]
    assert names.index(("centre", "Moon")) < names.index(("periapsis", "Moon")) and ("periapsis", "Earth") in names
    burn, end = (next(e.t for e in found if e.name == f"burn_{word}") for word in ("start", "end"))
    perilune = next(e for e in found if e.name == "periapsis" and e.values["body"] == "Moon")
    assert burn < perilune.t < end and perilune.values["radius_m"] < 2.0e6
    behind, out = (next(e.t for e in found if e.name == f"earth_{word}") for word in ("set", "rise"))
    assert behind < burn < out < end  # the burn begins behind the Moon, as every insertion near the far side
    assert [e.t for e in found] == sorted(e.t for e in found)


def test_icube_q_starts_where_chang_e_6_is_at_the_release(flown):
    """The file's elements are rounded: to 1 m and 1 mm/s of the flown carrier."""
    orbit = load_orbit("icube-q").orbit
    assert orbit.epoch == moon.RELEASE
    r, v, _ = flown.trajectory.at([moon.RELEASE.since(flown.orbit.epoch)])
    r, v = moved(r[0], v[0], moon.RELEASE, "earth", "moon")
    assert np.linalg.norm(r - orbit.r) < 1.0 and np.linalg.norm(v - orbit.v) < 1e-3


def test_one_of_two_planes_passes_over_the_landing_site(again):
    """1.3 deg off, or 0.2 with the drift of a low orbit; the other is 65 deg off and more, as `verify moon` has it."""
    (row,) = moon.planes({"ascending": again})
    assert abs(row["site_off_plane_deg"]) < 2.0 and abs(row["site_off_drifted_plane_deg"]) < 2.0


def test_lifetime_depends_on_the_plane():
    """The flown plane outlives half a year; the one that was assumed before strikes after weeks."""
    flown_plane, assumed = moon.lifetimes((40.0,), (180.0,))
    assert flown_plane["days"] is None and 150.0 < flown_plane["lowest_km"] < 200.0
    assert assumed["days"] == pytest.approx(22.22, abs=0.05)
    words = list(moon.lines([flown_plane, assumed]))
    assert "- (" in words[-3] and words[-1].split() == ["40.0", "22.2"]


def test_the_whole_table(again, monkeypatch):
    """As `tiangong verify moon` prints it, with one orbit of the family, and one plane flown for both."""
    monkeypatch.setattr(moon, "solved", lambda node="ascending": again)
    monkeypatch.setattr(moon, "NODES_DEG", (300, 0))
    monkeypatch.setattr(moon, "ARGUMENTS_DEG", (0, 120))
    table = sim.verify("moon")
    assert table.held and {row["kind"] for row in table.rows} == KINDS
    text = "\n".join(table.lines)
    assert (
        "MISSED" not in text
        and text.count("2024-05-") == 10
        and "95.2" in table.lines[-2]
        and "19.2" in table.lines[-1]
    )
    texts_apart(table.plot, monkeypatch)
    with pytest.raises(BadInput, match="'moon' has one"):
        replace(table, name="decay").plot()
    missed = [{**row, "held": False} if "limit" in row else row for row in table.rows]
    assert "MISSED" in "\n".join(moon.lines(missed)) and not moon.held(missed)


def test_what_the_camera_sees():
    """Angles that hang together: phase and lit part, height and width, phase and the Sun's height over the ground."""
    rows = moon.pictures()
    assert [row["at"] for row in rows[:3]] == ["release", "periapsis", "apoapsis"] and len(rows) == 9
    for row in rows:
        assert row["lit_part"] == pytest.approx(math.cos(math.radians(row["phase_angle_deg"]) / 2.0) ** 2, abs=1e-3)
        width = 2.0 * math.degrees(math.asin(1737.4 / (1737.4 + row["height_km"])))
        assert row["moon_width_deg"] == pytest.approx(width, abs=1e-2)
        # The Sun's height over the ground below is the complement of the phase angle, but for its parallax.
        assert row["sun_elevation_deg"] == pytest.approx(90.0 - row["phase_angle_deg"], abs=0.01)


def test_sun_over_the_landing_site():
    """Against the IAU's report axes, which stand within 12.8 arcsec of ours, and Skyfield's Sun: to 0.01 deg."""
    from sim.environment.orientation import skyfield_times
    from sim.environment.world import _ephemeris

    body = load_orbit("icube-q").orbit.body
    for epoch in (moon.LANDING, moon.ASCENT):
        kernel, t = _ephemeris(), skyfield_times(epoch, np.array([0.0]))
        sun = (kernel["sun"] - kernel["moon"]).at(t).position.m.T[0]
        turn = _iau_axes(float(t.tdb[0]))
        lat, lon = np.radians(moon.SITE_DEG)
        up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        d = turn @ sun - 1737400.0 * up
        _, sky = local_sky(body, *moon.SITE_DEG, epoch)
        assert sky["sun_elevation_deg"] == pytest.approx(np.degrees(np.arcsin(up @ d / np.linalg.norm(d))), abs=0.01)


def _iau_axes(jd_tdb: float) -> np.ndarray:
    """Rotation (3,3) from ICRS to the Moon's axes of the IAU's report of 2009 (Archinal et al. 2011, table 2)."""
    d = jd_tdb - 2451545.0
    at_epoch, rate, for_alpha, for_delta, for_w = np.array(IAU_2009).T
    e = np.radians(at_epoch + rate * d)
    alpha = 269.9949 + 0.0031 * d / 36525.0 + np.sin(e) @ for_alpha
    delta = 66.5392 + 0.0130 * d / 36525.0 + np.cos(e) @ for_delta
    w = 38.3213 + 13.17635815 * d - 1.4e-12 * d * d + np.sin(e) @ for_w
    return _about(2, w) @ _about(0, 90.0 - delta) @ _about(2, 90.0 + alpha)


def _about(axis: int, degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    i, j = [(1, 2), (0, 2), (0, 1)][axis]
    turn = np.eye(3)
    turn[i, i] = turn[j, j] = c
    turn[i, j], turn[j, i] = s, -s
    return turn


@pytest.mark.parametrize("name", ["change-6", "icube-q"])
def test_the_picture_of_the_path_has_every_text_apart(name, monkeypatch):
    orbit = load_orbit(name).orbit
    seen = views(propagate(orbit))
    assert [view.centre for view in seen] == (["Earth", "Moon"] if name == "change-6" else ["Moon"])
    for view in seen:
        r = np.linalg.norm(view.path_km, axis=1)
        assert r.min() > view.radius_km and len(view.other_km) == len(view.path_km) == len(view.t_s)
    assert np.diff(seen[-1].t_s).max() < 600.0 and seen[-1].t_s[-1] == pytest.approx(orbit.duration)
    texts_apart(lambda: draw(orbit.name, "six days", seen), monkeypatch)


def test_an_orbit_about_the_moon_writes_its_path(tmp_path):
    """And one about the Earth alone does not: its files are as before (tests/test_propagate_cli.py)."""
    flown = sim.propagate("icube-q", tmp_path / "out", overrides=["span.duration_s=90000"])
    assert (tmp_path / "out" / "path.png").stat().st_size > 10_000
    assert {"earth_rise", "earth_set", "periapsis"} <= {event.name for event in flown.events}
    assert "earth_rise" in (tmp_path / "out" / "events.csv").read_text("utf-8")


# ---- the parts of the targeting


def test_a_hyperbola_has_the_asymptote_and_the_time_of_its_elements():
    """Of known elements 20 h before periapsis, by Kepler's equation with sinh."""
    a, e = -7.0e6, 1.28
    anomaly = -5.0
    before = (e * math.sinh(anomaly) - anomaly) * math.sqrt(-(a**3) / MU)
    nu = 2.0 * math.atan(math.sqrt((e + 1.0) / (e - 1.0)) * math.tanh(anomaly / 2.0))
    p, v = -a * (e * e - 1.0), math.sqrt(MU / (-a * (e * e - 1.0)))
    r = p / (1.0 + e * math.cos(nu)) * np.array([math.cos(nu), math.sin(nu), 0.0])
    found = hyperbola(r, v * np.array([-math.sin(nu), e + math.cos(nu), 0.0]), MU)
    assert found.to_periapsis == pytest.approx(-before, rel=1e-12)
    assert found.periapsis == pytest.approx(-a * (e - 1.0), rel=1e-12)
    assert np.linalg.norm(found.impact) == pytest.approx(-a * math.sqrt(e * e - 1.0), rel=1e-12)
    assert found.incoming @ found.impact == pytest.approx(0.0, abs=1e-3)
    assert found.incoming[0] == pytest.approx(1.0 / e, rel=1e-12) and found.speed == pytest.approx(math.sqrt(-MU / a))
    bound = elements_to_state(7.0e6, 0.5, 0.1, 0.0, 0.0, 0.0, MU)
    with pytest.raises(Failure, match="no hyperbola"):
        hyperbola(bound[:3], bound[3:], MU)


@pytest.mark.parametrize("node", ["ascending", "descending"])
def test_the_impact_vector_has_the_periapsis_and_the_inclination(node):
    far = hyperbola(np.array([-6.0e7, 1.0e7, 4.0e6]), np.array([880.0, -60.0, 30.0]), MU)
    pole, low, tilt = np.array([0.1, -0.2, 0.97]), 1.9374e6, math.radians(137.0)
    pole /= np.linalg.norm(pole)
    aim = impact_vector(far, MU, low, pole, tilt, node)
    normal = np.cross(aim, far.incoming)
    normal /= np.linalg.norm(normal)
    assert aim @ far.incoming == pytest.approx(0.0, abs=1e-6)
    assert math.acos(normal @ pole) == pytest.approx(tilt, abs=1e-12)
    start = aim - 6.0e11 * far.incoming  # so far away that the craft is still on its asymptote
    assert hyperbola(start, far.speed * far.incoming, MU).periapsis == pytest.approx(low, rel=1e-3)
    ahead = np.cross(pole, normal) @ far.incoming
    assert (ahead > 0.0) == (node == "ascending")
    with pytest.raises(Failure, match="deg over the equator"):
        impact_vector(far, MU, low, far.incoming, tilt, node)


def test_a_corrector_that_does_not_arrive_says_what_is_missed():
    x, done = corrected(lambda x: np.array([x[0] ** 2 - 2.0]), [1.0], [1e-7], [1e-12], "the root")
    assert x[0] == pytest.approx(math.sqrt(2.0)) and done <= 6
    with pytest.raises(Failure, match="the summit is not met after 3 corrections: missed by .* of at most 0.1"):
        corrected(lambda x: np.array([x[0] ** 2 + 1.0]), [1.0], [1e-7], [0.1], "the summit", maximum=3)
    with pytest.raises(Failure, match="the plain is not met after 0 corrections"):
        corrected(lambda x: np.array([1.0]), [1.0], [1e-7], [0.1], "the plain")


def test_a_time_that_no_ellipse_takes_is_refused():
    target = moon.target()
    with pytest.raises(Failure, match="departure conic"):
        conic(target.site, target.lift_off, target.departure, 6.578e6, target.departure.plus(20.0 * 3600.0))
