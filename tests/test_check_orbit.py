"""`tiangong check` of orbit files: the same problems as `propagate` reports, all at once, and a summary of a good
one."""

from __future__ import annotations

import json
import math
import os

import pytest

from sim.core.epoch import Epoch
from tests.test_orbit_file import BASE, GFC, STATION, file
from tests.test_propagate_cli import fly, tiangong

BROKEN = BASE.replace("step_s = 60", "stepp_s = 60").replace('"gcrf"', '"gcrff"') + "degree = -1\n[orientaton]\nx = 1\n"


def test_a_good_orbit_is_summed_up(tmp_path):
    path = file(tmp_path, add="[third_body]\nsun = true\n[[impulses]]\nat_s = 5\ndelta_v_m_s = [1, 0, 0]\n")
    done = tiangong("check", path)
    assert (done.code, done.err) == (0, "") and done.out.startswith(f"{path}: all right")
    radius = math.hypot(4292653.41, 955168.47, 5139356.57)
    for words in (
        f"{(radius - 6378137.0) / 1e3:.1f} km up",
        "2007-11-20T00:00:00.000Z",
        "28800 s",
        "point, Sun",
        "1 impulse\n",
        "ephemeris.oem",
        "481 rows",
    ):
        assert words in done.out, words
    assert os.listdir(tmp_path) == ["orbit.toml"]


def test_as_json_it_is_one_object(tmp_path):
    reported = json.loads(tiangong("check", file(tmp_path), "--json", "--set", "span.step_s=7200").out)
    assert (reported["verb"], reported["status"], reported["orbit"], reported["rows"]) == (
        "check",
        "all right",
        "a check",
        5,
    )
    assert reported["start"]["position_m"] == [-4292653.41, 955168.47, 5139356.57]
    assert Epoch.from_utc(reported["end_utc"]).since(Epoch.from_utc(reported["epoch_utc"])) == 28800.0
    assert reported["scenario"]["span"]["step_s"] == 7200 and "ephemeris.csv" in reported["writes"]


def test_ages_are_warned_of(tmp_path):
    done = tiangong("check", file(tmp_path, STATION), "--set", "epoch.utc=2026-11-06T16:03:00")
    assert done.code == 0 and "31.0 days old" in done.err


def test_every_problem_at_once_and_the_same_as_propagate_tells(tmp_path):
    path = file(tmp_path, BROKEN)
    done = tiangong("check", path)
    assert (done.code, done.out) == (2, "")
    for words in (
        "span.stepp_s: found an unknown key",
        "state.frame: found 'gcrff'",
        "gravity.degree: found -1",
        "did you mean 'orientation'?",
    ):
        assert words in done.err, words
    assert fly(tmp_path / "out", str(path)).err == done.err and os.listdir(tmp_path) == ["orbit.toml"]
    reported = json.loads(tiangong("check", path, "--json").out)
    assert reported["status"] == "bad input" and len(reported["problems"]) == len(done.err.splitlines())


def test_the_coefficients_of_a_gravity_file_are_read_too(tmp_path):
    (tmp_path / "bad.gfc").write_text(GFC + "gfc 2 1 what 0.0\n")
    done = tiangong("check", file(tmp_path), "--set", "gravity.field=bad.gfc", "--set", "gravity.degree=2")
    assert done.code == 2 and "bad.gfc:10" in done.err, done.err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"orbit"', '"orbitt"'), "allowed: 'orbit'"),
        (('kind = "orbit"\n', ""), "kind: found nothing; allowed: 'orbit'"),
        (('kind = "orbit"', 'kind = "rotatoin"'), "allowed: 'rotation'"),
        (("[epoch]", "[epoch"), "broken TOML"),
    ],
)
def test_what_is_neither_is_reported_as_what_it_looks_like(change, says, tmp_path):
    done = tiangong("check", file(tmp_path, BASE.replace(*change)))
    assert done.code == 2 and says in done.err and done.err.count("\n") == 1


def test_names_of_both_catalogues_are_known(tmp_path):
    assert tiangong("check", "iss-20x20").code == tiangong("check", "shenzhou-20").code == 0
    assert "did you mean 'station-raise'?" in tiangong("check", "station-raize").err
    assert "did you mean 'shenzhou-20'?" in tiangong("check", "shenzou-20").err
    (tmp_path / "mine.toml").write_text('extends = "station-j2"\n[span]\nduration_s = 600.0\n')
    assert "after 600 s" in tiangong("check", tmp_path / "mine.toml").out
    (tmp_path / "dir.toml").mkdir()
    assert "a directory" in tiangong("check", tmp_path / "dir.toml").err
