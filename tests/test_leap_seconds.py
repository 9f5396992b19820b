"""The Earth does not turn by a second where a clock does: a given UT1-UTC about leap seconds, in both models."""

from __future__ import annotations

import math
from dataclasses import replace

import erfa
import numpy as np
import pytest

from kernels.orbit.orientation import orientation_row
from sim.build.orbit import load_orbit
from sim.core.epoch import Epoch
from sim.environment.orientation import earth_turn, iau1976, iau2006
from sim.propagation.propagate import propagate
from tests.tolerance import ERFA_RAD

UT1_UTC = -0.41  # s, of the last minutes of 2016
DAY = 86400.0
FLOWN = """
schema = 1
kind = "orbit"
name = "over a leap second"
[epoch]
utc = "2016-12-31T23:59:30"
[state]
position_m = [6728000.0, 0.0, 0.0]
velocity_m_s = [0.0, 5764.0, 5100.0]
[span]
duration_s = 86400.0
step_s = 3600.0
[gravity]
degree = 8
[orientation]
ut1_utc_s = -0.41
"""


def sidereal(table, t):
    row = np.empty(12)
    orientation_row(t, table, row)
    return row[9]


def apart(a, b):
    return abs(math.remainder(a - b, 2.0 * math.pi))


@pytest.mark.parametrize(
    ("utc", "tai_utc"),
    [
        ("1972-06-30T23:59:55", 10),
        ("2015-06-30T23:59:24", 35),
        ("2015-06-30T23:59:60", 35),
        ("2015-07-01T00:00:00", 36),
        ("2016-12-31T23:59:22", 36),
        ("2016-12-31T23:59:30", 36),
        ("2016-12-31T23:59:60.5", 36),
        ("2017-01-01T00:00:00", 37),
        ("2017-01-01T00:00:36", 37),
    ],
)
def test_a_given_ut1_is_that_of_the_clock(utc, tai_utc):
    """Against ERFA, from the digits of the clock to the sidereal time by its own leap seconds: a second is 7e-5 rad."""
    date, clock = utc.split("T")
    year, month, day = map(int, date.split("-"))
    hour, minute = map(int, clock.split(":")[:2])
    read = erfa.dtf2d("UTC", year, month, day, hour, minute, float(clock[6:]))
    tt, ut1 = erfa.taitt(*erfa.utctai(*read)), erfa.utcut1(*read, UT1_UTC)
    zero = Epoch.from_utc(utc)
    for make, expected in (
        (iau2006, erfa.gst06a(*ut1, *tt)),
        (iau1976, erfa.gmst82(*ut1) + erfa.eqeq94(*tt)),
    ):
        by_table = make(zero, 0.0, 0.0, UT1_UTC)
        assert apart(sidereal(by_table, 0.0), expected) < ERFA_RAD
        own = make(zero, 0.0, 0.0, UT1_UTC, tai_utc=float(tai_utc))
        assert np.array_equal(own.rows, by_table.rows)


@pytest.mark.parametrize("make", [iau2006, iau1976])
def test_starts_on_both_sides_of_a_leap_second_turn_the_same_earth(make):
    """UT1-UTC goes up by the second that UTC has lost, so that the tables of two starts agree before and after it.

    Two roundings of interpolation each, which are of other nodes.
    """
    before, after = Epoch.from_utc("2016-12-31T23:59:30"), Epoch.from_utc("2017-01-01T00:00:30")
    tables = make(before, -DAY, DAY, UT1_UTC), make(after, -DAY, DAY, UT1_UTC + 1.0)
    for t in np.linspace(-DAY, DAY, 25):
        assert apart(sidereal(tables[0], t + 61.0), sidereal(tables[1], t)) < ERFA_RAD


@pytest.mark.parametrize("make", [iau2006, iau1976])
def test_the_packaged_table_has_no_step_at_a_leap_second(make):
    """UT1 runs on: the turn of a minute is a minute's, in the leap second too. 1e-9: a day has 3 ms more at most.

    Without UT1-UTC in the file, the file's leap seconds are no matter: the table's UT1 belongs to the instant.
    """
    stamps = [f"2016-12-31T23:{rest}" for rest in ("58:00", "59:00", "59:30", "59:60", "59:60.5")] + ["2017-01-01"]
    zeros = [Epoch.from_utc(stamp) for stamp in stamps]
    angles = np.array([sidereal(make(zero, 0.0, 0.0), 0.0) for zero in zeros])
    passed = np.array([zero.since(zeros[0]) for zero in zeros])
    assert np.abs(np.unwrap(angles - angles[0]) - 7.292115855e-5 * passed).max() < 1e-9
    assert sidereal(make(zeros[2], 0.0, 0.0, tai_utc=32.0), 0.0) == angles[2]


def test_an_orbit_about_a_leap_second_needs_no_leap_seconds_of_its_own(tmp_path):
    """8x8, a day long: to 1 mm; a second more of the Earth's turn moves it by metres, which shows that it could."""
    file = tmp_path / "orbit.toml"
    file.write_text(FLOWN, "utf-8")
    by_table, own = (load_orbit(file, sets).orbit for sets in ([], ["epoch.tai_utc_s=36"]))
    assert (by_table.tai_utc, own.tai_utc) == (None, 36.0) and by_table.epoch == own.epoch
    ends = [propagate(orbit).trajectory.r[-1] for orbit in (by_table, own)]
    assert math.dist(*ends) < 1e-3
    late = replace(by_table, orientation=replace(by_table.orientation, ut1_utc=UT1_UTC - 1.0))
    assert 1.0 < math.dist(ends[0], propagate(late).trajectory.r[-1]) < 100.0


def test_a_state_on_the_ground_turns_with_the_same_earth(tmp_path):
    """ITRF into GCRF about the leap second: 7e-5 rad of 6728 km would be 490 m."""
    file = tmp_path / "orbit.toml"
    file.write_text(FLOWN.replace("[state]", '[state]\nframe = "itrf"'), "utf-8")
    by_table, own = (load_orbit(file, sets).orbit for sets in ([], ["epoch.tai_utc_s=36"]))
    assert np.array_equal(by_table.r, own.r) and np.array_equal(by_table.v, own.v)
    turn, _ = earth_turn(by_table.epoch)  # by the table's UT1-UTC, -0.408 s: 2 ms or a metre from what is given
    assert math.dist(turn.T @ np.array([6728000.0, 0.0, 0.0]), by_table.r) < 2.0
