"""Every cell of the table of exit codes, tried; and the page that is written from it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import string
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from exit_codes import CELLS, FILES, MADE, MEANING, PAGE, ROOT, VERBS, Cell, page
from typer.testing import CliRunner

from sim.cli import conventions
from sim.cli import main as cli
from sim.files import text
from tests.test_cli import flight

LATEST_S = 10  # a cell that takes longer hangs
MEMORY = 2_000_000_000  # bytes more than there are, which a cell may ask for
DISK = 4_096  # bytes that a small disk takes of a file
COMMAND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sim.cli.main import main; main()"
)


class Late(BaseException):
    """No exception that a command could take for one of its own."""


@contextmanager
def limited():
    """A cell that hangs or fills the memory is ended."""

    def late(*_):
        raise Late(f"not done within {LATEST_S} s")

    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    signal.alarm(LATEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGALRM, before)


def words(line: str, folder: Path) -> list[str]:
    """The command line, with what it names made in `folder`."""
    names = {name for _, name, _, _ in string.Formatter().parse(line) if name}
    for name in names - {"out"}:
        content = FILES[name]
        if isinstance(content, str | bytes):
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        else:
            content(folder / name)
    return [word.format(**{name: folder / name for name in names}) for word in line.split()]


# ---- what stands behind a cell: each gives the exit code, standard output and standard error


def call(line: list[str]):
    result = CliRunner().invoke(cli.app, line)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


def process(line: list[str], cwd: Path = ROOT, **options):
    command = [sys.executable, "-c", COMMAND, *line]
    options = {"stdout": subprocess.PIPE, **options}
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, cwd=cwd, timeout=30, check=False, **options)
    return done.returncode, done.stdout or "", done.stderr


def flown(line: list[str], monkeypatch, made, content: str = "{}"):
    """`run` over a flight made by hand; `content` is what it writes."""

    def write(flight, scenario, world, directory, timings, drawing, forecast):
        (directory / "report.html").write_text(content)

    monkeypatch.setitem(
        sys.modules, "sim.build.mission", SimpleNamespace(build=lambda scenario: SimpleNamespace(world=0))
    )
    monkeypatch.setitem(sys.modules, "sim.mission", SimpleNamespace(fly=lambda mission, tick, watch: made))
    monkeypatch.setitem(sys.modules, "sim.uncertainty.truth", SimpleNamespace(true_mission=lambda mission, _: mission))
    monkeypatch.setitem(sys.modules, "sim.output.run", SimpleNamespace(write=write))
    return call(line)


def missed(line: list[str], monkeypatch):
    table = SimpleNamespace(held=False, rows=[], lines=["a table"])
    monkeypatch.setitem(sys.modules, "sim.api.verification", SimpleNamespace(verify=lambda name: table))
    return call(line)


def stopped(line: list[str], monkeypatch, number: int):
    """The signal comes while the file is read."""
    handlers = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(text, "parse", lambda _: signal.raise_signal(number))
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(SystemExit), conventions.end_when_asked():  # left as asked: the command's own code is looked at
            done = call(line)
        return done
    finally:
        while conventions._COMING:  # once more, to handlers that let it be
            time.sleep(0.001)
        for n, handler in handlers.items():
            signal.signal(n, handler)


def small_disk(line: list[str], monkeypatch):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, before[1]))
    try:
        return flown(line, monkeypatch, flight(), "x" * 2 * DISK) if line[0] == "run" else call(line)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def closed_pipe(line: list[str]):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return process(line, stdout=writer)
    finally:
        os.close(writer)


def full_device(line: list[str]):
    with open("/dev/full", "w") as full:
        return process(line, stdout=full)


def no_stdout(line: list[str]):
    return process(line, stdout=None, preexec_fn=lambda: os.close(1))


def no_cache(line: list[str]):
    nowhere = {key: "/proc/none" for key in ("HOME", "XDG_CACHE_HOME", "TMPDIR", "MPLCONFIGDIR")}
    kept = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    return process(line, env={**kept, **nowhere})


def half_a_cache(line: list[str], folder: Path):
    """A copy of the compiled code that the command needs, in which one index is cut short."""
    from kernels.atmosphere.us76 import mixed_air
    from kernels.orbit.orientation import eci_to_ecef

    assert call([*line[:-1], str(folder / "before")])[0] == 0  # compiled, if it was not
    for kernel in (mixed_air, eci_to_ecef):
        path = Path(kernel.stats.cache_path)
        shutil.copytree(path, folder / "cache" / path.name)
    indices = list((folder / "cache").rglob("*eci_to_ecef*.index"))
    assert indices
    for index in indices:
        index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])
    return process(line, env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")})


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A copy of the package whose data may be damaged; the kernels are links, since none is reached."""
    copy = tmp_path_factory.mktemp("installed")
    for part in ("sim", "configs", "seeds"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "kernels").symlink_to(ROOT / "kernels")
    return copy


def on_other_data(line: list[str], copy: Path, how: str):
    what, name = how.split()
    file = copy / name
    whole = file.read_bytes()
    if what == "missing":
        file.unlink()
    else:  # one digit of the text, one bit of the rest
        at = next((i for i in range(len(whole) // 2, len(whole)) if whole[i : i + 1].isdigit()), len(whole) // 2)
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    try:
        return process(line, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"})
    finally:
        file.write_bytes(whole)


def answered(cell: Cell, line: list[str], folder: Path, monkeypatch, installed):
    match cell.how:
        case "call":
            return call(line)
        case "process":
            return process(line)
        case "a flight that fails":
            return flown(line, monkeypatch, flight(status="failed", reason="12 kg of propellant left, 40 kg needed"))
        case "a broken rule":
            return flown(line, monkeypatch, flight(closing_m_s=0.3))
        case "a table that misses":
            return missed(line, monkeypatch)
        case "interrupted":
            return stopped(line, monkeypatch, signal.SIGINT)
        case "ended":
            return stopped(line, monkeypatch, signal.SIGTERM)
        case "small disk":
            return small_disk(line, monkeypatch)
        case "closed pipe":
            return closed_pipe(line)
        case "full device":
            return full_device(line)
        case "no stdout":
            return no_stdout(line)
        case "no cache":
            return no_cache(line)
        case "half a cache":
            return half_a_cache(line, folder)
    return on_other_data(line, installed, cell.how)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_command_ends_as_the_table_says(cell, tmp_path, monkeypatch, request):
    of_data = cell.how.startswith(("damaged ", "missing "))
    installed = request.getfixturevalue("installed") if of_data else None
    line = words(cell.line, tmp_path)
    before = sorted(os.listdir(tmp_path))
    with limited() if cell.how == "call" and cell.code == 2 else ExitStack():  # what flies may have to compile first
        code, out, err = answered(cell, line, tmp_path, monkeypatch, installed)
    allowed = (0, 141) if cell.how == "closed pipe" else (cell.code,)
    assert code in allowed or -code + 128 in allowed, (code, out, err)
    missing = [said for said in cell.says if said not in err]
    assert not missing and "internal error" not in err and "Traceback" not in err, (missing, err)
    if cell.code == 0 or cell.how == "closed pipe":
        return
    assert len(err.splitlines()) <= 12, err  # one line a problem; that of the parser of options is framed
    flown = cell.kind == "rule broken" or (cell.kind, cell.verb) == ("mission fails", "propagate")
    kept = ["out"] if flown and "{out}" in cell.line else []
    assert sorted(os.listdir(tmp_path)) == sorted([*before, *kept])


def test_the_table_holds_every_command_and_every_kind():
    assert {cell.verb for cell in CELLS} == set(VERBS) and {cell.code for cell in CELLS} <= set(MEANING)
    assert set(MADE) == {cell.kind for cell in CELLS}
    names = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    groups = {group.name for group in cli.app.registered_groups}
    assert {name.replace("_", "-") for name in names | groups} <= {verb.split()[0] for verb in VERBS}


def test_the_page_is_the_table():
    assert PAGE.read_text("utf-8") == page(), "write it again: python tests/exit_codes.py"
