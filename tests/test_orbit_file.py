"""Orbit files: what outside checks write is read, what is wrong is reported by key and all at once."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from sim.build.orbit import load_orbit
from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files import paths
from sim.scenario import ScenarioError

BASE = """
schema = 1
kind = "orbit"
name = "a check"
[epoch]
utc = "2007-11-20T00:00:00"
[state]
frame = "gcrf"
position_m = [-4292653.41, 955168.47, 5139356.57]
velocity_m_s = [109.649663, -7527.726490, 1484.521489]
[span]
duration_s = 28800.0
step_s = 60
[gravity]
field = "point"
"""
STATION = """
schema = 1
kind = "orbit"
name = "a check"
elements = "css-2026-10-06"
[span]
duration_s = 60.0
step_s = 60.0
[gravity]
field = "point"
"""
GFC = """comment a small field
modelname small
earth_gravity_constant 3.9860044360D+14
radius 6378137.0
max_degree 2
norm fully_normalized
end_of_head ====
gfc 0 0 1.0 0.0
gfc 2 0 -0.000484169 0.0
"""


def file(folder: Path, text: str = BASE, add: str = "") -> Path:
    path = folder / "orbit.toml"
    path.write_text(text + add, "utf-8")
    return path


def problems(path, *overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_orbit(path, overrides)
    lines = [str(p) for p in caught.value.problems]
    assert lines and all("\n" not in line for line in lines)
    return lines


# ---- what is right


def test_the_plainest_file_holds_what_it_says(tmp_path):
    orbit = load_orbit(file(tmp_path)).orbit
    assert orbit.r.tolist() == [-4292653.41, 955168.47, 5139356.57] and orbit.v[0] == 109.649663
    assert (orbit.duration, orbit.step, orbit.tolerance) == (28800.0, 60.0, 1e-12)
    assert orbit.epoch == Epoch.from_utc("2007-11-20T00:00:00Z")
    assert (orbit.gravity.field, orbit.gravity.degree, orbit.gravity.mu) == ("point", 0, None)
    assert orbit.orientation.model == "iau2006" and orbit.orientation.ut1_utc is None
    assert not orbit.third_body.sun and orbit.atmosphere.model == orbit.radiation.model == "none"


WHOLE = """
[spacecraft]
mass_kg = 1000
drag_area_m2 = 20
drag_coefficient = 2.0
srp_area_m2 = 30.0
reflectivity_coefficient = 1.2
[orientation]
model = "iau1976"
ut1_utc_s = -0.469
polar_motion_arcsec = [0.1, 0.2]
[third_body]
sun = true
moon = true
mu_sun_m3_s2 = 1.3271244e20
mu_moon_m3_s2 = 4.9027e12
ephemeris = "analytic"
[atmosphere]
model = "exponential"
reference_density_kg_m3 = 3.725e-12
reference_altitude_m = 400000
scale_height_m = 58515.0
wind_axis = "inertial_z"
wind_rate_rad_s = 0
[solar_radiation]
model = "conical"
pressure_n_m2 = 4.5e-6
occulter = "sphere"
[[burns]]
start_s = 1000.0
duration_s = 93
thrust_n = 29000.0
direction = [0, -3, 4]
frame = "body"
body_axes = "inertial"
body_rate_rad_s = [0, -0.001, 0]
mass_flow_kg_s = 0
[integrator]
tolerance = 1e-11
"""


def test_every_key_of_the_file_arrives_in_si(tmp_path):
    orbit = load_orbit(file(tmp_path, add=WHOLE)).orbit
    assert (orbit.mass, orbit.drag_area, orbit.drag_coefficient) == (1000.0, 20.0, 2.0)
    assert (orbit.srp_area, orbit.reflectivity, orbit.tolerance) == (30.0, 1.2, 1e-11)
    turn, bodies, air, light = orbit.orientation, orbit.third_body, orbit.atmosphere, orbit.radiation
    assert (turn.model, turn.ut1_utc, turn.pole) == ("iau1976", -0.469, (0.1, 0.2))
    assert (bodies.sun, bodies.moon, bodies.mu_sun, bodies.mu_moon) == (True, True, 1.3271244e20, 4.9027e12)
    assert bodies.ephemeris == "analytic"
    assert (air.model, air.reference_density, air.reference_altitude) == ("exponential", 3.725e-12, 4e5)
    assert (air.scale_height, air.wind_axis, air.wind_rate) == (58515.0, "inertial_z", 0.0)
    assert (light.model, light.pressure, light.occulter) == ("conical", 4.5e-6, "sphere")
    (burn,) = orbit.burns
    assert (burn.start, burn.duration, burn.thrust, burn.frame) == (1000.0, 93.0, 29000.0, "body")
    assert (burn.body_axes, burn.body_rate, burn.mass_flow) == ("inertial", (0.0, -0.001, 0.0), 0.0)
    assert burn.direction == pytest.approx([0.0, -0.6, 0.8], abs=1e-15)


def test_specific_impulse_is_a_mass_flow(tmp_path):
    text = WHOLE.replace("mass_flow_kg_s = 0", "isp_s = 290.0")
    (burn,) = load_orbit(file(tmp_path, add=text), ["spacecraft.mass_kg=20000.0"]).orbit.burns
    assert burn.mass_flow * 290.0 * 9.80665 == pytest.approx(29000.0, rel=1e-14)  # F = m-dot g0 Isp


def test_a_uniform_turn_is_given_in_degrees(tmp_path):
    text = '[orientation]\nmodel = "uniform"\ntheta0_deg = 90\nrate_rad_s = 7.2e-5\n'
    turn = load_orbit(file(tmp_path, add=text)).orbit.orientation
    assert turn.theta0 == pytest.approx(math.pi / 2) and turn.rate == 7.2e-5


def test_tai_minus_utc_of_a_published_case_replaces_the_table(tmp_path):
    """In November 2007 the table says 33 s; NASA's check cases were flown with 32."""
    by_table, own = load_orbit(file(tmp_path)).orbit, load_orbit(file(tmp_path), ["epoch.tai_utc_s=32"]).orbit
    assert by_table.epoch.since(own.epoch) == 1.0
    assert (by_table.tai_utc, own.tai_utc) == (None, 32.0)


def test_a_leap_second_is_a_time(tmp_path):
    a, b = (
        load_orbit(file(tmp_path), [f"epoch.utc={t}"]).orbit.epoch
        for t in ('"2016-12-31T23:59:60.5"', '"2017-01-01T00:00:00"')
    )
    assert b.since(a) == 0.5


def test_the_packaged_field_goes_to_the_degree_asked_for_and_order_follows(tmp_path):
    text = BASE.replace('field = "point"', "degree = 36")
    gravity = load_orbit(file(tmp_path, text)).orbit.gravity
    assert (gravity.field, gravity.degree, gravity.order) == ("egm2008", 36, 36)
    assert load_orbit(file(tmp_path, text), ["gravity.order=4"]).orbit.gravity.order == 4
    gravity = load_orbit(file(tmp_path), ["gravity.field=j2", "gravity.j2=0.001"]).orbit.gravity
    assert (gravity.degree, gravity.order, gravity.j2) == (2, 0, 0.001)


def test_a_gravity_file_lies_beside_the_orbit_file(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "small.gfc").write_text(GFC)
    path = file(tmp_path / "sub", BASE.replace('"point"', '"../small.gfc"\ndegree = 2\norder = 0'))
    scenario = load_orbit(path)
    assert scenario.orbit.gravity.field.samefile(tmp_path / "small.gfc")
    assert len(scenario.files) == 2 and scenario.files[0] == path


# ---- the start in other words


def test_keplerian_elements_become_a_state_about_the_mu_of_the_file(tmp_path):
    """What must come back are the invariants: energy, angular momentum, its direction, and the conic."""
    text = (
        BASE.split("[state]")[0]
        + "[span]\nduration_s = 60\nstep_s = 60\n"
        + """
[keplerian]
semi_major_axis_m = 8000000.0
eccentricity = 0.1
inclination_deg = 30
raan_deg = 40
argument_of_perigee_deg = 60
true_anomaly_deg = 30
"""
    )
    for mu in (3.986004415e14, 3.9e14):
        orbit = load_orbit(file(tmp_path, text), [f"gravity.mu_m3_s2={mu}", "gravity.field=point"]).orbit
        h = np.cross(orbit.r, orbit.v)
        radius = np.linalg.norm(orbit.r)
        assert orbit.v @ orbit.v / 2 - mu / radius == pytest.approx(-mu / 16e6, rel=1e-13)  # vis viva
        assert h @ h == pytest.approx(mu * 8e6 * 0.99, rel=1e-13)  # p = h2 / mu
        assert radius == pytest.approx(8e6 * 0.99 / (1 + 0.1 * math.cos(math.radians(30))), rel=1e-14)
        assert math.degrees(math.acos(h[2] / np.linalg.norm(h))) == pytest.approx(30.0, abs=1e-11)
        assert math.degrees(math.atan2(h[0], -h[1])) == pytest.approx(40.0, abs=1e-11)
        assert orbit.r[2] == pytest.approx(radius * math.sin(math.radians(30)), rel=1e-13)  # u = 90 deg


def test_keplerian_elements_take_the_mu_of_a_gravity_file(tmp_path):
    (tmp_path / "small.gfc").write_text(GFC)
    text = (
        BASE.split("[state]")[0]
        + """
[keplerian]
semi_major_axis_m = 7e6
eccentricity = 0
inclination_deg = 0
raan_deg = 0
argument_of_perigee_deg = 0
true_anomaly_deg = 0
[span]
duration_s = 60
step_s = 60
[gravity]
field = "small.gfc"
degree = 2
order = 0
"""
    )
    v = load_orbit(file(tmp_path, text)).orbit.v
    assert np.linalg.norm(v) == pytest.approx(math.sqrt(3.9860044360e14 / 7e6), rel=1e-15)


def skyfield_state(name: str, epoch: Epoch):
    """What Skyfield makes of an element set: m, m/s, GCRS."""
    from skyfield.api import EarthSatellite

    from sim.environment.world import skyfield_times

    lines = element_sets.element_set(name)
    at = EarthSatellite(lines.line1, lines.line2).at(skyfield_times(epoch, 0.0)[0])
    return at.position.m, at.velocity.km_per_s * 1e3


def test_elements_start_at_their_own_epoch_or_at_the_one_given(tmp_path):
    own = load_orbit(file(tmp_path, STATION)).orbit
    assert own.epoch == element_sets.element_set("css-2026-10-06").epoch
    later = load_orbit(file(tmp_path, STATION), ["epoch.utc=2026-10-07T00:00:00"]).orbit
    for orbit in (own, later):
        r, v = skyfield_state("css-2026-10-06", orbit.epoch)
        assert math.dist(orbit.r, r) < 0.05  # 50 mm: SGP4 counts in days of 40 microseconds of rounding, at 7.7 km/s
        assert math.dist(orbit.v, v) < 1e-3  # Skyfield adds the turn of the frame, 5e-5 m/s


@pytest.mark.parametrize("dress", ["{0}\n{1}\n", "TIANGONG\n{0}\n{1}", "\ufeff{0}\r\n{1}   \r\n\r\n"])
def test_a_file_of_two_lines_is_the_same_as_the_shipped_set(dress, tmp_path):
    lines = element_sets.element_set("css-2026-10-06")
    (tmp_path / "css.tle").write_text(dress.format(lines.line1, lines.line2), "utf-8", newline="")
    for text in (
        STATION.replace("css-2026-10-06", "css.tle"),
        STATION.replace('elements = "css-2026-10-06"', '[state]\nelements = "css.tle"'),
    ):
        scenario = load_orbit(file(tmp_path, text))
        shipped = load_orbit(file(tmp_path, STATION)).orbit
        assert scenario.orbit.r.tolist() == shipped.r.tolist() and scenario.orbit.epoch == shipped.epoch


def test_stale_elements_are_reported_with_their_age(tmp_path):
    assert load_orbit(file(tmp_path, STATION)).warnings == ()
    (warning,) = load_orbit(file(tmp_path, STATION), ["epoch.utc=2026-11-06T16:03:00"]).warnings
    assert "31.0 days old" in warning


def test_states_of_other_frames_are_turned_as_skyfield_turns_them(tmp_path):
    from skyfield.framelib import itrs
    from skyfield.positionlib import Geocentric
    from skyfield.sgp4lib import TEME
    from skyfield.units import Distance, Velocity

    from sim.environment.world import skyfield_times

    base = load_orbit(file(tmp_path)).orbit
    t = skyfield_times(base.epoch, 0.0)[0]
    au = Distance(m=base.r).au, Velocity(km_per_s=base.v / 1e3).au_per_d
    # Skyfield leaves the offsets of the celestial pole out, which reach 0.6 mas: 20 mm at this distance. TEME has none.
    for frame, of, within in (("teme", TEME, 1e-6), ("itrf", itrs, 0.02)):
        r, v = Geocentric(*au, t=t).frame_xyz_and_velocity(of)
        sets = [f"state.frame={frame}", f"state.position_m={r.m.tolist()}"]
        sets += [f"state.velocity_m_s={(v.km_per_s * 1e3).tolist()}"]
        orbit = load_orbit(file(tmp_path), sets).orbit
        assert math.dist(orbit.r, base.r) < within
        assert math.dist(orbit.v, base.v) < 1e-3  # without the slow turn of precession and pole, 5e-5 m/s


def test_an_orbit_beyond_the_table_of_the_earths_turn_is_warned_of(tmp_path):
    """Compared with the table itself as skyfield reads it: its first and last day with UT1-UTC."""
    import astropy_iers_data
    from skyfield.data import iers

    from sim.propagation.ages import iers_reach

    with open(astropy_iers_data.IERS_A_FILE, "rb") as table:
        days = [row[0] for row in iers.parse_x_y_dut1_from_finals_all(table)]
    mjd = [Epoch.from_utc(day).jd_utc()[0] - 2400000.5 for day in (iers_reach().first, iers_reach().predicted)]
    assert mjd == [days[0], days[-1]]
    assert load_orbit(file(tmp_path)).warnings == ()
    (warning,) = load_orbit(file(tmp_path), ["epoch.utc=2045-01-01T00:00:00"]).warnings
    assert "beyond the IERS table" in warning
    (warning,) = load_orbit(file(tmp_path), ["epoch.utc=1972-06-01T00:00:00"]).warnings
    assert "before the IERS table" in warning
    given = ["epoch.utc=2045-01-01T00:00:00", "orientation.ut1_utc_s=0.1"]
    assert load_orbit(file(tmp_path), given).warnings == ()


# ---- what is wrong

BAD = {  # what is added, overrides, the required message
    "unknown key": ("", ["span.step=60"], ["span.step: ", "did you mean 'step_s'?"]),
    "unknown table": ("[gravitty]\ndegree = 3\n", [], ["gravitty: ", "'gravity'"]),
    "no schema": ("", ["schema="], ["schema: found nothing"]),
    "wrong kind": ("", ["kind=rotation"], ["kind: found 'rotation'", "'orbit'"]),
    "not a number": ("", ["span.duration_s=nan"], ["span.duration_s: found nan"]),
    "infinite": ("", ["state.position_m=[inf, 0.0, 0.0]"], ["state.position_m.0"]),
    "too short a vector": ("", ["state.velocity_m_s=[1.0, 2.0]"], ["state.velocity_m_s", "an array of 3"]),
    "no step": ("", ["span.step_s=0"], ["span.step_s: found 0"]),
    "step backward": ("", ["span.step_s=-60"], ["span.step_s: found -60"]),
    "absurd size": ("", ["span.duration_s=3e8", "span.step_s=0.01"], ["span.step_s", "3e+10 rows", "4.5e+06 MB"]),
    "local time": ("", ['epoch.utc="2026-10-20 10:31 BJT"'], ["epoch.utc: ", "a UTC time like"]),
    "beyond the ephemeris": ("", ["epoch.utc=2100-01-01T00:00:00"], ["epoch.utc"]),
    "ends beyond it": ("", ["epoch.utc=2049-12-31T23:00:00"], ["span.duration_s", "2050"]),
    "no epoch": ("", ["epoch="], ["epoch: found nothing"]),
    "no start": ("", ["state="], ["found no start", "[keplerian]"]),
    "two starts": ("", ["elements=css-2026-10-06"], ["found state and elements", "exactly one"]),
    "half a state": ("", ["state.velocity_m_s="], ["state.velocity_m_s: found nothing"]),
    "under the ground": ("", ["state.position_m=[6000000.0, 0.0, 0.0]"], ["state.position_m", "6000.000 km"]),
    "under the pole": ("", ["state.position_m=[0.0, 0.0, 6356700.0]"], ["state.position_m", "above the Earth"]),
    "kilometres": ("", ["state.position_m=[-4292.6, 955.1, 5139.3]"], ["state.position_m", "is it in metres?"]),
    "kilometres a second": ("", ["state.velocity_m_s=[0.1, -7.5, 1.4]"], ["state.velocity_m_s", "is it in m/s?"]),
    "unknown frame": ("", ["state.frame=j2000"], ["state.frame", "'teme', 'eme2000'; did you mean 'eme2000'?"]),
    "harmonics of a point": ("", ["gravity.degree=4"], ["gravity.degree: found 4", "'egm2008'"]),
    "tesserals of j2": ("", ["gravity.field=j2", "gravity.order=2"], ["gravity.order: found 2"]),
    "j2 of a field": ("", ["gravity.field=egm2008", "gravity.j2=0.001"], ["gravity.j2"]),
    "order over degree": ("", ["gravity.field=egm2008", "gravity.degree=4", "gravity.order=5"], ["gravity.order"]),
    "degree over the field's": ("", ["gravity.field=egm2008", "gravity.degree=200"], ["gravity.degree: found 200"]),
    "no such field": ("", ["gravity.field=egm2OO8"], ["gravity.field", "did you mean 'egm2008'?"]),
    "a body's mu of another": ("", ["gravity.mu_m3_s2=4.9e12"], ["gravity.mu_m3_s2"]),
    "uniform without its keys": ("[orientation]\nmodel = 'uniform'\n", [], ["theta0_deg", "rate_rad_s"]),
    "uniform with ut1": (
        "[orientation]\nmodel = 'uniform'\ntheta0_deg = 1\nrate_rad_s = 0\nut1_utc_s = 0\n",
        [],
        ["orientation.ut1_utc_s"],
    ),
    "a turn of iau2006": ("[orientation]\ntheta0_deg = 1.0\n", [], ["orientation.theta0_deg", "iau2006"]),
    "air without density": (
        "[spacecraft]\nmass_kg = 1\ndrag_area_m2 = 1\n[atmosphere]\nmodel = 'constant'\n",
        [],
        ["atmosphere.density_kg_m3: found nothing"],
    ),
    "air of two models": (
        "[spacecraft]\nmass_kg = 1\ndrag_area_m2 = 1\n[atmosphere]\nmodel = 'us76'\nf107 = 100\n",
        [],
        ["atmosphere.f107", "'nrlmsise00'"],
    ),
    "drag on nothing": ("[atmosphere]\nmodel = 'us76'\n", [], ["spacecraft.drag_area_m2", "spacecraft.mass_kg"]),
    "sunlight on nothing": ("[solar_radiation]\nmodel = 'conical'\n", [], ["spacecraft.srp_area_m2"]),
    "no mass": ("[spacecraft]\nmass_kg = 0\n", [], ["spacecraft.mass_kg: found 0"]),
    "negative mass": ("[spacecraft]\nmass_kg = -1\n", [], ["spacecraft.mass_kg: found -1"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_reported_by_key(case, tmp_path):
    add, sets, says = BAD[case]
    lines = problems(file(tmp_path, add=add), *sets)
    assert len(lines) <= 2, lines
    assert all(any(words in line for line in lines) for words in says), lines


BURNS = {  # the burns, overrides, the required message
    "no direction": ([(0, 10)], ["burns.0.direction=[0, 0, 0]"], ["burns.0.direction", "length 0"]),
    "no flow": ([(0, 10)], ["burns.0.isp_s="], ["burns.0.isp_s", "neither isp_s nor mass_flow_kg_s"]),
    "two flows": ([(0, 10)], ["burns.0.mass_flow_kg_s=1.0"], ["isp_s and mass_flow_kg_s", "exactly one"]),
    "a body's key": ([(0, 10)], ["burns.0.body_rate_rad_s=[0, 0, 1]"], ["burns.0.body_rate_rad_s", "'body'"]),
    "overlap": ([(0, 100), (50, 10)], [], ["burns.1.start_s: found 50", "100"]),
    "overlap out of order": ([(50, 10), (0, 100)], [], ["burns.0.start_s: found 50"]),
    "more than there is": ([(0, 3000)], ["burns.0.isp_s=290"], ["spacecraft.mass_kg", "1054.88 kg"]),
    "before the start": ([(-5, 10)], [], ["burns.0.start_s: found -5"]),
    "no mass": ([(0, 10)], ["spacecraft="], ["spacecraft.mass_kg: found nothing"]),
}


def burning(folder: Path, times) -> Path:
    table = "[[burns]]\nstart_s = {}\nduration_s = {}\nthrust_n = 1000\ndirection = [1, 0, 0]\nisp_s = 300\n"
    return file(folder, add="[spacecraft]\nmass_kg = 1000\n" + "".join(table.format(*t) for t in times))


@pytest.mark.parametrize("case", BURNS)
def test_a_bad_burn_is_reported_by_key(case, tmp_path):
    times, sets, says = BURNS[case]
    lines = problems(burning(tmp_path, times), *sets)
    assert len(lines) == 1 and all(words in lines[0] for words in says), lines


def test_a_burn_that_does_nothing_or_lasts_too_long_is_warned_of(tmp_path):
    scenario = load_orbit(burning(tmp_path, [(28000, 1800), (5, 0), (30000, 10), (0, 10), (10, 10)]))
    assert [(b.start, b.duration) for b in scenario.orbit.burns] == [(0.0, 10.0), (10.0, 10.0), (28000.0, 800.0)]
    assert [w[:7] for w in scenario.warnings] == ["burns.0", "burns.1", "burns.2"]
    for words, warning in zip(("cut at the end", "no duration", "left out"), scenario.warnings, strict=True):
        assert words in warning


def test_all_problems_are_reported_at_once_with_their_lines(tmp_path):
    path = file(tmp_path, BASE.replace("step_s = 60", "step_s = 0").replace('"gcrf"', '"gcrff"'), "elementz = 1\n")
    lines = problems(path, "gravity.field=none.gfc", "burns=[{}]")
    reported = [line.split(": ")[1] for line in lines]
    assert {"span.step_s", "state.frame", "gravity.elementz", "gravity.field", "burns.0.start_s"} <= set(reported)
    number = int(next(line for line in lines if "span.step_s" in line).split(": ")[0].rsplit(":", 1)[1])
    assert path.read_text("utf-8").splitlines()[number - 1] == "step_s = 0"


BAD_GFC = {
    "garbage": (b"GARBAGE" * 100, "end_of_head"),
    "a web page": (b"<html><body>404</body></html>", "end_of_head"),
    "empty": (b"", "end_of_head"),
    "no mu": (GFC.replace("earth_gravity_constant", "gravity").encode(), "earth_gravity_constant"),
    "not normalised": (GFC.replace("fully_normalized", "unnormalized").encode(), "fully_normalized"),
    "low": (GFC.encode(), "gravity.degree: found 20"),
}


@pytest.mark.parametrize("case", BAD_GFC)
def test_a_bad_gravity_file_is_refused(case, tmp_path):
    content, says = BAD_GFC[case]
    (tmp_path / "bad.gfc").write_bytes(content)
    (line,) = problems(file(tmp_path), "gravity.field=bad.gfc", "gravity.degree=20")
    assert says in line and "bad.gfc" in line


def test_a_gravity_file_that_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder.gfc").mkdir()
    (tmp_path / "egm.gfc").write_text(GFC)
    for name, says in (("folder.gfc", "no file"), ("egn.gfc", "did you mean 'egm.gfc'?"), ("/dev/zero", "no file")):
        lines = problems(file(tmp_path), f"gravity.field={name}", "gravity.degree=2")
        assert len(lines) == 1 and "gravity.field" in lines[0] and says in lines[0]
    assert "gravity.degree: found nothing" in problems(file(tmp_path), "gravity.field=egm.gfc")[0]


BAD_TLE = {  # of the two lines of the station: how they are broken, and the required message
    "checksum": (lambda a, b: f"{a}\n{b[:-1]}{(int(b[-1]) + 1) % 10}\n", "line 2"),
    "another node": (lambda a, b: f"{a}\n{b[:17]}1{b[18:]}\n", "checksum"),
    "swapped": (lambda a, b: f"{b}\n{a}\n", "line"),
    "one line": (lambda a, b: f"{a}\n", ""),
    "empty": (lambda a, b: "", "empty"),
    "no text": (lambda a, b: "\0" * 140, "text"),
}


@pytest.mark.parametrize("case", BAD_TLE)
def test_a_bad_element_set_is_refused(case, tmp_path):
    broken, says = BAD_TLE[case]
    lines = element_sets.element_set("css-2026-10-06")
    (tmp_path / "bad.tle").write_text(broken(lines.line1, lines.line2))
    reported = problems(file(tmp_path, STATION), "elements=bad.tle")
    assert all("bad.tle" in line for line in reported) and any(says in line for line in reported), reported


def test_elements_that_are_nowhere_or_far_away_are_refused(tmp_path):
    assert "did you mean 'css-2026-10-06'?" in problems(file(tmp_path, STATION), "elements=css-2026-10-O6")[0]
    assert problems(file(tmp_path, STATION), "epoch.utc=1990-01-01T00:00:00")


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)),
    "utf-16": BASE.encode("utf-16"),
    "broken": b"schema = 1\n[epoch\n",
    "thousands of burns": BASE.encode() + b"[[burns]]\n" * 15_000,
    "a tag": b"!!python/object/apply:os.system ['true']",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_no_orbit_is_refused_within_two_seconds(case, tmp_path):
    path = tmp_path / "orbit.toml"
    path.write_bytes(HOSTILE[case])
    began = time.perf_counter()
    assert len(problems(path)) < 250
    assert time.perf_counter() - began < 2.0  # the promise of the program, on any file


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "orbit.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    assert load_orbit(path).orbit.name == "a check"


# ---- the shipped ones


@pytest.mark.parametrize("name", sorted(p.stem for p in paths.ORBITS.glob("*.toml")))
def test_shipped_orbits_are_read_and_can_be_written_as_json(name):
    scenario = load_orbit(name)
    assert scenario.warnings == () and scenario.sources
    assert json.loads(json.dumps(scenario.raw)) == scenario.raw
