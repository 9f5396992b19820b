"""The data that come with the program: one module opens them, and a file that is not the one shipped is refused."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.metadata
import json
import shutil
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import sim
from sim.catalogue import element_sets, facts
from sim.cli.main import app
from sim.environment import central_body, gravity, nrlmsise00, orientation, space_weather, world
from sim.export import manifest
from sim.files import packaged, paths, text
from sim.files.errors import DataError
from sim.files.problems import ScenarioError
from sim.plots import ground_track
from sim.propagation import ages
from sim.scenario import load

ROOT = Path(sim.__file__).resolve().parent.parent
CACHED = (
    facts.facts,
    facts.sources,
    element_sets._all,
    gravity.egm2008,
    gravity._egm70,
    nrlmsise00.tables,
    orientation._finals,
    orientation.timescale,
    orientation.pole_offsets,
    space_weather.table,
    world._ephemeris,
    ages.iers_reach,
    packaged.ephemeris,
    packaged.earth_orientation,
)


@pytest.fixture
def fresh():
    """Nothing read is remembered, before or after."""
    forget()
    yield
    forget()


def forget() -> None:
    if world._ephemeris.cache_info().currsize:
        world._ephemeris().close()  # else its file is closed with a warning, in a test that has nothing to do with it
    for function in CACHED:
        function.cache_clear()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The shipped files as an install has them."""
    root = tmp_path_factory.mktemp("install") / "_shipped"
    for folder in packaged.FOLDERS:
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture
def install(copied, monkeypatch, fresh):
    """An install that a test may damage: what it changes by `damage` is put right afterwards."""
    monkeypatch.setattr(paths, "ROOT", copied)
    for name in ("CONFIGS", "SEEDS", "MISSIONS", "VEHICLES", "SITES", "ORBITS"):
        monkeypatch.setattr(paths, name, copied / getattr(paths, name).relative_to(ROOT))
    before: dict[Path, bytes] = {}

    def damage(name: str, change) -> Path:
        path = copied / name
        before[path] = path.read_bytes()
        data = change(before[path])
        path.unlink() if data is None else path.write_bytes(data)
        return path

    yield SimpleNamespace(root=copied, damage=damage)
    for path, data in before.items():
        path.write_bytes(data)


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGE = {
    "one bit": flipped,
    "half a file": lambda data: data[: len(data) // 2],
    "a web page": lambda data: b"<!DOCTYPE html><html><body>404</body></html>\n",
    "empty": lambda data: b"",
    "other line ends": lambda data: data.replace(b"\n", b"\r\n") + b"\r\n",
    "missing": lambda data: None,
}
READERS = {
    "seeds/assets/egm70.npz": partial(gravity.egm2008, 4),
    "seeds/assets/moon_grgm660prim_50.npz": partial(central_body.packaged_field, "f", "moon_grgm660prim_50.npz", "a"),
    "seeds/assets/moon_lp165p_50.npz": partial(central_body.packaged_field, "f", "moon_lp165p_50.npz", "a"),
    "seeds/assets/moon_pa_de421.npz": partial(central_body.euler_table, "moon_pa_de421.npz"),
    "seeds/assets/nrlmsise00.npz": nrlmsise00.tables,
    "seeds/assets/space_weather.csv": space_weather.table,
    "seeds/assets/coast110.npz": partial(ground_track._rings.__wrapped__, "coast110.npz"),
    "seeds/assets/coast50.npz": partial(ground_track._rings.__wrapped__, "coast50.npz"),
    "seeds/elements/css.toml": element_sets.names,
    "seeds/facts/css.toml": facts.facts,
    "seeds/sources.toml": facts.sources,
}


# ---- the list


def test_the_list_is_of_the_present_files():
    assert packaged.LIST.read_text("ascii") == packaged.current(), "run `python -m sim.files.packaged`"
    assert set(READERS) <= set(packaged.listed())
    assert all(
        hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == code for name, code in packaged.listed().items()
    )


def test_every_asset_has_a_reader_here():
    assets = {name for name in packaged.listed() if name.startswith("seeds/assets/")}
    assert assets <= set(READERS)


@pytest.mark.parametrize("broken", [b"", b"no list at all\n", "é\n".encode()])
def test_a_damaged_list_is_told(broken, tmp_path, monkeypatch):
    monkeypatch.setattr(packaged, "LIST", tmp_path / "sha256.txt")
    packaged.LIST.write_bytes(broken)
    packaged.listed.cache_clear()
    try:
        with pytest.raises(DataError, match="sha256.txt .*install tiangong-sim again"):
            packaged.listed()
    finally:
        packaged.listed.cache_clear()


# ---- first use


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("name", READERS)
def test_first_use_refuses_a_damaged_file_and_names_it(name, how, install):
    path = install.damage(name, DAMAGE[how])
    with pytest.raises(DataError) as caught:
        READERS[name]()
    (line,) = str(caught.value).splitlines()
    assert str(path) in line and "install tiangong-sim again" in line
    assert ("is missing" if how == "missing" else "is not the file that was shipped") in line


@pytest.mark.parametrize("how", DAMAGE)
def test_a_named_configuration_of_an_install_is_refused_where_it_is_damaged(how, install):
    path = install.damage("configs/missions/shenzhou-21.toml", DAMAGE[how])
    for use in (partial(load, "shenzhou-21"), partial(text.heading, path)):
        with pytest.raises(DataError, match="shenzhou-21.toml"):
            use()


def test_a_configuration_in_a_working_tree_is_its_owners(install, monkeypatch):
    monkeypatch.setattr(packaged, "installed", lambda: False)
    install.damage("configs/missions/shenzhou-21.toml", lambda data: data + b"# mine\n")
    assert load("shenzhou-21").name
    path = install.damage("configs/missions/shenzhou-20.toml", lambda data: None)
    with pytest.raises(ScenarioError, match="no such file"):
        load(path)
    install.damage("seeds/facts/css.toml", flipped)
    facts.facts.cache_clear()
    with pytest.raises(DataError, match="from the repository again, or, where you changed it on purpose"):
        facts.facts()


def test_a_strange_file_among_the_facts_is_named(install):
    path = install.root / "seeds" / "facts" / "mine.toml"
    path.write_text("[mine]\n")
    try:
        with pytest.raises(DataError, match="mine.toml is none of the shipped data"):
            facts.facts()
    finally:
        path.unlink()


# ---- check, the manifest, the exit code


def test_check_names_every_damaged_file_and_ends_with_4(install):
    damaged = [
        install.damage("seeds/assets/coast50.npz", flipped),
        install.damage("seeds/facts/css.toml", DAMAGE["missing"]),
        install.damage("configs/vehicles/cz7.toml", flipped),
    ]
    result = CliRunner().invoke(app, ["check", "iss-20x20", "--json"])
    assert result.exit_code == 4 and json.loads(result.stdout)["status"] == "environment"
    lines = result.stderr.splitlines()
    assert len(lines) == 3 and all(any(str(path) in line for line in lines) for path in damaged)


def test_check_says_how_many_files_were_compared():
    result = CliRunner().invoke(app, ["check", "iss-20x20"])
    assert (
        f"{len(packaged.data_files()) + 3} packaged files are those that were shipped" in result.stdout
    )  # and DATA.md


@pytest.mark.parametrize("command", [["propagate", "iss-20x20", "--out"], ["run", "shenzhou-21", "--out"]])
def test_nothing_is_flown_that_the_manifest_would_refuse_at_the_end(command, install, tmp_path):
    """No flight reads the coarse coastline before it draws."""
    path = install.damage("seeds/assets/coast110.npz", flipped)
    result = CliRunner().invoke(app, [*command, str(tmp_path / "out")])
    assert result.exit_code == 4 and str(path) in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_manifest_compares(install):
    install.damage("seeds/assets/coast110.npz", flipped)
    with pytest.raises(DataError, match="coast110"):
        manifest.as_manifest(SimpleNamespace(files=(), raw={}), {}, install.root / "seeds" / "facts", "")


# ---- files of other packages


@pytest.mark.parametrize(
    ("package", "name", "find", "use"),
    [
        ("skyfield-data", "skyfield_data/data/de421.bsp", packaged.ephemeris, world._ephemeris),
        (
            "astropy-iers-data",
            "astropy_iers_data/data/finals2000A.all",
            packaged.earth_orientation,
            orientation.timescale,
        ),
    ],
)
def test_a_table_of_another_package_is_compared_with_its_record(package, name, find, use, monkeypatch, fresh):
    path = find()
    code = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).decode().rstrip("=")

    def record(rows):
        find.cache_clear()
        monkeypatch.setattr(importlib.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: rows))

    record(f"other.py,sha256=abc,3\n{name},sha256={code},17\n")
    assert find() == path
    record(None)  # a distribution that keeps no record
    assert find() == path
    record(f"{name},sha256={code[::-1]},17\n")
    with pytest.raises(DataError, match=f"{path.name} is not the file that {package} came with.*install the package"):
        use()


# ---- no reader goes round


OPENERS = {"open", "read_text", "read_bytes", "load", "load_file", "fromfile", "loadtxt", "genfromtxt", "memmap"}
BUILT_IN = {"open", "load_file"}  # called without a module before them
FOLDERS = {"SEEDS", "ASSETS", "FACTS", "ELEMENTS"}
OPEN_OTHER_FILES = {
    "sim/files/packaged.py": "the shipped data",
    "sim/files/reading.py": "a file of the user's, or of the catalogue, which `text` has compared",
    "sim/files/leftovers.py": "directories, to lock them",
    "sim/files/locks.py": "files and directories, to lock them",
    "sim/files/own_packages.py": "the first file of a package, to see whose it is",
    "sim/api/installed.py": "what the installer has recorded of a package",
    "sim/api/plain_words.py": "the results of a run, by their own reader",
    "sim/api/screened.py": "the results of a run, by their own reader",
    "sim/files/memory.py": "what Linux reports of its memory",
    "sim/cli/streams.py": "standard output and the null device",
    "sim/environment/orientation.py": "the table that `packaged` has compared",
    "sim/environment/world.py": "the ephemeris that `packaged` has compared",
    "sim/propagation/ages.py": "the table that `packaged` has compared",
    "sim/scenario/descriptions.py": "words beside the code, which belong to the models",
    "sim/scenario/commented.py": "writes the file of `tiangong init`",
}
RESULTS = ("sim/export/", "sim/campaign/", "sim/output/", "sim/report/", "sim/plots/", "sim/files/output_directory.py")


def test_no_reader_goes_round_the_module():
    """Who opens a file at all is in the list above, or reads and writes results; none names the folders."""
    opening, naming = set(), set()
    for path in (ROOT / "sim").rglob("*.py"):
        name, code = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        if not any(word in code for word in (*OPENERS, *FOLDERS)):
            continue
        for node in ast.walk(ast.parse(code)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in OPENERS or getattr(called, "id", "") in BUILT_IN:
                opening.add(name)
            if isinstance(node, ast.ImportFrom) and node.module == "sim.files.paths":
                naming |= {name for alias in node.names if alias.name in FOLDERS}
            if isinstance(node, ast.Attribute) and node.attr in FOLDERS:  # paths.SEEDS
                naming.add(name)
    strange = {name for name in opening - set(OPEN_OTHER_FILES) if not name.startswith(RESULTS)}
    assert {"sim/files/packaged.py", "sim/files/reading.py"} <= opening
    assert strange == set()
    assert naming == set()


def test_every_open_of_a_shipped_file_comes_from_the_module(fresh):
    """By Python's own audit events, whatever the code looks like."""
    seen, watching = [], [True]

    def hook(event, arguments):
        if not watching or event != "open" or not isinstance(arguments[0], str):
            return
        if arguments[0].startswith(str(paths.SEEDS)):
            frame = sys._getframe(1)
            while frame is not None and not frame.f_code.co_filename.startswith(str(ROOT / "sim")):
                frame = frame.f_back
            seen.append((arguments[0], frame.f_code.co_filename if frame else None))

    sys.addaudithook(hook)
    try:
        for use in READERS.values():
            use()
        CliRunner().invoke(app, ["check", "shenzhou-21"])
    finally:
        watching.clear()
    assert {name for name, _ in seen} >= {str(ROOT / name) for name in READERS}
    assert {Path(file).name for _, file in seen} == {"packaged.py"}
