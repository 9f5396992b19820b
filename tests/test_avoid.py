"""The command `avoid` and the screening of burned paths, against made catalogues of one or two objects.

Some 8 s: six flights of a day, and four commands.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.api.avoid_plans import of_craft
from sim.api.avoid_terms import checked_terms
from sim.api.screened import Given
from sim.cli.main import app
from sim.conjunctions.avoidance_craft import in_orbit, own_burns
from sim.conjunctions.avoidance_plan import Engine, Request, plan_avoidance, states_of
from sim.conjunctions.avoidance_screening import (
    Surroundings,
    from_teme,
    met_by,
    plan_screened,
    same_object,
    station_rows,
)
from sim.conjunctions.encounter import rtn_axes
from sim.conjunctions.screened_craft import DAY, ElementCraft, PathCraft, dates_of
from sim.conjunctions.screening_catalogue import parse_catalogue
from sim.conjunctions.screening_covariance import age_model
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.files.errors import BadInput
from sim.interchange.files import mean_elements_text
from sim.plots.avoidance import draw
from sim.propagation.force_model import BurnChoice, ImpulseChoice
from sim.propagation.propagate import propagate
from tests.made_conjunctions import RULE, made_cases, station
from tests.made_secondary import through
from tests.test_screening_catalogue import elements

SPAN_S = 93000.0
CDM = "tests/data/conjunctions/hst_delta2_eme2000.cdm"
BEGIN = "2026-07-05T12:00:00Z"
CREATED = "2026-07-05T12:00:00"


def crossing(at: Epoch, r: np.ndarray, v: np.ndarray, miss_rtn, number: int, name: str):
    """An element set that crosses the path of a state in GCRF at 75 deg, as fast as it, at a miss in R, T, N."""
    axes, speed, angle = rtn_axes(r, v), float(np.linalg.norm(v)), math.radians(75.0)
    w = speed * np.array([0.0, math.cos(angle) - 1.0, math.sin(angle)])
    return through(at, r + axes.T @ np.asarray(miss_rtn, dtype=float), v + axes.T @ w, number, name)


def catalogue_of(sets):
    return parse_catalogue(mean_elements_text(list(sets), "tle", CREATED), "made")


def run(*words: object):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture(scope="module")
def threatened(tmp_path_factory):
    """The station's set of July 2026, a module docked to it, and an object that crosses its path 60 m above it, 20 h
    after the begin."""
    zero = Epoch.from_utc(BEGIN)
    own = elements()
    at = zero.plus(20.0 * 3600.0)
    r, v = ElementCraft(own).states(at, np.zeros(1))
    turn = from_teme(at, [0.0])[0]
    near = crossing(at, turn @ r[0], turn @ v[0], (60.0, 0.0, 0.0), 90001, "NEAR")
    path = tmp_path_factory.mktemp("avoid") / "catalogue.tle"
    path.write_text(mean_elements_text([own, replace(own, number=53239, name="MODULE"), near], "tle", CREATED), "utf-8")
    return path, at


# ---- the burned path, screened


def test_what_the_burned_path_meets_is_planned_round():
    """An object that nobody named flies where the smallest burn leads, 90 min after the conjunction; another stays far.
    The screening finds it to 3 ms and 20 m (a TLE's last digits of angles are 12 m), and the second plan clears
    both: along its path, by states of every tenth of a second, the object stays outside the rule."""
    orbit = station(SPAN_S)
    nominal = propagate(orbit).trajectory
    case = next(c for c in made_cases(nominal, 3) if c.kind == "cross")
    request = Request(RULE, engine=Engine(0.0, 290.0), not_before_s=case.not_before)
    first = plan_avoidance(orbit, case.conjunctions, request)
    burned = propagate(replace(orbit, impulses=(ImpulseChoice(first.burn.time_s, first.burn.rtn, "rtn", 290.0),)))
    t = case.conjunctions[0].time_s + 5400.0
    (would,) = states_of(burned.trajectory)(np.array([t]))
    at = orbit.epoch.plus(t)
    near = crossing(at, would[:3], would[3:], (0.0, 0.0, 0.0), 90001, "NEAR")
    far = crossing(at, would[:3], would[3:], (60e3, 0.0, 0.0), 90002, "FAR")
    read = catalogue_of([far, near])
    around = Surroundings(read, 5e3, 40.0, age_model(orbit.epoch))
    craft = PathCraft("station", burned.trajectory, orbit.epoch)
    met = met_by(craft, around, orbit.epoch, (first.burn.time_s, SPAN_S), None)
    (one,) = [c for c in met.conjunctions if abs(c.time_s - t) < 1.0]
    assert one.name == "90001 NEAR" and one.time_s == pytest.approx(t, abs=3e-3)
    assert np.linalg.norm(one.encounter.miss) < 20.0
    made = plan_screened(orbit, PathCraft("station", nominal, orbit.epoch), case.conjunctions, around, request)
    assert made.rounds >= 2 and made.plan.cleared and not any(judged.breaks for judged in made.met)
    assert [c.name for c in made.known if c.name.startswith("9")][0] == "90001 NEAR"
    assert made.plan.burn.dv_m_s != first.burn.dv_m_s
    again = propagate(
        replace(orbit, impulses=(ImpulseChoice(made.plan.burn.time_s, made.plan.burn.rtn, "rtn", 290.0),))
    ).trajectory
    times = np.arange(t - 20.0, t + 20.0, 0.1)
    _, place, _ = read.group.records[1].sgp4_array(*dates_of(orbit.epoch, times))
    turned = np.einsum("nij,nj->ni", from_teme(orbit.epoch, times), 1e3 * place)
    least = float(np.linalg.norm(turned - states_of(again)(times)[:, :3], axis=1).min())
    seen = next(j for j in made.met if j.name == "90001 NEAR" and abs(j.time_s - t) < 20.0)
    assert least == pytest.approx(seen.miss_m, abs=500.0) and least > 100.0


def test_what_crosses_the_stations_path_is_not_taken_for_docked(threatened):
    """At the very time of the crossing, 60 m away; the module with the station's own set is."""
    path, at = threatened
    read = parse_catalogue(path.read_text("utf-8"), "made")
    assert station_rows(read, 48274, at) == [0, 1] and station_rows(read, 1, at) == []


def test_the_name_of_an_object_is_its_number():
    assert same_object("123 A", "123 B") and same_object("", "")
    assert not same_object("123 A", "124 A") and not same_object("A 1", "A 2")


# ---- from a CDM


def test_a_message_is_cleared_for_a_millimetre_a_second_and_judged_again(tmp_path):
    """Hubble and a Delta stage: before, the probability that `conjunction` gives; after, at most the limit; by a burn
    as small as two bodies need: half a revolution before, 4 dv / n radially, for the metres that the narrow sigma
    asks."""
    out = tmp_path / "out"
    done = run("avoid", CDM, "--json", "--quiet", "--out", out)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    (craft,) = found["craft"]
    (one,) = craft["conjunctions"]
    assert one["before"]["probability"] == pytest.approx(sim.conjunction(CDM).probability, rel=1e-6)
    assert one["before"]["breaks"] and not one["after"]["breaks"] and craft["decision"] == "burn"
    assert 0.9e-4 < one["after"]["probability"] <= 1e-4
    burn = craft["burn"]
    assert 0.0005 < burn["dv_m_s"] < 0.005 and burn["dv_rtn_m_s"][0] == burn["dv_rtn_m_s"][2] == 0.0
    assert craft["rescreened"] is None and craft["remarks"]
    tca = Epoch.from_utc(one["before"]["tca_utc"])
    assert tca.since(Epoch.from_utc(burn["utc"])) >= 900.0
    assert (out / "avoidance.png").stat().st_size > 10_000 and (out / "manifest.json").exists()
    written = json.loads((out / "avoidance.json").read_text())["craft"][0]["burn"]
    assert written["utc"] == burn["utc"] and written["dv_m_s"] == pytest.approx(burn["dv_m_s"], rel=1e-9)


def test_a_missing_covariance_is_the_worst_one_as_conjunction_takes_it(tmp_path):
    """Of the second object NaN: 3.4e-3 with the worst one, 1e-6 by the first object's errors alone, which is no rule
    broken. Of both: refused. 2 s."""
    head, own, other = Path(CDM).read_text(encoding="utf-8").partition("OBJECT2")
    unknown = tmp_path / "one.cdm"
    unknown.write_text(head + own + re.sub(r"(?m)^CR_R\s*=.*$", "CR_R = NaN", other), encoding="utf-8")
    (one,) = sim.avoid(unknown).content()["craft"][0]["conjunctions"]
    assert one["before"]["probability"] == pytest.approx(sim.conjunction(unknown).probability, rel=1e-6)
    assert one["before"]["probability"] > 1e-3 and one["before"]["breaks"]
    unknown.write_text(re.sub(r"(?m)^CR_R\s*=.*$", "CR_R = NaN", head + own + other), encoding="utf-8")
    done = run("avoid", unknown, "--quiet", "--out", tmp_path / "out")
    assert done.exit_code == 2 and "neither object has a covariance" in done.output
    assert not (tmp_path / "out").exists()


def test_a_message_that_breaks_no_rule_and_one_that_cannot_be_cleared():
    """Exit codes 0 and 3; both reasons have the numbers."""
    calm = run("avoid", CDM, "--pc", "0.01", "--quiet")
    assert calm.exit_code == 0 and "NOTHING TO DO: no conjunction breaks the rule" in calm.stdout
    small = run("avoid", CDM, "--max-dv", "0.0005", "--quiet")
    assert small.exit_code == 3 and "CANNOT BE CLEARED" in small.stdout and "at most 0.0005 is allowed" in small.stdout
    late = run("avoid", CDM, "--not-before", "2021-03-15T21:25:00Z", "--quiet")
    assert late.exit_code == 3 and "900 s must lie between" in late.stdout


def test_a_message_with_a_radius_of_zero_is_refused_as_the_option_is(tmp_path):
    made = tmp_path / "zero.cdm"
    message = Path(CDM).read_text("utf-8")
    made.write_text(re.sub(r"(?m)^COMMENT HBR.*$", "COMMENT HBR = 0.0 [m]", message), "utf-8")
    for words, where in (((made,), "zero.cdm: HBR: found 0"), ((CDM, "--radius", "0"), "--radius: found 0")):
        done = run("avoid", *words, "--quiet")
        assert done.exit_code == 2 and where in done.output and "allowed: m above 0, to 1000" in done.output


def test_no_two_labels_of_the_picture_overlap():
    """Twenty conjunctions with one miss, and eight real ones; 0.5 s."""
    misses = [6954.0, 7311.0, 7726.0, 8742.0, 10250.0, 10843.0, 11500.0, 5453.0] + [30000.0] * 20
    data = {
        "name": "tiangong",
        "decision": "cannot be cleared",
        "zero": Epoch.from_utc(BEGIN),
        "rule": (1e-4, 50000.0),
        "names": [f"{50000 + k} AN OBJECT WITH A LONG NAME" for k in range(28)],
        "tca_h": [3.0 * k for k in range(28)],
        "before": [(m, 1e-20) for m in misses],
        "after": [],
        "candidates": [],
        "burn": None,
        "most": 5.0,
        "broken_h": [3.0 * k for k in range(28)],
    }
    figure = draw(data)
    axes = figure.axes[0]
    renderer = figure.canvas.get_renderer() if hasattr(figure.canvas, "get_renderer") else None
    figure.draw_without_rendering()
    boxes = [t.get_window_extent(renderer) for t in axes.texts]
    assert len(boxes) == 29 and "and 16 more" in axes.texts[-1].get_text()
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])
    assert all(figure.bbox.x1 > box.x1 for box in boxes)


def test_waiting_for_an_update_is_weighed():
    done = run("avoid", CDM, "--update", "2021-03-15T06:00:00Z=0.3", "--update", "2021-03-15T21:00:00Z=0.3", "--json")
    early, late = json.loads(done.stdout)["craft"][0]["waiting"]
    assert 0.0 < early["clears_probability"] < 1.0 and early["burn_left"] is not None
    assert late["burn_left"] is None and not late["wait"]
    decision = json.loads(done.stdout)["craft"][0]["decision"]
    assert decision == ("wait" if early["wait"] else "burn")


# ---- a craft against a catalogue


def test_the_station_is_taken_past_an_object_of_a_catalogue(threatened):
    path, at = threatened
    words = ("avoid", "css-2026-07-03", "--catalog", path, "--from", BEGIN, "--days", "1", "--miss", "2000", "--quiet")
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    (craft,) = json.loads(done.stdout)["craft"]
    hit = min(craft["conjunctions"], key=lambda c: c["before"]["miss_m"])
    assert hit["name"] == "90001 NEAR" and set(craft["broken"]) == {"90001 NEAR"}
    assert abs(Epoch.from_utc(hit["before"]["tca_utc"]).since(at)) < 0.01
    assert hit["before"]["miss_m"] == pytest.approx(60.0, abs=2.0)
    assert craft["decision"] == "burn"
    assert all(not c["after"]["breaks"] for c in craft["conjunctions"])
    assert not craft["rescreened"]["unmet"] and craft["rescreened"]["least_miss_m"] > hit["before"]["miss_m"]
    assert any("53239 MODULE" in remark for remark in craft["remarks"])
    burn = craft["burn"]
    assert burn["propellant_kg"] == pytest.approx(craft["mass_kg"] * burn["dv_m_s"] / (9.80665 * 290.0), rel=1e-3)
    text = run(*words).stdout
    assert f"BURN {burn['utc']}: R +0.0000, T {burn['dv_rtn_m_s'][1]:+.4f}" in text and "screened again" in text


def test_the_phase_is_kept_for_the_ship_that_comes_or_the_reason_says_why_not(threatened):
    """An arrival four hours after the object: within the phase that is asked for; a millionth of it leaves no burn."""
    path, at = threatened
    words = ("avoid", "css-2026-07-03", "--catalog", path, "--from", BEGIN, "--days", "1", "--miss", "2000", "--quiet")
    arrival = ("--arrival", at.plus(4 * 3600.0).utc(0))
    free = json.loads(run(*words, *arrival, "--json").stdout)["craft"][0]["burn"]
    limit = 0.5 * abs(free["phase_deg"])
    kept = run(*words, *arrival, "--phase", f"{limit:.6f}", "--json")
    burn = json.loads(kept.stdout)["craft"][0]["burn"]
    assert kept.exit_code == 0 and abs(burn["phase_deg"]) < 1.03 * limit and burn["dv_m_s"] > free["dv_m_s"]
    none = run(*words, *arrival, "--phase", "0.00001")
    assert none.exit_code == 3 and "changes the phase by more than the 1e-05 deg allowed" in none.stdout


def test_a_ship_on_its_way_keeps_its_own_burns():
    """Flown with two burns; they are read back from the path within 1 %, and the path itself to 200 m in four hours:
    one direction stands for a thrust that follows the orbit, which in 20 s loses 1e-4 of 12 m/s, 50 m, each time. The
    avoidance burn is at one of them."""
    forward, flow = np.array([0.0, 1.0, 0.0]), 5000.0 / (290.0 * 9.80665)
    flown = [BurnChoice(t, 20.0, 5000.0, forward, "rtn", flow) for t in (3000.0, 5700.0)]
    orbit = replace(station(20000.0), mass=8000.0, drag_area=20.0, burns=tuple(flown))
    path = propagate(orbit).trajectory
    burns, impulses = own_burns(path, 0.0, 20000.0)
    assert not impulses and [b.start for b in burns] == pytest.approx([3000.0, 5700.0], abs=1e-6)
    assert [b.thrust for b in burns] == pytest.approx([5000.0] * 2, rel=0.01)
    again = propagate(replace(orbit, burns=tuple(burns))).trajectory
    assert np.linalg.norm(again.at([17000.0])[0] - path.at([17000.0])[0]) < 200.0
    assert in_orbit(path) == (0.0, 20000.0)
    craft = PathCraft("shenzhou-99", path, orbit.epoch)
    r, v, _ = (x[0] for x in path.at([16000.0]))
    at = orbit.epoch.plus(16000.0)
    read = catalogue_of([crossing(at, r, v, (30.0, 0.0, 0.0), 90001, "NEAR")])
    terms = checked_terms(sim.AvoidanceTerms(planned_times=True), sim.Near())
    made = of_craft(
        Given("ship", lambda *_: [craft], (orbit.epoch, None)), read, (orbit.epoch, 20000.0), terms, lambda *_: None
    )
    (planned,) = made.craft
    assert planned.cleared and planned.orbit.mass == 8000.0 and planned.plan.request.engine.thrust_n == 5000.0
    assert planned.plan.burn.time_s == pytest.approx(3010.0) or planned.plan.burn.time_s == pytest.approx(5710.0)
    assert not planned.unmet and min(j.miss_m for j in planned.made.met) > 30.0


def test_a_craft_that_never_flies_free_is_refused():
    t = np.linspace(0.0, 600.0, 11)
    r = np.column_stack([6.378e6 + 100.0 * t, 0.0 * t, 0.0 * t])
    up = Trajectory(t, r, np.tile([100.0, 0.0, 0.0], (11, 1)), np.zeros((11, 3)), np.ones(11))
    assert in_orbit(up) is None
    zero = Epoch.from_utc(BEGIN)
    given = Given("rocket", lambda *_: [PathCraft("rocket", up, zero)], (zero, None))
    terms = checked_terms(sim.AvoidanceTerms(), sim.Near())
    with pytest.raises(BadInput, match="in which nothing of 'rocket' is in orbit"):
        of_craft(given, catalogue_of([elements()]), (zero, DAY), terms, lambda *_: None)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("css-2026-07-03",), "--catalog"),
        (("css-2026-07-03", "--catalog", "{missing}"), "no such file"),
        (("{cdm}", "--pc", "2"), "--pc"),
        (("{cdm}", "--max-dv", "0"), "--max-dv"),
        (("{cdm}", "--update", "soon"), "DATE=SHARE"),
        (("{cdm}", "--update", "2021-03-15T06:00:00Z=2"), "between 0 and 1"),
        (("{cdm}", "--mass", "-1"), "--mass"),
        (("{cdm}", "--from", "2021-03-16"), "before the closest approach"),
        (("{cdm}", "--set", "a=1"), "none for a CDM"),
        (("{cdm}", "--planned-burns"), "found no burn"),
        (("nope", "--catalog", "{missing}"), "no such"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_write(words, says, tmp_path):
    out = tmp_path / "out"
    done = run("avoid", *(w.format(cdm=CDM, missing=tmp_path / "missing") for w in words), "--quiet", "--out", out)
    assert done.exit_code == 2 and says in done.output, done.output
    assert not out.exists()
