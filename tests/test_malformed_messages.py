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
from tests.messages import CREATED, EPOCH, GOOD, OEM, OPM, in_form, oem_as_xml, opm_as_xml, refused

Q = np.array([[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.6, 0.8]])
ROWS = written_attitude(EPOCH, "made by hand", np.array([0.0, 60.0]), Q)
AEM = aem_text("a", [ROWS], CREATED, "2026-001A")
AEM_XML = aem_xml("a", [ROWS], CREATED, "2026-001A")

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
        "0.600000000 0.8",
        "0.600000000 0.1",
        "x:23: found a quaternion of length 0.608276; allowed: 1 to 0.001",
    ),
    (parse_aem, AEM, " 0.800000000", "", "x:23: found 4 values; allowed: 5 (time and the four parts of a quaternion)"),
    (parse_aem, AEM, "0.600000000", "nan", "x:23: found 'nan'; allowed: finite numbers"),
    (parse_aem, AEM, "DATA_STOP\n", "", "x:23: DATA_STOP: found nothing: the file ends before it; allowed: DATA_STOP"),
    (
        parse_aem,
        AEM,
        "TIME_SYSTEM = UTC",
        "TIME_SYSTEM = MOON",
        "x:12: TIME_SYSTEM: found 'MOON'; allowed: UTC, TAI, TT, GPS",
    ),
    (parse_aem, AEM_XML, "<Q3>0.600000000</Q3>", "", None),
    (parse_aem, AEM_XML, "<ATTITUDE_DIR>A2B</ATTITUDE_DIR>", "", None),
    (parse_aem, AEM_XML, "</body></aem>", "", None),
    (
        parse_oem,
        OEM,
        "_VERS = 2.0",
        "_VERS = 7.0",
        "x:1: CCSDS_OEM_VERS: found '7.0'; allowed: 1.0, 2.0, 3.0; did you mean '3.0'?",
    ),
    (parse_oem, OEM, "META_STOP\n", "", None),
    (parse_oem, OEM, "6778.1 0 0", "6778.1 0 zero", "x:14: found 'zero'; allowed: finite numbers"),
    (parse_oem, OEM, "CENTER_NAME = EARTH", "CENTER_NAME = MOON", "x:7: CENTER_NAME: found 'MOON'; allowed: EARTH"),
    (parse_oem, oem_as_xml(), "</oem>", "", None),
    (parse_opm, OPM, "OBJECT_NAME", "OBJECT_NAMES", None),
    (parse_opm, OPM, "CENTER_NAME = EARTH", "CENTER_NAME = SUN", None),
    (parse_opm, opm_as_xml(), "<X ", "<X1 ", None),
    (parse_mean_elements, in_form("kvn"), "INCLINATION = ", "INCLINATION = 9", None),
    (parse_mean_elements, in_form("xml"), "<EPOCH>", "<EPOCH>x", None),
    (parse_mean_elements, f"{GOOD.line1}\n{GOOD.line2}\n", GOOD.line1[18:32], "26400.00000000", None),
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_broken_message_is_refused_by_line_and_field(case):
    read, whole, what, instead, says = case
    assert what in whole, "the case changes nothing"
    read(whole, "x")  # it is well before
    problems = refused(read, whole.replace(what, instead, 1), "x")
    if says is not None:
        assert str(problems[0]) == says
    for problem in problems:
        assert problem.file == "x" and problem.found and problem.allowed
        assert problem.line is not None


def test_there_are_twenty_and_more():
    assert len(CASES) >= 20


def test_an_aem_comes_back_from_both_notations():
    for text in (AEM, AEM_XML):
        read = parse_aem(text, "x")
        (rows,) = read.segments
        assert (read.name, read.object_id, rows.frame_a, rows.frame_b) == ("A", "2026-001A", "GCRF", "SC_BODY_1")
        assert rows.start == EPOCH and rows.end == Epoch(EPOCH.tai_ns + 60 * 10**9)
        assert np.abs(rows.q - Q).max() < 1e-9 and (rows.interpolation, rows.degree) == ("LINEAR", 1)


def test_an_aem_from_b_to_a_with_the_scalar_first_is_the_same_turn():
    other = AEM.replace("DIR = A2B", "DIR = B2A").replace("TYPE = LAST", "TYPE = FIRST")
    other = other.replace("0.000000000 0.000000000 0.000000000 1.000000000", "1 0 0 0")
    other = other.replace("0.000000000 0.000000000 0.600000000 0.800000000", "0.8 0 0 -0.6")
    assert np.abs(parse_aem(other, "x").segments[0].q - Q).max() < 1e-9
