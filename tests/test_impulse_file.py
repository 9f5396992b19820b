"""[[impulses]] of an orbit file: what arrives, what is refused by key, what is warned of, what comes out."""

from __future__ import annotations

import csv
import math

import pytest

import sim
from sim.build.orbit import load_orbit
from tests.test_orbit_file import BASE, file, problems
from tests.test_propagate_cli import fly

ONE = "[[impulses]]\nat_s = {}\ndelta_v_m_s = [{}, 0, 0.0]\n"
CRAFT = "[spacecraft]\nmass_kg = 1000\n"


def test_every_key_arrives_in_the_order_of_time(tmp_path):
    body = 'frame = "body"\nbody_axes = "inertial"\nbody_rate_rad_s = [0, 0.1, 0]\nisp_s = 300\n'
    text = CRAFT + ONE.format(500, 1) + body + ONE.format(20.5, -2) + ONE.format(500, 3)
    first, second, third = load_orbit(file(tmp_path, add=text)).orbit.impulses
    assert (first.at, first.delta_v.tolist(), first.frame, first.isp) == (20.5, [-2.0, 0.0, 0.0], "lvlh", None)
    assert (second.at, second.frame, second.body_axes, second.isp) == (500.0, "body", "inertial", 300.0)
    assert second.body_rate == (0.0, 0.1, 0.0) and third.delta_v.tolist() == [3.0, 0.0, 0.0]


BAD = {  # what is added, overrides, the required message
    "no time": (ONE.format(5, 1), ["impulses.0.at_s="], ["impulses.0.at_s: found nothing"]),
    "before the start": (ONE.format(-5, 1), [], ["impulses.0.at_s: found -5"]),
    "not a number": (ONE.format("nan", 1), [], ["impulses.0.at_s: found nan"]),
    "two numbers": (ONE.format(5, 1), ["impulses.0.delta_v_m_s=[1, 2]"], ["impulses.0.delta_v_m_s", "an array of 3"]),
    "absurd": (ONE.format(5, 1e6), [], ["impulses.0.delta_v_m_s.0: found 1000000"]),
    "a burn's key": (ONE.format(5, 1), ["impulses.0.start_s=5.0"], ["impulses.0.start_s: found an unknown key"]),
    "a body's key": (ONE.format(5, 1), ["impulses.0.body_axes=lvlh"], ["impulses.0.body_axes", "'body'"]),
    "unknown frame": (ONE.format(5, 1), ["impulses.0.frame=lvhl"], ["impulses.0.frame", "'lvlh'"]),
    "isp without mass": (ONE.format(5, 1) + "isp_s = 300\n", [], ["spacecraft.mass_kg: found nothing", "impulses.0"]),
    "all the mass": (CRAFT + ONE.format(5, 2e4) + "isp_s = 200\n", [], ["impulses.0.isp_s", "3.73e-05 of the mass"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_impulse_is_reported_by_key(case, tmp_path):
    add, sets, says = BAD[case]
    lines = problems(file(tmp_path, add=add), *sets)
    assert len(lines) == 1 and all(words in lines[0] for words in says), lines


def test_the_mass_that_impulses_leave_must_do_for_the_burns(tmp_path):
    """3,000 s at 0.2 kg/s, half of it after an impulse that leaves exp(-1) of the mass."""
    burn = "[[burns]]\nstart_s = 0\nduration_s = 3000\nthrust_n = 10\ndirection = [1, 0, 0]\nmass_flow_kg_s = 0.2\n"
    text = CRAFT + burn + ONE.format(1500, 300 * 9.80665) + "isp_s = 300\n"
    need = 300.0 + 300.0 * math.e
    (line,) = problems(file(tmp_path, add=text), f"spacecraft.mass_kg={need - 1.0:.3f}")
    assert "spacecraft.mass_kg" in line and f"{need:.6g} kg" in line
    assert load_orbit(file(tmp_path, add=text), [f"spacecraft.mass_kg={need + 1.0:.3f}"]).orbit.impulses


def test_an_impulse_that_does_nothing_or_comes_too_late_is_warned_of(tmp_path):
    scenario = load_orbit(file(tmp_path, add=ONE.format(28801, 5) + ONE.format(5, 0) + ONE.format(28800, 5)))
    assert [i.at for i in scenario.orbit.impulses] == [28800.0]
    assert "impulses.0" in scenario.warnings[0] and "left out" in scenario.warnings[0]
    assert "impulses.1" in scenario.warnings[1] and "does nothing" in scenario.warnings[1]


def test_the_csv_holds_the_state_after_and_events_and_oem_hold_the_impulse(tmp_path):
    path = file(tmp_path, BASE.replace("28800.0", "1200.0"), ONE.format(600, 50))
    done = fly(tmp_path / "out", str(path))
    assert (done.code, done.err) == (0, "")
    with (tmp_path / "out" / "ephemeris.csv").open(newline="") as rows:
        speed = {float(r[0]): math.hypot(*map(float, r[4:])) for r in list(csv.reader(rows))[1:]}
    coasting = speed[600.0 - 60.0]
    assert speed[600.0] - coasting == pytest.approx(50.0, abs=2.0)  # the orbit itself moves it by 1 m/s in a minute
    with (tmp_path / "out" / "events.csv").open(newline="") as rows:
        (event,) = [row for row in csv.reader(rows) if row[2] == "impulse"]
    assert event[0] == "2007-11-20T00:10:00.000000Z" and float(event[1]) == 600.0
    assert "delta_v_m_s=50.0" in event[3] and "frame=lvlh" in event[3]
    assert (tmp_path / "out" / "ephemeris.oem").read_text("ascii").count("META_START") == 2


def test_an_impulse_that_stops_the_craft_lets_it_fall_and_says_so(tmp_path):
    """Nothing is left to have an orbit plane; the fall to the ground takes some minutes."""
    stop = "[[impulses]]\nat_s = 60\ndelta_v_m_s = [{}, {}, {}]\nframe = 'inertial'\n"
    at = load_orbit(file(tmp_path, BASE.replace("28800.0", "60.0"))).orbit
    v = sim.propagate(at).at(60.0)[1][0]
    done = fly(tmp_path / "out", str(file(tmp_path, add=stop.format(*(-v).tolist()))))
    assert done.code == 3 and "meets the ground" in done.err
    assert "the 350 s until then are in" in done.err and (tmp_path / "out" / "ephemeris.csv").is_file()
