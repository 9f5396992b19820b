"""Conjunction Data Messages: read, written, their dialects, and what follows from them."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.conjunctions import short_encounter as short
from sim.conjunctions.assessment import assess
from sim.conjunctions.encounter import rtn_axes
from sim.conjunctions.errors import EncounterError
from sim.conjunctions.from_cdm import differences, encounter_of, message_of
from sim.core.epoch import Epoch
from sim.files.problems import ScenarioError
from sim.interchange.cdm import Cdm, CdmObject, is_cdm, parse_cdm, read_cdm
from sim.interchange.cdm_keys import ADDITIONAL, AXES, COVARIANCE, METADATA, OD_PARAMETERS, RELATIVE, STATE
from sim.interchange.cdm_writing import cdm_text, cdm_xml, write_cdm
from sim.interchange.state import OrbitState, to_gcrf
from tests.messages import refused
from tests.result_schemas import problems as broken_keys

DATA = Path(__file__).parent / "data" / "conjunctions"
HST, HST_XML, ALFANO = DATA / "hst_delta2_eme2000.cdm", DATA / "hst_delta2_eme2000.xml", DATA / "alfano03_minimal.cdm"
EXPECTED = {c["file"]: c for c in json.loads((DATA / "expected.json").read_text("utf-8"))["cases"]}
TEXT = HST.read_text("utf-8")


def changed(*pairs: tuple[str, str], text: str = TEXT) -> str:
    """The message with parts of it replaced; each part must be there."""
    for old, new in pairs:
        found = re.search(old, text, re.MULTILINE)
        assert found, old
        text = text[: found.start()] + new + text[found.end() :]
    return text


def read(text: str) -> Cdm:
    return parse_cdm(text, "a.cdm")


def problems(*pairs: tuple[str, str]) -> list:
    return refused(read, changed(*pairs))


# ---- reading


@pytest.mark.parametrize("path", [HST, HST_XML])
def test_fields_of_the_message(path):
    """KVN and XML of the same numbers give the same fields, each as it stands in the file."""
    cdm = read_cdm(path)
    assert cdm.tca == Epoch.from_utc("2021-03-15T21:29:55.881Z")
    assert cdm.number("MISS_DISTANCE") == EXPECTED[HST.name]["miss_m"] and cdm.number("RELATIVE_SPEED") == 2925.0
    assert cdm.relative_state.tolist() == [5.9, 1249.4, -252.1, 12.1, -579.6, -2866.9]
    assert cdm.number("COLLISION_PROBABILITY") == 6.115e-4
    assert cdm.fields["COLLISION_PROBABILITY_METHOD"] == "FOSTER-1992" and cdm.fields["MESSAGE_ID"] == "TG-TEST-0001"
    first, second = cdm.first, cdm.second
    assert (first.name, first.designator, first.state.frame) == ("HST", "20580", EXPECTED[HST.name]["frame"].lower())
    assert (second.name, second.designator) == ("DELTA 2 R/B(1)", "22015")
    assert second.fields["INTERNATIONAL_DESIGNATOR"] == "1992-039B" and second.fields["MANEUVERABLE"] == "N/A"
    assert first.state.r.tolist() == [6415116.608408432, 870305.4501842433, 2418029.2782405986]
    assert second.state.v.tolist() == [-916.3957680369937, 7522.719013780002, -257.9506196146499]
    assert first.covariance.shape == (6, 6) and (first.covariance == first.covariance.T).all()
    assert first.covariance[1, 1] == 101194.375905594 and second.covariance[4, 3] == -0.00191763947565249
    assert first.covariance[5, 0] == -0.00776191381863332 and cdm.notes == ()


def test_every_number_of_the_file_is_in_what_was_read():
    """1e-15 relative, the state being shifted from kilometres as a decimal number."""
    for path in (HST, ALFANO):
        cdm = read_cdm(path)
        blocks = path.read_text("utf-8").split("OBJECT  ")[1:]
        for one, block in zip((cdm.first, cdm.second), blocks, strict=True):
            given = dict(re.findall(r"^(\w+) += ([-+.\deE]+) \[", block, re.MULTILINE))
            assert len(given) == 27
            state = dict(zip(STATE, [*one.state.r / 1e3, *one.state.v / 1e3], strict=True))
            terms = {f"C{AXES[i]}_{AXES[j]}": one.covariance[i, j] for i in range(6) for j in range(i + 1)}
            for key, text in given.items():
                assert {**state, **terms}[key] == pytest.approx(float(text), rel=1e-15), key


def test_probability_of_the_messages():
    """1e-6; the third case of Alfano's is rounded to a millimetre, which alone makes 3e-5."""
    for path in (HST, HST_XML):
        found = sim.conjunction(path, None if path == HST else 10.0)
        assert found.probability == pytest.approx(EXPECTED[HST.name]["pc2d_at_tca"], rel=1e-6)
        assert found.message.radius_m == (EXPECTED[HST.name]["hbr_m"] if path == HST else None)
    made = encounter_of(read_cdm(ALFANO))
    assert made.encounter.radius_m == EXPECTED[ALFANO.name]["hbr_m"]
    assert short.alfano(made.encounter.plane()) == pytest.approx(EXPECTED[ALFANO.name]["pc2d"], rel=3e-5)
    assert float(np.linalg.norm(made.encounter.miss)) == pytest.approx(EXPECTED[ALFANO.name]["miss_m"], abs=1e-3)


def test_earth_fixed_states():
    """Published miss in R, T, N to 0.1 m, from ITRF states whose velocities are made inertial; without that the
    components are off by 0.3 m (polar) to 5 m."""
    for c in json.loads((DATA / "cdm_states_itrf.json").read_text("utf-8"))["cases"]:
        tca = Epoch.from_utc(c["tca_utc"])
        covariance = np.diag([1e2, 1e4, 1e2, 1e-2, 1e-4, 1e-2])
        one, two = (
            CdmObject(OrbitState("A", tca, "itrf", *(np.array(c[f"{k}{i}_{u}"]) * 1e3 for k, u in UNITS)), covariance)
            for i in (1, 2)
        )
        made = encounter_of(Cdm(tca, one, two), 10.0)
        assert made.frame == "gcrf"
        # The published ones have one digit after the point; ours, of the file, two.
        assert np.abs(made.encounter.miss_rtn - c["rtn_m"]).max() < 0.1
        assert np.abs(made.encounter.miss_rtn - c["check_rtn_m"]).max() < 0.02
        turning = rtn_axes(one.state.r, one.state.v) @ (two.state.r - one.state.r)
        assert np.abs(turning - c["rtn_m"]).max() > 0.3
        assert float(np.linalg.norm(made.encounter.miss)) == pytest.approx(c["miss_m"], abs=1.0)  # cut off


UNITS = (("r", "km"), ("v", "km_s"))


def test_one_frame_and_another():
    """The same encounter with one object in EME2000 and one in GCRF, which differ by the frame bias: 1e-9 of it."""
    cdm = read_cdm(HST)
    mixed = Cdm(cdm.tca, cdm.first, CdmObject(to_gcrf(cdm.second.state), cdm.second.covariance))
    a, b = encounter_of(cdm).encounter, encounter_of(mixed, 10.0)
    assert b.frame == "gcrf" and np.abs(a.miss_rtn - b.encounter.miss_rtn).max() < 1e-6
    assert short.alfano(a.plane()) == pytest.approx(short.alfano(b.encounter.plane()), rel=1e-8)


def test_is_cdm():
    assert is_cdm(TEXT) and is_cdm(HST_XML.read_text("utf-8")) and not is_cdm("CCSDS_OEM_VERS = 2.0")


# ---- dialects


@pytest.mark.parametrize(
    ("what", "pairs"),
    [
        ("no units", [(r" \[km\]", ""), (r" \[m/s\]", ""), (r" \[m\*\*2\]", "")]),
        ("no blank after =", [(r"^TCA +=  ?", "TCA="), (r"^X +=  ?", "X=")]),
        ("trailing blanks", [(r"21:29:55\.881$", "21:29:55.881   "), (r"^OBJECT_NAME.*HST$", "OBJECT_NAME = HST \t")]),
        ("day of year", [(r"2021-03-15T", "2021-074T")]),
        ("day of year with a zone letter", [(r"2021-03-15T21:29:55\.881", "2021-074T21:29:55.881000Z")]),
        ("comments anywhere", [(r"^X ", "COMMENT Object1 State Vector\nX "), (r"^CT_R", "COMMENT a\nCOMMENT b\nCT_R")]),
        ("DCP comments", [(r"^CR_R", "COMMENT DCP Sensitivity Vector RTN Pos (m): 1.2E+01 -3.4E+02 5.6E+00\nCR_R")]),
        ("a user's key", [(r"^OBJECT  ", "USER_DEFINED_EVENT = 7\nOBJECT  ")]),
        ("empty optional value", [(r"^RELATIVE_SPEED.*$", "RELATIVE_SPEED =")]),
        ("empty optional word", [(r"^REF_FRAME", "EARTH_TIDES =\nREF_FRAME")]),
        ("NaN of an optional value", [(r"^RELATIVE_SPEED.*$", "RELATIVE_SPEED = NaN [m/s]")]),
        ("the name of the frame", [("= EME2000", "= J2000"), ("= EME2000", "= J2000")]),
        ("lower case", [(r"^REF_FRAME +=", "ref_frame =")]),
        ("draft 2.0", [("VERS               = 1.0", "VERS = 2.0"), (r"^TCA", "CONJUNCTION_ID = 5\nTCA"),
                       (r"^CR_R", "SIG3EIGVEC3 = 1 2 3\nCR_R"), ("^COMMENT HBR = 10 .m.$", "HBR = 10 [m]")]),
    ],
)  # fmt: skip
def test_dialects_give_the_same_encounter(what, pairs):
    found = read(changed(*pairs))
    a, b = encounter_of(found).encounter, encounter_of(read(TEXT)).encounter
    assert (a.r1 == b.r1).all() and (a.v2 == b.v2).all() and (a.c1 == b.c1).all() and a.radius_m == b.radius_m == 10.0
    assert found.tca == read(TEXT).tca


@pytest.mark.parametrize(
    ("comment", "radius"),
    [
        ("COMMENT HBR = 15.0", 15.0),
        ("COMMENT HBR=2.5E+01 [m]", 25.0),
        ("COMMENT Combined HBR: 0.02 km", 20.0),
        ("COMMENT Hard Body Radius = 7", 7.0),
        ("COMMENT Exclusion Volume Radius=3 [m]\nCOMMENT Exclusion Volume Radius=4.5 [m]", 7.5),
        ("COMMENT the HBR is in the contract", None),
        ("COMMENT SHBR = 3", None),
    ],
)
def test_radius_in_a_comment(comment, radius):
    assert read(changed(("^COMMENT HBR = 10 .m.$", comment))).radius_m == radius


def test_radius_of_each_object():
    """Two of one each are added; one alone says nothing of both."""
    each = "COMMENT Exclusion Volume Radius={} [m]\nCOVARIANCE_METHOD "
    both = changed(
        ("^COMMENT HBR.*\n", ""),
        (r"^COVARIANCE_METHOD ", "@ "),
        (r"^COVARIANCE_METHOD ", each.format(4)),
        ("^@ ", each.format(5)),
    )
    assert read(both).radius_m == 9.0 and read(both).first.radius_m == 5.0
    alone = changed(("^COMMENT HBR.*\n", ""), (r"^COVARIANCE_METHOD ", each.format(5)))
    assert read(alone).radius_m is None
    with pytest.raises(EncounterError, match="no radius of the hard body.*--radius"):
        encounter_of(read(alone))


def test_user_keys_and_comments_are_kept():
    text = changed((r"^OBJECT  ", "USER_DEFINED_EVENT = 7 [x]\nOBJECT  "), (r"^X ", "COMMENT seen twice\nX "))
    cdm = read(text)
    assert cdm.user == {"USER_DEFINED_EVENT": "7"} and cdm.first.comments == ("seen twice",)
    draft = read(changed(("= 1.0", "= 2.0"), (r"^TCA", "CONJUNCTION_ID = 5\nTCA")))
    assert draft.user == {"CONJUNCTION_ID": "5"} and "CONJUNCTION_ID" in draft.notes[0]


def test_a_covariance_that_is_marked_as_not_known():
    """NaN, huge and zero variances: None with a note, and the worst case of the other alone is taken."""
    nan = encounter_of(read(changed((r"^CR_R +=.*$", "CR_R = NaN [m**2]"))))
    assert nan.encounter.c1 is None and "no covariance" in nan.notes[0]
    huge = encounter_of(read(changed((r"^CR_R +=.*$", "CR_R = 1e16 [m**2]"))))
    assert huge.encounter.c1 is None and "marks that there is no covariance" in huge.notes[0]
    zero = TEXT
    for key in ("CR_R", "CT_T", "CN_N"):
        zero = changed((rf"^{key} +=.*$", f"{key} = 0.0"), text=zero)
    none = encounter_of(read(zero))
    assert none.encounter.c1 is None and "all zero" in none.notes[0]
    judged = assess(none.encounter)
    assert judged.bounded and judged.probabilities["alfano"] > 0.0


def test_a_covariance_that_is_not_positive_is_named_by_file_and_object(tmp_path):
    bad = tmp_path / "bad.cdm"
    bad.write_text(changed((r"^CT_R +=.*$", "CT_R = 1e9 [m**2]")), "utf-8")
    says = r"^bad.cdm: the position covariance of HST in R, T, N has the eigenvalues"
    with pytest.raises(EncounterError, match=says):
        sim.conjunction(bad)
    with pytest.raises(EncounterError, match=says):
        sim.avoid(bad)


@pytest.mark.parametrize("size", [7, 8, 9])
def test_larger_covariances(size):
    """Rows of drag, radiation pressure and thrust; one that is not whole is left out with a note."""
    rows = [(f"C{AXES[i]}_{AXES[j]}", 1e-6 * (10 * i + j)) for i in range(6, size) for j in range(i + 1)]
    lines = "".join(f"{key} = {value!r} [{COVARIANCE[key]}]\n" for key, value in rows)
    cdm = read(changed((r"^OBJECT +=.*OBJECT2$", f"{lines}OBJECT = OBJECT2")))
    assert cdm.first.covariance.shape == (size, size) and cdm.second.covariance.shape == (6, 6)
    for i in range(6, size):
        for j in range(i + 1):
            assert cdm.first.covariance[j, i] == 1e-6 * (10 * i + j)
    assert encounter_of(cdm).encounter.c1.shape == (6, 6)
    cut = read(changed((r"^OBJECT +=.*OBJECT2$", f"{lines.rstrip().rpartition(chr(10))[0]}\nOBJECT = OBJECT2")))
    assert cut.first.covariance.shape == (size - 1, size - 1) and "not whole" in cut.notes[0]
    assert cdm_text(read(cdm_xml(cdm))) == cdm_text(cdm)


# ---- what is wrong


@pytest.mark.parametrize(
    ("pairs", "key", "found", "allowed", "line"),
    [
        ([(r"^TCA.*\n", "")], "TCA", "nothing", "2026-297T", 1),
        ([(r"2021-03-15T", "2021-13-15T")], "TCA", "'2021-13-15T21:29:55.881', which no UTC clock shows", "a time", 6),
        ([(r"^TCA.*$", "TCA = soon")], "TCA", "'soon'", "a time", 6),
        ([(r"^ORIGINATOR.*$", "ORIGINATOR =")], "ORIGINATOR", "nothing", "a name", 4),
        ([(r"^OBJECT_NAME.*$", "OBJECT_NAME =")], "OBJECT_NAME", "nothing", "a name", 21),
        ([(r"^MANEUVERABLE.*\n", "")], "MANEUVERABLE", "nothing", "a name", 18),
        ([(r"^X +=[\s\S]*?(?=^CR_R)", "")], "X, Y, Z, X_DOT, Y_DOT, Z_DOT", "no state", "six numbers", 18),
        ([(r"^Y_DOT.*\n", "")], "Y_DOT", "nothing", "a number in km/s", 18),
        ([(r"^Z +=.*$", "Z = NaN [km]")], "Z", "NaN", "a number in km", 29),
        ([(r"^CR_R[\s\S]*?(?=^OBJECT)", "")], "CR_R", "no covariance", "21 numbers", 18),
        ([(r"^CN_T.*\n", "")], "CN_T", "nothing", "NaN where it is not known", 18),
        ([(r"^CT_T.*$", "CT_T = 1O1194 [m**2]")], "CT_T", "'1O1194'", "a number of at most 1e+30 in m**2", 35),
        ([(r"^MISS_DISTANCE +=", "MISS_DISTANSE =")], "MISS_DISTANSE", "an unknown key", "508.0-B-1", 7),
        ([(r"= 1275 \[m\]", "= 1.275 [km]")], "MISS_DISTANCE", "the unit [km]", "[m]", 7),
        ([(r"^REF_FRAME.*$", "REF_FRAME = MARS")], "REF_FRAME", "'MARS'", "GCRF", 26),
        ([("= 6.115e-04", "= 6.115")], "COLLISION_PROBABILITY", "6.115", "from 0 to 1", 15),
        ([(r"^OBJECT +=.*OBJECT2$", "OBJECT = OBJECT1")], "OBJECT", "a second OBJECT1", "then OBJECT2", 54),
        ([(r"^OBJECT +=.*OBJECT1$", "OBJECT = OBJECT3")], "OBJECT", "'OBJECT3'", "OBJECT1", 18),
        ([(r"^OBJECT +=.*OBJECT2[\s\S]*", "")], "OBJECT", "no OBJECT2", "OBJECT1 and OBJECT2", None),
        ([("= 1.0", "= 3.0")], "CCSDS_CDM_VERS", "'3.0'", "1.0, 2.0", 1),
        ([(r"^CT_R", "TCA = 2021-03-15T21:29:55\nCT_R")], "TCA", "it in the wrong place", "before OBJECT", 34),
        ([(r"^Y +=", "X = 1.0 [km]\nY =")], "X", "a second value", "each key once", 28),
        ([(r"6415\.116608408432", "6.415116608408432")], "X, Y, Z", "a point", "km; is the unit right?", 27),
        ([("^COMMENT HBR.*$", "HBR = -1 [m]")], "HBR", "-1 m", "from 0 to 1000 km", 17),
        ([(r"^CR_R", "what is this\nCR_R")], "", "'what is this'", "KEY = value", 33),
    ],
)
def test_refused_with_line_and_key(pairs, key, found, allowed, line):
    problem = next(p for p in problems(*pairs) if p.key == key)
    assert found in problem.found and allowed in problem.allowed and problem.line == line


def test_all_problems_at_once_and_the_nearest_key():
    several = problems((r"^TCA.*$", "TCA = x"), (r"^MISS_DISTANCE +=", "MISS_DISTANSE ="), (r"^Y_DOT.*\n", ""))
    assert {p.key for p in several} == {"TCA", "MISS_DISTANSE", "Y_DOT"}
    assert next(p for p in several if p.key == "MISS_DISTANSE").nearest == "MISS_DISTANCE"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "does not begin with CCSDS_CDM_VERS"),
        ("CCSDS_OEM_VERS = 2.0\n", "does not begin with CCSDS_CDM_VERS"),
        ("<oem></oem>", "<oem>"),
        (HST_XML.read_text("utf-8")[:2000], "broken XML"),
        (f"<ndm>{HST_XML.read_text('utf-8').partition('?>')[2] * 2}</ndm>", "a second <cdm>"),
    ],
)
def test_no_message(text, found):
    assert found in refused(read, text)[0].found


def test_a_truncated_message_is_refused_at_every_line():
    """No cut passes for a message, and none ends in anything but a list of problems."""
    lines = TEXT.splitlines(keepends=True)
    for n in range(1, len(lines) - 1, 3):
        assert refused(read, "".join(lines[:n]))


# ---- writing


@pytest.mark.parametrize("path", [HST, HST_XML, ALFANO])
def test_round_trip(path, tmp_path):
    """KVN to XML to KVN: the same text, and the same numbers to the last bit."""
    cdm = read_cdm(path)
    write_cdm(tmp_path / "a.xml", cdm)
    through = read_cdm(tmp_path / "a.xml")
    write_cdm(tmp_path / "b.cdm", through)
    again = read_cdm(tmp_path / "b.cdm")
    assert (tmp_path / "b.cdm").read_text("utf-8") == cdm_text(cdm) and cdm_xml(again) == cdm_xml(cdm)
    assert again.fields == cdm.fields and again.radius_m == cdm.radius_m and again.tca == cdm.tca
    for a, b in ((cdm.first, again.first), (cdm.second, again.second)):
        assert (a.state.r == b.state.r).all() and (a.state.v == b.state.v).all() and a.fields == b.fields
        assert (a.covariance == b.covariance).all()


def full_message() -> Cdm:
    """Every optional key of the standard."""
    words = {
        "SCREEN_VOLUME_FRAME": "RTN",
        "SCREEN_VOLUME_SHAPE": "BOX",
        "OBJECT_TYPE": "PAYLOAD",
        "ORBIT_CENTER": "EARTH",
    }
    words |= dict.fromkeys(("SOLAR_RAD_PRESSURE", "EARTH_TIDES", "INTRACK_THRUST"), "YES")
    times = ("START_SCREEN_PERIOD", "STOP_SCREEN_PERIOD", "SCREEN_ENTRY_TIME", "SCREEN_EXIT_TIME")
    words |= dict.fromkeys((*times, "TIME_LASTOB_START", "TIME_LASTOB_END"), "2021-03-14T00:00:00.000")
    cdm = read(TEXT)

    def value(key: str, unit: str | None, n: int) -> str:
        return words.get(key, "a word" if unit is None else str(n) if key.endswith(("BLE", "USED")) else f"{n}.5")

    fields = {k: value(k, u, n) for n, (k, u) in enumerate(RELATIVE.items()) if k != "TCA"} | cdm.fields
    own = {k: value(k, u, n) for n, (k, u) in enumerate({**OD_PARAMETERS, **ADDITIONAL}.items())}
    own |= {k: value(k, None, 0) for k in METADATA if k not in ("OBJECT", "OBJECT_NAME", "REF_FRAME")}
    objects = [CdmObject(o.state, o.covariance, own | o.fields) for o in (cdm.first, cdm.second)]
    return Cdm(cdm.tca, *objects, fields, 12.5, {"USER_DEFINED_A": "b"}, ("a < b & c",))


def test_a_message_with_every_key(tmp_path):
    cdm = full_message()
    for text in (cdm_text(cdm), cdm_xml(cdm)):
        again = read(text)
        assert again.fields == cdm.fields and again.first.fields == cdm.first.fields and again.radius_m == 12.5
        assert "a < b & c" in again.comments


def test_read_by_another_program():
    """`ccsds-ndm`, which reads by the schema of the standard: every key is in its place and has the same value."""
    if find_spec("ccsds_ndm") is None:
        pytest.skip("ccsds_ndm is not installed: pip install -e '.[readers]'")
    from ccsds_ndm.mapping import NDMFileFormats
    from ccsds_ndm.ndm_io import NdmIo

    for cdm in (read_cdm(HST), read_cdm(ALFANO), full_message()):
        for text in (cdm_text(cdm), cdm_xml(cdm)):
            theirs = NdmIo().from_string(text)
            relative = theirs.body.relative_metadata_data
            assert relative.miss_distance.value == pytest.approx(cdm.number("MISS_DISTANCE"), rel=1e-12)
            assert relative.tca.rstrip("0").rstrip(".") == cdm.tca.utc(6).rstrip("Z").rstrip("0").rstrip(".")
            for ours, segment in zip((cdm.first, cdm.second), theirs.body.segment, strict=True):
                data = segment.data
                assert data.state_vector.x.value * 1e3 == pytest.approx(ours.state.r[0], rel=1e-15)
                assert data.covariance_matrix.ctdot_rdot.value == ours.covariance[4, 3]
                assert segment.metadata.object_name == ours.name
                assert (data.od_parameters is None) == ("WEIGHTED_RMS" not in ours.fields)
            again = read(NdmIo().to_string(theirs, NDMFileFormats.XML))  # what it writes is read here
            assert (again.first.covariance == cdm.first.covariance).all() and again.fields.keys() == cdm.fields.keys()


# ---- the command


def run(*line: str):
    return CliRunner().invoke(app, ["conjunction", *line])


def test_the_command_prints_numbers_and_verdict():
    made = run(str(HST))
    assert made.exit_code == 0
    for word in ("HST (20580)", "radial 5.937", "Alfano              6.114793e-04", "robust", "two dimensions serve"):
        assert word in made.stdout
    made = run(str(ALFANO))
    assert "diluted" in made.stdout and "do not serve: the relative speed is 16.1 m/s" in made.stdout
    assert "integrated over time  1.003514e-01" in made.stdout
    assert "the states give 2.752, 0.488, -2.752 m" in made.stderr  # the message has the opposite signs


def test_the_command_prints_json():
    found = json.loads(run(str(HST_XML), "--radius", "10", "--json", "--integrate").stdout)
    assert found["verb"] == "conjunction" and found["status"] == "done" and found["two_dimensions_serve"]
    assert found["probability"] == pytest.approx(6.114793230828587e-04, rel=1e-6)
    assert found["expected_collisions"] == pytest.approx(found["probability"], rel=2e-3)
    assert set(found["two_dimensional"]) == {"alfano", "foster", "patera", "chan", "alfriend", "square"}
    assert found["region"] == "robust" and found["largest"] > found["probability"]


def test_wrong_input_ends_with_2(tmp_path):
    assert "no radius of the hard body" in run(str(HST_XML)).stderr and run(str(HST_XML)).exit_code == 2
    bad = tmp_path / "bad.cdm"
    bad.write_text(changed((r"^TCA.*\n", ""), (r"^Y_DOT.*\n", "")), "utf-8")
    made = run(str(bad))
    assert made.exit_code == 2 and "TCA: found nothing" in made.stderr and "Y_DOT: found nothing" in made.stderr
    assert run(str(HST), "--radius", "-1").exit_code == 2 and run(str(tmp_path / "none")).exit_code == 2


def test_from_python():
    found = sim.conjunction(HST)
    assert found.lines()[0].endswith("2021-03-15T21:29:55.881Z") and "6.115e-04" in repr(found)
    assert found.content()["notes"] == [] and not found.assessment.diluted
    for one in (found, sim.conjunction(ALFANO), sim.conjunction(HST, 10.0, integrate=True)):
        assert broken_keys("conjunction", one.content(), whole=True) == []
    with pytest.raises(sim.TiangongError, match="radius: found nan"):
        sim.conjunction(HST, math.nan)
    with pytest.raises(ScenarioError, match="metres from 0 to 1000000"):
        sim.conjunction(HST, -3.0)


def test_an_encounter_becomes_a_message(tmp_path):
    """Written, read and judged again: the same states, and the same probability to 1e-12; of one nothing is known
    of the error, of the other nothing of its velocity."""
    e = encounter_of(read_cdm(HST)).encounter
    header = {"MESSAGE_ID": "TG-1", "CREATION_DATE": "2026-01-01T00:00:00", "COLLISION_PROBABILITY": "6.1e-4"}
    both = ({"OBJECT_NAME": "A", "OBJECT_DESIGNATOR": "1"}, {"OBJECT_NAME": "B", "OBJECT_DESIGNATOR": "2"})
    for changes in ({}, {"c2": None}, {"c1": e.c1[:3, :3]}):
        given = replace(e, **changes)
        write_cdm(tmp_path / "a.cdm", message_of(given, read_cdm(HST).tca, header, both))
        cdm = read_cdm(tmp_path / "a.cdm")
        again = encounter_of(cdm).encounter
        assert (again.r1 == e.r1).all() and (again.v2 == e.v2).all() and cdm.number("COLLISION_PROBABILITY") == 6.1e-4
        assert again.c1.shape == given.c1.shape and (again.c2 is None) == (given.c2 is None)
        assert short.alfano(again.plane()) == pytest.approx(short.alfano(given.plane()), rel=1e-12, abs=0.0)
        assert differences(cdm, again) == ()


def test_differences_from_the_states_are_noted():
    cdm = read(changed((r"= 1275 \[m\]", "= 1375 [m]")))
    (note,) = differences(cdm, encounter_of(cdm).encounter)
    assert note.startswith("MISS_DISTANCE is 1375 m; the states are 1274.55")
    assert differences(read(TEXT), encounter_of(read(TEXT)).encounter) == ()
