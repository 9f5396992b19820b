"""The list of faults F01 to F88 that every simulator should survive, each tried: what is injected and what must come.

`python -m pytest tests/test_fault_list.py -k F45` tries one. Faults whose trial takes a flight or a campaign are held
by a test that has one; `ELSEWHERE` names it, also where that test goes further than the short trial here.
"""

from __future__ import annotations

import ast
import io
import os
import resource
import socket
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from exit_codes import CELLS, FILES, INTO_THE_GROUND, ROOT

from sim.core.epoch import Epoch
from sim.files import paths
from sim.interchange.files import parse_mean_elements
from sim.proximity_safety.judge import no_return
from sim.report.markup import table
from tests.test_cli import tiangong
from tests.test_exit_codes import limited
from tests.test_faults import ONE, REFUSED, TWO

UNUSED = {5, 7, 9, 11, 15, 18, 21, 24, 27, 30, 33, 36, 41, 44, 46, 48, 53, 55, 58, 64, 66, 69, 72, 75, 78, 81, 83, 86}
FAULTS = [f"F{number:02}" for number in range(1, 89) if number not in UNUSED]
OF_AN_ORBIT = {fault.split()[0] for fault in REFUSED}  # elements, time, data and orbit files: tests/test_faults.py
ELSEWHERE = {
    "F52": "tests/test_damaged_results.py::test_an_archive_that_no_run_wrote_is_refused_and_never_unpickled",
    "F54": "tests/test_output_places.py::test_the_face_keeps_the_same_rule",
    "F61": "tests/test_stopped.py::test_a_run_ends_wherever_the_signal_finds_it",
    "F84": "tests/test_campaign.py::test_a_spread_of_nothing_is_one",
    "F59": "tests/test_export.py::test_report_escapes_and_says_what_broke",
    "F62": "tests/flights/test_dispersed_ascents.py::test_stopped_killed_and_taken_up_it_is_the_same_table",
    "F63": "tests/test_workers.py::test_a_worker_that_is_killed_is_replaced",
    "F65": "tests/test_workers.py::test_a_run_that_hangs_is_ended_after_the_limit",
    "F74": "tests/test_campaign_damage.py::test_what_is_damaged_is_flown_again_and_the_rest_is_not",
    "F76": "tests/test_campaign_damage.py::test_another_campaign_is_not_flown_on_in_the_same_directory",
    "F77": "tests/flights/test_dispersed_ascents.py::test_stopped_killed_and_taken_up_it_is_the_same_table",
    "F79": "tests/flights/test_dispersed_ascents.py::test_workers_and_order_change_no_byte",
}
# Fault -> the kind of tests/exit_codes.py that is it, and the verb.
IN_THE_TABLE = {
    "F38": ("unknown key", "run"),
    "F49": ("a fifo as file", "run"),
    "F52": ("damaged results", "plot"),
    "F56": ("output exists", "run"),
    "F61": ("interrupted", "run"),
    "F68": ("full disk", "propagate"),
}

SHORT = FILES["short"]
BURN = "[[burns]]\nstart_s = {}\nduration_s = {}\nthrust_n = 10\ndirection = [1, 0, 0]\nisp_s = 290\n"
HEAVY = SHORT + "[spacecraft]\nmass_kg = 1000\n"
CAMPAIGN = """schema = 1
kind = "campaign"
name = "x"
phase = "ascent"
mission = "shenzhou-20"
runs = 5
seed = 1
[[dispersions]]
path = "launcher.drag"
law = "normal"
source = "assumed"
"""


def span(value: str, key: str = "duration_s", was: str = "60.0") -> str:
    return SHORT.replace(f"\n{key} = {was}\n", f"\n{key} = {value}\n" if value else "\n")


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("../../etc/x", "1")
    return packed.getvalue()


def launcher(*changes: tuple[str, str]) -> dict[str, str]:
    """A mission, and beside it a launcher that differs from the shipped one; its facts are assumptions then."""
    text = (paths.VEHICLES / "cz2f-g.toml").read_text("utf-8")
    head, sources = text.split("[sources]")
    for old, new in changes:
        assert old in head
        head = head.replace(old, new)
    lines = [line.split(" = ")[0] + ' = "assumed"' if " = " in line else line for line in sources.splitlines()]
    mission = 'extends = "shenzhou-20"\n[launch]\nlauncher = "other.toml"\n'
    return {"a.toml": mission, "other.toml": head + "[sources]" + "\n".join(lines) + "\n"}


CHECK, FLY = "check {a}", "propagate {a} --out {out}"
DONE: tuple[str, ...] = ()
TRIED: list[tuple[str, str, object, int, tuple[str, ...]]] = [  # fault, command, file, exit code, words of the answer
    (
        "F34 propellant of all for nothing",
        CHECK,
        launcher(("propellant_kg = 45000.0", "propellant_kg = 200.0")),
        2,
        ("stages.0",),
    ),
    (
        "F34 a stage falls before it burns",
        CHECK,
        launcher(('drops = ["boosters"]', 'drops = ["boosters", "stage-2"]')),
        2,
        ("other.toml", "stage-2"),
    ),
    ("F35 thrust under weight", CHECK, launcher(("816.3", "81.63"), ("740.4", "74.04")), 2, ("other.toml", "weight")),
    ("F39 a key twice", CHECK, SHORT + 'field = "point"\n', 2, ("a.toml:15:", "Cannot overwrite a value")),
    ("F40 a key missing", CHECK, span(""), 2, ("span.duration_s: found nothing",)),
    ("F42 a unit in the value", CHECK, span('"390 furlong"'), 2, ("a.toml:11", "span.duration_s", "390 furlong")),
    (
        "F42 a unit in the key",
        CHECK,
        SHORT.replace("duration_s", "duration_h"),
        2,
        ("duration_h", "unknown key", "duration_s"),
    ),
    ("F43 NO", CHECK, span("NO"), 2, ("a.toml:11:", "broken TOML")),
    ("F43 12:30:45", CHECK, span("12:30:45"), 2, ("a.toml:11:", "'12:30:45'")),
    ("F43 010", CHECK, span("010"), 2, ("a.toml:11:", "broken TOML")),
    ("F43 1e3", CHECK, span("1e3"), 0, DONE),
    (
        "F45 rows",
        FLY,
        span("3e8").replace("step_s = 60.0", "step_s = 0.01"),
        2,
        ("3e+10 rows", "MB", "at most 1000000"),
    ),
    ("F45 runs", "montecarlo shenzhou-20 -n 1000000000 --out {out}", "", 2, ("n: ", "1000000000")),
    ("F47 remarks alone", CHECK, "# nothing\n", 2, ("a.toml", "kind", "found nothing")),
    ("F47 binary", CHECK, bytes(range(128, 256)), 2, ("a.toml", "not text")),
    ("F47 UTF-16", CHECK, SHORT.encode("utf-16"), 2, ("a.toml", "UTF-16, not UTF-8")),
    ("F47 a null byte", CHECK, SHORT + "\0", 2, ("a.toml", "null bytes")),
    ("F47 a byte-order mark", CHECK, "\ufeff" + SHORT, 0, DONE),
    ("F50 not to be read", "check /proc/self/mem", "", 2, ("/proc/self/mem", "cannot be read")),
    (
        "F51 a tag that runs",
        CHECK,
        'name = !!python/object/apply:os.system ["touch ran"]\n',
        2,
        ("a.toml:1:", "broken TOML"),
    ),
    *(
        (
            f"F54 {ship} for a craft",
            f"run shenzhou-20 --out {{out}} --set launch.ship='{ship}'",
            "",
            2,
            ("launch.ship", ship),
        )
        for ship in ("../../x", "/etc/x", "-rf", "=cmd()")
    ),
    ("F54 a long name", f"run shenzhou-20 --out {{out}}{'x' * 5000}", "", 2, ("a name of 500", "240 at most")),
    ("F57 an archive", CHECK, archive(), 2, ("a.toml", "not text")),
    (
        "F80 through the centre",
        FLY,
        INTO_THE_GROUND.replace("0.0, 7500.0", "-7000.0, 0.0"),
        3,
        ("meets the ground 58 s",),
    ),
    ("F82 a burn of no duration", FLY, HEAVY + BURN.format(10, 0), 0, ("burns.0 has no duration",)),
    ("F82 a burn beyond the end", FLY, HEAVY + BURN.format(50, 20), 0, ("burns.0", "cut at the end, 60.0 s")),
    (
        "F82 burns at once",
        FLY,
        HEAVY + BURN.format(10, 20) + BURN.format(20, 20),
        2,
        ("burns.1.start_s", "inside burns.0"),
    ),
    ("F84 no spread", CHECK, CAMPAIGN + "sigma_percent = 0.0\n", 0, DONE),
    (
        "F84 a negative spread",
        CHECK,
        CAMPAIGN + "sigma_percent = -1.0\n",
        2,
        ("a.toml:12", "sigma_percent: found -1.0"),
    ),
    (
        "F84 a negative limit",
        CHECK,
        CAMPAIGN + "sigma_percent = 1.0\nlimit_sigmas = -1\n",
        2,
        ("limit_sigmas: found -1",),
    ),
    (
        "F85 one thing twice",
        CHECK,
        CAMPAIGN + "sigma_percent = 1.0\n" + CAMPAIGN[CAMPAIGN.index("[[") :] + "sigma_percent = 2.0\n",
        2,
        ("dispersions.1.path", "which dispersions.0 disperses too"),
    ),
    ("F87 no step", FLY, span("0.0", "step_s"), 2, ("a.toml:12", "span.step_s: found 0.0")),
    ("F87 a step backward", FLY, span("-1.0", "step_s"), 2, ("a.toml:12", "span.step_s: found -1.0")),
    ("F87 a step over the span", FLY, span("100.0", "step_s"), 0, DONE),
    ("F87 a step that does not divide", FLY, span("7.0", "step_s"), 0, DONE),
    ("F88 no such command", "nope", "", 2, ("No such command 'nope'",)),
    ("F88 help", "--help", "", 0, DONE),
    ("F88 version", "--version", "", 0, DONE),
]


def laid(line: str, content, folder: Path) -> list[str]:
    files = content if isinstance(content, dict) else {"a.toml": content}
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [word.replace("{a}", str(folder / "a.toml")).replace("{out}", str(folder / "out")) for word in line.split()]


@pytest.mark.parametrize(("fault", "line", "content", "code", "says"), TRIED, ids=[row[0] for row in TRIED])
def test_a_fault_ends_as_expected(fault, line, content, code, says, tmp_path, monkeypatch):
    words = laid(line, content, tmp_path)
    monkeypatch.chdir(tmp_path)
    with limited() if code == 2 else nullcontext():  # what flies may have to compile first
        done = tiangong(*words)
    assert done.code == code and all(said in done.err for said in says), (done.code, done.err)
    assert "internal error" not in done.err and "Traceback" not in done.err
    left = set(os.listdir(tmp_path)) - {"a.toml", "other.toml"}
    fell = code == 3 and INTO_THE_GROUND[:40] in str(content)  # what was flown before is kept
    assert left == ({"out"} if (code == 0 or fell) and "{out}" in line else set())
    if fault.startswith("F87") and code == 0:
        rows = (tmp_path / "out" / "ephemeris.csv").read_text().splitlines()
        assert rows[1].startswith("0,") and rows[-1].startswith("60,")


def test_F14_a_dressed_file_of_elements_is_the_clean_one():
    clean = parse_mean_elements(f"{ONE}\n{TWO}\n", "x")
    for text in (f"{ONE}\r\n{TWO}\r\n", f"{ONE}  \n{TWO} \t\n\n", f"\ufeff{ONE}\n{TWO}"):
        assert parse_mean_elements(text, "x") == clean


def test_F17_a_day_with_a_leap_second_is_a_second_longer():
    day = Epoch.from_utc("2017-01-01T00:00:00Z").since(Epoch.from_utc("2016-12-31T00:00:00Z"))
    assert day == 86401.0 and Epoch.from_utc("2016-12-31T23:59:60.5Z").utc(1) == "2016-12-31T23:59:60.5Z"


def test_F37_a_keep_out_sphere_that_is_entered_is_named_with_time_and_distance():
    t, distance = np.arange(5.0), np.array([300.0, 150.0, 120.0, 150.0, 300.0])
    check = no_return("no return into the keep-out sphere", "fly-around", t, distance, 200.0)
    assert (check.value, check.limit, check.t, check.unit) == (120.0, 200.0, 2.0, "m") and not check.passed


def test_F59_words_of_a_user_are_escaped_in_the_report():
    assert "<script>" not in table(["<script>"], [["<script>alert(1)</script>"]])


def test_F60_nothing_listens_and_nothing_calls(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise AssertionError("a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    for line in ("list", "facts", "schema", "check shenzhou-20"):
        assert tiangong(*line.split()).code == 0


@pytest.fixture(scope="module")
def ephemeris(tmp_path_factory) -> bytes:
    """Of the short orbit, flown here as everywhere."""
    folder = tmp_path_factory.mktemp("here")
    assert tiangong(*laid(FLY, SHORT, folder)).code == 0
    return (folder / "out" / "ephemeris.csv").read_bytes()


ELSE = {  # surroundings: variables set, limits of the process
    "F67 600 MB of memory": ({}, (resource.RLIMIT_AS, 600_000_000)),
    "F70 32 open files": ({}, (resource.RLIMIT_NOFILE, 32)),
    "F71 no home, no temporary folder, LANG=C": ({"HOME": "", "TMPDIR": "/nowhere", "LC_ALL": "C"}, None),
    "F73 another time zone, a comma in numbers": ({"TZ": "Asia/Karachi", "LC_ALL": "tr_TR.UTF-8"}, None),
}


@pytest.mark.parametrize("case", ELSE)
def test_surroundings_change_no_byte(case, ephemeris, tmp_path):
    """The same bytes; or, where memory or files do not suffice, an end in words without a file."""
    import kernels  # noqa: F401  # names the cache of compiled code

    changed, limit = ELSE[case]
    lowered = (lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))) if limit else None
    command = [sys.executable, "-m", "sim.cli.main", *laid(FLY, SHORT, tmp_path)]
    env = {**os.environ, **changed, "NUMBA_CACHE_DIR": os.environ["NUMBA_CACHE_DIR"], "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, preexec_fn=lowered, timeout=60)
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr, done.stderr
    if done.returncode == 0:
        assert (tmp_path / "out" / "ephemeris.csv").read_bytes() == ephemeris
    else:
        assert limit and done.returncode == 4 and not (tmp_path / "out").exists(), done


def test_F79_the_same_orbit_twice_is_the_same_file(ephemeris, tmp_path):
    assert tiangong(*laid(FLY, SHORT, tmp_path)).code == 0
    assert (tmp_path / "out" / "ephemeris.csv").read_bytes() == ephemeris


def test_every_fault_of_the_list_is_tried():
    tried = {fault.split()[0] for fault, *_ in TRIED} | {case.split()[0] for case in ELSE}
    tried |= {name[5:8] for name in globals() if name.startswith("test_F")}
    tried |= OF_AN_ORBIT | set(ELSEWHERE) | set(IN_THE_TABLE)
    assert sorted(tried) == FAULTS
    cells = {(cell.kind, cell.verb) for cell in CELLS}
    assert set(IN_THE_TABLE.values()) <= cells


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_a_fault_that_is_tried_elsewhere_is(fault):
    file, name = ELSEWHERE[fault].split("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
