"""The order of the files of tests, and what a session makes once for all its processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.order import SLOWEST, place
from tests.shared import once

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("file", SLOWEST)
def test_a_file_that_is_to_come_early_is_there(file):
    assert (HERE / file).is_file()


def test_the_slowest_files_come_first():
    assert place(SLOWEST[0]) < place(SLOWEST[1]) < place("test_epoch.py") == place("test_order.py")


class Factory:
    """Of temporary folders, as each process of a session has one."""

    def __init__(self, folder: Path):
        self.folder = folder

    def getbasetemp(self) -> Path:
        return self.folder


def test_what_one_process_made_the_others_read(tmp_path):
    made = []
    workers = [Factory(tmp_path / f"popen-gw{i}") for i in range(2)]
    found = [once(worker, "a", lambda: made.append(1) or {"x": 1.5}) for worker in workers]  # type: ignore[arg-type]
    assert found == [{"x": 1.5}] * 2 and found[0] is not found[1] and made == [1]


def test_who_comes_second_waits_for_the_first(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from types import SimpleNamespace; from tests.shared import once\n"
        "factory = SimpleNamespace(getbasetemp=lambda: Path(sys.argv[1]))\n"
        "def make():\n"
        "    with open(Path(sys.argv[1], 'made'), 'a') as file: file.write('x')\n"
        "    time.sleep(0.2)\n"
        "print(once(factory, 'a', make))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    both = [subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in both] == [b"None\n"] * 2
    assert (tmp_path / "made").read_text() == "x"


def test_what_failed_is_made_anew(tmp_path):
    def fail():
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        once(Factory(tmp_path), "a", fail)  # type: ignore[arg-type]
    assert once(Factory(tmp_path), "a", lambda: 2) == 2  # type: ignore[arg-type]
