"""Plans after a contingency: what was flown is among them, nothing younger is read, and each says what it costs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.environment.space_weather import weather_of
from sim.files.errors import BadInput
from sim.planning.rotation import feasibility
from sim.planning.rotation.contingencies import contingency, name_of
from sim.planning.rotation.feasibility import Flights
from sim.planning.rotation.known import day_of, known_then
from sim.planning.rotation.plans import as_programme
from sim.planning.rotation.proposals import proposals
from sim.planning.rotation.rules import verdicts
from sim.planning.rotation.timeline import DAY, timeline
from sim.scenario.load import load_document
from sim.scenario.plane_bias import known_bias
from sim.scenario.programme import changed, load_programme
from sim.scenario.programme_record import instant

NOVEMBER = "unsafe:shenzhou-20:2025-11-05"
OLD_CREW, NEW_CREW = {"Chen Dong", "Chen Zhongrui", "Wang Jie"}, {"Zhang Lu", "Wu Fei", "Zhang Hongzhang"}


@pytest.fixture(scope="module")
def programme():
    return load_programme("programme")


@pytest.fixture(scope="module")
def november():
    return sim.contingency_plans("programme", NOVEMBER)


def planned(programme, text: str):
    return proposals(programme, contingency(text, programme))


def ships_home(proposal) -> dict[str, str]:
    """Who -> in which ship."""
    return {p.name: h.ship for h in proposal.plan.homecomings for p in h.group.people}


# ---- November 2025


def test_the_flown_plan_is_among_the_proposals_and_two_others_keep_the_rules(november):
    ranked = november.found.ranked
    assert november.flown is not None
    flown = ranked[november.flown]
    assert ships_home(flown) == dict.fromkeys(OLD_CREW, "shenzhou-21") | dict.fromkeys(NEW_CREW, "shenzhou-22")
    assert (flown.plan.sent.ship, flown.plan.sent.port, flown.plan.sent.crew) == ("shenzhou-22", "forward", 0)
    assert [e.ship for e in flown.plan.emptied] == ["shenzhou-20"]
    keeping = [p for p in ranked if not p.broken]
    assert flown in keeping and len(keeping) >= 3
    # Three people are without a seat from the crack until a ship can come: that is nobody's fault.
    assert {v.rule for p in keeping for v in p.unavoidable} == {"lifeboat"}
    assert [p.total for p in keeping] == sorted(p.total for p in keeping)


def test_on_another_day_it_is_a_what_if_and_nothing_of_it_was_flown():
    assert sim.contingency_plans("programme", "unsafe:shenzhou-20:2026-01-10").flown is None


def test_the_standby_can_rise_when_it_really_rose(november):
    sent = november.found.ranked[november.flown].plan.sent
    latest = sent.lift_off
    flown = Epoch.from_utc("2025-11-25T04:11:45Z")
    assert latest.plus(-DAY) <= flown <= latest


def test_a_port_is_freed_before_a_ship_comes_to_it(november):
    for proposal in november.found.ranked:
        sent = proposal.plan.sent
        leaving = {h.ship: h.undock for h in proposal.plan.homecomings} | {
            e.ship: e.undock for e in proposal.plan.emptied
        }
        before = {"forward": "shenzhou-21", "nadir": "shenzhou-20"}[sent.port]
        assert leaving[before] < sent.docked
        assert next(v for v in verdicts(proposal.found) if v.rule == "port").held


def test_nobody_comes_home_in_the_damaged_ship(november):
    assert all("shenzhou-20" not in ships_home(p).values() for p in november.found.ranked)


def test_six_people_for_too_long_break_the_rule_of_handovers_and_stand_behind(november):
    ranked = november.found.ranked
    waiting = [p for p in ranked if all(h.undock > p.plan.sent.docked for h in p.plan.homecomings)]
    assert waiting and all([v.rule for v in p.broken] == ["handover"] for p in waiting)
    kept = [i for i, p in enumerate(ranked) if not p.broken]
    assert min(ranked.index(p) for p in waiting) > max(kept)
    mends = [b.mend for p in november.found.ranked for v in p.broken if v.rule == "handover" for b in v.breaches]
    assert any(m.startswith("shenzhou-21 leaves by 2025-11-15") for m in mends)
    assert any(m.endswith("shenzhou-22 comes too late") for m in mends)  # it docks ten days after that
    assert not any(m.startswith("shenzhou-22 leaves") for m in mends)


def test_a_place_is_explained_by_what_differs(november):
    rows = november.content()["proposals"]
    assert "with no ship docked at all" in rows[1]["why"][-1]
    assert any("breaks 'handover'" in words for row in rows if row["broken"] for words in row["why"])
    first = rows[0]
    costs = sum(part["cost"] for part in first["costs"].values())
    assert costs == pytest.approx(first["cost"], abs=0.5)


def test_nothing_younger_than_the_day_is_read(programme, november):
    """Ships that rose later taken out, and what the others did later changed: the same plans, to the last letter."""
    at, file = november.found.known.at, programme.file
    ships = {}
    for name, ship in file.ships.items():
        if instant(ship.launch_utc) > at:
            continue
        stays = tuple(
            stay.model_copy(update={"undocked_utc": "2029-01-01T00:00:00Z"})
            if stay.undocked_utc and instant(stay.undocked_utc) > at
            else stay
            for stay in ship.stays
        )
        later = ship.landed_utc is None or instant(ship.landed_utc) > at
        crew = tuple(p.model_copy(update={"ship_down": None, "note": "?"}) if later else p for p in ship.crew)
        update = {"stays": stays, "crew": crew, "note": "?"} | ({"landed_utc": "2029-01-02T00:00:00Z"} if later else {})
        ships[name] = ship.model_copy(update=update)
    evas = tuple(e for e in file.evas if instant(e.start_utc) <= at)
    assert len(ships) < len(file.ships)
    short = replace(programme, file=file.model_copy(update={"ships": ships, "evas": evas, "specialist": None}))
    other = sim.Contingency(short, planned(short, NOVEMBER), {})

    def words(found) -> list[dict]:
        return [{k: v for k, v in row.items() if k != "record"} for row in found.content()["proposals"]]

    assert words(other) == words(november)


def test_the_flights_are_made_from_what_was_known(programme, november, monkeypatch):
    """Neither an element set, nor weather, nor a calibration is younger than the day; every mission can be built."""
    made = []

    def kept(self, like, raw):
        made.append(raw)
        load_document(replace(like.document, raw=raw))
        return Failure("not flown here")

    monkeypatch.setattr(Flights, "_fly", kept)
    known, flights = november.found.known, Flights(november.found.known)
    for proposal in november.found.ranked:
        checks = flights.checks(proposal.plan, november.found.until)
        assert {check.ship for check in checks} >= {"shenzhou-22"}
    assert len(made) > 8
    assert {raw["station"]["elements"] for raw in made} == {"css-2025-11-04"}
    assert all(Epoch.from_utc(raw["station"]["start_utc"]) >= known.at for raw in made)
    days = [weather_of(Epoch.from_utc(f"2025-10-{d:02d}T12:00:00Z").datetime().date()).f107 for d in range(1, 32)]
    assert min(days) < made[0]["atmosphere"]["f107"] < max(days)
    up = next(raw for raw in made if raw["sequence"][0]["phase"] == "await-launch")
    assert up["sequence"][0]["plane_bias_s"] == 398.0  # of Shenzhou-15 and -20; the set of -21's plane is younger
    assert {d["ship"] for d in up["docked"]} <= {"shenzhou-20", "shenzhou-21", "tianzhou-9"}


def test_the_distance_of_a_batch_is_known_once_a_flight_was_calibrated():
    at = Epoch.from_utc("2022-12-01T00:00:00Z")
    assert known_bias(at, at) is None  # Shenzhou-15 had flown two days before
    assert known_bias(at.plus(60.0 * DAY), at) == 394.0


def test_weights_change_the_order(programme):
    """Where a station without any ship costs nothing, the two ports are alike; where launches and stays cost little
    beside a liner that is carried over, the crew that has just come goes home in its own ship."""
    what = contingency(NOVEMBER, programme)
    alike = proposals(changed(programme, ["planning.costs.stranded=0"]), what).ranked
    assert alike[0].total == pytest.approx(alike[1].total, abs=1e-6)
    other = changed(programme, ["planning.costs.deserted=0", "planning.costs.liner=2000"])
    assert ships_home(proposals(other, what).ranked[0])["Zhang Lu"] == "shenzhou-21"


# ---- other contingencies


def test_a_launch_that_slips_keeps_the_crew_that_waits_for_it(programme):
    found = planned(programme, "launch-slip:shenzhou-21:2025-10-30:5")
    first, second = found.ranked[:2]
    assert first.plan.sent.lift_off == Epoch.from_utc("2025-11-05T15:44:46Z")
    assert first.bill.stay == pytest.approx(15.0) and first.bill.unmet == 0  # three people, five days
    assert second.bill.stay == 0.0 and second.bill.unmet == 1  # home as planned: nobody hands over
    assert not first.broken and not first.unavoidable


def test_a_landing_that_slips_is_waited_for_at_the_station_or_in_orbit(programme):
    found = planned(programme, "landing-slip:shenzhou-19:2025-04-28:1")
    ways = [next(h for h in p.plan.homecomings if h.ship == "shenzhou-19") for p in found.ranked[:2]]
    assert {h.when for h in ways} == {"late", "waits"}
    assert all(h.landed == h.group.not_before for h in ways)
    assert ways[0].when == "late" and found.ranked[1].bill.cramped == pytest.approx(3.0)


def test_who_has_to_be_home_early_takes_a_seat_of_another_crew(programme):
    found = planned(programme, "early-return:Wu Fei:2025-11-10:7")
    first = found.ranked[0]
    home = ships_home(first)
    assert home["Wu Fei"] == "shenzhou-20" and home["Zhang Lu"] == "shenzhou-21"
    assert sorted(home[name] for name in OLD_CREW) == ["shenzhou-20", "shenzhou-20", "shenzhou-21"]
    early = next(h for h in first.plan.homecomings if "Wu Fei" in {p.name for p in h.group.people})
    assert early.landed < Epoch.from_utc("2025-11-10T12:00:00Z") and not first.broken


def test_alone_aboard_a_crew_goes_home_as_a_whole(programme):
    first = planned(programme, "early-return:Wang Jie:2025-07-10:7").ranked[0]
    assert set(ships_home(first).values()) == {"shenzhou-20"} and not first.broken


def test_the_next_ship_rises_early_and_empty_where_the_only_one_is_damaged(programme):
    first = planned(programme, "unsafe:shenzhou-23:2026-10-16").ranked[0]
    assert (first.plan.sent.ship, first.plan.sent.crew) == ("shenzhou-24", 0)
    assert first.plan.sent.lift_off < Epoch.from_utc("2026-11-04T10:02:00Z")
    assert set(ships_home(first).values()) == {"shenzhou-24"} and not first.broken


def test_who_waits_for_another_ship_is_aboard_and_has_it_once_it_is_docked(programme):
    found = planned(programme, "unsafe:shenzhou-22:2026-02-01")
    assert {p.name for p in found.known.found.aboard(found.known.at)} == NEW_CREW
    assert found.ranked[0].plan.sent.on_need
    with pytest.raises(BadInput, match="Zhang Lu, Wu Fei, Zhang Hongzhang aboard, whose ship has left"):
        planned(programme, "port-blocked:nadir:2025-11-20")


def test_a_blocked_port_is_waited_for(programme):
    found = planned(programme, "port-blocked:forward:2026-11-01:2026-11-20")
    first = found.ranked[0]
    assert first.plan.sent.put_off and first.plan.sent.docked > Epoch.from_utc("2026-11-20T12:00:00Z")
    assert all(p.plan.sent.port != "forward" or p.plan.sent.put_off for p in found.ranked)


def test_a_plan_keeps_the_rules_in_its_whole_programme(programme):
    """The stocks of the short programme, which the rules are judged on, are those of the whole one."""
    what = contingency(NOVEMBER, programme)
    known = known_then(programme, what)
    assert {v.name for v in known.found.vessels} >= {"shenzhou-20", "shenzhou-21", "tianzhou-9"}
    assert "shenzhou-12" not in known.file.ships and "shenzhou-22" not in known.file.ships
    for proposal in proposals(programme, what).ranked:
        found = timeline(as_programme(known, proposal.plan, proposal.found.end))
        people = {p.name for p in found.aboard(known.at)}
        assert people == OLD_CREW | NEW_CREW


# ---- what is asked for


def test_a_contingency_of_the_file_is_taken_by_its_name(programme):
    own = contingency("unsafe:shenzhou-20", programme)
    assert own in programme.file.contingencies and name_of(own) == "unsafe:shenzhou-20"
    assert day_of(contingency("early-return:Wu Fei:2025-11-10:7", programme)) == instant("2025-11-03")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nosuch", "unsafe:SHIP:DATE"),
        ("unsaf:shenzhou-20:2025-11-05", "did you mean 'unsafe'"),
        ("unsafe:shenzhou-20", ""),
        ("unsafe:shenzhou-21", "unsafe:SHIP:DATE"),
        ("unsafe:shenzou-20:2025-11-05", "did you mean 'shenzhou-20'"),
        ("unsafe:shenzhou-20:yesterday", "'yesterday' for utc"),
        ("unsafe:shenzhou-20:2025-11-05:5", "after the date"),
        ("launch-slip:shenzhou-21:2025-10-30", "no days"),
        ("launch-slip:shenzhou-21:2025-10-30:x", "a number of days"),
        ("launch-slip:shenzhou-21:2025-10-30:nan", "days"),
        ("port-blocked:aftt:2025-10-30", "did you mean 'aft'"),
        ("port-blocked:aft:2025-10-30:2025-10-01", "a time after 2025-10-30"),
        ("early-return:Wu Fey:2025-11-10", "did you mean 'Wu Fei'"),
        ("early-return:Wu Fei:2025-07-10", "is not aboard on"),
        ("unsafe:shenzhou-12:2025-11-05", "docked then: shenzhou-20, shenzhou-21"),
        ("launch-slip:shenzhou-20:2025-11-05:5", "was launched on 2025-04-24"),
        ("unsafe:shenzhou-12:2021-07-01", "no crew has come home"),
        ("early-return:Tang Hongbo:2021-05-01", "no ship of the programme has been launched"),
        ("launch-slip:shenzhou-24:2025-11-05:5", "not planned then"),
        ("unsafe:tianzhou-9:2025-11-05", "no crewed ship that is docked"),
    ],
)
def test_another_text_is_refused_in_words(programme, text, words):
    if not words:
        assert planned(programme, text).ranked
        return
    with pytest.raises(BadInput) as refused:
        planned(programme, text)
    assert words in str(refused.value)


def test_the_command_prints_the_plans_and_refuses_what_does_not_go_with_them():
    run = CliRunner()
    done = run.invoke(app, ["rotation", "programme", "--contingency", NOVEMBER])
    assert done.exit_code == 0 and "1. cost" in done.output and "this is what was flown" in done.output
    assert max(map(len, done.output.splitlines())) <= 120
    listed = run.invoke(app, ["rotation", "programme", "--contingency", NOVEMBER, "--json"])
    content = json.loads(listed.output)
    assert content["as_flown"] == 1 and content["proposals"][0]["record"]["shenzhou-21"]["landed"].startswith(
        "2025-11-14"
    )
    for more in (["--compare"], ["--from", "2025-01-01"], ["--out", "x"]):
        refused = run.invoke(app, ["rotation", "programme", "--contingency", NOVEMBER, *more])
        assert refused.exit_code == 2 and "beside --contingency" in refused.output
    assert run.invoke(app, ["rotation", "programme", "--fly"]).exit_code == 2


def test_a_return_is_flown_from_the_day(november):
    """The first return of the best plan, as `--fly` flies it: home near the site, within a day of its plan."""
    flights = Flights(november.found.known)
    plan = november.found.ranked[0].plan
    home = plan.homecomings[0]
    check = flights._return(
        as_programme(november.found.known, plan, november.found.until), home.ship, home.undock, home.landed
    )
    assert check.what == feasibility.RETURN and check.feasible and check.miss < 15.0
    assert abs(check.undocked.since(home.undock)) < DAY
    assert not check.broken


def test_a_plan_that_cannot_be_flown_says_why_and_ends_with_3(monkeypatch):
    monkeypatch.setattr(Flights, "_fly", lambda self, like, raw: Failure("no launch window: the phase is out of reach"))
    found = sim.contingency_plans("programme", NOVEMBER, fly=True)
    row = found.content()["proposals"][0]
    assert found.broken
    assert {(c["ship"], c["feasible"]) for c in row["flights"]} == {
        ("shenzhou-21", False),
        ("shenzhou-22", False),
        ("shenzhou-22", None),
    }
    assert row["as_checked"]["seatless_person_days"] == pytest.approx(62.4, abs=0.1)  # the plan's own times hold
    done = CliRunner().invoke(app, ["rotation", "programme", "--contingency", NOVEMBER, "--fly"])
    assert done.exit_code == 3 and "out of reach" in done.output
    assert "cannot be flown as it stands" in done.output and "with the flown times" not in done.output
