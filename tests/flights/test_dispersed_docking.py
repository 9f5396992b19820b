"""Dispersed dockings: random draws reach the flight, a run depends on its number alone, and the table's statistics."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from made_docking import port_of
from scipy import stats

from kernels.craft.attitude import to_body
from kernels.docking.plan import STATION_SPIN
from kernels.relative.hill import lvlh_axes
from sim.campaign import table
from sim.campaign.conduct import conduct
from sim.campaign.docking import additional
from sim.campaign.load import load_campaign, with_setting
from sim.campaign.phases import PHASES
from sim.campaign.run import Prepared, flown, fly_all, measured, nominal
from sim.campaign.summary import summary
from sim.campaign.sweep import Swept, sweep
from sim.core.random_streams import RandomDraws
from sim.docking.approach import Fault
from sim.files.problems import ScenarioError
from sim.rendezvous.relative import relative_state
from sim.scenario.dispersible import columns
from sim.uncertainty import targets
from sim.uncertainty.close_range import approach_of, with_approach
from sim.uncertainty.disperse import NotReached, disperse, read_back, with_settings
from sim.uncertainty.draw import Dispersion, draw
from tests.result_schemas import problems
from tests.tolerance import CONTACT_REL, HOLD_REL, PLACE_READ_M, READ_BACK_REL, SPEED_READ_M_S, TURN_REL

SEED = 11
CAMPAIGN = load_campaign("docking")
PATHS = [d.path for d in CAMPAIGN.dispersions]


def prepared_from(flight) -> Prepared:
    """As a campaign prepares it, from the flight that the session has flown already."""
    mission = replace(flight.mission, scene=flight.before("docking"), phases=(flight.phase("docking"),))
    return Prepared(PHASES["docking"].planned(mission), "docking", CAMPAIGN.dispersions, SEED)


@pytest.fixture(scope="module")
def prepared(april_2025) -> Prepared:
    return prepared_from(april_2025)


def lines(prepared: Prepared, numbers, workers: int = 0) -> dict[int, str]:
    runs = fly_all(prepared, numbers, workers)
    return {run.number: table.line(run, prepared.dispersions, "docking", b"") for run in runs}


def one(path: str) -> tuple[Dispersion]:
    return (next(d for d in CAMPAIGN.dispersions if d.path == path),)


# ---- where it begins


def test_the_nominal_is_the_mission_to_the_last_bit(prepared, april_2025):
    """This ship comes to the far hold by a fly-around, so that its docking is the campaign's phase as it stands."""
    still = replace(prepared, dispersions=tuple(replace(d, spread=0.0) for d in prepared.dispersions))
    d = still.dispersions
    drawn = draw(d, {x.path: targets.parts(x.path) for x in d}, SEED, 3)
    run, flight = measured(disperse(prepared.mission, d, drawn), "docking", 3, {})
    (leg,) = flight.legs
    whole = april_2025.leg("docking")
    assert run.quantities == nominal(prepared).quantities
    assert leg.trajectories[april_2025.up].r.tobytes() == whole.trajectories[april_2025.up].r.tobytes()
    assert run.quantities["propellant_kg"] == whole.record.figures.propellant_kg


def test_a_way_that_begins_farther_out_is_flown_to_the_far_hold(pakistan):
    """From 450 m: where the nominal comes to its hold, on the axis to a decimetre of 200 m, lighter by what that took.

    A hold is reached within 0.3 m along the axis; 0.5 deg of dead-band are 4 cm at the ring, and as much for the rest.
    """
    prepared = prepared_from(pakistan)
    (phase,), before = prepared.mission.phases, pakistan.before("docking")
    assert phase.stops == pakistan.phase("docking").stops[1:]
    scene, approach = prepared.mission.scene, phase.approach
    station, ship = scene.flying[approach.station.name], scene.flying[approach.ship_name]
    place, speed = relative_state(station, ship)
    ring = place - approach.ship.docking.reach * approach.port.axis - port_of(phase, scene).position
    gap = float(ring @ approach.port.axis)
    assert abs(gap - phase.stops[0]) < 0.4 and np.linalg.norm(ring - gap * approach.port.axis) < 2.0
    assert np.linalg.norm(speed) < 0.1
    burnt = before.flying[approach.ship_name].mass - ship.mass
    assert burnt == pytest.approx(before.propellant[approach.ship_name] - scene.propellant[approach.ship_name])
    whole = pakistan.leg("docking")
    assert scene.t == next(e.t for e in whole.events if e.name == "hold_arrival") > before.t
    # From there on the way is the same, with a navigation that begins anew: holds and speeds take their time.
    run, contact = nominal(prepared), next(e.t for e in whole.events if e.name == "contact")
    assert run.status == "flown" and run.quantities["approach_s"] == pytest.approx(contact - scene.t, rel=HOLD_REL)


# ---- what is drawn arrives


@pytest.mark.parametrize("path", PATHS)
def test_a_draw_is_in_the_mission_and_moves_the_flight(prepared, path):
    d = one(path)
    drawn = draw(d, {path: targets.parts(path)}, SEED, 5)
    mission = disperse(prepared.mission, d, drawn)
    found = read_back(prepared.mission, mission, d, drawn)
    assert found[path] == pytest.approx(drawn[path], rel=READ_BACK_REL, abs=PLACE_READ_M) and any(found[path])
    run, _ = measured(mission, "docking", 5, found)
    assert run.status == "flown" and run.quantities != nominal(prepared).quantities


def test_place_and_speed_are_those_of_lvlh(prepared):
    """By the axes themselves: a metre forward and a millimetre a second down; in the turning frame the one leaves the
    other alone."""
    d = (*one("ship.place"), *one("ship.speed"))
    mission = disperse(prepared.mission, d, {"ship.place": (1.0, 0.0, 0.0), "ship.speed": (0.0, 0.0, 0.001)})
    approach = approach_of(mission)
    station = mission.scene.flying[approach.station.name]
    before, after = (m.scene.flying[approach.ship_name] for m in (prepared.mission, mission))
    axes = np.empty((3, 3))
    n = lvlh_axes(station.r, station.v, axes)
    assert axes @ (after.r - before.r) == pytest.approx([1.0, 0.0, 0.0], abs=PLACE_READ_M)
    # Whoever stands a metre ahead in a frame that turns at -n about y moves n downwards of the sky: w x r.
    assert axes @ (after.v - before.v) == pytest.approx([0.0, 0.0, 0.001 + n], abs=SPEED_READ_M_S)


@pytest.mark.parametrize(("part", "of", "toward"), [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_attitude_is_turned_right_handed_about_the_ships_axes(prepared, part, of, toward):
    """One degree about an axis takes the next one toward the one after it by its sine, the others being small."""
    turn = tuple(1.0 if i == part else 0.0 for i in range(3))
    mission = disperse(prepared.mission, one("ship.attitude"), {"ship.attitude": turn})
    name, axes = approach_of(mission).ship_name, [np.empty((3, 3)), np.empty((3, 3))]
    for m, c in zip((prepared.mission, mission), axes, strict=True):
        to_body(m.scene.attitudes[name][:4], c)
    assert float(axes[1][of] @ axes[0][toward]) == pytest.approx(math.sin(math.radians(1.0)), rel=TURN_REL)
    assert mission.scene.attitudes[name][4:] == pytest.approx(prepared.mission.scene.attitudes[name][4:])


def test_selection_does_not_know_what_the_thrusters_give(prepared):
    mission = disperse(prepared.mission, one("thrusters.thrust"), {"thrusters.thrust": (10.0,)})
    before, after = (approach_of(m).ship.thrusters for m in (prepared.mission, mission))
    assert after.record is before.record and after.feed == pytest.approx(1.1)


def test_a_dispersion_that_reaches_nothing_is_refused(prepared):
    """Half of no oscillation is none: the run is not flown under a draw that is not in it."""
    approach = approach_of(prepared.mission)
    own = approach.station.oscillation
    stiff = replace(
        approach, station=replace(approach.station, oscillation=replace(own, amplitude=0.0 * own.amplitude))
    )
    still = replace(prepared, mission=with_approach(prepared.mission, stiff), dispersions=one("station.swing"))
    with pytest.raises(NotReached, match="'station.swing' does not reach the mission"), np.errstate(invalid="ignore"):
        flown(still, 0)


def test_what_is_of_another_phase_is_reported(tmp_path):
    text = """schema = 1\nkind = "campaign"\nname = "c"\nphase = "docking"\n"""
    for path in ("launcher.thrust", "pilot.attitude_deadband"):
        text += (
            f'[[dispersions]]\npath = "{path}"\nlaw = "normal"\nsigma_{"deg" if "pilot" in path else "percent"} = 1.0'
        )
        text += '\nsource = "assumed: a test"\n'
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_campaign(tmp_path / "c.toml")
    reported = str(caught.value)
    assert "'launcher.thrust' in the phase 'docking'" in reported and "begins with one of ship., thrusters." in reported
    assert "'pilot.attitude_deadband' in the phase 'docking'" in reported


# ---- seed, run and name alone


def test_workers_and_order_change_no_byte(prepared):
    alone = lines(prepared, range(8))
    assert lines(prepared, [5, 2]) == {n: alone[n] for n in (2, 5)}
    assert lines(prepared, range(8), workers=2) == alone


def test_each_run_has_its_own_draws_and_the_nominal_the_missions(prepared):
    """Nothing dispersed: sensors, thrusters and attitude oscillation by themselves, each from streams of the seed and
    the run."""
    bare = replace(prepared, dispersions=())
    runs = [flown(bare, n)[0].quantities for n in range(3)] + [nominal(bare).quantities]
    assert len({q["contact_y_m"] for q in runs}) == 4
    assert flown(bare, 1)[0].quantities == runs[1] != flown(replace(bare, seed=SEED + 1), 1)[0].quantities
    own = with_approach(bare.mission, replace(approach_of(bare.mission), draws=RandomDraws(SEED, 2)))
    assert measured(own, "docking", 2, {})[0].quantities == runs[2]


def test_a_run_with_all_its_histories_has_the_same_row(prepared):
    """What a row leaves out, the drawing-in after the capture and the drift arcs, does not change it."""
    (row, brief), (again, full) = flown(prepared, 4), flown(prepared, 4, whole=True)
    (leg,), (whole,) = brief.legs, full.legs
    assert row == again and whole.record.drift is not None and leg.record.drift is None
    assert whole.record.figures.hard_mate.stack_rate_change_deg_s > 0.0 and leg.end == whole.end


# ---- what is reported


def test_the_contact_is_that_of_the_capture_box(prepared):
    """The ring's offsets from the leg's history, against the box's own figures of both bodies at the touch."""
    run, flight = flown(prepared, 6)
    (leg,) = flight.legs
    q, limits = run.quantities, {v.rule: v.value for v in leg.verdicts}
    assert math.hypot(q["contact_y_m"], q["contact_z_m"]) == pytest.approx(q["lateral_offset_m"], rel=CONTACT_REL)
    assert (q["first_touch_y_m"], q["first_touch_z_m"]) == (q["contact_y_m"], q["contact_z_m"]) and q["tries"] == 1
    assert q["closing_speed_m_s"] == limits["closing speed at contact, most"]
    assert q["approach_s"] == leg.record.contact.t_s[0] - leg.start


def test_retreats_are_counted_by_their_cause(prepared):
    """A station that turns at 0.1 deg/s from 50 m on is docked with by nobody; its port moves, so that one of the ships
    finds itself too fast for its range first."""
    spin = Fault("station spin", STATION_SPIN, 50.0, value=math.radians(0.1))
    off = replace(
        prepared, mission=with_approach(prepared.mission, replace(approach_of(prepared.mission), faults=(spin,)))
    )
    runs = list(fly_all(off, range(3), 0))
    text = ",".join(table.header(off.dispersions, "docking")) + "\n"
    text += "".join(table.line(run, off.dispersions, "docking", b"") for run in runs)
    rows = list(csv.DictReader(io.StringIO(text)))
    content = summary(rows, [], PHASES["docking"].quantities)
    assert sum(content["failures"].values()) == 3
    assert content["failures"]["the ship retreated because the station turned"] >= 2
    assert nominal(off).status == "failed"


def test_capture_is_counted_with_its_wilson_interval(april_2025):
    """Against scipy's: of twenty, sixteen at once and two after one retry."""
    rows = [{"status": "flown", "tries": "1.0"}] * 16 + [{"status": "flown", "tries": "2.0"}] * 2
    content = additional([*rows, *[{"status": "failed", "tries": ""}] * 2], april_2025.scenario)
    for name, hits in (("at_first_try", 16), ("at_all", 18)):
        p, interval = content["capture"][name], stats.binomtest(hits, 20).proportion_ci(0.95, "wilson")
        assert (p["runs"], p["value"]) == (hits, hits / 20)
        assert (p["wilson_low"], p["wilson_high"]) == pytest.approx((interval.low, interval.high))
    assert (
        content["capture_box"]["lateral_offset_m"] == april_2025.phase("docking").approach.ship.docking.lateral_offset
    )


def test_a_campaign_is_written_and_more_runs_are_added(prepared, april_2025, tmp_path):
    given = {"mission_file": "shenzhou-20", "set": []}, SEED, 1, tmp_path / "c", False, lambda done, runs: None
    start = (prepared.mission, ())

    def fly(runs: int) -> tuple[dict, str]:
        asked, seed, *rest = given
        return conduct(CAMPAIGN, april_2025.scenario, asked, runs, seed, *rest, start), (
            tmp_path / "c" / "runs.csv"
        ).read_text()

    few, before = fly(4)
    more, after = fly(6)
    assert after.startswith(before) and after.count("\n") == 7 and (few["runs"], more["runs"]) == (4, 6)
    assert more["capture"]["at_all"]["runs"] == more["completed"] == 6 == more["outcomes"]["success"]
    assert set(more["pictures"]) == {"contact.png", "influence.png"}
    assert more["requirements"]["lateral_offset_m"]["met"]
    assert fly(6) == (more, after)  # nothing is left to fly: the stored result


# ---- one thing set


def test_a_sweep_sets_one_thing_with_the_same_draws(prepared, april_2025, tmp_path, monkeypatch):
    """A wider dead-band lets the ship turn farther: the same runs, pitch and yaw larger on the whole."""
    monkeypatch.setattr("sim.campaign.sweep.begin", lambda campaign, scenario: (prepared.mission, ()))
    asked = {"mission_file": "shenzhou-20", "set": []}
    out, path = tmp_path / "s", "pilot.attitude_deadband"
    swept = Swept(path, (0.3, 3.0))
    content = sweep(CAMPAIGN, april_2025.scenario, asked, 6, SEED, 1, out, False, lambda done, runs: None, swept)
    fine, wide = (table.read(out / row["directory"] / "runs.csv") for row in content["rows"])
    drawn = [column for d in CAMPAIGN.dispersions for column in columns(d.path)]
    assert [[row[c] for c in drawn] for row in fine] == [[row[c] for c in drawn] for row in wide]
    tilt = [np.mean([float(row["pitch_yaw_deg"]) for row in rows if row["pitch_yaw_deg"]]) for rows in (fine, wide)]
    assert tilt[1] > 2.0 * tilt[0]
    assert [row["value"] for row in content["rows"]] == [0.3, 3.0] and (out / "sweep.png").is_file()
    table_of_all = json.loads((out / "sweep.json").read_text())
    assert table_of_all["rows"][0]["capture"]["at_all"]["value"] == 1.0
    one = json.loads((out / f"{path}=3" / "campaign.json").read_text())
    assert problems("sweep", table_of_all, whole=True) == problems("campaign", one, whole=True) == []
    plan = json.loads((out / f"{path}=3" / "campaign.plan.json").read_text())
    assert plan["campaign"]["settings"][0]["value"] == 3.0  # so that `rerun` flies with it too


def test_what_is_set_is_one_number_that_is_there(prepared):
    changed = with_settings(prepared.mission, {"pilot.attitude_deadband": 1.5, "station.swing": 20.0})
    assert approach_of(changed).control.angle == pytest.approx(math.radians(1.5), rel=READ_BACK_REL)
    before, after = (approach_of(m).station.oscillation.amplitude for m in (prepared.mission, changed))
    assert after == pytest.approx(1.2 * before, rel=READ_BACK_REL)
    assert with_setting(CAMPAIGN, "pilot.closing_speed", 0.15).settings == {"pilot.closing_speed": 0.15}
    for path, message in (
        ("pilot.atitude_deadband", "did you mean 'pilot.attitude_deadband'"),
        ("ship.place", "allowed: .*pilot.attitude_deadband"),
        ("launcher.thrust", "allowed: .*pilot.attitude_deadband"),
        ("station.swing", "which is dispersed or set already"),
    ):
        with pytest.raises(ScenarioError, match=message):
            with_setting(CAMPAIGN, path, 1.0)
