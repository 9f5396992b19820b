"""Ended from outside, a run and a campaign end at once and quietly, wherever the signal finds them."""

from __future__ import annotations

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
SCRIPT = """
import ctypes, signal, sys, time, types, weakref
signal.signal(signal.SIGINT, signal.default_int_handler)
STOP = {stop}

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
    print("flying", flush=True)
    {place}
    time.sleep(60)

sys.modules["sim.build.mission"] = types.SimpleNamespace(build=lambda scenario: types.SimpleNamespace(world=None))
sys.modules["sim.mission"] = types.SimpleNamespace(fly=fly)
sys.modules["sim.output.run"] = types.SimpleNamespace(tell=None)
from sim.cli.main import main
sys.argv[1:] = ["run", "{mission}", "--out", sys.argv[1]]
main()
"""


@pytest.mark.parametrize(("place", "stop", "code"), PLACES_AND_SIGNALS)
def test_a_run_ends_wherever_the_signal_finds_it(place, stop, code, tmp_path):
    script = SCRIPT.format(stop=int(stop), place=(PLACES | SWALLOWED)[place], mission=MISSION)
    command = [sys.executable, "-c", script, str(tmp_path / "a" / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout.readline() == "flying\n"
        began = time.monotonic()
        try:
            _, err = run.communicate(timeout=20)
        finally:
            run.kill()
    assert run.returncode == code
    assert time.monotonic() - began < UNWOUND_S
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
