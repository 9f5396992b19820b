"""Gravity files in the ICGEM format, broken in one place, or right but not what one may think."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.environment.gfc import LINE_BYTES, GravityFileError, gravity_file, read_gfc_header
from tests.test_orbit_file import BASE

HEAD = """A field for a test; before begin_of_head stands free text:
radius of this and that, earth_gravity_constant of those
begin_of_head ======
product_type gravity_field
modelname small
earth_gravity_constant 3.9860044150D+14
radius 6378136.3
max_degree 2
errors formal
norm fully_normalized
tide_system tide_free
key L M C S sigma_C sigma_S
end_of_head ======
"""
ROWS = """gfc 0 0 1.0 0.0 0.0 0.0
gfc 2 0 -0.484165143790815D-03 0.0 0.7D-11 0.0
gfc 2 1 -0.206615509074176D-09 0.138441389137979D-08 0.7D-11 0.7D-11
gfc 2 2 0.243938357328313D-05 -0.140027370385934D-05 0.7D-11 0.7D-11
"""
GOOD = HEAD + ROWS
ORBIT = BASE.replace("28800.0", "60.0").replace('"point"', '"field.gfc"\ndegree = 2')
LAST = ROWS.splitlines()[-1]


def written(folder, text: str | bytes):
    path = folder / "field.gfc"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def ended(folder, text: str | bytes, *command: str):
    written(folder, text)
    (folder / "orbit.toml").write_text(ORBIT)
    verb, *rest = command
    return CliRunner().invoke(app, [verb, str(folder / "orbit.toml"), *rest])


def test_the_good_file_is_read_without_a_word(tmp_path):
    file = gravity_file(written(tmp_path, GOOD), 2)
    assert file.warnings == () and file.header["earth_gravity_constant"] == 3.986004415e14
    assert file.c[2, 0] == -0.484165143790815e-3 and file.s[2, 2] == -0.140027370385934e-5


def cut(count: int) -> str:
    """Without the last characters, the line end among them."""
    return GOOD[: len(GOOD) - count]


@pytest.mark.parametrize("count", range(2, len(LAST) + 1))
def test_a_file_cut_anywhere_in_its_last_line_is_refused_or_told(count, tmp_path):
    """A cut within the last number leaves a number; the warning then is that the line has no end."""
    path = written(tmp_path, cut(count))
    try:
        file = gravity_file(path, 2)
    except GravityFileError as error:
        assert "field.gfc:17" in str(error) or "no coefficient 2 2" in str(error)
    else:
        assert count < 8 and any("was it cut?" in warning for warning in file.warnings)


@pytest.mark.parametrize("count", [5, 9, 20, 40, 60])
def test_a_file_cut_anywhere_ends_in_no_internal_error(count, tmp_path):
    assert ended(tmp_path, GOOD[: len(GOOD) * count // 100], "check").exit_code == 2


HEADERS = {
    "GM twice": ("radius 6", "earth_gravity_constant 3.986e14\nradius 6", ["earth_gravity_constant", "line 6", "once"]),
    "GM twice, alike": ("radius 6", "earth_gravity_constant 3.9860044150D+14\nradius 6", ["once"]),
    "radius twice": ("errors", "radius 6378137.0\nerrors", ["'radius' is '6378136.3' in line 7", "line 9", "once"]),
    "degree twice": ("errors", "max_degree 70\nerrors", ["max_degree", "once"]),
    "norm twice": ("errors", "norm unnormalized\nerrors", ["norm", "once"]),
    "tides twice": ("errors", "tide_system zero_tide\nerrors", ["tide_system", "once"]),
    "no GM": ("earth_gravity_constant 3.9860044150D+14\n", "", ["'earth_gravity_constant' is missing"]),
    "GM without a number": ("3.9860044150D+14", "", ["'earth_gravity_constant' is missing"]),
    "GM of rubbish": ("3.9860044150D+14", "abc", ["'earth_gravity_constant' is 'abc'"]),
    "GM infinite": ("3.9860044150D+14", "inf", ["'earth_gravity_constant' is 'inf'"]),
    "GM no number": ("3.9860044150D+14", "nan", ["'earth_gravity_constant' is 'nan'"]),
    "GM in km": ("3.9860044150D+14", "398600.4415", ["from 1e+14"]),
    "no radius": ("radius 6378136.3\n", "", ["'radius' is missing"]),
    "radius of Python": ("6378136.3", "6_378_136.3", ["'radius' is '6_378_136.3'"]),
    "radius in other digits": ("6378136.3", "６378136.3", ["'radius' is"]),
    "no degree": ("max_degree 2\n", "", ["'max_degree' is missing"]),
    "degree of rubbish": ("max_degree 2", "max_degree two", ["'max_degree' is 'two'"]),
    "degree negative": ("max_degree 2", "max_degree -2", ["'max_degree' is '-2'"]),
    "unnormalised": ("fully_normalized", "unnormalized", ["norm is 'unnormalized'"]),
    "a geoid": ("gravity_field", "geoid", ["product_type is 'geoid'"]),
    "tides of rubbish": ("tide_free", "high_tide", ["tide_system is 'high_tide'"]),
    "no end of the header": ("end_of_head ======\n", "", ["no line 'end_of_head'"]),
    "two at once": (
        "3.9860044150D+14\nradius 6378136.3",
        "x\nradius y",
        ["gravity_constant' is 'x'", "radius' is 'y'"],
    ),
}
ROW = {
    "a column short": (" 0.7D-11\ngfc 2 2", "\ngfc 2 2", ["field.gfc:16", "6 columns", "allowed: 7", "cut?"]),
    "an error of rubbish": ("0.7D-11 0.0\n", "0.7D-11 zero\n", ["field.gfc:15", "allowed: gfc n m C S"]),
    "not a number": ("-0.484165143790815D-03", "NaN", ["field.gfc:15", "finite"]),
    "infinite": ("-0.484165143790815D-03", "1D999", ["field.gfc:15", "finite"]),
    "half an exponent": ("815D-03", "815D-", ["field.gfc:15", "gfc n m C S"]),
    "degree of Python": ("gfc 2 0", "gfc 0_2 0", ["field.gfc:15"]),
    "degree of rubbish": ("gfc 2 0", "gfc two 0", ["field.gfc:15"]),
    "degree over the header's": ("gfc 2 2", "gfc 3 2", ["field.gfc:17", "n up to 2, the max_degree"]),
    "order over the degree": ("gfc 2 1", "gfc 2 3", ["field.gfc:16", "m <= n"]),
    "a gap": (ROWS.splitlines()[2] + "\n", "", ["no coefficient 2 1"]),
    "a row twice": ("gfc 2 2", ROWS.splitlines()[2] + "\ngfc 2 2", ["field.gfc:17", "2 1 a second time"]),
    "a second header": ("gfc 2 2", "end_of_head\ngfc 2 2", ["field.gfc:17", "end_of_head"]),
    "a long line": ("gfc 2 2", "gfc 2 2" + " " * LINE_BYTES, ["field.gfc:17", f"more than {LINE_BYTES}"]),
    "a long line in the header": ("modelname", "x" * 10**6 + "\nmodelname", ["field.gfc:5", "more than"]),
}


@pytest.mark.parametrize("case", HEADERS | ROW)
def test_what_is_wrong_is_refused_with_its_place(case, tmp_path):
    old, new, says = (HEADERS | ROW)[case]
    assert old in GOOD
    with pytest.raises(GravityFileError) as caught:
        gravity_file(written(tmp_path, GOOD.replace(old, new, 1)), 2)
    assert all(word in str(caught.value) for word in says) and "\n" not in str(caught.value), caught.value


@pytest.mark.parametrize("rubbish", [b"\x00\x00\x00\x00", b"\xff\xfe\x00", b"<html>\n", b"\x1f\x8b\x08", b"gfc\n"])
def test_rubbish_after_the_last_row_is_refused(rubbish, tmp_path):
    with pytest.raises(GravityFileError, match="field.gfc:18: found"):
        gravity_file(written(tmp_path, GOOD.encode() + rubbish), 2)


@pytest.mark.parametrize("command", [["check"], ["propagate", "--out", "nowhere"]])
@pytest.mark.parametrize("case", ["GM twice", "a column short", "a gap"])
def test_check_and_flight_refuse_alike(case, command, tmp_path):
    old, new, says = (HEADERS | ROW)[case]
    result = ended(tmp_path, GOOD.replace(old, new, 1), *command)
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 2 and "gravity.field" in line and all(word in line for word in says)


WARNED = {
    "a trend": (LAST, f"{LAST}\ntrnd 2 0 1.16D-11 0.0 1D-12 0.0", ["changes with time (trnd)", "without the changes"]),
    "gfct and seasons": (
        LAST,
        "gfct" + LAST[3:] + " 20050101\ndot 2 2 1e-12 0 0 0\nacos 2 2 1e-12 0 0 0 1.0\nasin 2 2 1e-12 0 0 0 1.0",
        ["changes with time (acos, asin, dot, gfct)"],
    ),
    "zero tide": ("tide_free", "zero_tide", ["tide_system zero_tide", "permanent tide"]),
    "mean tide": ("tide_free", "mean_tide", ["tide_system mean_tide"]),
    "fewer rows than promised": ("max_degree 2", "max_degree 70", ["max_degree 70", "end at degree 2"]),
    "no line end": (LAST + "\n", LAST, ["no line end", "was it cut?"]),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_is_right_but_may_not_be_meant_is_told(case, tmp_path):
    old, new, says = WARNED[case]
    assert old in GOOD
    file = gravity_file(written(tmp_path, GOOD.replace(old, new, 1)), 2)
    (warning,) = file.warnings
    assert all(word in warning for word in says), warning
    result = ended(tmp_path, GOOD.replace(old, new, 1), "check")
    assert result.exit_code == 0 and any(warning in line for line in result.stderr.splitlines())


def test_errors_that_are_not_promised_need_not_stand(tmp_path):
    rows = "".join(" ".join(line.split()[:5]) + "\n" for line in ROWS.splitlines())
    for word in ("no", "none_at_all"):
        assert gravity_file(written(tmp_path, HEAD.replace("formal", word) + rows), 2).warnings == ()


def test_a_header_without_a_beginning_is_read(tmp_path):
    text = GOOD.split("begin_of_head ======\n")[1]
    assert read_gfc_header(written(tmp_path, text))["radius"] == 6378136.3


def test_a_changed_file_is_read_again(tmp_path):
    first = gravity_file(written(tmp_path, GOOD), 2)
    assert gravity_file(written(tmp_path, GOOD), 2).c[2, 0] == first.c[2, 0]
    assert gravity_file(written(tmp_path, GOOD.replace("-0.484165143790815", "-0.4841651437908")), 2).c[2, 0] != 0.0
    assert (
        gravity_file(written(tmp_path, GOOD.replace("-0.484165143790815", "-0.4841651437908")), 2).c[2, 0]
        != (first.c[2, 0])
    )


@pytest.mark.parametrize(
    ("sets", "mu", "origin"), [([], 3.986004415e14, "field.gfc"), (["3.9e14"], 3.9e14, "gravity.mu")]
)
def test_the_manifest_says_which_gm_was_flown(sets, mu, origin, tmp_path):
    command = ["propagate", "--out", str(tmp_path / "out"), "-q"]
    for value in sets:
        command += ["--set", f"gravity.mu_m3_s2={value}"]
    result = ended(tmp_path, GOOD, *command)
    assert result.exit_code == 0, result.output
    unlike = [line for line in result.stderr.splitlines() if "is flown; field.gfc has earth_gravity_constant" in line]
    assert len(unlike) == len(sets)
    gravity = json.loads((tmp_path / "out" / "manifest.json").read_text())["gravity"]
    assert gravity["mu_m3_s2"] == mu and gravity["mu_from"].startswith(origin) and gravity["field"] == "field.gfc"
    assert gravity["radius_m"] == 6378136.3
