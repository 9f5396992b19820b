"""Spacewalks: the record judged, against angles of the Sun from elsewhere; windows and plan against brute force and a
re-check that can fail."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from kernels.constants import MU_EARTH
from sim.cli.main import app
from sim.core.epoch import BEIJING, Epoch
from sim.environment.world import build_world
from sim.events.radiation import anomaly_passages
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.orbit.propagate import beta_angle, mean_plane, plane_normal
from sim.orbit.radiation import anomaly
from sim.output.spacewalk_report import report
from sim.planning.raise_plan import PlannedLaunch, PlannedRaise, RaisePlan
from sim.planning.rotation.timeline import DAY, timeline
from sim.planning.spacewalks.chart import record_chart, season_chart
from sim.planning.spacewalks.find import DENSITIES, find
from sim.planning.spacewalks.known_orbit import nearest_set
from sim.planning.spacewalks.on_the_day import carried_out
from sim.planning.spacewalks.plan import WORTH_DAY, WORTH_SUN, WORTH_USUAL, WORTH_WALK, expected_work, planned
from sim.planning.spacewalks.recheck import Done, rechecked
from sim.planning.spacewalks.record import PHASES, QUIET_AIR, judged_record
from sim.planning.spacewalks.sky import protons_anywhere, sampled
from sim.planning.spacewalks.table import Found, content, verdict
from sim.planning.spacewalks.windows import crew_of, season
from sim.planning.station.flight import axes
from sim.planning.station_on_plan import launched_on
from sim.planning.visibility import turned
from sim.scenario.programme import load_programme
from sim.scenario.spacewalk_rules import load_spacewalk_rules
from tests.result_schemas import problems

DATA = json.loads((Path(__file__).parent / "data" / "eva_beta.json").read_text("utf-8"))
START, END = "2026-11-04T13:39:00Z", "2027-01-28T00:00:00Z"
HOUR = 3600.0
SHIELDS = "debris shield installation"
TABLES = "spacewalks.json", "record.csv", "windows.csv", "manifest.json"


@pytest.fixture(scope="module")
def programme():
    return timeline(load_programme("programme", alternatives=False))


@pytest.fixture(scope="module")
def rules():
    return load_spacewalk_rules("tiangong").rules


@pytest.fixture(scope="module")
def record(programme, rules):
    return judged_record(programme, rules, programme.start, programme.end)


@pytest.fixture(scope="module")
def weeks(programme, rules):
    """The first twelve weeks of the crew of Shenzhou-24, by what is known when it docks."""
    crew = crew_of(programme, rules, "shenzhou-24")
    return season(programme, rules, crew, Epoch.from_utc(START), Epoch.from_utc(END))


@pytest.fixture(scope="module")
def plan(weeks):
    return planned(weeks, 2)


# ---- the record


def test_angles_of_the_sun_agree_with_those_of_the_record(record):
    """To what the record's own convention says of each: 1, 3 or 10 deg by the age of its element set."""
    assert len(record) == len(DATA["evas"]) == 24
    apart = []
    for judged, (number, _, beta, days) in zip(record, DATA["evas"], strict=True):
        limit = 1.0 if days < 30.0 else 3.0 if days <= 65.0 else 10.0
        assert judged.number == number and abs(judged.beta - beta) <= limit, judged
        apart.append(abs(judged.beta - beta))
    assert float(np.median(apart)) < 0.3  # most are of the same sets


def test_every_recorded_spacewalk_was_possible_or_broke_a_named_rule(record):
    broke = {j.number: {s.rule for s in j.broken} for j in record if j.broken}
    assert broke == {5: {"anomaly"}, 14: {"start", "anomaly"}, 17: {"anomaly"}}
    assert {verdict(j) for j in record if not j.broken} == {
        "possible",
        "possible that day",
        "depends on the place on the orbit",
    }
    assert all(j.starts for j in record if not j.length_known)
    assert [j.number for j in record if not j.length_known] == [9, 10, 11]


def test_the_limit_of_the_angle_of_the_sun_ended_with_wentian(record, rules):
    """Judged without an end, the limit of 2021 would refuse most later ones: that it ended is read off the record."""
    for judged in record:
        assert any(s.rule == "beta" for s in judged.standings) == (judged.number <= 4)
    limit = rules.beta[0]
    later = [j for j in record if j.number > 4]
    assert sum(not limit.least_deg <= abs(j.beta) <= limit.most_deg for j in later) == 17


def test_the_record_keeps_out_of_the_anomaly_more_often_than_by_coincidence(record):
    """Starts of the same day and length, every ten minutes from 8 to 20 h Beijing: so many would be free of it."""
    free = expected = 0.0
    for judged in record:
        if not judged.length_known:
            continue
        zero, length = judged.walk.start, judged.walk.end.since(judged.walk.start)
        free += float(np.mean([m.in_anomaly == 0.0 for m in judged.measured]))
        midnight = zero.plus(-(zero.since(Epoch.from_utc(zero.utc(0)[:10] + "T00:00:00Z"))))
        expected += _free_share(judged, midnight, length)
    assert free > 15.0 and expected < 6.0  # of 21; 15 by coincidence have a probability of 1e-6


def _free_share(judged, midnight: Epoch, length: float) -> float:
    """Share of the starts of the day (UTC 0 to 12 h) that are free of the anomaly by the set that is nearest."""
    from sim.catalogue.element_sets import element_set
    from sim.planning.spacewalks.known_orbit import by_set

    t = np.arange(0.0, 12.0 * HOUR + length, 120.0)
    r = by_set(element_set(judged.elements), midnight, t)[0]
    world = build_world(midnight, 0.0, float(t[-1]), 2, True, False, QUIET_AIR, 60.0)
    inside = anomaly(midnight).protons(*world.geodetic(t, r)) > 0.1
    width = round(length / 120.0)
    starts = range(0, len(t) - width, 5)
    return float(np.mean([not inside[k : k + width + 1].any() for k in starts]))


def test_a_set_is_the_nearest_before_or_after(record):
    from sim.planning.kept_station import all_sets

    assert record[1].gap < 0.0 < record[0].gap
    assert nearest_set(all_sets(), record[0].walk.start).name == record[0].elements
    assert {len(j.measured) for j in record} == {1, PHASES}


# ---- the sky


def test_samples_agree_with_roots_and_with_the_mean_plane(weeks, rules):
    """A day of the forecast: the anomaly as the finder of events has it, to one sample at each edge; the angle of the
    Sun from the mean plane, to the 0.1 deg by which an osculating plane sways."""
    path, world = weeks.orbit.path, weeks.orbit.world
    start = weeks.starts[0]
    t = np.arange(start, start + DAY, 30.0)
    sky = sampled(t, *path.at(t)[:2], world, anomaly(world.zero.plus(float(start))), rules)
    rows = slice(int(np.searchsorted(path.t, start)) - 1, int(np.searchsorted(path.t, start + DAY)) + 1)
    piece = replace(path, **{name: getattr(path, name)[rows] for name in ("t", "r", "v", "a", "mass")})
    edges = [c.t for c in anomaly_passages(piece, world) if start < c.t < start + DAY - 30.0]
    found = t[:-1][np.diff(sky.protons > 0.1)]
    assert len(edges) > 8 and len(found) == len(edges)
    assert np.all((np.array(edges) - found >= 0.0) & (np.array(edges) - found <= 30.0))
    normal = plane_normal(float(start), *mean_plane(path, float(start), world), world)
    assert abs(math.degrees(beta_angle(float(start), normal, world)) - sky.beta[0]) < 0.1


def test_no_place_on_the_orbit_has_more_protons_than_the_ring_says(weeks):
    """States turned along the orbit by 24 angles: none above the ring by more than its step, 5 deg, can hide (7 %)."""
    path, world = weeks.orbit.path, weeks.orbit.world
    t = np.arange(weeks.starts[0], weeks.starts[0] + DAY, 600.0)
    r, v, _ = path.at(t)
    zone = anomaly(world.zero)
    most = protons_anywhere(t, r, v, world, zone)
    highest = np.zeros(len(t))
    for angle in (2.0 * math.pi * (np.arange(24) + 0.3) / 24).tolist():
        place = turned(r, v, math.cos(angle), math.sin(angle))[0]
        highest = np.maximum(highest, zone.protons(*world.geodetic(t, place)))
    assert np.all(highest <= 1.07 * most) and highest.max() > 0.9


# ---- windows and plan


def test_a_forecast_knows_no_set_that_is_younger(weeks):
    assert weeks.orbit.elements.name == "css-2026-10-06" and weeks.zero < Epoch.from_utc(START)


def test_windows_of_a_crew(weeks, rules):
    spans = weeks.spans()
    assert spans and all(b - a < 2.0 * HOUR for a, b in spans)
    first = weeks.zero.plus(spans[0][0])
    assert first.since(weeks.crew.came) >= rules.first.after_days * DAY
    undocked = Epoch.from_utc("2026-11-11T20:24:00Z")
    assert all(weeks.zero.plus(a).since(undocked) >= rules.work.after_days * DAY for a, _ in spans)


def test_the_solver_finds_the_best_of_all_pairs(weeks, plan, rules):
    assert plan.gap == 0.0 and len(plan.walks) == 2
    rows = np.flatnonzero(weeks.open)
    worth = WORTH_DAY * weeks.whole_day[rows] + np.rint(WORTH_SUN * weeks.sunlit[rows])
    room = 120.0 * rules.planning.retime_min

    def value(i: int, j: int) -> float:
        apart = weeks.starts[rows[j]] - weeks.starts[rows[i]] - room
        if apart < rules.between.least_days * DAY:
            return 0.0
        usual = apart >= rules.between_usual.least_days * DAY
        return 2 * WORTH_WALK + worth[i] + worth[j] + WORTH_USUAL * usual

    assert plan.value == max(value(i, j) for i, j in combinations(range(len(rows)), 2))


@pytest.fixture(scope="module")
def flights(weeks, plan):
    return {density: carried_out(weeks, plan, density) for density in DENSITIES}


def _done(plan, starts) -> list[Done]:
    return [Done(w.number, s, s + w.end - w.start, w.people, w.claims) for w, s in zip(plan.walks, starts, strict=True)]


def _again(weeks, flight, done):
    orbit = flight.orbit
    return rechecked(done, orbit.path, orbit.world, orbit.burns, weeks.found, weeks.rules)


@pytest.mark.parametrize("density", DENSITIES)
def test_a_plan_breaks_nothing_in_other_air(weeks, plan, flights, density):
    flight = flights[density]
    assert density == 1.0 or math.degrees(flight.apart) > 20.0  # the station is elsewhere on its orbit
    assert _again(weeks, flight, _done(plan, flight.starts)) == ()


def test_a_plan_names_the_work_of_the_last_spacewalks_of_the_record(record, weeks, plan):
    """Ten with shields in a row, the newest; a plan made before them knows nothing of them."""
    assert [j.number for j in record if j.work == SHIELDS] == list(range(15, 25))
    assert [j.number for j in record if j.work == "repair of debris damage"] == [13, 14]
    assert plan.work_of == 10 and {w.work for w in plan.walks} == {SHIELDS}
    made = content(Found("a", "b", (), weeks, "", plan, ()))["plan"]["spacewalks"]
    assert {(w["work"], w["work_assumed"]) for w in made} == {(SHIELDS, "assumed: as at the last 10 of the record")}

    def known_at(utc):
        orbit = replace(weeks.orbit, zero=Epoch.from_utc(utc))
        return expected_work(replace(weeks, orbit=orbit))

    assert known_at("2024-05-01T00:00:00Z") == ("repair of debris damage", 2)
    assert known_at("2023-11-01T00:00:00Z") == ("", 0) and known_at("2025-01-01T00:00:00Z") == (SHIELDS, 3)


def test_the_recheck_finds_what_is_broken(weeks, plan, flights):
    """Each rule in turn: a start or a crew that cannot keep it."""
    flight = flights[0.75]
    good = _done(plan, flight.starts)[0]

    def broken(**changed) -> set[str]:
        return {b.rule for b in _again(weeks, flight, [replace(good, **changed)])}

    def moved(seconds: float) -> dict[str, float]:
        return {"start": good.start + seconds, "end": good.end + seconds}

    assert "anomaly" in broken(**moved(4.0 * HOUR)) and "crew_day" in broken(**moved(6.0 * HOUR))
    assert "start" in broken(**moved(-10.0 * HOUR))
    assert any("light" in broken(**moved(60.0 * k)) for k in range(0, 90, 15))
    arrival = weeks.crew.came.since(weeks.zero)
    early = {"start": arrival + DAY, "end": arrival + DAY + 8.0 * HOUR}
    assert {"first", "work"} <= broken(**early)
    assert broken(people=(good.people[0], "nobody")) == {"inside"}
    assert broken(people=good.people[:1]) == {"inside"}
    twice = [good, replace(good, number=2, start=good.start + 10.0 * DAY, end=good.end + 10.0 * DAY)]
    assert {"between", "between_usual"} <= {b.rule for b in _again(weeks, flight, twice)}
    burn = [good.start - 2.0 * HOUR]
    orbit = flight.orbit
    assert {b.rule for b in rechecked([good], orbit.path, orbit.world, burn, weeks.found, weeks.rules)} == {"burns"}


# ---- raises of a plan


def on_plan(programme, rules, *rows, launches=()):
    """The windows of a week of the crew, with a plan of these raises."""
    start, end = Epoch.from_utc("2026-11-25T00:00:00Z"), Epoch.from_utc("2026-12-06T00:00:00Z")
    raises = tuple(PlannedRaise(Epoch.from_utc(utc), dv, "tianzhou-10", burns) for utc, dv, burns in rows)
    known = RaisePlan("station.json", "p", Epoch.from_utc("2026-10-01T00:00:00Z"), end, raises, launches)
    return find(programme, rules, (start, end), "shenzhou-24", 0, lambda *_: None, known).season


def test_hours_about_a_planned_raise_are_closed(programme, rules):
    """Against the rule itself, at every start: whole spans of hours apart from each burn and from nothing else."""
    found = on_plan(programme, rules, ("2026-10-03T06:00:00Z", 1.0, 1), ("2026-11-30T06:00:00Z", 0.8, 2))
    at = [found.zero.plus(b) for b in found.orbit.burns]
    middle = Epoch.from_utc("2026-11-30T06:00:00Z")
    assert found.orbit.elements.name == "css-2026-10-06"  # which has the raise of October 3 in it
    quarter = 0.25 * DAY / found.orbit.elements.mean_motion_rev_day
    assert [b.since(middle) for b in at] == pytest.approx([-quarter, quarter], abs=0.01)
    room, length = 60.0 * rules.planning.retime_min, rules.spacewalk.length_h * HOUR
    for start, kept in zip(found.starts.tolist(), found.allowed["burns"].tolist(), strict=True):
        first, last = start - room, start + length + room
        apart = [max(first - b, b - last) / HOUR for b in found.orbit.burns]
        assert kept == all(x >= rules.burns.apart_h for x in apart)
    assert 0 < np.count_nonzero(~found.allowed["burns"]) < len(found.starts)
    assert found.allowed["burns"][-1] and on_plan(programme, rules).allowed["burns"].all()


def test_a_planned_raise_lifts_the_forecast(programme, rules):
    """2 a dv / v of the mean axis, to the 1 % that the sampling of a day leaves of 1.76 km."""
    t = Epoch.from_utc("2026-11-27T06:00:00Z")  # days later thinner air keeps it higher by some 20 m more
    with_it, without = on_plan(programme, rules, ("2026-11-26T06:00:00Z", 1.0, 1)), on_plan(programme, rules)
    at = np.linspace(t.since(with_it.zero) - 40000.0, t.since(with_it.zero) + 40000.0, 60)
    axis, other = (float(axes(one.orbit.path, at).mean()) for one in (with_it, without))
    assert axis - other == pytest.approx(2.0 * other / math.sqrt(MU_EARTH / other), rel=1e-2)


def test_a_launch_of_the_plan_moves_the_approach_that_closes_days(programme):
    at = programme.vessel("shenzhou-24").launch
    plan = RaisePlan(
        "station.json", "p", at.plus(-DAY), at.plus(DAY), (), (PlannedLaunch("shenzhou-24", at.plus(-4.0), at),)
    )
    moved, before = launched_on(programme, plan).vessel("shenzhou-24"), programme.vessel("shenzhou-24")
    assert moved.launch.since(before.launch) == moved.docked.since(before.docked) == pytest.approx(-4.0)
    assert moved.undocked == before.undocked


def test_a_plan_that_does_not_reach_over_the_windows_is_refused(programme, rules):
    at = Epoch.from_utc("2026-11-25T00:00:00Z")
    plan = RaisePlan("station.json", "p", at, at.plus(DAY), ())
    with pytest.raises(BadInput, match="raises: found a plan from 2026-11-25"):
        find(programme, rules, (at, at.plus(9.0 * DAY)), "shenzhou-24", 0, lambda *_: None, plan)


# ---- what is asked


def test_rules_that_leave_no_window_leave_no_plan(programme):
    """Ten hours outside and the room for the day are longer than the orbit is free of the anomaly."""
    rules = load_spacewalk_rules("tiangong", ["spacewalk.length_h=10.0"]).rules
    span = Epoch.from_utc("2026-11-25T00:00:00Z"), Epoch.from_utc("2026-12-02T00:00:00Z")
    made = sim.Spacewalks(find(programme, rules, span, "shenzhou-24", 1, lambda *_: None))
    assert made.windows == [] and not made.sound
    assert any(line.startswith("0 of 1 spacewalks planned") for line in made.lines())


def test_the_command_writes_what_it_prints(tmp_path):
    out = tmp_path / "out"
    span = ("--from", "2025-11-20", "--until", "2025-12-20")
    done = CliRunner().invoke(app, ["eva", "programme", *span, "--json", "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["verb"] == "eva" and [r["number"] for r in content["record"]] == [24]
    assert content["windows"]["ship"] == "shenzhou-21"
    assert problems("spacewalks", json.loads((out / "spacewalks.json").read_text("utf-8")), whole=True) == []
    # The day of the record is among the windows that were known nineteen days before; its crew opened the hatch in one.
    at = Epoch.from_utc("2025-12-09T02:45:00Z")
    spans = [(Epoch.from_utc(w["from_utc"]), Epoch.from_utc(w["until_utc"])) for w in content["windows"]["starts"]]
    assert any(abs(at.since(a)) < 2.0 * HOUR for a, _ in spans)
    assert {p.name for p in out.iterdir()} == {*TABLES, "report.md", "record.png", "windows.png"}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert "configs/spacewalk_rules/tiangong.toml" in manifest["data_sha256"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--ship", "shenzhou-25"], "--ship: found 'shenzhou-25'"),
        (["--ship", "shenzhou-25"], "did you mean 'shenzhou-24'?"),
        (["--plan", "99"], "--plan: found 99"),
        (["--from", "x"], "--from: found 'x'"),
        (["--from", "2026-12-01", "--until", "2026-11-01"], "--until: found 2026-11-01"),
        (["--from", "2026-12-01", "--until", "2026-12-01T04:00:00Z"], "--until: found"),
        (["--raises", "pyproject.toml"], "pyproject.toml: found no JSON"),
        (["--ship", "shenzhou-24", "--from", "2028-11-01", "--until", "2028-12-01"], "days from"),
        (["--set", "spacewalk_rules.start.from_h=23"], "start.from_h"),
        (["--set", "spacewalk_rules.anomaly.protons=0.1"], "protons"),
        (["--set", "spacewalk_rules.planning.kept_km=[391.0,384.0]"], "kept_km"),
    ],
)
def test_what_is_asked_wrongly_is_said(asked, says, tmp_path):
    done = CliRunner().invoke(app, ["eva", "programme", *asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2 and done.stdout == "" and says in done.stderr, done.output
    assert not list(tmp_path.iterdir())


def test_the_face_says_what_it_takes():
    with pytest.raises(BadInput, match="count: found True"):
        sim.spacewalks("programme", count=True)
    with pytest.raises(ScenarioError, match="no such"):
        sim.spacewalks("programme", rules="nope")


# ---- pictures and report


def test_the_picture_of_the_days_shows_what_was_found(weeks, plan, rules):
    """Its cells against the samples themselves, its shares against the starts, its bars against plan and windows."""
    shown = season_chart(Found("p", "r", (), weeks, "", plan, ()))
    midnights = shown["midnights"]
    assert all(weeks.zero.plus(float(t)).local(BEIJING).hour == 0 for t in midnights)
    assert midnights[0] <= weeks.starts[0] and midnights[-1] > weeks.starts[-1]
    assert midnights[1] > weeks.starts[0] and midnights[-2] <= weeks.starts[-1]
    day = len(midnights) // 2
    for cell in (10, 100, 200):
        t = midnights[day] + 300.0 * (cell + 0.5)
        assert shown["lit"][day, cell] == weeks.sky.lit[weeks.sky.index(t)]
        assert shown["anomaly"][day, cell] == (weeks.sky.protons[weeks.sky.index(t)] > rules.anomaly.protons_most)
    of_day = (weeks.starts >= midnights[day]) & (weeks.starts < midnights[day + 1])
    assert shown["allowed"]["relay contact"][day] == weeks.allowed["relay"][of_day].mean()
    assert (shown["allowed"]["all of them"] > 0.0).sum() == len(
        {int((a - midnights[0]) // DAY) for a, _ in weeks.spans()}
    )
    assert [w[1] for w in shown["walks"]] == [w.start for w in plan.walks]
    assert any("undocking of shenzhou-23" in words for _, words in shown["work"])


def test_the_picture_of_the_record_shows_the_verdicts(record):
    shown = record_chart(Found("p", "r", record, None, "", None, ()))
    broken = {
        w["number"]: {r for r, m in zip(shown["rules"], w["marks"], strict=True) if m == "broken"}
        for w in shown["walks"]
    }
    assert {n: rules for n, rules in broken.items() if rules} == {
        5: {"anomaly (SAA)"},
        14: {"hour of the start", "anomaly (SAA)"},
        17: {"anomaly (SAA)"},
    }
    assert shown["walks"][0]["bar"] == pytest.approx((8.0 + 11.0 / 60.0, 14.0 + 57.0 / 60.0))  # 2021-07-04, Beijing
    assert [w["number"] for w in shown["walks"] if w["bar"] is None] == [9, 10, 11]


def test_the_report_has_every_spacewalk_with_what_is_known(record, weeks, plan):
    everything = Found("p", "r", record, weeks, "", plan, ())
    assert problems("spacewalks", sim.Spacewalks(everything).content(), whole=True) == []
    text = report(everything)
    rows = [line for line in text.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == len(record) + len(plan.walks)
    first = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert first[1:7] == [
        "shenzhou-12",
        "2021-07-04 00:11",
        "2021-07-04 06:57",
        "6 h 46 min",
        "Liu Boming, Tang Hongbo",
        "unknown",
    ]
    assert "hour not released" in rows[8] and "48 outings" in text and "worn 17 times" in text
