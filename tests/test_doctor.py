"""`tiangong doctor`: what it finds in a whole installation, and a line for each thing that is broken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kernels
from sim.api import data_health, doctor, installed
from sim.api.finding import NOTE, OK, WRONG, Finding, of_error
from sim.cli.main import app
from sim.files import memory, packaged
from sim.files.errors import DataError

ROOT = Path(__file__).resolve().parent.parent


def kinds(findings) -> dict[str, str]:
    return {finding.what: finding.kind for finding in findings}


def one(findings, what: str) -> Finding:
    (found,) = (finding for finding in findings if finding.what == what)
    return found


def test_a_whole_installation():
    found = doctor.doctor()
    assert found.healthy and found.wrong == ()
    assert {"program", "packages", "processor", "results", "data", "pictures", "cache"} <= set(kinds(found.findings))
    for line in str(found.findings[0]), *repr(found).splitlines():
        assert re.fullmatch(r"(ok   |note |wrong)  [^:]+: .+", line)
    for finding in found.findings:
        assert finding.kind == OK or finding.do, finding


def test_the_command_prints_what_python_returns():
    lines = CliRunner().invoke(app, ["doctor"])
    assert lines.exit_code == 0
    assert [line.split(":")[0] for line in lines.stdout.splitlines()][:2] == ["ok     program", "ok     packages"]
    found = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)
    assert (found["verb"], found["status"], found["healthy"]) == ("doctor", "healthy", True)
    assert set(found["findings"][0]) == {"kind", "what", "found", "do"}


def test_nothing_that_is_broken_keeps_the_rest_from_being_looked_at(monkeypatch):
    """Packages that are missing, as an import sees them, and packaged data that were changed."""
    for name in ("matplotlib", "skyfield.jpllib", "sim.plots.setup"):
        monkeypatch.setitem(sys.modules, name, None)
    digests = dict(packaged.listed()) | {"seeds/places.toml": "0" * 64}
    monkeypatch.setattr(packaged, "listed", lambda: digests)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 4
    wrong = [line for line in result.stdout.splitlines() if line.startswith("wrong")]
    assert [line.split(":")[0] for line in wrong] == ["wrong  data", "wrong  ephemeris", "wrong  pictures"]
    assert "places.toml" in wrong[0] and "take it from the repository again" in wrong[0]
    assert all(line.endswith("install tiangong-sim again, in an environment of its own") for line in wrong[1:])


@pytest.mark.parametrize("name", ["numpy", "numba", "skyfield", "matplotlib"])
def test_a_package_that_is_missing_ends_in_a_line(name):
    """In a process of its own, in which nothing is imported yet."""
    code = f"import sys; sys.modules[{name!r}] = None; sys.argv = ['tiangong', 'doctor']; "
    code += "from sim.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 4 and done.stderr == ""
    assert "ok     program: " in done.stdout and re.search(r"^wrong  .*; install ", done.stdout, re.M)


def test_versions_are_compared_with_what_is_required(monkeypatch):
    required = ["numba<0.69,>=0.68", "numpy>=2", "strange-name>=1; python_version > '3'", "docs; extra == 'docs'"]
    monkeypatch.setattr(metadata, "requires", lambda name: required)

    def version(name):
        if name == "strange-name":
            raise metadata.PackageNotFoundError(name)
        return {"numba": "0.67.1", "numpy": "2.3.0"}[name]

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(installed, "_gone", lambda name: [])
    found = list(installed.packages())
    assert kinds(found) == {"package numba": WRONG, "package strange-name": WRONG, "packages": NOTE}
    assert one(found, "package numba").found == "0.67.1, <0.69,>=0.68 is required"
    assert one(found, "package strange-name").do == "install it: pip install 'strange-name>=1'"
    assert one(found, "packages").found == "1 of 3 as required" and one(found, "packages").do


def test_a_package_whose_files_are_gone(tmp_path, monkeypatch):
    kept = tmp_path / "kept-1.0.dist-info"
    kept.mkdir()
    (kept / "METADATA").write_text("Metadata-Version: 2.1\nName: kept\nVersion: 1.0\n")
    (kept / "RECORD").write_text("kept/__init__.py,,0\nkept/a.py,,0\nkept-1.0.dist-info/METADATA,,\n")
    (tmp_path / "kept").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(metadata, "requires", lambda name: ["kept>=1"])
    found = one(installed.packages(), "package kept")
    assert found.kind == WRONG and "kept/__init__.py is missing" in found.found and "'kept>=1'" in found.do
    (tmp_path / "kept" / "__init__.py").write_text("")
    assert kinds(installed.packages()) == {"packages": OK}


@pytest.mark.parametrize(
    ("version", "limits", "good"),
    [
        ("0.68.0", "<0.69,>=0.68", True),
        ("0.69.0", "<0.69,>=0.68", False),
        ("2", ">=2.0.0", True),
        ("1.10", ">=1.9", True),
        ("1.4.2", "==1.4.*", True),
        ("1.5", "==1.4.*", False),
        ("1.4.2", "~=1.4", True),
        ("2.0", "~=1.4", False),
        ("1.3", "~=1.4", False),
        ("1.4.0", "!=1.4", False),
        ("anything", "", True),
    ],
)
def test_limits_of_a_version(version, limits, good):
    assert installed.fits(version, limits) is good


def test_a_folder_for_results_that_cannot_be_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(installed.os, "access", lambda *_: False)
    (found,) = installed.output()
    assert found.kind == NOTE and "--out" in found.do
    monkeypatch.undo()
    monkeypatch.setattr(Path, "cwd", lambda: (_ for _ in ()).throw(FileNotFoundError(2, "No such file or directory")))
    (found,) = installed.output()
    assert found.kind == WRONG and "No such file" in found.found and found.do


@pytest.mark.parametrize(("free", "kind"), [(None, NOTE), (2e8, NOTE), (8e9, OK)])
def test_memory(monkeypatch, free, kind):
    monkeypatch.setattr(memory, "free_memory", lambda: free)
    assert one(installed.machine(), "memory").kind == kind


def test_a_cache_that_is_empty_or_cannot_be_written(tmp_path, monkeypatch):
    """A file stands where the folder should be, which keeps root out too."""
    from kernels.compiling import ahead

    monkeypatch.setattr(ahead, "folder", lambda: tmp_path)
    found = list(data_health.compiled())
    assert kinds(found) == {"compiled code": NOTE, "cache": OK} and "tiangong compile" in found[0].do
    assert found[0].found.startswith("0 of ")
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(ahead, "folder", lambda: tmp_path / "file" / "cache")
    found = list(data_health.compiled())
    assert kinds(found) == {"compiled code": NOTE, "cache": NOTE} and "NUMBA_CACHE_DIR" in found[1].do
    assert not kernels.writable(tmp_path / "file" / "cache")


def test_broken_code_in_the_cache_is_no_fault(tmp_path, monkeypatch):
    from kernels.compiling import ahead

    folder = tmp_path / "docking"
    folder.mkdir()
    (folder / "docking.dock-1.py311.nbi").write_bytes(b"\0")
    monkeypatch.setattr(ahead, "folder", lambda: tmp_path)
    assert one(data_health.compiled(), "compiled code").found.startswith("0 of ")


@pytest.mark.parametrize(
    ("look", "day", "kind"),
    [
        (data_health.elements, date(2026, 10, 20), OK),
        (data_health.elements, date(2027, 10, 20), NOTE),
        (data_health.earth_orientation, date(2026, 10, 20), OK),
        (data_health.earth_orientation, date(2035, 1, 1), NOTE),
        (data_health.space_weather, date(2026, 10, 20), OK),
        (data_health.space_weather, date(2099, 1, 1), NOTE),
        (data_health.ephemeris, date(2026, 10, 20), OK),
        (data_health.ephemeris, date(2053, 10, 10), NOTE),
    ],
)
def test_the_age_of_the_data(monkeypatch, look, day, kind):
    monkeypatch.setattr(data_health, "today", lambda: day)
    (found,) = look()
    assert found.kind == kind and bool(found.do) == (kind == NOTE)


def test_the_reach_of_the_ephemeris():
    """DE421 ends on the same days as its own comment says: Julian dates 2414864.5 to 2471184.5."""
    (found,) = data_health.ephemeris()
    assert found.found == "de421.bsp from 1899-07-29 to 2053-10-09"


def test_an_error_of_several_lines_is_several_findings():
    found = of_error("data", DataError("a is missing; install it\nb differs; take it again"))
    assert [(f.found, f.do) for f in found] == [("a is missing", "install it"), ("b differs", "take it again")]
    (found,) = of_error("pictures", ImportError("no\nmodule"))
    assert found.found == "it cannot be looked at (no module)" and found.do
