"""Ended from outside, a run and a campaign end at once and quietly, wherever the signal finds them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).resolve().parent.parent
MISSION = "shenzhou-24-pakistan"
AT_ONCE_S = 1.0
UNWOUND_S = 3.0  # until a run has ended what draws, and a campaign its workers; one run takes them as long
# A shell starts what runs in the background with SIGINT ignored, and children inherit that: put back here.
COMMAND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sim.cli.main import main; main()"
)

# ---- one run: the exception of a signal is raised wherever Python happens to be, and not everywhere it can leave

# What a flight is doing when the signal comes: `fly` ends each of them as if nothing had been.
PLACES = {
    "in Python": "signal.raise_signal(STOP)",
    "in a callback from compiled code": "ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(STOP))()",
    "in a finalizer": "held = Finalized(); del held",
    "in the callback of a weak reference": "held = Held(); seen = weakref.ref(held, stop); del held",
    "in a callback of a sort": "sorted([2, 1], key=stop)",
}
# Where other people's code does not let it through, so that it has to come again.
SWALLOWED = {
    "in an attribute that C code asks for": "ctypes.pythonapi.PyObject_HasAttrString(ctypes.py_object(Odd()), b'x')",
    "where every exception is swallowed": "swallow()",
    "where another error is made of it": "raise ValueError(f'Error building a schema: {swallow()}')",
}
PLACES_AND_SIGNALS = [
    *((place, stop, code) for place in PLACES for stop, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143))),
    *((place, signal.SIGTERM, 143) for place in SWALLOWED),
    ("where another error is made of it", signal.SIGINT, 130),
]
# Reads runs from stdin, one JSON list a line: the statement in place of a flight, the signal, which pictures, the
# directory, a file for each stream. Each is a fork of a process that has loaded the command and the mission; one that
# hangs is ended. Prints the exit code, and when the run had ended.
SCRIPT = """
import ctypes, gc, json, os, signal, sys, time, types, weakref
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.stdout.flush()

class Held: pass

class Finalized:
    def __del__(self):
        signal.raise_signal(STOP)

class Odd:
    def __getattr__(self, name):
        signal.raise_signal(STOP)

def swallow():
    try:
        signal.raise_signal(STOP)
    except BaseException as end:
        text = repr(end)
    return text

def stop(_):
    signal.raise_signal(STOP)

def fly(mission, tick, watch):
    print("flying", time.monotonic(), flush=True)
    exec(place, globals())
    time.sleep(60)

sys.modules["sim.build.mission"] = types.SimpleNamespace(build=lambda scenario: types.SimpleNamespace(world=None))
sys.modules["sim.mission"] = types.SimpleNamespace(fly=fly)
sys.modules["sim.output.run"] = types.SimpleNamespace(tell=None)
from sim.cli.main import main
import sim.api.flying, sim.cli.run, sim.output.summary, sim.plots
sim.api.flying.load(MISSION)
gc.freeze()  # a fork that ends then does not go over all of this
for line in os.fdopen(os.dup(0)):
    place, STOP, pictures, out, *streams = json.loads(line)
    if os.fork() == 0:
        signal.alarm(20)
        for number, name in enumerate(streams, 1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        sys.argv[1:] = ["run", MISSION, "--pictures", pictures, "--out", out]
        main()
        os._exit(99)  # main ends the process itself
    code = os.waitstatus_to_exitcode(os.wait()[1])
    print(code, time.monotonic(), flush=True)
"""


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A function of a place, a signal and a directory: exit code, what stdout and stderr got, seconds until the end."""
    command = [sys.executable, "-c", f"MISSION = {MISSION!r}\n{SCRIPT}"]
    folder = tmp_path_factory.mktemp("streams")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as forks:
        assert forks.stdin and forks.stdout

        def run(place: str, stop: int, pictures: str, out: Path) -> tuple[int, str, str, float]:
            files = folder / "out", folder / "err"
            for file in files:
                file.write_text("")
            forks.stdin.write(json.dumps([place, stop, pictures, str(out), *map(str, files)]) + "\n")
            forks.stdin.flush()
            code, ended = forks.stdout.readline().split()
            said, err = (file.read_text() for file in files)
            return int(code), said, err, float(ended) - float(said.split()[-1])

        yield run
        forks.stdin.close()


@pytest.mark.parametrize(("place", "stop", "code"), PLACES_AND_SIGNALS)
def test_a_run_ends_wherever_the_signal_finds_it(place, stop, code, tmp_path, stopped):
    pictures = "all" if place == "in Python" else "none"  # what draws has begun, a second's work, and is ended too
    found, said, err, seconds = stopped((PLACES | SWALLOWED)[place], int(stop), pictures, tmp_path / "a" / "out")
    assert said.startswith("flying ") and said.count("\n") == 1
    assert found == code
    assert seconds < UNWOUND_S
    assert err == ("interrupted; nothing was changed\n" if stop == signal.SIGINT else "")
    assert list(tmp_path.iterdir()) == []


# ---- a campaign: its workers end with it

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


def processes() -> dict[int, tuple[int, str]]:
    """Parent and state of every process, by its number."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it has just ended
                continue
            found[int(folder.name)] = int(parent), state
    return found


def children(of: int) -> set[int]:
    return {pid for pid, (parent, _) in processes().items() if parent == of}


def alive(pids: set[int]) -> set[int]:
    return {pid for pid, (_, state) in processes().items() if pid in pids and state not in "ZX"}


WORKERS = 2


def begun(process: subprocess.Popen, out: Path) -> bool:
    """Both workers are there and read what they will fly, which takes them seconds."""
    family = children(process.pid)
    return sum("llvmlite" in Path(f"/proc/{pid}/maps").read_text() for pid in family) == WORKERS


def under_way(process: subprocess.Popen, out: Path) -> bool:
    partial = out / "campaign.partial.csv"
    return partial.is_file() and partial.read_text().count("\n") > 3 and begun(process, out)


@pytest.mark.parametrize("when", [begun, under_way])
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_workers_of_a_campaign_end_with_it(when, stop, code, tmp_path):
    out = tmp_path / "out"
    options = ["--phase", "ascent", "-n", "5000", "--workers", str(WORKERS), "--out", str(out)]
    command = [sys.executable, "-c", COMMAND, "montecarlo", MISSION, *options]
    with (tmp_path / "stderr").open("w") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            while not when(process, out):
                assert process.poll() is None
                time.sleep(0.05)  # every look goes over all processes of the machine
            family = children(process.pid)
            workers = {pid for pid in family if "llvmlite" in Path(f"/proc/{pid}/maps").read_text()}
            assert len(workers) == WORKERS
            os.kill(process.pid, stop)
            began = time.monotonic()
            while alive(workers) and time.monotonic() - began < 20.0:
                process.poll()
                time.sleep(0.01)
            assert time.monotonic() - began < (AT_ONCE_S if stop == signal.SIGKILL else UNWOUND_S)
            assert process.wait(timeout=20) == code
            while alive(family) and time.monotonic() - began < 20.0:
                time.sleep(0.01)
            assert not alive(family)
        finally:
            process.kill()
    time.sleep(0.2)  # whoever is left may still write
    additional = (tmp_path / "stderr").read_text()
    assert additional == (
        ""
        if stop != signal.SIGINT
        else f"interrupted; the runs so far are kept in {out}, the same command goes on from there\n"
    )
