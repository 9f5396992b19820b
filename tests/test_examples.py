"""The notebooks of examples/ run from the first cell to the last, and lie there without outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.optional import needed

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
TIMEOUT_S = 600  # a cell; kernels that are not compiled yet are compiled in the first that flies


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_there_are_four():
    assert [path.stem for path in NOTEBOOKS] == ["campaign", "propagator", "rotation", "windows"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs_and_explains_itself(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert sum(cell["cell_type"] == "markdown" for cell in cells(path)) >= 3
    assert re.match(r"# \w", "".join(cells(path)[0]["source"]))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    """In a kernel of its own, in an empty folder; an exception in any cell ends it."""
    needed("nbclient", "nbformat", "ipykernel")
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # wherever the package is installed or not
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    here = tmp_path / "work"
    here.mkdir()
    client = nbclient.NotebookClient(
        notebook, timeout=TIMEOUT_S, kernel_name="python3", resources={"metadata": {"path": str(here)}}
    )
    client.execute()
    shown = [set(output.get("data", ())) for cell in notebook.cells for output in cell.get("outputs", ())]
    assert shown and not any(output.get("name") == "stderr" for c in notebook.cells for output in c.get("outputs", ()))
    assert any("image/png" in kinds for kinds in shown)
