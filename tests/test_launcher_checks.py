"""A launcher's file is checked as a whole: who burns, runs dry and falls when, and whether it lifts off."""

from __future__ import annotations

import pytest

from sim.files import paths
from sim.files.problems import ScenarioError
from sim.scenario.load import load, load_named

SHIPPED = (paths.VEHICLES / "cz2f-g.toml").read_text("utf-8")
MISSION = (paths.MISSIONS / "shenzhou-20.toml").read_text("utf-8")


def changed(*changes: tuple[str, str]) -> str:
    text = SHIPPED.partition("[sources]")[0]  # a value that keeps its fact has a line of its own, tested elsewhere
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems(text: str, tmp_path) -> list[str]:
    path = tmp_path / "rocket.toml"
    path.write_text(text)
    try:
        load_named(str(path), "launcher")
    except ScenarioError as error:
        return [
            f"{p.key}: found {p.found}; allowed: {p.allowed}"
            for p in error.problems
            if "nothing; allowed: a source" not in str(p)
        ]
    return []


# What is changed in the Long March 2F/G -> the key and the words of the one line.
WRONG = {
    "a stage falls before it burns": (
        [('drops = ["boosters"]', 'drops = ["boosters", "stage-2"]')],
        "phases.0.drops: found 'stage-2', which has not burnt by then",
    ),
    "a stage burns after it fell": (
        [('burning = ["stage-2"]', 'burning = ["stage-1", "stage-2"]')],
        "phases.2.burning: found 'stage-1', which fell off at the end of phases.1",
    ),
    "a stage burns after it ran dry": (
        [('drops = ["stage-1"]\n', ""), ('burning = ["stage-2"]', 'burning = ["stage-1", "stage-2"]')],
        "phases.2.burning: found 'stage-1', which ran dry at the end of phases.1",
    ),
    "a stage falls twice": (
        [('drops = ["stage-1"]', 'drops = ["stage-1", "boosters"]')],
        "phases.1.drops: found 'boosters', which fell off at the end of phases.0",
    ),
    "a stage burns in no phase": (
        [
            (
                "[[phases]]",
                '[[stages]]\nname = "kick"\npropellant_kg = 100.0\ndry_mass_kg = 10.0\n\n[[stages.engines]]\n'
                "thrust_vacuum_kn = 10.0\nisp_vacuum_s = 300.0\n\n[[phases]]",
            )
        ],
        "stages.3.name: found 'kick', which burns in no phase",
    ),
    "the core is empty before the boosters": (
        [("propellant_kg = 187000.0", "propellant_kg = 87000.0")],
        "phases.0.burning: found 'stage-1', empty after 72.8 s of 155.0 s",
    ),
    "a phase by the clock lasts longer than its propellant": (
        [('ends = "stage-1"', "duration_s = 30.0")],
        "phases.1.burning: found 'stage-1', empty after 4.6 s of 30.0 s",
    ),
    "the thrust is below the weight": (
        [("dry_mass_kg = 10000.0", "dry_mass_kg = 190000.0")],
        "phases.0.burning: found 5923 kN of thrust at lift-off, 0.90 of the weight without a ship, 6580 kN",
    ),
    "nothing burns at lift-off": (
        [('burning = ["boosters", "stage-1"]\nends = "boosters"', "duration_s = 20.0")],
        "phases.0.burning: found nothing that burns",
    ),
    "nothing burns in the last phase": (
        [('burning = ["stage-2.verniers"]', "burning = []")],
        "phases.3.burning: found nothing that burns",
    ),
    "an event twice": (
        [
            ('event = "fairing_separation"', 'event = "tower_jettison"'),
            ("at_s = 211.0", "at_s = 220.0"),
            ('event = "fairing_separation"', 'event = "tower_jettison"'),
        ],
        "jettisons.1.event: found 'tower_jettison' a second time",
    ),
    "the fairing before the tower on it": (
        [
            ('event = "tower_jettison"\nmass_kg = 4000.0', 'event = "fairing_separation"\nmass_kg = 4500.0'),
            (
                'event = "fairing_separation"\nmass_kg = 4500.0\nat_s = 211.0',
                'event = "tower_jettison"\nmass_kg = 4000.0\nat_s = 211.0',
            ),
        ],
        "jettisons.1.at_s: found 211.0, after the fairing at 120.0",
    ),
    "a jettison after the end": (
        [("at_s = 211.0", "at_s = 900.0")],
        "jettisons.1.at_s: found 900.0; allowed: less than guidance.plan_insertion_s, which is 589.0",
    ),
    "pieces heavier than what falls": (
        [("mass_kg = 3880.0", "mass_kg = 4880.0")],
        "debris.0.mass_kg: found 19520 kg of pieces at booster_separation; allowed: at most the 15520 kg",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_no_rocket_does_is_told_where_it_stands(case, tmp_path):
    changes, says = WRONG[case]
    found = [line for line in problems(changed(*changes), tmp_path) if "source" not in line]
    assert any(line.startswith(says) for line in found) and len(found) <= 2, found  # two where one fault makes another


@pytest.mark.parametrize("name", ["cz2f-g", "cz7", "delta3"])
def test_the_shipped_launchers_pass(name):
    assert load_named(name, "launcher").stages


def mission_with(launcher: str, tmp_path) -> list[str]:
    (tmp_path / "rocket.toml").write_text(launcher)
    path = tmp_path / "mission.toml"
    path.write_text(MISSION.replace('launcher = "cz2f-g"', 'launcher = "./rocket.toml"'))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [str(p) for p in caught.value.problems]


def test_a_launcher_that_lifts_itself_but_not_the_ship_is_told_at_the_mission(tmp_path):
    heavy = SHIPPED.replace("mass_kg = 4500.0\nat_s", "mass_kg = 20000.0\nat_s").replace(
        "dry_mass_kg = 5500.0", "dry_mass_kg = 99000.0"
    )
    heavy = heavy.replace('"fact:cz2f.stage2_dry_mass"', '"assumed: for this test"')
    [line] = mission_with(heavy, tmp_path)
    assert "launch.launcher: found 5923 kN of thrust at lift-off, 0.99 of the weight with the ship" in line


def test_a_stage_without_propellant_is_told_once_where_it_stands(tmp_path):
    """Its source is not reported besides as one for a key that is not in the file."""
    [line] = mission_with(SHIPPED.replace("propellant_kg = 86000.0\n", ""), tmp_path)
    assert "stages.2.propellant_kg: found nothing" in line
    [line] = mission_with(SHIPPED.replace("propellant_kg = 86000.0\n", "propellant_kg = 0.0\n"), tmp_path)
    assert "rocket.toml:32: stages.2.propellant_kg: found 0.0" in line


@pytest.mark.parametrize("name", ["shenzhou-20", "port-relocation"])
def test_a_port_takes_a_ship_with_a_passage_of_its_own_width(name, tmp_path):
    """In a mission in blocks and in one that states its phases; a ship that is docked there, and one that arrives."""
    ship = (paths.VEHICLES / "shenzhou.toml").read_text("utf-8").replace("tunnel_m = 0.8 ", "tunnel_m = 1.2 ")
    (tmp_path / "wide.toml").write_text(ship.replace('"fact:docking.tunnel_diameter"', '"assumed: for this test"'))
    mission = (paths.MISSIONS / f"{name}.toml").read_text("utf-8")
    path = tmp_path / "mission.toml"
    path.write_text(mission.replace('vehicle = "shenzhou"', 'vehicle = "./wide.toml"'))
    docked = f"docked.0.vehicle={tmp_path}/wide.toml"  # in shenzhou-20 the programme says which ship is there
    with pytest.raises(ScenarioError) as caught:
        load(path, [docked] if name == "shenzhou-20" else [])
    found = [p for p in caught.value.problems if "with a passage of 0.8 m for a ship with one of 1.2 m" in p.found]
    assert len(found) >= 2 and found == caught.value.problems, caught.value.problems
