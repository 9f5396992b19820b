"""The landings of the record: what was known a day before, which opportunity was flown, and how far the forecasts miss.

What is flown here is flown once for all tests: the two landings whose element set was fresh.
"""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

import sim
from sim.build.sites import site_of
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.planning.kept_station import known_before
from sim.scenario.load import load_named
from sim.verification import landings, landings_table, launches, notice, relief
from tests import validation_page
from tests.seasons import tiangong

OLD = ("sz_15", "sz_18")  # the set a month and three months before the landing
FRESH = ("sz_20", "sz_21")


@lru_cache(maxsize=8)
def found(flight):
    return landings.landing(flight)


@lru_cache(maxsize=8)
def row(flight):
    return landings_table.row(found(flight))


@pytest.mark.parametrize("flight", [*OLD, *FRESH])
def test_nothing_that_goes_in_is_younger_than_a_day_before(flight):
    x = found(flight)
    assert x.age > 86400.0 and all(x.landed.since(e.epoch) > 86400.0 for e in x.known.sets)
    assert x.age == min(x.landed.since(e.epoch) for e in x.known.sets)
    other = landings.RELIEF.get(flight)
    if other is not None:
        assert x.landed.since(Epoch.from_utc(fact(f"missions.{other}").table["launch"])) > 86400.0


@pytest.mark.parametrize("flight", [*OLD, *FRESH])
def test_the_opportunity_that_was_flown_is_in_the_plan_open_and_chosen(flight):
    x = found(flight)
    assert x.one in x.opportunities and x.one.open and x.by_the_rules
    assert len(x.opportunities) >= 4 and not all(o.open for o in x.opportunities)


@pytest.mark.parametrize("flight", FRESH)
def test_from_a_fresh_set_the_flown_return_lands_within_three_minutes(flight):
    x = found(flight)
    assert x.flown is not None and abs(x.miss) < 180.0
    assert abs(x.flown.undock_to_landing_h - x.undock_to_landing_h) < 10.0 / 60.0
    assert row(flight)["held"] and row(flight)["basis"].startswith("forecast, whole return flown")


@pytest.mark.parametrize("flight", OLD)
def test_from_an_old_set_the_lift_off_of_the_relief_gives_the_place_to_a_quarter_of_an_hour(flight):
    """A quarter of an hour is a sixth of a revolution; the old set alone says nothing of the place on it."""
    x = found(flight)
    assert x.flown is None and "lift-off of" in x.rests_on
    assert abs(x.miss) < 900.0 and 300.0 < x.half_width < 1200.0
    assert row(flight)["limit_s"] is None


@pytest.mark.parametrize("flight", [*OLD, *FRESH])
def test_the_validation_page_has_the_forecasts_of_today(flight):
    """A second: the times are printed to it, and a return flown on another machine differs by less."""
    kept = {x["landing"]: x for x in validation_page.of_record()}
    today = row(flight)
    for key in ("miss_s", "half_width_95_s"):
        assert today[key] == pytest.approx(kept[today["landing"]][key], abs=1.0)


def test_without_younger_sets_a_forecast_is_the_same(monkeypatch):
    landed = Epoch.from_utc(fact("missions.sz_18").table["landed"])
    before = tuple(e for e in known_before(landed.plus(400.0 * 86400.0)).sets if landed.since(e.epoch) > 86400.0)
    first = found("sz_18").touchdown
    monkeypatch.setattr("sim.planning.kept_station.all_sets", lambda: before)
    assert landings.landing("sz_18").touchdown == first


def test_a_pass_by_a_lift_off_runs_with_the_altitude():
    """A station that is kept lower comes by earlier; a kilometre is about 20 s a day."""
    x = found("sz_18")
    site = site_of(load_named("dongfeng", "site"))
    near = x.landed.plus(-955.0)
    at = relief.pass_after("sz_19", x.known, near, site)
    lower = replace(x.known, kept=replace(x.known.kept, mean=x.known.kept.mean - 1000.0))
    earlier = at.at.since(relief.pass_after("sz_19", lower, near, site).at)
    days = near.since(Epoch.from_utc(fact("missions.sz_19").table["launch"])) / 86400.0
    assert earlier == pytest.approx(19.2 * days * 0.93, rel=0.1)  # of the mean, after three months 93 % are left


@pytest.mark.parametrize("flight", ["sz_13", "sz_14", "sz_21"])
def test_the_site_lies_off_the_plane_as_it_was_worked_out_beforehand(flight):
    landed = Epoch.from_utc(fact(f"missions.{flight}").table["landed"])
    nearest = min(known_before(landed.plus(3e7)).sets, key=lambda e: abs(e.epoch.since(landed)))
    offset = math.degrees(landings.plane_offset(nearest, landed, site_of(load_named("dongfeng", "site"))))
    assert offset == pytest.approx(fact("landing.plane_offset").table[flight], abs=0.02)


def test_lengths_of_returns_have_their_kinds():
    assert landings.kind_of(9.18) == (9.13, "five orbits") and landings.kind_of(5.4) == (5.43, "three orbits")
    assert landings.kind_of(28.63) == (28.63, "the only one of its kind")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda r: r["opportunity"].update(open=False), "not in the plan"),
        (lambda r: r.update(miss_s=200.0), "180 s off"),
        (lambda r: r.update(undock_to_landing_flown_h=9.5), "10 min off"),
        (lambda r: r["plane"].update(expected_deg=0.1), "plane more than"),
        (lambda r: r.update(hindcast={"miss_s": -200.0}), "hindcast"),
    ],
)
def test_each_limit_can_be_missed(change, word):
    made = copy.deepcopy(row("sz_20"))
    assert landings_table.broken(made) == []
    change(made)
    assert [line for line in landings_table.broken(made) if word in line]


# ---- the notice of 2011


def test_the_node_of_a_lift_off_puts_the_pad_in_the_plane_on_its_way_south_east():
    at, inclination = Epoch.from_utc("2011-10-31T21:58:10Z"), math.radians(42.77)
    node, across = relief.node_axes(inclination, notice.node_at(at, inclination))
    pad = launches.turned_site(notice.jiuquan(), at)
    assert abs(float(np.cross(node, across) @ pad)) < 1e-12
    u = math.atan2(float(pad @ across), float(pad @ node))
    assert math.pi / 2.0 < u < math.pi  # past the northernmost point


def test_a_place_lies_in_a_polygon_or_not():
    corners = fact("landing.notice_sz_8").numbers
    assert notice.within(corners, 42.2, 111.3) and notice.within(corners, 42.9, 113.0)
    for latitude, longitude in ((41.6, 100.1), (43.4, 111.0), (42.2, 108.9), (42.2, 114.5)):
        assert not notice.within(corners, latitude, longitude)


@lru_cache(maxsize=1)
def of_the_notice():
    return notice.check()


def test_our_landing_of_shenzhou_8_lies_in_the_notice():
    x = of_the_notice()
    assert x.inside and x.in_time and x.held
    assert abs(math.degrees(x.offset)) < 0.9  # within the cross-range that the rules allow


def test_the_command_prints_the_table(monkeypatch):
    monkeypatch.setattr(landings, "landings", lambda: tuple(found(flight) for flight in ("sz_18", "sz_20")))
    once = of_the_notice()
    monkeypatch.setattr(notice, "check", lambda: once)
    done = tiangong("verify", "landings")
    assert done.code == 0 and "shenzhou-20" in done.out and "inside the notice's area" in done.out
    assert "1 of 1 touchdowns within 3 min" in done.out
    table = sim.verify("landings")
    assert table.held and [made["landing"] for made in table.rows] == ["shenzhou-18", "shenzhou-20", "shenzhou-8"]
