"""Dispersed returns: what is drawn reaches the flight, a run depends on its number alone, and what the summary says."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from sim.api import campaigns as api
from sim.campaign import table
from sim.campaign.conduct import conduct, prepare
from sim.campaign.lines import lines
from sim.campaign.load import of_returns
from sim.campaign.return_ import scatter_ellipse
from sim.campaign.run import Prepared, dispersed, flown, fly_all, nominal
from sim.campaign.words import DISPERSED, HOME
from sim.core.random_streams import RandomDraws
from sim.files.errors import BadInput
from sim.mission import fly
from sim.scenario import load
from sim.uncertainty import targets
from tests.result_schemas import problems
from tests.tolerance import READ_BACK_REL, SIGMAS

SEED, RUNS = 11, 5
LONGER_STEPS_KM = 0.02  # metres at the entry interface, and what the last reversals of the bank make of them
SCENARIO = load("return-only", ["uncertainty=crewed"])
CAMPAIGN = of_returns(SCENARIO.uncertainty, "crewed", SCENARIO.seed)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(CAMPAIGN, SCENARIO, SEED)[0]


@pytest.fixture(scope="module")
def alone(prepared) -> dict[int, str]:
    """The rows of a few runs, flown one after the other here."""
    return rows(prepared, range(RUNS))


def rows(prepared: Prepared, numbers, workers: int = 0) -> dict[int, str]:
    runs = fly_all(prepared, numbers, workers)
    return {run.number: table.line(run, prepared.dispersions, HOME, b"") for run in runs}


# ---- what is flown


def test_the_phases_are_those_from_the_deorbit_to_the_touchdown(prepared):
    assert [phase.name for phase in prepared.mission.phases] == ["deorbit", "entry", "descent"]
    assert {d.path.split(".")[0] for d in prepared.dispersions} >= {"mass", "air", "capsule", "parachutes"}
    assert not any(d.path.startswith(("launcher.", "elements.", "thrusters.")) for d in prepared.dispersions)


def test_the_nominal_is_the_missions_own_return(prepared):
    """Flown whole from where it came to, in the steps of a mission: the longer ones of a campaign move it by metres."""
    flight, run = fly(prepared.mission), nominal(prepared)
    touchdown = next(e for e in flight.events if e.name == "touchdown").values
    assert run.status == "flown" and run.quantities["miss_km"] == pytest.approx(
        touchdown["miss_km"], abs=LONGER_STEPS_KM
    )
    assert math.hypot(run.quantities["along_km"], run.quantities["across_km"]) == pytest.approx(
        run.quantities["miss_km"], rel=1e-3
    )
    load = next(v.value for v in flight.verdicts if v.unit == "g")
    assert run.quantities["peak_load_g"] == pytest.approx(load, rel=1e-3)
    assert set(run.rules) == {v.rule for v in flight.verdicts}


def test_what_is_drawn_is_in_the_mission_and_not_in_what_is_known(prepared):
    mission, found = dispersed(prepared, 3)
    assert set(found) == {d.path for d in prepared.dispersions} and all(map(any, found.values()))
    for d in prepared.dispersions:
        before, after = (targets.found(d.path).read(m, -1, d) for m in (prepared.mission, mission))
        assert targets.reached(d.unit, before, after) == pytest.approx(found[d.path], rel=READ_BACK_REL)
    world = mission.world
    assert len(world.forces.air.change) and world.forces.air.factor != world.known().forces.air.factor
    first = mission.phases[0]
    assert first.draws == RandomDraws(SEED, 3) and first.ground.position > 0.0 and first.ground.draws.run == 3
    ship = first.ship_name
    assert mission.scene.flying[ship].mass != prepared.mission.scene.flying[ship].mass


# ---- seed, run and name alone


def test_workers_and_order_change_no_byte(prepared, alone):
    assert len(set(alone.values())) == RUNS
    assert rows(prepared, [3, 1]) == {n: alone[n] for n in (3, 1)}
    assert rows(prepared, range(RUNS), workers=2) == alone


def test_a_run_with_all_its_histories_is_the_flight_of_its_row(prepared, alone):
    (row, _), (run, flight) = flown(prepared, 2), flown(prepared, 2, whole=True)
    assert table.line(row, prepared.dispersions, HOME, b"") == alone[2] and run.drawn == row.drawn
    for name in ("along_km", "across_km", "opening_miss_km"):
        assert run.quantities[name] == pytest.approx(row.quantities[name], abs=LONGER_STEPS_KM)
    assert len(flight.legs[1].record.entry.t_s) > 500


def test_stopped_and_taken_up_it_is_the_same_table(alone, tmp_path):
    """Stopped as by Ctrl-C when two runs are in; what is in the table then is not flown again."""
    out, asked = tmp_path / "c", {"mission_file": "return-only", "set": ["uncertainty=crewed"]}

    def stop(done: int, runs: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        conduct(CAMPAIGN, SCENARIO, asked, RUNS, SEED, 1, out, False, stop)
    before = (out / "campaign.partial.csv").read_text()
    assert before.count("\n") == 3 and not (out / "runs.csv").exists()
    ticks: list[int] = []
    content = conduct(CAMPAIGN, SCENARIO, asked, RUNS, SEED, 1, out, False, lambda done, runs: ticks.append(done))
    assert ticks == [2, 3, 4, 5] and (out / "runs.csv").read_text().startswith(before)
    cut = [line.rpartition(",")[0] for line in (out / "runs.csv").read_text().splitlines()[1:]]
    assert cut == [alone[n].rpartition(",")[0] for n in range(RUNS)]  # the checksum is the campaign's own
    of_a_campaign(content, table.read(out / "runs.csv"), out)


def of_a_campaign(content: dict, found: list[dict[str, str]], out) -> None:
    """What the summary says, from the table."""
    assert set(content["pictures"]) == {"touchdown.png", "influence.png"}
    assert all((out / name).read_bytes().startswith(b"\x89PNG") for name in content["pictures"])
    assert problems("campaign", json.loads((out / "campaign.json").read_text()), whole=True) == []
    published, rules = content["published"], content["rules"]
    along, across = (np.array([float(row[name]) for row in found]) for name in ("along_km", "across_km"))
    inside = int(np.sum(np.hypot(along / 15.0, across / 7.5) <= 1.0))
    assert published["ellipse_semi_axes_km"] == [15.0, 7.5] and published["inside_ellipse"]["runs"] == inside
    assert rules["touchdown inside the ellipse"]["broken"] == RUNS - inside
    for rule, share in rules.items():
        assert share["broken"] == sum(rule in row["rules_broken"].split("; ") for row in found)
        assert share["wilson_low"] <= share["value"] <= share["wilson_high"] and share["wilson_high"] > 0.0
    assert content["ellipse"]["centre_along_km"] == pytest.approx(along.mean())
    for causes in content["influence"].values():
        assert [abs(rho) for rho in causes.values()] == sorted((abs(rho) for rho in causes.values()), reverse=True)
    reported = "\n".join(lines(content))
    for words in ("km beyond the site", "ellipse of 99.7 %", "inside the published ellipse", "along_km is moved by"):
        assert words in reported


# ---- the ellipse


def test_the_ellipse_is_that_of_the_law_that_was_drawn():
    """2 km and 5 km, the long axis 30 deg to the right of the track, about a place 3 km short and 1 km to the right:
    a sigma of n draws scatters by 1 / sqrt(2 n), a share p by sqrt(p (1 - p) / n)."""
    n, turn = 4000, math.radians(30.0)
    major, minor = np.random.default_rng(5).normal(size=(2, n)) * np.array([[5.0], [2.0]])
    along = -3.0 + major * math.cos(turn) - minor * math.sin(turn)
    across = 1.0 + major * math.sin(turn) + minor * math.cos(turn)
    found, far = scatter_ellipse(along, across), SIGMAS / math.sqrt(2.0 * n)
    assert found["sigma_major_km"] == pytest.approx(5.0, rel=far)
    assert found["sigma_minor_km"] == pytest.approx(2.0, rel=far)
    assert found["direction_deg"] == pytest.approx(30.0, abs=2.0)
    assert found["centre_along_km"] == pytest.approx(-3.0, abs=SIGMAS * 5.0 / math.sqrt(n))
    for share, factor in (("95", 2.4477), ("99.7", 3.4086)):  # the square root of chi-square of two degrees of freedom
        ellipse, p = found["shares"][share], float(share) / 100.0
        assert ellipse["semi_major_km"] == pytest.approx(factor * found["sigma_major_km"], rel=1e-4)
        assert ellipse["inside"] / n == pytest.approx(p, abs=SIGMAS * math.sqrt(p * (1.0 - p) / n))


@pytest.mark.parametrize(
    ("step", "direction"), [((1, 0), 0.0), ((1, 1), 45.0), ((1, -1), -45.0), ((0, 1), 90.0), ((0, -1), 90.0)]
)
def test_a_scatter_along_one_line_is_a_line(step, direction):
    along, across = (float(x) * np.arange(5.0) for x in step)
    found = scatter_ellipse(along, across)
    assert found["sigma_minor_km"] < 1e-6 * found["sigma_major_km"] + 1e-12
    assert found["direction_deg"] == pytest.approx(direction, abs=1e-5)


# ---- what is asked


def test_a_mission_that_names_no_uncertainty_is_given_that_of_a_crewed_flight():
    asked = api._ask("return-only", HOME, "", (), None, None)
    campaign, scenario, said, runs, _ = asked.given
    assert said["set"] == ["uncertainty=crewed"] and scenario.uncertainty is not None
    assert (campaign.name, campaign.label, runs) == (scenario.uncertainty.name, "crewed", 1000)
    _, _, said, runs, seed = api._ask("shenzhou-20", HOME, "", ("seed=4",), 20, None).given
    assert (said["set"], runs, seed) == (["seed=4"], 20, 4)


def test_what_touches_no_return_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no phase 'deorbit' to disperse; it has"):
        api._ask("tianzhou-cargo", HOME, "", (), 5, None)
    text = (tmp_path / "u.toml", tmp_path / "m.toml")
    text[0].write_text(
        'schema = 1\nkind = "uncertainty"\nname = "nothing"\n'
        "tracking = { position_m = 0, velocity_m_s = 0, density_percent = 0 }\n"
        "thermosphere = { sigma_percent = 0, correlation_days = 3 }\n"
        "trim = { size_percent = 0, direction_deg = 0 }\n"
    )
    text[1].write_text('extends = "return-only"\nuncertainty = "u.toml"\n')
    with pytest.raises(BadInput, match=f"nothing is dispersed that touches a return; .*{DISPERSED[HOME].targets[0]}"):
        api._ask(str(text[1]), HOME, "", (), 5, None)


def test_a_campaign_file_may_name_other_laws(tmp_path):
    """As for any phase; tracking and air stay those of the mission's uncertainty."""
    file = tmp_path / "c.toml"
    file.write_text(
        'schema = 1\nkind = "campaign"\nname = "lift"\nphase = "return"\nmission = "return-only"\n'
        '[[dispersions]]\npath = "capsule.lift"\nlaw = "normal"\nsigma_percent = 10.0\nsource = "assumed: a test"\n'
        '[[requirements]]\nquantity = "miss_km"\nsigma = 5.0\nsource = "assumed: a test"\n'
    )
    campaign, scenario, said, runs, _ = api._ask(str(file), "", "", (), 3, None).given
    assert [d.path for d in campaign.dispersions] == ["capsule.lift"] and said["set"] == ["uncertainty=crewed"]
    assert campaign.required == {"miss_km": 5.0} and scenario.uncertainty.tracking.position_m > 0.0
