"""The same scenario has the same bytes in `flight.json`: nothing depends on the clock, hashes or earlier runs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from flown import fly_whole

import sim
from sim.output.drawing import drawing
from sim.output.run import write
from tests.result_schemas import problems

ROOT = Path(sim.__file__).resolve().parent.parent
FLY = """
import hashlib, sys
from pathlib import Path
from sim.build.mission import build
from sim.export.landing import landing
from sim.export.plain import plain, write_json
from sim.export.record import as_record
from sim.mission import fly
from sim.scenario import load
scenario = load("shenzhou-24-pakistan")
file = Path(sys.argv[1])
mission = build(scenario)
flight = fly(mission)
record = as_record(flight, plain(scenario.raw, "scenario"))
write_json(file, {**record, "landing": plain(landing(flight, mission.world), "landing")})
"""


def test_flown_and_written_twice_has_the_same_bytes(written, tmp_path):
    """Everything anew, from the file to the directory; only the manifest may hold wall times.

    But for the pictures, which are not compared here (tests/test_plots.py does): the first has drawn them all.
    """
    again = fly_whole("shenzhou-24-pakistan")
    with drawing(tmp_path, ()) as none:
        write(again.flight, again.scenario, again.mission.world, tmp_path, {}, none)
    for name in ("flight.json", "events.csv"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name
    assert "write" in json.loads((tmp_path / "manifest.json").read_text())["wall_s"]
    assert b"wall_s" not in (tmp_path / "flight.json").read_bytes()


def test_other_processes_with_other_hashes_give_the_same_bytes(written, tmp_path):
    """Two at once, on a machine of two cores: sets and tables that are walked in the order of hashes would show."""
    runs = []
    for seed in ("1", "2718"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        file = tmp_path / f"flight-{seed}.json"
        runs.append((file, subprocess.Popen([sys.executable, "-c", FLY, str(file)], env=env, stderr=subprocess.PIPE)))
    for _, run in runs:
        _, errors = run.communicate(timeout=180.0)
        assert run.returncode == 0, errors.decode()
    digests = {hashlib.sha256(file.read_bytes()).hexdigest() for file, _ in runs}
    assert digests == {hashlib.sha256((written / "flight.json").read_bytes()).hexdigest()}


def test_what_is_written_keeps_to_its_published_schema(written):
    """docs/schemas/: every key that a flown rotation writes is described there, and of the type that it says."""
    for name in ("flight", "manifest"):
        assert problems(name, json.loads((written / f"{name}.json").read_text()), whole=True) == []
