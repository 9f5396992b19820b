"""Whatever stands under the name of a user's file: read by one module, with limits, and before anything heavy."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.api.checking import check
from sim.environment.gravity import GravityFileError, read_gfc, read_gfc_header
from sim.files import reading
from sim.files.problems import ScenarioError
from sim.files.text import heading
from sim.interchange.text import read_text

ROOT = Path(sim.__file__).resolve().parent.parent

# ---- one reader

READERS = {"open", "read_text", "read_bytes", "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "ZipFile"}
OF_PACKAGES = {"json.load", "tomllib.load", "np.load", "numpy.load"}  # `load` of anything else is a function of ours
# Modules, or functions of them, that open no file of a user's: what is packaged, and what was made a moment ago.
ALLOWED = {
    "sim/report/plots.py:_library": "the library of the package, inlined in the page",
    "sim/files/reading.py": "the reader itself",
    "sim/files/packaged.py": "packaged data, which are compared with their digests",
    "sim/catalogue/element_sets.py": "packaged element sets",
    "sim/catalogue/facts.py": "packaged facts",
    "sim/environment/gravity.py:egm2008": "the packaged field",
    "sim/environment/nrlmsise00.py": "packaged coefficients",
    "sim/environment/orientation.py": "the table of astropy-iers-data",
    "sim/environment/space_weather.py": "the packaged table",
    "sim/plots/ground_track.py": "the packaged coast line",
    "sim/propagation/ages.py": "the table of astropy-iers-data",
    "sim/scenario/orbit_data.py:read_field": "the packaged field",
    "sim/scenario/descriptions.py": "the packaged words of the keys",
    "sim/scenario/commented.py:write": "a file that is written",
    "sim/output/drawing.py:_serve": "what the parent has written for the processes that draw",
    "sim/export/manifest.py:sha256": "files that the run has read with limits already",
    "sim/export/stored.py:load": "an array file that was read with limits, from memory",
    "sim/export/finished.py": "an archive that was read with limits, from memory",
    "sim/files/memory.py": "what Linux reports of its memory",
    "sim/campaign/lock.py": "the lock of a campaign, of which a thousand bytes are read",
    "sim/cli/streams.py": "standard output and the null device",
    "sim/files/leftovers.py": "directories, to lock them",
    "sim/files/locks.py": "files and directories, to lock them",
    "sim/files/own_packages.py": "what tells whose package a package is",
    "sim/report/viewer/page.py": "the style and the scripts of the page, which come with the program",
    "sim/api/installed.py:_gone": "what the installer has recorded of a package",
    "sim/report/plain_words/words.py:words": "a catalogue of the package",
    "sim/report/embedded.py": "styles and scripts of the package",
    "sim/report/phases.py:picture": "a picture that was drawn a moment ago",
    "sim/report/live_page.py": "the parts of the page, which come with the program",
}
WRITING = ("w", "a", "x", "r+")


def readings(path: Path) -> list[tuple[str, int]]:
    """(function, line) of each call that reads a file by itself."""
    found = []

    def walk(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Call) and _reads(node):
            found.append((function, node.lineno))
        for child in ast.iter_child_nodes(node):
            walk(child, function)

    walk(ast.parse(path.read_text("utf-8")), "")
    return found


def _reads(call: ast.Call) -> bool:
    named = ast.unparse(call.func)
    last = named.rpartition(".")[2]
    if last not in READERS or (last == "load" and named not in OF_PACKAGES):
        return False
    if named == "read_text":  # that of sim.interchange, which reads with limits
        return False
    words = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    return not (last == "open" and any(isinstance(w, str) and w.startswith(WRITING) for w in words))


def test_no_reader_of_a_users_file_goes_round_the_reader():
    around = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        around += [f"{name}:{line}" for f, line in readings(path) if not {name, f"{name}:{f}"} & set(ALLOWED)]
    assert not around, f"read these with sim.files.reading: {around}"


def test_the_search_for_readers_finds_them(tmp_path):
    source = (
        "def f(p):\n open(p)\n p.open('rb')\n p.read_text('utf-8')\n np.load(p)\n json.load(p)\n\n"
        "def g(p):\n p.open('w')\n open(p, mode='ab')\n sim.load(p)\n json.loads(p)\n"
    )
    path = tmp_path / "a.py"
    path.write_text(source)
    assert readings(path) == [("f", n) for n in range(2, 7)]
    assert readings(ROOT / "sim" / "files" / "reading.py")


# ---- what is no plain file


@pytest.fixture
def strange(tmp_path, monkeypatch):
    """The path of something that is no plain file within the size limit, by a word."""
    monkeypatch.chdir(tmp_path)
    with open("gigabyte.toml", "wb") as file:  # sparse: it takes no room on the disk
        file.truncate(1_000_000_000)
    os.mkfifo("pipe.toml")
    os.symlink("/dev/zero", "zero.toml")
    os.symlink("/dev/urandom", "random.toml")
    os.symlink("loop.toml", "loop.toml")
    os.symlink("nowhere", "dangling.toml")
    os.mkdir("folder.toml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.toml")
    yield


FOUND = {
    "gigabyte": "more than",
    "pipe": "neither a file nor a directory",
    "zero": "neither a file nor a directory",
    "random": "neither a file nor a directory",
    "socket": "neither a file nor a directory",
    "folder": "a directory",
    "loop": "a file that cannot be read",
    "dangling": "no such file",
}


@pytest.mark.parametrize("word", FOUND)
def test_what_is_no_plain_file_is_refused_at_once_by_every_reader(word, strange):
    path = Path(f"{word}.toml")
    began = time.process_time()
    with pytest.raises(reading.Unreadable, match=FOUND[word]):
        reading.data(path, 1_000_000)
    with pytest.raises(reading.Unreadable):
        list(reading.lines(path, 1_000_000))
    assert heading(path) == ("", "")
    with pytest.raises(ScenarioError, match=FOUND[word]):
        check(path)
    with pytest.raises(ScenarioError, match=FOUND[word]):
        read_text(path, "elements")
    with pytest.raises(GravityFileError, match=FOUND[word]):
        read_gfc_header(path)
    with pytest.raises(GravityFileError, match=FOUND[word]):
        read_gfc(path, 2)
    assert time.process_time() - began < 1.0


def test_a_file_without_read_permission_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_text("kind = 'rotation'\n")

    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading.os, "open", forbidden)  # the tests may run as root, who may read all
    with pytest.raises(ScenarioError, match=r"cannot be read \(Permission denied\)"):
        check(path)


def test_a_file_without_line_ends_is_refused_at_its_first_line(tmp_path):
    path = tmp_path / "field.gfc"
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(GravityFileError, match="a line of more than 2000 bytes"):
        read_gfc_header(path)


def test_text_in_utf_16_is_named(tmp_path):
    path = tmp_path / "mission.toml"
    path.write_bytes("kind = 'rotation'\n".encode("utf-16"))
    with pytest.raises(ScenarioError, match="UTF-16"):
        check(path)


# ---- nothing heavy before the refusal

HEAVY = ("numba", "llvmlite", "scipy", "skyfield", "matplotlib", "sgp4", "pandas", "kernels.records", "sim.mission")
TRACED = """
import sys, time
from sim.cli.main import app
codes = []
for line in sys.argv[1:]:
    began = time.process_time()
    try:
        app(line.split())
    except SystemExit as end:
        codes.append(end.code)
heavy = [name for name in {heavy!r} if name in sys.modules]
print(codes, heavy)
"""
BROKEN = (
    "check broken.toml",
    "check broken-orbit.toml",
    "check broken-campaign.toml",
    "run broken.toml --out out",
    "propagate broken.toml --out out",
    "propagate broken-orbit.toml --out out",
    "windows broken.toml",
    "windows shenzhou-20 --elements broken.tle",
    "windows shenzhou-20 --site ./broken.toml",
    "docking-windows broken.toml",
    "docking-windows shenzhou-20 --rules ./broken.toml",
    "docking-windows shenzhou-20 --elements broken.tle",
    "montecarlo broken.toml --out out",
    "montecarlo broken-campaign.toml --out out",
    "montecarlo shenzhou-20 --campaign broken-campaign.toml --out out",
    "montecarlo shenzhou-20 --campaign far-campaign.toml --out out",
    "montecarlo shenzhou-20 --set launch.perigee_km=9e9 --out out",
    "montecarlo rerun nowhere 3",
    "plot nowhere",
    "view nowhere",
)


def test_a_broken_file_is_refused_by_every_verb_before_anything_heavy_is_imported(tmp_path):
    (tmp_path / "broken.toml").write_text('kind = "rotation"\n[[x')
    (tmp_path / "broken.tle").write_text("1 99999U\n2 9999\n")
    orbit = (ROOT / "configs" / "orbits" / "iss-20x20.toml").read_text("utf-8")
    (tmp_path / "broken-orbit.toml").write_text(orbit.replace("duration_s = 86400.0", "duration_s = -1.0"))
    campaign = (ROOT / "configs" / "campaigns" / "ascent.toml").read_text("utf-8")
    (tmp_path / "broken-campaign.toml").write_text(campaign.replace('path = "launcher.', 'path = "luncher.', 1))
    (tmp_path / "far-campaign.toml").write_text(
        campaign.replace("launcher.boosters.thrust", "launcher.stage-9.thrust", 1)
    )
    began = os.times()
    command = [sys.executable, "-c", TRACED.format(heavy=HEAVY), *BROKEN]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, env=environment)
    used = os.times()
    assert done.stdout.splitlines()[-1] == f"{[2] * len(BROKEN)} []", done.stdout + done.stderr
    assert "internal error" not in done.stderr
    seconds = used.children_user + used.children_system - began.children_user - began.children_system
    assert seconds < 2.0 + 0.5 * len(BROKEN)  # of the processor: two for the imports, which all of them share
