"""Another distribution's `sim` or `kernels` in the place of ours: both are named, with a cure, before all else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.files import own_packages
from sim.files.errors import DataError

ROOT = Path(sim.__file__).resolve().parent.parent
COMMAND = "from sim.cli.main import main; main()"
OTHER = "import huggingface_hub_that_nobody_has\n"


def install(folder: Path, name: str, package: str, text: str = OTHER) -> None:
    """A distribution's files, as pip would put them."""
    (folder / package).mkdir(parents=True, exist_ok=True)
    (folder / package / "__init__.py").write_text(text)
    record(folder, name, package)


def record(folder: Path, name: str, package: str) -> None:
    info = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "RECORD").write_text(f"{package}/__init__.py,sha256=x,1\n{info.name}/METADATA,,\n")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A site-packages with our two packages, which comes first on the path; nothing of them is imported yet."""
    for package in ("sim", "kernels"):
        (tmp_path / package).mkdir()
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package)
    record(tmp_path, "tiangong-sim", "kernels")
    monkeypatch.setattr(own_packages, "ROOT", tmp_path)
    others = [entry for entry in sys.path if not (Path(entry) / "kernels").is_dir()]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
    for name in ("sim", "kernels"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def found() -> str:
    with pytest.raises(DataError) as error:
        own_packages.require_own_packages.__wrapped__()
    text = str(error.value)
    assert "\n" not in text and "tiangong-sim" in text
    return text


def test_our_own_are_ours(site):
    own_packages.require_own_packages.__wrapped__()
    assert own_packages._named("kernels") == "" and own_packages._named("sim") == ""


@pytest.mark.parametrize("package", ["sim", "kernels"])
def test_files_put_over_ours(site, package):
    install(site, f"other-{package}", package)
    text = found()
    assert f"the package '{package}' of tiangong-sim was overwritten in {site / package}" in text
    assert f"from the distribution other-{package} 1.2; install tiangong-sim in an environment of its own" in text


def test_both_put_over_are_two_lines(site):
    for package in ("sim", "kernels"):
        install(site, f"other-{package}", package)
    with pytest.raises(DataError) as error:
        own_packages.require_own_packages.__wrapped__()
    assert [line.split("'")[1] for line in str(error.value).splitlines()] == ["sim", "kernels"]


def test_another_that_nobody_recorded(site):
    (site / "kernels" / "__init__.py").write_text(OTHER)
    assert "by which distribution is not recorded" in found()


def test_what_an_uninstalled_package_took_along(site):
    """pip removes by the name of the file: ours, which was put over the other's or under it, goes with it."""
    (site / "kernels" / "__init__.py").unlink()
    text = found()
    assert "is gone" in text and "pip install --force-reinstall" in text
    shutil.rmtree(site / "kernels")
    assert "'kernels' of tiangong-sim is missing" in found()


def test_another_entry_of_the_path_comes_first(site, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("other")
    install(other, "kernels", "kernels")
    monkeypatch.setattr(sys, "path", [str(other), *sys.path])
    text = found()
    assert (
        f"before that of tiangong-sim ({site / 'kernels'}): {other / 'kernels'}, from the distribution kernels" in text
    )
    assert text.endswith("pip install ...)")
    monkeypatch.setenv("PYTHONPATH", f"{other}{os.pathsep}")
    assert found().endswith(f"take {other} out of PYTHONPATH")
    shutil.rmtree(next(other.glob("*.dist-info")))
    assert "of no distribution" in found()
    monkeypatch.chdir(other)
    assert "it lies in the working directory: start the program from another one" in found()


def test_another_that_was_imported_before_us(site, monkeypatch):
    """In a notebook, say."""
    other = type(sys)("kernels")
    other.__file__ = str(site.parent / "elsewhere" / "kernels" / "__init__.py")
    monkeypatch.setitem(sys.modules, "kernels", other)
    assert f"Python finds another package 'kernels' before that of tiangong-sim ({site / 'kernels'})" in found()


def test_a_plain_folder_of_the_name_is_no_package(site, tmp_path_factory, monkeypatch):
    """A regular package further down comes before a folder without __init__.py: results in `sim/` are no matter."""
    other = tmp_path_factory.mktemp("results")
    (other / "sim").mkdir()
    (other / "kernels").mkdir()
    monkeypatch.setattr(sys, "path", [str(other), *sys.path])
    own_packages.require_own_packages.__wrapped__()


def run(code: str, *arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """A script in a folder of its own, as the one that pip makes, with `path` before the place of ours."""
    script = path / "bin" / "script.py"
    script.parent.mkdir()
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{ROOT}"}
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, env=environment, cwd=script.parent, capture_output=True, text=True)


def test_the_command_ends_with_4_before_anything(tmp_path):
    install(tmp_path, "kernels", "kernels")
    done = run(COMMAND, "--version", "--json", path=tmp_path)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 4
    assert "tiangong-sim" in line and "from the distribution kernels 1.2; take" in line
    assert json.loads(done.stdout) == {"status": "environment", "reason": line}


def test_the_command_notices_another_over_its_own_sim(tmp_path):
    """What is of the other's then: `sim/__init__.py`; ours beside it, as the entry point, runs."""
    for file in ("cli/__init__.py", "cli/main.py", "files/__init__.py", "files/errors.py", "files/own_packages.py"):
        (tmp_path / "sim" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "sim" / file, tmp_path / "sim" / file)
    shutil.copytree(ROOT / "kernels", tmp_path / "kernels", ignore=shutil.ignore_patterns("__pycache__", "*.py[co]"))
    install(tmp_path, "simulations", "sim", "x = 1\n")
    done = run(COMMAND, path=tmp_path)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 4
    assert f"'sim' of tiangong-sim was overwritten in {tmp_path / 'sim'}, from the distribution simulations" in line


def test_the_face_notices_too(tmp_path):
    install(tmp_path, "kernels", "kernels")
    done = run("import sim\nsim.propagate", path=tmp_path)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("sim.files.errors.DataError: Python finds another package 'kernels' before that")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ModuleNotFoundError("No module named 'sim.core'", name="sim.core"), "sim.core is missing"),
        (
            ImportError("cannot import name 'x'", name="kernels.records", path="/a/records.py"),
            "/a/records.py is another",
        ),
    ],
)
def test_a_file_of_ours_that_was_lost_is_named(error, says):
    line = own_packages.broken(error)
    assert line is not None and says in line and "install tiangong-sim again" in line
    assert own_packages.broken(ModuleNotFoundError("No module named 'numba'", name="numba")) is None


def test_to_ask_takes_milliseconds():
    began = time.perf_counter()
    for _ in range(10):
        own_packages.require_own_packages.__wrapped__()
    assert time.perf_counter() - began < 0.2  # it takes 0.2 ms each; the rest is for a busy machine
