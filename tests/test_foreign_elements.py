"""Element files as other people have them: read with a note of what was taken, or refused with line and column."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.api.time_span import ElementFile, elements
from sim.build.mission import start_of
from sim.build.orbit import load_orbit
from sim.catalogue.element_sets import element_set
from sim.cli.main import app
from sim.export.ages import data_ages
from sim.files.errors import TiangongError
from sim.interchange.choice import SetChoice, chosen
from sim.interchange.files import parse_mean_elements, parse_sets, read_sets, starting_state
from sim.interchange.ndm import DEEPEST, LONGEST_VALUE, MOST_UNKNOWN
from sim.interchange.oem import parse_oem, read_oem
from sim.interchange.opm import parse_opm
from sim.interchange.problems import ENOUGH
from sim.interchange.tle import read_tle, to_alpha5, write_tle
from sim.interchange.two_lines import BETWEEN, FASTEST_REV_DAY, perigee_km
from sim.scenario import load
from tests.messages import (
    CSS,
    EPOCH,
    GOOD,
    MARIO,
    OEM,
    OMM_FORMS,
    OPM,
    TWO,
    in_form,
    oem_as_xml,
    opm_as_xml,
    put,
    refused,
    with_value,
)

ONE, OTHER = GOOD.line1, GOOD.line2
THREE = [replace(CSS, epoch=CSS.epoch.plus(86400.0 * days)) for days in (0.0, 6.0, 3.0)]
ORBIT = """schema = 1
kind = "orbit"
name = "target"
elements = "many.tle"
span = { duration_s = 600.0, step_s = 60.0 }
"""


# --- sets that are read, and what is said of them


def test_sets_without_checksums_are_read_as_the_same_elements():
    read = parse_sets(f"CSS (TIANHE)\n{ONE[:68]}\n{OTHER[:68]}\n{TWO}", "x")
    assert read.sets == [CSS, replace(CSS, name="")]
    (note,) = read.notes
    assert note.startswith("x: 1 element set has no checksum, line 2")


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("at", [20, 55, 64, 68])
def test_one_line_that_lost_a_character_is_not_taken_for_one_without_checksum(number, at):
    """The line is as long as one without a checksum, but its fellow has one."""
    lines = [ONE, OTHER]
    lines[number] = lines[number][:at] + lines[number][at + 1 :]
    assert any("68 characters" in p.found for p in refused(read_tle, "\n".join(lines), "x"))


def test_columns_after_the_last_are_passed_over_as_in_the_set_of_vallado():
    """There times of the verification stand after column 69; before them the checksum may be blank."""
    text = f"{ONE}\n{OTHER}     0.00      4320.0        360.00\n{ONE}\n{OTHER[:68]}      0.0      1440.0\n"
    read = parse_sets(text, "x")
    assert read.sets == [replace(CSS, name="")] * 2
    assert "after column 69" in read.notes[0] and "no checksum, line 3" in read.notes[1]
    assert "characters" in refused(read_tle, f"{ONE}\n{OTHER}7 0.0", "x")[0].found


def test_text_of_a_mail_is_passed_over_and_said():
    text = f"From: NORAD\nSubject: elements\n\nHere they are:\n{TWO}> CSS (TIANHE)\n/EX\nRegards\n"
    read = parse_sets(text, "mail")
    assert read.sets == [replace(CSS, name="")]
    assert "6 lines of text" in read.notes[0] and "first line 1 ('From: NORAD')" in read.notes[0]
    assert "taken: 1 set, 48274" in read.notes[0]
    assert "no line that begins" in refused(read_tle, "From: NORAD\n/EX\n", "x")[0].found


def test_blanks_and_marks_of_a_quotation_before_the_lines_are_left_out():
    for before in ("  ", "\t", "> ", ">> "):
        read = parse_sets(f"CSS (TIANHE)\n{before}{ONE}\n{before}{OTHER}\n", "x")
        assert read.sets == [CSS] and "before 2 element lines left out, the first in line 2" in read.notes[0]


@pytest.mark.parametrize("damaged", [f"l{ONE[1:]}", f"CSS (TIANHE){ONE}", f"= {ONE}"])
def test_an_element_line_that_begins_otherwise_is_no_text_of_a_mail(damaged):
    problems = refused(read_tle, f"{TWO}{damaged}\n", "x")
    assert problems[0].line == 3 and "the numbers of an element set" in problems[0].found


@pytest.mark.parametrize("code", ["utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("form", ["tle", *OMM_FORMS, "oem"])
def test_utf_16_and_carriage_returns(form, code, tmp_path):
    """With its mark: whatever the notation, and lines that end with CR alone."""
    text = {"tle": "CSS (TIANHE)\n" + TWO, "oem": OEM}.get(form) or in_form(form)
    mark = "\ufeff" if code.endswith("e") else ""
    (tmp_path / "x").write_bytes((mark + text.replace("\n", "\r")).encode(code))
    if form == "oem":
        assert np.array_equal(read_oem(tmp_path / "x").segments[0].r, parse_oem(OEM, "x").segments[0].r)
        return
    read = read_sets(tmp_path / "x")
    assert read.sets == [CSS if form == "tle" else MARIO]
    assert f"read as {code[:6].upper()}" in read.notes[0] and "carriage return" in read.notes[1]
    (tmp_path / "x").write_bytes((mark + text).encode(code)[:-1])
    assert "is not UTF-" in refused(read_sets, tmp_path / "x")[0].found


def test_usual_files_have_no_notes():
    for text in (TWO, "0 CSS\r\n" + TWO.replace("\n", "\r\n"), "# set\nCSS\n" + TWO, *map(in_form, OMM_FORMS)):
        assert parse_sets(text, "x").notes == ()


# --- what is refused with line and column


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("x", "'x'"),
        ("\t", "a tab (U+0009)"),
        ("\xa0", "a no-break space (U+00A0)"),
        ("\u2007", "a figure space (U+2007)"),
        ("\u3000", "an ideographic space (U+3000)"),
        ("\u200b", "the character zero width space (U+200B)"),
        ("\u0661", "the character arabic-indic digit one (U+0661)"),
    ],
)
def test_blank_columns_hold_blanks(character, name):
    for number, columns in BETWEEN.items():
        for column in columns:
            lines = [ONE, OTHER]
            lines[number - 1] = put(lines[number - 1], column, character)
            (problem,) = refused(read_tle, "CSS\n" + "\n".join(lines), "x")
            assert problem.line == number + 1 and problem.found == name
            assert problem.key == f"line {number}, column {column}, between two fields"


@pytest.mark.parametrize(("number", "column", "field"), [(1, 33 + 1, "first derivative"), (2, 9, "inclination")])
def test_an_odd_blank_inside_a_field_is_named_with_its_column(number, column, field):
    lines = [ONE, OTHER]
    lines[number - 1] = put(lines[number - 1], column, "\xa0")
    (problem,) = refused(read_tle, "\n".join(lines), "x")
    assert f"column {column}, {field}" in problem.key and "U+00A0" in problem.found


# --- ranges


def test_the_fastest_circle_lies_at_the_surface():
    assert perigee_km(FASTEST_REV_DAY, 0.0) > 0.0 > perigee_km(FASTEST_REV_DAY + 2e-4, 0.0)


@pytest.mark.parametrize(
    ("number", "first", "text", "field", "allowed"),
    [
        (2, 9, "-41.4703", "inclination", "0 to 180 deg"),
        (2, 9, "190.0000", "inclination", "0 to 180 deg"),
        (2, 18, "400.0000", "right ascension of the node", "0 to 360 deg"),
        (2, 35, "-10.0000", "argument of perigee", "0 to 360 deg"),
        (2, 44, "361.0000", "mean anomaly", "0 to 360 deg"),
        (2, 27, "-001458", "eccentricity", "0 to 0.9999999"),
        (2, 53, "99.00000000", "mean motion", "0.000001 to 17.0436 rev/day"),
        (2, 53, "-5.60381928", "mean motion", "0.000001 to 17.0436 rev/day"),
        (1, 21, "400.00000000", "epoch day", "1 to 365"),
        (1, 54, " 99999+9", "B*", "-1000000 to 1000000"),
        (1, 45, " 99999+9", "second derivative of mean motion", "-1000000 to 1000000"),
        (1, 34, " 1.0000000", "first derivative of mean motion", "more than -1, less than 1"),
    ],
)
def test_a_number_out_of_range_is_named_by_its_field_and_range(number, first, text, field, allowed):
    lines = [ONE, OTHER]
    lines[number - 1] = put(lines[number - 1], first, text)
    (problem,) = refused(read_tle, "\n".join(lines), "x")
    assert problem.key.endswith(f", {field}") and allowed in problem.allowed
    assert text.strip().rstrip("0").rstrip(".") in problem.found


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("INCLINATION", "-41", "0 to 180 deg"),
        ("MEAN_MOTION", "99", "1e-06 to 17.0436 rev/day"),
        ("ECCENTRICITY", "1.5", "0 to 0.9999999"),
        ("RA_OF_ASC_NODE", "400", "-360 to 360 deg"),
        ("BSTAR", "1e9", "-1000000 to 1000000 1/ER"),
        ("EPOCH", "2026-400T00:00:00", "a time from 1957"),
    ],
)
def test_the_same_in_every_notation_of_an_omm(form, key, value, allowed):
    (problem,) = refused(parse_mean_elements, with_value(form, key, value), "x")
    assert problem.key == key and value in problem.found and allowed in problem.allowed


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("INCLINATION", "-41"),
        ("RA_OF_ASC_NODE", "400"),
        ("ECCENTRICITY", "-0.1"),
        ("TRUE_ANOMALY", "1e3"),
        ("GM", "-1"),
    ],
)
@pytest.mark.parametrize("as_xml", [False, True])
def test_keplerian_elements_of_an_opm_are_not_used_but_checked(key, value, as_xml):
    text = OPM + f"{key} = {value}\n"
    (problem,) = refused(parse_opm, opm_as_xml(text) if as_xml else text, "x")
    assert problem.key == key and value in problem.found


# --- several sets in a file


def test_of_several_sets_the_one_that_is_meant():
    assert chosen(THREE, None, SetChoice(), "x").index == 1  # the latest
    near = chosen(THREE, CSS.epoch.plus(2.9 * 86400.0), SetChoice(), "x")
    assert (near.index, near.by_date) == (2, True) and near.why.startswith("the nearest to 2026-10-09")
    assert chosen(THREE, None, SetChoice(index=0), "x").warnings == ()
    assert chosen([*THREE, MARIO], None, SetChoice(number=MARIO.number), "x").index == 3
    assert chosen([CSS, replace(CSS, bstar=1e-4)], CSS.epoch, SetChoice(), "x").index == 1  # the later corrects
    high = replace(CSS, number=270123)
    assert to_alpha5(high.number) == "T0123"
    (read,) = [s for s in read_tle(write_tle([CSS, high]), "x") if s.number == 270123]
    assert chosen([CSS, read], None, SetChoice(number=270123), "x").elements == read


def test_several_objects_are_refused_with_their_numbers():
    (problem,) = refused(chosen, [CSS, MARIO], None, SetChoice(), "x")
    assert "48274 CSS (TIANHE), 55123 MARIO" in problem.found and "elements_index (0 to 1)" in problem.allowed
    assert refused(chosen, THREE, None, SetChoice(index=3), "x")[0].allowed.startswith("0 to 2")
    assert "48274" in refused(chosen, THREE, None, SetChoice(number=5), "x")[0].allowed
    assert "a set of 48274" in refused(chosen, [CSS, MARIO], None, SetChoice(0, MARIO.number), "x")[0].found


@pytest.fixture
def many(tmp_path):
    """An orbit file beside one of three sets."""
    (tmp_path / "many.tle").write_text(write_tle(THREE))
    (tmp_path / "orbit.toml").write_text(ORBIT)
    return tmp_path / "orbit.toml"


def test_an_orbit_file_names_its_set_and_check_says_which(many):
    latest = load_orbit(many)
    assert latest.orbit.epoch == THREE[1].epoch and any("index 1 of 0 to 2, the latest" in w for w in latest.warnings)
    third = load_orbit(many, ["elements_index=2"])
    assert third.orbit.epoch == THREE[2].epoch and third.warnings == ()
    dated = load_orbit(many, [f"epoch.utc={CSS.epoch.plus(3600.0).utc()}"])
    assert dated.chosen.index == 0
    inside = load_orbit(many, ["elements=", "state.elements=many.tle", "state.elements_index=2"])
    assert inside.orbit.epoch == THREE[2].epoch
    answer = CliRunner().invoke(app, ["check", str(many), "--json"])
    found = json.loads(answer.stdout)["element_set"]
    assert (found["index"], found["sets"], found["catalogue_number"]) == (1, 3, 48274)
    assert "the latest" in CliRunner().invoke(app, ["check", str(many), "--set", "elements_number=48274"]).stdout


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("elements_index=3", "elements_index: found 3; allowed: 0 to 2"),
        ("elements_index=-1", "elements_index: found -1"),
        ("elements_index=1.5", "elements_index"),
        ("elements_number=5", "elements_number: found 5"),
        ("state.elements_index=1", "state.elements_index"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_by_its_key(many, override, says):
    with pytest.raises(TiangongError) as caught:
        load_orbit(many, [override])
    assert says in str(caught.value)


def test_a_choice_needs_sets_to_choose_from(many):
    (many.parent / "many.tle").write_text(OPM)
    with pytest.raises(TiangongError, match="found 0 for an OPM"):
        load_orbit(many, ["elements_index=0"])
    with pytest.raises(TiangongError, match="css-2026-10-06: elements_index: found 1; allowed: 0 to 0"):
        load_orbit(many, ["elements=css-2026-10-06", "elements_index=1"])


def test_planners_take_a_set_by_index_number_or_date(tmp_path):
    (tmp_path / "x.tle").write_text(write_tle([*THREE, MARIO]))
    assert elements(ElementFile(tmp_path / "x.tle", index=3), None).elements == MARIO
    assert elements(ElementFile(tmp_path / "x.tle", number=48274), CSS.epoch).index == 0
    (problem,) = refused(elements, tmp_path / "x.tle", EPOCH)
    assert "elements.index (0 to 3) or elements.number" in problem.allowed
    for verb in ("windows", "docking-windows"):
        asked = (verb, "shenzhou-20", "--elements", str(tmp_path / "x.tle"), "-q")
        answer = CliRunner().invoke(app, [*asked, "--elements-index", "4"])
        assert answer.exit_code == 2 and "found 4; allowed: 0 to 3" in answer.stderr
        answer = CliRunner().invoke(app, [verb, "shenzhou-20", "--elements-index", "0"])
        assert answer.exit_code == 2 and "--elements-index: found 0 without a file" in answer.stderr


# --- messages as XML


def test_an_oem_as_xml_is_the_one_in_kvn(tmp_path):
    (tmp_path / "x.xml").write_text(oem_as_xml())
    for text in (oem_as_xml(), oem_as_xml().replace("<oem", "<ndm><oem").replace("</oem>", "</oem></ndm>")):
        a, b = parse_oem(OEM, "x"), parse_oem(text, "x")
        assert (a.name, a.object_id) == (b.name, b.object_id)
        for one, two in zip(a.segments, b.segments, strict=True):
            assert (one.frame, one.interpolation, one.degree, one.useable) == (
                two.frame,
                two.interpolation,
                two.degree,
                two.useable,
            )
            for field in ("tai_ns", "r", "v"):
                assert np.array_equal(getattr(one, field), getattr(two, field))
    state = starting_state(tmp_path / "x.xml").state
    assert state.epoch == parse_oem(OEM, "x").segments[0].start


def test_an_opm_as_xml_is_the_one_in_kvn(tmp_path):
    (tmp_path / "x.xml").write_text(opm_as_xml())
    a, b = parse_opm(OPM, "x"), parse_opm(opm_as_xml(), "x")
    assert (a.spacecraft, a.left_out, a.object_id) == (b.spacecraft, b.left_out, b.object_id)
    assert (
        a.state.epoch == b.state.epoch and np.array_equal(a.state.r, b.state.r) and np.array_equal(a.state.v, b.state.v)
    )
    assert np.array_equal(starting_state(tmp_path / "x.xml").state.v, starting_state(tmp_path / "x.xml").state.v)
    twice = f"<ndm>{opm_as_xml()}{opm_as_xml()}</ndm>"
    assert [p.found for p in refused(parse_opm, twice, "x")] == ["a second <opm>"]


@pytest.mark.parametrize(
    ("old", "new", "key", "found"),
    [
        ('<X units="km">6778.1', '<X units="m">6778.1', "X", "the unit [m]"),
        ('<X units="km">6778.1</X>', "", "X", "nothing"),
        (">6778.1<", ">6778.1 0<", "X", "'6778.1 0'"),
        (">6778.1<", ">NaN<", "X", "'NaN'"),
        (">6778.1<", ">6.7781<", "X, Y, Z, X_DOT, Y_DOT, Z_DOT", "a point"),
        (">2026-01-01T00:00:18</EPOCH>", ">2026-13-01T00:00:18</EPOCH>", "time", "'2026-13-01T00:00:18'"),
        ("<REF_FRAME>ITRF-97</REF_FRAME>", "", "REF_FRAME", "nothing"),
        (' version="2.0"', "", "CCSDS_OEM_VERS", "nothing"),
        ("</stateVector>", "<W>1</W></stateVector>", "W", "an unknown element"),
        (">2026-001T00:02:18</EPOCH>", ">2026-01-01T00:00:10</EPOCH>", "time", "2026-01-01T00:00:10, not after"),
    ],
)
def test_an_oem_as_xml_is_checked_as_in_kvn(old, new, key, found):
    text = oem_as_xml()
    assert old in text
    (problem, *more) = refused(parse_oem, text.replace(old, new, 1), "x")
    assert problem.key == key and problem.found.startswith(found) and problem.line and not more


@pytest.mark.parametrize("read", [parse_mean_elements, parse_oem, parse_opm])
@pytest.mark.parametrize("root", ["tdm", "html5", "x:cdm", "kml"])
def test_xml_of_another_kind_is_one_line(read, root):
    (problem,) = refused(read, f"<{root}><a><b>1</b></a></{root}>", "x")
    assert problem.line == 1 and f"<{root.split(':')[-1]}>" in problem.found


def test_messages_of_two_kinds_are_one_line(tmp_path):
    (tmp_path / "x").write_text(oem_as_xml().replace("<oem", "<ndm><oem").replace("</oem>", "</oem><omm/></ndm>"))
    (problem,) = refused(starting_state, tmp_path / "x")
    assert problem.found == "<omm>" and "<ndm> with several <oem>" in problem.allowed
    assert refused(parse_mean_elements, oem_as_xml(), "x")[0].found == "an OEM"
    assert refused(parse_mean_elements, opm_as_xml(), "x")[0].found == "an OPM"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE oem [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><oem>&b;</oem>', "a document type"),
        ('<!DOCTYPE oem SYSTEM "file:///etc/passwd"><oem/>', "a document type"),
        ("<oem>" + "<data>" * DEEPEST, "nested too deep"),
        (f'<oem a="{"x" * (LONGEST_VALUE + 1)}"/>', "attributes without end"),
        ("<oem " + " ".join(f'a{i}="1"' for i in range(60)) + "/>", "attributes without end"),
        (f"<oem><header><COMMENT>{'x' * (LONGEST_VALUE + 1)}</COMMENT>", "a value without end"),
        ("<oem>" + "<a/>" * (MOST_UNKNOWN + 1), "elements that no message has"),
        ("<oem>&undefined;</oem>", "broken XML"),
        (oem_as_xml()[:-9], "broken XML"),
    ],
)
def test_xml_is_read_within_limits(text, says):
    problems = refused(parse_oem, text, "x")
    assert len(problems) == 1 and says in problems[0].found


@pytest.mark.parametrize(
    "text",
    [
        '<omm version="2.0"><body><segment>' + "<A/>" * 10**6,
        '<omm version="2.0">' + "<segment></segment>" * 10**5,
        "CCSDS_OMM_VERS = 2.0\n" * 10**6,
        "EPOCH,NORAD_CAT_ID\n" + "1,1\n" * 10**6,
        "[" + '{"A": 1},' * 10**6,
        "text\n" * 10**6,
        "\n" * 10**6 + "x",
        f"{ONE[:60]}\n{OTHER[:60]}\n" * 10**4,
    ],
    ids=["values", "segments", "kvn", "csv", "json", "text", "lines", "tle"],
)
def test_a_large_broken_file_is_left_after_some_problems(text):
    began = time.process_time()
    problems = refused(parse_mean_elements, text, "x")
    assert len(problems) <= 41 and time.process_time() - began < 2.0
    assert problems[-1].found in (problems[0].found, *(f"{n} more problems" for n in range(ENOUGH + 50)))


# --- the station of a mission


@pytest.fixture
def mission(tmp_path):
    """The mission of Shenzhou-20 with its station's set in a file between an older and a younger one."""
    shipped = element_set("css-2025-05-21")
    (own,) = read_tle(f"{shipped.line1}\n{shipped.line2}\n", "x")
    sets = [replace(own, epoch=own.epoch.plus(86400.0 * days)) for days in (-90.0, 0.0, 10.0)]
    (tmp_path / "station.tle").write_text(write_tle(sets))
    (tmp_path / "mission.toml").write_text('extends = "shenzhou-20"\n[station]\nelements = "station.tle"\n')
    return tmp_path / "mission.toml"


def test_a_mission_starts_from_the_set_of_a_file(mission):
    found, shipped = load(mission), load("shenzhou-20")
    assert "index 1 of 0 to 2, the nearest to 2025-04-14" in "".join(found.warnings)
    assert found.files[-1].name == "station.tle" and found.raw["station"]["elements_lines"][0].startswith("1 48274")
    for one, other in zip(start_of(found)[1], start_of(shipped)[1], strict=True):
        assert np.array_equal(one, other)
    third = load(mission, ["station.elements_index=2"])
    assert data_ages(third.raw, None)["elements"]["epoch_utc"].startswith("2025-05-31")
    assert set(shipped.raw["station"]) == {"name", "vehicle", "elements", "start_utc"}


def test_a_mission_takes_an_omm_with_a_long_number(mission):
    shipped = element_set("css-2025-05-21")
    (own,) = read_tle(f"{shipped.line1}\n{shipped.line2}\n", "x")
    (mission.parent / "station.tle").write_text(in_form("json", replace(own, number=123_456_789)))
    r, v = start_of(load(mission))[1]
    assert np.array_equal(r, start_of(load("shenzhou-20"))[1][0])


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["station.elements_index=3"], "station.elements_index: found 3; allowed: 0 to 2"),
        (["station.elements_number=5"], "station.elements_number: found 5; allowed: a number of the file"),
        (["station.elements=css-2025-05-21", "station.elements_index=0"], "a key beside 'css-2025-05-21'"),
        (["station.elements=none.tle"], "the path of a TLE or OMM file, or an element set"),
        (["station.elements=mission.toml"], "no line that begins with '1 '"),
        (["station.elements_index=2", "station.start_utc="], "station.start_utc"),
    ],
)
def test_a_station_file_that_cannot_be_used_is_refused_before_the_flight(mission, overrides, says):
    with pytest.raises(TiangongError) as caught:
        load(mission, overrides)
    assert says in str(caught.value)
    answer = CliRunner().invoke(app, ["check", str(mission), *(x for o in overrides for x in ("--set", o))])
    assert answer.exit_code == 2 and "internal error" not in answer.stderr
