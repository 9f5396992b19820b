"""The style of the pictures is theirs alone: drawing changes nothing of the user's matplotlib, nor the other way round.

Each drawing is a process of its own, with a matplotlibrc and a backend that would spoil or break every picture.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).resolve().parent.parent

# Draws with every entry point of sim.plots that there is; prints what it found of matplotlib, and a digest a picture.
DRAWING = """
import hashlib, json, pkgutil, sys
from importlib import import_module
from pathlib import Path

sys.path[:0] = [sys.argv[2], sys.argv[2] + "/tests"]
import matplotlib as mpl

def settings():
    return {key: repr(value) for key, value in dict.items(mpl.rcParams)}  # as they lie there: to read may resolve

seen = [settings()]
import sim.plots
for module in pkgutil.iter_modules(sim.plots.__path__, "sim.plots."):
    import_module(module.name)
seen.append(settings())

from made_flight import made_flight
from sim.cli.main import app
from sim.export import collected
from sim.export.record import as_record

out = Path(sys.argv[1])
flight, scenario, world = made_flight("descent")
sim.plots.draw(collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw)), out / "flight")
seen.append(settings())
MISSION, SPAN = "shenzhou-24-pakistan", ["--from", "2026-10-20", "--days", "2"]
CAMPAIGN = ["--phase", "ascent", "-n", "2", "--sweep", "launcher.propellant=-0.1,0"]
for verb in (
    ["windows", MISSION, *SPAN, "--out", out / "windows"],
    ["docking-windows", MISSION, *SPAN, "--out", out / "docking"],
    ["propagate", "station-j2", "--out", out / "orbit"],
    ["montecarlo", MISSION, *CAMPAIGN, "--out", out / "sweep"],
):
    app([str(word) for word in verb], standalone_mode=False)
    seen.append(settings())
digests = {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.rglob("*.png"))}
changed = sorted({key for one in seen for key in one if one[key] != seen[0].get(key)} | set(seen[0]) - set(seen[-1]))
found = {"changed": changed, "pyplot": "matplotlib.pyplot" in sys.modules, "digests": digests}
found |= {"size": mpl.rcParams["font.size"], "usetex": mpl.rcParams["text.usetex"]}
Path(sys.argv[3]).write_text(json.dumps(found))
"""
# What a user may have set, and what would show in any picture.
OTHERWISE = """
backend: pdf
text.usetex: True
font.size: 23
font.family: serif
axes.grid: False
axes.prop_cycle: cycler('color', ['ff0000'])
lines.linewidth: 9
savefig.dpi: 40
savefig.bbox: tight
savefig.transparent: True
savefig.facecolor: black
figure.autolayout: True
xtick.direction: in
path.sketch: 5, 50, 5
"""


def drawn(folder: Path, settings: str, **environment: str) -> dict:
    folder.mkdir()
    (folder / "matplotlibrc").write_text(settings)
    around = {key: value for key, value in os.environ.items() if key not in ("MPLBACKEND", "MATPLOTLIBRC")}
    around |= {"MATPLOTLIBRC": str(folder / "matplotlibrc"), **environment}
    command = [sys.executable, "-c", DRAWING, str(folder / "out"), str(ROOT), str(folder / "found.json")]
    subprocess.run(command, check=True, env=around, cwd=folder, stdout=subprocess.DEVNULL)
    return json.loads((folder / "found.json").read_text())


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict:
    return drawn(tmp_path_factory.mktemp("plain") / "in", "")


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory) -> dict:
    """With a backend that is not there: a picture needs none, so nothing may look for it."""
    return drawn(tmp_path_factory.mktemp("otherwise") / "in", OTHERWISE, MPLBACKEND="module://no_such_backend")


@pytest.mark.parametrize("which", ["plain", "otherwise"])
def test_neither_importing_nor_drawing_changes_a_setting(which, request):
    found = request.getfixturevalue(which)
    assert found["changed"] == []
    assert not found["pyplot"]  # which would choose a backend, and keep the figures open


def test_the_settings_of_the_user_are_there(plain, otherwise):
    assert (plain["size"], plain["usetex"]) == (10.0, False)
    assert (otherwise["size"], otherwise["usetex"]) == (23.0, True)


def test_a_picture_has_the_same_bytes_whatever_the_user_has_set(plain, otherwise):
    assert len(plain["digests"]) > 20
    assert otherwise["digests"] == plain["digests"]


def loaded(folder: Path, backend: str) -> subprocess.CompletedProcess:
    """A process that brings the pictures into a folder, and says which backend matplotlib has then."""
    code = (
        "import sim.cli.conventions as c, sys\ntry: import sim.plots\nexcept Exception as e: print(c._fault(e)[0], e)\n"
    )
    code += "else: import matplotlib, os; print(dict.get(matplotlib.rcParams, 'backend'), os.environ['MPLBACKEND'])"
    around = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": backend}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=around, cwd=folder)


def test_a_backend_of_which_matplotlib_knows_nothing_is_left_out(tmp_path):
    """A notebook sets that of its own environment for the command of another; `import matplotlib` fails with it."""
    assert "no-such-backend" not in (said := loaded(tmp_path, "no-such-backend").stdout).split()[0] and len(said) > 5
    assert loaded(tmp_path, "svg").stdout == "svg svg\n"  # what is there stays the user's


def test_settings_that_cannot_be_read_are_said_before_anything_is_computed(tmp_path, monkeypatch):
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe\x00")
    said = loaded(tmp_path, "no-such-backend").stdout
    assert said.startswith("4 no picture can be drawn: matplotlib cannot read its settings") and "matplotlibrc" in said
    from sim.api import output

    asked = []
    monkeypatch.setattr(output, "import_module", asked.append)
    with output.directory(tmp_path / "out"):
        assert asked == ["sim.plots"]
