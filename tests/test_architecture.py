"""The architecture (docs/architecture.md: five nouns, one direction), held by reading every import with `ast`."""

from __future__ import annotations

import ast
import graphlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rooms import circles, room_graph

import sim

ROOT = Path(sim.__file__).resolve().parent.parent
CODE = {folder: sorted((ROOT / folder).rglob("*.py")) for folder in ("kernels", "sim")}
FILES = CODE["kernels"] + CODE["sim"]
# What is loaded by `--help`, and what costs more than the tenth of a second that it may take.
HEAVY = {"numpy", "numba", "scipy", "matplotlib", "skyfield", "sgp4", "pymsis", "pydantic", "kernels"}

WRITING = ("sim.output", "sim.export", "sim.report", "sim.plots")


def module(path: Path) -> str:
    """The dotted name of a file of the project."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(path: Path, top_level_only: bool = False) -> set[str]:
    """Dotted names that a file imports; of the project's own packages down to the module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module(path)} imports relatively; write the whole name"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in submodules if name in KNOWN} or {node.module}
    return found


KNOWN = {module(path) for path in FILES}


def importing(files, *targets: str) -> list[str]:
    """`file imports target` for every import of a target or of what lies below it."""
    return [
        f"{module(path)} imports {name}"
        for path in files
        for name in sorted(imports(path))
        if any(name == target or name.startswith(target + ".") for target in targets)
    ]


def test_there_is_something_to_read():
    assert len(FILES) > 40 and {"sim.cli.main", "sim.phases.ascent", "kernels.orbit.forces"} <= KNOWN
    assert "kernels.constants" in imports(ROOT / "kernels" / "orbit" / "propagate.py")
    assert importing([ROOT / "sim" / "mission.py"], "sim.core.flight") == ["sim.mission imports sim.core.flight"]


def test_kernels_know_nothing_of_the_simulator():
    """Nor of files, words, random numbers or the calendar: numba, numpy and mathematics only.

    What looks around: the package's own file for a place where compiled code can be kept, `compiling` to make and keep
    it there.
    """
    assert importing(CODE["kernels"], "sim") == []
    outside = ROOT / "kernels" / "compiling"
    arithmetic = [path for path in CODE["kernels"] if path.name != "__init__.py" and path.parent != outside]
    used = {name.split(".")[0] for path in arithmetic for name in imports(path)}
    assert used - sys.stdlib_module_names <= {"kernels", "numpy", "numba", "llvmlite"}  # llvmlite is numba's own
    assert not used & {"os", "sys", "io", "pathlib", "random", "secrets", "time", "datetime", "re", "json", "logging"}


def test_no_phase_imports_a_phase():
    phases = sorted((ROOT / "sim" / "phases").glob("*.py"))
    assert len(phases) > 10
    assert importing(phases, "sim.phases") == []


@pytest.mark.parametrize(
    ("files", "never"),
    [
        ("sim/phases/*.py", ("sim.mission", "sim.build", "sim.scenario", "sim.catalogue.facts", *WRITING)),
        ("sim/mission.py", ("sim.phases", "sim.build", "sim.scenario", *WRITING)),
        ("sim/scenario/*.py", ("sim.build", "sim.mission", "sim.phases", "sim.environment.world", "kernels")),
        ("sim/report/*.py", ("sim.phases", "sim.mission", "sim.build", "kernels")),
        ("sim/plots/*.py", ("sim.phases", "sim.mission", "sim.build")),
        ("sim/export/*.py", ("sim.phases", "sim.mission", "sim.build", "sim.report", "sim.plots")),
    ],
)
def test_imports_go_one_way(files, never):
    found = sorted(ROOT.glob(files))
    assert found
    assert [line for line in importing(found, *never) if not line.endswith(" kernels.constants")] == []


def test_no_circle_of_imports():
    """As they are loaded, a module never needs one that needs it; a package counts with its own file."""
    graph = {module(path): {name for name in imports(path, top_level_only=True) if name in KNOWN} for path in FILES}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, naming the circle


def test_a_reader_that_closes_early_ends_the_list_of_rooms_without_a_traceback():
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, str(ROOT / "tests" / "rooms.py")]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert run.stderr == ""


def test_rooms_stand_in_no_circle():
    """Lazy imports included: a room never needs one that needs it, so each can be read by itself, from below."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    graph = room_graph()
    assert len(graph) > 20
    assert circles(graph) == []


def test_the_top_level_is_small():
    entries = [p for p in (ROOT / "sim").iterdir() if p.name not in ("__pycache__", "_shipped")]
    assert len(entries) <= 30


def test_nothing_imports_the_command_line():
    """But itself, and its entry point, in pyproject.toml."""
    others = [path for path in FILES if ROOT / "sim" / "cli" not in path.parents]
    assert importing(others, "sim.cli") == []
    assert 'tiangong = "sim.cli.main:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_only_the_command_line_imports_the_face():
    """The top of the house: `sim/__init__.py` opens it, `sim/cli` parses for it, nothing else knows of it."""
    above = (ROOT / "sim" / "cli", ROOT / "sim" / "api", ROOT / "sim" / "__init__.py")
    others = [path for path in FILES if not any(top == path or top in path.parents for top in above)]
    assert importing(others, "sim.api") == []
    assert importing([ROOT / "sim" / "cli" / "run.py"], "sim.api") != []


def test_no_function_takes_more_than_ten_parameters():
    """What belongs together is a record; keyword-only parameters count too."""

    def count(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        given = function.args
        return sum(map(len, (given.posonlyargs, given.args, given.kwonlyargs))) + bool(given.vararg) + bool(given.kwarg)

    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert count(ast.parse("def f(a, /, b, *c, d, **e): pass").body[0]) == 5
    counted = [
        (f"{module(path)}.{node.name}", count(node))
        for path in CODE["sim"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, functions)
    ]
    assert len(counted) > 1000
    assert [(name, n) for name, n in counted if n > 10] == []


def test_pictures_are_drawn_in_one_place():
    """matplotlib under sim/plots alone, which only what writes and the face ask for, and only when they draw."""
    plots = ROOT / "sim" / "plots"
    others = [path for path in FILES if plots not in path.parents]
    assert importing(others, "matplotlib") == []
    assert importing(plots.glob("*.py"), "matplotlib") != []
    assert {line.split()[0] for line in importing(others, "sim.plots")} <= {
        "sim.output.run",
        "sim.output.drawing",
        "sim.output.orbit",
        "sim.output.beside",
        "sim.output.compared",
        "sim.output.suborbital",
        "sim.output.orbit_accounts",
        "sim.output.disposal",
        "sim.campaign.output",
        "sim.api.catalogue",
        "sim.api.surface_site",
        "sim.api.campaign_result",
        "sim.api.docking_windows",
        "sim.api.rotation",
        "sim.api.flight_plots",
        "sim.api.installed",
        "sim.api.landing_windows",
        "sim.api.launch_windows",
        "sim.api.passes",
        "sim.api.propagation",
        "sim.api.station",
        "sim.api.verification",
        "sim.api.week",
        "sim.report.page",
    }
    loaded = [f"{module(p)} {name}" for p in others for name in imports(p, top_level_only=True) if "sim.plots" in name]
    assert loaded == []


def test_the_solver_is_loaded_only_where_a_week_or_spacewalks_are_planned():
    """It takes a third of a second: a flight without a week never imports it."""
    users = {line.split()[0] for line in importing(FILES, "ortools")}
    assert users and all(name.startswith(("sim.planning.crew.", "sim.planning.spacewalks.")) for name in users)
    assert [module(p) for p in FILES for name in imports(p, top_level_only=True) if name.startswith("ortools")] == []


def test_help_loads_nothing_heavy():
    """Everything that the command line loads before it knows what is asked for, however deep."""
    seen, todo = set(), ["sim", "sim.cli.main"]
    outside = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        path = ROOT / Path(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for found in imports(path, top_level_only=True):
            if found in KNOWN:
                todo.append(found)
            else:
                outside.add(found.split(".")[0])
    assert not outside & HEAVY
    assert "typer" in outside


def test_files_stay_small():
    """A file that needs a table of contents is split by noun: 320 lines at the very most."""
    long = {module(path): n for path in FILES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 320}
    assert long == {}


def test_no_file_names_a_place_on_some_machine():
    """What is in the repository means the same everywhere: no absolute path of one machine, no neighbouring folder."""
    places = ["/" + name + "/" for name in ("home", "root", "tmp", "work", "Users")] + ["../" + "shared"]
    folders = ("sim", "kernels", "configs", "seeds", "tests", "benches", ".ci")
    suffixes = {".py", ".toml", ".md", ".sh", ".json", ".yml", ""}
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix in suffixes]
    files += [p for p in ROOT.glob("*") if p.suffix in (".md", ".toml")]
    files = [p for p in files if "__pycache__" not in p.parts]
    assert len(files) > 100
    named = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        # A path begins after a quote, a blank or the like; what follows a letter or a dot is part of an address.
        named += [
            f"{path.relative_to(ROOT)}: {place}"
            for place in places
            if any(i == 0 or not (text[i - 1].isalnum() or text[i - 1] in "._-/)]}") for i in all_of(text, place))
        ]
    assert named == []


def all_of(text: str, part: str):
    i = text.find(part)
    while i >= 0:
        yield i
        i = text.find(part, i + 1)
