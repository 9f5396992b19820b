"""The landing planner: every opportunity with the numbers of its rules, every reason that refuses, and the command."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

import sim
import sim.core.flight
from sim.build.landing import RULES, landing_limits, landing_links
from sim.build.return_ import lead
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import as_planned
from sim.files.problems import ScenarioError
from sim.orbit.plane_crossing import sun_elevation
from sim.orbit.propagate import fly
from sim.orbit.site_passes import Landing, landings
from sim.planning.landing import chart, table
from sim.planning.landing.season import season
from sim.reentry import landing_opportunities as opportunities
from sim.reentry.landing_opportunities import Ruling, chosen, judged, view
from sim.scenario import load
from sim.scenario.landing_rules import load_landing_rules
from tests.result_schemas import problems
from tests.seasons import tiangong
from tests.texts import texts_apart

MISSION = "return-only"
DAY, HOUR = 86400.0, 3600.0
COAST = 5.43  # h


@lru_cache(maxsize=1)
def made():
    """Four days of November 2025, planned once."""
    return season(load(MISSION), load_landing_rules("tiangong"), days=4.0)


@lru_cache(maxsize=1)
def seen():
    """What is judged at Dongfeng, and its passes."""
    found = made()
    rules = found.rules.rules
    links, sine = landing_links(rules)
    place = next(p for p in found.places if p.own)
    looked_at = view(found.path, place.site, found.world, links, landing_limits(rules), sine)
    return looked_at, tuple(landings(found.path, place.site, found.world, 2.0 * HOUR, found.path.end))


def judge(ready=None, hours=COAST, passes=None, **changes):
    looked_at, every = seen()
    return judged(replace(looked_at, limits=replace(looked_at.limits, **changes)), passes or every, lead(hours), ready)


# ---- what is in the list


def test_every_pass_is_there_for_every_site_and_return():
    found = made()
    assert {p.key for p in found.places} == {"dongfeng", "siziwang"} and [k.own for k in found.kinds] == [True, False]
    for place in found.places:
        passes = landings(found.path, place.site, found.world, 2.0 * HOUR, found.end)
        inside = [x.overflight for x in passes if x.overflight >= found.start]
        for kind in found.kinds:
            mine = [x for x in found.opportunities if x.place == place and x.kind == kind]
            assert [x.of.landing.overflight for x in mine] == pytest.approx(inside, abs=2e-3)
            assert len(mine) >= 2 * 4


def test_times_follow_each_other_and_the_lead_is_that_of_the_flight():
    for x in made().opportunities:
        assert x.of.undocking < x.of.burn < x.of.landing.overflight < x.of.touchdown
        assert x.of.landing.overflight - x.of.undocking == pytest.approx(lead(x.kind.coast / HOUR))
        assert abs((x.of.touchdown - x.of.undocking) - x.kind.coast) < 10.0 * 60.0


def test_each_opportunity_has_every_rule_and_the_numbers_agree():
    for x in made().opportunities:
        assert [r.rule for r in x.of.rulings] == list(RULES)
        for r in x.of.rulings:
            if r.value is None:
                assert not r.holds and r.margin is None
            else:
                assert r.holds == (r.margin >= 0.0) and abs(abs(r.margin) - abs(r.value - r.limit)) < 1e-12
        assert x.of.ruling("cross_range").value == abs(x.of.landing.cross_track) / 1e3
        expected = math.degrees(sun_elevation(x.of.touchdown, x.place.site, made().world))
        assert x.of.ruling("light").value == pytest.approx(expected)
        assert x.of.open == all(r.holds for r in x.of.rulings if r.hard)


def test_the_opportunity_that_was_flown_is_open_and_chosen():
    """14 November 2025, 08:40 UTC, by a set of a week before."""
    found = made()
    flown = Epoch.from_utc("2025-11-14T08:40:00Z").since(found.zero)
    one = min(found.own, key=lambda x: abs(x.of.touchdown - flown))
    assert one.of.open and one.best and abs(one.of.touchdown - flown) < 180.0
    assert sum(x.best for x in found.opportunities) == 4  # one a day


# ---- every reason


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("cross_range", {"cross_range": 1.0}),
        ("crew_day", {"day": 9.0 * HOUR}),
        ("wind", {"wind": 2.0}),
        ("burn_links", {"burn_cover": 1.01}),
        ("landing_links", {"landing_cover": 1.01}),
        ("weather", {"closed": ("2025-11-14",)}),
        ("light", {"sun": math.radians(60.0)}),
        ("backup_revolution", {"revolution": 60.0}),
        ("backup_day", {"next_day": (18.0 * HOUR, 18.01 * HOUR)}),
    ],
)
def test_every_rule_can_refuse_and_refuses_alone(reason, changes):
    hard = frozenset(RULES)
    soft = {"sun": -math.pi, "revolution": 1e6, "next_day": (0.0, 1e6)}
    loose = {x.landing: x.refused_by for x in judge(hard=hard, **soft, cross_range=400e3)}
    kept = {"cross_range": 400e3} | {**soft, **changes}
    tight = {x.landing: x.refused_by for x in judge(hard=hard, **kept)}
    open_before = [x for x, refused in loose.items() if not refused]
    assert open_before and any(reason in tight[x] for x in open_before)
    if reason != "cross_range":  # without passes within it there are no back-ups either
        assert {name for x in open_before for name in tight[x]} == {reason}


def test_a_ship_that_is_not_ready_waits():
    every = judge()
    assert "ready" not in [r.rule for r in every[0].rulings]
    ready = every[3].undocking + 1.0
    refused = [x for x in judge(ready=ready) if "ready" in x.refused_by]
    assert [x.landing for x in refused] == [x.landing for x in every[:4]]
    assert refused[-1].ruling("ready").margin == pytest.approx(-1.0 / HOUR)


def test_a_soft_rule_is_reported_and_refuses_nothing():
    assert any("backup_revolution" in x.soft_broken for x in judge() if x.open)


def test_a_night_on_the_way_is_slept():
    assert judge(hours=9.13)[0].ruling("crew_day").value > judge()[0].ruling("crew_day").value
    assert judge(hours=28.63)[0].ruling("crew_day").value == 10.0  # Shenzhou-12
    assert "crew_day" in judge(hours=19.0)[0].refused_by


def test_without_a_path_to_the_burn_nothing_is_in_sight():
    looked_at, _ = seen()
    assert opportunities.burn_cover(looked_at, looked_at.path.start - 10.0) == 0.0


def test_a_site_that_no_relay_rises_over_has_the_ground_station_beside_it_alone():
    rules = made().rules.rules
    links, sine = landing_links(rules)
    dongfeng = next(p.site for p in made().places if p.own)
    none = replace(links, relays=links.relays[:0])
    assert opportunities.landing_cover(dongfeng, links, 1e4, sine) == 1.0
    assert 0.0 < opportunities.landing_cover(dongfeng, none, 1e4, sine) < 1.0  # Jiuquan, until it is behind the horizon
    far = Site("the other side", -dongfeng.latitude, dongfeng.longitude - math.pi, 0.0)
    assert opportunities.landing_cover(far, none, 1e4, sine) == 0.0


def test_the_share_of_strong_wind_is_rayleighs_and_rices():
    sigma = 4.0 * math.sqrt(2.0 / math.pi)
    assert opportunities.stronger(10.0, 0.0, sigma) == pytest.approx(math.exp(-math.pi / 4.0 * 6.25), rel=1e-12)
    assert opportunities.stronger(10.0, 1e-6, sigma) == pytest.approx(opportunities.stronger(10.0, 0.0, sigma))
    draws = np.random.default_rng(7).normal([3.0, 0.0], 2.5, (200_000, 2))
    assert [opportunities.stronger(10.0, mean, 0.0) for mean in (0.0, 10.0, 11.0)] == [0.0, 0.0, 1.0]
    share = float((np.hypot(*draws.T) > 6.0).mean())
    assert opportunities.stronger(6.0, 3.0, 2.5) == pytest.approx(share, abs=4.0 * math.sqrt(share / len(draws)))


def test_limits_take_the_sites_own_winds_or_the_means_of_the_rules():
    rules = load_landing_rules("tiangong").rules
    months = landing_limits(rules).wind_months
    means = [sigma / math.sqrt(2.0 / math.pi) for _, sigma in months]  # of a wind without direction
    assert means == pytest.approx(rules.wind.mean_m_s) and {mean for mean, _ in months} == {0.0}
    own = ((2.0, 3.0),) * 12
    assert landing_limits(rules, winds=own).wind_months == own


# ---- which one is chosen


def _one(t, side, refused=False):
    return opportunities.LandingOpportunity(
        Landing(t, side), t - 5e3, t - 2e3, t + 900.0, (Ruling("cross_range", True, 2.0 * refused, 1.0),)
    )


def test_of_the_first_day_with_an_open_one_the_least_cross_range():
    assert chosen(()) is None and chosen([_one(0.0, 1.0, True)]) is None
    first = [_one(0.0, -50.0), _one(5.5e3, 2.0), _one(1.1e4, 70.0)]
    assert chosen([*first, _one(9e4, 0.1)]) == first[1]
    closed = [_one(0.0, -50.0, True), _one(5.5e3, 2.0, True)]
    assert chosen([*closed, _one(9e4, 30.0), _one(9.5e4, 10.0), _one(1.8e5, 0.0)]).landing.overflight == 9.5e4


def test_the_docked_flight_says_what_it_refused_and_flies_the_next_day():
    """Shenzhou-19: the wind closed 29 April 2025, and the ship came down on the 30th."""
    from sim.build.mission import build

    mission = build(load("shenzhou-19-return"))
    docked = mission.phases[0]
    leg = docked.fly(mission.scene, mission.world)
    figures = leg.record.figures
    assert figures.landing_opportunity_utc.startswith("2025-04-30T04:5")
    assert figures.landing_refused.count("weather") == 3 and figures.landing_open >= 1
    off = mission.zero.plus(leg.scene.t).since(Epoch.from_utc("2025-04-29T20:00:00Z"))
    assert abs(off) < 600.0
    open_day = replace(docked, limits=replace(docked.limits, closed=()))
    earlier = open_day.fly(mission.scene, mission.world)
    assert earlier.scene.t < leg.scene.t - 0.8 * DAY
    every_day = replace(docked, limits=replace(docked.limits, cross_range=0.0))
    with pytest.raises(sim.core.flight.Failure, match="no landing opportunity at Dongfeng.*cross_range"):
        every_day.fly(mission.scene, mission.world)


# ---- tables, charts, command


def test_the_table_is_what_was_found():
    found = made()
    content = table.summary(found)
    assert content["open"] == sum(x.of.open for x in found.opportunities) > 0
    for row, x in zip(content["opportunities"], found.opportunities, strict=True):
        assert row["refused_by"] == list(x.of.refused_by) and row["open"] == x.of.open
        assert row["rules"]["cross_range"]["value"] == round(x.of.ruling("cross_range").value, 2)
    by_rule = {rule["name"]: rule for rule in content["rules"]}
    assert by_rule["cross_range"]["broken"] == sum("cross_range" in x.of.refused_by for x in found.opportunities)
    rows = table.csv_rows(content)
    assert {"site_right_of_track_km", "cross_range_km", "light_deg", "wind", "wind_margin"} <= rows[0].keys()
    text = "\n".join(table.lines(found))
    assert "cross-range" in text and "-> open" in text and f"{content['open']} of {len(rows)}" in text


def test_the_command_writes_json_tables_and_charts(tmp_path):
    out = tmp_path / "o"
    done = tiangong("landing-windows", MISSION, "--days", "2", "--json", "--out", out, "--quiet")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert content["verb"] == "landing-windows" and content["opportunities"]
    assert problems("landing_windows", json.loads((out / "landing_windows.json").read_text()), whole=True) == []
    names = {"landing_windows.json", "landing_windows.csv", "season.png", "map.png", "manifest.json"}
    assert {p.name for p in out.iterdir()} == names
    assert len((out / "landing_windows.csv").read_text().splitlines()) == 1 + len(content["opportunities"])
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["scenario"]["landing_rules"]["cross_range"]["most_km"] == 100.0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--from", "10 October"), "--from"),
        (("--days", "-3"), "--days"),
        (("--rules", "tiangon"), "tiangong"),
        (("--set", "landing_rules.cross_range.most_km=500"), "400"),
        (("--set", "landing_rules.cross.most=20"), "cross"),
        (("--set", "landing_rules.backup_day.from_h=40"), "backup_day.from_h"),
        (("--set", 'sequence.0.weather_closed_utc=["29 April"]'), "weather_closed_utc"),
        (("--from", "2025-11-01", "--days", "2"), "before the station's flight"),
        (("--from", "2036-10-10"), "370"),
        (("--site", "dongfen"), "dongfeng"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_leaves_nothing(arguments, word, tmp_path):
    done = tiangong("landing-windows", MISSION, *arguments, "--out", tmp_path / "deep" / "out")
    assert done.code == 2 and word in done.err and "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_mission_that_never_docks_has_no_landing_windows():
    with pytest.raises(ScenarioError, match="no phase `docked`"):
        sim.landing_windows("tianzhou-cargo")


def test_another_site_takes_the_place_of_those_of_the_rules():
    found = sim.landing_windows(MISSION, days=1.0, sites=["43.0,75.0,800"])
    assert {x.place.key for x in found} <= {"43.0,75.0,800"} and len(found.season.places) == 1
    assert not found.season.places[0].own and found.chosen == []


def test_the_mission_s_own_length_is_one_more_kind_where_none_is_near():
    phases = load(MISSION).sequence
    longer = [
        f"sequence.{i}.undock_to_landing_h=11.5" for i, x in enumerate(phases) if hasattr(x, "undock_to_landing_h")
    ]
    found = season(load(MISSION, longer), load_landing_rules("tiangong"), days=1.0)
    assert [kind.name for kind in found.kinds] == ["three orbits", "five orbits", "as the mission"]
    assert [kind.own for kind in found.kinds] == [False, False, True]


def test_the_path_is_the_stations_as_it_flies():
    found = made()
    again = fly(as_planned_station(found), 0.0, DAY, found.world)
    assert np.abs(again.at(DAY)[0] - found.path.at(DAY)[0]).max() < 1.0


def as_planned_station(found):
    from sim.build.mission import build

    return as_planned(build(found.scenario).scene.flying["tiangong"])


@pytest.mark.parametrize("which", ["season", "map"])
def test_no_text_of_the_charts_runs_into_another_or_off_the_sheet(which, monkeypatch):
    from sim.plots import landing_map, landing_season

    drawings = {
        "season": lambda: landing_season.draw(chart.season_chart(made())),
        "map": lambda: landing_map.draw(chart.landing_map(made())),
    }
    texts_apart(drawings[which], monkeypatch)
