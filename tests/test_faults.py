"""Faults F01 to F37 of the public list, where they touch elements, time, data files and orbit files: what is injected,
and what `tiangong propagate` must answer. Whatever is refused leaves one line a problem, exit code 2 and no file.

The readers behind it have their own, wider tables: test_interchange_faults.py (by the same numbers), test_orbit_file.py
(bad keys, burns, gravity files), test_propagate_cli.py (a fault in flight). Of a rocket, a pad and a docking, not of an
orbit, are F34 (propellant; of an orbit's burns: here), F35 and F37: test_scenario.py and tests/flights.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.propagation import propagate as fly
from sim.propagation.force_model import GravityChoice, Orbit
from tests.test_orbit_file import BASE, GFC, STATION, WHOLE
from tests.test_propagate_cli import ROOT, tiangong

GOOD = element_sets.element_set("css-2026-10-06")
ONE, TWO = GOOD.line1, GOOD.line2
SHORT = BASE.replace("28800.0", "60.0")
FIELD = SHORT.replace('"point"', '"bad.gfc"\ndegree = 2\norder = 0')
KEPLER = """[keplerian]
semi_major_axis_m = {}
eccentricity = {}
inclination_deg = 30
raan_deg = 40
argument_of_perigee_deg = 60
true_anomaly_deg = 0
"""


def summed(line: str) -> str:
    """With the last digit that the others ask for: digits as they are, a minus as one."""
    return line[:68] + str(sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10)


def put(line: str, column: int, text: str) -> str:
    """`text` from a column on, counted from 1, with the checksum made right."""
    return summed(line[: column - 1] + text + line[column - 1 + len(text) :])


def wrong(line: str) -> str:
    return line[:68] + str((int(line[68]) + 1) % 10)


def tle(first: str, second: str, text: str = STATION):
    return text.replace("css-2026-10-06", "bad.tle"), {"bad.tle": f"{first}\n{second}\n"}


def epoch(value: str, text: str = SHORT):
    return text.replace('"2007-11-20T00:00:00"', value), {}


def gfc(content: str, text: str = FIELD):
    return text, {"bad.gfc": content}


def kepler(a: float, e: float):
    head, tail = SHORT.split("[state]")
    return head + KEPLER.format(a, e) + "[span]" + tail.split("[span]")[1], {}


TODAY = STATION.replace("[span]", '[epoch]\nutc = "2026-10-06T00:00:00"\n[span]')
REFUSED = {  # fault and what is injected: the orbit file with what lies beside it, and the required message
    "F01 checksum of line 1": (tle(wrong(ONE), TWO), ["bad.tle:1", "checksum", f"'{ONE[68]}'"]),
    "F01 checksum of line 2": (tle(ONE, wrong(TWO)), ["bad.tle:2", "checksum", f"'{TWO[68]}'"]),
    "F02 a digit of the node": (tle(ONE, TWO[:19] + str((int(TWO[19]) + 1) % 10) + TWO[20:]), ["bad.tle:2", "69"]),
    "F03 two satellites": (tle(ONE, put(TWO, 3, "48275")), ["bad.tle:2", "48274", "48275"]),
    "F04 lines swapped": (tle(TWO, ONE), ["bad.tle:1", "swapped"]),
    "F06 empty file": ((STATION.replace("css-2026-10-06", "bad.tle"), {"bad.tle": ""}), ["bad.tle", "empty"]),
    "F06 empty string": ((STATION.replace("css-2026-10-06", ""), {}), ["orbit.toml:5", "elements", "''"]),
    "F08 letters in a number": (tle(ONE, put(TWO, 9, "abc.defg")), ["bad.tle:2", "inclination", "abc.defg"]),
    "F10 day 400": (tle(put(ONE, 21, "400"), TWO), ["bad.tle:1", "epoch day", "1 to 365"]),
    "F12 a perigee in the Earth": (tle(ONE, put(TWO, 27, "9999999")), ["bad.tle:2", "perigee", "below the surface"]),
    "F13 elements of 1957": (tle(put(ONE, 19, "57"), TWO, TODAY), ["bad.tle:1", "25201 days"]),
    "F13 a hundred years before": (epoch('"1926-10-06T00:00:00"'), ["epoch.utc", "from 1972"]),
    "F13 a hundred years after": (epoch('"2126-10-06T00:00:00"'), ["epoch.utc", "to 2050"]),
    "F16 an epoch that is no number": (epoch("nan"), ["orbit.toml:6", "epoch.utc: found nan"]),
    "F16 an endless epoch": (epoch("inf"), ["orbit.toml:6", "epoch.utc: found inf"]),
    "F16 a duration that is no number": ((BASE.replace("28800.0", "nan"), {}), ["orbit.toml:12", "found nan"]),
    "F16 an endless duration": ((BASE.replace("28800.0", "inf"), {}), ["orbit.toml:12", "span.duration_s: found inf"]),
    "F17 no such leap second": (epoch('"2015-12-31T23:59:60.5"'), ["orbit.toml:6", "epoch.utc"]),
    "F19 local time": (epoch('"2026-10-20 10:31 BJT"'), ["orbit.toml:6", "epoch.utc", "a UTC time like"]),
    "F19 another clock": (epoch('"2026-10-20T10:31:00 TT"'), ["orbit.toml:6", "epoch.utc", "a UTC time like"]),
    "F20 the year 2100": (epoch('"2100-01-01T00:00:00"'), ["orbit.toml:6", "epoch.utc", "to 2050"]),
    "F22 no gravity file": ((FIELD, {}), ["orbit.toml:15", "gravity.field", "bad.gfc", "relative to this one"]),
    "F22 no elements": ((STATION.replace("css-2026-10-06", "no.tle"), {}), ["orbit.toml:5", "'no.tle', no such file"]),
    "F23 garbage for a field": (gfc("GARBAGE" * 100), ["gravity.field", "bad.gfc", "end_of_head"]),
    "F23 a web page for a field": (gfc("<html><body>404</body></html>"), ["gravity.field", "bad.gfc", "end_of_head"]),
    "F23 a web page in a field": (gfc(GFC + "<html>\n"), ["bad.gfc:10", "<html>", "gfc n m C S"]),
    "F23 a field cut short": (gfc(GFC.split("gfc 2")[0]), ["bad.gfc", "no coefficient 2 0"]),
    "F23 a field without its tesserals": (gfc(GFC, FIELD.replace("order = 0", "")), ["bad.gfc", "no coefficient 2 1"]),
    "F23 a web page for elements": ((tle("", "")[0], {"bad.tle": "<html>404</html>"}), ["bad.tle", "web page"]),
    "F25 a coefficient twice": (gfc(GFC + "gfc 2 0 -0.000484169 0.0\n"), ["bad.gfc:10", "2 0 a second time"]),
    "F26 degree over the file's": (gfc(GFC, FIELD.replace("= 2", "= 200")), ["orbit.toml:16", "found 200", "bad.gfc"]),
    "F28 negative mass": ((SHORT + "[spacecraft]\nmass_kg = -1\n", {}), ["orbit.toml:17", "mass_kg: found -1"]),
    "F28 no mass": ((SHORT + "[spacecraft]\nmass_kg = 0\n", {}), ["orbit.toml:17", "mass_kg: found 0"]),
    "F29 nan in a field": (gfc(GFC.replace("-0.000484169", "nan")), ["bad.gfc:9", "nan"]),
    "F29 nan for mu": (gfc(GFC.replace("3.9860044360D+14", "nan")), ["bad.gfc", "earth_gravity_constant", "'nan'"]),
    "F29 a field in kilometres": (gfc(GFC.replace("6378137.0", "6378.137")), ["bad.gfc", "'radius'", "6e+06"]),
    "F31 a start under the ground": (
        (SHORT.replace("-4292653.41, 955168.47, 5139356.57", "6000000.0, 0.0, 0.0"), {}),
        ["orbit.toml:9", "state.position_m", "6000.000 km"],
    ),
    "F31 elements under the ground": (kepler(7e6, 0.2), ["semi_major_axis_m", "5600.000 km"]),
    "F32 a hyperbola": (kepler(7e6, 1.4), ["keplerian.eccentricity: found 1.4"]),
    "F34 burns of more than there is": (
        (
            SHORT + "[spacecraft]\nmass_kg = 10\n[[burns]]\nstart_s = 0\nduration_s = 60\nthrust_n = 1000\n"
            "direction = [1, 0, 0]\nisp_s = 290\n",
            {},
        ),
        ["spacecraft.mass_kg", "the burns use 21.0"],
    ),
}


def laid(folder: Path, injected) -> Path:
    """The orbit file, written with what lies beside it."""
    text, beside = injected
    for name, content in {**beside, "orbit.toml": text}.items():
        (folder / name).write_text(content, "utf-8", newline="")
    return folder / "orbit.toml"


def propagate(folder: Path, injected, *more):
    done = tiangong("propagate", laid(folder, injected), "--out", folder / "deep" / "out", *more)
    return done, (folder / "deep" / "out")


@pytest.mark.parametrize("case", REFUSED)
def test_a_fault_is_refused(case, tmp_path):
    injected, says = REFUSED[case]
    done, out = propagate(tmp_path, injected)
    lines = done.err.splitlines()
    assert (done.code, done.out) == (2, "") and 1 <= len(lines) <= 3, done.err
    assert "Traceback" not in done.err and any(all(words in line for words in says) for line in lines), lines
    assert not out.parent.exists()


FLOATS = [  # every number of a file that names them all
    f"{table}.{key}"
    for table, keys in tomllib.loads(BASE + WHOLE).items()
    if isinstance(keys, dict)
    for key, value in keys.items()
    if isinstance(value, int | float) and not isinstance(value, bool)
]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_F29_no_number_of_the_file_may_be_none(value, tmp_path):
    assert len(FLOATS) > 15
    for key in FLOATS:
        done, out = propagate(tmp_path, (BASE + WHOLE, {}), "--set", f"{key}={value}")
        assert done.code == 2 and f"{key}: found {value}" in done.err and not out.exists(), (key, done.err)


def test_a_real_process_refuses_in_one_line(tmp_path):
    """As the user meets it: no word on stdout, no traceback, a path that can be clicked."""
    injected, says = REFUSED["F25 a coefficient twice"]
    command = [sys.executable, "-m", "sim.cli.main", "propagate", laid(tmp_path, injected), "--out", tmp_path / "o"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert all(words in done.stderr for words in says) and not os.path.exists(tmp_path / "o")


# ---- what is no fault, and what is flown with a warning


def rows(out: Path) -> bytes:
    return (out / "ephemeris.csv").read_bytes()


@pytest.mark.parametrize("dress", ["{}\r\n{}\r\n", "{}   \n{} \t\n\n", "\ufeff{}\n{}"])
def test_F14_line_ends_blanks_and_byte_order_mark_change_nothing(dress, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain, plain_out = propagate(tmp_path / "a", tle(ONE, TWO))
    dressed, out = propagate(tmp_path / "b", (tle(ONE, TWO)[0], {"bad.tle": dress.format(ONE, TWO)}))
    assert (plain.code, dressed.code, dressed.err) == (0, 0, "") and rows(plain_out) == rows(out)


def test_F17_a_leap_second_is_flown(tmp_path):
    """It begins in the leap second, and ends 59.5 s into the year: 60 s later, as only a day of 86401 s has it."""
    done, _ = propagate(tmp_path, epoch('"2016-12-31T23:59:60.5"'), "--json")
    assert done.code == 0 and json.loads(done.out)["epoch_utc"] == "2016-12-31T23:59:60.500000000Z"
    oem = (tmp_path / "deep" / "out" / "ephemeris.oem").read_text("ascii")
    assert "STOP_TIME = 2017-01-01T00:00:59.500000" in oem


def test_F19_an_offset_of_tomls_own_is_understood(tmp_path):
    done, _ = propagate(tmp_path, epoch("2026-10-20T10:31:00+08:00"), "--json")
    assert done.code == 0 and json.loads(done.out)["epoch_utc"] == "2026-10-20T02:31:00.000000000Z"


def test_F20_beyond_the_table_of_the_earths_turn_is_reported_everywhere(tmp_path):
    done, out = propagate(tmp_path, epoch('"2045-01-01T00:00:00"'), "--json")
    (warning,) = json.loads(done.out)["warnings"]
    assert done.code == 0 and "beyond the IERS table" in warning and "extrapolated" in warning
    assert warning in done.err and json.loads((out / "manifest.json").read_text("utf-8"))["warnings"] == [warning]


def test_F32_a_hyperbola_without_a_period_is_flown_as_one(tmp_path):
    """Escape speed is 10.8 km/s here; with 12.3 km/s the distance grows, and no apsis or period is made up."""
    text = BASE.replace("109.649663, -7527.726490, 1484.521489", "1000.0, -11727.7, 3484.5")
    text = text.replace("28800.0", "6000.0")
    done, out = propagate(tmp_path, (text, {}))
    assert done.code == 0 and b"nan" not in rows(out)
    end = [float(x) for x in rows(out).splitlines()[-1].split(b",")[1:4]]
    assert sum(x * x for x in end) ** 0.5 > 4e7 and "apoapsis" not in (out / "events.csv").read_text("utf-8")


def test_an_orbit_into_the_ground_says_when():
    """Perigee 200 km underground: a flight through the Earth would be nonsense reported with exit 0."""
    r, v = np.array([6.778e6, 0.0, 0.0]), np.array([0.0, 7.50e3, 0.0])
    orbit = Orbit(
        name="low",
        epoch=Epoch.from_utc("2026-10-24T00:00:00Z"),
        r=r,
        v=v,
        duration=6000.0,
        step=60.0,
        gravity=GravityChoice("point"),
    )
    with pytest.raises(Failure, match="meets the ground"):
        fly.propagate(orbit)
