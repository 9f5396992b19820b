"""Any flight of a programme as a mission: its own, with the programme's scene, or one that is made of the programme."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import sim
from sim.catalogue.facts import fact
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.files.problems import ScenarioError
from sim.planning.rotation.missions import flight
from sim.planning.rotation.timeline import DAY, timeline
from sim.scenario.programme import changed, load_programme

OWN = {n: f"shenzhou-{n}" for n in (15, 20, 21, 22, 23)} | {24: "shenzhou-24-pakistan"}
MADE = (12, 13, 14, 16, 17, 18, 19)
HOUR = 3600.0


@pytest.fixture(scope="module")
def programme():
    return load_programme("programme")


@pytest.fixture(scope="module")
def found(programme):
    return timeline(programme)


@pytest.fixture(scope="module")
def missions(programme):
    """Every crewed flight as a mission."""
    return {n: flight(programme, f"shenzhou-{n}") for n in (*OWN, *MADE)}


@pytest.mark.parametrize("number", [*OWN, *MADE])
def test_every_crewed_flight_starts_from_the_scene_of_its_programme(missions, found, number):
    """Who is docked and aboard just before the lift-off, by the timeline, which is made in another way."""
    scenario, vessel = missions[number], found.vessel(f"shenzhou-{number}")
    before = vessel.launch.plus(-1.0)
    sides = found.programme.file.station.side_ports
    docked = {(v.name, port) for v, port in found.docked(before) if port not in sides}
    assert {(d.ship, d.port) for d in scenario.docked} == docked
    aboard = {p.name for p in found.aboard(before)} | {p.name for p in found.people if p.ship_up == vessel.name}
    assert {c.name for c in scenario.crew} == aboard
    assert not scenario.warnings


@pytest.mark.parametrize("number", MADE)
def test_a_made_mission_is_that_of_its_record(missions, number):
    scenario, known = missions[number], fact(f"missions.sz_{number}").table
    wait = scenario.sequence[0]
    assert wait.window_utc[0] < known["launch"] < wait.window_utc[1]
    assert (wait.port, wait.profile, wait.launcher) == (known["port"], "6.5h", "cz2f-g")
    assert wait.plane_bias_s == (-38.0 if number < 15 else 401.0)  # of its batch of rockets
    assert scenario.record["liftoff"] == known["launch"] and scenario.record["docked"] == known["docked"]
    start = Epoch.from_utc(scenario.station.start_utc)
    assert 10.0 < Epoch.from_utc(known["launch"]).since(start) / DAY < 22.0
    assert not scenario.unsourced


@pytest.mark.parametrize("number", [16, 17, 18, 19])
def test_a_crew_that_is_met_goes_home_in_its_ship_as_long_after_as_it_did(missions, number):
    scenario, before = missions[number], fact(f"missions.sz_{number - 1}").table
    docked = Epoch.from_utc(fact(f"missions.sz_{number}").table["docked"])
    undocked, landed = Epoch.from_utc(before["undocked"]), Epoch.from_utc(before["landed"])
    assert scenario.return_.ship == f"shenzhou-{number - 1}"
    assert scenario.return_.undock_to_landing_h == pytest.approx(landed.since(undocked) / HOUR, abs=0.01)
    assert 0.0 < undocked.since(docked) / DAY - scenario.stay.handover_days < 0.4
    assert scenario.record["touchdown"] == before["landed"]


def test_who_comes_to_an_empty_station_is_flown_to_the_docking(missions):
    """Months later its own return is another flight: the station is raised in between."""
    assert {missions[n].phases[-1] for n in (12, 13, 14)} == {"docking"}


@pytest.mark.parametrize("number", OWN)
def test_a_mission_of_its_own_stays_what_it_is(missions, number):
    own = sim.load(OWN[number])
    assert missions[number].raw == own.raw and missions[number].sequence == own.sequence


@pytest.mark.parametrize(
    ("ship", "words"),
    [
        ("tianzhou-2", "a docking 8.1 h after the lift-off"),
        ("tianzhou-10", "docked known by its day only"),
        ("wentian", "names no mission of its own"),
        ("shenzou-20", "did you mean 'shenzhou-20'"),
    ],
)
def test_what_is_not_known_is_refused_in_words(programme, ship, words):
    with pytest.raises(ScenarioError) as refused:
        flight(programme, ship)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("override", "ship", "words"),
    [
        ("kinds.shenzhou.flown_as=", "shenzhou-13", "kinds.shenzhou.flown_as"),
        ("kinds.shenzhou.flown_as=nosuch", "shenzhou-13", "nosuch"),
        ("kinds.shenzhou.flown_as=shenzhou-22", "shenzhou-13", "which flies to forward"),
        ("ships.shenzhou-13.mission=nosuch", "shenzhou-13", "nosuch"),
        ("ships.shenzhou-13.mission=shenzhou-20", "shenzhou-13", "which launches shenzhou-20"),
        ("ships.shenzhou-13.mission=port-relocation", "shenzhou-13", "which launches nothing"),
    ],
)
def test_a_programme_that_names_another_mission_is_refused(programme, override, ship, words):
    with pytest.raises(ScenarioError) as refused:
        flight(changed(programme, [override]), ship)
    assert words in str(refused.value)


def test_another_programme_gives_its_own_scene(programme, tmp_path):
    """A copy of the file, with another role of one of the crew, flies the same mission with that."""
    path = tmp_path / "mine.toml"
    text = (programme.files[0]).read_text().replace('Zhongrui", role = "flight engineer"', 'Zhongrui", role = "pilot"')
    path.write_text(text)
    scenario = sim.load(path, flight="shenzhou-20")
    assert {c.role for c in scenario.crew if c.name == "Chen Zhongrui"} == {"pilot"}
    assert path in scenario.files


def test_the_command_refuses_a_programme_without_a_flight_and_a_flight_without_a_programme(tmp_path):
    run = CliRunner()
    for words, said in (
        (["programme"], "run --flight"),
        (["shenzhou-20", "--flight", "shenzhou-20"], "a programme: a file"),
        (["programme", "--flight", "shenzhou-99"], "a ship of"),
        (["programme", "--flight", "tianzhou-3"], "a docking 7.0 h after"),
        (["programme", "--flight", "shenzhou-13", "--set", "sequence.0.port=side"], "sequence.0.port"),
    ):
        done = run.invoke(app, ["run", *words, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2 and said in done.output
    assert not (tmp_path / "out").exists()


def test_a_made_mission_is_flown_as_its_record_was(missions):
    """Shenzhou-13, to the nadir port in 2021: from a set of four weeks before."""
    flown = sim.fly(missions[13])
    assert flown.failed is None
    assert not [v for v in flown.flight.verdicts if not v.passed]
    zero, record = flown.flight.zero, missions[13].record
    at = {e.name: zero.plus(e.t) for leg in flown.flight.legs for e in leg.events}
    assert abs(at["liftoff"].since(Epoch.from_utc(record["liftoff"]))) < 60.0
    assert abs(at["docked"].since(Epoch.from_utc(record["docked"]))) < 15.0 * 60.0
