"""The scenario files: what is right passes whole, what is wrong is reported by key, all at once and quickly."""

from __future__ import annotations

import copy
import json
import math
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.files import paths
from sim.files.problems import ScenarioError, at
from sim.output.summary import scenario_lines
from sim.scenario import load
from sim.scenario.campaign_file import CampaignFile
from sim.scenario.docking_rules import DockingRules
from sim.scenario.fields import validated
from sim.scenario.landing_rules import LandingRules
from sim.scenario.load import KINDS
from sim.scenario.orbit_file import OrbitFile
from sim.scenario.programme_file import ProgrammeFile
from sim.scenario.programme_record import with_records
from sim.scenario.rotation import Rotation
from sim.scenario.schema import schema_of
from sim.scenario.sequence_reading import validated_sequence
from sim.scenario.sources import SOURCES
from sim.scenario.suborbital_file import SuborbitalFile
from sim.scenario.view import View
from tests.made_scenario import mission, problems

PASSENGER = '\n[[crew]]\nname = "A"\nrole = "r"\nnation = "n"\nship_up = "shenzhou-20"\nship_down = "shenzhou-20"\n'
MISSIONS = ("shenzhou-20", "shenzhou-21", "shenzhou-23", "shenzhou-24-pakistan")
NAMED = {kind: model for kind, (model, _) in KINDS.items()}
MODELS = {
    "rotation": Rotation,
    "orbit": OrbitFile,
    "campaign": CampaignFile,
    "docking_rules": DockingRules,
    "landing_rules": LandingRules,
    "programme": ProgrammeFile,
    "suborbital": SuborbitalFile,
    **NAMED,
}
FILES = sorted(paths.CONFIGS.rglob("*.toml"))


def made_of(raw: dict):
    """The model of a file and the (key, problem) of its keys; of a mission with a sequence, each phase by its own."""
    if raw["kind"] == "mission":
        head, _, found = validated_sequence(raw, "f")
        return None if found else head, found
    return validated(MODELS[raw["kind"]], with_records(raw) if raw["kind"] == "programme" else raw, "f")


def leaves(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
    else:
        for step, below in items:
            yield from leaves(below, (*path, step))


def with_value(raw: dict, path, value) -> dict:
    raw = copy.deepcopy(raw)
    at(raw, path[:-1])[path[-1]] = value
    return raw


# ---- what is right


@pytest.mark.parametrize("name", MISSIONS)
def test_a_shipped_mission_holds_what_its_file_says(name):
    raw = tomllib.loads((paths.MISSIONS / f"{name}.toml").read_text("utf-8"))
    scenario = load(name)
    assert scenario.launch.perigee_km == raw["launch"]["perigee_km"]
    assert [d.ship for d in scenario.docked] == [d["ship"] for d in scenario.raw["docked"]]
    assert scenario.return_.ship == raw["return"]["ship"]
    assert scenario.record == raw["record"]
    of_programme = {"docked", "crew"} - set(raw)  # tests/test_programme_scene.py holds what comes from there
    assert of_programme == {"docked", "crew"}
    assert {k: v for k, v in scenario.raw.items() if k not in {"named", "sources", *of_programme}} == {
        k: v for k, v in raw.items() if k != "sources"
    }
    assert raw["sources"].items() <= scenario.raw["sources"].items()
    assert scenario.atmosphere.f107 == raw["atmosphere"]["f107"]  # the mission's, not the world's
    assert scenario.ship_vehicles[scenario.launch.vehicle].crew_seats == 3
    assert scenario.raw["named"]["profile"]["safety"]["keep_out_radius_m"] == scenario.profile.safety.keep_out_radius_m


@pytest.mark.parametrize("name", MISSIONS)
def test_the_assumed_are_counted_as_in_the_files(name):
    scenario = load(name)
    reported = [
        text
        for path in scenario.files
        if path.parent != paths.ROTATIONS  # of which the mission holds what it takes from there
        for key, text in tomllib.loads(path.read_text("utf-8"))["sources"].items()
        if not (path.name == "earth.toml" and key.startswith("atmosphere."))  # the mission gives its own
    ]
    reported += [text for key, text in scenario.raw["sources"].items() if key.startswith(("docked.", "crew."))]
    reported += [  # each has its source beside it
        table["source"]
        for path in scenario.files
        for table in tomllib.loads(path.read_text("utf-8")).get("dispersions", ())
    ]
    assert len(scenario.sources) == len(reported)
    assert len(scenario.assumed) == sum(text.startswith("assumed") for text in reported)


def test_a_path_names_a_file_beside_the_mission_and_toml_times_are_times(tmp_path):
    site = (paths.SITES / "jiuquan.toml").read_text("utf-8").replace("1073.0", "1060.5")  # within the fact's 50 m
    (tmp_path / "pad.toml").write_text(site, "utf-8")
    path = mission(
        tmp_path,
        ('site = "jiuquan"', 'site = "./pad.toml"'),
        ('liftoff_utc = "2025-04-24T09:17:31Z"', "liftoff_utc = 2025-04-24T17:17:31+08:00"),
    )
    scenario = load(path)
    assert scenario.launch_site.height_m == 1060.5
    assert scenario.launch.liftoff_utc == "2025-04-24T09:17:31Z"
    assert tmp_path / "pad.toml" in [Path(f) for f in scenario.files]


def test_an_extending_file_takes_what_it_does_not_say_and_drops_the_sources_of_what_it_replaces(tmp_path):
    child = tmp_path / "child.toml"
    child.write_text(
        'extends = "shenzhou-20"\nname = "lower"\n[launch]\nperigee_km = 190.0\n[trim]\nlimit_m_s = 5.0\n'
        '[sources]\n"trim.limit_m_s" = "assumed: tried"\n',
        "utf-8",
    )
    scenario = load(child)
    assert (scenario.name, scenario.launch.perigee_km, scenario.launch.apogee_km) == ("lower", 190.0, 350.0)
    reported = {s.key: s.text for s in scenario.sources if s.file.endswith("child.toml")}
    assert "launch.perigee_km" not in reported  # the parent's source was for 200 km
    assert reported["trim.limit_m_s"] == "assumed: tried"
    assert reported["launch.apogee_km"] == "fact:jiuquan.insertion_orbit.1"


def test_overrides_take_toml_words_indices_and_nothing():
    scenario = load(
        "shenzhou-24-pakistan",
        [
            "docked.0.mass_kg=7982",
            "docked.0.propellant_kg=900",
            "rendezvous.profile=6.5h",
            "launch.window_utc=",
            "launch.liftoff_utc=2026-10-26T14:00:00Z",
        ],
    )
    assert scenario.docked[0].mass_kg == 7982.0
    assert scenario.profile.name.startswith("6.5 h")
    assert (scenario.launch.window_utc, scenario.launch.liftoff_utc) == (None, "2026-10-26T14:00:00Z")
    reported = {s.key: s.text for s in scenario.sources}
    assert reported["docked.0.mass_kg"] == "assumed: set on the command line"  # no longer what the file's source says
    assert "launch.window_utc" not in reported


def test_the_schema_names_every_key_of_the_shipped_missions():
    schema = schema_of("mission")
    for name in MISSIONS:
        raw = tomllib.loads((paths.MISSIONS / f"{name}.toml").read_text("utf-8"))
        assert set(raw) <= set(schema["properties"])
        assert set(raw["launch"]) <= set(schema["$defs"]["Launch"]["properties"])
    assert schema["$defs"]["Launch"]["properties"]["perigee_km"]["minimum"] == 150


# ---- what is allowed and yet worth a word


@pytest.mark.parametrize("name", MISSIONS)
def test_the_shipped_missions_need_no_word(name):
    """Those who stay a year or came up in the launched ship are meant to stay; no number is without a source."""
    scenario = load(name)
    assert scenario.warnings == () and scenario.unsourced == ()


def test_who_is_meant_to_land_in_a_ship_that_stays_is_named():
    [warning] = load("shenzhou-24-pakistan", ["return.ship=shenzhou-24"]).warnings
    assert warning.startswith("3 of the crew stay aboard: their ship_down is shenzhou-23")
    assert "Pakistan" in warning and "Zhu Yangzhu" in warning and "Lai Ka-ying" not in warning


def test_a_warning_goes_to_stderr_and_into_the_json():
    reported = CliRunner().invoke(app, ["check", "shenzhou-24-pakistan", "--json", "--set", "return.ship=shenzhou-24"])
    assert reported.exit_code == 0 and reported.stderr.startswith("warning: 3 of the crew stay aboard")
    assert json.loads(reported.stdout)["warnings"] == [reported.stderr.removeprefix("warning: ").strip()]


def test_numbers_without_a_source_are_counted_and_listed_but_not_refused(tmp_path):
    """Those replaced in a file that is extended, and those of a named file; a table's source covers its keys."""
    site = (paths.SITES / "jiuquan.toml").read_text("utf-8").partition("[[viewers]]")[0]
    (tmp_path / "pad.toml").write_text(site, "utf-8")
    child = tmp_path / "child.toml"
    child.write_text(
        'extends = "shenzhou-20"\n[launch]\nsite = "./pad.toml"\nperigee_km = 190.0\n'
        '[trim]\ndays_before = 4.0\nlimit_m_s = 5.0\n[sources]\n"trim" = "assumed: tried"\n',
        "utf-8",
    )
    scenario = load(child)
    own, named = scenario.unsourced[:1], [key.rpartition(": ") for key in scenario.unsourced[1:]]
    assert own == ("launch.perigee_km",)
    assert [key for _, _, key in named] == ["latitude_deg", "longitude_deg", "height_m"]
    assert all(file.endswith("pad.toml") for file, _, _ in named)
    assert "  4 values without a source: launch.perigee_km, " in "\n".join(scenario_lines(scenario))


# ---- what is wrong, key by key


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_number_of_every_file_has_a_range_and_a_type(path):
    """No number of any shipped file may be NaN, infinite, absurd, a boolean or a word; each refusal names its key."""
    raw = tomllib.loads(path.read_text("utf-8"))
    numbers = [p for p, v in leaves(raw) if isinstance(v, int | float) and not isinstance(v, bool)]
    assert numbers
    for where in numbers:
        absurd = 1e30 if where[-1] == "mu_m3_s2" else 1e12  # m3/s2: 1e12 is that of a large asteroid
        for wrong in (math.nan, math.inf, -math.inf, absurd, -absurd, True, "1.0", {}, [1.0]):
            made, found = made_of(with_value(raw, where, wrong))
            assert made is None and where in [key for key, _ in found], (where, wrong)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_key_of_every_file_is_known_and_a_misspelt_one_is_recognised(path):
    """One letter off in any key but a free one: the line says which key was meant, and does not also miss it."""
    raw = tomllib.loads(path.read_text("utf-8"))
    free = {"bases", "ports", "record", "sources", "ships", "kinds"}
    keys = {p[:i] for p, _ in leaves(raw) for i in range(1, len(p) + 1) if isinstance(p[i - 1], str)}
    for key in sorted(keys, key=str):
        if (key[0] in free and len(key) == 2) or key == ("kind",):
            continue
        if raw["kind"] == "programme" and key[-1] == "record":  # without it what it gives is missing as well
            continue
        broken = copy.deepcopy(raw)
        table = at(broken, key[:-1])
        table[key[-1] + "x"] = table.pop(key[-1])
        _, found = made_of(broken)
        assert [(p.found, p.nearest) for _, p in found] == [("an unknown key", key[-1])], key


# (what is exchanged in the file, what is added at its end, overrides, what the problem must say)
BAD = {
    "unknown key": ([("plane_bias_s", "plane_bias")], "", [], ["launch.plane_bias: ", "did you mean 'plane_bias_s'?"]),
    "unknown table": ([("[trim]", "[trimm]")], "", [], ["trimm: ", "'trim'"]),
    "missing key": (
        [("undock_to_landing_h = 9.13\n", "")],
        "",
        [],
        ["return.undock_to_landing_h: found nothing", "from 3 to 72"],
    ),
    "missing table": ([], "", ["stay="], ["stay: found nothing"]),
    "wrong schema": ([("schema = 1", "schema = 2")], "", [], ["schema: found 2", "allowed: 1"]),
    "wrong kind": ([('kind = "rotation"', 'kind = "rotatoin"')], "", [], ["kind: found 'rotatoin'", "'rotation'"]),
    "too low": ([], "", ["launch.perigee_km=-5"], ["launch.perigee_km: found -5", "150 to 450"]),
    "too high": ([], "", ["docked.0.mass_kg=1e9"], ["docked.0.mass_kg: found 1000000000.0", "500 to 100000"]),
    "nan": ([("apogee_km = 350.0", "apogee_km = nan")], "", [], ["launch.apogee_km: found nan"]),
    "infinite": ([("f107a = 165.0", "f107a = -inf")], "", [], ["atmosphere.f107a: found -inf"]),
    "boolean for a number": ([], "", ["trim.days_before=true"], ["trim.days_before: found true (a boolean)"]),
    "string for a number": ([], "", ['trim.days_before="5"'], ["trim.days_before: found '5' (a string)"]),
    "number for a string": ([], "", ["launch.ship=20"], ["launch.ship: found 20", "lower-case"]),
    "float for an integer": ([], "", ["rules.people_aboard=6.0"], ["rules.people_aboard: found 6.0", "a whole number"]),
    "table for a number": ([], "", ["trim.limit_m_s={a=1}"], ["trim.limit_m_s: found a table"]),
    "number for a table": ([], "", ["trim=3"], ["trim: found 3", "a table of days_before"]),
    "table for an array": ([], "", ["crew={}"], ["crew: found a table", "an array of 0 to 20"]),
    "path in a craft's name": ([], "", ["launch.ship=../../x"], ["launch.ship: ", "'../../x'"]),
    "not a time": ([], "", ["launch.liftoff_utc=tomorrow"], ["launch.liftoff_utc: ", "'tomorrow'", "a UTC time like"]),
    "no such day": ([], "", ["launch.liftoff_utc=2025-02-30T00:00:00"], ["launch.liftoff_utc: "]),
    "another century": ([], "", ["launch.liftoff_utc=2525-02-20T00:00:00Z"], ["launch.liftoff_utc: ", "a UTC time"]),
    "branch": ([], "", ["launch.branch=descendin"], ["launch.branch: ", "did you mean 'descending'?"]),
    "window and lift-off": (
        [],
        "",
        ['launch.window_utc=["2025-04-24", "2025-04-25"]'],
        ["launch: found both", "exactly one"],
    ),
    "neither window nor lift-off": ([], "", ["launch.liftoff_utc="], ["launch: found neither"]),
    "window of one end": ([], "", ['launch.window_utc=["2025-04-24"]'], ["launch.window_utc: ", "an array of 2"]),
    "window backwards": (
        [],
        "",
        ["launch.liftoff_utc=", 'launch.window_utc=["2025-04-25", "2025-04-24"]'],
        ["launch.window_utc: ", "start, then end"],
    ),
    "window of a year": (
        [],
        "",
        ["launch.liftoff_utc=", 'launch.window_utc=["2025-04-25", "2026-04-24"]'],
        ["launch.window_utc: found 364.0 days", "60"],
    ),
    "start after lift-off": ([], "", ["station.start_utc=2025-05-01"], ["station.start_utc: ", "before the lift-off"]),
    "start long before": ([], "", ["station.start_utc=2024-05-01"], ["station.start_utc: ", "by 90 days at most"]),
    "elements after lift-off": ([], "", ["station.start_utc="], ["station.start_utc: found nothing", "2025-05-21"]),
    "elements of another year": ([], "", ["station.elements=css-2026-10-06"], ["station.elements: ", "within 90 days"]),
    "trim before the start": ([], "", ["trim.days_before=11"], ["trim.days_before: ", "less than 10.39"]),
    "perigee over apogee": (
        [],
        "",
        ["launch.perigee_km=400"],
        ["launch.perigee_km: ", "launch.apogee_km, which is 350"],
    ),
    "too light for its modules": ([], "", ["docked.0.mass_kg=3000"], ["docked.0.mass_kg: found 3000", "7902"]),
    "propellant beside the mass": ([], "", ["docked.0.propellant_kg=10"], ["docked.0.mass_kg: found 7902.0", "7092"]),
    "more than the tanks hold": (
        [],
        "",
        ["docked.0.mass_kg=8182", "docked.0.propellant_kg=1100"],
        ["docked.0.propellant_kg: found 1100", "at most 1000"],
    ),
    "a ship lighter than its modules": (
        [],
        "",
        ["docked.1.vehicle=shenzhou", "docked.1.mass_kg=7000"],
        ["docked.1.mass_kg: found 7000", "7082 to 8082"],
    ),
    "entry with the service module": (
        [],
        "",
        ["return.entry_altitude_km=145"],
        ["return.entry_altitude_km: found 145", "less than return.service_module_altitude_km, which is 145"],
    ),
    "modules that part in orbit": (
        [],
        "",
        ["return.service_module_altitude_km=151"],
        ["return.service_module_altitude_km: found 151", "105 to 150"],
    ),
    "propellant over mass": ([], "", ["docked.0.mass_kg=800"], ["docked.0.propellant_kg: ", "docked.0.mass_kg"]),
    "unknown vehicle": ([], "", ["launch.vehicle=shenzou"], ["launch.vehicle: ", "did you mean 'shenzhou'?"]),
    "a station for a ship": ([], "", ["launch.vehicle=tiangong"], ["launch.vehicle: found 'tiangong', a station file"]),
    "a station for a docked ship": ([], "", ["docked.0.vehicle=tiangong"], ["docked.0.vehicle: ", "a station file"]),
    "unknown site": ([], "", ["return.site=dongfen"], ["return.site: ", "did you mean 'dongfeng'?"]),
    "unknown profile": ([], "", ["rendezvous.profile=6h"], ["rendezvous.profile: ", "3.5h, 3h, 6.5h"]),
    "unknown world": ([], "", ["world=mars"], ["world: found 'mars'", "earth"]),
    "unknown launcher": ([], "", ["launch.launcher=./no.toml"], ["launch.launcher: found './no.toml'"]),
    "unknown elements": ([], "", ["station.elements=css-2025-06-25"], ["station.elements: ", "'css-2025-06-24'?"]),
    "unknown port": ([], "", ["docked.0.port=foreward"], ["docked.0.port: ", "did you mean 'forward'?"]),
    "port used twice": ([], "", ["docked.1.port=forward"], ["docked.1.port: ", "shenzhou-19 is docked", "nadir"]),
    "port not free": ([], "", ["rendezvous.port=forward"], ["rendezvous.port: ", "shenzhou-19 is docked"]),
    "two ships of one name": ([], "", ["docked.1.ship=shenzhou-19"], ["docked.1.ship: ", "a second ship"]),
    "station named like a ship": ([], "", ["station.name=shenzhou-20"], ["station.name: "]),
    "return ship not there": ([], "", ["return.ship=shenzhou-18"], ["return.ship: ", "did you mean 'shenzhou-19'?"]),
    "return ship without vehicle": (
        [],
        "",
        ["return.ship=tianzhou-8", "docked.1.vehicle="],
        ["docked.1.vehicle: ", "flies home"],
    ),
    "crew of an absent ship": ([], "", ["crew.0.ship_up=shenzhou-21"], ["crew.0.ship_up: "]),
    "crew up already, no date": ([], "", ["crew.3.ship_up_utc="], ["crew.3.ship_up_utc: found nothing"]),
    "crew up after launch": ([], "", ["crew.3.ship_up_utc=2026-01-01"], ["crew.3.ship_up_utc: ", "before the launch"]),
    "date for the launched": ([], "", ["crew.0.ship_up_utc=2025-01-01"], ["crew.0.ship_up_utc: ", "is a result"]),
    "too many down": ([], "", ["crew.0.ship_down=shenzhou-19"], ["crew.0.ship_down: found 4 people", "at most 3"]),
    "crew in a freighter": ([], "", ["crew.3.ship_down=tianzhou-8"], ["crew.3.ship_down: ", "at most 0"]),
    "one name twice": ([], "", ["crew.1.name=Chen Dong"], ["crew.1.name: ", "a second time"]),
    "control characters": ([], PASSENGER.replace("A", "\\u001b[2J"), [], ["crew.0.name: ", "?[2J"]),
    "unknown event": ([("docked = ", "dockd = ")], "", [], ["record.dockd: ", "did you mean 'docked'?"]),
    "source of nothing": ([], '"launch.perige" = "assumed"\n', [], ["sources.launch.perige: ", "'launch.perigee_km'?"]),
    "source of no kind": ([], '"crew" = "guess"\n', [], ["sources.crew: ", "'fact:NAME'"]),
    "unknown fact": ([], '"crew" = "fact:missions.sz_200"\n', [], ["sources.crew: ", "'missions.sz_20'?"]),
    "override of an index": ([], "", ["docked.2.mass_kg=1"], ["--set: docked.2.mass_kg: ", "0 to 1"]),
    "override below a value": ([], "", ["trim.days_before.x=1"], ["trim.days_before.x: ", "not a table"]),
    "override without value": ([], "", ["trim"], ["--set: trim: ", "KEY=VALUE"]),
    "override of broken TOML": ([], "", ["trim.days_before=[1"], ["trim.days_before: ", "a TOML value"]),
    "override that smuggles": ([], "", ["name='a'\nworld='mars'"], ["name: ", "a TOML value"]),
    "removal of nothing": ([], "", ["launch.perigee="], ["launch.perigee: ", "'perigee_km'?"]),
    "extends nothing": (
        [("schema = 1", 'extends = "shenzou-20"\nschema = 1')],
        "",
        [],
        ["extends: ", "'shenzhou-20'?"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_mission_is_refused_in_one_line_that_names_the_key(case, tmp_path):
    swaps, add, overrides, says = BAD[case]
    lines = problems(mission(tmp_path, *swaps, add=add), *overrides)
    assert any(all(words in line for words in says) for line in lines), lines


def test_all_problems_come_at_once_and_only_they(tmp_path):
    path = mission(tmp_path, ("perigee_km = 200.0", "perigee_km = 20.0"), ('port = "nadir"', 'port = "nadr"'))
    lines = problems(path, "rendezvous.profile=6.5", "trim.limit_m_s=x", "crew.0.ship_down=tianzhou-8")
    keys = {line.split(": ")[1] for line in lines}
    assert keys == {"launch.perigee_km", "rendezvous.port", "rendezvous.profile", "trim.limit_m_s", "crew.0.ship_down"}


def test_a_problem_names_the_line_of_its_key(tmp_path):
    path = mission(tmp_path, ("plane_bias_s = 401.0", "plane_bias_s = true"))
    [line] = problems(path)
    number = int(line.split(": ")[0].rsplit(":", 1)[1])
    assert path.read_text("utf-8").splitlines()[number - 1].startswith("plane_bias_s")


# ---- a fact says what it is named for

# (key, its value, its source, what the problem must say; nothing where there is none)
FACTS = {
    "the number itself": ("perigee_km", 200.0, "jiuquan.insertion_orbit.0", ""),
    "within the uncertainty": ("perigee_km", 191.0, "jiuquan.insertion_orbit.0", ""),
    "at its edge": ("perigee_km", 190.0, "jiuquan.insertion_orbit.0", "for 190.0 km; allowed: what the fact says"),
    "the other end": ("perigee_km", 350.0, "jiuquan.insertion_orbit.0", "200 +- 10 km"),
    "an end of a range": ("closing_m_s", 0.18, "docking.axial_closing_speed", ""),
    "within a range": ("closing_m_s", 0.1, "docking.axial_closing_speed", ""),
    "outside a range": ("closing_m_s", 0.185, "docking.axial_closing_speed", "[0.08, 0.18] m/s"),
    "one of a list": ("range_m", 140.0, "rendezvous.holds_2011_2016", ""),
    "between two of a list": ("range_m", 200.0, "rendezvous.holds_2011_2016", "[5000, 400, 140, 30] m"),
    "tonnes in kilograms": ("mass_kg", 68500.0, "css.mass_three_modules", ""),
    "tonnes as kilograms": ("mass_kg", 68.5, "css.mass_three_modules", "the fact says, 68.5 +- 2 t; or"),
    "kilonewton in newton": ("thrust_n", 742000.0, "cz2f.yf22e_main_thrust_vac", ""),
    "kilonewton as newton": ("thrust_n", 742.0, "cz2f.yf22e_main_thrust_vac", "742 +- 5 kN"),
    "minutes in seconds": ("lead_s", 3060.0, "return.om_separation_to_landing", ""),
    "minutes as seconds": ("lead_s", 51.0, "return.om_separation_to_landing", "51 +- 1 min"),
    "hours in days": ("way_days", 9.13 / 24.0, "return.undock_to_landing_sz19", ""),
    "degrees of longitude": ("longitude_deg", 100.2914, "jiuquan.pad_longitude", ""),
    "degrees too far west": ("longitude_deg", 100.28, "jiuquan.pad_longitude", "100.2917 +- 0.002 deg"),
    "a count": ("crew_seats", 3, "shenzhou.crew_seats", ""),
    "another count": ("crew_seats", 4, "shenzhou.crew_seats", "3 persons"),
    "a length for an area": ("area_m2", 2.5, "shenzhou.reentry_module_size", "a fact in m^2; this one is in m"),
    "a vector": ("position_m", [-4453783.586, -5038203.756, -426384.456], "orbits.iss_2004_position", ""),
    "its reverse": ("velocity_m_s", [-3831.888, 2887.221, 6018.232], "orbits.iss_2004_velocity", "[3831.888"),
    "a part of a table": ("handover_days", 7.0, "pakistan.mission.stay_days", ""),
    "not that part": ("handover_days", 30.0, "pakistan.mission.stay_days", "for 30.0 days; allowed: what"),
    "a table for a number": ("handover_days", 30.0, "pakistan.mission", "pakistan.mission.stay_days"),
    "no such part": ("handover_days", 7.0, "pakistan.mission.stay", "a part of pakistan"),
    "an instant": ("liftoff_utc", "2025-04-24T09:17:31.000Z", "missions.sz_20.launch", ""),
    "another instant": ("liftoff_utc", "2025-04-24T09:17:32Z", "missions.sz_20.launch", "2025-04-24T09:17:31Z"),
    "words": ("port", "nadir", "css.port_nadir", ""),
}


@pytest.mark.parametrize("case", FACTS)
def test_a_value_agrees_with_the_fact_that_is_its_source(case):
    """Values and facts as they stand in seeds/facts; units by the SI's prefixes and the clock."""
    key, value, name, says = FACTS[case]
    view = View({"a": {key: value}, "sources": {f"a.{key}": f"fact:{name}"}})
    reported = [str(finding.problem("f")) for rule in SOURCES for finding in rule(view)]
    assert len(reported) == bool(says) and all(f"sources.a.{key}: " in line and says in line for line in reported), (
        reported
    )


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("perigee_km = 200.0", "perigee_km = 190.0", "launch.perigee_km"),
        ('liftoff_utc = "2025-04-24T09:17:31Z"', 'liftoff_utc = "2025-04-24T09:18:31Z"', "launch.liftoff_utc"),
    ],
)
def test_a_changed_value_that_keeps_its_fact_is_reported_where_the_source_stands(old, new, key, tmp_path):
    path = mission(tmp_path, (old, new))
    [line] = problems(path)
    number = int(line.split(": ")[0].rsplit(":", 1)[1])
    assert path.read_text("utf-8").splitlines()[number - 1].startswith(f'"{key}" = ')
    assert f'or "assumed: why {new.split(" = ")[1].strip(chr(34))}' in line


# ---- files that are no scenario at all

HOSTILE = {
    "empty": (b"", "an empty file"),
    "blank": (b"\n \n", "an empty file"),
    "binary": (bytes(range(256)), "not text"),
    "null bytes": (b"a = 1\n\x00", "not text"),
    "huge": (b"# " + b"x" * 1_100_000, "more than"),
    "broken": (b"schema = 1\nname = \n", "mission.toml:2:8: found broken TOML"),
    "unclosed at the end": (b"schema = 1\na = [1, 2", "mission.toml:2:"),
    "twice the same key": (b"a = 1\na = 2\n", "mission.toml:2:"),
    "arrays without end": (b"a = " + b"[" * 90_000, "cannot be read"),
    "a key of thousands of parts": (b".".join([b"a"] * 50_000) + b" = 1", "12 parts"),
    "a header of thousands of parts": (b"[" + b".".join([b"a"] * 50_000) + b"]", "12 parts"),
    "an integer of thousands of digits": (b"a = " + b"9" * 100_000, "cannot be read"),
    "thousands of unknown keys": (
        b'kind = "rotation"\n' + b"".join(b"k%d = 1\n" % i for i in range(18_000)),
        "more problems",
    ),
    "thousands of people": (b'kind = "rotation"\n' + b"[[crew]]\n" * 20_000, "more problems"),
    "thousands of sources": (
        b'kind = "rotation"\n[sources]\n' + b"".join(b'k%d = "fact:x%d"\n' % (i, i) for i in range(8_000)),
        "sources.k1",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_no_scenario_is_refused_within_two_seconds(case, tmp_path):
    content, says = HOSTILE[case]
    path = tmp_path / "mission.toml"
    path.write_bytes(content)
    began = time.process_time()
    lines = problems(path)
    assert time.process_time() - began < 2.0  # the promise of the program, on any file
    assert any(says in line for line in lines), lines
    assert len(lines) < 250 and max(map(len, lines)) < 1000


def test_what_is_not_a_file_is_refused(tmp_path):
    assert "a directory" in problems(tmp_path)[0]
    assert "no such file" in problems(tmp_path / "none.toml")[0]
    assert "did you mean 'shenzhou-20'?" in problems("shenzou-20")[0]
    assert "cannot be read" in problems("x" * 5000)[0]
    assert problems("a\0b") and problems("")
    assert "neither" in problems("/dev/null")[0]


def test_files_that_extend_each_other_are_reported_as_a_circle(tmp_path):
    (tmp_path / "a.toml").write_text('extends = "./b.toml"', "utf-8")
    (tmp_path / "b.toml").write_text('extends = "./a.toml"', "utf-8")
    assert "a circle, a.toml -> b.toml -> a.toml" in problems(tmp_path / "a.toml")[0]


def test_old_keys_of_the_landing_name_those_that_take_their_place():
    with pytest.raises(ScenarioError) as caught:
        load("shenzhou-20", ("rules.touchdown_speed_m_s=8.0", "rules.touchdown_miss_km=50"))
    speed, miss = (str(problem) for problem in caught.value.problems)
    assert "an old key; allowed: descent_speed_m_s" in speed and "landing_speed_m_s" in speed
    assert "an old key; allowed: landing_ellipse_km" in miss
