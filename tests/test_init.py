"""`tiangong init`: a shipped file with comments is the same file, and refuses what it must not replace."""

from __future__ import annotations

import json
import tomllib

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.files import paths, text
from sim.scenario.commented import commented
from sim.scenario.what_it_is import FOLDERS

SHIPPED = [(folder, name) for folder in FOLDERS for name in text.catalogue(folder)]


def start(*words):
    return CliRunner().invoke(app, ["init", *map(str, words)])


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=[f"{folder.name}-{name}" for folder, name in SHIPPED])
def test_every_shipped_file_is_the_same_when_it_is_written_with_comments(folder, name):
    """Tables, values and their types; so what is loaded from both is equal, since nothing else of a file is read."""
    raw = text.read(folder / f"{name}.toml", folder).raw
    written = commented(name, raw["kind"])
    again = tomllib.loads(written)
    assert text.plain(again, "") == raw
    assert json.dumps(again, sort_keys=True) == json.dumps(raw, sort_keys=True)  # 1 is not 1.0
    assert max(map(len, written.splitlines())) < 340  # the longest sources are 300


@pytest.mark.parametrize("name", ["shenzhou-24-pakistan", "port-relocation"])
def test_a_mission_is_loaded_as_the_shipped_one(name, tmp_path):
    from sim.scenario.load import load

    file = tmp_path / "mine.toml"
    assert start("--from", name, file).exit_code == 0
    mine, shipped = load(file), load(name)
    for part in (
        "raw",
        "sequence",
        "branches",
        "vehicles",
        "blocks",
        "faults",
        "crew",
        "record",
        "station",
        "unsourced",
    ):
        assert getattr(mine, part) == getattr(shipped, part), part
    assert [s[1:] for s in mine.sources] == [s[1:] for s in shipped.sources]


def test_an_orbit_starts_as_the_shipped_one(tmp_path):
    from sim.build.orbit import load_orbit

    file = tmp_path / "mine.toml"
    assert start("--from", "station-raise", file).exit_code == 0
    assert repr(load_orbit(file).orbit) == repr(load_orbit("station-raise").orbit)


def test_each_key_is_explained_once_with_unit_and_range():
    written = commented("shenzhou-20")
    assert "# lowest altitude of the orbit that the rocket aims at, km (150 to 450)\nperigee_km = 200.0" in written
    assert "# (not set) liftoff_utc" not in written and "# (not set) window_utc: " in written
    thrusters = commented("shenzhou").partition("[[thrusters]]")[2]
    assert thrusters.count("direction of its push") == 1 and thrusters.count("[[thrusters]]") == 23


def test_nothing_is_replaced_without_force(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    refused = start("--from", "shenzhou-20", file)
    assert refused.exit_code == 2 and "exists already" in refused.stderr and "--force" in refused.stderr
    assert file.read_text() == "mine"
    done = start("--from", "shenzhou-20", file, "--force", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["file"] == str(file)
    assert "[launch]" in file.read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "shenzhou-24-pakistn", "{}/a.toml"], ("'shenzhou-24-pakistn'", "nearest: shenzhou-24-pakistan")),
        (["--from", "css-2026-10-06", "{}/a.toml"], ("css-2026-10-06", "an element set")),
        (["--from", "tiangong", "{}/a.toml"], ("--kind station", "--kind docking_rules", "--kind landing_rules")),
        (["--from", "shenzhou-20", "--kind", "ship", "{}/a.toml"], ("'ship'", "rotation")),
        (["--from", "shenzhou-20", "{}/a"], ("a.toml",)),
        (["--from", "shenzhou-20", "{}/none/a.toml"], ("none", "cannot be written")),
        (["--from", "shenzhou-20", "/dev/null/a.toml"], ("cannot be written",)),
    ],
)
def test_what_is_refused_is_refused_with_words(words, says, tmp_path):
    done = start(*(word.format(tmp_path) for word in words))
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
    assert all(part in done.stderr for part in says)
    assert list(tmp_path.iterdir()) == []


def test_the_face_writes_it_too(tmp_path):
    import sim

    assert sim.start_file("tiangong", tmp_path / "rules.toml", kind="docking_rules") == tmp_path / "rules.toml"
    assert paths.DOCKING_RULES.is_dir() and "[camera_sun]" in (tmp_path / "rules.toml").read_text()
