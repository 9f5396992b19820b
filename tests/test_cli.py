"""The command line: what it prints where, how it ends, and what it leaves behind.

The simulator behind it is replaced by stand-ins here; whole flights have their own tests.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import conventions
from sim.cli import main as cli
from sim.core.epoch import Epoch
from sim.core.flight import Event, Failure, Flight, Leg, RuleCheck
from sim.files.problems import nearest

ROOT = Path(sim.__file__).resolve().parent.parent
MISSION = "shenzhou-20"
ZERO = Epoch.from_utc("2025-04-14T00:00:00Z")
LIFTOFF = Epoch.from_utc("2025-04-24T09:17:31Z").since(ZERO)


def flight(closing_m_s: float = 0.13, status: str = "flown", reason: str = "") -> Flight:
    verdict = RuleCheck("closing speed at contact", "final approach", closing_m_s, "<=", 0.18, "m/s", LIFTOFF + 23400.0)
    events = (
        Event("liftoff", LIFTOFF, "shenzhou-20"),
        Event(
            "contact", LIFTOFF + 23400.0, "shenzhou-20", {"closing_speed_m_s": closing_m_s, "lateral_offset_m": 0.02}
        ),
        Event("touchdown", LIFTOFF + 5e5, "shenzhou-19", {"miss_km": 3.2, "speed_m_s": 7.1}),
    )
    leg = Leg(
        "final approach",
        LIFTOFF,
        SimpleNamespace(t=LIFTOFF + 5e5),
        {},
        events,
        (verdict,),
        status=status,
        reason=reason,
    )
    return Flight("Made by hand", ZERO, (leg,))


@pytest.fixture
def simulator(monkeypatch):
    """Stand-ins for what is called behind `run` and `plot`; a test changes `flown` or `write`."""
    stand_in = SimpleNamespace(flown=flight, write=lambda directory: None, built=[])

    def build(scenario):
        stand_in.built.append(scenario)
        return SimpleNamespace(world="the world")

    def fly(mission, progress, watch):
        progress("ascent", 0.5)
        return stand_in.flown()

    def write(flight, scenario, world, directory, timings, drawing, forecast):
        assert world == "the world" and timings["fly"] >= 0.0
        (directory / "flight.json").write_text("{}")
        stand_in.write(directory)
        (directory / "report.html").write_text("<p>")
        (directory / "manifest.json").write_text('{"tiangong_sim": "0.1.0"}')

    def redraw(directory, names, form):
        return [directory / "plots" / f"{name}.{form}" for name in names or ("ascent", "entry")]

    monkeypatch.setitem(sys.modules, "sim.build.mission", SimpleNamespace(build=build))
    monkeypatch.setitem(sys.modules, "sim.mission", SimpleNamespace(fly=fly))
    monkeypatch.setitem(sys.modules, "sim.uncertainty.truth", SimpleNamespace(true_mission=lambda mission, _: mission))
    monkeypatch.setitem(sys.modules, "sim.output.run", SimpleNamespace(write=write, redraw=redraw))
    monkeypatch.setattr("sim.export.finished.refuse_damaged", lambda directory: None)
    return stand_in


def tiangong(*args):
    """Exit code, stdout and stderr of a command line, without a process of its own."""
    result = CliRunner().invoke(cli.app, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return SimpleNamespace(code=result.exit_code, out=result.stdout, err=result.stderr)


def process(*args, **options):
    command = [sys.executable, "-m", "sim.cli.main", *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, **options)


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# ---- run


def test_run_prints_the_flight_and_ends_with_the_report(simulator, tmp_path):
    out = tmp_path / "out"
    done = tiangong("run", MISSION, "--out", out)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Made by hand"
    assert lines[1].split() == ["lift-off", "2025-04-24T09:17:31Z"]
    assert "2025-04-24T15:47:31Z, T+6:30:00, closing at 0.130 m/s, 0.020 m off axis" in lines[2]
    assert "3.2 km from the site, 7.1 m/s" in lines[3]
    assert lines[-2].startswith("flown and written in ") and lines[-2].endswith(" s")
    assert lines[-1] == str(out / "report.html")
    assert left_in(out) == ["flight.json", "manifest.json", "report.html"] and left_in(tmp_path) == ["out"]


def test_run_flies_what_set_says(simulator, tmp_path):
    assert tiangong("run", MISSION, "--out", tmp_path / "o", "--set", "launch.perigee_km=205").code == 0
    assert simulator.built[0].launch.perigee_km == 205.0


def test_run_as_json_is_one_object_with_versions(simulator, tmp_path):
    done = tiangong("run", MISSION, "--out", tmp_path / "out", "--json")
    reported = json.loads(done.out)
    assert (reported["tiangong"], reported["schema"], reported["verb"], reported["status"]) == (
        sim.__version__,
        1,
        "run",
        "done",
    )
    assert reported["events"]["contact"]["met_s"] == 23400.0
    assert reported["events"]["contact"]["values"]["closing_speed_m_s"] == 0.13
    assert reported["report"] == str(tmp_path / "out" / "report.html")


def test_a_broken_rule_keeps_the_results_and_is_named(simulator, tmp_path):
    simulator.flown = lambda: flight(closing_m_s=0.3)
    done = tiangong("run", MISSION, "--out", tmp_path / "out")
    assert done.code == 3
    assert "closing speed at contact" in done.err and "0.3 m/s" in done.err and "<= 0.18" in done.err
    assert "report.html" in left_in(tmp_path / "out")
    reported = json.loads(tiangong("run", MISSION, "--out", tmp_path / "again", "--json").out)
    assert reported["status"] == "rule broken" and len(reported["rules_broken"]) == 1


def test_a_mission_that_fails_in_flight_says_where_and_why_and_leaves_nothing(simulator, tmp_path):
    simulator.flown = lambda: flight(status="failed", reason="12 kg of propellant left, 40 kg needed")
    done = tiangong("run", MISSION, "--out", tmp_path / "a" / "out")
    assert (done.code, done.out) == (3, "")
    assert done.err == "final approach: 12 kg of propellant left, 40 kg needed\n"
    assert left_in(tmp_path) == []
    reported = json.loads(tiangong("run", MISSION, "--out", tmp_path / "out", "--json").out)
    assert (reported["status"], reported["phase"]) == ("failed", "final approach")


def test_a_mission_that_cannot_be_built_fails_too(simulator, tmp_path, monkeypatch):
    def build(scenario):
        raise Failure("no window between two dates")

    monkeypatch.setitem(sys.modules, "sim.build.mission", SimpleNamespace(build=build))
    done = tiangong("run", MISSION, "--out", tmp_path / "out")
    assert done.code == 3 and "no window between two dates" in done.err and left_in(tmp_path) == []


def test_an_existing_directory_is_refused_before_any_computing(simulator, tmp_path):
    (tmp_path / "out").mkdir()
    done = tiangong("run", MISSION, "--out", tmp_path / "out")
    assert done.code == 2 and "--force" in done.err and done.out == ""
    assert simulator.built == [] and left_in(tmp_path / "out") == []


def test_force_replaces_an_earlier_run_and_nothing_else(simulator, tmp_path):
    out = tmp_path / "out"
    assert tiangong("run", MISSION, "--out", out).code == 0
    (out / "report.html").write_text("old")
    assert tiangong("run", MISSION, "--out", out).code == 2
    assert (out / "report.html").read_text() == "old"
    assert tiangong("run", MISSION, "--out", out, "--force").code == 0
    assert (out / "report.html").read_text() == "<p>" and left_in(tmp_path) == ["out"]
    (tmp_path / "theirs").mkdir()
    done = tiangong("run", MISSION, "--out", tmp_path / "theirs", "--force")
    assert done.code == 2 and "manifest.json" in done.err


def raiser(error):
    def raise_it(*_):
        raise error

    return raise_it


FAULTS = {
    "interrupted": (KeyboardInterrupt(), 130, "interrupted"),
    "disk full": (OSError(28, "No space left on device"), 4, "No space left on device"),
    "no memory": (MemoryError(), 4, "out of memory"),
    "package missing": (ModuleNotFoundError("No module named 'numba'", name="numba"), 4, "'numba'"),
    "our fault": (ZeroDivisionError("float division\nby zero"), 1, "TIANGONG_DEBUG=1"),
}


@pytest.mark.parametrize("when", ["flying", "writing"])
@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_ends_in_one_line_and_leaves_everything_as_it_was(case, when, simulator, tmp_path):
    error, code, says = FAULTS[case]
    out = tmp_path / "out"
    assert tiangong("run", MISSION, "--out", out).code == 0
    (out / "report.html").write_text("old")
    if when == "flying":
        simulator.flown = raiser(error)
    else:
        simulator.write = raiser(error)
    for target in (out, tmp_path / "new" / "out"):
        done = tiangong("run", MISSION, "--out", target, "--force")
        assert (done.code, done.out) == (code, "")
        assert says in done.err and done.err.count("\n") == 1 and "Traceback" not in done.err
    assert (out / "report.html").read_text() == "old" and left_in(tmp_path) == ["out"]
    reported = json.loads(tiangong("run", MISSION, "--out", out, "--force", "--json").out)
    assert reported["status"] != "done" and says in reported["reason"]


def test_debug_shows_the_traceback_of_our_fault(simulator, tmp_path, monkeypatch):
    simulator.flown = raiser(ZeroDivisionError())
    monkeypatch.setenv("TIANGONG_DEBUG", "1")
    done = tiangong("run", MISSION, "--out", tmp_path / "out")
    assert done.code == 1 and "Traceback" in done.err and "raise_it" in done.err


# ---- bad input, at the command line; the long table of bad missions is in test_scenario.py

BAD = {
    "unknown key": (["--set", "launch.perige_km=200"], "launch.perige_km"),
    "not a number": (["--set", "launch.perigee_km=nan"], "launch.perigee_km"),
    "out of range": (["--set", "docked.0.mass_kg=1"], "docked.0.mass_kg"),
    "no such index": (["--set", "crew.9.name=X"], "crew.9.name"),
    "not KEY=VALUE": (["--set", "rubbish"], "rubbish"),
    "port taken": (["--set", "rendezvous.port=forward"], "rendezvous.port"),
    "two at once": (["--set", "trim.limit_m_s=x", "--set", "return.bank_end_deg=-1"], "return.bank_end_deg"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_is_touched(case, simulator, tmp_path):
    sets, key = BAD[case]
    for verb in (["check", MISSION], ["run", MISSION, "--out", tmp_path / "a" / "out"]):
        done = tiangong(*verb, *sets)
        assert (done.code, done.out) == (2, "")
        assert f"{key}: " in done.err and "Traceback" not in done.err
        reported = json.loads(tiangong(*verb, *sets, "--json").out)
        assert key in [p["key"] for p in reported["problems"]]
    assert left_in(tmp_path) == [] and simulator.built == []


NO_RUNS = ["montecarlo", MISSION, "--phase", "docking", "--out", "nowhere", "-n", "0"]


@pytest.mark.parametrize(
    "args", [["fly"], ["run"], ["run", MISSION], ["check", MISSION, "--sett", "a=1"], ["plot"], NO_RUNS]
)
def test_a_command_line_that_cannot_be_parsed_ends_with_2(args):
    done = tiangong(*args)
    assert done.code == 2 and done.out == "" and "Traceback" not in done.err


# ---- the other commands


def test_check_prints_what_will_fly():
    done = tiangong("check", MISSION)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{MISSION}: all right\n")
    for words in ("shenzhou-20", "Long March 2F/G", "Jiuquan", "nadir", "Cai Xuzhe", "of them assumed"):
        assert words in done.out
    reported = json.loads(tiangong("check", MISSION, "--json").out)
    assert reported["status"] == "all right" and reported["scenario"]["launch"]["ship"] == "shenzhou-20"
    assert f"{reported['sources']} values with a source, {len(reported['assumed'])} of them assumed" in done.out


def test_list_and_schema_and_version():
    reported = json.loads(tiangong("list", "--json").out)
    assert {"shenzhou-20", "shenzhou-24-pakistan"} <= {m["name"] for m in reported["missions"]}
    assert "css-2026-10-06" in reported["element_sets"]
    text = tiangong("list").out
    for section in ("missions", "vehicles", "sites", "profiles", "worlds"):
        assert all(entry["name"] in text and entry["title"] in text for entry in reported[section])
    assert tiangong("list", "element-sets").out == text[text.index("element sets\n") :]
    assert json.loads(tiangong("schema").out)["properties"]["launch"]
    assert tiangong("--version").out == f"tiangong {sim.__version__}\n"


def test_a_name_typed_in_part_is_answered_with_the_one_that_begins_so():
    """`shenzhou-23` differs in one letter, `shenzhou-24-pakistan` in nine: by letters alone another ship is meant."""
    assert tiangong("check", "shenzhou-24").err.rstrip().endswith("did you mean 'shenzhou-24-pakistan'?")
    assert nearest("shenzhou-24", ("shenzhou-23", "shenzhou-24", "shenzhou-24-pakistan")) == "shenzhou-24"
    assert nearest("shenzhou-2", ("shenzhou-20-a", "shenzhou-22")) == "shenzhou-22"


def test_facts_are_listed_found_and_explained():
    from sim.catalogue.facts import facts

    assert len(tiangong("facts").out.splitlines()) == len(facts())
    reported = tiangong("facts", "jiuquan.pad_latitude").out
    assert reported.startswith("jiuquan.pad_latitude = ") and "source: " in reported
    assert "pakistan" in tiangong("facts", "pakistan").out.lower()
    done = tiangong("facts", "jiuquan.pad_latitud")
    assert done.code == 0 and "jiuquan.pad_latitude" in done.out  # part of a name is a search
    done = tiangong("facts", "jiuquan.pad_lattitude")
    assert (done.code, done.out) == (2, "") and "jiuquan.pad_latitude" in done.err
    assert json.loads(tiangong("facts", "jiuquan.pad_latitude", "--json").out)["facts"][0]["unit"]


def test_plot_draws_what_is_named_from_results_only(simulator, tmp_path):
    assert tiangong("run", MISSION, "--out", tmp_path / "out").code == 0
    done = tiangong("plot", tmp_path / "out", "entry")
    assert (done.code, done.out) == (0, f"{tmp_path / 'out' / 'plots' / 'entry.png'}\n")
    assert len(json.loads(tiangong("plot", tmp_path / "out", "--json").out)["files"]) == 2
    assert tiangong("plot", tmp_path / "out", "entry", "--format", "svg").out.endswith("entry.svg\n")
    done = tiangong("plot", tmp_path / "out", "entry", "--format", "bmp")
    assert done.code == 2 and done.err == "no picture is drawn as 'bmp'; write png or svg\n"
    done = tiangong("plot", tmp_path / "out", "ground_track")
    assert done.code == 2 and "ground-track" in done.err
    done = tiangong("plot", tmp_path)
    assert done.code == 2 and "no results of a run" in done.err


# ---- as a process


def test_help_lists_commands_and_exit_codes():
    done = process("--help")
    assert done.returncode == 0 and "run" in done.stdout and "130 interrupted" in " ".join(done.stdout.split())


def test_nothing_heavy_is_imported_to_parse_a_command_line():
    heavy = ("numpy", "scipy", "numba", "matplotlib", "pydantic", "skyfield", "sgp4", "pymsis")
    code = f"import sys, sim.cli.main; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_bad_mission_is_refused_within_two_seconds_and_leaves_nothing(tmp_path):
    began = time.perf_counter()
    done = process("run", MISSION, "--out", str(tmp_path / "a" / "out"), "--set", "launch.perigee_km=1")
    assert time.perf_counter() - began < 2.0
    assert (done.returncode, done.stdout) == (2, "") and "launch.perigee_km" in done.stderr
    assert left_in(tmp_path) == []


def test_a_reader_that_goes_away_is_no_fault():
    command = f"{sys.executable} -m sim.cli.main facts | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.count("\n") == 1 and done.stderr == ""


def test_a_terminal_without_these_letters_still_gets_an_answer():
    done = process("check", "shenzhou-24-pakistan", env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_takes_its_directory_away(stop, code, tmp_path):
    """A real process with a stand-in that flies for a minute; it is stopped once its hidden directory is there.

    A shell starts what runs in the background with SIGINT ignored, and children inherit that: put back here.
    """
    script = (
        "import signal, sys, time, types\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def fly(mission, tick, watch):\n"
        "    print('flying', flush=True)\n"
        "    time.sleep(60)\n"
        "built = types.SimpleNamespace(world=None)\n"
        "sys.modules['sim.build.mission'] = types.SimpleNamespace(build=lambda scenario: built)\n"
        "sys.modules['sim.mission'] = types.SimpleNamespace(fly=fly)\n"
        "sys.modules['sim.uncertainty.truth'] = types.SimpleNamespace(true_mission=lambda mission, _: mission)\n"
        "sys.modules['sim.output.run'] = types.SimpleNamespace(write=None)\n"
        "from sim.cli.main import main\n"
        f"sys.argv[1:] = ['run', '{MISSION}', '--out', {str(tmp_path / 'a' / 'out')!r}]\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as run:
        assert run.stdout.readline() == "flying\n"
        assert left_in(tmp_path) == ["a"]
        run.send_signal(stop)
        _, err = run.communicate(timeout=20)
    assert run.returncode == code and "Traceback" not in err
    assert left_in(tmp_path) == []


# ---- progress


def test_progress_is_drawn_on_a_terminal_only(monkeypatch, capsys):
    with conventions.progress(quiet=False) as tick:
        tick("ascent", 0.3)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with conventions.progress(quiet=True) as tick:
        tick("ascent", 0.3)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    with conventions.progress(quiet=False) as tick:
        tick("ascent", 0.3)
    drawn = capsys.readouterr()
    assert drawn.out == "" and "ascent" in drawn.err
