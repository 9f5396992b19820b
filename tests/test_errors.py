"""Every error of the library, found by walking its modules: one base, and fit for what errors go through."""

from __future__ import annotations

import contextlib
import copy
import importlib
import inspect
import pickle
import pkgutil
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest
from made_flight import made_flight
from typer.testing import CliRunner

import sim
from sim.cli import conventions
from sim.cli.main import app
from sim.core.flight import Event, Failure
from sim.files.errors import MissionFailed, TiangongError
from sim.files.problems import Problem
from tests.test_architecture import ROOT, importing, module

# The modules of the command line, which parse, print and end with an exit code.
COMMANDS = {module(path) for path in (ROOT / "sim" / "cli").glob("[!_]*.py")}

PROBLEM = Problem("a.toml", "launch.x", "3", "a number below 2", "y", 4)
# What a constructor takes that needs something else than one sentence.
RECORD = made_flight("await_launch")[0].legs[0].record
ENDED = SimpleNamespace(ended="the orbit meets the ground")
ARGUMENTS = {
    "Failure": ("3 kg short", (Event("liftoff", 1.0, "ship"),), RECORD),
    "ScenarioError": ([PROBLEM],),
    "InterchangeError": ([PROBLEM],),
    "MissionFailed": ("docking", "3 kg short"),
    "UnknownName": ("fact", "lift-of", ("lift-off", "landing")),
    "OrbitEnded": (ENDED,),
    "PropagationEnded": ("the orbit meets the ground", ENDED),
    "Unreadable": (Path("a.toml"), "a directory"),
    "_Unsound": ("a value without end", "a short one"),
    "_Refused": ("'3'", "a number below 2", "y"),
}


def errors() -> dict[str, type[BaseException]]:
    """Every exception class that a module of `sim` defines, by its whole name."""
    found = {}
    for info in pkgutil.walk_packages(sim.__path__, "sim."):
        here = importlib.import_module(info.name)
        for name, thing in vars(here).items():
            if inspect.isclass(thing) and issubclass(thing, BaseException) and thing.__module__ == info.name:
                found[f"{info.name}.{name}"] = thing
    return found


ERRORS = errors()


@contextlib.contextmanager
def block():
    yield


def made(kind: type[BaseException]) -> BaseException:
    return kind(*ARGUMENTS.get(kind.__name__, ("what was found; what to write instead",)))


def test_there_are_errors():
    assert {"sim.core.flight.Failure", "sim.files.problems.ScenarioError", "sim.files.errors.BadInput"} <= set(ERRORS)
    assert len(ERRORS) >= 9


@pytest.mark.parametrize("name", ERRORS)
def test_it_is_an_error_of_the_library(name):
    assert issubclass(ERRORS[name], TiangongError)


@pytest.mark.parametrize("name", ERRORS)
def test_it_passes_through_a_context_manager_as_itself(name):
    """contextlib writes the traceback into the exception that it passes on, which nothing frozen survives."""
    error = made(ERRORS[name])
    with pytest.raises(BaseException) as caught, block(), contextlib.ExitStack():  # noqa: B017 (its kind is looked at)
        raise error
    assert caught.value is error
    error.add_note("said by the caller")
    assert "said by the caller" in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy], ids=["pickled", "copied"])
def test_it_comes_whole_from_another_process(name, again):
    error = made(ERRORS[name])
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error) != ""
    assert repr(vars(twin)) == repr(vars(error))  # repr: arrays have no equality of their own


@pytest.mark.parametrize("name", ERRORS)
def test_the_command_ends_with_a_sentence_whichever_it_is(name):
    """Exit 2, 3 where a mission could not be flown, 4 for data; "internal error" is kept for faults of the program."""
    code, content, lines = conventions._fault(made(ERRORS[name]))
    assert code == (3 if issubclass(ERRORS[name], Failure | MissionFailed) else 4 if name.endswith(".DataError") else 2)
    assert content["status"] == {2: "bad input", 3: "failed", 4: "environment"}[code]
    assert "\n".join(lines) == str(made(ERRORS[name]))


def test_a_campaign_whose_mission_cannot_be_flown_ends_in_words(tmp_path):
    """The failure goes through the context manager of the progress bar."""
    options = ["--phase", "docking", "-n", "2", "--set", "trim.limit_m_s=0.001"]
    done = CliRunner().invoke(app, ["montecarlo", "shenzhou-20", *options, "--out", str(tmp_path / "out")])
    assert done.exit_code == 3
    assert "no launch window" in done.output and "the limit is 0.00 m/s" in done.output
    assert "internal error" not in done.output and len(done.output.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_its_text_its_events_and_its_record():
    failure = Failure("3 kg short")
    assert (str(failure), failure.reason, failure.events, failure.record) == ("3 kg short", "3 kg short", (), None)
    events, record = ARGUMENTS["Failure"][1:]
    failure = Failure("3 kg short", events=events, record=record)
    assert failure.events is events and failure.record is record


def test_the_library_does_not_import_the_command():
    """Nor inside of a function: a notebook and a worker need neither typer nor the command line's conventions."""
    files = sorted((ROOT / "sim").rglob("*.py"))
    assert {module(path) for path in files} >= COMMANDS
    check = ROOT / "sim" / "cli" / "check.py"
    assert importing([check], "sim.cli.conventions") == ["sim.cli.check imports sim.cli.conventions"]
    library = [path for path in files if module(path) not in COMMANDS]
    assert importing(library, *COMMANDS) == []
    assert importing(library, "typer") == []
