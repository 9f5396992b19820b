"""The week aboard: plans against brute force, clashes that are least, and a re-check that finds what is broken."""

from __future__ import annotations

import ast
import itertools
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from sim.api.week import Week
from sim.cli.main import app
from sim.core.epoch import BEIJING
from sim.core.flight import week_checks
from sim.core.week import Common, Group, Waking
from sim.files import paths, text
from sim.files.problems import ScenarioError
from sim.planning.crew import cards, clash, recheck
from sim.planning.crew.conditions import sky
from sim.planning.crew.days import days
from sim.planning.crew.model import problem
from sim.planning.crew.parts import GRID
from sim.planning.crew.plan import NoPlan, planned
from sim.planning.crew.recheck import as_flown, judged
from sim.scenario import load
from sim.scenario.week_checks import load_week
from tests import made_week
from tests.made_plan import EACH, KARACHI, activity, made_record, rules
from tests.made_week import HATCH, HOUR, UNDOCKING, ZERO, flown, stay
from tests.result_schemas import problems

MINUTE = 60.0


@pytest.fixture(scope="module")
def each():
    """A plan with an activity for each condition, with meals and exercise."""
    lunch = Common("lunch", 40, (3.0, 7.0), None, 6.0, False)
    meeting = Common("meeting", 15, None, (0.5, 4.0), 6.0, True)
    groups = {"visitor": Group(500, 420, 60), "new": Group(500, 420, 90), "resident": Group(500, 420, 90)}
    return planned(rules(*EACH, commons=(lunch, meeting), groups=groups), stay())


# ---- the plan


def test_a_plan_keeps_to_the_published_schema(each):
    assert problems("week", Week(each, ZERO, "mission", 1.0).content(), whole=True) == []


def by_brute_force(jobs, first, last):
    """Of (value, minutes, from, until) the most value that one person can do: every order of every subset, each job as
    soon as it may."""
    best = 0
    for count in range(len(jobs) + 1):
        for order in itertools.permutations(jobs, count):
            now = first
            for _, length, soonest, latest in order:
                now = max(now, soonest) + length
                if now > min(latest, last):
                    break
            else:
                best = max(best, sum(value for value, *_ in order))
    return best


@pytest.mark.parametrize("drawn", range(3))
def test_a_plan_is_worth_what_the_best_of_all_orders_is(drawn):
    """One day of 9 h, five jobs with windows of their own, too long for all of them."""
    import random

    chance, jobs = random.Random(drawn), []
    for k in range(5):
        minutes, begin = 30 * chance.randint(2, 6), 0.5 * chance.randint(0, 10)
        end = begin + minutes / 60.0 + 0.5 * chance.randint(0, 5)
        jobs.append((f"job-{k}", chance.randint(1, 9), minutes, begin, end))
    made = [activity(n, m, priority=p, after_hatch=(a, b - m / 60.0)) for n, p, m, a, b in jobs]
    days_ = replace(stay(), undocking=HATCH + 9.0 * HOUR)
    asked = rules(*made, wake_before=24.0 * HOUR)  # no sleep
    plan = planned(asked, days_)
    optional = by_brute_force([(p * m, m, 60.0 * a, 60.0 * b) for _, p, m, a, b in jobs], 0.0, 540.0)
    assert (plan.value, plan.bound, plan.gap) == (optional, optional, 0.0)
    assert 0 < optional < plan.possible
    assert judged(plan, replace(flown(), undocking=days_.undocking)).broken == ()


def test_the_same_question_has_the_same_plan_to_the_last_bit(each):
    again = planned(each.rules, stay())
    assert repr(again) == repr(each)


def test_what_a_plan_says_holds_when_it_is_flown_as_forecast(each):
    record = judged(each, flown())
    assert record.broken == () and record.shift == 0.0
    assert set(record.judged) == {c.rule.removeprefix("week: ") for c in week_checks(record)}
    assert min(record.judged.values()) > 0 and all(c.passed for c in week_checks(record))
    assert {e.activity for e in each.entries} == {a.name for a in EACH}


def test_supplies_decide_what_is_left_out():
    """Ten litres hold two of three samples of four litres; the cheapest stays."""
    samples = [activity(f"sample-{p}", priority=p, cold=4.0) for p in (3, 1, 2)]
    assert planned(rules(*samples), stay()).left_out == (("sample-1", 1),)


def test_working_time_is_shorter_in_the_first_days():
    jobs = [activity(f"job-{k}", 120) for k in range(6)]
    groups = dict.fromkeys(("visitor", "new", "resident"), Group(240, 120, 0))
    plan = planned(rules(*jobs, groups=groups), stay())  # the second day: 4 h; the first: 2 h
    assert [sum(a.start <= e.start < a.end for e in plan.entries) for a in plan.waking] == [1, 2]


def test_nights_move_with_the_hatch_and_with_the_undocking():
    def clock(t):
        return ZERO.plus(t).text("%d %H:%M", BEIJING)

    late = days(rules(), ZERO, 18.5 * HOUR, 84.0 * HOUR, GRID)  # the hatch opens at 00:30 on the 6th
    assert [(clock(a), clock(b)) for a, b in late.sleeps][:2] == [("06 02:30", "06 10:30"), ("06 22:00", "07 06:00")]
    early = days(rules(), ZERO, HATCH, 44.0 * HOUR, GRID)  # undocking at 02:00 on the 7th: up at 22:00
    assert [(clock(a), clock(b)) for a, b in early.sleeps] == [("05 22:00", "06 06:00"), ("06 14:00", "06 22:00")]


# ---- a plan that cannot be made


def test_a_clash_names_a_least_set():
    """Two hours of the visitor's work on a day of one hour: neither the sleep nor the other jobs have to do with it."""
    groups = {"visitor": Group(60, 60, 0), "new": Group(600, 600, 0), "resident": Group(600, 600, 0)}
    must = activity("must", 120, optional=False)
    asked = rules(must, *(activity(f"other-{k}", crew={"new": 1}) for k in range(3)), groups=groups)
    with pytest.raises(NoPlan) as caught:
        planned(asked, stay())
    day = "visitor-1: at most 60 min of work on day"
    assert caught.value.clashing == ("must: must be done", f"{day} 0", f"{day} 1")


def test_without_any_one_of_what_clashes_there_is_a_plan():
    """A pass that must be caught within the first half hour, in which there is none."""
    talk = activity("talk", 30, over=KARACHI, optional=False, after_hatch=(0.0, 0.5))
    asked = problem(
        rules(talk), days(rules(), ZERO, HATCH, UNDOCKING, GRID), sky(stay(), rules().physics), HATCH, UNDOCKING
    )
    found = clash.clash(asked)
    assert found == (
        "talk: a pass over Karachi above 10 deg",
        "talk: begins 0 to 0.5 h after the hatch opens",
        "talk: must be done",
    )
    every = clash.groups(asked)
    assert clash._impossible(asked, every, list(found))
    for name in found:
        assert not clash._impossible(asked, every, [x for x in every if x != name])


def test_what_is_asked_of_nothing_clashes_by_itself():
    tall = activity("tall", 60, power=2000.0, optional=False)
    with pytest.raises(NoPlan, match="station: power of 1000 at most; tall: must be done"):
        planned(rules(tall), stay())


# ---- the re-check, on plans damaged by hand


def moved(plan, name, hours, number=1):
    """One time of an activity, so much later."""
    by = hours * HOUR
    entries = (
        replace(e, start=e.start + by, end=e.end + by, runs=e.runs + by)
        if (e.activity, e.number) == (name, number)
        else e
        for e in plan.entries
    )
    return replace(plan, entries=tuple(entries))


def at(plan, name, t, number=1):
    """One time of an activity, at `t` s."""
    start = next(e.start for e in plan.entries if (e.activity, e.number) == (name, number))
    return moved(plan, name, (t - start) / HOUR, number)


def without(plan, name):
    return replace(plan, entries=tuple(e for e in plan.entries if e.activity != name))


def changed(plan, name, **keys):
    """The plan, of which one activity was asked otherwise."""
    activities = tuple(replace(a, **keys) if a.name == name else a for a in plan.rules.activities)
    return replace(plan, rules=replace(plan.rules, activities=activities))


def start_of(plan, name, number=1):
    return next(e.start for e in plan.entries if (e.activity, e.number) == (name, number))


def alone(plan, name, people):
    entries = (replace(e, people=people) if e.activity == name else e for e in plan.entries)
    return replace(plan, entries=tuple(entries))


def blocks(plan, kind, **keys):
    """The first block of a kind changed."""
    first = next(b for b in plan.blocks if b.kind == kind)
    return replace(plan, blocks=tuple(replace(b, **keys) if b is first else b for b in plan.blocks))


def blocks_gone(plan, kind):
    return replace(plan, blocks=tuple(b for b in plan.blocks if b.kind != kind))


def late_meal(plan):
    meal = next(b for b in plan.blocks if b.kind == "meal")
    return blocks(plan, "meal", start=meal.start + 3.2 * HOUR, end=meal.end + 3.2 * HOUR)


def brief_meal(plan):
    meal = next(b for b in plan.blocks if b.kind == "meal")
    return blocks(plan, "meal", end=meal.start + 5 * MINUTE)


DAMAGE = {
    "quiet from the undocking": (recheck.QUIET, lambda p: at(p, "still", UNDOCKING - 2.1 * HOUR), "undocking"),
    "quiet from another activity": (recheck.QUIET, lambda p: at(p, "shake", start_of(p, "still")), "shake"),
    "daylight": (recheck.LIGHT, lambda p: moved(p, "photo", 0.77), "no daylight"),
    "night": (recheck.LIGHT, lambda p: moved(p, "stars", 0.77), "no night"),
    "no crossing": (recheck.ANOMALY, lambda p: at(p, "dose", HATCH), "no whole crossing"),
    "inside the anomaly": (recheck.ANOMALY, lambda p: at(p, "stars", dict(p.strips)["anomaly"][0][0]), "s inside"),
    "no pass": (recheck.PASS, lambda p: moved(p, "talk", 0.75), "longest whole pass over Karachi is 0 s"),
    "half a pass": (recheck.PASS, lambda p: shorter(p, "talk"), "Karachi"),
    "no relay": (
        recheck.RELAY,
        lambda p: replace(p, rules=replace(p.rules, physics=replace(p.rules.physics, relay_mask=3.4e7))),
        "no relay for",
    ),
    "before the hatch": (recheck.STAY, lambda p: at(p, "welcome", HATCH - 600.0), "10.0 min outside"),
    "after the undocking": (recheck.STAY, lambda p: at(p, "photo", UNDOCKING), "outside the stay"),
    "left out": (recheck.ORDER, lambda p: without(p, "photo"), "1 of 1 times not planned"),
    "too soon after": (recheck.ORDER, lambda p: at(p, "second", start_of(p, "link") + 50 * MINUTE), "after link"),
    "not after at all": (recheck.ORDER, lambda p: without(p, "link"), "link was not done before"),
    "too soon again": (recheck.ORDER, lambda p: at(p, "still", start_of(p, "still") + 2 * HOUR, 2), "again 2.00 h"),
    "late after the hatch": (recheck.ORDER, lambda p: moved(p, "welcome", 2.0), "after the hatch"),
    "early before the undocking": (recheck.ORDER, lambda p: moved(p, "farewell", -2.0), "before the undocking"),
    "two things at once": (recheck.PEOPLE, lambda p: at(p, "photo", start_of(p, "talk")), "talk"),
    "in bed": (recheck.PEOPLE, lambda p: at(p, "photo", p.waking[0].end + HOUR), "sleep"),
    "a hand too few": (recheck.PEOPLE, lambda p: alone(p, "talk", ("visitor-1",)), "1 people too few"),
    "too much work": (recheck.HOURS, lambda p: changed(p, "second", minutes=500), "min of work"),
    "no exercise": (recheck.HOURS, lambda p: blocks(p, "exercise", people=()), "of exercise"),
    "a short night": (recheck.HOURS, lambda p: blocks(p, "sleep", end=p.waking[0].end + 5 * HOUR), "5.0 h of sleep"),
    "no sleep": (recheck.HOURS, lambda p: blocks_gone(p, "sleep"), "0.0 h of sleep"),
    "no meal": (recheck.HOURS, lambda p: blocks_gone(p, "meal"), "people without it"),
    "a meal without one of them": (recheck.HOURS, lambda p: blocks(p, "meal", people=("new-1",)), "without it"),
    "a meal at another hour": (recheck.HOURS, late_meal, "h, allowed"),
    "a brief meal": (recheck.HOURS, brief_meal, "too brief"),
    "a rack taken twice": (recheck.STORES, lambda p: changed(p, "photo", rack="r1"), "rack r1"),
    "too much power": (recheck.STORES, lambda p: changed(p, "still", power=1200.0), "1200 of 1000 W"),
    "too much downlink": (recheck.STORES, lambda p: changed(p, "link", downlink=101.0), "101 of 100 Mbit/s"),
    "too little stowage": (recheck.STORES, lambda p: changed(p, "second", cold=10.5), "10.5 of 10 l"),
    "too much up": (recheck.STORES, lambda p: changed(p, "still", up=51.0), "102.0 of 100 kg"),
    "too much down": (recheck.STORES, lambda p: changed(p, "second", down=101.0), "101.0 of 100 kg"),
    "three on two devices": (recheck.STORES, lambda p: replace(p, rules=replace(p.rules, devices=0)), "devices"),
}


def shorter(plan, name):
    """An activity that ends in the middle of its pass."""
    entries = []
    for e in plan.entries:
        if e.activity == name:
            piece = recheck._piece(flown().path, e.start, e.end)
            over = plan.rules.activity(name).conditions.over
            site = recheck.Site("", *(x * 3.141592653589793 / 180.0 for x in (over.latitude, over.longitude)), 20.0)
            top = next(x.t for x in recheck.passes(piece, flown().world, site, 10.0) if x.kind == "culmination")
            e = replace(e, end=top, runs=top)
        entries.append(e)
    return replace(plan, entries=tuple(entries))


@pytest.mark.parametrize("kind", DAMAGE)
def test_the_recheck_finds_what_is_broken(each, kind):
    rule, damage, words = DAMAGE[kind]
    if kind == "a rack taken twice":
        each = at(each, "photo", start_of(each, "still") + 10 * MINUTE)
    record = judged(damage(each), flown())
    found = [b for b in record.broken if b.rule == rule and words in b.what]
    assert found, record.broken
    assert all(b.by > 0.0 for b in found)
    check = next(c for c in week_checks(record) if c.rule == f"week: {rule}")
    assert not check.passed and check.value >= len(found)


def test_the_day_of_return_moves_with_the_undocking_and_nothing_else_does(each):
    late = as_flown(each, UNDOCKING + 600.0)
    last = each.waking[-1].start
    for before, after in zip(each.entries, late.entries, strict=True):
        assert after.start - before.start == (600.0 if before.start >= last else 0.0)
    shifted = replace(flown(), undocking=UNDOCKING + 600.0, shaken=(("undocking", UNDOCKING + 600.0),))
    record = judged(each, shifted)
    assert record.shift == 600.0
    assert {b.rule for b in record.broken} <= {recheck.LIGHT, recheck.ANOMALY, recheck.PASS, recheck.RELAY}


def test_a_condition_that_holds_at_the_forecast_is_asked_of_the_flown_orbit(each):
    """The station half a revolution late: light and passes are broken, what people do is not."""
    path = made_week.circle()
    half = replace(path, t=path.t + 46.2 * MINUTE)
    late = replace(flown(), path=half)
    assert {b.rule for b in judged(each, late).broken} >= {recheck.LIGHT, recheck.PASS}
    assert {b.rule for b in judged(each, late).broken} <= {recheck.LIGHT, recheck.PASS, recheck.ANOMALY, recheck.RELAY}


def test_the_recheck_shares_nothing_with_the_maker():
    """But the data of the plan, which both read."""
    own = {"judging", "recheck", "recheck_crew"}
    names = set()
    for file in own:
        tree = ast.parse((paths.ROOT / f"sim/planning/crew/{file}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    ours = {f"sim.planning.crew.{file}" for file in own}
    others = {n for n in names if n.startswith(("sim.planning.crew.", "sim.build", "sim.phases", "ortools"))}
    assert not {n for n in others if not any(n == o or n.startswith(f"{o}.") for o in ours)}
    assert "sim.events" in names


# ---- cards


def test_each_person_has_a_card_with_three_clocks(each):
    for person in each.rules.people:
        shown = cards.text(each, person, ZERO)
        page = cards.html(each, person, ZERO)
        mine = [e for e in each.entries if person.key in e.people]
        assert page.count('class="box"') == len(mine) + sum(b.work and person.key in b.people for b in each.blocks)
        for e in mine:
            utc, islamabad = ZERO.plus(e.start).text("%H:%M"), ZERO.plus(e.start + 5 * HOUR).text("%H:%M")
            beijing = ZERO.plus(e.start + 8 * HOUR).text("%H:%M")
            assert any(line.startswith(utc) and beijing in line and islamabad in line for line in shown.splitlines())
        assert page.count("<section>") == len(each.waking)


def test_a_card_over_midnight_in_beijing_names_both_days():
    """The day of return begins before midnight, and what is done on it lies after."""
    at = ZERO.plus(17.0 * HOUR)  # 23:00 on 5 November
    assert cards.dates(at, Waking(0.0, 0.9 * HOUR)) == "Thursday 05 November"
    assert cards.dates(at, Waking(0.0, 5.0 * HOUR), " %Y") == "Thursday 05 November to Friday 06 November 2026"


def test_the_report_says_what_broke_and_the_chart_shows_what_was_planned():
    from sim.export.stored import PlotData
    from sim.export.week import week_record_dict
    from sim.report.week import week

    record = week_record_dict(made_record(1000.0, 200000.0), ZERO)
    shown = week(PlotData({"week": record}, {}, {}))
    assert "the longest whole pass over Karachi is 90 s of 120 s" in shown and "1 did not hold" in shown
    assert "No plan is worth over 5.6 % more" in shown and "by -2.0 min" in shown
    assert all(f"{p.key}, {p.name}" in shown for p in made_record(0.0, 1.0).plan.rules.people)
    assert week(PlotData({}, {}, {})) == ""


# ---- files


def test_the_shipped_week_is_sound_and_covers_the_agreement():
    from sim.catalogue.facts import fact

    week = load("shenzhou-24-pakistan").week
    assert week is not None
    disciplines = {a.discipline for a in week.activities} - {"duty"}
    assert disciplines == set(fact("science.pakistan_disciplines").value)
    assert {"zebrafish", "flatworms", "bacteria"} <= {a.name for a in week.activities}
    assert week.station.down_kg == 100.0
    assert load("shenzhou-20").week is None


WRONG = {  # KEY=VALUE: what the answer says
    "activities.1.rack=furnance": ("activities.1.rack", "did you mean 'furnace'"),
    "activities.9.over.place=lahore": ("activities.9.over.place", "a place of this file: karachi, islamabad"),
    "activities.8.after=['airlock-in']": ("activities.8.after", "'airlock-in' waits for itself"),
    "activities.5.power_w=2000.0": ("activities.5.power_w", "at most 1500, station.power_w"),
    "activities.7.power_w=600.0": ("activities.7.power_w", "at most 500, power_w of the rack 'airlock'"),
    "activities.2.every_h=[40.0, 18.0]": ("activities.2.every_h", "40.0 to 18.0"),
    "activities.3.name=welcome": ("activities.3.name", "which activities.0 has"),
    "activities.4.run_min=30": ("activities.4.run_min", "without a rack"),
    "people.visitor.work_first_min=500": ("people.visitor.work_first_min", "at most work_min, 390"),
    "activities.10.crew={}": ("activities.10.crew", "one of visitor, new"),
    "activities.6.discipline=magic": ("activities.6.discipline", "'duty'"),
    "station.down_kg=-1.0": ("station.down_kg", "-1"),
}


def test_all_that_is_wrong_in_a_week_is_reported_at_once():
    with pytest.raises(ScenarioError) as caught:
        load_week("pakistan", list(WRONG))
    lines = [str(problem) for problem in caught.value.problems]
    for key, words in WRONG.values():
        assert any(f"{key}: " in line and words in line for line in lines), (key, lines)


def test_a_week_with_more_people_than_the_crew_is_refused(tmp_path):
    raw = (
        (paths.WEEKS / "pakistan.toml")
        .read_text("utf-8")
        .replace("{ visitor = 1, new = 1 }", "{ visitor = 2, new = 1 }")
    )
    (tmp_path / "two.toml").write_text(raw, "utf-8")
    with pytest.raises(ScenarioError, match="'live-talk' needs 2 of 'visitor'; allowed: at most 1, whom"):
        load("shenzhou-24-pakistan", [f"week={tmp_path / 'two.toml'}"])


def test_the_command_refuses_what_is_no_week():
    done = CliRunner().invoke(app, ["week", "shenzhou-20"])
    assert done.exit_code == 2 and "names no week" in done.output
    done = CliRunner().invoke(app, ["check", "pakistan"])
    assert done.exit_code == 0 and "zebrafish" in done.output
    assert "pakistan" in text.catalogue(paths.WEEKS)
