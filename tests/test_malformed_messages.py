"""Broken messages, each refused with its line, its field and what is allowed, word for word."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.interchange.aem import parse_aem
from sim.interchange.aem_writing import aem_text, aem_xml, written_attitude
from sim.interchange.files import parse_mean_elements
from sim.interchange.oem import parse_oem
from sim.interchange.opm import parse_opm
from tests.messages import CREATED, EPOCH, GOOD, OEM, OPM, TWO, in_form, oem_as_xml, opm_as_xml, refused

Q = np.array([[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.6, 0.8]])
ROWS = written_attitude(EPOCH, "made by hand", np.array([0.0, 60.0]), Q)
AEM = aem_text("a", [ROWS], CREATED, "2026-001A")
AEM_XML = aem_xml("a", [ROWS], CREATED, "2026-001A")
DESIGNATOR = "allowed: an international designator, such as 2021-035A, or UNKNOWN (mandatory in CCSDS 502.0-B)"

CASES = [
    (
        parse_aem,
        AEM,
        "_VERS = 1.0",
        "_VERS = 9.0",
        "x:1: CCSDS_AEM_VERS: found '9.0'; allowed: 1.0, 2.0; did you mean '2.0'?",
    ),
    (parse_aem, AEM, "DIR = A2B", "DIR = UP", "x:11: ATTITUDE_DIR: found 'UP'; allowed: A2B, B2A"),
    (parse_aem, AEM, "TYPE = LAST", "TYPE = MIDDLE", "x:16: QUATERNION_TYPE: found 'MIDDLE'; allowed: FIRST, LAST"),
    (parse_aem, AEM, "= QUATERNION\n", "= SPIN\n", "x:15: ATTITUDE_TYPE: found 'SPIN'; allowed: QUATERNION"),
    (
        parse_aem,
        AEM,
        "= SC_BODY_1",
        "= GCRF",
        "x:10: REF_FRAME_B: found 'GCRF', as REF_FRAME_A is; allowed: another frame",
    ),
    (
        parse_aem,
        AEM,
        "TIME_SYSTEM = UTC",
        "TIME_SYSTEM = MOON",
        "x:12: TIME_SYSTEM: found 'MOON'; allowed: UTC, TAI, TT, GPS",
    ),
    (
        parse_aem,
        AEM,
        "OBJECT_NAME = A\n",
        "",
        "x:5: OBJECT_NAME: found nothing (but 'OBJECT_ID'); allowed: a name of 200 characters at most",
    ),
    (
        parse_aem,
        AEM,
        "0.600000000 0.8",
        "0.600000000 0.1",
        "x:23: Q1, Q2, Q3, QC: found a quaternion of length 0.608276; allowed: length 1, to 0.001",
    ),
    (
        parse_aem,
        AEM,
        "0.600000000 0.800000000",
        "0.000000000 0.000000000",
        "x:23: Q1, Q2, Q3, QC: found a quaternion of length 0; allowed: length 1, to 0.001",
    ),
    (
        parse_aem,
        AEM,
        " 0.800000000",
        "",
        "x:23: row: found 4 values; allowed: 5 (time and the four parts of a quaternion)",
    ),
    (parse_oem, OEM, "OBJECT_ID = 2026-001A", "OBJECT_ID =", f"x:6: OBJECT_ID: found nothing; {DESIGNATOR}"),
    (parse_oem, OEM, "OBJECT_ID = 2026-001A\n", "", f"x:4: OBJECT_ID: found nothing; {DESIGNATOR}"),
    (parse_aem, AEM, "0.600000000", "nan", "x:23: Q3: found 'nan'; allowed: a finite number"),
    (
        parse_aem,
        AEM,
        "2026-01-01T00:01:00.000000 0.0",
        "2025-12-31T23:59:00.000000 0.0",
        (
            "x:23: time: found 2025-12-31T23:59:00.000000, not after the row before; allowed: times that "
            "grow from row to row"
        ),
    ),
    (parse_aem, AEM, "DATA_STOP\n", "", "x:23: DATA_STOP: found nothing: the file ends before it; allowed: DATA_STOP"),
    (
        parse_aem,
        AEM,
        "METHOD = LINEAR",
        "METHOD = CUBIC",
        "x:17: INTERPOLATION_METHOD: found 'CUBIC'; allowed: LINEAR, SLERP, HERMITE, LAGRANGE",
    ),
    (
        parse_aem,
        AEM,
        "METHOD = LINEAR\nINTERPOLATION_DEGREE = 1",
        "METHOD = LAGRANGE\nINTERPOLATION_DEGREE = 4",
        (
            "x:18: INTERPOLATION_DEGREE: found 4, for which LAGRANGE takes 5 rows; the segment has 2; "
            "allowed: a degree that the rows are enough for: at most 1"
        ),
    ),
    (
        parse_aem,
        AEM,
        "STOP_TIME = 2026-01-01T00:01:00.000000\n",
        "STOP_TIME = 2026-01-01T00:01:00\nUSEABLE_STOP_TIME = 2026-01-01T00:02:00\n",
        (
            "x:15: USEABLE_STOP_TIME: found 2026-01-01T00:02:00, after STOP_TIME 2026-01-01T00:01:00; "
            "allowed: a time from START_TIME to STOP_TIME"
        ),
    ),
    (parse_aem, AEM_XML, "<Q3>0.600000000</Q3>", "", "x:20: Q3: found nothing; allowed: a number"),
    (parse_aem, AEM_XML, "<Q3>0.600000000</Q3>", "<Q9>0.600000000</Q9>", "x:20: Q3: found nothing; allowed: a number"),
    (
        parse_aem,
        AEM_XML,
        "<ATTITUDE_DIR>A2B</ATTITUDE_DIR>",
        "",
        "x:4: ATTITUDE_DIR: found nothing (but 'ATTITUDE_TYPE'); allowed: A2B, B2A",
    ),
    (
        parse_aem,
        AEM_XML,
        "</body></aem>",
        "",
        "x:23: found broken XML (no element found); allowed: XML, whole to its last tag",
    ),
    (
        parse_oem,
        OEM,
        "_VERS = 2.0",
        "_VERS = 7.0",
        "x:1: CCSDS_OEM_VERS: found '7.0'; allowed: 1.0, 2.0, 3.0; did you mean '3.0'?",
    ),
    (
        parse_oem,
        OEM,
        "META_STOP\n",
        "",
        (
            "x:13: META_STOP: found '2026-01-01T00:00:18 6778.1 0 0 0 7.6 0'; allowed: rows of data after "
            "META_STOP, KEY = value before"
        ),
    ),
    (parse_oem, OEM, "CENTER_NAME = EARTH", "CENTER_NAME = MOON", "x:7: CENTER_NAME: found 'MOON'; allowed: EARTH"),
    (
        parse_oem,
        OEM,
        "= ITRF-97",
        "= MARS",
        "x:8: REF_FRAME: found 'MARS'; allowed: GCRF, ICRF, EME2000, J2000, TEME, ITRF",
    ),
    (parse_oem, OEM, "6778.1 0 0", "6778.1 0 zero", "x:14: Z: found 'zero'; allowed: a finite number"),
    (parse_oem, OEM, "6778.1 0 0 0 7.6 0", "6778.1 0 0 0 inf 0", "x:14: Y_DOT: found 'inf'; allowed: a finite number"),
    (
        parse_oem,
        OEM,
        "6778.1 0 0 0 7.6 0",
        "6778100 0 0 0 7600 0",
        (
            "x:14: X, Y, Z, X_DOT, Y_DOT, Z_DOT: found a point 6.7781e+06 km from the Earth's centre at "
            "7600 km/s; allowed: 6300 to 2000000 km and at most 100 km/s; are the units km and km/s?"
        ),
    ),
    (
        parse_oem,
        OEM,
        "6778.1 0 0 0 7.6 0",
        "6778.1 0 0 0 7.6",
        "x:14: row: found 6 values; allowed: 7 (time, position, velocity), or 10 with acceleration",
    ),
    (
        parse_oem,
        OEM,
        "2026-01-01T00:01:18.0 6770",
        "2026-01-01T00:00:18.0 6770",
        ("x:15: time: found 2026-01-01T00:00:18.0, not after the row before; allowed: times that grow from row to row"),
    ),
    (
        parse_oem,
        OEM,
        "STOP_TIME = 2026-001T00:02:18",
        "STOP_TIME = 2026-001T00:00:10",
        (
            "x:11: STOP_TIME: found 2026-001T00:00:10, before START_TIME 2026-01-01T00:00:18; allowed: "
            "START_TIME or later"
        ),
    ),
    (
        parse_oem,
        OEM,
        "STOP_TIME = 2026-001T00:02:18",
        "STOP_TIME = 2026-001T00:09:00",
        (
            "x:16: STOP_TIME: found a last row at 2026-01-01T00:02:00.000000, before STOP_TIME "
            "2026-001T00:09:00; allowed: rows up to STOP_TIME; is the file cut off?"
        ),
    ),
    (
        parse_oem,
        OEM,
        "STOP_TIME = 2026-001T00:02:18",
        "STOP_TIME = 2026-001T00:02:18\nUSEABLE_STOP_TIME = 2026-001T00:03:00",
        (
            "x:12: USEABLE_STOP_TIME: found 2026-001T00:03:00, after STOP_TIME 2026-001T00:02:18; allowed: "
            "a time from START_TIME to STOP_TIME"
        ),
    ),
    (
        parse_oem,
        OEM,
        "META_STOP",
        "USEABLE_START_TIME = 2026-01-01T00:00:00\nMETA_STOP",
        (
            "x:12: USEABLE_START_TIME: found 2026-01-01T00:00:00, before START_TIME 2026-01-01T00:00:18; "
            "allowed: a time from START_TIME to STOP_TIME"
        ),
    ),
    (
        parse_oem,
        OEM,
        "META_STOP",
        "INTERPOLATION = HERMITE\nINTERPOLATION_DEGREE = 7\nMETA_STOP",
        (
            "x:13: INTERPOLATION_DEGREE: found 7, for which HERMITE takes 4 rows; the segment has 3; "
            "allowed: a degree that the rows are enough for: at most 5"
        ),
    ),
    (
        parse_oem,
        OEM,
        "META_STOP",
        "INTERPOLATION = LAGRANGE\nMETA_STOP",
        ("x:4: INTERPOLATION_DEGREE: found nothing (but 'INTERPOLATION'); allowed: a whole number from 1 to 31"),
    ),
    (
        parse_oem,
        OEM,
        "OBJECT_NAME = A",
        "OBJECT_NAME = A\nOBJECT_NAME = B",
        "x:6: OBJECT_NAME: found a second value; allowed: each key once",
    ),
    (
        parse_oem,
        oem_as_xml(),
        "</oem>",
        "",
        "x:18: found broken XML (no element found); allowed: XML, whole to its last tag",
    ),
    (parse_oem, oem_as_xml(), '<X units="km">', '<X units="m">', "x:13: X: found the unit [m]; allowed: [km]"),
    (
        parse_oem,
        oem_as_xml(),
        "<CENTER_NAME>EARTH</CENTER_NAME>\n",
        "\n",
        "x:4: CENTER_NAME: found nothing (but 'OBJECT_NAME'); allowed: EARTH",
    ),
    (
        parse_oem,
        oem_as_xml(),
        '<Y_DOT units="km/s">7.6</Y_DOT>',
        "",
        "x:13: Y_DOT: found nothing (but 'Z_DOT'); allowed: a number of km/s",
    ),
    (
        parse_opm,
        OPM,
        "OBJECT_NAME",
        "OBJECT_NAMES",
        "x:1: OBJECT_NAME: found nothing (but 'OBJECT_NAMES'); allowed: a name of 200 characters at most",
    ),
    (parse_opm, OPM, "CENTER_NAME = EARTH", "CENTER_NAME = SUN", "x:7: CENTER_NAME: found 'SUN'; allowed: EARTH"),
    (
        parse_opm,
        OPM,
        "= GCRF",
        "= GRCF",
        "x:8: REF_FRAME: found 'GRCF'; allowed: GCRF, ICRF, EME2000, J2000, TEME, ITRF; did you mean 'GCRF'?",
    ),
    (parse_opm, OPM, "MASS = 8000", "MASS = 0", "x:17: MASS: found 0; allowed: a number from 1e-06 to 1e+09 kg"),
    (
        parse_opm,
        OPM,
        "MASS = 8000",
        "MASS = -8000",
        "x:17: MASS: found -8000; allowed: a number from 1e-06 to 1e+09 kg",
    ),
    (parse_opm, OPM, "MASS = 8000 [kg]", "MASS = 8000 [lb]", "x:17: MASS: found the unit [lb]; allowed: [kg]"),
    (
        parse_opm,
        OPM,
        "X = 6778.1",
        "X = 6.7781E999",
        "x:11: X: found 6.7781E999; allowed: a number from -1e+12 to 1e+12 km",
    ),
    (
        parse_opm,
        OPM,
        "EPOCH = 2026-01-01T00:01:09.184",
        "EPOCH = 2026-13-01T00:00:00",
        (
            "x:10: EPOCH: found '2026-13-01T00:00:00', which no TT clock shows; allowed: a time from "
            "1957-10-04 to 2200, like 2026-10-24T15:06:00.123 or 2026-297T15:06:00.123"
        ),
    ),
    (
        parse_opm,
        opm_as_xml(),
        '<X units="km">6778.1</X>',
        '<X1 units="km">6778.1</X1>',
        "x:1: X: found nothing (but 'X1'); allowed: a number from -1e+12 to 1e+12 km",
    ),
    (
        parse_opm,
        opm_as_xml(),
        '<X units="km">6778.1</X>',
        '<X units="m">6778100</X>',
        "x:10: X: found the unit [m]; allowed: [km]",
    ),
    (
        parse_mean_elements,
        in_form("kvn"),
        "INCLINATION = ",
        "INCLINATION = 9",
        "x:13: INCLINATION: found 951.6242; allowed: a number from 0 to 180 deg",
    ),
    (
        parse_mean_elements,
        in_form("xml"),
        "<EPOCH>",
        "<EPOCH>x",
        (
            "x:6: EPOCH: found 'x2023-04-25T10:45:30.642912'; allowed: a time from 1957-10-04 to 2200, like "
            "2026-10-24T15:06:00.123 or 2026-297T15:06:00.123"
        ),
    ),
    (
        parse_mean_elements,
        TWO,
        GOOD.line1[18:32],
        "26400.00000000",
        "x:1: line 1, column 69, checksum: found '8'; allowed: '2', which its digits give",
    ),
    (
        parse_oem,
        OEM,
        "COVARIANCE_STOP\n",
        "",
        "x:19: COVARIANCE_STOP: found nothing: the file ends before it; allowed: COVARIANCE_STOP",
    ),
    (
        parse_oem,
        OEM,
        "2026-001T00:02:18 6720 900 0 -1.0 7.5 0\n",
        "2026-001T00:02:18 6720 90\n",
        "x:16: row: found 3 values; allowed: 7 (time, position, velocity), or 10 with acceleration",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_broken_message_is_refused_by_line_and_field(case):
    """Word for word: the file, the line, the field, what was found and what is allowed."""
    read, whole, what, instead, says = case
    assert what in whole, "the case changes nothing"
    read(whole, "x")  # it is well before
    problems = refused(read, whole.replace(what, instead, 1), "x")
    assert str(problems[0]) == says
    for problem in problems:
        assert problem.file == "x" and problem.found and problem.allowed
        assert problem.line is not None


def test_most_name_the_field():
    """Two texts of XML that break off have none."""
    named = [case[-1] for case in CASES if ": found" in case[-1].split(":", 2)[2]]
    assert len(named) >= 45 and len(named) >= len(CASES) - 2


def test_an_aem_comes_back_from_both_notations():
    for text in (AEM, AEM_XML):
        read = parse_aem(text, "x")
        (rows,) = read.segments
        assert (read.name, read.object_id, rows.frame_a, rows.frame_b) == ("A", "2026-001A", "GCRF", "SC_BODY_1")
        assert rows.start == EPOCH and rows.end == Epoch(EPOCH.tai_ns + 60 * 10**9)
        assert np.abs(rows.q - Q).max() < 1e-9 and (rows.interpolation, rows.degree) == ("LINEAR", 1)


def test_in_xml_the_names_tell_the_parts_of_a_quaternion_apart():
    """QUATERNION_TYPE says how rows of KVN run; it changes nothing in XML."""
    for word in ("FIRST", "LAST"):
        (rows,) = parse_aem(AEM_XML.replace("TYPE>LAST<", f"TYPE>{word}<"), "x").segments
        assert np.abs(rows.q - Q).max() < 1e-9


def test_an_aem_from_b_to_a_with_the_scalar_first_is_the_same_turn():
    other = AEM.replace("DIR = A2B", "DIR = B2A").replace("TYPE = LAST", "TYPE = FIRST")
    other = other.replace("0.000000000 0.000000000 0.000000000 1.000000000", "1 0 0 0")
    other = other.replace("0.000000000 0.000000000 0.600000000 0.800000000", "0.8 0 0 -0.6")
    assert np.abs(parse_aem(other, "x").segments[0].q - Q).max() < 1e-9
