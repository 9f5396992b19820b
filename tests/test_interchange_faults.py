"""Broken element files and messages: each is refused, and reported with place and reason.

Faults that every simulator must refuse carry their number (F01 ...) in the name of the test.
"""

import os
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.interchange.files import FORMS, mean_elements_text, parse_mean_elements, read_mean_elements, starting_state
from sim.interchange.mean import teme_state
from sim.interchange.oem import parse_oem, read_oem
from sim.interchange.opm import parse_opm, read_opm
from sim.interchange.problems import InterchangeError
from sim.interchange.state import OrbitState, keplerian, keplerian_state, vector_state
from sim.interchange.tle import read_tle
from tests.messages import (
    CREATED,
    CSS,
    DATA,
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
    without,
)

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


def test_F12_error_of_sgp4_is_reported_in_words():
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
    [
        b"<!DOCTYPE html><html>404</html>",
        b"<html>busy</html>",
        b"GARBAGE",
        b"\x89PNG\r\n\x1a\n",
        b"a\x00b",
        "1 é".encode("utf-16"),
        b"{}",
        b"[]",
        b"[1, 2]",
        b"[[",
        b"<omm",
        b"<x/>",
        b"EPOCH,NORAD_CAT_ID\n",
        b"x = [",
        b"MEAN_MOTION = ",
        b"[{]",
        b'{"EPOCH": [{',
        b"[" * 100_000,
    ],
)
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
        "semi_major_axis_m": 6.4e6,
        "eccentricity": 0.01,
        "inclination_deg": 41.5,
        "raan_deg": 0.0,
        "argument_of_perigee_deg": 0.0,
        "true_anomaly_deg": 180.0,
    }
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
    [
        ("INCLINATION", "180.1"),
        ("INCLINATION", "-0.1"),
        ("ECCENTRICITY", "1.0"),
        ("ECCENTRICITY", "-0.1"),
        ("MEAN_MOTION", "0.0"),
        ("MEAN_MOTION", "-15.0"),
        ("RA_OF_ASC_NODE", "361"),
        ("NORAD_CAT_ID", "1000000000"),
        ("NORAD_CAT_ID", "1.5"),
        ("CLASSIFICATION_TYPE", "X"),
        ("MEAN_MOTION", "1e400"),
    ],
)
def test_ranges_of_an_omm(form, key, value):
    (problem,) = refused(parse_mean_elements, with_value(form, key, value), "x")
    assert problem.key == key and value in problem.found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.line1, "a line 2 with this line 1"),
        (GOOD.line2, "a line 1 with this line 2"),
        ("CSS", "element sets"),
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


@pytest.mark.parametrize("form", [*FORMS, "opm", "oem", "opm as xml", "oem as xml"])
def test_whatever_is_done_to_a_file_it_is_read_or_refused(form):
    """300 damaged copies: letters changed, lost, doubled, cut. Nothing else than InterchangeError may come out."""
    parse = {"opm": parse_opm, "oem": parse_oem}.get(form[:3], parse_mean_elements)
    messages = {"opm": OPM, "oem": OEM, "opm as xml": opm_as_xml(), "oem as xml": oem_as_xml()}
    whole = messages.get(form) or mean_elements_text([CSS, MARIO], form, CREATED)
    draw = random.Random(f"damage {form}")
    refusals = 0
    for _ in range(300):
        letters = list(whole)
        for _ in range(draw.choice((1, 1, 2, 5))):
            at = draw.randrange(len(letters))
            end = at + draw.choice((1, 1, 20))
            letters[at:end] = draw.choice(("", draw.choice('0 9-+.eE\n,={}<>"²٣é\x01'), "".join(letters[at:end]) * 2))
        try:
            parse("".join(letters), "x")
        except InterchangeError:
            refusals += 1
    assert 100 < refusals < 300 or form == "tle"  # so that the damage neither misses nor is all one fault
