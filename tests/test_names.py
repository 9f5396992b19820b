"""A name of one kind of thing given to a command that takes another: what it is, and which command takes it."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from sim.catalogue import element_sets
from sim.cli.main import app
from sim.files import paths, text
from sim.scenario.kind_words import WORDS
from sim.scenario.what_it_is import FOLDERS, what_it_is

NAMES = {  # a name of each kind, and what has to be said of it
    "rotation": ("shenzhou-20", "a mission", "tiangong run"),
    "sequence": ("port-relocation", "a mission", "tiangong run"),
    "orbit": ("iss-20x20", "an orbit", "tiangong propagate"),
    "campaign": ("docking", "a campaign", "tiangong montecarlo"),
    "launcher": ("cz7", "a launcher", "launch.launcher"),
    "ship": ("shenzhou", "a ship", "launch.vehicle"),
    "station": ("tiangong", "a station", "station.vehicle"),
    "site": ("jiuquan", "a site", "--site"),
    "world": ("earth", "a world", "names in world"),
    "programme": ("programme", "a programme", "tiangong rotation"),
    "profile": ("3.5h", "a profile", "rendezvous.profile"),
    "docking rules": ("tiangong", "docking rules", "--rules"),
    "landing rules": ("tiangong", "landing rules", "--rules"),
    "spacewalk rules": ("tiangong", "spacewalk rules", "--rules"),
    "element set": ("css-2026-10-06", "an element set", "station.elements"),
    "fact": ("css.port_nadir", "a fact", "tiangong facts"),
}
MISSIONS = {"rotation", "sequence"}
SAME_FOLDER = {
    "ship",
    "station",
    "docking rules",
    "landing rules",
    "spacewalk rules",
}  # of the names above; the file's own kind is said there
OUT = ["--out", "nowhere-at-all"]
COMMANDS = {  # the command, with X for the name; the kinds that it takes
    "run": (["run", "X", *OUT], MISSIONS),
    "propagate": (["propagate", "X", *OUT], {"orbit"}),
    "check": (["check", "X"], MISSIONS | {"orbit", "campaign", "programme"}),
    "windows": (["windows", "X"], MISSIONS),
    "windows --site": (["windows", "shenzhou-20", "--site", "X"], {"site"}),
    "windows --elements": (["windows", "shenzhou-20", "--elements", "X"], set()),
    "docking-windows": (["docking-windows", "X"], MISSIONS),
    "docking-windows --rules": (
        ["docking-windows", "shenzhou-20", "--rules", "X"],
        {"docking rules", "landing rules", "spacewalk rules", "station"},
    ),
    "landing-windows": (["landing-windows", "X"], MISSIONS),
    "landing-windows --rules": (
        ["landing-windows", "return-only", "--rules", "X"],
        {"docking rules", "landing rules", "spacewalk rules", "station"},
    ),
    "rotation": (["rotation", "X"], {"programme"}),
    "eva": (["eva", "X"], {"programme"}),
    "montecarlo": (["montecarlo", "X", *OUT], MISSIONS | {"campaign"}),
    "montecarlo --campaign": (["montecarlo", "shenzhou-20", "--campaign", "X", *OUT], {"campaign"}),
    "montecarlo rerun": (["montecarlo", "rerun", "X", "1"], set()),
    "plot": (["plot", "X"], set()),
    "view": (["view", "X"], set()),
    "schema": (["schema", "X"], {"programme"}),  # the one that is shipped has the name of its kind
    "verify": (["verify", "X"], set()),
    "station.elements": (["run", "shenzhou-20", "--set", "station.elements=X", *OUT], {"element set"}),
    "launch.launcher": (["check", "shenzhou-20", "--set", "launch.launcher=X"], {"launcher", *SAME_FOLDER}),
}
CASES = [(c, kind) for c, (_, taken) in COMMANDS.items() for kind in NAMES if kind not in taken]


def refused(command: list[str]) -> list[str]:
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2, result.output
    return result.stderr.splitlines()


@pytest.mark.parametrize(("command", "kind"), CASES)
def test_a_name_of_another_kind_is_refused_with_what_it_is(command, kind):
    name, what, taker = NAMES[kind]
    lines = refused([word.replace("X", name) for word in COMMANDS[command][0]])
    assert any(name in line and what in line and taker in line for line in lines), lines


@pytest.mark.parametrize(
    ("command", "path", "what"),
    [
        ("propagate", paths.MISSIONS / "shenzhou-20.toml", "a mission"),
        ("propagate", paths.MISSIONS / "port-relocation.toml", "a mission"),
        ("run", paths.ORBITS / "iss-20x20.toml", "an orbit"),
        ("run", paths.CAMPAIGNS / "docking.toml", "a campaign"),
        ("montecarlo", paths.VEHICLES / "shenzhou.toml", "a ship"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_it_is(command, path, what):
    (line,) = refused([command, str(path), *OUT])
    assert "kind: found" in line and what in line


@pytest.mark.parametrize(
    ("command", "name", "says"),
    [
        ("run", "shenzho-20", "did you mean 'shenzhou-20'?"),
        ("propagate", "iss-20x2", "did you mean 'iss-20x20'?"),
        ("propagate", "shenzou-20", "'shenzhou-20' is a mission, for `tiangong run`"),
        ("run", "is-20x20", "'iss-20x20' is an orbit, for `tiangong propagate`"),
    ],
)
def test_a_misspelt_name_offers_the_nearest_of_its_kind_and_else_of_any(command, name, says):
    (line,) = refused([command, name, *OUT])
    assert "no such file" in line and says in line


def test_every_kind_of_the_catalogue_has_its_words():
    kinds = {text.heading(path)[0] for folder in FOLDERS for path in folder.glob("*.toml")}
    assert kinds == set(WORDS)
    assert {folder for folder in paths.CONFIGS.iterdir() if folder.is_dir()} == set(FOLDERS)


def test_the_commands_that_are_named_exist():
    known = {command.name or command.callback.__name__ for command in app.registered_commands} | {"montecarlo"}
    named = {word for words in WORDS.values() for word in re.findall(r"`(?:tiangong )?([a-z-]+)`", words)}
    assert named and named <= known


def test_a_name_of_nothing_is_nothing():
    assert what_it_is("nothing-at-all") == "" and what_it_is(element_sets.names()[0]).startswith("an element set")
