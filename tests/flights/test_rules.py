"""Every rule of a flight can fail: broken by physics, rule by rule, and none in the code that the table leaves out."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import replace

import pytest
import rules
from flown import fly_whole

from sim.build.mission import build
from sim.mission import fly
from sim.phases.docking import Docking
from sim.planning.docking.at_time import answer
from sim.planning.docking.season import season
from sim.proximity_safety.conditions.judge import NAMES, rule_name
from sim.scenario import load
from sim.scenario.docking_rules import load_rules
from tests.shared import once

JUDGES = {"RuleCheck", "_minimum", "_maximum", "corridor", "speed_limit", "no_return"}
VALUE = "inf|[-+.e0-9]+"
ROW = re.compile(rf"^\| (?P<rule>[^|]+) \| [^|]+ \| [^|]+ \| (?P<value>{VALUE})[^|]* \| [^|]+ \| broken \|$", re.M)


@pytest.fixture(scope="session")
def moved(tmp_path_factory):
    """A ship that is moved from port to port."""
    return once(tmp_path_factory, "port-relocation", lambda: fly_whole("port-relocation"))


@pytest.fixture(scope="session")
def flights(pakistan, april_2025, moved):
    return rules.Flights(pakistan, april_2025, moved)


@pytest.fixture(scope="module")
def listed():
    """Rule -> the value by which the page says that it was broken."""
    return {row["rule"]: float(row["value"]) for row in ROW.finditer(rules.PAGE.read_text("utf-8"))}


@pytest.mark.parametrize("each", rules.BREAKS, ids=lambda each: each.words[:40])
def test_each_rule_fails_where_the_page_says_so(each, flights, listed):
    verdicts = list(each.flown(flights))
    for rule in each.rules:
        verdict = rules.named(verdicts, rule)
        assert not verdict.passed, verdict
        assert listed[verdict.rule] == pytest.approx(verdict.value, rel=0.02, abs=0.006), verdict


def test_every_rule_that_a_flight_reports_is_on_the_page(flights, listed):
    flown = (flights.pakistan, flights.april, flights.moved)
    assert {v.rule for each in flown for v in each.flight.verdicts} <= set(listed)
    assert [v.rule for each in flown for v in each.flight.verdicts if not v.passed] == []


def test_every_rule_of_the_code_is_on_the_page_and_no_other(listed):
    written = {pattern for path in (rules.ROOT / "sim").rglob("*.py") for pattern in patterns(path)}
    written -= {r"week:\ .+"}  # tests/test_week.py breaks each rule of the week; docs/week.md lists them
    written -= {r"station\ keeping:\ .+"}  # no flight's: tests/test_station_keeping.py breaks them
    assert len(written) > 40
    assert [p for p in written if not any(re.fullmatch(p, rule) for rule in listed)] == []
    assert [rule for rule in listed if not any(re.fullmatch(p, rule) for p in written)] == []


def patterns(path) -> set[str]:
    """Of a file, what each rule check is called, as regular expressions: what stands in braces is anything."""
    found = set()
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in JUDGES and call.args:
                    found |= _called(call.args[0], function, path)
    return found


def _called(name: ast.expr, function: ast.FunctionDef, path) -> set[str]:
    """The first argument of a rule check as patterns; a parameter is another call's argument."""
    if isinstance(name, ast.Constant):
        return {re.escape(name.value)}
    if isinstance(name, ast.JoinedStr):
        return {"".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in name.values)}
    if isinstance(name, ast.Call) and getattr(name.func, "id", "") == "rule_name":
        return {re.escape(rule_name(table)) for table in NAMES}
    assert isinstance(name, ast.Name), f"{path}: {ast.unparse(name)} is no rule's name"
    if name.id in {a.arg for a in function.args.args}:
        return set()
    given = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == name.id for t in node.targets)
    ]
    if given:
        return {p for value in given for p in _called(value, function, path)}
    # A row of a table in the function, of which the name is the first.
    firsts = [n.elts[0] for n in ast.walk(function) if isinstance(n, ast.Tuple) and isinstance(n.ctx, ast.Load)]
    rows = {re.escape(n.value) for n in firsts if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert rows, f"{path}: {name.id} is no rule's name"
    return rows


def test_a_docking_into_the_sun_is_named_by_the_flight_as_by_the_planner():
    """On 28 November 2026 at the nadir port, 2 h after a lift-off that the plane gives, the Sun stands 20 deg from the
    docking camera's axis: `run` breaks the rule that `docking-windows` calls closed. With a camera that the Sun blinds
    within 10 deg: that of the file, 20 deg, may turn the ship back before it touches."""
    port = ("rendezvous.port=nadir", "docked.0.port=forward")
    scenario = load(
        "shenzhou-24-pakistan", (*port, 'launch.window_utc=["2026-11-27T12:00:00Z","2026-11-28T12:00:00Z"]')
    )
    mission = build(scenario)
    until = [phase.name for phase in mission.phases].index("docking")
    last = mission.phases[until]
    assert isinstance(last, Docking)
    own = last.approach.ship
    ship = replace(own, sensors=own.sensors._replace(sun_cosine=math.cos(math.radians(10.0))))
    docking = replace(last, approach=replace(last.approach, ship=ship))
    flight = fly(replace(mission, phases=(*mission.phases[:until], docking)))
    verdict = rules.named(flight.verdicts, "docking rule camera_sun")
    assert not verdict.passed and flight.failed is None
    contact = flight.first("contact").t
    planned = season(scenario, load_rules("tiangong"), flight.epoch(contact - 43200.0), 1.0, None, True)
    answered = answer(planned.plan, flight.epoch(contact).since(planned.plan.zero))
    camera = next(c for c in answered["constraints"] if c["name"] == "camera_sun")
    assert not answered["open"] and not camera["holds"]
    # The planner takes the trim as a turn of the orbit by 48 deg; flown, the station ends 3 deg from there.
    assert camera["margin"] == pytest.approx(verdict.value, abs=3.5)
