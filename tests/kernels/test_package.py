"""What holds of all kernels: short argument lists, records by keyword, and a cache that knows every source."""

import ast
from pathlib import Path

import pytest

import kernels

ROOT = Path(kernels.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
MOST_PARAMETERS = 10
BY_PLACE = 2  # values that a record may take without their names


def functions():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def records():
    """Names of all named tuples of the kernels."""
    return {
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "NamedTuple" for base in node.bases)
    }


@pytest.mark.small
def test_no_function_takes_more_than_ten_arguments():
    found = list(functions())
    assert len(found) > 300
    long = [
        f"{path.name}: {node.name} takes {len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)}"
        for path, node in found
        if len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs) > MOST_PARAMETERS
    ]
    assert not long, "group arguments that belong together in a record"


@pytest.mark.small
def test_records_are_built_by_keyword():
    names = records()
    assert {"EntryTarget", "DockingLog", "Forces"} <= names
    by_place = [
        f"{path.name}:{node.lineno} {node.func.id}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and (len(node.args) > BY_PLACE or any(isinstance(a, ast.Starred) for a in node.args))
    ]
    assert not by_place


@pytest.mark.small
def test_no_record_is_named_twice():
    seen = [
        node.name
        for tree in TREES.values()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name[0] != "_"
    ]
    assert sorted(seen) == sorted(set(seen))


@pytest.mark.small
def test_the_cache_sees_a_change_in_any_source(tmp_path, monkeypatch):
    """In the package and in its folders: another number, another name, one file more."""
    (tmp_path / "orbit").mkdir()
    (tmp_path / "__init__.py").write_text("")
    inner = tmp_path / "orbit" / "kepler.py"
    inner.write_text("MU = 1.0\n")
    monkeypatch.setattr(kernels, "__file__", str(tmp_path / "__init__.py"))
    prints = [kernels.current_fingerprint()]
    inner.write_text("MU = 2.0\n")
    prints.append(kernels.current_fingerprint())
    inner.rename(tmp_path / "kepler.py")
    prints.append(kernels.current_fingerprint())
    (tmp_path / "orbit" / "more.py").write_text("")
    prints.append(kernels.current_fingerprint())
    assert len(set(prints)) == 4
    (tmp_path / "orbit" / "notes.txt").write_text("no source")
    assert kernels.current_fingerprint() == prints[-1]
