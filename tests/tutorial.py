"""Pages of docs/tutorials as programs: what a page tells a reader to type is run as it stands there.

A page holds, in order, fenced blocks of these kinds, and whatever else it likes between them:

* `sh`: commands, run by bash in the reader's folder, which is empty at first; `python`: run by one interpreter, which
  keeps what a block has named for the next one, as a notebook does;
* `text`: what the commands before it print, line by line; `…` stands for whatever a machine or a day may change,
  a line of `…` alone for any number of lines;
* a block below `<!-- file: NAME -->` is written to that file; one below `<!-- shown -->` is only to be read.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from shared import once

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "tutorials"
BLOCK = re.compile(r"(?:^<!-- (?P<mark>[^>]*?) -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
ELLIPSIS = "…"


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, the comment above it, its text, and the line of the page on which it begins."""

    kind: str
    mark: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(m["kind"], m["mark"] or "", m["text"], text[: m.start()].count("\n") + 1) for m in BLOCK.finditer(text)
    ]


def unmatched(shown: str, printed: str) -> str | None:
    """The first line of what a page shows that was not printed, in this order; None where all were."""
    lines = [line.rstrip() for line in printed.splitlines()]
    at, skips = 0, True  # what comes before the first line shown may be anything
    for wanted in (line.rstrip() for line in shown.splitlines()):
        if wanted.strip() == ELLIPSIS:
            skips = True
            continue
        pattern = re.compile(".*?".join(re.escape(part) for part in wanted.split(ELLIPSIS)) + r"\Z")
        reach = range(at, len(lines)) if skips else range(at, min(at + 1, len(lines)))
        found = next((i for i in reach if pattern.match(lines[i])), None)
        if found is None:
            return wanted
        at, skips = found + 1, False
    return None


def installed(factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with this program installed from its wheel, and with the packages of the running one
    beside it, but not the checkout; made once a session, without a network."""
    return once(factory, "wheel", lambda: _install(factory.mktemp("wheel")))


def _install(folder: Path) -> Path:
    wheels, place = folder / "dist", folder / "env"
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)], ROOT)
    _run([sys.executable, "-m", "venv", "--without-pip", str(place)], folder)
    (packages,) = place.glob("lib/python*/site-packages")
    (wheel,) = wheels.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install", "--quiet"]
    _run([*pip, "--no-deps", "--no-index", "--no-compile", str(wheel)], folder)
    others = [path for path in sys.path if path.endswith("site-packages") and "_shipped" not in path]
    (packages / "beside.pth").write_text("\n".join(others) + "\n", "utf-8")  # a `.pth` there is not read again
    return place / "bin"


def _run(command: list[str], where: Path) -> None:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


# What an interpreter of a page runs: a JSON string a line is a block; after its output it prints the mark and 0 or 1.
SESSION = """
import json, sys, traceback
names = {"__name__": "__main__"}
for line in sys.stdin:
    failed = 0
    try:
        exec(compile(json.loads(line), "<page>", "exec"), names)
    except BaseException:
        traceback.print_exc()
        failed = 1
    print(f"\\n\\0{failed}", flush=True)
"""


class Interpreter:
    """Python in the reader's folder, begun with the first block that asks for it."""

    def __init__(self, python: Path, folder: Path, environment: dict[str, str]):
        self._begin = {"args": [str(python), "-c", SESSION], "cwd": folder, "env": environment, "text": True}
        self._process: subprocess.Popen[str] | None = None

    def run(self, block: str) -> tuple[str, int]:
        """What the block printed, and 1 where it ended in an exception, else 0."""
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(**self._begin, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(block) + "\n")
        self._process.stdin.flush()
        printed: list[str] = []
        for line in self._process.stdout:
            if line.startswith("\0"):
                return "".join(printed).removesuffix("\n"), int(line[1])
            printed.append(line)
        return "".join(printed), 1  # the interpreter itself ended

    def end(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=60)


def follow(page: Path, binary: Path, folder: Path) -> None:
    """Do what a page says in a folder; AssertionError with the line of the page where it does not come out so."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")}
    environment = clean | {"PATH": f"{binary}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120", "NO_COLOR": "1"}
    interpreter = Interpreter(binary / "python", folder, environment)
    try:
        _do(blocks(page), page.name, interpreter, folder, environment)
    finally:
        interpreter.end()


def _do(page: list[Block], name: str, interpreter: Interpreter, folder: Path, environment: dict[str, str]) -> None:
    printed = ""
    for block in page:
        where = f"{name}:{block.line}"
        if block.mark.startswith("file: "):
            (folder / block.mark.removeprefix("file: ").strip()).write_text(block.text, "utf-8")
        elif block.kind == "text":
            missing = unmatched(block.text, printed)
            assert missing is None, f"{where}: not printed: {missing!r}\nprinted:\n{printed}"
        elif block.kind in ("sh", "python") and block.mark != "shown":
            if block.kind == "sh":
                shell = ["bash", "-eu", "-o", "pipefail", "-c", block.text]
                pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
                done = subprocess.run(shell, cwd=folder, env=environment, text=True, **pipes)
                printed, code = done.stdout, done.returncode
            else:
                printed, code = interpreter.run(block.text)
            assert code == 0, f"{where}: exit code {code}\n{printed}"
