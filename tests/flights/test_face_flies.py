"""Whole flights through the face: every line that the documentation promises, as it is written there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from matplotlib.figure import Figure

import sim
from tests.optional import needed

ROOT = Path(sim.__file__).resolve().parents[1]
# The face in five lines. They are run as they stand.
LINES = """
import sim
flight = sim.fly("shenzhou-20")
flight["docking"].trajectory("shenzhou-20").to_dataframe()
flight["docking"].trajectory("shenzhou-20").to_xarray()
flight["docking"].trajectory("shenzhou-20").elements()
flight["docking"].trajectory("shenzhou-20").geodetic()
flight["docking"].trajectory("shenzhou-20").at(flight.epoch(flight.first("contact").t))
flight.plot.rendezvous(ax=ax)
built = sim.fly(sim.build(sim.load("shenzhou-20")))
sim.launch_windows("shenzhou-24-pakistan", "2026-10-01", days=61)
sim.montecarlo("shenzhou-20", phase="docking", n=200, seed=7).to_dataframe()
"""


def test_every_line_works_as_written(tmp_path, monkeypatch):
    needed("pandas", "xarray")
    monkeypatch.chdir(tmp_path)
    names: dict = {"ax": Figure(figsize=(16, 14)).subplots()}
    values = {}
    for line in LINES.strip().splitlines():
        if re.match(r"import|\w+ = ", line):
            exec(line, names)
        else:
            values[line] = eval(line, names)
    frame, data, elements, places, state, drawn, windows, runs = values.values()
    assert len(frame) == data.sizes["utc"] == len(elements.t_s) == len(places.t_s) > 1000
    assert 41.0 < elements.inclination_deg[0] < 42.0 and 350e3 < places.altitude_m[-1] < 420e3
    assert state[0].shape == (1, 3) and drawn is names["ax"]
    assert isinstance(windows, list) and {type(w).__name__ for w in windows} == {"LaunchOpportunity"}
    assert windows.best is not None and len(windows) > 100
    assert len(runs) == 200 and list(runs.index) == list(range(200)) and (runs["status"] == "flown").mean() > 0.9
    flight, built = names["flight"], names["built"]
    assert flight.failed is None and flight.events == built.events
    assert len(repr(flight)) < 2400 and flight.plot() == built.plot()
    assert list(tmp_path.iterdir()) == []


def test_the_examples_of_the_page_run(tmp_path, monkeypatch, capsys):
    """docs/python.md from its first block to its last, in one session."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "python.md").read_text("utf-8"), re.M | re.S)
    assert len(blocks) >= 6
    names: dict = {}
    for block in blocks:
        exec(block, names)
    assert (tmp_path / "flight.png").stat().st_size > 50_000
    assert "launch.perigee_km" in capsys.readouterr().out


def test_a_script_is_not_run_again_by_the_workers_of_its_campaign(tmp_path):
    """Written without `if __name__ == "__main__":`, as in a first script."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sim\n"
        'print("once")\n'
        'result = sim.montecarlo("shenzhou-20", phase="ascent", n=3, seed=7, workers=2)\n'
        "print(len(result), __file__, __spec__)\n"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=around, timeout=600)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["once", f"3 {script} None"]), done.stderr
