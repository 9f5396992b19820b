"""Elements and states in and out: against `sgp4`'s own readers, against Orekit, and round trips."""

import io
from dataclasses import replace

import numpy as np
import pytest
from sgp4 import omm as sgp4_omm
from sgp4.api import Satrec

from sim.catalogue.element_sets import element_set, names
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.interchange import state as states
from sim.interchange.files import FORMS, parse_mean_elements, read_mean_elements, starting_state, write_mean_elements
from sim.interchange.mean import age_warning, gcrf_state, teme_state
from sim.interchange.oem import parse_oem, read_oem
from sim.interchange.oem_writing import Arc, stamp_texts, write_oem
from sim.interchange.opm import Opm, opm_text, parse_opm, read_opm, write_opm
from sim.interchange.state import (
    OrbitState,
    from_gcrf,
    keplerian,
    keplerian_state,
    state_of_keplerian,
    to_gcrf,
    vector_state,
)
from sim.interchange.times import read_epoch
from sim.interchange.tle import from_alpha5, read_tle, tle_lines, to_alpha5, write_tle
from sim.interchange.two_lines import checksum
from tests.messages import (
    CREATED,
    CSS,
    DATA,
    EPOCH,
    MARIO,
    OEM,
    OMM_FORMS,
    OPM,
    OREKIT,
    in_form,
    refused,
)
from tests.tolerance import ITRF_OREKIT_M, TEME_OREKIT_M

# --- mean elements in


@pytest.mark.parametrize("form", OMM_FORMS)
def test_one_set_reads_the_same_in_every_form(form):
    """Every number of the CelesTrak set, to the last bit, whether it came as two lines or as an OMM."""
    (found,) = read_mean_elements(DATA / f"mario.{form}")
    assert found == MARIO
    assert found.source.endswith(f"mario.{form}:{dict(kvn=1, xml=4, csv=2, json=1)[form]}")


def test_values_are_those_of_the_file():
    assert (MARIO.name, MARIO.number, MARIO.designator) == ("MARIO", 55123, "1998-067UQ")
    assert MARIO.epoch.utc(6) == "2023-04-25T10:45:30.642912Z"
    assert (MARIO.bstar, MARIO.half_mean_motion_rate_rev_day2) == (0.001568, 0.00787702)
    assert (MARIO.sixth_mean_motion_acceleration_rev_day3, MARIO.revolution) == (0.00029408, 1839)


# One rounding of a double: sgp4 takes the same products and quotients of the same numbers in another order.
LAST_BIT = 4.5e-16
RECORD = ("no_kozai", "ecco", "inclo", "nodeo", "argpo", "mo", "bstar", "ndot", "nddot")


@pytest.mark.parametrize("form", ("csv", "xml"))
def test_sgp4_reads_our_omm_as_we_do(form):
    """The sgp4 package's own OMM reader on the file that is written here: the same record, and so the same orbit."""
    parse = {"csv": sgp4_omm.parse_csv, "xml": sgp4_omm.parse_xml}[form]
    theirs = Satrec()
    sgp4_omm.initialize(theirs, next(parse(io.StringIO(in_form(form)))))
    ours = MARIO.satrec()
    for name in RECORD:
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=LAST_BIT, abs=0.0), name
    assert (ours.jdsatepoch, ours.jdsatepochF, ours.satnum) == (theirs.jdsatepoch, theirs.jdsatepochF, theirs.satnum)


@pytest.mark.parametrize("name", names()[::9])
def test_state_is_that_of_sgp4_from_the_lines(name):
    """A day on: 1e-6 m, for angles that differ in the last bit (7e6 m times 1e-13 rad after 100 rad of phase)."""
    lines = element_set(name)
    (found,) = read_tle(f"{lines.line1}\n{lines.line2}\n", "x")
    error, r_km, v_km_s = Satrec.twoline2rv(lines.line1, lines.line2).sgp4_tsince(1440.0)
    state = teme_state(found, found.epoch.plus(86400.0))
    assert error == 0 and found.epoch == lines.epoch
    assert state.r == pytest.approx(1e3 * np.array(r_km), abs=1e-6, rel=0.0)
    assert state.v == pytest.approx(1e3 * np.array(v_km_s), abs=1e-9, rel=0.0)


@pytest.mark.parametrize("row", OREKIT["rows"], ids=lambda row: f"{row[0]:.0f}s")
def test_teme_and_gcrf_against_orekit(row):
    """TEME: 5e-6 m is the spread between python-sgp4 and Orekit that the source states; twice that."""
    (found,) = read_tle("\n".join(OREKIT["lines"]), "x")
    at = Epoch.from_utc(OREKIT["epoch_utc"]).plus(row[0])
    state = teme_state(found, at)
    assert state.r == pytest.approx(row[1:4], abs=1e-5, rel=0.0)
    gcrf = gcrf_state(found, at)
    assert gcrf.frame == "gcrf" and np.linalg.norm(gcrf.r - row[7:10]) < TEME_OREKIT_M
    assert np.linalg.norm(gcrf.v - row[10:13]) < TEME_OREKIT_M * 1.2e-3  # the same tilt: v/r = 1.13e-3 per second


@pytest.mark.parametrize("row", OREKIT["rows"], ids=lambda row: f"{row[0]:.0f}s")
def test_itrf_against_orekit_both_ways(row):
    """Orekit's own pair of GCRF and ITRF. Speeds: 0.03 m of place is 4e-9 rad or 3e-5 m/s; a day that is 1 ms longer
    turns 1e-8 slower, 6e-6 m/s. Turning about the ITRF's z axis instead of the true pole would cost 1e-3 m/s."""
    at = Epoch.from_utc(OREKIT["epoch_utc"]).plus(row[0])
    inertial = OrbitState("x", at, "gcrf", np.array(row[7:10]), np.array(row[10:13]))
    fixed = OrbitState("x", at, "itrf", np.array(row[13:16]), np.array(row[16:19]))
    for found, expected in ((from_gcrf(inertial, "itrf"), fixed), (to_gcrf(fixed), inertial)):
        assert found.frame == expected.frame
        assert np.linalg.norm(found.r - expected.r) < ITRF_OREKIT_M
        assert np.linalg.norm(found.v - expected.v) < 1e-4


THERE_AND_BACK_M = 1e-7


@pytest.mark.parametrize("frame", states.FRAMES)
def test_frames_there_and_back(frame):
    """The matrices are products of up to eight, orthogonal to 6e-15: 4e-8 m of 7e6 m, and two roundings."""
    start = OrbitState("x", EPOCH, "gcrf", np.array([6.7e6, 1e6, 2e5]), np.array([-1e3, 5e3, 5.5e3]))
    back = to_gcrf(from_gcrf(start, frame))
    assert back.r == pytest.approx(start.r, abs=THERE_AND_BACK_M, rel=0.0)
    assert back.v == pytest.approx(start.v, abs=1.2e-3 * THERE_AND_BACK_M, rel=0.0)


# --- mean elements out


@pytest.mark.parametrize("name", names())
def test_two_lines_come_back_letter_by_letter(name):
    """But for what means the same: `00000-0` for zero, and blanks for the zeros of a number."""
    lines = element_set(name)
    (found,) = read_tle(f"{lines.line1}\n{lines.line2}\n", "x")
    line1, line2 = tle_lines(found)
    zeros = lines.line1[:68].replace("00000-0", "00000+0")
    assert line1[:64] == zeros[:64] and int(line1[64:68]) == int(zeros[64:68] or 0)
    assert line2[:63] == lines.line2[:63] and int(line2[63:68]) == int(lines.line2[63:68])
    assert (line1[68], line2[68]) == (str(checksum(line1)), str(checksum(line2)))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_back_whole(form, tmp_path):
    """All numbers equal, not close: texts are made so that they bring the same double back."""
    many = [MARIO, CSS, replace(CSS, name="", designator="", number=5), replace(MARIO, name='DEB [+], "A" <B> & C')]
    write_mean_elements(tmp_path / "x", many, form, CREATED)
    assert read_mean_elements(tmp_path / "x") == many


@pytest.mark.parametrize("form", OMM_FORMS)
def test_omm_holds_what_two_lines_cannot(form):
    """Nine digits of number, nanoseconds, seventeen digits of a double."""
    rich = replace(
        CSS, number=799_500_123, epoch=Epoch(CSS.epoch.tai_ns + 1), raan_deg=CSS.raan_deg + 1e-13, bstar=1.2345678901e-5
    )
    assert parse_mean_elements(in_form(form, rich), "x") == [rich]
    (problem,) = refused(tle_lines, rich)
    assert problem.found == "799500123" and "339999" in problem.allowed


def test_six_digit_number_as_celestrak_serves_it():
    text = (DATA / "mario.json").read_text().replace("55123", "100123")
    (found,) = parse_mean_elements(text, "x")
    assert found.number == 100123 and tle_lines(found)[0].startswith("1 A0123U")
    assert read_tle(write_tle([found]), "x") == [found]
    assert found.satrec().satnum == 100123


def test_alpha5_as_sgp4_has_it():
    """Every letter of the scheme against the sgp4 package's own."""
    from sgp4.alpha5 import from_alpha5 as theirs_from
    from sgp4.alpha5 import to_alpha5 as theirs_to

    for number in [0, 5, 99_999, *range(100_000, 340_000, 9_999), 339_999]:
        assert to_alpha5(number) == theirs_to(number)
        assert from_alpha5(to_alpha5(number)) == number == theirs_from(to_alpha5(number))
    with pytest.raises(ValueError, match="339999"):
        to_alpha5(340_000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, " 00000+0"),
        (-1.2345e-4, "-12345-3"),
        (0.5, " 50000+0"),
        (9.99996e-5, " 10000-3"),
        (1.2e-11, " 01200-9"),
        (1e-20, " 00000-9"),
        (12345.0, " 12345+5"),
    ],
)
def test_exponent_field(value, text):
    line1, _ = tle_lines(replace(CSS, bstar=value))
    assert line1[53:61] == text


def test_what_does_not_fit_into_a_field_is_refused_and_named():
    (problem,) = refused(tle_lines, replace(CSS, half_mean_motion_rate_rev_day2=1.5))
    assert problem.key == "first derivative of mean motion" and problem.found == "1.50000000"


def test_epochs_round_to_the_eighth_decimal_over_new_year():
    """400 microseconds before midnight are nearer to the new year's first instant."""
    late = replace(CSS, epoch=Epoch(Epoch.from_utc("2027-01-01").tai_ns - 400_000))
    assert tle_lines(late)[0][18:32] == "27001.00000000"


# --- the state


def test_keplerian_there_and_back():
    """1e-9 deg and 1e-6 m: the roundings of a state of 7e6 m seen through an eccentricity of 0.001."""
    table = {
        "semi_major_axis_m": 6.77e6,
        "eccentricity": 0.001,
        "inclination_deg": 41.47,
        "raan_deg": 120.0,
        "argument_of_perigee_deg": 30.0,
        "mean_anomaly_deg": 10.0,
    }
    state = keplerian_state(table, "x", EPOCH)
    back = keplerian(state)
    assert back.semi_major_axis_m == pytest.approx(6.77e6, abs=1e-6)
    assert (back.inclination_deg, back.raan_deg) == pytest.approx((41.47, 120.0), abs=1e-9)
    # Equation of the centre: nu = M + 2 e sin M + 5/4 e2 sin 2M + ..., the next term is of e3 = 1e-9 rad.
    centre = 10.0 + np.degrees(2e-3 * np.sin(np.radians(10.0)) + 1.25e-6 * np.sin(np.radians(20.0)))
    assert back.true_anomaly_deg == pytest.approx(centre, abs=1e-7)
    assert back.period_s == pytest.approx(2.0 * np.pi * np.sqrt(6.77e6**3 / 3.986004415e14), rel=1e-12)
    again = state_of_keplerian(back, "x", EPOCH)
    assert again.r == pytest.approx(state.r, abs=1e-6) and again.v == pytest.approx(state.v, abs=1e-9)


def test_vector_table():
    state = vector_state({"frame": "teme", "position_m": [7e6, 0, 0], "velocity_m_s": (0, 7.5e3, 0)}, "x", EPOCH)
    assert state.frame == "teme" and state.r.tolist() == [7e6, 0.0, 0.0] and state.v.tolist() == [0.0, 7.5e3, 0.0]


@pytest.mark.parametrize(
    ("table", "key", "found"),
    [
        ({"frame": "gcrs"}, "state.frame", "'gcrs'"),
        ({"frame": "mod"}, "state.frame", "'mod'"),
        ({"position_m": [7e6, 0.0]}, "state.position_m", "an array of 2"),
        ({"position_m": [7e6, 0.0, True]}, "state.position_m", "true (a boolean)"),
        ({"position_m": "7e6"}, "state.position_m", "'7e6' (a string)"),
        ({"velocity_m_s": None}, "state.velocity_m_s", "None"),
        ({"positon_m": 1}, "state.positon_m", "an unknown key"),
        ({"position_m": [7000.0, 0.0, 0.0]}, "state.position_m", "7 km from"),
        ({"velocity_m_s": [0.0, 7.5, 0.0]}, "state.velocity_m_s", "0.0075 km/s"),
    ],
)
def test_broken_vector_tables(table, key, found):
    good = {"frame": "gcrf", "position_m": [7e6, 0.0, 0.0], "velocity_m_s": [0.0, 7.5e3, 0.0]}
    (problem,) = refused(vector_state, {**good, **table}, "x", EPOCH, "orbit.toml")
    assert problem.key == key and found in problem.found and problem.file == "orbit.toml"


def test_all_problems_of_a_table_at_once():
    keys = {p.key for p in refused(keplerian_state, {"eccentricity": 1.0, "raan": 1.0}, "x", EPOCH)}
    assert keys == {
        f"keplerian.{k}"
        for k in (
            "eccentricity",
            "raan",
            "semi_major_axis_m",
            "inclination_deg",
            "raan_deg",
            "argument_of_perigee_deg",
            "true_anomaly_deg",
        )
    }
    assert [p.key for p in refused(vector_state, 3.0, "x", EPOCH)] == ["state"]


def test_unknown_frames_are_refused_by_name():
    start = OrbitState("x", EPOCH, "j2000", np.ones(3), np.ones(3))
    for problem in (*refused(to_gcrf, start), *refused(from_gcrf, replace(start, frame="gcrf"), "tod")):
        assert problem.found in ("'j2000'", "'tod'") and problem.allowed == "gcrf, eme2000, teme, itrf"
    (problem,) = refused(keplerian, replace(start, frame="itrf"))
    assert "does not turn" in problem.allowed


# --- OPM and OEM


def test_opm_in():
    """TT is 69.184 s ahead of UTC since 2017; 6778.1 km are 6778100 m to the last digit, which a product would miss."""
    message = parse_opm(OPM, "x")
    assert message.state.epoch.utc(3) == "2026-01-01T00:00:00.000Z" and message.state.frame == "gcrf"
    assert message.state.r.tolist() == [6778100.0, 300.0, -10000.0]
    assert message.state.v.tolist() == [0.0, 5700.0, 5100.0]
    assert message.state.mass == 8000.0 and message.object_id == "2026-001A"
    assert message.spacecraft == {"mass_kg": 8000.0, "drag_area_m2": 20.5, "drag_coefficient": 2.2}
    assert message.left_out == ("manoeuvres",)


@pytest.mark.parametrize("frame", states.FRAMES)
def test_opm_comes_back_to_the_last_digit(frame, tmp_path):
    r, v = np.array([6.7e6 / 3.0, 6.2e6, -1e6 / 7.0]), np.array([7e3 / 3.0, 1.0, -7e3])
    start = OrbitState("A", Epoch(EPOCH.tai_ns + 123), frame, r, v)
    write_opm(tmp_path / "x.opm", Opm(replace(start, mass=1 / 3), "2026-001A", {"drag_coefficient": 2.2}), CREATED)
    back = read_opm(tmp_path / "x.opm")
    assert (back.state.epoch, back.state.frame, back.state.name) == (start.epoch, frame, "A")
    assert np.array_equal(back.state.r, start.r) and np.array_equal(back.state.v, start.v)
    assert back.spacecraft == {"mass_kg": 1 / 3, "drag_coefficient": 2.2} and back.left_out == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "found"),
    [
        ("REF_FRAME = GCRF", "REF_FRAME = B1950", "REF_FRAME", "'B1950'"),
        ("TIME_SYSTEM = TT", "TIME_SYSTEM = BJT", "TIME_SYSTEM", "'BJT'"),
        ("CENTER_NAME = EARTH", "CENTER_NAME = MOON", "CENTER_NAME", "'MOON'"),
        ("6778.1 [km]", "6778100 [m]", "X", "the unit [m]"),
        ("6778.1 [km]", "6778100", "X, Y, Z", "6.7781e+06 km from the Earth's centre"),
        ("X = 6778.1 [km]\n", "", "X", "nothing"),
        ("6778.1", "nan", "X", "'nan'"),
        ("Y_DOT = 5.7", "Y_DOT = 5,7", "Y_DOT", "'5,7'"),
        ("MASS = 8000", "MASS = -1", "MASS", "-1"),
        ("Y = 0.3", "Y = 0.3\nY = 0.4", "Y", "a second value"),
        ("CCSDS_OPM_VERS = 2.0", "CCSDS_OPM_VERS = 9.0", "CCSDS_OPM_VERS", "'9.0'"),
        ("EPOCH = 2026-01-01T00:01:09.184", "EPOCH = 1950-01-01T00:00:00", "EPOCH", "'1950-01-01T00:00:00'"),
        ("X_DOT = 0.0", "X_DOT: 0.0", "X_DOT", "nothing"),
    ],
)
def test_broken_opm(old, new, key, found):
    assert old in OPM
    problems = refused(parse_opm, OPM.replace(old, new), "x.opm")
    assert any(p.key == key and found in p.found and p.file == "x.opm" and p.line for p in problems), problems


def test_oem_in():
    """GPS is 18 s ahead of UTC since 2017."""
    message = parse_oem(OEM, "x")
    (segment,) = message.segments
    assert (message.name, message.object_id, segment.frame) == ("A", "2026-001A", "itrf")
    assert segment.start == EPOCH and segment.end == EPOCH.plus(120.0) and len(segment.tai_ns) == 3
    assert segment.r[0].tolist() == [6778100.0, 0.0, 0.0] and segment.v[1].tolist() == [-500.0, 7600.0, 0.0]


@pytest.mark.parametrize("start", ["2026-10-24T15:06:00.000001Z", "2016-12-31T23:59:55Z", "2016-12-31T23:59:60.5Z"])
def test_times_of_rows_are_those_of_each_alone(start):
    """Also over a leap second and in one, where the calendar of numpy does not follow UTC."""
    stamp_ns = Epoch.from_utc(start).tai_ns + np.arange(12) * 1_000_001_000
    assert stamp_texts(stamp_ns) == [Epoch(int(ns)).utc(6).rstrip("Z") for ns in stamp_ns]


def test_oem_that_is_written_is_read(tmp_path):
    """The exporter writes micrometres: half of one is what may be lost, and the times are exact."""
    t = np.arange(0.0, 1201.0, 60.0)
    phase = 1.1e-3 * t[:, None]
    r = 6.778e6 * np.hstack([np.cos(phase), np.sin(phase), 0.0 * phase])
    v = 6.778e6 * 1.1e-3 * np.hstack([-np.sin(phase), np.cos(phase), 0.0 * phase])
    circle = Trajectory(t, r, v, -(1.1e-3**2) * r, np.ones(len(t)))
    arcs = [Arc("test", circle, start, end, 60.0) for start, end in ((0.0, 600.0), (600.0, 1200.0))]
    write_oem(tmp_path / "x.oem", "a", EPOCH, arcs, CREATED)
    back = read_oem(tmp_path / "x.oem")
    assert back.name == "A" and [s.frame for s in back.segments] == ["gcrf", "gcrf"]
    first, second = back.segments
    assert first.end == second.start == EPOCH.plus(600.0)
    assert np.array_equal(first.tai_ns - EPOCH.tai_ns, np.arange(0, 601, 60) * 1_000_000_000)
    assert np.abs(second.r - r[10:]).max() <= 0.51e-6 and np.abs(second.v - v[10:]).max() <= 0.51e-6


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("2026-01-01T00:01:18.0", "2026-01-01T00:00:18.0", 15, "not after the row before"),
        ("2026-01-01T00:01:18.0", "2026-01-01T00:00:17.0", 15, "not after the row before"),
        ("6770 450", "6770 NaN", 15, "'NaN'"),
        ("6770 450", "6770 inf", 15, "'inf'"),
        ("6778.1 0 0", "6778100.0 0 0", 14, "are the units km and km/s?"),
        ("0 7.6 0\n2026-01", "0 7600.0 0\n2026-01", 14, "are the units km and km/s?"),
        ("-1.0 7.5 0\n", "-1.0\n", 16, "5 values"),
        ("2026-001T00:02:18 6720 900 0 -1.0 7.5 0\n", "", 15, "before STOP_TIME"),
        ("START_TIME = 2026-01-01T00:00:18", "START_TIME = 2026-01-01T00:00:00", 14, "after START_TIME"),
        ("REF_FRAME = ITRF-97", "REF_FRAME = TOD", 8, "'TOD'"),
        ("TIME_SYSTEM = GPS", "TIME_SYSTEM = LOCAL", 9, "'LOCAL'"),
        ("META_STOP\n", "", 13, "KEY = value before"),
        ("COVARIANCE_STOP\n", "", 19, "the file ends before it"),
        ("2026-01-01T00:01:18.0", "2026-02-30T00:01:18.0", 15, "which no GPS clock shows"),
        ("OBJECT_NAME = A\n", "", 4, "OBJECT_NAME: found nothing"),
    ],
)
def test_broken_oem(old, new, line, says):
    assert old in OEM
    problems = refused(parse_oem, OEM.replace(old, new), "x.oem")
    assert any(p.line == line and says in str(p) for p in problems), [str(p) for p in problems]


def test_oem_without_a_segment_or_of_two_objects():
    assert "no segment" in str(refused(parse_oem, OEM.split("META_START")[0], "x")[0])
    two = OEM + OEM[OEM.index("META_START") :].replace("OBJECT_NAME = A", "OBJECT_NAME = B")
    assert any(p.found == "A, B" for p in refused(parse_oem, two, "x"))


@pytest.mark.parametrize(
    ("text", "system", "utc"),
    [
        ("2026-10-24T15:06:00", "UTC", "2026-10-24T15:06:00.000000000Z"),
        ("2026-297T15:06:00.5Z", "UTC", "2026-10-24T15:06:00.500000000Z"),
        ("2026-10-24T15:06:37", "TAI", "2026-10-24T15:06:00.000000000Z"),
        ("1980-01-06T00:00:00", "GPS", "1980-01-06T00:00:00.000000000Z"),  # where GPS time starts, by definition
        ("2000-01-01T11:58:55.816", "UTC", "2000-01-01T11:58:55.816000000Z"),
        ("2000-01-01T12:00:00", "TT", "2000-01-01T11:58:55.816000000Z"),  # J2000.0
        ("2026-10-24T15:06:00.1234567894", "UTC", "2026-10-24T15:06:00.123456789Z"),
    ],
)
def test_times_of_messages(text, system, utc):
    assert read_epoch(text, system).utc(9) == utc


# --- the way from a file to a start


def test_starting_state_from_mean_elements_and_opm(tmp_path):
    at = CSS.epoch.plus(3600.0)
    (tmp_path / "many").write_text(write_tle([MARIO, CSS]))
    start = starting_state(tmp_path / "many", at, number=48274)
    assert start.warnings == () and np.array_equal(start.state.r, gcrf_state(CSS, at).r)
    (problem,) = refused(starting_state, tmp_path / "many", at)
    assert "2 element sets" in problem.found and "55123 MARIO, 48274 CSS (TIANHE)" in problem.found
    (problem,) = refused(starting_state, tmp_path / "many", at, 5)
    assert problem.found == "5" and "48274" in problem.allowed
    (tmp_path / "one.opm").write_text(opm_text(Opm(from_gcrf(start.state, "itrf")), CREATED))
    again = starting_state(tmp_path / "one.opm").state
    assert again.r == pytest.approx(start.state.r, abs=THERE_AND_BACK_M, rel=0.0) and again.frame == "gcrf"
    assert "not propagated" in refused(starting_state, tmp_path / "one.opm", at.plus(1.0))[0].allowed


def test_stale_elements_carry_a_warning_with_their_age():
    assert age_warning(CSS.epoch, CSS.epoch.plus(13.9 * 86400.0)) is None
    assert "15.0 days old" in age_warning(CSS.epoch, CSS.epoch.plus(15.0 * 86400.0))
    assert "20.5 days younger" in age_warning(CSS.epoch, CSS.epoch.plus(-20.5 * 86400.0))
    assert "more than 14 are warned of" in age_warning(CSS.epoch, CSS.epoch.plus(30.0 * 86400.0))
