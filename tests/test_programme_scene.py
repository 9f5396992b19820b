"""A mission's ships, ports and crew are those of its programme on the day, and no second list of them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.problems import ScenarioError
from sim.planning.rotation.timeline import timeline
from sim.scenario import load
from sim.scenario.programme import changed, load_programme
from sim.scenario.programme_scene import scene

MISSIONS = ("shenzhou-15", "shenzhou-20", "shenzhou-21", "shenzhou-22", "shenzhou-23", "shenzhou-24-pakistan")


def ship_of(mission: str) -> str:
    return "shenzhou-24" if mission.endswith("pakistan") else mission


@pytest.fixture(scope="module")
def found():
    return timeline(load_programme("programme"))


@pytest.mark.parametrize("name", MISSIONS)
def test_the_mission_writes_none_of_it_itself(name):
    raw = tomllib.loads((paths.MISSIONS / f"{name}.toml").read_text("utf-8"))
    assert raw["programme"] == "programme" and not {"docked", "crew"} & set(raw)


@pytest.mark.parametrize("name", MISSIONS)
def test_ships_ports_and_people_are_those_of_the_timeline(name, found):
    """The timeline is made by other code, of the same file."""
    mission, before = load(name), found.vessel(ship_of(name)).launch.plus(-1.0)
    docked = {v.name: port for v, port in found.docked(before) if v.kind != "module"}
    assert {d.ship: d.port for d in mission.docked} == docked
    aboard = {(p.name, p.role, p.ship_up, p.ship_down) for p in found.aboard(before)}
    going = {(p.name, p.role, p.ship_up, p.ship_down) for p in found.people if p.ship_up == ship_of(name)}
    assert {(c.name, c.role, c.ship_up, c.ship_down) for c in mission.crew} == aboard | going
    assert all((c.ship_up_utc is None) == (c.ship_up == ship_of(name)) for c in mission.crew)


@pytest.mark.parametrize("name", MISSIONS)
def test_what_is_derived_has_its_sources(name):
    mission = load(name)
    assert mission.unsourced == () and mission.warnings == ()
    given = {s.key: s.text for s in mission.sources}
    assert given["docked.0.mass_kg"].startswith("assumed") and "docked.1.port" in given
    for i, member in enumerate(mission.crew):
        assert f"crew.{i}" in given
        if member.ship_up_utc is not None:
            record = given[f"crew.{i}.ship_up_utc"].removeprefix("fact:").removesuffix(".launch")
            assert fact(record).table["launch"] == member.ship_up_utc


def test_the_lifeboat_of_november_2025_finds_three_people_aboard():
    mission = load("shenzhou-22")
    assert [c.name for c in mission.crew] == fact("missions.sz_21").table["crew_up"]
    assert {c.ship_down for c in mission.crew} == {"shenzhou-22"}


def test_a_changed_programme_gives_a_changed_scene():
    """As a planner asks it: Shenzhou-20 has left before Shenzhou-22 comes."""
    programme = load_programme("programme")
    left = changed(
        programme, ["ships.shenzhou-20.stays.0.undocked_utc=2025-11-20", "ships.shenzhou-20.landed_utc=2025-11-21"]
    )
    assert [d["ship"] for d in scene(programme, "shenzhou-22").docked] == ["shenzhou-20", "tianzhou-9"]
    assert [d["ship"] for d in scene(left, "shenzhou-22").docked] == ["tianzhou-9"]
    day = scene(programme, None, Epoch.from_utc("2025-11-13"))
    assert [(d["ship"], d["port"]) for d in day.docked] == [
        ("shenzhou-20", "nadir"),
        ("shenzhou-21", "forward"),
        ("tianzhou-9", "aft"),
    ]
    assert len(day.crew) == 6 and all("ship_up_utc" in member for member in day.crew)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mission.toml"
    path.write_text(f'extends = "shenzhou-20"\n{text}', "utf-8")
    return path


def test_a_block_of_its_own_holds_and_every_difference_is_a_warning(tmp_path):
    own = written(
        tmp_path,
        '[[docked]]\nship = "shenzhou-19"\nvehicle = "shenzhou"\nport = "aft"\nmass_kg = 7902.0\n'
        "propellant_kg = 820.0\n"
        '[[docked]]\nship = "tianzhou-7"\nport = "forward"\nmass_kg = 13000.0\n',
    )
    mission = load(own, ["sources.docked=assumed: tried"])
    assert [(d.ship, d.port) for d in mission.docked] == [("shenzhou-19", "aft"), ("tianzhou-7", "forward")]
    port, ship, absent = mission.warnings
    assert "docked.0.port: found 'aft'; allowed: 'forward', as the programme has it then" in port
    assert "docked.1.ship: found 'tianzhou-7'" in ship and "did you mean 'tianzhou-8'?" in ship
    assert "no block of tianzhou-8" in absent
    assert len(mission.crew) == 6  # which it does not write itself


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('programme = "programm"\n', "programme: found 'programm'; .*did you mean 'programme'?"),
        ('programme = "none.toml"\n', "programme: found 'none.toml'"),
        ('[launch]\nship = "shenzhou-99"\n', "programme: found 'programme', which has no ship of this mission"),
    ],
)
def test_a_programme_that_cannot_give_a_scene_is_named(tmp_path, text, words):
    with pytest.raises(ScenarioError, match=words):
        load(written(tmp_path, text))


def test_what_is_wrong_with_the_programme_is_said_when_the_mission_is_read(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "programme"\n[station]\npeople_max = 99\n', "utf-8")
    with pytest.raises(ScenarioError, match=r"mine.toml:3: station.people_max: found 99"):
        load(written(tmp_path, 'programme = "mine.toml"\n'))


def test_a_programme_of_ones_own_is_read_anew_when_it_is_edited(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "programme"\n', "utf-8")
    mission = written(tmp_path, 'programme = "mine.toml"\n')
    assert load(mission).docked[1].mass_kg == 13000.0
    mine.write_text('extends = "programme"\n[kinds.tianzhou]\ndocked_mass_kg = 12500.0\n', "utf-8")
    assert load(mission).docked[1].mass_kg == 12500.0


def test_the_raw_mission_can_be_written_as_json():
    assert json.loads(json.dumps(load("shenzhou-20").raw))["programme"] == "programme"


@pytest.mark.parametrize("name", ["return-only", "port-relocation", "tianzhou-cargo"])
def test_missions_that_write_their_own_blocks_agree_with_the_programme(tmp_path, name):
    """Their ships have other masses, or nobody is wanted aboard; ships, ports and people are the same."""
    path = tmp_path / "mission.toml"
    path.write_text(f'extends = "{name}"\nprogramme = "programme"\n', "utf-8")
    assert [w for w in load(path).warnings if "as the programme has it" in w or "as in the programme" in w] == []
