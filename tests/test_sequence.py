"""A mission as a list of phases: the short form written out, and what is refused before anything flies."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.build.mission import build
from sim.cli.main import app
from sim.files import paths
from sim.scenario import ScenarioError, load
from sim.scenario.load import load_named

RELOCATION, RETURN, CARGO = "port-relocation", "return-only", "tianzhou-cargo"
ROTATIONS = ("shenzhou-20", "shenzhou-21", "shenzhou-23", "shenzhou-24-pakistan")
BLOCKS = ("launch", "trim", "rendezvous", "stay", "return", "rules")


# ---- the short form


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def written_out(name: str, folder: Path) -> Path:
    """A file that states the phases into which a rotation's blocks expand, and no block."""
    scenario = load(name)
    raw = {k: v for k, v in scenario.raw.items() if k not in (*BLOCKS, "named", "week")}  # a week is of a rotation
    raw["sources"] = {k: v for k, v in raw["sources"].items() if k.partition(".")[0] not in BLOCKS}
    raw["kind"] = "mission"
    raw["ships"] = [{"ship": scenario.launch.ship, "vehicle": scenario.launch.vehicle}]
    raw["sequence"] = [entry.model_dump(mode="json", exclude_none=True) for entry in scenario.sequence]
    path = folder / f"{name}.toml"
    path.write_text("\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in raw.items()), "utf-8")
    return path


def alike(a: object, b: object, where: str = "mission") -> list[str]:
    """Where two missions differ, to the last bit."""
    if type(a) is not type(b):
        return [f"{where}: {type(a).__name__} and {type(b).__name__}"]
    if isinstance(a, np.ndarray):
        return [] if a.dtype == b.dtype and a.tobytes() == b.tobytes() else [where]
    if dataclasses.is_dataclass(a):
        pairs = [(f.name, getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a)]
    elif isinstance(a, Mapping):
        if list(a) != list(b):
            return [f"{where}: {list(a)} and {list(b)}"]
        pairs = [(str(key), a[key], b[key]) for key in a]
    elif isinstance(a, list | tuple):
        if len(a) != len(b):
            return [f"{where}: {len(a)} and {len(b)}"]
        pairs = [(str(i), *both) for i, both in enumerate(zip(a, b, strict=True))]
    else:
        return [] if a == b or a is b else [f"{where}: {a!r} and {b!r}"]
    return [line for name, x, y in pairs for line in alike(x, y, f"{where}.{name}")]


@pytest.mark.parametrize("name", ROTATIONS)
def test_the_short_form_and_the_list_written_out_make_the_same_mission(name, tmp_path):
    short, long = load(name), load(written_out(name, tmp_path))
    assert short.sequence == long.sequence and short.branches == long.branches
    a, b = (dataclasses.replace(build(s), world=None) for s in (short, long))
    assert alike(a.phases, b.phases) == []
    assert alike(a, b) == []


def test_a_difference_between_missions_is_seen():
    a, b = (build(load("shenzhou-20", [f"seed={seed}"])).phases for seed in (1, 2))
    assert any(".draws.seed: 1 and 2" in line for line in alike(a, b))


def test_a_profile_that_may_be_gone_over_to_has_its_own_phases():
    scenario = load("shenzhou-21")
    assert "fly-around" not in scenario.phases
    assert scenario.phases[:3] == ("await-launch", "ascent", "phasing")
    branch = scenario.branches["6.5h"]
    assert [e.phase for e in branch[:5]] == ["homing", "transfer", "fly-around", "docking", "docked"]
    assert branch[4:] == scenario.sequence[6:]  # the stay and the return are the same


def test_check_prints_the_sequence_and_json_holds_it_whole():
    run = CliRunner().invoke(app, ["check", RELOCATION])
    assert run.exit_code == 0
    assert re.search(r"sequence +0 undocking +shenzhou-22, 6.5h\n +1 fly-around +shenzhou-22.*to nadir\n", run.output)
    printed = json.loads(CliRunner().invoke(app, ["check", "shenzhou-21", "--json"]).output)
    assert [e["phase"] for e in printed["sequence"]] == list(load("shenzhou-21").phases)
    assert printed["sequence"][5]["begin_m"] == 540.0 and set(printed["branches"]) == {"6.5h"}


def test_the_phases_of_a_long_sequence_stand_in_one_column():
    output = CliRunner().invoke(app, ["check", "shenzhou-20"]).output.splitlines()
    phases = load("shenzhou-20").phases
    first = next(i for i, line in enumerate(output) if line.startswith("  sequence"))
    columns = {line.index(f" {phase} ") for line, phase in zip(output[first:], phases, strict=False)}
    assert len(phases) > 10 and len(columns) == 1


# ---- what is refused


def refused(name: str, folder: Path, *swaps: tuple[str, str]) -> list[str]:
    """The problems that `tiangong check` prints for a shipped mission with some text exchanged; exit code 2."""
    text = (paths.MISSIONS / f"{name}.toml").read_text("utf-8")
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "mission.toml"
    path.write_text(text, "utf-8")
    run = CliRunner().invoke(app, ["check", str(path)])
    assert run.exit_code == 2, run.output
    with pytest.raises(ScenarioError) as caught:
        load(path)
    lines = [str(p) for p in caught.value.problems]
    assert all(line in run.output for line in lines)
    return [line.partition(": ")[2] for line in lines]


def table(name: str, phase: str) -> str:
    """The whole [[sequence]] table of a phase, as its file has it."""
    text = (paths.MISSIONS / f"{name}.toml").read_text("utf-8")
    parts = re.split(r"(?m)^(?=\[\[?\w)", text)
    return next(part for part in parts if part.startswith("[[sequence]]") and f'phase = "{phase}"' in part)


UNDOCK, AROUND, DOCK = (table(RELOCATION, phase) for phase in ("undocking", "fly-around", "docking"))
SOURCE_OF_UNDOCKING = [
    (line, "")
    for line in (paths.MISSIONS / f"{RELOCATION}.toml").read_text("utf-8").splitlines(keepends=True)
    if line.startswith('"sequence.0.')
]
LEAVE, DEPARTURE, DEORBIT = (table(RETURN, phase) for phase in ("undocking", "departure", "deorbit"))
ASCENT, ENTRY = table(CARGO, "ascent"), table(RETURN, "entry")
FAULT = '[[faults]]\nkind = "thruster-stuck-off"\nrange_m = 50.0\n{}\n\n'
FLYING_CARGO = """[[docked]]
ship = "tianzhou-9"
vehicle = "tianzhou"
port = "aft"
mass_kg = 13000.0
propellant_kg = 600.0
"""
PASSENGER = '[[crew]]\nname = "A"\nrole = "r"\nnation = "n"\nship_up = "tianzhou-9"\nship_down = "x"\n'
DOCKED_CARGO = '[[docked]]\nship = "tianzhou-9"\nvehicle = "tianzhou"\nport = "aft"\nmass_kg = 13000.0\n'

# What is wrong -> mission, text exchanged, and the whole line that says so.
CASES = {
    "docking of a docked ship": (
        RELOCATION,
        [(UNDOCK, ""), (AROUND, ""), *SOURCE_OF_UNDOCKING],
        "sequence.0: found docking of shenzhou-22, which is then docked at the forward port; allowed: a ship in free "
        "flight on the port's axis: write undocking, transfer or fly-around before",
    ),
    "a port that is taken": (
        RELOCATION,
        [('port = "nadir"\nstart', 'port = "aft"\nstart'), ('port = "nadir"\n', 'port = "aft"\n')],
        "sequence.2.port: found 'aft', where tianzhou-9 is docked then; allowed: a free port: forward, nadir",
    ),
    "a port that is not there": (
        RELOCATION,
        [('port = "nadir"\n\n[atmosphere]', 'port = "nadri"\n\n[atmosphere]')],
        "sequence.2.port: found 'nadri'; allowed: one of 'forward', 'nadir', 'aft'; did you mean 'nadir'?",
    ),
    "undocking of a ship that has undocked": (
        RELOCATION,
        [(AROUND, UNDOCK)],
        "sequence.1: found undocking of shenzhou-22, which is then in free flight on the axis of the forward port; "
        "allowed: a docked ship: write docking before, or list it under [[docked]]",
    ),
    "docking at another port than it has come round to": (
        RELOCATION,
        [('port = "nadir"\n\n[atmosphere]', 'port = "forward"\n\n[atmosphere]')],
        "sequence.2.port: found 'forward', with shenzhou-22 in free flight on the axis of the nadir port; allowed: "
        "'nadir', or a fly-around to 'forward' before",
    ),
    "a fly-around from elsewhere": (
        RELOCATION,
        [('start = "forward"', 'start = "behind"')],
        "sequence.1.start: found 'behind', with shenzhou-22 in free flight on the axis of the forward port; allowed: "
        "'forward'",
    ),
    "a profile that does not go round": (
        RELOCATION,
        [(AROUND, AROUND.replace('"6.5h"', '"3.5h"'))],
        "sequence.1.profile: found '3.5h', which has no [fly_around]; allowed: a profile with [fly_around], as 6.5h",
    ),
    "a docking that begins where the ship is not": (
        RELOCATION,
        [(DOCK, DOCK.rstrip() + "\nbegin_m = 540.0\n\n")],
        "sequence.2.begin_m: found 540; allowed: no such key: it begins at the far hold",
    ),
    "an unknown ship": (
        RELOCATION,
        [(DOCK, DOCK.replace("shenzhou-22", "shenzhou-2"))],
        "sequence.2.ship: found 'shenzhou-2'; allowed: a ship of [[ships]] or [[docked]]: shenzhou-22, tianzhou-9; "
        "did you mean 'shenzhou-22'?",
    ),
    "an unknown phase": (
        RELOCATION,
        [('phase = "docking"', 'phase = "dockng"')],
        "sequence.2.phase: found 'dockng' (a string); allowed: one of 'await-launch', 'ascent', 'phasing', 'homing', "
        "'transfer', 'fly-around', 'docking', 'capture', 'transposition', 'docked', 'undocking', 'departure', "
        "'deorbit', 'entry', 'descent'; did you mean 'docking'?",
    ),
    "a phase without a name": (
        RELOCATION,
        [('phase = "docking"\n', "")],
        "sequence.2.phase: found nothing; allowed: one of 'await-launch', 'ascent', 'phasing', 'homing', 'transfer', "
        "'fly-around', 'docking', 'capture', 'transposition', 'docked', 'undocking', 'departure', 'deorbit', 'entry', "
        "'descent'",
    ),
    "a key that a phase does not have": (
        RELOCATION,
        [("drift_s = 60.0", "drift = 60.0"), ('"sequence.0.drift_s"', '"sequence.0.drift"')],
        "sequence.0.drift: found an unknown key; allowed: phase, ship, profile, drift_s, holds_m, durations_s, "
        "holds_s, leave_s, turn, crew_boards; did you mean 'drift_s'?",
    ),
    "a ship without a vehicle": (
        RELOCATION,
        [
            (DOCK, UNDOCK.replace("shenzhou-22", "tianzhou-9")),
            (AROUND, ""),
            (DOCKED_CARGO, DOCKED_CARGO.replace('vehicle = "tianzhou"\n', "")),
        ],
        "sequence.1.ship: found undocking of tianzhou-9, which has no vehicle; allowed: a ship with a vehicle: name "
        "its file, vehicle = ..., where the ship is listed",
    ),
    "a ship left on the axis of its port": (
        RETURN,
        [(LEAVE, UNDOCK.replace("shenzhou-22", "shenzhou-20") + LEAVE)],
        "sequence.2: found undocking of shenzhou-21 while shenzhou-20 is in free flight on the axis of the nadir "
        "port; allowed: write docking of shenzhou-20 before: it cannot stay there",
    ),
    "a return of a docked ship": (
        RETURN,
        [(LEAVE, ""), (DEPARTURE, "")],
        "sequence.1: found deorbit of shenzhou-21, which is then docked at the forward port; allowed: an undocked "
        "ship, away from the station: write departure before",
    ),
    "phases in an impossible order": (
        RETURN,
        [(DEORBIT, "")],
        "sequence.3: found entry of shenzhou-21, which is then in free flight, away from the station; allowed: a ship "
        "at the entry interface: write deorbit right before",
    ),
    "a return of a ship that cannot land": (
        RETURN,
        [
            (DOCKED_CARGO, FLYING_CARGO),
            (LEAVE, LEAVE.replace("shenzhou-21", "tianzhou-9")),
            (DEPARTURE, DEPARTURE.replace("shenzhou-21", "tianzhou-9")),
            (DEORBIT, DEORBIT.replace("shenzhou-21", "tianzhou-9")),
        ],
        "sequence.3.ship: found deorbit of tianzhou-9, which has no seats and cannot land; allowed: a ship with "
        "crew_seats, [capsule] and [parachutes]; end the sequence of this one before",
    ),
    "hours that do not agree": (
        RETURN,
        [("undocked_h = 3.0", "undocked_h = 2.5")],
        "sequence.3.undocked_h: found 2.5; allowed: 3, coast_h of its departure",
    ),
    "an ascent that nobody waited for": (
        CARGO,
        [('phase = "ascent"\nship', 'phase = "ascent" # \nship'), (table(CARGO, "await-launch"), "")],
        "sequence.0: found ascent of tianzhou-9, which is then on the ground; allowed: a ship that waits for its "
        "lift-off: write await-launch right before",
    ),
    "a launch of a docked ship": (
        CARGO,
        [('phase = "await-launch"\nship = "tianzhou-9"', 'phase = "await-launch"\nship = "shenzhou-20"')],
        "sequence.0: found await-launch of shenzhou-20, which is then docked at the nadir port; allowed: a ship on the "
        "ground: list it under [[ships]], once for each lift-off",
    ),
    "two lift-offs of one launch": (
        CARGO,
        [("window_utc", 'liftoff_utc = "2025-07-14T21:34:00Z"\nwindow_utc')],
        "sequence.0: found both window_utc and liftoff_utc; allowed: exactly one of the two",
    ),
    "a launcher that does not exist": (
        CARGO,
        [('launcher = "cz7"', 'launcher = "cz-7"')],
        "sequence.0.launcher: found 'cz-7'; allowed: a path to a launcher file, or one of cz2f-g, cz7, delta3, "
        "soyuz-2-1a; did you mean 'cz7'?",
    ),
    "people in a ship without seats": (
        CARGO,
        [
            (
                "[atmosphere]",
                PASSENGER + "\n[atmosphere]",
            )
        ],
        "crew.0.ship_up: found 1 people in tianzhou-9; allowed: at most 0 (crew_seats of its vehicle)",
    ),
    "blocks beside a sequence": (
        CARGO,
        [("[atmosphere]", '[rendezvous]\nprofile = "3h"\nport = "aft"\n\n[atmosphere]')],
        "rendezvous: found the block [rendezvous] beside [[sequence]]; allowed: one of the two: write what it says "
        "into the phases, or take [[sequence]] out",
    ),
    "a fault of a thruster that the ship does not have": (
        RELOCATION,
        [("[[sequence]]", FAULT.format('thruster = "psh1"') + "[[sequence]]")],
        "faults.0.thruster: found 'psh1'; allowed: a thruster of shenzhou-22: push1, push2, push3, push4, brake1, "
        "brake2, brake3, brake4, fore1, fore2, fore3, fore4, fore5, fore6, fore7, fore8, aft1, aft2, aft3, aft4, aft5, "
        "aft6, aft7, aft8; did you mean 'push1'?",
    ),
    "a fault of no thruster": (
        RELOCATION,
        [("[[sequence]]", FAULT.format("") + "[[sequence]]")],
        "faults.0.thruster: found nothing; allowed: given, since kind = 'thruster-stuck-off'",
    ),
    "a lost sensor without its name": (
        RELOCATION,
        [("[[sequence]]", '[[faults]]\nkind = "sensor-lost"\nrange_m = 50.0\n\n[[sequence]]')],
        "faults.0.sensor: found nothing; allowed: given, since kind = 'sensor-lost'",
    ),
    "a fault of a rotation": (
        "shenzhou-20",
        [("[stay]", FAULT.format('thruster = "nope"') + "[stay]")],
        "faults.0.thruster: found 'nope'; allowed: a thruster of shenzhou-20: push1, push2, push3, push4, brake1, "
        "brake2, brake3, brake4, fore1, fore2, fore3, fore4, fore5, fore6, fore7, fore8, aft1, aft2, aft3, aft4, aft5, "
        "aft6, aft7, aft8",
    ),
    "an ascent from another site": (
        CARGO,
        [(ASCENT, ASCENT.replace('site = "wenchang"', 'site = "kourou"'))],
        "sequence.1.site: found 'kourou'; allowed: 'wenchang', as sequence.0.site of its await-launch phase",
    ),
    "an ascent by another profile": (
        CARGO,
        [(ASCENT, ASCENT.replace('profile = "3h"', 'profile = "6.5h"'))],
        "sequence.1.profile: found '6.5h'; allowed: '3h', as sequence.0.profile of its await-launch phase",
    ),
    "an ascent of another launcher": (
        CARGO,
        [(ASCENT, ASCENT.replace('launcher = "cz7"', 'launcher = "cz2f-g"'))],
        "sequence.1.launcher: found 'cz2f-g'; allowed: 'cz7', as sequence.0.launcher of its await-launch phase",
    ),
    "a wait for another landing site": (
        RETURN,
        [('site = "dongfeng"', 'site = "kourou"')],
        "sequence.3.site: found 'dongfeng'; allowed: 'kourou', as sequence.0.site of its docked phase",
    ),
    "an entry at another bank angle": (
        RETURN,
        [(ENTRY, ENTRY.replace("bank_start_deg = ", "bank_start_deg = 1"))],
        "sequence.4.bank_start_deg: found 145; allowed: 45, as sequence.3.bank_start_deg of its deorbit phase",
    ),
    "an entry to another site": (
        RETURN,
        [(ENTRY, ENTRY.replace('site = "dongfeng"', 'site = "kourou"'))],
        "sequence.4.site: found 'kourou'; allowed: 'dongfeng', as sequence.3.site of its deorbit phase",
    ),
    "a fly-around to the port that it starts from": (
        RELOCATION,
        [('port = "nadir"\nstart', 'port = "forward"\nstart'), (DOCK, DOCK.replace('"nadir"', '"forward"'))],
        "sequence.1.port: found 'forward', the port that it starts from; allowed: another port; to dock where the ship "
        "has undocked, write docking without fly-around",
    ),
    "a hold inside the keep-out sphere": (
        RELOCATION,
        [("holds_m = [200.0]", "holds_m = [50.0]")],
        "sequence.0.holds_m.0: found 50; allowed: at least 200, safety.keep_out_radius_m of the profile 6.5h",
    ),
    "a hold elsewhere than where the fly-around begins": (
        RELOCATION,
        [("holds_m = [200.0]", "holds_m = [1000.0]")],
        "sequence.0.holds_m.0: found 1000; allowed: 200, where its fly-around begins: final.far_hold_range_m of the "
        "profile 6.5h",
    ),
    "a departure of a docked ship": (
        RETURN,
        [(LEAVE, "")],
        "sequence.1: found departure of shenzhou-21, which is then docked at the forward port; allowed: a ship that "
        "has left its port for good: write undocking with leave_s right before",
    ),
    "a departure from the axis of a port": (
        RETURN,
        [("leave_s = 600.0                           # to where the ship can drift away\nturn = true\n", "")],
        "sequence.2: found departure of shenzhou-21, which is then in free flight on the axis of the forward port; "
        "allowed: a ship that has left its port for good: write undocking with leave_s right before",
    ),
    "a docking of a ship that has left for good": (
        RELOCATION,
        [("crew_boards = true", "leave_s = 600.0\ncrew_boards = true")],
        "sequence.1: found fly-around of shenzhou-22, which is then in free flight beside the station, on its way "
        "home; allowed: a ship behind the station or backed off a port: write transfer or undocking before",
    ),
    "a turn on the way to another port": (
        RELOCATION,
        [("crew_boards = true", "turn = true\ncrew_boards = true")],
        "sequence.0.turn: found true without leave_s; allowed: false, or leave_s as well: the turn is flown while the "
        "ship leaves its last hold",
    ),
    "holds without their times": (
        RETURN,
        [("durations_s = [60.0, 1131.0]", "durations_s = [60.0]")],
        "sequence.1.durations_s: found 1 of them; allowed: 2, one for each of holds_m",
    ),
    "a hold nearer than the one before": (
        RETURN,
        [("holds_m = [19.0, 200.0]", "holds_m = [300.0, 200.0]")],
        "sequence.1.holds_m.1: found 200.0 after 300.0; allowed: values that increase",
    ),
    "the key of one hold": (
        RELOCATION,
        [("holds_m = [200.0]", "hold_range_m = 200.0"), ('"sequence.0.holds_m"', '"sequence.0.hold_range_m"')],
        "sequence.0.hold_range_m: found an old key; allowed: holds_m, a list, nearest first: [200.0]",
    ),
    "a fault of a departure of a thruster that the ship does not have": (
        RETURN,
        [("[[sequence]]", FAULT.format('thruster = "psh1"\nleg = "departure"') + "[[sequence]]")],
        "faults.0.thruster: found 'psh1'; allowed: a thruster of shenzhou-21: push1, push2, push3, push4, brake1, "
        "brake2, brake3, brake4, fore1, fore2, fore3, fore4, fore5, fore6, fore7, fore8, aft1, aft2, aft3, aft4, aft5, "
        "aft6, aft7, aft8; did you mean 'push1'?",
    ),
    "holds of a return without their times": (
        "shenzhou-20",
        [("holds_s = [60.0, 120.0]\n", ""), ('"return.holds_s" = "assumed"\n', "")],
        "return.holds_s: found nothing; allowed: given, since holds_m is: one for each of them",
    ),
    "a return by a hold inside the keep-out sphere": (
        "shenzhou-20",
        [
            ("holds_m = [19.0, 200.0] ", "holds_m = [19.0, 100.0] "),
            ("fact:return.departure_holds", "assumed"),
        ],
        "return.holds_m.1: found 100; allowed: at least 200, safety.keep_out_radius_m of the profile 6.5h",
    ),
    "a mission of no phase": (
        RELOCATION,
        [(UNDOCK, ""), (AROUND, ""), (DOCK, ""), *SOURCE_OF_UNDOCKING],
        "sequence: found nothing; allowed: 1 to 50 tables [[sequence]], each with phase = ... and ship = ...",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_sequence_is_refused_in_words_before_anything_flies(case, tmp_path):
    mission, swaps, line = CASES[case]
    assert line in refused(mission, tmp_path, *swaps)


def test_one_fault_is_reported_once_and_what_comes_after_is_looked_at_as_well(tmp_path):
    swaps = [
        (AROUND, ""),
        ('port = "nadir"\n\n[atmosphere]', 'port = "aft"\n\n[atmosphere]'),
        ("holds_s = [120.0]", "holds_s = [-1.0]"),
    ]
    lines = refused(RELOCATION, tmp_path, *swaps)
    assert [line.partition(":")[0] for line in lines] == ["sequence.0.holds_s.0", "sequence.1.port"]


def test_phases_that_contradict_each_other_are_listed_all_at_once(tmp_path):
    other = ENTRY.replace("bank_start_deg = ", "bank_start_deg = 1").replace('"dongfeng"', '"kourou"')
    lines = refused(RETURN, tmp_path, (ENTRY, other))
    keys = ["sequence.4.site", "sequence.4.bank_start_deg", "sequence.5.site"]
    assert sorted(line.partition(":")[0] for line in lines) == sorted(keys)


def test_a_hold_inside_the_keep_out_sphere_is_reported_once(tmp_path):
    assert len(refused(RELOCATION, tmp_path, ("holds_m = [200.0]", "holds_m = [50.0]"))) == 1


def test_a_problem_names_the_line_of_its_phase(tmp_path):
    mission, swaps, _ = CASES["a fly-around from elsewhere"]
    refused(mission, tmp_path, *swaps)
    text = (tmp_path / "mission.toml").read_text("utf-8").splitlines()
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "mission.toml")
    assert text[caught.value.problems[0].line - 1] == 'start = "behind"'


def test_a_rotation_whose_ship_cannot_land_is_reported_at_its_block():
    freighter = ["docked.1.vehicle=tianzhou", "docked.1.propellant_kg=600.0", "return.ship=tianzhou-8"]
    with pytest.raises(ScenarioError) as caught:
        load("shenzhou-20", freighter)
    assert {p.key for p in caught.value.problems} == {"stay", "return.ship"}
    assert "cannot land" in str(caught.value)


def test_a_profile_of_one_phase_that_cannot_be_read_is_refused_in_words(tmp_path):
    """Its fallback was once looked up in what nobody could read."""
    before, after = (paths.MISSIONS / f"{CARGO}.toml").read_text("utf-8").split('phase = "phasing"')
    (tmp_path / "broken.toml").write_text("kind =")
    (tmp_path / "a.toml").write_text(f'{before}phase = "phasing"{after.replace("3h", "./broken.toml", 1)}')
    with pytest.raises(ScenarioError, match=r"broken.toml:1:\d+: found broken TOML"):
        load(tmp_path / "a.toml")


@pytest.mark.parametrize("name", (RELOCATION, RETURN, CARGO))
@pytest.mark.parametrize("verb", ("windows", "docking-windows"))
def test_planners_say_what_a_sequence_lacks(verb, name):
    run = CliRunner().invoke(app, [verb, name])
    assert run.exit_code == 2
    purpose = {"windows": "launch windows", "docking-windows": "docking windows"}[verb]
    assert "sequence: found a sequence without [launch], [trim], [rendezvous], [return]" in run.output
    assert f"allowed: for {purpose} a mission of the usual rotation, written in its blocks" in run.output


def test_a_campaign_of_a_phase_that_is_not_flown_is_refused(tmp_path):
    run = CliRunner().invoke(app, ["montecarlo", RETURN, "--phase", "docking", "-n", "2", "--out", str(tmp_path / "d")])
    assert run.exit_code == 2
    assert (
        "has no phase 'docking' to disperse; it has docked, undocking, departure, deorbit, entry, descent" in run.output
    )


@pytest.mark.parametrize(
    ("vehicle", "old", "new", "line"),
    [
        (
            "tianzhou",
            "crew_seats = 0",
            "crew_seats = 2",
            "capsule: found nothing; allowed: given, since crew_seats = 2",
        ),
        (
            "shenzhou",
            "crew_seats = 3",
            "crew_seats = 0",
            "capsule: found a key of another kind of ship, since crew_seats = 0; allowed: no such key",
        ),
        (
            "tianzhou",
            "cargo_kg = 6000.0\n",
            "",
            "mass.cargo_kg: found nothing; allowed: given, since crew_seats = 0",
        ),
    ],
)
def test_a_ship_with_seats_lands_and_one_without_carries_freight(vehicle, old, new, line, tmp_path):
    text = (paths.VEHICLES / f"{vehicle}.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{vehicle}.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_named(str(path), "ship")
    assert any(line in str(problem) for problem in caught.value.problems)
