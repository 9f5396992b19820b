"""Compiling ahead, and by several processes: each kernel once, whoever is killed, on whatever processor."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest

from kernels import writable
from kernels.compiling import ahead, signatures
from kernels.compiling.claims import Claimed, claimed

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")

# A kernel of its own module, which says how long it took to compile, and whether it was kept.
MADE = """
import sys, time
from kernels.compiling import njit

@njit(cache=True)
def twice(x):
    return 2.0 * x

if __name__ == "__main__":
    import made
    assert made.twice(4.0) == 8.0
    print(sum(made.twice.stats.cache_hits.values()), sum(made.twice.stats.cache_misses.values()))
"""


@pytest.fixture
def made(tmp_path):
    """Starts a process that calls the kernel, with a cache of this test."""
    (tmp_path / "made.py").write_text(MADE)
    root = Path(ahead.__file__).parent.parent.parent

    def start(**variables):
        path = os.pathsep.join([str(tmp_path), str(root)])
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": path, **variables}
        command = [sys.executable, str(tmp_path / "made.py")]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


def ended(process) -> tuple[int, int]:
    """Hits and misses of the cache that a process met."""
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0 and err == "", err
    hits, misses = out.split()
    return int(hits), int(misses)


def test_every_kernel_of_the_list_compiles_as_listed():
    """In one process, before others need them (tests/order.py): what several of them call is translated once."""
    for kernel, signature in signatures.read():
        kernel.compile(signature)
        assert signature in kernel.overloads, kernel
    assert ahead.missing() == [] or not writable(ahead.folder())


def test_of_two_processes_at_once_one_compiles(made):
    assert sorted(ended(process) for process in [made() for _ in range(3)]) == [(0, 1), (1, 0), (1, 0)]


def test_another_processor_has_code_of_its_own(made):
    """A home that two kinds of machine share: code with the instructions of one would end the other."""
    assert ended(made()) == (0, 1)
    assert ended(made(NUMBA_CPU_NAME="x86-64" if os.uname().machine == "x86_64" else "generic")) == (0, 1)
    assert ended(made(NUMBA_CPU_NAME="x86-64" if os.uname().machine == "x86_64" else "generic")) == (1, 0)
    assert ended(made()) == (1, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_process_that_is_killed_holds_nobody_up(made, tmp_path):
    for pause in (0.5, 1.0, 1.5):
        process = made()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    hits, misses = ended(made())
    assert hits + misses == 1


def test_a_claim_is_held_by_one(tmp_path):
    place = tmp_path / "folder" / "kernel.lock"
    with claimed(place, 0.0):
        with pytest.raises(Claimed), claimed(place, 0.0):
            pass
        began = time.monotonic()
        with claimed(place, 0.1):  # patience at its end: the work is done twice
            assert time.monotonic() - began > 0.1
    with claimed(place, 0.0):
        pass


def test_a_folder_without_locks_is_no_reason_to_wait(tmp_path):
    (tmp_path / "file").write_text("")
    with claimed(tmp_path / "file" / "kernel.lock", 0.0), claimed(tmp_path / "file" / "kernel.lock", 0.0):
        pass


def test_the_list_fits_the_kernels_and_is_what_would_be_written():
    rows = signatures.read()
    assert len(rows) == len(signatures.listed()) > 40
    named = [(kernel.py_func.__module__, kernel.py_func.__qualname__, signature) for kernel, signature in rows]
    assert signatures.written(named) == signatures.FILE.read_text(encoding="utf-8")


def test_what_the_kernels_of_today_do_not_have_is_left_out(monkeypatch, tmp_path):
    content = json.loads(signatures.FILE.read_text(encoding="utf-8"))
    content["records"]["Body"]["members"].pop("mu")
    content["kernels"].append(["kernels.orbit.kepler", "no_such_kernel", []])
    monkeypatch.setattr(signatures, "FILE", tmp_path / "signatures.json")
    signatures.FILE.write_text(json.dumps(content))
    rows = signatures.read()
    assert 0 < len(rows) < len(content["kernels"]) - 1
    assert not any(kernel.py_func.__name__ == "propagate" for kernel, _ in rows)  # it takes forces, with two bodies


FLOWN = """
import sys
sys.argv = ["tiangong", "run", "shenzhou-24-pakistan", "--out", sys.argv[1], "--quiet", "--pictures", "none"]
from sim.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
from kernels.compiling import signatures
print(signatures.written(signatures.in_use()))
"""


def test_a_rotation_calls_what_is_listed(tmp_path):
    """Where this fails, `python tests/signatures.py` is due."""
    done = subprocess.run(
        [sys.executable, "-c", FLOWN, str(tmp_path / "out")], capture_output=True, text=True, check=True
    )
    used = json.loads(done.stdout[done.stdout.index('{\n "records"') :])
    listed = json.loads(signatures.FILE.read_text(encoding="utf-8"))
    assert sorted(map(str, used["kernels"])) == sorted(map(str, listed["kernels"]))
    assert used["records"] == listed["records"]


def test_nothing_is_started_where_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(ahead, "kept", lambda folder: dict.fromkeys(signatures.listed(), 1))
    assert ahead.missing() == [] and ahead.start() == []
    assert ahead.progress() == (0, 0)


def test_nothing_is_started_where_nothing_can_be_kept(monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", os.path.join(os.devnull, "cache"))
    assert len(ahead.missing()) == len(signatures.listed()) and ahead.start() == []
    ahead._asked.clear()


@pytest.mark.parametrize("name, value", [("executable", None), ("executable", ""), ("frozen", True)])
def test_what_is_no_python_is_not_started_again(monkeypatch, name, value):
    """An application that embeds Python would start itself."""
    monkeypatch.setattr(ahead, "kept", lambda folder: {})
    monkeypatch.setattr(sys, name, value, raising=False)
    assert ahead.start(processes=1) == []
    ahead._asked.clear()


def test_without_compilation_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert ahead.missing() == [] and ahead.start() == []


def test_kernels_of_phases_that_are_not_flown_are_not_compiled(monkeypatch):
    monkeypatch.setattr(ahead, "kept", lambda folder: {})
    packages = {module.split(".")[1] for module, _ in ahead.missing(without=["ascent", "entry"])}
    assert "docking" in packages and not packages & {"ascent", "entry"}


def test_the_processes_end_when_asked_and_with_the_program(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(ahead, "kept", lambda folder: {})
    started = ahead.start(processes=2)
    assert len(started) == 2 and ahead.progress()[1] == len(signatures.listed())
    ahead.stop(started)
    assert all(process.returncode is not None for process in started)
    ahead._asked.clear()
