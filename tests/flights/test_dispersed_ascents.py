"""Dispersed ascents: draws reach the mission, depend on nothing but seed, run and name, and a campaign can go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from benches.killed_campaign import workers_of
from sim.campaign import directory, table
from sim.campaign.conduct import rerun
from sim.campaign.load import fits, load_campaign
from sim.campaign.phases import PHASES
from sim.campaign.run import Prepared, flown, fly_all, measured, nominal
from sim.files.output_directory import OutdirError
from sim.files.problems import ScenarioError
from sim.uncertainty import targets
from sim.uncertainty.disperse import NotReached, disperse, read_back
from sim.uncertainty.draw import Dispersion, draw
from tests.result_schemas import problems
from tests.tolerance import BOOKKEEPING_KG, CUT_OFF_KM, JSON_REL, PROPELLANT_REL, READ_BACK_REL

ROOT = Path(sim.__file__).resolve().parent.parent
SEED = 11
CAMPAIGN = load_campaign("ascent")
PATHS = [d.path for d in CAMPAIGN.dispersions] + ["launcher.thrust", "launcher.stage-2.propellant", "launcher.isp"]


@pytest.fixture(scope="module")
def prepared(pakistan) -> Prepared:
    """As a campaign prepares it, from the flight that the session has flown already."""
    mission = replace(pakistan.mission, scene=pakistan.before("ascent"), phases=(pakistan.phase("ascent"),))
    return Prepared(PHASES["ascent"].planned(mission), "ascent", CAMPAIGN.dispersions, SEED)


COLUMNS = table.header(CAMPAIGN.dispersions, "ascent")


def lines(prepared: Prepared, numbers, workers: int = 0, key: bytes = b"") -> dict[int, str]:
    runs = fly_all(prepared, numbers, workers)
    return {run.number: table.line(run, prepared.dispersions, "ascent", key) for run in runs}


def one(path: str, spread: float = 1.0) -> Dispersion:
    known = {d.path: d for d in CAMPAIGN.dispersions}
    return replace(known[path], spread=spread) if path in known else Dispersion(path, "normal", spread, "percent")


# ---- nothing drawn


def test_nothing_drawn_is_the_nominal_to_the_last_bit(prepared, pakistan):
    """Every dispersion of the campaign with a spread of nothing, against the leg of the whole mission."""
    still = replace(prepared, dispersions=tuple(replace(d, spread=0.0) for d in prepared.dispersions))
    run, flight = flown(still, 3)
    (leg,) = flight.legs
    assert run.quantities == nominal(prepared).quantities
    ship, whole = (x.trajectories[pakistan.up] for x in (leg, pakistan.leg("ascent")))
    assert ship.r.tobytes() == whole.r.tobytes() and ship.v.tobytes() == whole.v.tobytes()
    assert ship.t.tobytes() == whole.t.tobytes() and ship.mass.tobytes() == whole.mass.tobytes()


# ---- what is drawn arrives


@pytest.mark.parametrize("path", PATHS)
def test_a_draw_is_in_the_mission_and_moves_the_flight(prepared, path):
    d = (one(path),)
    drawn = draw(d, {path: targets.parts(path)}, SEED, 5)
    mission = disperse(prepared.mission, d, drawn)
    found = read_back(prepared.mission, mission, d, drawn)
    assert found[path] == pytest.approx(drawn[path], rel=READ_BACK_REL) and any(found[path])
    run, _ = measured(mission, "ascent", 5, found)
    assert run.status == "flown" and run.quantities != nominal(prepared).quantities


def test_a_draw_that_something_writes_over_is_an_error_that_names_it(prepared, monkeypatch):
    d = (one("launcher.drag", 10.0), one("air.density", 5.0))
    drawn = draw(d, {x.path: 1 for x in d}, SEED, 0)
    lost = replace(targets.TARGETS["launcher.drag"], write=lambda mission, *_: mission)
    monkeypatch.setitem(targets.TARGETS, "launcher.drag", lost)
    with pytest.raises(NotReached, match=r"'launcher.drag' does not reach the mission: .* were drawn, 0 percent are"):
        flown(replace(prepared, dispersions=d), 0)
    mission = disperse(prepared.mission, d[1:], drawn)
    assert read_back(prepared.mission, mission, d[1:], drawn)  # the other one is there


def test_a_stage_that_the_launcher_does_not_have_is_reported():
    from sim.scenario import load

    scenario = load("shenzhou-20")
    other = replace(CAMPAIGN, dispersions=(one("launcher.stage-9.thrust"), one("launcher.bosters.isp")))
    with pytest.raises(ScenarioError) as caught:
        fits(other, scenario)
    assert [p.nearest for p in caught.value.problems] == ["stage-2", "boosters"]
    fits(CAMPAIGN, scenario)


def test_the_mass_budget_of_a_dispersed_rocket_balances(prepared):
    """Mass: what stood on the pad is the ship, what was burnt and dropped, and what is left in the last stage."""
    d = tuple(
        one(f"launcher.{s}.{what}", 3.0) for s in ("boosters", "stage-1", "stage-2") for what in ("dry_mass", "isp")
    )
    drawn = draw(d, {x.path: 1 for x in d}, SEED, 1)
    mission = disperse(prepared.mission, d, drawn)
    (phase,) = mission.phases
    leg = phase.fly(mission.scene, mission.world)
    mass, stages, record = leg.trajectories[phase.ship_name].mass, phase.launcher.stages, phase.launcher.record
    assert mass[0] == record.loaded + phase.ship.mass
    left = leg.record.figures.propellant_left_kg
    assert mass[-1] == pytest.approx(phase.ship.mass + stages.dry[-1] + left, abs=BOOKKEEPING_KG)
    nominal_dry = prepared.mission.phases[0].launcher.stages.dry
    factors = [1.0 + 0.01 * drawn[f"launcher.{s}.dry_mass"][0] for s in stages.names]
    assert stages.dry == pytest.approx(nominal_dry * factors, rel=READ_BACK_REL)


@pytest.mark.parametrize(("path", "more"), [("launcher.stage-2.isp", True), ("launcher.stage-2.dry_mass", False)])
def test_propellant_left_follows_the_rocket_equation(prepared, path, more):
    """Second stage alone: dm/m of 1 % of Isp is dv/ve times 1 %; a kilogram of dry mass is one of propellant.

    5.5 km/s at 2.9 km/s of exhaust and 22 t at cut-off: 410 kg for 1 %, half of it twice over as the last is burnt by
    the verniers; 55 kg for 1 % of 5.5 t. A third either way for gravity and the longer burn.
    """
    mission = disperse(prepared.mission, (one(path),), {path: (1.0,)})
    gained = measured(mission, "ascent", 0, {})[0].quantities["propellant_left_kg"]
    gained -= nominal(prepared).quantities["propellant_left_kg"]
    expected = 410.0 if more else -55.0
    assert gained == pytest.approx(expected, rel=PROPELLANT_REL)


def test_navigation_errors_come_out_as_they_went_in(prepared):
    """A guidance whose navigation is 1 m/s too fast stops 1 m/s short: da = 2 a^2 v dv / mu = -1.75 km.

    100 m higher than it is: the cut-off is 100 m low, at a speed that is right 100 m higher; da = 2 a^2 dr / r^2.
    """
    nominal_a = nominal(prepared).quantities["semi_major_axis_km"]
    for d, drawn, expected in (
        (one("navigation.velocity"), (0.0, 1.0, 0.0), -1.75),
        (one("navigation.position"), (100.0, 0.0, 0.0), -0.205),
    ):
        mission = disperse(prepared.mission, (d,), {d.path: drawn})
        a = measured(mission, "ascent", 0, {})[0].quantities["semi_major_axis_km"]
        assert a - nominal_a == pytest.approx(expected, abs=CUT_OFF_KM)


@pytest.mark.parametrize(
    ("path", "drawn", "low", "high"), [("air.density", 10.0, 1.07, 1.10), ("wind.east", 20.0, 0.88, 0.97)]
)
def test_air_and_wind_press_as_they_should(prepared, path, drawn, low, high):
    """Ten per cent more density presses as much harder, less what it slows the rocket down.

    20 m/s from behind, for it flies to the east: 400 m/s of air at 45 deg of climb lose 14 m/s, so twice 3.5 % of
    pressure, of which the rocket flies some faster when it is blown.
    """
    mission = disperse(prepared.mission, (one(path),), {path: (drawn,)})
    name = "max_dynamic_pressure_kpa"
    pressed = measured(mission, "ascent", 0, {})[0].quantities[name] / nominal(prepared).quantities[name]
    assert low < pressed < high


# ---- seed, run and name alone


def test_workers_and_order_change_no_byte(prepared):
    alone = lines(prepared, range(12))
    assert lines(prepared, [7, 3]) == {n: alone[n] for n in (7, 3)}
    assert lines(prepared, range(12), workers=2) == alone


def test_a_dispersion_more_does_not_shift_the_others(prepared):
    fewer = replace(prepared, dispersions=prepared.dispersions[2:5])
    a, b = (flown(p, 4)[0] for p in (fewer, prepared))
    for path in a.drawn:  # as drawn they are the same bits (tests/test_campaign.py); these went in and came out
        assert a.drawn[path] == pytest.approx(b.drawn[path], rel=READ_BACK_REL)
    assert a.quantities != b.quantities


def test_a_failed_run_is_reported_and_the_others_go_on(prepared):
    weak = replace(prepared, dispersions=(replace(one("launcher.stage-2.thrust", 90.0), law="uniform"),))
    runs = list(fly_all(weak, range(6), 0))
    assert len(runs) == 6 and {run.status for run in runs} == {"flown", "failed"}
    failed = next(run for run in runs if run.status == "failed")
    assert "second stage" in failed.reason and failed.quantities == {} and failed.drawn
    (leg,) = flown(weak, failed.number)[1].legs  # and it can be looked at, up to where it ended
    assert [e.name for e in leg.events] == ["liftoff", "max_dynamic_pressure"]
    assert leg.record.ascent.t_s[-1] > leg.start + 100.0


# ---- the whole command, stopped and taken up


RUNS = 150


# A shell starts what runs in the background with SIGINT ignored, and children inherit that: put back here.
WHOLE_VERB = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sim.cli.main import main; main()"
)


def begin(out: Path, *more: str) -> subprocess.Popen:
    options = ["-n", str(RUNS), "--seed", str(SEED), "--workers", "2", "--out", str(out), *more]
    command = [sys.executable, "-c", WHOLE_VERB, "montecarlo", "shenzhou-20", *options]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def stopped(out: Path, after: int, by: signal.Signals) -> tuple[int, str, str]:
    """Exit code, stderr, and the table so far of a campaign that is stopped when `after` runs are in."""
    partial = out / "campaign.partial.csv"
    process = begin(out)
    while process.poll() is None:
        if partial.is_file() and partial.read_text().count("\n") > after:
            os.kill(process.pid, by)
            break
        time.sleep(0.01)
    stderr = process.communicate(timeout=120)[1]
    return process.returncode, stderr, partial.read_text()


@pytest.fixture(scope="module")
def taken_up(tmp_path_factory) -> Path:
    """A campaign that was interrupted, taken up, killed, and taken up again to its end, while one of its workers was
    killed and a second campaign tried to fly there."""
    out = tmp_path_factory.mktemp("campaign") / "stopped"
    code, stderr, before = stopped(out, 2, signal.SIGINT)
    assert code == 130 and "the same command goes on" in stderr
    assert not (out / "runs.csv").exists()
    code, _, after = stopped(out, before.count("\n") + 5, signal.SIGKILL)
    assert code == -signal.SIGKILL and after.startswith(before) and after.count("\n") < RUNS
    process, rows = begin(out), after.count("\n")
    while process.poll() is None and (out / "campaign.partial.csv").read_text().count("\n") < rows + 5:
        time.sleep(0.01)
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    second = begin(out, "--force")
    assert "already (process" in second.communicate(timeout=60)[1] and second.returncode == 2
    assert process.communicate(timeout=300)[1] == "" and process.returncode == 0
    return out


def test_stopped_killed_and_taken_up_it_is_the_same_table(taken_up, april_2025):
    mission = april_2025.mission
    mission = replace(mission, scene=april_2025.before("ascent"), phases=(april_2025.phase("ascent"),))
    here = Prepared(PHASES["ascent"].planned(mission), "ascent", CAMPAIGN.dispersions, SEED)
    key = directory.key_of(directory.stored(taken_up), COLUMNS)
    rows = lines(here, range(0, RUNS, 7), key=key)
    found, warnings = directory.known(taken_up, COLUMNS, key)
    assert (taken_up / "runs.csv").read_text() == ",".join(COLUMNS) + "\n" + "".join(found.values())
    assert (list(found), warnings) == (list(range(RUNS)), ())
    assert {n: found[n] for n in rows} == rows
    assert not (taken_up / "campaign.partial.csv").exists()


def test_the_summary_is_that_of_the_table(taken_up):
    content = json.loads((taken_up / "campaign.json").read_text())
    assert problems("campaign", content, whole=True) == []
    rows = table.read(taken_up / "runs.csv")
    assert (content["runs"], content["completed"], content["failed"]) == (RUNS, RUNS, 0)
    apogee = np.array([float(row["apogee_km"]) for row in rows])
    assert content["percentiles"]["apogee_km"]["95"] == pytest.approx(np.percentile(apogee, 95.0))
    for outcome, count in content["outcomes"].items():
        p = content["probability"][outcome]
        assert p["wilson_low"] <= p["value"] == count / RUNS <= p["wilson_high"]
    # The scatter that a crewed launcher of this class is asked for: a +-1 km, i +-0.003 deg, node +-0.005 deg, and
    # what makes it: speed along the track for the one, across it for the other.
    for name in ("semi_major_axis_km", "inclination_deg", "raan_deg"):
        assert content["requirements"][name]["met"]
    for name, cause in (("semi_major_axis_km", "along"), ("inclination_deg", "cross")):
        causes = content["influence"][name]
        assert max(causes, key=lambda key: abs(causes[key])) == f"navigation.velocity.{cause}_m_s"
    for picture in content["pictures"]:
        assert (taken_up / picture).read_bytes().startswith(b"\x89PNG")


def test_one_run_again_is_its_row(taken_up):
    run, target = rerun(taken_up, 42)
    stored = json.loads((target / "run.json").read_text())
    row = table.read(taken_up / "runs.csv")[42]
    assert {name: repr(value) for name, value in run.quantities.items()}.items() <= row.items()
    assert stored["quantities"]["apogee_km"] == pytest.approx(run.quantities["apogee_km"], rel=JSON_REL)
    assert (target / "plots" / "ascent.svg").is_file()
    record = json.loads((target / "flight.json").read_text())
    assert record["legs"][-1]["phase"] == "ascent" and record["legs"][-1]["notes"]["perigee_km"] == pytest.approx(
        run.quantities["perigee_km"], rel=JSON_REL
    )


def test_a_run_that_is_not_in_the_table_is_not_made_up(taken_up):
    with pytest.raises(OutdirError, match=f"run {RUNS} is not in .* holds {RUNS} runs, 0 to {RUNS - 1}"):
        rerun(taken_up, RUNS)


def test_a_table_of_another_program_is_not_flown_on(taken_up, tmp_path):
    """One digit of the nominal otherwise, as another version would have it."""
    import shutil

    from sim.campaign.conduct import conduct
    from sim.scenario import load

    other = tmp_path / "other"
    shutil.copytree(taken_up, other)
    plan = json.loads((other / "campaign.plan.json").read_text())
    plan["nominal"]["apogee_km"] += 1e-9
    directory.write_plan(other, plan)
    with pytest.raises(OutdirError, match="differs in nominal"):
        conduct(CAMPAIGN, load("shenzhou-20"), {}, RUNS, SEED, 1, other, False, lambda done, runs: None)
    with pytest.raises(OutdirError, match="run 0 is not in .* no whole row"):  # each row has the plan in its checksum
        rerun(other, 0)
