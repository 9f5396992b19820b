"""An output directory appears whole or not at all, whatever happens meanwhile, and nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sim.files import output_directory
from sim.files.locks import NO_LOCKS
from sim.files.output_directory import OutdirError, is_ours, whole


def fill(directory: Path, word: str) -> None:
    (directory / "flight.json").write_text(word)
    (directory / "manifest.json").write_text(json.dumps({"schema": 1, "tiangong_sim": "0.1.0"}))


def tree(root: Path) -> dict[str, str]:
    """Everything below a directory, hidden or not, with the content of its files."""
    return {
        str(p.relative_to(root)): p.read_text() if p.is_file() else "" for p in sorted(root.rglob("*")) if p != root
    }


@pytest.fixture
def old(tmp_path) -> Path:
    """An earlier result."""
    directory = tmp_path / "out"
    directory.mkdir()
    fill(directory, "old")
    return directory


def test_a_new_directory_is_there_at_the_end_and_not_before(tmp_path):
    out = tmp_path / "out"
    with whole(out) as directory:
        assert directory.parent == tmp_path and directory.name.startswith(".out")
        fill(directory, "new")
        assert not out.exists()
    assert (out / "flight.json").read_text() == "new"
    assert os.listdir(tmp_path) == ["out"]


def test_the_mode_is_that_of_any_directory_one_makes(tmp_path):
    (tmp_path / "plain").mkdir()
    with whole(tmp_path / "out") as directory:
        fill(directory, "new")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_missing_parents_are_made(tmp_path):
    with whole(tmp_path / "a" / "b" / "out") as directory:
        fill(directory, "new")
    assert (tmp_path / "a" / "b" / "out" / "flight.json").read_text() == "new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_end_on_the_way_leaves_nothing_not_even_the_parents(tmp_path, error):
    with pytest.raises(error), whole(tmp_path / "a" / "b" / "out") as directory:
        fill(directory, "half")
        raise error
    assert tree(tmp_path) == {}


def test_parents_that_somebody_else_uses_by_now_stay(tmp_path):
    with pytest.raises(RuntimeError), whole(tmp_path / "a" / "b" / "out"):
        (tmp_path / "a" / "theirs").write_text("x")
        raise RuntimeError
    assert tree(tmp_path) == {"a": "", "a/theirs": "x"}


def test_an_existing_directory_is_refused_before_anything_is_done(old):
    with pytest.raises(OutdirError, match="--force"), whole(old):
        pytest.fail("the block must not be entered")
    assert (old / "flight.json").read_text() == "old"


def test_force_replaces_results_of_ours(old):
    (old / "left over").write_text("x")
    with whole(old, force=True) as directory:
        assert (old / "flight.json").read_text() == "old"
        fill(directory, "new")
    assert sorted(os.listdir(old)) == ["flight.json", "manifest.json"]
    assert (old / "flight.json").read_text() == "new"
    assert os.listdir(old.parent) == ["out"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_end_on_the_way_with_force_leaves_the_old_untouched(old, error):
    before = tree(old.parent)
    with pytest.raises(error), whole(old, force=True) as directory:
        fill(directory, "half")
        raise error
    assert tree(old.parent) == before


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_rename_that_fails_brings_the_old_back(old, monkeypatch, failing, error):
    """With --force there are two renames; the first moves the old aside, the second puts the new in place."""
    before, rename, calls = tree(old.parent), os.rename, []

    def stumbling(source, target):
        calls.append(source)
        if len(calls) == failing:
            raise error
        rename(source, target)

    monkeypatch.setattr(output_directory.os, "rename", stumbling)
    with pytest.raises(error), whole(old, force=True) as directory:
        fill(directory, "new")
    assert tree(old.parent) == before


MANIFESTS = {
    "none": None,
    "of something else": json.dumps({"name": "a web page", "version": 3}),
    "of no JSON": "{",
    "of a list": "[1]",
    "of no text": "\udcff",
}


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_force_does_not_touch_a_directory_that_is_not_ours(tmp_path, manifest):
    theirs = tmp_path / "thesis"
    theirs.mkdir()
    (theirs / "chapter.tex").write_text("years of work")
    if MANIFESTS[manifest] is not None:
        (theirs / "manifest.json").write_bytes(MANIFESTS[manifest].encode("utf-8", "surrogateescape"))
    assert not is_ours(theirs)
    with pytest.raises(OutdirError, match="does not touch it"), whole(theirs, force=True):
        pytest.fail("the block must not be entered")
    assert (theirs / "chapter.tex").read_text() == "years of work"


def test_a_directory_that_came_meanwhile_is_not_overwritten(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(OutdirError), whole(out) as directory:
        fill(directory, "ours")
        out.mkdir()
    assert tree(tmp_path) == {"out": ""}


def test_a_link_to_results_keeps_pointing_at_them(old):
    link = old.parent / "latest"
    link.symlink_to(old, target_is_directory=True)
    with whole(link, force=True) as directory:
        fill(directory, "new")
    assert link.is_symlink() and (old / "flight.json").read_text() == "new"


@pytest.mark.parametrize("name", ["file", "file/out", "x" * 300, "a\0b", "loop/out"])
def test_what_cannot_be_a_directory_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(os.listdir(tmp_path))
    for force in (False, True):
        with pytest.raises(OutdirError), whole(tmp_path / name, force):
            pytest.fail("the block must not be entered")
    assert sorted(os.listdir(tmp_path)) == before


def test_the_root_and_here_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("/", ".", ".."):
        with pytest.raises(OutdirError), whole(Path(name), force=True):
            pytest.fail("the block must not be entered")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_parent_that_may_not_be_written_is_refused_at_once(tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutdirError, match="nothing can be written"), whole(tmp_path / "out"):
            pytest.fail("the block must not be entered")
    finally:
        tmp_path.chmod(0o755)


def test_a_file_system_that_refuses_is_reported_as_such(tmp_path, monkeypatch):
    """The same as above for those who run the tests as root."""

    def refused(path, *_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(output_directory.os, "mkdir", refused)
    with pytest.raises(OutdirError, match="nothing can be written .* Permission denied"), whole(tmp_path / "out"):
        pytest.fail("the block must not be entered")


# ---- what a killed process left


def left(parent: Path, name: str) -> Path:
    directory = parent / name
    directory.mkdir()
    fill(directory, name)
    return directory


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path):
    left(tmp_path, ".out.new-0123abcd")
    left(tmp_path, ".out.new-ffffffff")
    others = [left(tmp_path, name).name for name in (".other.new-0123abcd", ".out.new-mine", "out.new-0123abcd")]
    with whole(tmp_path / "out") as directory:
        fill(directory, "new")
    assert sorted(os.listdir(tmp_path)) == sorted(["out", *others])


def test_a_run_that_is_refused_sweeps_too(old):
    left(old.parent, ".out.new-0123abcd")
    left(old.parent, ".out.old-0123abcd")
    with pytest.raises(OutdirError, match="--force"), whole(old):
        pytest.fail("the block must not be entered")
    assert os.listdir(old.parent) == ["out"] and (old / "flight.json").read_text() == "old"


def test_results_that_stood_aside_when_the_run_was_killed_come_back(tmp_path):
    """Killed between the two renames of --force."""
    left(tmp_path, ".out.new-0123abcd")
    left(tmp_path, ".out.old-0123abcd")
    with pytest.raises(OutdirError, match="exists; choose another"), whole(tmp_path / "out"):
        pytest.fail("the block must not be entered")
    assert os.listdir(tmp_path) == ["out"] and (tmp_path / "out" / "flight.json").read_text() == ".out.old-0123abcd"


def test_what_a_living_run_writes_stays(tmp_path):
    out = tmp_path / "out"
    with whole(out) as first:
        fill(first, "first")
        with whole(out) as second:
            fill(second, "second")
            assert first.is_dir() and first != second
        with pytest.raises(OutdirError), whole(out):
            pytest.fail("the block must not be entered")
        assert (first / "flight.json").read_text() == "first"
        shutil.rmtree(out)
    assert (out / "flight.json").read_text() == "first" and os.listdir(tmp_path) == ["out"]


def test_what_another_process_writes_stays_until_it_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from sim.files.output_directory import whole\n"
        "with whole(Path(sys.argv[1])) as directory:\n"
        "    print(directory.name, flush=True)\n"
        "    time.sleep(60)"
    )
    root = Path(output_directory.__file__).resolve().parents[2]
    command = [sys.executable, "-c", script, str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as writer:
        name = writer.stdout.readline().strip()
        for expected in ([name, "out"], ["out"]):
            with whole(tmp_path / "out", force=True) as directory:
                fill(directory, "here")
            assert sorted(os.listdir(tmp_path)) == expected
            writer.kill()
            writer.wait()


def test_what_cannot_be_locked_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.files.leftovers.lock", lambda descriptor: NO_LOCKS)
    left(tmp_path, ".out.new-0123abcd")
    with whole(tmp_path / "out") as directory:
        fill(directory, "new")
    assert sorted(os.listdir(tmp_path)) == [".out.new-0123abcd", "out"]


def test_a_link_with_such_a_name_is_left_alone(tmp_path):
    theirs = left(tmp_path, "theirs")
    (tmp_path / ".out.new-0123abcd").symlink_to(theirs)
    with whole(tmp_path / "out") as directory:
        fill(directory, "new")
    assert (theirs / "flight.json").is_file() and (tmp_path / ".out.new-0123abcd").is_symlink()


def test_without_a_temporary_folder_the_one_of_the_results_serves(tmp_path, monkeypatch):
    """On a machine that is all read only but for --out; matplotlib wants one."""

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    before = tempfile.gettempdir()
    monkeypatch.setattr(tempfile, "tempdir", before)
    with whole(tmp_path / "a") as directory:
        fill(directory, "new")
    assert tempfile.tempdir == before
    monkeypatch.setattr(tempfile, "gettempdir", none)
    with whole(tmp_path / "b") as directory:
        fill(directory, "new")
    assert tempfile.tempdir == str(tmp_path)


@pytest.mark.parametrize("where", ["rmtree", "rmdir"])
def test_a_signal_that_comes_while_it_is_tidied_up_leaves_nothing(where, tmp_path, monkeypatch):
    """Sent again after other people's code swallowed it, it may find an error of theirs on its way out."""
    owner, name = (shutil, "rmtree") if where == "rmtree" else (Path, "rmdir")
    tidy, calls = getattr(owner, name), []

    def interrupted(*given, **named):
        calls.append(given)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return tidy(*given, **named)

    monkeypatch.setattr(owner, name, interrupted)
    with pytest.raises(KeyboardInterrupt), whole(tmp_path / "a" / "b" / "out") as folder:
        (folder / "file").write_text("")
        raise ValueError("made of a signal")
    assert len(calls) > 1
    assert list(tmp_path.iterdir()) == []
