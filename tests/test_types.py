"""Every module of `sim` keeps its promises of types: mypy, with the settings of pyproject.toml, finds nothing.

A renamed field or an optional value that nobody looked at then breaks here, not in a picture a minute into a flight.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.optional import needed

ROOT = Path(__file__).resolve().parents[1]
# Rooms that are not typed through yet; what mypy finds in them is passed over. Only ever take lines away.
NOT_YET_CHECKED: tuple[str, ...] = ()
# A record's file, one of its fields, and a file that reads it.
READERS = (
    ("docking_record", "contact", "sim/plots/contact.py"),
    ("docking_record", "lateral_offset_m", "sim/plots/closing.py"),
    ("phasing_record", "corridor_half_angle_deg", "sim/plots/orbital_plane.py"),
    ("ascent_record", "propellant_left_kg", "sim/campaign/ascent.py"),
    ("return_record", "opening_load_g", "sim/report/sections.py"),
)
_ERROR = re.compile(r"^(?P<file>[^:]+):\d+: error: ")


def errors(root: Path, *modules: str) -> list[tuple[str, str]]:
    """(file, line of mypy's) of every error in the package under `root`, or in these modules and what they import."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--hide-error-context",
            "--no-color-output",
            "--no-pretty",
            *("-m" + name for name in modules),
        ],
        cwd=root,
        env={**os.environ, "MYPY_FORCE_COLOR": "0"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr  # 2: mypy itself, or its settings, failed
    return [(m["file"].replace(os.sep, "/"), line) for line in run.stdout.splitlines() if (m := _ERROR.match(line))]


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str]]:
    """Of this package."""
    needed("mypy")
    return errors(ROOT)


def test_no_type_error(found):
    left = [line for file, line in found if not file.startswith(NOT_YET_CHECKED)]
    assert not left, "\n".join(left)


def test_what_is_passed_over_still_needs_it(found):
    clean = [room for room in NOT_YET_CHECKED if not any(file.startswith(room) for file, _ in found)]
    assert not clean, f"without an error now, or gone: take {', '.join(clean)} out of NOT_YET_CHECKED"


def test_a_wrong_type_is_found(tmp_path):
    """The settings look into functions without annotations too, and at what the records of `kernels` hold."""
    needed("mypy")
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from kernels.records import Capsule\n"
        "from sim.core.epoch import Epoch\n\n\n"
        "def unannotated(capsule: Capsule):\n"
        "    return Epoch.from_utc(3), capsule.no_such_field\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(wrong)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "[arg-type]" in run.stdout and "[attr-defined]" in run.stdout, run.stdout


def test_a_renamed_field_of_a_record_is_found(found, tmp_path):
    """In pictures, report and campaign, where nothing flies; in a copy, with mypy's cache of this package."""
    for name in ("sim", "kernels", ".mypy_cache"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    for record, field, _ in READERS:
        path = tmp_path / "sim" / "core" / f"{record}.py"
        text, count = re.subn(rf"^    {field}: ", f"    {field}_renamed: ", path.read_text("utf-8"), flags=re.M)
        assert count == 1, f"{record} has {count} fields {field}"
        path.write_text(text, encoding="utf-8")
    modules = (reader.removesuffix(".py").replace("/", ".") for _, _, reader in READERS)
    broken = [(file, line) for file, line in errors(tmp_path, *modules) if (file, line) not in found]
    for record, field, reader in READERS:
        assert any(file == reader and f'"{field}"' in line for file, line in broken), f"{field} of {record}: {broken}"


def test_no_kind_of_error_is_turned_off():
    """Settings: no error code goes for the whole package, and only third parties without types may lack them; what is
    set for a room of `sim` by itself asks for more."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    off = ("disable_error_code", "ignore_errors", "ignore_missing_imports", "follow_imports", "exclude")
    assert not [key for key in off if settings.get(key)]
    strict = set()
    for override in settings["overrides"]:
        ours = {module for module in override["module"] if module.split(".")[0] == "sim"}
        if ours:
            assert {key: value for key, value in override.items() if key != "module"} == {"disallow_untyped_defs": True}
            strict |= ours
    assert {"sim.plots.*", "sim.report.*", "sim.export.*", "sim.campaign.*"} <= strict


def test_every_ignored_line_says_which_error_and_why():
    plain = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+#\s*\S)")
    lines = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / "sim").rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if plain.search(line)
    ]
    assert not lines, f"write `# type: ignore[code]  # why`: {', '.join(lines)}"


def test_the_wheel_carries_the_mark():
    """`py.typed` shows other people's type checkers that the annotations of `sim` may be used (PEP 561)."""
    assert (ROOT / "sim" / "py.typed").is_file()
