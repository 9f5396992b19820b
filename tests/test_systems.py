"""docs/systems.md: each command of its table is run as it stands there, and gives what stands beside it.

What is compared with the record, and how closely, stands in the tests of each system; here the page is held. The two
missions cost some 20 s of processor time, all the others together some 25 s.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "systems.md"
QUOTED = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1:]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0].replace(" ", "-"))
def test_a_system_flies_by_its_command(row, tmp_path, monkeypatch):
    """Printed, or in the events that were written; the exit code says that nothing was missed or broken."""
    monkeypatch.chdir(tmp_path)
    _, file, command, given, _ = row
    assert (ROOT / "configs" / QUOTED.findall(file)[0]).is_file()
    words = QUOTED.findall(command)[0].split()
    assert words[0] == "tiangong"
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == 0, done.output
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*/events.csv"))
    found = QUOTED.findall(given)
    assert found
    for fragment in found:
        assert fragment in done.stdout or fragment in written, fragment


def test_all_thirteen_systems_are_there():
    assert len(rows()) == 13
    assert all(len(row) == 5 for row in rows())
