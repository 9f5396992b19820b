"""Lift-offs that a catalogue closes: an object in the way of one second of the window, and the command that says so.

Some 6 s: a plan of two days, ten ascents, and the command once.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.api.launch_windows import LaunchWindows
from sim.ascent.optimum import Ascents
from sim.cli.main import app
from sim.conjunctions.avoidance_screening import from_teme
from sim.conjunctions.screened_craft import dates_of
from sim.conjunctions.screening_catalogue import parse_catalogue
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.interchange.files import mean_elements_text
from sim.planning.launch.cola import ColaRule, _path
from sim.planning.launch.plan import plan
from sim.planning.station_outlook import Asked, setting
from sim.scenario import load
from tests.result_schemas import problems
from tests.seasons import MISSION
from tests.test_avoid import crossing

FIRST, DAYS = Epoch.from_utc("2026-10-24T00:00:00Z"), 2.0
AFTER = 3000.0  # s after lift-off, near the apogee, at which the object is in the way
LATER = 7.4  # s after the planned second: the lift-off that would hit it
RULE = ColaRule(miss_m=5e3)


@pytest.fixture(scope="module")
def found():
    return plan(setting(load(MISSION), Asked(FIRST, DAYS)))


@pytest.fixture(scope="module")
def opportunity(found):
    return next(c for c in found.opportunities if c.usable and c.usable[0] + 30.0 < c.liftoff < c.usable[1] - 30.0)


@pytest.fixture(scope="module")
def ascents(found):
    outlook = found.setting
    return Ascents(outlook.ascent, outlook.station, outlook.path, outlook.world)


@pytest.fixture(scope="module")
def text(found, opportunity, ascents):
    """A catalogue of an object that the ship would hit, had it risen 7.4 s late, and of one 300 km higher."""
    liftoff = opportunity.liftoff + LATER
    path = _path(ascents, found.margins[opportunity.crossing.branch].steering, liftoff)
    r, v, _ = (x[0] for x in path.at([liftoff + AFTER]))
    at = found.setting.zero.plus(liftoff + AFTER)
    near = crossing(at, r, v, (0.0, 0.0, 0.0), 90001, "NEAR")
    far = crossing(at, r, v, (300e3, 0.0, 0.0), 90002, "FAR")
    return mean_elements_text([far, near], "tle", "2026-10-24T00:00:00")


def test_the_closed_seconds_are_those_whose_own_ascent_passes_the_object_too_near(found, opportunity, ascents, text):
    """Ascents flown at both ends of the blackout, half a second inside and outside, against SGP4 at every hundredth of
    a second: 0.5 s moves the ship 3.7 km of the 5 km. The hit itself is found to 200 m: the lift-offs next to it lie a
    quarter second off at most, and a line through them leaves metres."""
    read = parse_catalogue(text, "made")
    windows = LaunchWindows(found, None).screened(read, RULE)
    k = found.opportunities.index(opportunity)
    (one,) = windows.cola.closed[k]
    assert one.names == ("90001 NEAR",) and one.why == "miss below 5 km" and one.miss_m < 200.0
    assert one.start_s < opportunity.liftoff + LATER < one.end_s
    assert one.end_s - one.start_s == pytest.approx(
        2.0 * 5.0 / 7.4, abs=0.7
    )  # as fast as it flies over the turning pad
    steering, zero = found.margins[opportunity.crossing.branch].steering, found.setting.zero
    for edge, sign in ((one.start_s, -1.0), (one.end_s, 1.0)):
        for side, inside in ((-0.5 * sign, True), (0.5 * sign, False)):
            liftoff = edge + side
            path = _path(ascents, steering, liftoff)
            times = one.closest_s + np.arange(-20.0, 20.0, 0.01)
            _, place, _ = read.group.records[1].sgp4_array(*dates_of(zero, times))
            turned = from_teme(zero, [one.closest_s])[0] @ (1e3 * place).T
            least = np.linalg.norm(turned.T - path.at(times)[0], axis=1).min()
            assert (least < RULE.miss_m) == inside, (edge, side, least)
    parts = windows.rows()[k]["clear"]
    assert len(parts) == 2 and windows.rows()[k]["lift_off_clear"]
    assert "90001 NEAR" in "\n".join(windows.lines())
    beside = LaunchWindows(found, None).screened(read, ColaRule(miss_m=5e3, skip=(90001,)))
    assert not any(beside.cola.closed)


def test_the_command_writes_them_within_the_schema_and_nothing_without_a_catalogue(opportunity, text, tmp_path):
    """Keys are gained, none is changed: the schema stays version 1, and without a catalogue none is there."""
    catalogue, out = tmp_path / "made.tle", tmp_path / "out"
    catalogue.write_text(text, "utf-8")
    words = ["windows", MISSION, "--from", "2026-10-24", "--days", "2", "--quiet", "--json"]
    done = CliRunner().invoke(app, [*words, "--catalog", str(catalogue), "--cola", "5", "--out", str(out)])
    assert done.exit_code == 0, done.output
    with_it = json.loads((out / "windows.json").read_text())
    assert problems("windows", with_it, whole=True) == []
    assert with_it["schema"] == 1 and with_it["collision_avoidance"]["miss_km"] == 5.0
    (row,) = [r for r in with_it["windows"] if r["profile"] == opportunity.profile.key and r["blackouts"]]
    assert [b["object"] for b in row["blackouts"]] == ["90001 NEAR"]
    plain = json.loads(CliRunner().invoke(app, words).stdout)
    assert "collision_avoidance" not in plain
    gained = {"looked_at_utc", "blackouts", "clear", "lift_off_clear"}
    assert [{k: v for k, v in r.items() if k not in gained} for r in with_it["windows"]] == plain["windows"]
    assert (out / "windows.png").stat().st_size > 10_000 and "90001 NEAR" in (out / "windows.csv").read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--catalog", "{missing}"], "no such file"), (["--catalog", "{missing}", "--cola", "0"], "--cola")],
)
def test_bad_input_ends_with_2(words, says, tmp_path):
    given = [w.format(missing=tmp_path / "missing") for w in words]
    done = CliRunner().invoke(app, ["windows", MISSION, "--from", "2026-10-24", "--days", "1", *given])
    assert done.exit_code == 2 and says in done.output


def test_a_rule_out_of_its_bounds_is_refused():
    from sim.api.planning import cola_rule

    with pytest.raises(BadInput, match="cola: found 0; write km from 1 to 100"):
        cola_rule(0.0, ())
