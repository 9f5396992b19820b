"""Where results may go: one rule for every command, checked before anything is flown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.files.errors import BadInput
from sim.files.output_directory import OutdirError, link_warnings, place, whole

COMMANDS = {
    "run": ("run", "shenzhou-20", "--out"),
    "propagate": ("propagate", "station-j2", "--out"),
    "montecarlo": ("montecarlo", "ascent", "-n", "2", "--out"),
    "sweep": ("montecarlo", "docking", "--sweep", "pilot.attitude_deadband=0.3,0.5", "--out"),
    "windows": ("windows", "shenzhou-20", "--out"),
    "docking-windows": ("docking-windows", "shenzhou-20", "--out"),
    "landing-windows": ("landing-windows", "return-only", "--out"),
    "plot": ("plot",),
    "view": ("view",),
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "file").write_text("x")
    (tmp_path / "there").mkdir()
    for name, target in {"dangling": "nowhere", "loop": "loop", "to-file": "file", "link": "there"}.items():
        (tmp_path / name).symlink_to(target)
    return tmp_path


# A path, and what the line says of it.
REFUSED = {
    "empty": ("", "working directory"),
    "the working directory": (".", "working directory"),
    "above it": ("..", "above the working directory"),
    "the root": (os.sep, "above the working directory"),
    "a file": ("../file", "exists and is not a directory"),
    "a link to a file": ("../to-file", "exists and is not a directory"),
    "below a file": ("../file/out", "exists and is not a directory"),
    "a device": (os.devnull, "exists and is not a directory"),
    "below a device": (os.path.join(os.devnull, "out"), "exists and is not a directory"),
    "a long name": ("x" * 241, "a name of 241 bytes"),
    "a long name in bytes": ("船" * 81, "a name of 243 bytes"),
    "a long name above": ("x" * 256 + "/out", "a name of 256 bytes"),
    "a long path": ("/".join(["x" * 200] * 25), "cannot"),
    "a null character": ("a\0b", "cannot name a directory"),
    "a link to nothing": ("../dangling", "is a link to"),
    "below a link to nothing": ("../dangling/a/b", "is a link to"),
    "beside a link to nothing": ("../dangling/../out", "is a link to"),
    "a link in a circle": ("../loop/out", "is a link to"),
}


def everything(folder: Path) -> list[str]:
    return sorted(str(p) for p in folder.rglob("*"))


@pytest.mark.parametrize("case", REFUSED)
def test_no_directory_can_be_there(case, here):
    path, says = REFUSED[case]
    before = everything(here)
    with pytest.raises(OutdirError) as error, whole(Path(path), force=True):
        pytest.fail("the block must not be entered")
    assert says in str(error.value) and "--out" in str(error.value) and "\n" not in str(error.value)
    assert everything(here) == before


@pytest.mark.parametrize("case", ["empty", "the root", "a file", "a device", "a long name", "a link to nothing"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_ends_with_2_and_a_line(command, case, here):
    path, says = REFUSED[case]
    before = everything(here)
    done = CliRunner().invoke(app, [*COMMANDS[command], path])
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("warning:")]
    assert done.exit_code == 2, done.output
    assert says in line or command in ("plot", "view") and "holds no results of a run" in line
    assert everything(here) == before


def test_a_letter_that_no_file_name_can_have():
    with pytest.raises(OutdirError, match="cannot name a directory"):
        place(Path("\ud800"))


def test_a_link_to_a_directory_is_followed_and_named(here):
    assert place(Path("../link/out")) == here / "there" / "out"
    (line,) = link_warnings(Path("../link/out"))
    assert line == f"../link/out leads through a link; the place of the results is {here / 'there' / 'out'}"
    (here / "there" / "inner").mkdir()
    (here / "deep").symlink_to("there/inner")
    assert str(here / "there" / "out") in link_warnings(here / "deep" / ".." / "out")[0]
    assert link_warnings(Path("out")) == link_warnings(Path("a/../out")) == link_warnings(here / "new") == ()


def test_what_is_in_the_way_behind_a_link_is_named(here):
    with pytest.raises(OutdirError, match="there.* exists; choose another --out"), whole(Path("../link")):
        pytest.fail("the block must not be entered")


def test_a_name_may_be_as_long_as_is_said(here):
    with whole(Path("x" * 240)) as directory:
        (directory / "a").write_text("")
    assert os.listdir() == ["x" * 240]


def test_a_working_directory_that_was_removed(here):
    gone = here / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    with pytest.raises(OutdirError, match="cannot name a directory"):
        place(Path("out"))


@pytest.mark.parametrize(
    "call",
    [
        lambda out: sim.run("shenzhou-20", out),
        lambda out: sim.propagate("station-j2", out=out),
        lambda out: sim.launch_windows("shenzhou-20", out=out),
        lambda out: sim.docking_windows("shenzhou-20", out=out),
        lambda out: sim.landing_windows("return-only", out=out),
        lambda out: sim.montecarlo("ascent", n=2, out=out),
    ],
)
@pytest.mark.parametrize("case", ["empty", "below a file", "a link to nothing"])
def test_the_face_keeps_the_same_rule(call, case, here):
    before = everything(here)
    expected = (BadInput, "out: found ''") if case == "empty" else (OutdirError, REFUSED[case][1])
    with pytest.raises(expected[0], match=expected[1]):
        call(REFUSED[case][0])
    assert everything(here) == before
