"""Elements and states in and out: against `sgp4`'s own readers, against Orekit, round trips, and broken files.

Tests of the faults that a simulator must refuse carry the fault's number (F01 ...) in their name.
"""

import io
import json
import os
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sgp4 import omm as sgp4_omm
from sgp4.api import Satrec

from sim.elements import element_set, names
from sim.epoch import Epoch
from sim.export import oem as export
from sim.interchange import state as states
from sim.interchange.files import (
    FORMS,
    mean_elements_text,
    parse_mean_elements,
    read_mean_elements,
    starting_state,
    write_mean_elements,
)
from sim.interchange.mean import age_warning, gcrf_state, teme_state
from sim.interchange.oem import parse_oem, read_oem
from sim.interchange.opm import Opm, opm_text, parse_opm, read_opm, write_opm
from sim.interchange.problems import InterchangeError
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
from sim.trajectory import Trajectory
from tests.tolerance import ITRF_OREKIT_M, TEME_OREKIT_M

DATA = Path(__file__).parent / "data" / "interchange"
OREKIT = json.loads((DATA / "teme_orekit.json").read_text())
CREATED = "2026-01-01T00:00:00"
GOOD = element_set("css-2026-10-06")
TWO = f"{GOOD.line1}\n{GOOD.line2}\n"
(CSS,) = read_tle("CSS (TIANHE)\n" + TWO, "css.tle")
(MARIO,) = read_mean_elements(DATA / "mario.tle")
EPOCH = Epoch.from_utc("2026-01-01")


def refused(read, *arguments) -> list:
    """The problems that a reader finds; the test fails where it finds none."""
    with pytest.raises(InterchangeError) as caught:
        read(*arguments)
    return caught.value.problems


def put(line: str, first: int, text: str) -> str:
    """`text` at column `first` (from 1), checksum made right, so that only the change itself is at fault."""
    line = line[: first - 1] + text + line[first - 1 + len(text) :]
    return line[:68] + str(checksum(line))


def in_form(form: str, elements=MARIO) -> str:
    return mean_elements_text([elements], form, CREATED)


def without(form: str, key: str) -> str:
    """A message of MARIO that lacks one key."""
    text = in_form(form)
    if form == "kvn":
        return re.sub(rf"^{key} = .*\n", "", text, flags=re.M)
    if form == "xml":
        return re.sub(rf"<{key}>.*?</{key}>", "", text)
    if form == "json":
        return re.sub(rf'"{key}": [^,}}]*,? ?', "", text).replace(", }", "}")
    rows = [line.split(",") for line in text.splitlines()]
    at = rows[0].index(key)
    return "\n".join(",".join(row[:at] + row[at + 1 :]) for row in rows)


def with_value(form: str, key: str, value: str) -> str:
    """A message of MARIO with another value, as text, for one key."""
    text = in_form(form)
    if form == "kvn":
        return re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.M)
    if form == "xml":
        return re.sub(rf"<{key}>.*?</{key}>", f"<{key}>{value}</{key}>", text)
    if form == "json":
        word = value if value == "NaN" else f'"{value}"'
        return re.sub(rf'"{key}": [^,}}]*', f'"{key}": {word}', text)
    rows = [line.split(",") for line in text.splitlines()]
    rows[1][rows[0].index(key)] = value
    return "\n".join(map(",".join, rows))


OMM_FORMS = ("kvn", "xml", "csv", "json")

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
    """skyfield's matrices are products of eight, orthogonal to 6e-15: 4e-8 m of 7e6 m, and two roundings."""
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
    [(0.0, " 00000+0"), (-1.2345e-4, "-12345-3"), (0.5, " 50000+0"), (9.99996e-5, " 10000-3"), (1.2e-11, " 01200-9"),
     (1e-20, " 00000-9"), (12345.0, " 12345+5")],
)  # fmt: skip
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
        "semi_major_axis_m": 6.77e6, "eccentricity": 0.001, "inclination_deg": 41.47, "raan_deg": 120.0,
        "argument_of_perigee_deg": 30.0, "mean_anomaly_deg": 10.0,
    }  # fmt: skip
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
        ({"frame": "eme2000"}, "state.frame", "'eme2000'"),
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
        for k in ("eccentricity", "raan", "semi_major_axis_m", "inclination_deg", "raan_deg", "argument_of_perigee_deg",
                  "true_anomaly_deg")
    }  # fmt: skip
    assert [p.key for p in refused(vector_state, 3.0, "x", EPOCH)] == ["state"]


def test_unknown_frames_are_refused_by_name():
    start = OrbitState("x", EPOCH, "j2000", np.ones(3), np.ones(3))
    for problem in (*refused(to_gcrf, start), *refused(from_gcrf, replace(start, frame="gcrf"), "tod")):
        assert problem.found in ("'j2000'", "'tod'") and problem.allowed == "gcrf, teme, itrf"
    (problem,) = refused(keplerian, replace(start, frame="itrf"))
    assert "does not turn" in problem.allowed


# --- OPM and OEM

OPM = """CCSDS_OPM_VERS = 2.0
COMMENT numbers with and without units
CREATION_DATE = 2026-01-01T00:00:00
ORIGINATOR = TEST
OBJECT_NAME = SHENZHOU
OBJECT_ID = 2026-001A
CENTER_NAME = EARTH
REF_FRAME = GCRF
TIME_SYSTEM = TT
EPOCH = 2026-01-01T00:01:09.184
X = 6778.1 [km]
Y = 0.3
Z = -1.0E1 [km]
X_DOT = 0.0 [km/s]
Y_DOT = 5.7 [km/s]
Z_DOT = 5.1 [km/s]
MASS = 8000 [kg]
DRAG_AREA = 20.5 [m**2]
DRAG_COEFF = 2.2
MAN_EPOCH_IGNITION = 2026-01-01T01:00:00
MAN_DURATION = 10 [s]
MAN_EPOCH_IGNITION = 2026-01-01T02:00:00
"""


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
        ("REF_FRAME = GCRF", "REF_FRAME = EME2000", "REF_FRAME", "'EME2000'"),
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


OEM = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2026-01-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = A
OBJECT_ID = 2026-001A
CENTER_NAME = EARTH
REF_FRAME = ITRF-97
TIME_SYSTEM = GPS
START_TIME = 2026-01-01T00:00:18
STOP_TIME = 2026-001T00:02:18
META_STOP
COMMENT positions, speeds; then accelerations
2026-01-01T00:00:18 6778.1 0 0 0 7.6 0
2026-01-01T00:01:18.0 6770 450 0 -.5 7.6 0 0 0 0
2026-001T00:02:18 6720 900 0 -1.0 7.5 0
COVARIANCE_START
EPOCH = 2026-01-01T00:00:18
1.0
COVARIANCE_STOP
"""


def test_oem_in():
    """GPS is 18 s ahead of UTC since 2017."""
    message = parse_oem(OEM, "x")
    (segment,) = message.segments
    assert (message.name, message.object_id, segment.frame) == ("A", "2026-001A", "itrf")
    assert segment.start == EPOCH and segment.end == EPOCH.plus(120.0) and len(segment.tai_ns) == 3
    assert segment.r[0].tolist() == [6778100.0, 0.0, 0.0] and segment.v[1].tolist() == [-500.0, 7600.0, 0.0]


def test_oem_that_is_written_is_read(tmp_path):
    """The exporter writes micrometres: half of one is what may be lost, and the times are exact."""
    t = np.arange(0.0, 601.0, 60.0)
    phase = 1.1e-3 * t[:, None]
    r = 6.778e6 * np.hstack([np.cos(phase), np.sin(phase), 0.0 * phase])
    v = 6.778e6 * 1.1e-3 * np.hstack([-np.sin(phase), np.cos(phase), 0.0 * phase])
    circle = Trajectory(t, r, v, -(1.1e-3**2) * r, np.ones(len(t)))
    lines = export.header(CREATED)
    for start, end in ((0.0, 300.0), (300.0, 600.0)):
        lines += export.segment("a", "test", *export.rows(EPOCH, circle, start, end, 60.0))
    (tmp_path / "x.oem").write_text("\n".join(lines) + "\n")
    back = read_oem(tmp_path / "x.oem")
    assert back.name == "A" and [s.frame for s in back.segments] == ["gcrf", "gcrf"]
    first, second = back.segments
    assert first.end == second.start == EPOCH.plus(300.0)
    assert np.array_equal(first.tai_ns - EPOCH.tai_ns, np.arange(0, 301, 60) * 1_000_000_000)
    assert np.abs(second.r - r[5:]).max() <= 0.51e-6 and np.abs(second.v - v[5:]).max() <= 0.51e-6


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
    assert "2 element sets" in problem.found and "55123, 48274" in problem.found
    (problem,) = refused(starting_state, tmp_path / "many", at, 5)
    assert problem.allowed == "a set of 5"
    (tmp_path / "one.opm").write_text(opm_text(Opm(from_gcrf(start.state, "itrf")), CREATED))
    again = starting_state(tmp_path / "one.opm").state
    assert again.r == pytest.approx(start.state.r, abs=THERE_AND_BACK_M, rel=0.0) and again.frame == "gcrf"
    assert "not propagated" in refused(starting_state, tmp_path / "one.opm", at.plus(1.0))[0].allowed


def test_stale_elements_carry_a_warning_with_their_age():
    assert age_warning(CSS.epoch, CSS.epoch.plus(13.9 * 86400.0)) is None
    assert "15.0 days old" in age_warning(CSS.epoch, CSS.epoch.plus(15.0 * 86400.0))
    assert "20.5 days younger" in age_warning(CSS.epoch, CSS.epoch.plus(-20.5 * 86400.0))
    assert "more than 14 are warned of" in age_warning(CSS.epoch, CSS.epoch.plus(30.0 * 86400.0))


# --- faults, by their number in the list of faults

LINES = [GOOD.line1, GOOD.line2]


@pytest.mark.parametrize("number", [1, 2])
def test_F01_wrong_checksum(number, tmp_path):
    lines = list(LINES)
    digit = lines[number - 1][68]
    wrong = str((int(digit) + 1) % 10)
    lines[number - 1] = lines[number - 1][:68] + wrong
    (tmp_path / "x.tle").write_text("CSS\n" + "\n".join(lines))
    (problem,) = refused(read_mean_elements, tmp_path / "x.tle")
    says = f"line {number}, column 69, checksum: found '{wrong}'; allowed: '{digit}', which its digits give"
    assert str(problem).endswith(f"x.tle:{number + 1}: {says}")


def test_F02_flipped_digit_of_the_node():
    line = GOOD.line2[:22] + str((int(GOOD.line2[22]) + 1) % 10) + GOOD.line2[23:]
    (problem,) = refused(read_tle, f"{GOOD.line1}\n{line}", "x")
    assert problem.line == 2 and "checksum" in problem.key


def test_F03_two_satellites():
    (problem,) = refused(read_tle, f"{GOOD.line1}\n{put(GOOD.line2, 3, '48275')}", "x")
    assert "48274 in line 1, 48275 in line 2" in problem.found


def test_F04_swapped_lines():
    problems = refused(read_tle, f"CSS\n{GOOD.line2}\n{GOOD.line1}", "x")
    assert any("swapped" in p.found and p.line == 2 for p in problems)


@pytest.mark.parametrize("content", ["", "\n \r\n", "\ufeff"])
def test_F06_F47_empty_file(content, tmp_path):
    (tmp_path / "x").write_text(content)
    for read in (read_mean_elements, read_opm, read_oem, starting_state):
        assert refused(read, tmp_path / "x")[0].found == "an empty file"


@pytest.mark.parametrize(("number", "first"), [(1, 3), (1, 21), (1, 34), (1, 54), (2, 9), (2, 27), (2, 53), (2, 64)])
def test_F08_letters_in_a_number(number, first):
    lines = list(LINES)
    lines[number - 1] = put(lines[number - 1], first, "abc.d" if first != 27 else "abcdefg")
    problems = refused(read_tle, "\n".join(lines), "x")
    assert all(p.line == number and "abc" in p.found for p in problems) and problems[0].key.startswith(f"line {number}")


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize("value", ["abc.defg", "15.6 rev", "1_5.6", "0x10", "١٥.٦"])
def test_F08_letters_in_a_number_of_an_omm(form, value):
    (problem,) = refused(parse_mean_elements, with_value(form, "MEAN_MOTION", value), "x")
    assert problem.key == "MEAN_MOTION" and value[:3] in problem.found and problem.line


def test_F10_day_400():
    (problem,) = refused(read_tle, f"{put(GOOD.line1, 21, '400.00000000')}\n{GOOD.line2}", "x")
    assert "400.00000000" in problem.found and "1 to 365" in problem.allowed


def test_F12_eccentricity_that_dives():
    lines = f"{GOOD.line1}\n{put(GOOD.line2, 27, '9999999')}"
    assert "below the surface" in refused(read_tle, lines, "x")[0].found
    for form in OMM_FORMS:
        (problem,) = refused(parse_mean_elements, with_value(form, "ECCENTRICITY", "0.9999999"), "x")
        assert problem.key == "ECCENTRICITY" and "below the surface" in problem.found


def test_F12_error_of_sgp4_is_told_in_words():
    """Half a year on, this drag has brought it down: SGP4's error 1 or 6, never a state."""
    (problem,) = refused(teme_state, replace(CSS, bstar=0.05), CSS.epoch.plus(180 * 86400.0))
    assert re.search(r"error [16] of SGP4", problem.found)


@pytest.mark.parametrize("years", [-100, 100])
def test_F13_a_hundred_years_away(years, tmp_path):
    at = Epoch(CSS.epoch.tai_ns + years * 31_557_600 * 1_000_000_000)
    (tmp_path / "x").write_text(TWO)
    (problem,) = refused(starting_state, tmp_path / "x", at)
    assert "36525 days from" in problem.found and problem.file.endswith("x:1")


def test_F13_three_weeks_away_is_flown_with_a_warning(tmp_path):
    (tmp_path / "x").write_text(TWO)
    (warning,) = starting_state(tmp_path / "x", CSS.epoch.plus(21 * 86400.0)).warnings
    assert "21.0 days old" in warning


def test_F14_line_ends_blanks_and_byte_order_mark(tmp_path):
    text = "\ufeff0 CSS (TIANHE)  \r\n\r\n# a comment\r\n" + TWO.replace("\n", "   \r\n")
    (tmp_path / "x.tle").write_bytes(text.encode())
    assert read_mean_elements(tmp_path / "x.tle") == [CSS]
    for form in OMM_FORMS:
        (tmp_path / form).write_bytes(("\ufeff" + in_form(form).replace("\n", " \r\n")).encode())
        assert read_mean_elements(tmp_path / form) == [MARIO], form


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize("key", ["EPOCH", "BSTAR", "MEAN_ANOMALY", "MEAN_MOTION_DOT"])
def test_F16_F29_nan_in_an_omm(form, key):
    (problem,) = refused(parse_mean_elements, with_value(form, key, "NaN"), "x")
    assert problem.key == key and "NaN" in problem.found


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e999])
def test_F16_F29_nan_in_a_table(value):
    table = {"position_m": [7e6, 0.0, value], "velocity_m_s": [0.0, 7.5e3, 0.0]}
    assert refused(vector_state, table, "x", EPOCH)[0].key == "state.position_m"
    assert "keplerian.eccentricity" in {p.key for p in refused(keplerian_state, {"eccentricity": value}, "x", EPOCH)}


@pytest.mark.parametrize("form", OMM_FORMS)
def test_F17_leap_second_as_epoch(form):
    """2016-12-31T23:59:60.5 is half a second before the new year, and is written as itself."""
    text = with_value(form, "EPOCH", "2016-12-31T23:59:60.500000")
    (found,) = parse_mean_elements(text, "x")
    assert Epoch.from_utc("2017-01-01").since(found.epoch) == 0.5
    assert "2016-12-31T23:59:60.500000" in in_form(form, found)


def test_F17_a_leap_second_is_a_second_of_flight():
    """Half a day before to half a day after: 86401 s, so SGP4 is asked for 1440 min and a second."""
    early = replace(CSS, epoch=Epoch.from_utc("2016-12-31T12:00:00"))
    state = teme_state(early, Epoch.from_utc("2017-01-01T12:00:00"))
    _, r_km, _ = early.satrec().sgp4_tsince(86401.0 / 60.0)
    assert state.r == pytest.approx(1e3 * np.array(r_km), abs=1e-6, rel=0.0)


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize(
    "value",
    ["2026-10-20 10:31 BJT", "2026-10-20T10:31:00+08:00", "20 Oct 2026", "1950-01-01T00:00:00", "2026-400T00:00:00"],
)
def test_F19_times_of_another_kind(form, value):
    (problem,) = refused(parse_mean_elements, with_value(form, "EPOCH", value), "x")
    assert problem.key == "EPOCH" and value in problem.found and "1957-10-04" in problem.allowed


@pytest.mark.parametrize(
    ("key", "value"), [("TIME_SYSTEM", "BJT"), ("REF_FRAME", "J2000"), ("MEAN_ELEMENT_THEORY", "DSST")]
)
@pytest.mark.parametrize("form", OMM_FORMS)
def test_F19_unknown_clock_frame_or_theory(form, key, value):
    (problem,) = refused(parse_mean_elements, with_value(form, key, value), "x")
    assert problem.key == key and problem.found == f"'{value}'"


def test_F22_missing_file(tmp_path):
    for read in (read_mean_elements, read_opm, read_oem, starting_state):
        (problem,) = refused(read, tmp_path / "none.tle")
        assert problem.found == "no such file" and "none.tle" in problem.file


@pytest.mark.parametrize(
    "content",
    [b"<!DOCTYPE html><html>404</html>", b"<html>busy</html>", b"GARBAGE", b"\x89PNG\r\n\x1a\n", b"a\x00b",
     "1 é".encode("utf-16"), b"{}", b"[]", b"[1, 2]", b"[[", b"<omm", b"<x/>", b"EPOCH,NORAD_CAT_ID\n", b"x = [",
     b"MEAN_MOTION = ", b"[{]", b'{"EPOCH": [{', b"[" * 100_000],
)  # fmt: skip
def test_F23_F47_garbage(content, tmp_path):
    (tmp_path / "x").write_bytes(content)
    for read in (read_mean_elements, read_opm, read_oem, starting_state):
        problem = refused(read, tmp_path / "x")[0]
        assert problem.file.endswith("x") and len(str(problem)) < 900 and str(problem).isprintable()


def test_F23_a_document_type_is_not_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE omm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><omm version="2.0">&b;</omm>'
    assert any(p.found == "a document type" for p in refused(parse_mean_elements, bomb, "x"))


@pytest.mark.parametrize("mass", ["-1", "0", "NaN"])
def test_F28_mass(mass):
    (problem,) = refused(parse_opm, OPM.replace("MASS = 8000", f"MASS = {mass}"), "x")
    assert problem.key == "MASS" and mass in problem.found


def test_F31_start_under_the_ground():
    table = {"position_m": [6.0e6, 0.0, 0.0], "velocity_m_s": [0.0, 7.5e3, 0.0]}
    assert "6000 km from the Earth's centre" in refused(vector_state, table, "x", EPOCH)[0].found
    kepler = {
        "semi_major_axis_m": 6.4e6, "eccentricity": 0.01, "inclination_deg": 41.5, "raan_deg": 0.0,
        "argument_of_perigee_deg": 0.0, "true_anomaly_deg": 180.0,
    }  # fmt: skip
    assert "a perigee of 6336.0 km" in refused(keplerian_state, kepler, "x", EPOCH)[0].found
    assert any(p.key == "X, Y, Z" for p in refused(parse_opm, OPM.replace("6778.1", "6000.0"), "x"))


def test_F32_no_period_on_a_hyperbola():
    """12 km/s at 7000 km: e = r v2/mu - 1 = 1.53."""
    fast = keplerian(OrbitState("x", EPOCH, "gcrf", np.array([7e6, 0.0, 0.0]), np.array([0.0, 12e3, 0.0])))
    assert fast.eccentricity == pytest.approx(7e6 * 12e3**2 / 3.986004415e14 - 1.0) and fast.semi_major_axis_m < 0.0
    with pytest.raises(InterchangeError, match="never comes back"):
        _ = fast.period_s


REQUIRED = ("OBJECT_NAME", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION", "NORAD_CAT_ID", "BSTAR")


@pytest.mark.parametrize("key", REQUIRED)
@pytest.mark.parametrize("form", OMM_FORMS)
def test_F40_missing_key(form, key):
    (problem,) = refused(parse_mean_elements, without(form, key), "x.omm")
    assert problem.key == key and problem.found.startswith("nothing") and problem.line


@pytest.mark.parametrize("key", ["REF_FRAME", "TIME_SYSTEM", "CENTER_NAME"])
def test_F40_frame_and_clock_are_implied_by_csv_and_json_alone(key):
    for form in ("csv", "json"):
        assert parse_mean_elements(without(form, key), "x") == [MARIO]
    for form in ("kvn", "xml"):
        assert [p.key for p in refused(parse_mean_elements, without(form, key), "x")] == [key]


def test_F38_a_mistyped_key_is_shown_beside_the_missing_one():
    (problem,) = refused(parse_mean_elements, in_form("kvn").replace("INCLINATION", "INCLINATON"), "x")
    assert problem.key == "INCLINATION" and problem.found == "nothing (but 'INCLINATON')"


def test_F39_duplicate_key():
    doubled = {
        "kvn": in_form("kvn").replace("INCLINATION = ", "INCLINATION = 1\nINCLINATION = "),
        "xml": in_form("xml").replace("<INCLINATION>", "<INCLINATION>1</INCLINATION><INCLINATION>"),
        "json": in_form("json").replace('"INCLINATION"', '"INCLINATION": 1, "INCLINATION"'),
        "csv": "\n".join(line + "," + line.split(",")[9] for line in in_form("csv").splitlines()),
    }
    for form, text in doubled.items():
        (problem,) = refused(parse_mean_elements, text, "x")
        assert problem.key == "INCLINATION" and problem.line, form


def test_F42_other_units():
    (problem,) = refused(parse_mean_elements, with_value("kvn", "INCLINATION", "0.9 [rad]"), "x")
    assert problem.found == "the unit [rad]" and problem.allowed == "[deg]"
    text = in_form("xml").replace("<MEAN_MOTION>", '<MEAN_MOTION units="rad/s">')
    assert refused(parse_mean_elements, text, "x")[0].found == "the unit [rad/s]"


def test_F45_many_problems_are_cut():
    problems = refused(read_tle, "\n".join([GOOD.line1[:60], GOOD.line2[:60]] * 5000), "x")
    assert len(problems) < 50 and "more problems" in problems[-1].found


def test_F49_directory_and_device(tmp_path):
    assert refused(read_mean_elements, tmp_path)[0].found == "a directory"
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("a\0b")):
        assert refused(read_oem, path)[0].found


# --- ranges, cut files, and files of another kind


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize(
    ("key", "value"),
    [("INCLINATION", "180.1"), ("INCLINATION", "-0.1"), ("ECCENTRICITY", "1.0"), ("ECCENTRICITY", "-0.1"),
     ("MEAN_MOTION", "0.0"), ("MEAN_MOTION", "-15.0"), ("RA_OF_ASC_NODE", "361"), ("NORAD_CAT_ID", "1000000000"),
     ("NORAD_CAT_ID", "1.5"), ("CLASSIFICATION_TYPE", "X"), ("MEAN_MOTION", "1e400")],
)  # fmt: skip
def test_ranges_of_an_omm(form, key, value):
    (problem,) = refused(parse_mean_elements, with_value(form, key, value), "x")
    assert problem.key == key and value in problem.found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.line1, "a line 2 with this line 1"),
        (GOOD.line2, "a line 1 with this line 2"),
        ("CSS", "element sets"),
        (TWO + "NAME", "after a name"),
        (TWO + GOOD.line1, "a line 2 with this line 1"),
        (TWO + GOOD.line1[:30], "a line 2 with this line 1"),
        (GOOD.line1 + "\n" + GOOD.line2[:50], "69 characters"),
    ],
)
def test_cut_two_line_files(text, says):
    assert any(says in p.allowed for p in refused(read_tle, text, "x"))


@pytest.mark.parametrize(
    ("form", "old", "new", "line"),
    [
        ("kvn", "= 51.6242", "= 5l.6242", 14),
        ("json", ": 51.6242", ": 5l.6242", 7),
        ("json", ": 51.6242", ": 251.6242", 7),
        ("csv", ",51.6242", ",251.6242", 2),
        ("xml", ">51.6242", ">251.6242", 4),
    ],
)
def test_line_of_a_fault(form, old, new, line):
    text = (DATA / f"mario.{form}").read_text()
    (problem,) = refused(parse_mean_elements, text.replace(old, new), f"mario.{form}")
    assert (problem.file, problem.line) == (f"mario.{form}", line)


@pytest.mark.parametrize("form", OMM_FORMS)
def test_cut_omm(form):
    """Cut anywhere after the first value and before the last, a message is refused."""
    text = in_form(form).rstrip()
    for end in range(len(text) // 2, len(text) - 30, 17):
        assert refused(parse_mean_elements, text[:end], "x")


def test_all_faults_of_all_sets_at_once():
    bad = put(GOOD.line1, 21, "400.00000000"), put(put(GOOD.line2, 9, "190.0000"), 53, " 0.00000000")
    problems = refused(read_tle, TWO + "\n".join(bad) + "\n" + TWO + "\n".join(bad), "x.tle")
    assert [p.line for p in problems] == [3, 4, 4, 7, 8, 8]


def test_messages_of_another_kind_are_named():
    assert refused(parse_mean_elements, OEM, "x")[0].found == "an OEM"
    assert refused(parse_mean_elements, OPM, "x")[0].found == "an OPM"
    assert refused(mean_elements_text, [CSS], "tdm", CREATED)[0].allowed == "tle, kvn, xml, csv, json"


@pytest.mark.parametrize("form", [*FORMS, "opm", "oem"])
def test_whatever_is_done_to_a_file_it_is_read_or_refused(form):
    """300 damaged copies: letters changed, lost, doubled, cut. Nothing else than InterchangeError may come out."""
    parse = {"opm": parse_opm, "oem": parse_oem}.get(form, parse_mean_elements)
    whole = {"opm": OPM, "oem": OEM}.get(form) or mean_elements_text([CSS, MARIO], form, CREATED)
    draw = random.Random(f"damage {form}")
    refusals = 0
    for _ in range(300):
        letters = list(whole)
        for _ in range(draw.choice((1, 1, 2, 5))):
            at = draw.randrange(len(letters))
            end = at + draw.choice((1, 1, 20))
            letters[at:end] = draw.choice(("", draw.choice("0 9-+.eE\n,={}<>\"²٣é\x01"), "".join(letters[at:end]) * 2))
        try:
            parse("".join(letters), "x")
        except InterchangeError:
            refusals += 1
    assert 100 < refusals < 300 or form == "tle"  # so that the damage neither misses nor is all one fault
