"""The directory of a campaign that was damaged, that is used by somebody else, or that a killed campaign left."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import sim
from sim.campaign import directory, table
from sim.campaign.lock import LOCK, held, tried
from sim.campaign.phases import PHASES
from sim.campaign.run import Run
from sim.cli.main import app
from sim.files import locks
from sim.files.output_directory import OutdirError
from sim.uncertainty.draw import Dispersion

ROOT = Path(sim.__file__).resolve().parent.parent
THRUST = (Dispersion("launcher.thrust", "normal", 2.0, "percent"),)
COLUMNS = table.header(THRUST, "ascent")
PLAN = {"schema": 2, "seed": 3, "phase": "ascent", "mission_file": "here", "nominal": {"apogee_km": 350.1}}
KEY = directory.key_of(PLAN, COLUMNS)
RUNS = 12


def row(number: int, reason: str = "", key: bytes = KEY) -> str:
    values = {} if reason else {name: 0.1 * number + i for i, name in enumerate(PHASES["ascent"].quantities)}
    run = Run(number, "failed" if reason else "flown", reason, (), {"launcher.thrust": (number / 3.0,)}, values)
    return table.line(run, THRUST, "ascent", key)


ROWS = {n: row(n) for n in range(RUNS)}


def begun(out: Path, runs: int = RUNS, force: bool = False, plan: dict = PLAN) -> directory.Begun:
    return directory.begin(out, plan, runs, COLUMNS, force)


@pytest.fixture
def done(tmp_path) -> Path:
    """A campaign that was flown to its end, as far as these tests look at it."""
    out = tmp_path / "out"
    out.mkdir()
    made = begun(out)
    made.rows.update(ROWS)
    directory.end(made, COLUMNS)
    directory.write_json(out / directory.SUMMARY, {"runs": RUNS, "pictures": []})
    digests = {name: directory._digest(out / name) for name in (directory.RUNS, directory.SUMMARY)}
    directory.write_json(out / "manifest.json", {"tiangong_sim": "0.1.0", "files_sha256": digests})
    return out


# ---- the table


def one_digit(text: str) -> str:
    i = text.index("\n", 1000) - 40
    i = next(i for i in range(i, len(text)) if text[i].isdigit())
    return text[:i] + str((int(text[i]) + 1) % 10) + text[i + 1 :]


def rows_of(numbers, key: bytes = KEY) -> str:
    return table._csv(COLUMNS) + "".join(row(n, key=key) for n in numbers)


OTHER = directory.key_of(PLAN | {"seed": 4}, COLUMNS)
DAMAGE = {  # what is made of the whole table, and how many of its runs are still used
    "one changed digit": (one_digit, RUNS - 1),
    "cut in half": (lambda text: text[: len(text) // 2], 4),
    "without its tail": (lambda text: "".join(text.splitlines(True)[:-3]), RUNS - 3),
    "without its last byte": (lambda text: text[:-1], RUNS - 1),
    "doubled": (lambda text: text + "".join(text.splitlines(True)[1:]), RUNS),
    "in rubbish": (lambda text: "\0\udcff" * 2000, 0),
    "with rubbish": (lambda text: text + "1,2,3\n\0\0\n,,,\n-1\n", RUNS),
    "of another campaign": (lambda text: rows_of(range(RUNS), OTHER), 0),
    "with rows of another campaign": (lambda text: text + rows_of([3], OTHER), RUNS),
    "empty": (lambda text: "", 0),
    "with another header": (lambda text: text.replace("run,", "nur,", 1), RUNS),
    "with a number that was edited": (lambda text: text.replace("\n3,", "\n30,", 1), RUNS - 1),
    "without checksums": (lambda text: "".join(t.rpartition(",")[0] + "\n" for t in text.splitlines()), 0),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_is_flown_again_and_the_rest_is_not(name, done):
    change, used = DAMAGE[name]
    whole = (done / directory.RUNS).read_text()
    (done / directory.RUNS).write_bytes(change(whole).encode("utf-8", "surrogateescape"))
    made = begun(done)
    assert made.rows.items() <= ROWS.items() and len(made.rows) == used
    assert len(made.warnings) == 1 and f"{directory.RUNS}: found" in made.warnings[0]
    assert directory.finished(done, RUNS) is None  # so that summary and pictures are made of the mended table
    made.rows.update({n: ROWS[n] for n in range(RUNS) if n not in made.rows})
    directory.end(made, COLUMNS)
    assert (done / directory.RUNS).read_text() == whole


def test_an_undamaged_campaign_is_taken_as_it_is(done):
    assert begun(done).warnings == () and begun(done).rows == ROWS
    assert directory.finished(done, RUNS) == {"runs": RUNS, "pictures": []}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_unfinished_table_goes_on_with_its_whole_rows(name, tmp_path):
    change, used = DAMAGE[name]
    begun(tmp_path)
    partial = tmp_path / directory.PARTIAL
    partial.write_bytes(change(rows_of(range(RUNS))).encode("utf-8", "surrogateescape"))
    made = begun(tmp_path, RUNS + 5)
    assert made.rows.items() <= ROWS.items() and len(made.rows) == used
    with partial.open("a") as file:  # the next row does not hang on to half of another
        file.write(row(RUNS + 1))
    assert RUNS + 1 in begun(tmp_path, RUNS + 5).rows


def test_a_row_that_was_cut_off_as_it_was_written_needs_no_warning(tmp_path):
    begun(tmp_path)
    with (tmp_path / directory.PARTIAL).open("a") as file:
        file.write(row(3) + row(1)[:-9])
    assert begun(tmp_path) == directory.Begun(tmp_path, {3: row(3)}, KEY, ())
    assert (tmp_path / directory.PARTIAL).read_text() == rows_of([3])


def test_a_run_that_was_ended_from_outside_is_flown_again(tmp_path):
    """What it says depends on the machine; a failure that the flight itself gives stays."""
    begun(tmp_path)
    reasons = [
        "timed out: no result within 120 s",
        "worker ended: 3 times in this run",
        "the second stage ran dry: 3 s",
    ]
    with (tmp_path / directory.PARTIAL).open("a") as file:
        file.writelines(row(n, reason) for n, reason in enumerate(reasons))
    made = begun(tmp_path)
    assert list(made.rows) == [2] and "found 2 runs that were ended from outside" in made.warnings[0]


def test_runs_that_are_there_are_not_left_out(done):
    with pytest.raises(OutdirError, match="ask for -n 12 or more"):
        begun(done, RUNS - 3)
    text = (done / directory.RUNS).read_text()  # nor where the table has lost them
    (done / directory.RUNS).write_text("".join(text.splitlines(True)[:-3]))
    with pytest.raises(OutdirError, match="holds run 11 already; ask for -n 12 or more"):
        begun(done, RUNS - 3)


# ---- plan and summary


RUBBISH = {
    "empty": lambda text: "",
    "half": lambda text: text[: len(text) // 2],
    "a list": lambda text: "[1]",
    "a number": lambda text: "1",
    "nested": lambda text: "[" * 100_000,
    "a digit": lambda text: re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), text),
    "of an earlier version": lambda text: json.dumps({**json.loads(text), "checksum": None}),
    "no text": lambda text: "\udcff",
}


@pytest.mark.parametrize("name", RUBBISH)
def test_a_damaged_plan_is_named(name, done):
    path = done / directory.PLAN
    path.write_bytes(RUBBISH[name](path.read_text()).encode("utf-8", "surrogateescape"))
    with pytest.raises(OutdirError, match="campaign.plan.json is damaged, or of an earlier version"):
        begun(done)
    refused = CliRunner().invoke(app, ["montecarlo", "rerun", str(done), "3"])
    assert refused.exit_code == 2 and "campaign.plan.json is damaged" in refused.output
    assert begun(done, force=True).rows == {}


@pytest.mark.parametrize("file", [directory.SUMMARY, "manifest.json"])
@pytest.mark.parametrize("name", RUBBISH)
def test_a_damaged_summary_is_written_anew(name, file, done):
    (done / file).write_bytes(RUBBISH[name]((done / file).read_text()).encode("utf-8", "surrogateescape"))
    assert begun(done).rows == ROWS
    if not (file == "manifest.json" and name == "of an earlier version"):  # which changes nothing that is read of it
        assert directory.finished(done, RUNS) is None


def test_another_campaign_is_not_flown_on_in_the_same_directory(tmp_path):
    begun(tmp_path)
    begun(tmp_path, plan=PLAN | {"mission_file": "there"})  # how it was named does not make it another
    with pytest.raises(OutdirError, match=r"differs in seed \(3 there, 4 now\)"):
        begun(tmp_path, plan=PLAN | {"seed": 4})


# ---- one campaign at a time


def test_a_second_campaign_is_refused_while_one_runs(tmp_path):
    out = tmp_path / "out"
    with held(out) as warnings:
        assert warnings == ()
        begun(out)
        for force in (False, True):
            with pytest.raises(
                OutdirError, match=rf"already \(process {os.getpid()} on .* since .*\); wait for its end"
            ):
                tried(out, force)
        refused = CliRunner().invoke(app, ["montecarlo", "shenzhou-20", "--force", "--out", str(out)])
        assert refused.exit_code == 2 and "a campaign is being flown" in refused.output
        assert (out / directory.PLAN).is_file()
    tried(out)
    assert sorted(os.listdir(out)) == [directory.PARTIAL, directory.PLAN]


def test_the_lock_ends_with_its_process(tmp_path):
    script = (
        "import os, sys, signal; from pathlib import Path; from sim.campaign.lock import held\n"
        "with held(Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "out")], cwd=ROOT, check=False)
    assert os.listdir(tmp_path / "out") == [LOCK]
    tried(tmp_path / "out")
    assert os.listdir(tmp_path / "out") == []


def test_force_replaces_all_but_the_lock_that_it_holds(done):
    (done / "run-0003").mkdir()
    with held(done):
        begun(done, force=True)
        assert sorted(os.listdir(done)) == [LOCK, directory.PARTIAL, directory.PLAN]
        with pytest.raises(OutdirError, match="a campaign is being flown"):
            tried(done)


def test_without_locks_a_campaign_is_flown_with_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.campaign.lock.lock", lambda descriptor: locks.NO_LOCKS)
    with held(tmp_path / "out") as warnings:
        assert "no file locks here" in warnings[0]


def test_what_is_no_campaign_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(OutdirError, match="holds no campaign but thesis.txt"):
            tried(tmp_path, force)
        with pytest.raises(OutdirError, match="holds no campaign but thesis.txt"):
            begun(tmp_path, force=force)
    assert (tmp_path / "thesis.txt").read_text() == "mine" and len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize("name", ["file", "file/out", "x" * 300, "a\0b", "loop/out"])
def test_an_out_that_cannot_be_is_refused_before_the_flight(name, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(os.listdir(tmp_path))
    monkeypatch.setitem(sys.modules, "sim.api.campaigns", None)  # not even imported
    for more in ([], ["--force"], ["--sweep", "pilot.attitude_deadband=1"]):
        done = CliRunner().invoke(app, ["montecarlo", "shenzhou-20", "--out", str(tmp_path / name), *more])
        assert done.exit_code == 2, done.output
    assert sorted(os.listdir(tmp_path)) == before


def test_a_trial_leaves_no_directory(tmp_path):
    tried(tmp_path / "a" / "b")
    assert os.listdir(tmp_path) == []


def test_a_campaign_killed_as_it_began_goes_on(tmp_path):
    """By half a plan under its unfinished name, and the lock."""
    (tmp_path / LOCK).write_text('{"process": 1')
    (tmp_path / f".{directory.PLAN}.new").write_text("{")
    tried(tmp_path)
    assert begun(tmp_path).rows == {} and sorted(os.listdir(tmp_path)) == [directory.PARTIAL, directory.PLAN]


# ---- what is not a campaign's own


@pytest.mark.parametrize("name", ["campaign.lock", "campaign.json", "runs.csv", "insertion.png"])
def test_no_file_outside_is_written_through_a_link(name, done, tmp_path):
    outside = tmp_path / "precious"
    outside.write_text("precious")
    (done / name).unlink(missing_ok=True)
    (done / name).symlink_to(outside)
    with pytest.raises(OutdirError):
        tried(done)
    assert outside.read_text() == "precious"


@pytest.mark.parametrize("name", ["campaign.json", "runs.csv", "manifest.json"])
def test_a_directory_in_the_place_of_a_file_is_refused_before_the_flight(name, done):
    (done / name).unlink()
    (done / name).mkdir()
    with pytest.raises(OutdirError, match="no plain file"):
        tried(done)


def test_no_other_command_replaces_a_campaign_that_runs(done):
    from sim.files.output_directory import checked_place, whole

    with held(done), pytest.raises(OutdirError, match="being written by a campaign"), whole(done, force=True):
        pytest.fail("the block must not be entered")
    with held(done), pytest.raises(OutdirError, match="being written by a campaign"):
        checked_place(done, force=True)
    assert checked_place(done, force=True) == ()


@pytest.mark.parametrize("change", [{"seed": 4}, {"phase": "docking"}])
def test_another_campaign_is_refused_by_what_is_known_before_the_flight(change, done):
    known = {key: value for key, value in PLAN.items() if key != "nominal"}
    directory.refuse_another(done, known, RUNS)
    with pytest.raises(OutdirError, match="another campaign"):
        directory.refuse_another(done, known | change, RUNS)
    with pytest.raises(OutdirError, match=f"run {RUNS - 1} already"):
        directory.refuse_another(done, known, RUNS - 1)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_run_of_a_table_without_a_whole_row_is_refused(content, done, monkeypatch):
    from sim.campaign import stored_run

    monkeypatch.setattr(
        stored_run, "stored_campaign", lambda raw, label: SimpleNamespace(dispersions=THRUST, phase="ascent")
    )
    monkeypatch.setattr(stored_run.place, "stored", lambda out: PLAN | {"campaign": {}, "campaign_file": "x"})
    (done / directory.RUNS).write_bytes(content)
    with pytest.raises(OutdirError, match="run 2 is not in .* no whole row; .*found"):
        stored_run.stored_run(done, 2)
