"""Light and links, the verdict on a day, and the command of the launch planner."""

import json
import math
import shlex
from dataclasses import replace

import numpy as np
import pytest

from kernels.constants import R_EQUATOR
from sim.build.mission import build
from sim.catalogue.element_sets import element_set
from sim.catalogue.facts import fact
from sim.cli.conventions import BadInput, MissionFailed
from sim.core.epoch import Epoch
from sim.events.light import eclipses
from sim.orbit.tracking import GEOSTATIONARY
from sim.planning import visibility
from sim.planning.launch import table
from sim.planning.launch.judgement import Day, judge
from sim.planning.launch.plan import plan
from sim.planning.launch.station import station_plan
from sim.planning.launch_limits import LaunchLimits
from sim.planning.station_outlook import Asked, setting
from sim.planning.visibility import LandingPass
from sim.scenario import load
from tests.seasons import MISSION, season, tiangong
from tests.tolerance import (
    COVERAGE_SHARE,
)
from tests.worlds import DAY

KEYS = (
    "pad",
    "branch",
    "plane_crossing_utc",
    "lift_off_utc",
    "open_utc",
    "close_utc",
    "profile",
    "phase_deg",
    "docking_utc",
    "beta_deg",
    "accepted",
    "reasons",
    "score",
)


# ---- light and links


def test_three_relay_satellites_cover_the_orbit_as_published():
    """docs/physics.md 8.2: 10.6, 80 and 171 deg east see 99.4 % of the station's orbit over 100 km, 77 alone 56.3 %."""
    found = season().setting
    path = visibility.Shifted(found.path, 0.0)

    def share(*longitudes):
        place = np.radians(longitudes)
        relays = GEOSTATIONARY * np.stack([np.cos(place), np.sin(place), 0.0 * place], axis=1)
        links = replace(visibility.links(), relays=relays, stations=np.empty((0, 3)), ups=np.empty((0, 3)))
        hours = 3600.0 * np.arange(1.0, 24.0 * 6)
        return np.mean([visibility.coverage(path, t, found.world, links)[0] for t in hours])

    assert share(10.6, 80.0, 171.0) == pytest.approx(0.994, abs=COVERAGE_SHARE)
    assert share(77.0) == pytest.approx(0.563, abs=0.02)
    assert share(10.6, 80.0, 171.0) > share(77.0, 171.0) > share(77.0)


def test_light_is_out_where_the_shadow_search_says_so():
    found = season().setting
    path = found.path.until(2.0e4)
    edges = [c for c in eclipses(path, found.world) if c.t > 0.0]
    into, out = (next(c.t for c in edges if c.kind == kind) for kind in ("umbra_entry", "umbra_exit"))
    station = visibility.Shifted(found.path, 0.0)
    inside = visibility.light(
        station, np.array([into + 60.0, 0.5 * (into + out) if out > into else into + 600.0]), found.world
    )
    assert inside == pytest.approx([0.0, 0.0])
    assert visibility.light(station, np.array([into - 60.0]), found.world) == pytest.approx([1.0])


def test_a_station_shifted_along_its_orbit_is_where_it_would_be_later():
    found = season().setting
    t, r = np.array([1.0e5]), found.path.at(1.0e5)[0][0]
    ahead = visibility.Shifted(found.path, math.radians(90.0)).at(t)[0][0]
    assert float(ahead @ r) == pytest.approx(0.0, abs=1.0)
    assert float(ahead @ found.path.at(1.0e5)[1][0]) > 0.0
    assert np.linalg.norm(ahead) == pytest.approx(np.linalg.norm(r))


def test_dongfeng_is_passed_every_day_and_close():
    """The plane turns just north of the site, so a pass within half the spacing of tracks near the turn comes daily."""
    for opportunity in season().opportunities[::40]:
        assert len(opportunity.day.home) == 2
        for n, home in enumerate(opportunity.day.home, 1):
            assert abs(home.t - opportunity.docking - n * DAY) <= 0.5 * DAY
            assert abs(home.side) < 0.05 * R_EQUATOR


# ---- the verdict

GOOD = Day(
    branch="descending",
    left=800.0,
    phase=math.radians(9.0),
    trim=0.0,
    beta=0.3,
    lit=1.0,
    coverage=1.0,
    gap=0.0,
    day_h=12.0,
    hour=12.0,
    home=(LandingPass(0.0, 1e4, 0.5), LandingPass(0.0, 1e4, 0.5)),
)
WISHES = LaunchLimits(
    name="3.5 h profile",
    window=(math.radians(5.0), math.radians(12.0)),
    centre=math.radians(9.9),
    beta=math.radians(60.0),
    branch="descending",
    reserve=600.0,
    trim_limit=6.0,
    trim_before=5.0 * DAY,
)


@pytest.mark.parametrize(
    ("worse", "sentence"),
    [
        ({"phase": math.radians(312.0), "trim": 7.9}, "phase 312.0 deg at insertion; the 3.5 h profile needs 5-12 deg"),
        ({"phase": math.radians(312.0), "trim": None}, "has not begun"),
        ({"phase": math.radians(359.97), "trim": 7.9}, "phase 0.0 deg at insertion"),
        ({"phase": math.radians(6.0), "trim": 7.9}, "phase 6.0 deg at insertion; the 3.5 h profile is flown at 9.9"),
        ({"left": 430.0}, "430 kg of propellant left at the planned second; 600 kg must stay"),
        ({"beta": math.radians(-63.2)}, "beta -63.2 deg; the 3.5 h profile allows 60 deg"),
        ({"coverage": 0.8}, "links in 80 % of the last hour before contact; 95 % are needed"),
        ({"gap": 240.0}, "a gap of 240 s"),
        (
            {"branch": "ascending", "to_own": 5976.0},
            "ascending branch; this mission launches on the descending one, 100 min later (phase here 9.0 deg)",
        ),
        ({"branch": "ascending", "to_own": -600.0}, "on the descending one, 10 min earlier"),
    ],
)
def test_a_day_is_refused_in_words_and_numbers(worse, sentence):
    assert judge(GOOD, WISHES).accepted
    verdict = judge(replace(GOOD, **worse), WISHES)
    assert not verdict.accepted and verdict.score is None
    assert len(verdict.reasons) == 1 and sentence in verdict.reasons[0]


@pytest.mark.parametrize(
    ("worse", "part"),
    [
        ({"phase": math.radians(11.5)}, "phase"),
        ({"trim": 3.0}, "trim"),
        ({"lit": 0.4}, "light"),
        ({"coverage": 0.96}, "coverage"),
        ({"day_h": 18.0}, "crew_day"),
        ({"hour": 3.0}, "crew_day"),
        ({"home": (LandingPass(0.0, 3e5, 0.5), LandingPass(0.0, 1e4, -0.5))}, "early_return"),
        ({"beta": 0.9}, "sun"),
    ],
)
def test_each_part_of_the_score_falls_for_its_own_reason(worse, part):
    best, other = judge(GOOD, WISHES).parts, judge(replace(GOOD, **worse), WISHES).parts
    assert other[part] < best[part]
    same = {k for k in best if other[k] == best[k]}
    assert set(best) - same <= {part, "phase"}  # a trimmed phase is the required one
    assert all(0.0 <= other[k] <= fact("planning.weights").value[k] for k in other)


# ---- the command


def test_the_rows_hold_what_other_programs_read():
    planned = station_plan(season())
    rows = table.rows(season(), planned)
    assert all(tuple(row)[: len(KEYS)] == KEYS for row in rows)
    assert sum(row["best"] for row in rows) == 1
    times = [Epoch.from_utc(row["lift_off_utc"]) for row in rows]
    assert times == sorted(times)
    for row in rows:
        assert 0.0 <= row["phase_deg"] < 360.0 and isinstance(row["reasons"], list)
        assert Epoch.from_utc(row["open_utc"]) <= Epoch.from_utc(row["close_utc"]) < Epoch.from_utc(row["docking_utc"])
    json.dumps(rows, allow_nan=False)
    # The station's block is of the trimmed station: so says its key, and the best row has the same.
    (best,) = (row for row in rows if row["best"])
    block = table.summary(season(), planned)["station"]
    for key in ("lift_off_trimmed_utc", "docking_trimmed_utc"):
        assert best[key] == block[key] and [row[key] for row in rows].count(None) == len(rows) - 1
    moved = Epoch.from_utc(best["lift_off_trimmed_utc"]).since(Epoch.from_utc(best["lift_off_utc"]))
    docked = Epoch.from_utc(best["docking_trimmed_utc"]).since(Epoch.from_utc(best["docking_utc"]))
    assert moved == pytest.approx(planned.liftoff - planned.opportunity.liftoff, abs=1.0)
    assert docked == pytest.approx(moved, abs=1.0)


@pytest.mark.parametrize(
    "args",
    [
        ("--set", "launch.perigee_km=205.0"),
        ("--site", "wenchang", "--set", "trim.limit_m_s=9"),
        ("--bias", "none", "--set", "trim.days_before=6"),
    ],
)
def test_the_command_that_it_prints_flies_the_plan(args):
    """The mission comes to the same trim, at the second that was rounded: 1 s of lift-off is 0.06 deg of phase."""
    done = tiangong("windows", MISSION, "--from", "2026-10-20", "--days", 10, *args, "--json")
    asked = ("windows", MISSION, "--from", "2026-10-20", "--days", 10, *args)
    block = json.loads(done.out)["station"]
    (line,) = (line for line in tiangong(*asked).out.splitlines() if "fly it: tiangong run" in line)
    words = shlex.split(line.split("tiangong run ")[1])
    assert words[0] == MISSION and words[-2:] == ["--out", "DIR"] and set(words[1:-2:2]) == {"--set"}
    scenario = load(words[0], [*words[2:-2:2], "uncertainty="])  # the planner knows of no errors
    mission = build(scenario)
    leg = mission.phases[0].fly(mission.scene, mission.world)
    assert mission.world.zero.plus(leg.end).utc(0) == block["lift_off_trimmed_utc"]
    assert leg.record.figures.trim_m_s == pytest.approx(block["trim"]["delta_v_m_s"], abs=0.02)
    assert leg.record.figures.liftoff_after_crossing_s == pytest.approx(leg.record.figures.plane_bias_s, abs=1.0)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--site", "19.617,110.9555,10"), "from a site with a name"),
        (("--no-trim",), "always trims"),
    ],
)
def test_where_no_run_can_be_asked_for_the_plan_it_says_why(args, why):
    reported = tiangong("windows", MISSION, "--from", "2026-10-20", "--days", 20, *args).out
    assert "fly it" not in reported and why in reported.splitlines()[-1] and "no run flies it" in reported


def test_the_command_writes_table_json_chart_and_manifest(tmp_path):
    out = tmp_path / "out"
    done = tiangong("windows", MISSION, "--from", "2026-10-24", "--days", 2, "--json", "--out", out)
    assert done.code == 0, done.err
    additional = json.loads(done.out)
    assert (
        additional["verb"] == "windows" and isinstance(additional["windows"], list) and len(additional["windows"]) == 12
    )
    assert sorted(p.name for p in out.iterdir()) == ["manifest.json", "windows.csv", "windows.json", "windows.png"]
    assert json.loads((out / "windows.json").read_text())["windows"] == additional["windows"]
    assert len((out / "windows.csv").read_text().splitlines()) == 13


def test_the_lines_for_people_list_every_launch_opportunity_and_what_the_second_rests_on():
    found = season()
    reported = "\n".join(table.lines(found, None, "FILE"))
    assert "calibration" in reported and "2026-10-24 15:07" in reported and "600 kg" in reported
    assert sum(" no: phase" in line for line in reported.splitlines()) > 60


def test_a_site_beyond_the_plane_ends_with_3_and_leaves_nothing(tmp_path):
    out = tmp_path / "out"
    done = tiangong("windows", MISSION, "--site", "baikonur", "--days", 2, "--out", out)
    assert done.code == 3 and "45.7" in done.err and "41.4" in done.err and not out.exists()


def test_any_place_and_any_target(tmp_path):
    """From the coordinates of Wenchang to the station's own set in a file: two passes a day, lift-off by the ascent."""
    elements = element_set("css-2026-10-06")
    file = tmp_path / "target.tle"
    file.write_text(f"TIANHE\n{elements.line1}\n{elements.line2}\n")
    done = tiangong("windows", MISSION, "--site", "19.617,110.9555,10", "--elements", file, "--days", 1.5, "--json")
    assert done.code == 0, done.err
    additional = json.loads(done.out)
    people = tiangong("windows", MISSION, "--elements", file, "--days", 9).out
    assert "fly it" not in people and "the plan is for another target" in people
    assert additional["elements"] == "TIANHE" and additional["bias_s"] is None
    assert {row["branch"] for row in additional["windows"]} == {"ascending", "descending"}
    # The drag of an unknown target is what makes it fall as its own set states: 98 m a day.
    assert additional["decay_m_day"] == pytest.approx(-97.6, abs=8.0)


@pytest.mark.parametrize(
    "args",
    [
        ("--from", "tomorrow"),
        ("--days", "0"),
        ("--site", "north,east,up"),
        ("--site", "95,0,0"),
        ("--site", "atlantis"),
        ("--bias", "unknown"),
        ("--from", "2035-01-01"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_and_says_what_can(args):
    done = tiangong("windows", MISSION, *args)
    assert done.code == 2 and done.err.strip() and "Traceback" not in done.err


def test_biases_go_by_name():
    scenario = load(MISSION)
    from sim.planning.station_outlook import _bias

    assert _bias(scenario, Asked())[0] == 401.0
    assert _bias(scenario, Asked(bias="2021"))[0] == -38.0
    assert _bias(scenario, Asked(bias="since-2022-11"))[0] == 401.0
    assert _bias(scenario, Asked(bias="none"))[0] is None
    with pytest.raises(BadInput, match="none, file, since-2022-11, 2021"):
        _bias(scenario, Asked(bias="unknown"))


def test_no_crossing_in_a_span_too_short_is_reported():
    with pytest.raises(MissionFailed, match="two launch opportunities"):
        plan(setting(load(MISSION), Asked(Epoch.from_utc("2026-10-24T00:00:00Z"), 0.1)))
